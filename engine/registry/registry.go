// Package registry keeps who is supervised (监管对象): employers, institutions, licensees, each kind with its own form. What an
// object is called and what it holds are dated, so that an old paper keeps its name; nothing is ever taken out.
package registry

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"dossier/engine"
	"dossier/engine/calendar"
	"dossier/engine/ledger"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
	"dossier/engine/search"
)

// Record is the kind of an object's record; its id is the object's kind with its number, six digits wide.
const Record = "object"

// The fields that every form of the registry means alike.
const (
	Name  procedure.FieldID = "name"
	Code  procedure.FieldID = "credit-code"
	Risk  procedure.FieldID = "risk"
	Until procedure.FieldID = "valid-to" // the last day of its licence
	Phone procedure.FieldID = "phone"
)

// Object is one who is supervised.
type Object struct {
	Kind   string          `json:"kind"`
	N      int             `json:"n"`
	States []State         `json:"states"`          // by their days, the oldest first
	Into   string          `json:"into,omitempty"`  // the object that it was merged into
	Ended  calendar.Date   `json:"ended,omitempty"` // supervised no more from this day on
	Why    string          `json:"why,omitempty"`   // it was merged or ended
	By     office.PersonID `json:"by,omitempty"`    // who did that
	At     time.Time       `json:"at,omitzero"`

	Seq    uint64    `json:"-"` // of its record
	Merged []*Object `json:"-"` // those that were merged into it
}

// State is what an object holds from a day on.
type State struct {
	From   calendar.Date    `json:"from"`
	Values procedure.Values `json:"values"`
	Reason string           `json:"reason,omitempty"`
	By     office.PersonID  `json:"by"`
	At     time.Time        `json:"at"`
}

// ID is how the object is named in addresses, values and commands: "employer-12".
func (o *Object) ID() string { return o.Kind + "-" + strconv.Itoa(o.N) }

func (o *Object) record() string { return fmt.Sprintf("%s/%06d", o.Kind, o.N) }

// On is what the object holds on a day; before its first day, what it holds first.
func (o *Object) On(day calendar.Date) procedure.Values {
	at := o.States[0].Values
	for _, s := range o.States {
		if s.From <= day {
			at = s.Values
		}
	}
	return at
}

// Now is what the object holds last.
func (o *Object) Now() procedure.Values { return o.States[len(o.States)-1].Values }

// Name is what it is called now.
func (o *Object) Name() string { return o.Now()[Name].Text }

// Names are what it is called and ever was, the newest first, with the names of those that were merged into it.
func (o *Object) Names() []string { return o.all(Name) }

// Codes are its credit codes, the newest first, with those of what was merged into it.
func (o *Object) Codes() []string { return o.all(Code) }

