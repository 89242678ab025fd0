package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"dossier/engine/ledger"
	"dossier/store/group"
	"dossier/store/rows"
)

// maxKey is the longest key that an index of PostgreSQL holds for sure: a third of a page.
const maxKey = 2600

// mostTries is how often a group is tried again because another process was faster.
const mostTries = 50

// Commit writes a change; *Conflict when anything that it read has moved since. The context ends only the waiting: once the change
// is being written, Commit answers what became of it.
//
// Within one change each case, record and counter is written once, and every name (kinds, ids, indexes, keys, counters) is UTF-8 without NUL.
func (s *Store) Commit(ctx context.Context, c ledger.Commit) error {
	if err := group.Valid(&c, maxKey); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return s.queue.Commit(ctx, c)
}

// write commits a group in one transaction and answers each of its changes. At first everything that the changes say they
// have read is believed, and the transaction finds out: one round trip. Only when something had moved is it asked what, the
// changes that it refuses are answered, and the others are written.
func (s *Store) write(by int, changes []*group.Change) {
	ctx := context.Background()
	answers := make([]error, len(changes))
	var k *known
	err := error(errMoved)
	if s.clock.off.Load() {
		if off := s.Clock(); off != nil {
			err = off
		}
	}
	for try := 0; errors.Is(err, errMoved) && try < mostTries; try++ {
		if try > 0 {
			if k, err = s.lookUp(ctx, changes); err != nil {
				break
			}
		}
		p := newPlan(k)
		for i, c := range changes {
			answers[i] = p.take(&c.Commit)
		}
		err = nil
		if !p.empty() {
			err = s.writers[by].commit(ctx, p)
		}
		if errors.Is(err, errClock) {
			if err = s.Clock(); err == nil { // it only came late
				err = errMoved
			}
		}
		if err == nil {
			s.news.tell(p.heads)
		}
	}
	if err != nil {
		err = fmt.Errorf("commit: %w", explain(s.where, err))
	}
	for i, c := range changes {
		if answers[i] == nil || err != nil && k == nil { // a refusal that rests on what was not written is none
			answers[i] = err
		}
		c.Answer(answers[i])
	}
}

// errMoved: something that the plan rests on is another in the database.
var errMoved = errors.New("another process is always faster: try again")

// lookUp reads what the database holds of everything that the changes name.
func (s *Store) lookUp(ctx context.Context, changes []*group.Change) (*known, error) {
	cases, records, counters := map[int64]bool{}, map[string]bool{}, map[string]bool{}
	for _, c := range changes {
		for _, w := range c.Cases {
			cases[int64(w.ID)] = true
		}
		for _, w := range c.Records {
			records[string(rows.RecordKey(w.Kind, w.ID))] = true
		}
		for _, w := range c.Checks {
			records[string(rows.RecordKey(w.Kind, w.ID))] = true
		}
		for _, w := range c.Counters {
			counters[w.Name] = true
		}
	}
	k := &known{cases: map[int64]int64{}, records: map[string]rows.Record{}, counters: map[string]*uint64{}, behind: map[*ledger.Mark]bool{}}
	err := s.view(func(ctx context.Context, q querier) error {
		clear(k.cases)
		clear(k.records)
		clear(k.counters)
		for _, c := range changes {
			if c.Upto == nil {
				continue
			}
			from, to := beyond(*c.Upto)
			var rows bool
			err := q.QueryRow(ctx, `select exists (select from unnest($1::bigint[], $2::bigint[]) as x(low, high) where exists (select from ledger l where l.n between x.low and x.high))`, from, to).Scan(&rows)
			if err != nil {
				return err
			}
			k.behind[c.Upto] = rows
		}
		var id, seq int64
		var key []byte
		var state int16
		err := each(ctx, q, `select id, seq from cases where id = any($1)`, sorted(cases), []any{&id, &seq}, func() { k.cases[id] = seq })
		if err != nil {
			return err
		}
		err = each(ctx, q, `select key, seq, state from records where key = any($1)`, byteKeys(records), []any{&key, &seq, &state},
			func() { k.records[string(key)] = rows.Record{Seq: uint64(seq), State: byte(state)} })
		if err != nil {
			return err
		}
		return each(ctx, q, `select name, value from counters where name = any($1)`, byteKeys(counters), []any{&key, &seq},
			func() { v := uint64(seq); k.counters[string(key)] = &v })
	})
	return k, err
}

func each[T any](ctx context.Context, q querier, sql string, keys []T, to []any, f func()) error {
	if len(keys) == 0 {
		return nil
	}
	found, err := q.Query(ctx, sql, keys)
	if err != nil {
		return err
	}
	_, err = pgx.ForEachRow(found, to, func() error { f(); return nil })
	return err
}

func byteKeys[V any](m map[string]V) [][]byte {
	keys := make([][]byte, 0, len(m))
	for _, k := range sorted(m) {
		keys = append(keys, []byte(k))
	}
	return keys
}

