package engine_test

import (
	"strings"
	"testing"

	"dossier/engine/desk"
	"dossier/engine/office"
)

// TestCheck asks the record for papers by their codes and by their files, before and after they are withdrawn.
func TestCheck(t *testing.T) {
	s := staffed(t)
	id := s.begin(t, "papers", filed...)
	first := s.snapshot(t, id).Issued[0]
	file, err := desk.DocumentPDF(s.Engine, office.System, id, 1)
	if err != nil {
		t.Fatal(err)
	}
	ask := func(code string, want desk.Verdict) desk.Checked {
		t.Helper()
		x, err := desk.CheckCode(s.Engine, code)
		if err != nil || x.Verdict != want {
			t.Fatalf("%s: %+v, %v; want %s", code, x, err, want)
		}
		return x
	}
	for _, typed := range []string{first.Code, strings.ToLower(first.Code), " " + strings.ReplaceAll(first.Code, "-", " - ")} {
		if x := ask(typed, desk.Genuine); x.Number != first.Number || x.Day != first.Day || x.Title.ZH == "" || x.Code != first.Code {
			t.Errorf("%q: %+v", typed, x)
		}
	}
	for _, typed := range []string{"", "7", "1-1-AAAA", first.Code + "0", "999-1-" + first.Code[len(first.Code)-4:], strings.Repeat("1", 5000), "𠮷"} {
		if x := ask(typed, desk.NotOurs); x.Case != 0 || x.Number != "" {
			t.Errorf("%q tells %+v", typed, x)
		}
	}
	compare := func(code string, data []byte, altered bool) {
		t.Helper()
		x, err := desk.CheckFile(t.Context(), s.Engine, code, data)
		if err != nil || x.Verdict == desk.NotOurs || x.Altered != altered {
			t.Errorf("%+v, %v; want altered %v", x, err, altered)
		}
	}
	compare(first.Code, file, false)
	compare(first.Code, append(file, ' '), true)
	if code, err := desk.CodeOfFile(t.Context(), s.Engine, file); err != nil || code != first.Code {
		t.Errorf("the file is of %q (%v), want %s", code, err, first.Code)
	}
	if code, err := desk.CodeOfFile(t.Context(), s.Engine, append(file, ' ')); err != nil || code != "" {
		t.Errorf("another file is of %q (%v)", code, err)
	}

	s.do(t, id, "captain", "void-document", with("n=1"), why)
	if x := ask(first.Code, desk.Withdrawn); x.Instead != "" || x.Since == 0 {
		t.Errorf("%+v", x)
	}
	compare(first.Code, file, false)
	s.take(t, id, "officer ask", "leader grant")
	issued := s.snapshot(t, id).Issued
	if last := issued[len(issued)-1]; last.Form == first.Form {
		t.Fatal("the test needs a paper of another kind here")
	}
	ask(first.Code, desk.Withdrawn) // another paper stands in nobody's place
	second := issued[1]
	ask(second.Code, desk.Genuine)
	s.do(t, id, "captain", "void-document", with("n=2"), why)
	ask(second.Code, desk.Withdrawn)
	s.take(t, id, "officer ask", "leader grant")
	if x, issued := ask(second.Code, desk.Replaced), s.snapshot(t, id).Issued; x.Instead != issued[len(issued)-1].Number {
		t.Errorf("%s is replaced by %q, want %s", second.Code, x.Instead, issued[len(issued)-1].Number)
	}
}
