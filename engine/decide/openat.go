package decide

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
	"dossier/engine/rules"
	"dossier/engine/typed"
)

// BuiltinForm is the blank of a built-in action as this procedure asks it: states, days and numbers are chosen by their
// titles.
func BuiltinForm(ed *procedure.Edition, id procedure.ActionID) *procedure.Form {
	form := procedure.BuiltinForm(id)
	if form == nil || id != "open-at" {
		return form
	}
	p := ed.PaperForm()
	fields := slices.Clone(form.Parts[0].Fields)
	choose := func(f *procedure.Field, from []procedure.Allowed) { f.Type, f.Choices = procedure.ChoiceType, from }
	for i := range fields {
		f := &fields[i]
		f.Columns = slices.Clone(f.Columns)
		switch f.ID {
		case "state":
			choose(f, p.States)
		case "facts":
			var facts []procedure.Allowed
			for j := range ed.Def.Facts {
				facts = append(facts, procedure.Allowed{Value: string(ed.Def.Facts[j].ID), Label: ed.Def.Facts[j].Title})
			}
			choose(&f.Columns[0], facts)
		case "numbers":
			choose(&f.Columns[0], procedure.NumberKinds)
		}
	}
	form.Parts[0].Fields = fields
	return form
}

// Fresh tells whether nothing happened in the case but its opening.
func Fresh(s *rules.View) bool {
	to, _ := rules.Choose(s, s.Edition.Def.Open.To)
	return len(s.Case.Taken) == 1 && s.Case.Ended == 0 && (s.Case.Main() == to || len(s.Edition.Def.Open.To) > 1) && len(s.Case.Days) <= len(s.Case.DaysOf(s.Case.Taken[0]))
}

// openAt puts a case that was begun on paper where it stands: state, facts, numbers, officers. Everything that is wrong is
// told at once. What every way to the state has brought must be told: without it clocks would not run.
func openAt(t *Sitting, s *rules.View, values procedure.Values, _ *casefile.Command, ev *casefile.Event) *refusal.Error {
	if !Fresh(s) {
		return refusal.Unmet("already-begun", nil)
	}
	bad := &refusal.Error{}
	to := procedure.StateID(values["state"].Text)
	if rows := values["places"].Rows; len(rows) > 0 && s.Several() {
		first, faults := beginPlaces(s, rows, ev)
		if len(faults) > 0 {
			return &refusal.Error{Code: refusal.FieldInvalid, Fields: faults}
		}
		to = first
	}
	if to == "" {
		return refusal.Field("state", "field.required", refusal.Args{"field": "现在的环节", "id": "state"})
	}
	st := s.Edition.Def.Main.State(to)
	if st == nil {
		return refusal.Field("state", "field.state", refusal.Args{"what": values["state"].Text})
	}
	bad.Fields = beginDays(s, values["facts"].Rows, ev)
	numbered := map[string]bool{}
	for i, r := range values["numbers"].Rows {
		k := r["kind"]
		if numbered[k] {
			bad.Fields = append(bad.Fields, refusal.FieldFault{Path: "numbers[" + strconv.Itoa(i) + "].kind", Code: refusal.FieldInvalid, Why: "field.twice", Args: refusal.Args{"field": numberTitle(s, k)}})
		}
		numbered[k] = true
		if ev.Numbers == nil {
			ev.Numbers = map[string]string{}
		}
		ev.Numbers[k] = Numbered(r["number"])
	}
	bad.Conditions = beginRoles(s, values, ev, bad)
	ev.From, ev.To = s.Case.Main(), st.ID
	if !st.End {
		bad.Fields = append(bad.Fields, undone(s, st.ID, ev, numbered)...)
	}
	for _, m := range ev.Moved {
		bad.Fields = append(bad.Fields, lacksAlone(s, m, ev)...)
	}
	ev.Ends = st.End
	return bad.Settle()
}

// Numbered is a number as the office writes it, or as it was typed where it can't be read.
func Numbered(number string) string {
	if n, bad := typed.CaseNumber(number); bad == nil && n != "" {
		return n
	}
	return number
}

func numberTitle(s *rules.View, kind string) string {
	for _, k := range procedure.NumberKinds {
		if k.Value == kind {
			return k.Label.ZH
		}
	}
	return kind
}

