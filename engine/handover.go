package engine

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// HandOver asks that cases of one officer go to others (移交). In each case the officers who take over stand in the place
// of the one who gives it up; the case's other officers stay.
type HandOver struct {
	From     PersonID
	Officers []PersonID
	InCharge PersonID // who has charge of a case of which From had it; "" the first of Officers
	Reason   string
	Cases    []CaseAt
	Key      string // idempotency key of the whole; "" none
}

// CaseAt is a case as a page showed it.
type CaseAt struct {
	ID  CaseID
	Seq uint64 // what the page was drawn from; 0: not said
}

// Handed is what a hand-over does, would do or did with one case.
type Handed struct {
	CaseAt
	Row      Row        // as a list shows it; zero where the person may not see the case
	Edition  *Edition   // whose titles a refusal is told with; nil as above
	Was, Now []PersonID // its officers before and after, who is in charge first
	Refused  *Error     // why it does not go
	Done     bool       // it is on record
	Again    bool       // it was before: the same key came twice
}

// handOverAction is the built-in action that a hand-over of several cases is made of, one each.
const handOverAction ActionID = "hand-over"

// maxReason is the most that the reason of a hand-over may hold, in characters.
const maxReason = 500

// PreviewHandOver tells for each case who would have it and what refuses it; nothing changes. What is wrong with the wish
// itself is field-invalid, with paths "officers", "in-charge", "reason", "cases".
func (e *Engine) PreviewHandOver(ctx context.Context, who PersonID, h HandOver) ([]Handed, error) {
	return e.handOver(ctx, who, h, func(cmd Command, x *Handed) error {
		e.deciding.RLock()
		defer e.deciding.RUnlock()
		_, err := e.decide(e.turn(), cmd)
		return err
	})
}

// HandOver hands the cases over, each by a hand-over of its own: one that is refused keeps no other. The same key again is
// the same act. It stops at an error that is not one for the person; what was done before it stays done.
func (e *Engine) HandOver(ctx context.Context, who PersonID, h HandOver) ([]Handed, error) {
	return e.handOver(ctx, who, h, func(cmd Command, x *Handed) error {
		out, err := e.Do(ctx, cmd)
		if err == nil {
			x.Done, x.Again = true, out.Replayed
		}
		return err
	})
}

// handOver makes the command of each case and does with it what is asked.
func (e *Engine) handOver(ctx context.Context, who PersonID, h HandOver, do func(Command, *Handed) error) ([]Handed, error) {
	h.Reason = strings.TrimSpace(h.Reason)
	if fs := e.handOverFaults(h); len(fs) > 0 {
		return nil, &Error{Code: FieldInvalid, Fields: fs}
	}
	var out []Handed
	for _, at := range h.Cases {
		if err := ctx.Err(); err != nil {
			return out, err
		}
		x := Handed{CaseAt: at}
		cmd, err := e.handing(who, h, &x)
		if err == nil && !x.Done {
			err = e.named(do(cmd, &x), cmd)
		}
		if x.Refused = As(err); err != nil && x.Refused == nil {
			return out, err
		}
		out = append(out, x)
	}
	return out, nil
}

// handOverFaults are what is wrong with the wish, whatever the cases.
func (e *Engine) handOverFaults(h HandOver) []FieldFault {
	var fs []FieldFault
	wrong := func(path, why string, args Args) {
		fs = append(fs, FieldFault{Path: path, Code: FieldInvalid, Why: why, Args: args})
	}
	o := e.Office()
	if len(h.Officers) == 0 {
		wrong("officers", "field.required", nil)
	}
	for _, id := range h.Officers {
		switch p := o.Person(id); {
		case p == nil:
			wrong("officers", "field.person", Args{"who": string(id)})
		case id == h.From:
			wrong("officers", "field.hands-to-oneself", nil)
		case !p.Active(e.Today()):
			wrong("officers", "field.person-disabled", Args{"who": p.Name})
		}
	}
	if h.InCharge != "" && !slices.Contains(h.Officers, h.InCharge) {
		wrong("in-charge", "field.among", Args{"who": o.Name(h.InCharge)})
	}
	switch missing := e.Renderer.Missing(h.Reason); {
	case h.Reason == "":
		wrong("reason", "field.required", nil)
	case utf8.RuneCountInString(h.Reason) > maxReason:
		wrong("reason", "field.long", Args{"max": strconv.Itoa(maxReason), "have": strconv.Itoa(utf8.RuneCountInString(h.Reason))})
	case len(missing) > 0:
		wrong("reason", "field.rune", Args{"runes": string(missing)})
	}
	if len(h.Cases) == 0 {
		wrong("cases", "field.no-case", nil)
	}
	return fs
}

