package sheet_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"dossier/documents/sheet"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
)

// employers is a kind of the registry as an office may lay it down.
func employers() *sheet.Objects {
	label := func(zh string) procedure.Label { return procedure.Label{ZH: zh} }
	return sheet.NewObjects(&procedure.Form{ID: "X01", Title: label("用人单位"), Parts: []procedure.Part{{ID: "body", Fields: []procedure.Field{
		{ID: "name", Title: label("名称"), Type: procedure.Text, Required: true},
		{ID: "credit-code", Title: label("统一社会信用代码"), Type: procedure.Text},
		{ID: "workers", Title: label("职工人数"), Type: procedure.Number},
		{ID: "valid-to", Title: label("有效期至"), Type: procedure.DateType},
	}}}})
}

// What is no sheet of objects is refused whole, in words that say what to do.
func TestBadObjectFiles(t *testing.T) {
	head := []any{"名称", "统一社会信用代码", "职工人数", "有效期至"}
	book := func(rows ...[]any) []byte {
		return written(t, map[string][][]any{"用人单位": rows}, "用人单位")
	}
	many := [][]any{head}
	for i := range 100_000 {
		many = append(many, []any{"单位", i})
	}
	for _, test := range []struct {
		name string
		data []byte
		want string
	}{
		{"wrong headers", book([]any{"公司", "代码"}, []any{"甲公司", 1}), "sheet.no-header"},
		{"a header missing", book([]any{"统一社会信用代码", "职工人数"}, []any{"91130526MA0EXAMPL1", 3}), "sheet.no-column"},
		{"a header twice", book([]any{"名称", "名称", "职工人数"}, []any{"甲公司", "乙公司", 1}), "sheet.column-twice"},
		{"100 000 rows", book(many...), "sheet.too-many-rows"},
		{"GBK", []byte("\xc3\xfb\xb3\xc6,\xd6\xb0\xb9\xa4\xc8\xcb\xca\xfd\n\xbc\xd7\xb9\xab\xcb\xbe,3\n"), "sheet.not-xlsx"},
		{"no rows", book(head), "sheet.no-rows"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := employers().Read(test.data)
			if x := refusal.As(err); x == nil || len(x.Fields) != 1 || x.Fields[0].Path != "file" || !strings.HasPrefix(x.Fields[0].Why, test.want) {
				t.Fatalf("%v, want %s", err, test.want)
			}
		})
	}
}

// A row says which of its cells is bad; days that are text are read as they are written, and what a formula came to counts.
func TestBadObjectRows(t *testing.T) {
	f := excelize.NewFile()
	defer f.Close()
	for i, row := range [][]any{{"名称", "统一社会信用代码", "职工人数", "有效期至"},
		{"甲公司", "", 3, "2026年5月1日"}, {"乙公司", "", "3", "2026-05-01"}, {"丙公司", "", 3, "去年"}, {"丁公司", "", "三十", ""}, {"戊公司", "", nil, ""}, {"己公司", "", 5, ""}, {"", "", 5, ""}} {
		if err := f.SetSheetRow("Sheet1", "A"+string(rune('1'+i)), &row); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.SetCellFormula("Sheet1", "C6", "1/0"); err != nil {
		t.Fatal(err)
	}
	if err := f.SetCellStr("Sheet1", "C6", "#DIV/0!"); err != nil {
		t.Fatal(err)
	}
	if err := f.MergeCell("Sheet1", "A7", "A8"); err != nil {
		t.Fatal(err)
	}
	b, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	got, err := employers().Read(b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	var bad []string
	for _, r := range got.Rows {
		for _, x := range r.Faults {
			bad = append(bad, r.Values["name"].Text+" "+x.Path+" "+x.Why)
		}
	}
	if n := len(got.Rows); n != 7 || got.Rows[6].Values["name"].Text != "" || got.Rows[5].Values["name"].Text != "己公司" { // of merged cells the first alone has the name
		t.Errorf("%d rows, the last are %v and %v", n, got.Rows[5].Values, got.Rows[n-1].Values)
	}
	if got.Rows[0].Values["valid-to"].Text != "2026-05-01" || got.Rows[1].Values["workers"].Text != "3" {
		t.Errorf("%v and %v", got.Rows[0].Values, got.Rows[1].Values)
	}
	if want := []string{"戊公司 workers sheet.formula"}; !slices.Equal(bad, want) {
		t.Errorf("%q, want %q", bad, want)
	}
}
