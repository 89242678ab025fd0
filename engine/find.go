package engine

import (
	"context"
	"dossier/engine/calendar"
	"dossier/engine/search"
	"errors"
	"slices"
	"strconv"
	"strings"
)

// Find gives a page of the cases that the person may see, newest first, or by due day when that is asked.
func (e *Engine) Find(_ context.Context, who PersonID, q Query) (Page, error) {
	if q.Limit <= 0 || q.Limit > 500 {
		q.Limit = 50
	}
	if q.Text != "" {
		return e.search(who, q)
	}
	today := e.Today()
	scan := Scan{Index: indexRow, Desc: true, After: q.After}
	switch {
	case q.Officer != "":
		scan.Index, scan.Prefix = indexOfficer, string(q.Officer)+"/"
	case q.Waiting != "":
		return e.waiting(who, q)
	case q.Overdue:
		scan = Scan{Index: indexDue, To: today.String(), After: q.After}
	case q.DueBefore != 0:
		scan = Scan{Index: indexDue, To: q.DueBefore.Add(1).String(), After: q.After}
	case q.State != "" && q.Workflow != "":
		scan.Index, scan.Prefix = indexState, string(q.Workflow)+"/"+string(q.State)+"/"
	case q.Workflow != "":
		scan.Index, scan.Prefix = indexFlow, string(q.Workflow)+"/"
	case q.Open:
		scan.Index = indexOpen
	}
	var page Page
	for {
		scan.Limit = q.Limit + 1
		es, err := e.Store.Scan(scan)
		if err != nil {
			return page, err
		}
		for _, en := range es {
			if len(page.Rows) == q.Limit {
				page.Next = scan.After
				return page, nil
			}
			scan.After = en.Cursor
			row, err := e.entryRow(en)
			if errors.Is(err, ErrNotFound) {
				continue
			}
			if err != nil {
				return page, err
			}
			if q.fits(row, today) && e.shown(who, row) {
				page.Rows = append(page.Rows, row)
			}
		}
		if len(es) < scan.Limit {
			return page, nil
		}
	}
}

func (e *Engine) entryRow(en Entry) (Row, error) {
	if en.Index == indexRow {
		return e.decodeRow(en.Value)
	}
	return e.rowOf(CaseID(atoi(en.ID)))
}

// fits holds a row to what the query asks beside the index that was read.
func (q Query) fits(r Row, today calendar.Date) bool {
	due := r.due()
	return (q.Workflow == "" || r.Workflow == q.Workflow) &&
		(q.State == "" || r.State == q.State) &&
		(q.Officer == "" || slices.Contains(r.Officers, q.Officer)) &&
		(!q.Overdue || due != 0 && due < today) &&
		(q.DueBefore == 0 || due != 0 && due <= q.DueBefore) &&
		(!q.Open || !r.Ended)
}

// due is the earliest due day of the row that is not a party's window.
func (r Row) due() calendar.Date {
	for _, k := range r.Clocks {
		if !k.Window && k.Due != 0 {
			return k.Due
		}
	}
	return 0
}

// shown tells whether the person may see the row's case, without reading it.
func (e *Engine) shown(who PersonID, r Row) bool {
	if slices.Contains(r.Barred, who) {
		return false
	}
	if who == System || slices.Contains(r.Officers, who) {
		return true
	}
	ed := e.Workflow(r.Workflow)
	if ed == nil {
		return false
	}
	for _, w := range r.Waits {
		if slices.Contains(w.People, who) {
			return true
		}
	}
	o, today := e.Office(), e.Today()
	for _, a := range ed.Def.posts() {
		if o.Holds(who, a, today) || len(o.Lent(who, a, today)) > 0 {
			return true
		}
	}
	return false
}

// search finds cases by number, part of a name or pinyin initials.
func (e *Engine) search(who PersonID, q Query) (Page, error) {
	var page Page
	seen := map[string]bool{}
	today := e.Today()
	if id, err := e.Resolve(context.Background(), q.Text); err == nil {
		if row, err := e.rowOf(id); err == nil && q.fits(row, today) && e.shown(who, row) {
			page.Rows = append(page.Rows, row)
			seen[strconv.Itoa(int(id))] = true
		}
	}
	for _, terms := range search.Query(q.Text) {
		var common map[string]bool
		for _, term := range terms {
			hits := map[string]bool{}
			scan := Scan{Index: indexSearch, Prefix: term + "/", Limit: 5000, Desc: true}
			es, err := e.Store.Scan(scan)
			if err != nil {
				return page, err
			}
			for _, en := range es {
				if common == nil || common[en.ID] {
					hits[en.ID] = true
				}
			}
			common = hits
			if len(common) == 0 {
				break
			}
		}
		ids := make([]int, 0, len(common))
		for id := range common {
			ids = append(ids, atoi(id))
		}
		slices.Sort(ids)
		slices.Reverse(ids)
		for _, n := range ids {
			id := strconv.Itoa(n)
			if seen[id] || len(page.Rows) >= q.Limit {
				continue
			}
			seen[id] = true
			row, err := e.rowOf(CaseID(n))
			if err != nil {
				continue
			}
			lines := strings.Join([]string{row.Number, row.Intake, row.Party}, "\n")
			if search.Match(lines, q.Text) && q.fits(row, today) && e.shown(who, row) {
				page.Rows = append(page.Rows, row)
			}
		}
	}
	return page, nil
}

