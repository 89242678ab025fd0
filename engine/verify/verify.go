// Package verify proves the record: it replays every chain into an empty store, follows the ledger, derives each index
// again, and places whatever differs. It never changes what it reads.
package verify

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"

	"dossier/engine"
	"dossier/engine/casefile"
	"dossier/engine/ledger"
	"dossier/engine/listing"
	"dossier/engine/office"
	"dossier/engine/procedure"
)

// Flaw is one thing on record that is not as it was written.
type Flaw struct {
	Code  string          // stable: "chain", "ledger", "snapshot", "index", "record", "counter", "blob", …
	Place procedure.Label // the case and event, the record, the counter, the file
	What  procedure.Label // what is wrong with it
}

// Report is what [Engine.Verify] found. The record is whole when it has no flaws and its head is the one that was printed.
type Report struct {
	Cases, Events, Records, Rows, Blobs int
	N                                   uint64        // the first ledger's last row, 0 for an empty record
	Hash                                string        // and its hash
	Heads                               []ledger.Mark // the last row of every ledger
	Flaws                               []Flaw
	More                                int      // faults beyond those that are listed
	Beyond                              int      // of the faults, those that [Rebuild] can't mend
	Strays                              []string // files that nothing on record names, by their SHA-256: left by what was cut off; no fault

	suspects []casefile.CaseID // whose snapshot or index is not what their events make of them
	apart    []apart           // index entries of records that are not as they should be
}

// mostFaults is how many faults a report lists.
const mostFaults = 200

func (r *Report) fault(code string, place, what procedure.Label) {
	r.Beyond++
	if len(r.Flaws) == mostFaults {
		r.More++
		return
	}
	r.Flaws = append(r.Flaws, Flaw{code, place, what})
}

// add puts what was found elsewhere behind what is here.
func (r *Report) add(x *Report) {
	r.Cases += x.Cases
	r.Events += x.Events
	r.Blobs += x.Blobs
	for _, f := range x.Flaws {
		r.fault(f.Code, f.Place, f.What)
	}
	r.More += x.More
	r.Beyond += x.More
}

// Whole tells whether nothing was found wrong.
func (r *Report) Whole() bool { return len(r.Flaws) == 0 }

// Run proves the record: every case's chain of events; the ledger's own chain, and that it names every event and every
// version of a ledgered record, and nothing else; every event applied again, and the snapshot and index entries that come of it
// held to the record's; records written again into an empty store and compared row by row; counters without a gap; that whoever acted for another had been lent the post; documents and files against their SHA-256. It asks
// nothing of the office but its schedules and settings. Nobody may write to either store meanwhile. progress, which may be
// nil, is told in words what is being done. An error means that the proof could not be carried through.
func Run(ctx context.Context, e *engine.Engine, into ledger.Store, progress func(string)) (*Report, error) {
	if progress == nil {
		progress = func(string) {}
	}
	v := &verifier{e: e, ctx: ctx, into: into, progress: progress, report: &Report{}, heads: map[string][]ledger.LedgerHead{},
		taken: map[string][]uint64{}, people: map[office.PersonID][]version[office.Person]{}, lent: map[string][]version[office.Delegation]{}, names: map[string]bool{}, spoilt: map[string]bool{}, kinds: map[string]bool{}, indexes: map[string]bool{}}
	var err error
	if v.former, err = e.Former(); err != nil {
		return nil, err
	}
	for _, step := range []func() error{v.ledger, v.office, v.cases, v.records, v.counters, v.compare, v.strays} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	return v.report, nil
}

// HeldAgainst adds a fault when the ledger's row n has not the hash that was printed: what came after it was cut off, or it
// was written anew.
func HeldAgainst(e *engine.Engine, r *Report, n uint64, hash string) error {
	place := rowPlace(n)
	last := ledger.Begins(ledger.LedgerOf(n))
	for _, h := range r.Heads {
		if ledger.LedgerOf(h.N) == ledger.LedgerOf(n) {
			last = h.N
		}
	}
	if n == ledger.Begins(ledger.LedgerOf(n)) || n > last {
		r.fault("ledger-cut", place, procedure.Label{ZH: fmt.Sprintf("打印过这一行，现在的台账只到第%s行：后面的记录被截去", ledger.RowName(last)),
			EN: fmt.Sprintf("it was printed, but the ledger now ends at row %s: its tail was cut off", ledger.RowName(last))})
		return nil
	}
	rows, err := e.Store.Ledger(n-1, 1)
	if err != nil && !errors.Is(err, ledger.ErrDamaged) {
		return err
	}
	if len(rows) != 1 || rows[0].Hash != hash {
		r.fault("ledger-other", place, procedure.Label{ZH: "哈希值与打印的不一致：记录被改写", EN: "its hash is not the one that was printed: the record was written anew"})
	}
	return nil
}

