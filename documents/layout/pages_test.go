package layout

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"dossier/documents/fonts"
)

// compose sets a page without writing it.
func compose(t *testing.T, page Page) *composer {
	t.Helper()
	c := &composer{fonts: fonts.Standard()}
	page.compose(c, Document{Code: "1-1-AAAA", Page: page})
	if c.missing != nil {
		t.Fatal(c.missing)
	}
	return c
}

// placed is a line of text where it stands on its sheet.
type placed struct {
	text string
	x, y float64
	size float64
}

// texts are the lines of a sheet from top to bottom, feet left out.
func (s *sheet) texts() []placed {
	var all []placed
	for _, m := range s.marks {
		if m.kind == markText && m.y < 273*mm {
			all = append(all, placed{string(m.line.runes()), m.x, m.y, m.line.style.size})
		}
	}
	return all
}

// randomProse makes a document of paragraphs whose lines name their paragraph by its first character.
func randomProse(r *rand.Rand) Prose {
	p := Prose{Titles: []string{"任县人力资源和社会保障局", "决定书"}, Number: "任人社监罚字〔2026〕1号", Addressee: "某单位：",
		Signature: &Signature{Name: "任县人力资源和社会保障局", Day: "2026年5月14日", Seal: r.IntN(2) == 0}}
	for range 3 + r.IntN(12) {
		if r.IntN(3) == 0 {
			p.Blocks = append(p.Blocks, Subhead{Text: "题" + strings.Repeat("目", r.IntN(8)), Level: 1 + r.IntN(2)})
		}
		first, rest := "甲", "乙"
		p.Blocks = append(p.Blocks, Paragraph{Text: first + strings.Repeat(rest, r.IntN(200))})
	}
	return p
}

// TestLongNamesStayOnThePage sets names that are longer than their place.
func TestLongNamesStayOnThePage(t *testing.T) {
	name := strings.Repeat("任县某某建筑劳务有限公司", 5)
	for title, page := range map[string]Page{
		"signature": Prose{Signature: &Signature{Name: name}},
		"seal":      Prose{Signature: &Signature{Name: name, Seal: true}},
		"cell":      Form{Rows: []Row{Fields{Items: []Field{{Label: "收件人签名", Value: name, Sign: true}, {Label: "日期", Day: true}}}}},
	} {
		shown := ""
		for _, m := range compose(t, page).sheets[0].marks {
			if m.kind != markText {
				continue
			}
			if m.x < proseInner-slack || m.x+m.line.width > proseInner+proseWidth+slack {
				t.Errorf("%s: %q runs out of the page", title, string(m.line.runes()))
			}
			shown += string(m.line.runes())
		}
		if !strings.Contains(shown, name) {
			t.Errorf("%s: the name is cut: %q", title, shown)
		}
	}
}

// TestBlanksReachTheEdge holds that a blank for the pen at the end of a paragraph fills its line and adds none.
func TestBlanksReachTheEdge(t *testing.T) {
	for _, text := range []string{"地点：＿＿＿", "经查，" + strings.Repeat("＿", 50), strings.Repeat("＿", 28*2+20)} {
		plain := (&composer{fonts: fonts.Standard()}).paragraph(text, proseStyle, proseWidth, 0)
		lines := compose(t, Prose{Blocks: []Block{Paragraph{Text: text, Flush: true}}}).sheets[0].texts()
		lines = slices.DeleteFunc(lines, func(ln placed) bool { return ln.size != proseStyle.size })
		last := []rune(lines[len(lines)-1].text)
		if len(lines) != len(plain) || len(last) != 28 || last[27] != '＿' {
			t.Errorf("%q: %d lines, want %d; the last has %d characters, want 28", text, len(lines), len(plain), len(last))
		}
	}
}

