package penalty

import (
	"cmp"

	"dossier/engine/calendar"
)

// Row is one violation of one party in a case, with the fine that is proposed for it.
type Row struct {
	Party    string // whose
	Act      string // rows of one act of one party carry the same word; "" is an act of its own
	Standard ID
	Fine     Fen
}

// Total is what each party pays, in the order of the rows: violations are judged apart and added; of several provisions
// that one act breaks only the one with the heaviest fine counts (行政处罚法29). Left says which rows don't count.
func Total(rows []Row) (sums []Sum, left []int) {
	type act struct{ party, act string }
	heaviest := map[act]int{}
	for i, r := range rows {
		k := act{r.Party, r.Act}
		if j, ok := heaviest[k]; r.Act != "" && (!ok || r.Fine > rows[j].Fine) {
			heaviest[k] = i
		}
	}
	place := map[string]int{}
	for i, r := range rows {
		at, ok := place[r.Party]
		if !ok {
			at = len(sums)
			place[r.Party] = at
			sums = append(sums, Sum{Party: r.Party})
		}
		if r.Act != "" && heaviest[act{r.Party, r.Act}] != i {
			left = append(left, i)
			continue
		}
		sums[at].Fine += r.Fine
	}
	return sums, left
}

// Sum is what one party pays.
type Sum struct {
	Party string
	Fine  Fen
}

// Change is a violation under the law of its own day and under the law of the day of the decision.
type Change struct {
	Then, Now *Answer // Now is nil where the same standard holds on both days
	Applies   *Answer
}

// Choose answers under the law of the day of the act, and where it has changed since, under each standard that follows it
// on the day of the decision; the lighter applies (行政处罚法37).
func (b *Book) Choose(q Question, decision calendar.Date, rules Rules) (*Change, error) {
	then, err := b.Judge(q, rules)
	if err != nil {
		return nil, err
	}
	c := &Change{Then: then, Applies: then}
	if then.Standard.Holds(decision) {
		return c, nil
	}
	for _, id := range append([]ID{q.Standard}, then.Standard.Successors...) {
		if _, err := b.At(id, decision); err != nil {
			continue // it doesn't hold on that day
		}
		later := q
		later.Standard, later.On = id, decision
		now, err := b.Judge(later, rules)
		if err != nil {
			return nil, err
		}
		if c.Now == nil || lighter(now, c.Now) {
			c.Now = now
		}
	}
	if c.Now != nil && lighter(c.Now, then) {
		c.Applies = c.Now
	}
	return c, nil
}

// lighter compares what the statute allows at most, then at least, then the tier's own bounds.
func lighter(x, y *Answer) bool {
	return cmp.Or(cmp.Compare(x.Most, y.Most), cmp.Compare(x.Least, y.Least), cmp.Compare(x.High, y.High), cmp.Compare(x.Low, y.Low)) < 0
}
