package registry_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"dossier/documents"
	"dossier/engine"
	"dossier/engine/calendar"
	"dossier/engine/change"
	"dossier/engine/ledger"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
	"dossier/engine/registry"
	"dossier/engine/verify"
	"dossier/seeds/fixture"
	"dossier/store/bolt"
)

var forms = sync.OnceValues(func() (map[procedure.FormID]*procedure.Form, error) { return documents.Load(documents.Registry()) })

// stage is a registry whose time the test sets, with an officer and an exchange officer.
type stage struct {
	*registry.Registry
	t   testing.TB
	now time.Time
}

func open(t testing.TB) *stage {
	t.Helper()
	fs, err := forms()
	if err != nil {
		t.Fatal(err)
	}
	s := &stage{t: t}
	s.at("2026-05-20")
	e, err := engine.New(fixture.Config(fixture.Bolt(t), func() time.Time { return s.now }))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range []office.Person{{ID: "officer", Name: "李察", Posts: []office.Held{{Post: "officer"}}}, {ID: "exchange", Name: "陶交", Posts: []office.Held{{Post: "exchange"}}},
		{ID: "training", Name: "沈训", Posts: []office.Held{{Post: "training"}}}} {
		data, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		if err := change.KeepRecords(t.Context(), e, ledger.RecordWrite{Kind: ledger.KindPerson, ID: string(p.ID), Data: data, Ledgered: true}); err != nil {
			t.Fatal(err)
		}
	}
	s.Registry = registry.New(e, fs)
	return s
}

func (s *stage) at(day string) {
	d, err := calendar.Parse(day)
	if err != nil {
		s.t.Fatal(err)
	}
	y, m, n := d.YMD()
	s.now = time.Date(y, time.Month(m), n, 1, 0, 0, 0, time.UTC)
}

// values reads "name=甲公司 credit-code=…".
func values(text string) procedure.Values {
	v := procedure.Values{}
	for _, pair := range strings.Fields(text) {
		k, x, _ := strings.Cut(pair, "=")
		v[procedure.FieldID(k)] = procedure.TextValue(x)
	}
	return v
}

// keep enters an employer and gives its ID; code is what it is refused for.
func (s *stage) keep(entry registry.Entry, text, code string) string {
	s.t.Helper()
	if entry.Kind == "" {
		entry.Kind = "employer"
	}
	entry.Values = values(text)
	o, err := s.Keep(s.t.Context(), "officer", entry)
	if !has(err, code) {
		s.t.Errorf("%s: %v, want %q", text, err, code)
	}
	if err != nil {
		return ""
	}
	return o.ID()
}

// has tells whether an error holds the code, or "path why" of a field; "" is none.
func has(err error, code string) bool {
	if code == "" || err == nil {
		return code == "" && err == nil
	}
	e := refusal.As(err)
	return e != nil && (e.Has(refusal.Code(code)) || slices.ContainsFunc(e.Fields, func(f refusal.FieldFault) bool { return f.Path+" "+f.Why == code }))
}

// found are the IDs that a query finds.
func (s *stage) found(q registry.Query) string {
	s.t.Helper()
	if q.Kind == "" {
		q.Kind = "employer"
	}
	p, err := s.Find(q)
	if err != nil {
		s.t.Fatal(err)
	}
	var ids []string
	for _, o := range p.Objects {
		ids = append(ids, o.ID())
	}
	return strings.Join(ids, " ")
}

const (
	codeA = "91130526MA0F7K2Q3W"
	codeB = "91130526MA0C1D5E2Y"
)

