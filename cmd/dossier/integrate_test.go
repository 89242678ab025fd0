package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The client and the example of the integrator's guide, written out as they stand, work against the demo county.
func TestIntegratorsGuide(t *testing.T) {
	guide, err := os.ReadFile("../../docs/integrate.md")
	if err != nil {
		t.Fatal(err)
	}
	dir, data := t.TempDir(), demoFolder(t)
	files := regexp.MustCompile("(?s)```python\n# (\\S+)\n(.*?)```").FindAllStringSubmatch(string(guide), -1)
	if len(files) != 2 {
		t.Fatalf("the guide has %d programs", len(files))
	}
	for _, f := range files {
		if err := os.WriteFile(filepath.Join(dir, f[1]), []byte(f[2]), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s := serving(t, "--demo", "--data", data)
	var made struct{ Token string }
	if err := json.Unmarshal([]byte(must(t, "token", "create", "--user", "clerk", "--scope", "write", "--json", "--data", data)), &made); err != nil {
		t.Fatal(err)
	}
	run := exec.Command("python3", filepath.Join(dir, "hotline.py"), s.address, made.Token)
	out, err := run.CombinedOutput()
	for _, want := range []string{"状态 intake", "期限 filing running", "可办 submit-filing 缺 []", "拒绝 422 field-invalid {'text':", "本件在内", "事件 ['note'"} {
		if err != nil || !strings.Contains(string(out), want) {
			t.Fatalf("the example ends with %v and doesn't say %q:\n%s", err, want, out)
		}
	}
	if list := must(t, "token", "list", "--data", data); !strings.Contains(list, "clerk") {
		t.Error(list)
	}
}
