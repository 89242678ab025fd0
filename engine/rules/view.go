// Package rules tells what holds in a case on a day: the values of its papers, the days of its facts, how its clocks run,
// whether a guard is met, what a form's field shows and what was typed into it. Everything is asked of a View.
//
// It reads a case and the office and changes neither; it knows no store and no command.
package rules

import (
	"math"
	"slices"
	"strconv"

	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/office"
	"dossier/engine/penalty"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
)

// Roles that are asked by what every procedure has alone.
const (
	Actor    procedure.Actor = "actor"          // who took a step of the case
	Recorder procedure.Actor = "recorder-of-it" // the same, where it is theirs to mend
)

// Opening is the day of the case's first fact: nothing of the case happened before it.
func (s *View) Opening() (casefile.Day, bool) {
	for _, fs := range s.Edition.Def.Open.Fact.Values() {
		for _, id := range fs {
			if d, ok := s.Latest(id); ok {
				return d, true
			}
		}
	}
	return casefile.Day{}, false
}

// Role is who holds a role of the case now; "opener" opened it, "requester" filled the first part of the walk's open paper last, who is barred was
// replaced, by this very action too.
func (s *View) Role(role procedure.Actor) []office.PersonID {
	switch role {
	case procedure.Barred:
		return append(s.Barred(), s.Case.Barred...)
	case procedure.Investigator:
		return s.investigators()
	case "opener":
		return []office.PersonID{s.Case.Opener}
	case Actor, Recorder:
		var ids []office.PersonID
		for _, x := range s.Case.Taken {
			ids = append(ids, x.By)
		}
		return ids
	case "requester":
		for i := len(s.Case.Papers) - 1; i >= 0; i-- {
			p := &s.Case.Papers[i]
			if !p.Open || p.Walk != s.Walk {
				continue
			}
			for j := len(p.Parts) - 1; j >= 0; j-- { // the request that stands, where an earlier one was withdrawn
				if p.Parts[j].Part == p.Parts[0].Part {
					return []office.PersonID{p.Parts[j].By}
				}
			}
		}
		return nil
	}
	return s.Case.Roles[role]
}

// guardSpec is one guard: the function that answers. What it asks and is given stands in [procedure.GuardArgs].
type guardSpec struct {
	code  refusal.Code // what an unmet guard answers; its name by default
	check func(*View, procedure.Arg) (bool, refusal.Args)
}

var guardSpecs map[string]guardSpec

// Barred are the people whom this action bars from the case.
func (s *View) Barred() []office.PersonID {
	if s.Action == nil || s.Action.Bars == "" {
		return nil
	}
	r := procedure.Ref(s.Action.Bars)
	v, _ := s.Value(r.Form, r.Field)
	return casefile.PersonIDs(v)
}

// Aside are the documents that this action sets aside, by their numbers.
func (s *View) Aside() []int {
	var ns []int
	forms, _ := Choose(s, s.Action.Aside)
	for _, d := range s.Case.Issued {
		if d.Void == 0 && slices.Contains(forms, d.Form) && s.Case.Whose(&s.Case.Papers[d.P-1], s.Acting) {
			ns = append(ns, d.N)
		}
	}
	return ns
}

// View is one point of view on a case: its procedure, the office and a day, and how much of the record is looked at.
// Guards, clocks, choices and computed fields ask it; it never changes anything.
type View struct {
	Edition *procedure.Edition
	Office  *office.Office
	Case    *casefile.Case
	Upto    uint64        // events from this sequence number on are not looked at
	Back    bool          // an action already taken is asked again
	Day     calendar.Date // the fact day of the action in question
	Today   calendar.Date
	Action  *procedure.Action    // the action in question
	Walk    procedure.WalkID     // its walk's own id
	Party   string               // the respondent whose paper it is, where sums are each party's own
	View    []string             // the respondents who are looked at; nil: all
	raw     bool                 // a list is as it was written, not what falls on any of the parties
	Acting  []string             // those whom the action moves, once each walks alone; nil: all
	Values  procedure.Values     // what is typed in it
	Fills   []procedure.FormPart // the form parts that the values belong to, while they are not yet on the case
	Actor   office.PersonID
	Behalf  office.PersonID // the principal, when a delegate acts
	Linked  func(procedure.WorkflowID) bool
	Fines   func(penalty.ID) []penalty.Fen // what was decided by a standard in other cases; nil: nobody knows
	Similar func() string                  // for samples
	Number  func(id string) string         // of another case
	Runs    []Running                      // memo of clocks
	Depth   int
}

