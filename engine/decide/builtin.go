package decide

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/filling"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
	"dossier/engine/rules"
)

// behaviour is what a built-in action asks and does.
type behaviour struct {
	undoes bool                                  // it signs, undoes what a gate signed or gives the case to others: no token does it
	By     func(s *rules.View) []procedure.Actor // who may do it: posts, and roles of the case
	// do writes what it does into the event.
	do func(t *Sitting, s *rules.View, values procedure.Values, cmd *casefile.Command, ev *casefile.Event) *refusal.Error
}

var Behaviours map[procedure.ActionID]behaviour

func init() {
	Behaviours = map[procedure.ActionID]behaviour{
		"attach": {By: touches, do: attach},
		"note": {By: touches, do: func(*Sitting, *rules.View, procedure.Values, *casefile.Command, *casefile.Event) *refusal.Error {
			return nil
		}},
		"correct-fact":   {By: touches, do: correctFact},
		"correct-value":  {By: touches, do: correctValue},
		"recall":         {undoes: true, By: actors, do: Recall},
		"answer-finding": {By: answerers, do: answerFinding},
		"hand-over":      {undoes: true, By: Second, do: handOver},
		"mark":           {By: lineOf, do: mark},
		"supervise":      {undoes: true, By: supervisors, do: supervise},
		"link-case":      {By: touches, do: linkCase},
		"void-document":  {undoes: true, By: Second, do: voidDocument},
		"open-at":        {By: Second, do: openAt},
	}
}

// Builtin decides a built-in action.
func (t *Sitting) Builtin(ed *procedure.Edition, before *casefile.Case, cmd *casefile.Command) (*casefile.Case, *casefile.Event, error) {
	b := Behaviours[cmd.Action]
	day := cmd.Day
	if day == 0 {
		day = t.Today
	}
	s := t.View(ed, before, day)
	s.Actor = cmd.Actor
	p := t.Office.Person(cmd.Actor)
	if p == nil || !p.Active(t.Today) {
		return nil, nil, refusal.New(refusal.Forbidden, refusal.Args{"who": string(cmd.Actor)})
	}
	form := BuiltinForm(ed, cmd.Action)
	r := &filling.Reader{View: s, Missing: t.Missing}
	values := r.Read(nil, []*procedure.Part{&form.Parts[0]}, Rowed(cmd))
	if cmd.Walk != "" && cmd.Walk != procedure.Main {
		return nil, nil, refusal.New(refusal.UnknownAction, refusal.Args{"action": string(cmd.Action), "state": string(before.Main())})
	}
	as, ok := t.Stands(s, b.By(s), cmd.For)
	if !ok {
		return nil, nil, refusal.New(refusal.NotYourGate, refusal.Args{"action": string(cmd.Action), "who": p.Name})
	}
	if b.undoes {
		if err := byHand(cmd, p); err != nil {
			return nil, nil, err
		}
	}
	switch {
	case cmd.Seq > before.Seq:
		return nil, nil, refusal.New(refusal.Unreadable, refusal.Args{"what": "seq"})
	case cmd.Paper != 0:
		return nil, nil, refusal.New(refusal.NotFound, refusal.Args{"what": "paper", "id": strconv.Itoa(cmd.Paper)})
	case len(cmd.Files) > 0 && !procedure.Blanks[cmd.Action].Files:
		return nil, nil, refusal.Field("file", "field.unasked-file", nil)
	}
	bad := &refusal.Error{Fields: append(r.Faults, answers(cmd, []*procedure.Part{&form.Parts[0]})...)}
	bad.Fields = append(bad.Fields, filling.FactDay(s, "fact", day)...)
	if e := bad.Settle(); e != nil && cmd.Action != "open-at" {
		return nil, nil, e
	}
	ev := &casefile.Event{Schema: casefile.EventSchema, Case: before.ID, Seq: before.Seq + 1, At: t.Now, Actor: cmd.Actor, For: s.Behalf, As: as, Token: cmd.Via,
		Action: cmd.Action, Walk: procedure.Main, Day: day, Calendar: t.Office.Calendar.Version(), Values: values}
	if e := with(bad, b.do(t, s, values, cmd, ev)); e != nil {
		return nil, nil, e
	}
	after := casefile.Apply(ed, before, ev)
	switch cmd.Action {
	case "correct-fact", "correct-value", "void-document", "recall", "open-at":
		t.Recheck(ed, after, ev)
		after = casefile.Apply(ed, before, ev)
	}
	return after, ev, nil
}

