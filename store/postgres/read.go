package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"

	"github.com/jackc/pgx/v5"

	"dossier/engine/casefile"
	"dossier/engine/ledger"
	"dossier/store/rows"
)

// querier is a connection that reads.
type querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}

// reader is everything that is read: from the schema as it is, or as it was at one moment.
type reader struct {
	view func(func(context.Context, querier) error) error // it may call the function again when the server goes away
}

// one reads one row of one statement; ErrNotFound when there is none.
func (r reader) one(sql string, args []any, to ...any) error {
	return r.view(func(ctx context.Context, q querier) error {
		err := q.QueryRow(ctx, sql, args...).Scan(to...)
		if errors.Is(err, pgx.ErrNoRows) {
			return ledger.ErrNotFound
		}
		return err
	})
}

// list reads all rows of one statement.
func list[T any](r reader, sql string, args []any, row func(pgx.CollectableRow) (T, error)) (all []T, err error) {
	err = r.view(func(ctx context.Context, q querier) error {
		found, err := q.Query(ctx, sql, args...)
		if err != nil {
			return err
		}
		all, err = pgx.CollectRows(found, row)
		return err
	})
	if err != nil || len(all) == 0 {
		return nil, err
	}
	return all, nil
}

// most is a limit as SQL has it: 0 is none.
func most(limit int) any {
	if limit <= 0 {
		return nil
	}
	return limit
}

// signed is n as the database keeps it; no row is at a number that it can't keep.
func signed(n uint64) int64 { return int64(min(n, math.MaxInt64)) }

// Case is the last snapshot of a case; ErrNotFound.
func (r reader) Case(id casefile.CaseID) (c ledger.Snapshot, err error) {
	err = r.one(`select seq, snapshot from cases where id = $1`, []any{int64(id)}, &c.Seq, &c.Data)
	return c, told(err, "case %d", id)
}

// Events are the case's sealed events with a sequence number greater than after, oldest first, at most limit (0: all).
func (r reader) Events(id casefile.CaseID, after uint64, limit int) ([]ledger.Sealed, error) {
	events, err := list(r, `select seq, hash, data from events where id = $1 and seq > $2 order by seq limit $3`,
		[]any{int64(id), signed(after), most(limit)}, func(row pgx.CollectableRow) (e ledger.Sealed, err error) {
			var hash []byte
			err = row.Scan(&e.Seq, &hash, &e.Data)
			e.Hash, e.Data = fmt.Sprintf("%x", hash), empty(e.Data)
			return e, err
		})
	return events, told(err, "events of case %d", id)
}

// empty is nil for no bytes.
func empty(b []byte) []byte {
	if len(b) == 0 {
		return nil
	}
	return b
}

// Record is the newest version of a record; ErrNotFound (a deleted one too).
func (r reader) Record(kind, id string) (ledger.Record, error) {
	rec := ledger.Record{Kind: kind, ID: id}
	var data []byte
	err := r.one(`select seq, data from records where key = $1 and state & 2 = 0`, []any{rows.RecordKey(kind, id)}, &rec.Seq, &data)
	if err != nil {
		return ledger.Record{}, told(err, "record %s/%s", kind, id)
	}
	rec.Data = empty(data)
	return rec, nil
}

// Records are the newest versions of a kind in the order of their ids, after an id, at most limit (0: all).
func (r reader) Records(kind, after string, limit int) ([]ledger.Record, error) {
	records, err := list(r, `select key, seq, data from records where key > $1 and key < $2 and state & 2 = 0 order by key limit $3`,
		[]any{rows.Names(kind, after), append([]byte(kind), 1), most(limit)}, func(row pgx.CollectableRow) (rec ledger.Record, err error) {
			var key, data []byte
			if err = row.Scan(&key, &rec.Seq, &data); err == nil {
				rec.Kind, rec.ID, rec.Data = kind, string(key[len(kind)+1:]), empty(data)
			}
			return rec, err
		})
	return records, told(err, "records of kind %s", kind)
}

// Versions are all kept versions of a ledgered record, oldest first; the one that deleted it has the data that it was deleted with.
func (r reader) Versions(kind, id string) ([]ledger.Record, error) {
	records, err := list(r, `select seq, data from versions where key = $1 order by seq`, []any{rows.RecordKey(kind, id)},
		func(row pgx.CollectableRow) (ledger.Record, error) {
			rec := ledger.Record{Kind: kind, ID: id}
			var data []byte
			err := row.Scan(&rec.Seq, &data)
			rec.Data = empty(data)
			return rec, err
		})
	return records, told(err, "versions of %s/%s", kind, id)
}

