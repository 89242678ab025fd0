package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
)

// Flaw is one thing on record that is not as it was written.
type Flaw struct {
	Code  string // stable: "chain", "ledger", "snapshot", "index", "record", "counter", "blob", …
	Place Label  // the case and event, the record, the counter, the file
	What  Label  // what is wrong with it
}

// Report is what [Engine.Verify] found. The record is whole when it has no flaws and its head is the one that was printed.
type Report struct {
	Cases, Events, Records, Rows, Blobs int
	N                                   uint64 // the ledger's last row, 0 for an empty record
	Hash                                string // and its hash
	Flaws                               []Flaw
	More                                int // faults beyond those that are listed
}

// mostFaults is how many faults a report lists.
const mostFaults = 200

func (r *Report) fault(code string, place, what Label) {
	if len(r.Flaws) == mostFaults {
		r.More++
		return
	}
	r.Flaws = append(r.Flaws, Flaw{code, place, what})
}

// Whole tells whether nothing was found wrong.
func (r *Report) Whole() bool { return len(r.Flaws) == 0 }

// Verify proves the record: every case's chain of events; the ledger's own chain, and that it names every event and every
// version of a ledgered record, and nothing else; every event applied again into an empty store, whose buckets are then
// compared with the record's, row by row; counters without a gap; documents and files against their SHA-256. It asks
// nothing of the office but its schedules and settings. Nobody may write to either store meanwhile. progress, which may be
// nil, is told in words what is being done. An error means that the proof could not be carried through.
func (e *Engine) Verify(ctx context.Context, into Store, progress func(string)) (*Report, error) {
	if progress == nil {
		progress = func(string) {}
	}
	v := &verifier{e: e, ctx: ctx, into: into, progress: progress, report: &Report{}, heads: map[string][]LedgerHead{},
		taken: map[string][]uint64{}, spoilt: map[string]bool{}, kinds: map[string]bool{}, indexes: map[string]bool{}}
	for _, step := range []func() error{v.ledger, v.cases, v.records, v.counters, v.compare} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	return v.report, nil
}

// HeldAgainst adds a fault when the ledger's row n has not the hash that was printed: what came after it was cut off, or it
// was written anew.
func (e *Engine) HeldAgainst(r *Report, n uint64, hash string) error {
	place := Label{fmt.Sprintf("台账第%d行", n), fmt.Sprintf("ledger row %d", n)}
	if n == 0 || n > r.N {
		r.fault("ledger-cut", place, Label{fmt.Sprintf("打印过这一行，现在的台账只到第%d行：后面的记录被截去", r.N),
			fmt.Sprintf("it was printed, but the ledger now ends at row %d: its tail was cut off", r.N)})
		return nil
	}
	rows, err := e.Store.Ledger(n-1, 1)
	if err != nil && !errors.Is(err, ErrDamaged) {
		return err
	}
	if len(rows) != 1 || rows[0].Hash != hash {
		r.fault("ledger-other", place, Label{"哈希值与打印的不一致：记录被改写", "its hash is not the one that was printed: the record was written anew"})
	}
	return nil
}

// verifier is one proof under way.
type verifier struct {
	e        *Engine
	ctx      context.Context
	into     Store
	progress func(string)
	report   *Report
	heads    map[string][]LedgerHead // "case/42", "person/liwei" → what the ledger says of it, in order
	taken    map[string][]uint64     // counter → the numbers that events took from it
	spoilt   map[string]bool         // what is not compared again, a fault of it being told: "case/42"
	kinds    map[string]bool         // of records that are in the ledger or nowhere
	indexes  map[string]bool         // that follow from what is in the ledger
	last     CaseID                  // the highest that exists
}

func (v *verifier) fault(code string, place, what Label) { v.report.fault(code, place, what) }

// damaged tells a reading that failed because of what was read; any other error stays one.
func (v *verifier) damaged(err error, place Label) error {
	var syntax *json.SyntaxError
	if errors.Is(err, ErrDamaged) || errors.Is(err, ErrNotFound) || errors.As(err, &syntax) {
		v.fault("damaged", place, Label{"读不出来：" + err.Error(), "can't be read: " + err.Error()})
		return nil
	}
	return err
}

