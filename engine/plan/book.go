package plan

import (
	"slices"
	"strconv"
	"strings"
	"sync"

	"dossier/engine"
	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/ledger"
	"dossier/engine/listing"
	"dossier/engine/procedure"
)

// fieldRound is the case's value that names the action that a check belongs to.
const fieldRound procedure.FieldID = "round"

// seen keeps what cases told, until they move: a plan looks at all checks of a regime, and few of them move between two looks.
type seen struct {
	sync.Mutex
	listener *engine.Listener
	visits   map[casefile.CaseID]map[string][]Visit // by regime
}

// Visits are the checks of a regime as its cases tell them: one for each day on which its fact was set, and one that is
// planned of each open case in which it wasn't yet.
func (b *Book) Visits(r *Regime) ([]Visit, error) {
	b.seen.Lock()
	defer b.seen.Unlock()
	b.forget()
	planned, err := b.planned(r)
	if err != nil {
		return nil, err
	}
	var out []Visit
	for _, w := range r.Workflows {
		if b.Engine.Workflow(procedure.WorkflowID(w)) == nil {
			continue
		}
		scan := ledger.Scan{Index: listing.IndexFlow, Prefix: w + "/", Limit: 1000}
		for {
			es, err := b.Engine.Store.Scan(scan)
			if err != nil {
				return nil, err
			}
			for _, en := range es {
				scan.After = en.Cursor
				n, err := strconv.ParseInt(en.ID, 10, 64)
				if err != nil {
					return nil, err
				}
				vs, err := b.told(r, casefile.CaseID(n))
				if err != nil {
					return nil, err
				}
				for _, v := range vs {
					if p, ok := planned[v.Case]; ok {
						v.Due, v.Nth = p.day, p.nth
					}
					out = append(out, v)
				}
			}
			if len(es) < scan.Limit {
				break
			}
		}
	}
	return out, nil
}

// forget lets go of what was seen of cases that have moved since.
func (b *Book) forget() {
	if b.seen.listener == nil {
		b.seen.listener, b.seen.visits = b.Engine.Listen(), map[casefile.CaseID]map[string][]Visit{}
	}
	ids, _ := b.seen.listener.Take()
	for _, id := range ids {
		if id == 0 { // any
			clear(b.seen.visits)
		}
		delete(b.seen.visits, id)
	}
}

// told is what a case tells of its visits, read once.
func (b *Book) told(r *Regime, id casefile.CaseID) ([]Visit, error) {
	if vs, ok := b.seen.visits[id][r.Name]; ok {
		return vs, nil
	}
	d, err := b.Engine.Read(id)
	if err != nil {
		return nil, err
	}
	vs := r.visits(d.Case, d.Edition.Def.Terms.Officers)
	if b.seen.visits[id] == nil {
		b.seen.visits[id] = map[string][]Visit{}
	}
	b.seen.visits[id][r.Name] = vs
	return vs, nil
}

// visits are the checks of one case, by those who have the role in it.
func (r *Regime) visits(c *casefile.Case, officers procedure.Actor) []Visit {
	v := Visit{Case: c.ID, Kind: c.Shared[r.Kind].Text, Asked: calendar.In(c.Opened), Round: c.Shared[fieldRound].Text,
		Exempt: slices.Contains(r.Exempt, c.Shared[r.Source].Text)}
	for _, f := range r.Unit {
		if v.Object = c.Shared[f].Text; v.Object != "" {
			break
		}
	}
	var team []string
	for _, p := range c.Roles[officers] {
		team = append(team, string(p))
	}
	slices.Sort(team)
	v.Team = strings.Join(team, " ")
	var out []Visit
	for _, d := range c.Days {
		if d.Fact == r.Fact && d.Void == 0 {
			x := v
			x.Day = d.Day
			out = append(out, x)
		}
	}
	if len(out) == 0 && c.Ended == 0 {
		out = append(out, v)
	}
	return out
}

// Read says where every entry that a day lies in stands, in the list's order; of a year's, those that are over too.
func (b *Book) Read(day calendar.Date) ([]Progress, error) {
	var out []Progress
	err := b.each(b.Engine.Today(), func(q *Quota, w *witness) error {
		p, err := w.progress(Entry{q, q.At(day)})
		out = append(out, p)
		return err
	})
	return out, err
}

// Calendar is where each quota stands in each period of a year, in the list's order. Of a year that is over, the
// population is the one of its last day.
func (b *Book) Calendar(year int) ([][]Progress, error) {
	var out [][]Progress
	err := b.each(min(b.Engine.Today(), calendar.Of(year, 12, 31)), func(q *Quota, w *witness) error {
		ps, err := w.year(q, year)
		out = append(out, ps)
		return err
	})
	return out, err
}

// each goes through the quotas of the regimes that are on, each with what the record says of its regime.
func (b *Book) each(on calendar.Date, f func(*Quota, *witness) error) error {
	for i := range b.Quotas.Regimes {
		r := &b.Quotas.Regimes[i]
		if !b.On(r) {
			continue
		}
		w, err := b.witness(r, on)
		if err != nil {
			return err
		}
		for j := range r.Quotas {
			if err := f(&r.Quotas[j], w); err != nil {
				return err
			}
		}
	}
	return nil
}

// Progress is where one entry stands today.
func (b *Book) Progress(e Entry) (Progress, error) {
	w, err := b.witness(e.Quota.regime, b.Engine.Today())
	if err != nil {
		return Progress{}, err
	}
	return w.progress(e)
}

// witness is what the record says of a regime.
type witness struct {
	*Book
	units  []Unit
	visits []Visit
}

func (b *Book) witness(r *Regime, on calendar.Date) (*witness, error) {
	visits, err := b.Visits(r)
	if err != nil {
		return nil, err
	}
	units, err := b.Units(r.Of, on)
	return &witness{b, units, visits}, err
}

func (w *witness) year(q *Quota, year int) ([]Progress, error) {
	var out []Progress
	for _, p := range q.Of(year) {
		x, err := w.progress(Entry{q, p})
		if err != nil {
			return nil, err
		}
		out = append(out, x)
	}
	return out, nil
}

func (w *witness) progress(e Entry) (Progress, error) {
	os, err := w.Overrides(e.Quota)
	if err != nil {
		return Progress{}, err
	}
	f, by, won := e.figures(os)
	p := Count(e, f, w.units, w.visits, w.Engine.Today())
	p.Override, p.Won = by, won
	return p, nil
}
