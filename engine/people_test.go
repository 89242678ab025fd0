package engine_test

import (
	"testing"

	"dossier/engine"
	"dossier/engine/calendar"
)

func TestKeepPersonFaults(t *testing.T) {
	s, ctx := withPeople(t), t.Context()
	good := func() engine.Person {
		return engine.Person{ID: "new.one", Name: "𠮷田", Posts: []engine.Held{{Post: "officer"}}, Mail: "a@b.cn"}
	}
	for _, tt := range []struct {
		name string
		edit func(*engine.Person)
		path string
	}{
		{"id with capitals", func(p *engine.Person) { p.ID = "New" }, "id"},
		{"an id that was given", func(p *engine.Person) { p.ID = "captain" }, "id"},
		{"no name", func(p *engine.Person) { p.Name = " " }, "name"},
		{"a name that can't be printed", func(p *engine.Person) { p.Name = "雪☃" }, "name"},
		{"a control character", func(p *engine.Person) { p.Section = "a\x00b" }, "section"},
		{"a mail without @", func(p *engine.Person) { p.Mail = "nobody" }, "mail"},
		{"no post", func(p *engine.Person) { p.Posts = nil }, "posts"},
		{"an unknown post", func(p *engine.Person) { p.Posts[0].Post = "king" }, "posts[0].post"},
		{"a post that ends before it begins", func(p *engine.Person) {
			p.Posts[0].From, p.Posts[0].To = calendar.Of(2026, 2, 2), calendar.Of(2026, 2, 1)
		}, "posts[0].to"},
		{"a certificate without a number", func(p *engine.Person) { p.Certificates = []engine.Certificate{{}} }, "certificates[0].number"},
	} {
		p := good()
		tt.edit(&p)
		e := refusedWith(t, s.KeepPerson(ctx, "admin", p, "", 0), engine.FieldInvalid)
		if e.Fields[0].Path != tt.path {
			t.Errorf("%s: fault at %q, want %q", tt.name, e.Fields[0].Path, tt.path)
		}
	}
	refusedWith(t, s.KeepPerson(ctx, "captain", good(), "", 0), engine.Forbidden)
	if err := s.KeepPerson(ctx, "admin", good(), "", 0); err != nil {
		t.Fatal(err)
	}
	refusedWith(t, s.KeepPerson(ctx, "admin", good(), "", 7), engine.CaseMovedOn)
}

func TestLastHolderNeedsASuccessor(t *testing.T) {
	s, ctx := withPeople(t), t.Context()
	change := func(id engine.PersonID, edit func(*engine.Person)) error {
		seq, err := s.PersonSeq(id)
		if err != nil {
			t.Fatal(err)
		}
		p := *s.Office().Person(id)
		p.Posts = append([]engine.Held{}, p.Posts...)
		edit(&p)
		return s.KeepPerson(ctx, "admin", p, "", seq)
	}
	off := func(p *engine.Person) { p.Disabled = s.Today() }
	refusedWith(t, change("captain", off), engine.LastHolder)
	refusedWith(t, change("admin", off), engine.LastHolder)
	refusedWith(t, change("captain", func(p *engine.Person) { p.Posts[0].Post = "officer" }), engine.LastHolder)
	refusedWith(t, change("captain", func(p *engine.Person) { p.Disabled = s.Today().Add(30) }), engine.LastHolder)
	if err := change("officer", off); err != nil {
		t.Errorf("one of two officers: %v", err)
	}
	if err := change("officer2", func(p *engine.Person) { p.Posts = append(p.Posts, engine.Held{Post: "captain"}) }); err != nil {
		t.Fatal(err)
	}
	if err := change("captain", off); err != nil {
		t.Errorf("with a successor: %v", err)
	}
	if _, err := s.SignIn(ctx, "captain", password); engine.As(err) == nil {
		t.Error("a disabled person signs in")
	}
}