// The statements of a transaction, in their order. Each does one sort of row for the whole group, and ends the transaction
// when a row isn't as the changes had read it.
const (
	sqlWriter = `with w as (update writers set commit = $2, at = now(), ahead = $5 where id = $1 and commit = $3 and (select format from meta) = $4 returning 1)
		select expect((select count(*) from w), 1, '` + stateWriter + `'),
			expect((coalesce(abs($6::bigint - (extract(epoch from clock_timestamp()) * 1000)::bigint), 0) > $7::bigint)::int, 0, '` + stateClock + `')`
	sqlLocks = `select count(*) from unnest($2::int[], $3::bool[]) as x(name, exclusive), lateral (
		select pg_advisory_xact_lock($1, x.name) where x.exclusive union all select pg_advisory_xact_lock_shared($1, x.name) where not x.exclusive) y`
	sqlCasesRead = `select expect((select count(*) from unnest($1::bigint[], $2::bigint[]) as x(id, seq) join cases c on c.id = x.id and c.seq = x.seq), $3, '` + stateMoved + `')`
	sqlSeen      = `select expect((select count(*) from unnest($1::bytea[], $2::bigint[]) as x(key, seq) join records r on r.key = x.key and r.seq = x.seq and r.state & 2 = 0), $3, '` + stateMoved + `')`
	sqlUnseen    = `select expect((select count(*) from unnest($1::bytea[]) as x(key) join records r on r.key = x.key and r.state & 2 = 0), 0, '` + stateMoved + `')`
	sqlBeyond    = `select expect((select count(*) from unnest($1::bigint[], $2::bigint[]) as x(low, high) where exists (select from ledger l where l.n between x.low and x.high)), 0, '` + stateMoved + `')`
	sqlCases     = `with w as (update cases c set seq = x.next, snapshot = coalesce(x.snapshot, c.snapshot)
		from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bytea[]) as x(id, read, next, snapshot) where c.id = x.id and c.seq = x.read returning 1)
		select expect((select count(*) from w), $5, '` + stateMoved + `')`
	sqlNewCases = `with w as (insert into cases select * from unnest($1::bigint[], $2::bigint[], $3::bytea[]) on conflict do nothing returning 1)
		select expect((select count(*) from w), $4, '` + stateMoved + `')`
	sqlCounters = `with w as (update counters c set value = x.value from unnest($1::bytea[], $2::bigint[], $3::bigint[]) as x(name, read, value)
		where c.name = x.name and c.value = x.read returning 1) select expect((select count(*) from w), $4, '` + stateMoved + `')`
	sqlNewCounters = `with w as (insert into counters select * from unnest($1::bytea[], $2::bigint[]) on conflict do nothing returning 1)
		select expect((select count(*) from w), $3, '` + stateMoved + `')`
	sqlRecords = `with w as (update records r set seq = x.seq, state = x.state, data = x.data
		from unnest($1::bytea[], $2::bigint[], $3::smallint[], $4::smallint[], $5::bigint[], $6::smallint[], $7::bytea[]) as x(key, read, deleted, ledgered, seq, state, data)
		where r.key = x.key and r.seq = x.read and r.state & 2 = x.deleted and r.state & 1 <= x.ledgered returning 1)
		select expect((select count(*) from w), $8, '` + stateMoved + `')`
	sqlNewRecords = `with w as (insert into records select * from unnest($1::bytea[], $2::bigint[], $3::smallint[], $4::bytea[]) on conflict do nothing returning 1)
		select expect((select count(*) from w), $5, '` + stateMoved + `')`
	sqlGoneRecords = `with w as (delete from records r using unnest($1::bytea[], $2::bigint[]) as x(key, read) where r.key = x.key and r.seq = x.read and r.state = 0 returning 1)
		select expect((select count(*) from w), $3, '` + stateMoved + `')`
	sqlEvents   = `insert into events select * from unnest($1::bigint[], $2::bigint[], $3::bytea[], $4::bytea[])`
	sqlVersions = `insert into versions select * from unnest($1::bytea[], $2::bigint[], $3::bytea[])`
	sqlDrop     = `delete from entries where key = any($1)`
	sqlPut      = `insert into entries select * from unnest($1::bytea[], $2::bytea[]) on conflict (key) do update set value = excluded.value`
	sqlLedger   = `insert into ledger values ($1, $2, $3)`
)

// batch is the plan as statements, after those of the writer and before the ledger's.
func (p *plan) batch(b *pgx.Batch, class int32) {
	if names, exclusive := p.locks(); len(names) > 0 {
		b.Queue(sqlLocks, class, names, exclusive)
	}
	p.batchRead(b)
	p.batchCases(b)
	p.batchCounters(b)
	p.batchRecords(b)
	if n := len(p.versions); n > 0 {
		keys, seqs, data := make([][]byte, n), make([]int64, n), make([][]byte, n)
		for i, v := range p.versions {
			keys[i], seqs[i], data[i] = v.key, v.seq, v.data
		}
		b.Queue(sqlVersions, keys, seqs, data)
	}
	var drop, put, values [][]byte
	for _, key := range sorted(p.entries) {
		if v := p.entries[key]; v == nil {
			drop = append(drop, []byte(key))
		} else {
			put, values = append(put, []byte(key)), append(values, v)
		}
	}
	if len(drop) > 0 {
		b.Queue(sqlDrop, drop)
	}
	if len(put) > 0 {
		b.Queue(sqlPut, put, values)
	}
}

