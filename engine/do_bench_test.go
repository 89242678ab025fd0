package engine_test

import (
	"compress/gzip"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"dossier/documents"
	"dossier/engine"
	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/heap"
	"dossier/engine/ledger"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/specimen"
	"dossier/seeds"
	"dossier/seeds/scenario"
	"dossier/store/bolt"
	storerows "dossier/store/rows"
)

// The acts that BenchmarkDo takes, each on a case of its own: before is what has to be done untimed first, so that the act can be
// taken again.
var benchActs = []struct {
	name, story  string // how the cases come to where the act is taken
	before, act  procedure.ActionID
	undo         procedure.ActionID
	who, approve procedure.Actor
}{
	{name: "note", story: "labour", act: "note", who: "officer"},
	{name: "walk", story: "labour", act: "request-split", undo: "withdraw-split", who: "officer"},
	{name: "paper", story: "fund", act: "record-evidence", who: "fund"},
	{name: "linked", story: "labour", before: "request-split", act: "approve-split", who: "officer", approve: "captain"},
}

// benchStories are scenarios up to where the acts are taken.
var benchStories = map[string]string{
	"labour": `
title: 调查中
workflow: labour-case
fill: true
people: {clerk: 王窗, officer: [李察, 赵办], reviewer: 钱审, captain: 孙队, leader: 周局}
steps:
  - {date: 2026-03-02, as: clerk, do: open, with: {source: complaint}}
  - {date: 2026-03-02, as: clerk, do: submit-filing}
  - {date: 2026-03-02, as: reviewer, do: pass-filing}
  - {date: 2026-03-02, as: captain, do: approve-filing, state: investigating}
`,
	"fund": `
title: 现场监督
workflow: fund-supervision
fill: true
people: {fund: [汤监, 尹督], fund-head: 魏股长, leader: 郑局}
steps:
  - {date: 2026-03-02, as: fund, do: open, with: {employer: 任县失业保险事业管理所}}
  - {date: 2026-03-02, as: fund, do: serve-notice}
  - {date: 2026-03-06, as: fund, do: enter-site}
  - {date: 2026-03-06, as: fund, do: record-entry}
  - {date: 2026-03-06, as: fund, do: sign-commitment, state: on-site}
`,
}

const (
	benchCases = 192 // of each story
	traceFile  = "testdata/do-trace.json.gz"
)

// traceRow is one row that an act writes, of the frozen trace: its key with the case's number left open, and how long its value is.
type traceRow struct {
	Kind  string `json:"kind"`            // event, snapshot, put, drop, record, counter
	Other int    `json:"other,omitempty"` // of another case than the act's: 1 the first of them
	Index string `json:"index,omitempty"`
	Key   string `json:"key,omitempty"` // {n} is the case's number, twelve digits wide
	Size  int    `json:"size,omitempty"`
}

// tapped is a store that tells what is committed through it.
type tapped struct {
	ledger.Store
	tell       func(ledger.Commit)
	rows, size atomic.Int64
}

func (s *tapped) Commit(ctx context.Context, c ledger.Commit) error {
	s.count(&c)
	if s.tell != nil {
		s.tell(c)
	}
	return s.Store.Commit(ctx, c)
}

// count adds up what a commit writes, as rowsOf has it.
func (s *tapped) count(c *ledger.Commit) {
	rows, size := len(c.Records)+len(c.Counters), 8*len(c.Counters)
	for i := range c.Cases {
		w := &c.Cases[i]
		rows += len(w.Events) + 1 + len(w.Put) + len(w.Drop)
		size += 8 + len(w.Snapshot)
		for _, e := range w.Events {
			size += 32 + len(e.Data)
		}
		for _, keys := range [][]ledger.Key{w.Put, w.Drop} {
			for _, k := range keys {
				size += len(k.Index) + len(k.Key) + len(k.Value)
			}
		}
	}
	for _, r := range c.Records {
		size += len(r.Kind) + len(r.ID) + len(r.Data)
	}
	for _, x := range c.Counters {
		size += len(x.Name)
	}
	s.rows.Add(int64(rows))
	s.size.Add(int64(size))
}