// ledger follows the rows' chain and gathers the heads.
func (v *verifier) ledger() error {
	v.progress("核验台账")
	const page = 500
	prev := ""
	for n := uint64(0); ; {
		rows, err := v.e.Store.Ledger(n, page)
		if err != nil {
			return v.damaged(err, Label{fmt.Sprintf("台账第%d行以后", n), fmt.Sprintf("the ledger after row %d", n)})
		}
		for _, r := range rows {
			n++
			place := Label{fmt.Sprintf("台账第%d行", n), fmt.Sprintf("ledger row %d", n)}
			again, _, err := NextRow(r.N, r.Prev, r.Heads)
			switch {
			case err != nil:
				return err
			case r.N != n:
				v.fault("ledger", place, Label{fmt.Sprintf("应为第%d行，记载的是第%d行", n, r.N), fmt.Sprintf("it should be row %d and says %d", n, r.N)})
			case r.Prev != prev:
				v.fault("ledger", place, Label{"与前一行不衔接", "it doesn't follow the row before it"})
			case again.Hash != r.Hash:
				v.fault("ledger", place, Label{"内容与哈希值不符", "its bytes don't match its hash"})
			}
			for _, h := range r.Heads {
				v.heads[h.What] = append(v.heads[h.What], h)
			}
			prev = r.Hash
			v.report.N, v.report.Hash = n, r.Hash
		}
		v.report.Rows += len(rows)
		if len(rows) < page {
			return nil
		}
	}
}

// cases proves every case and writes what its events make of it into the other store.
func (v *verifier) cases() error {
	n, err := v.e.Store.Counter(counterCase)
	if err != nil {
		return v.damaged(err, Label{"计数器 case", "counter case"})
	}
	last := CaseID(n)
	for what := range v.heads { // a counter that was set back doesn't hide the cases after it
		if id, ok := caseOf(what); ok && id > last {
			last = id
		}
	}
	var batch Commit
	flush := func() error {
		c := batch
		batch = Commit{}
		if len(c.Cases) == 0 {
			return nil
		}
		return v.into.Commit(v.ctx, c)
	}
	for id := CaseID(1); id <= last; id++ {
		if err := v.ctx.Err(); err != nil {
			return err
		}
		w, err := v.proveCase(id)
		if err != nil {
			return err
		}
		if w == nil {
			v.spoilt[caseName(id)] = true
			continue
		}
		v.last = id
		if batch.Cases = append(batch.Cases, *w); len(batch.Cases) < 100 {
			continue
		}
		v.progress(fmt.Sprintf("核验案件 %d/%d", id, last))
		if err := flush(); err != nil {
			return err
		}
	}
	v.last = last
	return flush()
}

func caseName(id CaseID) string { return "case/" + strconv.Itoa(int(id)) }

func caseOf(what string) (CaseID, bool) {
	const prefix = "case/"
	if len(what) <= len(prefix) || what[:len(prefix)] != prefix {
		return 0, false
	}
	n, err := strconv.ParseInt(what[len(prefix):], 10, 64)
	return CaseID(n), err == nil && n > 0
}

// proveCase follows one case's chain, applies its events and looks at its files. It gives the write of the case as its
// events make it, nil when a fault already told makes that pointless.
func (v *verifier) proveCase(id CaseID) (*CaseWrite, error) {
	place := Label{fmt.Sprintf("案件%d", id), fmt.Sprintf("case %d", id)}
	events, err := v.e.Store.Events(id, 0, 0)
	if err != nil {
		return nil, v.damaged(err, place)
	}
	if len(events) == 0 {
		v.fault("case-missing", place, Label{"没有任何记录", "nothing is on record of it"})
		return nil, nil
	}
	v.report.Cases++
	v.report.Events += len(events)
	whole := v.chain(id, events)
	whole = v.named(id, events) && whole
	if !whole {
		return nil, nil
	}
	ed, c := v.replay(id, events)
	if c == nil {
		return nil, nil
	}
	if err := v.files(c); err != nil {
		return nil, err
	}
	data, err := canonical(c)
	if err != nil {
		return nil, err
	}
	return &CaseWrite{ID: id, Events: events, Snapshot: data, Put: entries(ed, v.e.Office(), c)}, nil
}

// chain follows the hashes from event to event.
func (v *verifier) chain(id CaseID, events []Sealed) bool {
	prev := ""
	for i, x := range events {
		var ev struct {
			Case CaseID
			Seq  uint64
			Prev string
		}
		place := eventPlace(id, x.Seq)
		err := json.Unmarshal(x.Data, &ev)
		switch {
		case x.Seq != uint64(i+1):
			v.fault("chain", place, Label{fmt.Sprintf("缺少第%d步", i+1), fmt.Sprintf("event %d is missing", i+1)})
			return false
		case Chain(prev, x.Data) != x.Hash:
			v.fault("chain", place, Label{"内容与哈希值不符：被改动", "its bytes don't match its hash: it was altered"})
			return false
		case err != nil || ev.Case != id || ev.Seq != x.Seq || ev.Prev != prev:
			v.fault("chain", place, Label{"与本案前一步不衔接", "it doesn't follow the event before it in this case"})
			return false
		}
		prev = x.Hash
	}
	return true
}

func eventPlace(id CaseID, seq uint64) Label {
	return Label{fmt.Sprintf("案件%d第%d步", id, seq), fmt.Sprintf("case %d, event %d", id, seq)}
}