// beginDays writes the facts that are told into the event.
func beginDays(s *rules.View, rows []procedure.Cells, ev *casefile.Event) []refusal.FieldFault {
	var bad []refusal.FieldFault
	at := func(i int, f refusal.FieldFault) {
		f.Path = "facts[" + strconv.Itoa(i) + "].day"
		bad = append(bad, f)
	}
	today := s.Today.String()
	told := map[procedure.FactID]string{}
	for i, r := range rows {
		f := s.Edition.Def.Fact(procedure.FactID(r["name"]))
		d, _ := calendar.Parse(r["day"])
		if f == nil || d == 0 {
			continue // told by the reader
		}
		who := r["respondent"]
		if who != "" && !slices.Contains(casefile.Parties(s.Edition.Def, s.Case), who) {
			at(i, refusal.FieldFault{Code: refusal.FieldInvalid, Why: "field.respondent", Args: refusal.Args{"respondent": who}})
			continue
		}
		ev.Days = append(ev.Days, casefile.DaySet{Fact: f.ID, Key: casefile.Key{Respondent: who}.String(), Day: d})
		open, opened := s.Opening()
		switch {
		case told[f.ID] == "+"+who && f.Keep != procedure.Each:
			at(i, refusal.FieldFault{Code: refusal.FieldInvalid, Why: "field.twice", Args: refusal.Args{"field": f.Title.ZH}})
		case d > s.Today:
			at(i, refusal.FieldFault{Code: refusal.FactInFuture, Why: "fact-in-future", Args: refusal.Args{"day": d.String(), "today": today}})
		case opened && d < open.Day && open.Fact != f.ID:
			s.Day = d
			at(i, tooEarly(s, open))
		case f.Workday && !workday(s, d):
			at(i, refusal.FieldFault{Code: refusal.FieldInvalid, Why: "field.workday", Args: refusal.Args{"day": d.String(), "next": s.Office.Calendar.Next(d).String()}})
		}
		told[f.ID] = "+" + who
	}
	if len(bad) > 0 {
		return bad
	}
	for i, d := range ev.Days {
		if cause, ok := begun(s, ev, s.Edition.Def.Fact(d.Fact).After, d.Day); ok && d.Day < cause.Day {
			s.Day = d.Day
			at(i, tooEarly(s, cause))
		}
	}
	s.Day = s.Today
	return bad
}

func workday(s *rules.View, d calendar.Date) bool {
	work, _ := s.Office.Calendar.Workday(d)
	return work
}

// begun is the day of a fact in a case begun on paper, as it is told now, else as it is on record: of several the first
// that is not after the day.
func begun(s *rules.View, ev *casefile.Event, id procedure.FactID, day calendar.Date) (best casefile.Day, ok bool) {
	for _, d := range ev.Days {
		if d.Fact == id && (!ok || best.Day > day && d.Day < best.Day) {
			best, ok = casefile.Day{Fact: id, Day: d.Day}, true
		}
	}
	if ok {
		return best, true
	}
	return s.Latest(id)
}

// beginRoles gives the roles of who investigates and of who is responsible, and tells what it asks of them.
func beginRoles(s *rules.View, values procedure.Values, ev *casefile.Event, bad *refusal.Error) []refusal.Condition {
	v, first := values["officers"], values["in-charge"]
	if v.Empty() {
		return nil
	}
	if first.Empty() {
		first = procedure.TextValue(v.Strings()[0])
	} else if !v.Has(first.Text) {
		bad.Fields = append(bad.Fields, refusal.FieldFault{Path: "in-charge", Code: refusal.FieldInvalid, Why: "field.among", Args: refusal.Args{"who": s.Office.Name(office.PersonID(first.Text))}})
	}
	ev.Roles = map[procedure.Actor][]office.PersonID{}
	for role, people := range map[procedure.Actor][]office.PersonID{s.Edition.Def.Terms.Officers: casefile.PersonIDs(v), s.Edition.Def.Terms.InCharge: casefile.PersonIDs(first)} {
		if role != "" {
			ev.Roles[role] = people
		}
	}
	return team(s, values)
}

