package engine

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"dossier/engine/calendar"
)

// PaperForm is what is asked of a case that was begun on paper, beside the day on which it was received: the values of
// the case that the procedure's opening asks, where it stands, its days and its numbers.
type PaperForm struct {
	Received Label     // the opening's own day
	Opening  []Field   // shared values that one of the opening's forms asks, each once
	States   []Allowed // of the main walk, but those at which the opening's form is still being signed
	Facts    []*Fact   // but the opening's own, and those kept per document: a document on paper is none on record
	Numbers  []Allowed // "intake", "case": those that the procedure gives
	Officers bool      // the procedure assigns officers
}

// PaperForm gives what is asked of a case of the procedure that was begun on paper.
func (ed *Edition) PaperForm() *PaperForm {
	p := &PaperForm{}
	own := map[FactID]bool{}
	for _, fs := range ed.Def.Open.Fact.Values() {
		for _, id := range fs {
			own[id] = true
			if f := ed.Def.Fact(id); f != nil && p.Received.ZH == "" {
				p.Received = f.Title
			}
		}
	}
	asked := map[FieldID]bool{}
	blanks := ed.Def.Open.blanks()
	slices.Reverse(blanks) // the last is the form for every case, those before it are for some
	for _, fp := range blanks {
		form := ed.Forms[fp.Form]
		if form == nil || form.Part(fp.Part) == nil {
			continue
		}
		for _, f := range form.Part(fp.Part).Fields {
			switch f.Type {
			case File, Document, Respondent, CaseRef:
				continue
			}
			if f.Shared && f.Shows == nil && !asked[f.ID] {
				asked[f.ID] = true
				p.Opening = append(p.Opening, f)
			}
		}
	}
	titles := map[string]bool{}
	for _, st := range ed.Def.Main.States {
		if ed.signing(st.ID) != "" {
			continue
		}
		l := st.Title
		if titles[l.ZH] || l.ZH == "" {
			l.ZH += "（" + string(st.ID) + "）"
		}
		titles[l.ZH] = true
		p.States = append(p.States, Allowed{string(st.ID), l})
	}
	for i := range ed.Def.Facts {
		if f := &ed.Def.Facts[i]; !own[f.ID] && !slices.Contains(f.Per, "document") {
			p.Facts = append(p.Facts, f)
		}
	}
	given := map[string]bool{}
	ed.Def.Each(func(_ *Walk, _ *State, a *Action) {
		given[a.Number] = true
		p.Officers = p.Officers || len(a.Assigns) > 0
	})
	for _, k := range numberKinds {
		if given[k.Value] {
			p.Numbers = append(p.Numbers, k)
		}
	}
	return p
}

// numberKinds are the numbers that a case has.
var numberKinds = []Allowed{{"intake", Label{"收件号", "Intake number"}}, {"case", Label{"案号", "Case number"}}}

// signing is the opening's form that is still being signed at the state, "" where none is: there a case can't begin, for
// nobody would have filled what is signed.
func (ed *Edition) signing(state StateID) FormID {
	st := ed.Def.Main.State(state)
	if st == nil || slices.Contains(ed.Def.Open.To.Values(), state) {
		return ""
	}
	for i := range st.Actions {
		for _, fp := range st.Actions[i].blanks() {
			form := ed.Forms[fp.Form]
			opened := slices.ContainsFunc(ed.Def.Open.blanks(), func(o FormPart) bool { return o.Form == fp.Form })
			if opened && form != nil && !form.First(fp.Part) {
				return fp.Form
			}
		}
	}
	return ""
}

// builtinForm is the blank of a built-in action as this procedure asks it: states, days and numbers are chosen by their
// titles.
func (ed *Edition) builtinForm(id ActionID) *Form {
	form := BuiltinForm(id)
	if form == nil || id != "open-at" {
		return form
	}
	p := ed.PaperForm()
	fields := slices.Clone(form.Parts[0].Fields)
	choose := func(f *Field, from []Allowed) { f.Type, f.Choices = ChoiceType, from }
	for i := range fields {
		f := &fields[i]
		f.Columns = slices.Clone(f.Columns)
		switch f.ID {
		case "state":
			choose(f, p.States)
		case "facts":
			var facts []Allowed
			for j := range ed.Def.Facts {
				facts = append(facts, Allowed{string(ed.Def.Facts[j].ID), ed.Def.Facts[j].Title})
			}
			choose(&f.Columns[0], facts)
		case "numbers":
			choose(&f.Columns[0], numberKinds)
		}
	}
	form.Parts[0].Fields = fields
	return form
}

