package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestCheckCommand prints a paper of the demo county and asks whether it is genuine: as it is, by its code, and changed.
func TestCheckCommand(t *testing.T) {
	data := demoFolder(t)
	file := filepath.Join(t.TempDir(), "paper.pdf")
	must(t, "print", "1", "1", "-o", file, "--data", data)
	out := must(t, "check", file, "--data", data)
	_, code, ok := strings.Cut(strings.TrimSpace(out), "凭据码　")
	if !ok || !strings.HasPrefix(out, "真实有效\n") || !strings.HasPrefix(code, "1-1-") {
		t.Fatalf("got %q", out)
	}
	if out := must(t, "check", strings.ToLower(code), "--json", "--data", data); !strings.Contains(out, `"verdict":"genuine"`) || !strings.Contains(out, `"altered":false`) {
		t.Errorf("got %s", out)
	}
	pdf, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		data []byte
		want string
	}{
		"changed.pdf": {append(bytes.Clone(pdf), '\n'), "不是归档的原件"},
		"other.pdf":   {[]byte("%PDF-1.4\n%%EOF\n"), "查无此件"},
	} {
		other := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(other, test.data, 0o600); err != nil {
			t.Fatal(err)
		}
		if exit, out, errs := dossier(t, "check", other, "--data", data); exit != 1 || !strings.Contains(out, test.want) || errs != "" {
			t.Errorf("%s: %d %q %q", name, exit, out, errs)
		}
	}
	if exit, out, _ := dossier(t, "check", "1-1-AAAA", "--data", data); exit != 1 || !strings.Contains(out, "查无此件") {
		t.Errorf("%d %q", exit, out)
	}
	refused(t, []string{"nowhere.pdf"}, "check", "nowhere.pdf", "--data", data)
}
