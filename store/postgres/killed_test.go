package postgres_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"dossier/engine/casefile"
	"dossier/engine/ledger"
	"dossier/store/postgres"
	"dossier/store/storetest/pgserver"
)

// killed, in the environment, makes this test binary a program that writes into a schema until it is killed: its address, and
// the first of the eight cases that it writes to.
const killed = "DOSSIER_TEST_KILLED"

func TestMain(m *testing.M) {
	if said := os.Getenv(killed); said != "" {
		fmt.Fprintln(os.Stderr, writeUntilKilled(said))
		os.Exit(1)
	}
	os.Exit(pgserver.Main(m))
}

// acknowledged are the events that were said to be written: "case seq" → hash.
type acknowledged map[string]string

// write goes on writing events to a case, with a blob and a number of the common counter each, and tells each one that was acknowledged, until
// it fails.
func write(s ledger.Store, id casefile.CaseID, tell func(id casefile.CaseID, e ledger.Sealed)) error {
	events, err := s.Events(id, 0, 0)
	if err != nil {
		return err
	}
	var head ledger.Sealed
	if len(events) > 0 {
		head = events[len(events)-1]
	}
	for {
		n, err := s.Counter("doc")
		if err != nil {
			return err
		}
		data := fmt.Appendf(nil, "case %d event %d number %d", id, head.Seq+1, n+1)
		if err := s.PutBlob(fmt.Sprintf("%x", sha256.Sum256(data)), data); err != nil {
			return err
		}
		e := ledger.Sealed{Seq: head.Seq + 1, Data: data, Hash: ledger.Chain(head.Hash, data)}
		err = s.Commit(context.Background(), ledger.Commit{
			Cases: []ledger.CaseWrite{{ID: id, Read: head.Seq, Events: []ledger.Sealed{e}, Snapshot: data,
				Put: []ledger.Key{{Index: "event", Key: fmt.Sprintf("%d/%d", id, e.Seq)}}}},
			Counters: []ledger.CounterWrite{{Name: "doc", Read: n, Value: n + 1}},
		})
		var conflict *ledger.Conflict
		if errors.As(err, &conflict) && conflict.What == "counter" {
			continue
		}
		if err != nil {
			return err
		}
		head = e
		tell(id, e)
	}
}

func writeUntilKilled(said string) error {
	var url string
	var first casefile.CaseID
	if _, err := fmt.Sscan(said, &url, &first); err != nil {
		return err
	}
	s, err := postgres.Open(url, postgres.Options{Create: true, Owner: "the killed"})
	if err != nil {
		return err
	}
	var mu sync.Mutex
	failed := make(chan error, 8)
	for id := first; id < first+8; id++ {
		go func() {
			failed <- write(s, id, func(id casefile.CaseID, e ledger.Sealed) {
				mu.Lock()
				fmt.Printf("%d %d %s\n", id, e.Seq, e.Hash)
				mu.Unlock()
			})
		}()
	}
	return <-failed
}

