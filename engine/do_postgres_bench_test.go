package engine_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"dossier/engine/casefile"
	"dossier/engine/ledger"
	"dossier/store/postgres"
	storerows "dossier/store/rows"
	"dossier/store/storetest/pgserver"
)

// rawPostgres is pgx writing the rows of an act: a transaction for each, sent in one batch, on as many connections as there are acts at
// once, each statement prepared. It reads nothing and checks nothing.
type rawPostgres struct {
	pool   *pgxpool.Pool
	filler []byte
}

// newRawPostgres makes tables like those of the schema, with what they hold.
func newRawPostgres(b *testing.B, url string) *rawPostgres {
	c, err := pgxpool.ParseConfig(url)
	if err != nil {
		b.Fatal(err)
	}
	c.MaxConns = 64
	pool, err := pgxpool.NewWithConfig(b.Context(), c)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(pool.Close)
	for _, table := range []string{"cases", "events", "entries", "records", "counters"} {
		if _, err := pool.Exec(b.Context(), fmt.Sprintf(`create table raw_%[1]s (like dossier.%[1]s including all); insert into raw_%[1]s select * from dossier.%[1]s`, table)); err != nil {
			b.Fatal(err)
		}
	}
	return &rawPostgres{pool, filler()}
}

func (r *rawPostgres) do(id casefile.CaseID, seq uint64, rs []traceRow) error {
	b := &pgx.Batch{}
	for i, w := range rs {
		id := w.other(id, seq)
		name := storerows.IndexKey(w.Index, strings.ReplaceAll(w.Key, "{n}", fmt.Sprintf("%012d", id)), fmt.Sprint(id))
		switch value := r.filler[i : i+w.Size]; w.Kind {
		case "event":
			b.Queue(`insert into raw_events values ($1, $2, $3, $4)`, int64(id), int64(seq), value[:32], value[32:])
		case "snapshot":
			b.Queue(`insert into raw_cases values ($1, $2, $3) on conflict (id) do update set seq = excluded.seq, snapshot = excluded.snapshot`, int64(id), int64(seq), value[8:])
		case "put":
			b.Queue(`insert into raw_entries values ($1, $2) on conflict (key) do update set value = excluded.value`, name, value)
		case "drop":
			b.Queue(`delete from raw_entries where key = $1`, name)
		case "record":
			b.Queue(`insert into raw_records values ($1, $2, 0, $3) on conflict (key) do update set seq = excluded.seq, data = excluded.data`, storerows.RecordKey(w.Index, w.Key), int64(seq), value)
		case "counter":
			b.Queue(`insert into raw_counters values ($1, $2) on conflict (name) do update set value = excluded.value`, []byte(w.Key), int64(seq))
		}
	}
	return r.pool.SendBatch(context.Background(), b).Close()
}

// BenchmarkDoPostgres takes the acts of BenchmarkDo through the whole engine on a PostgreSQL server that syncs, beside raw pgx. Processor
// is that of this process and of the server.
func BenchmarkDoPostgres(b *testing.B) {
	server, err := pgserver.New("max_connections=200")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { server.Remove() })
	x := newBench(b, func(sync bool) (ledger.Store, error) {
		return postgres.Open(server.URL(), postgres.Options{Create: true, Owner: b.Name(), NoSync: !sync})
	}, func() error { return nil })
	x.measure(b, newRawPostgres(b, server.URL()), server.Processor, "do-postgres")
}
