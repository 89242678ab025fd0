package engine

import (
	"slices"
	"strings"

	"dossier/engine/calendar"
)

// Mark is a row of the ledger up to which somebody has looked; the zero Mark is before the first.
type Mark struct {
	N    uint64 `json:"n"`
	Hash string `json:"hash,omitempty"`
}

// News is what the ledger names after a mark.
type News struct {
	Cases  []CaseID // each once, in the order in which they first moved
	Office bool     // people, delegations, settings or schedules too: any case may be another now
	Lost   bool     // the mark is not in this ledger: anything may have happened
	To     Mark     // the ledger's last row
}

// Since reads what was committed after a mark. It is how to follow the record without missing anything: what a commit wrote
// and the ledger's row of it are there together or not at all. The cost follows what was committed.
func (e *Engine) Since(m Mark) (News, error) {
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
	seen := map[CaseID]bool{}
	for {
		rows, err := e.Store.Ledger(news.To.N, 500)
		if err == nil && len(rows) == 0 && news.Office {
			err = e.reloadOffice() // whoever acts on the news sees the office at least as new as they are
		}
		if err != nil || len(rows) == 0 {
			return news, err
		}
		for _, r := range rows {
			for _, h := range r.Heads {
				if id, ok := caseOf(h.What); ok {
					if !seen[id] {
						seen[id] = true
						news.Cases = append(news.Cases, id)
					}
					continue
				}
				kind, _, _ := strings.Cut(h.What, "/")
				news.Office = news.Office || RecordWrite{Kind: kind}.office()
			}
			news.To = Mark{r.N, r.Hash}
		}
	}
}

// LastRow is the ledger's end, the zero Mark of an empty one. It is found without reading all of it: rows are numbered
// without a gap.
func (e *Engine) LastRow() (Mark, error) {
	var last Mark
	there := func(n uint64) (bool, error) { // whether there is a row after the n-th
		rows, err := e.Store.Ledger(n, 1)
		if len(rows) == 1 && rows[0].N > last.N {
			last = Mark{rows[0].N, rows[0].Hash}
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

// Turns tells whether somebody's post, absence or delegation begins or ends on one of the days after the first up to and
// including the last, by rows that were on record before: who is told of a case changes on such a day without any commit.
func (o *Office) Turns(after, upto calendar.Date) bool {
	within := func(days ...calendar.Date) bool {
		return slices.ContainsFunc(days, func(d calendar.Date) bool { return after < d && d <= upto })
	}
	next := func(d calendar.Date) calendar.Date { // the day after the last of a period; 0 of one that is open
		if d == 0 {
			return 0
		}
		return d.Add(1)
	}
	for _, p := range o.people {
		if within(p.Disabled) || slices.ContainsFunc(p.Posts, func(h Held) bool { return within(h.From, next(h.To)) }) {
			return true
		}
	}
	return slices.ContainsFunc(o.lent, func(d Delegation) bool { return within(d.Start, next(d.End), d.Ended) })
}
