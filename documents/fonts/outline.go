package fonts

import (
	"errors"
	"math"
)

// Flags of a point in a simple glyph.
const (
	onCurve  = 1 << 0
	xShort   = 1 << 1
	yShort   = 1 << 2
	repeated = 1 << 3
	xSame    = 1 << 4 // with xShort: positive
	ySame    = 1 << 5
)

// Flags of a component in a composite glyph.
const (
	argsAreWords   = 1 << 0
	argsAreOffsets = 1 << 1
	haveScale      = 1 << 3
	moreComponents = 1 << 5
	haveXYScale    = 1 << 6
	haveTwoByTwo   = 1 << 7
)

// maxDepth bounds composites of composites.
const maxDepth = 6

var errGlyph = errors.New("the glyph's outline is damaged")

type point struct {
	x, y float64
	on   bool
}

// contours is a glyph as closed quadratic curves.
type contours [][]point

// simple answers the glyph as a simple glyph without hints, in a grid of that many units per em and moved to the
// right by shift of them; nil for a blank.
func (f *Font) simple(gid uint16, units, shift int) ([]byte, error) {
	glyph, err := f.outlines.outline(gid)
	if err != nil || len(glyph) == 0 {
		return nil, err
	}
	if len(glyph) < 10 {
		return nil, errGlyph
	}
	if f.Metrics.UnitsPerEm == units && shift == 0 && int16(be16(glyph)) > 0 {
		return unhinted(glyph)
	}
	c, err := f.draw(gid, maxDepth)
	if err != nil {
		return nil, err
	}
	scale := float64(units) / float64(f.Metrics.UnitsPerEm)
	return encodeGlyph(c.transform(scale, 0, 0, scale, float64(shift), 0)), nil
}

// unhinted answers a simple glyph without its instructions; the same bytes if it has none.
func unhinted(glyph []byte) ([]byte, error) {
	at := 10 + 2*int(be16(glyph))
	if at+2 > len(glyph) {
		return nil, errGlyph
	}
	n := int(be16(glyph[at:]))
	if n == 0 {
		return glyph, nil
	}
	if at+2+n > len(glyph) {
		return nil, errGlyph
	}
	out := append(append([]byte(nil), glyph[:at]...), 0, 0)
	return append(out, glyph[at+2+n:]...), nil
}

// draw decodes a glyph, components and all.
func (f *Font) draw(gid uint16, depth int) (contours, error) {
	glyph, err := f.outlines.outline(gid)
	if err != nil || len(glyph) == 0 {
		return nil, err
	}
	if len(glyph) < 10 || depth == 0 {
		return nil, errGlyph
	}
	r := &reader{data: glyph[10:]}
	if n := int(int16(be16(glyph))); n >= 0 {
		return r.simple(n)
	}
	var all contours
	for more := true; more; {
		flags, part := int(r.word()), uint16(r.word())
		var dx, dy float64
		if flags&argsAreWords != 0 {
			dx, dy = float64(r.word()), float64(r.word())
		} else {
			dx, dy = float64(int8(r.byte())), float64(int8(r.byte()))
		}
		a, b, c, d := 1.0, 0.0, 0.0, 1.0
		switch {
		case flags&haveScale != 0:
			a = r.fraction()
			d = a
		case flags&haveXYScale != 0:
			a, d = r.fraction(), r.fraction()
		case flags&haveTwoByTwo != 0:
			a, b, c, d = r.fraction(), r.fraction(), r.fraction(), r.fraction()
		}
		if r.short || flags&argsAreOffsets == 0 {
			return nil, errGlyph // components hung on points are not used by any font at hand
		}
		sub, err := f.draw(part, depth-1)
		if err != nil {
			return nil, err
		}
		all = append(all, sub.transform(a, b, c, d, dx, dy)...)
		more = flags&moreComponents != 0
	}
	return all, nil
}

// transform maps each point (x, y) to (xx·x + yx·y + dx, xy·x + yy·y + dy).
func (c contours) transform(xx, xy, yx, yy, dx, dy float64) contours {
	out := make(contours, len(c))
	for i, contour := range c {
		out[i] = make([]point, len(contour))
		for j, p := range contour {
			out[i][j] = point{xx*p.x + yx*p.y + dx, xy*p.x + yy*p.y + dy, p.on}
		}
	}
	return out
}

