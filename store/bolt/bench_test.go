package bolt_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"dossier/engine/casefile"
	"dossier/engine/ledger"
	"dossier/store/bolt"
)

const benchCases = 20_000

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

// raw is the least that could write the same rows: a group commit on bbolt that reads nothing and checks nothing.
type raw struct {
	db      *bbolt.DB
	mu      sync.Mutex
	waiting []rawChange
	wake    chan struct{}
	n       uint64
}

type rawChange struct {
	c    ledger.Commit
	done chan error
}

func newRaw(b *testing.B) *raw {
	db, err := bbolt.Open(filepath.Join(b.TempDir(), "raw.db"), 0o600, &bbolt.Options{FreelistType: bbolt.FreelistMapType, InitialMmapSize: 16 << 30, NoStatistics: true})
	if err != nil {
		b.Fatal(err)
	}
	err = db.Update(func(tx *bbolt.Tx) error {
		for _, name := range []string{"cases", "index", "ledger"} {
			if _, err := tx.CreateBucket([]byte(name)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	r := &raw{db: db, wake: make(chan struct{}, 1)}
	go r.run()
	b.Cleanup(func() { close(r.wake); db.Close() })
	return r
}

func (r *raw) Commit(_ context.Context, c ledger.Commit) error {
	w := rawChange{c, make(chan error, 1)}
	r.mu.Lock()
	r.waiting = append(r.waiting, w)
	r.mu.Unlock()
	select {
	case r.wake <- struct{}{}:
	default:
	}
	return <-w.done
}

func (r *raw) run() {
	for range r.wake {
		r.mu.Lock()
		group := r.waiting
		r.waiting = nil
		r.mu.Unlock()
		if len(group) == 0 {
			continue
		}
		err := r.db.Update(func(tx *bbolt.Tx) error { return r.write(tx, group) })
		for _, w := range group {
			w.done <- err
		}
	}
}

func (r *raw) write(tx *bbolt.Tx, group []rawChange) error {
	cases, index, book := tx.Bucket([]byte("cases")), tx.Bucket([]byte("index")), tx.Bucket([]byte("ledger"))
	book.FillPercent = 0.95
	name := func(k ledger.Key) []byte { return []byte(k.Index + "\x00" + k.Key + "\x00" + k.ID) }
	put := func(b *bbolt.Bucket, key, value []byte) {
		if err := b.Put(key, value); err != nil {
			panic(err)
		}
	}
	var line []byte
	for _, g := range group {
		for _, w := range g.c.Cases {
			id := binary.BigEndian.AppendUint64(nil, uint64(w.ID))
			put(cases, binary.BigEndian.AppendUint64(slices.Clone(id), w.Read+1), append(make([]byte, 32), w.Events[0].Data...))
			put(cases, binary.BigEndian.AppendUint64(slices.Clone(id), 1<<64-1), append(make([]byte, 8), w.Snapshot...))
			for _, k := range w.Drop {
				if err := index.Delete(name(k)); err != nil {
					return err
				}
			}
			for _, k := range w.Put {
				put(index, name(k), k.Value)
			}
			line = append(line, make([]byte, 110)...)
		}
	}
	r.n++
	put(book, binary.BigEndian.AppendUint64(nil, r.n), append(make([]byte, 120), line...))
	return nil
}

type committer interface {
	Commit(ctx context.Context, c ledger.Commit) error
}

// county writes a first event of each case.
func county(b *testing.B, s committer) {
	b.Helper()
	var next atomic.Int64
	var wg sync.WaitGroup
	for range 512 {
		wg.Go(func() {
			for id := next.Add(1); id <= benchCases; id = next.Add(1) {
				if err := s.Commit(context.Background(), transition(casefile.CaseID(id), 0)); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
}

// BenchmarkCommit sets the store beside raw bbolt, at 1, 8 and 64 writers. Both take turns within one run, in short bouts, so that a busy machine
// slows both alike; "of-raw" is the store's rate divided by raw's.
func BenchmarkCommit(b *testing.B) {
	s, err := bolt.Open(b.TempDir(), bolt.Options{Create: true})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { s.Close() })
	r := newRaw(b)
	county(b, s)
	county(b, r)
	seqs := map[committer][]uint64{s: make([]uint64, benchCases+1), r: make([]uint64, benchCases+1)}
	for c := range seqs {
		for i := range seqs[c] {
			seqs[c][i] = 1
		}
	}
	for _, writers := range []int{1, 8, 64} {
		b.Run(fmt.Sprintf("%d", writers), func(b *testing.B) {
			const bout = 300
			var took [2]time.Duration
			var late []time.Duration
			for done := 0; done < b.N; done += bout {
				for i, c := range []committer{s, r} {
					t, each := run(b, c, seqs[c], writers, bout)
					took[i] += t
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
			b.ReportMetric(float64(late[len(late)/2].Microseconds()), "µs-p50")
			b.ReportMetric(float64(late[len(late)*99/100].Microseconds()), "µs-p99")
		})
	}
}

// run makes n transitions by so many writers, each on cases of its own.
func run(b *testing.B, c committer, seqs []uint64, writers, n int) (took time.Duration, each []time.Duration) {
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
