package alert

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"dossier/engine"
	"dossier/engine/calendar"
	"dossier/engine/ledger"
	"dossier/engine/office"
	"dossier/engine/refusal"
)

// KindOut is a message on its way: it is written with the alert that it tells of, and leaves when a channel has taken it.
const KindOut = "outbox"

// indexOut lists messages by when they are due, indexDead those that were given up by when that was.
const (
	indexOut  = "outbox"
	indexDead = "outbox-dead"
)

// Out is one message for one person by one channel. It stays after it was sent: the ledger tells by it what became of it.
type Out struct {
	ID      string          `json:"id"`
	To      office.PersonID `json:"to"`
	Channel string          `json:"channel"`
	Red     bool            `json:"red,omitempty"`
	Told    Told            `json:"told"`
	Parcel  string          `json:"parcel,omitempty"` // with which it goes; kept through all tries
	Day     calendar.Date   `json:"day,omitempty"`    // on which that was made up: its words are of that day
	Tries   int             `json:"tries,omitempty"`
	Next    time.Time       `json:"next"`            // not before
	Fault   string          `json:"fault,omitempty"` // of the last try
	Sent    time.Time       `json:"sent,omitzero"`
	Dead    bool            `json:"dead,omitempty"` // given up: visible, and may be sent again
}

// Parcel is what goes out at once: one digest for one person by one channel. Its id and what is in it are on record before
// the first try and stay through all of them, in the same order, so that a receiver that drops an id that it has seen gets nothing twice.
type Parcel struct {
	ID       string
	Day      calendar.Date // on which it was made up; 0: each message as it was told
	Messages []Out
}

// Channel takes parcels: mail, a webhook. It returns when the receiver has the parcel; an error means that the receiver may
// or may not have it, and it is sent again under the same id, unless the error is a *Refused.
type Channel interface {
	Send(ctx context.Context, to office.Person, p Parcel) error
}

// Refused is a fault that no other try mends: the person has no such address. The message is given up at once, so that it is
// seen before its day is over.
type Refused struct{ Err error }

func (r *Refused) Error() string { return r.Err.Error() }

func (r *Refused) Unwrap() error { return r.Err }

const (
	maxTries  = 10 // after so many failures, over some 17 hours, a message is given up
	maxFaults = 3  // after so many failures in one round, a channel rests until the next
)

// zone is the office's time.
var zone = time.FixedZone("Asia/Shanghai", 8*3600)

func dateOf(t time.Time) calendar.Date { return calendar.In(t) }

// outgoing are the messages that an alert brings, due at once when red or when a person nudges, else with the morning's digest.
func (a *Alerts) outgoing(key string, t Told) ([]ledger.RecordWrite, error) {
	p := a.Engine.Office().Person(t.To)
	if p == nil {
		return nil, nil
	}
	channels, err := a.reached(p, t.Red)
	if err != nil {
		return nil, err
	}
	var ws []ledger.RecordWrite
	for _, c := range channels {
		o := Out{ID: key + "-" + c, To: t.To, Channel: c, Red: t.Red, Told: t, Next: t.At}
		if !t.Red && t.Clock != NudgeClock {
			if o.Next, err = a.digestOf(t.At); err != nil {
				return nil, err
			}
		}
		w, err := o.write(0, nil)
		if err != nil {
			return nil, err
		}
		ws = append(ws, w)
	}
	return ws, nil
}

// write is the record of a message as it now stands, in place of the one read at a sequence number with these entries.
func (o Out) write(read uint64, drop []ledger.Key) (ledger.RecordWrite, error) {
	data, err := json.Marshal(o)
	return ledger.RecordWrite{Kind: KindOut, ID: o.ID, Read: read, Data: data, Put: o.keys(), Drop: drop}, err
}

// keys list a message that still has to go, or that was given up.
func (o Out) keys() []ledger.Key {
	switch {
	case o.Dead:
		return []ledger.Key{{Index: indexDead, Key: due(o.Next), ID: o.ID}}
	case o.Sent.IsZero():
		return []ledger.Key{{Index: indexOut, Key: due(o.Next), ID: o.ID}}
	}
	return nil
}

// digestOf is when what is told at a moment goes out: the next working morning, or at once where this day's digest was
// missed, because no pass was made today: the program was not running. In the evening the next morning is soon enough.
func (a *Alerts) digestOf(at time.Time) (time.Time, error) {
	today := dateOf(at)
	if at.In(zone).Hour() >= evening {
		return a.morning(at), nil
	}
	if work, _ := a.Engine.Office().Calendar.Workday(today); !work || dateOf(a.morning(at)) == today {
		return a.morning(at), nil
	}
	last, err := a.progress()
	if err != nil || last.Day == 0 || last.Day >= today {
		return a.morning(at), err
	}
	return at, nil
}

// evening is the hour from which nobody is sent what was missed in the morning.
const evening = 18

