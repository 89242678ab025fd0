// Package alert tells people of deadlines: the thresholds of the clocks, up the procedure's line, each once. What was told
// stands in a ledger; an alert and its outbox rows are one commit.
//
// It is level-triggered: looking at a case means asking which of its thresholds are crossed and which of those were not yet
// told to whom they concern today. Looking twice, late or in vain changes nothing, so that only one thing has to be right:
// that each case is looked at after whatever can bring it something to tell. There are three such things, and a pass (see
// [Alerts.Pass]) looks at what they name since the pass before, so that its cost follows what is due and not what there is:
//
//   - A day. The engine's index has each case under every day on which one of its open clocks crosses a threshold. A pass
//     takes the days since the last one: one, or the seven of a week of downtime.
//   - A commit. Whatever can change a case's clocks or roles (a moved date, an officer assigned at last, a mark, a finding)
//     is an event, and the ledger names its case in the same commit. A pass takes the ledger's rows since the last one. What
//     was committed a moment before the program was killed is there too.
//   - The office. A person disabled, a post given, a delegation or a schedule on record is a row of the ledger as well; a
//     delegation that begins today, a post that ends, was on record before and is a day on which the office turns. Either
//     can concern any case, and makes a whole pass: every case that has crossed a threshold.
//
// How far the passes have come is on record beside the tellings. A case that could not be told is named there and looked at
// again by each pass; a record that is missing, or that names a row that the ledger doesn't have, makes a whole pass.
package alert

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"dossier/engine"
	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/desk"
	"dossier/engine/ledger"
	"dossier/engine/listing"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
)

// Kind is the record of one telling: somebody was told, or a more severe one was told instead.
const Kind = "alert"

// Told is one line of the ledger of alerts.
type Told struct {
	ID          string               `json:"-"`            // the key of its record
	Case        casefile.CaseID      `json:"case"`         // 0 of a quota
	Of          string               `json:"of,omitempty"` // of a quota: its period, training-patrol-2026-03
	Number      string               `json:"number"`
	Party       string               `json:"party,omitempty"`
	Workflow    procedure.WorkflowID `json:"workflow"`
	Clock       procedure.ClockID    `json:"clock"` // "finding-…" of a finding, "supervision", [NudgeClock]
	Title       procedure.Label      `json:"title"`
	Kind        procedure.ClockKind  `json:"kind,omitempty"` // "" where no clock of the procedure runs
	Period      calendar.Period      `json:"period,omitzero"`
	Threshold   int                  `json:"threshold"` // working days before the due day; negative: after
	Due         calendar.Date        `json:"due"`
	Provisional bool                 `json:"provisional,omitempty"`
	Red         bool                 `json:"red,omitempty"`
	To          office.PersonID      `json:"to"`
	As          procedure.Actor      `json:"as"`
	Also        []office.PersonID    `json:"also,omitempty"` // who was told the same
	By          office.PersonID      `json:"by,omitempty"`   // who nudged; "" is the rule itself
	At          time.Time            `json:"at"`
	Law         []procedure.Citation `json:"law,omitempty"`
	Superseded  bool                 `json:"superseded,omitempty"` // a more severe threshold of the same clock was told at the same time
	Seen        time.Time            `json:"seen,omitzero"`        // when the person acknowledged it
}

// indexPerson and indexCase list the ledger by person and by case, newest last.
const (
	indexPerson = "alert-to"
	indexCase   = "alert-of"
)

// Alerts makes the passes and keeps the ledger. It may be used concurrently and must not be copied.
type Alerts struct {
	Engine  *engine.Engine
	Secrets Secrets                         // what the channels need and the settings don't hold
	Tried   func(channel string, err error) // hears how a channel stands that was tried: its fault, but not one address's; may be nil
	hub     hub
}

// Case tells what is due to be told of one case, in one commit; it gives how many were told, superseded ones aside.
func (a *Alerts) Case(ctx context.Context, id casefile.CaseID) (int, error) {
	n, err := a.tell(ctx, func() ([]office.PersonID, []ledger.RecordWrite, error) { return a.untold(ctx, id) })
	if err != nil {
		return 0, fmt.Errorf("case %d: %w", id, err)
	}
	return n, nil
}

