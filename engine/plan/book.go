package plan

import "dossier/engine/calendar"

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