// waiting are the cases in which a walk waits for the person: by name, by post, or by a post lent to them.
func (e *Engine) waiting(who PersonID, q Query) (Page, error) {
	desk, err := e.Desk(context.Background(), q.Waiting)
	if err != nil {
		return Page{}, err
	}
	rows := append(append(slices.Clone(desk.Gates), desk.Tasks...), desk.Lent...)
	rows = slices.DeleteFunc(rows, func(r Row) bool { return !q.fits(r, e.Today()) || !e.shown(who, r) })
	return Page{Rows: rows}, nil
}

// Desk is a person's day: what waits for them, in the order of what runs out first.
type Desk struct {
	Gates   []Row // approvals waiting for me
	Tasks   []Row // other steps that wait for me
	Due     []Row // of these, due today
	Overdue []Row // of these, overdue
	Lent    []Row // waiting for somebody whom I stand in for
	Mine    int   // open cases in which I am an officer
}

// Similar are the open cases of the same party, shown at intake.
func (e *Engine) Similar(_ context.Context, who PersonID, w WorkflowID, employer string) ([]Row, error) {
	if employer == "" {
		return nil, nil
	}
	es, err := e.Store.Scan(Scan{Index: indexEmployer, Prefix: employer + "/", Limit: 20, Desc: true})
	if err != nil {
		return nil, err
	}
	var rows []Row
	for _, en := range es {
		if row, err := e.entryRow(en); err == nil && !row.Ended && (w == "" || row.Workflow == w) && e.shown(who, row) {
			rows = append(rows, row)
		}
	}
	return rows, nil
}

// Desk gathers what waits for the person.
func (e *Engine) Desk(_ context.Context, who PersonID) (*Desk, error) {
	o, today := e.Office(), e.Today()
	p := o.Person(who)
	if p == nil {
		return nil, fail(NotFound, Args{"what": "person", "id": string(who)})
	}
	d := &Desk{}
	seen := map[CaseID]bool{}
	take := func(prefix string, own bool) error {
		es, err := e.Store.Scan(Scan{Index: indexWait, Prefix: prefix + "/", Limit: 500})
		if err != nil {
			return err
		}
		for _, en := range es {
			row, err := e.entryRow(en)
			if err != nil || seen[row.ID] || slices.Contains(row.Barred, who) {
				continue
			}
			seen[row.ID] = true
			if !own {
				d.Lent = append(d.Lent, row)
				continue
			}
			gate := slices.ContainsFunc(row.Waits, func(w Wait) bool {
				return w.Gate && (slices.Contains(w.People, who) || slices.ContainsFunc(w.Posts, func(a Actor) bool { return p.Holds(a, today) }))
			})
			if gate {
				d.Gates = append(d.Gates, row)
			} else {
				d.Tasks = append(d.Tasks, row)
			}
			switch due := row.due(); {
			case due == 0:
			case due == today:
				d.Due = append(d.Due, row)
			case due < today:
				d.Overdue = append(d.Overdue, row)
			}
		}
		return nil
	}
	if err := take("@"+string(who), true); err != nil {
		return nil, err
	}
	for _, h := range p.Posts {
		if p.Holds(h.Post, today) {
			if err := take(string(h.Post), true); err != nil {
				return nil, err
			}
		}
	}
	for _, l := range o.Delegations() {
		if l.To == who && len(o.Lent(who, l.Post, today)) > 0 {
			if err := take(string(l.Post), false); err != nil {
				return nil, err
			}
		}
	}
	es, err := e.Store.Scan(Scan{Index: indexOfficer, Prefix: string(who) + "/", Limit: 1000})
	if err != nil {
		return nil, err
	}
	for _, en := range es {
		if row, err := e.entryRow(en); err == nil && !row.Ended {
			d.Mine++
		}
	}
	soonest := func(a, b Row) int {
		far := func(r Row) calendar.Date {
			if d := r.due(); d != 0 {
				return d
			}
			return 1 << 30
		}
		return int(far(a)) - int(far(b))
	}
	for _, rows := range []*[]Row{&d.Gates, &d.Tasks, &d.Due, &d.Overdue, &d.Lent} {
		slices.SortStableFunc(*rows, soonest)
	}
	return d, nil
}

// eachRow calls f with every case that an index lists under a prefix, as a list shows it, in the order of the keys.
func (e *Engine) eachRow(index, prefix string, f func(Row)) error {
	scan := Scan{Index: index, Prefix: prefix, Limit: 500}
	for {
		es, err := e.Store.Scan(scan)
		if err != nil {
			return err
		}
		for _, en := range es {
			scan.After = en.Cursor
			row, err := e.entryRow(en)
			if errors.Is(err, ErrNotFound) {
				continue
			}
			if err != nil {
				return err
			}
			f(row)
		}
		if len(es) < scan.Limit {
			return nil
		}
	}
}
