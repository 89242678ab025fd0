package postgres

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// Hear calls f with what other processes commit, by the heads of their ledgers, until the context ends. lost is that anything
// may have been: the connection was gone for a while, or it was too much to tell.
func (s *Store) Hear(ctx context.Context, f func(whats []string, lost bool)) {
	e, h := ears.of(s), &hearing{s, f}
	e.begin(h)
	<-ctx.Done()
	e.end(h)
}

// ear is the connection by which this process hears for all its schemas of one database; it is there while somebody hears.
type ear struct {
	mu    sync.Mutex
	all   map[*hearing]bool
	again context.CancelFunc // ends the waiting: who hears has changed; nil: nobody does

	calling sync.Mutex // held while somebody is told
}

// hearing is somebody who hears what is committed to a schema.
type hearing struct {
	*Store
	f func(whats []string, lost bool)
}

var ears perDatabase[ear]

func (e *ear) begin(h *hearing) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.all == nil {
		e.all = map[*hearing]bool{}
	}
	e.all[h] = true
	if e.again != nil {
		e.again()
		return
	}
	e.again = func() {}
	go e.run()
}

// end ends a hearing; it isn't told anything from then on.
func (e *ear) end(h *hearing) {
	e.mu.Lock()
	delete(e.all, h)
	e.again()
	e.mu.Unlock()
	e.calling.Lock()
	defer e.calling.Unlock()
}

// hearings are who hears now, and a context that ends when this changes; nil when nobody does any more: the next one begins anew.
func (e *ear) hearings() ([]*hearing, context.Context) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.again()
	if len(e.all) == 0 {
		e.again = nil
		return nil, nil
	}
	same, cancel := context.WithCancel(context.Background())
	e.again = cancel
	return slices.Collect(maps.Keys(e.all)), same
}

// run hears until nobody wants to.
func (e *ear) run() {
	var t tuned
	for missed := false; ; {
		all, same := e.hearings()
		if all == nil {
			t.close()
			return
		}
		err := t.tune(all)
		if err == nil && missed {
			missed = false
			e.tell(all, "", heard{})
		}
		for err == nil && same.Err() == nil {
			var n *pgconn.Notification
			var h heard
			if n, err = t.conn.WaitForNotification(same); err == nil && json.Unmarshal([]byte(n.Payload), &h) == nil { // else nobody's that we know
				e.tell(all, n.Channel, h)
			}
		}
		if err != nil && (t.conn == nil || t.conn.IsClosed() || same.Err() == nil) {
			t.close()
			missed = true
			pause(same, time.Second)
		}
	}
}

// tell passes on what was heard of a schema, of all of them where it is "". What this process has told itself it knows.
func (e *ear) tell(all []*hearing, schema string, h heard) {
	e.calling.Lock()
	defer e.calling.Unlock()
	for _, one := range all {
		e.mu.Lock()
		hears := e.all[one]
		e.mu.Unlock()
		if hears && (schema == "" || schema == one.schema) && h.By != one.id {
			one.f(h.Whats, len(h.Whats) == 0)
		}
	}
}

// tuned is a connection and the schemas that it listens for.
type tuned struct {
	conn *pgx.Conn
	on   map[string]bool
}

// tune listens for the schemas of these, and for no others.
func (t *tuned) tune(all []*hearing) (err error) {
	ctx, cancel := context.WithTimeout(context.Background(), connectTime)
	defer cancel()
	if t.conn == nil {
		if t.conn, err = pgx.ConnectConfig(ctx, all[0].config.ConnConfig); err != nil {
			return err
		}
		t.on = map[string]bool{}
	}
	wanted := map[string]bool{}
	for _, h := range all {
		wanted[h.schema] = true
	}
	for _, schema := range sorted(wanted) {
		if err == nil && !t.on[schema] {
			_, err = t.conn.Exec(ctx, `listen `+pgx.Identifier{schema}.Sanitize())
		}
	}
	for _, schema := range sorted(t.on) {
		if err == nil && !wanted[schema] {
			_, err = t.conn.Exec(ctx, `unlisten `+pgx.Identifier{schema}.Sanitize())
		}
	}
	t.on = wanted
	return err
}

func (t *tuned) close() {
	if t.conn != nil {
		_ = t.conn.Close(context.Background())
		t.conn = nil
	}
}
