package layout

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"dossier/documents/fonts"
)

func TestMayBreak(t *testing.T) {
	for _, tt := range []struct {
		text string
		want string // the text with | where a line may end
	}{
		{"你单位应当", "你|单|位|应|当"},
		{"应当，支付。", "应|当，|支|付。"},
		{"《劳动法》第五十条", "《劳|动|法》|第|五|十|条"},
		{"付128\u00a0400.00元整", "付|128\u00a0400.00元|整"},
		{"共8人，5个工作日", "共|8人，|5个|工|作|日"},
		{"2026年1月9日立案", "2026年|1月|9日|立|案"},
		{"任人社监立〔2026〕19号", "任|人|社|监|立〔2026〕19号"},
		{"第19条", "第19条"},
		{"30万元", "30万元"},
		{"电话：0319-7590068", "电|话：|0319-7590068"},
		{"甲 乙", "甲 |乙"},
		{"甲　乙", "甲　|乙"},
		{"他说：“是。”", "他|说：|“是。”"},
		{"等等……又——说", "等|等……|又——|说"},
		{"（三）项", "（三）|项"},
		{"labour law", "labour |law"},
		{"100%的", "100%|的"},
		{"☑书证　□电子数据　□其他", "☑书证　|□电子数据　|□其他"},
	} {
		runes := []rune(tt.text)
		var got strings.Builder
		for i, r := range runes {
			if i > 0 && mayBreak(runes, i) {
				got.WriteByte('|')
			}
			got.WriteRune(r)
		}
		if got.String() != tt.want {
			t.Errorf("got %s, want %s", got.String(), tt.want)
		}
	}
}

func TestClean(t *testing.T) {
	for in, want := range map[string]string{
		"甲\t乙": "甲 乙", "甲\u200b乙\ufeff": "甲乙", "甲\r乙\x00": "甲乙", "葛\ufe00城": "葛城", "𠮷": "𠮷", "": "",
	} {
		if got := string(clean(in)); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

// alphabet is what random texts are made of: every class of character.
var alphabet = []rune("的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经" +
	"，。、；：？！）》」』〕】”’…—（《「『〔【“‘ 0123456789abcXYZ.-%元年月日号第\u00a0　")

func randomText(r *rand.Rand, n int) string {
	runes := make([]rune, n)
	for i := range runes {
		runes[i] = alphabet[r.IntN(len(alphabet))]
	}
	return string(runes)
}

// TestParagraphProperties sets random texts at random widths and holds what must be true of every paragraph.
func TestParagraphProperties(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 11))
	for range 3000 {
		text := randomText(r, 1+r.IntN(120))
		st := style{face: fonts.Song, size: 8 + float64(r.IntN(15)), tracking: float64(r.IntN(3)-1) * 0.2}
		width := st.size * (4 + 30*r.Float64())
		indent := st.size * float64(r.IntN(3))
		c := &composer{fonts: fonts.Standard()}
		lines := c.paragraph(text, st, width, indent)
		if c.missing != nil {
			t.Fatal(c.missing)
		}
		checkParagraph(t, text, st, lines, width, indent)
	}
}

func checkParagraph(t *testing.T, text string, st style, lines []line, width, indent float64) {
	t.Helper()
	var all strings.Builder
	for i, ln := range lines {
		row := ln.runes()
		all.WriteString(string(row))
		fail := func(what string) {
			t.Helper()
			t.Fatalf("line %d %q of %q at width %.1f, size %.1f: %s", i, string(row), text, width, st.size, what)
		}
		if len(row) == 0 {
			if i > 0 || strings.Trim(text, " 　") != "" && len(lines) == 1 {
				fail("it is empty")
			}
			continue
		}
		// a piece that is longer than the measure is cut wherever it must be: then no rule holds
		if i > 0 && len(row) > 1 && strings.ContainsRune(closers, row[0]) && hasBreak(lines[i-1].runes()) {
			fail("it begins with a closing mark")
		}
		if i < len(lines)-1 && len(row) > 1 && strings.ContainsRune(openers, row[len(row)-1]) && hasBreak(row) {
			fail("it ends with an opening mark")
		}
		if ln.width > width+0.3 && len(row) > 1 {
			fail("it is too wide")
		}
		end := 0.0 // where the chunks end must be the line's width
		for j, ch := range ln.chunks {
			at := ch.x
			for _, c := range ch.chars {
				at += float64(c.Advance)/1000*st.size + ch.gap
			}
			at -= ch.gap
			if j+1 < len(ln.chunks) && ln.chunks[j+1].x < at-st.size/2 {
				fail("two parts lie over each other")
			}
			end = at
		}
		if math.Abs(end-ln.width) > 0.01 {
			fail("its width is not that of its parts")
		}
		if start := ln.chunks[0].x; i == 0 && math.Abs(start-indent) > 0.01 || i > 0 && start != 0 {
			fail("it does not begin where it should")
		}
	}
	if got, want := solid(all.String()), solid(string(clean(text))); got != want {
		t.Fatalf("the lines hold %q, want %q", got, want)
	}
}