// TestNumbersPartOnlyWhereALineWouldGape sets a document's number at the end of a line.
func TestNumbersPartOnlyWhereALineWouldGape(t *testing.T) {
	c := &composer{fonts: fonts.Standard()}
	for _, tt := range []struct {
		before int
		want   string // how the second line begins
	}{{22, "〔2026〕19号"}, {25, "立〔2026〕19号"}} {
		lines := c.paragraph(strings.Repeat("某", tt.before)+"立〔2026〕19号一案，现已终结。", proseStyle, proseWidth, 0)
		if got := string(lines[1].runes()); !strings.HasPrefix(got, tt.want) {
			t.Errorf("after %d characters the second line is %q, want %s first", tt.before, got, tt.want)
		}
	}
}

// TestProsePages holds what must be true of the turn of every page.
func TestProsePages(t *testing.T) {
	r := rand.New(rand.NewPCG(13, 17))
	for range 200 {
		p := randomProse(r)
		c := compose(t, p)
		for i, s := range c.sheets {
			var lines []placed
			for _, ln := range s.texts() {
				if ln.size == 16 {
					lines = append(lines, ln)
				}
			}
			if len(lines) == 0 {
				t.Fatalf("page %d of %d is empty", i+1, len(c.sheets))
			}
			for _, ln := range lines {
				if ln.y > proseTop+proseHeight+1 || ln.y < proseTop {
					t.Fatalf("page %d: %q stands outside the text's area", i+1, ln.text)
				}
			}
			first, last := lines[0].text, lines[len(lines)-1].text
			if i > 0 {
				if strings.HasPrefix(first, "任县") {
					t.Fatalf("the signature stands alone on page %d", i+1)
				}
				if strings.HasPrefix(first, "乙") && (len(lines) < 2 || !strings.HasPrefix(lines[1].text, "乙")) {
					t.Fatalf("one line of a paragraph stands alone at the top of page %d", i+1)
				}
			}
			if i < len(c.sheets)-1 {
				if strings.HasPrefix(last, "题") {
					t.Fatalf("a heading stands alone at the foot of page %d", i+1)
				}
				next := c.sheets[i+1].texts()[0].text
				if strings.HasPrefix(last, "甲") && strings.HasPrefix(next, "乙") {
					t.Fatalf("one line of a paragraph stands alone at the foot of page %d", i+1)
				}
			}
		}
	}
}

func TestProseIsMirrored(t *testing.T) {
	c := compose(t, Prose{Blocks: []Block{Paragraph{Text: strings.Repeat("监", 28*50), Flush: true}}})
	if len(c.sheets) != 3 {
		t.Fatalf("got %d pages, want 3", len(c.sheets))
	}
	for i, s := range c.sheets {
		want := proseInner
		if i%2 == 1 {
			want = proseOuter
		}
		if got := s.texts()[0].x; got != want {
			t.Errorf("page %d begins %.1f mm from the left, want %.1f", i+1, got/mm, want/mm)
		}
	}
	n := 0
	for _, ln := range c.sheets[1].texts() {
		if ln.size == proseStyle.size {
			n++
		}
	}
	if n != 22 {
		t.Errorf("a full page has %d lines, want 22", n)
	}
}

// TestSealStandsOverNameAndDate finds the ring in the middle of the bureau's name, half above it and half below.
func TestSealStandsOverNameAndDate(t *testing.T) {
	c := compose(t, notice().Page)
	s := c.sheets[len(c.sheets)-1]
	var name, date, ring mark
	for _, m := range s.marks {
		switch text := string(m.line.runes()); {
		case m.kind == markRing:
			ring = m
		case text == "任县人力资源和社会保障局":
			name = m
		case text == "2026年5月14日":
			date = m
		}
	}
	if d := ring.x - (name.x + name.line.width/2); d > 1 || d < -1 {
		t.Errorf("the ring stands %.1f pt beside the name's middle", d)
	}
	if d := ring.x - (date.x + date.line.width/2); d > 1 || d < -1 {
		t.Errorf("the ring stands %.1f pt beside the date's middle", d)
	}
	if !(name.y < ring.y+8 && ring.y < date.y) || ring.w != sealRing {
		t.Errorf("the ring is not between name and date: %.1f, %.1f, %.1f", name.y, ring.y, date.y)
	}
}

