package postgres

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"dossier/engine/ledger"
	"dossier/store/rows"
)

// plan is what a group of changes comes to, and what has to be true in the database when it is written.
type plan struct {
	known *known // nil: what the changes have read is believed, and the transaction finds out

	cases    map[int64]*caseRow
	records  map[string]*recordRow
	counters map[string]*counterRow
	entries  map[string][]byte // nil: dropped
	events   []eventRow
	versions []versionRow
	heads    []ledger.LedgerHead

	casesRead   map[int64]int64  // case → the number that it must be at, of those that are not written
	recordsRead map[string]int64 // record → the number of the version that can be seen, 0 for none, of those that a change rests on
	upto        *ledger.Mark     // where the ledgers must end
}

// known is what the database held a moment ago of everything that a group names.
type known struct {
	cases    map[int64]int64
	records  map[string]rows.Record // without data
	counters map[string]*uint64     // nil: no row
	behind   map[*ledger.Mark]bool  // marks behind which there are rows
}

type caseRow struct {
	read, seq int64
	snapshot  []byte // nil: stays
}

type recordRow struct {
	base     rows.Record // as it is in the database; Seq 0: there is none
	was      byte        // ledgered, the most that the state of before may be
	now      rows.Record
	gone     bool // no row is left
	believed bool // base is what a change read, and no more
}

type counterRow struct {
	read, value uint64
	there       bool // there is a row
}

type eventRow struct {
	id, seq    int64
	hash, data []byte
}

type versionRow struct {
	key  []byte
	seq  int64
	data []byte
}

func newPlan(k *known) *plan {
	return &plan{known: k, cases: map[int64]*caseRow{}, records: map[string]*recordRow{}, counters: map[string]*counterRow{},
		entries: map[string][]byte{}, casesRead: map[int64]int64{}, recordsRead: map[string]int64{}}
}

// empty tells that there is nothing to write or to ask.
func (p *plan) empty() bool {
	return len(p.cases)+len(p.records)+len(p.counters)+len(p.entries)+len(p.casesRead)+len(p.recordsRead) == 0
}

// caseAt is the number that a case is at once the changes taken so far are written; read is what a change says.
func (p *plan) caseAt(id, read int64) int64 {
	if c := p.cases[id]; c != nil {
		return c.seq
	}
	if p.known != nil {
		return p.known.cases[id]
	}
	if seq, ok := p.casesRead[id]; ok {
		return seq
	}
	return read
}

func (p *plan) counterAt(name string, read uint64) *counterRow {
	if c := p.counters[name]; c != nil {
		return c
	}
	if p.known == nil {
		return &counterRow{read, read, read > 0}
	}
	c := &counterRow{}
	if v := p.known.counters[name]; v != nil {
		c = &counterRow{*v, *v, true}
	}
	return c
}

// recordAt is a record's row once the changes taken so far are written.
func (p *plan) recordAt(key string, read int64) *recordRow {
	if r := p.records[key]; r != nil {
		return r
	}
	if p.known != nil {
		at := p.known.records[key]
		return &recordRow{base: at, now: at, gone: at.Seq == 0}
	}
	if seen, ok := p.recordsRead[key]; ok {
		read = seen
	}
	at := rows.Record{Seq: uint64(read)}
	return &recordRow{base: at, now: at, gone: read == 0, believed: true}
}

// seen is the number of the version that can be seen, 0 for none.
func (r *recordRow) seen() int64 {
	if r.gone || r.now.Deleted() {
		return 0
	}
	return int64(r.now.Seq)
}

// check compares what a change read with what is there once those before it are written; *Conflict when they differ.
func (p *plan) check(c *ledger.Commit) error {
	for _, w := range c.Cases {
		if p.caseAt(int64(w.ID), signed(w.Read)) != signed(w.Read) {
			return &ledger.Conflict{What: "case", ID: strconv.FormatInt(int64(w.ID), 10)}
		}
	}
	for _, w := range c.Counters {
		if p.counterAt(w.Name, w.Read).value != w.Read {
			return &ledger.Conflict{What: "counter", ID: w.Name}
		}
	}
	if c.Upto != nil && (len(p.heads) > 0 || p.known != nil && p.known.behind[c.Upto]) {
		return &ledger.Conflict{What: "ledger"}
	}
	moved := func(kind, id string, read uint64) error {
		if p.recordAt(string(rows.RecordKey(kind, id)), signed(read)).seen() != signed(read) {
			return &ledger.Conflict{What: "record", ID: kind + "/" + id}
		}
		return nil
	}
	for _, k := range c.Checks {
		if err := moved(k.Kind, k.ID, k.Seq); err != nil {
			return err
		}
	}
	for _, w := range c.Records {
		if err := moved(w.Kind, w.ID, w.Read); err != nil {
			return err
		}
		if r := p.recordAt(string(rows.RecordKey(w.Kind, w.ID)), signed(w.Read)); !r.gone && r.now.State&rows.Ledgered != 0 && !w.Ledgered {
			return fmt.Errorf("commit: record %s/%s is ledgered and must stay so", w.Kind, w.ID)
		}
	}
	return nil
}

