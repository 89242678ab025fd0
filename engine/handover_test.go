package engine_test

import (
	"slices"
	"sync"
	"testing"

	"dossier/engine/access"
	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/desk"
	"dossier/engine/handover"
	"dossier/engine/ledger"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
)

// handing asks that officer's cases go to officer3, who is hired for it.
func handing(ids ...casefile.CaseID) handover.Request {
	h := handover.Request{From: "officer", Officers: []office.PersonID{"officer3"}, Reason: "调离"}
	for _, id := range ids {
		h.Cases = append(h.Cases, handover.CaseAt{ID: id})
	}
	return h
}

// change writes a person's record anew.
func (s *stage) change(t testing.TB, id office.PersonID, edit func(*office.Person)) {
	t.Helper()
	p := *s.Office().Person(id)
	edit(&p)
	s.record(t, ledger.KindPerson, string(id), p)
}

// TestHandOverOfSeveral: the others of a case stay, what is refused keeps nothing else from going, and the same key is the
// same act, whoever presses it at once.
func TestHandOverOfSeveral(t *testing.T) {
	s := staffed(t)
	s.hire(t, map[office.PersonID]procedure.Actor{"officer3": "officer"})
	first, second, early := s.begin(t, "papers", filed...), s.begin(t, "papers", filed...), s.begin(t, "papers", "clerk submit")
	s.do(t, second, "captain", "hand-over", with("officers=officer2,officer", "in-charge=officer2"), why) // here officer is not in charge
	h := handing(first, second, early, 99)
	preview, err := handover.Preview(t.Context(), s.Engine, "captain", h)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []struct {
		now  []office.PersonID
		code refusal.Code
	}{{[]office.PersonID{"officer3", "officer2"}, ""}, {[]office.PersonID{"officer2", "officer3"}, ""}, {nil, refusal.CaseMovedOn}, {nil, refusal.NotFound}} {
		x := preview[i]
		if !slices.Equal(x.Now, want.now) || x.Done || (x.Refused == nil) != (want.code == "") || x.Refused != nil && x.Refused.Code != want.code {
			t.Errorf("case %d: %v, %v", x.ID, x.Now, x.Refused)
		}
	}
	h.Cases = []handover.CaseAt{preview[0].CaseAt, preview[1].CaseAt, {ID: early}}
	h.Key = "once"
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			out, err := handover.Do(t.Context(), s.Engine, "captain", h)
			if err != nil || !out[0].Done || !out[1].Done || out[2].Done {
				t.Errorf("%+v %v", out, err)
			}
		})
	}
	wait.Wait()
	c := s.snapshot(t, second)
	same(t, "roles", c.Roles, map[procedure.Actor][]office.PersonID{"assigned-officers": {"officer2", "officer3"}, "officer-in-charge": {"officer2"}})
	if c := s.snapshot(t, first); c.Seq != preview[0].Seq+1 {
		t.Errorf("case %d moved from %d to %d", first, preview[0].Seq, c.Seq)
	}
	// Another wish under the same key is another act: officer has none of them any more.
	h.Officers = []office.PersonID{"officer2"}
	if out, err := handover.Do(t.Context(), s.Engine, "captain", h); err != nil || out[0].Done || out[0].Refused.Code != refusal.CaseMovedOn {
		t.Errorf("%+v %v", out, err)
	}
	s.prove(t)
}

// TestHandOverAfterAPreview: what the preview showed is what goes; other work in the case doesn't stand in its way.
func TestHandOverAfterAPreview(t *testing.T) {
	s := staffed(t)
	s.hire(t, map[office.PersonID]procedure.Actor{"officer3": "officer", "officer4": "officer"})
	worked, reassigned := s.begin(t, "papers", filed...), s.begin(t, "papers", filed...)
	h := handing(worked, reassigned)
	preview, err := handover.Preview(t.Context(), s.Engine, "captain", h)
	if err != nil {
		t.Fatal(err)
	}
	s.take(t, worked, "officer check")
	s.do(t, reassigned, "leader", "hand-over", with("officers=officer,officer4"), why)
	h.Cases = []handover.CaseAt{preview[0].CaseAt, preview[1].CaseAt}
	out, err := handover.Do(t.Context(), s.Engine, "captain", h)
	if err != nil || !out[0].Done || out[1].Done || out[1].Refused.Code != refusal.CaseMovedOn {
		t.Errorf("%+v %v", out, err)
	}
}

