package postgres

import (
	"context"
	"encoding/json"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"dossier/engine/ledger"
)

// What one process commits is told to the others by NOTIFY, after it is durable and beside the commit: a NOTIFY within the
// transaction would make the commits of all schemas of the database wait for each other. It is for haste alone, and whoever
// misses it misses nothing: every commit names what it rests on.

// news is what this process has committed and not yet told.
type news struct {
	mu      sync.Mutex
	waiting []string
	wake    chan struct{}
	ended   chan struct{}
}

// heard is the payload of a notification.
type heard struct {
	By    string   `json:"by"`              // the process
	Whats []string `json:"whats,omitempty"` // the heads that it wrote: "case/42"
}

// mostPayload is less than the 8 000 bytes that PostgreSQL takes. What doesn't fit is told as no heads: anything may have moved.
const mostPayload = 7800

// startTelling begins to tell what is committed.
func (s *Store) startTelling() {
	s.news.wake, s.news.ended = make(chan struct{}, 1), make(chan struct{})
	go func() {
		defer close(s.news.ended)
		for range s.news.wake {
			s.news.mu.Lock()
			whats := s.news.waiting
			s.news.waiting = nil
			s.news.mu.Unlock()
			if len(whats) > 0 {
				s.notify(whats)
			}
		}
	}()
}

// stopTelling tells what is left.
func (s *Store) stopTelling() {
	close(s.news.wake)
	<-s.news.ended
}

func (n *news) tell(heads []ledger.LedgerHead) {
	if len(heads) == 0 {
		return
	}
	n.mu.Lock()
	for _, h := range heads {
		n.waiting = append(n.waiting, h.What)
	}
	n.mu.Unlock()
	select {
	case n.wake <- struct{}{}:
	default: // it is looked at already
	}
}

// notify tells the others. What can't be told is not: the server that would pass it on is gone, and with it those who hear.
func (s *Store) notify(whats []string) {
	data, err := json.Marshal(heard{s.id, whats})
	if err == nil && len(data) > mostPayload {
		data, err = json.Marshal(heard{By: s.id})
	}
	if err != nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	_ = s.lend(ctx, func(c *pgx.Conn) error {
		b := &pgx.Batch{}
		b.Queue(`set local synchronous_commit = off`)
		b.Queue(`select pg_notify($1, $2)`, s.schema, string(data))
		return c.SendBatch(ctx, b).Close()
	})
}

// duty is what one process at a time does for all that have a schema open: who of this process is on it, a connection for all its
// schemas of one database.
type duty struct {
	mu   sync.Mutex
	conn *pgx.Conn        // holds the locks; nil: nobody is on duty
	held map[int32]*Store // by the class of the schema's locks
}

// perDatabase are what this process has one of for all its schemas of one database, by its address.
type perDatabase[T any] struct {
	mu sync.Mutex
	by map[string]*T
}

func (p *perDatabase[T]) of(s *Store) *T {
	p.mu.Lock()
	defer p.mu.Unlock()
	where := s.config.ConnString()
	if p.by == nil {
		p.by = map[string]*T{}
	}
	if p.by[where] == nil {
		p.by[where] = new(T)
	}
	return p.by[where]
}

var duties perDatabase[duty]

// OnDuty tells whether this process is the one that does what is done once for all: the sweep, the alerts. It takes the duty
// up where nobody has it; the server gives it free when a process or its machine has ended.
func (s *Store) OnDuty(ctx context.Context) (bool, error) {
	d, class := duties.of(s), classOf(s.schema)
	d.mu.Lock()
	defer d.mu.Unlock()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second) // whoever gives up asking ends nobody else's duty
	defer cancel()
	if d.conn != nil && d.conn.Ping(ctx) != nil {
		d.end()
	}
	if by := d.held[class]; by != nil {
		return by == s, nil
	}
	if d.conn == nil {
		c, err := pgx.ConnectConfig(ctx, s.config.ConnConfig)
		if err != nil {
			return false, explain(s.where, err)
		}
		d.conn = c
	}
	var mine bool
	err := d.conn.QueryRow(ctx, `select pg_try_advisory_lock($1, $2)`, class, lockDuty).Scan(&mine)
	if mine {
		if d.held == nil {
			d.held = map[int32]*Store{}
		}
		d.held[class] = s
	}
	if err != nil || len(d.held) == 0 {
		d.end()
	}
	if err != nil {
		return false, explain(s.where, err)
	}
	return mine, nil
}

// offDuty gives the duty up, where the store has it.
func (s *Store) offDuty() {
	d, class := duties.of(s), classOf(s.schema)
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.held[class] != s {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	delete(d.held, class)
	if _, err := d.conn.Exec(ctx, `select pg_advisory_unlock($1, $2)`, class, lockDuty); err != nil || len(d.held) == 0 {
		d.end()
	}
}

// end ends the connection, and with it all duties: who is still here takes them up again when it asks.
func (d *duty) end() {
	_ = d.conn.Close(context.Background())
	d.conn = nil
	clear(d.held)
}