// What can't be entered is refused by its field, and nothing is kept of it.
func TestEntries(t *testing.T) {
	s := open(t)
	if id := s.keep(registry.Entry{}, "name=任县宏达建筑劳务有限公司 credit-code="+codeA, ""); id != "employer-1" {
		t.Errorf("the first is %s", id)
	}
	for _, test := range []struct {
		name  string
		entry registry.Entry
		text  string
		code  string
	}{
		{"no name", registry.Entry{}, "credit-code=" + codeB, "name field.required"},
		{"a code that is none", registry.Entry{}, "name=甲 credit-code=91130526MA0F7K2Q3X", "credit-code field.credit-code"},
		{"a code that is there", registry.Entry{}, "name=甲 credit-code=" + codeA, "credit-code field.registered"},
		{"a name that is there, without a code", registry.Entry{}, "name=任县宏达建筑劳务有限公司", "name field.registered"},
		{"a name as it is written too", registry.Entry{}, "name=任县宏达建筑劳务有限公司　", "name field.registered"},
		{"a field that it hasn't", registry.Entry{}, "name=甲 colour=red", "colour field.unknown"},
		{"from tomorrow", registry.Entry{From: calendar.Of(2026, 5, 21)}, "name=甲", "fact-in-future"},
		{"a kind that isn't", registry.Entry{Kind: "ship"}, "name=甲", "not-found"},
		{"a kind of others", registry.Entry{Kind: "fund"}, "name=甲", "not-your-gate"},
		{"one that isn't", registry.Entry{ID: "employer-9", Seq: 1, Reason: "改"}, "name=甲", "not-found"},
		{"a change without a reason", registry.Entry{ID: "employer-1", Seq: 1}, "name=甲", "reason field.required"},
		{"a change of what changed", registry.Entry{ID: "employer-1", Seq: 7, Reason: "改"}, "name=甲", "case-moved-on"},
		{"a namesake with its own code", registry.Entry{}, "name=任县宏达建筑劳务有限公司 credit-code=" + codeB, ""},
		{"a licence that ends before it begins", registry.Entry{Kind: "dispatch-licensee"},
			"name=乙 credit-code=" + codeA + " capital=2000000 licence=1 valid-from=2026-01-01 valid-to=2025-01-01", "valid-to field.registry-backward"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s.t = t
			s.keep(test.entry, test.text, test.code)
		})
	}
	if got := s.found(registry.Query{}); got != "employer-1 employer-2" {
		t.Errorf("on record are %s", got)
	}
}

// A request that comes twice is entered once; its key is for no other.
func TestKeys(t *testing.T) {
	s := open(t)
	x := registry.Entry{Kind: "employer", Values: values("name=甲公司"), Key: "k1"}
	for range 2 {
		if o, err := s.Keep(t.Context(), "officer", x); err != nil || o.ID() != "employer-1" {
			t.Errorf("%v %v", o, err)
		}
	}
	x.Values = values("name=乙公司")
	if _, err := s.Keep(t.Context(), "officer", x); !has(err, "key-reused") {
		t.Errorf("another body under the same key: %v", err)
	}
	s.at("2026-05-28")
	if o, err := s.Keep(t.Context(), "officer", x); err != nil || o.ID() != "employer-2" {
		t.Errorf("after a week: %v %v", o, err)
	}
}

// An object is found by every name that it has or had, by parts, initials and codes; an old day has the old name.
func TestDatedNames(t *testing.T) {
	s := open(t)
	id := s.keep(registry.Entry{From: calendar.Of(2020, 1, 1)}, "name=任县宏达建筑劳务有限公司 credit-code="+codeA, "")
	s.keep(registry.Entry{ID: id, Seq: 1, From: calendar.Of(2026, 3, 1), Reason: "更名"}, "name=任泽区宏达建设有限公司 credit-code="+codeA, "")
	s.keep(registry.Entry{}, "name=任县顺通物流有限公司", "")
	o, err := s.Get(id)
	if err != nil {
		t.Fatal(err)
	}
	for day, want := range map[string]string{"2019-01-01": "任县宏达建筑劳务有限公司", "2026-02-28": "任县宏达建筑劳务有限公司", "2026-03-01": "任泽区宏达建设有限公司", "2026-05-20": "任泽区宏达建设有限公司"} {
		d, err := calendar.Parse(day)
		if err != nil {
			t.Fatal(err)
		}
		if got := o.On(d)[registry.Name].Text; got != want {
			t.Errorf("on %s it is called %s", day, got)
		}
	}
	for text, want := range map[string]string{"宏达": id, "建筑劳务": id, "任泽区": id, "hdjz": id, codeA: id, codeA[8:14]: id, "顺通": "employer-2", "任县": id + " employer-2", "employer-2": "employer-2", "无此单位": ""} {
		if got := s.found(registry.Query{Text: text}); got != want {
			t.Errorf("%s finds %q, want %q", text, got, want)
		}
	}
	if got := s.found(registry.Query{Limit: 1}); got != id {
		t.Errorf("the first page is %s", got)
	}
	if got := s.found(registry.Query{Limit: 1, After: id}); got != "employer-2" {
		t.Errorf("the second page is %s", got)
	}
}

