package documents_test

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"dossier/documents"
	"dossier/engine/procedure"

	"dossier/engine/text"
)

func slurp(t testing.TB, name string) string {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// folder is an office's own folder of forms.
func folder(texts map[string]string) fstest.MapFS {
	files := fstest.MapFS{}
	for name, text := range texts {
		files[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return files
}

// sound reads the forms of testdata/sound by their file names.
func sound(t testing.TB) map[string]string {
	t.Helper()
	texts := map[string]string{}
	for _, name := range []string{"A01.yaml", "A02.yaml", "A03.yaml"} {
		texts[name] = slurp(t, "../testdata/sound/forms/"+name)
	}
	return texts
}

func TestFormIsReadWhole(t *testing.T) {
	texts := sound(t)
	texts["A01.yaml"] = strings.Replace(texts["A01.yaml"], "      - field: workers\n", "      - {heading: 劳动者, en: Workers}\n      - field: workers\n", 1)
	texts["A03.yaml"] += "print:\n  page: form\n"
	blanks, err := documents.Blanks(folder(texts))
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256([]byte(texts["A03.yaml"]))
	b := blanks["A03"]
	if b.Form.Hash != hex.EncodeToString(sum[:]) {
		t.Errorf("hash %s", b.Form.Hash)
	}
	if b.Print == nil || b.Print.Page != "form" || blanks["A01"].Print != nil {
		t.Errorf("print: %v, %v", b.Print, blanks["A01"].Print)
	}
	f := blanks["A01"].Form
	if f.Number != "case" || f.Title != (procedure.Label{ZH: "立案审批表", EN: "Filing form"}) || len(f.Parts) != 2 || !f.First("body") {
		t.Errorf("head: %+v", f)
	}
	workers := f.Field("workers")
	if workers.Type != procedure.Table || workers.Min != 1 || len(workers.Columns) != 4 || workers.Sample[0].Value.Rows[0]["owed"] != "18600.00" ||
		workers.Columns[3].Shows.Less[1] != "paid" {
		t.Errorf("table: %+v", workers)
	}
	if want := (procedure.Label{ZH: "劳动者", EN: "Workers"}); workers.Heading != want || f.Field("in-charge").Heading.ZH != "" {
		t.Errorf("headings: %v", workers.Heading)
	}
	if reason := f.Field("reason"); reason.When.Fields[0].Field != "urgent" || reason.When.Fields[0].Values[0] != "yes" || len(reason.Phrases) != 1 {
		t.Errorf("when: %+v", reason)
	}
	if in := f.Field("in-charge"); in.Among != "officers" || in.Sample[0].Value.People != "officer" {
		t.Errorf("among: %+v", in)
	}
	order := blanks["A02"].Form
	if day := order.Field("filing-day"); len(day.From) != 2 || day.From[0].Fact != "filed" || !day.From[1].Day {
		t.Errorf("from: %+v", day)
	}
	if doc := order.Field("document"); doc.Of[0] != "A02" || !doc.Sample[0].Value.All {
		t.Errorf("document: %+v", doc)
	}
	until := blanks["A03"].Form.Field("until")
	if len(until.Sample) != 2 || *until.Sample[0].Value.Workdays != 20 || !until.Sample[1].None {
		t.Errorf("sample: %+v", until.Sample)
	}
}

// An office's own folder adds a form, or replaces one by a higher version.
func TestOwnForms(t *testing.T) {
	texts := sound(t)
	edited := strings.Replace(texts["A03.yaml"], "中止事由", "中止理由", 1)
	for _, tt := range []struct {
		name  string
		own   map[string]string
		fault string
		title string // of A03's first field, when there is no fault
	}{
		{"the same bytes again", map[string]string{"A03.yaml": texts["A03.yaml"]}, "", "中止事由"},
		{"a higher version", map[string]string{"A03.yaml": strings.Replace(edited, "version: 1", "version: 2", 1)}, "", "中止理由"},
		{"the same version with other bytes", map[string]string{"A03.yaml": edited},
			"documents/A03.yaml:2:10: version: form A03 has version 1 already (write version: 2)", ""},
		{"a form of its own", map[string]string{"B01.yaml": strings.Replace(texts["A03.yaml"], "form: A03", "form: B01", 1)}, "", "中止事由"},
		{"another name than its code", map[string]string{"B01.yaml": strings.Replace(texts["A03.yaml"], "form: A03", "form: B02", 1)},
			"documents/B01.yaml:1:7: form: form B02 in the file B01.yaml (call the file B02.yaml)", ""},
		{"a shared field of another type", map[string]string{"B01.yaml": strings.NewReplacer("form: A03", "form: B01",
			"{field: grounds, zh: 中止事由, type: choices, choices: [{absconded: 当事人逃匿}, {other: 其他}], required: true, sample: [absconded]}",
			"{field: employer, zh: 单位, type: long, shared: true}", "{when: {grounds: absconded}, sample: {workdays: 20}}", "{when: {employer: none}, sample: {workdays: 20}}").Replace(texts["A03.yaml"])},
			`documents/B01.yaml:9:41: parts[0].fields[0].type: shared field "employer" is of type long, in form A01 of type text (a value of the case is of one type in all forms)`, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			forms, err := documents.Load(folder(texts), folder(tt.own), nil)
			if tt.fault != "" {
				if err == nil || err.Error() != tt.fault {
					t.Fatalf("got  %v\nwant %s", err, tt.fault)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got := forms["A03"].Parts[0].Fields[0].Title.ZH; got != tt.title {
				t.Errorf("first field %q, want %q", got, tt.title)
			}
		})
	}
}

// What a paper says in the open is asked: the loader refuses a place that may be empty when the paper is issued.
func TestPlacesThatMayBeEmpty(t *testing.T) {
	for text, want := range map[string]string{
		"{grounds}":    "",
		"期至{until}":    `field "until" may be empty`,
		"[期至{until}。]": "",
		"{optional: true, para: \"期至{until}\"}":       "",
		"{when: {until: any}, text: [\"期至{until}\"]}": "",
		"[没有地方]":       "a piece without a place",
		"期至{grounds}]": "a piece that begins or ends nowhere",
	} {
		texts := sound(t)
		if !strings.HasPrefix(text, "{optional") && !strings.HasPrefix(text, "{when") {
			text = `"` + text + `"`
		}
		texts["A03.yaml"] += "print:\n  page: prose\n  text:\n    - " + text + "\n"
		_, err := documents.Load(folder(texts))
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}

// Choices called none or all are meant where a field offers them.
func TestSampleNamesAChoice(t *testing.T) {
	text := strings.Replace(sound(t)["A03.yaml"], "{other: 其他}], required: true, sample: [absconded]}",
		"{none: 无}, {all: 全部}], required: true, sample: none}\n      - {field: whole, zh: 范围, type: choice, choices: [{all: 全部}], sample: all}", 1)
	texts := sound(t)
	texts["A03.yaml"] = text
	forms, err := documents.Load(folder(texts))
	if err != nil {
		t.Fatal(err)
	}
	grounds, whole := forms["A03"].Field("grounds").Sample[0], forms["A03"].Field("whole").Sample[0]
	if grounds.None || grounds.Value.Text != "none" || whole.Value.All || whole.Value.Text != "all" {
		t.Errorf("samples: %+v, %+v", grounds, whole)
	}
}

// Whatever stands in a file, the loader answers faults with places, or a form.
func FuzzCheck(f *testing.F) {
	for _, text := range sound(f) {
		f.Add([]byte(text))
	}
	faulty, err := filepath.Glob("../testdata/faulty/form-*.yaml")
	if err != nil || len(faulty) == 0 {
		f.Fatalf("no faulty forms: %v", err)
	}
	for _, name := range faulty {
		f.Add([]byte(slurp(f, name)))
	}
	for _, s := range []string{"", "form: []", "parts: [{part: a, fields: [{field: b, shows: {sum: a}}]}]", "parts: [{fields: [{type: table, columns: [{field: a, shows: {less: [a, a]}}]}]}]"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		known := map[procedure.FormID]*procedure.Form{}
		faults := documents.Check([]string{"fuzz.yaml"}, map[string][]byte{"fuzz.yaml": data}, known)
		if len(faults) == 0 && len(known) != 1 {
			t.Fatal("neither a fault nor a form")
		}
		for _, fault := range faults {
			if fault.Line < 1 || fault.Col < 1 || fault.Message == "" || fault == (text.Fault{}) {
				t.Errorf("a fault without a place or a word: %#v", fault)
			}
		}
	})
}
