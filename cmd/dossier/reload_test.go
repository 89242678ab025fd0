package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// A faulty file of the office's own stops nothing: the last good ones go on, through a new start too, and it is told; once it
// is mended the office's files are read again without one.
func TestReload(t *testing.T) {
	dir := peopledFolder(t)
	ours := must(t, "workflow", "show", "labour-case", "--as", "yaml")
	m := regexp.MustCompile(`(?m)^version: (\d+)$`).FindStringSubmatch(ours)
	if m == nil {
		t.Fatal("labour-case has no version")
	}
	was, _ := strconv.Atoi(m[1])
	write := func(text string, more int) {
		text = strings.Replace(text, m[0], fmt.Sprint("version: ", was+more), 1)
		name := filepath.Join(dir, "workflows", "labour-case.yaml")
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var made struct{ Token string }
	if err := json.Unmarshal([]byte(must(t, "token", "create", "--user", "clerk", "--json", "--data", dir)), &made); err != nil {
		t.Fatal(err)
	}
	holds := func(s *served, more int, faulty bool) {
		t.Helper()
		r, _ := http.NewRequestWithContext(t.Context(), "GET", s.address+"/api/v1/workflows/labour-case", nil)
		r.Header.Set("Authorization", "Bearer "+made.Token)
		res, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		var w struct{ Version int }
		if err := json.NewDecoder(res.Body).Decode(&w); err != nil || w.Version != was+more {
			t.Errorf("version %d is served, want %d (%v)", w.Version, was+more, err)
		}
		if _, body := get(t, http.DefaultClient, s.address+"/metrics"); strings.Contains(body, `dossier_fault{code="reload"`) != faulty {
			t.Errorf("the metric of the fault: want %v", faulty)
		}
	}

	write(ours, 1)
	s := serving(t, "--data", dir)
	holds(s, 1, false)
	write(strings.Replace(ours, "line: [officer-in-charge", "lin: [officer-in-charge", 1), 2)
	refused(t, []string{"labour-case.yaml:", "lin"}, "reload", "--data", dir)
	if code, _, errs := dossier(t, "verify", "--data", dir); code != 0 || !strings.Contains(errs, "和正在用的不同") || !strings.Contains(errs, "lin") {
		t.Errorf("verify beside faulty files: %d %s", code, errs)
	}
	holds(s, 1, true)
	s.stop()
	s = serving(t, "--data", dir)
	holds(s, 1, true)
	if out := must(t, "user", "list", "--data", dir); !strings.Contains(out, "captain") {
		t.Error(out)
	}
	write(ours, 2)
	if code, _, errs := dossier(t, "verify", "--data", dir); code != 0 || !strings.Contains(errs, fmt.Sprintf("程序labour-case：目录里是第%d版", was+2)) {
		t.Errorf("verify beside newer files: %d %s", code, errs)
	}
	if out := must(t, "reload", "--data", dir); !strings.Contains(out, "已按本局现在的文件办理") {
		t.Error(out)
	}
	holds(s, 2, false)
	if code := s.stop(); code != 0 {
		t.Errorf("stopped with %d: %s", code, s.stderr.String())
	}
	if code, out, errs := dossier(t, "verify", "--data", dir); code != 0 || !strings.Contains(out, "核验通过") || strings.Contains(errs, "differ") {
		t.Errorf("%d %s %s", code, out, errs)
	}
}
