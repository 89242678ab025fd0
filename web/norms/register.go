package norms

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"dossier/engine/register"
	"dossier/engine/text"
	"dossier/web/page"
)

// registerView is the way into the responsibility list: its parts and sections, and what a search finds.
type registerView struct {
	page.Base
	Q, Section string
	Asked      bool
	Found      []entryView
	Sections   []page.Option
	Parts      []listPart
	Regimes    []regimeView
	Matter     string
}

// listPart is one part with how much it holds.
type listPart struct{ ID, Title, Sum, Address string }

// regimeView is one supervision regime with how its paragraphs stand.
type regimeView struct {
	ID, Title, Address string
	Carried, Pending   int
}

// entryView is one place of the list.
type entryView struct {
	Said, Address string
	Under         string
	Party         string
	Text          []piece
	Sections      string
	Note          string
}

// piece is a stretch of a text, marked where it is what was looked for.
type piece struct {
	Text string
	Hit  bool
}

// RegisterPage browses and searches the list.
func RegisterPage(a *page.Ask) error {
	r, err := a.Register()
	if err != nil {
		return err
	}
	q := page.Cut(strings.TrimSpace(a.Query("q")), 100)
	v := registerView{Base: a.Base(a.T("register.title"), "admin"), Q: q, Section: a.Query("section"), Matter: a.Query("matter")}
	v.Asked = v.Q != "" || v.Section != ""
	for _, s := range r.Sections() {
		v.Sections = append(v.Sections, page.Option{Value: s, Label: s, Sub: strconv.Itoa(len(r.Find("", s))), On: s == v.Section})
	}
	if v.Asked {
		for _, e := range r.Find(v.Q, v.Section) {
			v.Found = append(v.Found, entry(a.Words, e, v.Q))
		}
		return a.Draw(http.StatusOK, "register", v)
	}
	trace := a.Trace()
	for i := range r.List.Parts {
		p := &r.List.Parts[i]
		v.Parts = append(v.Parts, listPart{p.ID, p.Title, partSum(a.Words, p), page.PlaceAt(p.ID)})
		for _, g := range p.Regimes() {
			v.Regimes = append(v.Regimes, inRegime(a.Words, r, trace, p, g))
		}
	}
	return a.Draw(http.StatusOK, "register", v)
}

// partSum says how much a part holds.
func partSum(w page.Words, p *register.Part) string {
	switch {
	case len(p.Duties) > 0:
		rows := 0
		for _, d := range p.Duties {
			rows += len(d.Items)
		}
		return w.T("register.duties", "n", len(p.Duties), "rows", rows)
	case len(p.Matters) > 0:
		return w.T("register.matters", "n", len(p.Matters))
	case len(p.Services) > 0:
		return w.T("register.services", "n", len(p.Services))
	}
	return w.T("register.regimes", "n", len(p.Regimes()))
}

// regime counts the places of a regime that something carries, and those that still wait.
func inRegime(w page.Words, r *register.Register, t *register.Trace, p *register.Part, head register.Paragraph) regimeView {
	v := regimeView{ID: head.ID, Title: head.Text, Address: page.PlaceAt(head.ID)}
	seen := map[string]bool{head.ID: true}
	for _, x := range p.Of(head.ID) {
		if seen[x.ID] || p.Heading(x.ID) {
			continue
		}
		seen[x.ID] = true
		switch s := r.Standing(t, x.ID); {
		case s.Carried():
			v.Carried++
		case s.Silence == nil || s.Silence.Pending:
			v.Pending++
		}
	}
	return v
}

// entry is a place of the list, with what was looked for marked.
func entry(w page.Words, e register.Entry, q string) entryView {
	return entryView{Said: text.Cite(text.List, e.ID, w.Language), Address: page.PlaceAt(e.ID), Under: page.Short(e.Under, 24), Party: e.Party, Text: marked(e.Text, q),
		Sections: strings.Join(e.Sections, w.T("list.comma")), Note: e.Note}
}

