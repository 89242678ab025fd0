package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"dossier/engine/ledger"
)

// atOnce is how many groups a process commits at the same time, so that the server syncs one while another is on its way.
const atOnce = 2

// writer is a connection that commits, and the ledger that it writes; it connects when there is something for it to do. A ledger has
// one writer: who holds its advisory lock, which ends with the connection. The lowest ledger that is free is taken, so that there
// are only as many as there once were writers at the same time.
//
// Each transaction moves the writer's own number by one. When the connection breaks off in the middle of one, the number
// tells afterwards whether it was committed; asking moves it on, so that one still on its way can't be any more.
type writer struct {
	address
	clock *clock
	conn  *pgx.Conn // nil: none at present
	id    int64     // in writers, 0: none yet
	n     int64     // the number of the last commit
	row   uint64    // the ledger's last row
	hash  string    // and its hash
}

// mostLedgers is how many writers there can be at once.
const mostLedgers = 1000

// commit writes a plan in one transaction: errMoved when something was not as read and nothing was written. When it returns nil
// the plan is durable.
func (w *writer) commit(ctx context.Context, p *plan) error {
	sent := false // a transaction of which no answer came
	err := w.patiently(ctx, func() error {
		if w.conn == nil {
			done, err := w.connect(ctx, sent)
			if err != nil || done {
				return err
			}
			sent = false
		}
		err := w.send(ctx, p)
		sent = lost(err)
		if sent || errors.Is(err, errTurnedOut) {
			w.drop(ctx)
		}
		return err
	})
	switch {
	case errors.Is(err, errTurnedOut):
		return errMoved
	case sent && lost(err):
		return errors.Join(&OpenError{Code: CodeUnreachable, Where: w.where, Err: err,
			Why: "the database server has gone away in the middle of a commit", Do: errOutcome.Error()}, errOutcome)
	}
	return err
}

// errTurnedOut: this connection's numbers are not those of the database; the next one begins with the right ones.
var errTurnedOut = errors.New("the writer's number is somebody else's")

// send sends the whole transaction at once and waits until it is durable.
func (w *writer) send(ctx context.Context, p *plan) error {
	ctx, cancel := context.WithTimeout(ctx, writeTime)
	defer cancel()
	row, hash, data, err := p.ledgerRow(w.row, w.hash)
	if err != nil {
		return err
	}
	b := &pgx.Batch{}
	ahead, now := w.clock.stamp()
	b.Queue(sqlWriter, w.id, w.n+1, w.n, Format, ahead, now, mostSkew.Milliseconds())
	p.batch(b, classOf(w.schema))
	if row != nil {
		b.Queue(sqlLedger, int64(row.N), hash, data)
	}
	switch err = gone(w.conn, w.conn.SendBatch(ctx, b).Close()); sqlState(err) {
	case stateMoved, "40001", "40P01": // another process was faster, or each stood in the other's way
		return errMoved
	case stateClock:
		return errClock
	case stateWriter, "23505": // the writer's number, or the ledger's row
		return fmt.Errorf("%w: %w", errTurnedOut, err)
	}
	if err != nil {
		return err
	}
	w.n++
	if row != nil {
		w.row, w.hash = row.N, row.Hash
	}
	return nil
}

