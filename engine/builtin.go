package engine

import (
	"slices"
	"strconv"
	"strings"

	"dossier/engine/calendar"
)

// behaviour is what a built-in action asks and does.
type behaviour struct {
	// may asks whether the person may do it; as is what they act as.
	may func(t *turn, s *scope) (as Actor, ok bool)
	// do writes what it does into the event.
	do func(t *turn, s *scope, values Values, cmd *Command, ev *Event) *Error
}

var behaviours map[ActionID]behaviour

func init() {
	behaviours = map[ActionID]behaviour{
		"attach":         {may: mayTouch, do: attach},
		"note":           {may: mayTouch, do: func(*turn, *scope, Values, *Command, *Event) *Error { return nil }},
		"correct-fact":   {may: mayTouch, do: correctFact},
		"correct-value":  {may: mayTouch, do: correctValue},
		"recall":         {may: mayRecall, do: recall},
		"answer-finding": {may: mayAnswer, do: answerFinding},
		"hand-over":      {may: maySecond, do: handOver},
		"mark":           {may: mayLine, do: mark},
		"supervise":      {may: maySupervise, do: supervise},
		"link-case":      {may: mayTouch, do: linkCase},
		"void-document":  {may: maySecond, do: voidDocument},
		"open-at":        {may: maySecond, do: openAt},
	}
}

// builtin decides a built-in action.
func (t *turn) builtin(ed *Edition, before *Case, cmd *Command) (*Case, *Event, error) {
	b := behaviours[cmd.Action]
	day := cmd.Day
	if day == 0 {
		day = t.today
	}
	s := newScope(ed, t.office, before, day, t.today)
	s.actor, s.behalf = cmd.Actor, cmd.For
	p := t.office.Person(cmd.Actor)
	if p == nil || !p.Active(t.today) {
		return nil, nil, fail(Forbidden, Args{"who": string(cmd.Actor)})
	}
	form := ed.builtinForm(cmd.Action)
	r := &reader{s: s, missing: t.missing}
	values := r.read(nil, []*Part{&form.Parts[0]}, rowed(cmd))
	as, ok := b.may(t, s)
	if !ok {
		return nil, nil, fail(NotYourGate, Args{"action": string(cmd.Action), "who": p.Name})
	}
	if cmd.Seq > before.Seq {
		return nil, nil, fail(Unreadable, Args{"what": "seq"})
	}
	bad := &Error{Fields: r.faults}
	if day > t.today {
		bad.Fields = append(bad.Fields, FieldFault{"day", FactInFuture, "fact-in-future", Args{"day": day.String(), "today": t.today.String()}})
	}
	if e := bad.settle(); e != nil && cmd.Action != "open-at" {
		return nil, nil, e
	}
	ev := &Event{Schema: EventSchema, Case: before.ID, Seq: before.Seq + 1, At: t.now, Actor: cmd.Actor, For: s.behalf, As: as,
		Action: cmd.Action, Walk: Main, Day: day, Calendar: t.office.Calendar.Version(), Values: values}
	if e := bad.with(b.do(t, s, values, cmd, ev)); e != nil {
		return nil, nil, e
	}
	after := apply(ed, before, ev)
	switch cmd.Action {
	case "correct-fact", "correct-value", "void-document", "recall", "open-at":
		t.recheck(ed, after, ev)
		after = apply(ed, before, ev)
	}
	return after, ev, nil
}

// mayTouch: who takes part in the case: by a role, or by a post, held or lent, that a gate of the procedure or its line names.
func mayTouch(t *turn, s *scope) (Actor, bool) {
	for role := range s.c.Roles {
		if s.c.Holds(s.actor, role) {
			return role, true
		}
	}
	if s.c.Opener == s.actor {
		return "opener", true
	}
	for _, a := range s.ed.Def.posts() {
		if t.office.Holds(s.actor, a, t.today) || len(t.office.Lent(s.actor, a, t.today)) > 0 {
			return a, true
		}
	}
	return "", false
}

// posts are the posts (and roles) that open an action of the procedure or stand in its line.
func (d *Definition) posts() []Actor {
	var as []Actor
	add := func(a Actor) {
		if a != Timer && !slices.Contains(as, a) {
			as = append(as, a)
		}
	}
	for _, a := range d.Line {
		add(a)
	}
	d.Each(func(_ *Walk, _ *State, a *Action) {
		for _, list := range a.By.Values() {
			for _, x := range list {
				add(x)
			}
		}
	})
	return as
}

func (t *turn) holdsAny(s *scope, line []Actor) (Actor, bool) {
	for _, a := range line {
		if t.office.Holds(s.actor, a, t.today) || slices.Contains(s.role(a), s.actor) {
			return a, true
		}
		for _, q := range t.office.Lent(s.actor, a, t.today) {
			if s.behalf == "" || s.behalf == q {
				s.behalf = q
				return a, true
			}
		}
	}
	return "", false
}