const Whole = math.MaxUint64

// NewView looks at the whole case as it stands.
func NewView(ed *procedure.Edition, office *office.Office, c *casefile.Case, day, today calendar.Date) *View {
	return &View{Edition: ed, Office: office, Case: c, Upto: Whole, Day: day, Today: today}
}

// Written is the same look, where a list is as it was written, not what falls on any of the parties.
func (s *View) Written() *View {
	x := *s
	x.raw = true
	return &x
}

// SameParty tells whether two keys can be about the same respondent.
func SameParty(k casefile.Key, l casefile.Key) bool {
	return k.Respondent == "" || l.Respondent == "" || k.Respondent == l.Respondent
}

// seen tells whether a setting of a fact counts from this point of view.
// An action asked again (back) knows also what was recorded after it but had happened on an earlier day.
func (s *View) seen(d casefile.Day) bool {
	known := d.Seq < s.Upto || s.Back && d.Day < s.Day
	return known && (d.Void == 0 || d.Void >= s.Upto)
}

// slot is where a setting of a fact stands beside others: for one respondent what was set for all and what was set for
// that one is the same.
func (s *View) slot(d casefile.Day) string {
	if s.Party == "" || d.Key == "" {
		return d.Key
	}
	k := casefile.ParseKey(d.Key)
	k.Respondent = ""
	return k.String()
}

// days gives the settings of a fact that count: the first or the latest of each key, or each of them.
func (s *View) days(id procedure.FactID) []casefile.Day {
	f := s.Edition.Def.Fact(id)
	if f == nil || f.Keep == procedure.Each {
		return s.told(id)
	}
	var out []casefile.Day
	for _, d := range s.told(id) {
		i := slices.IndexFunc(out, func(o casefile.Day) bool { return s.slot(o) == s.slot(d) })
		switch {
		case i < 0:
			out = append(out, d)
		case f.Keep != procedure.First:
			out[i] = d
		}
	}
	return out
}

// told are all settings of a fact, those among them in whose place a later one stands.
func (s *View) told(id procedure.FactID) []casefile.Day {
	var out []casefile.Day
	for i := range s.Case.Days {
		if d := &s.Case.Days[i]; d.Fact == id && s.seen(*d) && (s.View == nil && d.Off == nil || s.about(d)) {
			out = append(out, *d)
		}
	}
	return out
}

// Latest is the latest day on which the fact happened, the later recorded of two on one day.
func (s *View) Latest(id procedure.FactID) (casefile.Day, bool) {
	var best casefile.Day
	for _, d := range s.days(id) {
		if best.Day == 0 || d.Day > best.Day || d.Day == best.Day && d.Seq > best.Seq {
			best = d
		}
	}
	return best, best.Day != 0
}

