package documents

import (
	"reflect"
	"strings"
	"testing"
	"testing/fstest"

	"dossier/documents/layout"
	"dossier/engine/calendar"
	"dossier/engine/paper"
	"dossier/engine/procedure"
	"dossier/engine/rules"

	"dossier/engine/text"
)

const proposal = `form: A09
version: 1
title: {zh: 报批表}
law: [list/四(九)二(一)1]
parts:
  - part: body
    title: {zh: 提出}
    fields:
      - {field: found, zh: 事实, type: long}
      - {field: until, zh: 期限, type: date}
      - {field: kind, zh: 种类, type: choices, choices: [{fine: 罚款}, {warning: 警告}], required: true, sample: [fine]}
      - {field: fine, zh: 罚款, type: money}
      - {field: due, zh: 到期日, shows: {due: filing}}
      - {field: workers, zh: 名单, type: table, columns: [{field: name, zh: 姓名, type: text}, {field: owed, zh: 应付, type: money}]}
      - {field: sum, zh: 合计, shows: {sum: workers.owed}}
      - {field: talk, zh: 问答, type: table, columns: [{field: question, zh: 问, type: long}, {field: answer, zh: 答, type: long}]}
  - part: approval
    title: {zh: 批准}
    fields:
      - {field: opinion, opinion: true, zh: 意见, type: long, required: true, sample: 同意。}
      - {field: fine, zh: 罚款, type: money}
      - {field: new-due, zh: 延长后到期日, shows: {due: filing}}
`

// paper is a drawing of the form with a layout.
func drawn(t *testing.T, layout string) (*drawing, error) {
	t.Helper()
	blanks, err := Blanks(fstest.MapFS{"A09.yaml": {Data: []byte(proposal + layout)}})
	b := blanks["A09"]
	if b == nil {
		t.Fatal(err)
	}
	return &drawing{p: b.Print, s: paper.Sheet{Form: b.Form, Values: map[procedure.FieldID]rules.Shown{}, Signed: map[procedure.PartID]paper.Signature{}}}, err
}

// filled is the same with values; the leader halved the fine.
func filled(t *testing.T, layout string) *drawing {
	t.Helper()
	d, err := drawn(t, layout)
	if err != nil {
		t.Fatal(err)
	}
	day := calendar.Of(2026, 1, 9)
	d.s.Values = map[procedure.FieldID]rules.Shown{
		"kind": {Text: "罚款", Value: procedure.Value{List: []string{"fine"}}},
		"fine": {Text: "2 000.00元", Fen: 200000, Value: procedure.TextValue("2000.00")},
		"due":  {Text: day.Han(), Day: day}, "new-due": {Text: day.Han(), Day: day}, "sum": {Text: "0.00元"},
		"talk": {Text: "1", Rows: []map[procedure.FieldID]string{{"question": "欠了多少？", "answer": "两千。"}, {"question": "还有吗？"}}},
	}
	d.s.Signed["body"] = paper.Signature{Names: []string{"李察"}, Day: day, Values: map[procedure.FieldID]string{"kind": "罚款、警告", "fine": "4 000.00元"}}
	return d
}

func TestFill(t *testing.T) {
	d := filled(t, "")
	line := strings.Repeat("＿", 50)
	for _, tt := range []struct{ text, want string }{
		{"罚款{fine}（{fine:capital}）", "罚款2 000.00元（贰仟元整）"},
		{"原拟{body.fine}，批准{approval.fine}", "原拟4 000.00元，批准＿＿＿＿＿元"},
		{"{kind:boxes}", "☑罚款　□警告"},
		{"{body.kind:boxes}", "☑罚款　☑警告"},
		{"于{day}前", "于＿＿＿年＿＿月＿＿日前"},
		{"{found}", line},
		{"{found:lines}", strings.Repeat("＿", 222)},
		{"共{workers:count}人", "共0人"},
		{"到期日{due}", "到期日2026年1月9日"},
		{"延长至{new-due}", "延长至＿＿＿年＿＿月＿＿日"}, // nobody has approved yet
	} {
		if got := d.fill(tt.text); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.text, got, tt.want)
		}
	}
	d.s.Signed["approval"] = paper.Signature{}
	if got := d.fill("{new-due}"); got != "2026年1月9日" {
		t.Errorf("signed: %s", got)
	}
}

