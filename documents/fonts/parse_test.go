package fonts

import (
	"bytes"
	"strings"
	"testing"
)

// tiny makes a TrueType file of four glyphs on a grid of 2000 units: blank, a square, a hinted triangle, and a
// composite of the square moved and the triangle at half size.
func tiny(bmp bool) []byte {
	square := encodeGlyph(contours{{{0, 0, true}, {0, 1000, true}, {1000, 1000, true}, {1000, 0, true}}})
	plain := encodeGlyph(contours{{{0, 0, true}, {500, 900, false}, {1000, 0, true}}})
	at := 10 + 2
	hinted := append(append(append([]byte(nil), plain[:at]...), 0, 3, 1, 2, 3), plain[at+2:]...)
	composite := app16(nil, -1)
	for _, v := range []int{0, 0, 2000, 2000} {
		composite = app16(composite, v)
	}
	for _, v := range []int{argsAreWords | argsAreOffsets | moreComponents, 1, 600, -400} {
		composite = app16(composite, v)
	}
	composite = app16(app16(composite, argsAreOffsets|haveScale), 2)
	composite = app16(append(composite, 10, 246), 1<<13)

	b := builder{widths: []int{0, 2000, 1000, 2000}, outlines: [][]byte{nil, square, hinted, nil}}
	tables := sfnt{}
	file := b.file()
	for i := range int(be16(file[4:])) {
		e := file[12+16*i:]
		tables[string(e[:4])] = bytes.Clone(file[be32(e[8:]) : be32(e[8:])+be32(e[12:])])
	}
	put16(tables["head"][18:], 2000)
	tables["glyf"] = append(tables["glyf"], composite...)
	put16(tables["loca"][2*4:], uint16(len(tables["glyf"])/2))
	sub := []byte{}
	format := 12
	if bmp {
		for _, v := range []int{4, 32, 0, 4, 4, 1, 0, '丁', 0xffff, 0, '一', 0xffff, 1 - '一', 1, 0, 0} {
			sub = app16(sub, v)
		}
	} else {
		sub = app32(app32(app32(app16(app16(sub, format), 0), 16+24), 0), 2)
		for _, v := range []int{'一', '丁', 1, 0x20BB7, 0x20BB7, 3} {
			sub = app32(sub, v)
		}
	}
	encoding := 10
	if bmp {
		encoding = 1
	}
	tables["cmap"] = append(app32(app16(app16(app16(app16(nil, 0), 1), 3), encoding), 12), sub...)
	return assemble(tables)
}

func TestParse(t *testing.T) {
	for _, bmp := range []bool{false, true} {
		f, err := Parse("tiny", tiny(bmp))
		if err != nil {
			t.Fatal(err)
		}
		if gid, ok := f.Glyph('丁'); !ok || gid != 2 || f.Advance(gid) != 500 {
			t.Errorf("bmp %v: 丁 is glyph %d, %v, %d wide", bmp, gid, ok, f.Advance(gid))
		}
		if _, ok := f.Glyph('𠮷'); ok == bmp {
			t.Errorf("bmp %v: 𠮷 is there: %v", bmp, ok)
		}
		if _, ok := f.Glyph('王'); ok {
			t.Error("a character is there that isn't")
		}
	}
}

// TestSimple draws composites out, takes hints away and changes the grid.
func TestSimple(t *testing.T) {
	f, err := Parse("tiny", tiny(false))
	if err != nil {
		t.Fatal(err)
	}
	for gid, want := range map[uint16]contours{
		1: {{{0, 0, true}, {0, 500, true}, {500, 500, true}, {500, 0, true}}},
		2: {{{0, 0, true}, {250, 450, false}, {500, 0, true}}},
		3: {{{300, -200, true}, {300, 300, true}, {800, 300, true}, {800, -200, true}}, {{5, -5, true}, {130, 220, false}, {255, -5, true}}},
	} {
		got, err := f.simple(gid, 1000, 0)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, encodeGlyph(want)) {
			t.Errorf("glyph %d: got %x, want %x", gid, got, encodeGlyph(want))
		}
		same, err := f.simple(gid, 2000, 0)
		if err != nil || len(same) > 12 && be16(same[10+2*int(be16(same)):]) != 0 {
			t.Errorf("glyph %d keeps its hints (%v)", gid, err)
		}
	}
}

