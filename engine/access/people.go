// Package access is who may come in: people and their posts, delegations, settings by the administrator, passwords,
// sessions, one-time links and tokens. It touches no case.
package access

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"dossier/engine"
	"dossier/engine/calendar"
	"dossier/engine/change"
	"dossier/engine/ledger"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
	"dossier/engine/secret"
	"dossier/engine/text"
	"dossier/engine/typed"
)

// LastHolder refuses what would leave a post without anybody; Args "post" says which.
const LastHolder refusal.Code = "last-holder"

func seconds(d time.Duration) string { return strconv.Itoa(int((d + time.Second - 1) / time.Second)) }

// PersonSeq is the sequence number of a person's record, for KeepPerson; 0 when there is none.
func PersonSeq(e *engine.Engine, id office.PersonID) (uint64, error) {
	var p office.Person
	return e.Stored(ledger.KindPerson, string(id), &p)
}

// KeepPerson adds a person (read 0) or changes one that was read at that sequence number. An empty password keeps the one
// there is. Faults come as field-invalid with paths as in the JSON of [Person] ("posts[1].to"); a change that would leave a
// post without a holder is refused with last-holder.
func KeepPerson(ctx context.Context, e *engine.Engine, who office.PersonID, p office.Person, password string, read uint64) error {
	if err := e.Administers(who); err != nil {
		return err
	}
	old := e.Office().Person(p.ID)
	if read == 0 {
		old = nil
	}
	p.Name = strings.TrimSpace(p.Name)
	faults := personFaults(e, &p)
	if read == 0 && e.Office().Person(p.ID) != nil {
		faults = append(faults, refusal.FieldFault{Path: "id", Code: refusal.FieldInvalid, Why: "field.taken"})
	}
	if password != "" {
		if who != "" { // an administrator sends a link; only the operator at the command line sets another's password
			faults = append(faults, refusal.FieldFault{Path: "password", Code: refusal.FieldInvalid, Why: "field.password-others"})
		}
		faults = append(faults, passwordFaults(e, &p, password)...)
	}
	if len(faults) > 0 {
		return &refusal.Error{Code: refusal.FieldInvalid, Fields: faults}
	}
	if unmet := orphans(e, old, &p); len(unmet) > 0 {
		return &refusal.Error{Code: refusal.ConditionUnmet, Conditions: unmet}
	}
	switch {
	case password != "":
		if err := setPassword(e, &p, password); err != nil {
			return err
		}
	case old != nil:
		p.Password, p.PasswordAt = old.Password, old.PasswordAt
	}
	return engine.MovedOn(change.Write(ctx, e, ledger.KindPerson, string(p.ID), read, engine.Signed[office.Person]{Data: p, By: who, At: e.Now()}, true))
}

var personID = regexp.MustCompile(`^[a-z][a-z0-9._-]{0,31}$`)

// personFaults are all that is wrong with a person's fields. A name that can't be printed is said now, not when a paper is due.
func personFaults(e *engine.Engine, p *office.Person) []refusal.FieldFault {
	var fs []refusal.FieldFault
	wrong := func(path, why string, args refusal.Args) {
		fs = append(fs, refusal.FieldFault{Path: path, Code: refusal.FieldInvalid, Why: why, Args: args})
	}
	if !personID.MatchString(string(p.ID)) || p.ID == "system" {
		wrong("id", "field.user-name", nil)
	}
	for _, t := range []struct {
		path, text string
		required   bool
		max        int
	}{{"name", p.Name, true, 40}, {"section", p.Section, false, 60}, {"phone", p.Phone, false, 30}, {"mail", p.Mail, false, 100}} {
		switch {
		case t.required && t.text == "":
			wrong(t.path, "field.required", nil)
		case utf8.RuneCountInString(t.text) > t.max:
			wrong(t.path, "field.too-long", refusal.Args{"max": strconv.Itoa(t.max)})
		case strings.IndexFunc(t.text, func(r rune) bool { return r < ' ' || r == 0x7f }) >= 0:
			wrong(t.path, "field.control", nil)
		default:
			if missing := e.Renderer.Missing(t.text); len(missing) > 0 {
				wrong(t.path, "field.rune", refusal.Args{"runes": text.Runes(missing)})
			}
		}
	}
	if _, bad := typed.Phone(p.Phone); p.Phone != "" && bad != nil {
		wrong("phone", bad.Why, bad.Args)
	}
	if p.Mail != "" && !mailAddress(p.Mail) {
		wrong("mail", "field.mail", nil)
	}
	if len(p.Posts) == 0 {
		wrong("posts", "field.required", nil)
	}
	for i, h := range p.Posts {
		at := "posts[" + strconv.Itoa(i) + "]"
		if procedure.FindPost(e.Known, h.Post) == nil {
			wrong(at+".post", "field.choice", nil)
		}
		if h.From != 0 && h.To != 0 && h.To < h.From {
			wrong(at+".to", "field.before-start", nil)
		}
	}
	for i, c := range p.Certificates {
		at := "certificates[" + strconv.Itoa(i) + "]"
		if c.Number == "" {
			wrong(at+".number", "field.required", nil)
		}
		if c.From != 0 && c.To != 0 && c.To < c.From {
			wrong(at+".to", "field.before-start", nil)
		}
	}
	return fs
}

