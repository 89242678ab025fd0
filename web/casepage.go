package web

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"dossier/engine"
	"dossier/engine/calendar"
)

// caseView is one case: where it stands, what runs out, what one can do, what is missing, and all that happened.
type caseView struct {
	base
	ID       engine.CaseID
	Seq      uint64
	Party    string
	Cause    string
	Facts    []string // number, workers, sum, officers
	Marks    []string
	Light    light
	Masked   bool
	Stages   []stageView
	Clocks   []clockView
	Over     []clockView // those that have ended
	WhatIf   []string
	Ready    []actionView // can be done now
	Side     []actionView // can be done too: what begins or moves a side walk
	Blocked  []actionView // lack something
	Waits    string       // for whom the case waits
	More     []actionView // what every procedure has
	Sides    []sideView
	Tabs     []tab
	Story    []stepView
	Issued   []documentView
	Papers   []paperView
	Files    []fileView
	MayAdd   bool // may attach evidence
	Key      string
	Known    []knownView
	Tables   []tableView
	Linked   []rowView
	Findings []findingView
	Version  string
}

type stageView struct{ Class, Title, Sub string }

// clockView is one clock in words. Value and Max draw how far it has run.
type clockView struct {
	ID, Title, Due, Left string
	Rest                 string // how long, from when, by which article
	Warning              bool   // beside the law's due dates
	Light                light
	Value, Max           int
	Provisional          bool
	Explain              string // where it is explained
}

type actionView struct {
	Title, Address string
	Missing        []unmet
	First          bool
	Gate           bool
	Walk           string
}

type sideView struct{ Title, State, Since string }

type documentView struct {
	N                        int
	Title, Number, Day, Code string
	Address                  string
	Void                     bool
	Scan                     string // its signed scan
}

type paperView struct {
	Title, Address string
	Signed         []string
}

type fileView struct {
	N                              int
	Name, Proves, By, Address, Doc string
	Kind, Size                     string
	Gone                           bool
}

type knownView struct{ Label, Value string }

type tableView struct {
	Title   string
	Columns []columnView
	Rows    [][]string
	Sums    []string
}

type findingView struct {
	Text, Law, Action, Day, Fix, Address string
}

func casePage(a *ask) error {
	view, err := a.caseView()
	if err != nil {
		return err
	}
	steps, err := a.s.engine.History(a.Request.Context(), a.id(), view.Case.ID)
	if err != nil {
		return err
	}
	c, def := view.Case, view.Edition.Def
	v := caseView{ID: c.ID, Seq: c.Seq, Masked: view.Masked, Party: or(c.Shared["employer"].Text, a.L(def.Title)), Cause: a.caseCause(view)}
	v.base = a.base(v.Party+" · "+v.Cause, "cases")
	v.Version = a.T("case.version", "workflow", a.L(def.Title), "version", c.Version)
	v.Facts = a.caseFacts(view)
	for _, m := range c.Marks {
		v.Marks = append(v.Marks, a.T("mark."+m))
	}
	v.Stages = a.stages(view)
	a.caseClocks(&v, view)
	a.caseActions(&v, view)
	v.Waits = a.waitsFor(view)
	for _, w := range c.Walks[1:] {
		d := def.Walk(w.Def)
		if d == nil {
			continue
		}
		if st := d.State(w.State); st != nil && !st.Rest && st != &d.States[0] {
			v.Sides = append(v.Sides, sideView{a.L(d.Title), a.L(st.Title), a.waited(w.Since)})
		}
	}
	v.Story = a.story(view, steps)
	a.caseDocuments(&v, view)
	a.caseParties(&v, view)
	v.Linked = a.s.rowViews(a.words, view.Linked, false)
	a.caseFindings(&v, view)
	v.Tabs = []tab{
		{Title: a.T("case.story"), Address: "#story", Count: len(v.Story)},
		{Title: a.T("case.documents"), Address: "#documents", Count: len(v.Issued) + len(v.Papers)},
		{Title: a.T("case.files"), Address: "#files", Count: len(v.Files)},
		{Title: a.T("case.parties"), Address: "#parties", Count: partyCount(v.Tables)},
		{Title: a.T("case.linked"), Address: "#linked", Count: len(v.Linked)},
		{Title: a.T("case.findings"), Address: "#findings", Count: len(v.Findings)},
	}
	if len(v.Findings) > 0 {
		v.Tabs[5].Class = "amber"
	}
	return a.draw(http.StatusOK, "case", v)
}