// rowsOf are the rows of a commit as the trace has them.
func rowsOf(c ledger.Commit) []traceRow {
	var out []traceRow
	for i, w := range c.Cases {
		n := fmt.Sprintf("%012d", w.ID)
		for _, e := range w.Events {
			out = append(out, traceRow{Kind: "event", Other: i, Size: 32 + len(e.Data)})
		}
		out = append(out, traceRow{Kind: "snapshot", Other: i, Size: 8 + len(w.Snapshot)})
		for _, k := range w.Put {
			out = append(out, traceRow{Kind: "put", Other: i, Index: k.Index, Key: strings.ReplaceAll(k.Key, n, "{n}"), Size: len(k.Value)})
		}
		for _, k := range w.Drop {
			out = append(out, traceRow{Kind: "drop", Other: i, Index: k.Index, Key: strings.ReplaceAll(k.Key, n, "{n}")})
		}
	}
	for _, r := range c.Records {
		out = append(out, traceRow{Kind: "record", Index: r.Kind, Key: r.ID, Size: len(r.Data)})
	}
	for _, x := range c.Counters {
		out = append(out, traceRow{Kind: "counter", Key: x.Name, Size: 8})
	}
	return out
}

// bench is an office with cases on which the acts are taken.
type bench struct {
	*engine.Engine
	tap   *tapped
	now   time.Time
	cases map[string][]casefile.CaseID // by their story
	crew  map[string]map[procedure.Actor][]office.PersonID
	mu    sync.Mutex                  // for given
	given map[string]procedure.Values // of an act: its form's samples
}

// newBench plays the stories, each on many cases, in a store that need not sync yet; between is called while the store is closed.
func newBench(b *testing.B, opens func(sync bool) (ledger.Store, error), between func() error) *bench {
	b.Helper()
	eds, err := brought()
	if err != nil {
		b.Fatal(err)
	}
	blanks, err := documents.Blanks(documents.Embedded())
	if err != nil {
		b.Fatal(err)
	}
	x := &bench{cases: map[string][]casefile.CaseID{}, crew: map[string]map[procedure.Actor][]office.PersonID{}, given: map[string]procedure.Values{}}
	open := func(sync bool) {
		st, err := opens(sync)
		if err != nil {
			b.Fatal(err)
		}
		x.tap = &tapped{Store: st}
		x.Engine, err = engine.New(engine.Config{Store: x.tap, Renderer: documents.NewRenderer(blanks), Editions: eds, Calendar: cal,
			Settings: settings(), Book: seeds.Standards(), Clauses: seeds.Clauses(), Now: func() time.Time { return x.now }})
		if err != nil {
			b.Fatal(err)
		}
	}
	open(false)
	for _, name := range []string{"labour", "fund"} {
		sc, err := scenario.Read(name+".yaml", []byte(benchStories[name]), calendar.Of(2026, 3, 2), cal)
		if err != nil {
			b.Fatal(err)
		}
		first, err := x.Store.Counter(ledger.CounterCase)
		if err != nil {
			b.Fatal(err)
		}
		steps := sc.Steps
		sc.Steps = nil
		for _, step := range steps { // all cases take one step after the other: no day is before another
			for i := range benchCases {
				step.Case = strconv.Itoa(i)
				sc.Steps = append(sc.Steps, step)
				x.cases[name] = append(x.cases[name][:i], casefile.CaseID(int(first)+i+1))
			}
		}
		if err := scenario.Play(b.Context(), sc, &scenario.Stage{Engine: x.Engine, At: &x.now}, io.Discard); err != nil {
			b.Fatal(err)
		}
		x.crew[name] = map[procedure.Actor][]office.PersonID{}
		for post, names := range sc.People {
			for _, n := range names {
				x.crew[name][post] = append(x.crew[name][post], office.PersonID(n))
			}
		}
	}
	x.now = time.Date(2026, 3, 9, 9, 0, 0, 0, time.FixedZone("CST", 8*3600))
	if err := errors.Join(x.tap.Close(), between()); err != nil {
		b.Fatal(err)
	}
	open(true)
	b.Cleanup(func() { x.tap.Close() })
	return x
}

// do takes an action on a case with its form's samples.
func (x *bench) do(story string, id casefile.CaseID, as procedure.Actor, action procedure.ActionID) error {
	cmd := casefile.Command{Case: id, Action: action, Actor: x.crew[story][as][0]}
	var err error
	if cmd.Values, err = x.samples(story, cmd); err != nil {
		return err
	}
	_, err = x.Do(context.Background(), cmd)
	return err
}

