package plan

import (
	"cmp"
	"slices"

	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/office"
)

// Look is one object as an entry sees it.
type Look struct {
	Unit    Unit
	Done    int             // checks of the entry's kinds in its present round
	Planned int             // those that are planned in it
	Due     calendar.Date   // of the first that is planned
	Case    casefile.CaseID // the last of them, planned or made
	Last    calendar.Date   // its last check of any kind
	Year    int             // visits of the period's year that the ceiling counts
}

// Looks are the objects of an entry's population, as its present round sees them.
func (b *Book) Looks(e Entry) ([]Look, error) {
	w, err := b.witness(e.Quota.regime, b.Engine.Today())
	if err != nil {
		return nil, err
	}
	p, err := w.progress(e)
	if err != nil {
		return nil, err
	}
	out := make([]Look, len(w.units))
	at := index(w.units)
	for i, u := range w.units {
		out[i].Unit = u
	}
	start, end := e.Period.Start, e.Period.End
	if r := p.open(); r != nil && !p.yearly() {
		start, end = r.Start, r.End
	}
	for i := range out {
		out[i].Last = w.lastOf(&out[i].Unit)
	}
	for _, v := range w.visits(e.Period.Year) {
		i, ok := at[v.Object]
		if !ok {
			continue
		}
		l := &out[i]
		if !v.Exempt {
			l.Year++
		}
		if !contains(e.Quota.Kinds, v.Kind) || v.on() < start || v.on() > end {
			continue
		}
		if v.Day != 0 {
			l.Done++
		} else {
			l.Planned++
			if l.Due == 0 || v.Due < l.Due {
				l.Due = v.Due
			}
		}
		l.Case = max(l.Case, v.Case)
	}
	return out, nil
}

// yearly tells whether one round is the whole period.
func (p Progress) yearly() bool { return p.Times <= 1 }

// Task is a check that waits for somebody.
type Task struct {
	Regime *Regime
	Unit   *Unit // nil where the registry has none of its name
	Object string
	Case   casefile.CaseID
	Kind   string
	Due    calendar.Date // 0: no plan said when
	Last   calendar.Date // the object's last check
}

// Tasks are the checks that are planned for the person, the soonest first, those without a day last.
func (b *Book) Tasks(who office.PersonID) ([]Task, error) {
	var out []Task
	for i := range b.Quotas.Regimes {
		r := &b.Quotas.Regimes[i]
		if !b.On(r) || !b.Engine.Office().Holds(who, r.Staff, b.Engine.Today()) {
			continue
		}
		w, err := b.witness(r, b.Engine.Today())
		if err != nil {
			return nil, err
		}
		at := index(w.units)
		for _, v := range w.waiting {
			if !v.by(who) || slices.ContainsFunc(out, func(t Task) bool { return t.Case == v.Case }) {
				continue
			}
			t := Task{Regime: r, Object: v.Object, Case: v.Case, Kind: v.Kind, Due: v.Due}
			if j, ok := at[v.Object]; ok {
				t.Unit = &w.units[j]
				t.Last = w.lastOf(t.Unit)
			}
			out = append(out, t)
		}
	}
	never := calendar.Date(1 << 30)
	slices.SortStableFunc(out, func(x, y Task) int { return cmp.Compare(cmp.Or(x.Due, never), cmp.Or(y.Due, never)) })
	return out, nil
}
