package registry

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"strings"
	"time"

	"dossier/engine/calendar"
	"dossier/engine/desk"
	"dossier/engine/ledger"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
	"dossier/engine/search"
)

// Entry is what is to be entered of an object.
type Entry struct {
	Kind   string
	ID     string        // "" of a new one
	Seq    uint64        // that it was read at; of one that is there
	From   calendar.Date // from which it holds; 0: today
	Reason string        // why an object that is there changes
	Values procedure.Values
	Key    string // of the request, so that it sent twice is entered once; "" none
}

// Keys are the records of the requests that were answered; the id is the person with the request's key.
const Keys = "object-key"

// answered is a request that was answered: what it asked, and the object that it left.
type answered struct {
	Body   string    `json:"body"`
	Object string    `json:"object"`
	At     time.Time `json:"at"`
}

// kept is how long an answer is kept.
const kept = 7 * 24 * time.Hour

// again is the object that the same request left before, nil when there was none; key-reused when another request bore the
// key. The write keeps the answer of this one.
func (r *Registry) again(who office.PersonID, x Entry) (*Object, *ledger.RecordWrite, error) {
	if x.Key == "" {
		return nil, nil, nil
	}
	w := &ledger.RecordWrite{Kind: Keys, ID: string(who) + "/" + x.Key}
	x.Key, x.Seq = "", 0
	data, err := json.Marshal(x)
	if err != nil {
		return nil, nil, err
	}
	sum := sha256.Sum256(data)
	now := answered{Body: hex.EncodeToString(sum[:]), At: r.Engine.Now().UTC()}
	rec, err := r.Engine.Store.Record(Keys, w.ID)
	switch {
	case errors.Is(err, ledger.ErrNotFound):
	case err != nil:
		return nil, nil, err
	default:
		var was answered
		if err := json.Unmarshal(rec.Data, &was); err != nil {
			return nil, nil, err
		}
		if was.At.Add(kept).After(now.At) {
			if was.Body != now.Body {
				return nil, nil, &refusal.Error{Code: refusal.KeyReused}
			}
			o, err := r.Get(was.Object)
			return o, nil, err
		}
		w.Read = rec.Seq
	}
	w.Data, err = json.Marshal(now)
	return nil, w, err
}

// answer puts the object into the request's answer.
func answer(w *ledger.RecordWrite, o *Object) ([]ledger.RecordWrite, error) {
	if w == nil {
		return nil, nil
	}
	var a answered
	if err := json.Unmarshal(w.Data, &a); err != nil {
		return nil, err
	}
	a.Object = o.ID()
	data, err := json.Marshal(a)
	x := *w
	x.Data = data
	return []ledger.RecordWrite{x}, err
}

// fieldsOf are a form's fields by their IDs.
func fieldsOf(f *procedure.Form) map[procedure.FieldID]*procedure.Field {
	out := map[procedure.FieldID]*procedure.Field{}
	for i := range f.Parts {
		for j := range f.Parts[i].Fields {
			out[f.Parts[i].Fields[j].ID] = &f.Parts[i].Fields[j]
		}
	}
	return out
}

// Keep enters a new object, or what one holds from a day on. Faults come as field-invalid with the form's paths.
func (r *Registry) Keep(ctx context.Context, who office.PersonID, x Entry) (*Object, error) {
	f, err := r.Form(x.Kind)
	if err != nil {
		return nil, err
	}
	if err := r.allowed(who, f); err != nil {
		return nil, err
	}
	was, reply, err := r.again(who, x)
	if was != nil || err != nil {
		return was, err
	}
	for {
		os, err := r.All(x.Kind)
		if err != nil {
			return nil, err
		}
		o, fs := r.enter(f, r.index(f, os), who, x)
		if len(fs) > 0 {
			return nil, &refusal.Error{Code: refusal.FieldInvalid, Fields: fs}
		}
		if o == nil {
			return nil, missing(x.ID)
		}
		added := o.N == 0
		if added {
			o.N = next(os)
		}
		beside, err := answer(reply, o)
		if err != nil {
			return nil, err
		}
		err = r.commit(ctx, beside, o)
		if e := refusal.As(err); added && e != nil && e.Code == refusal.CaseMovedOn { // somebody took the number
			continue
		}
		return o, err
	}
}

// next is the number of the kind's next object: none is ever taken out, so that it was never given.
func next(os []*Object) int {
	if len(os) == 0 {
		return 1
	}
	return os[len(os)-1].N + 1
}

func fault(path, why string, args refusal.Args) refusal.FieldFault {
	return refusal.FieldFault{Path: path, Code: refusal.FieldInvalid, Why: why, Args: args}
}