// morning is the next working morning at 08:30, today's if it is still to come: one digest a day at most.
func (a *Alerts) morning(at time.Time) time.Time {
	local := at.In(zone)
	day := time.Date(local.Year(), local.Month(), local.Day(), 8, 30, 0, 0, zone)
	if !local.Before(day) {
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

// entry is a message as it was read.
type entry struct {
	Out
	seq uint64
}

// Deliver sends what is due, one digest a person and channel, and gives how many messages arrived. A failure is tried
// again later, longer each time; after some tries, or at once where another is no use, the message is given up and stays
// visible.
func (a *Alerts) Deliver(ctx context.Context, channels map[string]Channel) (int, error) {
	now := a.Engine.Now().UTC()
	all, err := a.listed(ledger.Scan{Index: indexOut, To: due(now.Add(time.Second))})
	if err != nil || len(all) == 0 {
		return 0, err
	}
	parcels, err := a.pack(ctx, all)
	if err != nil {
		return 0, err
	}
	sent, faults := 0, map[string]int{}
	for _, xs := range parcels {
		if faults[xs[0].Channel] >= maxFaults {
			continue
		}
		fault := a.send(ctx, channels, xs)
		if a.Tried != nil && ctx.Err() == nil && !errors.As(fault, new(*Refused)) {
			a.Tried(xs[0].Channel, fault)
		}
		if ctx.Err() != nil { // the program ends: the next start tries again under the same id
			return sent, ctx.Err()
		}
		if err := a.settle(ctx, xs, fault, now); err != nil {
			return sent, err
		}
		var refused *Refused // one address's fault is not its channel's
		switch {
		case errors.As(fault, &refused):
			continue
		case fault != nil:
			faults[xs[0].Channel]++
			continue
		}
		sent += len(xs)
	}
	return sent, nil
}

// pack puts the messages that have no parcel yet into one for each person and channel, on record before anything is sent,
// and gives all parcels, oldest first.
func (a *Alerts) pack(ctx context.Context, all []entry) ([][]entry, error) {
	type address struct {
		to      office.PersonID
		channel string
	}
	loose := map[address][]int{}
	var order []address
	for i, x := range all {
		if x.Parcel == "" {
			k := address{x.To, x.Channel}
			if loose[k] == nil {
				order = append(order, k)
			}
			loose[k] = append(loose[k], i)
		}
	}
	var ws []ledger.RecordWrite
	var bundles [][]int
	for _, k := range order {
		bundles = append(bundles, a.bundles(k.to, k.channel, all, loose[k])...)
	}
	for _, at := range bundles {
		var ids []string
		for _, i := range at {
			ids = append(ids, all[i].ID)
		}
		slices.Sort(ids)
		sum := sha256.Sum256([]byte(strings.Join(ids, "\n")))
		for _, i := range at {
			all[i].Parcel, all[i].Day = hex.EncodeToString(sum[:12]), a.Engine.Today()
			w, err := all[i].write(all[i].seq, nil)
			if err != nil {
				return nil, err
			}
			all[i].seq++
			ws = append(ws, w)
		}
	}
	if len(ws) > 0 {
		if err := a.Engine.Store.Commit(ctx, ledger.Commit{Records: ws}); err != nil {
			var moved *ledger.Conflict
			if errors.As(err, &moved) { // somebody else delivers
				return nil, nil
			}
			return nil, err
		}
	}
	at := map[string]int{}
	var parcels [][]entry
	for _, x := range all {
		i, ok := at[x.Parcel]
		if !ok {
			i = len(parcels)
			at[x.Parcel] = i
			parcels = append(parcels, nil)
		}
		parcels[i] = append(parcels[i], x)
	}
	return parcels, nil
}

// bundles parts the messages of one person and channel, by their places, into as many as one parcel holds: a robot's message
// is short, and what doesn't fit goes in another, so that the record of each message says with which it went.
func (a *Alerts) bundles(to office.PersonID, channel string, all []entry, at []int) [][]int {
	p := a.Engine.Office().Person(to)
	if channel == MailChannel || p == nil {
		return [][]int{at}
	}
	w := Words{Lang: langOf(*p), Engine: a.Engine}
	var out [][]int
	var now Parcel
	for _, i := range at {
		more := Parcel{Day: a.Engine.Today(), Messages: append(slices.Clone(now.Messages), all[i].Out)}
		if len(out) == 0 || !fits(w, *p, more) {
			out, more.Messages = append(out, nil), more.Messages[len(more.Messages)-1:]
		}
		now = more
		out[len(out)-1] = append(out[len(out)-1], i)
	}
	return out
}

// send gives a parcel to its channel.
func (a *Alerts) send(ctx context.Context, channels map[string]Channel, xs []entry) error {
	to, channel := a.Engine.Office().Person(xs[0].To), channels[xs[0].Channel]
	switch {
	case to == nil:
		return &Refused{fmt.Errorf("nobody is %s", xs[0].To)}
	case channel == nil:
		return fmt.Errorf("%s is not set up", xs[0].Channel)
	}
	p := Parcel{ID: xs[0].Parcel, Day: xs[0].Day}
	for _, x := range xs {
		p.Messages = append(p.Messages, x.Out)
	}
	slices.SortFunc(p.Messages, func(a, b Out) int { // the same at every try, whatever was tried since
		return cmp.Or(a.Told.At.Compare(b.Told.At), cmp.Compare(a.Told.Case, b.Told.Case), cmp.Compare(a.ID, b.ID))
	})
	return channel.Send(ctx, *to, p)
}

// settle writes what became of the messages of one parcel.
func (a *Alerts) settle(ctx context.Context, xs []entry, fault error, now time.Time) error {
	var ws []ledger.RecordWrite
	for _, x := range xs {
		o := x.Out
		if fault == nil {
			o.Sent, o.Fault = now.Truncate(time.Second), ""
		} else {
			o.Tries++
			o.Fault = fault.Error()
			o.Next = now.Add(time.Minute << min(o.Tries, 9)).Truncate(time.Second)
			var refused *Refused
			o.Dead = o.Tries >= maxTries || errors.As(fault, &refused)
		}
		w, err := o.write(x.seq, x.keys())
		if err != nil {
			return err
		}
		ws = append(ws, w)
	}
	return engine.IgnoreConflict(a.Engine.Store.Commit(ctx, ledger.Commit{Records: ws}))
}

// listed reads the messages that an index lists, all pages of it.
func (a *Alerts) listed(scan ledger.Scan) ([]entry, error) {
	var all []entry
	for {
		es, err := a.Engine.Store.Scan(scan)
		if err != nil || len(es) == 0 {
			return all, err
		}
		for _, e := range es {
			scan.After = e.Cursor
			x, err := a.out(e.ID)
			if errors.Is(err, ledger.ErrNotFound) {
				continue
			}
			if err != nil {
				return nil, err
			}
			all = append(all, x)
		}
	}
}

func (a *Alerts) out(id string) (entry, error) {
	r, err := a.Engine.Store.Record(KindOut, id)
	if err != nil {
		return entry{}, err
	}
	x := entry{seq: r.Seq}
	if err := json.Unmarshal(r.Data, &x.Out); err != nil {
		return entry{}, fmt.Errorf("message %s: %w", id, err)
	}
	return x, nil
}

// Sendings are the messages of a telling, by the channels' order; none where the desk is all there is.
func (a *Alerts) Sendings(_ context.Context, id string) ([]Out, error) {
	var outs []Out
	for _, c := range Names {
		x, err := a.out(id + "-" + c)
		if errors.Is(err, ledger.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		outs = append(outs, x.Out)
	}
	return outs, nil
}

// Outbox are the messages that still have to go and those that were given up.
func (a *Alerts) Outbox(context.Context) (waiting, dead []Out, err error) {
	for _, x := range []struct {
		index string
		to    *[]Out
	}{{indexOut, &waiting}, {indexDead, &dead}} {
		all, err := a.listed(ledger.Scan{Index: x.index})
		if err != nil {
			return nil, nil, err
		}
		for _, e := range all {
			*x.to = append(*x.to, e.Out)
		}
	}
	return waiting, dead, nil
}

// Waiting counts the messages that still have to go, and those that were given up.
func (a *Alerts) Waiting() (waiting, dead int, err error) {
	count := func(index string) (n int, err error) {
		scan := ledger.Scan{Index: index}
		for {
			es, err := a.Engine.Store.Scan(scan)
			if err != nil || len(es) == 0 {
				return n, err
			}
			n, scan.After = n+len(es), es[len(es)-1].Cursor
		}
	}
	if waiting, err = count(indexOut); err == nil {
		dead, err = count(indexDead)
	}
	return waiting, dead, err
}

// Resend puts a message that was given up on its way again, at once and under the id of its parcel; what is not dead stays
// as it is. An administrator alone may: forbidden else.
func (a *Alerts) Resend(ctx context.Context, who office.PersonID, id string) error {
	if !a.Engine.Office().Holds(who, office.Admin, a.Engine.Today()) {
		return &refusal.Error{Code: refusal.Forbidden, Args: refusal.Args{"what": "admin"}}
	}
	x, err := a.out(id)
	if errors.Is(err, ledger.ErrNotFound) {
		return &refusal.Error{Code: refusal.NotFound, Args: refusal.Args{"what": "message", "id": id}}
	}
	if err != nil || !x.Dead {
		return err
	}
	o := x.Out
	o.Dead, o.Tries, o.Next = false, 0, a.Engine.Now().UTC().Truncate(time.Second)
	w, err := o.write(x.seq, x.keys())
	if err != nil {
		return err
	}
	return engine.IgnoreConflict(a.Engine.Store.Commit(ctx, ledger.Commit{Records: []ledger.RecordWrite{w}})) // pressed twice
}
