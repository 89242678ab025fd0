package engine

import (
	"strings"

	"dossier/engine/casefile"
	"dossier/engine/ledger"
)

// News is what the ledger names after a mark.
type News struct {
	Cases  []casefile.CaseID // each once, in the order in which they first moved
	Office bool              // people, delegations, settings or schedules too: any case may be another now
	Lost   bool              // the mark is not in this ledger: anything may have happened
	To     ledger.Mark       // the ledger's last row
}

// Since reads what was committed after a mark. It is how to follow the record without missing anything: what a commit wrote
// and the ledger's row of it are there together or not at all. The cost follows what was committed.
func (e *Engine) Since(m ledger.Mark) (News, error) {
	news := News{To: m}
	if m.N > 0 {
		rows, err := e.Store.Ledger(m.N-1, 1)
		if err != nil {
			return news, err
		}
		news.Lost = len(rows) != 1 || rows[0].Hash != m.Hash
	}
	if news.Lost {
		to, err := e.LastRow()
		news.To = to
		return news, err
	}
	seen := map[casefile.CaseID]bool{}
	for {
		rows, err := e.Store.Ledger(news.To.N, 500)
		if err == nil && len(rows) == 0 && news.Office {
			err = e.ReloadOffice() // whoever acts on the news sees the office at least as new as they are
		}
		if err != nil || len(rows) == 0 {
			return news, err
		}
		for _, r := range rows {
			for _, h := range r.Heads {
				if id, ok := ledger.CaseOf(h.What); ok {
					if !seen[id] {
						seen[id] = true
						news.Cases = append(news.Cases, id)
					}
					continue
				}
				kind, _, _ := strings.Cut(h.What, "/")
				news.Office = news.Office || ledger.RecordWrite{Kind: kind}.Office()
			}
			news.To = ledger.Mark{N: r.N, Hash: r.Hash}
		}
	}
}

// LastRow is the ledger's end, the zero Mark of an empty one. It is found without reading all of it: rows are numbered
// without a gap.
func (e *Engine) LastRow() (ledger.Mark, error) {
	var last ledger.Mark
	there := func(n uint64) (bool, error) { // whether there is a row after the n-th
		rows, err := e.Store.Ledger(n, 1)
		if len(rows) == 1 && rows[0].N > last.N {
			last = ledger.Mark{N: rows[0].N, Hash: rows[0].Hash}
		}
		return len(rows) == 1, err
	}
	step := uint64(1)
	for { // past the end, by doubling
		more, err := there(last.N + step - 1)
		if err != nil {
			return last, err
		}
		if !more {
			break
		}
		step *= 2
	}
	for ; step > 0; step /= 2 { // and back to it, by halving
		if _, err := there(last.N + step - 1); err != nil {
			return last, err
		}
	}
	return last, nil
}
