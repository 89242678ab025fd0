package alert

import (
	"context"

	"dossier/engine/calendar"
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