// marked cuts a text at the words that were looked for and stand in it as typed.
func marked(s, q string) []piece {
	hit := make([]bool, len(s))
	for word := range strings.FieldsSeq(q) {
		for from := 0; ; {
			i := strings.Index(s[from:], word)
			if i < 0 {
				break
			}
			for k := range len(word) {
				hit[from+i+k] = true
			}
			from += i + len(word)
		}
	}
	var pieces []piece
	for i := 0; i < len(s); {
		end := i
		for end < len(s) && hit[end] == hit[i] {
			end++
		}
		pieces = append(pieces, piece{s[i:end], hit[i]})
		i = end
	}
	return pieces
}

// RegisterPart is a part of the list as it is printed, or a regime of part four beside what carries it.
func RegisterPart(a *page.Ask) error {
	r, err := a.Register()
	if err != nil {
		return err
	}
	id := strings.NewReplacer("（", "(", "）", ")").Replace(a.Param("id"))
	if !r.Has(id) {
		return a.NotFound()
	}
	if at := page.PlaceAt(id); strings.Contains(at, "#") {
		return a.See(at)
	}
	if regime := register.Regime(id); regime != "" {
		return regimePage(a, r, regime)
	}
	return partPage(a, r, r.Part(id))
}

// partTableView is a printed table: the rows of part one, two or three, or the regimes of part four.
type partTableView struct {
	page.Base
	Part     *register.Part
	Parts    []listPart
	Sum      string
	Duties   []dutyView
	Regimes  []regimeView
	Sections map[string]string // the address of a section's rows
}

// dutyView is a main duty and its rows.
type dutyView struct {
	register.Duty
	Rows []itemView
}

// itemView is a row; the first of a duty shows the duty beside it.
type itemView struct {
	register.Item
	First bool
}

func partPage(a *page.Ask, r *register.Register, p *register.Part) error {
	v := partTableView{Base: a.Base(p.ID+"、"+p.Title, "admin"), Part: p, Sum: partSum(a.Words, p)}
	v.Wide = true
	v.Parts = parts(a, r)
	for _, d := range p.Duties {
		x := dutyView{Duty: d}
		for i, item := range d.Items {
			x.Rows = append(x.Rows, itemView{item, i == 0})
		}
		v.Duties = append(v.Duties, x)
	}
	if len(p.Paragraphs) > 0 {
		trace := a.Trace()
		for _, g := range p.Regimes() {
			v.Regimes = append(v.Regimes, inRegime(a.Words, r, trace, p, g))
		}
	}
	return a.Draw(http.StatusOK, "registerpart", v)
}

// parts are the links between the parts.
func parts(a *page.Ask, r *register.Register) []listPart {
	var parts []listPart
	for i := range r.List.Parts {
		p := &r.List.Parts[i]
		parts = append(parts, listPart{p.ID, p.Title, "", page.PlaceAt(p.ID)})
	}
	return parts
}

// regimePageView is a regime as printed, each paragraph beside what carries it.
type regimePageView struct {
	page.Base
	Parts            []listPart
	Part             listPart
	Places           []placeView
	Before, After    page.LinkView
	Carried, Pending int
}

// placeView is the paragraphs that bear one id and stand together.
type placeView struct {
	ID, Anchor, Said string
	Level            int  // how deep it lies: 0 the regime, 1 a section, 2 and more what lies in it
	Headed           bool // its first paragraph is a heading
	Paragraphs       []register.Paragraph
	Groups           []groupView
	Through          page.LinkView
	Why              string
	Pending          bool
	Change           string // where a changed text is tried; "" of a heading
}

// groupView is what carries a place in one procedure.
type groupView struct {
	Title page.LinkView
	Lines []lineView
}

// lineView is the carriers of one kind.
type lineView struct {
	Kind string
	Of   []page.LinkView
}