// touches are who takes part in the case: by a role, or by a post that a gate of the procedure or its line names.
func touches(s *rules.View) []procedure.Actor {
	return append(append(slices.Sorted(maps.Keys(s.Case.Roles)), "opener"), s.Edition.Actors()...)
}

// Second are the second of the procedure's line and those above.
func Second(s *rules.View) []procedure.Actor {
	return s.Edition.Def.Line[min(1, len(s.Edition.Def.Line)):]
}

// last is the last of the line.
func last(s *rules.View) []procedure.Actor {
	return s.Edition.Def.Line[max(0, len(s.Edition.Def.Line)-1):]
}

func lineOf(s *rules.View) []procedure.Actor {
	return append(slices.Clone(s.Edition.Def.Line), "opener")
}

func actors(*rules.View) []procedure.Actor { return []procedure.Actor{rules.Actor} }

func answerers(s *rules.View) []procedure.Actor {
	return append(slices.Clone(Second(s)), rules.Recorder)
}

// recorded tells whether the actor may mend what another event wrote: who recorded it, or the second of the line. An event
// that does so, nil where it is only asked, says as which of the two.
func (t *Sitting) recorded(s *rules.View, seq uint64, ev *casefile.Event) bool {
	if slices.ContainsFunc(s.Case.Taken, func(x casefile.Taken) bool { return x.Seq == seq && x.By == s.Actor }) {
		return true
	}
	x := *s
	as, ok := t.Stands(&x, Second(s), s.Behalf)
	if ok && ev != nil {
		ev.As, ev.For = as, x.Behalf
	}
	return ok
}

