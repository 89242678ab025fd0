package draw_test

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"dossier/engine/draw"
)

// recipe is the written recipe, which other programs are made from.
const recipe = "../../docs/draw.md"

// fenced is the block of the recipe that is marked with the word.
func fenced(t *testing.T, word string) string {
	t.Helper()
	data, err := os.ReadFile(recipe)
	if err != nil {
		t.Fatal(err)
	}
	_, rest, ok := strings.Cut(string(data), "\n```"+word+"\n")
	block, _, closed := strings.Cut(rest, "\n```")
	if !ok || !closed {
		t.Fatalf("%s has no block marked %s", recipe, word)
	}
	return block + "\n"
}

// printed is a draw as the recipe's program prints it.
func printed(t *testing.T, text, seed string) string {
	t.Helper()
	sheet, err := draw.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	r, err := draw.Draw(text, seedOf(t, seed))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	fmt.Fprintln(&b, r.Hash)
	for i, p := range r.Picks {
		name := sheet.Objects[slices.IndexFunc(sheet.Objects, func(o draw.Object) bool { return o.ID == p.Object })].Name
		fmt.Fprintln(&b, strings.Join(append([]string{fmt.Sprint(i + 1), p.Object, name}, p.Team...), "\t"))
	}
	return b.String()
}

func seedOf(t *testing.T, s string) draw.Seed {
	t.Helper()
	seed, err := draw.ParseSeed(s)
	if err != nil {
		t.Fatal(err)
	}
	return seed
}

// The example of the recipe is what is drawn.
func TestExample(t *testing.T) {
	if got, want := printed(t, fenced(t, "sheet"), "2026-12-01/0417"), fenced(t, "result"); got != want {
		t.Errorf("the example's result is\n%swant\n%s", got, want)
	}
}

// Another program, made from the recipe, draws the same: the example, and sheets of every shape.
func TestPython(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		name = filepath.Join(dir, name)
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return name
	}
	write("draw.py", fenced(t, "python"))
	program := "import sys, draw\nfor name, seed in zip(sys.argv[1::2], sys.argv[2::2]):\n" +
		" digest, picks = draw.draw(open(name, 'rb').read(), seed)\n print(digest)\n" +
		" for n, (id, name, team) in enumerate(picks, 1): print(n, id, name, *team, sep='\\t')\n"
	args := []string{write("all.py", program)}
	var want strings.Builder
	for i := range 60 {
		text, seed := fenced(t, "sheet"), fmt.Sprintf("2026-12-01/%04d", i*417)
		if i > 0 {
			text = frozen(t, shape(rand.New(rand.NewPCG(uint64(i), 1))))
		}
		args = append(args, write(fmt.Sprintf("sheet%d.txt", i), text), seed)
		want.WriteString(printed(t, text, seed))
	}
	c := exec.Command("python3", args...)
	c.Env = append(os.Environ(), "PYTHONIOENCODING=utf-8", "PYTHONDONTWRITEBYTECODE=1")
	var out, bad bytes.Buffer
	c.Stdout, c.Stderr = &out, &bad
	if err := c.Run(); err != nil {
		t.Fatalf("%v: %s", err, bad.String())
	}
	if got := out.String(); got != want.String() {
		g, w := strings.Split(got, "\n"), strings.Split(want.String(), "\n")
		for i := range min(len(g), len(w)) {
			if g[i] != w[i] {
				t.Fatalf("line %d: python %q, want %q", i+1, g[i], w[i])
			}
		}
		t.Fatalf("python printed %d lines, want %d", len(g), len(w))
	}
}

func frozen(t *testing.T, s *draw.Sheet) string {
	t.Helper()
	text, err := s.Freeze()
	if err != nil {
		t.Fatalf("%v\n%+v", err, s)
	}
	return text
}