// orphans are the posts that somebody would hold on some day from today on, and that nobody will if p stands in place of
// old: p is their last holder. Args "day" is the first such day.
func orphans(e *engine.Engine, old, p *office.Person) []refusal.Condition {
	if old == nil {
		return nil
	}
	o, today := e.Office(), e.Today()
	var others []*office.Person
	for _, x := range o.People() {
		if x.ID != p.ID {
			others = append(others, x)
		}
	}
	days := []calendar.Date{today}
	for _, x := range append([]*office.Person{p}, others...) {
		days = append(days, x.Leaves()...)
	}
	slices.Sort(days)
	var unmet []refusal.Condition
	for _, post := range e.Known {
		for _, day := range days {
			held := func(x *office.Person) bool { return x.Holds(post.ID, day) }
			if day >= today && held(old) && !held(p) && !slices.ContainsFunc(others, held) {
				unmet = append(unmet, refusal.Condition{Code: LastHolder, Args: refusal.Args{"post": string(post.ID), "day": day.String()}})
				break
			}
		}
	}
	return unmet
}

// Delegate puts a delegation on record. Who lends the post or an administrator may, and whoever else the post allows; the id is given here.
func Delegate(ctx context.Context, e *engine.Engine, who office.PersonID, d office.Delegation) (string, error) {
	o, today := e.Office(), e.Today()
	lent := o.Post(d.Post)
	also := func(a procedure.Actor) bool { return o.Holds(who, a, today) }
	if who != d.From && (lent == nil || !slices.ContainsFunc(lent.LentBy, also)) {
		if err := e.Administers(who); err != nil {
			return "", err
		}
	}
	var fs []refusal.FieldFault
	wrong := func(path, why string) {
		fs = append(fs, refusal.FieldFault{Path: path, Code: refusal.FieldInvalid, Why: why})
	}
	if d.Start == 0 {
		wrong("start", "field.required")
	}
	switch {
	case d.End == 0:
		wrong("end", "field.required")
	case d.End < d.Start:
		wrong("end", "field.before-start")
	case d.End < today:
		wrong("end", "field.past")
	}
	if d.Start != 0 && d.Start < today {
		wrong("start", "field.past")
	}
	if !o.Holds(d.From, d.Post, max(d.Start, today)) {
		wrong("post", "field.not-held")
	}
	switch to := o.Person(d.To); {
	case to == nil || !to.Active(max(d.Start, today)):
		wrong("to", "field.required")
	case d.To == d.From:
		wrong("to", "field.oneself")
	}
	if lent != nil && lent.Unlent {
		wrong("post", "field.not-lent")
	}
	for _, x := range o.Delegations() {
		if x.From == d.From && x.Post == d.Post && x.Ended == 0 && x.Start <= d.End && d.Start <= x.End {
			wrong("start", "field.lent-already")
		}
	}
	if utf8.RuneCountInString(d.Reason) > 200 {
		fs = append(fs, refusal.FieldFault{Path: "reason", Code: refusal.FieldInvalid, Why: "field.too-long", Args: refusal.Args{"max": "200"}})
	}
	if len(fs) > 0 {
		return "", &refusal.Error{Code: refusal.FieldInvalid, Fields: fs}
	}
	_, hash, err := secret.New(e.Random)
	if err != nil {
		return "", err
	}
	d.ID, d.Ended = hash[:12], 0
	return d.ID, change.Write(ctx, e, ledger.KindDelegation, d.ID, 0, engine.Signed[office.Delegation]{Data: d, By: who, At: e.Now()}, true)
}

// EndDelegation takes a delegation back from today on.
func EndDelegation(ctx context.Context, e *engine.Engine, who office.PersonID, id string) error {
	var d office.Delegation
	seq, err := e.Stored(ledger.KindDelegation, id, &d)
	if err != nil {
		return err
	}
	if seq == 0 || who != d.From && e.Administers(who) != nil {
		return refusal.New(refusal.NotFound, refusal.Args{"what": "delegation"})
	}
	if d.Ended != 0 || d.End < e.Today() {
		return nil
	}
	d.Ended = e.Today()
	return engine.MovedOn(change.Write(ctx, e, ledger.KindDelegation, id, seq, engine.Signed[office.Delegation]{Data: d, By: who, At: e.Now()}, true))
}