// samples are an act's values, the same for every case.
func (x *bench) samples(story string, cmd casefile.Command) (vs procedure.Values, err error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if vs = x.given[string(cmd.Action)]; vs != nil {
		return vs, nil
	}
	if vs = (procedure.Values{"text": procedure.TextValue("电话联系投诉人，补充提供工资流水。")}); cmd.Action != "note" {
		vs, _, err = specimen.Samples(x.Engine, cmd, x.crew[story])
	}
	x.given[string(cmd.Action)] = vs
	return vs, err
}

// beside is the least that could write the same rows: a group commit on bbolt that reads nothing and checks nothing.
type beside struct {
	db      *bbolt.DB
	mu      sync.Mutex
	waiting []rawAct
	wake    chan struct{}
	n       uint64
	filler  []byte
}

// filler is what raw rows hold.
func filler() []byte {
	b := make([]byte, 1<<20)
	for i := range b {
		b[i] = byte('a' + i*7%26)
	}
	return b
}

// other is the number of a case that an act opens, in raw rows.
func (w *traceRow) other(id casefile.CaseID, seq uint64) casefile.CaseID {
	if w.Other == 0 {
		return id
	}
	return casefile.CaseID(1_000_000 + int(id)*1000 + int(seq)*10 + w.Other)
}

type rawAct struct {
	id   casefile.CaseID
	seq  uint64
	rows []traceRow
	done chan error
}

func newBeside(b *testing.B, file string) *beside {
	db, err := bbolt.Open(file, 0o600, &bbolt.Options{FreelistType: bbolt.FreelistMapType, InitialMmapSize: 1 << 30, NoStatistics: true})
	if err != nil {
		b.Fatal(err)
	}
	r := &beside{db: db, wake: make(chan struct{}, 1), n: 1 << 32, filler: filler()}
	go func() {
		for range r.wake {
			r.mu.Lock()
			group := r.waiting
			r.waiting = nil
			r.mu.Unlock()
			if len(group) == 0 {
				continue
			}
			err := db.Update(func(tx *bbolt.Tx) error { return r.write(tx, group) })
			for _, g := range group {
				g.done <- err
			}
		}
	}()
	b.Cleanup(func() { close(r.wake); db.Close() })
	return r
}

func (r *beside) do(id casefile.CaseID, seq uint64, rs []traceRow) error {
	a := rawAct{id, seq, rs, make(chan error, 1)}
	r.mu.Lock()
	r.waiting = append(r.waiting, a)
	r.mu.Unlock()
	select {
	case r.wake <- struct{}{}:
	default:
	}
	return <-a.done
}

func (r *beside) write(tx *bbolt.Tx, group []rawAct) error {
	cases, index, records, counters, book := tx.Bucket([]byte("cases")), tx.Bucket([]byte("index")), tx.Bucket([]byte("records")), tx.Bucket([]byte("counters")), tx.Bucket([]byte("ledger"))
	var line int
	for _, g := range group {
		for i, w := range g.rows {
			id := w.other(g.id, g.seq)
			n := fmt.Sprintf("%012d", id)
			var err error
			switch value := r.filler[i : i+w.Size]; w.Kind {
			case "event":
				err = cases.Put(storerows.EventKey(id, g.seq), value)
				line += 110
			case "snapshot":
				err = cases.Put(storerows.SnapshotKey(id), value)
			case "put":
				err = index.Put(storerows.IndexKey(w.Index, strings.ReplaceAll(w.Key, "{n}", n), fmt.Sprint(id)), value)
			case "drop":
				err = index.Delete(storerows.IndexKey(w.Index, strings.ReplaceAll(w.Key, "{n}", n), fmt.Sprint(id)))
			case "record":
				err = records.Put(storerows.RecordKey(w.Index, w.Key), value)
			case "counter":
				err = counters.Put([]byte(w.Key), value)
			}
			if err != nil {
				return err
			}
		}
	}
	r.n++
	return book.Put(binary.BigEndian.AppendUint64(nil, r.n), r.filler[:120+line])
}

// asServed gives the benchmark the memory and the processors that main gives the program.
func asServed(b *testing.B) {
	heap.Grow(heap.Most)
	was := runtime.GOMAXPROCS(runtime.GOMAXPROCS(0) + 1)
	b.Cleanup(func() { runtime.GOMAXPROCS(was) })
}