// randomForm makes a form of all kinds of rows; every value is numbered.
func randomForm(r *rand.Rand) (Form, []string) {
	f := Form{Title: "表", Number: "1号"}
	var want []string
	id := func() string {
		s := fmt.Sprintf("值0%03d", len(want))
		want = append(want, s)
		return s
	}
	for range 2 + r.IntN(12) {
		switch r.IntN(5) {
		case 0:
			f.Rows = append(f.Rows, Fields{Items: []Field{{Label: "甲", Value: id()}, {Label: "乙", Value: id()}}})
		case 1:
			text := id()
			for range r.IntN(3) {
				text += strings.Repeat("文字", r.IntN(600)) + "\n" + id()
			}
			f.Rows = append(f.Rows, Long{Label: "事实", Text: text})
		case 2:
			f.Rows = append(f.Rows, Opinion{Label: "意见", Text: id() + strings.Repeat("同意", r.IntN(80)), Signers: []string{"李察"}, Day: id()})
		case 3:
			table := Table{Columns: []Column{{Title: "列"}, {Title: "栏", Width: 40}}}
			for range r.IntN(40) {
				table.Rows = append(table.Rows, []string{id(), "值"})
			}
			f.Rows = append(f.Rows, table)
		case 4:
			f.Rows = append(f.Rows, Heading{Text: id()})
		}
	}
	return f, want
}

// TestFormPages finds every value of random forms once, in order, inside the frame of its sheet.
func TestFormPages(t *testing.T) {
	r := rand.New(rand.NewPCG(19, 23))
	for range 150 {
		f, want := randomForm(r)
		c := compose(t, f)
		var got []string
		for i, s := range c.sheets {
			var frame mark
			for _, m := range s.marks {
				if m.kind == markFrame && m.pen == outerPen {
					frame = m
				}
			}
			if frame.y+frame.h > formLimit+0.1 || frame.h <= 0 {
				t.Fatalf("sheet %d: the frame ends at %.1f mm, or there is none", i+1, (frame.y+frame.h)/mm)
			}
			for _, ln := range s.texts() {
				for rest := ln.text; ; {
					at := strings.Index(rest, "值0")
					if at < 0 {
						break
					}
					got = append(got, rest[at:at+len("值0000")])
					rest = rest[at+len("值0000"):]
					if ln.y < frame.y || ln.y > frame.y+frame.h {
						t.Fatalf("sheet %d: %q stands outside the frame", i+1, ln.text)
					}
				}
			}
			if i > 0 && !strings.Contains(s.texts()[0].text, "（续）") {
				t.Fatalf("sheet %d does not say that it goes on: %q", i+1, s.texts()[0].text)
			}
		}
		if strings.Join(got, " ") != strings.Join(want, " ") {
			t.Fatalf("got %v, want %v", got, want)
		}
	}
}

// TestOpinionsAreNotSplit fills the sheet so that an opinion does not fit: it goes to the next one whole.
func TestOpinionsAreNotSplit(t *testing.T) {
	for pad := 150; pad < 230; pad += 7 {
		c := compose(t, Form{Title: "表", Rows: []Row{
			Long{Label: "事实", Text: "有", Height: float64(pad)},
			Opinion{Label: "意见", Text: "开头" + strings.Repeat("中", 100) + "结尾", Signers: []string{"李察"}, Day: "2026年1月6日"},
		}})
		for i, s := range c.sheets {
			var all strings.Builder
			for _, ln := range s.texts() {
				all.WriteString(ln.text)
			}
			if text := all.String(); strings.Contains(text, "开头") != strings.Contains(text, "结尾") || strings.Contains(text, "结尾") != strings.Contains(text, "签名") {
				t.Errorf("after %d mm the opinion is parted on sheet %d", pad, i+1)
			}
		}
	}
}

// TestHeadingStaysWithItsRow puts a heading where its row does not fit any more: it goes to the next sheet with it.
func TestHeadingStaysWithItsRow(t *testing.T) {
	for pad := 120; pad < 235; pad += 5 {
		c := compose(t, Form{Title: "表", Rows: []Row{
			Long{Label: "事实", Text: "有", Height: float64(pad)},
			Heading{Text: "标题"},
			Long{Label: "依据", Text: "所依据的规定", Height: 90},
		}})
		for i, s := range c.sheets {
			var all strings.Builder
			for _, ln := range s.texts() {
				all.WriteString(ln.text)
			}
			if text := all.String(); strings.Contains(text, "标题") != strings.Contains(text, "所依据的规定") {
				t.Errorf("after %d mm the heading and its row are parted on sheet %d", pad, i+1)
			}
		}
	}
}

