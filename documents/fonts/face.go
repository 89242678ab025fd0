package fonts

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"sync"
	"sync/atomic"
)

// A face file is
//
//	"dface 1\n", the packed directory's length as 4 bytes, the packed directory, the packed blocks
//
// where packed means deflated. The directory is a row of varints: the measures, the advances as runs, the
// characters as steps, the length of each block. A block holds blockGlyphs outlines, their lengths before them.
const (
	faceMagic   = "dface 1\n"
	blockGlyphs = 64
)

var errFace = errors.New("the face file is damaged")

// openFace reads the directory of a face file; outlines are unpacked block by block when they are asked for.
func openFace(data string) (*Font, error) {
	if len(data) < len(faceMagic)+4 || data[:len(faceMagic)] != faceMagic {
		return nil, errFace
	}
	rest := data[len(faceMagic):]
	size := int(be32([]byte(rest[:4])))
	if rest = rest[4:]; size > len(rest) {
		return nil, errFace
	}
	raw, err := inflate(rest[:size])
	if err != nil {
		return nil, err
	}
	d := &directory{raw: raw}
	f := &Font{Name: d.text()}
	f.Metrics = Metrics{UnitsPerEm: d.int(), Ascent: d.int(), Descent: d.int(), CapHeight: d.int(), Bold: d.int() == 1}
	glyphs := d.count()
	f.advances = make([]uint16, 0, glyphs)
	for len(f.advances) < glyphs && d.err == nil {
		n, w := d.count(), d.int()
		for range min(n, glyphs-len(f.advances)) {
			f.advances = append(f.advances, uint16(w))
		}
	}
	r, gid := rune(0), 0
	for range d.count() {
		r += rune(d.int())
		gid += d.int()
		f.setGlyph(r, uint16(gid))
	}
	blocks := &faceBlocks{glyphs: glyphs, data: rest[size:], ends: make([]int, d.count())}
	blocks.open = make([]atomic.Pointer[[][]byte], len(blocks.ends))
	end := 0
	for i := range blocks.ends {
		end += d.int()
		blocks.ends[i] = end
	}
	if d.err != nil || end != len(blocks.data) || len(blocks.ends) != (glyphs+blockGlyphs-1)/blockGlyphs || f.Metrics.UnitsPerEm <= 0 {
		return nil, errFace
	}
	f.outlines = blocks
	return f, nil
}

// directory reads varints and remembers the first fault.
type directory struct {
	raw []byte
	err error
}

func (d *directory) int() int {
	v, n := binary.Varint(d.raw)
	if n <= 0 {
		d.err, d.raw = errFace, nil
		return 0
	}
	d.raw = d.raw[n:]
	return int(v)
}

// count reads a number of things that follow, each at least part of a byte.
func (d *directory) count() int {
	n := d.int()
	if n < 0 || n > 1<<20 {
		d.err = errFace
		return 0
	}
	return n
}

func (d *directory) text() string {
	n := d.count()
	if n > len(d.raw) {
		d.err = errFace
		return ""
	}
	s := string(d.raw[:n])
	d.raw = d.raw[n:]
	return s
}

// faceBlocks unpacks blocks of outlines and keeps them.
type faceBlocks struct {
	glyphs int
	data   string
	ends   []int // where each block ends in data
	open   []atomic.Pointer[[][]byte]
}

func (b *faceBlocks) outline(gid uint16) ([]byte, error) {
	if int(gid) >= b.glyphs {
		return nil, fmt.Errorf("fonts: no glyph %d", gid)
	}
	at := int(gid) / blockGlyphs
	block := b.open[at].Load()
	if block == nil {
		var err error
		if block, err = b.unpack(at); err != nil {
			return nil, err
		}
		b.open[at].Store(block)
	}
	if i := int(gid) % blockGlyphs; i < len(*block) {
		return (*block)[i], nil
	}
	return nil, errFace
}

func (b *faceBlocks) unpack(at int) (*[][]byte, error) {
	from := 0
	if at > 0 {
		from = b.ends[at-1]
	}
	raw, err := inflate(b.data[from:b.ends[at]])
	if err != nil {
		return nil, err
	}
	d := &directory{raw: raw}
	lengths := make([]int, min(blockGlyphs, b.glyphs-at*blockGlyphs))
	for i := range lengths {
		lengths[i] = d.count()
	}
	block := make([][]byte, len(lengths))
	for i, n := range lengths {
		if n > len(d.raw) || d.err != nil {
			return nil, errFace
		}
		block[i], d.raw = d.raw[:n:n], d.raw[n:]
	}
	return &block, nil
}

var inflaters = sync.Pool{New: func() any { return flate.NewReader(strings.NewReader("")) }}