// take adds a change; an error leaves the plan as it was.
func (p *plan) take(c *ledger.Commit) error {
	if err := p.check(c); err != nil {
		return err
	}
	if c.Upto != nil {
		p.upto = c.Upto
	}
	for _, k := range c.Checks {
		key := string(rows.RecordKey(k.Kind, k.ID))
		if p.records[key] == nil { // one that a change before it wrote is at that change's number
			p.recordsRead[key] = signed(k.Seq)
		}
	}
	for i := range c.Cases {
		if err := p.takeCase(&c.Cases[i]); err != nil {
			return err
		}
	}
	var heads []ledger.LedgerHead
	for i := range c.Records {
		heads = p.takeRecord(&c.Records[i], heads)
	}
	for _, w := range c.Counters {
		at := p.counterAt(w.Name, w.Read)
		at.value = w.Value
		p.counters[w.Name] = at
	}
	cases := ledger.Commit{Cases: c.Cases}
	p.heads = append(append(p.heads, cases.Heads()...), heads...)
	return nil
}

func (p *plan) takeCase(w *ledger.CaseWrite) error {
	id, read := int64(w.ID), signed(w.Read)
	at := p.cases[id]
	if at == nil && len(w.Events) == 0 && w.Snapshot == nil && len(w.Put)+len(w.Drop) == 0 {
		p.casesRead[id] = read
		return nil
	}
	if at == nil {
		at = &caseRow{read: read, seq: read}
		p.cases[id] = at
	}
	for _, e := range w.Events {
		hash, err := rows.Unhex(e.Hash)
		if err != nil {
			return err
		}
		p.events = append(p.events, eventRow{id, int64(e.Seq), hash, bytesOf(e.Data)})
	}
	at.seq += int64(len(w.Events))
	if w.Snapshot != nil {
		at.snapshot = w.Snapshot
	}
	p.takeKeys(w.Put, w.Drop)
	return nil
}

// takeRecord adds the write of a record, and its head where it is ledgered.
func (p *plan) takeRecord(w *ledger.RecordWrite, heads []ledger.LedgerHead) []ledger.LedgerHead {
	key := string(rows.RecordKey(w.Kind, w.ID))
	at := p.recordAt(key, signed(w.Read))
	if p.records[key] == nil {
		p.records[key] = at
		if w.Ledgered {
			at.was = rows.Ledgered
		}
	}
	seq := uint64(1)
	if !at.gone {
		seq = at.now.Seq + 1
	}
	at.now, at.gone = rows.Record{Seq: seq, Data: bytesOf(w.Data)}, false
	if w.Delete {
		at.now.State |= rows.Deleted
	}
	if w.Ledgered {
		at.now.State |= rows.Ledgered
		p.versions = append(p.versions, versionRow{[]byte(key), int64(seq), at.now.Data})
		one := *w
		one.Read = seq - 1
		commit := ledger.Commit{Records: []ledger.RecordWrite{one}}
		heads = append(heads, commit.Heads()...)
	} else if w.Delete {
		at.gone = true
	}
	p.takeKeys(w.Put, w.Drop)
	return heads
}

// takeKeys drops first, so that an entry that is in both stays.
func (p *plan) takeKeys(put, drop []ledger.Key) {
	for _, k := range drop {
		p.entries[string(rows.IndexKey(k.Index, k.Key, k.ID))] = nil
	}
	for _, k := range put {
		p.entries[string(rows.IndexKey(k.Index, k.Key, k.ID))] = bytesOf(k.Value)
	}
}

// bytesOf is never nil, which would be no value in the database.
func bytesOf(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}

// sorted gives the keys of a map in their order: two processes that write the same rows write them in the same order.
func sorted[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }

// lockOf is the advisory lock of a record's name. There are few of them: two names that share one wait for each other, and no
// more.
func lockOf(key string) int32 {
	h := uint32(2166136261)
	for i := range len(key) {
		h = (h ^ uint32(key[i])) * 16777619
	}
	return int32(h % 4096)
}

// locks are the advisory locks that the plan takes, in order: exclusive for the records that it writes, shared for those
// that it only rests on. Whoever changes a record waits for those that were checked against the version before.
func (p *plan) locks() (names []int32, exclusive []bool) {
	all := map[int32]bool{}
	for key := range p.recordsRead {
		all[lockOf(key)] = false
	}
	for key := range p.records {
		all[lockOf(key)] = true
	}
	for _, n := range sorted(all) {
		names, exclusive = append(names, n), append(exclusive, all[n])
	}
	return names, exclusive
}

// beyond are the numbers of rows, from and to, that no row may have where the ledgers end at the mark: behind each end, up to
// where the next marked ledger begins.
func beyond(m ledger.Mark) (from, to []int64) {
	const most = 1<<63 - 1
	ends := []uint64{m.N}
	for _, o := range m.Others {
		ends = append(ends, o.N)
	}
	for i, n := range ends {
		from = append(from, signed(n+1))
		if i+1 < len(ends) {
			to = append(to, signed(ends[i+1]>>ledger.LedgerBits<<ledger.LedgerBits))
		} else {
			to = append(to, most)
		}
	}
	return from, to
}

// ledgerRow is the row over the plan's heads that follows row n with that hash; nil when there are no heads.
func (p *plan) ledgerRow(n uint64, prev string) (row *ledger.LedgerRow, hash, data []byte, err error) {
	if len(p.heads) == 0 {
		return nil, nil, nil, nil
	}
	r, data, err := ledger.NextRow(n+1, prev, p.heads)
	if err != nil {
		return nil, nil, nil, err
	}
	hash, err = rows.Unhex(r.Hash)
	return &r, hash, bytes.Clone(data), err
}