// reader reads a glyph's bytes and remembers whether they ran out.
type reader struct {
	data  []byte
	short bool
}

func (r *reader) byte() byte {
	if len(r.data) < 1 {
		r.short = true
		return 0
	}
	b := r.data[0]
	r.data = r.data[1:]
	return b
}

func (r *reader) word() int16       { return int16(r.byte())<<8 | int16(r.byte()) }
func (r *reader) fraction() float64 { return float64(r.word()) / (1 << 14) }

func (r *reader) simple(n int) (contours, error) {
	ends, points := make([]int, n), 0
	for i := range ends {
		ends[i] = int(uint16(r.word()))
		if ends[i]+1 < points {
			return nil, errGlyph
		}
		points = ends[i] + 1
	}
	for range int(uint16(r.word())) {
		r.byte() // instructions
	}
	if r.short {
		return nil, errGlyph
	}
	flags := make([]byte, 0, points)
	for len(flags) < points && !r.short {
		flag, times := r.byte(), 1
		if flag&repeated != 0 {
			times += int(r.byte())
		}
		for range times {
			flags = append(flags, flag)
		}
	}
	if len(flags) != points {
		return nil, errGlyph
	}
	xs, ys := r.coordinates(flags, xShort, xSame), r.coordinates(flags, yShort, ySame)
	if r.short {
		return nil, errGlyph
	}
	c, from := make(contours, 0, n), 0
	for _, end := range ends {
		var contour []point
		for i := from; i <= end; i++ {
			contour = append(contour, point{float64(xs[i]), float64(ys[i]), flags[i]&onCurve != 0})
		}
		c, from = append(c, contour), end+1
	}
	return c, nil
}

func (r *reader) coordinates(flags []byte, short, same byte) []int {
	all, v := make([]int, len(flags)), 0
	for i, flag := range flags {
		switch {
		case flag&short != 0 && flag&same != 0:
			v += int(r.byte())
		case flag&short != 0:
			v -= int(r.byte())
		case flag&same == 0:
			v += int(r.word())
		}
		all[i] = v
	}
	return all
}

// encodeGlyph writes curves as a simple glyph; nil if there are none.
func encodeGlyph(c contours) []byte {
	var ends, flags, xs, ys []byte
	var x0, y0, count, drawn int
	box := [4]int{math.MaxInt16, math.MaxInt16, math.MinInt16, math.MinInt16}
	coordinate := func(data []byte, delta int, short, same byte) ([]byte, byte) {
		switch {
		case delta == 0:
			return data, same
		case delta > 0 && delta < 256:
			return append(data, byte(delta)), short | same
		case delta < 0 && delta > -256:
			return append(data, byte(-delta)), short
		}
		return app16(data, delta), 0
	}
	for _, contour := range c {
		if len(contour) == 0 {
			continue
		}
		for _, p := range contour {
			x, y := int(math.Round(p.x)), int(math.Round(p.y))
			box = [4]int{min(box[0], x), min(box[1], y), max(box[2], x), max(box[3], y)}
			var flag, part byte
			if p.on {
				flag = onCurve
			}
			xs, part = coordinate(xs, x-x0, xShort, xSame)
			flag |= part
			ys, part = coordinate(ys, y-y0, yShort, ySame)
			flags = append(flags, flag|part)
			x0, y0 = x, y
		}
		count += len(contour)
		ends = app16(ends, count-1)
		drawn++
	}
	if drawn == 0 {
		return nil
	}
	out := app16(nil, drawn)
	for _, v := range box {
		out = app16(out, v)
	}
	out = append(append(out, ends...), 0, 0)
	for i := 0; i < len(flags); {
		run := i + 1
		for run < len(flags) && flags[run] == flags[i] && run-i < 256 {
			run++
		}
		if run-i > 2 {
			out = append(out, flags[i]|repeated, byte(run-i-1))
		} else {
			out = append(out, flags[i:run]...)
		}
		i = run
	}
	return append(append(out, xs...), ys...)
}
