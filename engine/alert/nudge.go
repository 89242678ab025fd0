package alert

import (
	"context"
	"errors"
	"slices"
	"time"

	"dossier/engine/casefile"
	"dossier/engine/desk"
	"dossier/engine/ledger"
	"dossier/engine/listing"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
)

// NudgedAlready refuses a second nudge of one case on one day; Args "by" and "at" say of the first.
const NudgedAlready refusal.Code = "nudged-already"

// NobodyToNudge refuses a nudge of a case that waits for nobody but the person.
const NobodyToNudge refusal.Code = "nobody-to-nudge"

// Nudge (催办) tells the people that a case waits for that somebody waits for them. It is on record, and once a day a case.
// Whoever may see the case may nudge, and gives nobody a message of their own.
func (a *Alerts) Nudge(ctx context.Context, who office.PersonID, id casefile.CaseID) ([]office.PersonID, error) {
	w, err := desk.Awaited(a.Engine, who, id)
	if err != nil {
		return nil, err
	}
	w.Clock, w.Title = NudgeClock, procedure.Label{ZH: "催办", EN: "Nudge"}
	all := w.To
	w.To = slices.DeleteFunc(slices.Clone(all), func(r listing.Recipient) bool { return r.Person == who })
	if len(w.To) == 0 {
		return nil, refuse(NobodyToNudge, nil)
	}
	book, err := a.OfCase(ctx, id)
	if err != nil {
		return nil, err
	}
	for _, t := range book {
		if t.Clock == NudgeClock && t.Due == w.Due {
			return nil, refuse(NudgedAlready, refusal.Args{"by": a.Engine.Office().Name(t.By), "at": t.At.In(zone).Format("15:04")})
		}
	}
	now := a.Engine.Now().UTC().Truncate(time.Second)
	// The mark of the day is what a second nudge at the same moment runs into, whoever it would go to.
	writes := []ledger.RecordWrite{{Kind: kindNudge, ID: key(w, listing.Recipient{}), Data: []byte(`{}`)}}
	var to []office.PersonID
	for _, r := range w.To {
		t := telling(w, r, now)
		t.By = who
		more, err := a.writes(key(w, r), t)
		if err != nil {
			return nil, err
		}
		writes = append(writes, more...)
		to = append(to, r.Person)
	}
	err = a.Engine.Store.Commit(ctx, ledger.Commit{Records: writes})
	var moved *ledger.Conflict
	if errors.As(err, &moved) {
		return nil, refuse(NudgedAlready, refusal.Args{"by": "", "at": now.In(zone).Format("15:04")})
	}
	if err == nil {
		a.hub.news(to)
	}
	return to, err
}

// kindNudge is the mark of a case's nudge of one day.
const kindNudge = "nudge"

// refuse is a condition that the person can't meet today.
func refuse(code refusal.Code, args refusal.Args) error {
	return &refusal.Error{Code: refusal.ConditionUnmet, Conditions: []refusal.Condition{{Code: code, Args: args}}}
}
