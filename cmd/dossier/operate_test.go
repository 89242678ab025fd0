package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Every command line of the operator's guide does what it says, in its order, on a folder of this test's own.
func TestOperatorsGuide(t *testing.T) {
	guide, err := os.ReadFile("../../docs/operate.md")
	if err != nil {
		t.Fatal(err)
	}
	root := t.TempDir()
	data := filepath.Join(root, "dossier")
	must(t, "user", "add", "admin", "--name", "施博", "--post", "admin", "--data", first(t, data))
	if err := os.Mkdir(filepath.Join(root, "backup"), 0o700); err != nil {
		t.Fatal(err)
	}
	places := strings.NewReplacer("/srv/dossier", data, "/srv/drill", filepath.Join(root, "drill"), "/backup/", filepath.Join(root, "backup")+"/")
	ran := 0
	for _, block := range strings.Split(string(guide), "```sh\n")[1:] {
		block, _, _ = strings.Cut(block, "```")
		for _, line := range strings.Split(block, "\n") {
			line, _, _ = strings.Cut(line, "  #")
			line, is := strings.CutPrefix(strings.TrimSpace(line), "dossier ")
			if !is {
				continue
			}
			must(t, strings.Fields(places.Replace(line))...)
			ran++
		}
	}
	if ran < 14 {
		t.Errorf("only %d commands of the guide were run", ran)
	}
}

// first makes the folder as its first start does.
func first(t *testing.T, dir string) string {
	t.Helper()
	serving(t, "--data", dir).stop()
	return dir
}