// Set tells whether the fact is set; of a fact kept per document or respondent, for all of them.
func (s *View) Set(id procedure.FactID) bool {
	f := s.Edition.Def.Fact(id)
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
			if casefile.ParseKey(d.Key).Meets(k) {
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
func (s *View) expected(f *procedure.Fact) []casefile.Key {
	docs, people := []string{""}, []string{""}
	for _, per := range f.Per {
		switch per {
		case "document":
			docs = docs[:0]
			for _, d := range s.served(f.ID) {
				docs = append(docs, strconv.Itoa(d.N))
			}
		case "respondent":
			people = s.Respondents()
		}
	}
	var ks []casefile.Key
	for _, d := range docs {
		for _, p := range people {
			if k := (casefile.Key{Doc: d, Respondent: p}); s.Addressed(k) {
				ks = append(ks, k)
			}
		}
	}
	return ks
}

// Addressed tells whether the document of the key is made for its respondent, or for everybody.
func (s *View) Addressed(k casefile.Key) bool {
	d := s.Case.Document(procedure.Int(k.Doc))
	if d == nil || k.Respondent == "" {
		return true
	}
	return s.Case.Papers[d.P-1].Concerns([]string{k.Respondent})
}

// served are the documents that a fact kept per document is set for: those that the document field of the form of its
// action may name, not void.
func (s *View) served(id procedure.FactID) []casefile.Issued {
	of := s.Edition.Servable(id)
	var ds []casefile.Issued
	for _, d := range s.Case.Issued {
		if of[d.Form] && s.InForce(d) {
			ds = append(ds, d)
		}
	}
	return ds
}

// isServed tells whether every fact kept per document that the action sets is set for the document and each of its
// respondents.
func (s *View) isServed(d casefile.Issued) bool {
	if s.Action == nil {
		return false
	}
	kept := false
	for _, fs := range s.Action.Fact.Values() {
		for _, id := range fs {
			f := s.Edition.Def.Fact(id)
			if f == nil || !slices.Contains(f.Per, "document") {
				continue
			}
			kept = true
			days := s.days(id)
			for _, k := range s.expected(f) {
				if k.Doc == strconv.Itoa(d.N) && !slices.ContainsFunc(days, func(x casefile.Day) bool { return casefile.ParseKey(x.Key).Meets(k) }) {
					return false
				}
			}
		}
	}
	return kept
}

// InForce tells whether a document counts from this point of view.
func (s *View) InForce(d casefile.Issued) bool {
	return d.Seq < s.Upto && (d.Void == 0 || d.Void >= s.Upto)
}

// Respondents are the names of the parties who are looked at: all of them, where the view is not narrower.
func (s *View) Respondents() []string {
	if s.View != nil {
		return s.View
	}
	return casefile.Parties(s.Edition.Def, s.Case)
}

// counts tells whether the filling counts from this point of view.
func (s *View) counts(f *casefile.Filled) bool { return f.Seq < s.Upto && (!f.PastAt(s.Upto)) }

// Value is the value of a field: FORM.field of the latest paper that has it, or a field of the action itself, which
// falls back on the case's shared value.
func (s *View) Value(form procedure.FormID, field procedure.FieldID) (procedure.Value, bool) {
	if form == "" {
		if v, ok := s.charged(s.Values, field); ok {
			return v, true
		}
		v, ok := s.Values[field]
		return v, ok
	}
	for _, fp := range s.Fills {
		if fp.Form == form {
			if v, ok := s.Share(s.Values, field); ok {
				return v, true
			}
		}
	}
	for i := len(s.Case.Papers) - 1; i >= 0; i-- {
		p := &s.Case.Papers[i]
		if p.Form != form || !p.Concerns(s.View) || p.Doc > 0 && !s.InForce(s.Case.Issued[p.Doc-1]) && s.Case.Issued[p.Doc-1].Seq < s.Upto {
			continue
		}
		for j := len(p.Parts) - 1; j >= 0; j-- {
			if x := &p.Parts[j]; s.counts(x) && s.asks(form, x.Part, field) { // the later part decides, by leaving it open too
				return s.Share(x.Values, field)
			}
		}
		if p.Doc > 0 && s.Case.Issued[p.Doc-1].Seq < s.Upto {
			return procedure.Value{}, false // the latest document is asked, not one before it
		}
	}
	return procedure.Value{}, false
}

// asks tells whether the part of the form has the field to be filled.
func (s *View) asks(form procedure.FormID, part procedure.PartID, field procedure.FieldID) bool {
	f := s.Edition.Forms[form]
	if f == nil || f.Part(part) == nil {
		return false
	}
	for _, x := range f.Part(part).Fields {
		if x.ID == field && (x.Shows == nil || x.Shows.Tells != "" && s.Edition.Def.Terms.Severity.Violations.Adds(field)) {
			return true
		}
	}
	return false
}

// Holds evaluates a TEST.
func (s *View) Holds(t *procedure.Test) bool {
	if t == nil {
		return true
	}
	for _, f := range t.Fields {
		v, _ := s.Value(f.Form, f.Field)
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

// Choose is the value of the first option that holds; false when it is `none` or nothing is given.
func Choose[T any](s *View, c []procedure.Option[T]) (T, bool) {
	for _, o := range c {
		if s.Holds(o.When) {
			return o.Value, !o.None
		}
	}
	var zero T
	return zero, false
}

// Parts are the form parts that an action fills, given what is typed.
func (s *View) Parts(a *procedure.Action) ([]procedure.FormPart, []*procedure.Part) {
	var fps []procedure.FormPart
	if f, ok := Choose(s, a.Form); ok && f.Form != "" {
		fps = append(fps, f)
	}
	for _, o := range a.Forms {
		if s.Holds(o.When) && !o.None {
			fps = append(fps, o.Value)
		}
	}
	var ps []*procedure.Part
	for _, fp := range fps {
		if f := s.Edition.Forms[fp.Form]; f != nil {
			if p := f.Part(fp.Part); p != nil {
				ps = append(ps, p)
			}
		}
	}
	return fps, ps
}
