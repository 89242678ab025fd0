package postgres

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"dossier/engine/ledger"
	"dossier/store/rows"
)

// filling is a schema that is being filled. It implements [rows.Filling].
type filling struct {
	store *Store // for the blobs
	conn  *pgx.Conn
	came  *rows.Row
}

var _ rows.Filling = (*filling)(nil)

// Fill begins to fill a new schema, or goes on with one whose filling from the same place was cut off. One that was cut off
// from another place begins anew. Every error holds an [*OpenError].
func Fill(text, whence, owner string) (rows.Filling, error) {
	a, err := readURL(text, Options{Owner: owner, NoSync: true})
	if err != nil {
		return nil, err
	}
	f, err := a.fill(whence)
	return f, explain(a.where, err)
}

func (a address) fill(whence string) (_ rows.Filling, err error) {
	ctx := context.Background()
	c, err := pgx.ConnectConfig(ctx, a.config.ConnConfig)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			_ = c.Close(ctx)
		}
	}()
	if _, err := c.Exec(ctx, sqlPacking); err != nil {
		return nil, err
	}
	if err := a.fits(ctx, c, Options{}); err != nil {
		return nil, err
	}
	at, err := lookAt(ctx, c, a.schema)
	if err == nil && at.format > Format {
		err = newer(a.where, at.format)
	}
	if err == nil {
		err = migrate(ctx, c, a.schema, migrations)
	}
	if err != nil {
		return nil, err
	}
	mine := false // one at a time; of one that was cut off the server learns a moment later
	for try := 0; !mine && try < 25; try++ {
		if try > 0 {
			time.Sleep(200 * time.Millisecond)
		}
		if err := c.QueryRow(ctx, `select pg_try_advisory_lock($1, $2)`, classOf(a.schema), lockMigration+1).Scan(&mine); err != nil {
			return nil, err
		}
	}
	if !mine {
		return nil, &OpenError{Code: CodeHalf, Where: a.where, Why: "another dossier migrate-store is filling this schema", Do: "wait for its end"}
	}
	f := &filling{conn: c}
	if f.came, err = a.begin(ctx, c, whence); err != nil {
		return nil, err
	}
	f.store, err = a.open(Options{NoSync: true})
	return f, err
}

// begin finds out how far the filling has come, and marks the schema as one that is being filled.
func (a address) begin(ctx context.Context, c *pgx.Conn, whence string) (came *rows.Row, err error) {
	err = pgx.BeginFunc(ctx, c, func(tx pgx.Tx) error {
		var before string
		var place []byte
		err := tx.QueryRow(ctx, `select whence, place from loading`).Scan(&before, &place)
		if err == nil && before == whence {
			came, err = rows.PlaceOf(place)
			return err
		}
		if errors.Is(err, pgx.ErrNoRows) {
			var full bool
			err = tx.QueryRow(ctx, `select exists (select from cases) or exists (select from records) or exists (select from counters) or exists (select from ledger)
				or exists (select from blobs)`).Scan(&full)
			if err == nil && full {
				err = &OpenError{Code: CodeNotEmpty, Where: a.where, Why: "the schema holds a record of its own", Do: "name another schema with ?schema=NAME; dossier makes it"}
			}
		}
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `truncate cases, events, records, versions, counters, entries, ledger, blobs, loading`); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `insert into loading (whence) values ($1)`, whence)
		return err
	})
	return came, err
}

// Came is the last row that is durable here; nil at the beginning.
func (f *filling) Came() *rows.Row { return f.came }

// PutBlob keeps a blob.
func (f *filling) PutBlob(sha string, data []byte) error { return f.store.PutBlob(sha, data) }

// table is where rows of one sort are copied to.
type table struct {
	name    string
	columns []string
	rows    [][]any
}

// Rows writes rows in the order of a dump.
func (f *filling) Rows(batch []rows.Row) error {
	var tables []*table
	put := func(name string, columns []string, values ...any) {
		for _, t := range tables {
			if t.name == name {
				t.rows = append(t.rows, values)
				return
			}
		}
		tables = append(tables, &table{name, columns, [][]any{values}})
	}
	for _, r := range batch {
		if err := spread(r, put); err != nil {
			return fmt.Errorf("a row of %s (%.60q): %w", r.Bucket, r.Key, err)
		}
	}
	ctx := context.Background()
	err := pgx.BeginFunc(ctx, f.conn, func(tx pgx.Tx) error {
		for _, t := range tables {
			if _, err := tx.CopyFrom(ctx, pgx.Identifier{t.name}, t.columns, pgx.CopyFromRows(t.rows)); err != nil {
				return err
			}
		}
		_, err := tx.Exec(ctx, `update loading set place = $1`, rows.Place(batch[len(batch)-1]))
		return err
	})
	return explain(f.store.where, err)
}

// spread puts a row of a dump into its table.
func spread(r rows.Row, put func(table string, columns []string, values ...any)) error {
	switch r.Bucket {
	case rows.Cases:
		id, seq, snapshot, err := rows.CaseKey(r.Key)
		if err != nil {
			return err
		}
		if snapshot {
			at, data, err := rows.Leading(r.Value)
			put("cases", []string{"id", "seq", "snapshot"}, int64(id), int64(at), bytesOf(data))
			return err
		}
		_, data, err := rows.Hashed(r.Value)
		if err == nil {
			put("events", []string{"id", "seq", "hash", "data"}, int64(id), int64(seq), r.Value[:len(r.Value)-len(data)], bytesOf(data))
		}
		return err
	case rows.Records:
		rec, err := rows.ParseRecord(r.Value)
		put("records", []string{"key", "seq", "state", "data"}, r.Key, int64(rec.Seq), int16(rec.State), bytesOf(rec.Data))
		return err
	case rows.Versions:
		n := len(r.Key) - 9
		if n < 0 {
			return ledger.ErrDamaged
		}
		put("versions", []string{"key", "seq", "data"}, r.Key[:n], int64(binary.BigEndian.Uint64(r.Key[n+1:])), bytesOf(r.Value))
	case rows.Counters:
		n, _, err := rows.Leading(r.Value)
		put("counters", []string{"name", "value"}, r.Key, int64(n))
		return err
	case rows.Index:
		if len(r.Key) > maxKey {
			return fmt.Errorf("its key has %d bytes, and PostgreSQL holds at most %d", len(r.Key), maxKey)
		}
		put("entries", []string{"key", "value"}, r.Key, bytesOf(r.Value))
	case rows.Ledger:
		n, _, err := rows.Leading(r.Key)
		if err != nil {
			return err
		}
		_, data, err := rows.Hashed(r.Value)
		if err == nil {
			put("ledger", []string{"n", "hash", "data"}, int64(n), r.Value[:len(r.Value)-len(data)], data)
		}
		return err
	default:
		return fmt.Errorf("no such bucket: %w", ledger.ErrDamaged)
	}
	return nil
}

// Close ends the filling: as a store when it is whole, else to be gone on with.
func (f *filling) Close(whole bool) error {
	ctx := context.Background()
	var err error
	if whole {
		for _, sql := range []string{`set synchronous_commit = on`, `delete from loading`,
			`analyze cases, events, records, versions, counters, entries, ledger, blobs`} { // a commit that waits makes all before it durable
			if err == nil {
				_, err = f.conn.Exec(ctx, sql)
			}
		}
	}
	return errors.Join(explain(f.store.where, err), f.store.Close(), f.conn.Close(ctx))
}