// TestHandOverRefusals: who may, and to whom a case may go.
func TestHandOverRefusals(t *testing.T) {
	s := staffed(t)
	s.hire(t, map[office.PersonID]procedure.Actor{"officer3": "officer", "gone": "officer", "captain3": "captain"})
	s.change(t, "gone", func(p *office.Person) { p.Disabled = s.Today() })
	for _, id := range []office.PersonID{"captain", "captain3"} {
		s.change(t, id, func(p *office.Person) { p.Certificates = []office.Certificate{{Number: "130526" + string(id)}} })
	}
	id := s.begin(t, "papers", append(slices.Clone(filed), "officer ask", "captain return-request")...)
	for _, tt := range []struct {
		name string
		who  office.PersonID
		edit func(*handover.Request)
		path string       // of a fault of the wish
		code refusal.Code // of what refuses the case
	}{
		{"as it should be", "captain", func(h *handover.Request) {}, "", ""},
		{"the leader may too", "leader", func(h *handover.Request) {}, "", ""},
		{"not the officer", "officer", func(h *handover.Request) {}, "", refusal.NotYourGate},
		{"not a stranger", "outsider", func(h *handover.Request) {}, "", refusal.NotFound},
		{"to nobody", "captain", func(h *handover.Request) { h.Officers = nil }, "officers", ""},
		{"to a ghost", "captain", func(h *handover.Request) { h.Officers = []office.PersonID{"ghost"} }, "officers", ""},
		{"to who is gone", "captain", func(h *handover.Request) { h.Officers = []office.PersonID{"gone"} }, "officers", ""},
		{"to oneself", "captain", func(h *handover.Request) { h.Officers = []office.PersonID{"officer"} }, "officers", ""},
		{"in charge of nothing", "captain", func(h *handover.Request) { h.InCharge = "officer2" }, "in-charge", ""},
		{"no reason", "captain", func(h *handover.Request) { h.Reason = " " }, "reason", ""},
		{"a reason that can't be printed", "captain", func(h *handover.Request) { h.Reason = "☃" }, "reason", ""},
		{"no case", "captain", func(h *handover.Request) { h.Cases = nil }, "cases", ""},
		{"without a certificate", "captain", func(h *handover.Request) { h.Officers = []office.PersonID{"reviewer"} }, "", "certified"},
		{"nobody to be the second", "captain", func(h *handover.Request) { h.Officers = []office.PersonID{"officer2"} }, "", "certified"},
		{"who has returned its open paper", "leader", func(h *handover.Request) { h.Officers = []office.PersonID{"captain"} }, "", refusal.SeparationOfDuty},
		{"another captain", "leader", func(h *handover.Request) { h.Officers = []office.PersonID{"captain3"} }, "", ""},
	} {
		h := handing(id)
		tt.edit(&h)
		out, err := handover.Preview(t.Context(), s.Engine, tt.who, h)
		switch e := refusal.As(err); {
		case tt.path != "":
			if e == nil || e.Code != refusal.FieldInvalid || e.Fields[0].Path != tt.path {
				t.Errorf("%s: %v", tt.name, err)
			}
		case err != nil || (out[0].Refused == nil) != (tt.code == "") || tt.code != "" && !out[0].Refused.Has(tt.code):
			t.Errorf("%s: %+v %v", tt.name, out, err)
		case tt.code == refusal.NotFound && out[0].Row.ID != 0:
			t.Errorf("%s: the case is shown", tt.name)
		}
	}
	if c := s.snapshot(t, id); !c.Holds("officer", "officer-in-charge") {
		t.Error("a preview moved the case")
	}
}

// TestStranded: what waits for who is gone, or for a role that nobody has, stands with the second of the line; where nobody
// holds that post, with the next above.
func TestStranded(t *testing.T) {
	s := staffed(t)
	s.hire(t, map[office.PersonID]procedure.Actor{"officer3": "officer"})
	charge, beside, open := s.begin(t, "papers", filed...), s.begin(t, "papers", filed...), s.begin(t, "papers")
	s.do(t, beside, "captain", "hand-over", with("officers=officer2,officer", "in-charge=officer2"), why)
	stranded := func(who office.PersonID) []casefile.CaseID {
		t.Helper()
		rows, err := desk.Stranded(s.Engine, who)
		if err != nil {
			t.Fatal(err)
		}
		var ids []casefile.CaseID
		for _, r := range rows {
			ids = append(ids, r.ID)
		}
		slices.Sort(ids)
		return ids
	}
	none := []casefile.CaseID(nil)
	same(t, "before", stranded("captain"), none)
	s.change(t, "officer", func(p *office.Person) { p.Disabled = s.Today().Add(1) })
	same(t, "on the day before", stranded("captain"), none)
	s.on(s.Today().Add(1))
	same(t, "who is in charge is gone", stranded("captain"), []casefile.CaseID{charge})
	same(t, "on the leader's desk", stranded("leader"), none)
	same(t, "on an officer's", stranded("officer2"), none)
	n, by, err := handover.Burden(s.Engine, "officer")
	if err != nil || n != 2 || !slices.Equal(by, []office.PersonID{"captain", "captain2"}) {
		t.Errorf("%d cases, to be handed over by %v: %v", n, by, err)
	}
	s.change(t, "officer2", func(p *office.Person) { p.Disabled = s.Today() })
	same(t, "nobody is left", stranded("captain2"), []casefile.CaseID{charge, beside})
	for _, id := range []office.PersonID{"captain", "captain2"} {
		s.change(t, id, func(p *office.Person) { p.Disabled = s.Today() })
	}
	same(t, "no captain either", stranded("leader"), []casefile.CaseID{charge, beside})
	if !slices.Contains(stranded("leader"), charge) || slices.Contains(stranded("leader"), open) {
		t.Error("what waits for a clerk is no officer's")
	}
	rows, err := handover.InHand(t.Context(), s.Engine, "leader", "officer")
	if err != nil || len(rows) != 2 {
		t.Errorf("in hand: %v %v", rows, err)
	}
}