// correctFact mends the day of a fact: name is the fact, or fact#key of one kept per document or respondent;
// behind a ~ the sequence number of the event that set it, of one set several times.
func correctFact(t *Sitting, s *rules.View, values procedure.Values, cmd *casefile.Command, ev *casefile.Event) *refusal.Error {
	text, one, _ := strings.Cut(values["name"].Text, "~") // one of several settings is named by the event that made it
	name, wanted, _ := strings.Cut(text, "#")
	f := s.Edition.Def.Fact(procedure.FactID(name))
	if f == nil {
		return refusal.Field("name", "field.fact", refusal.Args{"what": name})
	}
	var row *casefile.Day
	for i := range s.Case.Days {
		if d := &s.Case.Days[i]; d.Fact == f.ID && d.Void == 0 && (wanted == "" || d.Key == wanted) && s.Theirs(d, values[procedure.RespondentField].Text) &&
			(one == "" || one == strconv.FormatUint(d.Seq, 10)) && (row == nil || f.Keep != procedure.First) {
			row = d // the setting that counts
		}
	}
	if who := values[procedure.RespondentField].Text; who != "" && !slices.Contains(casefile.Parties(s.Edition.Def, s.Case), who) {
		return refusal.Field(string(procedure.RespondentField), "field.respondent", refusal.Args{"respondent": who})
	}
	if row == nil {
		return refusal.Field("name", "field.fact-unset", refusal.Args{"what": f.Title.ZH})
	}
	if !t.recorded(s, row.Seq, ev) {
		return refusal.New(refusal.NotYourGate, refusal.Args{"action": "correct-fact", "who": t.Office.Name(s.Actor)})
	}
	if signed(s.Case, row.Seq) {
		if err := byHand(cmd, t.Office.Person(s.Actor)); err != nil {
			return err
		}
	}
	if cmd.Seq != 0 && (row.Seq > cmd.Seq || row.Fixed > cmd.Seq) {
		return refusal.New(refusal.CaseMovedOn, refusal.Args{"action": "correct-fact", "state": string(s.Case.Main())})
	}
	day, _ := calendar.Parse(values["day"].Text)
	if day > t.Today {
		return &refusal.Error{Code: refusal.FactInFuture, Fields: []refusal.FieldFault{{Path: "day", Code: refusal.FactInFuture, Why: "fact-in-future", Args: refusal.Args{"day": day.String(), "today": t.Today.String()}}}}
	}
	past := *s
	past.Upto, past.Day = row.Seq, day
	if f.After != "" {
		if cause, ok := past.Latest(f.After); ok && day < cause.Day {
			return &refusal.Error{Code: refusal.FactBeforeCause, Fields: []refusal.FieldFault{tooEarly(&past, cause)}}
		}
	}
	if open, ok := s.Opening(); ok && open.Fact != f.ID && day < open.Day {
		past.Day = day
		return &refusal.Error{Code: refusal.FactBeforeCause, Fields: []refusal.FieldFault{tooEarly(&past, open)}}
	}
	if f.Workday {
		if work, _ := t.Office.Calendar.Workday(day); !work {
			return refusal.Field("day", "field.workday", refusal.Args{"day": day.String(), "next": t.Office.Calendar.Next(day).String()})
		}
	}
	fix := Fixed(s, row, day)
	ev.Fixes = &fix
	ev.FixesToo = fixedToo(s, row, wanted, day)
	if later, ok := outrun(s, append([]casefile.DayFix{fix}, ev.FixesToo...)); ok {
		return &refusal.Error{Code: refusal.FactBeforeCause, Fields: []refusal.FieldFault{tooLate(s, day, later)}}
	}
	return nil
}

// Fixed puts one setting of a fact on another day.
func Fixed(s *rules.View, row *casefile.Day, day calendar.Date) casefile.DayFix {
	fix := casefile.DayFix{Fact: row.Fact, Key: row.Key, Seq: row.Seq, Was: row.Day, Day: day}
	if f := s.Edition.Def.Fact(row.Fact); f != nil && f.Shift != nil {
		typed, _ := s.Case.Typed(row.Seq)
		if p, ok := f.Shift.Periods[typed[f.Shift.Field].Text]; ok {
			fix.Raw = day
			fix.Day, _, _ = s.Office.Calendar.Add(day, p)
		}
	}
	return fix
}

// fixedToo puts what the same action set beside it on the day as well, for an action has one day: all of it, or where one
// document or respondent is meant what was set for that one.
func fixedToo(s *rules.View, row *casefile.Day, wanted string, day calendar.Date) []casefile.DayFix {
	if !slices.ContainsFunc(s.Case.Taken, func(x casefile.Taken) bool { return x.Seq == row.Seq }) {
		return nil // told by a case begun on paper: each fact has its own day
	}
	var fixes []casefile.DayFix
	for i := range s.Case.Days {
		d := &s.Case.Days[i]
		if d == row || d.Seq != row.Seq || d.Void != 0 || wanted != "" && d.Key != wanted {
			continue
		}
		fixes = append(fixes, Fixed(s, d, day))
	}
	return fixes
}