// Two that are one are found, and merged on record: both names find the one, and what was merged can't change.
func TestMerge(t *testing.T) {
	s := open(t)
	a := s.keep(registry.Entry{}, "name=任县宏达建筑劳务有限公司", "")
	b := s.keep(registry.Entry{}, "name=任县宏达建筑公司 credit-code="+codeA, "")
	c := s.keep(registry.Entry{}, "name=任县宏达劳务队", "")
	for _, test := range []struct{ from, into, reason, code string }{
		{a, a, "重复", "into field.registry-other"}, {a, b, " ", "reason field.required"}, {a, "employer-9", "重复", "not-found"}, {a, "fund-1", "重复", "not-found"},
		{c, a, "重复登记", ""}, {a, b, "重复登记", ""}, {a, b, "重复", "into field.registry-merged"}, {b, a, "重复", "into field.registry-merged"},
	} {
		if err := s.Merge(t.Context(), "officer", test.from, test.into, test.reason); !has(err, test.code) {
			t.Errorf("%s into %s: %v, want %q", test.from, test.into, err, test.code)
		}
	}
	for _, text := range []string{"建筑劳务", "劳务队", "宏达建筑公司"} {
		if got := s.found(registry.Query{Text: text}); got != b {
			t.Errorf("%s finds %q, want %s", text, got, b)
		}
	}
	o, err := s.Get(b)
	if err != nil || len(o.Names()) != 3 || len(o.Merged) != 2 {
		t.Errorf("%v %v", o, err)
	}
	s.keep(registry.Entry{ID: a, Seq: 2, Reason: "改"}, "name=甲", "not-found")
	s.keep(registry.Entry{}, "name=任县宏达建筑劳务有限公司", "") // a new one of the old name may come
	if vs, err := s.Engine.Store.Versions(registry.Record, "employer/000001"); err != nil || len(vs) != 2 {
		t.Errorf("%d versions of what was merged: %v", len(vs), err)
	}
}

// Duplicates are told before anybody merges them.
func TestDuplicates(t *testing.T) {
	s := open(t)
	s.keep(registry.Entry{}, "name=甲公司 credit-code="+codeA, "")
	s.keep(registry.Entry{}, "name=甲公司 credit-code="+codeB, "")
	s.keep(registry.Entry{}, "name=乙公司", "")
	groups, err := s.Duplicates("employer")
	if err != nil || len(groups) != 1 || len(groups[0]) != 2 {
		t.Errorf("%v %v", groups, err)
	}
}

// What is supervised no more is in no population, and is found when it is asked for.
func TestEnd(t *testing.T) {
	s := open(t)
	id := s.keep(registry.Entry{From: calendar.Of(2026, 1, 1)}, "name=甲公司", "")
	for _, test := range []struct{ reason, code string }{{"", "reason field.required"}, {"注销", ""}} {
		if err := s.End(t.Context(), "officer", id, calendar.Of(2026, 5, 1), test.reason); !has(err, test.code) {
			t.Errorf("%q: %v", test.reason, err)
		}
	}
	for day, want := range map[calendar.Date]int{calendar.Of(2025, 12, 31): 0, calendar.Of(2026, 4, 30): 1, calendar.Of(2026, 5, 1): 0} {
		if os, err := s.Supervised([]string{"employer", "hospital"}, day); err != nil || len(os) != want {
			t.Errorf("on %s %d are supervised, want %d: %v", day, len(os), want, err)
		}
	}
	if got := s.found(registry.Query{}); got != "" {
		t.Errorf("found %s", got)
	}
	if got := s.found(registry.Query{Ended: true}); got != id {
		t.Errorf("found %q", got)
	}
	s.keep(registry.Entry{ID: id, Seq: 2, Reason: "改"}, "name=甲", "from field.registry-ended")
}