func TestConditionsOfALayout(t *testing.T) {
	row := func(condition string) string {
		return "print:\n  page: form\n  rows:\n    - {" + condition + ", rows: [[fine]]}\n"
	}
	for _, tt := range []struct {
		condition string
		here      bool
		blank     bool // on a form without a word
	}{
		{"when: {kind: fine}", true, false},
		{"when: {kind: warning}", false, false},
		{"when: {body.kind: warning}", true, false},
		{"when: {approval.fine: none}", true, true},
		{"when: {kind: [fine, none]}", true, true},
		{"when: {kind: any}", true, false},
		{"when: {body.fine: any}", true, false},
		{"when: {workers: any}", false, false},
		{"when: {workers: none}", true, true},
		{"optional: true", true, true},
	} {
		if got := len(filled(t, row(tt.condition)).rows(filled(t, row(tt.condition)).p.Rows)) > 0; got != tt.here {
			t.Errorf("%s: %v", tt.condition, got)
		}
		d, err := drawn(t, row(tt.condition))
		if err != nil {
			t.Fatal(err)
		}
		if got := len(d.rows(d.p.Rows)) > 0; got != tt.blank {
			t.Errorf("%s on a blank form: %v", tt.condition, got)
		}
	}
}

func TestOptionalIsLeftOutWhereThereIsNothing(t *testing.T) {
	const page = `print:
  page: %PAGE
  %ROWS:
    - optional: true
      %ROWS: [{turn: true}, {heading: 附表}, {table: workers}, {%BODY: "合计{sum}"}]
`
	for name, kind := range map[string]string{"form": "rows", "prose": "text"} {
		l := strings.NewReplacer("%PAGE", name, "%ROWS", kind, "%BODY", map[string]string{"form": "body", "prose": "para"}[name],
			"heading:", map[string]string{"form": "heading:", "prose": "head:"}[name]).Replace(page)
		d := filled(t, l)
		if n := len(d.rows(d.p.Rows)) + len(d.blocks(d.p.Text)); n != 0 {
			t.Errorf("%s: %d pieces where no worker is named", name, n)
		}
		d.s.Values["workers"] = rules.Shown{Text: "1", Rows: []map[procedure.FieldID]string{{"name": "王福顺", "owed": "600.00"}}}
		if n := len(d.rows(d.p.Rows)) + len(d.blocks(d.p.Text)); n != 4 {
			t.Errorf("%s: %d pieces, want 4", name, n)
		}
	}
}

func TestTableOfABlankFormHasRowsForThePen(t *testing.T) {
	d, err := drawn(t, "print:\n  page: form\n  rows: [{table: workers, lines: 3}]\n")
	if err != nil {
		t.Fatal(err)
	}
	if table := d.rows(d.p.Rows)[0].(layout.Table); len(table.Rows) != 3 || len(table.Rows[0]) != 2 {
		t.Errorf("%v", table.Rows)
	}
}

func TestRecordIsWhatWasSaid(t *testing.T) {
	const l = `print:
  page: record
  lines:
    - "告知：听清。"
    - talk
    - {when: {kind: warning}, para: 拒签。}
    - found
  signs: [被询问人]
`
	d := filled(t, l)
	d.s.Values["found"] = rules.Shown{Text: "核对无误。\n问：属实？\n答：属实。"}
	want := []layout.Line{{Text: "告知：听清。"}, {Speaker: "问", Text: "欠了多少？"}, {Speaker: "答", Text: "两千。"}, {Speaker: "问", Text: "还有吗？"},
		{Text: "核对无误。"}, {Speaker: "问", Text: "属实？"}, {Speaker: "答", Text: "属实。"}}
	if got := d.said(); !reflect.DeepEqual(got, want) {
		t.Errorf("%v", got)
	}
	blank, err := drawn(t, l)
	if err != nil || blank.said() != nil {
		t.Errorf("blank: %v, %v", blank.said(), err)
	}
}

func TestListNumbersItsRows(t *testing.T) {
	d := filled(t, "")
	if got := d.list("talk.question").Text; got != "1．欠了多少？\n2．还有吗？" {
		t.Errorf("%q", got)
	}
	if got := d.list("workers.name").Text; strings.Count(got, "\n") != 2 || !strings.HasPrefix(got, "1．＿") {
		t.Errorf("%q", got)
	}
}

func TestFaultsOfALayout(t *testing.T) {
	for _, tt := range []struct{ layout, want string }{
		{"rows: [[nobody]]", `no field "nobody"`},
		{"rows: [[body.opinion]]", `part "body" has no field "opinion"`},
		{"rows: [{when: {kind: fined}, rows: [[fine]]}]", `field "kind" has no choice "fined"`},
		{"rows: [{when: {nobody: yes}, rows: [[fine]]}]", `no field "nobody"`},
		{"rows: [{when: {is: {set: filed}}, rows: [[fine]]}]", "a layout can't ask a guard"},
		{"rows: [{fields: [fine], widths: [25]}]", "1 widths for 1 fields"},
		{"rows: [{opinion: review}]", `no part "review"`},
		{"text: ['{fine:words}']", `no way "words"`},
		{"text: ['{workers.age}']", `no column "age"`},
		{"text: ['{fine']", "a place that can't be read"},
		{"lines: ['{nobody}']", `no field "nobody"`},
	} {
		_, err := drawn(t, "print:\n  page: form\n  "+tt.layout+"\n")
		if faults, ok := err.(text.Faults); !ok || len(faults) != 1 || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %s", tt.layout, err, tt.want)
		}
	}
}
