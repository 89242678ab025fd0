package sheet_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"dossier/documents/sheet"
	"dossier/engine/refusal"
	"dossier/seeds/fixture"
)

// zipped is a zip of these files.
func zipped(t testing.TB, files map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range files {
		w, err := z.Create(name)
		if err == nil {
			_, err = io.WriteString(w, text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// What is no sheet of cases is refused in words that say what to do.
func TestBadFiles(t *testing.T) {
	e := bureau(t)
	c := sheet.NewCases(fixture.Brought(t).Edition("labour-case"))
	good := written(t, map[string][][]any{"案件": {titles, with()}}, "案件")
	book := func(rows ...[]any) []byte { return written(t, map[string][][]any{"案件": rows}, "案件") }
	many := [][]any{titles}
	for i := range sheet.MaxRows + 1 {
		many = append(many, []any{i, "x"})
	}
	if b, err := sheet.Read(book(many[:sheet.MaxRows+1]...)); err != nil || len(b.Pages[0].Rows) != sheet.MaxRows+1 {
		t.Fatalf("as many rows as may be: %v", err)
	}
	locked := func() []byte {
		f := excelize.NewFile()
		defer f.Close()
		b, err := f.WriteToBuffer()
		if err != nil {
			t.Fatal(err)
		}
		data, err := excelize.Encrypt(b.Bytes(), &excelize.Options{Password: "1234"})
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	for _, test := range []struct {
		name string
		data []byte
		want string
	}{
		{"nothing", nil, "sheet.empty"},
		{"text", []byte("序号,当事人名称\n1,甲公司\n"), "sheet.not-xlsx"},
		{"a page", []byte("<html><table></table></html>"), "sheet.not-xlsx"},
		{"the old format", []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("W\x00o\x00r\x00k\x00", 200)), "sheet.old"},
		{"locked", locked(), "sheet.encrypted"},
		{"another zip", zipped(t, map[string]string{"word/document.xml": "<w/>"}), "sheet.not-xlsx"},
		{"cut off", good[:len(good)/2], "sheet.damaged"},
		{"no workbook", zipped(t, map[string]string{"xl/nothing.xml": "<x/>"}), "sheet."},
		{"broken XML", zipped(t, map[string]string{"[Content_Types].xml": "<Types", "xl/workbook.xml": "<workbook><sheets"}), "sheet."},
		{"a bomb", zipped(t, map[string]string{"xl/workbook.xml": "<workbook/>", "xl/worksheets/sheet1.xml": strings.Repeat(" ", 60<<20)}), "sheet.too-big"},
		{"too large", make([]byte, sheet.MaxFile+1), "sheet.too-big"},
		{"too many rows", book(many...), "sheet.too-many-rows"},
		{"a cell too long", book(titles, []any{strings.Repeat("长", 20_001)}), "sheet.cell-long"},
		{"no titles", book([]any{"一", "二"}, []any{1, 2}), "sheet.no-header"},
		{"a title missing", book([]any{"序号", "当事人名称", "现在的环节"}, []any{1, "甲", "调查"}), "sheet.no-column"},
		{"a title twice", book(append(append([]any{}, titles...), "案号"), with()), "sheet.column-twice"},
		{"no rows", book(titles), "sheet.no-rows"},
		{"only numbers of rows", book(titles, []any{1}, []any{2}), "sheet.no-rows"},
		{"a list for nobody", written(t, map[string][][]any{"案件": {titles, with()}, "劳动者名单": {{"序号", "姓名"}, {9, "王福顺"}}}, "案件", "劳动者名单"), "sheet.no-such-key"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := c.Read(test.data, e.Office())
			x := refusal.As(err)
			if x == nil || len(x.Fields) != 1 || x.Fields[0].Path != "file" || !strings.HasPrefix(x.Fields[0].Why, test.want) {
				t.Fatalf("%v, want %s", err, test.want)
			}
		})
	}
	if _, err := c.Read(good, e.Office()); err != nil {
		t.Fatal(err)
	}
}

// However a cell is kept, it reads to the same text.
func TestCells(t *testing.T) {
	f := excelize.NewFile()
	defer f.Close()
	day, han := 14, `yyyy"年"m"月"d"日"`
	short, err := f.NewStyle(&excelize.Style{NumFmt: day})
	if err != nil {
		t.Fatal(err)
	}
	long, err := f.NewStyle(&excelize.Style{CustomNumFmt: &han})
	if err != nil {
		t.Fatal(err)
	}
	grouped, err := f.NewStyle(&excelize.Style{NumFmt: 4})
	if err != nil {
		t.Fatal(err)
	}
	set := func(at string, value any, style int) {
		t.Helper()
		if err := f.SetCellValue("Sheet1", at, value); err != nil {
			t.Fatal(err)
		}
		if err := f.SetCellStyle("Sheet1", at, at, style); err != nil {
			t.Fatal(err)
		}
	}
	cells := titles
	row := with()
	at := func(title string, n int) string {
		for i, x := range cells {
			if x == title {
				name, err := excelize.CoordinatesToCellName(i+1, n)
				if err != nil {
					t.Fatal(err)
				}
				return name
			}
		}
		t.Fatal(title)
		return ""
	}
	if err := f.SetSheetRow("Sheet1", "A1", &cells); err != nil {
		t.Fatal(err)
	}
	for n := 2; n <= 4; n++ {
		if err := f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", n), &row); err != nil {
			t.Fatal(err)
		}
	}
	set(at("接收日", 2), 46027, short)
	set(at("接收日", 3), 46027, long)
	set(at("立案日", 3), "2026-01-09 00:00:00", 0)
	set(at("联系电话", 2), 13931905127, 0)
	set(at("案由", 3), 46027, long) // a day where a text is meant reads as it is shown
	if err := f.SetCellFormula("Sheet1", at("案由", 4), `"拖欠"&"工资"`); err != nil {
		t.Fatal(err)
	}
	set(at("统一社会信用代码", 4), 123456789012345680.0, grouped)
	b, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	e := bureau(t)
	s, err := sheet.NewCases(fixture.Brought(t).Edition("labour-case")).Read(b.Bytes(), e.Office())
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		row  int
		path string
		want string
	}{
		{0, "received", "2026-01-05"}, {1, "received", "2026-01-05"}, {2, "received", "2026-01-05"}, {1, "facts.filed", "2026-01-09"}, {0, "facts.filed", "2026-01-09"},
		{0, "contact-phone", "13931905127"}, {1, "cause", "2026年1月5日"}, {0, "state", "investigating"},
		{0, "employer", "任县甲建筑公司"}, {0, "officers", "李察、赵办"},
	} {
		if got := s.Rows[test.row].Texts[test.path]; got != test.want {
			t.Errorf("row %d %s: %q, want %q", test.row, test.path, got, test.want)
		}
	}
	lost := false
	for _, x := range s.Rows[2].Faults {
		lost = lost || x.Path == "credit-code" && x.Why == "sheet.lost"
	}
	if !lost {
		t.Errorf("digits that are lost: %+v", s.Rows[2].Faults)
	}
}

// What is written is text, whatever it begins with; what is written is read back.
func TestWrite(t *testing.T) {
	evil := []string{"=1+1", "+86 139", "-5", "@SUM(A1)", "=HYPERLINK(\"http://x\")", "\t=1", "甲公司"}
	g := sheet.Grid{Name: "案件", Columns: []sheet.Column{{Title: "名称"}, {Title: "日期", Kind: sheet.DayColumn}, {Title: "金额", Kind: sheet.MoneyColumn}, {Title: "人数", Kind: sheet.NumberColumn}}}
	for _, x := range evil {
		g.Rows = append(g.Rows, []string{x, "2026-03-02", "18600.00", "7"})
	}
	data, err := sheet.Write(g)
	if err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for i, x := range evil {
		at := fmt.Sprintf("A%d", i+2)
		formula, err := f.GetCellFormula("案件", at)
		kind, err2 := f.GetCellType("案件", at)
		if err != nil || err2 != nil || formula != "" || kind != excelize.CellTypeSharedString && kind != excelize.CellTypeInlineString {
			t.Errorf("%q is %v %q", x, kind, formula)
		}
	}
	b, err := sheet.Read(data)
	if err != nil {
		t.Fatal(err)
	}
	r := b.Pages[0].Rows[1]
	if r.N != 2 || r.Cells[0].Raw != "=1+1" || r.Cells[1].Shown != "2026-03-02" || r.Cells[2].Raw != "18600" || r.Cells[3].Raw != "7" {
		t.Errorf("%+v", r)
	}
}

// Whatever is sent, reading ends with a book or with words, never with a panic.
func FuzzRead(f *testing.F) {
	for _, rows := range [][][]any{{titles, with()}, {{"a", 1, 2.5, true, nil}}, {}} {
		f.Add(written(f, map[string][][]any{"案件": rows, "劳动者名单": {{"序号", "姓名"}, {1, "甲"}}}, "案件", "劳动者名单"))
	}
	f.Add([]byte("PK"))
	f.Add([]byte(`<worksheet><sheetData><row r="3"><c r="XFD3" t="s"><v>9</v></c><c r="A3"><v>1</v></c></row><row r="1048576"><c t="inlineStr"><is><t>甲</t></is></c></row></sheetData></worksheet>`))
	f.Add([]byte(`<worksheet><sheetData><row><c r="B1" s="7"><f>A1</f><v>4.6E4</v></c><c r="A1" t="e"><v>#REF!</v></c></row><row r="2"/></sheetData><mergeCells><mergeCell ref="A1:B9"/></mergeCells></worksheet>`))
	f.Fuzz(func(t *testing.T, data []byte) {
		if bytes.HasPrefix(data, []byte("<")) { // the sheet itself, in a book that is whole: most changed bytes of a zip are refused at the door
			data = zipped(t, map[string]string{
				"[Content_Types].xml":        `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`,
				"_rels/.rels":                `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
				"xl/workbook.xml":            `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>`,
				"xl/_rels/workbook.xml.rels": `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
				"xl/worksheets/sheet1.xml":   string(data),
			})
		}
		b, err := sheet.Read(data)
		if err != nil {
			if x := refusal.As(err); x == nil || len(x.Fields) != 1 || x.Fields[0].Path != "file" {
				t.Fatal(err)
			}
			return
		}
		for _, p := range b.Pages {
			if len(p.Rows) > sheet.MaxRows+1 {
				t.Fatalf("%d rows", len(p.Rows))
			}
		}
	})
}