func partyCount(ts []tableView) int {
	n := 0
	for _, t := range ts {
		n += len(t.Rows)
	}
	return n
}

// caseCause is what the case is about: its cause where it has one, with the choice's own words.
func (a *ask) caseCause(view *engine.CaseView) string {
	v := view.Case.Shared["cause"]
	if v.Empty() {
		return a.L(view.Edition.Def.Title)
	}
	return a.shared(view, "cause", v)
}

// shared is a value of the case as people read it.
func (a *ask) shared(view *engine.CaseView, id engine.FieldID, v engine.Value) string {
	if f := sharedField(view.Edition, id); f != nil {
		return a.value(f, v)
	}
	return v.String()
}

// sharedField finds the field that asks for a value of the case, in the order of the procedure's forms.
func sharedField(ed *engine.Edition, id engine.FieldID) *engine.Field {
	for _, form := range ed.Def.Forms() {
		if f := ed.Forms[form]; f != nil {
			if x := f.Field(id); x != nil && x.Shared {
				return x
			}
		}
	}
	return nil
}

// value is a value as people read it, by the type of its field.
func (a *ask) value(f *engine.Field, v engine.Value) string {
	var out []string
	for _, s := range v.Strings() {
		switch f.Type {
		case engine.YesNo:
			s = a.T(s)
		case engine.Money:
			s = a.T("row.yuan", "sum", a.Money(s))
		case engine.DateType:
			if d, err := calendar.Parse(s); err == nil {
				s = a.Date(d)
			}
		case engine.PersonType, engine.People:
			s = a.Name(engine.PersonID(s))
		case engine.ChoiceType, engine.Choices:
			for _, c := range f.Choices {
				if c.Value == s {
					s = a.L(c.Label)
					break
				}
			}
		}
		out = append(out, s)
	}
	return strings.Join(out, a.T("list.comma"))
}

func (a *ask) caseFacts(view *engine.CaseView) []string {
	c := view.Case
	facts := []string{or(c.Number(), a.T("case.no-number"))}
	if n := len(c.Shared["workers"].Rows); n > 0 {
		facts = append(facts, a.T("row.workers", "n", n))
		sum := int64(0)
		for _, r := range c.Shared["workers"].Rows {
			if fen, err := engine.ParseMoney(r["owed"]); err == nil {
				sum += fen
			}
		}
		if sum > 0 {
			facts = append(facts, a.T("row.yuan", "sum", a.Money(engine.FormatMoney(sum))))
		}
	}
	first := c.Roles["officer-in-charge"]
	if len(first) > 0 {
		facts = append(facts, a.T("case.in-charge", "names", a.Names(first)))
	}
	var others []engine.PersonID
	for _, p := range c.Roles["assigned-officers"] {
		if !c.Holds(p, "officer-in-charge") {
			others = append(others, p)
		}
	}
	if len(others) > 0 {
		facts = append(facts, a.T("case.with", "names", a.Names(others)))
	}
	if c.Supervised != 0 {
		facts = append(facts, a.T("case.supervised", "day", a.Day(c.Supervised)))
	}
	return facts
}

func (a *ask) stages(view *engine.CaseView) []stageView {
	var vs []stageView
	for _, s := range view.Stages {
		v := stageView{Title: a.L(s.Label), Sub: a.Day(s.Day)}
		switch {
		case s.Now:
			v.Class = "now"
			if s.Day != 0 && !view.Edition.Def.Main.State(view.Case.Main()).End {
				v.Sub = a.T("case.stage-since", "n", a.office.Calendar.Count(s.Day, a.today))
			}
		case s.Done:
			v.Class, v.Title = "done", "✓ "+v.Title
		}
		vs = append(vs, v)
	}
	return vs
}