func maySecond(t *turn, s *scope) (Actor, bool) {
	line := s.ed.Def.Line
	if len(line) < 2 {
		return "", false
	}
	return t.holdsAny(s, line[1:])
}

func mayLast(t *turn, s *scope) (Actor, bool) {
	line := s.ed.Def.Line
	if len(line) == 0 {
		return "", false
	}
	return t.holdsAny(s, line[len(line)-1:])
}

func mayLine(t *turn, s *scope) (Actor, bool) {
	if a, ok := t.holdsAny(s, s.ed.Def.Line); ok {
		return a, true
	}
	return "opener", s.c.Opener == s.actor
}

func mayAnswer(t *turn, s *scope) (Actor, bool) {
	if a, ok := maySecond(t, s); ok {
		return a, true
	}
	for _, x := range s.c.Taken {
		if x.By == s.actor {
			return "recorder-of-it", true
		}
	}
	return "", false
}

func mayRecall(t *turn, s *scope) (Actor, bool) {
	for _, x := range s.c.Taken {
		if x.By == s.actor {
			return "actor", true
		}
	}
	return "", false
}

func unmet(code Code, args Args) *Error {
	return &Error{Code: ConditionUnmet, Conditions: []Condition{{Code: code, Args: args}}}
}

func badField(path, why string, args Args) *Error {
	return &Error{Code: FieldInvalid, Fields: []FieldFault{{path, FieldInvalid, why, args}}}
}

// recorded tells whether the actor may mend what another event wrote: who recorded it, or the second of the line.
func (t *turn) recorded(s *scope, seq uint64) bool {
	for _, x := range s.c.Taken {
		if x.Seq == seq && x.By == s.actor {
			return true
		}
	}
	_, ok := maySecond(t, s)
	return ok
}

// correctFact mends the day of a fact: name is the fact, or fact#key of one kept per document or respondent;
// behind a ~ the sequence number of the event that set it, of one set several times.
func correctFact(t *turn, s *scope, values Values, cmd *Command, ev *Event) *Error {
	text, one, _ := strings.Cut(values["name"].Text, "~") // one of several settings is named by the event that made it
	name, wanted, _ := strings.Cut(text, "#")
	f := s.ed.Def.Fact(FactID(name))
	if f == nil {
		return badField("name", "field.fact", Args{"what": name})
	}
	var row *Day
	for i := range s.c.Days {
		if d := &s.c.Days[i]; d.Fact == f.ID && d.Void == 0 && (wanted == "" || d.Key == wanted) &&
			(one == "" || one == strconv.FormatUint(d.Seq, 10)) && (row == nil || f.Keep != First) {
			row = d // the setting that counts
		}
	}
	if row == nil {
		return badField("name", "field.fact-unset", Args{"what": f.Title.ZH})
	}
	if !t.recorded(s, row.Seq) {
		return fail(NotYourGate, Args{"action": "correct-fact", "who": t.office.Name(s.actor)})
	}
	if cmd.Seq != 0 && (row.Seq > cmd.Seq || row.Fixed > cmd.Seq) {
		return fail(CaseMovedOn, Args{"action": "correct-fact", "state": string(s.c.Main())})
	}
	day, _ := calendar.Parse(values["day"].Text)
	if day > t.today {
		return &Error{Code: FactInFuture, Fields: []FieldFault{{"day", FactInFuture, "fact-in-future", Args{"day": day.String(), "today": t.today.String()}}}}
	}
	past := *s
	past.upto, past.day = row.Seq, day
	if f.After != "" {
		if cause, ok := past.latest(f.After); ok && day < cause.Day {
			return &Error{Code: FactBeforeCause, Fields: []FieldFault{past.tooEarly(cause)}}
		}
	}
	if open, ok := s.opening(); ok && open.Fact != f.ID && day < open.Day {
		past.day = day
		return &Error{Code: FactBeforeCause, Fields: []FieldFault{past.tooEarly(open)}}
	}
	if f.Workday {
		if work, _ := t.office.Calendar.Workday(day); !work {
			return badField("day", "field.workday", Args{"day": day.String(), "next": t.office.Calendar.Next(day).String()})
		}
	}
	fix := s.fixed(row, day)
	ev.Fixes = &fix
	ev.FixesToo = s.fixedToo(row, wanted, day)
	return nil
}