// Tell tells what no case brings, each crossing once to each person; it gives how many were told.
func (a *Alerts) Tell(ctx context.Context, ws []listing.Crossing) (int, error) {
	return a.tell(ctx, func() ([]office.PersonID, []ledger.RecordWrite, error) { return a.fresh(ws) })
}

// tell commits what is still to be told, asked again where another pass told some of it first.
func (a *Alerts) tell(ctx context.Context, due func() ([]office.PersonID, []ledger.RecordWrite, error)) (int, error) {
	var told []office.PersonID
	err := ledger.Again(20, func() (err error) {
		var writes []ledger.RecordWrite
		if told, writes, err = due(); err != nil || len(writes) == 0 {
			told = nil
			return err
		}
		return a.Engine.Store.Commit(ctx, ledger.Commit{Records: writes})
	})
	if err != nil {
		return 0, err
	}
	if len(told) > 0 {
		a.hub.news(told)
	}
	return len(told), nil
}

// untold gives who is to be told of a case and the records of it.
func (a *Alerts) untold(ctx context.Context, id casefile.CaseID) (to []office.PersonID, writes []ledger.RecordWrite, err error) {
	ws, err := desk.Warnings(a.Engine, id)
	if err != nil {
		return nil, nil, err
	}
	return a.fresh(ws)
}

// fresh are those of the crossings that were not told yet.
func (a *Alerts) fresh(ws []listing.Crossing) (to []office.PersonID, writes []ledger.RecordWrite, err error) {
	type last struct {
		clock procedure.ClockID
		of    string
		to    office.PersonID
	}
	severe := map[last]int{} // the most severe crossed threshold of each clock for each person
	for i, w := range ws {
		for _, r := range w.To {
			severe[last{w.Clock, w.Of, r.Person}] = i
		}
	}
	now := a.Engine.Now().UTC().Truncate(time.Second)
	for i, w := range ws {
		for _, r := range w.To {
			key := key(w, r)
			_, err := a.Engine.Store.Record(Kind, key)
			if err == nil {
				continue
			}
			if !errors.Is(err, ledger.ErrNotFound) {
				return nil, nil, err
			}
			t := telling(w, r, now)
			t.Superseded = severe[last{w.Clock, w.Of, r.Person}] != i
			more, err := a.writes(key, t)
			if err != nil {
				return nil, nil, err
			}
			writes = append(writes, more...)
			if !t.Superseded {
				to = append(to, t.To)
			}
		}
	}
	return to, writes, nil
}

// telling is the line of a crossing for one of its recipients.
func telling(w listing.Crossing, r listing.Recipient, at time.Time) Told {
	t := Told{Case: w.Case, Number: w.Number, Party: w.Party, Workflow: w.Workflow, Clock: w.Clock, Title: w.Title, Kind: w.Kind,
		Period: w.Period, Threshold: w.Threshold, Due: w.Due, Provisional: w.Provisional, Red: w.Red, To: r.Person, As: r.As, At: at, Law: w.Law.Cites}
	if w.Case == 0 {
		t.Of = w.Of
	}
	for _, o := range w.To {
		if o.Person != r.Person {
			t.Also = append(t.Also, o.Person)
		}
	}
	return t
}

// writes are the records of a telling: its line in the ledger and, unless it is superseded, its messages.
func (a *Alerts) writes(key string, t Told) ([]ledger.RecordWrite, error) {
	line, err := record(key, t)
	if err != nil || t.Superseded {
		return []ledger.RecordWrite{line}, err
	}
	out, err := a.outgoing(key, t)
	return append([]ledger.RecordWrite{line}, out...), err
}

// key names one telling: case, clock (and which of its name), threshold, due day and person.
func key(w listing.Crossing, r listing.Recipient) string {
	sum := sha256.Sum256([]byte(fmt.Sprintf("%d\x00%s\x00%s\x00%d\x00%s\x00%s", w.Case, w.Clock, w.Of, w.Threshold, w.Due, r.Person)))
	return hex.EncodeToString(sum[:12])
}