// handing is the command that hands one case over, and fills in what it does. A case whose officers are others than the
// page showed is refused with case-moved-on.
func (e *Engine) handing(who PersonID, h HandOver, x *Handed) (Command, error) {
	cmd := Command{Case: x.ID, Action: handOverAction, Actor: who, Key: h.key(x.ID)}
	d, err := e.read(x.ID)
	if err != nil {
		return cmd, err
	}
	if !d.ed.sees(e.Office(), d.c, who, e.Today()) {
		return cmd, fail(Forbidden, Args{"who": e.Office().Name(who)})
	}
	if x.Row, err = e.rowOf(x.ID); err != nil {
		return cmd, err
	}
	x.Edition, x.Was = d.ed, d.ed.officers(d.c)
	before, err := e.Answered(who, cmd.Key)
	if err != nil {
		return cmd, err
	}
	if before == x.ID {
		x.Now, x.Done, x.Again = x.Was, true, true
		return cmd, nil
	}
	moved, err := e.reassigned(d, x.Seq)
	if err != nil {
		return cmd, err
	}
	if moved || !slices.Contains(x.Was, h.From) {
		return cmd, fail(CaseMovedOn, Args{"action": string(handOverAction), "state": string(d.c.Main())})
	}
	x.Seq = d.c.Seq
	charge := h.InCharge
	if charge == "" {
		charge = h.Officers[0]
	}
	if first := d.c.Roles[d.ed.Def.first()]; len(first) > 0 && first[0] != h.From {
		charge = first[0]
	}
	x.Now = []PersonID{charge}
	for _, p := range x.Was {
		place := []PersonID{p}
		if p == h.From {
			place = h.Officers
		}
		for _, q := range place {
			if !slices.Contains(x.Now, q) {
				x.Now = append(x.Now, q)
			}
		}
	}
	names := Value{}
	for _, p := range x.Now {
		names.List = append(names.List, string(p))
	}
	cmd.Values = Values{"officers": names, "in-charge": TextValue(string(charge)), "reason": TextValue(h.Reason)}
	cmd.team = x.Was
	return cmd, nil
}

// key is the idempotency key of one case of the hand-over; another wish under the same key has others.
func (h HandOver) key(id CaseID) string {
	if h.Key == "" {
		return ""
	}
	wish, _ := json.Marshal([]any{h.From, h.Officers, h.InCharge, h.Reason}) // names and a text always are JSON
	sum := sha256.Sum256(wish)
	return h.Key + "/" + hex.EncodeToString(sum[:4]) + "/" + strconv.Itoa(int(id))
}

// reassigned tells whether the case's officers, or who may see it, changed after a sequence number.
func (e *Engine) reassigned(d *decided, seq uint64) (bool, error) {
	if seq == 0 || d.c.Seq <= seq {
		return false, nil
	}
	sealed, err := e.Store.Events(d.c.ID, seq, 0)
	if err != nil {
		return false, err
	}
	for _, s := range sealed {
		var ev Event
		if err := json.Unmarshal(s.Data, &ev); err != nil {
			return false, err
		}
		if len(ev.Roles)+len(ev.Barred) > 0 {
			return true, nil
		}
	}
	return false, nil
}

// officers are who has the case in hand, who is in charge first.
func (ed *Edition) officers(c *Case) []PersonID {
	var ids []PersonID
	for _, role := range []Actor{ed.Def.first(), "assigned-officers"} {
		for _, p := range c.Roles[role] {
			if !slices.Contains(ids, p) {
				ids = append(ids, p)
			}
		}
	}
	return ids
}

// inHand tells whether an officer has still something to do in the case: it is open, or it is closed and waits to be archived.
func (r Row) inHand() bool { return !r.Ended || len(r.Waits) > 0 }

// InHand are the cases that an officer has in hand and that who may see, what runs out first on top.
func (e *Engine) InHand(ctx context.Context, who, officer PersonID) ([]Row, error) {
	var rows []Row
	q := Query{Officer: officer, Limit: 500}
	for {
		page, err := e.Find(ctx, who, q)
		if err != nil {
			return nil, err
		}
		for _, r := range page.Rows {
			if r.inHand() {
				rows = append(rows, r)
			}
		}
		if q.After = page.Next; q.After == "" {
			soonestFirst(rows)
			return rows, nil
		}
	}
}

// Burden tells how many cases an officer has in hand and who must see to it that they go to others, were the officer to
// leave. It names no case, so that an administrator may ask.
func (e *Engine) Burden(officer PersonID) (n int, by []PersonID, err error) {
	o, today := e.Office(), e.Today()
	err = e.eachRow(indexOfficer, string(officer)+"/", func(row Row) {
		ed := e.Workflow(row.Workflow)
		if !row.inHand() {
			return
		}
		n++
		if ed == nil {
			return
		}
		for _, id := range ed.Def.second(o, today) {
			if id != officer && !slices.Contains(by, id) {
				by = append(by, id)
			}
		}
	})
	if err != nil {
		return 0, nil, err
	}
	return n, by, nil
}

// soonestFirst sorts rows by what runs out first.
func soonestFirst(rows []Row) {
	slices.SortStableFunc(rows, func(a, b Row) int {
		x, y := a.due(), b.due()
		if x == 0 || y == 0 {
			return int(y) - int(x)
		}
		return int(x) - int(y)
	})
}

// HandsOver tells whether the person may hand over cases of some procedure: the second of its line or above, or who stands
// in for them.
func (e *Engine) HandsOver(who PersonID) bool {
	o, today := e.Office(), e.Today()
	for _, ed := range e.Workflows() {
		for i, a := range ed.Def.Line {
			if i > 0 && (o.Holds(who, a, today) || len(o.Lent(who, a, today)) > 0) {
				return true
			}
		}
	}
	return false
}
