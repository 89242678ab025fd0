package listing

import (
	"slices"
	"strconv"

	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/rules"
)

// Crossing is a threshold of a clock that has been crossed: who is to be told, and of what. It follows from the case, the
// office and the day; whether somebody was told already is the business of engine/alert.
type Crossing struct {
	Case        casefile.CaseID // 0 of a quota
	Number      string
	Party       string
	Workflow    procedure.WorkflowID
	Clock       procedure.ClockID
	Of          string // tells apart what bears the same clock's name: the action and the guard of a finding, the period of a quota
	Title       procedure.Label
	Period      calendar.Period
	Threshold   int           // working days before the due day; negative: after
	Day         calendar.Date // on which it is crossed
	Due         calendar.Date
	Provisional bool
	Kind        procedure.ClockKind // "" where no clock of the procedure runs
	Red         bool                // overdue: told at once
	To          []Recipient
	Law         procedure.Law
}

// QuotaClock is what alerts call the end of a quota's period, which no clock of a case is.
const QuotaClock procedure.ClockID = "quota"

// Recipient is a person who is told, and as what: a post or role of the procedure's line.
type Recipient struct {
	Person office.PersonID
	As     procedure.Actor
}

// crossed is the day on which a threshold of a due day is crossed.
func crossed(s *rules.View, due calendar.Date, threshold int) calendar.Date {
	if threshold == 0 {
		return due
	}
	return s.Office.Calendar.Shift(due, -threshold)
}

// warningDays are the days on which somebody new is to be told of the case, as it stands: those on which its open clocks
// cross their thresholds. They follow from the case and the schedules, never from the day on which they are asked for, and
// those that are over stay until the clock is: whoever is new in the office is told of what was crossed before.
func warningDays(s *rules.View) []calendar.Date {
	var days []calendar.Date
	take := func(d calendar.Date) {
		if !slices.Contains(days, d) {
			days = append(days, d)
		}
	}
	for _, r := range s.Clocks() {
		if r.Due == 0 || !(r.Open() || r.State == rules.OverWindow) {
			continue
		}
		for _, n := range r.Thresholds() {
			take(crossed(s, r.Due, n))
		}
		if r.Def.Kind == procedure.Window && r.State != rules.WaivedWindow && s.Case.Ended == 0 {
			take(r.Due.Add(1))
		}
	}
	if s.Case.Supervised != 0 && s.Case.Ended == 0 {
		for _, n := range supervisionDays {
			take(crossed(s, s.Case.Supervised, n))
		}
	}
	for _, f := range s.Case.Findings {
		if f.Answered == 0 {
			take(recorded(s, f.Seq))
		}
	}
	return days
}

// supervisionDays are the thresholds of the day by which a supervision is to be answered.
var supervisionDays = []int{1, 0, -1}

// Warnings are the thresholds crossed up to today, the most severe of each clock last.
func Warnings(s *rules.View) []Crossing {
	base := Crossing{Case: s.Case.ID, Number: s.Case.Number(), Party: casefile.Party(s.Edition.Def, s.Case), Workflow: s.Case.Workflow}
	var ws []Crossing
	for _, r := range s.Clocks() {
		if r.Due == 0 {
			continue
		}
		w := base
		w.Kind = r.Def.Kind
		if p := r.Party(); p != "" {
			w.Party = p
		}
		w.Clock, w.Title, w.Period, w.Due, w.Provisional, w.Law = r.ID, r.Def.Title, r.Run.Period, r.Due, r.Provisional, r.Def.Law
		if r.Def.Kind == procedure.Window {
			if r.State == rules.OverWindow && s.Case.Ended == 0 {
				w.Threshold, w.Day = -1, r.Due.Add(1)
				w.To = recipients(s, s.Edition.Def.Line[:min(1, len(s.Edition.Def.Line))])
				ws = append(ws, w)
			}
			continue
		}
		if r.State != rules.RunningClock && r.State != rules.OverdueClock {
			continue
		}
		ns := slices.Clone(r.Def.Warn)
		slices.SortFunc(ns, func(a, b int) int { return b - a })
		for _, n := range ns {
			w.Threshold, w.Day = n, crossed(s, r.Due, n)
			if w.Day > s.Today {
				break
			}
			w.Red = n < 0 && r.Def.Kind == procedure.Legal
			w.To = recipients(s, rung(s, n))
			ws = append(ws, w)
		}
	}
	if d := s.Case.Supervised; d != 0 && s.Case.Ended == 0 {
		for _, n := range supervisionDays {
			w := base
			w.Clock, w.Title, w.Due, w.Threshold, w.Day = "supervision", procedure.Label{ZH: "督办答复", EN: "Answer to the supervision"}, d, n, crossed(s, d, n)
			if w.Day <= s.Today {
				w.Red = n < 0
				w.To = recipients(s, rung(s, n))
				ws = append(ws, w)
			}
		}
	}
	for _, f := range s.Case.Findings {
		if f.Answered == 0 && len(s.Edition.Def.Line) > 1 {
			w := base
			if f.Party != "" {
				w.Party = f.Party
			}
			w.Clock, w.Title, w.Of = procedure.ClockID("finding-"+string(f.Action)), procedure.Label{ZH: "待纠正", EN: "Finding"}, strconv.Itoa(int(f.Seq))+"/"+strconv.Itoa(f.Guard)
			w.Day, w.Due = recorded(s, f.Seq), recorded(s, f.Seq)
			w.Law = procedure.Law{Cites: f.Law}
			w.To = recipients(s, s.Edition.Def.Line[1:2])
			ws = append(ws, w)
		}
	}
	return ws
}