// correctValue mends a field of the latest paper that has it: name is FORM.field, or a field's name alone; of a party's name
// and particulars what the case knows.
func correctValue(t *Sitting, s *rules.View, values procedure.Values, cmd *casefile.Command, ev *casefile.Event) *refusal.Error {
	name, whose, _ := strings.Cut(values["name"].Text, "#") // a party by its row, where the page names it
	r := procedure.Ref(name)
	if who := values[procedure.RespondentField].Text; who != "" {
		whose = who
	}
	if p, ok := particularOf(s.Edition.Def, r, whose); ok {
		return correctParticular(t, s, p, whose, values, ev)
	}
	for i := len(s.Case.Papers) - 1; i >= 0; i-- {
		p := &s.Case.Papers[i]
		if r.Form != "" && p.Form != r.Form {
			continue
		}
		form := s.Edition.Forms[p.Form]
		for j := len(p.Parts) - 1; j >= 0; j-- {
			x := &p.Parts[j]
			old, ok := x.Values[r.Field]
			row := filling.RowOf(s, x.Values, r.Field)
			if !ok && row < 0 || x.Past != 0 {
				continue
			}
			if p.Doc > 0 && s.Case.Issued[p.Doc-1].Void == 0 {
				return refusal.Unmet("document-issued", refusal.Args{"document": s.Case.Issued[p.Doc-1].Number, "n": strconv.Itoa(p.Doc)})
			}
			if !t.recorded(s, x.Seq, ev) {
				return refusal.New(refusal.NotYourGate, refusal.Args{"action": "correct-value", "who": t.Office.Name(s.Actor)})
			}
			if x.Decision != "" {
				if err := byHand(cmd, t.Office.Person(s.Actor)); err != nil {
					return err
				}
			}
			if cmd.Seq != 0 && x.Seq > cmd.Seq {
				return refusal.New(refusal.CaseMovedOn, refusal.Args{"action": "correct-value", "state": string(s.Case.Main())})
			}
			if row >= 0 {
				return correctRow(t, s, p.P, x, row, r.Field, values["value"], ev)
			}
			f := form.Field(r.Field)
			if f.Secret && filling.Unaware(s) {
				return refusal.Field("name", "field.withheld", refusal.Args{"field": f.Title.ZH})
			}
			then := *s
			then.Day = x.Day
			rd := &filling.Reader{View: &then, Missing: t.Missing}
			v, _ := rd.Parse("value", f, chosen(f, values["value"]))
			if rd.Beside(form.Part(x.Part), x.Values, f.ID, v); len(rd.Faults) > 0 {
				return &refusal.Error{Code: refusal.FieldInvalid, Fields: rd.Faults}
			}
			ev.FixValue = &casefile.ValueFix{P: p.P, Part: x.Part, Field: r.Field, Was: old, Value: v}
			if f.Shared {
				ev.Shared = procedure.Values{r.Field: v}
			}
			return nil
		}
	}
	return refusal.Field("name", "field.no-value", refusal.Args{"what": values["name"].Text})
}

// correctRow mends a cell of a table of violations, by the field that is added up from it; the row is judged anew.
func correctRow(t *Sitting, s *rules.View, paper int, x *casefile.Filled, row int, column procedure.FieldID, value procedure.Value, ev *casefile.Event) *refusal.Error {
	table := s.Edition.Def.Terms.Severity.Violations.Table
	old := x.Values[table]
	rows := slices.Clone(old.Rows)
	rows[row] = maps.Clone(rows[row])
	rows[row][column] = strings.Join(value.Strings(), " ")
	rd := &filling.Reader{View: s, Missing: t.Missing}
	v, _ := rd.Parse("value", s.Edition.Forms[s.Edition.Def.Terms.Severity.Violations.Form].Field(table), procedure.Value{Rows: rows})
	if len(rd.Faults) == 0 {
		j := filling.Judge(s, v.Rows[row])
		v.Rows[row] = j.Row
		for _, f := range j.Faults {
			rd.Said("value", f.Said)
		}
	}
	if len(rd.Faults) > 0 {
		return &refusal.Error{Code: refusal.FieldInvalid, Fields: rd.Faults}
	}
	ev.FixValue = &casefile.ValueFix{P: paper, Part: x.Part, Field: table, Was: old, Value: v}
	return nil
}

