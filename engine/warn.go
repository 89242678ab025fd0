package engine

import (
	"context"
	"slices"
	"strconv"

	"dossier/engine/calendar"
)

// Crossing is a threshold of a clock that has been crossed: who is to be told, and of what. It follows from the case, the
// office and the day; whether somebody was told already is the business of engine/alert.
type Crossing struct {
	Case        CaseID
	Number      string
	Party       string
	Workflow    WorkflowID
	Clock       ClockID
	Of          string // tells apart what bears the same clock's name: the action and the guard of a finding
	Title       Label
	Period      calendar.Period
	Threshold   int           // working days before the due day; negative: after
	Day         calendar.Date // on which it is crossed
	Due         calendar.Date
	Provisional bool
	Kind        ClockKind // "" where no clock of the procedure runs
	Red         bool      // overdue: told at once
	To          []Recipient
	Law         Law
}

// Recipient is a person who is told, and as what: a post or role of the procedure's line.
type Recipient struct {
	Person PersonID
	As     Actor
}

// crossed is the day on which a threshold of a due day is crossed.
func (s *scope) crossed(due calendar.Date, threshold int) calendar.Date {
	if threshold == 0 {
		return due
	}
	return s.office.Calendar.Shift(due, -threshold)
}

// thresholds are the clock's own; a window has none, its end is told on the day after it.
func (r Running) thresholds() []int {
	if r.Def.Kind == Window {
		return nil
	}
	return r.Def.Warn
}

// warningDays are the days on which somebody new is to be told of the case, as it stands: those on which its open clocks
// cross their thresholds. They follow from the case and the schedules, never from the day on which they are asked for, and
// those that are over stay until the clock is: whoever is new in the office is told of what was crossed before.
func (s *scope) warningDays() []calendar.Date {
	var days []calendar.Date
	take := func(d calendar.Date) {
		if !slices.Contains(days, d) {
			days = append(days, d)
		}
	}
	for _, r := range s.clocks() {
		if r.Due == 0 || !(r.Open() || r.State == OverWindow) {
			continue
		}
		for _, n := range r.thresholds() {
			take(s.crossed(r.Due, n))
		}
		if r.Def.Kind == Window && r.State != WaivedWindow && s.c.Ended == 0 {
			take(r.Due.Add(1))
		}
	}
	if s.c.Supervised != 0 && s.c.Ended == 0 {
		for _, n := range supervisionDays {
			take(s.crossed(s.c.Supervised, n))
		}
	}
	for _, f := range s.c.Findings {
		if f.Answered == 0 {
			take(s.recorded(f.Seq))
		}
	}
	return days
}

// supervisionDays are the thresholds of the day by which a supervision is to be answered.
var supervisionDays = []int{1, 0, -1}

// warnings are the thresholds crossed up to today, the most severe of each clock last.
func (s *scope) warnings() []Crossing {
	base := Crossing{Case: s.c.ID, Number: s.c.Number(), Party: s.c.Shared["employer"].Text, Workflow: s.c.Workflow}
	var ws []Crossing
	for _, r := range s.clocks() {
		if r.Due == 0 {
			continue
		}
		w := base
		w.Kind = r.Def.Kind
		w.Clock, w.Title, w.Period, w.Due, w.Provisional, w.Law = r.ID, r.Def.Title, r.Run.Period, r.Due, r.Provisional, r.Def.Law
		if r.Def.Kind == Window {
			if r.State == OverWindow && s.c.Ended == 0 {
				w.Threshold, w.Day = -1, r.Due.Add(1)
				w.To = s.recipients(s.ed.Def.Line[:min(1, len(s.ed.Def.Line))])
				ws = append(ws, w)
			}
			continue
		}
		if r.State != RunningClock && r.State != OverdueClock {
			continue
		}
		ns := slices.Clone(r.Def.Warn)
		slices.SortFunc(ns, func(a, b int) int { return b - a })
		for _, n := range ns {
			w.Threshold, w.Day = n, s.crossed(r.Due, n)
			if w.Day > s.today {
				break
			}
			w.Red = n < 0 && r.Def.Kind == Legal
			w.To = s.recipients(s.rung(n))
			ws = append(ws, w)
		}
	}
	if d := s.c.Supervised; d != 0 && s.c.Ended == 0 {
		for _, n := range supervisionDays {
			w := base
			w.Clock, w.Title, w.Due, w.Threshold, w.Day = "supervision", Label{"督办答复", "Answer to the supervision"}, d, n, s.crossed(d, n)
			if w.Day <= s.today {
				w.Red = n < 0
				w.To = s.recipients(s.rung(n))
				ws = append(ws, w)
			}
		}
	}
	for _, f := range s.c.Findings {
		if f.Answered == 0 && len(s.ed.Def.Line) > 1 {
			w := base
			w.Clock, w.Title, w.Of = ClockID("finding-"+string(f.Action)), Label{"待纠正", "Finding"}, strconv.Itoa(int(f.Seq))+"/"+strconv.Itoa(f.Guard)
			w.Day, w.Due = s.recorded(f.Seq), s.recorded(f.Seq)
			w.Law = Law{Cites: f.Law}
			w.To = s.recipients(s.ed.Def.Line[1:2])
			ws = append(ws, w)
		}
	}
	return ws
}

