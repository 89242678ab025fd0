package statistics

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"unsafe"

	"dossier/engine/casefile"
	"dossier/engine/listing"
)

// What is packed is read back as it was, however often it takes another's place, and what was displaced is let go.
func TestPackedFacts(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	want := map[casefile.CaseID]string{}
	var x facts
	said := func(f *fact) string { return fmt.Sprintf("%+v", *f) }
	packed := 0
	for n := range 30 {
		m := randomCounty(rand.New(rand.NewPCG(uint64(n), 5)), 300)
		for f := range m.facts.all {
			f.id = casefile.CaseID(1 + r.IntN(900))
			if n == 7 && len(f.runs) > 0 { // one that fills a chunk alone
				for len(f.runs) < chunkSize/6 {
					f.runs = append(f.runs, f.runs[0])
				}
				n = 8
			}
			x.write(f)
			want[f.id] = said(f)
			packed += len(pack(nil, f))
		}
	}
	seen := 0
	for f := range x.all {
		if seen++; said(f) != want[f.id] {
			t.Fatalf("case %d: %s, want %s", f.id, said(f), want[f.id])
		}
	}
	held := 0
	for _, c := range x.chunks {
		held += len(c)
	}
	if seen != len(want) || held > packed/3 {
		t.Errorf("%d of %d; %d bytes are held of %d that were written", seen, len(want), held, packed)
	}
	if x.has(0) || x.has(-1) || x.has(901) {
		t.Error("a case is there that never was")
	}
}

// A packed fact is far smaller than what it is counted as.
func TestPackedIsSmall(t *testing.T) {
	m := newMemory()
	f := factOf(m.words, &listing.Fact{Case: 100_000, Workflow: "labour-case", State: "closed", Officer: "officer", Source: "complaint", Opened: start, Filed: start + 5, Decided: start + 60, Ended: start + 90, Workers: 3, Claimed: 1_500_000, Wages: 1_500_000,
		Runs:  []listing.FactRun{{Clock: "filing", Start: start, Due: start + 7, Done: start + 5, Used: 5}, {Clock: "decision", Start: start + 5, Due: start + 65, Done: start + 60, Used: 40, Still: 10}},
		Gates: []listing.FactGate{{As: "captain", Came: start, Day: start + 5}}, Paid: []listing.FactPaid{{Day: start + 80, Fen: 1_500_000, Wages: true}}})
	if n := len(pack(nil, &f)); n > int(unsafe.Sizeof(f))/3 {
		t.Errorf("%d bytes", n)
	}
}
