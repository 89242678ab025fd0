package layout

import (
	"slices"
	"strings"
	"testing"
)

// has tells whether a sheet has a line that holds the text.
func (s *sheet) has(text string) bool {
	return slices.ContainsFunc(s.texts(), func(p placed) bool { return strings.Contains(p.text, text) })
}

// TestTurnBeginsAPage puts an annex on a page of its own, on both kinds of pages; none is left empty.
func TestTurnBeginsAPage(t *testing.T) {
	list := Table{Columns: []Column{{Title: "姓名"}}, Rows: [][]string{{"王福顺"}}}
	for name, page := range map[string]Page{
		"form":  Form{Title: "审批表", Rows: []Row{Long{Text: "事实"}, Turn{}, Turn{}, Heading{Text: "附表"}, list}},
		"prose": Prose{Titles: []string{"决定书"}, Blocks: []Block{Paragraph{Text: "事实"}, Turn{}, Turn{}, Subhead{Text: "附表", Level: 1}, list}},
		"after": Prose{Titles: []string{"决定书"}, Blocks: []Block{Paragraph{Text: "事实"}}, Signature: &Signature{Name: "局", Seal: true}, After: []Block{Turn{}, Subhead{Text: "附表", Level: 1}, list}},
		"first": Form{Title: "审批表", Rows: []Row{Turn{}, Long{Text: "事实"}, Turn{}, Heading{Text: "附表"}, list}},
	} {
		c := compose(t, page)
		if len(c.sheets) != 2 || !c.sheets[len(c.sheets)-1].has("附表") || c.sheets[len(c.sheets)-1].has("事实") {
			t.Errorf("%s: %d sheets", name, len(c.sheets))
		}
	}
}

// TestSignatureHasCompany fills the first page until the signature must leave it: contact lines, the receipt and some of the
// text go with it.
func TestSignatureHasCompany(t *testing.T) {
	turned := false
	for n := range 28 * 22 {
		p := Prose{Titles: []string{"通知书"}, Addressee: "某单位：",
			Blocks:    []Block{Paragraph{Text: strings.Repeat("文", 28+n)}, Contact{Lines: []string{"联系人", "电话"}}},
			Signature: &Signature{Name: "某某局", Seal: true}, After: []Block{Receipt{Title: "签收", Lines: []string{"收件人"}}}}
		c := compose(t, p)
		last := c.sheets[len(c.sheets)-1]
		if !last.has("某某局") || !last.has("联系人") || !last.has("收件人") || !last.has("文") {
			t.Fatalf("%d characters: %v", n, last.texts())
		}
		turned = turned || len(c.sheets) > 1
	}
	if !turned {
		t.Error("the page was never full")
	}
}

// TestWideLabelStaysOnOneLine: a cell that a form made wider for its label has it in one line.
func TestWideLabelStaysOnOneLine(t *testing.T) {
	const label = "是否书面告知投诉人"
	for width, lines := range map[float64]int{25: 2, 44: 1} {
		c := compose(t, Form{Title: "表", Rows: []Row{Fields{Items: []Field{{Label: label, Value: "是"}}, Widths: []float64{width, 156 - width}}}})
		if got := c.sheets[0].has(label); got != (lines == 1) {
			t.Errorf("%v mm: in one line %v", width, got)
		}
	}
}

// TestBlankRecordIsForThePen: a record without a word isn't closed by （以下空白）.
func TestBlankRecordIsForThePen(t *testing.T) {
	const closed = "（以下空白）"
	if compose(t, Record{Title: "笔录", Signs: []string{"被询问人"}}).sheets[0].has(closed) {
		t.Error("a blank record is closed")
	}
	if !compose(t, Record{Title: "笔录", Lines: []Line{{Speaker: "问", Text: "姓名？"}}}).sheets[0].has(closed) {
		t.Error("a record isn't closed")
	}
}
