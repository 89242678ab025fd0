package fonts

import (
	"bytes"
	"compress/zlib"
	_ "embed"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
)

//go:embed pack/standard.txt
var standardTable string

// TestStandardTable asks for every character of 通用规范汉字表 in every face, and for it in the face's own font
// where the face should have it.
func TestStandardTable(t *testing.T) {
	table := []rune(strings.ReplaceAll(standardTable, "\n", ""))
	if len(table) != 8105 {
		t.Fatalf("the table has %d characters, want 8105", len(table))
	}
	for face, own := range map[Face]string{Song: "Dossier Song", SongBold: "Dossier Song Bold", Hei: "Dossier Hei", HeiBold: "", Kai: "Dossier Kai"} {
		for _, r := range table {
			ch, ok := Standard().Lookup(face, r)
			if !ok || ch.Advance != 1000 {
				t.Errorf("face %d: %c: %v, %+v", face, r, ok, ch)
			} else if own != "" && ch.Font.Name != own {
				t.Errorf("face %d: %c comes from %s", face, r, ch.Font.Name)
			}
		}
	}
}

func TestMissing(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "王福顺": "", "郝錞\n李察": "", "王😀和😀李🀄": "😀🀄", "𬭚": "", "①②《》“”—…￥№☑□\u00a0\u3000": "",
	} {
		if got := string(Missing(text)); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
	if Has('😀') || !Has('县') {
		t.Error("Has contradicts Missing")
	}
}

func TestFallback(t *testing.T) {
	for _, tt := range []struct {
		face Face
		r    rune
		want string
	}{
		{HeiBold, '1', "Dossier Hei Bold"}, {HeiBold, '县', "Dossier Hei"},
		{Kai, '龘', "Dossier Song"}, {SongBold, '龘', "Dossier Song"}, {Face(200), '县', "Dossier Song"},
	} {
		if ch, ok := Standard().Lookup(tt.face, tt.r); !ok || ch.Font.Name != tt.want {
			t.Errorf("face %d, %c: got %v, want %s", tt.face, tt.r, ch.Font, tt.want)
		}
	}
}

func TestReplace(t *testing.T) {
	own := &Font{Name: "own", Metrics: Metrics{UnitsPerEm: 1000}, advances: []uint16{0, 900}}
	own.setGlyph('县', 1)
	l := Standard().Replace(Song, own)
	if ch, _ := l.Lookup(Song, '县'); ch.Font != own || ch.Advance != 900 {
		t.Errorf("got %+v, want the office's own font", ch)
	}
	if ch, _ := l.Lookup(Song, '王'); ch.Font.Name != "Dossier Song" {
		t.Errorf("got %+v, want the embedded font for what the own one lacks", ch)
	}
	if ch, _ := Standard().Lookup(Song, '县'); ch.Font == own {
		t.Error("the standard library was changed")
	}
}

// chars looks characters of one face up.
func chars(t *testing.T, face Face, text string) map[Char]struct{} {
	t.Helper()
	set := map[Char]struct{}{}
	for _, r := range text {
		ch, ok := Standard().Lookup(face, r)
		if !ok {
			t.Fatalf("no font has %c", r)
		}
		set[ch] = struct{}{}
	}
	return set
}

// unpack reads a cut's program back as a font.
func unpack(t *testing.T, cut *Cut) sfnt {
	t.Helper()
	r, err := zlib.NewReader(bytes.NewReader(cut.Program))
	if err != nil {
		t.Fatal(err)
	}
	file, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	if len(file) != cut.Length {
		t.Errorf("the program has %d bytes, it says %d", len(file), cut.Length)
	}
	if sum := checksum(file); sum != 0xB1B0AFBA {
		t.Errorf("the sum over the file is %08x", sum)
	}
	n := int(be16(file[4:]))
	tables := sfnt{}
	for i := range n {
		e := file[12+16*i:]
		table := file[be32(e[8:]) : be32(e[8:])+be32(e[12:])]
		if tag := string(e[:4]); tag != "head" && checksum(table) != be32(e[4:]) {
			t.Errorf("table %s: its sum is %08x, the directory says %08x", tag, checksum(table), be32(e[4:]))
		}
		tables[string(e[:4])] = table
	}
	return tables
}

