package web

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/listing"
	"dossier/engine/procedure"
)

// light is how urgent a clock is: a colour and always its word. Class is "red", "amber", "calm" or "still".
type light struct {
	Class string
	Text  string
}

// soon is how many units before its due day a clock turns amber.
const soon = 3

// left is what remains of a due date, in the unit (of months in days): 0 on the day, negative after it.
func (w words) left(due calendar.Date, unit calendar.Unit) (int, calendar.Unit) {
	if unit == calendar.Workdays {
		if due < w.today {
			return -w.office.Calendar.Count(due, w.today), unit
		}
		return w.office.Calendar.Count(w.today, due), unit
	}
	return int(due - w.today), calendar.Days
}

// rowClock is the clock that a list shows of a case: the most urgent one that is not the party's own time, else that; nil
// when none runs.
func rowClock(r listing.Row) *listing.RowClock {
	for i := range r.Clocks {
		if !r.Clocks[i].Window {
			return &r.Clocks[i]
		}
	}
	if len(r.Clocks) > 0 && !r.Ended {
		return &r.Clocks[0]
	}
	return nil
}

func (w words) clockLight(c listing.RowClock) light {
	if c.Due == 0 {
		return light{"still", w.T("light.suspended", "left", w.Units(c.Left, c.Unit))}
	}
	n, unit := w.left(c.Due, c.Unit)
	return w.light(n, unit, c.Due, c.Window, c.Party, c.Provisional)
}

// light is the light of what remains. The party's time is never red: its end lets the office act.
func (w words) light(n int, unit calendar.Unit, due calendar.Date, window, party, provisional bool) light {
	var l light
	if unit == calendar.Months && n <= 1 { // the last month is told in days
		n, unit = int(due-w.today), calendar.Days
	}
	switch {
	case window && n < 0:
		l = light{"still", w.T("light.window-over")}
	case window:
		l = light{"still", w.T("light.window", "left", w.Units(n, unit))}
	case due < w.today:
		// A rest day after the due day is late by days, though no working day has passed yet.
		if n == 0 {
			n, unit = int(due-w.today), calendar.Days
		}
		l = light{"red", w.T("light.overdue", "late", w.Units(-n, unit))}
		if party { // the party's default is not the office's delay
			l = light{"amber", w.T("light.default", "late", w.Units(-n, unit))}
		}
	case due == w.today:
		l = light{"amber", w.T("light.today")}
	case n <= soon && unit != calendar.Months:
		l = light{"amber", w.T("light.soon", "left", w.Units(n, unit))}
	default:
		l = light{"calm", w.T("light.left", "left", w.Units(n, unit))}
	}
	if provisional {
		l.Text += w.T("light.provisional")
	}
	return l
}

// rowView is a case in a list, in words.
type rowView struct {
	ID       casefile.CaseID
	Light    light
	Clock    string // whose light it is
	Number   string
	Received string
	Party    string
	Facts    string
	Marks    []string
	State    string
	Sub      string // who has it, or who did the step before
	Next     string // what it waits for, where it is the reader's to do
	Since    string // how long it has waited
	Officers string
	Findings int
	Ended    bool
	Button   string
	Address  string
	Gate     bool
}

// rowView puts a row into words. Gate says whether the list is of what waits for the reader's decision.
func (s *site) rowView(w words, r listing.Row, gate bool) rowView {
	v := rowView{ID: r.ID, Number: r.Number, Party: r.Party, Findings: r.Findings, Ended: r.Ended, Gate: gate,
		Received: w.T("row.received", "day", w.Day(r.Received)), Officers: w.Names(r.Officers), Button: w.T("row.open"),
		Address: "/cases/" + strconv.FormatInt(int64(r.ID), 10)}
	if v.Number == "" {
		v.Number = r.Intake
	}
	if v.Party == "" {
		v.Party = w.T("row.no-party")
	}
	if c := rowClock(r); c != nil {
		v.Light, v.Clock = w.clockLight(*c), s.clockName(w, r.Workflow, c.ID)
	} else if r.Ended {
		v.Light = light{Class: "still", Text: w.T("light.ended")}
	}
	facts := []string{r.Cause}
	if r.Cause == "" {
		facts[0] = s.workflowTitle(w, r.Workflow)
	}
	if r.Workers > 0 {
		facts = append(facts, w.T("row.workers", "n", r.Workers))
	}
	if r.Amount != "" {
		facts = append(facts, w.T("row.owing", "sum", w.Money(r.Amount)))
	}
	v.Facts = strings.Join(facts, " · ")
	for _, m := range r.Marks {
		v.Marks = append(v.Marks, w.T("mark."+m))
	}
	v.State, v.Sub, v.Since = s.stateTitle(w, r.Workflow, procedure.Main, r.State), v.Officers, w.since(r.Since)
	if len(r.Places) > 0 { // each respondent's place, the earliest first
		v.State = s.places(w, r)
	}
	v.Next = s.nextStep(w, r)
	for _, wait := range r.Waits {
		if wait.Gate == gate && (gate || wait.Walk != procedure.Main) {
			v.State, v.Since = s.stateTitle(w, r.Workflow, wait.Walk, wait.State), w.since(wait.Since)
			break
		}
	}
	if gate {
		v.Button, v.Address = w.T("row.decide"), fmt.Sprintf("/approvals?case=%d", r.ID)
	}
	return v
}

