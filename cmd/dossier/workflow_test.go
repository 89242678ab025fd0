package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"dossier/documents"
	"dossier/engine/procedure/check"
	"dossier/engine/text"
	"dossier/seeds"
)

// repository are the files of this repository, as its folders lie.
var repository = os.DirFS("../..")

func workflow(t *testing.T, files fs.FS, args ...string) (string, error) {
	t.Helper()
	var out bytes.Buffer
	err := Workflow(args, &out, files)
	return out.String(), err
}

func TestWorkflowListNamesEachProcedure(t *testing.T) {
	text, err := workflow(t, nil, "list")
	if err != nil {
		t.Fatal(err)
	}
	out, err := workflow(t, nil, "list", "--json")
	if err != nil {
		t.Fatal(err)
	}
	var lines []workflowLine
	if err := json.Unmarshal([]byte(out), &lines); err != nil {
		t.Fatal(err)
	}
	if len(lines) < 4 {
		t.Errorf("only %d procedures", len(lines))
	}
	for _, l := range lines {
		if l.Version < 1 || l.Title.ZH == "" || l.States == 0 || l.Actions == 0 || l.Clocks == 0 || l.Forms == 0 || len(l.Hash) != 64 {
			t.Errorf("something is missing: %+v", l)
		}
		if !strings.Contains(text, l.ID+" 第") || !strings.Contains(text, l.Title.ZH) {
			t.Errorf("%s isn't in the list:\n%s", l.ID, text)
		}
	}
}

// What a released version's file became is held against the list beside it.
func TestWorkflowCheckHoldsToWhatIsReleased(t *testing.T) {
	list, err := fs.ReadFile(repository, releasedList)
	if err != nil {
		t.Fatal(err)
	}
	source, err := fs.ReadFile(repository, "workflows/insurance-audit.yaml")
	if err != nil {
		t.Fatal(err)
	}
	files := fstest.MapFS{releasedList: {Data: list}, "insurance-audit.yaml": {Data: source}}
	if out, err := workflow(t, files, "check", "insurance-audit.yaml"); err != nil {
		t.Errorf("as it is: %s%v", out, err)
	}
	files["insurance-audit.yaml"] = &fstest.MapFile{Data: append(slices.Clone(source), "# a remark\n"...)}
	if _, err := workflow(t, files, "check", "insurance-audit.yaml"); err == nil || !strings.Contains(err.Error(), "已发布的") {
		t.Errorf("with other bytes: %v", err)
	}
}

func TestWorkflowCheck(t *testing.T) {
	sound, err := fs.ReadFile(repository, "testdata/sound/sound.yaml")
	if err != nil {
		t.Fatal(err)
	}
	stopped := strings.Replace(string(sound), "{before-due: investigation}", "{pending: 尚未开通}", 1)
	wrong := strings.Replace(string(sound), "to: closed", "to: clossed", 1)
	form := func(code, text string) *fstest.MapFile {
		data, err := fs.ReadFile(repository, "testdata/sound/forms/"+code+".yaml")
		if err != nil {
			t.Fatal(err)
		}
		if text != "" {
			data = []byte(text)
		}
		return &fstest.MapFile{Data: data}
	}
	files := fstest.MapFS{"A01.yaml": form("A01", ""), "A02.yaml": form("A02", ""), "A03.yaml": form("A03", ""),
		"bad.yaml": form("A03", "form: A03\nversion: one\n"), "sound.yaml": {Data: sound}, "stopped.yaml": {Data: []byte(stopped)}, "wrong.yaml": {Data: []byte(wrong)}}
	for _, tt := range []struct{ name, files, out, fault string }{
		{"sound", "sound.yaml A01.yaml A02.yaml A03.yaml", "sound.yaml: sound 第1版 监察检查：7个环节，1个旁支，13个事项，3个期限，3种文书", ""},
		{"pending is a note", "A01.yaml A02.yaml A03.yaml stopped.yaml", "stopped.yaml: 提示，尚未开通: working/extend: 尚未开通", ""},
		{"forms alone", "A01.yaml A02.yaml A03.yaml", "A02.yaml: 没有错误", ""},
		{"a fault", "A01.yaml A02.yaml A03.yaml wrong.yaml", "", `wrong.yaml:89:13: walk[2].actions[4].to: 没有环节“clossed”（是不是“closed”？`},
		{"a fault of a form", "bad.yaml", "", `bad.yaml:2:10: version: 这里要写整数，不是“one”`},
		{"no such file", "none.yaml", "", "没有这个文件或者目录: none.yaml: "},
	} {
		t.Run(tt.name, func(t *testing.T) {
			out, err := workflow(t, files, append([]string{"check"}, strings.Fields(tt.files)...)...)
			if tt.fault == "" && (err != nil || !strings.Contains(out, tt.out)) {
				t.Errorf("got %s%v\nwant %s", out, err, tt.out)
			}
			if tt.fault != "" && (err == nil || !strings.Contains(err.Error(), tt.fault)) {
				t.Errorf("got  %v\nwant %s", err, tt.fault)
			}
		})
	}
	out, err := workflow(t, files, "check", "sound.yaml", "A01.yaml", "A02.yaml", "A03.yaml", "--json")
	var lines []workflowLine
	if err != nil || json.Unmarshal([]byte(out), &lines) != nil || len(lines) != 1 || lines[0].File != "sound.yaml" {
		t.Errorf("json: %s%v", out, err)
	}
}

