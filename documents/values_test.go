package documents_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"dossier/documents"
	"dossier/engine/procedure"
	"dossier/engine/strictyaml"

	"dossier/engine/text"
)

const slip = `form: Z01
version: 1
title: {zh: 单, en: Slip}
law: [ours]
why: 测试
parts:
  - part: body
    title: {zh: 单, en: Slip}
    fields:
`

const dictionary = `values:
  - {value: party, zh: 当事人, en: Party, type: text, required: true, secret: true, phrases: [甲, 乙], sample: 甲}
  - {value: days, zh: 天数, en: Days, type: number, sample: "3"}
`

// shelf is a folder "noise" with the dictionary and a form with these fields.
func shelf(dictionary, fields string) fstest.MapFS {
	return folder(map[string]string{"noise/values.yaml": dictionary, "noise/Z01.yaml": slip + fields})
}

func TestFormNamesValues(t *testing.T) {
	forms, err := documents.Load(shelf(dictionary, "      - party\n      - {value: days, zh: 几天, required: true, law: [ours], why: 测试}\n      - {field: note, zh: 备注, type: text}\n"))
	if err != nil {
		t.Fatal(err)
	}
	fields := forms["Z01"].Parts[0].Fields
	want := []procedure.Field{
		{ID: "party", Title: procedure.Label{ZH: "当事人", EN: "Party"}, Type: procedure.Text, Required: true, Shared: true, Secret: true,
			Phrases: []string{"甲", "乙"}, Sample: procedure.One(procedure.Sample{Text: "甲"})},
		{ID: "days", Title: procedure.Label{ZH: "几天", EN: "Days"}, Type: procedure.Number, Required: true, Shared: true,
			Sample: procedure.One(procedure.Sample{Text: "3"}), Law: procedure.Law{Cites: []procedure.Citation{{Act: "ours"}}, Why: "测试"}},
		{ID: "note", Title: procedure.Label{ZH: "备注"}, Type: procedure.Text},
	}
	if diff := cmp.Diff(want, fields); diff != "" {
		t.Errorf("other fields (-want +got):\n%s", diff)
	}
}

// A form's hash is that of its text and of the values that it names, and of nothing else.
func TestHashCoversTheValuesThatAreNamed(t *testing.T) {
	hash := func(dictionary string) string {
		forms, err := documents.Load(shelf(dictionary, "      - party\n"))
		if err != nil {
			t.Fatal(err)
		}
		return forms["Z01"].Hash
	}
	first := hash(dictionary)
	if hash("# a remark\n"+strings.Replace(dictionary, "天数", "日数", 1)) != first {
		t.Error("another value changes the form")
	}
	if hash(strings.Replace(dictionary, "当事人", "相对人", 1)) == first {
		t.Error("its own value doesn't change the form")
	}
}

// What the forms were read from gives the same forms again, wherever it came from.
func TestFilesAreReadAgainAsTheSameForms(t *testing.T) {
	own := shelf("values:\n  - {value: night, zh: 夜班, type: yes-no, sample: no}\n", "      - {value: night, zh: 是否夜班}\n")
	labour := folder(map[string]string{"labour/Z02.yaml": strings.Replace(slip, "Z01", "Z02", 1) + "      - employer\n"})
	blanks, err := documents.Blanks(documents.Embedded(), own, labour)
	if err != nil {
		t.Fatal(err)
	}
	again := fstest.MapFS{}
	for name, data := range documents.Files(blanks) {
		again[name] = &fstest.MapFile{Data: data}
	}
	same, err := documents.Blanks(again)
	if err != nil {
		t.Fatal(err)
	}
	if len(same) != len(blanks) {
		t.Errorf("%d forms, not %d", len(same), len(blanks))
	}
	for id, b := range blanks {
		if diff := cmp.Diff(b.Form, same[id].Form); diff != "" {
			t.Errorf("%s is another:\n%s", id, diff)
		}
	}
}

func TestFaultsOfValues(t *testing.T) {
	for _, tt := range []struct {
		name, dictionary, fields string
		want                     []string
	}{
		{"unknown", dictionary, "      - parti\n", []string{`documents/noise/Z01.yaml:10:9: parts[0].fields[0]: no value "parti" (did you mean "party"? allowed: party, days)`}},
		{"no dictionary", "values: []\n", "      - party\n", []string{`no value "party"`}},
		{"nothing differs", dictionary, "      - {value: party}\n", []string{"nothing differs here (write - party)"}},
		{"another type", dictionary, "      - {value: party, type: long}\n", []string{`no key "type" here (allowed: value, zh,`}},
		{"a heading over nothing", dictionary, "      - party\n      - {heading: 当事人, en: Party}\n", []string{"a heading over nothing"}},
		{"twice", dictionary + "  - {value: days, zh: 天, type: number}\n", "      - party\n", []string{`documents/noise/values.yaml:4:13: values[2].value: value "days" is defined already (it stands in documents/noise/values.yaml, line 3`}},
		{"of no type", "values:\n  - {value: party, zh: 甲}\n", "      - party\n", []string{`parts[0].fields[0]: field "party" has no type`, `documents/noise/values.yaml:2:5: values[0]: key "type" is missing`}},
		{"a sample that doesn't do, told where it is defined and once", "values:\n  - {value: days, zh: 天数, type: number, sample: 三}\n", "      - days\n  - part: more\n    title: {zh: 又, en: More}\n    fields:\n      - {value: days, zh: 又}\n",
			[]string{`documents/noise/values.yaml:2:49: values[0].sample`}},
		{"a sample of the form's own", dictionary, "      - {value: days, sample: 三}\n", []string{`documents/noise/Z01.yaml:10:31: parts[0].fields[0].sample`}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := documents.Load(shelf(tt.dictionary, tt.fields))
			faults, _ := err.(text.Faults)
			if len(faults) != len(tt.want) {
				t.Fatalf("%d faults, not %d:\n%v", len(faults), len(tt.want), err)
			}
			for i, want := range tt.want {
				if !strings.Contains(faults[i].Error(), want) {
					t.Errorf("got  %v\nwant %s", faults[i], want)
				}
			}
		})
	}
}

// What forms share is defined in the dictionary of their folder, and each of its values is named by some form.
func TestSharedValuesAreInTheDictionary(t *testing.T) {
	blanks, err := documents.Blanks(documents.Embedded())
	if err != nil || len(blanks) == 0 {
		t.Fatalf("no forms: %v", err)
	}
	named, defined := map[string]bool{}, map[string]string{}
	for name, data := range documents.Files(blanks) { // as they are written out
		root, err := strictyaml.Parse(name, data)
		if err != nil {
			t.Fatal(err)
		}
		dir, _, _ := strings.Cut(name, "/")
		if values := root.Get("values"); values != nil {
			for _, v := range values.Items {
				defined[dir+" "+v.Get("value").Text] = name
			}
			continue
		}
		for _, p := range root.Get("parts").Items {
			for _, f := range p.Get("fields").Items {
				switch {
				case f.Kind == strictyaml.Scalar:
					named[dir+" "+f.Text] = true
				case f.Get("value") != nil:
					named[dir+" "+f.Get("value").Text] = true
				case f.Get("shared") != nil:
					t.Errorf("%s:%d: a value of the case that %s/values.yaml should define", name, f.Line, dir)
				}
			}
		}
	}
	for id, file := range defined {
		if !named[id] {
			t.Errorf("%s: no form names %s", file, id)
		}
	}
}
