//go:build peer

package engine_test

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"dossier/engine/ledger"
	"dossier/store/bolt"
)

// BenchmarkBesideGoWorkflows takes notes through the whole engine by turns with go-workflows on SQLite, where an act is a signal to
// an instance, done when the task that read it is committed (testdata/goworkflows). `make bench-peer` builds that program, which PEER
// names, and runs both.
func BenchmarkBesideGoWorkflows(b *testing.B) {
	asServed(b)
	dir := b.TempDir()
	x := newBench(b, func(sync bool) (ledger.Store, error) {
		return bolt.Open(filepath.Join(dir, "office"), bolt.Options{Create: true, Owner: b.Name(), NoSync: !sync})
	}, func() error { return nil })
	cmd := exec.CommandContext(b.Context(), os.Getenv("PEER"), dir)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatalf("PEER names no program: run make bench-peer: %v", err)
	}
	told := bufio.NewScanner(out)
	table := "| at once | notes a second | go-workflows | ratio |\n|---|---|---|---|\n"
	for _, at := range []int{1, 8, 64} {
		b.Run(strconv.Itoa(at), func(b *testing.B) {
			ids, n := x.cases["labour"], max(32, at*2)
			var ours, theirs time.Duration
			var ratios []float64
			for b.Loop() {
				m := bout(b, at, n, func(i int) error { return x.do("labour", ids[i], "officer", "note") })
				fmt.Fprintln(in, at, n)
				if !told.Scan() {
					b.Fatal("go-workflows says nothing")
				}
				ns, err := strconv.Atoi(told.Text())
				if err != nil {
					b.Fatal(err)
				}
				ours, theirs = ours+m.wall, theirs+time.Duration(ns)
				ratios = append(ratios, float64(ns)/float64(m.wall))
			}
			slices.Sort(ratios)
			rate := func(d time.Duration) float64 { return float64(n*len(ratios)) / d.Seconds() }
			ratio := ratios[len(ratios)/2]
			b.ReportMetric(rate(ours), "acts/s")
			b.ReportMetric(rate(theirs), "peer/s")
			b.ReportMetric(ratio, "of-peer")
			b.ReportMetric(0, "ns/op")
			table += fmt.Sprintf("| %d | %.0f | %.0f | %.1f |\n", at, rate(ours), rate(theirs), ratio)
		})
	}
	if file := os.Getenv("TABLE"); file != "" && strings.Count(table, "\n") > 2 {
		if err := show(file, "peer", machine()+table); err != nil {
			b.Fatal(err)
		}
	}
}
