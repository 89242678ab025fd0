// Package desk is what people look at and type before they act: the case page, lists and search, the desk of a person, the
// blank of an action, what an action would bring, papers and their copies, and input that is only half typed. Nothing here
// changes a case, and what a person may not see is taken out here, once, for pages and API alike.
package desk

import (
	"context"
	"errors"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"dossier/engine"
	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/ledger"
	"dossier/engine/listing"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
	"dossier/engine/rules"
	"dossier/engine/search"
	"dossier/engine/typed"
)

// Find gives a page of the cases that the person may see, newest first, or by due day when that is asked.
func Find(e *engine.Engine, who office.PersonID, q Query) (Page, error) {
	if q.Limit <= 0 || q.Limit > 500 {
		q.Limit = 50
	}
	if q.Text != "" {
		if n, err := strconv.Atoi(q.After); q.After != "" && (err != nil || n < 1) {
			return Page{}, refusal.Parameter("after")
		}
		return searched(e, who, q)
	}
	today := e.Today()
	scan := ledger.Scan{Index: listing.IndexRow, Desc: true, After: q.After}
	switch {
	case q.Officer != "" && !q.Open: // what an officer ever had is far more than what is open
		scan.Index, scan.Prefix = listing.IndexOfficer, string(q.Officer)+"/"
	case q.Waiting != "":
		return waiting(e, who, q)
	case q.Overdue:
		scan = ledger.Scan{Index: listing.IndexDue, To: today.String(), After: q.After}
	case q.DueBefore != 0:
		scan = ledger.Scan{Index: listing.IndexDue, To: q.DueBefore.Add(1).String(), After: q.After}
	case q.State != "" && q.Workflow != "":
		scan.Index, scan.Prefix = listing.IndexState, string(q.Workflow)+"/"+string(q.State)+"/"
	case q.Open:
		scan.Index = listing.IndexOpen
	case q.Workflow != "":
		scan.Index, scan.Prefix = listing.IndexFlow, string(q.Workflow)+"/"
	}
	var page Page
	for {
		scan.Limit = q.Limit + 1
		es, err := e.Store.Scan(scan)
		if errors.Is(err, ledger.ErrNotFound) && scan.After == q.After {
			return page, refusal.Parameter("after")
		}
		if err != nil {
			return page, err
		}
		for _, en := range es {
			if len(page.Rows) == q.Limit {
				page.Next = scan.After
				return page, nil
			}
			scan.After = en.Cursor
			row, err := entryRow(e, en)
			if errors.Is(err, ledger.ErrNotFound) {
				continue
			}
			if err != nil {
				return page, err
			}
			if q.fits(row, today) && Shown(e, who, row) {
				page.Rows = append(page.Rows, row)
			}
		}
		if len(es) < scan.Limit {
			return page, nil
		}
	}
}

// Each calls f with every case that the query finds and the person may see, until f answers false.
func Each(e *engine.Engine, who office.PersonID, q Query, f func(listing.Row) bool) error {
	q.Limit = 500
	for {
		page, err := Find(e, who, q)
		if err != nil {
			return err
		}
		for _, row := range page.Rows {
			if !f(row) {
				return nil
			}
		}
		if q.After = page.Next; q.After == "" {
			return nil
		}
	}
}

// entryRow is the row that an index entry carries, else that of its case.
func entryRow(e *engine.Engine, en ledger.Entry) (listing.Row, error) {
	id := casefile.CaseID(procedure.Int(en.ID))
	if len(en.Value) > 0 {
		return e.DecodeRow(id, en.Value)
	}
	return e.RowOf(id)
}

// fits holds a row to what the query asks beside the index that was read.
func (q Query) fits(r listing.Row, today calendar.Date) bool {
	due := due(r)
	return (q.Workflow == "" || r.Workflow == q.Workflow) &&
		(q.State == "" || r.State == q.State || slices.ContainsFunc(r.Places, func(p casefile.Moved) bool { return p.State == q.State })) &&
		(q.Officer == "" || slices.Contains(r.Officers, q.Officer)) &&
		(!q.Overdue || due != 0 && due < today) &&
		(q.DueBefore == 0 || due != 0 && due <= q.DueBefore) &&
		(!q.Open || !r.Ended)
}