// TestCutRoundTrip finds in the cut font each character's outline and width under its code.
func TestCutRoundTrip(t *testing.T) {
	set := chars(t, Song, "任县人力资源和社会保障局 19号，。《》Aj𬭚")
	for face, text := range map[Face]string{SongBold: "劳动保障立案审批表", Hei: "案由", Kai: "李察2026年"} {
		for ch := range chars(t, face, text) {
			set[ch] = struct{}{}
		}
	}
	comma, _ := Standard().Lookup(Song, '，')
	open, _ := Standard().Lookup(Song, '《')
	set[comma.Halved(LeftHalf)], set[open.Halved(RightHalf)] = struct{}{}, struct{}{}
	cut, err := NewCutter(1).Cut(set)
	if err != nil {
		t.Fatal(err)
	}
	tables := unpack(t, cut)
	if n := int(be16(tables["maxp"][4:])); n != len(set)+1 || len(cut.Chars) != len(set) {
		t.Fatalf("the font has %d glyphs and %d characters for %d", n, len(cut.Chars), len(set))
	}
	font := fileOutlines{loca: tables["loca"], glyf: tables["glyf"], long: be16(tables["head"][50:]) == 1, glyphs: len(set) + 1}
	seen := map[uint16]bool{}
	for ch := range set {
		code := cut.Code(ch)
		if code == 0 || seen[code] || cut.Chars[code-1] != ch {
			t.Fatalf("%c has the code %d, which is none or another's", ch.Rune, code)
		}
		seen[code] = true
		if w := int(be16(tables["hmtx"][4*int(code):])); w != ch.Advance {
			t.Errorf("%c is %d wide, want %d", ch.Rune, w, ch.Advance)
		}
		shift := 0
		if ch.Half == RightHalf {
			shift = -500
		}
		want, err := ch.Font.simple(ch.Glyph, 1000, shift)
		if err != nil {
			t.Fatal(err)
		}
		got, err := font.outline(code)
		if err != nil || !bytes.Equal(bytes.TrimRight(got, "\x00"), bytes.TrimRight(want, "\x00")) {
			t.Errorf("%c has another outline in the cut font (%v)", ch.Rune, err)
		}
	}
	if code := cut.Code(Char{Rune: '外'}); code != 0 {
		t.Errorf("a character that was not asked for has the code %d", code)
	}
}

func TestCutterKeepsTheLatest(t *testing.T) {
	c := NewCutter(2)
	cut := func(text string) *Cut {
		got, err := c.Cut(chars(t, Song, text))
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	a, b := cut("甲"), cut("乙")
	if cut("甲甲") != a || cut("乙") != b {
		t.Error("the same characters are cut twice")
	}
	cut("甲") // now 乙 is the oldest
	cut("丙")
	if cut("甲") != a {
		t.Error("a cut in use was given up")
	}
	if cut("乙") == b {
		t.Error("more cuts are kept than should be")
	}
	if len(c.cuts) != 2 {
		t.Errorf("%d cuts are kept, want 2", len(c.cuts))
	}
}

func TestCutterAtOnce(t *testing.T) {
	c := NewCutter(3)
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for j := range 20 {
				text := string([]rune("甲乙丙丁戊己庚辛壬癸")[(i+j)%10])
				if cut, err := c.Cut(chars(t, Song, text)); err != nil || len(cut.Chars) != 1 || string(cut.Chars[0].Rune) != text {
					t.Errorf("%s: %v", text, err)
				}
			}
		})
	}
	wg.Wait()
}

// TestOutlineRoundTrip decodes and encodes glyphs of the real faces.
func TestOutlineRoundTrip(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 5))
	table := []rune(strings.ReplaceAll(standardTable, "\n", ""))
	for face := range faces {
		for range 150 {
			ch, _ := Standard().Lookup(face, table[r.IntN(len(table))])
			drawn, err := ch.Font.draw(ch.Glyph, maxDepth)
			if err != nil {
				t.Fatalf("%c: %v", ch.Rune, err)
			}
			again, err := (&reader{data: encodeGlyph(drawn)[10:]}).simple(len(drawn))
			if err != nil || !slices.EqualFunc(drawn, again, slices.Equal) {
				t.Fatalf("%c: the outline changes when it is written and read (%v)", ch.Rune, err)
			}
		}
	}
}

func BenchmarkCut(b *testing.B) {
	table := []rune(strings.ReplaceAll(standardTable, "\n", ""))[:3500]
	r := rand.New(rand.NewPCG(1, 2))
	set := map[Char]struct{}{}
	for len(set) < 276 {
		ch, _ := Standard().Lookup(Song, table[r.IntN(len(table))])
		set[ch] = struct{}{}
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := NewCutter(1).Cut(set); err != nil {
			b.Fatal(err)
		}
	}
}
