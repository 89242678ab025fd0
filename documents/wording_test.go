package documents

import (
	"testing"

	"dossier/engine/calendar"
	"dossier/engine/paper"
	"dossier/engine/procedure"
	"dossier/engine/rules"
)

// wording is a drawing of a form with these fields and their printed values.
func wording(values map[procedure.FieldID]string) *drawing {
	form := &procedure.Form{ID: "A01", Parts: []procedure.Part{{ID: "body"}}}
	s := paper.Sheet{Form: form, Values: map[procedure.FieldID]rules.Shown{}}
	for id, v := range values {
		form.Parts[0].Fields = append(form.Parts[0].Fields, procedure.Field{ID: id, Type: procedure.Text})
		if v != "" {
			s.Values[id] = rules.Shown{Text: v, Value: procedure.TextValue(v)}
		}
	}
	return &drawing{s: s, p: &Print{}}
}

func TestFillPutsValuesInTheirPlaces(t *testing.T) {
	d := wording(map[procedure.FieldID]string{"basis": "《社会保险法》。", "facts": "多领一次。", "reason": ""})
	for _, tt := range []struct{ text, want string }{
		{"根据{basis}的规定，", "根据《社会保险法》的规定，"},
		{"依据：{basis}。", "依据：《社会保险法》。"},
		{"{facts}", "多领一次。"},
		{"{facts}\n{basis}", "多领一次。\n《社会保险法》。"},
		{"因{reason}", "因＿＿＿＿＿＿＿＿"},
		{"没有地方", "没有地方"},
	} {
		if got := d.fill(tt.text); got != tt.want {
			t.Errorf("fill(%q) = %q, want %q", tt.text, got, tt.want)
		}
	}
}

// A place can ask who signed a part, and when.
func TestFillNamesTheSigners(t *testing.T) {
	d := wording(map[procedure.FieldID]string{"facts": "多领一次。"})
	line := "审批人：{body.signers}　{body.signed-on}"
	if got, want := d.fill(line), "审批人：＿＿＿＿＿＿＿＿　＿＿＿＿＿＿＿＿"; got != want {
		t.Errorf("unsigned: %q, want %q", got, want)
	}
	d.s.Signed = map[procedure.PartID]paper.Signature{"body": {Names: []string{"周局"}, Day: calendar.Of(2026, 5, 14)}}
	if got, want := d.fill(line), "审批人：周局　2026年5月14日"; got != want {
		t.Errorf("signed: %q, want %q", got, want)
	}
}

func TestListNumbersWhatWasChosen(t *testing.T) {
	d := wording(map[procedure.FieldID]string{"contents": "拖欠、截留、会计核算"})
	f := &d.s.Form.Parts[0].Fields[0]
	f.Type = procedure.Choices
	for _, w := range []string{"拖欠、截留", "挪用", "会计核算"} {
		f.Choices = append(f.Choices, procedure.Allowed{Value: w, Label: procedure.Label{ZH: w}})
	}
	if got, want := d.list("contents").Text, "1．拖欠、截留；\n2．会计核算。"; got != want {
		t.Errorf("chosen: %q, want %q", got, want)
	}
	d.s.Values = nil
	if got, want := d.list("contents").Text, "□拖欠、截留　□挪用　□会计核算"; got != want {
		t.Errorf("blank: %q, want %q", got, want)
	}
}

// A block or row that is optional is left out without its value, but stands on a blank form for the pen.
func TestOptional(t *testing.T) {
	bs := []Block{{Optional: true, Para: "因{reason}，未提前通知。"}, {Para: "{facts}"}}
	rs := []Row{{Optional: true, Cells: []Cell{{Field: "reason"}}}, {Long: "facts"}}
	for _, tt := range []struct {
		name   string
		values map[procedure.FieldID]string
		want   int
	}{
		{"no value", map[procedure.FieldID]string{"facts": "多领一次。", "reason": ""}, 1},
		{"a value", map[procedure.FieldID]string{"facts": "多领一次。", "reason": "情况紧急"}, 2},
		{"a blank form", map[procedure.FieldID]string{"facts": "", "reason": ""}, 2},
	} {
		d := wording(tt.values)
		if got := len(d.blocks(bs)); got != tt.want {
			t.Errorf("%s: %d blocks, want %d", tt.name, got, tt.want)
		}
		if got := len(d.rows(rs)); got != tt.want {
			t.Errorf("%s: %d rows, want %d", tt.name, got, tt.want)
		}
	}
}

// A piece is left out while its places have no value, and with it the marks in it.
func TestPieces(t *testing.T) {
	line := "{name}[（[性别：{sex}；][住址：{address}]）]涉嫌欠薪"
	for _, tt := range []struct{ sex, address, want string }{
		{"男", "任城镇", "郭新磊（性别：男；住址：任城镇）涉嫌欠薪"},
		{"男", "", "郭新磊（性别：男）涉嫌欠薪"},
		{"", "任城镇", "郭新磊（住址：任城镇）涉嫌欠薪"},
		{"", "", "郭新磊涉嫌欠薪"},
	} {
		if got := wording(map[procedure.FieldID]string{"name": "郭新磊", "sex": tt.sex, "address": tt.address}).fill(line); got != tt.want {
			t.Errorf("%q, %q: %q, want %q", tt.sex, tt.address, got, tt.want)
		}
	}
	if got, want := wording(map[procedure.FieldID]string{"name": "", "sex": "", "address": ""}).fill(line), "＿＿＿＿＿＿＿＿（性别：＿＿＿＿＿＿＿＿；住址：＿＿＿＿＿＿＿＿）涉嫌欠薪"; got != want {
		t.Errorf("a blank form: %q, want %q", got, want)
	}
}
