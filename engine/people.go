package engine

import (
	"context"
	"encoding/json"
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"dossier/engine/calendar"
	"dossier/engine/secret"
)

// Admin is the post that keeps people, settings and schedules.
const Admin Actor = "admin"

// LastHolder refuses what would leave a post without anybody; Args "post" says which.
const LastHolder Code = "last-holder"

// signed is a record's data with who wrote it and when; whoever reads only T does not see them.
type signed[T any] struct {
	Data T
	By   PersonID
	At   time.Time
}

// MarshalJSON adds by and at to the data's own object.
func (s signed[T]) MarshalJSON() ([]byte, error) {
	data, err := json.Marshal(s.Data)
	if err != nil {
		return nil, err
	}
	mark, err := json.Marshal(struct {
		By PersonID  `json:"by,omitempty"`
		At time.Time `json:"at"`
	}{s.By, s.At.UTC().Truncate(time.Second)})
	if err != nil {
		return nil, err
	}
	if string(data) == "{}" {
		return mark, nil
	}
	return append(append(data[:len(data)-1], ','), mark[1:]...), nil
}

// stored decodes a record's newest version into v and gives its sequence number, 0 when there is none.
func (e *Engine) stored(kind, id string, v any) (uint64, error) {
	r, err := e.Store.Record(kind, id)
	if errors.Is(err, ErrNotFound) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	return r.Seq, json.Unmarshal(r.Data, v)
}

// record makes the ledgered write of v.
func record(kind, id string, read uint64, v any) (RecordWrite, error) {
	data, err := json.Marshal(v)
	return RecordWrite{Kind: kind, ID: id, Read: read, Data: data, Ledgered: true}, err
}

func (e *Engine) write(ctx context.Context, kind, id string, read uint64, v any, ledgered bool) error {
	w, err := record(kind, id, read, v)
	if err != nil {
		return err
	}
	w.Ledgered = ledgered
	return e.KeepRecords(ctx, w)
}

// ignoreConflict drops a conflict: somebody else wrote the same thing at the same moment.
func ignoreConflict(err error) error {
	var c *Conflict
	if errors.As(err, &c) {
		return nil
	}
	return err
}

// movedOn tells a conflict as case-moved-on.
func movedOn(err error) error {
	var c *Conflict
	if errors.As(err, &c) {
		return &Error{Code: CaseMovedOn, Args: Args{"what": c.What, "id": c.ID}, Cause: err}
	}
	return err
}

func seconds(d time.Duration) string { return strconv.Itoa(int((d + time.Second - 1) / time.Second)) }

// administers refuses whoever does not hold the administrator's post. "" is the operator at the command line.
func (e *Engine) administers(who PersonID) error {
	if who == "" || e.Office().Holds(who, Admin, e.Today()) {
		return nil
	}
	return fail(Forbidden, Args{"what": "admin", "who": e.Office().Name(who)})
}

// PersonSeq is the sequence number of a person's record, for KeepPerson; 0 when there is none.
func (e *Engine) PersonSeq(id PersonID) (uint64, error) {
	var p Person
	return e.stored(KindPerson, string(id), &p)
}

// KeepPerson adds a person (read 0) or changes one that was read at that sequence number. An empty password keeps the one
// there is. Faults come as field-invalid with paths as in the JSON of [Person] ("posts[1].to"); a change that would leave a
// post without a holder is refused with last-holder.
func (e *Engine) KeepPerson(ctx context.Context, who PersonID, p Person, password string, read uint64) error {
	if err := e.administers(who); err != nil {
		return err
	}
	old := e.Office().Person(p.ID)
	if read == 0 {
		old = nil
	}
	p.Name = strings.TrimSpace(p.Name)
	faults := e.personFaults(&p)
	if read == 0 && e.Office().Person(p.ID) != nil {
		faults = append(faults, FieldFault{Path: "id", Code: FieldInvalid, Why: "field.taken"})
	}
	if password != "" {
		faults = append(faults, passwordFaults(p.ID, password)...)
	}
	if len(faults) > 0 {
		return &Error{Code: FieldInvalid, Fields: faults}
	}
	if unmet := e.orphans(old, &p); len(unmet) > 0 {
		return &Error{Code: ConditionUnmet, Conditions: unmet}
	}
	switch {
	case password != "":
		hash, err := secret.Hash(e.Random, password)
		if err != nil {
			return err
		}
		p.Password = hash
	case old != nil:
		p.Password = old.Password
	}
	return movedOn(e.write(ctx, KindPerson, string(p.ID), read, signed[Person]{p, who, e.Now()}, true))
}

