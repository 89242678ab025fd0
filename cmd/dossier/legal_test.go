package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// The commands of the guide for legal officers, block by block as a shell runs them in the repository, on a folder of this
// test's own.
func TestLegalGuide(t *testing.T) {
	guide, err := os.ReadFile("../../docs/legal.md")
	if err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	data := filepath.Join(t.TempDir(), "dossier")
	must(t, "user", "add", "admin", "--name", "施博", "--post", "admin", "--data", first(t, data))
	m := regexp.MustCompile(`(?m)^labour-case 第(\d+)版`).FindStringSubmatch(must(t, "workflow", "list"))
	if m == nil {
		t.Fatal("the procedures' list has no version of labour-case")
	}
	was, _ := strconv.Atoi(m[1])
	said, blocks := "", strings.Split(string(guide), "```sh\n")[1:]
	for _, block := range blocks {
		block, _, _ = strings.Cut(block, "```")
		script := "set -euo pipefail\ndossier() { \"$DOSSIER_SELF\" \"$@\"; }\n" + strings.ReplaceAll(strings.ReplaceAll(block, "/srv/dossier", data), "| less", "| cat")
		run := exec.Command("bash", "-c", script)
		run.Dir = filepath.Join("..", "..")
		run.Env = append(os.Environ(), asProgram+"=1", "DOSSIER_SELF="+self)
		out, err := run.CombinedOutput()
		if err != nil {
			t.Fatalf("%v\n%s\n%s", err, block, out)
		}
		said += string(out)
	}
	for _, want := range []string{"stateDiagram", fmt.Sprintf("labour-case.yaml: labour-case 第%d版", was+1), fmt.Sprintf("\nlabour-case 第%d版", was+1), "LJ13.yaml: 没有错误", "reg/30"} {
		if !strings.Contains(said, want) {
			t.Errorf("nothing says %q", want)
		}
	}
	if len(blocks) != 5 {
		t.Errorf("%d blocks", len(blocks))
	}
}