func TestDelegation(t *testing.T) {
	s, ctx := withPeople(t), t.Context()
	today := s.Today()
	ok := engine.Delegation{Post: "captain", From: "captain", To: "officer", Start: today, End: today.Add(5)}
	for _, tt := range []struct {
		name string
		edit func(*engine.Delegation)
		path string
	}{
		{"a post that is not held", func(d *engine.Delegation) { d.Post = "leader" }, "post"},
		{"to oneself", func(d *engine.Delegation) { d.To = "captain" }, "to"},
		{"to nobody", func(d *engine.Delegation) { d.To = "nobody" }, "to"},
		{"without a start", func(d *engine.Delegation) { d.Start = 0 }, "start"},
		{"that ends before it begins", func(d *engine.Delegation) { d.End = today.Add(-1) }, "end"},
		{"that began yesterday", func(d *engine.Delegation) { d.Start = today.Add(-1) }, "start"},
	} {
		d := ok
		tt.edit(&d)
		_, err := s.Delegate(ctx, "captain", d)
		if e := refusedWith(t, err, engine.FieldInvalid); e.Fields[0].Path != tt.path {
			t.Errorf("%s: fault at %q, want %q", tt.name, e.Fields[0].Path, tt.path)
		}
	}
	_, err := s.Delegate(ctx, "officer", ok)
	refusedWith(t, err, engine.Forbidden)
	id, err := s.Delegate(ctx, "captain", ok)
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.Delegate(ctx, "captain", engine.Delegation{Post: "captain", From: "captain", To: "officer2", Start: today.Add(3), End: today.Add(9)})
	refusedWith(t, err, engine.FieldInvalid)
	if lent := s.Office().Lent("officer", "captain", today); len(lent) != 1 || lent[0] != "captain" {
		t.Errorf("lent today: %v", lent)
	}
	if lent := s.Office().Lent("officer", "captain", today.Add(6)); len(lent) != 0 {
		t.Errorf("lent after the end: %v", lent)
	}
	refusedWith(t, s.EndDelegation(ctx, "officer2", id), engine.NotFound)
	if err := s.EndDelegation(ctx, "captain", id); err != nil {
		t.Fatal(err)
	}
	if lent := s.Office().Lent("officer", "captain", today); len(lent) != 0 {
		t.Errorf("lent after it was taken back: %v", lent)
	}
}

func TestSettingsCountFromADay(t *testing.T) {
	s, ctx := withPeople(t), t.Context()
	today := s.Today()
	row := engine.SettingRow{From: today.Add(10), Value: "5 workdays", Basis: "局办〔2026〕3号"}
	refusedWith(t, s.KeepSetting(ctx, "captain", "statement", row), engine.Forbidden)
	refusedWith(t, s.KeepSetting(ctx, "admin", "no-such", row), engine.NotFound)
	for _, bad := range []engine.SettingRow{{From: today.Add(-1), Value: "5 workdays"}, {From: today, Value: "five"}, {From: today, Value: "5 workdays", Basis: "☃"}} {
		refusedWith(t, s.KeepSetting(ctx, "admin", "statement", bad), engine.FieldInvalid)
	}
	refusedWith(t, s.KeepSetting(ctx, "admin", "large-fine", engine.SettingRow{From: today, Value: "much"}), engine.FieldInvalid)
	before := s.Office().Text("statement", today)
	for range 2 { // a row of the same day is replaced
		if err := s.KeepSetting(ctx, "admin", "statement", row); err != nil {
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
	_, err := s.LoadSchedule(ctx, "captain", calendar.Schedule{Year: 2027})
	next := engine.As(err)
	if next == nil || next.Code != engine.Forbidden {
		t.Fatalf("a captain loads a schedule: %v", next)
	}
	day := calendar.Of(2027, 1, 1)
	if why := s.Office().Calendar.Day(day); !why.Provisional {
		t.Fatalf("2027 is known before: %v", why)
	}
	_, err = s.LoadSchedule(ctx, "admin", calendar.Schedule{Year: 2027, Published: true, Off: []calendar.Holiday{{Name: "元旦", Dates: []calendar.Date{day}}}})
	if err != nil {
		t.Fatal(err)
	}
	if why := s.Office().Calendar.Day(day); why.Code != calendar.HolidayDay || why.Provisional {
		t.Errorf("after loading: %v", why)
	}
}

func TestSavedInput(t *testing.T) {
	s, ctx := withPeople(t), t.Context()
	d := engine.Draft{Person: "officer", Case: 3, Action: "note"}
	other := engine.Draft{Person: "officer2", Case: 3, Action: "note"}
	if got, err := s.SavedInput(d); got != nil || err != nil {
		t.Fatalf("before: %v, %v", got, err)
	}
	for _, text := range []string{"一", "一二"} {
		if err := s.Save(ctx, engine.Saved{Draft: d, Day: "2026-13-40", Values: engine.Values{"text": engine.TextValue(text)}}); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Save(ctx, engine.Saved{Draft: other, Values: engine.Values{}}); err != nil {
		t.Fatal(err)
	}
	got, err := s.SavedInput(d)
	if err != nil || got == nil || got.Values["text"].Text != "一二" || got.Day != "2026-13-40" {
		t.Fatalf("have %+v, %v", got, err)
	}
	if all, err := s.SavedBy("officer"); err != nil || len(all) != 1 || all[0].Draft != d {
		t.Errorf("officer has %v, %v", all, err)
	}
	huge := engine.Saved{Draft: d, Values: engine.Values{"text": engine.TextValue(string(make([]byte, 11<<20)))}}
	refusedWith(t, s.Save(ctx, huge), engine.FieldInvalid)
	if err := s.DropSaved(ctx, d); err != nil {
		t.Fatal(err)
	}
	if got, _ := s.SavedInput(d); got != nil {
		t.Error("still there after it was dropped")
	}
	if all, _ := s.SavedBy("officer2"); len(all) != 1 {
		t.Error("somebody else's went with it")
	}
}