// runes are the characters of a line.
func (ln line) runes() []rune {
	var all []rune
	for _, ch := range ln.chunks {
		for _, c := range ch.chars {
			all = append(all, c.Rune)
		}
	}
	return all
}

// hasBreak tells whether a line may end somewhere inside a row.
func hasBreak(row []rune) bool {
	for i := 1; i < len(row); i++ {
		if mayBreak(row, i) {
			return true
		}
	}
	return false
}

func TestJustifiedLinesFillTheMeasure(t *testing.T) {
	c := &composer{fonts: fonts.Standard()}
	text := strings.Repeat("本局于2026年1月9日立案，现已调查终结。根据《劳动保障监察条例》第十九条的规定，", 6)
	const width = 400
	lines := c.paragraph(text, proseStyle, width, 32)
	if len(lines) < 5 {
		t.Fatalf("got %d lines", len(lines))
	}
	for i, ln := range lines[:len(lines)-1] {
		if math.Abs(ln.width-width) > 0.02 {
			t.Errorf("line %d %q ends at %.2f, want %d", i, string(ln.runes()), ln.width, width)
		}
	}
}

func TestTwentyEightCharactersFillALine(t *testing.T) {
	c := &composer{fonts: fonts.Standard()}
	lines := c.paragraph(strings.Repeat("监", 28*3), proseStyle, proseWidth, 0)
	if len(lines) != 3 || len(lines[0].runes()) != 28 {
		t.Fatalf("got %d lines, the first of %d characters, want 3 of 28", len(lines), len(lines[0].runes()))
	}
}

func TestAmountsAreNotBroken(t *testing.T) {
	c := &composer{fonts: fonts.Standard()}
	const amount = "128\u00a0400.00元"
	for pad := range 30 {
		lines := c.paragraph(strings.Repeat("付", pad)+amount+"整", valueStyle, 200, 0)
		found := false
		for _, ln := range lines {
			found = found || strings.Contains(string(ln.runes()), amount)
		}
		if !found {
			t.Errorf("behind %d characters the amount is broken", pad)
		}
	}
}

func TestLabelLines(t *testing.T) {
	for label, want := range map[string]string{
		"案由": "案由", "当事人": "当事人", "案件来源": "案件来源", "法定代表人": "法定代表人",
		"统一社会信用代码": "统一社会|信用代码", "指定承办人及执法证号": "指定承办人|及执法证号",
		"案件基本情况及涉嫌违反的法律法规": "案件基本|情况及涉|嫌违反的|法律法规",
		"延长期限\n理由":         "延长期限|理由", "工作单位及职务": "工作单位|及职务", "法制审核意见": "法制审核|意见", "": "",
		"法定代表人（负责人）": "法定代表人|（负责人）", "拟责令支付（元）": "拟责令支付|（元）", "金额（元）": "金额（元）",
	} {
		var rows []string
		for _, row := range labelLines(label) {
			rows = append(rows, string(row))
		}
		if got := strings.Join(rows, "|"); got != want {
			t.Errorf("%s: got %s, want %s", label, got, want)
		}
	}
}

func FuzzParagraph(f *testing.F) {
	f.Add("你单位应当在2026年5月6日前支付128\u00a0400.00元。", 12.0, 160.0)
	f.Add("（（（（。。。。", 12.0, 20.0)
	f.Add("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 12.0, 30.0)
	f.Fuzz(func(t *testing.T, text string, size, width float64) {
		if !(size > 1 && size < 200 && width > 1 && width < 5000) {
			return
		}
		c := &composer{fonts: fonts.Standard()}
		var all strings.Builder
		for _, ln := range c.paragraph(text, style{size: size}, width, 0) {
			all.WriteString(string(ln.runes()))
		}
		if c.missing == nil && solid(all.String()) != solid(string(clean(text))) {
			t.Errorf("got %q, want %q", all.String(), text)
		}
	})
}
