// Package handover gives cases to others when somebody leaves: looked at first, then case by case, so that one that moved
// meanwhile keeps no other waiting.
package handover

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"dossier/engine"
	"dossier/engine/casefile"
	"dossier/engine/decide"
	"dossier/engine/desk"
	"dossier/engine/ledger"
	"dossier/engine/listing"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
	"dossier/engine/sight"
	"dossier/engine/text"
)

// Request asks that cases of one officer go to others (移交). In each case the officers who take over stand in the place
// of the one who gives it up; the case's other officers stay.
type Request struct {
	From     office.PersonID
	Officers []office.PersonID
	InCharge office.PersonID // who has charge of a case of which From had it; "" the first of Officers
	Reason   string
	Cases    []CaseAt
	Key      string // idempotency key of the whole; "" none
}

// CaseAt is a case as a page showed it.
type CaseAt struct {
	ID  casefile.CaseID
	Seq uint64 // what the page was drawn from; 0: not said
}

// Handed is what a hand-over does, would do or did with one case.
type Handed struct {
	CaseAt
	Row      listing.Row        // as a list shows it; zero where the person may not see the case
	Edition  *procedure.Edition // whose titles a refusal is told with; nil as above
	Was, Now []office.PersonID  // its officers before and after, who is in charge first
	Refused  *refusal.Error     // why it does not go
	Done     bool               // it is on record
	Again    bool               // it was before: the same key came twice
}

// handOverAction is the built-in action that a hand-over of several cases is made of, one each.
const handOverAction procedure.ActionID = "hand-over"

// maxReason is the most that the reason of a hand-over may hold, in characters.
const maxReason = 500

// Preview tells for each case who would have it and what refuses it; nothing changes. What is wrong with the wish
// itself is field-invalid, with paths "officers", "in-charge", "reason", "cases".
func Preview(ctx context.Context, e *engine.Engine, who office.PersonID, h Request) ([]Handed, error) {
	return each(ctx, e, who, h, func(cmd casefile.Command, x *Handed) error {
		_, _, err := e.Try(cmd)
		return err
	})
}

// Do hands the cases over, each by a hand-over of its own: one that is refused keeps no other. The same key again is
// the same act. It stops at an error that is not one for the person; what was done before it stays done.
func Do(ctx context.Context, e *engine.Engine, who office.PersonID, h Request) ([]Handed, error) {
	return each(ctx, e, who, h, func(cmd casefile.Command, x *Handed) error {
		out, err := e.Do(ctx, cmd)
		if err == nil {
			x.Done, x.Again = true, out.Replayed
		}
		return err
	})
}

// each makes the command of each case and does with it what is asked.
func each(ctx context.Context, e *engine.Engine, who office.PersonID, h Request, do func(casefile.Command, *Handed) error) ([]Handed, error) {
	h.Reason = strings.TrimSpace(h.Reason)
	if fs := faults(e, h); len(fs) > 0 {
		return nil, &refusal.Error{Code: refusal.FieldInvalid, Fields: fs}
	}
	var out []Handed
	for _, at := range h.Cases {
		if err := ctx.Err(); err != nil {
			return out, err
		}
		x := Handed{CaseAt: at}
		cmd, err := handing(e, who, h, &x)
		if err == nil && !x.Done {
			err = e.Named(do(cmd, &x), cmd)
		}
		if x.Refused = refusal.As(err); err != nil && x.Refused == nil {
			return out, err
		}
		out = append(out, x)
	}
	return out, nil
}

// faults are what is wrong with the wish, whatever the cases.
func faults(e *engine.Engine, h Request) []refusal.FieldFault {
	var fs []refusal.FieldFault
	wrong := func(path, why string, args refusal.Args) {
		fs = append(fs, refusal.FieldFault{Path: path, Code: refusal.FieldInvalid, Why: why, Args: args})
	}
	o := e.Office()
	if len(h.Officers) == 0 {
		wrong("officers", "field.required", nil)
	}
	for _, id := range h.Officers {
		switch p := o.Person(id); {
		case p == nil:
			wrong("officers", "field.person", refusal.Args{"who": string(id)})
		case id == h.From:
			wrong("officers", "field.hands-to-oneself", nil)
		case !p.Active(e.Today()):
			wrong("officers", "field.person-disabled", refusal.Args{"who": p.Name})
		}
	}
	if h.InCharge != "" && !slices.Contains(h.Officers, h.InCharge) {
		wrong("in-charge", "field.among", refusal.Args{"who": o.Name(h.InCharge)})
	}
	switch missing := e.Renderer.Missing(h.Reason); {
	case h.Reason == "":
		wrong("reason", "field.required", nil)
	case utf8.RuneCountInString(h.Reason) > maxReason:
		wrong("reason", "field.long", refusal.Args{"max": strconv.Itoa(maxReason), "have": strconv.Itoa(utf8.RuneCountInString(h.Reason))})
	case len(missing) > 0:
		wrong("reason", "field.rune", refusal.Args{"runes": text.Runes(missing)})
	}
	if len(h.Cases) == 0 {
		wrong("cases", "field.no-case", nil)
	}
	return fs
}