// measured is what a bout took.
type measured struct {
	wall, cpu         time.Duration
	n                 int
	allocs, allocated uint64
}

func (m *measured) add(o measured) {
	m.wall, m.cpu, m.n = m.wall+o.wall, m.cpu+o.cpu, m.n+o.n
	m.allocs, m.allocated = m.allocs+o.allocs, m.allocated+o.allocated
}

func processor() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// bout lets many at once do n things.
func bout(b *testing.B, at, n int, do func(i int) error) measured {
	b.Helper()
	var next atomic.Int64
	var wg sync.WaitGroup
	var was, is runtime.MemStats
	runtime.ReadMemStats(&was)
	cpu, start := processor(), time.Now()
	for range at {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				if err := do(i); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	m := measured{wall: time.Since(start), cpu: processor() - cpu, n: n}
	runtime.ReadMemStats(&is)
	m.allocs, m.allocated = is.Mallocs-was.Mallocs, is.TotalAlloc-was.TotalAlloc
	if b.Failed() {
		b.FailNow()
	}
	return m
}

// BenchmarkDo takes acts through the whole engine, on real bbolt with sync, 1, 8 and 64 at once, each beside raw bbolt with a group
// commit that writes a frozen trace: the rows that the same act wrote on 30 November 2026. They take turns in short bouts, since other things run on a machine too.
// With RECORD=1 the trace is written anew: only when an act itself has become another one.
func BenchmarkDo(b *testing.B) {
	dir := b.TempDir()
	x := newBench(b, func(sync bool) (ledger.Store, error) {
		return bolt.Open(filepath.Join(dir, "office"), bolt.Options{Create: true, Owner: b.Name(), NoSync: !sync})
	}, func() error {
		data, err := os.ReadFile(filepath.Join(dir, "office", "dossier.db"))
		return errors.Join(err, os.WriteFile(filepath.Join(dir, "raw.db"), data, 0o600))
	})
	x.measure(b, newBeside(b, filepath.Join(dir, "raw.db")), func() time.Duration { return 0 }, "do")
}

// measure takes the acts, each by turns with its raw rows; elsewhere is the processor that other processes have taken for them. The
// table goes between the marks of that name.
func (x *bench) measure(b *testing.B, raw interface {
	do(id casefile.CaseID, seq uint64, rs []traceRow) error
}, elsewhere func() time.Duration, mark string) {
	asServed(b)
	trace := x.trace(b)
	bout := func(b *testing.B, at, n int, do func(i int) error) measured {
		was := elsewhere()
		m := bout(b, at, n, do)
		m.cpu += elsewhere() - was
		return m
	}
	var table strings.Builder
	fmt.Fprintf(&table, "| act | at once | acts a second | raw | ratio | µs of processor | raw | allocations | KB allocated | rows | bytes |\n|---|---|---|---|---|---|---|---|---|---|---|\n")
	seq := uint64(1000)
	for _, act := range benchActs {
		for _, at := range []int{1, 8, 64} {
			b.Run(fmt.Sprintf("%s/%d", act.name, at), func(b *testing.B) {
				ids := x.cases[act.story]
				var ours, theirs measured
				var ratios []float64
				x.tap.rows.Store(0)
				x.tap.size.Store(0)
				var counted, acts int64
				var wrote int64
				for b.Loop() {
					n := min(len(ids), max(32, at*2))
					if act.before != "" {
						bout(b, 64, n, func(i int) error { return x.do(act.story, ids[i], act.who, act.before) })
					}
					r0, b0 := x.tap.rows.Load(), x.tap.size.Load()
					as := act.who
					if act.approve != "" {
						as = act.approve
					}
					m := bout(b, at, n, func(i int) error { return x.do(act.story, ids[i], as, act.act) })
					counted, wrote, acts = counted+x.tap.rows.Load()-r0, wrote+x.tap.size.Load()-b0, acts+int64(n)
					ours.add(m)
					if act.undo != "" {
						bout(b, 64, n, func(i int) error { return x.do(act.story, ids[i], act.who, act.undo) })
					}
					seq++
					o := bout(b, at, n, func(i int) error { return raw.do(ids[i], seq, trace[act.name]) })
					theirs.add(o)
					ratios = append(ratios, float64(o.wall)/float64(m.wall))
				}
				slices.Sort(ratios)
				n := float64(ours.n)
				rate := func(m measured) float64 { return float64(m.n) / m.wall.Seconds() }
				micros := func(m measured) float64 { return float64(m.cpu.Microseconds()) / float64(m.n) }
				ratio := ratios[len(ratios)/2]
				b.ReportMetric(rate(ours), "acts/s")
				b.ReportMetric(rate(theirs), "raw/s")
				b.ReportMetric(ratio, "of-raw")
				b.ReportMetric(micros(ours), "cpu-µs/act")
				b.ReportMetric(float64(ours.allocs)/n, "allocs/act")
				b.ReportMetric(float64(ours.allocated)/n/1024, "KB/act")
				b.ReportMetric(float64(counted)/float64(acts), "rows/act")
				b.ReportMetric(float64(wrote)/float64(acts), "bytes/act")
				b.ReportMetric(0, "ns/op")
				fmt.Fprintf(&table, "| %s | %d | %.0f | %.0f | %.2f | %.0f | %.0f | %.0f | %.0f | %.0f | %.0f |\n", act.name, at, rate(ours), rate(theirs), ratio, micros(ours), micros(theirs),
					float64(ours.allocs)/n, float64(ours.allocated)/n/1024, float64(counted)/float64(acts), float64(wrote)/float64(acts))
			})
		}
	}
	if file := os.Getenv("TABLE"); file != "" {
		if err := show(file, mark, machine()+table.String()); err != nil {
			b.Fatal(err)
		}
	}
}

// show puts a table between the marks of a document.
func show(file, mark, table string) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	from, to := "<!-- "+mark+" -->\n", "<!-- "+mark+" end -->"
	before, rest, began := strings.Cut(string(data), from)
	_, after, ended := strings.Cut(rest, to)
	if !began || !ended {
		return fmt.Errorf("%s has no place for the table: write %s and %s", file, strings.TrimSpace(from), to)
	}
	return os.WriteFile(file, []byte(before+from+table+to+after), 0o644)
}

