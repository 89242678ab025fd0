package verify

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"dossier/engine"
	"dossier/engine/casefile"
	"dossier/engine/ledger"
	"dossier/engine/listing"
	"dossier/engine/procedure"
)

// cases proves every case, and keeps in mind what its events make of it.
func (v *verifier) cases() error {
	n, err := v.e.Store.Counter(ledger.CounterCase)
	if err != nil {
		return v.report.damaged(err, procedure.Label{ZH: "计数器 case", EN: "counter case"})
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
		if proofs[i].events == 0 {
			v.spoilt[caseName(from+casefile.CaseID(i))] = true
		}
	}
	v.proofs = append(v.proofs, proofs...)
	return nil
}

// beside is a verifier that reads what this one knows, and finds for itself.
func (v *verifier) beside() *verifier {
	return &verifier{e: v.e, ctx: v.ctx, heads: v.heads, standing: v.standing, report: &Report{},
		taken: map[string][]uint64{}, blobs: v.blobs, former: v.former}
}

// compared are those of a case's entries that are compared.
func (v *verifier) compared(ks []ledger.Key) []ledger.Key {
	if !v.former {
		return ks
	}
	return slices.DeleteFunc(ks, func(k ledger.Key) bool { return k.Index == listing.IndexSearch })
}

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
		return nil, v.report.damaged(err, place)
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

// Proof is one case's record, proved by itself: its chain, the case that it makes, its documents and files. That nothing was
// added beside the ledger or cut off is proved by [Run].
type Proof struct {
	Events int
	Head   string // the hash of the last event
	Flaws  []Flaw
}

// One proves one case.
func One(ctx context.Context, e *engine.Engine, id casefile.CaseID) (*Proof, error) {
	v := &verifier{e: e, ctx: ctx, report: &Report{}, taken: map[string][]uint64{}, blobs: newBlobs()}
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

// files holds a case's documents and files against their SHA-256.
func (v *verifier) files(c *casefile.Case) error {
	for _, d := range c.Issued {
		if err := v.blob(d.SHA256, func() procedure.Label {
			return procedure.Label{ZH: fmt.Sprintf("案件%d文书%d（%s %s）", c.ID, d.N, d.Form, d.Number), EN: fmt.Sprintf("case %d, document %d (%s %s)", c.ID, d.N, d.Form, d.Number)}
		}); err != nil {
			return err
		}
	}
	for _, f := range c.Files {
		if err := v.blob(f.SHA256, func() procedure.Label {
			return procedure.Label{ZH: fmt.Sprintf("案件%d附件%d（%s）", c.ID, f.N, f.Name), EN: fmt.Sprintf("case %d, file %d (%s)", c.ID, f.N, f.Name)}
		}); err != nil {
			return err
		}
	}
	return nil
}

// blob holds a file against its SHA-256; place is what names it.
func (v *verifier) blob(sha string, place func() procedure.Label) error {
	v.report.Blobs++
	err := v.blobs.prove(v.e.Store, sha)
	if err == nil {
		return nil
	}
	short := fmt.Sprintf("%.12s…", sha)
	switch {
	case errors.Is(err, ledger.ErrNotFound):
		v.fault("blob", place(), procedure.Label{ZH: "文件" + short + "不在", EN: "the file " + short + " is missing"})
		return nil
	case errors.Is(err, ledger.ErrDamaged):
		v.fault("blob", place(), procedure.Label{ZH: "文件" + short + "与登记的SHA-256不符：被改动", EN: "the file " + short + " no longer matches its SHA-256: it was altered"})
		return nil
	}
	return err
}
