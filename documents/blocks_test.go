package documents

import (
	"testing"

	"dossier/documents/layout"
	"dossier/engine/paper"
	"dossier/engine/procedure"
	"dossier/engine/rules"
)

// notice is a drawing of a form with a right that is told only at times, filled as given.
func notice(values map[procedure.FieldID]string) *drawing {
	form := &procedure.Form{ID: "LJ19", Title: procedure.Label{ZH: "告知书"}, Parts: []procedure.Part{{ID: "body", Fields: []procedure.Field{
		{ID: "facts", Type: procedure.LongText}, {ID: "hearing-right", Type: procedure.LongText}, {ID: "workers", Type: procedure.Table}}}}}
	d := &drawing{s: paper.Sheet{Form: form, Values: map[procedure.FieldID]rules.Shown{}}, p: &Print{Page: "prose"}}
	for id, text := range values {
		d.s.Values[id] = rules.Shown{Text: text, Value: procedure.TextValue(text)}
	}
	return d
}

func TestOptionalBlocks(t *testing.T) {
	optional := []Block{{Para: "经查，{facts}"}, {Optional: true, Text: []Block{{Head: "五、听证"}, {Para: "{hearing-right}"}}}}
	for name, tt := range map[string]struct {
		values map[procedure.FieldID]string
		want   int
	}{
		"blank form":   {nil, 3},
		"has no value": {map[procedure.FieldID]string{"facts": "拖欠工资。"}, 1},
		"has a value":  {map[procedure.FieldID]string{"facts": "拖欠工资。", "hearing-right": "可以要求听证。"}, 3},
	} {
		if got := notice(tt.values).blocks(optional); len(got) != tt.want {
			t.Errorf("%s: %d blocks, want %d", name, len(got), tt.want)
		}
	}
}

func TestOptionalBlockOfATable(t *testing.T) {
	d := notice(map[procedure.FieldID]string{"facts": "拖欠工资。"})
	block := []Block{{Optional: true, Text: []Block{{Para: "附表"}, {Table: "workers"}}}}
	if got := d.blocks(block); len(got) != 0 {
		t.Errorf("a table without rows: %d blocks, want none", len(got))
	}
	d.s.Values["workers"] = rules.Shown{Rows: []map[procedure.FieldID]string{{"name": "王福顺"}}}
	if got := d.blocks(block); len(got) != 2 {
		t.Errorf("a table with rows: %d blocks, want 2", len(got))
	}
}

func TestFullStopsAreNotDoubled(t *testing.T) {
	d := notice(map[procedure.FieldID]string{"facts": "《劳动保障监察条例》第三十条。"})
	for text, want := range map[string]string{
		"依据{facts}的规定": "依据《劳动保障监察条例》第三十条的规定",
		"依据：{facts}。":  "依据：《劳动保障监察条例》第三十条。",
		"依据：{facts}":   "依据：《劳动保障监察条例》第三十条。",
	} {
		if got := d.fill(text); got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}

func TestCellWithoutValueIsBlank(t *testing.T) {
	d := notice(map[procedure.FieldID]string{"facts": "拖欠工资。"})
	for text, want := range map[string]string{"{hearing-right}": "", "{facts}": "拖欠工资。", "{day}止": dayGap + "止"} {
		if got := d.cell(text); got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}

func TestFormMayBearAnotherTitle(t *testing.T) {
	d := notice(nil)
	d.p = &Print{Page: "form", Titles: []string{"劳动保障监察案卷"}}
	if got := d.page().(layout.Form).Title; got != "劳动保障监察案卷" {
		t.Errorf("title %q", got)
	}
}
