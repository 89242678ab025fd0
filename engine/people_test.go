package engine_test

import (
	"slices"
	"testing"

	"dossier/engine/access"
	"dossier/engine/calendar"
	"dossier/engine/change"
	"dossier/engine/desk"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
)

func TestKeepPersonFaults(t *testing.T) {
	s, ctx := withPeople(t), t.Context()
	good := func() office.Person {
		return office.Person{ID: "new.one", Name: "𠮷田", Posts: []office.Held{{Post: "officer"}}, Mail: "a@b.cn"}
	}
	for _, tt := range []struct {
		name string
		edit func(*office.Person)
		path string
	}{
		{"id with capitals", func(p *office.Person) { p.ID = "New" }, "id"},
		{"an id that was given", func(p *office.Person) { p.ID = "captain" }, "id"},
		{"no name", func(p *office.Person) { p.Name = " " }, "name"},
		{"a name that can't be printed", func(p *office.Person) { p.Name = "雪☃" }, "name"},
		{"a control character", func(p *office.Person) { p.Section = "a\x00b" }, "section"},
		{"a mail without @", func(p *office.Person) { p.Mail = "nobody" }, "mail"},
		{"no post", func(p *office.Person) { p.Posts = nil }, "posts"},
		{"an unknown post", func(p *office.Person) { p.Posts[0].Post = "king" }, "posts[0].post"},
		{"a post that ends before it begins", func(p *office.Person) {
			p.Posts[0].From, p.Posts[0].To = calendar.Of(2026, 2, 2), calendar.Of(2026, 2, 1)
		}, "posts[0].to"},
		{"a certificate without a number", func(p *office.Person) { p.Certificates = []office.Certificate{{}} }, "certificates[0].number"},
	} {
		p := good()
		tt.edit(&p)
		e := refusedWith(t, access.KeepPerson(ctx, s.Engine, "admin", p, "", 0), refusal.FieldInvalid)
		if e.Fields[0].Path != tt.path {
			t.Errorf("%s: fault at %q, want %q", tt.name, e.Fields[0].Path, tt.path)
		}
	}
	refusedWith(t, access.KeepPerson(ctx, s.Engine, "captain", good(), "", 0), refusal.Forbidden)
	if err := access.KeepPerson(ctx, s.Engine, "admin", good(), "", 0); err != nil {
		t.Fatal(err)
	}
	refusedWith(t, access.KeepPerson(ctx, s.Engine, "admin", good(), "", 7), refusal.CaseMovedOn)
}

func TestLastHolderNeedsASuccessor(t *testing.T) {
	s, ctx := withPeople(t), t.Context()
	change := func(id office.PersonID, edit func(*office.Person)) error {
		seq, err := access.PersonSeq(s.Engine, id)
		if err != nil {
			t.Fatal(err)
		}
		p := *s.Office().Person(id)
		p.Posts = append([]office.Held{}, p.Posts...)
		edit(&p)
		return access.KeepPerson(ctx, s.Engine, "admin", p, "", seq)
	}
	off := func(p *office.Person) { p.Disabled = s.Today() }
	refusedWith(t, change("captain", off), access.LastHolder)
	refusedWith(t, change("admin", off), access.LastHolder)
	refusedWith(t, change("captain", func(p *office.Person) { p.Posts[0].Post = "officer" }), access.LastHolder)
	refusedWith(t, change("captain", func(p *office.Person) { p.Disabled = s.Today().Add(30) }), access.LastHolder)
	if err := change("officer", off); err != nil {
		t.Errorf("one of two officers: %v", err)
	}
	if err := change("officer2", func(p *office.Person) { p.Posts = append(p.Posts, office.Held{Post: "captain"}) }); err != nil {
		t.Fatal(err)
	}
	if err := change("captain", off); err != nil {
		t.Errorf("with a successor: %v", err)
	}
	if _, err := access.SignIn(ctx, s.Engine, access.Knock{Name: "captain", Password: password}); refusal.As(err) == nil {
		t.Error("a disabled person signs in")
	}
}

