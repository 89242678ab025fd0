package alert

import (
	"context"
	"errors"
	"slices"
	"time"

	"dossier/engine"
)

// NudgedAlready refuses a second nudge of one case on one day; Args "by" and "at" say of the first.
const NudgedAlready engine.Code = "nudged-already"

// NobodyToNudge refuses a nudge of a case that waits for nobody but the person.
const NobodyToNudge engine.Code = "nobody-to-nudge"

// Nudge (催办) tells the people that a case waits for that somebody waits for them. It is on record, and once a day a case.
// Whoever may see the case may nudge, and gives nobody a message of their own.
func (a *Alerts) Nudge(ctx context.Context, who engine.PersonID, id engine.CaseID) ([]engine.PersonID, error) {
	w, err := a.Engine.Awaited(ctx, who, id)
	if err != nil {
		return nil, err
	}
	w.Clock, w.Title = NudgeClock, engine.Label{ZH: "催办", EN: "Nudge"}
	all := w.To
	w.To = slices.DeleteFunc(slices.Clone(all), func(r engine.Recipient) bool { return r.Person == who })
	if len(w.To) == 0 {
		return nil, refuse(NobodyToNudge, nil)
	}
	ledger, err := a.OfCase(ctx, id)
	if err != nil {
		return nil, err
	}
	for _, t := range ledger {
		if t.Clock == NudgeClock && t.Due == w.Due {
			return nil, refuse(NudgedAlready, engine.Args{"by": a.Engine.Office().Name(t.By), "at": t.At.In(zone).Format("15:04")})
		}
	}
	now := a.Engine.Now().UTC().Truncate(time.Second)
	// The mark of the day is what a second nudge at the same moment runs into, whoever it would go to.
	writes := []engine.RecordWrite{{Kind: kindNudge, ID: key(w, engine.Recipient{}), Data: []byte(`{}`)}}
	var to []engine.PersonID
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
	err = a.Engine.Store.Commit(ctx, engine.Commit{Records: writes})
	var moved *engine.Conflict
	if errors.As(err, &moved) {
		return nil, refuse(NudgedAlready, engine.Args{"by": "", "at": now.In(zone).Format("15:04")})
	}
	if err == nil {
		a.hub.news(to)
	}
	return to, err
}

// kindNudge is the mark of a case's nudge of one day.
const kindNudge = "nudge"

// refuse is a condition that the person can't meet today.
func refuse(code engine.Code, args engine.Args) error {
	return &engine.Error{Code: engine.ConditionUnmet, Conditions: []engine.Condition{{Code: code, Args: args}}}
}
