package fonts

import "testing"

// TestEveryIdeograph asks for each ideograph of GB 18030-2022 level 3 in every face: it is there, as wide as an em, and drawn.
func TestEveryIdeograph(t *testing.T) {
	n := 0
	for r := range Ideographs() {
		n++
		for face := range faces {
			if ch, ok := Standard().Lookup(face, r); !ok || ch.Advance != 1000 {
				t.Fatalf("face %d: %c (U+%04X): %v, %+v", face, r, r, ok, ch)
			}
		}
		ch, _ := Standard().Lookup(Song, r)
		if glyph, err := ch.Font.simple(ch.Glyph, unitsPerEm, 0); err != nil || len(glyph) < 20 {
			t.Errorf("%c (U+%04X) of %s is blank (%v)", r, r, ch.Font.Name, err)
		}
	}
	if n != 87_875+12 {
		t.Errorf("level 3 has %d ideographs, want 87 887", n)
	}
}

// TestRareIsTheLast opens the face of rare characters for nobody who doesn't meet one.
func TestRareIsTheLast(t *testing.T) {
	for face, chain := range standard().chains {
		if f, err := chain[len(chain)-1](); err != nil || f.Name != RareName {
			t.Errorf("face %d ends with %v (%v)", face, f, err)
		}
	}
	rare, err := standard().chains[Song][2]()
	if err != nil {
		t.Fatal(err)
	}
	for r := rune(0x4e00); r <= 0x9fef; r++ {
		if _, ok := rare.Glyph(r); ok {
			t.Errorf("%c is in the face of rare characters and in another", r)
		}
	}
}

// TestWebFonts reads each block's font back: what level 3 has in it is there, as wide as on paper.
func TestWebFonts(t *testing.T) {
	got := map[rune]bool{}
	for _, block := range WebBlocks() {
		data, err := WebFont(block)
		if err != nil || data == nil {
			t.Fatalf("block %X: %d bytes, %v", block, len(data), err)
		}
		if sum := checksum(data); sum != 0xB1B0AFBA {
			t.Errorf("block %X: the sum over the file is %08x", block, sum)
		}
		f, err := Parse("web", data)
		if err != nil {
			t.Fatalf("block %X: %v", block, err)
		}
		for r := block; r < block+WebBlock; r++ {
			if gid, ok := f.Glyph(r); ok {
				got[r] = true
				if _, err := f.simple(gid, unitsPerEm, 0); err != nil || f.Advance(gid) != 1000 {
					t.Errorf("%c: %d wide, %v", r, f.Advance(gid), err)
				}
			}
		}
	}
	for r := range Ideographs() {
		if plain := r >= 0x4e00 && r < 0x9f00; !plain && !got[r] {
			t.Errorf("%c (U+%04X) is in no web font", r, r)
		}
	}
	if data, err := WebFont(0x10000); data != nil || err != nil {
		t.Errorf("a block without characters has a font of %d bytes (%v)", len(data), err)
	}
}
