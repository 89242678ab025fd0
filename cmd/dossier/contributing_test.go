package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The walk in CONTRIBUTING.md: its files, written into a folder as they stand, make a procedure that is checked, listed and
// played as its command lines say; and a guard stands in each of the places that it names.
func TestContributing(t *testing.T) {
	guide, err := os.ReadFile("../../CONTRIBUTING.md")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	files := regexp.MustCompile("(?s)```yaml\n# (\\S+)\n(.*?)```").FindAllStringSubmatch(string(guide), -1)
	for _, f := range files {
		name := filepath.Join(dir, filepath.FromSlash(f[1]))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(f[2]), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	commands := regexp.MustCompile(`(?m)^dossier (.*)$`).FindAllStringSubmatch(string(guide), -1)
	if len(files) != 6 || len(commands) != 3 {
		t.Fatalf("the walk has %d files and %d commands", len(files), len(commands))
	}
	said := ""
	for _, c := range commands {
		said += must(t, strings.Fields(strings.ReplaceAll(c[1], "DATA", dir))...)
	}
	for _, want := range []string{"RW01.yaml: 没有错误", "reward 第1版", "pay ✗ staff", "cashier    pay                          paid"} {
		if !strings.Contains(said, want) {
			t.Errorf("nothing says %q:\n%s", want, said)
		}
	}
	refused(t, []string{"--data", "没有这个目录"}, "play", "--data", filepath.Join(dir, "none"), filepath.Join(dir, "reward-paid.yaml"))
	_, guard, _ := strings.Cut(string(guide), "## 加一个条件")
	places := regexp.MustCompile("(?m)^\\| `([^`]+)`").FindAllStringSubmatch(guard, -1)
	if len(places) != 5 {
		t.Fatalf("a guard has %d places", len(places))
	}
	for _, p := range places {
		if text, err := os.ReadFile(filepath.Join("../..", p[1])); err != nil || !strings.Contains(string(text), "all-items") {
			t.Errorf("all-items isn't in %s (%v)", p[1], err)
		}
	}
}