// due is the earliest due day of the row that is not a party's window.
func due(r listing.Row) calendar.Date {
	for _, k := range r.Clocks {
		if !k.Window && k.Due != 0 {
			return k.Due
		}
	}
	return 0
}

// Shown tells whether the person may see the row's case, without reading it.
func Shown(e *engine.Engine, who office.PersonID, r listing.Row) bool {
	if slices.Contains(r.Barred, who) {
		return false
	}
	ed := e.Workflow(r.Workflow)
	if ed == nil {
		return who == office.System || slices.Contains(r.Officers, who)
	}
	return takesPart(&r, who) || ofPosts(e, who, ed) || e.Office().Reads(who, r.EndDay, e.Today())
}

// takesPart tells whether the person is an officer of the case, or is waited for in it.
func takesPart(r *listing.Row, who office.PersonID) bool {
	return who == office.System || slices.Contains(r.Officers, who) ||
		slices.ContainsFunc(r.Waits, func(w listing.Wait) bool { return slices.Contains(w.People, who) })
}

// ofPosts tells whether the person holds, or was lent, a post that acts in a procedure: they may see its cases.
func ofPosts(e *engine.Engine, who office.PersonID, ed *procedure.Edition) bool {
	o, today := e.Office(), e.Today()
	return slices.ContainsFunc(ed.Actors(), func(a procedure.Actor) bool { return o.Holds(who, a, today) || len(o.Lent(who, a, today)) > 0 })
}

// Sees tells which of the open cases the person may see.
func Sees(e *engine.Engine, who office.PersonID) func(*listing.Row) bool {
	reads := e.Office().Reads(who, 0, e.Today())
	all := map[procedure.WorkflowID]bool{} // procedures of which the person sees each open case
	for _, ed := range e.Workflows() {
		all[ed.Def.ID] = reads || ofPosts(e, who, ed)
	}
	return func(r *listing.Row) bool {
		each, known := all[r.Workflow]
		return known && !slices.Contains(r.Barred, who) && (each || takesPart(r, who)) || !known && Shown(e, who, *r)
	}
}

// searched finds cases by number, part of a name or pinyin initials, the newest first; a number that is one case's on top.
func searched(e *engine.Engine, who office.PersonID, q Query) (Page, error) {
	var page Page
	today := e.Today()
	fits := func(row listing.Row) bool { return q.fits(row, today) && Shown(e, who, row) }
	exact, err := e.Resolve(q.Text)
	if err == nil && q.After == "" {
		if row, err := e.RowOf(exact); err == nil && fits(row) {
			page.Rows = append(page.Rows, row)
		}
	}
	named := map[int]bool{} // by a name that the person may read in the case
	if err := byName(e, who, q.Text, named); err != nil {
		return page, err
	}
	byPart, err := parts(e, q.Text)
	if err != nil {
		return page, err
	}
	found := append(append(asked(e, q), sighted(e, who)...), either(byPart, listed(slices.Sorted(maps.Keys(named)))))
	below := math.MaxInt
	if q.After != "" {
		below = procedure.Int(q.After)
	}
	for {
		n, err := found.next(below)
		if err != nil || n == 0 {
			return page, err
		}
		below = n
		if n == int(exact) {
			continue
		}
		row, err := e.RowOf(casefile.CaseID(n))
		if err != nil {
			continue
		}
		lines := strings.Join(append([]string{row.Number, row.Intake, row.Party}, row.Parties...), "\n")
		if !named[n] && !search.Match(lines, q.Text) || !fits(row) {
			continue
		}
		if len(page.Rows) >= q.Limit {
			page.Next = strconv.Itoa(n + 1)
			return page, nil
		}
		page.Rows = append(page.Rows, row)
	}
}