// fixed puts one setting of a fact on another day.
func (s *scope) fixed(row *Day, day calendar.Date) DayFix {
	fix := DayFix{Fact: row.Fact, Key: row.Key, Seq: row.Seq, Was: row.Day, Day: day}
	if f := s.ed.Def.Fact(row.Fact); f != nil && f.Shift != nil {
		typed, _ := s.c.typed(row.Seq)
		if p, ok := f.Shift.Periods[typed[f.Shift.Field].Text]; ok {
			fix.Raw = day
			fix.Day, _, _ = s.office.Calendar.Add(day, p)
		}
	}
	return fix
}

// fixedToo puts what the same action set beside it on the day as well, for an action has one day: all of it, or where one
// document or respondent is meant what was set for that one.
func (s *scope) fixedToo(row *Day, wanted string, day calendar.Date) []DayFix {
	if !slices.ContainsFunc(s.c.Taken, func(x Taken) bool { return x.Seq == row.Seq }) {
		return nil // told by a case begun on paper: each fact has its own day
	}
	var fixes []DayFix
	for i := range s.c.Days {
		d := &s.c.Days[i]
		if d == row || d.Seq != row.Seq || d.Void != 0 || wanted != "" && d.Key != wanted {
			continue
		}
		fixes = append(fixes, s.fixed(d, day))
	}
	return fixes
}

// correctValue mends a field of the latest paper that has it: name is FORM.field, or a field's name alone.
func correctValue(t *turn, s *scope, values Values, cmd *Command, ev *Event) *Error {
	r := ref(values["name"].Text)
	for i := len(s.c.Papers) - 1; i >= 0; i-- {
		p := &s.c.Papers[i]
		if r.Form != "" && p.Form != r.Form {
			continue
		}
		form := s.ed.Forms[p.Form]
		for j := len(p.Parts) - 1; j >= 0; j-- {
			x := &p.Parts[j]
			old, ok := x.Values[r.Field]
			if !ok || x.Past != 0 {
				continue
			}
			if p.Doc > 0 && s.c.Issued[p.Doc-1].Void == 0 {
				return unmet("document-issued", Args{"document": s.c.Issued[p.Doc-1].Number, "n": strconv.Itoa(p.Doc)})
			}
			if !t.recorded(s, x.Seq) {
				return fail(NotYourGate, Args{"action": "correct-value", "who": t.office.Name(s.actor)})
			}
			if cmd.Seq != 0 && x.Seq > cmd.Seq {
				return fail(CaseMovedOn, Args{"action": "correct-value", "state": string(s.c.Main())})
			}
			f := form.Field(r.Field)
			rd := &reader{s: s, missing: t.missing}
			v, _ := rd.parse("value", f, f.chosen(values["value"]))
			if len(rd.faults) > 0 {
				return &Error{Code: FieldInvalid, Fields: rd.faults}
			}
			ev.FixValue = &ValueFix{P: p.P, Part: x.Part, Field: r.Field, Was: old, Value: v}
			if f.Shared {
				ev.Shared = Values{r.Field: v}
			}
			return nil
		}
	}
	return badField("name", "field.no-value", Args{"what": values["name"].Text})
}

// chosen puts the values of choices in the place of their labels.
func (f *Field) chosen(v Value) Value {
	of := func(text string) string {
		for _, c := range f.Choices {
			if text == c.Label.ZH || text == c.Label.EN {
				return c.Value
			}
		}
		return text
	}
	if f.Type == Choices && v.Text != "" {
		for _, s := range strings.FieldsFunc(v.Text, func(r rune) bool { return strings.ContainsRune("、，,;； ", r) }) {
			v.List = append(v.List, of(s))
		}
		v.Text = ""
	}
	v.Text = of(v.Text)
	return v
}

// recall takes the actor's last step back; what a timer did since stands in its way as another's act does.
func recall(t *turn, s *scope, _ Values, _ *Command, ev *Event) *Error {
	if len(s.c.Taken) == 0 {
		return unmet("acted-since", nil)
	}
	x := s.c.Taken[len(s.c.Taken)-1]
	if x.By != s.actor || x.Undo == nil {
		return unmet("acted-since", Args{"who": t.office.Name(x.By)})
	}
	if x.Undo.Fixed {
		return unmet("issued-something", nil)
	}
	ev.Recalls = x.Seq
	return nil
}

func answerFinding(t *turn, s *scope, values Values, _ *Command, ev *Event) *Error {
	for _, f := range s.c.Findings {
		if string(f.Action) == values["finding"].Text && f.Answered == 0 {
			if !t.recorded(s, f.Seq) {
				return fail(NotYourGate, Args{"action": "answer-finding", "who": t.office.Name(s.actor)})
			}
			ev.Answers = append(ev.Answers, f.Seq)
		}
	}
	if len(ev.Answers) == 0 {
		return badField("finding", "field.finding", Args{"what": values["finding"].Text})
	}
	return nil
}