func TestPackAndOpen(t *testing.T) {
	f, err := Parse("Office Song", tiny(false))
	if err != nil {
		t.Fatal(err)
	}
	var file bytes.Buffer
	if err := Pack(&file, f.Name, []*Font{f}, []rune("𠮷王一一")); err != nil {
		t.Fatal(err)
	}
	got, err := openFace(file.String())
	if err != nil {
		t.Fatal(err)
	}
	if want := (Metrics{UnitsPerEm: 1000, Ascent: 440, Descent: -60, CapHeight: 440}); got.Name != f.Name || got.Metrics != want {
		t.Errorf("got %s %+v, want %s %+v, which is half of %+v", got.Name, got.Metrics, f.Name, want, f.Metrics)
	}
	for _, r := range "𠮷一" {
		a, _ := f.Glyph(r)
		b, ok := got.Glyph(r)
		want, _ := f.simple(a, 1000, 0)
		have, err := got.simple(b, 1000, 0)
		if !ok || err != nil || !bytes.Equal(have, want) || got.Advance(b) != f.Advance(a) {
			t.Errorf("%c is not the same in the face file (%v)", r, err)
		}
	}
	if _, ok := got.Glyph('丁'); ok {
		t.Error("a character is there that was not asked for")
	}
}

// TestDamaged cuts and changes files byte by byte: they are refused or read, never more.
func TestDamaged(t *testing.T) {
	f, err := Parse("tiny", tiny(false))
	if err != nil {
		t.Fatal(err)
	}
	var face bytes.Buffer
	if err := Pack(&face, f.Name, []*Font{f}, []rune("𠮷一丁")); err != nil {
		t.Fatal(err)
	}
	for n := range face.Len() {
		if _, err := openFace(face.String()[:n]); err == nil {
			t.Fatalf("a face file cut to %d bytes is read", n)
		}
	}
	for _, data := range [][]byte{nil, []byte("OTTO........"), []byte("ttcf........"), []byte("%PDF-1.4....")} {
		if _, err := Parse("x", data); err == nil || !strings.HasPrefix(err.Error(), "x: ") {
			t.Errorf("%q: got %v, want an error that names the font", data, err)
		}
	}
}

// use draws every glyph of a font that was read from doubtful bytes.
func use(f *Font) {
	for gid := range min(len(f.advances), 300) {
		f.Advance(uint16(gid))
		_, _ = f.simple(uint16(gid), 1000, -500) // an error is right; a panic is not
	}
}

func FuzzParse(f *testing.F) {
	f.Add(tiny(false))
	f.Add(tiny(true))
	f.Fuzz(func(t *testing.T, data []byte) {
		if font, err := Parse("fuzz", data); err == nil {
			use(font)
		}
	})
}

func FuzzOpenFace(f *testing.F) {
	font, err := Parse("tiny", tiny(false))
	if err != nil {
		f.Fatal(err)
	}
	var face bytes.Buffer
	if err := Pack(&face, font.Name, []*Font{font}, []rune("𠮷一丁")); err != nil {
		f.Fatal(err)
	}
	f.Add(face.String())
	f.Fuzz(func(t *testing.T, data string) {
		if font, err := openFace(data); err == nil {
			use(font)
		}
	})
}

// A font's own word on its licence: 0 installable, 2 restricted, 4 preview, 8 editable, 0x100 never cut, 0x200 pictures only.
func TestEmbeddable(t *testing.T) {
	for says, want := range map[uint16]bool{0: true, 2: false, 4: true, 8: true, 2 | 8: true, 0x100: false, 8 | 0x200: false} {
		os2 := make([]byte, 10)
		put16(os2[8:], says)
		if got := (sfnt{"OS/2": os2}).embeddable(); got != want {
			t.Errorf("fsType %#x: %v", says, got)
		}
	}
	if !(sfnt{}).embeddable() {
		t.Error("a font that says nothing is refused")
	}
}

func TestUsual(t *testing.T) {
	if n := len(Usual()); n != 6763 {
		t.Errorf("%d characters, GB 2312 has 6763", n)
	}
}
