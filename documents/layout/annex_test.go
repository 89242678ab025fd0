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

// A label that is set apart by blanks is found as the word that it is; what stands between two labels stays.
func TestLabelsSetApartAreFound(t *testing.T) {
	doc := Document{Page: Prose{Titles: []string{"通知书"}, Blocks: []Block{
		Paragraph{Text: "当 事 人：任县某公司", Flush: true}, Paragraph{Text: "地　　址：任县人民路", Flush: true}, Contact{Lines: []string{"联 系 人：张三　电　　话：7590068　邮箱：a@b.cn"}}}}}
	text := strings.Join(read(t, render(t, doc)).pages(), "")
	for _, want := range []string{"当事人：任县某公司", "地址：任县人民路", "联系人：张三", "电话：7590068"} {
		if !strings.Contains(text, want) {
			t.Errorf("%s is not found in\n%s", want, text)
		}
	}
	for text, want := range map[string]string{"张三　电话：1": "张三　电话：1", "电　　话：1": "电话：1", "王某　邮 编：2": "王某　邮编：2", "王 某": "王 某"} {
		if got, other := compose(t, doc.Page).single(text, style{size: 16}).said(); got != want || other != (got != text) {
			t.Errorf("%s says %s", text, got)
		}
	}
}

// The ring of the seal stands clear of the foot of its page, where the code is: wherever the text ends, no stroke of the
// seal falls on what proves the paper.
func TestSealNeverTouchesTheCode(t *testing.T) {
	for lines := range 60 {
		page := Prose{Number: "任人社监告〔2026〕7号", Titles: []string{"任县人力资源和社会保障局", "通知书"}, Signature: &Signature{Name: "任县人力资源和社会保障局", Day: "2026年5月14日", Seal: true}}
		for range lines {
			page.Blocks = append(page.Blocks, Paragraph{Text: "本局依法作出决定，现予告知。"})
		}
		for n, s := range compose(t, page).sheets {
			for _, m := range s.marks {
				if m.kind == markRing && m.y+m.w/2 > proseTop+proseHeight+slack {
					t.Errorf("%d lines, page %d: the seal reaches %.1f pt down, the text area ends at %.1f", lines, n+1, m.y+m.w/2, proseTop+proseHeight)
				}
			}
		}
	}
}
