package layout

import (
	"math"
	"regexp"
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
	glued  bool    // no line ends before it
	soft   bool    // glued, but where the line would stand too far apart otherwise
	spread bool    // a justified line may put space before it; never before the first
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

// loose tells whether characters stand so far apart that readers see gaps between words.
func (ln line) loose() bool {
	for _, ch := range ln.chunks {
		if len(ch.chars) > 1 && ch.gap > 0.08*ln.style.size {
			return true
		}
	}
	return false
}

// apart is a label whose characters are set apart by blanks: 当 事 人：, 地　　址：.
var apart = regexp.MustCompile(`(?:^|[^\p{Han}])\p{Han}(?:[ \x{3000}]+\p{Han})+：`)

// said is what the line says to who searches for it: a label without the blanks that set it apart. It tells whether there
// are any.
func (ln line) said() (text string, other bool) {
	var b strings.Builder
	blank, colon := false, false
	for _, ch := range ln.chunks {
		for _, c := range ch.chars {
			b.WriteRune(c.Rune)
			blank, colon = blank || c.Rune == ' ' || c.Rune == wide, colon || c.Rune == '：'
		}
	}
	if !blank || !colon {
		return b.String(), false
	}
	text = apart.ReplaceAllStringFunc(b.String(), func(label string) string {
		first := len(label) - len(strings.TrimLeft(label, " \u3000"))
		return label[:first] + strings.NewReplacer(" ", "", "\u3000", "").Replace(label[first:])
	})
	return text, text != b.String()
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
			a.soft = r == '〔'
			a.spread = !(isWord(prev) && isWord(r)) && prev != noBreak && r != noBreak
			switch {
			case isHalfCloser(prev, list[i-1].ch) && (isHalfCloser(r, ch) || isHalfOpener(r, ch)):
				list[i-1] = list[i-1].halved(fonts.LeftHalf, st)
			case isHalfOpener(prev, list[i-1].ch) && isHalfOpener(r, ch):
				a = a.halved(fonts.RightHalf, st)
			}
		}
		list[i] = a
	}
	return list
}

func (a atom) halved(h fonts.Half, st style) atom {
	a.ch, a.width = a.ch.Halved(h), st.size/2
	return a
}

func isHalfCloser(r rune, ch fonts.Char) bool {
	return ch.Advance == 1000 && among(halfClosers, r)
}

func isHalfOpener(r rune, ch fonts.Char) bool {
	return ch.Advance == 1000 && among(halfOpeners, r)
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

// hang is how much narrower a row gets when the mark at its end loses its blank half.
func hang(list []atom, st style) float64 {
	if n := len(list); n > 0 && isHalfCloser(list[n-1].ch.Rune, list[n-1].ch) {
		return st.size / 2
	}
	return 0
}

// halveEnd takes the blank half of the mark at the end of a row, if it has one.
func halveEnd(list []atom, st style) []atom {
	if hang(list, st) == 0 {
		return list
	}
	last := len(list) - 1
	return append(list[:last:last], list[last].halved(fonts.LeftHalf, st))
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
		if n < len(list) && room-measure(trim(list[:n]), st) > 4*st.size {
			n = max(n, fitWhere(list, st, room, func(a atom) bool { return !a.glued || a.soft }))
		}
		row := trim(list[:n])
		list = list[n:]
		if len(list) > 0 && len(trim(list)) == 0 {
			list = nil
		}
		spread := 0.0
		if len(list) > 0 {
			row = halveEnd(row, st)
			spread = room - measure(row, st)
		} else if measure(row, st) > room+slack {
			row = halveEnd(row, st)
		}
		lines = append(lines, set(row, st, indent, spread))
	}
	return lines
}

// fit is how many atoms go on a line of that width: as many as end where a line may end; if a piece that can't
// be broken is wider than the line, as many as fit, at least one. Tight tracking counts after the last one too:
// 28 characters of 15.79 pt fill a line of 442.2 pt.
func fit(list []atom, st style, room float64) int {
	return fitWhere(list, st, room, func(a atom) bool { return !a.glued })
}

// fitWhere is fit with another rule of where a line may end: before an atom of which free says so.
func fitWhere(list []atom, st style, room float64, free func(atom) bool) int {
	width, last := 0.0, 0
	for i, a := range list {
		if i > 0 && free(a) {
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
const maxSpread = 0.25

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
	for i, a := range list {
		gap := st.tracking // before this one
		if a.spread {
			gap += extra
		}
		if i > 0 {
			x += gap
		}
		switch {
		case cur != nil && len(cur.chars) == 1:
			cur.gap = gap
		case cur == nil || math.Abs(gap-cur.gap) > 1e-6:
			ln.chunks = append(ln.chunks, chunk{x: x, gap: gap})
			cur = &ln.chunks[len(ln.chunks)-1]
		}
		cur.chars = append(cur.chars, a.ch)
		x += a.width
	}
	ln.width = x
	return ln
}