// inspect reads all that there is: what was acknowledged is there, what is there is whole, numbers have no gap, and the ledgers
// name all of it once.
func inspect(t *testing.T, s ledger.Store, cases int, said acknowledged) {
	t.Helper()
	rows, err := s.Ledger(0, 0)
	if err != nil {
		t.Fatal(err)
	}
	heads := map[string]map[uint64]string{}
	var last ledger.LedgerRow
	for _, row := range rows {
		prev := last.Hash
		if row.N != last.N+1 {
			prev = "" // another ledger begins
		}
		want, _, err := ledger.NextRow(row.N, prev, row.Heads)
		if err != nil || row.Hash != want.Hash || row.Prev != prev {
			t.Fatalf("ledger row %d does not follow", row.N)
		}
		last = row
		for _, h := range row.Heads {
			if heads[h.What] == nil {
				heads[h.What] = map[uint64]string{}
			}
			if heads[h.What][h.Seq] != "" {
				t.Errorf("%s at %d is named twice", h.What, h.Seq)
			}
			heads[h.What][h.Seq] = h.Hash
		}
	}
	found, numbers := 0, map[string]bool{}
	for id := casefile.CaseID(1); id <= casefile.CaseID(cases); id++ {
		events, err := s.Events(id, 0, 0)
		if err != nil {
			t.Fatal(err)
		}
		prev := ""
		for i, e := range events {
			if e.Seq != uint64(i)+1 || e.Hash != ledger.Chain(prev, e.Data) {
				t.Fatalf("case %d: event %d does not follow", id, i+1)
			}
			prev = e.Hash
			if heads[fmt.Sprintf("case/%d", id)][e.Seq] != e.Hash {
				t.Errorf("case %d: event %d is not what the ledgers name", id, e.Seq)
			}
			if hash, ok := said[fmt.Sprintf("%d %d", id, e.Seq)]; ok {
				found++
				if hash != e.Hash {
					t.Errorf("case %d: event %d is another than the one acknowledged", id, e.Seq)
				}
			}
			_, number, _ := strings.Cut(string(e.Data), "number ")
			if numbers[number] {
				t.Errorf("number %s was given twice", number)
			}
			numbers[number] = true
			if _, err := s.Blob(fmt.Sprintf("%x", sha256.Sum256(e.Data))); err != nil {
				t.Errorf("case %d: event %d: %v", id, e.Seq, err)
			}
		}
		n := uint64(len(events))
		c, err := s.Case(id)
		if err != nil && !(n == 0 && errors.Is(err, ledger.ErrNotFound)) {
			t.Fatal(err)
		}
		entries, err := s.Scan(ledger.Scan{Index: "event", Prefix: fmt.Sprintf("%d/", id), Limit: 1 << 20})
		if err != nil {
			t.Fatal(err)
		}
		if c.Seq != n || len(entries) != int(n) || len(heads[fmt.Sprintf("case/%d", id)]) != int(n) {
			t.Errorf("case %d: %d events, snapshot at %d, %d entries, %d heads", id, n, c.Seq, len(entries), len(heads[fmt.Sprintf("case/%d", id)]))
		}
	}
	if n, err := s.Counter("doc"); err != nil || n != uint64(len(numbers)) {
		t.Errorf("the counter is at %d (%v), and %d numbers were given", n, err, len(numbers))
	}
	if found != len(said) {
		t.Errorf("%d of %d acknowledged commits are there", found, len(said))
	}
}

// TestKilled has two processes write into one schema and kills one of them at random, again and again. What was acknowledged is
// there once, what is there is whole, and the other process goes on.
func TestKilled(t *testing.T) {
	url := pgserver.URL(t)
	said := acknowledged{}
	r := rand.New(rand.NewPCG(7, 7))
	for range 5 {
		var mu sync.Mutex
		var readers sync.WaitGroup
		var procs []*exec.Cmd
		victim, after := r.IntN(2), 20+r.IntN(150)
		var told [2]atomic.Int64
		for i := range 2 {
			cmd := exec.Command(os.Args[0])
			cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%s %d", killed, url, 1+8*i))
			cmd.Stderr = os.Stderr
			out, err := cmd.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			procs = append(procs, cmd)
			readers.Go(func() {
				for lines := bufio.NewReader(out); ; {
					line, err := lines.ReadString('\n')
					if err != nil {
						return // what was not said whole was not acknowledged
					}
					var id, seq, hash string
					if _, err := fmt.Sscan(line, &id, &seq, &hash); err != nil {
						t.Errorf("%q: %v", line, err)
						return
					}
					mu.Lock()
					said[id+" "+seq] = hash
					mu.Unlock()
					told[i].Add(1)
				}
			})
		}
		until := func(f func() bool) {
			for !f() {
				time.Sleep(time.Millisecond)
			}
		}
		until(func() bool { return told[victim].Load() >= int64(after) && told[1-victim].Load() > 0 })
		if err := procs[victim].Process.Kill(); err != nil {
			t.Fatal(err)
		}
		had := told[1-victim].Load()
		until(func() bool { return told[1-victim].Load() >= had+20 }) // the other goes on
		if err := procs[1-victim].Process.Kill(); err != nil {
			t.Fatal(err)
		}
		readers.Wait()
		for _, p := range procs {
			if err := p.Wait(); err == nil || !strings.Contains(err.Error(), "killed") {
				t.Fatalf("the program ended: %v", err)
			}
		}
		s := openAt(t, url)
		inspect(t, s, 16, said)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if len(said) < 200 {
		t.Errorf("only %d commits were acknowledged", len(said))
	}
}

// TestServerKilled kills the server itself amid commits, as when a machine loses its power, and starts it again. Whoever
// writes waits meanwhile and goes on; nothing that was acknowledged is lost or there twice.
func TestServerKilled(t *testing.T) {
	server, err := pgserver.New() // with sync: here it matters
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Remove(); err != nil {
			t.Error(err)
		}
	})
	s, err := postgres.Open(server.URL(), postgres.Options{Create: true})
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	said := acknowledged{}
	count := func() int { mu.Lock(); defer mu.Unlock(); return len(said) }
	stop := errors.New("enough")
	var wg sync.WaitGroup
	ended := make(chan struct{})
	for id := casefile.CaseID(1); id <= 8; id++ {
		wg.Go(func() {
			defer func() {
				if p := recover(); p != stop {
					t.Errorf("case %d: %v", id, p)
				}
			}()
			t.Errorf("case %d: %v", id, write(s, id, func(id casefile.CaseID, e ledger.Sealed) {
				mu.Lock()
				said[fmt.Sprintf("%d %d", id, e.Seq)] = e.Hash
				mu.Unlock()
				select {
				case <-ended:
					panic(stop)
				default:
				}
			}))
		})
	}
	for round := range 3 {
		for had := count(); count() < had+50; {
			time.Sleep(time.Millisecond)
		}
		how := syscall.SIGKILL
		if round == 2 {
			how = syscall.SIGINT // as an operator restarts it
		}
		if err := server.Stop(how); err != nil {
			t.Fatal(err)
		}
		if err := server.Start(); err != nil {
			t.Fatal(err)
		}
	}
	for had := count(); count() < had+50; {
		time.Sleep(time.Millisecond)
	}
	close(ended)
	wg.Wait()
	inspect(t, s, 8, maps.Clone(said))
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