// batchRead asks for what the changes rest on and don't write.
func (p *plan) batchRead(b *pgx.Batch) {
	if len(p.casesRead) > 0 {
		var ids, seqs []int64
		for _, id := range sorted(p.casesRead) {
			ids, seqs = append(ids, id), append(seqs, p.casesRead[id])
		}
		b.Queue(sqlCasesRead, ids, seqs, len(ids))
	}
	if p.upto != nil {
		from, to := beyond(*p.upto)
		b.Queue(sqlBeyond, from, to)
	}
	var seen, unseen [][]byte
	var seqs []int64
	for _, key := range sorted(p.recordsRead) {
		if seq := p.recordsRead[key]; seq > 0 {
			seen, seqs = append(seen, []byte(key)), append(seqs, seq)
		} else {
			unseen = append(unseen, []byte(key))
		}
	}
	if len(seen) > 0 {
		b.Queue(sqlSeen, seen, seqs, len(seen))
	}
	if len(unseen) > 0 {
		b.Queue(sqlUnseen, unseen)
	}
}

func (p *plan) batchCases(b *pgx.Batch) {
	var ids, reads, seqs, newIDs, newSeqs []int64
	var snapshots, newSnapshots [][]byte
	for _, id := range sorted(p.cases) {
		c := p.cases[id]
		if c.read == 0 {
			newIDs, newSeqs, newSnapshots = append(newIDs, id), append(newSeqs, c.seq), append(newSnapshots, c.snapshot)
		} else {
			ids, reads, seqs, snapshots = append(ids, id), append(reads, c.read), append(seqs, c.seq), append(snapshots, c.snapshot)
		}
	}
	if len(ids) > 0 {
		b.Queue(sqlCases, ids, reads, seqs, snapshots, len(ids))
	}
	if len(newIDs) > 0 {
		b.Queue(sqlNewCases, newIDs, newSeqs, newSnapshots, len(newIDs))
	}
	if n := len(p.events); n > 0 {
		ids, seqs, hashes, data := make([]int64, n), make([]int64, n), make([][]byte, n), make([][]byte, n)
		for i, e := range p.events {
			ids[i], seqs[i], hashes[i], data[i] = e.id, e.seq, e.hash, e.data
		}
		b.Queue(sqlEvents, ids, seqs, hashes, data)
	}
}

func (p *plan) batchCounters(b *pgx.Batch) {
	var names, newNames [][]byte
	var reads, values, newValues []int64
	for _, name := range sorted(p.counters) {
		if c := p.counters[name]; c.there {
			names, reads, values = append(names, []byte(name)), append(reads, int64(c.read)), append(values, int64(c.value))
		} else {
			newNames, newValues = append(newNames, []byte(name)), append(newValues, int64(c.value))
		}
	}
	if len(names) > 0 {
		b.Queue(sqlCounters, names, reads, values, len(names))
	}
	if len(newNames) > 0 {
		b.Queue(sqlNewCounters, newNames, newValues, len(newNames))
	}
}

func (p *plan) batchRecords(b *pgx.Batch) {
	var keys, data, newKeys, newData, gone, never [][]byte
	var reads, seqs, newSeqs, goneReads []int64
	var deleted, ledgered, states, newStates []int16
	for _, key := range sorted(p.records) {
		r, k := p.records[key], []byte(key)
		switch {
		case r.gone && r.base.Seq == 0:
			never = append(never, k)
		case r.gone:
			gone, goneReads = append(gone, k), append(goneReads, int64(r.base.Seq))
		case r.base.Seq == 0:
			newKeys, newSeqs = append(newKeys, k), append(newSeqs, int64(r.now.Seq))
			newStates, newData = append(newStates, int16(r.now.State)), append(newData, r.now.Data)
		default:
			keys, reads, seqs = append(keys, k), append(reads, int64(r.base.Seq)), append(seqs, int64(r.now.Seq))
			deleted, ledgered = append(deleted, int16(r.base.State&rows.Deleted)), append(ledgered, int16(r.was))
			states, data = append(states, int16(r.now.State)), append(data, r.now.Data)
		}
	}
	if len(keys) > 0 {
		b.Queue(sqlRecords, keys, reads, deleted, ledgered, seqs, states, data, len(keys))
	}
	if len(newKeys) > 0 {
		b.Queue(sqlNewRecords, newKeys, newSeqs, newStates, newData, len(newKeys))
	}
	if len(gone) > 0 {
		b.Queue(sqlGoneRecords, gone, goneReads, len(gone))
	}
	if len(never) > 0 {
		b.Queue(sqlUnseen, never)
	}
}
