package engine_test

import (
	"os"
	"strings"
	"testing"

	"dossier/documents"
	"dossier/engine"
	"dossier/engine/casefile"
	"dossier/engine/change"
	"dossier/engine/desk"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
	"dossier/engine/verify"
	"dossier/store/bolt"
	"dossier/workflows"
)

// versionTwo reads the papers' procedure with these texts, "old → new", replaced, as version 2.
func versionTwo(t *testing.T, changes ...string) *procedure.Edition {
	t.Helper()
	data, err := os.ReadFile("testdata/procedures/papers.yaml")
	if err != nil {
		t.Fatal(err)
	}
	source := string(data)
	for _, x := range append([]string{"version: 1 → version: 2"}, changes...) {
		old, now, _ := strings.Cut(x, " → ")
		if !strings.Contains(source, old) {
			t.Fatalf("the procedure has no %q", old)
		}
		source = strings.ReplaceAll(source, old, now)
	}
	forms, err := documents.Load(os.DirFS("testdata/forms"))
	if err != nil {
		t.Fatal(err)
	}
	l, err := workflows.Open("papers.yaml", []byte(source), forms)
	if err != nil {
		t.Fatal(err)
	}
	return l.With(forms)
}

// upgrade starts the stage's engine again with another edition beside those that it has.
func (s *stage) upgrade(t *testing.T, ed *procedure.Edition) {
	t.Helper()
	c := s.Config
	c.Editions = append(c.Editions[:len(c.Editions):len(c.Editions)], ed)
	e, err := engine.New(c)
	if err != nil {
		t.Fatal(err)
	}
	s.Engine = e
}

// versions are what moving to the present version would do.
func (s *stage) versions(t *testing.T) []change.Move {
	t.Helper()
	before := s.dump(t)
	moves, err := change.PreviewVersion(t.Context(), s.Engine, "outsider", "papers")
	if err != nil {
		t.Fatal(err)
	}
	if s.dump(t) != before {
		t.Error("the preview changed the store")
	}
	return moves
}

func (s *stage) toVersion2(t *testing.T, id casefile.CaseID, seq uint64) (bool, error) {
	t.Helper()
	return change.MoveVersion(t.Context(), s.Engine, "outsider", id, seq, "责任清单修订")
}

// Cases are moved one by one to a version whose clock is longer. What the timer owes is done first; the case that has
// moved on since it was looked at is refused and doesn't stop the others; a second press does nothing; the record proves.
func TestMoveToANewVersion(t *testing.T) {
	s := staffed(t)
	s.begin(t, "papers")
	s.begin(t, "papers", "clerk submit")
	s.begin(t, "papers", append(filed[:3:3], "officer wait")...)
	done := s.begin(t, "papers", append(filed[:3:3], "officer finish")...)
	s.on(day(t, "03-05"))
	s.upgrade(t, versionTwo(t, "within: 5 workdays, from: received → within: 8 workdays, from: received", "{zh: 报批, en: Submit} → {zh: 送批, en: Send up}"))
	if v := s.snapshot(t, done); v.Ended == 0 {
		t.Fatal("the fourth case is to be over")
	}
	moves := s.versions(t)
	same(t, "preview", movedTo(moves), []string{"1: approval 2026-03-09 → 2026-03-12", "2: approval 2026-03-09 → 2026-03-12", "3: "})

	s.do(t, 2, "reviewer", "pass") // meanwhile
	for _, m := range moves {
		moved, err := s.toVersion2(t, m.Row.ID, m.Seq)
		switch e := refusal.As(err); {
		case m.Row.ID == 2 && (e == nil || e.Code != refusal.CaseMovedOn || moved):
			t.Errorf("case 2 has moved on: %v, %v", moved, err)
		case m.Row.ID != 2 && (!moved || err != nil):
			t.Errorf("case %d: %v, %v", m.Row.ID, moved, err)
		}
	}
	same(t, "what is left", movedTo(s.versions(t)), []string{"2: approval 2026-03-09 → 2026-03-12"})
	before := s.dump(t)
	if moved, err := s.toVersion2(t, 1, moves[0].Seq); moved || err != nil {
		t.Errorf("pressed again: %v, %v", moved, err)
	}
	if moved, err := s.toVersion2(t, done, 0); moved || refusal.As(err) == nil {
		t.Errorf("a case that is over: %v, %v", moved, err)
	}
	if s.dump(t) != before {
		t.Error("what moved nothing changed the store")
	}
	ev := s.last(t, 1)
	if ev.Action != casefile.VersionMoved || ev.Actor != "outsider" || ev.As != office.Admin || ev.Adopts.Version != 2 ||
		ev.Values["from"].Text != "1" || ev.Values["to"].Text != "2" || ev.Values["reason"].Text != "责任清单修订" {
		t.Errorf("the event: %+v", ev)
	}
	s.do(t, 1, "clerk", "submit")
	titles := []string{}
	steps, err := desk.History(t.Context(), s.Engine, office.System, 1)
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range steps {
		titles = append(titles, x.Title.ZH)
	}
	same(t, "history of case 1", titles, []string{"登记", "转到新版程序", "送批"})
	same(t, "clock of case 1", movedTo([]change.Move{{Clocks: steps[1].Clocks}}), []string{"0: approval 2026-03-09 → 2026-03-12"})
	if steps, err = desk.History(t.Context(), s.Engine, office.System, 2); err != nil || steps[1].Title.ZH != "报批" {
		t.Errorf("case 2 is told by its own version: %q, %v", steps[1].Title.ZH, err)
	}
	s.prove(t)
	into, err := bolt.Open(t.TempDir(), bolt.Options{Create: true, Owner: t.Name()})
	if err != nil {
		t.Fatal(err)
	}
	defer into.Close()
	if report, err := verify.Run(t.Context(), s.Engine, into, nil); err != nil || !report.Whole() {
		t.Errorf("verify: %v, %+v", err, report.Flaws)
	}
}