// caseClocks puts the open clocks first, the law's due dates before the rest, and says what would move them.
func (a *ask) caseClocks(v *caseView, view *engine.CaseView) {
	var later []clockView
	for _, c := range view.Clocks {
		x := a.clock(view, c)
		switch {
		case !c.Open():
			v.Over = append(v.Over, x)
		case c.Def.Kind == engine.Legal || c.Def.Kind == "":
			v.Clocks = append(v.Clocks, x)
			v.WhatIf = append(v.WhatIf, a.whatIf(c)...)
		default:
			later = append(later, x)
		}
	}
	v.Clocks = append(v.Clocks, later...)
	if len(v.Clocks) > 0 {
		v.Light = v.Clocks[0].Light
	}
	if c := pressing(view); c != nil {
		v.Light = a.clock(view, *c).Light
	}
}

func (a *ask) clock(view *engine.CaseView, c engine.Running) clockView {
	x := clockView{ID: string(c.ID), Title: a.clockTitle(c), Warning: c.Def.Kind == engine.Warning, Provisional: c.Provisional,
		Explain: fmt.Sprintf("/cases/%d/deadline/%s", view.Case.ID, c.ID)}
	switch {
	case !c.Open():
		x.Due, x.Left = a.Day(c.Ended), a.T("clock."+string(c.State))
		if c.Ended == 0 {
			x.Due = a.Day(c.Due)
		}
	case c.State == engine.SuspendedClock:
		x.Due = a.T("clock.undue")
		x.Light = light{"still", a.T("light.suspended", "left", a.Units(c.Remaining, c.Unit))}
	default:
		x.Due = a.Day(c.Due) + " " + a.Weekday(c.Due)
		x.Light = a.light(c.Def.Kind, c.Due, c.Unit, c.Provisional)
	}
	if c.Open() {
		x.Left = x.Light.Text
	}
	var rest []string
	if p := a.period(c); p != "" {
		rest = append(rest, a.T("clock.from", "period", p, "fact", a.startTitle(view, c), "day", a.Day(c.Start)))
	}
	switch c.Def.Kind {
	case engine.Warning:
		rest = append(rest, a.T("clock.warning"))
	case engine.Window:
		rest = append(rest, a.T("clock.window"))
	case engine.Target:
		rest = append(rest, a.T("clock.target"))
	}
	if law := a.Cites(c.Def.Law); law != "" {
		rest = append(rest, law)
	}
	x.Rest = strings.Join(rest, " · ")
	if total := length(c.Run); total > 0 && c.Open() && c.Unit == c.Run.Period.Unit {
		x.Max, x.Value = total, min(total, max(0, total-c.Remaining))
	}
	return x
}

// length is the run's period with its extensions, in units.
func length(r calendar.Run) int {
	n := r.Period.N
	for _, e := range r.Extend {
		n += e.N
	}
	return n
}

// period is how long the run is, extensions named apart.
func (w words) period(c engine.Running) string {
	if c.Run.Period.N == 0 {
		return ""
	}
	p := w.Units(c.Run.Period.N, c.Run.Period.Unit)
	for _, e := range c.Run.Extend {
		p += " + " + w.Units(e.N, e.Unit)
	}
	return p
}

// startTitle is the fact from which the run is counted.
func (a *ask) startTitle(view *engine.CaseView, c engine.Running) string {
	for _, src := range c.Def.From.Sources {
		for _, d := range view.Case.Days {
			if src.Fact == d.Fact && d.Day == c.Start && d.Void == 0 {
				if f := view.Edition.Def.Fact(d.Fact); f != nil {
					return a.L(f.Title)
				}
			}
		}
	}
	return a.T("clock.start")
}