// byName adds the cases in which the text is the whole name of one of their people, for whom may read it there: that he
// looked for it is on record as another reading is.
func byName(e *engine.Engine, who office.PersonID, name string, found map[int]bool) error {
	name = typed.Fold(name)
	if name == "" {
		return nil
	}
	return eachEntry(e, listing.IndexPeople, name+"/", func(en ledger.Entry) error {
		n := procedure.Int(en.ID)
		d, _, veil, err := e.Look(who, casefile.CaseID(n))
		if refusal.As(err) != nil {
			return nil
		}
		if err != nil || !slices.Contains(listing.People(d.Edition, d.Case), name) {
			return err
		}
		found[n] = true
		if veil != casefile.Open || slices.Contains(listing.People(d.Edition, casefile.Masked(d.Edition, d.Case, casefile.Veiled)), name) {
			return nil // it is no secret
		}
		return noteRead(context.Background(), e, d, who, BySearch, 0)
	})
}

// waiting are the cases in which a walk waits for the person: by name, by post, or by a post lent to them.
func waiting(e *engine.Engine, who office.PersonID, q Query) (Page, error) {
	desk, err := Of(e, q.Waiting)
	if err != nil {
		return Page{}, err
	}
	rows := append(append(slices.Clone(desk.Gates), desk.Tasks...), desk.Lent...)
	rows = slices.DeleteFunc(rows, func(r listing.Row) bool { return !q.fits(r, e.Today()) || !Shown(e, who, r) })
	return Page{Rows: rows}, nil
}

// Desk is a person's day: what waits for them, in the order of what runs out first.
type Desk struct {
	Gates   []listing.Row // approvals waiting for me
	Tasks   []listing.Row // other steps that wait for me
	Due     []listing.Row // of these, due today
	Overdue []listing.Row // of these, overdue
	Lent    []listing.Row // waiting for somebody whom I stand in for
	Mine    []listing.Row // open cases in which I am an officer
}

// Similar are the open cases of the same party, shown at intake.
func Similar(e *engine.Engine, who office.PersonID, w procedure.WorkflowID, employer string) ([]listing.Row, error) {
	if typed.Fold(employer) == "" {
		return nil, nil
	}
	all, err := OfParty(e, who, employer)
	return slices.DeleteFunc(all, func(r listing.Row) bool { return r.Ended || w != "" && r.Workflow != w }), err
}

// OfParty are the cases that have a party of this name, as far as the person may see them, the newest first.
func OfParty(e *engine.Engine, who office.PersonID, name string) ([]listing.Row, error) {
	var rows []listing.Row
	is := func(party string) bool { return typed.Fold(party) == typed.Fold(name) }
	found, err := begun(e, search.Whole(name)+"/", search.Whole(name))
	for n := math.MaxInt; err == nil; {
		if n, err = found.next(n); err != nil || n == 0 {
			break
		}
		row, fault := e.RowOf(casefile.CaseID(n))
		if fault != nil && !errors.Is(fault, ledger.ErrNotFound) {
			return nil, fault
		}
		if fault == nil && (is(row.Party) || slices.ContainsFunc(row.Parties, is)) && Shown(e, who, row) {
			rows = append(rows, row)
		}
	}
	return rows, err
}

