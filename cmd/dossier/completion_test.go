package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"dossier/engine/calendar"
)

// typing is a process in which somebody types.
func typing(out io.Writer) *process {
	return &process{commands: commands, ctx: context.Background(), in: strings.NewReader(""), out: out, err: io.Discard, now: time.Now, calendar: calendar.New()}
}

// Every command is completed, with the options that its help names; bash takes the script.
func TestCompletion(t *testing.T) {
	for shell := range shells {
		var out bytes.Buffer
		if err := completion(typing(&out), []string{shell}); err != nil {
			t.Fatal(err)
		}
		for name := range commands {
			if !strings.Contains(out.String(), name) {
				t.Errorf("%s: no %s", shell, name)
			}
		}
		for _, word := range []string{"--dry-run", "--written-out", "load"} {
			if !strings.Contains(out.String(), word) {
				t.Errorf("%s: no %s", shell, word)
			}
		}
		if shell != "bash" {
			continue
		}
		ask := exec.Command("bash", "-c", out.String()+`
COMP_WORDS=(dossier calendar lo); COMP_CWORD=2; _dossier; echo "${COMPREPLY[@]}"`)
		if got, err := ask.CombinedOutput(); err != nil || strings.TrimSpace(string(got)) != "load" {
			t.Errorf("calendar lo: %q, %v", got, err)
		}
	}
	if err := completion(typing(&bytes.Buffer{}), []string{"csh"}); err == nil || !strings.Contains(err.Error(), "csh") {
		t.Errorf("csh: %v", err)
	}
}

// A file is named as a person names it: from the root or from above.
func TestFilesAreNamedFromAnywhere(t *testing.T) {
	root, err := filepath.Abs("../../workflows/labour-case.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{root, "../../workflows/labour-case.yaml", "./../../workflows/labour-case.yaml"} {
		var out bytes.Buffer
		if err := commands["workflow"](typing(&out), []string{"check", name}); err != nil || !strings.Contains(out.String(), "labour-case") {
			t.Errorf("%s: %v %s", name, err, out.String())
		}
	}
}

// With --json each command prints one JSON value: here what it says of an option that it doesn't have.
func TestEveryJSON(t *testing.T) {
	one := func(args ...string) map[string]any {
		t.Helper()
		_, out, errs := dossier(t, args...)
		var v map[string]any
		from := json.NewDecoder(strings.NewReader(out))
		if err := from.Decode(&v); err != nil || from.More() || errs != "" {
			t.Errorf("%v: %v\n%.300s%.300s", args, err, out, errs)
		}
		return v
	}
	for name := range commands {
		if name == "version" {
			continue // it takes whatever is asked
		}
		if x, ok := one(name, "--no-such-option", "--json")["error"].(map[string]any); !ok || x["code"] == "" || x["message"] == "" {
			t.Errorf("%s doesn't refuse an option that it doesn't have", name)
		}
	}
	if x := one("completion", "bash", "--json"); x["shell"] != "bash" || !strings.Contains(x["script"].(string), "complete ") {
		t.Error(x)
	}
	if x := one("completion", "--json"); x["verify"] == nil {
		t.Error(x)
	}
	one("version", "--json")
}