// chosen puts the values of choices in the place of their labels.
func chosen(f *procedure.Field, v procedure.Value) procedure.Value {
	of := func(text string) string {
		for _, c := range f.Choices {
			if text == c.Label.ZH || text == c.Label.EN {
				return c.Value
			}
		}
		return text
	}
	if f.Type == procedure.Choices && v.Text != "" {
		for _, s := range strings.FieldsFunc(v.Text, func(r rune) bool { return strings.ContainsRune("、，,;； ", r) }) {
			v.List = append(v.List, of(s))
		}
		v.Text = ""
	}
	v.Text = of(v.Text)
	return v
}

// Recall takes the actor's last step back; what a timer did since stands in its way as another's act does.
func Recall(t *Sitting, s *rules.View, _ procedure.Values, _ *casefile.Command, ev *casefile.Event) *refusal.Error {
	if len(s.Case.Taken) == 0 {
		return refusal.Unmet("acted-since", nil)
	}
	n := len(s.Case.Taken) - 1
	for n > 0 && s.Case.Taken[n].By != s.Actor && len(s.Case.Taken[n].Parties) > 0 { // done to other respondents alone, it stands in nobody's way
		n--
	}
	x := s.Case.Taken[n]
	for _, later := range s.Case.Taken[n+1:] {
		if casefile.Overlap(later.Parties, x.Parties) {
			return refusal.Unmet("acted-since", refusal.Args{"who": t.Office.Name(later.By)})
		}
	}
	if x.By != s.Actor || x.Undo == nil {
		return refusal.Unmet("acted-since", refusal.Args{"who": t.Office.Name(x.By)})
	}
	if x.Undo.Fixed {
		return refusal.Unmet("issued-something", nil)
	}
	ev.Recalls = x.Seq
	return nil
}

func answerFinding(t *Sitting, s *rules.View, values procedure.Values, _ *casefile.Command, ev *casefile.Event) *refusal.Error {
	for _, f := range s.Case.Findings {
		if whose := values[procedure.RespondentField].Text; string(f.Action) == values["finding"].Text && f.Answered == 0 && (whose == "" || f.Party == whose) {
			if !t.recorded(s, f.Seq, ev) {
				return refusal.New(refusal.NotYourGate, refusal.Args{"action": "answer-finding", "who": t.Office.Name(s.Actor)})
			}
			ev.Answers = append(ev.Answers, f.Seq)
		}
	}
	if len(ev.Answers) == 0 {
		return refusal.Field("finding", "field.finding", refusal.Args{"what": values["finding"].Text})
	}
	return nil
}

// handOver gives the roles of who investigates and of who is responsible to others. Who was replaced for an
// interest in the case, and who has signed a gate of a paper that is still open, can't take it over: they could not fill the
// paper that they have judged.
func handOver(t *Sitting, s *rules.View, values procedure.Values, cmd *casefile.Command, ev *casefile.Event) *refusal.Error {
	if cmd.Team != nil && !slices.Equal(cmd.Team, casefile.Officers(s.Edition, s.Case)) {
		return refusal.New(refusal.CaseMovedOn, refusal.Args{"action": string(cmd.Action), "state": string(s.Case.Main())})
	}
	people := casefile.PersonIDs(values["officers"])
	first := people[0]
	if v := values["in-charge"]; !v.Empty() {
		first = office.PersonID(v.Text)
		if !slices.Contains(people, first) {
			return refusal.Field("in-charge", "field.among", refusal.Args{"who": t.Office.Name(first)})
		}
	}
	terms := s.Edition.Def.Terms
	for role, now := range map[procedure.Actor][]office.PersonID{terms.Officers: people, terms.InCharge: {first}} {
		if len(s.Case.Roles[role]) == 0 {
			continue
		}
		if ev.Roles == nil {
			ev.Roles = map[procedure.Actor][]office.PersonID{}
		}
		ev.Roles[role] = now
	}
	bad := &refusal.Error{Conditions: team(s, values)}
	if judges := judges(s, people); len(judges) > 0 {
		who := strings.Join(judges, "、")
		bad.Conditions = append(bad.Conditions, refusal.Condition{Code: refusal.SeparationOfDuty, Args: refusal.Args{"who": who}, Text: procedure.Label{
			ZH: who + "已经在本案还没有办结的文书上审核或者审批，不能再承办。",
			EN: who + " signed a gate of a paper of this case that is still open, and can't take it over."}})
	}
	if e := bad.Settle(); e != nil {
		return e
	}
	if len(ev.Roles) == 0 {
		return refusal.Unmet("no-officers", nil)
	}
	return nil
}

