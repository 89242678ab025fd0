// Package alert tells people of deadlines: the thresholds of the clocks, up the procedure's line, each once. It is
// level-triggered: every pass asks which thresholds are crossed and not yet told, so that downtime, a date that moved or
// an unassigned case change nothing. What was told stands in a ledger; an alert and its outbox rows are one commit.
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
)

// Kind is the record of one telling: somebody was told, or a more severe one was told instead.
const Kind = "alert"

// Told is one line of the ledger of alerts.
type Told struct {
	Case        engine.CaseID     `json:"case"`
	Number      string            `json:"number"`
	Party       string            `json:"party,omitempty"`
	Workflow    engine.WorkflowID `json:"workflow"`
	Clock       engine.ClockID    `json:"clock"`
	Title       engine.Label      `json:"title"`
	Threshold   int               `json:"threshold"`
	Due         calendar.Date     `json:"due"`
	Provisional bool              `json:"provisional,omitempty"`
	Red         bool              `json:"red,omitempty"`
	To          engine.PersonID   `json:"to"`
	As          engine.Actor      `json:"as"`
	At          time.Time         `json:"at"`
	Law         []engine.Citation `json:"law,omitempty"`
	Superseded  bool              `json:"superseded,omitempty"` // a more severe threshold of the same clock was told at the same time
	Seen        time.Time         `json:"seen,omitempty"`
}

// indexPerson and indexCase list the ledger by person and by case, newest last.
const (
	indexPerson = "alert-to"
	indexCase   = "alert-of"
)

// Alerts makes the passes.
type Alerts struct {
	Engine   *engine.Engine
	Channels func(engine.Person) []string // by which channels the person is reached beside the desk: "mail", "webhook"
}

// Pass tells what is due to be told, of every case. It may be run at any time and twice.
func (a *Alerts) Pass(ctx context.Context) (int, error) {
	n, after := 0, ""
	for {
		ids, next, err := a.Engine.Warned(ctx, after, 200)
		if err != nil || len(ids) == 0 {
			return n, err
		}
		after = next
		for _, id := range ids {
			told, err := a.Case(ctx, id)
			if err != nil {
				return n, err
			}
			n += told
		}
	}
}

// Case tells what is due to be told of one case, in one commit.
func (a *Alerts) Case(ctx context.Context, id engine.CaseID) (int, error) {
	ws, err := a.Engine.Warnings(ctx, id)
	if err != nil || len(ws) == 0 {
		return 0, err
	}
	type last struct {
		clock engine.ClockID
		to    engine.PersonID
	}
	severe := map[last]int{} // the most severe crossed threshold of each clock for each person
	for i, w := range ws {
		for _, r := range w.To {
			severe[last{w.Clock, r.Person}] = i
		}
	}
	var writes []engine.RecordWrite
	n := 0
	now := a.Engine.Now().UTC().Truncate(time.Second)
	for i, w := range ws {
		for _, r := range w.To {
			key := key(w, r)
			_, err := a.Engine.Store.Record(Kind, key)
			if err == nil {
				continue
			}
			if !errors.Is(err, engine.ErrNotFound) {
				return 0, err
			}
			t := Told{Case: w.Case, Number: w.Number, Party: w.Party, Workflow: w.Workflow, Clock: w.Clock, Title: w.Title, Threshold: w.Threshold,
				Due: w.Due, Provisional: w.Provisional, Red: w.Red, To: r.Person, As: r.As, At: now, Law: w.Law.Cites,
				Superseded: severe[last{w.Clock, r.Person}] != i}
			write, err := record(key, t)
			if err != nil {
				return 0, err
			}
			writes = append(writes, write)
			if !t.Superseded {
				n++
				out, err := a.outgoing(key, t)
				if err != nil {
					return 0, err
				}
				writes = append(writes, out...)
			}
		}
	}
	if len(writes) == 0 {
		return 0, nil
	}
	err = a.Engine.Store.Commit(ctx, engine.Commit{Records: writes})
	var moved *engine.Conflict
	if errors.As(err, &moved) { // another pass told it first
		return 0, nil
	}
	return n, err
}

// key names one telling: case, clock, threshold, due day and person.
func key(w engine.Crossing, r engine.Recipient) string {
	sum := sha256.Sum256([]byte(fmt.Sprintf("%d\x00%s\x00%d\x00%s\x00%s", w.Case, w.Clock, w.Threshold, w.Due, r.Person)))
	return hex.EncodeToString(sum[:12])
}

func record(key string, t Told) (engine.RecordWrite, error) {
	data, err := json.Marshal(t)
	return engine.RecordWrite{Kind: Kind, ID: key, Data: data, Ledgered: true, Put: t.keys(key, data)}, err
}

// keys list a telling by person and by case.
func (t Told) keys(key string, data []byte) []engine.Key {
	at := fmt.Sprintf("%012d", t.At.Unix())
	return []engine.Key{
		{Index: indexPerson, Key: string(t.To) + "/" + at + "/" + key, ID: key, Value: data},
		{Index: indexCase, Key: strconv.FormatInt(int64(t.Case), 10) + "/" + at + "/" + key, ID: key, Value: data},
	}
}

// Listings tell the engine's proof how alerts are listed; it is part of its configuration.
var Listings = map[string]engine.Listing{Kind: {Indexes: []string{indexPerson, indexCase}, Keys: func(id string, data []byte) ([]engine.Key, error) {
	var t Told
	if err := json.Unmarshal(data, &t); err != nil {
		return nil, err
	}
	return t.keys(id, data), nil
}}}

// OfCase is the ledger of a case, oldest first.
func (a *Alerts) OfCase(_ context.Context, id engine.CaseID) ([]Told, error) {
	return a.list(engine.Scan{Index: indexCase, Prefix: strconv.FormatInt(int64(id), 10) + "/"})
}

// Of is the newest part of the ledger of a person, newest first.
func (a *Alerts) Of(_ context.Context, who engine.PersonID, limit int) ([]Told, error) {
	return a.list(engine.Scan{Index: indexPerson, Prefix: string(who) + "/", Desc: true, Limit: limit})
}

func (a *Alerts) list(scan engine.Scan) ([]Told, error) {
	es, err := a.Engine.Store.Scan(scan)
	var out []Told
	for _, e := range es {
		var t Told
		if err := json.Unmarshal(e.Value, &t); err != nil {
			return nil, fmt.Errorf("alert %s: %w", e.ID, err)
		}
		out = append(out, t)
	}
	return out, err
}
