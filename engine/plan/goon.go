package plan

import (
	"cmp"
	"context"
	"errors"
	"sync"
	"time"

	"dossier/engine/ledger"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
)

// spell is how long checks are opened behind the answer before what is open is kept.
const spell = 10 * time.Second

// fresh is how long a press that has kept nothing yet may still be opening its checks itself.
const fresh = time.Minute

// press opens checks while whoever pressed waits; what is left then is gone on with behind the answer, whoever goes away.
func (b *Book) press(ctx context.Context, e Entry, x *Made, units map[string]*Unit) error {
	ctx = context.WithoutCancel(ctx)
	for b.Left == nil && x.Waiting() > 0 {
		if err := b.open(ctx, e, x, units, spell); err != nil {
			return err
		}
	}
	if b.Left == nil {
		return nil
	}
	err := b.open(ctx, e, x, units, b.Press)
	if x.Waiting() > 0 {
		b.Left()
	}
	return err
}

// Resume tries once more the checks that were refused and may not be any more.
func (b *Book) Resume(ctx context.Context, who office.PersonID, e Entry, n int) (*Made, error) {
	made, err := b.MadeOf(e)
	if err != nil {
		return nil, err
	}
	if n < 1 || n > len(made) {
		return nil, &refusal.Error{Code: refusal.NotFound, Args: refusal.Args{"what": "plan", "id": e.ID()}}
	}
	x := made[n-1]
	switch {
	case x.By != who: // whose keys tell what is open already
		return nil, &refusal.Error{Code: refusal.NotYourGate, Args: refusal.Args{"by": b.Engine.Office().Name(x.By), "action": e.Quota.Title.ZH}}
	case x.Waiting() > 0: // they are being opened
		return &x, nil
	}
	for i := range x.Checks {
		x.Checks[i].Fault = ""
	}
	units, err := b.unitsOf(e)
	if err != nil {
		return nil, err
	}
	return &x, b.press(ctx, e, &x, units)
}

// unitsOf are the units of an entry's population today, by their IDs.
func (b *Book) unitsOf(e Entry) (map[string]*Unit, error) {
	units, err := b.units(e.Quota.regime.Of, b.Engine.Today())
	out := map[string]*Unit{}
	for i := range units {
		out[units[i].ID] = &units[i]
	}
	return out, err
}

// GoOn opens the checks that presses left, and those of a press that was cut off, as whoever pressed. It is safe to run twice,
// but not at once; it says how many it opened. While no plan made checks since the last time, it reads what was committed alone.
func (b *Book) GoOn(ctx context.Context) (int, error) {
	if b.idle {
		news, err := b.Engine.Follow(b.mark)
		if err != nil {
			return 0, err
		}
		b.mark, b.idle = news.To, !news.Lost && !news.Kinds[KindMade]
	}
	if b.idle {
		return 0, nil
	}
	var err error
	if b.mark, err = b.Engine.LastRow(); err != nil {
		return 0, err
	}
	n, rest := 0, 0
	for _, q := range b.Quotas.All() {
		made, err := b.made(q.Name() + "-")
		if err != nil {
			return n, err
		}
		for i := range made {
			opened, left, err := b.goOn(ctx, &made[i])
			if n, rest = n+opened, rest+left; err != nil {
				return n, err
			}
		}
	}
	b.idle = rest == 0
	return n, nil
}

// goOn opens what is left of one press; it says how many it opened, and how many it leaves to another time.
func (b *Book) goOn(ctx context.Context, x *Made) (opened, left int, err error) {
	was := x.Waiting()
	if was == 0 {
		return 0, 0, nil
	}
	e, err := b.Find(x.Entry)
	if refusal.As(err) != nil || x.seq == 1 && b.now().Sub(x.At) < fresh {
		return 0, was, nil // its regime is off, or whoever pressed opens them
	}
	units, err := b.unitsOf(e)
	for err == nil && x.Waiting() > 0 {
		if err = ctx.Err(); err == nil {
			err = b.open(ctx, e, x, units, spell)
		}
	}
	return was - x.Waiting(), x.Waiting(), err
}

// open opens for a spell the checks that are neither open nor refused, a few at once so that they share their commits, and
// keeps what it opened.
func (b *Book) open(ctx context.Context, e Entry, x *Made, units map[string]*Unit, spell time.Duration) error {
	limited, stop := context.WithTimeout(ctx, spell)
	defer stop()
	todo := make(chan int)
	var wg sync.WaitGroup
	var mu sync.Mutex
	var broken error
	for range 8 {
		wg.Go(func() {
			for i := range todo {
				if err := b.openOne(ctx, e, x, i, units); err != nil {
					mu.Lock()
					broken = cmp.Or(broken, err)
					mu.Unlock()
					stop()
				}
			}
		})
	}
	for i := range x.Checks {
		if !x.Checks[i].waits() {
			continue
		}
		select {
		case todo <- i:
		case <-limited.Done():
		}
	}
	close(todo)
	wg.Wait()
	err := b.keep(context.WithoutCancel(ctx), ledger.RecordWrite{Kind: KindMade, ID: x.id(), Read: x.seq}, x) // what is open is said, whoever hears it
	if err == nil {
		x.seq++
	}
	return errors.Join(broken, err)
}

func (b *Book) openOne(ctx context.Context, e Entry, x *Made, i int, units map[string]*Unit) error {
	c := &x.Checks[i]
	u := units[c.Object]
	if u == nil {
		u = &Unit{ID: c.Object, Name: c.Name, Values: procedure.Values{"name": procedure.TextValue(c.Name)}}
	}
	cmd, err := b.command(e, x, i, u)
	if err != nil {
		return err
	}
	out, err := b.Engine.Do(ctx, cmd)
	switch r := refusal.As(err); {
	case r != nil:
		c.Fault = b.say(r)
	case err != nil:
		return err
	default:
		c.Case, c.Fault = out.Case.ID, ""
	}
	return nil
}