// recorded is the day on which an action was recorded, which no later event moves.
func recorded(s *rules.View, seq uint64) calendar.Date {
	for _, x := range s.Case.Taken {
		if x.Seq == seq {
			return calendar.In(x.At)
		}
	}
	return s.Case.LastDay()
}

// rung is how far up the procedure's line a threshold goes: before the due day its first, on the day the second too,
// after it all of them; an urgent case goes to all of them at once.
func rung(s *rules.View, threshold int) []procedure.Actor {
	line := s.Edition.Def.Line
	n := 1
	switch {
	case threshold < 0 || slices.Contains(s.Case.Marks, "urgent"):
		n = len(line)
	case threshold == 0:
		n = 2
	}
	return line[:min(n, len(line))]
}

// recipients are the people behind posts and roles who can act today, with those who stand in for them: never who is
// disabled, or was replaced for an interest in the case. Where nobody can act for one of them, whom the case waits for and
// the next in the line who can are told.
func recipients(s *rules.View, as []procedure.Actor) []Recipient {
	var rs []Recipient
	line := s.Edition.Def.Line
	for i, a := range as {
		if tell(s, &rs, a) {
			continue
		}
		for _, r := range Awaited(s) {
			add(s, &rs, r.Person, r.As)
		}
		if i+1 == len(as) {
			climb(s, &rs, line[min(len(as), len(line)):])
		}
	}
	return rs
}

// tell adds those who can act for a post or role today; false when nobody can.
func tell(s *rules.View, rs *[]Recipient, a procedure.Actor) bool {
	people := s.Role(a)
	if len(people) == 0 {
		people = s.Office.Holders(a, s.Today)
	}
	found := false
	for _, p := range append(slices.Clone(people), s.Office.Delegates(a, s.Today)...) {
		found = add(s, rs, p, a) || found
	}
	return found
}

// climb adds those who can act for the first of these of whom somebody can.
func climb(s *rules.View, rs *[]Recipient, line []procedure.Actor) {
	for _, a := range line {
		if tell(s, rs, a) {
			return
		}
	}
}

// add adds a person once; false for who can't act in the case today.
func add(s *rules.View, rs *[]Recipient, p office.PersonID, as procedure.Actor) bool {
	q := s.Office.Person(p)
	if q == nil || !q.Active(s.Today) || slices.Contains(s.Case.Barred, p) {
		return false
	}
	if !slices.ContainsFunc(*rs, func(r Recipient) bool { return r.Person == p }) {
		*rs = append(*rs, Recipient{p, as})
	}
	return true
}

// Awaited are the people who must act now: those that the case waits for, and who stands in for them. Where none of them
// can act, those who must hand the case over: the second of the line, or the next above.
func Awaited(s *rules.View) []Recipient {
	var rs []Recipient
	ws := Waits(s)
	for _, w := range ws {
		for _, p := range w.People {
			add(s, &rs, p, "waits")
		}
		for _, post := range w.Posts {
			tell(s, &rs, post)
		}
	}
	if len(rs) == 0 && len(ws) > 0 {
		climb(s, &rs, s.Edition.Def.Line[min(1, len(s.Edition.Def.Line)):])
	}
	return rs
}