// recorded is the day on which an action was recorded, which no later event moves.
func (s *scope) recorded(seq uint64) calendar.Date {
	for _, x := range s.c.Taken {
		if x.Seq == seq {
			return calendar.In(x.At)
		}
	}
	return s.c.lastDay()
}

// rung is how far up the procedure's line a threshold goes: before the due day its first, on the day the second too,
// after it all of them; an urgent case goes to all of them at once.
func (s *scope) rung(threshold int) []Actor {
	line := s.ed.Def.Line
	n := 1
	switch {
	case threshold < 0 || slices.Contains(s.c.Marks, "urgent"):
		n = len(line)
	case threshold == 0:
		n = 2
	}
	return line[:min(n, len(line))]
}

// recipients are the people behind posts and roles who can act today, with those who stand in for them: never who is
// disabled, or was replaced for an interest in the case. Where nobody can act for one of them, whom the case waits for and
// the next in the line who can are told.
func (s *scope) recipients(as []Actor) []Recipient {
	var rs []Recipient
	line := s.ed.Def.Line
	for i, a := range as {
		if s.tell(&rs, a) {
			continue
		}
		for _, r := range s.awaited() {
			s.add(&rs, r.Person, r.As)
		}
		if i+1 == len(as) {
			s.climb(&rs, line[min(len(as), len(line)):])
		}
	}
	return rs
}

// tell adds those who can act for a post or role today; false when nobody can.
func (s *scope) tell(rs *[]Recipient, a Actor) bool {
	people := s.role(a)
	if len(people) == 0 {
		people = s.office.Holders(a, s.today)
	}
	found := false
	for _, p := range append(slices.Clone(people), s.office.delegates(a, s.today)...) {
		found = s.add(rs, p, a) || found
	}
	return found
}

// climb adds those who can act for the first of these of whom somebody can.
func (s *scope) climb(rs *[]Recipient, line []Actor) {
	for _, a := range line {
		if s.tell(rs, a) {
			return
		}
	}
}

// add adds a person once; false for who can't act in the case today.
func (s *scope) add(rs *[]Recipient, p PersonID, as Actor) bool {
	q := s.office.Person(p)
	if q == nil || !q.Active(s.today) || slices.Contains(s.c.Barred, p) {
		return false
	}
	if !slices.ContainsFunc(*rs, func(r Recipient) bool { return r.Person == p }) {
		*rs = append(*rs, Recipient{p, as})
	}
	return true
}

// awaited are the people who must act now: those that the case waits for, and who stands in for them. Where none of them
// can act, those who must hand the case over: the second of the line, or the next above.
func (s *scope) awaited() []Recipient {
	var rs []Recipient
	ws := s.waits()
	for _, w := range ws {
		for _, p := range w.People {
			s.add(&rs, p, "waits")
		}
		for _, post := range w.Posts {
			s.tell(&rs, post)
		}
	}
	if len(rs) == 0 && len(ws) > 0 {
		s.climb(&rs, s.ed.Def.Line[min(1, len(s.ed.Def.Line)):])
	}
	return rs
}

// Awaited is a case with the people that it waits for now, for whoever may see it.
func (e *Engine) Awaited(_ context.Context, who PersonID, id CaseID) (Crossing, error) {
	d, t, _, err := e.look(who, id)
	if err != nil {
		return Crossing{}, err
	}
	s := newScope(d.ed, t.office, d.c, t.today, t.today)
	return Crossing{Case: id, Number: d.c.Number(), Party: d.c.Shared["employer"].Text, Workflow: d.c.Workflow, Day: t.today, Due: t.today,
		To: s.awaited()}, nil
}

// Warnings are the thresholds that a case has crossed up to today.
func (e *Engine) Warnings(_ context.Context, id CaseID) ([]Crossing, error) {
	d, err := e.read(id)
	if err != nil {
		return nil, err
	}
	t := e.turn()
	return newScope(d.ed, t.office, d.c, t.today, t.today).warnings(), nil
}

// Warned are the cases that cross a threshold on one of the days from the first up to and including the last; a case stands
// here once for each of them. After is a cursor, and next the one to go on with.
func (e *Engine) Warned(_ context.Context, from, to calendar.Date, after string, limit int) (ids []CaseID, next string, err error) {
	if from > to {
		return nil, "", nil
	}
	q := Scan{Index: indexAlert, To: to.Add(1).String(), After: after, Limit: limit}
	if from > 0 {
		q.From = from.String()
	}
	es, err := e.Store.Scan(q)
	for _, x := range es {
		ids = append(ids, CaseID(atoi(x.ID)))
		next = x.Cursor
	}
	return ids, next, err
}