// behind tells whether every way from the opening to a state of the main walk passes an action of which does is true: a
// case that stands there must have been through it, on paper or not.
func (d *Definition) behind(to StateID, does func(*Action) bool) bool {
	if does(&d.Open) {
		return true
	}
	seen := map[StateID]bool{}
	way := d.Open.To.Values()
	for len(way) > 0 {
		at := way[len(way)-1]
		way = way[:len(way)-1]
		st := d.Main.State(at)
		if seen[at] || st == nil {
			continue
		}
		if at == to {
			return false
		}
		seen[at] = true
		for i := range st.Actions {
			if a := &st.Actions[i]; !does(a) {
				way = append(way, a.To.Values()...)
			}
		}
		for i := range d.Sides {
			if !d.Sides[i].Lives(st) {
				continue
			}
			for _, side := range d.Sides[i].States {
				for j := range side.Actions {
					if a := &side.Actions[j]; a.Moves != "" && !does(a) {
						way = append(way, a.Moves)
					}
				}
			}
		}
	}
	return true
}

// Owed are the states that no case can have come to without the fact: whoever takes a case over there must tell it. None
// for a fact that every case may do without.
func (d *Definition) Owed(id FactID) []State {
	var owed []State
	for i := range d.Main.States {
		if st := &d.Main.States[i]; !st.End && d.behind(st.ID, func(a *Action) bool { return a.sets(id) }) {
			owed = append(owed, *st)
		}
	}
	return owed
}

// sets tells whether the action sets the fact whatever is typed.
func (a *Action) sets(id FactID) bool {
	for _, o := range a.Fact {
		if o.None || !slices.Contains(o.Value, id) {
			return false
		}
	}
	return len(a.Fact) > 0
}

// fills tells whether the action fills a part of the form whatever is typed.
func (a *Action) fills(id FormID) bool {
	for _, o := range a.Forms {
		if o.When == nil && !o.None && o.Value.Form == id {
			return true
		}
	}
	for _, o := range a.Form {
		if o.None || o.Value.Form != id {
			return false
		}
	}
	return len(a.Form) > 0
}

// fresh tells whether nothing happened in the case but its opening.
func (s *scope) fresh() bool {
	to, _ := choose(s, s.ed.Def.Open.To)
	return len(s.c.Taken) == 1 && s.c.Ended == 0 && (s.c.Main() == to || len(s.ed.Def.Open.To) > 1) && len(s.c.Days) <= len(s.c.daysOf(s.c.Taken[0]))
}

// openAt puts a case that was begun on paper where it stands: state, facts, numbers, officers. Everything that is wrong is
// told at once. What every way to the state has brought must be told: without it clocks would not run.
func openAt(t *turn, s *scope, values Values, _ *Command, ev *Event) *Error {
	if !s.fresh() {
		return unmet("already-begun", nil)
	}
	bad := &Error{}
	st := s.ed.Def.Main.State(StateID(values["state"].Text))
	if st == nil {
		return badField("state", "field.state", Args{"what": values["state"].Text})
	}
	bad.Fields = s.beginDays(values["facts"].Rows, ev)
	numbered := map[string]bool{}
	for i, r := range values["numbers"].Rows {
		k := r["kind"]
		if numbered[k] {
			bad.Fields = append(bad.Fields, FieldFault{"numbers[" + strconv.Itoa(i) + "].kind", FieldInvalid, "field.twice", Args{"field": s.numberTitle(k)}})
		}
		numbered[k] = true
		if ev.Numbers == nil {
			ev.Numbers = map[string]string{}
		}
		ev.Numbers[k] = r["number"]
	}
	bad.Conditions = s.beginRoles(values, ev, bad)
	if !st.End {
		bad.Fields = append(bad.Fields, s.lacks(st.ID, ev, numbered)...)
	}
	ev.From, ev.To = s.c.Main(), st.ID
	ev.Ends = st.End
	return bad.settle()
}

func (s *scope) numberTitle(kind string) string {
	for _, k := range numberKinds {
		if k.Value == kind {
			return k.Label.ZH
		}
	}
	return kind
}

// beginDays writes the facts that are told into the event.
func (s *scope) beginDays(rows []Cells, ev *Event) []FieldFault {
	var bad []FieldFault
	at := func(i int, f FieldFault) {
		f.Path = "facts[" + strconv.Itoa(i) + "].day"
		bad = append(bad, f)
	}
	today := s.today.String()
	told := map[FactID]bool{}
	for i, r := range rows {
		f := s.ed.Def.Fact(FactID(r["name"]))
		d, _ := calendar.Parse(r["day"])
		if f == nil || d == 0 {
			continue // told by the reader
		}
		ev.Days = append(ev.Days, DaySet{Fact: f.ID, Day: d})
		open, opened := s.opening()
		switch {
		case told[f.ID] && f.Keep != Each:
			at(i, FieldFault{Code: FieldInvalid, Why: "field.twice", Args: Args{"field": f.Title.ZH}})
		case d > s.today:
			at(i, FieldFault{Code: FactInFuture, Why: "fact-in-future", Args: Args{"day": d.String(), "today": today}})
		case opened && d < open.Day && open.Fact != f.ID:
			s.day = d
			at(i, s.tooEarly(open))
		case f.Workday && !s.workday(d):
			at(i, FieldFault{Code: FieldInvalid, Why: "field.workday", Args: Args{"day": d.String(), "next": s.office.Calendar.Next(d).String()}})
		}
		told[f.ID] = true
	}
	if len(bad) > 0 {
		return bad
	}
	for i, d := range ev.Days {
		if cause, ok := begun(s, ev, s.ed.Def.Fact(d.Fact).After, d.Day); ok && d.Day < cause.Day {
			s.day = d.Day
			at(i, s.tooEarly(cause))
		}
	}
	s.day = s.today
	return bad
}

