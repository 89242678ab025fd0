package documents

import (
	"testing"

	"dossier/documents/layout"
	"dossier/engine"
)

// notice is a drawing of a form with a right that is told only at times, filled as given.
func notice(values map[engine.FieldID]string) *drawing {
	form := &engine.Form{ID: "LJ19", Title: engine.Label{ZH: "告知书"}, Parts: []engine.Part{{ID: "body", Fields: []engine.Field{
		{ID: "facts", Type: engine.LongText}, {ID: "hearing-right", Type: engine.LongText}, {ID: "workers", Type: engine.Table}}}}}
	d := &drawing{s: engine.Sheet{Form: form, Values: map[engine.FieldID]engine.Shown{}}, p: &Print{Page: "prose"}}
	for id, text := range values {
		d.s.Values[id] = engine.Shown{Text: text, Value: engine.TextValue(text)}
	}
	return d
}

func TestOptionalBlocks(t *testing.T) {
	optional := []Block{{Para: "经查，{facts}"}, {Optional: true, Text: []Block{{Head: "五、听证"}, {Para: "{hearing-right}"}}}}
	for name, tt := range map[string]struct {
		values map[engine.FieldID]string
		want   int
	}{
		"blank form":   {nil, 3},
		"has no value": {map[engine.FieldID]string{"facts": "拖欠工资。"}, 1},
		"has a value":  {map[engine.FieldID]string{"facts": "拖欠工资。", "hearing-right": "可以要求听证。"}, 3},
	} {
		if got := notice(tt.values).blocks(optional); len(got) != tt.want {
			t.Errorf("%s: %d blocks, want %d", name, len(got), tt.want)
		}
	}
}

func TestOptionalBlockOfATable(t *testing.T) {
	d := notice(map[engine.FieldID]string{"facts": "拖欠工资。"})
	block := []Block{{Optional: true, Text: []Block{{Para: "附表"}, {Table: "workers"}}}}
	if got := d.blocks(block); len(got) != 0 {
		t.Errorf("a table without rows: %d blocks, want none", len(got))
	}
	d.s.Values["workers"] = engine.Shown{Rows: []map[engine.FieldID]string{{"name": "王福顺"}}}
	if got := d.blocks(block); len(got) != 2 {
		t.Errorf("a table with rows: %d blocks, want 2", len(got))
	}
}

func TestFullStopsAreNotDoubled(t *testing.T) {
	d := notice(map[engine.FieldID]string{"facts": "《劳动保障监察条例》第三十条。"})
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
	d := notice(map[engine.FieldID]string{"facts": "拖欠工资。"})
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
