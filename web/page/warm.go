package page

import (
	"context"

	"dossier/engine/calendar"
	"dossier/engine/statistics"
)

// Warm reads what the first pages after a start ask for, so that the first look is as fast as the second: the pages
// themselves, the rows of what is open, the checks that quotas count, the facts of this year, of the last and of the one that the last is set beside. It reads a part at
// a time, so that whoever asks meanwhile waits for no more than that, and ends with the context.
func (s *Site) Warm(ctx context.Context) error {
	s.Pages()
	if _, err := s.Engine.Open(); err != nil {
		return err
	}
	year, month, _ := s.Engine.Today().YMD()
	plans := s.Options.Plans
	for i := range plans.Quotas.Regimes {
		r := &plans.Quotas.Regimes[i]
		if ctx.Err() != nil || !plans.On(r) {
			continue
		}
		if _, err := plans.Visits(r, year); err != nil {
			return err
		}
	}
	for first := calendar.Of(year, month, 1); first >= calendar.Of(year-2, 1, 1); { // the latest month first
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if _, err := s.Statistics.Answer(statistics.Query{From: first, To: first}); err != nil {
			return err
		}
		y, m, _ := first.Add(-1).YMD()
		first = calendar.Of(y, m, 1)
	}
	if ctx.Err() == nil {
		if _, err := plans.Calendar(year); err != nil {
			return err
		}
	}
	return ctx.Err()
}
