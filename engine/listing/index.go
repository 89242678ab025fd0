// Package listing derives from one case what lists, searches, sweeps and alerts look for: its row, its index keys, the
// thresholds that its clocks cross and who is to be told. Nothing is read from a store; the kernel writes what is derived
// in the commit of the event that brought it.
package listing

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/decide"
	"dossier/engine/ledger"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/rules"
	"dossier/engine/search"
	"dossier/engine/typed"
)

// The indexes of cases. Keys end in the case's number, twelve digits wide, where order matters. Those that the desk reads carry
// the row, so that a list is one scan.
const (
	IndexRow     = "row"     // number → Row as JSON: what a list shows, once
	IndexOpen    = "open"    // number of a case that is not ended → Row
	IndexFlow    = "flow"    // procedure/number
	IndexState   = "state"   // procedure/state/number
	IndexOfficer = "officer" // person/number → Row
	IndexDue     = "due"     // earliest due day of an open clock/number
	IndexTimer   = "timer"   // the day on which a clock acts by itself/number
	IndexAlert   = "alert"   // each day on which an open clock crosses a threshold/number
	IndexWait    = "wait"    // whom a walk waits for: post or @person/number → Row
	IndexSearch  = "find"    // a key of a name or number/number
	IndexNumber  = "number"  // a printed number
	IndexPeople  = "people"  // the whole name, as it is compared, of one of the case's [People]/number
)

// What stood in place of IndexSearch: each term of a search was a key of its own. They are read while a folder is indexed anew.
const (
	FormerSearch = "q"     // a key of a name or number/number
	FormerParty  = "party" // the party's name as it is compared/number
)

func Padded(id casefile.CaseID) string { return fmt.Sprintf("%012d", id) }

// Difference is what to put and what to drop for the entries now to stand where the old ones did; both are sorted.
func Difference(old, now []ledger.Key) (put, drop []ledger.Key) {
	for len(old)+len(now) > 0 {
		order := 0
		switch {
		case len(old) == 0:
			order = 1
		case len(now) == 0:
			order = -1
		default:
			order = compare(old[0], now[0])
		}
		if order <= 0 && len(old) > 0 && (order < 0 || string(old[0].Value) == string(now[0].Value)) {
			if order < 0 {
				drop = append(drop, old[0])
			} else {
				now = now[1:]
			}
			old = old[1:]
			continue
		}
		if order == 0 {
			old = old[1:]
		}
		put, now = append(put, now[0]), now[1:]
	}
	return put, drop
}

// compare puts entries in the order in which they stand in the store.
func compare(a, b ledger.Key) int {
	return cmp.Or(strings.Compare(a.Index, b.Index), strings.Compare(a.Key, b.Key))
}

// Listed are the entries of a case: those that tell how it stands, and those by which it is found, which seldom change. Each
// are sorted, each entry once.
type Listed struct {
	standing, found []ledger.Key
	names           string // that found follow from
}

// List derives a case's entries; what it is found by only where that is another than in was, which may be nil.
func List(ed *procedure.Edition, o *office.Office, c *casefile.Case, was *Listed) *Listed {
	l := &Listed{standing: ordered(standing(ed, o, c)), names: naming(ed, c)}
	if was != nil && was.names == l.names {
		l.found = was.found
	} else {
		l.found = ordered(found(ed, c))
	}
	return l
}

// Since is what to put and what to drop for these entries to stand where was did; nil: where none did.
func (l *Listed) Since(was *Listed) (put, drop []ledger.Key) {
	if was == nil {
		was = &Listed{}
	}
	put, drop = Difference(was.standing, l.standing)
	if was.names != l.names {
		more, less := Difference(was.found, l.found)
		put, drop = append(put, more...), append(drop, less...)
	}
	return put, drop
}

// Entries are all index entries of a case. They follow from the case, its procedure and the office's schedules and
// settings alone, never from the day on which they are derived: verify derives them again, and they don't grow old. They are
// sorted, each once.
func Entries(ed *procedure.Edition, o *office.Office, c *casefile.Case) []ledger.Key {
	return ordered(append(standing(ed, o, c), found(ed, c)...))
}

// ordered sorts entries, and leaves each once.
func ordered(ks []ledger.Key) []ledger.Key {
	slices.SortStableFunc(ks, compare)
	return slices.CompactFunc(ks, func(a, b ledger.Key) bool { return compare(a, b) == 0 })
}

