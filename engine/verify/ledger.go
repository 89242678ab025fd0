package verify

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"dossier/engine"
	"dossier/engine/ledger"
	"dossier/engine/procedure"
)

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

// ledger follows the chain of each ledger's rows and gathers the heads.
func (v *verifier) ledger() error {
	v.progress("核验台账")
	const page = 500
	at := ledger.Mark{}
	for {
		rows, err := v.e.Store.Ledger(at.N, page)
		if err != nil {
			return v.report.damaged(err, procedure.Label{ZH: "台账第" + ledger.RowName(at.N) + "行以后", EN: "the ledger after row " + ledger.RowName(at.N)})
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
