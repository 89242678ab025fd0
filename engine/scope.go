package engine

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"dossier/engine/calendar"
)

// scope is one point of view on a case: its procedure, the office and a day, and how much of the record is looked at.
// Guards, clocks, choices and computed fields ask it; it never changes anything.
type scope struct {
	ed      *Edition
	office  *Office
	c       *Case
	upto    uint64        // events from this sequence number on are not looked at
	back    bool          // an action already taken is asked again
	day     calendar.Date // the fact day of the action in question
	today   calendar.Date
	act     *Action    // the action in question
	walk    WalkID     // its walk's own id
	party   string     // the respondent whose paper it is, where sums are each party's own
	values  Values     // what is typed in it
	fills   []FormPart // the form parts that the values belong to, while they are not yet on the case
	actor   PersonID
	behalf  PersonID // the principal, when a delegate acts
	linked  func(WorkflowID) bool
	similar func() string          // for samples
	number  func(id string) string // of another case
	runs    []Running              // memo of clocks
	depth   int
}

const now = math.MaxUint64

// newScope looks at the whole case as it stands.
func newScope(ed *Edition, office *Office, c *Case, day, today calendar.Date) *scope {
	return &scope{ed: ed, office: office, c: c, upto: now, day: day, today: today}
}

// key tells the settings of one fact apart: the document, the respondent, the side walk that it was set for.
type key struct {
	doc, respondent, walk string
}

func parseKey(s string) key {
	if w, ok := strings.CutPrefix(s, "@"); ok {
		return key{walk: w}
	}
	d, r, _ := strings.Cut(s, "/")
	return key{doc: d, respondent: r}
}

func (k key) String() string {
	switch {
	case k.walk != "":
		return "@" + k.walk
	case k.respondent != "":
		return k.doc + "/" + k.respondent
	}
	return k.doc
}

// meets tells whether two keys can be about the same thing: what both name is equal.
func (k key) meets(l key) bool {
	same := func(a, b string) bool { return a == "" || b == "" || a == b }
	return same(k.doc, l.doc) && same(k.respondent, l.respondent) && same(k.walk, l.walk)
}

// seen tells whether a setting of a fact counts from this point of view.
// An action asked again (back) knows also what was recorded after it but had happened on an earlier day.
func (s *scope) seen(d Day) bool {
	known := d.Seq < s.upto || s.back && d.Day < s.day
	return known && (d.Void == 0 || d.Void >= s.upto)
}

// days gives the settings of a fact that count: the first or the latest of each key, or each of them.
func (s *scope) days(id FactID) []Day {
	f := s.ed.Def.Fact(id)
	if f == nil {
		return nil
	}
	var out []Day
next:
	for _, d := range s.c.Days {
		if d.Fact != id || !s.seen(d) {
			continue
		}
		if f.Keep != Each {
			for i := range out {
				if out[i].Key == d.Key {
					if f.Keep != First {
						out[i] = d
					}
					continue next
				}
			}
		}
		out = append(out, d)
	}
	return out
}

// latest is the latest day on which the fact happened, the later recorded of two on one day.
func (s *scope) latest(id FactID) (Day, bool) {
	var best Day
	for _, d := range s.days(id) {
		if best.Day == 0 || d.Day > best.Day || d.Day == best.Day && d.Seq > best.Seq {
			best = d
		}
	}
	return best, best.Day != 0
}

// set tells whether the fact is set; of a fact kept per document or respondent, for all of them.
func (s *scope) set(id FactID) bool {
	f := s.ed.Def.Fact(id)
	if f == nil {
		return false
	}
	days := s.days(id)
	if len(f.Per) == 0 {
		return len(days) > 0
	}
	want := s.expected(f)
	if len(want) == 0 {
		return len(days) > 0
	}
	for _, k := range want {
		found := false
		for _, d := range days {
			if parseKey(d.Key).meets(k) {
				found = true
			}
		}
		if !found {
			return false
		}
	}
	return true
}

// expected are the keys that a fact kept per document or respondent must be set for.
func (s *scope) expected(f *Fact) []key {
	docs, people := []string{""}, []string{""}
	for _, per := range f.Per {
		switch per {
		case "document":
			docs = docs[:0]
			for _, d := range s.served(f.ID) {
				docs = append(docs, strconv.Itoa(d.N))
			}
		case "respondent":
			people = s.respondents()
		}
	}
	var ks []key
	for _, d := range docs {
		for _, p := range people {
			if k := (key{doc: d, respondent: p}); s.addressed(k) {
				ks = append(ks, k)
			}
		}
	}
	return ks
}

// addressed tells whether the document of the key is made for its respondent, or for everybody.
func (s *scope) addressed(k key) bool {
	d := s.c.Document(atoi(k.doc))
	if d == nil || k.respondent == "" {
		return true
	}
	who := s.c.Papers[d.P-1].For
	return who == "" || who == k.respondent
}

// served are the documents that a fact kept per document is set for: those that the document field of the form of its
// action may name, not void.
func (s *scope) served(id FactID) []Issued {
	of := s.ed.servable(id)
	var ds []Issued
	for _, d := range s.c.Issued {
		if of[d.Form] && s.issued(d) {
			ds = append(ds, d)
		}
	}
	return ds
}