// nextStep is what the case waits for on its main walk: the first action that leads on, in the order of the procedure.
func (s *site) nextStep(w words, r listing.Row) string {
	ed := s.engine.Workflow(r.Workflow)
	if ed == nil || len(r.Waits) == 0 || r.Waits[0].Walk != procedure.Main || r.Waits[0].Gate {
		return ""
	}
	st := ed.Def.Main.State(r.Waits[0].State)
	if st == nil {
		return ""
	}
	for i := range st.Actions {
		if a := &st.Actions[i]; len(a.To) > 0 && a.Decision == "" {
			return w.T("row.next", "action", w.L(a.Title))
		}
	}
	return ""
}

// places are the states at which the respondents stand, each once.
func (s *site) places(w words, r listing.Row) string {
	var titles []string
	for _, p := range append([]casefile.Moved{{State: r.State}}, r.Places...) {
		if t := s.stateTitle(w, r.Workflow, procedure.Main, p.State); !slices.Contains(titles, t) {
			titles = append(titles, t)
		}
	}
	return strings.Join(titles, w.T("list.comma"))
}

func (s *site) rowViews(w words, rows []listing.Row, gate bool) []rowView {
	vs := make([]rowView, len(rows))
	for i, r := range rows {
		vs[i] = s.rowView(w, r, gate)
	}
	return vs
}

// since is how long ago a day was.
func (w words) since(d calendar.Date) string {
	if d == 0 {
		return ""
	}
	if d == w.today {
		return w.T("day.today")
	}
	return w.Units(int(w.today-d), calendar.Days)
}

// workflowTitle is the title of a procedure in its current version.
func (s *site) workflowTitle(w words, id procedure.WorkflowID) string {
	if ed := s.engine.Workflow(id); ed != nil {
		return w.L(ed.Def.Title)
	}
	return string(id)
}

// partyOf is the party that is typed into a form, by the current version of a procedure.
func (s *site) partyOf(id procedure.WorkflowID, values procedure.Values) string {
	if ed := s.engine.Workflow(id); ed != nil {
		return values[ed.Def.Terms.Party].Text
	}
	return ""
}

// stateTitle is the title of a state in the current version of a procedure. Walk may be the second of its kind, "evidence-2".
func (s *site) stateTitle(w words, id procedure.WorkflowID, walk procedure.WalkID, state procedure.StateID) string {
	if ed := s.engine.Workflow(id); ed != nil {
		if def := walkOf(ed.Def, walk); def != nil {
			if st := def.State(state); st != nil {
				return w.L(st.Title)
			}
		}
	}
	return string(state)
}

// walkOf finds the walk of the definition that a case's walk is an instance of.
func walkOf(d *procedure.Definition, id procedure.WalkID) *procedure.Walk {
	if w := d.Walk(id); w != nil {
		return w
	}
	if i := strings.LastIndexByte(string(id), '-'); i > 0 {
		return d.Walk(id[:i])
	}
	return nil
}

// clockName is the title of a clock in the current version of a procedure; of a later run, "payment-2", that of the clock.
func (s *site) clockName(w words, id procedure.WorkflowID, clock procedure.ClockID) string {
	ed := s.engine.Workflow(id)
	if ed == nil {
		return string(clock)
	}
	if c := ed.Def.Clock(clock); c != nil {
		return w.L(c.Title)
	}
	if i := strings.LastIndexByte(string(clock), '-'); i > 0 {
		if c := ed.Def.Clock(clock[:i]); c != nil {
			return w.L(c.Title) + " " + string(clock[i+1:])
		}
	}
	return string(clock)
}