// TestLastHolderOnEachDay: a post must have a holder on each day from today on that it would have had one without the change.
func TestLastHolderOnEachDay(t *testing.T) {
	for _, tt := range []struct {
		name  string
		other office.Person // a second captain; none without an id
		edit  func(*office.Person, calendar.Date)
		day   int // from today on, of the refusal; -1: none
	}{
		{"the only one, later", office.Person{}, func(p *office.Person, d calendar.Date) { p.Disabled = d.Add(30) }, 30},
		{"the only one's post ends", office.Person{}, func(p *office.Person, d calendar.Date) { p.Posts[0].To = d.Add(9) }, 10},
		{"the only one's post begins later", office.Person{}, func(p *office.Person, d calendar.Date) { p.Posts[0].From = d.Add(3) }, 0},
		{"another stays", office.Person{ID: "second"}, func(p *office.Person, d calendar.Date) { p.Disabled = d.Add(30) }, -1},
		{"another leaves later", office.Person{ID: "second", Disabled: 20}, func(p *office.Person, d calendar.Date) { p.Disabled = d }, 20},
		{"another was there, and is gone", office.Person{ID: "second", Disabled: 1}, func(p *office.Person, d calendar.Date) { p.Disabled = d.Add(5) }, 5},
		{"a new name changes nothing", office.Person{ID: "second", Disabled: 20}, func(p *office.Person, d calendar.Date) { p.Name = "孙国强" }, -1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := withPeople(t)
			today := s.Today()
			if o := tt.other; o.ID != "" {
				if o.Disabled != 0 {
					o.Disabled += today
				}
				o.Name, o.Posts = "吴副", []office.Held{{Post: "captain"}}
				if err := access.KeepPerson(t.Context(), s.Engine, "admin", o, "", 0); err != nil {
					t.Fatal(err)
				}
			}
			p := *s.Office().Person("captain")
			p.Posts = slices.Clone(p.Posts)
			tt.edit(&p, today)
			seq, err := access.PersonSeq(s.Engine, "captain")
			if err != nil {
				t.Fatal(err)
			}
			err = access.KeepPerson(t.Context(), s.Engine, "admin", p, "", seq)
			if tt.day < 0 {
				refusedWith(t, err, "")
				return
			}
			e := refusedWith(t, err, access.LastHolder)
			if got := e.Conditions[0].Args["day"]; got != today.Add(tt.day).String() {
				t.Errorf("nobody from %s on, want %s", got, today.Add(tt.day))
			}
		})
	}
}

// TestMoves: who listens hears of each case that moved, several at once where they are slow, and of the office as case 0.
func TestMoves(t *testing.T) {
	s := staffed(t)
	before := s.Moves()
	l := s.Listen()
	first, second := s.begin(t, "papers", "clerk submit"), s.begin(t, "papers")
	<-l.News()
	ids, count := l.Take()
	if !slices.Equal(ids, []casefile.CaseID{first, second}) || count != before+3 || s.Moves() != count {
		t.Errorf("heard %v at %d, from %d", ids, count, before)
	}
	s.hire(t, map[office.PersonID]procedure.Actor{"officer3": "officer"})
	<-l.News()
	if ids, _ := l.Take(); !slices.Equal(ids, []casefile.CaseID{0}) {
		t.Errorf("the office moved, and %v", ids)
	}
	l.Stop()
	l.Stop()
	s.take(t, second, "clerk submit")
	if ids, _ := l.Take(); len(ids) != 0 {
		t.Errorf("heard %v after it stopped", ids)
	}
}
