package bolt_test

import (
	"bufio"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"

	"dossier/engine/casefile"
	"dossier/engine/ledger"
	"dossier/store/bolt"
)

// crashDir, in the environment, makes this test binary a program that writes into a store until it is killed.
const crashDir = "DOSSIER_TEST_CRASH_DIR"

func TestMain(m *testing.M) {
	if dir := os.Getenv(crashDir); dir != "" {
		fmt.Fprintln(os.Stderr, writeUntilKilled(dir))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// writeUntilKilled writes events to eight cases at once, with a blob each, and says on standard output what was acknowledged: "case seq hash".
func writeUntilKilled(dir string) error {
	s, err := bolt.Open(dir, bolt.Options{Create: true, Owner: "the crasher"})
	if err != nil {
		return err
	}
	var mu sync.Mutex
	failed := make(chan error, 8)
	for id := casefile.CaseID(1); id <= 8; id++ {
		go func() {
			failed <- func() error {
				events, err := s.Events(id, 0, 0)
				if err != nil {
					return err
				}
				var head ledger.Sealed
				if len(events) > 0 {
					head = events[len(events)-1]
				}
				for {
					data := fmt.Appendf(nil, "case %d event %d", id, head.Seq+1)
					sum := fmt.Sprintf("%x", sha256.Sum256(data))
					if err := s.PutBlob(sum, data); err != nil {
						return err
					}
					e := ledger.Sealed{Seq: head.Seq + 1, Data: data, Hash: ledger.Chain(head.Hash, data)}
					c := ledger.Commit{
						Cases: []ledger.CaseWrite{{ID: id, Read: head.Seq, Events: []ledger.Sealed{e}, Snapshot: data,
							Put: []ledger.Key{{Index: "event", Key: fmt.Sprintf("%d/%d", id, e.Seq)}}}},
						Counters: []ledger.CounterWrite{{Name: fmt.Sprint(id), Read: head.Seq, Value: e.Seq}},
					}
					if err := s.Commit(context.Background(), c); err != nil {
						return err
					}
					head = e
					mu.Lock()
					fmt.Printf("%d %d %s\n", id, e.Seq, e.Hash)
					mu.Unlock()
				}
			}()
		}()
	}
	return <-failed
}

// TestKilled kills the program amid its commits, again and again on the same folder. What was acknowledged is there, what is there is whole.
func TestKilled(t *testing.T) {
	dir := t.TempDir()
	acknowledged := map[string]string{} // "case seq" → hash
	r := rand.New(rand.NewPCG(7, 7))
	for range 5 {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), crashDir+"="+dir)
		cmd.Stderr = os.Stderr
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		lines, kill := bufio.NewReader(out), 20+r.IntN(200)
		for n := 0; ; n++ {
			line, err := lines.ReadString('\n')
			if err != nil {
				break // what was not said whole was not acknowledged
			}
			var id, seq, hash string
			if _, err := fmt.Sscan(line, &id, &seq, &hash); err != nil {
				t.Fatalf("%q: %v", line, err)
			}
			acknowledged[id+" "+seq] = hash
			if n == 0 {
				var e *bolt.OpenError
				if _, err := bolt.Open(dir, bolt.Options{}); !errors.As(err, &e) || e.Code != bolt.CodeOwned || e.Owner == nil || e.Owner.PID != cmd.Process.Pid {
					t.Errorf("open beside the owner: %v", err)
				}
			}
			if n == kill {
				if err := cmd.Process.Kill(); err != nil {
					t.Fatal(err)
				}
			}
		}
		if err := cmd.Wait(); err == nil || !strings.Contains(err.Error(), "killed") {
			t.Fatalf("the program ended: %v", err)
		}
		inspect(t, dir, acknowledged)
	}
	if len(acknowledged) < 100 {
		t.Errorf("only %d commits were acknowledged", len(acknowledged))
	}
}

// inspect opens what a crash left.
func inspect(t *testing.T, dir string, acknowledged map[string]string) {
	t.Helper()
	s, err := bolt.Open(dir, bolt.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	rows, err := s.Ledger(0, 0)
	if err != nil {
		t.Fatal(err)
	}
	prev, heads := "", map[string]ledger.LedgerHead{}
	for i, row := range rows {
		want, _, err := ledger.NextRow(uint64(i)+1, prev, row.Heads)
		if err != nil || row.N != want.N || row.Prev != prev || row.Hash != want.Hash {
			t.Fatalf("ledger row %d does not follow", i+1)
		}
		prev = row.Hash
		for _, h := range row.Heads {
			heads[h.What] = h
		}
	}
	found := 0
	for id := casefile.CaseID(1); id <= 8; id++ {
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
			if hash, ok := acknowledged[fmt.Sprintf("%d %d", id, e.Seq)]; ok {
				found++
				if hash != e.Hash {
					t.Errorf("case %d: event %d is another than the one acknowledged", id, e.Seq)
				}
			}
			if _, err := s.Blob(fmt.Sprintf("%x", sha256.Sum256(e.Data))); err != nil {
				t.Errorf("case %d: event %d: %v", id, e.Seq, err)
			}
		}
		n := uint64(len(events))
		c, err := s.Case(id)
		if err != nil && !(n == 0 && errors.Is(err, ledger.ErrNotFound)) {
			t.Fatal(err)
		}
		counter, err := s.Counter(fmt.Sprint(id))
		if err != nil {
			t.Fatal(err)
		}
		entries, err := s.Scan(ledger.Scan{Index: "event", Prefix: fmt.Sprintf("%d/", id), Limit: 1 << 20})
		if err != nil {
			t.Fatal(err)
		}
		if head := heads[fmt.Sprintf("case/%d", id)]; c.Seq != n || counter != n || head.Seq != n || head.Hash != prev || len(entries) != int(n) {
			t.Errorf("case %d: %d events, snapshot at %d, counter %d, %d entries, ledger %+v", id, n, c.Seq, counter, len(entries), head)
		}
	}
	if found != len(acknowledged) {
		t.Errorf("%d of %d acknowledged commits are there", found, len(acknowledged))
	}
}