func inflate(data string) ([]byte, error) {
	r := inflaters.Get().(io.ReadCloser)
	defer inflaters.Put(r)
	if err := r.(flate.Resetter).Reset(strings.NewReader(data), nil); err != nil {
		return nil, err
	}
	raw, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("%w: %v", errFace, err)
	}
	return raw, nil
}

// Pack writes characters as a face file: each from the first of the fonts that has it, those asked for first
// together in the first blocks. The measures are the first font's; hints are left out, composite glyphs drawn out
// and every glyph brought to a grid of 1000.
func Pack(w io.Writer, name string, from []*Font, chars []rune) error {
	type glyph struct {
		font *Font
		gid  uint16
	}
	type entry struct {
		r  rune
		at int
	}
	var entries []entry
	place := map[glyph]int{}
	outlines, advances := make([][]byte, 1), []int{0} // a missing character is an error here, never a box
	seen := map[rune]bool{}
	for _, r := range chars {
		for _, f := range from {
			gid, ok := f.Glyph(r)
			if !ok || seen[r] {
				continue
			}
			seen[r] = true
			at, ok := place[glyph{f, gid}]
			if !ok {
				outline, err := f.simple(gid, unitsPerEm, 0)
				if err != nil {
					return fmt.Errorf("%s: glyph %d: %w", f.Name, gid, err)
				}
				at = len(outlines)
				place[glyph{f, gid}] = at
				outlines, advances = append(outlines, outline), append(advances, f.Advance(gid))
			}
			entries = append(entries, entry{r, at})
		}
	}
	if len(outlines) > 0xffff {
		return fmt.Errorf("%s: %d glyphs are too many", name, len(outlines))
	}

	var dir []byte
	num := func(v int) { dir = binary.AppendVarint(dir, int64(v)) }
	num(len(name))
	dir = append(dir, name...)
	m := from[0].Metrics
	bold := 0
	if m.Bold {
		bold = 1
	}
	scaled := func(v int) int { return int(math.Round(float64(v) * unitsPerEm / float64(m.UnitsPerEm))) }
	for _, v := range []int{unitsPerEm, scaled(m.Ascent), scaled(m.Descent), scaled(m.CapHeight), bold, len(outlines)} {
		num(v)
	}
	for i := 0; i < len(advances); {
		run := i + 1
		for run < len(advances) && advances[run] == advances[i] {
			run++
		}
		num(run - i)
		num(advances[i])
		i = run
	}
	num(len(entries))
	last := entry{}
	for _, e := range entries {
		num(int(e.r - last.r))
		num(e.at - last.at)
		last = e
	}
	var blocks bytes.Buffer
	num((len(outlines) + blockGlyphs - 1) / blockGlyphs)
	for i := 0; i < len(outlines); i += blockGlyphs {
		var raw []byte
		part := outlines[i:min(i+blockGlyphs, len(outlines))]
		for _, glyph := range part {
			raw = binary.AppendVarint(raw, int64(len(glyph)))
		}
		packed := deflate(append(raw, bytes.Join(part, nil)...))
		num(len(packed))
		blocks.Write(packed)
	}
	packed := deflate(dir)
	head := app32([]byte(faceMagic), len(packed))
	for _, part := range [][]byte{head, packed, blocks.Bytes()} {
		if _, err := w.Write(part); err != nil {
			return err
		}
	}
	return nil
}

// Tick gives a font that has □ and √ but no ☑ one made of the two.
func (f *Font) Tick() {
	square, ok1 := f.Glyph('□')
	tick, ok2 := f.Glyph('√')
	if _, has := f.Glyph('☑'); has || !ok1 || !ok2 {
		return
	}
	frame, err1 := f.draw(square, maxDepth)
	mark, err2 := f.draw(tick, maxDepth)
	if err1 != nil || err2 != nil {
		return
	}
	em := float64(f.Metrics.UnitsPerEm)
	mark = mark.transform(0.8, 0, 0, 0.8, 0.1*em, 0.08*em)
	f.outlines = drawn{f.outlines, uint16(len(f.advances)), encodeGlyph(append(frame, mark...))}
	f.setGlyph('☑', uint16(len(f.advances)))
	f.advances = append(f.advances, f.advances[square])
}

// drawn are outlines with one more, made here.
type drawn struct {
	outliner
	gid   uint16
	glyph []byte
}

func (d drawn) outline(gid uint16) ([]byte, error) {
	if gid == d.gid {
		return d.glyph, nil
	}
	return d.outliner.outline(gid)
}

func deflate(raw []byte) []byte {
	var b bytes.Buffer
	w, _ := flate.NewWriter(&b, flate.BestCompression) // fails only on a level that does not exist
	w.Write(raw)                                       // a bytes.Buffer takes everything
	w.Close()
	return b.Bytes()
}
