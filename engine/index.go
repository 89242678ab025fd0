package engine

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"dossier/engine/calendar"
	"dossier/engine/search"
)

// The indexes of cases. Keys end in the case's number, twelve digits wide, where order matters.
const (
	indexRow      = "row"      // number → Row as JSON: what a list shows, once
	indexOpen     = "open"     // number of a case that is not ended
	indexFlow     = "flow"     // procedure/number
	indexState    = "state"    // procedure/state/number
	indexOfficer  = "officer"  // person/number
	indexDue      = "due"      // earliest due day of an open clock/number
	indexTimer    = "timer"    // the day on which a clock acts by itself/number
	indexAlert    = "alert"    // each day on which an open clock crosses a threshold/number
	indexWait     = "wait"     // whom a walk waits for: post or @person/number
	indexSearch   = "q"        // a key of a name or number/number
	indexNumber   = "number"   // a printed number
	indexEmployer = "employer" // the party's name/number
)

func padded(id CaseID) string { return fmt.Sprintf("%012d", id) }

// keys are the index entries that a change puts and drops.
func (e *Engine) keys(d *decided) (put, drop []Key) {
	o := e.Office()
	var old []Key
	if d.before != nil {
		old = entries(d.ed, o, d.before)
	}
	return difference(old, entries(d.ed, o, d.c))
}

// difference is what to put and what to drop for the entries now to stand where the old ones did.
func difference(old, now []Key) (put, drop []Key) {
	same := func(a, b Key) bool { return a.Index == b.Index && a.Key == b.Key }
	for _, k := range now {
		if !slices.ContainsFunc(old, func(o Key) bool { return same(o, k) && string(o.Value) == string(k.Value) }) {
			put = append(put, k)
		}
	}
	for _, k := range old {
		if !slices.ContainsFunc(now, func(o Key) bool { return same(o, k) }) {
			drop = append(drop, k)
		}
	}
	return put, drop
}

// entries are all index entries of a case. They follow from the case, its procedure and the office's schedules and
// settings alone, never from the day on which they are derived: verify derives them again, and they don't grow old.
func entries(ed *Edition, o *Office, c *Case) []Key {
	s := newScope(ed, o, c, c.lastDay(), c.lastDay())
	row := s.row()
	data, _ := canonical(row)
	id, n := strconv.Itoa(int(c.ID)), padded(c.ID)
	ks := []Key{{indexRow, n, id, data}}
	add := func(index, key string) { ks = append(ks, Key{Index: index, Key: key, ID: id}) }
	if !row.Ended {
		add(indexOpen, n)
	}
	add(indexFlow, string(c.Workflow)+"/"+n)
	add(indexState, string(c.Workflow)+"/"+string(row.State)+"/"+n)
	for _, p := range row.Officers {
		add(indexOfficer, string(p)+"/"+n)
	}
	due := calendar.Date(0)
	for _, k := range row.Clocks {
		if k.Due != 0 && !k.Window && (due == 0 || k.Due < due) {
			due = k.Due
		}
	}
	if due != 0 {
		add(indexDue, due.String()+"/"+n)
	}
	if day := s.timerDay(); day != 0 {
		add(indexTimer, day.String()+"/"+n)
	}
	for _, day := range s.warningDays() {
		add(indexAlert, day.String()+"/"+n)
	}
	for _, w := range row.Waits {
		for _, p := range w.Posts {
			add(indexWait, string(p)+"/"+n)
		}
		for _, p := range w.People {
			add(indexWait, "@"+string(p)+"/"+n)
		}
	}
	for _, t := range search.Keys(searchable(c)) {
		add(indexSearch, t+"/"+n)
	}
	for _, kind := range []string{"intake", "case"} {
		if x := c.Numbers[kind]; x != "" {
			add(indexNumber, x)
		}
	}
	for _, doc := range c.Issued {
		if doc.Number != "" && doc.Number != c.Numbers["case"] && doc.Number != c.Numbers["intake"] {
			add(indexNumber, doc.Number)
		}
		add(indexNumber, doc.Code)
	}
	if p := c.Shared["employer"].Text; p != "" {
		add(indexEmployer, p+"/"+n)
	}
	return dedup(ks)
}

func dedup(ks []Key) []Key {
	seen := map[string]bool{}
	return slices.DeleteFunc(ks, func(k Key) bool {
		id := k.Index + "\x00" + k.Key
		was := seen[id]
		seen[id] = true
		return was
	})
}

// searchable is what a case is found by: its numbers, its party, the respondents. Never the informant.
func searchable(c *Case) string {
	lines := []string{c.Numbers["case"], c.Numbers["intake"], c.Shared["employer"].Text}
	for _, r := range c.Shared["respondents"].Rows {
		lines = append(lines, r["name"])
	}
	return strings.Join(slices.Compact(lines), "\n")
}

// lastDay is the latest day on which something was done in the case.
func (c *Case) lastDay() calendar.Date {
	var day calendar.Date
	for _, t := range c.Taken {
		day = max(day, t.Day)
	}
	return day
}

