package fonts

import (
	"bytes"
	"cmp"
	"compress/zlib"
	"errors"
	"fmt"
	"hash/maphash"
	"maps"
	"slices"
	"strings"
	"sync"
	"unicode/utf16"
	"unicode/utf8"
)

// Cut is one TrueType font made for one document out of all faces that it uses. Each character of each face has
// a code of its own, which is its glyph index too, counted from 1: so characters beyond the BMP fit in the two
// bytes of a PDF's code, and one font serves the whole document.
type Cut struct {
	Chars   []Char // by code, less one
	Program []byte // the font file, as a zlib stream
	Length  int    // bytes of Program when unpacked
	Metrics Metrics
	Box     [4]int // x min, y min, x max, y max over all glyphs, in units of 1/1000 em

	codes   map[key]uint16
	once    sync.Once // for unicode
	unicode []byte
}

// unitsPerEm is the grid of every cut, and of the embedded faces.
const unitsPerEm = 1000

type key struct {
	font *Font
	r    rune
	half Half
}

func keyOf(ch Char) key { return key{ch.Font, ch.Rune, ch.Half} }

// maxCodes is how many characters one Cut can hold.
const maxCodes = 0xfffe

var errTooMany = errors.New("fonts: the document has too many different characters for one font")

// Code answers the code of a character; 0 if the document was not cut with it.
func (c *Cut) Code(ch Char) uint16 { return c.codes[keyOf(ch)] }

// Unicode is the CMap from codes to characters, surrogate pairs for those beyond the BMP, as a zlib stream.
func (c *Cut) Unicode() []byte {
	c.once.Do(func() { c.unicode = Deflate(c.unicodeMap()) })
	return c.unicode
}

func (c *Cut) unicodeMap() []byte {
	var b bytes.Buffer
	b.WriteString("/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n" +
		"/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n" +
		"/CMapName /Dossier-UCS def\n/CMapType 2 def\n1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n")
	const section = 100 // the most entries that a section may have
	for from := 0; from < len(c.Chars); from += section {
		part := c.Chars[from:min(from+section, len(c.Chars))]
		fmt.Fprintf(&b, "%d beginbfchar\n", len(part))
		for i, ch := range part {
			if hi, lo := utf16.EncodeRune(ch.Rune); ch.Rune > 0xffff {
				fmt.Fprintf(&b, "<%04X> <%04X%04X>\n", from+i+1, hi, lo)
			} else {
				fmt.Fprintf(&b, "<%04X> <%04X>\n", from+i+1, ch.Rune)
			}
		}
		b.WriteString("endbfchar\n")
	}
	b.WriteString("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n")
	return b.Bytes()
}

// Cutter makes cuts and keeps the latest ones. It is safe for concurrent use.
type Cutter struct {
	mu     sync.Mutex
	cuts   map[uint64]*kept // by a sum over their characters
	seed   maphash.Seed     // of that
	clock  int
	bounds int
}

type kept struct {
	cut  *Cut
	used int
}

// NewCutter answers a cutter that keeps that many cuts.
func NewCutter(keep int) *Cutter {
	return &Cutter{cuts: map[uint64]*kept{}, seed: maphash.MakeSeed(), bounds: keep}
}

// Cut makes a font of the characters, in any order, repeated or not; or answers the kept one. With a digit come all of its font, with
// a capital all that stand in codes: a paper's number, its days and its code are no reason to cut another font than for its draft, or for
// the next paper of the same words. The map is the cutter's to add them.
func (c *Cutter) Cut(chars map[Char]struct{}) (*Cut, error) {
	whole(chars)
	if len(chars) > maxCodes {
		return nil, errTooMany
	}
	var id uint64
	for ch := range chars {
		id += maphash.Comparable(c.seed, ch)
	}
	c.mu.Lock()
	c.clock++
	if k, ok := c.cuts[id]; ok && k.cut.of(chars) {
		k.used = c.clock
		c.mu.Unlock()
		return k.cut, nil
	}
	c.mu.Unlock()
	cut, err := newCut(sorted(chars))
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.clock++
	c.cuts[id] = &kept{cut, c.clock}
	if len(c.cuts) > c.bounds {
		oldest := id
		for id, k := range c.cuts {
			if k.used < c.cuts[oldest].used {
				oldest = id
			}
		}
		delete(c.cuts, oldest)
	}
	return cut, nil
}

// whole adds what comes with a character.
func whole(chars map[Char]struct{}) {
	const digits, capitals = "0123456789", "ABCDEFGHJKMNPQRSTVWXYZ"
	in := map[*Font][2]bool{}
	for ch := range chars {
		if ch.Half == Whole && ch.Rune < utf8.RuneSelf {
			has := in[ch.Font]
			has[0] = has[0] || strings.ContainsRune(digits, ch.Rune)
			has[1] = has[1] || strings.ContainsRune(capitals, ch.Rune)
			in[ch.Font] = has
		}
	}
	for f, has := range in {
		for i, class := range []string{digits, capitals} {
			if !has[i] {
				continue
			}
			for _, r := range class {
				if gid, ok := f.Glyph(r); ok {
					chars[Char{Rune: r, Glyph: gid, Advance: f.Advance(gid), Font: f}] = struct{}{}
				}
			}
		}
	}
}

// sorted puts the characters in a fixed order, by font and code point.
func sorted(chars map[Char]struct{}) []Char {
	list := slices.Collect(maps.Keys(chars))
	slices.SortFunc(list, func(a, b Char) int {
		if a.Font != b.Font {
			return strings.Compare(a.Font.Name, b.Font.Name)
		}
		return cmp.Or(cmp.Compare(a.Rune, b.Rune), cmp.Compare(a.Half, b.Half))
	})
	return list
}

// of tells whether the cut is made of these characters, of the very same fonts.
func (c *Cut) of(chars map[Char]struct{}) bool {
	for _, ch := range c.Chars {
		if _, ok := chars[ch]; !ok {
			return false
		}
	}
	return len(c.Chars) == len(chars)
}

func newCut(chars []Char) (*Cut, error) {
	cut := &Cut{Chars: chars, codes: make(map[key]uint16, len(chars)), Metrics: Metrics{UnitsPerEm: unitsPerEm, Ascent: 880, Descent: -120, CapHeight: 730}}
	for i, ch := range chars {
		cut.codes[keyOf(ch)] = uint16(i + 1)
	}
	b := builder{widths: make([]int, 1, len(chars)+1), outlines: make([][]byte, 1, len(chars)+1)}
	for _, ch := range chars {
		b.widths = append(b.widths, ch.Advance)
		shift := 0
		if ch.Half == RightHalf {
			shift = -unitsPerEm / 2
		}
		glyph, err := ch.Font.simple(ch.Glyph, unitsPerEm, shift)
		if err != nil {
			return nil, err
		}
		b.outlines = append(b.outlines, glyph)
	}
	cut.Box = b.box()
	whole := b.file()
	cut.Length = len(whole)
	cut.Program = Deflate(whole)
	return cut, nil
}

var packers = sync.Pool{New: func() any { return zlib.NewWriter(nil) }}

// Deflate packs bytes as a PDF stream with FlateDecode wants them.
func Deflate(raw []byte) []byte {
	var b bytes.Buffer
	w := packers.Get().(*zlib.Writer)
	defer packers.Put(w)
	w.Reset(&b)
	w.Write(raw) // a bytes.Buffer takes everything
	w.Close()
	return b.Bytes()
}
