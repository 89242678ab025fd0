package engine_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"dossier/engine/casefile"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
)

var update = flag.Bool("update", false, "write testdata/findings/*.txt instead of comparing")

// Each fact of each story of testdata/findings is moved a day back and a day forward by its correction: the findings are
// those of the story's table, line by line, and they are gone when the day is put right again.
func TestFindingsOfMovedFacts(t *testing.T) {
	files, err := filepath.Glob("../testdata/findings/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no stories: %v", err)
	}
	moved := make(chan procedure.FactID, 1000)
	t.Run("stories", func(t *testing.T) {
		for _, file := range files {
			name := strings.TrimSuffix(filepath.Base(file), ".yaml")
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				table := moveFacts(t, file, moved)
				path := strings.TrimSuffix(file, ".yaml") + ".txt"
				if *update {
					if err := os.WriteFile(path, []byte(table), 0o644); err != nil {
						t.Fatal(err)
					}
				}
				data, err := os.ReadFile(path)
				if err != nil {
					t.Fatal(err)
				}
				want := strings.Split(string(data), "\n")
				for i, have := range strings.Split(table, "\n") {
					if i >= len(want) || have != want[i] {
						t.Errorf("line %d:\n have %s\n want %s", i+1, have, append(want, "nothing")[min(i, len(want))])
					}
				}
			})
		}
	})
	close(moved)
	all := map[procedure.FactID]bool{}
	for f := range moved {
		all[f] = true
	}
	eds, err := brought()
	if err != nil {
		t.Fatal(err)
	}
	for _, ed := range eds {
		if ed.Def.ID != "labour-case" {
			continue
		}
		for _, f := range ed.Def.Facts {
			if !all[f.ID] {
				t.Errorf("no story moves the fact %s of %s", f.ID, ed.Def.ID)
			}
		}
	}
}

// moveFacts plays a story and moves each of its facts; it gives the table.
func moveFacts(t *testing.T, file string, moved chan<- procedure.FactID) string {
	s := newStage(t, brought)
	s.play(t, file)
	sc := read(t, file)
	s.on(sc.Steps[len(sc.Steps)-1].Date.Add(10))
	captain := office.PersonID(sc.People["captain"][0])
	base := s.findings(t, 1)
	correct := func(name, day string) error {
		_, err := s.Do(context.Background(), casefile.Command{Case: 1, Action: "correct-fact", Actor: captain,
			Values: texts("name="+name, "day="+day, "reason=核对原件")})
		return err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n# fact, its day, the day it is moved to: what no longer holds\n", sc.Title)
	counts := map[string]int{} // the setting of each fact that counts, and that a correction mends
	c := s.snapshot(t, 1)
	days := c.Days
	def := s.Workflow(sc.Workflow).Def
	for i, d := range days {
		if _, found := counts[named(d)]; d.Void == 0 && (!found || def.Fact(d.Fact).Keep != procedure.First) {
			counts[named(d)] = i
		}
	}
	for i, d := range days {
		name := named(d)
		if j, ok := counts[name]; !ok || i != j {
			continue
		}
		moved <- d.Fact
		was := d.Day
		if d.Raw != 0 {
			was = d.Raw
		}
		for _, by := range []int{-1, 1} {
			to := was.Add(by)
			fmt.Fprintf(&b, "%-24s %s → %s: ", shown(c, d), was, to.String()[5:])
			if err := correct(name, to.String()); err != nil {
				e := refusal.As(err)
				if e == nil {
					t.Fatal(err)
				}
				fmt.Fprintf(&b, "refused, %s\n", e.Code)
				continue
			}
			now := s.findings(t, 1)
			slices.Sort(now)
			if len(now) == 0 {
				now = []string{"none"}
			}
			fmt.Fprintln(&b, strings.Join(now, "; "))
			if err := correct(name, was.String()); err != nil {
				t.Fatalf("%s put right again: %v", name, err)
			}
			same(t, name+" put right again", s.findings(t, 1), base)
		}
	}
	s.prove(t)
	return b.String()
}

// named is how correct-fact calls a setting: the fact, with # and its key.
func named(d casefile.Day) string {
	if d.Key == "" {
		return string(d.Fact)
	}
	return string(d.Fact) + "#" + d.Key
}

// shown is a setting as the table names it: a document by its form, the second of a form with -2.
func shown(c *casefile.Case, d casefile.Day) string {
	if d.Key == "" {
		return string(d.Fact)
	}
	n, party, _ := strings.Cut(d.Key, "/")
	doc := ""
	for _, x := range c.Issued {
		if fmt.Sprint(x.N) != n {
			continue
		}
		doc = " " + string(x.Form)
		earlier := 0
		for _, y := range c.Issued[:x.N-1] {
			if y.Form == x.Form {
				earlier++
			}
		}
		if earlier > 0 {
			doc += fmt.Sprintf("-%d", earlier+1)
		}
	}
	switch {
	case doc == "" && party == "":
		return string(d.Fact) + " " + d.Key
	case len(c.Shared["respondents"].Rows) > 1:
		return string(d.Fact) + doc + " " + party
	}
	return string(d.Fact) + doc
}