// Several faults are the fields of one error.
func TestWorkflowCheckTellsFaultsAsFields(t *testing.T) {
	files := fstest.MapFS{"a.yaml": {Data: []byte("form: A01\nversion: one\n")}}
	_, err := workflow(t, files, "check", "a.yaml")
	var e *usageError
	if !errors.As(err, &e) || e.Code != "unreadable" || len(e.Fields) < 3 {
		t.Fatalf("got %#v", err)
	}
	for _, f := range e.Fields {
		if !strings.HasPrefix(f.Path, "a.yaml:") || f.Message == "" {
			t.Errorf("a field without a place: %+v", f)
		}
	}
}

// What the program brings along has no fault, checked as the maker of a procedure would.
func TestWorkflowCheckOfTheRepository(t *testing.T) {
	procedures, err := fs.Glob(repository, "workflows/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	forms, err := fs.Glob(repository, "documents/forms/*/*.yaml")
	if err != nil || len(procedures) == 0 || len(forms) == 0 {
		t.Fatalf("no files: %v", err)
	}
	if _, err := workflow(t, repository, append(append([]string{"check"}, forms...), procedures...)...); err != nil {
		t.Errorf("faults:\n%v", err)
	}
}

func TestWorkflowShow(t *testing.T) {
	editions, err := embeddedEditions()
	if err != nil {
		t.Fatal(err)
	}
	e := editions[0]
	id := string(e.Definition.ID)
	for _, tt := range []struct{ as, begins string }{
		{"", "%% " + id}, {"mermaid", "%% " + id}, {"dot", "digraph "}, {"json", `{"workflow":"` + id}, {"svg", "<svg "}, {"yaml", string(e.Source[:20])},
	} {
		args := []string{"show", id}
		if tt.as != "" {
			args = append(args, "--as", tt.as)
		}
		if out, err := workflow(t, nil, args...); err != nil || !strings.HasPrefix(out, tt.begins) {
			t.Errorf("%q: %.40q %v", tt.as, out, err)
		}
	}
	if out, err := workflow(t, nil, "show", id, "--json"); err != nil || !json.Valid([]byte(out)) {
		t.Errorf("--json: %.40q %v", out, err)
	}
	if out, err := workflow(t, nil, "show", id, "--as", "yaml", "--written-out"); err != nil || out != string(e.WrittenOut()) {
		t.Errorf("written out: %v\n%s", err, out)
	}
	if out, err := workflow(t, nil, "show", id, "--as", "yaml"); err != nil || out != string(e.Source) {
		t.Errorf("yaml isn't the source: %v", err)
	}
}

func TestWorkflowCalledWrongly(t *testing.T) {
	for _, tt := range []struct{ args, want string }{
		{"show labour-case --written-out", `只有文本能展开: --written-out: 写 --as yaml --written-out`},
		{"lst", "没有这个子命令: dossier workflow lst: 是不是“list”？"},
		{"check", "没有写要检查的文件"},
		{"show", "一次只画一个程序"},
		{"show labour-cas", "没有这个程序: labour-cas: 是不是“labour-case”？"},
		{"show labour-case --as png", "没有这种画法: --as png: 可以用mermaid、dot、json、svg、yaml"},
		{"list --all", "没有这个选项: --all"},
	} {
		_, err := workflow(t, nil, strings.Fields(tt.args)...)
		var e *usageError
		if !errors.As(err, &e) || !strings.Contains(e.Message, tt.want) {
			t.Errorf("%s: got %v, want %s", tt.args, err, tt.want)
		}
	}
	if out, err := workflow(t, nil, "--help"); err != nil || out != workflowHelp {
		t.Errorf("help: %v", err)
	}
	if out, err := workflow(t, nil); err != nil || out != workflowHelp {
		t.Errorf("no word: %v", err)
	}
}

// Every setting that a procedure or one of its forms names has a default.
func TestWorkflowSettingsHaveDefaults(t *testing.T) {
	forms, err := documents.Load(documents.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	editions, err := embeddedEditions()
	if err != nil {
		t.Fatal(err)
	}
	defaults, asked := seeds.Settings(), 0
	for _, e := range editions {
		for _, name := range check.SettingNames(e.Definition, forms) {
			asked++
			if len(defaults[name]) == 0 {
				t.Errorf("%s names the setting %q, which has no default", e.Definition.ID, name)
			} else if defaults[name][0].Value == "" && !text.Has("setting."+name) {
				t.Errorf("%s names the setting %q: a paper can't say that it isn't set", e.Definition.ID, name)
			}
		}
	}
	if asked == 0 {
		t.Error("no procedure names a setting")
	}
}