// named holds a case's events to what the ledger says of the case.
func (v *verifier) named(id CaseID, events []Sealed) bool {
	reached := uint64(0)
	for _, h := range v.heads[caseName(id)] {
		if h.Seq <= reached || h.Seq > uint64(len(events)) {
			v.fault("ledger", eventPlace(id, h.Seq), Label{"台账记有这一步，案件里没有", "the ledger names it, the case doesn't have it"})
			return false
		}
		if events[h.Seq-1].Hash != h.Hash {
			v.fault("ledger", eventPlace(id, h.Seq), Label{"哈希值与台账不一致", "its hash is not the one in the ledger"})
			return false
		}
		reached = h.Seq
	}
	if n := uint64(len(events)); reached < n {
		v.fault("ledger", eventPlace(id, reached+1), Label{"台账没有记载：在台账之外加入，或者台账被截去", "the ledger doesn't name it: it was added beside the ledger, or the ledger was cut"})
		return false
	}
	return true
}

// replay applies a case's events; nil when they can't be.
func (v *verifier) replay(id CaseID, events []Sealed) (ed *Edition, c *Case) {
	place := Label{fmt.Sprintf("案件%d", id), fmt.Sprintf("case %d", id)}
	defer func() {
		if p := recover(); p != nil { // a chain that holds over events that no decision made
			v.fault("apply", place, Label{fmt.Sprintf("记录不能重放：%v", p), fmt.Sprintf("its events can't be applied: %v", p)})
			ed, c = nil, nil
		}
	}()
	for _, x := range events {
		place = eventPlace(id, x.Seq)
		var ev Event
		if err := json.Unmarshal(x.Data, &ev); err != nil {
			v.fault("apply", place, Label{"读不出来：" + err.Error(), "can't be read: " + err.Error()})
			return nil, nil
		}
		for _, by := range []*Opening{ev.Open, ev.Adopts} {
			if by == nil {
				continue
			}
			if ed = v.e.Edition(by.Edition); ed == nil {
				v.fault("edition", place, Label{fmt.Sprintf("办案程序%s第%d版（%.12s）不在", by.Workflow, by.Version, by.Edition),
					fmt.Sprintf("version %d of procedure %s (%.12s) is not here", by.Version, by.Workflow, by.Edition)})
				return nil, nil
			}
		}
		for _, n := range ev.Counted {
			v.taken[n.Counter] = append(v.taken[n.Counter], n.N)
		}
		c = apply(ed, c, &ev)
		c.Head = x.Hash
	}
	return ed, c
}

// files holds a case's documents and files against their SHA-256.
func (v *verifier) files(c *Case) error {
	for _, d := range c.Issued {
		if err := v.blob(d.SHA256, Label{fmt.Sprintf("案件%d文书%d（%s %s）", c.ID, d.N, d.Form, d.Number), fmt.Sprintf("case %d, document %d (%s %s)", c.ID, d.N, d.Form, d.Number)}); err != nil {
			return err
		}
	}
	for _, f := range c.Files {
		if err := v.blob(f.SHA256, Label{fmt.Sprintf("案件%d附件%d（%s）", c.ID, f.N, f.Name), fmt.Sprintf("case %d, file %d (%s)", c.ID, f.N, f.Name)}); err != nil {
			return err
		}
	}
	return nil
}

func (v *verifier) blob(sha string, place Label) error {
	v.report.Blobs++
	_, err := v.e.Store.Blob(sha)
	short := fmt.Sprintf("%.12s…", sha)
	switch {
	case errors.Is(err, ErrNotFound):
		v.fault("blob", place, Label{"文件" + short + "不在", "the file " + short + " is missing"})
		return nil
	case errors.Is(err, ErrDamaged):
		v.fault("blob", place, Label{"文件" + short + "与登记的SHA-256不符：被改动", "the file " + short + " no longer matches its SHA-256: it was altered"})
		return nil
	}
	return err
}

// counters holds each counter to the numbers that were taken from it: 1 to its value, each once.
func (v *verifier) counters() error {
	v.progress("核验编号")
	taken := Commit{}
	if v.last > 0 {
		taken.Counters = append(taken.Counters, CounterWrite{Name: counterCase, Value: uint64(v.last)})
	}
	for name, ns := range v.taken {
		place := Label{"计数器 " + name, "counter " + name}
		slices.Sort(ns)
		for i, n := range ns {
			switch want := uint64(i + 1); {
			case n > want && len(v.spoilt) == 0:
				v.fault("counter", place, Label{fmt.Sprintf("第%d号没有用过：编号有空缺", want), fmt.Sprintf("number %d was never used: there is a gap", want)})
			case n < want:
				v.fault("counter", place, Label{fmt.Sprintf("第%d号用了两次", n), fmt.Sprintf("number %d was used twice", n)})
			default:
				continue
			}
			break
		}
		taken.Counters = append(taken.Counters, CounterWrite{Name: name, Value: ns[len(ns)-1]})
	}
	if len(taken.Counters) == 0 {
		return nil
	}
	return v.into.Commit(v.ctx, taken)
}
