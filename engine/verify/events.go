package verify

import (
	"encoding/json"
	"fmt"

	"dossier/engine/casefile"
	"dossier/engine/ledger"
	"dossier/engine/procedure"
)

// opened is an event as it is read.
type opened struct {
	casefile.Event
	err error
}

// place is what an event says of where it stands.
func (o *opened) place(data []byte) (id casefile.CaseID, seq uint64, prev string, err error) {
	if o.err = ledger.Read(data, &o.Event); o.err == nil {
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
		if v.standing != nil {
			v.standing.stood(v.report, place, ev)
		}
		c = casefile.Apply(ed, c, ev)
		c.Head = x.Hash
	}
	return ed, c
}
