package fonts

import (
	"fmt"
	"unicode/utf16"
)

// WebBlock is how many code points one web font serves.
const WebBlock = 256

// WebBlocks are the first code points of the blocks of level 3 that a reader's own fonts may lack: all but the 20 902
// ideographs that every Chinese system has. Asking opens no face.
func WebBlocks() []rune {
	const plain, last = 0x4e00, 0x9fa5
	var blocks []rune
	for _, b := range level3 {
		for at := b[0] &^ (WebBlock - 1); at <= b[1]; at += WebBlock {
			if at >= plain && at+WebBlock-1 <= last || len(blocks) > 0 && blocks[len(blocks)-1] == at {
				continue
			}
			blocks = append(blocks, at)
		}
	}
	return blocks
}

// WebFont makes a TrueType font, for pages, of the ideographs of one block: those from Song or what stands in for it.
// It is nil where the block has none.
func WebFont(block rune) ([]byte, error) {
	b := builder{widths: make([]int, 1), outlines: make([][]byte, 1)}
	var groups []byte
	n := 0
	for r := block; r < block+WebBlock; r++ {
		ch, ok := Standard().Lookup(Song, r)
		if !ok {
			continue
		}
		glyph, err := ch.Font.simple(ch.Glyph, unitsPerEm, 0)
		if err != nil {
			return nil, err
		}
		groups = app32(app32(app32(groups, int(r)), int(r)), len(b.widths))
		b.widths, b.outlines = append(b.widths, ch.Advance), append(b.outlines, glyph)
		n++
	}
	if n == 0 {
		return nil, nil
	}
	tables := b.tables()
	head := app32(app16(app16(app16(app16(nil, 0), 1), 3), 10), 12) // one map, of all of Unicode
	tables["cmap"] = append(app32(app32(app32(app16(app16(head, 12), 0), 16+len(groups)), 0), n), groups...)
	tables["OS/2"] = styles(block)
	tables["name"] = names(fmt.Sprintf("Dossier Rare %04X", block))
	tables["post"] = append(app32(nil, 0x00030000), make([]byte, 28)...) // glyphs without names
	return assemble(tables), nil
}

// styles writes the OS/2 table, version 3, that browsers ask for: a regular face, embedding free.
func styles(first rune) []byte {
	put := func(b []byte, vs ...int) []byte {
		for _, v := range vs {
			b = app16(b, v)
		}
		return b
	}
	b := put(nil, 3, 1000, 400, 5, 0, 650, 600, 0, 75, 650, 600, 0, 350, 50, 300, 0)
	b = append(b, make([]byte, 10+16)...) // panose, Unicode ranges: none claimed
	b = append(b, "DOSS"...)
	low := int(min(first, 0xffff))
	b = put(b, 0x40, low, int(min(first+WebBlock-1, 0xffff)), 880, -120, 0, 880, 120)
	b = append(b, make([]byte, 8)...) // code pages
	return put(b, 500, 730, 0, ' ', 0)
}

// names writes a name table for Windows: family, style, full and PostScript name.
func names(name string) []byte {
	var records, text []byte
	all := []string{1: name, 2: "Regular", 4: name, 6: "DossierRare"}
	n := 0
	for id, s := range all {
		if s == "" {
			continue
		}
		units := utf16.Encode([]rune(s))
		for _, v := range []int{3, 1, 0x409, id, 2 * len(units), len(text)} {
			records = app16(records, v)
		}
		for _, u := range units {
			text = app16(text, int(u))
		}
		n++
	}
	return append(append(app16(app16(app16(nil, 0), n), 6+len(records)), records...), text...)
}
