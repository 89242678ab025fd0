package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"dossier/engine/procedure"
	"dossier/engine/refusal"
	"dossier/engine/register"
	"dossier/engine/text"
)

// registerView is the way into the responsibility list: its parts and sections, and what a search finds.
type registerView struct {
	base
	Q, Section string
	Asked      bool
	Found      []entryView
	Sections   []option
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

// registerPage browses and searches the list.
func registerPage(a *ask) error {
	r, err := a.register()
	if err != nil {
		return err
	}
	q := cut(strings.TrimSpace(a.Query("q")), 100)
	v := registerView{base: a.base(a.T("register.title"), "admin"), Q: q, Section: a.Query("section"), Matter: a.Query("matter")}
	v.Asked = v.Q != "" || v.Section != ""
	for _, s := range r.Sections() {
		v.Sections = append(v.Sections, option{Value: s, Label: s, Sub: strconv.Itoa(len(r.Find("", s))), On: s == v.Section})
	}
	if v.Asked {
		for _, e := range r.Find(v.Q, v.Section) {
			v.Found = append(v.Found, a.entry(e, v.Q))
		}
		return a.draw(http.StatusOK, "register", v)
	}
	trace := a.trace()
	for i := range r.List.Parts {
		p := &r.List.Parts[i]
		v.Parts = append(v.Parts, listPart{p.ID, p.Title, a.partSum(p), placeAt(p.ID)})
		for _, g := range p.Regimes() {
			v.Regimes = append(v.Regimes, a.regime(r, trace, p, g))
		}
	}
	return a.draw(http.StatusOK, "register", v)
}

// register is the list that the program was started with; a program without one has no such pages.
func (a *ask) register() (*register.Register, error) {
	if a.list == nil {
		return nil, &refusal.Error{Code: refusal.NotFound, Args: refusal.Args{"id": a.Request.URL.Path}}
	}
	return a.list, nil
}

// HasList tells whether the program was started with the list.
func (w words) HasList() bool { return w.list != nil }

// Checks tells whether the program was started with rules by which files are checked.
func (w words) Checks() bool { return w.checks }

// trace is what carries each clause in the procedures and forms of now.
func (a *ask) trace() *register.Trace {
	eds := a.s.engine.Workflows()
	forms := map[procedure.FormID]*procedure.Form{}
	for id, f := range a.s.engine.Blanks {
		forms[id] = f
	}
	for _, ed := range eds {
		for id, f := range ed.Forms {
			forms[id] = f
		}
	}
	return register.NewTrace(eds, forms, register.Standards(a.office.Standards)...)
}

// partSum says how much a part holds.
func (w words) partSum(p *register.Part) string {
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
func (w words) regime(r *register.Register, t *register.Trace, p *register.Part, head register.Paragraph) regimeView {
	v := regimeView{ID: head.ID, Title: head.Text, Address: placeAt(head.ID)}
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

// placeAt is where a place of the list is shown: its part's page, in part four its regime's, at its own paragraph.
func placeAt(id string) string {
	at := register.Regime(id)
	if at == "" {
		at = id
		if above := register.Above(id); len(above) > 0 {
			at = above[len(above)-1]
		}
	}
	address := "/register/" + url.PathEscape(at)
	if at != id {
		address += "#" + url.PathEscape(id)
	}
	return address
}

// entry is a place of the list, with what was looked for marked.
func (w words) entry(e register.Entry, q string) entryView {
	return entryView{Said: text.Cite(text.List, e.ID, w.lang), Address: placeAt(e.ID), Under: short(e.Under, 24), Party: e.Party, Text: marked(e.Text, q),
		Sections: strings.Join(e.Sections, w.T("list.comma")), Note: e.Note}
}

// short is the beginning of a text, with a sign that there is more.
func short(s string, n int) string {
	if c := cut(s, n); c != s {
		return c + "…"
	}
	return s
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

// registerPart is a part of the list as it is printed, or a regime of part four beside what carries it.
func registerPart(a *ask) error {
	r, err := a.register()
	if err != nil {
		return err
	}
	id := strings.NewReplacer("（", "(", "）", ")").Replace(a.Param("id"))
	if !r.Has(id) {
		return a.notFound()
	}
	if at := placeAt(id); strings.Contains(at, "#") {
		return a.see(at)
	}
	if regime := register.Regime(id); regime != "" {
		return a.regimePage(r, regime)
	}
	return a.partPage(r, r.Part(id))
}

// partTableView is a printed table: the rows of part one, two or three, or the regimes of part four.
type partTableView struct {
	base
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

func (a *ask) partPage(r *register.Register, p *register.Part) error {
	v := partTableView{base: a.base(p.ID+"、"+p.Title, "admin"), Part: p, Sum: a.partSum(p)}
	v.Wide = true
	v.Parts = a.parts(r)
	for _, d := range p.Duties {
		x := dutyView{Duty: d}
		for i, item := range d.Items {
			x.Rows = append(x.Rows, itemView{item, i == 0})
		}
		v.Duties = append(v.Duties, x)
	}
	if len(p.Paragraphs) > 0 {
		trace := a.trace()
		for _, g := range p.Regimes() {
			v.Regimes = append(v.Regimes, a.regime(r, trace, p, g))
		}
	}
	return a.draw(http.StatusOK, "registerpart", v)
}

// parts are the links between the parts.
func (a *ask) parts(r *register.Register) []listPart {
	var parts []listPart
	for i := range r.List.Parts {
		p := &r.List.Parts[i]
		parts = append(parts, listPart{p.ID, p.Title, "", placeAt(p.ID)})
	}
	return parts
}

// SectionAt is where a section's rows are listed.
func (b base) SectionAt(section string) string {
	return "/register?section=" + url.QueryEscape(section)
}

// regimePageView is a regime as printed, each paragraph beside what carries it.
type regimePageView struct {
	base
	Parts            []listPart
	Part             listPart
	Places           []placeView
	Before, After    linkView
	Carried, Pending int
}

// placeView is the paragraphs that bear one id and stand together.
type placeView struct {
	ID, Anchor, Said string
	Level            int  // how deep it lies: 0 the regime, 1 a section, 2 and more what lies in it
	Headed           bool // its first paragraph is a heading
	Paragraphs       []register.Paragraph
	Groups           []groupView
	Through          linkView
	Why              string
	Pending          bool
	Change           string // where a changed text is tried; "" of a heading
}

// groupView is what carries a place in one procedure.
type groupView struct {
	Title linkView
	Lines []lineView
}

// lineView is the carriers of one kind.
type lineView struct {
	Kind string
	Of   []linkView
}

func (a *ask) regimePage(r *register.Register, regime string) error {
	part := r.Part(register.Above(regime)[0])
	trace := a.trace()
	heads := part.Regimes()
	i := slices.IndexFunc(heads, func(h register.Paragraph) bool { return h.ID == regime })
	v := regimePageView{base: a.base(heads[i].Text, "admin"), Parts: a.parts(r), Part: listPart{part.ID, part.Title, "", placeAt(part.ID)}}
	v.Wide = true
	sum := a.regime(r, trace, part, heads[i])
	v.Carried, v.Pending = sum.Carried, sum.Pending
	if i > 0 {
		v.Before = linkView{heads[i-1].Text, placeAt(heads[i-1].ID)}
	}
	if i+1 < len(heads) {
		v.After = linkView{heads[i+1].Text, placeAt(heads[i+1].ID)}
	}
	times := map[string]int{}
	paragraphs := part.Of(regime)
	for len(paragraphs) > 0 {
		id, n := paragraphs[0].ID, 0
		for n < len(paragraphs) && paragraphs[n].ID == id {
			n++
		}
		times[id]++
		v.Places = append(v.Places, a.place(r, trace, part, paragraphs[:n], times[id]))
		paragraphs = paragraphs[n:]
	}
	return a.draw(http.StatusOK, "registerregime", v)
}

// place is one place of a regime with what carries it. Where its paragraphs don't stand together the carriers are told the
// first time only.
func (a *ask) place(r *register.Register, t *register.Trace, part *register.Part, paragraphs []register.Paragraph, time int) placeView {
	id := paragraphs[0].ID
	x := placeView{ID: id, Anchor: id, Said: text.Cite(text.List, id, a.lang), Level: len(register.Above(id)) - 1, Paragraphs: paragraphs}
	x.Headed = time == 1 && (len(paragraphs) > 1 || part.Heading(id))
	if time > 1 {
		x.Anchor += "-" + strconv.Itoa(time)
		return x
	}
	s := r.Standing(t, id)
	switch {
	case len(s.By) > 0:
		x.Groups = a.groups(t, s.By)
		x.Change = changeAt(id)
	case id == register.Regime(id) || part.Heading(id):
	case s.Through != "":
		x.Through = linkView{text.Cite(text.List, s.Through, a.lang), placeAt(s.Through)}
		x.Change = changeAt(id)
	case s.Silence != nil:
		x.Why, x.Pending = s.Silence.Why, s.Silence.Pending
	}
	return x
}

// groups puts carriers into links, procedure by procedure.
func (a *ask) groups(t *register.Trace, carriers []register.Carrier) []groupView {
	var groups []groupView
	for _, g := range t.Groups(carriers) {
		x := groupView{Title: linkView{a.T("weave.no-procedure"), ""}}
		if g.Workflow != "" {
			x.Title = linkView{a.L(g.Title), "/admin/procedures/" + string(g.Workflow)}
		}
		for _, l := range g.Lines {
			line := lineView{Kind: a.T("carrier." + string(l.Kind))}
			for _, c := range l.Carriers {
				line.Of = append(line.Of, linkView{c.Said(a.lang), carrierAt(c)})
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

// clause is one citation that opens where it is shown.
type clause struct {
	Said, Address string
	Text          []string
	Note          string // of which version the text is, or who told it
	Sep, Open     string // what stands before it in a row of clauses; the words that lead to where it stands
	Alone         bool   // it is the only one
}

// Clauses are the citations of a law, each with its text where the register has it.
func (w words) Clauses(law procedure.Law) []clause {
	var all []clause
	for i, c := range law.Cites {
		x := clause{Said: w.def.Cite(c, w.lang), Open: w.T("register.open"), Alone: len(law.Cites) == 1}
		if i > 0 {
			x.Sep = w.T("list.comma")
		}
		if w.list != nil {
			w.open(&x, c)
		}
		all = append(all, x)
	}
	return all
}

func (w words) open(x *clause, c procedure.Citation) {
	if c.Act == text.List {
		if !w.list.Has(c.Ref) {
			return
		}
		x.Address = placeAt(c.Ref)
		for _, e := range w.list.At(c.Ref) {
			x.Text = append(x.Text, e.Text)
		}
		return
	}
	act, article := w.list.Article(c)
	if article == nil {
		return
	}
	x.Address = "/register/law/" + url.PathEscape(act.ID) + "#" + url.PathEscape(article.N)
	x.Text, x.Note = article.Text, w.T("register.version", "version", act.Version)
	if len(x.Text) == 0 {
		x.Text, x.Note = article.Gist, w.T("register.gist", "basis", article.Basis)
	}
}
