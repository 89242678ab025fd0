package engine

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"dossier/engine/calendar"
)

// Sweep fires the timers that have run out, of every case, and gives how many did; safe to run twice. It reads the cases of
// the index of timers up to today: one that has fired is out of it, one that the case's states don't have is not in it, and
// one that waits, for its guards or for a schedule to be published, is asked again by every sweep. A case that fails keeps no other waiting: the faults are given together.
func (e *Engine) Sweep(ctx context.Context) (int, error) {
	var faults []error
	n, after := 0, ""
	tomorrow := e.Today().Add(1).String() // keys are a day and a case: those of today are before it
	for {
		entries, err := e.Store.Scan(Scan{Index: indexTimer, To: tomorrow, After: after, Limit: 200})
		if err != nil || len(entries) == 0 {
			return n, errors.Join(append(faults, err)...)
		}
		for _, x := range entries {
			after = x.Cursor
			done, err := e.sweep(ctx, CaseID(atoi(x.ID)))
			if n += done; err != nil && len(faults) < 10 {
				faults = append(faults, fmt.Errorf("case %s: %w", x.ID, err))
			}
			if ctx.Err() != nil {
				return n, ctx.Err()
			}
		}
	}
}

// sweep fires the timers of one case in one commit.
func (e *Engine) sweep(ctx context.Context, id CaseID) (int, error) {
	e.deciding.RLock()
	defer e.deciding.RUnlock()
	for {
		d, err := e.read(id)
		if err != nil {
			return 0, err
		}
		t := e.turn()
		if err := t.expired(d); err != nil || len(d.events) == 0 {
			return 0, err
		}
		unlock := e.counters.lock(slices.Sorted(maps.Keys(t.taken)))
		commit, err := e.seal([]*decided{d})
		if err == nil {
			for _, name := range slices.Sorted(maps.Keys(t.taken)) {
				commit.Counters = append(commit.Counters, CounterWrite{name, t.taken[name].read, t.taken[name].value})
			}
			err = e.Store.Commit(ctx, *commit)
		}
		unlock()
		var moved *Conflict
		if errors.As(err, &moved) {
			continue
		}
		if err != nil {
			return 0, err
		}
		e.moved(id)
		return len(d.events), nil
	}
}

// expired fires every timer that is due and not provisional, one after another, in the order of their days. Its fact
// day is the day after the due day however late the sweep; recorded is now.
func (t *turn) expired(d *decided) error {
	for range 16 { // a timer can start the next; a procedure whose timers never end is refused here
		r, ok := t.due(d.ed, d.c)
		if !ok {
			return nil
		}
		after, ev, err := t.act(d.ed, d.c, &Command{Case: d.c.ID, Action: r.Def.OnExpiry, Actor: System, Day: r.Due.Add(1)})
		if err != nil {
			return nil // what the timer would do is not possible here: it waits
		}
		d.c, d.events = after, append(d.events, ev)
	}
	return nil
}

// due is the first clock whose time has run out and that acts by itself.
func (t *turn) due(ed *Edition, c *Case) (Running, bool) {
	var best Running
	if c == nil || !ed.acts() {
		return best, false
	}
	s := newScope(ed, t.office, c, t.today, t.today)
	for _, r := range s.clocks() {
		if r.Def.OnExpiry == "" || r.Provisional || r.State != OverdueClock && r.State != OverWindow || r.Due == 0 {
			continue
		}
		if len(spots(ed, c, r.Def.OnExpiry)) == 0 {
			continue
		}
		if best.Due == 0 || r.Due < best.Due {
			best = r
		}
	}
	return best, best.Due != 0
}

// acts tells whether the procedure has a clock that acts by itself.
func (ed *Edition) acts() bool {
	has := func(c Clock) bool { return c.OnExpiry != "" }
	if slices.ContainsFunc(ed.Def.Clocks, has) {
		return true
	}
	return slices.ContainsFunc(ed.Def.Sides, func(w Walk) bool { return slices.ContainsFunc(w.Clocks, has) })
}

// late tells whether an event sets a fact on a day before something that is already on record.
func late(before *Case, ev *Event) bool {
	var last calendar.Date
	for _, x := range before.Taken {
		last = max(last, x.Day)
	}
	return slices.ContainsFunc(ev.Days, func(d DaySet) bool { return d.Day < last })
}

func finding(seq uint64, a *Action, guard int, c *Condition) Finding {
	f := Finding{Seq: seq, Action: a.ID, Guard: guard, Code: string(c.Code), Law: c.Law.Cites, Args: c.Args, Fix: "answer-finding"}
	if guard >= 0 && a.Guards[guard].Finding != "" {
		f.Fix = a.Guards[guard].Finding
	}
	return f
}