// connect makes the connection. Where the last one broke off in the middle of a commit, it tells whether that was done.
func (w *writer) connect(ctx context.Context, sent bool) (done bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, connectTime)
	defer cancel()
	c, err := pgx.ConnectConfig(ctx, w.config.ConnConfig)
	if err != nil {
		return false, err
	}
	defer func() {
		if err = gone(c, err); err != nil {
			_ = c.Close(ctx)
		}
	}()
	if _, err := c.Exec(ctx, sqlPacking); err != nil {
		return false, err
	}
	if done, err = w.enrol(ctx, c, sent); err != nil {
		return false, err
	}
	for k := range int64(mostLedgers) {
		var mine bool
		if err := c.QueryRow(ctx, `select pg_try_advisory_lock($1, $2)`, classOf(w.schema), int32(lockLedger+k)).Scan(&mine); err != nil {
			return false, err
		}
		if !mine {
			continue
		}
		w.row, w.hash = uint64(k)<<ledger.LedgerBits, ""
		var hash []byte
		err := c.QueryRow(ctx, `select n, hash from ledger where n > $1 and n < $2 order by n desc limit 1`, k<<ledger.LedgerBits, (k+1)<<ledger.LedgerBits).Scan(&w.row, &hash)
		if err == nil {
			w.hash = fmt.Sprintf("%x", hash)
		} else if !errors.Is(err, pgx.ErrNoRows) {
			return false, err
		}
		w.conn = c
		return done, nil
	}
	return false, &OpenError{Code: CodeUnknown, Where: w.where, Why: fmt.Sprintf("%d connections commit to this schema already", mostLedgers), Do: "stop some of them"}
}

// sqlPacking lets the server pack long values by LZ4 where it can: a snapshot of 8 KB takes 82 µs to write so and 9 to read, 191 and 28 by
// what it does unasked, in as many bytes. Whatever was packed before is read as it was.
const sqlPacking = `select set_config(name, 'lz4', false) from pg_settings where name = 'default_toast_compression' and 'lz4' = any(enumvals)`

// enrol gives the writer its number, or moves it on and tells whether the commit before was done. A transaction of the
// connection before that is still under way is waited for: it holds the row.
func (w *writer) enrol(ctx context.Context, c *pgx.Conn, sent bool) (done bool, err error) {
	var format int64
	if err := c.QueryRow(ctx, `select format from meta`).Scan(&format); err != nil {
		return false, err
	}
	if format != Format {
		return false, newer(w.where, format)
	}
	var n int64
	err = pgx.ErrNoRows
	if w.id != 0 {
		err = c.QueryRow(ctx, `update writers set commit = commit + 2, at = now() where id = $1 returning commit - 2`, w.id).Scan(&n)
	}
	switch {
	case err == nil:
		done = sent && n == w.n+1
		w.n = n + 2
		return done, nil
	case !errors.Is(err, pgx.ErrNoRows):
		return false, err
	case sent:
		return false, errOutcome
	}
	w.n = 0
	err = c.QueryRow(ctx, `with old as (delete from writers where at < now() - interval '1 year') insert into writers default values returning id`).Scan(&w.id)
	w.clock.enrolled(w.id)
	return false, err
}

const (
	writeTime   = 5 * time.Minute  // how long a transaction may take
	connectTime = 20 * time.Second // and a connection, with waiting for what the one before left under way
)

// drop gives the connection up.
func (w *writer) drop(ctx context.Context) {
	if w.conn != nil {
		_ = w.conn.Close(ctx)
		w.conn = nil
	}
}

// close ends the connection. What it had committed is durable, unless NoSync put that off: then it is made so now.
func (w *writer) close() error {
	ctx := context.Background()
	if w.conn == nil {
		return nil
	}
	var err error
	if w.config.ConnConfig.RuntimeParams["synchronous_commit"] == "off" && w.id != 0 {
		_, err = w.conn.Exec(ctx, `set synchronous_commit = on`)
		if err == nil {
			_, err = w.conn.Exec(ctx, `update writers set at = now() where id = $1`, w.id) // a commit that waits makes all before it durable
		}
	}
	return errors.Join(err, w.conn.Close(ctx))
}

// Alone refuses a schema to which other processes write.
func (s *Store) Alone() error {
	var others int
	err := s.one(`select count(*) from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())
		and classid::bigint = $1 and objid::bigint >= $2 and objid::bigint < $3`, []any{int64(uint32(classOf(s.schema))), lockLedger, lockLedger + mostLedgers}, &others)
	if err == nil && others > 0 {
		err = &OpenError{Code: CodeOwned, Where: s.where, Why: fmt.Sprintf("%d other processes write to the schema", others), Do: "stop dossier serve on every server, then try again"}
	}
	return err
}
