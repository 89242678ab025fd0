package engine_test

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/filling"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
	"dossier/engine/rules"
	"dossier/engine/typed"
)

// A value that was read is written and read again as the same.
func FuzzValue(f *testing.F) {
	for _, s := range []string{`"任县"`, `""`, `null`, `12.50`, `true`, `["a","b"]`, `[1,true,null]`, `[]`, `[{"name":"甲","owed":18600}]`, `[{}]`,
		`[{"a":null}]`, `{"a":"b"}`, `["a",{"b":"c"}]`, `[[1]]`, `"\u0000\ud800"`, `[""]`, `1e99`, `-0`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var v, again procedure.Value
		if err := json.Unmarshal(data, &v); err != nil {
			return
		}
		out, err := json.Marshal(v)
		if err != nil {
			t.Fatalf("%q was read as %#v and can't be written: %v", data, v, err)
		}
		if err := json.Unmarshal(out, &again); err != nil {
			t.Fatalf("%q was written as %q and can't be read: %v", data, out, err)
		}
		if !v.Equal(again) {
			t.Errorf("%q is %#v, written as %q it is %#v", data, v, out, again)
		}
		for _, x := range v.Strings() {
			if x != "" && !v.Has(x) {
				t.Errorf("%#v does not have its own %q", v, x)
			}
		}
	})
}

// A sum that is read is exact: written the way it is kept it is read as the same, and it is what the digits say.
func FuzzParseMoney(f *testing.F) {
	for _, s := range []string{"0", "1", "128400", "128 400.00", "128,400.5", "0.01", "100000000000", "100000000000.01", "-1", "1.234", "1.", ".5",
		"１２", "1e3", "+1", "1..2", "元", "12元", "NaN", "9223372036854775807", " 7 ", "1_0", "0x10"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		fen, err := procedure.ParseMoney(s)
		if err != nil {
			return
		}
		if fen < 0 || fen > 1e13 {
			t.Errorf("%q is %d fen", s, fen)
		}
		kept := procedure.FormatMoney(fen)
		if again, err := procedure.ParseMoney(kept); err != nil || again != fen {
			t.Errorf("%q is %d fen, kept as %q it is %d (%v)", s, fen, kept, again, err)
		}
		digits := strings.Map(func(r rune) rune {
			if r >= '0' && r <= '9' || r == '.' {
				return r
			}
			return -1
		}, typed.Narrow(s))
		if yuan, dec, _ := strings.Cut(digits, "."); strings.TrimLeft(yuan+(dec + "00")[:2], "0") != strings.TrimLeft(strings.Replace(kept, ".", "", 1), "0") {
			t.Errorf("%q is read as %s", s, kept)
		}
	})
}

// everything is a form part with a field of each type.
func everything() *procedure.Part {
	p := &procedure.Part{ID: "body"}
	for _, typ := range procedure.FieldTypes {
		f := procedure.Field{ID: procedure.FieldID(typ), Title: procedure.Label{ZH: string(typ)}, Type: typ, Choices: []procedure.Allowed{{Value: "a", Label: procedure.Label{ZH: "甲"}}, {Value: "b", Label: procedure.Label{ZH: "乙"}}}}
		if typ == procedure.Table {
			for _, c := range []procedure.FieldType{procedure.Text, procedure.LongText, procedure.DateType, procedure.DateTime, procedure.Money, procedure.Number, procedure.YesNo, procedure.ChoiceType, procedure.PersonType, procedure.IDNumber, procedure.CreditCode, procedure.Phone} {
				f.Columns = append(f.Columns, procedure.Field{ID: procedure.FieldID(c), Title: procedure.Label{ZH: string(c)}, Type: c, Choices: f.Choices, Required: c == procedure.Money})
			}
		}
		p.Fields = append(p.Fields, f)
	}
	p.Fields = append(p.Fields,
		procedure.Field{ID: "must", Title: procedure.Label{ZH: "必填"}, Type: procedure.Text, Required: true, Max: 5},
		procedure.Field{ID: "if-b", Title: procedure.Label{ZH: "乙时"}, Type: procedure.Text, Required: true, When: &procedure.Test{Fields: []procedure.FieldTest{{Field: procedure.FieldID(procedure.ChoiceType), Values: []string{"b"}}}}})
	return p
}

