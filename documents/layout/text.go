package layout

import (
	"math"
	"strings"

	"dossier/documents/fonts"
)

// style is how text is set; sizes and tracking in points.
type style struct {
	face     fonts.Face
	size     float64
	tracking float64 // added after each character
}

// slack is the tolerance, in points, of "it fits".
const slack = 0.01

// atom is one character in its place in a line.
type atom struct {
	ch     fonts.Char
	width  float64 // in points, tracking not included
	shift  float64 // where its origin lies from its place: negative when its blank left half is taken away
	glued  bool    // no line ends before it
	spread bool    // a justified line may put space before it
}

// chunk is a row of characters with one gap between them, ready to be drawn.
type chunk struct {
	x     float64 // from the line's start
	gap   float64 // added after each character
	chars []fonts.Char
}

// line is one set line.
type line struct {
	style  style
	chunks []chunk
	width  float64
}

// atoms measures a text. Marks that stand together lose the blank half between them.
func (c *composer) atoms(text string, st style) []atom {
	runes := clean(text)
	list := make([]atom, len(runes))
	for i, r := range runes {
		ch := c.char(st.face, r, text)
		a := atom{ch: ch, width: float64(ch.Advance) / 1000 * st.size}
		if i > 0 {
			prev := runes[i-1]
			a.glued = !mayBreak(runes, i)
			a.spread = !(isWord(prev) && isWord(r)) && prev != noBreak && r != noBreak
			switch {
			case isHalfCloser(prev, list[i-1].ch) && (isHalfCloser(r, ch) || isHalfOpener(r, ch)):
				list[i-1].width -= st.size / 2
			case isHalfOpener(prev, list[i-1].ch) && isHalfOpener(r, ch):
				a.width -= st.size / 2
				a.shift = -st.size / 2
			}
		}
		list[i] = a
	}
	return list
}

func isHalfCloser(r rune, ch fonts.Char) bool {
	return ch.Advance == 1000 && strings.ContainsRune(halfClosers, r)
}

func isHalfOpener(r rune, ch fonts.Char) bool {
	return ch.Advance == 1000 && strings.ContainsRune(halfOpeners, r)
}

// measure is the width of a row of atoms, without the tracking after the last.
func measure(list []atom, st style) float64 {
	w := 0.0
	for _, a := range list {
		w += a.width + st.tracking
	}
	if len(list) > 0 {
		w -= st.tracking
	}
	return w
}

// hang is how much of the last atom is blank and may stand outside the measure.
func hang(list []atom, st style) float64 {
	if len(list) == 0 {
		return 0
	}
	last := list[len(list)-1]
	if isHalfCloser(last.ch.Rune, last.ch) && last.width > st.size*0.75 {
		return st.size / 2
	}
	return 0
}

// trim takes blanks off the end of a line.
func trim(list []atom) []atom {
	for len(list) > 0 {
		if r := list[len(list)-1].ch.Rune; r != ' ' && r != wide {
			break
		}
		list = list[:len(list)-1]
	}
	return list
}

// single sets a text on one line, however long.
func (c *composer) single(text string, st style) line {
	list := c.atoms(text, st)
	return set(list, st, 0, 0)
}

// paragraph sets a text in lines of the given width, the first one indented, all but the last justified.
// It answers at least one line. Line ends in the text count as blanks: callers split paragraphs.
func (c *composer) paragraph(text string, st style, width, indent float64) []line {
	list := c.atoms(strings.ReplaceAll(text, "\n", " "), st)
	var lines []line
	for first := true; first || len(list) > 0; first = false {
		room := width
		if !first {
			indent = 0
		}
		room -= indent
		n := fit(list, st, room)
		row := trim(list[:n])
		list = list[n:]
		if len(list) > 0 && len(trim(list)) == 0 {
			list = nil
		}
		spread := 0.0
		if len(list) > 0 {
			spread = room - (measure(row, st) - hang(row, st))
		}
		lines = append(lines, set(row, st, indent, spread))
	}
	return lines
}

// fit is how many atoms go on a line of that width: as many as end where a line may end; if a piece that can't
// be broken is wider than the line, as many as fit, at least one. Tight tracking counts after the last one too:
// 28 characters of 15.79 pt fill a line of 442.2 pt.
func fit(list []atom, st style, room float64) int {
	width, last := 0.0, 0
	for i, a := range list {
		if i > 0 && !a.glued {
			last = i
		}
		width += a.width
		r := a.ch.Rune
		over := width+min(st.tracking, 0)-hang(list[:i+1], st) > room+slack && r != ' ' && r != wide
		if over {
			switch {
			case last > 0:
				return last
			default:
				return max(i, 1)
			}
		}
		width += st.tracking
	}
	return len(list)
}

// maxSpread is the most space, in ems, that justifying puts between two characters; a line that would need more
// stays ragged.
const maxSpread = 0.5

// set places atoms on a line; spread is the space that justifying has to divide among the gaps, 0 for none.
func set(list []atom, st style, indent, spread float64) line {
	gaps := 0
	for i, a := range list {
		if i > 0 && a.spread {
			gaps++
		}
	}
	extra := 0.0
	if gaps > 0 && math.Abs(spread) > slack {
		if extra = spread / float64(gaps); extra > maxSpread*st.size {
			extra = 0
		}
	}
	ln := line{style: st}
	x := indent
	var cur *chunk
	joined := false // whether cur may be continued with the gap it has
	for i, a := range list {
		gap := st.tracking // after this atom
		if i+1 < len(list) && list[i+1].spread {
			gap += extra
		}
		full := float64(a.ch.Advance) / 1000 * st.size
		plain := a.shift == 0 && math.Abs(a.width-full) < slack
		if !joined || a.shift != 0 {
			ln.chunks = append(ln.chunks, chunk{x: x + a.shift, gap: gap})
			cur = &ln.chunks[len(ln.chunks)-1]
		}
		cur.chars = append(cur.chars, a.ch)
		if len(cur.chars) == 1 {
			cur.gap = gap
		}
		x += a.width
		if i+1 < len(list) {
			x += gap
		}
		joined = plain && math.Abs(gap-cur.gap) < 1e-6
	}
	ln.width = x
	return ln
}