// verifier is one proof under way.
type verifier struct {
	e        *engine.Engine
	ctx      context.Context
	into     ledger.Store
	progress func(string)
	report   *Report
	heads    map[string][]ledger.LedgerHead // "case/42", "person/liwei" → what the ledger says of it, in order
	proofs   []proof                        // of cases, by their id less one
	hash     hasher
	taken    map[string][]uint64 // counter → the numbers that events took from it
	people   map[office.PersonID][]version[office.Person]
	lent     map[string][]version[office.Delegation]
	names    map[string]bool // files that something on record names
	blind    bool            // a delegation can't be read: who stood in for whom is not asked
	spoilt   map[string]bool // what is not compared again, a fault of it being told: "case/42"
	kinds    map[string]bool // of records that are in the ledger or nowhere
	indexes  map[string]bool // that follow from what is in the ledger
	last     casefile.CaseID // the highest that exists
	former   bool            // the store is being indexed anew: search keys are not compared
}

func (v *verifier) fault(code string, place, what procedure.Label) { v.report.fault(code, place, what) }

// damaged tells a reading that failed because of what was read; any other error stays one.
func (v *verifier) damaged(err error, place procedure.Label) error {
	var syntax *json.SyntaxError
	if errors.Is(err, ledger.ErrDamaged) || errors.Is(err, ledger.ErrNotFound) || errors.As(err, &syntax) {
		v.fault("damaged", place, procedure.Label{ZH: "读不出来：" + err.Error(), EN: "can't be read: " + err.Error()})
		return nil
	}
	return err
}

// rowPlace is a row of a ledger as people read it.
func rowPlace(n uint64) procedure.Label {
	return procedure.Label{ZH: "台账第" + ledger.RowName(n) + "行", EN: "ledger row " + ledger.RowName(n)}
}

// ledger follows the chain of each ledger's rows and gathers the heads.
func (v *verifier) ledger() error {
	v.progress("核验台账")
	const page = 500
	at := ledger.Mark{}
	for {
		rows, err := v.e.Store.Ledger(at.N, page)
		if err != nil {
			return v.damaged(err, procedure.Label{ZH: "台账第" + ledger.RowName(at.N) + "行以后", EN: "the ledger after row " + ledger.RowName(at.N)})
		}
		for _, r := range rows {
			if l := ledger.LedgerOf(r.N); l > ledger.LedgerOf(at.N) { // the one before has ended
				v.ended(at)
				at = ledger.Mark{N: ledger.Begins(l)}
			}
			if err := v.row(r, at); err != nil {
				return err
			}
			at = ledger.Mark{N: at.N + 1, Hash: r.Hash}
		}
		v.report.Rows += len(rows)
		if len(rows) < page {
			v.ended(at)
			break
		}
	}
	if len(v.report.Heads) > 1 { // what one case went through may be told by several ledgers
		for _, heads := range v.heads {
			slices.SortStableFunc(heads, func(a, b ledger.LedgerHead) int { return cmp.Compare(a.Seq, b.Seq) })
		}
	}
	return nil
}

// ended notes the end of a ledger.
func (v *verifier) ended(at ledger.Mark) {
	if at.Hash == "" {
		return
	}
	v.report.Heads = append(v.report.Heads, at)
	if ledger.LedgerOf(at.N) == 0 {
		v.report.N, v.report.Hash = at.N, at.Hash
	}
}

// row holds a row to the one before it in its ledger.
func (v *verifier) row(r ledger.LedgerRow, before ledger.Mark) error {
	n := before.N + 1
	place := rowPlace(n)
	again, _, err := ledger.NextRow(r.N, r.Prev, r.Heads)
	switch {
	case err != nil:
		return err
	case r.N != n:
		v.fault("ledger", place, procedure.Label{ZH: fmt.Sprintf("应为第%s行，记载的是第%s行", ledger.RowName(n), ledger.RowName(r.N)), EN: fmt.Sprintf("it should be row %s and says %s", ledger.RowName(n), ledger.RowName(r.N))})
	case r.Prev != before.Hash:
		v.fault("ledger", place, procedure.Label{ZH: "与前一行不衔接", EN: "it doesn't follow the row before it"})
	case again.Hash != r.Hash:
		v.fault("ledger", place, procedure.Label{ZH: "内容与哈希值不符", EN: "its bytes don't match its hash"})
	}
	for _, h := range r.Heads {
		v.heads[h.What] = append(v.heads[h.What], h)
	}
	return nil
}