// Whatever is typed is read without a panic; what is read without a fault is in order, and read again it is the same.
func FuzzReadValues(f *testing.F) {
	for _, s := range []string{`{"must":"x"}`, `{"must":"   "}`, `{"text":"a\nb","must":"x"}`, `{"long":"a\r\nb\u0007","must":"x"}`,
		`{"date":"2026-02-30"}`, `{"date":"2026-1-5","datetime":"2026-01-05T14:30"}`, `{"money":"1,000.5","number":"-3","yes-no":"是"}`,
		`{"choice":"乙","must":"x"}`, `{"choices":["a","甲","c"]}`, `{"people":["clerk","ghost"],"person":"clerk"}`,
		`{"id-number":"11010519491231002x","credit-code":"91130526ma0abcde1a","phone":"0319-7590068"}`, `{"file":"1","document":"all","respondent":["1","all"]}`,
		`{"table":[{"money":"1"},{"text":"x"},{"money":" "},{"text":"x","money":" "},{"nothing":"1"}],"must":"x"}`, `{"table":["a"],"text":[{"a":"b"}]}`, `{"must":"x","table":[{"text":"x","money":" "}]}`, `{"case":"0"}`, `{"ghost":"x"}`} {
		f.Add([]byte(s))
	}
	ed := &procedure.Edition{Def: &procedure.Definition{}, Forms: map[procedure.FormID]*procedure.Form{}}
	office := office.NewOffice("", calendar.New(), []office.Person{{ID: "clerk", Name: "王窗"}, {ID: "gone", Name: "李走", Disabled: 1}}, nil, nil)
	c := &casefile.Case{Walks: []casefile.WalkState{{ID: procedure.Main, Def: procedure.Main}}, Shared: procedure.Values{"employer": procedure.TextValue("甲公司")}, Files: []casefile.Attachment{{N: 1}},
		Issued: []casefile.Issued{{N: 1, P: 1, Form: "A", Number: "1号"}, {N: 2, P: 2, Form: "A", Void: 1}}}
	part := everything()
	read := func(given procedure.Values) (procedure.Values, []refusal.FieldFault) {
		r := &filling.Reader{View: rules.NewView(ed, office, c, 1, 1), Missing: func(s string) []rune {
			if strings.ContainsRune(s, '☃') {
				return []rune{'☃'}
			}
			return nil
		}}
		return r.Read(nil, []*procedure.Part{part}, given), r.Faults
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var given procedure.Values
		if json.Unmarshal(data, &given) != nil {
			return
		}
		out, faults := read(given)
		for id, v := range out {
			if v.Empty() {
				t.Errorf("%s is there and empty", id)
			}
		}
		if len(faults) > 0 {
			for _, x := range faults {
				if x.Path == "" && x.Why != "field.unknown" || x.Why == "" || x.Code != refusal.FieldInvalid {
					t.Errorf("a fault without a place or a reason: %+v", x)
				}
			}
			return
		}
		if out["must"].Text == "" || len([]rune(out["must"].Text)) > 5 {
			t.Errorf("a required field of five characters is %q", out["must"].Text)
		}
		if out[procedure.FieldID(procedure.ChoiceType)].Text == "b" == out["if-b"].Empty() {
			t.Errorf("the field asked of b is %v, the choice %v", out["if-b"], out[procedure.FieldID(procedure.ChoiceType)])
		}
		for id, v := range out {
			texts := append([]string{v.Text}, v.List...)
			for _, row := range v.Rows {
				if _, err := procedure.ParseMoney(row[procedure.FieldID(procedure.Money)]); err != nil {
					t.Errorf("a row without its required column: %v", row)
				}
				for _, x := range row {
					texts = append(texts, x)
				}
			}
			for _, x := range texts {
				if !utf8.ValidString(x) || strings.ContainsAny(x, "\x00\x07\r\x7f☃") || strings.TrimSpace(x) != x {
					t.Errorf("%s was let through as %q", id, x)
				}
			}
		}
		again, faults := read(out)
		if len(faults) > 0 {
			t.Errorf("%v was read without a fault, read again it has %v", out, faults)
		}
		for id := range out {
			if !out[id].Equal(again[id]) {
				t.Errorf("%s is %v, read again %v", id, out[id], again[id])
			}
		}
	})
}

// Ten megabytes in a field are a fault of that field, told without repeating them.
func TestHugeText(t *testing.T) {
	s := rules.NewView(&procedure.Edition{Def: &procedure.Definition{}}, office.NewOffice("", calendar.New(), nil, nil, nil), &casefile.Case{Walks: []casefile.WalkState{{}}}, 1, 1)
	for _, text := range []string{strings.Repeat("a", 10<<20), strings.Repeat("字", 4<<20), "x" + strings.Repeat("\n", 10<<20) + "y"} {
		r := &filling.Reader{View: s}
		r.Read(nil, []*procedure.Part{everything()}, procedure.Values{"must": procedure.TextValue(text), procedure.FieldID(procedure.LongText): procedure.TextValue(text + "字")})
		for _, f := range r.Faults {
			for k, v := range f.Args {
				if len(v) > 1000 {
					t.Errorf("the fault of %s repeats %d bytes as %s", f.Path, len(v), k)
				}
			}
		}
		if len(r.Faults) == 0 {
			t.Error("ten megabytes are read without a fault")
		}
	}
}