// line is a socket between a store and its server that can swallow an answer.
type line struct {
	dir    string
	cut    atomic.Bool // the next answer that says that rows were written is swallowed, and its connection ends
	shut   atomic.Bool // after that nobody comes through
	closed atomic.Int64
}

func newLine(t *testing.T, server *pgserver.Server) *line {
	t.Helper()
	dir, err := os.MkdirTemp("", "dossier-line-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	l := &line{dir: dir}
	in, err := net.Listen("unix", filepath.Join(dir, ".s.PGSQL.5432"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { in.Close() })
	go func() {
		for {
			client, err := in.Accept()
			if err != nil {
				return
			}
			go l.carry(client, filepath.Join(server.Dir, ".s.PGSQL.5432"))
		}
	}()
	return l
}

func (l *line) carry(client net.Conn, to string) {
	server, err := net.Dial("unix", to)
	if err != nil || l.shut.Load() && l.closed.Load() > 0 {
		client.Close()
		return
	}
	go func() {
		defer server.Close()
		b := make([]byte, 64<<10)
		for {
			n, err := client.Read(b)
			if err != nil {
				return
			}
			if _, err := server.Write(b[:n]); err != nil {
				return
			}
		}
	}()
	defer client.Close()
	b := make([]byte, 64<<10)
	for {
		n, err := server.Read(b)
		if err != nil {
			return
		}
		if bytes.Contains(b[:n], []byte("INSERT 0 ")) && l.cut.CompareAndSwap(true, false) {
			l.closed.Add(1)
			return
		}
		if _, err := client.Write(b[:n]); err != nil {
			return
		}
	}
}

// A commit whose answer is lost on the way is asked again by its number, and is done once.
func TestAnswerLost(t *testing.T) {
	url := pgserver.URL(t)
	server := pgserver.Shared(t)
	l := newLine(t, server)
	direct := openAt(t, url)
	s, err := postgres.Open(strings.Replace(url, server.Dir, l.dir, 1), postgres.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for seq := uint64(0); seq < 20; seq++ {
		if seq > 0 { // the first makes the connection
			l.cut.Store(true)
		}
		c := one(1, seq, fmt.Sprint(seq))
		c.Counters = []ledger.CounterWrite{{Name: "n", Read: seq, Value: seq + 1}}
		if err := s.Commit(context.Background(), c); err != nil {
			t.Fatalf("event %d: %v", seq+1, err)
		}
	}
	if l.closed.Load() != 19 {
		t.Fatalf("%d answers were swallowed", l.closed.Load())
	}
	events, err := direct.Events(1, 0, 0)
	if err != nil || len(events) != 20 {
		t.Errorf("%d events, %v", len(events), err)
	}
	if n, err := direct.Counter("n"); n != 20 || err != nil {
		t.Errorf("counter %d, %v", n, err)
	}
}

// Where the server stays away after it, what became of a commit is not known: the error says so and what to do, and the same again is
// found done when the server is back.
func TestOutcomeUnknown(t *testing.T) {
	url := pgserver.URL(t)
	server := pgserver.Shared(t)
	l := newLine(t, server)
	openAt(t, url)
	s, err := postgres.Open(strings.Replace(url, server.Dir, l.dir, 1)+"&patience=300ms", postgres.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	commit(t, s, one(1, 0, "a"))
	l.shut.Store(true)
	l.cut.Store(true)
	err = s.Commit(context.Background(), one(1, 1, "b"))
	var e *postgres.OpenError
	if !errors.As(err, &e) || e.Code != postgres.CodeUnreachable || !e.Unavailable() || !strings.Contains(err.Error(), "in the middle of a commit") ||
		!strings.Contains(err.Error(), "repeat it with the same key") {
		t.Errorf("%v", err)
	}
	l.shut.Store(false)
	var conflict *ledger.Conflict
	if err := s.Commit(context.Background(), one(1, 1, "b")); !errors.As(err, &conflict) {
		t.Errorf("again: %v", err)
	}
	if events, err := s.Events(1, 0, 0); err != nil || len(events) != 2 {
		t.Errorf("%d events, %v", len(events), err)
	}
	commit(t, s, one(1, 2, "c"))
}

// A commit that is under way when its connection ends is waited for, and then told as it turned out.
func TestEndedUnderWay(t *testing.T) {
	url := pgserver.URL(t)
	s := schema{openAt(t, url), url}
	commit(t, s, one(1, 0, "a"))
	server := pgserver.Shared(t)
	_, name, _ := strings.Cut(url, "&schema=")
	done := make(chan error, 1)
	released := make(chan error, 1)
	go func() { // holds the table for a while
		_, err := server.SQL(`begin; lock table ` + name + `.ledger in share mode; select pg_sleep(1); commit`)
		released <- err
	}()
	for waiting := ""; waiting != "t"; {
		var err error
		if waiting, err = s.sql(`select case when exists (select from pg_locks where relation = 'ledger'::regclass and mode = 'ShareLock') then 't' else 'f' end`); err != nil {
			t.Fatal(err)
		}
	}
	go func() { done <- s.Commit(context.Background(), one(1, 1, "b")) }()
	for n := "0"; n == "0"; {
		var err error
		n, err = s.sql(`select count(*) from (select pg_terminate_backend(pid) from pg_locks where relation = 'ledger'::regclass and not granted) x`)
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
	if err := <-released; err != nil {
		t.Fatal(err)
	}
	if events, err := s.Events(1, 0, 0); err != nil || len(events) != 2 {
		t.Errorf("%d events, %v", len(events), err)
	}
}

// A server that doesn't come back ends patience: the error says so, and that the commit may or may not be there.
func TestGone(t *testing.T) {
	server, err := pgserver.New("fsync=off")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Remove() })
	s, err := postgres.Open(server.URL()+"&patience=300ms", postgres.Options{Create: true})
	if err != nil {
		t.Fatal(err)
	}
	commit(t, s, one(1, 0, "a"))
	if err := server.Stop(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	_, errRead := s.Case(1)
	for what, err := range map[string]error{"commit": s.Commit(context.Background(), one(1, 1, "b")), "read": errRead,
		"blob": s.PutBlob(fmt.Sprintf("%x", sha256.Sum256(nil)), nil)} {
		var e *postgres.OpenError
		if !errors.As(err, &e) || e.Code != postgres.CodeUnreachable || !e.Unavailable() {
			t.Errorf("%s: %v", what, err)
		}
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	if c, err := s.Case(1); err != nil || c.Seq != 1 {
		t.Errorf("%+v %v", c, err)
	}
	commit(t, s, one(1, 1, "b"))
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}
