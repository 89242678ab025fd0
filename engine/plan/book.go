package plan

import (
	"slices"
	"strconv"
	"strings"

	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/decide"
	"dossier/engine/ledger"
	"dossier/engine/procedure"
)

// fieldRound is the case's value that names the draw or action that a check belongs to.
const fieldRound procedure.FieldID = "round"

// Visits are the checks of a regime as its cases tell them: one for each day on which its fact was set, and one that is
// planned of each open case in which it wasn't yet.
func (b *Book) Visits(r *Regime) ([]Visit, error) {
	var out []Visit
	for _, w := range r.Workflows {
		if b.Engine.Workflow(procedure.WorkflowID(w)) == nil {
			continue
		}
		scan := ledger.Scan{Index: "flow", Prefix: w + "/", Limit: 1000}
		for {
			es, err := b.Engine.Store.Scan(scan)
			if err != nil {
				return nil, err
			}
			for _, en := range es {
				scan.After = en.Cursor
				d, err := b.caseOf(en.ID)
				if err != nil {
					return nil, err
				}
				out = append(out, r.visits(d.Case, d.Edition.Def.Terms.Officers)...)
			}
			if len(es) < scan.Limit {
				break
			}
		}
	}
	return out, nil
}

func (b *Book) caseOf(id string) (*decide.Docket, error) {
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		return nil, err
	}
	return b.Engine.Read(casefile.CaseID(n))
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
	for i := range b.Quotas.Regimes {
		r := &b.Quotas.Regimes[i]
		if !b.On(r) {
			continue
		}
		w, err := b.witness(r)
		if err != nil {
			return nil, err
		}
		for j := range r.Quotas {
			p, err := w.progress(Entry{&r.Quotas[j], r.Quotas[j].At(day)})
			if err != nil {
				return nil, err
			}
			out = append(out, p)
		}
	}
	return out, nil
}

// Year is where a quota stands in each period of a year.
func (b *Book) Year(q *Quota, year int) ([]Progress, error) {
	w, err := b.witness(q.regime)
	if err != nil {
		return nil, err
	}
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

// Progress is where one entry stands today.
func (b *Book) Progress(e Entry) (Progress, error) {
	w, err := b.witness(e.Quota.regime)
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

func (b *Book) witness(r *Regime) (*witness, error) {
	visits, err := b.Visits(r)
	if err != nil {
		return nil, err
	}
	units, err := b.Units(r.Of, b.Engine.Today())
	return &witness{b, units, visits}, err
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
