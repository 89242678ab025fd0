// Package fonts holds the faces that a document is printed in and cuts them to one document's characters.
//
// The faces are embedded as face files (see Pack): a small directory and outlines in blocks compressed one by
// one, so that starting costs nothing and a rare character costs one block. They carry no hints.
package fonts

import (
	"fmt"
	"sync"
)

// Font is one face of type: which characters it has, how wide they are and how they are drawn.
// It is safe for concurrent use.
type Font struct {
	Name    string
	Metrics Metrics

	pages    map[rune]*[256]uint16 // character >> 8 → glyph index, 0 for none
	advances []uint16              // by glyph index, in font units
	outlines outliner
}

// Metrics are the measures of a whole face, in its own units: UnitsPerEm of them make one em.
type Metrics struct {
	UnitsPerEm                 int
	Ascent, Descent, CapHeight int // from the baseline; Descent is negative
	Bold                       bool
}

// outliner reads the glyf data of one glyph; empty for a blank.
type outliner interface {
	outline(gid uint16) ([]byte, error)
}

// Glyph answers the glyph index of a character; false if the font has none.
func (f *Font) Glyph(r rune) (uint16, bool) {
	page := f.pages[r>>8]
	if page == nil {
		return 0, false
	}
	gid := page[r&0xff]
	return gid, gid != 0
}

// Advance is the width of a glyph in thousandths of an em.
func (f *Font) Advance(gid uint16) int {
	if int(gid) >= len(f.advances) {
		return 0
	}
	w := int(f.advances[gid])
	if f.Metrics.UnitsPerEm != 1000 {
		w = (w*1000 + f.Metrics.UnitsPerEm/2) / f.Metrics.UnitsPerEm
	}
	return w
}

func (f *Font) setGlyph(r rune, gid uint16) {
	if f.pages == nil {
		f.pages = map[rune]*[256]uint16{}
	}
	page := f.pages[r>>8]
	if page == nil {
		page = new([256]uint16)
		f.pages[r>>8] = page
	}
	page[r&0xff] = gid
}

// Face is a style of type that a printed page uses.
type Face uint8

const (
	Song     Face = iota // 仿宋 / 宋体: running text
	SongBold             // 小标宋: titles
	Hei                  // 黑体: labels and headings
	HeiBold              // figures in a calendar; few characters, the rest from Hei
	Kai                  // 楷体: names and days set small beside a signature
	faces
)

// Library chooses, for each face and character, the first font of a chain that has the character.
type Library struct {
	chains [faces][]func() (*Font, error)
}

// Char is one character set in one font.
type Char struct {
	Rune    rune
	Glyph   uint16
	Half    Half
	Advance int // thousandths of an em
	Font    *Font
}

// Half tells which blank half of a wide mark was cut off.
type Half uint8

const (
	Whole     Half = iota
	LeftHalf       // the right half is cut off: 。，）
	RightHalf      // the left half is cut off: （《
)

// Halved is the character without one half, as half a wide one.
func (c Char) Halved(h Half) Char {
	c.Half, c.Advance = h, 500
	return c
}

// Lookup finds the character in the face's own font or in the fonts that stand in for it; false if none has it.
func (l *Library) Lookup(face Face, r rune) (Char, bool) {
	if face >= faces {
		face = Song
	}
	for _, open := range l.chains[face] {
		f, err := open()
		if err != nil {
			continue
		}
		if gid, ok := f.Glyph(r); ok {
			return Char{Rune: r, Glyph: gid, Advance: f.Advance(gid), Font: f}, true
		}
	}
	return Char{}, false
}

// Has tells whether the character can be printed at all.
func (l *Library) Has(r rune) bool {
	_, ok := l.Lookup(Song, r)
	return ok
}

// Missing lists the characters of the text that cannot be printed, each once, in the order of the text.
func (l *Library) Missing(text string) []rune {
	var missing []rune
	for _, r := range text {
		if r == '\n' || l.Has(r) || contains(missing, r) {
			continue
		}
		missing = append(missing, r)
	}
	return missing
}

func contains(runes []rune, r rune) bool {
	for _, have := range runes {
		if have == r {
			return true
		}
	}
	return false
}

// Replace answers a library in which an office's own font stands first in the chain of one face.
func (l *Library) Replace(face Face, f *Font) *Library {
	own := *l
	own.chains[face] = append([]func() (*Font, error){func() (*Font, error) { return f, nil }}, l.chains[face]...)
	return &own
}

// Standard is the library of the embedded faces.
func Standard() *Library { return standard() }

// Has tells whether the embedded faces can print the character.
func Has(r rune) bool { return standard().Has(r) }

// Missing lists the characters of the text that the embedded faces cannot print.
func Missing(text string) []rune { return standard().Missing(text) }

var standard = sync.OnceValue(func() *Library {
	song, bold := embedded("song.face", songFile), embedded("song-bold.face", songBoldFile)
	hei, heiBold := embedded("hei.face", heiFile), embedded("hei-bold.face", heiBoldFile)
	kai, rare := embedded("kai.face", kaiFile), embedded("rare.face", rareFile)
	return &Library{chains: [faces][]func() (*Font, error){
		Song:     {song, kai, rare},
		SongBold: {bold, song, kai, rare},
		Hei:      {hei, song, kai, rare},
		HeiBold:  {heiBold, hei, song, kai, rare},
		Kai:      {kai, song, rare},
	}}
})

// embedded opens a face file at its first use and keeps it.
func embedded(name, data string) func() (*Font, error) {
	return sync.OnceValues(func() (*Font, error) {
		f, err := openFace(data)
		if err != nil {
			return nil, fmt.Errorf("fonts: %s: %w", name, err)
		}
		return f, nil
	})
}