// cases proves every case, and keeps in mind what its events make of it.
func (v *verifier) cases() error {
	n, err := v.e.Store.Counter(ledger.CounterCase)
	if err != nil {
		return v.damaged(err, procedure.Label{ZH: "计数器 case", EN: "counter case"})
	}
	last := casefile.CaseID(n)
	for what := range v.heads { // a counter that was set back doesn't hide the cases after it
		if id, ok := ledger.CaseOf(what); ok && id > last {
			last = id
		}
	}
	v.hash = newHasher()
	for id := casefile.CaseID(1); id <= last; id += atOnce {
		if err := v.ctx.Err(); err != nil {
			return err
		}
		if err := v.proveCases(id, min(id+atOnce-1, last)); err != nil {
			return err
		}
		v.progress(fmt.Sprintf("核验案件 %d/%d", min(id+atOnce-1, last), last))
	}
	v.last = last
	return nil
}

// atOnce is how many cases are proved between two looks at what was found.
const atOnce = 256

// proveCases proves cases on all processors, and gathers what was found in their order.
func (v *verifier) proveCases(from, to casefile.CaseID) error {
	n := int(to-from) + 1
	found, errs, proofs := make([]*verifier, n), make([]error, n), make([]proof, n)
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), n) {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				one := v.beside()
				w, err := one.proveCase(from + casefile.CaseID(i))
				found[i], errs[i] = one, err
				if w != nil {
					proofs[i] = v.hash.proof(w)
				}
			}
		})
	}
	wg.Wait()
	for i, one := range found {
		if errs[i] != nil {
			return errs[i]
		}
		v.report.add(one.report)
		for name, ns := range one.taken {
			v.taken[name] = append(v.taken[name], ns...)
		}
		maps.Copy(v.names, one.names)
		if proofs[i].events == 0 {
			v.spoilt[caseName(from+casefile.CaseID(i))] = true
		}
	}
	v.proofs = append(v.proofs, proofs...)
	return nil
}

// beside is a verifier that reads what this one knows, and finds for itself.
func (v *verifier) beside() *verifier {
	return &verifier{e: v.e, ctx: v.ctx, heads: v.heads, people: v.people, lent: v.lent, blind: v.blind, former: v.former, report: &Report{},
		taken: map[string][]uint64{}, names: map[string]bool{}}
}

// compared are those of a case's entries that are compared.
func (v *verifier) compared(ks []ledger.Key) []ledger.Key {
	if !v.former {
		return ks
	}
	return slices.DeleteFunc(ks, func(k ledger.Key) bool { return k.Index == listing.IndexSearch })
}

// passedOver tells whether a row of the index is not compared.
func (v *verifier) passedOver(key []byte) bool {
	return v.former && bytes.HasPrefix(key, []byte(listing.IndexSearch+"\x00"))
}

func caseName(id casefile.CaseID) string { return "case/" + strconv.Itoa(int(id)) }

// proveCase follows one case's chain, applies its events and looks at its files. It gives the write of the case as its
// events make it, nil when a fault already told makes that pointless.
func (v *verifier) proveCase(id casefile.CaseID) (*ledger.CaseWrite, error) {
	place := casePlace(id)
	events, err := v.e.Store.Events(id, 0, 0)
	for seq := uint64(0); errors.Is(err, ledger.ErrDamaged); seq++ { // which of them is it
		if one, err := v.e.Store.Events(id, seq, 1); err != nil || len(one) == 0 {
			if err != nil {
				place = eventPlace(id, seq+1)
			}
			break
		}
	}
	if err != nil {
		return nil, v.damaged(err, place)
	}
	if len(events) == 0 {
		v.fault("case-missing", place, procedure.Label{ZH: "没有任何记录", EN: "nothing is on record of it"})
		return nil, nil
	}
	v.report.Cases++
	v.report.Events += len(events)
	opened := make([]opened, len(events))
	whole := v.chain(id, events, opened)
	if v.heads != nil { // nil: one case is proved by itself
		whole = v.named(id, events) && whole
	}
	if !whole {
		return nil, nil
	}
	ed, c := v.replay(id, events, opened)
	if c == nil {
		return nil, nil
	}
	if err := v.files(c); err != nil {
		return nil, err
	}
	data, err := ledger.Canonical(c)
	if err != nil {
		return nil, err
	}
	return &ledger.CaseWrite{ID: id, Events: events, Snapshot: data, Put: v.compared(listing.Entries(ed, v.e.Office(), c))}, nil
}

// opened is an event as it is read.
type opened struct {
	casefile.Event
	err error
}