// shape is a sheet of some shape that can be drawn.
func shape(r *rand.Rand) *draw.Sheet {
	s := &draw.Sheet{Plan: "计划/2026", Staff: 2 + r.IntN(2), Trip: 1 + r.IntN(3)}
	for i := range s.Staff + 1 + r.IntN(4) {
		s.Officers = append(s.Officers, draw.Officer{ID: fmt.Sprintf("o%d", i), Name: fmt.Sprintf("检查员%d", i)})
	}
	marks := map[string]int{}
	for i := range 5 + r.IntN(60) {
		o := draw.Object{ID: fmt.Sprintf("u%03d", r.IntN(1000)*100+i), Name: fmt.Sprintf("单位%d", i), Risk: []string{"", "A", "C", "D"}[r.IntN(4)], Visits: r.IntN(4)}
		for _, m := range []string{"irregular", "composite"} {
			if r.IntN(3) == 0 {
				o.Marks = append(o.Marks, m)
				if o.Visits < 3 {
					marks[m]++
				}
			}
		}
		s.Objects = append(s.Objects, o)
	}
	free := 0
	for _, o := range s.Objects {
		if o.Visits < 3 {
			free++
		}
		for i := range s.Officers[:len(s.Officers)-s.Staff] {
			if r.IntN(6) == 0 {
				s.Officers[i].Recused = append(s.Officers[i].Recused, o.ID)
			}
		}
	}
	s.Ceiling, s.Count = 3, 1+r.IntN(max(free, 1))
	if free == 0 {
		s.Exempt = "上级交办"
	}
	if r.IntN(2) == 0 {
		s.Risks = []draw.Risk{{Grade: "C", Tickets: 2}, {Grade: "D", Tickets: 1 + r.IntN(9)}}
	}
	for _, m := range []string{"irregular", "composite"} {
		if r.IntN(2) == 0 {
			s.Strata = append(s.Strata, draw.Stratum{Mark: m, Count: (marks[m] + 1) / 2})
		}
	}
	if r.IntN(2) == 0 {
		s.Last = []string{"o0", "o1"}
	}
	return s
}

// Whatever is drawn keeps to its sheet.
func TestKeepsToTheSheet(t *testing.T) {
	for i := range 300 {
		s := shape(rand.New(rand.NewPCG(uint64(i), 2)))
		text := frozen(t, s)
		r, err := draw.Draw(text, seedOf(t, "2026-12-01/7"))
		if err != nil {
			t.Fatal(err)
		}
		if again, _ := draw.Draw(text, seedOf(t, "2026-12-01/7")); fmt.Sprint(again) != fmt.Sprint(r) {
			t.Fatalf("%d: drawn again it is another", i)
		}
		object := func(id string) draw.Object {
			return s.Objects[slices.IndexFunc(s.Objects, func(o draw.Object) bool { return o.ID == id })]
		}
		marked, seen := map[string]int{}, map[string]bool{}
		last := s.Last
		for at, p := range r.Picks {
			o := object(p.Object)
			if seen[o.ID] {
				t.Errorf("%d: %s is drawn twice", i, o.ID)
			}
			seen[o.ID] = true
			for _, m := range o.Marks {
				marked[m]++
			}
			if s.Exempt == "" && o.Visits >= s.Ceiling {
				t.Errorf("%d: %s had %d visits, the ceiling is %d", i, o.ID, o.Visits, s.Ceiling)
			}
			if len(p.Team) != s.Staff {
				t.Errorf("%d: a team of %d, want %d", i, len(p.Team), s.Staff)
			}
			free := 0
			for _, x := range s.Officers {
				recused := slices.Contains(x.Recused, o.ID)
				if recused && slices.Contains(p.Team, x.ID) {
					t.Errorf("%d: %s is recused from %s", i, x.ID, o.ID)
				}
				if !recused {
					free++
				}
			}
			sorted := func(ids []string) string { return strings.Join(slices.Sorted(slices.Values(ids)), " ") }
			if s.Trip == 1 && free > s.Staff && sorted(p.Team) == sorted(last) {
				t.Errorf("%d: the team %v goes out twice in a row at %d", i, p.Team, at)
			}
			last = p.Team
		}
		for _, st := range s.Strata {
			if marked[st.Mark] < st.Count {
				t.Errorf("%d: %d of %s, want at least %d", i, marked[st.Mark], st.Mark, st.Count)
			}
		}
		if len(r.Picks) < s.Count {
			t.Errorf("%d: %d drawn, want %d", i, len(r.Picks), s.Count)
		}
	}
}

// plain is a sheet of n objects and m officers, of which one is drawn.
func plain(n, m int) *draw.Sheet {
	s := &draw.Sheet{Plan: "p", Count: 1, Staff: 2, Trip: 1}
	for i := range n {
		s.Objects = append(s.Objects, draw.Object{ID: fmt.Sprintf("u%03d", i), Name: fmt.Sprintf("单位%d", i)})
	}
	for i := range m {
		s.Officers = append(s.Officers, draw.Officer{ID: fmt.Sprintf("o%d", i), Name: fmt.Sprintf("检查员%d", i)})
	}
	return s
}