var personID = regexp.MustCompile(`^[a-z][a-z0-9._-]{0,31}$`)

// personFaults are all that is wrong with a person's fields. A name that can't be printed is said now, not when a paper is due.
func (e *Engine) personFaults(p *Person) []FieldFault {
	var fs []FieldFault
	wrong := func(path, why string, args Args) {
		fs = append(fs, FieldFault{Path: path, Code: FieldInvalid, Why: why, Args: args})
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
			wrong(t.path, "field.too-long", Args{"max": strconv.Itoa(t.max)})
		case strings.IndexFunc(t.text, func(r rune) bool { return r < ' ' || r == 0x7f }) >= 0:
			wrong(t.path, "field.control", nil)
		default:
			if missing := e.Renderer.Missing(t.text); len(missing) > 0 {
				wrong(t.path, "field.rune", Args{"runes": string(missing)})
			}
		}
	}
	if p.Mail != "" && !strings.Contains(p.Mail, "@") {
		wrong("mail", "field.mail", nil)
	}
	if len(p.Posts) == 0 {
		wrong("posts", "field.required", nil)
	}
	for i, h := range p.Posts {
		at := "posts[" + strconv.Itoa(i) + "]"
		if !slices.Contains(posts, h.Post) {
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
func (e *Engine) orphans(old, p *Person) []Condition {
	if old == nil {
		return nil
	}
	o, today := e.Office(), e.Today()
	var others []*Person
	for _, x := range o.People() {
		if x.ID != p.ID {
			others = append(others, x)
		}
	}
	days := []calendar.Date{today}
	for _, x := range append([]*Person{p}, others...) {
		days = append(days, x.leaves()...)
	}
	slices.Sort(days)
	var unmet []Condition
	for _, post := range posts {
		for _, day := range days {
			held := func(x *Person) bool { return x.Holds(post, day) }
			if day >= today && held(old) && !held(p) && !slices.ContainsFunc(others, held) {
				unmet = append(unmet, Condition{Code: LastHolder, Args: Args{"post": string(post), "day": day.String()}})
				break
			}
		}
	}
	return unmet
}

// leaves are the days from which the person holds less than before.
func (p *Person) leaves() []calendar.Date {
	var days []calendar.Date
	if p.Disabled != 0 {
		days = append(days, p.Disabled)
	}
	for _, h := range p.Posts {
		if h.To != 0 {
			days = append(days, h.To.Add(1))
		}
	}
	return days
}

// Delegate puts a delegation on record. The person who lends the post or an administrator may; the id is given here.
func (e *Engine) Delegate(ctx context.Context, who PersonID, d Delegation) (string, error) {
	if who != d.From {
		if err := e.administers(who); err != nil {
			return "", err
		}
	}
	o, today := e.Office(), e.Today()
	var fs []FieldFault
	wrong := func(path, why string) { fs = append(fs, FieldFault{Path: path, Code: FieldInvalid, Why: why}) }
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
	if d.Post == Admin {
		wrong("post", "field.not-lent")
	}
	for _, x := range o.Delegations() {
		if x.From == d.From && x.Post == d.Post && x.Ended == 0 && x.Start <= d.End && d.Start <= x.End {
			wrong("start", "field.lent-already")
		}
	}
	if utf8.RuneCountInString(d.Reason) > 200 {
		fs = append(fs, FieldFault{Path: "reason", Code: FieldInvalid, Why: "field.too-long", Args: Args{"max": "200"}})
	}
	if len(fs) > 0 {
		return "", &Error{Code: FieldInvalid, Fields: fs}
	}
	_, hash, err := secret.New(e.Random)
	if err != nil {
		return "", err
	}
	d.ID, d.Ended = hash[:12], 0
	return d.ID, e.write(ctx, KindDelegation, d.ID, 0, signed[Delegation]{d, who, e.Now()}, true)
}

// EndDelegation takes a delegation back from today on.
func (e *Engine) EndDelegation(ctx context.Context, who PersonID, id string) error {
	var d Delegation
	seq, err := e.stored(KindDelegation, id, &d)
	if err != nil {
		return err
	}
	if seq == 0 || who != d.From && e.administers(who) != nil {
		return fail(NotFound, Args{"what": "delegation"})
	}
	if d.Ended != 0 || d.End < e.Today() {
		return nil
	}
	d.Ended = e.Today()
	return movedOn(e.write(ctx, KindDelegation, id, seq, signed[Delegation]{d, who, e.Now()}, true))
}

// KeepSetting gives a setting a value from a day on, today or later. A row that begins on the same day is replaced; those
// before stay for what happened in their time. The value must be of the kind that the setting has: a period, a sum, a text.
func (e *Engine) KeepSetting(ctx context.Context, who PersonID, name string, row SettingRow) error {
	if err := e.administers(who); err != nil {
		return err
	}
	rows, known := e.Office().Settings()[name]
	if !known {
		return fail(NotFound, Args{"what": "setting", "id": name})
	}
	row.Value, row.Basis = strings.TrimSpace(row.Value), strings.TrimSpace(row.Basis)
	var fs []FieldFault
	wrong := func(path, why string, args Args) {
		fs = append(fs, FieldFault{Path: path, Code: FieldInvalid, Why: why, Args: args})
	}
	if row.From < e.Today() {
		wrong("from", "field.past", nil)
	}
	if why, args := e.settingFault(rows, row.Value); why != "" {
		wrong("value", why, args)
	}
	if name == firstSetting && len(fs) == 0 {
		why, args, err := e.firstFault(row.From, row.Value)
		if err != nil {
			return err
		}
		if why != "" {
			wrong("value", why, args)
		}
	}
	if missing := e.Renderer.Missing(row.Basis); len(missing) > 0 {
		wrong("basis", "field.rune", Args{"runes": string(missing)})
	}
	if utf8.RuneCountInString(row.Basis) > 500 {
		wrong("basis", "field.too-long", Args{"max": "500"})
	}
	if len(fs) > 0 {
		return &Error{Code: FieldInvalid, Fields: fs}
	}
	var raw []json.RawMessage // as recorded, so that the older rows keep who wrote them
	seq, err := e.stored(KindSetting, name, &raw)
	if err != nil {
		return err
	}
	var out []json.RawMessage
	for i, r := range rows {
		if r.From == row.From {
			continue
		}
		data, err := json.Marshal(r)
		if err != nil {
			return err
		}
		if i < len(raw) {
			data = raw[i]
		}
		out = append(out, data)
	}
	data, err := json.Marshal(signed[SettingRow]{row, who, e.Now()})
	if err != nil {
		return err
	}
	return movedOn(e.write(ctx, KindSetting, name, seq, append(out, data), true))
}

// settingFault tells what is wrong with a value, going by what the setting's present rows are.
func (e *Engine) settingFault(rows []SettingRow, value string) (string, Args) {
	like := ""
	if len(rows) > 0 {
		like = rows[0].Value
	}
	if _, err := calendar.ParsePeriod(like); err == nil {
		if _, err := calendar.ParsePeriod(value); err != nil {
			return "field.period", nil
		}
		return "", nil
	}
	if _, err := ParseMoney(like); err == nil && like != "" {
		if _, err := ParseMoney(value); err != nil {
			return "field.money", nil
		}
		return "", nil
	}
	switch {
	case value == "" && like != "":
		return "field.required", nil
	case utf8.RuneCountInString(value) > 500:
		return "field.too-long", Args{"max": "500"}
	}
	if missing := e.Renderer.Missing(value); len(missing) > 0 {
		return "field.rune", Args{"runes": string(missing)}
	}
	return "", nil
}