// place is what an event says of where it stands.
func (o *opened) place(data []byte) (id casefile.CaseID, seq uint64, prev string, err error) {
	if o.err = json.Unmarshal(data, &o.Event); o.err == nil {
		return o.Case, o.Seq, o.Prev, nil
	}
	var at struct { // another part of it may be what can't be read
		Case casefile.CaseID
		Seq  uint64
		Prev string
	}
	err = json.Unmarshal(data, &at)
	return at.Case, at.Seq, at.Prev, err
}

// chain follows the hashes from event to event, and reads them.
func (v *verifier) chain(id casefile.CaseID, events []ledger.Sealed, read []opened) bool {
	prev := ""
	for i, x := range events {
		of, seq, before, err := read[i].place(x.Data)
		place := eventPlace(id, x.Seq)
		switch {
		case x.Seq != uint64(i+1):
			v.fault("chain", place, procedure.Label{ZH: fmt.Sprintf("缺少第%d步", i+1), EN: fmt.Sprintf("event %d is missing", i+1)})
			return false
		case ledger.Chain(prev, x.Data) != x.Hash:
			v.fault("chain", place, procedure.Label{ZH: "内容与哈希值不符：被改动", EN: "its bytes don't match its hash: it was altered"})
			return false
		case err != nil || of != id || seq != x.Seq || before != prev:
			v.fault("chain", place, procedure.Label{ZH: "与本案前一步不衔接", EN: "it doesn't follow the event before it in this case"})
			return false
		}
		prev = x.Hash
	}
	return true
}

// Proof is one case's record, proved by itself: its chain, the case that it makes, its documents and files. That nothing was
// added beside the ledger or cut off is proved by [Run].
type Proof struct {
	Events int
	Head   string // the hash of the last event
	Flaws  []Flaw
}

// One proves one case.
func One(ctx context.Context, e *engine.Engine, id casefile.CaseID) (*Proof, error) {
	v := &verifier{e: e, ctx: ctx, report: &Report{}, taken: map[string][]uint64{}, names: map[string]bool{}}
	w, err := v.proveCase(id)
	if err != nil {
		return nil, err
	}
	proof := &Proof{Events: v.report.Events}
	if w != nil {
		proof.Head = w.Events[len(w.Events)-1].Hash
		have, err := e.Read(id)
		if err != nil {
			return nil, err
		}
		if data, err := ledger.Canonical(have.Case); err != nil || !bytes.Equal(data, w.Snapshot) {
			v.fault("snapshot", casePlace(id), procedure.Label{ZH: "与记录重放的结果不一致：被改动", EN: "it is not what the record makes of it: it was altered"})
		}
	}
	proof.Flaws = v.report.Flaws
	return proof, nil
}

func casePlace(id casefile.CaseID) procedure.Label {
	return procedure.Label{ZH: fmt.Sprintf("案件%d", id), EN: fmt.Sprintf("case %d", id)}
}

func eventPlace(id casefile.CaseID, seq uint64) procedure.Label {
	return procedure.Label{ZH: fmt.Sprintf("案件%d第%d步", id, seq), EN: fmt.Sprintf("case %d, event %d", id, seq)}
}

// named holds a case's events to what the ledger says of the case.
func (v *verifier) named(id casefile.CaseID, events []ledger.Sealed) bool {
	reached := uint64(0)
	for _, h := range v.heads[caseName(id)] {
		if h.Seq <= reached || h.Seq > uint64(len(events)) {
			v.fault("ledger", eventPlace(id, h.Seq), procedure.Label{ZH: "台账记有这一步，案件里没有", EN: "the ledger names it, the case doesn't have it"})
			return false
		}
		if events[h.Seq-1].Hash != h.Hash {
			v.fault("ledger", eventPlace(id, h.Seq), procedure.Label{ZH: "哈希值与台账不一致", EN: "its hash is not the one in the ledger"})
			return false
		}
		reached = h.Seq
	}
	if n := uint64(len(events)); reached < n {
		v.fault("ledger", eventPlace(id, reached+1), procedure.Label{ZH: "台账没有记载：在台账之外加入，或者台账被截去", EN: "the ledger doesn't name it: it was added beside the ledger, or the ledger was cut"})
		return false
	}
	return true
}