// handOver gives the roles that the procedure assigns from `officers` and `in-charge` to others. Who was replaced for an
// interest in the case, and who has signed a gate of a paper that is still open, can't take it over: they could not fill the
// paper that they have judged.
func handOver(t *turn, s *scope, values Values, cmd *Command, ev *Event) *Error {
	if cmd.team != nil && !slices.Equal(cmd.team, s.ed.officers(s.c)) {
		return fail(CaseMovedOn, Args{"action": string(cmd.Action), "state": string(s.c.Main())})
	}
	people := personIDs(values["officers"])
	first := people[0]
	if v := values["in-charge"]; !v.Empty() {
		first = PersonID(v.Text)
		if !slices.Contains(people, first) {
			return badField("in-charge", "field.among", Args{"who": t.office.Name(first)})
		}
	}
	s.ed.Def.Each(func(_ *Walk, _ *State, a *Action) {
		for role, f := range a.Assigns {
			if len(s.c.Roles[role]) == 0 {
				continue
			}
			if ev.Roles == nil {
				ev.Roles = map[Actor][]PersonID{}
			}
			switch f {
			case "officers":
				ev.Roles[role] = people
			case "in-charge":
				ev.Roles[role] = []PersonID{first}
			}
		}
	})
	bad := &Error{Conditions: s.team(values)}
	if judges := s.judges(people); len(judges) > 0 {
		who := strings.Join(judges, "、")
		bad.Conditions = append(bad.Conditions, Condition{Code: SeparationOfDuty, Args: Args{"who": who}, Text: Label{
			ZH: who + "已经在本案还没有办结的文书上审核或者审批，不能再承办。",
			EN: who + " signed a gate of a paper of this case that is still open, and can't take it over."}})
	}
	if e := bad.settle(); e != nil {
		return e
	}
	if len(ev.Roles) == 0 {
		return unmet("no-officers", nil)
	}
	return nil
}

// judges are the names of those among people who have signed a gate of a paper that is still open, for themselves or for
// another.
func (s *scope) judges(people []PersonID) []string {
	var names []string
	for _, id := range people {
		signed := slices.ContainsFunc(s.c.Papers, func(p Paper) bool {
			return p.Open && slices.ContainsFunc(p.Parts, func(x Filled) bool { return x.Decision != "" && (x.By == id || x.For == id) })
		})
		if signed {
			names = append(names, s.office.Name(id))
		}
	}
	return names
}

// team asks of the officers named what the procedure asks where it assigns them.
func (s *scope) team(values Values) []Condition {
	s.values = values
	var cs []Condition
	asked := map[string]bool{}
	s.ed.Def.Each(func(_ *Walk, _ *State, a *Action) {
		for i := range a.Guards {
			g := &a.Guards[i]
			if g.Arg.Named["people"].Text != "officers" || len(a.Assigns) == 0 || asked[g.Name] {
				continue
			}
			asked[g.Name] = true
			if c := s.guard(g); c != nil {
				cs = append(cs, *c)
			}
		}
	})
	return cs
}

func mark(_ *turn, _ *scope, values Values, _ *Command, ev *Event) *Error {
	if values["off"].Text == "yes" {
		ev.Unmarks = []string{values["mark"].Text}
	} else {
		ev.Marks = []string{values["mark"].Text}
	}
	return nil
}

func linkCase(_ *turn, s *scope, values Values, _ *Command, ev *Event) *Error {
	n := atoi(values["case"].Text)
	if CaseID(n) == s.c.ID {
		return badField("case", "field.case", nil)
	}
	if slices.ContainsFunc(s.c.Links, func(l Link) bool { return l.Case == CaseID(n) }) {
		return badField("case", "field.case-linked", nil)
	}
	ev.Links = []Link{{Case: CaseID(n), How: "related"}}
	return nil
}

func voidDocument(_ *turn, s *scope, values Values, _ *Command, ev *Event) *Error {
	n := atoi(values["n"].Text)
	d := s.c.Document(n)
	if d == nil || d.Void != 0 {
		return badField("n", "field.document", Args{"document": strconv.Itoa(n)})
	}
	ev.VoidDoc = n
	return nil
}

func attach(_ *turn, s *scope, values Values, cmd *Command, ev *Event) *Error {
	if len(cmd.Files) == 0 {
		return badField("file", "field.required", Args{"field": "附件"})
	}
	if v := values["supersedes"]; !v.Empty() {
		n := atoi(v.Text)
		if n < 1 || n > len(s.c.Files) || values["reason"].Empty() {
			return badField("supersedes", "field.file", nil)
		}
	}
	return nil // the files themselves are written by the engine: attached
}