// recheck asks each guard of each action already taken again, on the facts as they now are, and writes into the event
// which findings open and which are gone.
func (t *turn) recheck(ed *Edition, c *Case, ev *Event) {
	var open []Finding
	for _, x := range c.Taken {
		a, walk := ed.taken(x)
		if a == nil { // another version of the procedure: what was found stays until it is answered
			for _, f := range c.Findings {
				if f.Seq == x.Seq && f.Answered == 0 {
					open = append(open, f)
				}
			}
		}
		if a == nil || x.Seq == ev.Seq {
			continue
		}
		s := newScope(ed, t.office, c, x.Day, calendar.In(x.At))
		s.back = true
		s.upto, s.act, s.walk, s.actor, s.behalf = x.Seq, a, walk, x.By, x.For
		s.values, s.fills = c.typed(x.Seq)
		if t.linked != nil {
			s.linked = func(w WorkflowID) bool { return t.linked(c, w) }
		}
		days := c.daysOf(x)
		for i := range a.Guards {
			if s.momentary(&a.Guards[i]) {
				continue
			}
			for _, s.day = range days {
				s.runs = nil
				if cond := s.guard(&a.Guards[i]); cond != nil {
					open = append(open, finding(x.Seq, a, i, cond))
					break
				}
			}
		}
		for _, d := range c.Days {
			f := ed.Def.Fact(d.Fact)
			if d.Seq != x.Seq || d.Void != 0 || f == nil || f.After == "" {
				continue
			}
			if cause, ok := s.latest(f.After); ok && d.Day < cause.Day {
				open = append(open, finding(x.Seq, a, -1, &Condition{Code: FactBeforeCause, Law: f.Law,
					Args: Args{"cause": string(f.After), "limit": cause.Day.String(), "day": d.Day.String()}}))
				break
			}
		}
	}
	ev.find(c.Findings, open)
}

// find writes into the event which of the findings open now are new and which of the old are gone. Where the office or the
// version changed, one that would be told otherwise now, or that stands at another guard, is told anew with the answer that it
// was given.
func (ev *Event) find(old, open []Finding) {
	again := ev.Action == Rechecked || ev.Adopts != nil
	for _, f := range open {
		i := slices.IndexFunc(old, f.at)
		if i >= 0 && (!again || old[i].Code == f.Code && maps.Equal(old[i].Args, f.Args)) {
			continue
		}
		if again {
			if j := slices.IndexFunc(old, f.same); j >= 0 {
				f.Answered = old[j].Answered
			}
			if i >= 0 {
				ev.Cleared = append(ev.Cleared, old[i])
			}
		}
		ev.Findings = append(ev.Findings, f)
	}
	for _, o := range old {
		if o.Seq != ev.Seq && !slices.ContainsFunc(open, o.at) {
			ev.Cleared = append(ev.Cleared, o)
		}
	}
}

// at tells whether another finding is of the same guard of the same action.
func (f Finding) at(o Finding) bool { return o.Seq == f.Seq && o.Guard == f.Guard }

// same tells whether another finding says the same of the same action, wherever the guard stands.
func (f Finding) same(o Finding) bool { return o.Seq == f.Seq && o.Code == f.Code }

// Found are the findings that the event opens, those that go, and those that are only told otherwise now.
func (ev *Event) Found() (opens, clears, restates []Finding) {
	for _, f := range ev.Findings {
		if slices.ContainsFunc(ev.Cleared, f.same) {
			restates = append(restates, f)
		} else {
			opens = append(opens, f)
		}
	}
	for _, f := range ev.Cleared {
		if !slices.ContainsFunc(ev.Findings, f.same) {
			clears = append(clears, f)
		}
	}
	return opens, clears, restates
}

// daysOf are the fact days of an action as they now are: those of the facts that it set, which corrections can have
// moved apart, or its own when none of them stands.
func (c *Case) daysOf(x Taken) []calendar.Date {
	var days []calendar.Date
	for _, d := range c.Days {
		day := d.Day
		if d.Raw != 0 {
			day = d.Raw
		}
		if d.Seq == x.Seq && d.Void == 0 && !slices.Contains(days, day) {
			days = append(days, day)
		}
	}
	if days == nil {
		days = []calendar.Date{x.Day}
	}
	return days
}

// taken finds the action that was taken.
func (ed *Edition) taken(x Taken) (*Action, WalkID) {
	if x.Walk == Main && x.From == "" {
		return &ed.Def.Open, Main
	}
	w := ed.walkOf(x.Walk)
	if w == nil || w.State(x.From) == nil {
		return nil, x.Walk
	}
	return w.State(x.From).Action(x.Action), x.Walk
}

// walkOf finds the walk of the definition that a walk of a case is, "evidence" of "evidence-2".
func (ed *Edition) walkOf(id WalkID) *Walk {
	if w := ed.Def.Walk(id); w != nil {
		return w
	}
	if i := strings.LastIndexByte(string(id), '-'); i > 0 {
		return ed.Def.Walk(id[:i])
	}
	return nil
}

// typed are the values that the event wrote, and the parts that it wrote them in.
func (c *Case) typed(seq uint64) (Values, []FormPart) {
	values, fills := Values{}, []FormPart(nil)
	for i := range c.Papers {
		for _, p := range c.Papers[i].Parts {
			if p.Seq == seq {
				maps.Copy(values, p.Values)
				fills = append(fills, FormPart{Form: c.Papers[i].Form, Part: p.Part})
			}
		}
	}
	return values, fills
}

func joinWords(ws []string) string { return strings.Join(ws, "、") }

func fillTemplate(t string, m map[string]string) string {
	for k, v := range m {
		t = strings.ReplaceAll(t, "{"+k+"}", v)
	}
	return t
}
