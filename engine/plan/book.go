package plan

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"dossier/engine"
	"dossier/engine/calendar"
	"dossier/engine/change"
	"dossier/engine/ledger"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
)

// Book is the quotas of an office with what its record says of them.
type Book struct {
	Engine *engine.Engine
	Quotas *Quotas
	// Units are the objects of these kinds of the registry, those that are supervised on a day.
	Units func(kinds []string, on calendar.Date) ([]Unit, error)

	// Press is how long a press opens checks itself. Left is told of what it leaves to [Book.GoOn]; nil: it leaves nothing.
	Press time.Duration
	Left  func()

	seen seen
	idle bool        // nothing was left when GoOn ended
	mark ledger.Mark // where it has read to
}

// On tells whether a regime is switched on.
func (b *Book) On(r *Regime) bool {
	return b.Engine.Office().Runs(r.Group, b.Engine.Today())
}

// May tells whether the person plans for the regime: by a post of their own, or one that is lent to them.
func (b *Book) May(who office.PersonID, r *Regime) bool { return b.holds(who, r.Plans) }

func (b *Book) holds(who office.PersonID, posts []procedure.Actor) bool {
	o, today := b.Engine.Office(), b.Engine.Today()
	return slices.ContainsFunc(posts, func(post procedure.Actor) bool {
		return o.Holds(who, post, today) || len(o.Lent(who, post, today)) > 0
	})
}

func joined(posts []procedure.Actor) string {
	out := make([]string, len(posts))
	for i, p := range posts {
		out[i] = string(p)
	}
	return strings.Join(out, "、")
}

// allowed refuses whoever doesn't plan for the regime, and a regime that is off.
func (b *Book) allowed(who office.PersonID, r *Regime) error {
	if !b.On(r) {
		return &refusal.Error{Code: refusal.ConditionUnmet, Conditions: []refusal.Condition{{Code: "regime-off", Args: refusal.Args{"regime": r.Title.ZH, "setting": office.SettingRegimes}}}}
	}
	if !b.May(who, r) {
		return &refusal.Error{Code: refusal.NotYourGate, Args: refusal.Args{"by": joined(r.Plans), "action": r.Title.ZH + "检查计划"}}
	}
	return nil
}

// Find finds an entry whose regime is on; not-found.
func (b *Book) Find(id string) (Entry, error) {
	e, ok := b.Quotas.Find(id, b.Engine.Today())
	if !ok || !b.On(e.Quota.regime) {
		return e, &refusal.Error{Code: refusal.NotFound, Args: refusal.Args{"what": "plan", "id": id}}
	}
	return e, nil
}

// keep writes v as the next version of a ledgered record, with what stands beside it; case-moved-on when somebody was faster.
func (b *Book) keep(ctx context.Context, w ledger.RecordWrite, v any, beside ...ledger.RecordWrite) error {
	data, err := json.Marshal(v)
	if err != nil {
		return err
	}
	w.Data, w.Ledgered = data, true
	return engine.MovedOn(change.KeepRecords(ctx, b.Engine, append(beside, w)...))
}

func (b *Book) now() time.Time { return b.Engine.Now().UTC().Truncate(time.Second) }

func unmet(code refusal.Code, args refusal.Args) error {
	return &refusal.Error{Code: refusal.ConditionUnmet, Conditions: []refusal.Condition{{Code: code, Args: args}}}
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