// Counter is the last value taken from a counter, 0 when none was.
func (r reader) Counter(name string) (uint64, error) {
	var n int64
	err := r.one(`select value from counters where name = $1`, []any{[]byte(name)}, &n)
	if errors.Is(err, ledger.ErrNotFound) {
		return 0, nil
	}
	return uint64(n), told(err, "counter %s", name)
}

// Scan reads index entries of one index whose key has the prefix, in key order (descending when asked), after the
// cursor (an Entry's Cursor; "" from the start), at most limit. A cursor that no store made is ErrNotFound.
func (r reader) Scan(q ledger.Scan) ([]ledger.Entry, error) {
	return scan(r, q, "value", func(row pgx.CollectableRow) (ledger.Entry, error) {
		var key, value []byte
		if err := row.Scan(&key, &value); err != nil {
			return ledger.Entry{}, err
		}
		return rows.EntryOf(q.Index, key, value), nil
	})
}

// Numbers are the ids of the entries that Scan would give, as numbers: 0 for what is none.
func (r reader) Numbers(q ledger.Scan) ([]uint64, error) {
	return scan(r, q, "null", func(row pgx.CollectableRow) (uint64, error) {
		var key, none []byte
		if err := row.Scan(&key, &none); err != nil {
			return 0, err
		}
		return rows.NumberOf(key), nil
	})
}

// scan reads the keys of entries, and their values or something else.
func scan[T any](r reader, q ledger.Scan, value string, row func(pgx.CollectableRow) (T, error)) ([]T, error) {
	span, err := rows.SpanOf(q)
	if err != nil {
		return nil, fmt.Errorf("scan of %s: %w", q.Index, err)
	}
	limit := q.Limit
	if limit <= 0 {
		limit = rows.ScanLimit
	}
	sql := `select key, ` + value + ` from entries where key >= $1 and key < $2 order by key limit $3`
	if q.Desc {
		sql = `select key, ` + value + ` from entries where key >= $1 and key < $2 order by key desc limit $3`
	}
	if q.Leads {
		sql = leads(q.Desc)
	}
	entries, err := list(r, sql, []any{span.Lo, span.Hi, limit}, row)
	return entries, told(err, "scan of %s", q.Index)
}

// leads is the statement that reads the first of the entries that are alike, one after another: each is sought from where the
// one before it ends (an index skip scan). [rows.Alike] is written in it: the key up to its last slash before the last NUL, or
// up to that NUL.
func leads(desc bool) string {
	const alike = `decode(coalesce(substring(h.x from '^((?:..)*2f)(?:..)*00(?:..)*$'), substring(h.x from '^((?:..)*00)(?:..)*$')), 'hex')`
	next, order := `e.key >= $1 and e.key < `+alike, `desc`
	if !desc {
		next, order = `e.key < $2 and e.key > `+alike+` || '\xff'`, ``
	}
	return `with recursive lead as (
		(select key, value from entries where key >= $1 and key < $2 order by key ` + order + ` limit 1)
		union all
		select n.key, n.value from lead, lateral (select encode(lead.key, 'hex') as x) h,
			lateral (select e.key, e.value from entries e where ` + next + ` order by e.key ` + order + ` limit 1) n)
	select key, value from lead limit $3`
}

// Ledger is the rows with n greater than after, oldest first, at most limit (0: all).
func (r reader) Ledger(after uint64, limit int) ([]ledger.LedgerRow, error) {
	ledger, err := list(r, `select n, hash, data from ledger where n > $1 order by n limit $2`, []any{signed(after), most(limit)},
		func(row pgx.CollectableRow) (l ledger.LedgerRow, err error) {
			var n uint64
			var hash, data []byte
			if err := row.Scan(&n, &hash, &data); err != nil {
				return l, err
			}
			if err := json.Unmarshal(data, &l); err != nil {
				return l, fmt.Errorf("row %d: %w: %w", n, err, ledger.ErrDamaged)
			}
			l.Hash = fmt.Sprintf("%x", hash)
			return l, nil
		})
	return ledger, told(err, "ledger")
}

// told says what was read when it failed.
func told(err error, format string, args ...any) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf(format+": %w", append(args, err)...)
}