// Each object and each officer is as likely as another, and one with four tickets four times as likely. The seeds are fixed.
func TestFair(t *testing.T) {
	s := plain(10, 4)
	s.Risks, s.Objects[3].Risk = []draw.Risk{{Grade: "D", Tickets: 4}}, "D"
	text := frozen(t, s)
	objects, officers := map[string]int{}, map[string]int{}
	const draws = 13_000
	for i := range draws {
		r, err := draw.Draw(text, draw.Seed{Day: seedOf(t, "2026-12-01/1").Day, Number: fmt.Sprint(i)})
		if err != nil {
			t.Fatal(err)
		}
		objects[r.Picks[0].Object]++
		for _, id := range r.Picks[0].Team {
			officers[id]++
		}
	}
	near := func(what string, got, want int) {
		if got < want*85/100 || got > want*115/100 {
			t.Errorf("%s was drawn %d times of %d, want about %d", what, got, draws, want)
		}
	}
	for i, o := range s.Objects {
		near(o.ID, objects[o.ID], draws/13*[]int{1, 4}[min(1, boolInt(i == 3))])
	}
	for _, o := range s.Officers {
		near(o.ID, officers[o.ID], draws/2)
	}
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// What can't be drawn is refused before it is frozen, with what is wrong.
func TestFaults(t *testing.T) {
	for _, test := range []struct {
		name string
		do   func(*draw.Sheet)
		code draw.Code
		of   string
	}{
		{"good", func(*draw.Sheet) {}, "", ""},
		{"nobody", func(s *draw.Sheet) { s.Objects = nil }, draw.Empty, ""},
		{"larger than its population", func(s *draw.Sheet) { s.Count = 6 }, draw.Larger, ""},
		{"larger than what has not reached the ceiling", func(s *draw.Sheet) { s.Count, s.Ceiling, s.Objects[0].Visits = 5, 1, 1 }, draw.Larger, ""},
		{"an exemption lifts the ceiling", func(s *draw.Sheet) {
			s.Count, s.Ceiling, s.Objects[0].Visits, s.Exempt = 5, 1, 1, "冀人社函〔2026〕9号"
		}, "", ""},
		{"more of a stratum than there are", func(s *draw.Sheet) { s.Strata = []draw.Stratum{{"irregular", 1}} }, draw.Larger, "irregular"},
		{"a code twice", func(s *draw.Sheet) { s.Objects[1].ID = "u000" }, draw.Twice, "u000"},
		{"no code", func(s *draw.Sheet) { s.Objects[1].ID = "" }, draw.Nameless, "单位1"},
		{"no name", func(s *draw.Sheet) { s.Objects[1].Name = "" }, draw.Nameless, "u001"},
		{"a tab", func(s *draw.Sheet) { s.Objects[1].Name = "甲\t乙" }, draw.BadText, "甲"},
		{"not UTF-8", func(s *draw.Sheet) { s.Objects[1].Name = "\xc8\xce\xcf\xd8" }, draw.BadText, ""},
		{"no object asked for", func(s *draw.Sheet) { s.Count = 0 }, draw.BadCount, "count 0"},
		{"one officer", func(s *draw.Sheet) { s.Officers = s.Officers[:1] }, draw.NoStaff, ""},
		{"a team of one", func(s *draw.Sheet) { s.Staff = 1 }, draw.BadCount, "staff 1"},
		{"one officer not recused", func(s *draw.Sheet) { s.Officers[0].Recused, s.Officers[1].Recused = []string{"u002"}, []string{"u002"} }, draw.NoStaff, "单位2"},
		{"an officer twice", func(s *draw.Sheet) { s.Officers[1].ID = "o0" }, draw.Twice, "o0"},
		{"recused from nobody", func(s *draw.Sheet) { s.Officers[1].Recused = []string{"u900"} }, draw.NotThere, "u900"},
		{"a weight of nothing", func(s *draw.Sheet) { s.Risks = []draw.Risk{{"A", 0}} }, draw.BadCount, "risk A"},
		{"a redraw without a reason", func(s *draw.Sheet) { s.After = "abc" }, draw.NoReason, ""},
		{"something kept of nothing", func(s *draw.Sheet) { s.Keep = []draw.Keep{{Object: "u000"}} }, draw.NoReason, ""},
		{"a redraw of nothing", func(s *draw.Sheet) {
			s.After, s.Reason, s.Keep = "abc", "停业", []draw.Keep{{"u000", []string{"o0", "o1"}}}
		}, draw.NothingChanges, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := plain(5, 3)
			test.do(s)
			text, err := s.Freeze()
			var f *draw.Fault
			if test.code == "" {
				if err != nil || text == "" {
					t.Errorf("refused: %v", err)
				}
				return
			}
			if !errors.As(err, &f) || f.Code != test.code || !strings.Contains(f.Of, test.of) {
				t.Errorf("%v, want %s of %q", err, test.code, test.of)
			}
		})
	}
}

func TestSeeds(t *testing.T) {
	for _, good := range []string{"2026-12-01/0417", "2026-02-28/0"} {
		if got := seedOf(t, good).String(); got != good {
			t.Errorf("%s reads as %s", good, got)
		}
	}
	for _, bad := range []string{"", "0417", "2026-12-01", "2026-12-01/", "2026-02-30/1", "2026-12-01/４１７", "2026-12-01/4 17", "2026-12-01/" + strings.Repeat("1", 65)} {
		if s, err := draw.ParseSeed(bad); err == nil {
			t.Errorf("%q reads as %s", bad, s)
		}
	}
}

