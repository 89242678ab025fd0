package postgres_test

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"dossier/engine/casefile"
	"dossier/engine/ledger"
	"dossier/store/postgres"
	"dossier/store/storetest/pgserver"
)

const benchCases = 5_000

// transition is what one action writes: an event of 450 bytes, a snapshot of 550, three index entries moved, on one of the cases.
func transition(id casefile.CaseID, read uint64) ledger.Commit {
	w := ledger.CaseWrite{ID: id, Read: read, Snapshot: bytes.Repeat([]byte("s"), 550)}
	w.Events = []ledger.Sealed{{Seq: read + 1, Data: bytes.Repeat([]byte("e"), 450), Hash: ledger.Chain("", []byte("e"))}}
	for i, name := range []string{"due", "officer", "state"} {
		key := func(seq uint64) ledger.Key {
			return ledger.Key{Index: name, Key: fmt.Sprintf("%02d", (uint64(id)*7+seq*13+uint64(i))%90), ID: fmt.Sprint(id), Value: []byte("what a list shows of it")}
		}
		w.Put = append(w.Put, key(read+1))
		if read > 0 {
			w.Drop = append(w.Drop, key(read))
		}
	}
	return ledger.Commit{Cases: []ledger.CaseWrite{w}}
}

// raw is pgx writing the same rows: a transaction for each change, sent in one batch, on as many connections as there are
// writers, each statement prepared. It reads nothing and checks nothing.
type raw struct{ pool *pgxpool.Pool }

func newRaw(b *testing.B, url string) *raw {
	c, err := pgxpool.ParseConfig(url)
	if err != nil {
		b.Fatal(err)
	}
	c.MaxConns = 64
	pool, err := pgxpool.NewWithConfig(context.Background(), c)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(pool.Close)
	_, err = pool.Exec(context.Background(), `create table if not exists raw_cases (id bigint primary key, seq bigint, snapshot bytea) with (fillfactor = 70);
		create table if not exists raw_events (id bigint, seq bigint, hash bytea, data bytea, primary key (id, seq));
		create table if not exists raw_entries (key bytea primary key, value bytea)`)
	if err != nil {
		b.Fatal(err)
	}
	return &raw{pool}
}

func (r *raw) Commit(ctx context.Context, c ledger.Commit) error {
	w := c.Cases[0]
	name := func(k ledger.Key) []byte { return []byte(k.Index + "\x00" + k.Key + "\x00" + k.ID) }
	b := &pgx.Batch{}
	b.Queue(`insert into raw_events values ($1, $2, $3, $4)`, int64(w.ID), int64(w.Events[0].Seq), make([]byte, 32), w.Events[0].Data)
	b.Queue(`insert into raw_cases values ($1, $2, $3) on conflict (id) do update set seq = excluded.seq, snapshot = excluded.snapshot`, int64(w.ID), int64(w.Events[0].Seq), w.Snapshot)
	for _, k := range w.Drop {
		b.Queue(`delete from raw_entries where key = $1`, name(k))
	}
	for _, k := range w.Put {
		b.Queue(`insert into raw_entries values ($1, $2) on conflict (key) do update set value = excluded.value`, name(k), k.Value)
	}
	return r.pool.SendBatch(ctx, b).Close()
}

type committer interface {
	Commit(ctx context.Context, c ledger.Commit) error
}

// BenchmarkCommit sets the store beside raw pgx, at 1, 8 and 64 writers, on a server that syncs. Both take turns within one
// run, in short bouts, so that a busy machine slows both alike; "of-raw" is the store's rate divided by raw's.
func BenchmarkCommit(b *testing.B) { benchCommit(b, 0, 1, 8, 64) }

// BenchmarkCommitSlowDisk does the same where a sync takes 2 ms more.
func BenchmarkCommitSlowDisk(b *testing.B) { benchCommit(b, 2*time.Millisecond, 1, 8, 64) }

func benchCommit(b *testing.B, more time.Duration, at ...int) {
	server, err := pgserver.New("max_connections=200", "commit_siblings=0", fmt.Sprintf("commit_delay=%d", more.Microseconds()))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { server.Remove() })
	s, err := postgres.Open(server.URL(), postgres.Options{Create: true})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { s.Close() })
	r := newRaw(b, server.URL())
	seqs := map[committer][]uint64{}
	for _, c := range []committer{s, r} {
		seqs[c] = make([]uint64, benchCases+1)
		var next atomic.Int64
		var wg sync.WaitGroup
		for range 64 {
			wg.Go(func() {
				for id := next.Add(1); id <= benchCases; id = next.Add(1) {
					if err := c.Commit(context.Background(), transition(casefile.CaseID(id), 0)); err != nil {
						b.Error(err)
						return
					}
					seqs[c][id] = 1
				}
			})
		}
		wg.Wait()
	}
	for _, writers := range at {
		b.Run(fmt.Sprint(writers), func(b *testing.B) {
			bout := max(300, 20*writers) // many times round: the first and the last have nobody beside them
			var took, here, there [2]time.Duration
			var late []time.Duration
			for done := 0; done < b.N; done += bout {
				for i, c := range []committer{s, r} {
					h, s := cpuHere(), server.Processor()
					t, each := bench(b, c, seqs[c], writers, bout)
					took[i] += t
					here[i] += cpuHere() - h
					there[i] += server.Processor() - s
					if i == 0 {
						late = append(late, each...)
					}
				}
			}
			slices.Sort(late)
			n := float64((b.N + bout - 1) / bout * bout)
			b.ReportMetric(n/took[0].Seconds(), "store/s")
			b.ReportMetric(n/took[1].Seconds(), "raw/s")
			b.ReportMetric(took[1].Seconds()/took[0].Seconds(), "of-raw")
			for i, name := range []string{"store", "raw"} {
				b.ReportMetric(float64(here[i].Microseconds())/n, name+"-µs-client")
				b.ReportMetric(float64(there[i].Microseconds())/n, name+"-µs-server")
			}
			b.ReportMetric(float64(late[len(late)/2].Microseconds()), "µs-p50")
			b.ReportMetric(float64(late[len(late)*99/100].Microseconds()), "µs-p99")
		})
	}
}

// bench makes n transitions by so many writers, each on cases of its own.
func bench(b *testing.B, c committer, seqs []uint64, writers, n int) (took time.Duration, each []time.Duration) {
	var next atomic.Int64
	var mu sync.Mutex
	var wg sync.WaitGroup
	begin := time.Now()
	for w := range writers {
		wg.Go(func() {
			r := rand.New(rand.NewPCG(uint64(w), uint64(begin.UnixNano())))
			var mine []time.Duration
			for next.Add(1) <= int64(n) {
				id := 1 + w + writers*r.IntN(benchCases/writers-1)
				from := time.Now()
				if err := c.Commit(context.Background(), transition(casefile.CaseID(id), seqs[id])); err != nil {
					b.Error(err)
					return
				}
				mine = append(mine, time.Since(from))
				seqs[id]++
			}
			mu.Lock()
			each = append(each, mine...)
			mu.Unlock()
		})
	}
	wg.Wait()
	return time.Since(begin), each
}