func (o *Object) all(f procedure.FieldID) []string {
	var out []string
	add := func(s string) {
		if s != "" && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	for _, s := range slices.Backward(o.States) {
		add(s.Values[f].Text)
	}
	for _, m := range o.Merged {
		for _, s := range m.all(f) {
			add(s)
		}
	}
	return out
}

// Marks are the values of the object's choices: what strata are told by.
func (o *Object) Marks(form *procedure.Form, day calendar.Date) []string {
	var out []string
	for id, f := range fieldsOf(form) {
		if f.Type == procedure.Choices {
			out = append(out, o.On(day)[id].Strings()...)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Supervised tells whether the object is supervised on a day.
func (o *Object) Supervised(day calendar.Date) bool {
	return o.Into == "" && (o.Ended == 0 || day < o.Ended)
}

// Registry is the objects of an office.
type Registry struct {
	Engine *engine.Engine
	kinds  []*procedure.Form

	mu    sync.Mutex
	known map[string]*Object // by record, as it was read last
}

// New makes a registry of these forms, in the order of their codes. A form that is of no kind is left out.
func New(e *engine.Engine, forms map[procedure.FormID]*procedure.Form) *Registry {
	r := &Registry{Engine: e, known: map[string]*Object{}}
	for _, f := range forms {
		if f.Kind != "" {
			r.kinds = append(r.kinds, f)
		}
	}
	slices.SortFunc(r.kinds, func(a, b *procedure.Form) int { return strings.Compare(string(a.ID), string(b.ID)) })
	return r
}

// Kinds are the forms, one a kind.
func (r *Registry) Kinds() []*procedure.Form { return r.kinds }

// Form is a kind's; not-found.
func (r *Registry) Form(kind string) (*procedure.Form, error) {
	if i := slices.IndexFunc(r.kinds, func(f *procedure.Form) bool { return f.Kind == kind }); i >= 0 {
		return r.kinds[i], nil
	}
	return nil, missing(kind)
}

func missing(id string) error {
	return &refusal.Error{Code: refusal.NotFound, Args: refusal.Args{"what": "object", "id": id}}
}

// May tells whether the person keeps the kind: by a post of their own, or one that is lent to them.
func (r *Registry) May(who office.PersonID, f *procedure.Form) bool {
	o, today := r.Engine.Office(), r.Engine.Today()
	return slices.ContainsFunc(f.Keeps, func(post procedure.Actor) bool {
		return o.Holds(who, post, today) || len(o.Lent(who, post, today)) > 0
	})
}

func (r *Registry) allowed(who office.PersonID, f *procedure.Form) error {
	if r.May(who, f) {
		return nil
	}
	posts := make([]string, len(f.Keeps))
	for i, p := range f.Keeps {
		posts[i] = string(p)
	}
	return &refusal.Error{Code: refusal.NotYourGate, Args: refusal.Args{"by": strings.Join(posts, "、"), "action": f.Title.ZH + "登记"}}
}

// All are the objects of a kind in the order of their numbers, merged and ended ones too.
func (r *Registry) All(kind string) ([]*Object, error) {
	var out []*Object
	by := map[string]*Object{}
	after := kind + "/"
	for {
		rs, err := r.Engine.Store.Records(Record, after, 1000)
		if err != nil {
			return nil, err
		}
		for _, rec := range rs {
			after = rec.ID
			if !strings.HasPrefix(rec.ID, kind+"/") {
				rs = nil
				break
			}
			o, err := r.decode(rec)
			if err != nil {
				return nil, err
			}
			out = append(out, o)
			by[o.ID()] = o
		}
		if len(rs) < 1000 {
			break
		}
	}
	for _, o := range out {
		if o.Into != "" && by[o.Into] != nil {
			by[o.Into].Merged = append(by[o.Into].Merged, o)
		}
	}
	return out, nil
}

// decode reads a record, or takes it from what was read before. What it gives is the caller's own.
func (r *Registry) decode(rec ledger.Record) (*Object, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if o := r.known[rec.ID]; o != nil && o.Seq == rec.Seq {
		mine := *o
		return &mine, nil
	}
	o := &Object{Seq: rec.Seq}
	if err := json.Unmarshal(rec.Data, o); err != nil {
		return nil, fmt.Errorf("record %s/%s: %w", rec.Kind, rec.ID, err)
	}
	if len(o.States) == 0 {
		return nil, fmt.Errorf("record %s/%s: an object that holds nothing: %w", rec.Kind, rec.ID, ledger.ErrDamaged)
	}
	kept := *o
	r.known[rec.ID] = &kept
	return o, nil
}

// Get finds an object by its ID, with what was merged into it; not-found.
func (r *Registry) Get(id string) (*Object, error) {
	i := strings.LastIndexByte(id, '-')
	if i < 0 {
		return nil, missing(id)
	}
	os, err := r.All(id[:i])
	if err != nil {
		return nil, err
	}
	if i := slices.IndexFunc(os, func(o *Object) bool { return o.ID() == id }); i >= 0 {
		return os[i], nil
	}
	return nil, missing(id)
}

// Query asks for objects of a kind.
type Query struct {
	Kind  string
	Text  string // part of a name that it has or had, its initials, its code, its licence's number
	Ended bool   // those that are supervised no more too
	After string // the last ID of the page before
	Limit int    // 0: 50
}

// Page is what was found, and where to go on: "" at the end.
type Page struct {
	Objects []*Object
	Total   int
	Next    string
}

// Find finds objects. One that was merged is found as the one that it was merged into, by every name.
func (r *Registry) Find(q Query) (Page, error) {
	if q.Limit <= 0 || q.Limit > 500 {
		q.Limit = 50
	}
	os, err := r.All(q.Kind)
	if err != nil {
		return Page{}, err
	}
	today := r.Engine.Today()
	var p Page
	after := 0
	if q.After != "" {
		if after, err = strconv.Atoi(q.After[strings.LastIndexByte(q.After, '-')+1:]); err != nil {
			return Page{}, refusal.Parameter("after")
		}
	}
	for _, o := range os {
		if o.Into != "" || !q.Ended && !o.Supervised(today) || q.Text != "" && !search.Match(o.lines(), q.Text) {
			continue
		}
		p.Total++
		switch {
		case o.N <= after:
		case len(p.Objects) == q.Limit:
			p.Next = p.Objects[len(p.Objects)-1].ID()
		default:
			p.Objects = append(p.Objects, o)
		}
	}
	return p, nil
}

// lines are what the object is found by.
func (o *Object) lines() string {
	return strings.Join(slices.Concat(o.Names(), o.Codes(), o.all("licence"), []string{o.ID()}), "\n")
}

// Supervised are the objects of these kinds that are supervised on a day.
func (r *Registry) Supervised(kinds []string, day calendar.Date) ([]*Object, error) {
	var out []*Object
	for _, k := range kinds {
		os, err := r.All(k)
		if err != nil {
			return nil, err
		}
		for _, o := range os {
			if o.Supervised(day) && o.States[0].From <= day {
				out = append(out, o)
			}
		}
	}
	return out, nil
}

// Named are the objects of all kinds that have or had one of these names or codes.
func (r *Registry) Named(keys ...string) ([]*Object, error) {
	var out []*Object
	for _, f := range r.kinds {
		os, err := r.All(f.Kind)
		if err != nil {
			return nil, err
		}
		for _, o := range os {
			if o.Into == "" && slices.ContainsFunc(slices.Concat(o.Names(), o.Codes()), func(k string) bool { return slices.Contains(keys, k) }) {
				out = append(out, o)
			}
		}
	}
	return out, nil
}

// write is the ledgered write of an object.
func (o *Object) write() (ledger.RecordWrite, error) {
	data, err := json.Marshal(o)
	return ledger.RecordWrite{Kind: Record, ID: o.record(), Read: o.Seq, Data: data, Ledgered: true}, err
}

// commit writes objects with what stands beside them, all or none; case-moved-on when one of them has changed since it was
// read.
func (r *Registry) commit(ctx context.Context, beside []ledger.RecordWrite, os ...*Object) error {
	c := ledger.Commit{Records: beside}
	for _, o := range os {
		w, err := o.write()
		if err != nil {
			return err
		}
		c.Records = append(c.Records, w)
	}
	if err := r.Engine.Store.Commit(ctx, c); err != nil {
		return engine.MovedOn(err)
	}
	for _, o := range os {
		o.Seq++
	}
	return nil
}