// whatIf says where the due date would go if the clock were suspended today, or extended as far as it may be.
func (a *ask) whatIf(c engine.Running) []string {
	var lines []string
	if len(c.Def.Stopped) > 0 && c.State == engine.RunningClock {
		lines = append(lines, a.T("whatif.suspend", "clock", a.clockTitle(c), "left", a.Units(c.Remaining, c.Unit)))
	}
	if x := c.Def.Extend; x != nil && x.Field == nil && len(c.Run.Extend) < max(x.Times, 1) && c.Due != 0 {
		run := c.Run
		run.Extend = append(append([]calendar.Period{}, run.Extend...), x.Period)
		if res, err := a.office.Calendar.Due(run); err == nil && res.Due != 0 {
			lines = append(lines, a.T("whatif.extend", "clock", a.clockTitle(c), "due", a.Day(res.Due)))
		}
	}
	return lines
}

// caseActions parts what can be done now from what lacks something and from what every procedure has.
func (a *ask) caseActions(v *caseView, view *engine.CaseView) {
	for _, x := range view.Actions {
		t := actionView{Title: a.L(x.Title), Gate: x.Decision != "",
			Address: address(engine.Draft{Case: view.Case.ID, Action: x.Action, Walk: sideOnly(x.Walk)})}
		for _, c := range x.Missing {
			t.Missing = append(t.Missing, a.condition(c))
		}
		if x.Walk != engine.Main && x.Walk != "" {
			if d := walkOf(view.Edition.Def, x.Walk); d != nil {
				t.Walk = a.L(d.Title)
			}
		}
		switch {
		case x.Builtin:
			if x.Action == "attach" {
				v.MayAdd = true
			}
			v.More = append(v.More, t)
		case len(t.Missing) > 0:
			v.Blocked = append(v.Blocked, t)
		case t.Walk != "" && !t.Gate:
			v.Side = append(v.Side, t)
		default:
			t.First = len(v.Ready) == 0
			v.Ready = append(v.Ready, t)
		}
	}
}

// waitsFor names those who can go on with the case in the state of its main walk: the people of its roles, else the posts.
func (a *ask) waitsFor(view *engine.CaseView) string {
	st := view.Edition.Def.Main.State(view.Case.Main())
	if st == nil || st.End {
		return ""
	}
	var who []string
	for i := range st.Actions {
		for _, by := range st.Actions[i].By.Values() {
			for _, p := range by {
				name := or(a.Names(view.Case.Roles[p]), a.Post(p))
				if !slices.Contains(who, name) {
					who = append(who, name)
				}
			}
		}
	}
	return strings.Join(who, a.T("list.comma"))
}

// sideOnly leaves the main walk out of an address.
func sideOnly(w engine.WalkID) engine.WalkID {
	if w == engine.Main {
		return ""
	}
	return w
}

func (a *ask) caseDocuments(v *caseView, view *engine.CaseView) {
	c, ed := view.Case, view.Edition
	title := func(id engine.FormID) string {
		if f := ed.Forms[id]; f != nil {
			return a.L(f.Title)
		}
		return string(id)
	}
	for _, d := range c.Issued {
		v.Issued = append(v.Issued, documentView{N: d.N, Title: title(d.Form), Number: d.Number, Day: a.Day(d.Day), Code: d.Code,
			Void: d.Void != 0, Address: fmt.Sprintf("/cases/%d/documents/%d.pdf", c.ID, d.N)})
	}
	for _, p := range c.Papers {
		if !p.Open {
			continue
		}
		x := paperView{Title: title(p.Form), Address: fmt.Sprintf("/cases/%d/papers/%d.pdf", c.ID, p.P)}
		if p.For != "" {
			x.Title += "（" + p.For + "）"
		}
		for _, f := range p.Parts {
			if f.Past == 0 {
				part := string(f.Part)
				if form := ed.Forms[p.Form]; form != nil && form.Part(f.Part) != nil {
					part = a.L(form.Part(f.Part).Title)
				}
				x.Signed = append(x.Signed, a.T("paper.signed", "part", part, "who", a.signer(f.By, f.For), "day", a.Day(f.Day)))
			}
		}
		v.Papers = append(v.Papers, x)
	}
	for _, f := range c.Files {
		x := fileView{N: f.N, Name: f.Name, Proves: f.Proves, By: a.T("file.by", "who", a.Name(f.By), "day", a.Day(f.Day)), Gone: f.Superseded != 0,
			Address: fmt.Sprintf("/cases/%d/files/%d", c.ID, f.N), Kind: f.Type, Size: a.size(f.Size)}
		if d := c.Document(f.Doc); d != nil {
			x.Doc = a.T("file.scan", "document", title(d.Form)+" "+d.Number)
			v.Issued[f.Doc-1].Scan = x.Address
		}
		v.Files = append(v.Files, x)
	}
}