func record(key string, t Told) (ledger.RecordWrite, error) {
	data, err := json.Marshal(t)
	return ledger.RecordWrite{Kind: Kind, ID: key, Data: data, Ledgered: true, Put: t.keys(key, data)}, err
}

// keys list a telling by person and by case.
func (t Told) keys(key string, data []byte) []ledger.Key {
	at := fmt.Sprintf("%012d", t.At.Unix())
	return []ledger.Key{
		{Index: indexPerson, Key: string(t.To) + "/" + at + "/" + key, ID: key, Value: data},
		{Index: indexCase, Key: strconv.FormatInt(int64(t.Case), 10) + "/" + at + "/" + key, ID: key, Value: data},
	}
}

// Listings tell the engine's proof how alerts are listed; it is part of its configuration.
var Listings = map[string]engine.Listing{Kind: {Indexes: []string{indexPerson, indexCase}, Keys: func(id string, data []byte) ([]ledger.Key, error) {
	var t Told
	if err := json.Unmarshal(data, &t); err != nil {
		return nil, err
	}
	return t.keys(id, data), nil
}}}

// OfCase is the ledger of a case, oldest first.
func (a *Alerts) OfCase(_ context.Context, id casefile.CaseID) ([]Told, error) {
	return a.list(ledger.Scan{Index: indexCase, Prefix: strconv.FormatInt(int64(id), 10) + "/"})
}

// Of is the newest part of the ledger of a person, newest first.
func (a *Alerts) Of(_ context.Context, who office.PersonID, limit int) ([]Told, error) {
	return a.list(ledger.Scan{Index: indexPerson, Prefix: string(who) + "/", Desc: true, Limit: limit})
}

func (a *Alerts) list(scan ledger.Scan) ([]Told, error) {
	es, err := a.Engine.Store.Scan(scan)
	var out []Told
	for _, e := range es {
		t := Told{ID: e.ID}
		if err := json.Unmarshal(e.Value, &t); err != nil {
			return nil, fmt.Errorf("alert %s: %w", e.ID, err)
		}
		out = append(out, t)
	}
	return out, err
}

// Acknowledge puts on record that the person has seen what they were told; twice is once. Only they can: not-found for
// anybody else.
func (a *Alerts) Acknowledge(ctx context.Context, who office.PersonID, id string) error {
	r, err := a.Engine.Store.Record(Kind, id)
	if errors.Is(err, ledger.ErrNotFound) {
		return &refusal.Error{Code: refusal.NotFound, Args: refusal.Args{"what": "alert", "id": id}}
	}
	if err != nil {
		return err
	}
	var t Told
	if err := json.Unmarshal(r.Data, &t); err != nil {
		return fmt.Errorf("alert %s: %w", id, err)
	}
	switch {
	case t.To != who:
		return &refusal.Error{Code: refusal.NotFound, Args: refusal.Args{"what": "alert", "id": id}}
	case !t.Seen.IsZero():
		return nil
	}
	t.Seen = a.Engine.Now().UTC().Truncate(time.Second)
	w, err := record(id, t)
	if err != nil {
		return err
	}
	w.Read = r.Seq
	return engine.IgnoreConflict(a.Engine.Store.Commit(ctx, ledger.Commit{Records: []ledger.RecordWrite{w}})) // pressed twice
}

// What the ledger calls the tellings of a key in somebody's name, which no clock brought: an API token, a one-time link.
const (
	TokenClock procedure.ClockID = "key-token"
	LinkClock  procedure.ClockID = "key-link"
)

// Page is the address of what was told of.
func (t Told) Page() string {
	switch {
	case t.Clock == TokenClock:
		return "/admin/tokens"
	case t.Clock == LinkClock:
		return "/account"
	case t.Case == 0:
		return "/plans/" + t.Of
	}
	return fmt.Sprintf("/cases/%d", t.Case)
}