// A redraw leaves what holds, draws for what doesn't, and never draws what is out.
func TestRedraw(t *testing.T) {
	s := plain(20, 5)
	s.Count = 6
	text := frozen(t, s)
	first, err := draw.Draw(text, seedOf(t, "2026-12-01/1"))
	if err != nil {
		t.Fatal(err)
	}
	out, ill := first.Picks[2].Object, first.Picks[4].Team[0]
	if _, err := s.Again(first, " "); err == nil {
		t.Error("a redraw without a reason is taken")
	}
	if _, err := s.Again(first, "停业", "u900"); err == nil {
		t.Error("a redraw without somebody who isn't there is taken")
	}
	next, err := s.Again(first, "一户停业，一人病假", out, ill)
	if err != nil {
		t.Fatal(err)
	}
	text = frozen(t, next)
	second, err := draw.Draw(text, seedOf(t, "2026-12-02/2"))
	if err != nil {
		t.Fatal(err)
	}
	if len(second.Picks) != 6 || next.After != first.Hash {
		t.Fatalf("%d drawn after %s, want 6 after %s", len(second.Picks), next.After, first.Hash)
	}
	for _, p := range second.Picks {
		if p.Object == out || slices.Contains(p.Team, ill) {
			t.Errorf("%s with %v: what is out is drawn", p.Object, p.Team)
		}
		at := slices.IndexFunc(first.Picks, func(q draw.Pick) bool { return q.Object == p.Object })
		if at >= 0 && !slices.Contains(first.Picks[at].Team, ill) && !slices.Equal(first.Picks[at].Team, p.Team) {
			t.Errorf("%s: the team %v became %v", p.Object, first.Picks[at].Team, p.Team)
		}
		if p.Kept != (at >= 0) {
			t.Errorf("%s: kept is %v", p.Object, p.Kept)
		}
	}
	whole, err := s.Again(first, "抽取时有人未到场")
	if err != nil {
		t.Fatal(err)
	}
	if text := frozen(t, whole); len(whole.Keep) > 0 || !strings.Contains(text, "after\t"+first.Hash+"\t抽取时有人未到场\n") {
		t.Errorf("a redraw of all is\n%s", text)
	}
}

// One bit of the sheet or of the seed makes another draw; what is no sheet is refused.
func TestAnotherSheet(t *testing.T) {
	text := fenced(t, "sheet")
	first := printed(t, text, "2026-12-01/0417")
	for _, seed := range []string{"2026-12-01/417", "2026-12-02/0417"} {
		if printed(t, text, seed) == first {
			t.Errorf("the seed %s draws the same", seed)
		}
	}
	for _, bad := range []string{"", text[:len(text)-1], text + "\n", strings.ReplaceAll(text, "\n", "\r\n"), strings.Replace(text, "count\t4", "count\t04", 1),
		strings.Replace(text, "trip\t1\n", "", 1), strings.Replace(text, "dossier-draw\t1", "dossier-draw\t2", 1), text + "object\t1\t单位\t\t0\n", text + "colour\tred\n"} {
		if _, err := draw.Draw(bad, seedOf(t, "2026-12-01/1")); err == nil {
			t.Errorf("taken as a sheet: %q", bad)
		}
	}
}

func FuzzParse(f *testing.F) {
	data, err := os.ReadFile(recipe)
	if err != nil {
		f.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(data), "\n```sheet\n")
	text, _, _ := strings.Cut(rest, "\n```")
	f.Add(text + "\n")
	f.Add("dossier-draw\t1\nplan\tp\ncount\t1\nstaff\t2\ntrip\t1\nofficer\ta\tA\nofficer\tb\tB\nobject\tu\tU\t\t0\n")
	f.Fuzz(func(t *testing.T, text string) {
		s, err := draw.Parse(text)
		if err != nil {
			return
		}
		if again, err := s.Freeze(); err != nil || again != text {
			t.Fatalf("a sheet reads as another: %v", err)
		}
		if s.Count < 200 {
			if _, err := draw.Draw(text, seedOf(t, "2026-12-01/1")); err != nil {
				t.Fatalf("a frozen sheet can't be drawn: %v", err)
			}
		}
	})
}

func BenchmarkDraw(b *testing.B) {
	s := plain(5000, 12)
	s.Count = 1500
	text, err := s.Freeze()
	if err != nil {
		b.Fatal(err)
	}
	seed, _ := draw.ParseSeed("2026-12-01/1")
	for b.Loop() {
		if _, err := draw.Draw(text, seed); err != nil {
			b.Fatal(err)
		}
	}
}
