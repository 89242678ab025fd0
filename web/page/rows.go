package page

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

// Light is how urgent a clock is: a colour and always its word. Class is "red", "amber", "calm" or "still".
type Light struct {
	Class string
	Text  string
}

// Soon is how many units before its due day a clock turns amber.
const Soon = 3

// Left is what remains of a due date, in the unit (of months in days): 0 on the day, negative after it.
func (w Words) Left(due calendar.Date, unit calendar.Unit) (int, calendar.Unit) {
	if unit == calendar.Workdays {
		if due < w.Today {
			return -w.Office.Calendar.Count(due, w.Today), unit
		}
		return w.Office.Calendar.Count(w.Today, due), unit
	}
	return int(due - w.Today), calendar.Days
}

// RowClock is the clock that a list shows of a case: the most urgent one that is not the party's own time, else that; nil
// when none runs.
func RowClock(r *listing.Row) *listing.RowClock {
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

func (w Words) clockLight(c listing.RowClock) Light {
	if c.Due == 0 {
		return Light{"still", w.T("light.suspended", "left", w.Units(c.Left, c.Unit))}
	}
	n, unit := w.Left(c.Due, c.Unit)
	return w.Light(n, unit, c.Due, c.Window, c.Party, c.Provisional)
}

// Light is the light of what remains. The party's time is never red: its end lets the office act.
func (w Words) Light(n int, unit calendar.Unit, due calendar.Date, window, party, provisional bool) Light {
	var l Light
	if unit == calendar.Months && n <= 1 { // the last month is told in days
		n, unit = int(due-w.Today), calendar.Days
	}
	switch {
	case window && n < 0:
		l = Light{"still", w.T("light.window-over")}
	case window:
		l = Light{"still", w.T("light.window", "left", w.Units(n, unit))}
	case due < w.Today:
		// A rest day after the due day is late by days, though no working day has passed yet.
		if n == 0 {
			n, unit = int(due-w.Today), calendar.Days
		}
		l = Light{"red", w.T("light.overdue", "late", w.Units(-n, unit))}
		if party { // the party's default is not the office's delay
			l = Light{"amber", w.T("light.default", "late", w.Units(-n, unit))}
		}
	case due == w.Today:
		l = Light{"amber", w.T("light.today")}
	case n <= Soon && unit != calendar.Months:
		l = Light{"amber", w.T("light.soon", "left", w.Units(n, unit))}
	default:
		l = Light{"calm", w.T("light.left", "left", w.Units(n, unit))}
	}
	if provisional {
		l.Text += w.T("light.provisional")
	}
	return l
}

// RowView is a case in a list, in words.
type RowView struct {
	ID       casefile.CaseID
	Light    Light
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

// RowView puts a row into words. Gate says whether the list is of what waits for the reader's decision.
func (s *Site) RowView(w Words, r listing.Row, gate bool) RowView {
	v := RowView{ID: r.ID, Number: r.Number, Party: r.Party, Findings: r.Findings, Ended: r.Ended, Gate: gate,
		Received: w.T("row.received", "day", w.Day(r.Received)), Officers: w.Names(r.Officers), Button: w.T("row.open"),
		Address: "/cases/" + strconv.FormatInt(int64(r.ID), 10)}
	if v.Number == "" {
		v.Number = r.Intake
	}
	if v.Party == "" {
		v.Party = w.T("row.no-party")
	}
	if c := RowClock(&r); c != nil {
		v.Light, v.Clock = w.clockLight(*c), s.clockName(w, r.Workflow, c.ID)
	} else if r.Ended {
		v.Light = Light{Class: "still", Text: w.T("light.ended")}
	}
	facts := []string{r.Cause}
	if r.Cause == "" {
		facts[0] = s.WorkflowTitle(w, r.Workflow)
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
	v.State, v.Sub, v.Since = s.StateTitle(w, r.Workflow, procedure.Main, r.State), v.Officers, w.Since(r.Since)
	if len(r.Places) > 0 { // each respondent's place, the earliest first
		v.State = s.places(w, r)
	}
	v.Next = s.nextStep(w, r)
	for _, wait := range r.Waits {
		if wait.Gate == gate && (gate || wait.Walk != procedure.Main) {
			v.State, v.Since = s.StateTitle(w, r.Workflow, wait.Walk, wait.State), w.Since(wait.Since)
			break
		}
	}
	if gate {
		v.Button, v.Address = w.T("row.decide"), fmt.Sprintf("/approvals?case=%d", r.ID)
	}
	return v
}

// nextStep is what the case waits for on its main walk: the first action that leads on, in the order of the procedure.
func (s *Site) nextStep(w Words, r listing.Row) string {
	ed := s.Engine.Workflow(r.Workflow)
	if ed == nil || len(r.Waits) == 0 || r.Waits[0].Walk != procedure.Main {
		return ""
	}
	if step := w.Step(ed.Def.Main.State(r.Waits[0].State), r.Waits[0].Gate); step != "" {
		return w.T("row.next", "action", step)
	}
	return ""
}

// Step is the first action that leads on from a state, in the order of the procedure; "" at a gate, which is its own.
func (w Words) Step(st *procedure.State, gate bool) string {
	if st == nil || gate {
		return ""
	}
	for i := range st.Actions {
		if a := &st.Actions[i]; len(a.To) > 0 && a.Decision == "" {
			return w.L(a.Title)
		}
	}
	return ""
}

// places are the states at which the respondents stand, each once.
func (s *Site) places(w Words, r listing.Row) string {
	var titles []string
	for _, p := range append([]casefile.Moved{{State: r.State}}, r.Places...) {
		if t := s.StateTitle(w, r.Workflow, procedure.Main, p.State); !slices.Contains(titles, t) {
			titles = append(titles, t)
		}
	}
	return strings.Join(titles, w.T("list.comma"))
}

func (s *Site) RowViews(w Words, rows []listing.Row, gate bool) []RowView {
	vs := make([]RowView, len(rows))
	for i, r := range rows {
		vs[i] = s.RowView(w, r, gate)
	}
	return vs
}

// Since is how long ago a day was.
func (w Words) Since(d calendar.Date) string {
	if d == 0 {
		return ""
	}
	if d == w.Today {
		return w.T("day.today")
	}
	return w.Units(int(w.Today-d), calendar.Days)
}

// WorkflowTitle is the title of a procedure in its current version.
func (s *Site) WorkflowTitle(w Words, id procedure.WorkflowID) string {
	if ed := s.Engine.Workflow(id); ed != nil {
		return w.L(ed.Def.Title)
	}
	return string(id)
}

// PartyOf is the party that is typed into a form, by the current version of a procedure.
func (s *Site) PartyOf(id procedure.WorkflowID, values procedure.Values) string {
	if ed := s.Engine.Workflow(id); ed != nil {
		return values[ed.Def.Terms.Party].Text
	}
	return ""
}

// StateTitle is the title of a state in the current version of a procedure. Walk may be the second of its kind, "evidence-2".
func (s *Site) StateTitle(w Words, id procedure.WorkflowID, walk procedure.WalkID, state procedure.StateID) string {
	if ed := s.Engine.Workflow(id); ed != nil {
		if def := WalkOf(ed.Def, walk); def != nil {
			if st := def.State(state); st != nil {
				return w.L(st.Title)
			}
		}
	}
	return string(state)
}

// WalkOf finds the walk of the definition that a case's walk is an instance of.
func WalkOf(d *procedure.Definition, id procedure.WalkID) *procedure.Walk {
	if w := d.Walk(id); w != nil {
		return w
	}
	if i := strings.LastIndexByte(string(id), '-'); i > 0 {
		return d.Walk(id[:i])
	}
	return nil
}

// clockName is the title of a clock in the current version of a procedure; of a later run, "payment-2", that of the clock.
func (s *Site) clockName(w Words, id procedure.WorkflowID, clock procedure.ClockID) string {
	ed := s.Engine.Workflow(id)
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