// judges are the names of those among people who have signed a gate of a paper that is still open, for themselves or for
// another.
func judges(s *rules.View, people []office.PersonID) []string {
	var names []string
	for _, id := range people {
		signed := slices.ContainsFunc(s.Case.Papers, func(p casefile.Paper) bool {
			return p.Open && slices.ContainsFunc(p.Parts, func(x casefile.Filled) bool { return x.Decision != "" && (x.By == id || x.For == id) })
		})
		if signed {
			names = append(names, s.Office.Name(id))
		}
	}
	return names
}

// team asks of the officers named what the procedure asks where it assigns them.
func team(s *rules.View, values procedure.Values) []refusal.Condition {
	var cs []refusal.Condition
	asked := map[string]bool{}
	s.Edition.Def.Each(func(_ *procedure.Walk, _ *procedure.State, a *procedure.Action) {
		for i := range a.Guards {
			g := &a.Guards[i]
			named := a.Assigned(s.Edition.Def.Terms.Officers)
			if named == "" || g.Arg.Named["people"].Text != string(named) || asked[g.Name] {
				continue
			}
			asked[g.Name] = true
			s.Values = maps.Clone(values)
			s.Values[named] = values["officers"]
			if c := s.Guard(g); c != nil {
				cs = append(cs, *c)
			}
		}
	})
	return cs
}

func mark(_ *Sitting, _ *rules.View, values procedure.Values, _ *casefile.Command, ev *casefile.Event) *refusal.Error {
	if values["off"].Text == "yes" {
		ev.Unmarks = []string{values["mark"].Text}
	} else {
		ev.Marks = []string{values["mark"].Text}
	}
	return nil
}

func linkCase(_ *Sitting, s *rules.View, values procedure.Values, _ *casefile.Command, ev *casefile.Event) *refusal.Error {
	n := procedure.Int(values["case"].Text)
	if casefile.CaseID(n) == s.Case.ID {
		return refusal.Field("case", "field.case", nil)
	}
	if slices.ContainsFunc(s.Case.Links, func(l casefile.Link) bool { return l.Case == casefile.CaseID(n) }) {
		return refusal.Field("case", "field.case-linked", nil)
	}
	ev.Links = []casefile.Link{{Case: casefile.CaseID(n), How: "related"}}
	return nil
}

func voidDocument(_ *Sitting, s *rules.View, values procedure.Values, _ *casefile.Command, ev *casefile.Event) *refusal.Error {
	n := procedure.Int(values["n"].Text)
	d := s.Case.Document(n)
	if d == nil || d.Void != 0 {
		return refusal.Field("n", "field.document", refusal.Args{"document": strconv.Itoa(n)})
	}
	ev.VoidDoc = n
	return nil
}

func attach(_ *Sitting, s *rules.View, values procedure.Values, cmd *casefile.Command, ev *casefile.Event) *refusal.Error {
	if len(cmd.Files) == 0 {
		return refusal.Field("file", "field.required", refusal.Args{"field": "附件"})
	}
	if v := values["supersedes"]; !v.Empty() {
		n := procedure.Int(v.Text)
		if n < 1 || n > len(s.Case.Files) || values["reason"].Empty() {
			return refusal.Field("supersedes", "field.file", nil)
		}
	}
	return nil // the files themselves are written by the engine: attached
}