func TestDelegation(t *testing.T) {
	s, ctx := withPeople(t), t.Context()
	today := s.Today()
	ok := office.Delegation{Post: "captain", From: "captain", To: "officer", Start: today, End: today.Add(5)}
	for _, tt := range []struct {
		name string
		edit func(*office.Delegation)
		path string
	}{
		{"a post that is not held", func(d *office.Delegation) { d.Post = "leader" }, "post"},
		{"to oneself", func(d *office.Delegation) { d.To = "captain" }, "to"},
		{"to nobody", func(d *office.Delegation) { d.To = "nobody" }, "to"},
		{"without a start", func(d *office.Delegation) { d.Start = 0 }, "start"},
		{"that ends before it begins", func(d *office.Delegation) { d.End = today.Add(-1) }, "end"},
		{"that began yesterday", func(d *office.Delegation) { d.Start = today.Add(-1) }, "start"},
	} {
		d := ok
		tt.edit(&d)
		_, err := access.Delegate(ctx, s.Engine, "captain", d)
		if e := refusedWith(t, err, refusal.FieldInvalid); e.Fields[0].Path != tt.path {
			t.Errorf("%s: fault at %q, want %q", tt.name, e.Fields[0].Path, tt.path)
		}
	}
	_, err := access.Delegate(ctx, s.Engine, "officer", ok)
	refusedWith(t, err, refusal.Forbidden)
	id, err := access.Delegate(ctx, s.Engine, "captain", ok)
	if err != nil {
		t.Fatal(err)
	}
	_, err = access.Delegate(ctx, s.Engine, "captain", office.Delegation{Post: "captain", From: "captain", To: "officer2", Start: today.Add(3), End: today.Add(9)})
	refusedWith(t, err, refusal.FieldInvalid)
	if lent := s.Office().Lent("officer", "captain", today); len(lent) != 1 || lent[0] != "captain" {
		t.Errorf("lent today: %v", lent)
	}
	if lent := s.Office().Lent("officer", "captain", today.Add(6)); len(lent) != 0 {
		t.Errorf("lent after the end: %v", lent)
	}
	refusedWith(t, access.EndDelegation(ctx, s.Engine, "officer2", id), refusal.NotFound)
	if err := access.EndDelegation(ctx, s.Engine, "captain", id); err != nil {
		t.Fatal(err)
	}
	if lent := s.Office().Lent("officer", "captain", today); len(lent) != 0 {
		t.Errorf("lent after it was taken back: %v", lent)
	}
}

func TestSettingsCountFromADay(t *testing.T) {
	s, ctx := withPeople(t), t.Context()
	today := s.Today()
	row := office.SettingRow{From: today.Add(10), Value: "5 workdays", Basis: "局办〔2026〕3号"}
	refusedWith(t, access.KeepSetting(ctx, s.Engine, "captain", "statement", row), refusal.Forbidden)
	refusedWith(t, access.KeepSetting(ctx, s.Engine, "admin", "no-such", row), refusal.NotFound)
	for _, bad := range []office.SettingRow{{From: today.Add(-1), Value: "5 workdays"}, {From: today, Value: "five"}, {From: today, Value: "5 workdays", Basis: "☃"}} {
		refusedWith(t, access.KeepSetting(ctx, s.Engine, "admin", "statement", bad), refusal.FieldInvalid)
	}
	refusedWith(t, access.KeepSetting(ctx, s.Engine, "admin", "large-fine", office.SettingRow{From: today, Value: "much"}), refusal.FieldInvalid)
	before := s.Office().Text("statement", today)
	for range 2 { // a row of the same day is replaced
		if err := access.KeepSetting(ctx, s.Engine, "admin", "statement", row); err != nil {
			t.Fatal(err)
		}
	}
	if got := s.Office().Text("statement", today.Add(9)); got != before {
		t.Errorf("the day before: %q, want %q", got, before)
	}
	if got, _ := s.Office().Setting("statement", today.Add(10)); got != row {
		t.Errorf("from its day: %+v", got)
	}
	if n := len(s.Office().Settings()["statement"]); n != 2 {
		t.Errorf("%d rows, want 2", n)
	}
}

func TestLoadScheduleReplacesAYear(t *testing.T) {
	s, ctx := withPeople(t), t.Context()
	_, err := change.LoadSchedule(ctx, s.Engine, "captain", calendar.Schedule{Year: 2027})
	next := refusal.As(err)
	if next == nil || next.Code != refusal.Forbidden {
		t.Fatalf("a captain loads a schedule: %v", next)
	}
	day := calendar.Of(2027, 1, 1)
	if why := s.Office().Calendar.Day(day); !why.Provisional {
		t.Fatalf("2027 is known before: %v", why)
	}
	_, err = change.LoadSchedule(ctx, s.Engine, "admin", calendar.Schedule{Year: 2027, Published: true, Off: []calendar.Holiday{{Name: "元旦", Dates: []calendar.Date{day}}}})
	if err != nil {
		t.Fatal(err)
	}
	if why := s.Office().Calendar.Day(day); why.Code != calendar.HolidayDay || why.Provisional {
		t.Errorf("after loading: %v", why)
	}
}