// TestNothingFloatsAlone looks for last sheets with nothing but a low row or the notes.
func TestNothingFloatsAlone(t *testing.T) {
	for pad := 190; pad < 225; pad++ {
		c := compose(t, Form{Title: "表", Notes: []string{"本表一式两份。"}, Rows: []Row{
			Long{Label: "事实", Text: "有", Height: float64(pad)},
			Fields{Items: []Field{{Label: "承办人", Value: "李察"}}},
			Fields{Items: []Field{{Label: "备注", Value: "无"}}},
		}})
		if len(c.sheets) == 1 {
			continue
		}
		var all strings.Builder
		for _, ln := range c.sheets[1].texts() {
			all.WriteString(ln.text)
		}
		if text := all.String(); !strings.Contains(text, "李察") || !strings.Contains(text, "备注") || !strings.Contains(text, "一式两份") {
			t.Errorf("after %d mm the last sheet has only %q", pad, text)
		}
	}
}

func TestHighOpinionGoesOn(t *testing.T) {
	text := strings.Repeat("意见很长，一页写不下。", 260)
	c := compose(t, Form{Title: "表", Rows: []Row{Opinion{Label: "意见", Text: text, Signers: []string{"李察"}}}})
	var got strings.Builder
	for _, s := range c.sheets {
		for _, ln := range s.texts() {
			if strings.Contains(text, ln.text) && ln.text != "意见" {
				got.WriteString(ln.text)
			}
		}
	}
	if len(c.sheets) < 2 || got.String() != text {
		t.Errorf("on %d sheets %d bytes of %d are found", len(c.sheets), got.Len(), len(text))
	}
}

func TestArrange(t *testing.T) {
	short := Field{Label: "姓名", Value: "王福顺"}
	wide := Field{Label: "地址", Value: "任县任城镇人民路52号劳动保障监察大队"}
	long := Field{Label: "事实", Value: strings.Repeat("拖欠工资。", 40)}
	for _, tt := range []struct {
		name  string
		items []Field
		want  string
	}{
		{"none", nil, ""},
		{"one", []Field{short}, "1"},
		{"two", []Field{short, short}, "2"},
		{"three", []Field{short, short, short}, "2 1"},
		{"wide between", []Field{short, wide, short, short}, "1 1 2"},
		{"long", []Field{short, short, long, short}, "2 long 1"},
		{"lines", []Field{{Label: "人", Value: "甲\n乙"}, short, short}, "1 2"},
		{"days", []Field{{Label: "日期", Day: true}, {Label: "签名", Sign: true}}, "2"},
	} {
		var got []string
		for _, row := range Arrange(tt.items) {
			switch row := row.(type) {
			case Fields:
				got = append(got, fmt.Sprint(len(row.Items)))
			case Long:
				got = append(got, "long")
			}
		}
		if strings.Join(got, " ") != tt.want {
			t.Errorf("%s: got %v, want %s", tt.name, got, tt.want)
		}
	}
}

// TestRareNames prints and finds again characters beyond the BMP.
func TestRareNames(t *testing.T) {
	for _, name := range []string{"王𬭚", "李䶮", "张龘", "郝錞"} {
		for _, page := range []Page{
			Form{Title: "表", Rows: []Row{Fields{Items: []Field{{Label: "姓名", Value: name}}}, Opinion{Signers: []string{name}}}},
			Prose{Titles: []string{name}, Addressee: name + "：", Blocks: []Block{Subhead{Text: name, Level: 2}}},
		} {
			pages := read(t, render(t, Document{Page: page, Title: name})).pages()
			if n := strings.Count(pages[0], name); n < 2 {
				t.Errorf("%s is found %d times in %q", name, n, pages[0])
			}
		}
	}
}