// standing are the entries that tell how the case stands.
func standing(ed *procedure.Edition, o *office.Office, c *casefile.Case) []ledger.Key {
	s := rules.NewView(ed, o, c, c.LastDay(), c.LastDay())
	row := RowOf(s)
	data, _ := ledger.Canonical(row)
	id, n := strconv.Itoa(int(c.ID)), Padded(c.ID)
	ks := []ledger.Key{{Index: IndexRow, Key: n, ID: id, Value: data}}
	add := func(index, key string) { ks = append(ks, ledger.Key{Index: index, Key: key, ID: id}) }
	list := func(index, key string) { ks = append(ks, ledger.Key{Index: index, Key: key, ID: id, Value: data}) } // read row by row in one scan
	if !row.Ended {
		list(IndexOpen, n)
	}
	add(IndexFlow, string(c.Workflow)+"/"+n)
	for _, st := range c.Standing(ed.Def) {
		add(IndexState, string(c.Workflow)+"/"+string(st)+"/"+n)
	}
	for _, p := range row.Officers {
		list(IndexOfficer, string(p)+"/"+n)
	}
	due := calendar.Date(0)
	for _, k := range row.Clocks {
		if k.Due != 0 && !k.Window && (due == 0 || k.Due < due) {
			due = k.Due
		}
	}
	if due != 0 {
		add(IndexDue, due.String()+"/"+n)
	}
	if day := timerDay(s); day != 0 {
		add(IndexTimer, day.String()+"/"+n)
	}
	for _, day := range warningDays(s) {
		add(IndexAlert, day.String()+"/"+n)
	}
	fact := FactOf(s)
	counted := fact.Row()
	for _, m := range fact.Months() {
		ks = append(ks, ledger.Key{Index: IndexFact, Key: m + "/" + n, ID: id, Value: counted})
	}
	ks = append(ks, chargeKeys(s, id, n)...)
	ks = append(ks, visitKeys(s, id, n)...)
	for _, w := range row.Waits {
		for _, p := range w.Posts {
			list(IndexWait, string(p)+"/"+n)
		}
		for _, p := range w.People {
			list(IndexWait, "@"+string(p)+"/"+n)
		}
	}
	return ks
}

// found are the entries by which the case is found: they follow from its [naming] and its number.
func found(ed *procedure.Edition, c *casefile.Case) []ledger.Key {
	d := ed.Def
	id, n := strconv.Itoa(int(c.ID)), Padded(c.ID)
	ks := Searched(d, c)
	add := func(index, key string) { ks = append(ks, ledger.Key{Index: index, Key: key, ID: id}) }
	for _, kind := range []string{"intake", "case"} {
		if x := c.Numbers[kind]; x != "" {
			add(IndexNumber, Numbered(x))
		}
	}
	for _, doc := range c.Issued {
		if doc.Number != "" && doc.Number != c.Numbers["case"] && doc.Number != c.Numbers["intake"] {
			add(IndexNumber, Numbered(doc.Number))
		}
		add(IndexNumber, doc.Code)
	}
	for _, p := range People(ed, c) {
		add(IndexPeople, p+"/"+n)
	}
	return ks
}

// Searched are the entries by which searches find the case.
func Searched(d *procedure.Definition, c *casefile.Case) []ledger.Key {
	id, n := strconv.Itoa(int(c.ID)), Padded(c.ID)
	var ks []ledger.Key
	for _, t := range search.Keys(searchable(d, c)) {
		ks = append(ks, ledger.Key{Index: IndexSearch, Key: t + "/" + n, ID: id})
	}
	return ks
}

// naming is all that a case is found by, as it was written, a line each.
func naming(ed *procedure.Edition, c *casefile.Case) string {
	var b strings.Builder
	b.WriteString(searchable(ed.Def, c))
	sought(ed, c, func(text string) { b.WriteString("\n" + text) })
	for _, doc := range c.Issued {
		b.WriteString("\n" + doc.Number + "\n" + doc.Code)
	}
	return b.String()
}

// People are whose whole names find the case for those who may read them in it, folded, sorted and each once: who came to the
// office (the case's confidential texts) and those for whom something is demanded. Of a masked case they are those that the
// mask leaves.
func People(ed *procedure.Edition, c *casefile.Case) []string {
	var names []string
	sought(ed, c, func(text string) {
		for _, name := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("、，,；;", r) }) {
			if name = typed.Fold(name); name != "" && name != typed.Fold(casefile.Mask) {
				names = append(names, name)
			}
		}
	})
	slices.Sort(names)
	return slices.Compact(names)
}

// sought gives the texts of a case in which those people are named.
func sought(ed *procedure.Edition, c *casefile.Case, add func(text string)) {
	for _, x := range ed.Sought() {
		v := c.Shared[x.Field]
		if x.Column == "" {
			add(v.Text)
			continue
		}
		for _, row := range v.Rows {
			add(row[x.Column])
		}
	}
}