// machine is on what, when, and beside how much else the acts were measured.
func machine() string {
	cpu := runtime.GOARCH
	if data, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		if _, rest, ok := strings.Cut(string(data), "model name"); ok {
			name, _, _ := strings.Cut(rest, "\n")
			cpu = strings.Trim(name, "\t :")
		}
	}
	load, _ := os.ReadFile("/proc/loadavg")
	return fmt.Sprintf("%s, %d cores, %s, load average %s\n\n", cpu, runtime.NumCPU(), time.Now().Format(time.DateOnly), strings.TrimSpace(string(load)))
}

// trace reads the frozen trace, or with RECORD=1 takes each act once and writes what it wrote.
func (x *bench) trace(b *testing.B) map[string][]traceRow {
	b.Helper()
	trace := map[string][]traceRow{}
	if os.Getenv("RECORD") == "" {
		f, err := os.Open(traceFile)
		if err != nil {
			b.Fatal(err)
		}
		defer f.Close()
		z, err := gzip.NewReader(f)
		if err == nil {
			err = json.NewDecoder(z).Decode(&trace)
		}
		if err != nil {
			b.Fatal(err)
		}
		return trace
	}
	for _, act := range benchActs {
		id := x.cases[act.story][0]
		as := act.who
		if act.before != "" {
			if err := x.do(act.story, id, act.who, act.before); err != nil {
				b.Fatal(err)
			}
			as = act.approve
		}
		x.tap.tell = func(c ledger.Commit) { trace[act.name] = rowsOf(c) }
		if err := x.do(act.story, id, as, act.act); err != nil {
			b.Fatal(err)
		}
		x.tap.tell = nil
		if act.undo != "" {
			if err := x.do(act.story, id, act.who, act.undo); err != nil {
				b.Fatal(err)
			}
		}
	}
	f, err := os.Create(traceFile)
	if err != nil {
		b.Fatal(err)
	}
	z := gzip.NewWriter(f)
	if err := json.NewEncoder(z).Encode(trace); err != nil {
		b.Fatal(err)
	}
	if err := z.Close(); err != nil {
		b.Fatal(err)
	}
	if err := f.Close(); err != nil {
		b.Fatal(err)
	}
	return trace
}
