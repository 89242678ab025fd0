package register

import (
	"fmt"
	"slices"
	"strings"

	"dossier/engine/procedure"
	"dossier/engine/text"
)

// Group is what carries a clause in one procedure, or in forms that no procedure names.
type Group struct {
	Workflow procedure.WorkflowID
	Title    procedure.Label // of the procedure
	Lines    []Line
}

// Line is the carriers of one kind.
type Line struct {
	Kind     Kind
	Carriers []Carrier // each thing once: an action stands once, however many of its guards cite the clause
}

// Groups puts carriers in order for people: procedure by procedure, kind by kind.
func (t *Trace) Groups(carriers []Carrier) []Group {
	var groups []Group
	for _, c := range carriers {
		if len(groups) == 0 || groups[len(groups)-1].Workflow != c.Workflow {
			groups = append(groups, Group{Workflow: c.Workflow, Title: t.procedures[c.Workflow]})
		}
		g := &groups[len(groups)-1]
		if len(g.Lines) == 0 || g.Lines[len(g.Lines)-1].Kind != c.Kind {
			g.Lines = append(g.Lines, Line{Kind: c.Kind})
		}
		l := &g.Lines[len(g.Lines)-1]
		if !slices.ContainsFunc(l.Carriers, func(x Carrier) bool { return x.ID == c.ID && (c.Kind == Guard || x.Name == c.Name) }) {
			l.Carriers = append(l.Carriers, c)
		}
	}
	return groups
}

// Weave is law and procedure in one document that a lawyer can read: part four as printed, below each paragraph what
// carries it or why nothing does; then the articles that are cited, each with its text and what rests on it. Markdown.
func Weave(r *Register, t *Trace) []byte {
	var b strings.Builder
	say := func(key string, pairs ...any) string { return text.T(text.ZH, "weave."+key, pairs...) }
	fmt.Fprintf(&b, "# %s\n\n%s\n", say("title", "list", r.List.Title), say("lead"))
	carriers := func(cs []Carrier) {
		for _, g := range t.Groups(cs) {
			title := g.Title.ZH
			if title == "" {
				title = say("no-procedure")
			}
			fmt.Fprintf(&b, "- **%s**", title)
			for i, l := range g.Lines {
				sep := "；"
				if i == 0 {
					sep = " "
				}
				var names []string
				for _, c := range l.Carriers {
					names = append(names, c.Said(text.ZH))
				}
				fmt.Fprintf(&b, "%s%s：%s", sep, text.T(text.ZH, "carrier."+string(l.Kind)), strings.Join(names, "、"))
			}
			b.WriteString("\n")
		}
	}
	for _, p := range r.List.Parts {
		told := map[string]bool{}
		for i, x := range p.Paragraphs {
			if x.ID == Regime(x.ID) && (i == 0 || p.Paragraphs[i-1].ID != x.ID) {
				fmt.Fprintf(&b, "\n## %s\n", x.Text)
			} else {
				fmt.Fprintf(&b, "\n> %s\n", x.Text)
			}
			if x.Note != "" {
				fmt.Fprintf(&b, ">\n> *%s*\n", say("note", "note", x.Note))
			}
			if i+1 < len(p.Paragraphs) && p.Paragraphs[i+1].ID == x.ID || told[x.ID] {
				continue // below the last of those that stand together; not again below one that follows later
			}
			told[x.ID] = true
			s := r.Standing(t, x.ID)
			switch {
			case x.ID != Regime(x.ID) && p.Heading(x.ID) && !s.Carried():
			case len(s.By) > 0:
				b.WriteString("\n")
				carriers(s.By)
			case s.Through != "":
				fmt.Fprintf(&b, "\n- %s\n", say("through", "at", text.Cite(text.List, s.Through, text.ZH)))
			case s.Silence != nil && s.Silence.Pending:
				fmt.Fprintf(&b, "\n- %s\n", say("pending", "why", s.Silence.Why))
			case s.Silence != nil:
				fmt.Fprintf(&b, "\n- %s\n", say("silent", "why", s.Silence.Why))
			}
		}
	}
	fmt.Fprintf(&b, "\n## %s\n\n%s\n", say("statutes"), say("statutes.lead"))
	act := ""
	for _, c := range t.Cites() {
		a, article := r.Article(c)
		if c.Act == text.List || article == nil {
			continue
		}
		if a.ID != act {
			act = a.ID
			fmt.Fprintf(&b, "\n### 《%s》\n\n%s\n", strings.NewReplacer("《", "〈", "》", "〉").Replace(a.Title), say("version", "ref", a.Ref, "version", a.Version, "day", a.InForce.Han()))
		}
		fmt.Fprintf(&b, "\n**%s**\n\n", text.Cite(a.Title, c.Ref, text.ZH))
		lines := article.Text
		if lines == nil {
			lines = append([]string{say("gist", "basis", article.Basis)}, article.Gist...)
		}
		for i, l := range lines {
			if i > 0 {
				b.WriteString(">\n")
			}
			fmt.Fprintf(&b, "> %s\n", l)
		}
		b.WriteString("\n")
		carriers(t.Of(c))
	}
	return []byte(b.String())
}
