package plan

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"dossier/engine/calendar"
	"dossier/engine/ledger"
	"dossier/engine/office"
	"dossier/engine/refusal"
	"dossier/engine/text"
)

// KindOverride is the record of a superior's figures; its id is the quota's name, its data every [Override] of it.
const KindOverride = "quota"

// Override is a superior's figures for the periods that begin within From and To. Nothing of it is ever taken out: a later
// one goes before an earlier.
type Override struct {
	Figures
	From     calendar.Date   `json:"from"`
	To       calendar.Date   `json:"to"`
	Document string          `json:"document"` // the superior's, by its title or number
	Day      calendar.Date   `json:"day"`      // of the document
	By       office.PersonID `json:"by"`
	At       time.Time       `json:"at"`
}

// Overrides are a quota's, the oldest first.
func (b *Book) Overrides(q *Quota) ([]Override, error) {
	_, os, err := b.overrides(q)
	return os, err
}

func (b *Book) overrides(q *Quota) (seq uint64, os []Override, err error) {
	r, err := b.Engine.Store.Record(KindOverride, q.Name())
	if errors.Is(err, ledger.ErrNotFound) {
		return 0, nil, nil
	}
	if err != nil {
		return 0, nil, err
	}
	return r.Seq, os, json.Unmarshal(r.Data, &os)
}

// Override enters a superior's figures. Faults come as field-invalid with paths as in the JSON of [Override].
func (b *Book) Override(ctx context.Context, who office.PersonID, q *Quota, o Override) error {
	if err := b.allowed(who, q.regime); err != nil {
		return err
	}
	var fs []refusal.FieldFault
	wrong := func(path, why string, args refusal.Args) {
		fs = append(fs, refusal.FieldFault{Path: path, Code: refusal.FieldInvalid, Why: why, Args: args})
	}
	today := b.Engine.Today()
	if path, why := o.Figures.fault(); path != "" {
		wrong(path, why, nil)
	}
	if o.Figures.same(q.Figures) {
		wrong("times", "field.plan-same", nil)
	}
	switch {
	case o.From == 0:
		wrong("from", "field.required", nil)
	case o.To == 0:
		wrong("to", "field.required", nil)
	case o.To < o.From:
		wrong("to", "field.plan-backward", refusal.Args{"from": o.From.String()})
	}
	o.Document = strings.TrimSpace(o.Document)
	switch n := utf8.RuneCountInString(o.Document); {
	case n == 0:
		wrong("document", "field.required", nil)
	case n > 200:
		wrong("document", "field.long", refusal.Args{"max": "200", "have": strconv.Itoa(n)})
	default:
		if missing := b.Engine.Renderer.Missing(o.Document); len(missing) > 0 {
			wrong("document", "field.rune", refusal.Args{"runes": text.Runes(missing)})
		}
	}
	switch {
	case o.Day == 0:
		wrong("day", "field.required", nil)
	case o.Day > today:
		fs = append(fs, refusal.FieldFault{Path: "day", Code: refusal.FactInFuture, Why: string(refusal.FactInFuture), Args: refusal.Args{"day": o.Day.String(), "today": today.String()}})
	}
	if len(fs) > 0 {
		return &refusal.Error{Code: refusal.FieldInvalid, Fields: fs}
	}
	seq, os, err := b.overrides(q)
	if err != nil {
		return err
	}
	o.By, o.At = who, b.now()
	return b.keep(ctx, ledger.RecordWrite{Kind: KindOverride, ID: q.Name(), Read: seq}, append(os, o))
}

func (f Figures) same(g Figures) bool {
	return f.Times == g.Times && f.Objects == g.Objects && f.Share == g.Share && f.Each == g.Each && f.Staff == g.Staff && f.Ceiling == g.Ceiling &&
		slices.EqualFunc(f.Strata, g.Strata, func(a, b Share) bool { return a.Mark == b.Mark && a.Share == b.Share })
}

// figures are those that hold for an entry: a superior's, where one covers the beginning of the period and the list lets it win.
func (e Entry) figures(os []Override) (f Figures, by *Override, won bool) {
	f = e.Quota.Figures
	for i := range os {
		if os[i].From <= e.Period.Start && e.Period.Start <= os[i].To {
			by = &os[i]
		}
	}
	if by != nil && e.Quota.regime.Superior {
		return by.Figures, by, true
	}
	return f, by, false
}
