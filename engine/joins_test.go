package engine_test

import (
	"testing"

	"dossier/engine/casefile"
	"dossier/engine/desk"
	"dossier/engine/office"
	"dossier/engine/refusal"
)

// A merger takes evidence and workers over into the other case and links the two; what was issued stays where it is.
func TestJoin(t *testing.T) {
	s := newStage(t, scratch)
	s.play(t, "testdata/play/late.yaml")
	into, from := s.snapshot(t, 1), s.snapshot(t, 2)
	if len(into.Files) != 1 || into.Files[0].SHA256 != from.Files[0].SHA256 || into.Files[0].N != 1 {
		t.Errorf("files %v, want that of the other case", into.Files)
	}
	links := func(c *casefile.Case) string {
		if len(c.Links) != 1 {
			return ""
		}
		return c.Links[0].How
	}
	if links(into) != "merged" || links(from) != "merged-into" {
		t.Errorf("links %v and %v", into.Links, from.Links)
	}
	for _, d := range into.Issued {
		if aside := d.Void != 0; aside != (d.Form == "S11") {
			t.Errorf("document %d, %s: set aside is %v; decisions are, payments are not", d.N, d.Form, aside)
		}
	}
}

// Who was replaced for an interest in a case finds it nowhere.
func TestBarred(t *testing.T) {
	s := newStage(t, scratch)
	s.play(t, "testdata/play/late.yaml")
	if _, err := desk.View(s.Engine, "李察", 2); refusal.As(err) == nil || refusal.As(err).Code != refusal.NotFound {
		t.Errorf("the case is shown to who was replaced: %v", err)
	}
	for who, want := range map[office.PersonID]int{"李察": 2, "赵办": 3} {
		page, err := desk.Find(s.Engine, who, desk.Query{Workflow: "late"})
		if err != nil || len(page.Rows) != want {
			t.Errorf("%s finds %d cases, want %d (%v)", who, len(page.Rows), want, err)
		}
	}
}