// enter makes the object that an entry leaves; nil when there is none of its ID.
func (r *Registry) enter(f *procedure.Form, book *index, who office.PersonID, x Entry) (*Object, []refusal.FieldFault) {
	today, now := r.Engine.Today(), r.Engine.Now().UTC().Truncate(time.Second)
	values, fs := desk.ReadForm(r.Engine, f, x.Values)
	if x.From == 0 {
		x.From = today
	}
	if x.From > today {
		fs = append(fs, refusal.FieldFault{Path: "from", Code: refusal.FactInFuture, Args: refusal.Args{"day": x.From.String(), "today": today.String()}})
	}
	if a, b := values["valid-from"].Text, values[Until].Text; a != "" && b != "" && b < a {
		fs = append(fs, fault(string(Until), "field.registry-backward", refusal.Args{"from": a}))
	}
	if other := book.find(values); other != nil && other.ID() != x.ID && !slices.ContainsFunc(fs, func(f refusal.FieldFault) bool { return f.Path == string(Name) }) {
		fs = append(fs, fault(string(book.by(values)), "field.registered", refusal.Args{"name": other.Name(), "id": other.ID()}))
	}
	state := State{From: x.From, Values: values, Reason: strings.TrimSpace(x.Reason), By: who, At: now}
	if x.ID == "" {
		return &Object{Kind: f.Kind, States: []State{state}}, fs
	}
	i := slices.IndexFunc(book.all, func(o *Object) bool { return o.ID() == x.ID && o.Into == "" })
	if i < 0 {
		return nil, nil
	}
	o := *book.all[i]
	o.Seq = x.Seq
	if o.Ended != 0 && x.From >= o.Ended {
		fs = append(fs, fault("from", "field.registry-ended", refusal.Args{"day": o.Ended.String()}))
	}
	if state.Reason == "" {
		fs = append(fs, fault("reason", "field.required", nil))
	}
	o.States = insert(o.States, state)
	return &o, fs
}

// insert puts a state in its place; one that begins on the same day is replaced, and the record keeps what it was.
func insert(states []State, s State) []State {
	out := slices.DeleteFunc(slices.Clone(states), func(x State) bool { return x.From == s.From })
	i, _ := slices.BinarySearchFunc(out, s.From, func(x State, d calendar.Date) int { return int(x.From - d) })
	return slices.Insert(out, i, s)
}

// index finds an object that is the same as another.
type index struct {
	form *procedure.Form
	all  []*Object
	code map[string]*Object
	key  map[string][]*Object
}

func (r *Registry) index(f *procedure.Form, os []*Object) *index {
	b := &index{form: f, all: os, code: map[string]*Object{}, key: map[string][]*Object{}}
	today := r.Engine.Today()
	for _, o := range os {
		if o.Supervised(today) {
			b.add(o)
		}
	}
	return b
}

func (b *index) add(o *Object) {
	v := o.Now()
	if c := v[Code].Text; c != "" {
		b.code[c] = o
	}
	k := b.same(v)
	b.key[k] = append(b.key[k], o)
}

// same is what two entries of one object have in common.
func (b *index) same(v procedure.Values) string {
	fields := b.form.Key
	if len(fields) == 0 {
		fields = []procedure.FieldID{Name}
	}
	var parts []string
	for _, f := range fields {
		parts = append(parts, exact(v[f].Text))
	}
	return strings.Join(parts, "\x00")
}

// exact is a text as it is compared: without the ways in which one thing is written.
func exact(s string) string {
	for _, k := range search.Keys(s) {
		if strings.HasPrefix(k, "=") {
			return k
		}
	}
	return ""
}

// find is the object that these values are of, nil when it is a new one. Where the form has no key of its own, the credit
// code tells; a name tells where one of the two has no code.
func (b *index) find(v procedure.Values) *Object {
	own := len(b.form.Key) > 0
	c := v[Code].Text
	if o := b.code[c]; o != nil && !own && c != "" {
		return o
	}
	for _, o := range b.key[b.same(v)] {
		if own || c == "" || o.Now()[Code].Text == "" {
			return o
		}
	}
	return nil
}

// by is the field that tells the two the same.
func (b *index) by(v procedure.Values) procedure.FieldID {
	if len(b.form.Key) == 0 && v[Code].Text != "" && b.code[v[Code].Text] != nil {
		return Code
	}
	return Name
}

// Duplicates are objects of a kind that look like one: of one name or one code, two or more each.
func (r *Registry) Duplicates(kind string) ([][]*Object, error) {
	f, err := r.Form(kind)
	if err != nil {
		return nil, err
	}
	os, err := r.All(kind)
	if err != nil {
		return nil, err
	}
	b := r.index(f, os)
	var out [][]*Object
	seen := map[string]bool{}
	for _, o := range os {
		k := b.same(o.Now())
		if group := b.key[k]; len(group) > 1 && !seen[k] && o.Into == "" {
			seen[k] = true
			out = append(out, group)
		}
	}
	return out, nil
}