// What the new version lacks of a case is told, all at once, and the case stays where it is.
func TestCaseThatCantMove(t *testing.T) {
	tests := []struct {
		name    string
		changes []string
		want    string
	}{
		{"state and clock", []string{"state: waiting → state: pausing", "to: waiting → to: pausing", "comment: → remark:"}, "1: state? waiting; clock? comment"},
		{"fact", []string{"agreed: → granted:", "from: agreed → from: granted", "[agreed] → [granted]", "after: agreed → after: granted", "fact: agreed → fact: granted"}, "1: fact? agreed"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := staffed(t)
			s.begin(t, "papers", append(filed[:3:3], "officer wait")...)
			s.upgrade(t, versionTwo(t, tt.changes...))
			same(t, "preview", movedTo(s.versions(t)), []string{tt.want})
			before := s.dump(t)
			moved, err := s.toVersion2(t, 1, 0)
			if e := refusal.As(err); moved || e == nil || e.Code != refusal.ConditionUnmet {
				t.Errorf("moved %v, %v", moved, err)
			}
			if s.dump(t) != before {
				t.Error("a refused move changed the store")
			}
		})
	}
}

// A shorter clock opens a finding on what was done later than it allows; an answer stays with its finding when guards are
// put in another order; who isn't the administrator moves nothing; a reason is asked.
func TestVersionOpensFindings(t *testing.T) {
	s := staffed(t)
	s.begin(t, "papers", "clerk submit", "reviewer pass")
	s.on(day(t, "03-05"))
	s.take(t, 1, "captain approve")
	s.upgrade(t, versionTwo(t, "within: 5 workdays, from: received → within: 2 workdays, from: received"))
	same(t, "preview", movedTo(s.versions(t)), []string{"1: +approve clock-expired"})
	if _, err := change.MoveVersion(t.Context(), s.Engine, "captain", 1, 0, "修订"); refusal.As(err) == nil || refusal.As(err).Code != refusal.Forbidden {
		t.Errorf("a captain moves a case: %v", err)
	}
	if _, err := change.MoveVersion(t.Context(), s.Engine, "outsider", 1, 0, " "); refusal.As(err) == nil || refusal.As(err).Code != refusal.FieldInvalid {
		t.Errorf("without a reason: %v", err)
	}
	if moved, err := s.toVersion2(t, 1, 0); !moved || err != nil {
		t.Fatal(moved, err)
	}
	same(t, "findings", s.findings(t, 1), []string{"approve clock-expired"})
	s.do(t, 1, "captain", "answer-finding", with("finding=approve", "reason=按旧程序办理"))
	three := versionTwo(t, "version: 2 → version: 3", "within: 5 workdays, from: received → within: 2 workdays, from: received",
		"          - {certified: {people: officers, at-least: 2}}\n          - {not-after-due: approval, blocks: false}\n → "+
			"          - {not-after-due: approval, blocks: false}\n          - {certified: {people: officers, at-least: 2}}\n")
	s.upgrade(t, three)
	if moved, err := s.toVersion2(t, 1, 0); !moved || err != nil {
		t.Fatal(moved, err)
	}
	same(t, "findings that wait for an answer", s.findings(t, 1), []string{})
	if fs := s.snapshot(t, 1).Findings; len(fs) != 1 || fs[0].Guard != 0 || fs[0].Answered == 0 {
		t.Errorf("findings %+v, want the answered one at its new place", fs)
	}
	s.prove(t)
}