// Of gathers what waits for the person.
func Of(e *engine.Engine, who office.PersonID) (*Desk, error) {
	o, today := e.Office(), e.Today()
	p := o.Person(who)
	if p == nil {
		return nil, refusal.New(refusal.NotFound, refusal.Args{"what": "person", "id": string(who)})
	}
	open, err := e.Open()
	if err != nil {
		return nil, err
	}
	d := &Desk{}
	seen := map[casefile.CaseID]bool{}
	take := func(whom string, own bool) {
		for _, r := range open.Waiting(whom) {
			row := *r
			if seen[row.ID] || slices.Contains(row.Barred, who) {
				continue
			}
			seen[row.ID] = true
			mine := func(w listing.Wait) bool {
				return slices.Contains(w.People, who) || slices.ContainsFunc(w.Posts, func(a procedure.Actor) bool { return p.Holds(a, today) })
			}
			if !own {
				d.Lent = append(d.Lent, byPlace(row, func(w listing.Wait) bool { return !mine(w) })...)
				continue
			}
			for _, row := range byPlace(row, mine) {
				d.take(row, mine, today)
			}
		}
	}
	take("@"+string(who), true)
	for _, h := range p.Posts {
		if p.Holds(h.Post, today) {
			take(string(h.Post), true)
		}
	}
	for _, l := range o.Delegations() {
		if l.To == who && len(o.Lent(who, l.Post, today)) > 0 {
			take(string(l.Post), false)
		}
	}
	mine := open.Of(who)
	d.Mine = make([]listing.Row, len(mine))
	for i, r := range mine {
		d.Mine[i] = *r
	}
	for _, rows := range [][]listing.Row{d.Gates, d.Tasks, d.Due, d.Overdue, d.Mine, d.Lent} {
		SoonestFirst(rows)
	}
	return d, nil
}

// OpenCasesOf is in how many open cases the person is an officer.
func OpenCasesOf(e *engine.Engine, who office.PersonID) (int, error) {
	open, err := e.Open()
	return len(open.Of(who)), err
}

// take puts a row of what waits for the person where it belongs.
func (d *Desk) take(row listing.Row, mine func(listing.Wait) bool, today calendar.Date) {
	if slices.ContainsFunc(row.Waits, func(w listing.Wait) bool { return w.Gate && mine(w) }) {
		d.Gates = append(d.Gates, row)
	} else {
		d.Tasks = append(d.Tasks, row)
	}
	switch due := due(row); {
	case due == 0:
	case due == today:
		d.Due = append(d.Due, row)
	case due < today:
		d.Overdue = append(d.Overdue, row)
	}
}

// byPlace is the row once for each place at which respondents wait for whom it is asked, with their names and clocks; of a
// case that moves as one, the row itself.
func byPlace(r listing.Row, mine func(listing.Wait) bool) []listing.Row {
	apart := slices.ContainsFunc(r.Waits, func(w listing.Wait) bool { return w.Parties != nil })
	var out []listing.Row
	for _, w := range r.Waits {
		if !apart || !mine(w) {
			continue
		}
		x := r
		x.Waits = []listing.Wait{w}
		if w.Parties != nil {
			x.Party, x.State, x.Since, x.Places = rules.JoinWords(w.Parties), w.State, w.Since, nil
			x.Clocks = slices.DeleteFunc(slices.Clone(r.Clocks), func(k listing.RowClock) bool { return !casefile.Overlap(k.Of, w.Parties) })
		}
		out = append(out, x)
	}
	if len(out) == 0 {
		return []listing.Row{r}
	}
	return out
}

// EachRow calls f with every case that an index lists under a prefix, as a list shows it, in the order of the keys.
func EachRow(e *engine.Engine, index, prefix string, f func(listing.Row)) error {
	return eachEntry(e, index, prefix, func(en ledger.Entry) error {
		row, err := entryRow(e, en)
		if errors.Is(err, ledger.ErrNotFound) {
			return nil
		}
		if err == nil {
			f(row)
		}
		return err
	})
}

// eachEntry calls f with every entry of an index under a prefix, in the order of the keys.
func eachEntry(e *engine.Engine, index, prefix string, f func(ledger.Entry) error) error {
	scan := ledger.Scan{Index: index, Prefix: prefix, Limit: 1000}
	for {
		es, err := e.Store.Scan(scan)
		if err != nil {
			return err
		}
		for _, en := range es {
			scan.After = en.Cursor
			if err := f(en); err != nil {
				return err
			}
		}
		if len(es) < scan.Limit {
			return nil
		}
	}
}

// HasCases tells whether a person has or had a case as an officer.
func HasCases(e *engine.Engine, who office.PersonID) (bool, error) {
	found, err := e.Store.Scan(ledger.Scan{Index: listing.IndexOfficer, Prefix: string(who) + "/", Limit: 1})
	return len(found) > 0, err
}
