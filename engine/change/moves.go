package change

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"

	"dossier/engine"
	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/decide"
	"dossier/engine/ledger"
	"dossier/engine/listing"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
	"dossier/engine/rules"
)

// Move is what a change of the office, or a new version of its procedure, does to one open case.
type Move struct {
	Row     listing.Row        // the case as it stands before
	Seq     uint64             // the case's last event, when this was asked
	Edition *procedure.Edition // whose titles the clocks and actions have
	Clocks  []MovedClock
	Opens   []casefile.Finding
	Clears  []casefile.Finding
	// Restates are findings that stay and are told otherwise: the due day that they name is another.
	Restates []casefile.Finding
	Acts     procedure.Label // what the timer does next, which it didn't before; zero for nothing
	Refused  *refusal.Error  // of a new version: why the case can't be moved to it
}

// MovedClock is a clock that stands otherwise than before.
type MovedClock struct {
	ID       procedure.ClockID
	Title    procedure.Label // with the number of a later run
	Was, Now Standing
}

// Standing is how a clock stands: the day on which it is due, or what is left of one that is suspended. The zero Standing
// is that of a clock that doesn't run.
type Standing struct {
	Due         calendar.Date
	Left        int // in its unit, while suspended
	Unit        calendar.Unit
	Provisional bool // it rests on a year without a published schedule
}

// Dated tells whether the due day itself, or what is left, is another: not only that it is provisional no more.
func (m MovedClock) Dated() bool { return m.Was.Due != m.Now.Due || m.Was.Left != m.Now.Left }

// standing is how a run stands; zero when it doesn't run any more.
func standing(r rules.Running) Standing {
	switch {
	case r.Ended != 0 || r.State == rules.VoidClock:
		return Standing{}
	case r.State == rules.SuspendedClock:
		return Standing{Left: r.Remaining, Unit: r.Unit, Provisional: r.Provisional}
	}
	return Standing{Due: r.Due, Unit: r.Unit, Provisional: r.Provisional}
}

// movedClocks are the clocks that stand otherwise, in the order of the later list, then those that are no more.
func movedClocks(was, now []rules.Running) []MovedClock {
	var moved []MovedClock
	find := func(rs []rules.Running, r rules.Running) Standing {
		i := slices.IndexFunc(rs, func(x rules.Running) bool { return x.ID == r.ID && x.Key == r.Key })
		if i < 0 {
			return Standing{}
		}
		return standing(rs[i])
	}
	add := func(r rules.Running, was, now Standing) {
		if was != now {
			moved = append(moved, MovedClock{r.ID, clockLabel(r.Def, r.ID), was, now})
		}
	}
	for _, r := range now {
		add(r, find(was, r), standing(r))
	}
	for _, r := range was {
		if !slices.ContainsFunc(now, func(x rules.Running) bool { return x.ID == r.ID && x.Key == r.Key }) {
			add(r, standing(r), Standing{})
		}
	}
	return moved
}

// clockLabel is a clock's title, of a later run with its number: the run "payment-2" of the clock "payment".
func clockLabel(c *procedure.Clock, id procedure.ClockID) procedure.Label {
	l := c.Title
	if len(id) > len(c.ID) {
		n := " " + string(id[len(c.ID)+1:])
		l.ZH += n
		if l.EN != "" {
			l.EN += n
		}
	}
	return l
}

// The columns of "moved" in the values of an event: a clock that stands otherwise than before.
const (
	movedClock = "clock"
	movedUnit  = "unit" // of what is left while suspended
)

// cells writes the clock into an event: was and now are days, was-left and now-left what is left of a suspended one.
func (m MovedClock) cells() procedure.Cells {
	c := procedure.Cells{movedClock: string(m.ID)}
	put := func(name procedure.FieldID, s Standing) {
		switch {
		case s.Due != 0:
			c[name] = s.Due.String()
		case s.Unit != "":
			c[name+"-left"], c[movedUnit] = strconv.Itoa(s.Left), string(s.Unit)
		}
		if s.Provisional {
			c[name+"-provisional"] = "yes"
		}
	}
	put("was", m.Was)
	put("now", m.Now)
	return c
}