// Numbered is the key of a number, the same however its brackets, width, space and zeros are typed; "" is no number.
func Numbered(number string) string { return "=" + typed.SameNumber(number) }

// searchable is what a case is found by: its numbers, its party, the respondents. Who complained and the workers: [People].
func searchable(d *procedure.Definition, c *casefile.Case) string {
	lines := append([]string{c.Numbers["case"], c.Numbers["intake"], casefile.Party(d, c)}, casefile.Parties(d, c)...)
	return strings.Join(slices.Compact(lines), "\n")
}

// RowOf is what lists show of a case: its clocks are all that may still matter, begun or not; [Row.on] leaves those of a day.
func RowOf(s *rules.View) Row {
	ed, c := s.Edition, s.Case
	r := Row{ID: c.ID, Workflow: c.Workflow, Number: c.Number(), Intake: c.Numbers["intake"], Party: casefile.Party(ed.Def, c),
		Cause: casefile.Cause(s.Edition, s.Case), State: c.Main(), Since: c.Walks[0].Since, Marks: c.Marks, Barred: c.Barred, Ended: c.Ended != 0, EndDay: c.EndDay}
	if all := casefile.Parties(ed.Def, c); len(all) > 1 {
		r.Parties = all
	}
	if d, ok := s.Opening(); ok {
		r.Received = d.Day
	}
	var left int64
	if r.Workers, left = casefile.Claims(ed.Def, c); left > 0 {
		r.Amount = procedure.FormatMoney(left)
	}
	r.Officers = casefile.Officers(ed, c)
	for _, f := range c.Findings {
		if f.Answered == 0 {
			r.Findings++
		}
	}
	for _, k := range s.Clocks() {
		if k.State == rules.MetClock || k.State == rules.MissedClock || k.State == rules.VoidClock || k.State == rules.WaivedWindow || k.Def.Kind == procedure.Warning {
			continue
		}
		x := RowClock{ID: k.ID, Of: k.Parties, Start: k.Start, Due: k.Due, Unit: k.Unit, Provisional: k.Provisional, Window: k.Def.Kind == procedure.Window, Party: k.Def.Kind == procedure.Party}
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
	r.Waits = Waits(s)
	if s.Several() {
		for _, p := range casefile.Parties(ed.Def, c) {
			r.Places = append(r.Places, casefile.Moved{Party: p, State: c.Stands(p)})
		}
	}
	return r
}

// Waits says whom each walk of the case waits for: who may do one of the actions that lead on from where it stands.
func Waits(s *rules.View) []Wait {
	var ws []Wait
	decide.Grounds(s.Edition, s.Case, func(def *procedure.Walk, st *procedure.State, id procedure.WalkID, fresh bool, parties []string) {
		if st == nil || fresh || def.ID != procedure.Main && def.Resting(st) {
			return
		}
		x := Wait{Walk: id, State: st.ID, Since: since(s, id, st.ID), Parties: parties}
		for i := range st.Actions {
			a := &st.Actions[i]
			if len(a.To) == 0 && len(a.Moves) == 0 {
				continue
			}
			by := s.By(a)
			for _, actor := range by {
				if actor == procedure.Timer {
					continue
				}
				if a.Decision == procedure.Approve {
					x.Gate = true
				}
				people := s.Role(actor)
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
	})
	return ws
}

// timerDay is the day on which the next clock of the case acts by itself, 0 when none will: a clock whose act the case's
// states don't have waits outside the index until an event changes that.
func timerDay(s *rules.View) calendar.Date {
	if !decide.Acts(s.Edition) {
		return 0
	}
	var day calendar.Date
	for _, r := range s.Clocks() {
		if r.Def.OnExpiry == "" || r.Due == 0 || !(r.State == rules.RunningClock || r.State == rules.OverdueClock || r.State == rules.OverWindow) {
			continue
		}
		if d := r.Due.Add(1); (day == 0 || d < day) && len(decide.Spots(s.Edition, s.Case, r.Def.OnExpiry)) > 0 {
			day = d
		}
	}
	return day
}

// since is the day since which somebody stands at a state of a walk.
func since(s *rules.View, id procedure.WalkID, st procedure.StateID) calendar.Date {
	if id == procedure.Main && s.Case.Apart() {
		var day calendar.Date
		for _, p := range s.Case.Places {
			if p.State == st && (day == 0 || p.Since < day) {
				day = p.Since
			}
		}
		return day
	}
	if w := s.Case.Walk(id); w != nil {
		return w.Since
	}
	return 0
}
