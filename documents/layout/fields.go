package layout

import "strings"

// Fields is a row of pairs of label and value: one takes the whole width, two stand on the form's grid of
// 25 + 53 + 25 + 53 mm, three and four on narrower ones.
type Fields struct {
	Items  []Field
	Widths []float64 // mm: of label, value, label, …; none: the grid
	Height float64   // mm at least
}

// Field is a label and its value.
type Field struct {
	Label string
	Value string // lines are kept; empty: a blank cell
	Day   bool   // an empty value is 年 月 日, for the pen
	Sign  bool   // room for a signature; the value is the name by the record, set small
}

// fieldGrids are the widths in mm for one to four fields; more share the width evenly.
var fieldGrids = [][]float64{
	{25, 131},
	{25, 53, 25, 53},
	{22, 30, 22, 30, 22, 30},
	{18, 21, 18, 21, 18, 21, 18, 21},
}

const (
	signHeight  = 12.5 * mm
	signedPitch = 12.0
)

func (r Fields) widths() []float64 {
	n := len(r.Items)
	switch {
	case len(r.Widths) == 2*n:
		return r.Widths
	case n <= len(fieldGrids):
		return fieldGrids[n-1]
	}
	all := make([]float64, 2*n)
	for i := range all {
		all[i] = 156 / float64(2*n)
	}
	return all
}

// cell is a value ready to be drawn.
type cell struct {
	x, w, pad float64
	lines     []line
	pitch     float64
	align     Align
	field     Field
}

func (r Fields) strips(f *formSetter) []strip {
	if len(r.Items) == 0 {
		return nil
	}
	widths := r.widths()
	height := max(rowHeight, r.Height*mm)
	var labels []labelSet
	var cells []cell
	x := 0.0
	for i, field := range r.Items {
		lw, vw := widths[2*i]*mm, widths[2*i+1]*mm
		l := f.c.label(field.Label, "", lw)
		v := f.c.value(field, x+lw, vw)
		height = max(height, linesHeight(len(l.lines), l.pitch), linesHeight(len(v.lines), v.pitch))
		if field.Sign {
			height = max(height, signHeight)
		}
		labels, cells = append(labels, l), append(cells, v)
		x += lw + vw
	}
	return []strip{{height: height, draw: func(s *sheet, y, h float64) {
		for i, v := range cells {
			from := formLeft + v.x - widths[2*i]*mm
			if i > 0 {
				s.rule(from, y, 0, h, innerPen)
			}
			s.rule(formLeft+v.x, y, 0, h, innerPen)
			labels[i].draw(s, from, y, widths[2*i]*mm, h)
			v.draw(s, formLeft+v.x, y, h)
		}
	}}}
}

// linesHeight is the height of a row of n lines: 8.5 mm for one, 12.5 to 14 mm for two.
func linesHeight(n int, pitch float64) float64 {
	if n < 2 {
		return rowHeight
	}
	return float64(n)*pitch + 1.8*mm
}

// value sets a field's value; one that would need more lines at 12 pt than at 10.5 pt is set at 10.5.
func (c *composer) value(field Field, x, w float64) cell {
	v := cell{x: x, w: w, pad: sidePad, pitch: 16, field: field}
	if w < 35*mm {
		v.pad = 1.5 * mm
	}
	text := field.Value
	if field.Sign {
		v.pitch = signedPitch
		v.lines = c.wrap(text, signedStyle, w-2*v.pad)
		return v
	}
	if text == "" && field.Day {
		text, v.align = "年　　月　　日", Center
	}
	v.lines = c.fitted(text, valueStyle, w-1.5*v.pad) // the right side may be narrower
	if len(v.lines) > 1 && v.lines[0].style.size < valueStyle.size {
		v.pitch = 14.5
	}
	return v
}

// smaller are the sizes, as parts of the wanted one, that a text is tried in to save lines, then those that keep
// a number or name in one piece.
var (
	smaller  = []float64{1, 0.92, 0.875}
	smallest = []float64{0.8, 0.72, 0.65}
)

// fitted sets a text, its own line ends kept, in the wanted size, or smaller if that saves a turn of the line or
// keeps in one piece what should not be broken.
func (c *composer) fitted(text string, st style, width float64) []line {
	if text == "" {
		return nil
	}
	own := strings.Count(text, "\n") + 1
	for _, scale := range smaller {
		small := st
		small.size *= scale
		if lines := c.ragged(text, small, width); len(lines) == own {
			return lines
		}
	}
	for _, scale := range append(smaller, smallest...) {
		small := st
		small.size *= scale
		if c.unbroken(text, small, width) {
			return c.ragged(text, small, width)
		}
	}
	return c.ragged(text, st, width)
}

// unbroken tells whether no piece of the text that should stay whole is wider than the line.
func (c *composer) unbroken(text string, st style, width float64) bool {
	for _, part := range strings.Split(text, "\n") {
		list := c.atoms(part, st)
		from := 0
		for i := 1; i <= len(list); i++ {
			if i < len(list) && list[i].glued {
				continue
			}
			piece := trim(list[from:i])
			if measure(piece, st)-hang(piece, st) > width+slack {
				return false
			}
			from = i
		}
	}
	return true
}

// wrap sets a text in lines, keeping its own line ends; nothing for an empty text.
func (c *composer) wrap(text string, st style, width float64) []line {
	if text == "" {
		return nil
	}
	return c.ragged(text, st, width)
}

// draw puts the value in the middle of the cell's height.
func (v cell) draw(s *sheet, x, y, h float64) {
	if v.field.Sign {
		y += h - 5*mm - float64(len(v.lines)-1)*v.pitch
		for _, ln := range v.lines {
			s.text(ln, x+v.pad, baseline(y, 3*mm, signedStyle.size))
			y += v.pitch
		}
		return
	}
	y += (h - float64(len(v.lines))*v.pitch) / 2
	for _, ln := range v.lines {
		s.text(ln, x+v.align.offset(ln.width, v.w, v.pad), baseline(y, v.pitch, ln.style.size))
		y += v.pitch
	}
}

// Align is where text stands in its cell.
type Align uint8

const (
	Left Align = iota
	Center
	Right
)

// offset is where a line of that width begins in a cell.
func (a Align) offset(line, cell, pad float64) float64 {
	switch a {
	case Center:
		return (cell - line) / 2
	case Right:
		return cell - pad - line
	}
	return pad
}