// handing is the command that hands one case over, and fills in what it does. A case whose officers are others than the
// page showed is refused with case-moved-on.
func handing(e *engine.Engine, who office.PersonID, h Request, x *Handed) (casefile.Command, error) {
	cmd := casefile.Command{Case: x.ID, Action: handOverAction, Actor: who, Key: h.key(x.ID)}
	d, err := e.Read(x.ID)
	if err != nil {
		return cmd, err
	}
	if !sight.Sees(d.Edition, e.Office(), d.Case, who, e.Today()) {
		return cmd, sight.Unseen(x.ID)
	}
	if x.Row, err = e.RowOf(x.ID); err != nil {
		return cmd, err
	}
	x.Edition, x.Was = d.Edition, casefile.Officers(d.Edition, d.Case)
	before, err := desk.Answered(e, who, cmd.Key)
	if err != nil {
		return cmd, err
	}
	if before == x.ID {
		x.Now, x.Done, x.Again = x.Was, true, true
		return cmd, nil
	}
	moved, err := reassigned(e, d, x.Seq)
	if err != nil {
		return cmd, err
	}
	if moved || !slices.Contains(x.Was, h.From) {
		return cmd, refusal.New(refusal.CaseMovedOn, refusal.Args{"action": string(handOverAction), "state": string(d.Case.Main())})
	}
	x.Seq = d.Case.Seq
	charge := h.InCharge
	if charge == "" {
		charge = h.Officers[0]
	}
	if first := d.Case.Roles[d.Edition.Def.First()]; len(first) > 0 && first[0] != h.From {
		charge = first[0]
	}
	x.Now = []office.PersonID{charge}
	for _, p := range x.Was {
		place := []office.PersonID{p}
		if p == h.From {
			place = h.Officers
		}
		for _, q := range place {
			if !slices.Contains(x.Now, q) {
				x.Now = append(x.Now, q)
			}
		}
	}
	names := procedure.Value{}
	for _, p := range x.Now {
		names.List = append(names.List, string(p))
	}
	cmd.Values = procedure.Values{"officers": names, "in-charge": procedure.TextValue(string(charge)), "reason": procedure.TextValue(h.Reason)}
	cmd.Team = x.Was
	return cmd, nil
}

// key is the idempotency key of one case of the hand-over; another wish under the same key has others.
func (h Request) key(id casefile.CaseID) string {
	if h.Key == "" {
		return ""
	}
	wish, _ := json.Marshal([]any{h.From, h.Officers, h.InCharge, h.Reason}) // names and a text always are JSON
	sum := sha256.Sum256(wish)
	return h.Key + "/" + hex.EncodeToString(sum[:4]) + "/" + strconv.Itoa(int(id))
}

// reassigned tells whether the case's officers, or who may see it, changed after a sequence number.
func reassigned(e *engine.Engine, d *decide.Docket, seq uint64) (bool, error) {
	if seq == 0 || d.Case.Seq <= seq {
		return false, nil
	}
	sealed, err := e.Store.Events(d.Case.ID, seq, 0)
	if err != nil {
		return false, err
	}
	for _, s := range sealed {
		var ev casefile.Event
		if err := ledger.Read(s.Data, &ev); err != nil {
			return false, err
		}
		if len(ev.Roles)+len(ev.Barred) > 0 {
			return true, nil
		}
	}
	return false, nil
}

// inHand tells whether an officer has still something to do in the case: it is open, or it is closed and waits to be archived.
func inHand(r listing.Row) bool { return !r.Ended || len(r.Waits) > 0 }

// InHand are the cases that an officer has in hand and that who may see, what runs out first on top.
func InHand(ctx context.Context, e *engine.Engine, who, officer office.PersonID) ([]listing.Row, error) {
	var rows []listing.Row
	q := desk.Query{Officer: officer, Limit: 500}
	for {
		page, err := desk.Find(e, who, q)
		if err != nil {
			return nil, err
		}
		for _, r := range page.Rows {
			if inHand(r) {
				rows = append(rows, r)
			}
		}
		if q.After = page.Next; q.After == "" {
			desk.SoonestFirst(rows)
			return rows, nil
		}
	}
}

// Burden tells how many cases an officer has in hand and who must see to it that they go to others, were the officer to
// leave. It names no case, so that an administrator may ask.
func Burden(e *engine.Engine, officer office.PersonID) (n int, by []office.PersonID, err error) {
	o, today := e.Office(), e.Today()
	err = desk.EachRow(e, listing.IndexOfficer, string(officer)+"/", func(row listing.Row) {
		ed := e.Workflow(row.Workflow)
		if !inHand(row) {
			return
		}
		n++
		if ed == nil {
			return
		}
		for _, id := range desk.Second(ed.Def, o, today) {
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

// HandsOver tells whether the person may hand over cases of some procedure: the second of its line or above, or who stands
// in for them.
func HandsOver(e *engine.Engine, who office.PersonID) bool {
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
