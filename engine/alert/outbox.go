package alert

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"dossier/engine"
	"dossier/engine/calendar"
)

// KindOut is a message on its way: it is written with the alert that it tells of, and leaves when a channel has taken it.
const KindOut = "outbox"

// Out is one message for one person by one channel.
type Out struct {
	ID      string          `json:"id"` // the message's own id: a receiver that has seen it drops it
	To      engine.PersonID `json:"to"`
	Channel string          `json:"channel"`
	Red     bool            `json:"red,omitempty"`
	Told    Told            `json:"told"`
	Tries   int             `json:"tries,omitempty"`
	Next    time.Time       `json:"next"`            // not before
	Fault   string          `json:"fault,omitempty"` // of the last try
	Sent    time.Time       `json:"sent,omitempty"`
	Dead    bool            `json:"dead,omitempty"` // given up: visible, and may be sent again
}

// Channel takes messages: mail, a webhook. One digest carries several. It returns when the receiver has them; an error
// means that they may or may not have arrived, and they are sent again under the same ids.
type Channel interface {
	Send(ctx context.Context, to engine.Person, messages []Out) error
}

// maxTries is after how many failures a message is given up.
const maxTries = 8

// outgoing are the messages that an alert brings, due at once when red, else with the morning's digest.
func (a *Alerts) outgoing(key string, t Told) ([]engine.RecordWrite, error) {
	p := a.Engine.Office().Person(t.To)
	if p == nil || a.Channels == nil {
		return nil, nil
	}
	var ws []engine.RecordWrite
	for _, c := range a.Channels(*p) {
		o := Out{ID: key + "-" + c, To: t.To, Channel: c, Red: t.Red, Told: t, Next: t.At}
		if !t.Red {
			o.Next = a.morning(t.At)
		}
		data, err := json.Marshal(o)
		if err != nil {
			return nil, err
		}
		ws = append(ws, engine.RecordWrite{Kind: KindOut, ID: o.ID, Data: data, Put: []engine.Key{{Index: KindOut, Key: due(o.Next), ID: o.ID}}})
	}
	return ws, nil
}

// morning is the next working morning at 08:30, today's if it is still to come.
func (a *Alerts) morning(at time.Time) time.Time {
	zone := time.FixedZone("CST", 8*3600)
	local := at.In(zone)
	day := time.Date(local.Year(), local.Month(), local.Day(), 8, 30, 0, 0, zone)
	if local.After(day) {
		day = day.AddDate(0, 0, 1)
	}
	for {
		if work, _ := a.Engine.Office().Calendar.Workday(dateOf(day)); work {
			return day.UTC()
		}
		day = day.AddDate(0, 0, 1)
	}
}

func due(t time.Time) string { return fmt.Sprintf("%012d", t.Unix()) }

// Deliver sends what is due, one digest a person and channel. A failure is tried again later, longer each time; after
// some tries the message is given up and stays visible.
func (a *Alerts) Deliver(ctx context.Context, channels map[string]Channel) (int, error) {
	now := a.Engine.Now().UTC()
	es, err := a.Engine.Store.Scan(engine.Scan{Index: KindOut, To: due(now.Add(time.Second)), Limit: 500})
	if err != nil {
		return 0, err
	}
	type parcel struct {
		to      engine.PersonID
		channel string
	}
	parcels := map[parcel][]entry{}
	var order []parcel
	for _, e := range es {
		r, err := a.Engine.Store.Record(KindOut, e.ID)
		if errors.Is(err, engine.ErrNotFound) {
			continue
		}
		if err != nil {
			return 0, err
		}
		var o Out
		if err := json.Unmarshal(r.Data, &o); err != nil {
			return 0, err
		}
		k := parcel{o.To, o.Channel}
		if parcels[k] == nil {
			order = append(order, k)
		}
		parcels[k] = append(parcels[k], entry{o, r.Seq, e.Key.Key})
	}
	sent := 0
	for _, k := range order {
		p := a.Engine.Office().Person(k.to)
		c := channels[k.channel]
		var outs []Out
		for _, x := range parcels[k] {
			outs = append(outs, x.out)
		}
		fault := fmt.Errorf("no channel %s", k.channel)
		switch {
		case p == nil:
			fault = fmt.Errorf("no person %s", k.to)
		case c != nil:
			fault = c.Send(ctx, *p, outs)
		}
		if err := a.settle(ctx, parcels[k], fault, now); err != nil {
			return sent, err
		}
		if fault == nil {
			sent += len(outs)
		}
	}
	return sent, nil
}

type entry struct {
	out Out
	seq uint64
	key string
}

// settle writes what became of the messages of one parcel.
func (a *Alerts) settle(ctx context.Context, xs []entry, fault error, now time.Time) error {
	var ws []engine.RecordWrite
	for _, x := range xs {
		o := x.out
		w := engine.RecordWrite{Kind: KindOut, ID: o.ID, Read: x.seq, Drop: []engine.Key{{Index: KindOut, Key: x.key, ID: o.ID}}}
		if fault == nil {
			o.Sent, o.Fault = now.Truncate(time.Second), ""
		} else {
			o.Tries++
			o.Fault = fault.Error()
			o.Next = now.Add(time.Minute << min(o.Tries, 10)).Truncate(time.Second)
			o.Dead = o.Tries >= maxTries
			if !o.Dead {
				w.Put = []engine.Key{{Index: KindOut, Key: due(o.Next), ID: o.ID}}
			}
		}
		data, err := json.Marshal(o)
		if err != nil {
			return err
		}
		w.Data = data
		ws = append(ws, w)
	}
	err := a.Engine.Store.Commit(ctx, engine.Commit{Records: ws})
	var moved *engine.Conflict
	if errors.As(err, &moved) {
		return nil
	}
	return err
}

func dateOf(t time.Time) calendar.Date { return calendar.In(t) }