// Two pages of one form never write over each other: what one saw last is written in its place, what it did not see stays
// and the other is kept beside it.
func TestTwoPagesOfOneForm(t *testing.T) {
	s, ctx := withPeople(t), t.Context()
	keep := func(d desk.Draft, page string, rev uint64, text string) desk.Saved {
		t.Helper()
		got, err := desk.Save(ctx, s.Engine, desk.Saved{Draft: d, Page: page, Rev: rev, Values: procedure.Values{"text": procedure.TextValue(text)}})
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	d := desk.Draft{Person: "officer", Workflow: "papers", Action: "open", Slot: "a"}
	a := keep(d, "a", 0, "甲")
	if a = keep(a.Draft, "a", a.Rev, "甲乙"); a.Slot != "a" || a.Rev != 2 {
		t.Errorf("its own page: %+v", a)
	}
	b := keep(a.Draft, "b", a.Rev, "甲乙丙") // another page that was drawn from it goes on
	if b.Slot != "a" {
		t.Errorf("a page that saw it: %+v", b)
	}
	stale := keep(a.Draft, "a", a.Rev, "甲乙丁") // and the first one goes on too
	if stale.Slot == "a" {
		t.Error("it wrote over what it had not seen")
	}
	all, err := desk.SavedOf(s.Engine, d)
	if err != nil || len(all) != 2 {
		t.Fatalf("%v, %v", all, err)
	}
	texts := []string{all[0].Values["text"].Text, all[1].Values["text"].Text}
	if slices.Sort(texts); !slices.Equal(texts, []string{"甲乙丁", "甲乙丙"}) {
		t.Errorf("kept: %v", texts)
	}
	for range 30 {
		keep(d, "c", 0, "戊")
	}
	if all, err := desk.SavedOf(s.Engine, d); err != nil || len(all) > 20 {
		t.Errorf("%d beside each other, %v", len(all), err)
	}
}

func TestSavedInput(t *testing.T) {
	s, ctx := withPeople(t), t.Context()
	d := desk.Draft{Person: "officer", Case: 3, Action: "note"}
	other := desk.Draft{Person: "officer2", Case: 3, Action: "note"}
	if got, err := desk.SavedInput(s.Engine, d); got != nil || err != nil {
		t.Fatalf("before: %v, %v", got, err)
	}
	for _, text := range []string{"一", "一二"} {
		if _, err := desk.Save(ctx, s.Engine, desk.Saved{Draft: d, Day: "2026-13-40", Values: procedure.Values{"text": procedure.TextValue(text)}}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := desk.Save(ctx, s.Engine, desk.Saved{Draft: other, Values: procedure.Values{}}); err != nil {
		t.Fatal(err)
	}
	got, err := desk.SavedInput(s.Engine, d)
	if err != nil || got == nil || got.Values["text"].Text != "一二" || got.Day != "2026-13-40" {
		t.Fatalf("have %+v, %v", got, err)
	}
	if all, err := desk.SavedBy(s.Engine, "officer"); err != nil || len(all) != 1 || all[0].Draft != d {
		t.Errorf("officer has %v, %v", all, err)
	}
	huge := desk.Saved{Draft: d, Values: procedure.Values{"text": procedure.TextValue(string(make([]byte, 11<<20)))}}
	_, err = desk.Save(ctx, s.Engine, huge)
	refusedWith(t, err, refusal.FieldInvalid)
	if err := desk.DropSaved(ctx, s.Engine, d); err != nil {
		t.Fatal(err)
	}
	if got, _ := desk.SavedInput(s.Engine, d); got != nil {
		t.Error("still there after it was dropped")
	}
	for name, d := range map[string]desk.Draft{"a slot with a slash": {Person: "officer", Action: "note", Slot: "a/b"}, "an action without end": {Person: "officer", Action: procedure.ActionID(make([]byte, 99))}} {
		_, err := desk.Save(ctx, s.Engine, desk.Saved{Draft: d})
		if refusedWith(t, err, refusal.FieldInvalid); err == nil {
			t.Error(name)
		}
	}
	if all, _ := desk.SavedBy(s.Engine, "officer2"); len(all) != 1 {
		t.Error("somebody else's went with it")
	}
}
