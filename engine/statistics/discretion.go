package statistics

import (
	"cmp"
	"slices"

	"dossier/engine/calendar"
	"dossier/engine/ledger"
	"dossier/engine/listing"
	"dossier/engine/penalty"
)

// Decided is one violation that was decided on, with the sums between which its tier lay; both zero where its standard is
// no longer known.
type Decided struct {
	listing.Charge
	Low, High penalty.Fen
	Known     bool
}

// Above is how far the fine lies from the tier's lower end, in percent of the tier's width; false where the tier has no width
// or there was no fine.
func (d *Decided) Above() (percent int, ok bool) {
	fine := penalty.Fen(d.Fine)
	if !d.Known || d.High <= d.Low || fine < d.Low || fine == 0 {
		return 0, false
	}
	return int((fine - d.Low) * 100 / (d.High - d.Low)), true
}

// Deviates tells whether another sum than the proposed one was decided; of a standard that is no longer known the reason tells.
func (d *Decided) Deviates() bool {
	if !d.Known {
		return d.Reason != ""
	}
	return d.Fine != 0 && penalty.Fen(d.Fine) != d.Low
}

// Discretion are the violations decided on by one standard, all where id is "", in a period; the newest first. Entries that
// can't be read are left out and counted.
func (b *Book) Discretion(id penalty.ID, from, to calendar.Date) (all []Decided, unread int, err error) {
	o := b.Engine.Office()
	scan := ledger.Scan{Index: listing.IndexCharge, Limit: 5000}
	if id != "" {
		scan.Prefix = string(id) + "/"
	}
	proportions := map[calendar.Date]penalty.Rules{}
	for {
		es, err := b.Engine.Store.Scan(scan)
		if err != nil {
			return nil, 0, err
		}
		for _, en := range es {
			c, err := listing.ReadCharge(en.Value)
			if err != nil {
				unread++
				continue
			}
			if c.Decided < from || c.Decided > to {
				continue
			}
			d := Decided{Charge: c}
			if _, known := proportions[c.Decided]; !known {
				proportions[c.Decided] = penalty.Proportions(func(name string) string { return o.Text(name, c.Decided) })
			}
			if o.Standards != nil {
				if a := d.Answer(o.Standards, proportions[c.Decided]); a != nil {
					d.Low, d.High, d.Known = a.Low, a.High, true
				}
			}
			all = append(all, d)
		}
		if len(es) < scan.Limit {
			break
		}
		scan.After = es[len(es)-1].Cursor
	}
	slices.SortStableFunc(all, func(x, y Decided) int { return cmp.Or(cmp.Compare(y.Decided, x.Decided), cmp.Compare(y.Case, x.Case)) })
	return all, unread, nil
}