// row is what lists show of a case: its clocks are all that may still matter, begun or not; [Row.on] leaves those of a day.
func (s *scope) row() Row {
	ed, c := s.ed, s.c
	r := Row{ID: c.ID, Workflow: c.Workflow, Number: c.Number(), Intake: c.Numbers["intake"], Party: c.Shared["employer"].Text,
		Cause: s.label("cause"), State: c.Main(), Since: c.Walks[0].Since, Marks: c.Marks, Barred: c.Barred, Ended: c.Ended != 0}
	if d, ok := s.opening(); ok {
		r.Received = d.Day
	}
	w := c.Shared["workers"]
	r.Workers = len(w.Rows)
	var owed int64
	for _, x := range w.Rows {
		owed += fen(TextValue(x["owed"])) - fen(TextValue(x["paid"]))
	}
	if owed > 0 {
		r.Amount = FormatMoney(owed)
	}
	r.Officers = ed.officers(c)
	for _, f := range c.Findings {
		if f.Answered == 0 {
			r.Findings++
		}
	}
	for _, k := range s.clocks() {
		if k.State == MetClock || k.State == MissedClock || k.State == VoidClock || k.State == WaivedWindow || k.Def.Kind == Warning {
			continue
		}
		x := RowClock{ID: k.ID, Start: k.Start, Due: k.Due, Unit: k.Unit, Provisional: k.Provisional, Window: k.Def.Kind == Window, Party: k.Def.Kind == Party}
		if k.Due == 0 {
			x.Left = k.Remaining
		}
		r.Clocks = append(r.Clocks, x)
	}
	slices.SortStableFunc(r.Clocks, func(a, b RowClock) int {
		far := func(c RowClock) calendar.Date {
			if c.Due == 0 {
				return 1 << 30
			}
			return c.Due
		}
		return int(far(a)) - int(far(b))
	})
	r.Waits = s.waits()
	return r
}

// first is the first of the procedure's line: who is in charge.
func (d *Definition) first() Actor {
	if len(d.Line) == 0 {
		return ""
	}
	return d.Line[0]
}

// label is the printed word of a shared value: a choice's label, else the text.
func (s *scope) label(f FieldID) string {
	v := s.c.Shared[f]
	for _, id := range s.ed.Def.Forms() {
		if form := s.ed.Forms[id]; form != nil {
			if fd := form.Field(f); fd != nil && fd.Shared {
				return words(fd, v)
			}
		}
	}
	return v.String()
}

// words are a value as people read it.
func words(f *Field, v Value) string {
	var ws []string
	for _, x := range v.Strings() {
		for _, a := range f.Choices {
			if a.Value == x {
				x = a.Label.ZH
			}
		}
		ws = append(ws, x)
	}
	return strings.Join(ws, "、")
}

// waits says whom each walk of the case waits for: who may do one of the actions that lead on from where it stands.
func (s *scope) waits() []Wait {
	var ws []Wait
	main := s.ed.Def.Main.State(s.c.Main())
	for _, w := range s.c.Walks {
		def := s.ed.Def.Walk(w.Def)
		if def == nil {
			continue
		}
		st := def.State(w.State)
		if st == nil || w.Def != Main && (def.resting(st) || main == nil || !def.Lives(main)) {
			continue
		}
		x := Wait{Walk: w.ID, State: st.ID, Since: w.Since}
		for i := range st.Actions {
			a := &st.Actions[i]
			if len(a.To) == 0 && a.Moves == "" {
				continue
			}
			by, _ := choose(s, a.By)
			for _, actor := range by {
				if actor == Timer {
					continue
				}
				if a.Decision == Approve {
					x.Gate = true
				}
				people := s.role(actor)
				for _, p := range people {
					if !slices.Contains(x.People, p) {
						x.People = append(x.People, p)
					}
				}
				if len(people) == 0 && !slices.Contains(x.Posts, actor) {
					x.Posts = append(x.Posts, actor)
				}
			}
		}
		if len(x.People)+len(x.Posts) > 0 {
			ws = append(ws, x)
		}
	}
	return ws
}

// timerDay is the day on which the next clock of the case acts by itself, 0 when none will: a clock whose act the case's
// states don't have waits outside the index until an event changes that.
func (s *scope) timerDay() calendar.Date {
	if !s.ed.acts() {
		return 0
	}
	var day calendar.Date
	for _, r := range s.clocks() {
		if r.Def.OnExpiry == "" || r.Due == 0 || !(r.State == RunningClock || r.State == OverdueClock || r.State == OverWindow) {
			continue
		}
		if d := r.Due.Add(1); (day == 0 || d < day) && len(spots(s.ed, s.c, r.Def.OnExpiry)) > 0 {
			day = d
		}
	}
	return day
}

// decodeRow reads a row back from the index, as it stands today.
func (e *Engine) decodeRow(data []byte) (Row, error) {
	var r Row
	err := json.Unmarshal(data, &r)
	return r.on(e.Today()), err
}

// on is the row as a day sees it: without the clocks that begin later and the windows that are over.
func (r Row) on(day calendar.Date) Row {
	r.Clocks = slices.DeleteFunc(r.Clocks, func(k RowClock) bool {
		return k.Start > day || k.Window && k.Due != 0 && k.Due < day
	})
	return r
}
