package group

import (
	"slices"

	"dossier/engine/ledger"
)

// name is what a change may meet another in: a case, a record or a counter.
type name struct {
	kind, id string
	n        uint64
}

// touched is what some changes write, and what they rest on without writing it.
type touched struct {
	writes, rests map[name]bool
	all           bool // one rests on all that there is
}

func newTouched() *touched { return &touched{writes: map[name]bool{}, rests: map[name]bool{}} }

// namesOf is what a change writes and what it rests on.
func namesOf(c *ledger.Commit) (writes, rests []name) {
	for i := range c.Cases {
		writes = append(writes, name{kind: "\x00case", n: uint64(c.Cases[i].ID)})
	}
	for i := range c.Records {
		writes = append(writes, name{kind: c.Records[i].Kind, id: c.Records[i].ID})
	}
	for i := range c.Counters {
		writes = append(writes, name{kind: "\x00counter", id: c.Counters[i].Name})
	}
	for _, k := range c.Checks {
		rests = append(rests, name{kind: k.Kind, id: k.ID})
	}
	return writes, rests
}

func (t *touched) add(c *ledger.Commit) {
	writes, rests := namesOf(c)
	for _, n := range writes {
		t.writes[n] = true
	}
	for _, n := range rests {
		t.rests[n] = true
	}
	t.all = t.all || c.Upto != nil
}

// meets tells whether the change must be written after these: it writes what they write or rest on, or rests on what they write.
func (t *touched) meets(c *ledger.Commit) bool {
	if t.all || c.Upto != nil && len(t.writes) > 0 {
		return true
	}
	writes, rests := namesOf(c)
	return slices.ContainsFunc(writes, func(n name) bool { return t.writes[n] || t.rests[n] }) ||
		slices.ContainsFunc(rests, func(n name) bool { return t.writes[n] })
}

// free is how many could write.
func (q *Queue) free() (n int) {
	for _, t := range q.writing {
		if t == nil {
			n++
		}
	}
	return n
}

// few is how many changes are one group, however many are free, and with how many another begins while one is under way: what a
// transaction and its sync cost is more than what it would be to wait.
const few = 8

// take is the next group and who writes it; none where everybody writes, or what waits has to. Of many that wait each who is
// free gets a share, so that the sync of one goes on while another is sent; a few wait for the one under way. A change that must come after one of its group is
// of the group too, and keeps nobody else busy with waiting for it.
func (q *Queue) take() (group []*Change, by int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	free := q.free()
	if free == 0 || len(q.waiting) == 0 {
		return nil, 0
	}
	by = slices.Index(q.writing, nil)
	own := newTouched()
	q.writing[by] = own
	if len(q.writing) == 1 {
		group, q.waiting = q.waiting, nil
		return group, by
	}
	share := max(few, (len(q.waiting)+free-1)/free)
	passed := newTouched()
	var left []*Change
	for _, c := range q.waiting {
		after := passed.meets(&c.Commit) || slices.ContainsFunc(q.writing, func(t *touched) bool { return t != nil && t != own && t.meets(&c.Commit) })
		if after || len(group) >= share && !own.meets(&c.Commit) {
			passed.add(&c.Commit)
			left = append(left, c)
		} else {
			own.add(&c.Commit)
			group = append(group, c)
		}
	}
	if len(group) == 0 || len(group) < few && free < len(q.writing) {
		q.writing[by] = nil
		return nil, 0
	}
	q.waiting = left
	return group, by
}