// signer is who signed, a delegate with whom they stood in for.
func (w words) signer(by, behalf engine.PersonID) string {
	if behalf == "" || behalf == by {
		return w.Name(by)
	}
	return w.T("signed.for", "who", w.Name(by), "for", w.Name(behalf))
}

// size is a number of bytes as people read it.
func (w words) size(n int64) string {
	switch {
	case n >= 1<<20:
		return fmt.Sprintf("%.1f MB", float64(n)/(1<<20))
	case n >= 1<<10:
		return fmt.Sprintf("%d KB", n>>10)
	}
	return fmt.Sprintf("%d B", n)
}

// caseParties shows the values of the case: its tables as tables, the rest as a list.
func (a *ask) caseParties(v *caseView, view *engine.CaseView) {
	seen := map[engine.FieldID]bool{}
	for _, id := range view.Edition.Def.Forms() {
		form := view.Edition.Forms[id]
		if form == nil {
			continue
		}
		for _, p := range form.Parts {
			for i := range p.Fields {
				f := &p.Fields[i]
				x := view.Case.Shared[f.ID]
				if !f.Shared || seen[f.ID] || x.Empty() {
					continue
				}
				seen[f.ID] = true
				if f.Type == engine.Table {
					v.Tables = append(v.Tables, a.tableOf(f, x))
				} else {
					v.Known = append(v.Known, knownView{a.L(f.Title), a.value(f, x)})
				}
			}
		}
	}
}

// tableOf is a table value to be read.
func (a *ask) tableOf(f *engine.Field, value engine.Value) tableView {
	in := fieldView{}
	a.table(&in, f, value, nil, -blankRows)
	t := tableView{Title: a.L(f.Title), Columns: in.Columns, Sums: in.Sums}
	for _, row := range in.Rows {
		var cells []string
		for j, c := range row {
			s := c.Value
			if f.Columns[j].Type == engine.Money {
				s = a.Money(s)
			}
			for _, o := range c.Options {
				if o.On {
					s = o.Label
				}
			}
			cells = append(cells, s)
		}
		t.Rows = append(t.Rows, cells)
	}
	return t
}

func (a *ask) caseFindings(v *caseView, view *engine.CaseView) {
	def := view.Edition.Def
	for _, f := range view.Case.Findings {
		if f.Answered != 0 {
			continue
		}
		u := a.condition(engine.Condition{Code: engine.Code(f.Code), Args: f.Args, Law: engine.Law{Cites: f.Law}})
		x := findingView{Text: u.Text, Law: u.Law, Action: a.actionTitle(def, f.Action), Fix: a.actionTitle(def, f.Fix)}
		for _, t := range view.Case.Taken {
			if t.Seq == f.Seq {
				x.Day = a.Day(t.Day)
			}
		}
		x.Address = fmt.Sprintf("/cases/%d/do/%s", view.Case.ID, f.Fix)
		if f.Fix == "answer-finding" {
			x.Address += "?v.finding=" + string(f.Action)
		}
		v.Findings = append(v.Findings, x)
	}
}
