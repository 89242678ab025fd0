package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"dossier/engine/casefile"
	"dossier/engine/ledger"
	"dossier/store/rows"
)

// Still is the schema as it was at one moment, while commits go on. It is read only.
type Still struct {
	reader
	free  chan *pgx.Conn // each in a transaction on the same snapshot
	conns []*pgx.Conn
}

var _ ledger.Store = (*Still)(nil)

// stillConns is how many reads of a Still can go on at once.
const stillConns = 3

// ErrStill: what is read as it was at one moment can't be written to.
var ErrStill = errors.New("a copy as of one moment is read only")

// Still gives the store as one transaction sees it. Commits go on meanwhile, and are not in it. dir is not needed.
func (s *Store) Still(string) (ledger.Store, error) {
	still, err := s.still()
	if err != nil {
		return nil, explain(s.where, err)
	}
	return still, nil
}

func (s *Store) still() (*Still, error) {
	ctx := context.Background()
	still := &Still{free: make(chan *pgx.Conn, stillConns)}
	still.reader = reader{still.view}
	snapshot := ""
	for range stillConns {
		c, err := pgx.ConnectConfig(ctx, s.config.ConnConfig)
		if err != nil {
			return nil, errors.Join(err, still.Close())
		}
		still.conns = append(still.conns, c)
		still.free <- c
		for _, sql := range []string{`set idle_in_transaction_session_timeout = 0`, `begin isolation level repeatable read read only`} {
			if _, err := c.Exec(ctx, sql); err != nil {
				return nil, errors.Join(err, still.Close())
			}
		}
		if snapshot == "" {
			err = c.QueryRow(ctx, `select pg_export_snapshot()`).Scan(&snapshot)
		} else {
			_, err = c.Exec(ctx, `set transaction snapshot '`+snapshot+`'`)
		}
		if err != nil {
			return nil, errors.Join(err, still.Close())
		}
	}
	return still, nil
}

func (s *Still) view(f func(context.Context, querier) error) error {
	c := <-s.free
	defer func() { s.free <- c }()
	return f(context.Background(), c)
}

// Commit is refused.
func (*Still) Commit(context.Context, ledger.Commit) error { return ErrStill }

// PutBlob is refused.
func (*Still) PutBlob(string, []byte) error { return ErrStill }

// Close ends the connections.
func (s *Still) Close() error {
	var err error
	for _, c := range s.conns {
		err = errors.Join(err, c.Close(context.Background()))
	}
	s.conns = nil
	return err
}

// Dump calls f with every bucket, key and value in a fixed order, as [rows] draws them, of one moment. The slices are f's only
// during the call.
func (s *Store) Dump(f func(bucket string, key, value []byte) error) error {
	still, err := s.still()
	if err != nil {
		return explain(s.where, err)
	}
	return errors.Join(still.Dump(f), still.Close())
}

// Dump calls f with every bucket, key and value in a fixed order, as [rows] draws them. The slices are f's only during the call.
func (s *Still) Dump(f func(bucket string, key, value []byte) error) error {
	return s.view(func(ctx context.Context, q querier) error {
		for _, d := range dumps {
			found, err := q.Query(ctx, d.sql)
			if err != nil {
				return fmt.Errorf("dump of %s: %w", d.bucket, err)
			}
			for found.Next() && err == nil {
				var key, value []byte
				if key, value, err = d.row(found); err == nil {
					err = f(d.bucket, key, value)
				}
				if err != nil {
					found.Close()
					return err
				}
			}
			if err := found.Err(); err != nil {
				return fmt.Errorf("dump of %s: %w", d.bucket, err)
			}
		}
		return nil
	})
}

// Backup writes a consistent copy of everything, while commits go on. With ErrDamaged the copy is whole, but blobs were
// damaged before and are left out; any other error means that it is not whole.
func (s *Store) Backup(w interface{ Write([]byte) (int, error) }) error {
	still, err := s.still()
	if err != nil {
		return fmt.Errorf("backup: %w", explain(s.where, err))
	}
	return errors.Join(still.Backup(w), still.Close())
}

// Backup writes a copy of everything.
func (s *Still) Backup(w interface{ Write([]byte) (int, error) }) error { return rows.Backup(w, s) }

// A snapshot stands behind its case's events.
const snapshotSeq = "9223372036854775807"

// dumps are the buckets with the statement that reads each in its order, and what makes its rows.
var dumps = []struct {
	bucket, sql string
	row         func(pgx.Rows) (key, value []byte, err error)
}{
	{rows.Cases, `select id, seq, hash, data, null::bigint from events union all select id, ` + snapshotSeq + `, null, snapshot, seq from cases order by 1, 2`,
		func(r pgx.Rows) (key, value []byte, err error) {
			var id, seq int64
			var hash, data []byte
			var at *int64
			if err = r.Scan(&id, &seq, &hash, &data, &at); err != nil {
				return nil, nil, err
			}
			if at != nil {
				return rows.SnapshotKey(casefile.CaseID(id)), append(rows.Number(uint64(*at)), data...), nil
			}
			return rows.EventKey(casefile.CaseID(id), uint64(seq)), append(hash, data...), nil
		}},
	{rows.Records, `select key, seq, state, data from records order by key`, func(r pgx.Rows) (key, value []byte, err error) {
		var at rows.Record
		var state int16
		err = r.Scan(&key, &at.Seq, &state, &at.Data)
		at.State = byte(state)
		return key, at.Value(), err
	}},
	{rows.Versions, `select key, seq, data from versions order by key, seq`, func(r pgx.Rows) (key, value []byte, err error) {
		var seq uint64
		err = r.Scan(&key, &seq, &value)
		return append(append(key, 0), rows.Number(seq)...), value, err
	}},
	{rows.Counters, `select name, value from counters order by name`, func(r pgx.Rows) (key, value []byte, err error) {
		var n int64
		err = r.Scan(&key, &n)
		return key, rows.Number(uint64(n)), err
	}},
	{rows.Index, `select key, value from entries order by key`, func(r pgx.Rows) (key, value []byte, err error) {
		err = r.Scan(&key, &value)
		return key, value, err
	}},
	{rows.Ledger, `select n, hash, data from ledger order by n`, func(r pgx.Rows) (key, value []byte, err error) {
		var n uint64
		var hash, data []byte
		err = r.Scan(&n, &hash, &data)
		return rows.Number(n), append(hash, data...), err
	}},
}
