package alert

import (
	"context"

	"dossier/engine/calendar"
	"dossier/engine/office"
)

// Reach puts on record that a pass was made on a day, after everything that is committed now.
func (a *Alerts) Reach(ctx context.Context, day calendar.Date) error {
	from, err := a.progress()
	if err != nil {
		return err
	}
	to := progress{Day: day, Schedules: a.Engine.Office().Calendar.Version(), seq: from.seq}
	if to.Ledger, err = a.Engine.LastRow(); err != nil {
		return err
	}
	return a.keepProgress(ctx, from, to)
}

// Bundles parts messages for one person and channel into parcels, and gives how many are in each.
func (a *Alerts) Bundles(to office.PersonID, channel string, outs []Out) (sizes []int) {
	var all []entry
	var at []int
	for i, o := range outs {
		all, at = append(all, entry{Out: o}), append(at, i)
	}
	for _, b := range a.bundles(to, channel, all, at) {
		sizes = append(sizes, len(b))
	}
	return sizes
}

// Mailed is a parcel as a mail says it.
func (w Words) Mailed(p Parcel) (subject string, lines []string) { return w.digest(p, true) }