// Many entries at once: the new, the changed, the same, the bad, and those that are one among themselves.
func TestImport(t *testing.T) {
	s := open(t)
	s.keep(registry.Entry{From: calendar.Of(2026, 1, 1)}, "name=甲公司 credit-code="+codeA, "")
	s.keep(registry.Entry{From: calendar.Of(2026, 1, 1)}, "name=乙公司 phone=0319-7518633", "")
	var entries []registry.Entry
	for _, text := range []string{"name=甲公司 credit-code=" + codeA, "name=甲集团 credit-code=" + codeA, "name=乙公司 phone=0319-7518634", "name=丙公司", "name=丙公司", "credit-code=" + codeB, "name=丁公司 phone=one"} {
		entries = append(entries, registry.Entry{Reason: "导入", Values: values(text)})
	}
	trials, err := s.Try("officer", "employer", entries)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, x := range trials {
		say := "new"
		switch {
		case len(x.Faults) > 0:
			say = x.Faults[0].Path + " " + x.Faults[0].Why
		case x.Same:
			say = "same"
		case x.Was != nil:
			say = x.ID
		}
		got = append(got, say)
	}
	want := []string{"same", "credit-code field.registry-twice", "employer-2", "new", "name field.registry-twice", "name field.required", "phone field.phone"}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if _, _, err := s.Take(t.Context(), "exchange", "employer", trials); !has(err, "not-your-gate") {
		t.Errorf("taken by whom it is no business of: %v", err)
	}
	added, changed, err := s.Take(t.Context(), "officer", "employer", trials)
	if err != nil || added != 1 || changed != 1 {
		t.Errorf("%d added, %d changed, %v", added, changed, err)
	}
	if _, _, err := s.Take(t.Context(), "officer", "employer", trials); !has(err, "case-moved-on") {
		t.Errorf("taken twice: %v", err)
	}
	fresh, err := s.Try("officer", "employer", []registry.Entry{{Values: values("name=戊公司")}})
	if err != nil {
		t.Fatal(err)
	}
	for i, code := range []string{"", "case-moved-on"} {
		if _, _, err := s.Take(t.Context(), "officer", "employer", fresh); !has(err, code) {
			t.Errorf("taken for the %d time: %v, want %q", i+1, err, code)
		}
	}
	if got := s.found(registry.Query{}); got != "employer-1 employer-2 employer-3 employer-4" {
		t.Errorf("on record are %s", got)
	}
}

// A kind with a key of its own: an institution's sessions have one code, two institutions' sessions one name.
func TestKey(t *testing.T) {
	s := open(t)
	session := "trainees=40 valid-from=2026-05-01 valid-to=2026-05-20 "
	for _, test := range []struct{ text, code string }{
		{"name=第1期 institution=育才学校", ""}, {"name=第2期 institution=育才学校", ""}, {"name=第1期 institution=启航学校", ""}, {"name=第1期 institution=育才学校", "name field.registered"},
	} {
		_, err := s.Keep(t.Context(), "training", registry.Entry{Kind: "class-session", Values: values(session + test.text)})
		if !has(err, test.code) {
			t.Errorf("%s: %v, want %q", test.text, err, test.code)
		}
	}
}

// What is on record is proved like all else.
func TestVerify(t *testing.T) {
	s := open(t)
	a := s.keep(registry.Entry{}, "name=甲公司", "")
	b := s.keep(registry.Entry{}, "name=乙公司", "")
	if err := s.Merge(t.Context(), "officer", a, b, "重复"); err != nil {
		t.Fatal(err)
	}
	into, err := bolt.Open(t.TempDir(), bolt.Options{Create: true, Owner: t.Name()})
	if err != nil {
		t.Fatal(err)
	}
	r, err := verify.Run(t.Context(), s.Engine, into, func(string) {})
	if err = errors.Join(err, into.Close()); err != nil {
		t.Fatal(err)
	}
	if !r.Whole() {
		t.Errorf("%+v", r)
	}
}

// county is n entries.
func county(n int) []registry.Entry {
	entries := make([]registry.Entry, n)
	for i := range entries {
		entries[i] = registry.Entry{Reason: "导入", Values: values(fmt.Sprintf("name=任县第%d建筑劳务有限公司 township=任城镇 workers=%d phone=0319-7518633", i, i))}
	}
	return entries
}

func BenchmarkImport5000(b *testing.B) {
	entries := county(5000)
	for b.Loop() {
		b.StopTimer()
		s := open(b)
		b.StartTimer()
		trials, err := s.Try("officer", "employer", entries)
		if err != nil {
			b.Fatal(err)
		}
		if _, _, err := s.Take(b.Context(), "officer", "employer", trials); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkFindIn5000(b *testing.B) {
	s := open(b)
	trials, err := s.Try("officer", "employer", county(5000))
	if err != nil {
		b.Fatal(err)
	}
	if _, _, err := s.Take(b.Context(), "officer", "employer", trials); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if p, err := s.Find(registry.Query{Kind: "employer", Text: "第4999建"}); err != nil || p.Total != 1 {
			b.Fatal(p.Total, err)
		}
	}
}