// Merge makes one object part of another of its kind, on record: both names find that one afterwards.
func (r *Registry) Merge(ctx context.Context, who office.PersonID, from, into, reason string) error {
	a, err := r.Get(from)
	if err != nil {
		return err
	}
	b, err := r.Get(into)
	if err != nil {
		return err
	}
	f, err := r.Form(a.Kind)
	if err != nil {
		return err
	}
	if err := r.allowed(who, f); err != nil {
		return err
	}
	var fs []refusal.FieldFault
	switch {
	case a.Kind != b.Kind, a.ID() == b.ID():
		fs = append(fs, fault("into", "field.registry-other", nil))
	case a.Into != "" || b.Into != "":
		fs = append(fs, fault("into", "field.registry-merged", nil))
	}
	if reason = strings.TrimSpace(reason); reason == "" {
		fs = append(fs, fault("reason", "field.required", nil))
	}
	if len(fs) > 0 {
		return &refusal.Error{Code: refusal.FieldInvalid, Fields: fs}
	}
	a.Into, a.Why = b.ID(), reason
	r.sign(a, who)
	changed := []*Object{a}
	for _, m := range a.Merged { // what was merged into it before goes along
		m.Into = b.ID()
		r.sign(m, who)
		changed = append(changed, m)
	}
	return r.commit(ctx, nil, changed...)
}

func (r *Registry) sign(o *Object, who office.PersonID) {
	o.By, o.At = who, r.Engine.Now().UTC().Truncate(time.Second)
}

// End says that an object is supervised no more from a day on, and why; a day of 0 takes that back.
func (r *Registry) End(ctx context.Context, who office.PersonID, id string, day calendar.Date, reason string) error {
	o, err := r.Get(id)
	if err != nil {
		return err
	}
	f, err := r.Form(o.Kind)
	if err != nil {
		return err
	}
	if err := r.allowed(who, f); err != nil {
		return err
	}
	if o.Into != "" {
		return missing(id)
	}
	if reason = strings.TrimSpace(reason); reason == "" {
		return &refusal.Error{Code: refusal.FieldInvalid, Fields: []refusal.FieldFault{fault("reason", "field.required", nil)}}
	}
	o.Ended, o.Why = day, reason
	r.sign(o, who)
	return r.commit(ctx, nil, o)
}

// Trial is one entry of many, tried: the object that it is of already, whether it changes anything, and its faults.
type Trial struct {
	Entry
	Was    *Object // nil of a new one
	Same   bool    // it holds all of this already
	Faults []refusal.FieldFault
	object *Object
}

// Try tries entries of one kind for the person, keeping nothing. An entry of an object that is there changes it from the
// entry's day on; two entries of one object can't both stand.
func (r *Registry) Try(who office.PersonID, kind string, entries []Entry) ([]Trial, error) {
	f, err := r.Form(kind)
	if err != nil {
		return nil, err
	}
	if err := r.allowed(who, f); err != nil {
		return nil, err
	}
	os, err := r.All(kind)
	if err != nil {
		return nil, err
	}
	there := r.index(f, os)
	fresh := r.index(f, nil)
	out := make([]Trial, len(entries))
	first := map[string]int{} // the entry that is of an object already
	for i, x := range entries {
		t := &out[i]
		t.Entry = x
		t.Kind = kind
		values, _ := desk.ReadForm(r.Engine, f, x.Values)
		if t.Was = there.find(values); t.Was != nil {
			t.ID, t.Seq = t.Was.ID(), t.Was.Seq
			t.Same = reflect.DeepEqual(t.Was.Now(), values)
		}
		t.object, t.Faults = r.enter(f, there, who, t.Entry)
		if t.Was != nil && t.object != nil && x.From != 0 && x.From < t.Was.States[len(t.Was.States)-1].From {
			t.Faults = append(t.Faults, fault("from", "field.registry-older", refusal.Args{"day": t.Was.States[len(t.Was.States)-1].From.String()}))
		}
		id := t.ID
		if id == "" {
			if twin := fresh.find(values); twin != nil {
				t.Faults = append(t.Faults, fault(string(fresh.by(values)), "field.registry-twice", refusal.Args{"name": twin.Name()}))
			} else if t.object != nil && len(t.Faults) == 0 {
				fresh.add(t.object)
			}
			continue
		}
		if n, twice := first[id]; twice {
			t.Faults = append(t.Faults, fault(string(there.by(values)), "field.registry-twice", refusal.Args{"name": out[n].Was.Name()}))
		} else {
			first[id] = i
		}
	}
	return out, nil
}

// Take keeps the entries that were tried and have no faults, all of them or none, and gives how many are new and how many
// change what was there. What was tried before another change is refused with case-moved-on.
func (r *Registry) Take(ctx context.Context, who office.PersonID, kind string, trials []Trial) (added, changed int, err error) {
	f, err := r.Form(kind)
	if err != nil {
		return 0, 0, err
	}
	if err := r.allowed(who, f); err != nil {
		return 0, 0, err
	}
	there, err := r.All(kind)
	if err != nil {
		return 0, 0, err
	}
	n, book := next(there), r.index(f, there)
	var os []*Object
	for _, t := range trials {
		switch {
		case len(t.Faults) > 0 || t.Same || t.object == nil:
			continue
		case t.Was == nil && book.find(t.object.Now()) != nil: // entered since it was tried
			return 0, 0, &refusal.Error{Code: refusal.CaseMovedOn, Args: refusal.Args{"what": Record, "id": t.object.Name()}}
		case t.Was == nil:
			t.object.N = n + added
			added++
		default:
			changed++
		}
		os = append(os, t.object)
	}
	if len(os) == 0 {
		return 0, 0, nil
	}
	return added, changed, r.commit(ctx, nil, os...)
}