func (s *scope) workday(d calendar.Date) bool {
	work, _ := s.office.Calendar.Workday(d)
	return work
}

// begun is the day of a fact in a case begun on paper, as it is told now, else as it is on record: of several the first
// that is not after the day.
func begun(s *scope, ev *Event, id FactID, day calendar.Date) (best Day, ok bool) {
	for _, d := range ev.Days {
		if d.Fact == id && (!ok || best.Day > day && d.Day < best.Day) {
			best, ok = Day{Fact: id, Day: d.Day}, true
		}
	}
	if ok {
		return best, true
	}
	return s.latest(id)
}

// beginRoles gives the roles that the procedure assigns from `officers` and `in-charge`, and tells what it asks of them.
func (s *scope) beginRoles(values Values, ev *Event, bad *Error) []Condition {
	v, first := values["officers"], values["in-charge"]
	if v.Empty() {
		return nil
	}
	if first.Empty() {
		first = TextValue(v.Strings()[0])
	} else if !v.Has(first.Text) {
		bad.Fields = append(bad.Fields, FieldFault{"in-charge", FieldInvalid, "field.among", Args{"who": s.office.Name(PersonID(first.Text))}})
	}
	ev.Roles = map[Actor][]PersonID{}
	s.ed.Def.Each(func(_ *Walk, _ *State, a *Action) {
		for role, f := range a.Assigns {
			switch f {
			case "officers":
				ev.Roles[role] = personIDs(v)
			case "in-charge":
				ev.Roles[role] = personIDs(first)
			}
		}
	})
	return s.team(values)
}

// lacks tells what a case that stands in the state must have, and is not told.
func (s *scope) lacks(to StateID, ev *Event, numbered map[string]bool) []FieldFault {
	var bad []FieldFault
	missing := func(path, title, id string) {
		bad = append(bad, FieldFault{path, FieldInvalid, "field.required", Args{"field": title, "id": id}})
	}
	def := s.ed.Def
	for _, f := range s.ed.PaperForm().Facts {
		if slices.ContainsFunc(ev.Days, func(d DaySet) bool { return d.Fact == f.ID }) || s.set(f.ID) {
			continue
		}
		if def.behind(to, func(a *Action) bool { return a.sets(f.ID) }) {
			missing("facts", f.Title.ZH, string(f.ID))
		}
	}
	for _, k := range numberKinds {
		if !numbered[k.Value] && s.c.Numbers[k.Value] == "" && def.behind(to, func(a *Action) bool { return a.Number == k.Value }) {
			missing("numbers", k.Label.ZH, k.Value)
		}
	}
	if len(ev.Roles) == 0 && def.behind(to, func(a *Action) bool { return len(a.Assigns) > 0 }) {
		missing("officers", "承办人员", "officers")
	}
	return bad
}

// with adds what else is wrong, each field once; nil when nothing is.
func (e *Error) with(more *Error) *Error {
	if more != nil && len(more.Conditions)+len(more.Fields) == 0 {
		return more
	}
	if more != nil {
		e.Conditions = append(e.Conditions, more.Conditions...)
		for _, f := range more.Fields {
			if !slices.ContainsFunc(e.Fields, func(x FieldFault) bool { return x.Path == f.Path && x.Path != "facts" && x.Path != "numbers" }) {
				e.Fields = append(e.Fields, f)
			}
		}
	}
	return e.settle()
}

// rowed are the values of a command, those of a case begun on paper with a row for each fact and number, where they were
// told as one row {filed: DAY, …}.
func rowed(cmd *Command) Values {
	if cmd.Action != "open-at" {
		return cmd.Values
	}
	out := maps.Clone(cmd.Values)
	for field, cols := range map[FieldID][2]FieldID{"facts": {"name", "day"}, "numbers": {"kind", "number"}} {
		rows := out[field].Rows
		if len(rows) != 1 || rows[0][cols[0]] != "" {
			continue
		}
		var v Value
		for _, name := range slices.Sorted(maps.Keys(rows[0])) {
			v.Rows = append(v.Rows, Cells{cols[0]: string(name), cols[1]: rows[0][name]})
		}
		out[field] = v
	}
	return out
}

// rowAt is the index of a row that a fault's path names, as 2 of "facts[2].day"; -1 when it names none.
func rowAt(path string) int {
	_, rest, _ := strings.Cut(path, "[")
	at, _, ok := strings.Cut(rest, "]")
	n, err := strconv.Atoi(at)
	if !ok || err != nil {
		return -1
	}
	return n
}
