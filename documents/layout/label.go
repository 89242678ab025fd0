package layout

import "strings"

// labelLines breaks a label as forms do: up to five characters on one line, more in a block as square as it goes.
// A line end in the label is kept.
func labelLines(label string) [][]rune {
	var lines [][]rune
	start := 0
	text := []rune(label)
	for i := 0; i <= len(text); i++ {
		if i < len(text) && text[i] != '\n' {
			continue
		}
		lines = append(lines, square(clean(string(text[start:i])))...)
		start = i + 1
	}
	return lines
}

// square breaks a row of characters into lines of the same length; the last may be shorter.
func square(text []rune) [][]rune {
	n := len(text)
	rows := 1
	if at := bracket(text); n > 5 && at > 0 {
		return append(square(text[:at]), text[at:])
	}
	switch {
	case n > 10:
		rows = (n + 3) / 4
	case n > 5:
		rows = 2
	}
	per := (n + rows - 1) / rows
	if rows == 2 {
		per = max(per, 4) // 法制审核 意见, not 法制审 核意见
	}
	var lines [][]rune
	for len(text) > per {
		cut := per
		for cut > 1 && cut < len(text) && !mayBreak(text, cut) {
			cut--
		}
		lines = append(lines, text[:cut])
		text = text[cut:]
	}
	return append(lines, text)
}

// bracket is where an explanation in brackets at the end of a label begins, if both it and what stands before it
// can have a line of their own; else 0.
func bracket(text []rune) int {
	for i, r := range text {
		if r == '（' && i >= 2 && len(text)-i <= 6 && text[len(text)-1] == '）' {
			return i
		}
	}
	return 0
}

// labelSet is a label ready to be drawn in the middle of its cell.
type labelSet struct {
	lines []line
	pitch float64
	note  []line
}

const (
	labelPitch = 16.0
	notePitch  = 14.0
)

func (l labelSet) height() float64 {
	return float64(len(l.lines))*l.pitch + float64(len(l.note))*notePitch
}

// label sets a label and the note in brackets under it. Two to four characters on one line are spread to four
// ems; in a block each line is spread to the longest.
func (c *composer) label(text, note string, width float64) labelSet {
	set := labelSet{pitch: labelPitch}
	if text != "" {
		rows := labelLines(text)
		if width > labelWidth+slack && measure(c.atoms(text, labelStyle), labelStyle) <= width-2.5*mm {
			rows = [][]rune{clean(text)} // a cell made wider for its label
		}
		long := 0.0
		for _, row := range rows {
			long = max(long, measure(c.atoms(string(row), labelStyle), labelStyle))
		}
		if four := 4 * labelStyle.size; len(rows) == 1 && len(rows[0]) >= 2 && len(rows[0]) < 4 {
			long = four
		}
		for _, row := range rows {
			if row := string(row); strings.HasPrefix(row, "（") {
				set.lines = append(set.lines, c.single(row, labelStyle))
			} else {
				set.lines = append(set.lines, c.spread(row, labelStyle, min(long, width-2.5*mm)))
			}
		}
	}
	if note != "" {
		set.note = c.ragged(note, noteStyle, width-1*mm)
	}
	return set
}

// spread sets a text on one line of exactly that width by opening its gaps; a text that is wider, or has no gap,
// stays as it is.
func (c *composer) spread(text string, st style, width float64) line {
	list := c.atoms(text, st)
	natural := measure(list, st)
	if len(list) < 2 || natural >= width-slack || width-natural > 3*st.size*float64(len(list)-1) {
		return set(list, st, 0, 0)
	}
	st.tracking += (width - natural) / float64(len(list)-1)
	ln := set(list, st, 0, 0)
	return ln
}

// draw puts the label in the middle of the box.
func (l labelSet) draw(s *sheet, x, y, w, h float64) {
	y += (h - l.height()) / 2
	for _, ln := range l.lines {
		s.text(ln, x+(w-ln.width)/2, baseline(y, l.pitch, ln.style.size))
		y += l.pitch
	}
	for _, ln := range l.note {
		s.text(ln, x+(w-ln.width)/2, baseline(y, notePitch, ln.style.size))
		y += notePitch
	}
}