// MovedOf reads an event's moved clocks back.
func MovedOf(ed *procedure.Edition, vs procedure.Values) []MovedClock {
	var moved []MovedClock
	for _, c := range vs["moved"].Rows {
		m := MovedClock{ID: procedure.ClockID(c[movedClock])}
		m.Title = procedure.Label{ZH: string(m.ID)}
		if def := clockOf(ed, m.ID); def != nil {
			m.Title = clockLabel(def, m.ID)
		}
		get := func(name procedure.FieldID) Standing {
			s := Standing{Provisional: c[name+"-provisional"] != ""}
			s.Due, _ = calendar.Parse(c[name])
			if left, ok := c[name+"-left"]; ok {
				s.Left, s.Unit = procedure.Int(left), calendar.Unit(c[movedUnit])
			}
			return s
		}
		m.Was, m.Now = get("was"), get("now")
		moved = append(moved, m)
	}
	return moved
}

// clockOf finds the clock of the definition that a run is of, "payment" of "payment-2".
func clockOf(ed *procedure.Edition, id procedure.ClockID) *procedure.Clock {
	if c := ed.Def.Clock(id); c != nil {
		return c
	}
	for i := len(id) - 1; i > 0; i-- {
		if id[i] == '-' {
			return ed.Def.Clock(id[:i])
		}
	}
	return nil
}

// PreviewRecords tells what writing these records would do to the open cases, in the order of their numbers. Nothing is written;
// KeepRecords then does the same.
func PreviewRecords(ctx context.Context, e *engine.Engine, ws ...ledger.RecordWrite) ([]Move, error) {
	old, next, err := offices(e, ws)
	if err != nil {
		return nil, err
	}
	var moves []Move
	err = eachOpen(ctx, e, "", func(d *decide.Docket) error {
		if _, m := reask(e, d, old, next, nil); m != nil {
			moves = append(moves, *m)
		}
		return nil
	})
	return moves, err
}

// veil leaves of a case that a person is barred from only its ids, and tells whether it did.
func veil(who office.PersonID, r *listing.Row) bool {
	barred := who != "" && slices.Contains(r.Barred, who)
	if barred {
		*r = listing.Row{ID: r.ID, Workflow: r.Workflow}
	}
	return barred
}

// veiled veils the cases of moves.
func veiled(who office.PersonID, moves []Move) []Move {
	for i := range moves {
		veil(who, &moves[i].Row)
	}
	return moves
}

// eachOpen calls f with every open case, of one procedure or "" of all, in the order of their numbers.
func eachOpen(ctx context.Context, e *engine.Engine, w procedure.WorkflowID, f func(*decide.Docket) error) error {
	scan := ledger.Scan{Index: listing.IndexOpen, Limit: 500}
	for {
		es, err := e.Store.Scan(scan)
		if err != nil || len(es) == 0 {
			return err
		}
		for _, en := range es {
			scan.After = en.Cursor
			if err := ctx.Err(); err != nil {
				return err
			}
			d, err := e.Pass(casefile.CaseID(procedure.Int(en.ID)))
			if err != nil {
				return err
			}
			if w != "" && d.Case.Workflow != w {
				continue
			}
			if err := f(d); err != nil {
				return err
			}
		}
	}
}

// causes are what an event of a recount says of the records that brought it: which schedule, setting or person, by whom.
func causes(ws []ledger.RecordWrite, old *office.Office) procedure.Values {
	vs := procedure.Values{}
	add := func(name procedure.FieldID, s string) {
		v := vs[name]
		if s != "" && !slices.Contains(v.List, s) {
			vs[name] = procedure.Value{List: append(v.List, s)}
		}
	}
	for _, w := range ws {
		var r struct {
			Notice string
			By     string
		}
		switch {
		case w.Kind == ledger.KindSchedule:
			add("schedule", w.ID)
		case w.Kind == ledger.KindSetting:
			add("setting", w.ID)
		case w.Kind == ledger.KindBrought:
			if b, err := engine.BroughtOf(w.Data); err == nil {
				years, notices := news(b, old)
				for i, y := range years {
					add("schedule", y)
					add("notice", notices[i])
				}
			}
		case w.Stands(old):
			add("person", w.ID)
		default:
			continue
		}
		if json.Unmarshal(w.Data, &r) == nil { // a setting's rows are a list, each with its own by
			add("notice", r.Notice)
			add("by", r.By)
		}
	}
	return vs
}