// replay applies a case's events; nil when they can't be.
func (v *verifier) replay(id casefile.CaseID, events []ledger.Sealed, read []opened) (ed *procedure.Edition, c *casefile.Case) {
	place := casePlace(id)
	defer func() {
		if p := recover(); p != nil { // a chain that holds over events that no decision made
			v.fault("apply", place, procedure.Label{ZH: fmt.Sprintf("记录不能重放：%v", p), EN: fmt.Sprintf("its events can't be applied: %v", p)})
			ed, c = nil, nil
		}
	}()
	for i, x := range events {
		place = eventPlace(id, x.Seq)
		ev := &read[i].Event
		if err := read[i].err; err != nil {
			v.fault("apply", place, procedure.Label{ZH: "读不出来：" + err.Error(), EN: "can't be read: " + err.Error()})
			return nil, nil
		}
		for _, by := range []*casefile.Opening{ev.Open, ev.Adopts} {
			if by == nil {
				continue
			}
			if ed = v.e.Edition(by.Edition); ed == nil {
				v.fault("edition", place, procedure.Label{ZH: fmt.Sprintf("办案程序%s第%d版（%.12s）不在", by.Workflow, by.Version, by.Edition),
					EN: fmt.Sprintf("version %d of procedure %s (%.12s) is not here", by.Version, by.Workflow, by.Edition)})
				return nil, nil
			}
		}
		for _, n := range ev.Counted {
			v.taken[n.Counter] = append(v.taken[n.Counter], n.N)
		}
		v.stood(place, ev)
		c = casefile.Apply(ed, c, ev)
		c.Head = x.Hash
	}
	return ed, c
}

// files holds a case's documents and files against their SHA-256.
func (v *verifier) files(c *casefile.Case) error {
	for _, d := range c.Issued {
		if err := v.blob(d.SHA256, procedure.Label{ZH: fmt.Sprintf("案件%d文书%d（%s %s）", c.ID, d.N, d.Form, d.Number), EN: fmt.Sprintf("case %d, document %d (%s %s)", c.ID, d.N, d.Form, d.Number)}); err != nil {
			return err
		}
	}
	for _, f := range c.Files {
		if err := v.blob(f.SHA256, procedure.Label{ZH: fmt.Sprintf("案件%d附件%d（%s）", c.ID, f.N, f.Name), EN: fmt.Sprintf("case %d, file %d (%s)", c.ID, f.N, f.Name)}); err != nil {
			return err
		}
	}
	return nil
}

func (v *verifier) blob(sha string, place procedure.Label) error {
	v.report.Blobs++
	v.names[sha] = true
	_, err := v.e.Store.Blob(sha)
	short := fmt.Sprintf("%.12s…", sha)
	switch {
	case errors.Is(err, ledger.ErrNotFound):
		v.fault("blob", place, procedure.Label{ZH: "文件" + short + "不在", EN: "the file " + short + " is missing"})
		return nil
	case errors.Is(err, ledger.ErrDamaged):
		v.fault("blob", place, procedure.Label{ZH: "文件" + short + "与登记的SHA-256不符：被改动", EN: "the file " + short + " no longer matches its SHA-256: it was altered"})
		return nil
	}
	return err
}

// blobLister is a store that can tell what files it keeps.
type blobLister interface {
	Blobs(f func(sha string) error) error
}

// strays finds the files that nothing on record names. A case that could not be proved may name some: then none are told.
func (v *verifier) strays() error {
	s, ok := v.e.Store.(blobLister)
	if !ok || len(v.spoilt) > 0 {
		return nil
	}
	return s.Blobs(func(sha string) error {
		if !v.names[sha] {
			v.report.Strays = append(v.report.Strays, sha)
		}
		return v.ctx.Err()
	})
}

// counters holds each counter to the numbers that were taken from it: 1 to its value, each once.
func (v *verifier) counters() error {
	v.progress("核验编号")
	taken := ledger.Commit{}
	if v.last > 0 {
		taken.Counters = append(taken.Counters, ledger.CounterWrite{Name: ledger.CounterCase, Value: uint64(v.last)})
	}
	for name, ns := range v.taken {
		place := procedure.Label{ZH: "计数器 " + name, EN: "counter " + name}
		slices.Sort(ns)
		for i, n := range ns {
			switch want := uint64(i + 1); {
			case n > want && len(v.spoilt) == 0:
				v.fault("counter", place, procedure.Label{ZH: fmt.Sprintf("第%d号没有用过：编号有空缺", want), EN: fmt.Sprintf("number %d was never used: there is a gap", want)})
			case n < want:
				v.fault("counter", place, procedure.Label{ZH: fmt.Sprintf("第%d号用了两次", n), EN: fmt.Sprintf("number %d was used twice", n)})
			default:
				continue
			}
			break
		}
		taken.Counters = append(taken.Counters, ledger.CounterWrite{Name: name, Value: ns[len(ns)-1]})
	}
	if len(taken.Counters) == 0 {
		return nil
	}
	return v.into.Commit(v.ctx, taken)
}