func regimePage(a *page.Ask, r *register.Register, regime string) error {
	part := r.Part(register.Above(regime)[0])
	trace := a.Trace()
	heads := part.Regimes()
	i := slices.IndexFunc(heads, func(h register.Paragraph) bool { return h.ID == regime })
	v := regimePageView{Base: a.Base(heads[i].Text, "admin"), Parts: parts(a, r), Part: listPart{part.ID, part.Title, "", page.PlaceAt(part.ID)}}
	v.Wide = true
	sum := inRegime(a.Words, r, trace, part, heads[i])
	v.Carried, v.Pending = sum.Carried, sum.Pending
	if i > 0 {
		v.Before = page.LinkView{Text: heads[i-1].Text, Address: page.PlaceAt(heads[i-1].ID)}
	}
	if i+1 < len(heads) {
		v.After = page.LinkView{Text: heads[i+1].Text, Address: page.PlaceAt(heads[i+1].ID)}
	}
	times := map[string]int{}
	paragraphs := part.Of(regime)
	for len(paragraphs) > 0 {
		id, n := paragraphs[0].ID, 0
		for n < len(paragraphs) && paragraphs[n].ID == id {
			n++
		}
		times[id]++
		v.Places = append(v.Places, place(a, r, trace, part, paragraphs[:n], times[id]))
		paragraphs = paragraphs[n:]
	}
	return a.Draw(http.StatusOK, "registerregime", v)
}

// place is one place of a regime with what carries it. Where its paragraphs don't stand together the carriers are told the
// first time only.
func place(a *page.Ask, r *register.Register, t *register.Trace, part *register.Part, paragraphs []register.Paragraph, time int) placeView {
	id := paragraphs[0].ID
	x := placeView{ID: id, Anchor: id, Said: text.Cite(text.List, id, a.Language), Level: len(register.Above(id)) - 1, Paragraphs: paragraphs}
	x.Headed = time == 1 && (len(paragraphs) > 1 || part.Heading(id))
	if time > 1 {
		x.Anchor += "-" + strconv.Itoa(time)
		return x
	}
	s := r.Standing(t, id)
	switch {
	case len(s.By) > 0:
		x.Groups = groups(a, t, s.By)
		x.Change = changeAt(id)
	case id == register.Regime(id) || part.Heading(id):
	case s.Through != "":
		x.Through = page.LinkView{Text: text.Cite(text.List, s.Through, a.Language), Address: page.PlaceAt(s.Through)}
		x.Change = changeAt(id)
	case s.Silence != nil:
		x.Why, x.Pending = s.Silence.Why, s.Silence.Pending
	}
	return x
}

// groups puts carriers into links, procedure by procedure.
func groups(a *page.Ask, t *register.Trace, carriers []register.Carrier) []groupView {
	var groups []groupView
	for _, g := range t.Groups(carriers) {
		x := groupView{Title: page.LinkView{Text: a.T("weave.no-procedure"), Address: ""}}
		if g.Workflow != "" {
			x.Title = page.LinkView{Text: a.L(g.Title), Address: "/admin/procedures/" + string(g.Workflow)}
		}
		for _, l := range g.Lines {
			line := lineView{Kind: a.T("carrier." + string(l.Kind))}
			for _, c := range l.Carriers {
				line.Of = append(line.Of, page.LinkView{Text: c.Said(a.Language), Address: carrierAt(c)})
			}
			x.Lines = append(x.Lines, line)
		}
		groups = append(groups, x)
	}
	return groups
}

// carrierAt is where a carrier is shown: its procedure, lit in the picture; "" where it has no page.
func carrierAt(c register.Carrier) string {
	if c.Kind == register.Standard && strings.Contains(c.ID, "/") {
		return "/penalty?standard=" + url.QueryEscape(c.ID)
	}
	switch c.Kind {
	case register.Quota:
		return "/plans"
	case register.Figure:
		return "/statistics"
	case register.Setting:
		return "/admin/settings?q=" + url.QueryEscape(c.ID)
	case register.Page:
		return c.ID
	case register.Rule:
		return "/review?workflow=" + url.QueryEscape(string(c.Workflow))
	}
	if c.Workflow == "" {
		return ""
	}
	at := "/admin/procedures/" + string(c.Workflow)
	switch c.Kind {
	case register.Gate, register.Action, register.Guard:
		return at + "?lit=" + url.QueryEscape(c.ID) + "#lit"
	case register.Clock:
		return at + "#clock-" + url.PathEscape(c.ID)
	case register.Fact:
		return at + "#fact-" + url.PathEscape(c.ID)
	case register.Form, register.Field:
		return at + "#form-" + url.PathEscape(c.ID)
	}
	return at
}