// undone tells what a case that stands in the state must have, and is not told.
func undone(s *rules.View, to procedure.StateID, ev *casefile.Event, numbered map[string]bool) []refusal.FieldFault {
	var bad []refusal.FieldFault
	missing := func(path, title, id string) {
		bad = append(bad, refusal.FieldFault{Path: path, Code: refusal.FieldInvalid, Why: "field.required", Args: refusal.Args{"field": title, "id": id}})
	}
	def := s.Edition.Def
	for _, f := range s.Edition.PaperForm().Facts {
		if slices.ContainsFunc(ev.Days, func(d casefile.DaySet) bool { return d.Fact == f.ID }) || s.Set(f.ID) {
			continue
		}
		if def.Behind(to, func(a *procedure.Action) bool { return a.Sets(f.ID) }) {
			missing("facts", f.Title.ZH, string(f.ID))
		}
	}
	for _, k := range procedure.NumberKinds {
		if !numbered[k.Value] && s.Case.Numbers[k.Value] == "" && def.Behind(to, func(a *procedure.Action) bool { return a.Number == k.Value }) {
			missing("numbers", k.Label.ZH, k.Value)
		}
	}
	if len(ev.Roles) == 0 && def.Behind(to, func(a *procedure.Action) bool { return len(a.Assigns) > 0 }) {
		missing("officers", "承办人员", "officers")
	}
	return bad
}

// lacksAlone tells which of a respondent's own days the state at which it stands has brought, and are not told.
func lacksAlone(s *rules.View, m casefile.Moved, ev *casefile.Event) []refusal.FieldFault {
	var bad []refusal.FieldFault
	if st := s.Edition.Def.Main.State(m.State); st == nil || st.End || m.State == ev.To {
		return nil
	}
	for _, f := range s.Edition.PaperForm().Facts {
		told := slices.ContainsFunc(ev.Days, func(d casefile.DaySet) bool {
			k := casefile.ParseKey(d.Key)
			return d.Fact == f.ID && (k.Respondent == "" || k.Respondent == m.Party)
		})
		if !told && s.Edition.Def.Behind(m.State, func(a *procedure.Action) bool { return a.Sets(f.ID) }) {
			bad = append(bad, refusal.FieldFault{Path: "facts", Code: refusal.FieldInvalid, Why: "field.required", Args: refusal.Args{"field": f.Title.ZH + "（" + m.Party + "）", "id": string(f.ID)}})
		}
	}
	return bad
}

// with adds what else is wrong, each field once; nil when nothing is.
func with(e *refusal.Error, more *refusal.Error) *refusal.Error {
	if more != nil && len(more.Conditions)+len(more.Fields) == 0 {
		return more
	}
	if more != nil {
		e.Conditions = append(e.Conditions, more.Conditions...)
		for _, f := range more.Fields {
			if !slices.ContainsFunc(e.Fields, func(x refusal.FieldFault) bool { return x.Path == f.Path && x.Path != "facts" && x.Path != "numbers" }) {
				e.Fields = append(e.Fields, f)
			}
		}
	}
	return e.Settle()
}

// Rowed are the values of a command, those of a case begun on paper with a row for each fact and number, where they were
// told as one row {filed: DAY, …}.
func Rowed(cmd *casefile.Command) procedure.Values {
	if cmd.Action != "open-at" {
		return cmd.Values
	}
	out := maps.Clone(cmd.Values)
	for field, cols := range map[procedure.FieldID][2]procedure.FieldID{"facts": {"name", "day"}, "numbers": {"kind", "number"}, "places": {"respondent", "state"}} {
		rows := out[field].Rows
		if len(rows) != 1 || rows[0][cols[0]] != "" {
			continue
		}
		var v procedure.Value
		for _, name := range slices.Sorted(maps.Keys(rows[0])) {
			v.Rows = append(v.Rows, procedure.Cells{cols[0]: string(name), cols[1]: rows[0][name]})
		}
		out[field] = v
	}
	return out
}

// RowAt is the index of a row that a fault's path names, as 2 of "facts[2].day"; -1 when it names none.
func RowAt(path string) int {
	_, rest, _ := strings.Cut(path, "[")
	at, _, ok := strings.Cut(rest, "]")
	n, err := strconv.Atoi(at)
	if !ok || err != nil {
		return -1
	}
	return n
}
