package fonts

import (
	"encoding/binary"
	"errors"
	"fmt"
)

var errCut = errors.New("the font file is cut short")

// Parse reads a TrueType font with glyf outlines, such as an office's own licensed file.
// Fonts with PostScript outlines and collections are refused.
func Parse(name string, data []byte) (*Font, error) {
	t, err := parseTables(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if !t.embeddable() {
		return nil, fmt.Errorf("%s: %w", name, ErrLicence)
	}
	f := &Font{Name: name}
	if err := t.read(f); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return f, nil
}

// ErrLicence is the fault of a font whose maker doesn't permit that documents carry a part of it.
var ErrLicence = errors.New("its licence doesn't permit a document to carry it (OS/2 fsType)")

// embeddable tells whether the font's own word on its licence lets a document carry the characters that it uses: neither
// restricted, nor whole or as pictures only.
func (t sfnt) embeddable() bool {
	os2 := t["OS/2"]
	if len(os2) < 10 {
		return true
	}
	const restricted, editable, preview, whole, pictures = 0x2, 0x8, 0x4, 0x100, 0x200
	says := be16(os2[8:])
	return says&(whole|pictures) == 0 && (says&restricted == 0 || says&(editable|preview) != 0)
}

// sfnt is a TrueType file taken apart into its tables.
type sfnt map[string][]byte

func parseTables(data []byte) (sfnt, error) {
	if len(data) < 12 {
		return nil, errCut
	}
	switch v := be32(data); v {
	case 0x00010000, 0x74727565:
	case 0x4F54544F:
		return nil, errors.New("it has PostScript outlines; a TrueType (.ttf) file is needed")
	case 0x74746366:
		return nil, errors.New("it is a collection (.ttc); a single TrueType (.ttf) file is needed")
	default:
		return nil, fmt.Errorf("it is not a TrueType font (starts with %08x)", v)
	}
	n := int(be16(data[4:]))
	if len(data) < 12+16*n {
		return nil, errCut
	}
	t := sfnt{}
	for i := range n {
		entry := data[12+16*i:]
		offset, length := int(be32(entry[8:])), int(be32(entry[12:]))
		if offset < 0 || length < 0 || offset > len(data) || length > len(data)-offset {
			return nil, fmt.Errorf("table %q: %w", entry[:4], errCut)
		}
		t[string(entry[:4])] = data[offset : offset+length]
	}
	for _, need := range []struct {
		tag  string
		size int
	}{{"head", 54}, {"hhea", 36}, {"maxp", 6}, {"hmtx", 4}, {"loca", 4}, {"cmap", 4}, {"glyf", 0}} {
		if table, ok := t[need.tag]; !ok || len(table) < need.size {
			return nil, fmt.Errorf("table %q is missing or cut short", need.tag)
		}
	}
	return t, nil
}

func (t sfnt) read(f *Font) error {
	head, hhea := t["head"], t["hhea"]
	f.Metrics = Metrics{
		UnitsPerEm: int(be16(head[18:])),
		Ascent:     int(int16(be16(hhea[4:]))),
		Descent:    int(int16(be16(hhea[6:]))),
		Bold:       be16(head[44:])&1 != 0,
	}
	if f.Metrics.UnitsPerEm == 0 {
		return errors.New("it says 0 units per em")
	}
	f.Metrics.CapHeight = f.Metrics.Ascent
	if os2 := t["OS/2"]; len(os2) >= 90 && be16(os2) >= 2 {
		f.Metrics.CapHeight = int(int16(be16(os2[88:])))
	}
	glyphs := int(be16(t["maxp"][4:]))
	if err := t.readAdvances(f, glyphs); err != nil {
		return err
	}
	long := be16(head[50:]) != 0
	size := 2
	if long {
		size = 4
	}
	if len(t["loca"]) < (glyphs+1)*size {
		return fmt.Errorf("table %q: %w", "loca", errCut)
	}
	f.outlines = fileOutlines{loca: t["loca"], glyf: t["glyf"], long: long, glyphs: glyphs}
	return t.readCharacters(f, glyphs)
}

func (t sfnt) readAdvances(f *Font, glyphs int) error {
	hmtx, n := t["hmtx"], int(be16(t["hhea"][34:]))
	if n == 0 || n > glyphs || len(hmtx) < 4*n {
		return fmt.Errorf("table %q: %w", "hmtx", errCut)
	}
	f.advances = make([]uint16, glyphs)
	for i := range f.advances {
		f.advances[i] = be16(hmtx[4*min(i, n-1):])
	}
	return nil
}

// readCharacters reads the Unicode map, the one with characters beyond the BMP if there are two.
func (t sfnt) readCharacters(f *Font, glyphs int) error {
	cmap := t["cmap"]
	n := int(be16(cmap[2:]))
	if len(cmap) < 4+8*n {
		return fmt.Errorf("table %q: %w", "cmap", errCut)
	}
	var bmp, full []byte
	for i := range n {
		entry := cmap[4+8*i:]
		platform, encoding, offset := be16(entry), be16(entry[2:]), int(be32(entry[4:]))
		if offset > len(cmap)-16 {
			continue
		}
		sub := cmap[offset:]
		unicode := platform == 0 || platform == 3 && (encoding == 1 || encoding == 10)
		switch {
		case unicode && be16(sub) == 12:
			full = sub
		case unicode && be16(sub) == 4:
			bmp = sub
		}
	}
	set := func(r rune, gid int) {
		if gid > 0 && gid < glyphs && r <= 0x10ffff {
			f.setGlyph(r, uint16(gid))
		}
	}
	switch {
	case full != nil:
		return readGroups(full, set)
	case bmp != nil:
		return readSegments(bmp, set)
	}
	return errors.New("it has no Unicode character map")
}

func readGroups(sub []byte, set func(rune, int)) error {
	n := int(be32(sub[12:]))
	if n < 0 || n > (len(sub)-16)/12 {
		return fmt.Errorf("table %q: %w", "cmap", errCut)
	}
	for i := range n {
		group := sub[16+12*i:]
		first, last, gid := be32(group), be32(group[4:]), int(be32(group[8:]))
		if last > 0x10ffff || first > last {
			return errors.New("its character map names characters that don't exist")
		}
		for r := first; r <= last; r++ {
			set(rune(r), gid+int(r-first))
		}
	}
	return nil
}

func readSegments(sub []byte, set func(rune, int)) error {
	n := int(be16(sub[6:])) / 2
	if len(sub) < 16+8*n {
		return fmt.Errorf("table %q: %w", "cmap", errCut)
	}
	ends, starts, deltas, offsets := sub[14:], sub[16+2*n:], sub[16+4*n:], sub[16+6*n:]
	for i := range n {
		start, end := int(be16(starts[2*i:])), int(be16(ends[2*i:]))
		delta, offset := int(be16(deltas[2*i:])), int(be16(offsets[2*i:]))
		for c := start; c <= end && c != 0xffff; c++ {
			gid := c + delta
			if offset != 0 {
				at := 2*i + offset + 2*(c-start)
				if at+2 > len(offsets) {
					continue
				}
				if gid = int(be16(offsets[at:])); gid != 0 {
					gid += delta
				}
			}
			set(rune(c), gid&0xffff)
		}
	}
	return nil
}

// fileOutlines reads glyphs from the glyf table of a whole TrueType file.
type fileOutlines struct {
	loca, glyf []byte
	long       bool
	glyphs     int
}

func (o fileOutlines) outline(gid uint16) ([]byte, error) {
	if int(gid) >= o.glyphs {
		return nil, fmt.Errorf("fonts: no glyph %d", gid)
	}
	var from, to int
	if o.long {
		from, to = int(be32(o.loca[4*int(gid):])), int(be32(o.loca[4*int(gid)+4:]))
	} else {
		from, to = 2*int(be16(o.loca[2*int(gid):])), 2*int(be16(o.loca[2*int(gid)+2:]))
	}
	if from > to || to > len(o.glyf) {
		return nil, fmt.Errorf("fonts: glyph %d lies outside the file", gid)
	}
	return o.glyf[from:to], nil
}

func be16(b []byte) uint16         { return binary.BigEndian.Uint16(b) }
func be32(b []byte) uint32         { return binary.BigEndian.Uint32(b) }
func put16(b []byte, v uint16)     { binary.BigEndian.PutUint16(b, v) }
func put32(b []byte, v uint32)     { binary.BigEndian.PutUint32(b, v) }
func app16(b []byte, v int) []byte { return append(b, byte(v>>8), byte(v)) }
func app32(b []byte, v int) []byte {
	return append(b, byte(v>>24), byte(v>>16), byte(v>>8), byte(v))
}