// isServed tells whether every fact kept per document that the action sets is set for the document and each of its
// respondents.
func (s *scope) isServed(d Issued) bool {
	if s.act == nil {
		return false
	}
	kept := false
	for _, fs := range s.act.Fact.Values() {
		for _, id := range fs {
			f := s.ed.Def.Fact(id)
			if f == nil || !slices.Contains(f.Per, "document") {
				continue
			}
			kept = true
			days := s.days(id)
			for _, k := range s.expected(f) {
				if k.doc == strconv.Itoa(d.N) && !slices.ContainsFunc(days, func(x Day) bool { return parseKey(x.Key).meets(k) }) {
					return false
				}
			}
		}
	}
	return kept
}

// servable are the forms of the documents that a fact kept per document is set for.
func (ed *Edition) servable(id FactID) map[FormID]bool {
	ed.once.Do(func() {
		ed.serves = map[FactID]map[FormID]bool{}
		ed.Def.Each(func(_ *Walk, _ *State, a *Action) {
			for _, fs := range a.Fact.Values() {
				for _, f := range fs {
					if ed.serves[f] == nil {
						ed.serves[f] = map[FormID]bool{}
					}
					for _, o := range ed.documents(a) {
						ed.serves[f][o] = true
					}
				}
			}
		})
	})
	return ed.serves[id]
}

// documents are the forms that the document fields of an action may name.
func (ed *Edition) documents(a *Action) []FormID {
	var of []FormID
	for _, fp := range a.blanks() {
		form := ed.Forms[fp.Form]
		if form == nil {
			continue
		}
		for i := range form.Parts {
			for j := range form.Parts[i].Fields {
				if f := &form.Parts[i].Fields[j]; f.Type == Document {
					of = append(of, f.Of...)
				}
			}
		}
	}
	return of
}

// blanks are all form parts that the action may fill.
func (a *Action) blanks() []FormPart {
	fps := a.Form.Values()
	for _, o := range a.Forms {
		if !o.None {
			fps = append(fps, o.Value)
		}
	}
	return fps
}

// issued tells whether a document counts from this point of view.
func (s *scope) issued(d Issued) bool {
	return d.Seq < s.upto && (d.Void == 0 || d.Void >= s.upto)
}

// respondents are the names of the parties: the rows of the case's table of respondents, or the party itself.
func (s *scope) respondents() []string {
	var names []string
	for _, r := range s.c.Shared["respondents"].Rows {
		if n := r["name"]; n != "" {
			names = append(names, n)
		}
	}
	if len(names) == 0 {
		names = []string{s.c.Shared["employer"].Text}
	}
	return names
}

// counts tells whether the filling counts from this point of view.
func (s *scope) counts(f *Filled) bool { return f.Seq < s.upto && (!f.past(s.upto)) }

// value is the value of a field: FORM.field of the latest paper that has it, or a field of the action itself, which
// falls back on the case's shared value.
func (s *scope) value(form FormID, field FieldID) (Value, bool) {
	if form == "" {
		if v, ok := s.values[field]; ok {
			return v, true
		}
		return Value{}, false
	}
	for _, fp := range s.fills {
		if fp.Form == form {
			if v, ok := s.share(s.values, field); ok {
				return v, true
			}
		}
	}
	for i := len(s.c.Papers) - 1; i >= 0; i-- {
		p := &s.c.Papers[i]
		if p.Form != form || p.Doc > 0 && !s.issued(s.c.Issued[p.Doc-1]) && s.c.Issued[p.Doc-1].Seq < s.upto {
			continue
		}
		for j := len(p.Parts) - 1; j >= 0; j-- {
			if x := &p.Parts[j]; s.counts(x) && s.asks(form, x.Part, field) { // the later part decides, by leaving it open too
				return s.share(x.Values, field)
			}
		}
		if p.Doc > 0 && s.c.Issued[p.Doc-1].Seq < s.upto {
			return Value{}, false // the latest document is asked, not one before it
		}
	}
	return Value{}, false
}

// asks tells whether the part of the form has the field to be filled.
func (s *scope) asks(form FormID, part PartID, field FieldID) bool {
	f := s.ed.Forms[form]
	if f == nil || f.Part(part) == nil {
		return false
	}
	for _, x := range f.Part(part).Fields {
		if x.ID == field && x.Shows == nil {
			return true
		}
	}
	return false
}

// holds evaluates a TEST.
func (s *scope) holds(t *Test) bool {
	if t == nil {
		return true
	}
	for _, f := range t.Fields {
		v, _ := s.value(f.Form, f.Field)
		ok := false
		for _, want := range f.Values {
			if want == "none" && v.Empty() || v.Has(want) {
				ok = true
			}
		}
		if !ok {
			return false
		}
	}
	if t.Is != nil {
		spec := guardSpecs[t.Is.Name]
		if spec.check == nil {
			return false
		}
		ok, _ := spec.check(s, t.Is.Arg)
		return ok
	}
	return true
}

// choose is the value of the first option that holds; false when it is `none` or nothing is given.
func choose[T any](s *scope, c []Option[T]) (T, bool) {
	for _, o := range c {
		if s.holds(o.When) {
			return o.Value, !o.None
		}
	}
	var zero T
	return zero, false
}
