package verify

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"dossier/engine/access"
	"dossier/engine/ledger"
	"dossier/engine/listing"
	"dossier/engine/procedure"
)

// proved are the kinds of records that never stand beside the ledger, and with them every kind that the ledger names. The
// others (sessions, saved input, keys, messages on their way) are nobody's proof: whoever loses them loses a convenience.
var proved = []string{ledger.KindPerson, ledger.KindDelegation, ledger.KindSetting, ledger.KindSchedule, ledger.KindStandards, ledger.KindBrought, access.KindSetup, access.KindToken, procedure.KindEdition}

// caseIndexes are those of cases.
var caseIndexes = []string{listing.IndexRow, listing.IndexOpen, listing.IndexFlow, listing.IndexState, listing.IndexOfficer, listing.IndexDue, listing.IndexTimer, listing.IndexAlert, listing.IndexWait,
	listing.IndexSearch, listing.IndexNumber, listing.IndexPeople, listing.IndexFact, listing.IndexCharge, listing.IndexVisit}

// records holds every ledgered record's versions to the ledger, and writes them into the other store.
func (v *verifier) records() error {
	v.progress("核验人员、设置等记录")
	chains := map[string][]ledger.RecordWrite{}
	for _, kind := range proved {
		v.kinds[kind] = true
	}
	for _, index := range caseIndexes {
		v.indexes[index] = true
	}
	for kind, l := range v.e.Listings {
		v.kinds[kind] = true
		for _, index := range l.Indexes {
			v.indexes[index] = true
		}
	}
	for _, what := range slices.Sorted(maps.Keys(v.heads)) {
		if _, ok := ledger.CaseOf(what); ok {
			continue
		}
		v.report.Records++
		kind, _, _ := strings.Cut(what, "/")
		v.kinds[kind] = true
		ws, err := v.record(what)
		if err != nil {
			return err
		}
		if ws == nil {
			v.spoilt[what] = true
			continue
		}
		chains[what] = ws
	}
	for n := 0; ; n++ { // the n-th version of each
		var c ledger.Commit
		for _, what := range slices.Sorted(maps.Keys(chains)) {
			if ws := chains[what]; n < len(ws) {
				c.Records = append(c.Records, ws[n])
			}
		}
		if len(c.Records) == 0 {
			return nil
		}
		if err := v.into.Commit(v.ctx, c); err != nil {
			return err
		}
	}
}

// record holds one record's versions to the ledger; nil when a fault was told.
func (v *verifier) record(what string) ([]ledger.RecordWrite, error) {
	kind, id, _ := strings.Cut(what, "/")
	place := func(seq int) procedure.Label {
		return procedure.Label{ZH: fmt.Sprintf("记录%s第%d版", what, seq), EN: fmt.Sprintf("record %s, version %d", what, seq)}
	}
	versions, err := v.e.Store.Versions(kind, id)
	if err != nil {
		return nil, v.report.damaged(err, place(0))
	}
	heads := v.heads[what]
	var ws []ledger.RecordWrite
	deleted := false
	for i := range max(len(versions), len(heads)) {
		switch {
		case i >= len(heads):
			v.fault("ledger", place(i+1), procedure.Label{ZH: "台账没有记载", EN: "the ledger doesn't name it"})
			return nil, nil
		case i >= len(versions) || versions[i].Seq != uint64(i+1) || heads[i].Seq != uint64(i+1):
			v.fault("record", place(i+1), procedure.Label{ZH: "台账记有这一版，库中没有", EN: "the ledger names it, the store doesn't have it"})
			return nil, nil
		}
		w := ledger.RecordWrite{Kind: kind, ID: id, Read: uint64(i), Data: versions[i].Data, Ledgered: true}
		if deleted {
			w.Read = 0
		}
		switch heads[i].Hash {
		case ledger.RecordHash(w.Data, false):
		case ledger.RecordHash(w.Data, true):
			w.Delete = true
		default:
			v.fault("record", place(i+1), procedure.Label{ZH: "哈希值与台账不一致：被改动", EN: "its hash is not the one in the ledger: it was altered"})
			return nil, nil
		}
		deleted = w.Delete
		ws = append(ws, w)
		if kind == procedure.KindEdition {
			if err := v.kept(w.Data, place(i+1)); err != nil {
				return nil, err
			}
		}
	}
	if l, ok := v.e.Listings[kind]; ok && !deleted && len(ws) > 0 {
		last := &ws[len(ws)-1]
		if last.Put, err = l.Keys(id, last.Data); err != nil {
			return nil, v.report.damaged(err, place(len(ws)))
		}
	}
	return ws, nil
}

// kept holds the files of a kept edition against their SHA-256.
func (v *verifier) kept(data []byte, place procedure.Label) error {
	var k procedure.KeptEdition
	if err := json.Unmarshal(data, &k); err != nil {
		return v.report.damaged(err, place)
	}
	return v.blob(k.Files, func() procedure.Label { return place })
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
