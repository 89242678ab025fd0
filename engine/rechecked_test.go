package engine_test

import (
	"encoding/json"
	"maps"
	"slices"
	"testing"

	"dossier/engine/access"
	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/change"
	"dossier/engine/desk"
	"dossier/engine/ledger"
	"dossier/engine/office"
	"dossier/engine/procedure"
)

// restaff writes a person of the stage's office anew.
func (s *stage) restaff(t testing.TB, id office.PersonID, changes func(*office.Person)) {
	t.Helper()
	p := *s.Office().Person(id)
	changes(&p)
	data, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	seq, err := access.PersonSeq(s.Engine, id)
	if err != nil {
		t.Fatal(err)
	}
	if err := change.KeepRecords(t.Context(), s.Engine, ledger.RecordWrite{Kind: ledger.KindPerson, ID: string(id), Read: seq, Data: data, Ledgered: true}); err != nil {
		t.Fatal(err)
	}
}

// last is the case's last event.
func (s *stage) last(t testing.TB, id casefile.CaseID) casefile.Event {
	t.Helper()
	evs, err := desk.Events(s.Engine, office.System, id, s.snapshot(t, id).Seq-1)
	if err != nil || len(evs) != 1 {
		t.Fatalf("%d events, %v", len(evs), err)
	}
	return evs[0]
}

// A certificate that turns out to have expired leaves a finding on each open case that rests on it; it goes when the
// certificate is found to be good after all. What no case rests on leaves nothing.
func TestCertificateExpired(t *testing.T) {
	s := newStage(t, brought)
	s.play(t, "../testdata/labour-waived.yaml")
	before := s.snapshot(t, 1).Seq
	s.restaff(t, "钱审", func(p *office.Person) { p.Certificates = []office.Certificate{{Number: "1"}} })
	s.restaff(t, "李察", func(p *office.Person) { p.Phone = "0319-7518633" })
	if n := s.snapshot(t, 1).Seq; n != before {
		t.Fatalf("%d events for what nothing rests on", n-before)
	}
	kept := s.Office().Person("李察").Certificates
	s.restaff(t, "李察", func(p *office.Person) {
		p.Certificates = []office.Certificate{{Number: kept[0].Number, To: calendar.Of(2026, 3, 5)}}
	})
	if got := s.findings(t, 1); !slices.Equal(got, []string{"approve-filing certified"}) {
		t.Errorf("after the certificate ran out: %v", got)
	}
	if ev := s.last(t, 1); ev.Action != casefile.Rechecked || ev.Actor != office.System || len(ev.Findings) != 1 {
		t.Errorf("the event is %s by %s with %d findings", ev.Action, ev.Actor, len(ev.Findings))
	}
	s.restaff(t, "李察", func(p *office.Person) { p.Certificates = kept })
	if got := s.findings(t, 1); len(got) != 0 {
		t.Errorf("after the certificate was good again: %v", got)
	}
	s.prove(t)
}

// A case that is over is not asked again.
func TestEndedCaseStays(t *testing.T) {
	s := newStage(t, brought)
	s.play(t, "../testdata/labour-fine-paid.yaml")
	before := s.snapshot(t, 1).Seq
	s.restaff(t, "李察", func(p *office.Person) { p.Certificates = nil })
	if n := s.snapshot(t, 1).Seq; n != before {
		t.Errorf("%d events on a case that is over", n-before)
	}
}

// reschedule loads the schedule of 2026 with a day more or less off.
func (s *stage) reschedule(t testing.TB, off, work calendar.Date) {
	t.Helper()
	year, _ := s.Office().Calendar.Schedule(2026)
	year.Off = slices.Clone(year.Off)
	for i := range year.Off {
		year.Off[i].Dates = slices.DeleteFunc(slices.Clone(year.Off[i].Dates), func(d calendar.Date) bool { return d == work })
	}
	if off != 0 {
		year.Off = append(year.Off, calendar.Holiday{Name: "临时放假", Dates: []calendar.Date{off}})
	}
	if _, err := change.LoadSchedule(t.Context(), s.Engine, "", year); err != nil {
		t.Fatal(err)
	}
}

// A schedule that changes moves the due days of open cases; what is late by the new one becomes a finding.
func TestScheduleChanged(t *testing.T) {
	s := newStage(t, brought)
	s.play(t, "../testdata/labour-waived.yaml")
	s.reschedule(t, calendar.Of(2026, 4, 8), 0)
	want := []procedure.Cells{{"clock": "decision", "was": "2026-04-13", "now": "2026-04-14"}}
	if ev := s.last(t, 1); ev.Action != casefile.Rechecked || !slices.EqualFunc(ev.Values["moved"].Rows, want, maps.Equal) {
		t.Errorf("the event is %s, moved %v, want %v", ev.Action, ev.Values["moved"].Rows, want)
	}
	s.prove(t)

	s = newStage(t, brought)
	s.play(t, "../testdata/labour-service.yaml")
	s.reschedule(t, 0, calendar.Of(2026, 4, 6))
	if got := s.findings(t, 1); !slices.Equal(got, []string{"record-service clock-expired"}) {
		t.Errorf("a day that is worked after all: %v", got)
	}
	s.reschedule(t, calendar.Of(2026, 4, 6), 0)
	if got := s.findings(t, 1); len(got) != 0 {
		t.Errorf("the day is off again: %v", got)
	}
}
