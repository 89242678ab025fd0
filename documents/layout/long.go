package layout

import "strings"

// Long is a label and a long text beside it, or, without a label, a text over the whole width. It breaks over
// pages between lines, never so that one line of a paragraph stands alone where it can be helped.
type Long struct {
	Label  string
	Text   string  // paragraphs, a line each
	Height float64 // mm at least
}

// Opinion is a gate's cell: what was thought, who signed, when. Below the text is room for the pen. It is never
// split over pages unless it is higher than one.
type Opinion struct {
	Label   string
	Note    string   // under the label, in brackets: （监察员）
	Text    string   // paragraphs, a line each
	Signers []string // names by the record, set small; an empty name leaves its pen line
	Day     string   // by the record, set small; empty: 年 月 日 for the pen
	Height  float64  // mm at least; none: 32, or 36 if nothing is written yet
}

const (
	longPitch    = 19.5
	opinionPitch = 19.0
	longPad      = 2.6 * mm
	longSide     = 3.5 * mm
	signZone     = 15 * mm
)

// textLine is a line of a cell of long text: where its paragraph begins and ends decides where it may be parted.
type textLine struct {
	line
	first, last bool
}

// paragraphs sets a text, each of its lines a paragraph indented by two characters.
func (c *composer) paragraphs(text string, st style, width float64) []textLine {
	var all []textLine
	for _, part := range splitLines(text) {
		lines := c.paragraph(part, st, width, 2*(st.size+st.tracking))
		for i, ln := range lines {
			all = append(all, textLine{ln, i == 0, i == len(lines)-1})
		}
	}
	return all
}

// splitLines are the lines of a text without those that are blank.
func splitLines(text string) []string {
	var parts []string
	for _, part := range strings.Split(text, "\n") {
		if part = strings.TrimSpace(part); part != "" {
			parts = append(parts, part)
		}
	}
	return parts
}

// longCell is a label column, maybe of no width, and lines of text; sign draws the lowest part of its last piece.
type longCell struct {
	c      *composer
	label  labelSet
	indent float64 // width of the label's column
	lines  []textLine
	pitch  float64
	least  float64 // height at least
	below  float64 // height kept under the text for sign
	sign   func(s *sheet, x, y, w, h float64)
}

func (l longCell) strip() strip {
	height := max(l.least, l.label.height()+2*longPad, l.textHeight(len(l.lines)))
	return strip{height: height, draw: l.draw, split: l.split}
}

func (l longCell) textHeight(n int) float64 {
	return float64(n)*l.pitch + longPad + max(longPad, l.below)
}

func (l longCell) draw(s *sheet, y, h float64) {
	x := formLeft + l.indent
	if l.indent > 0 {
		s.rule(x, y, 0, h, innerPen)
		l.label.draw(s, formLeft, y, l.indent, h)
	}
	at := y + longPad
	for _, ln := range l.lines {
		s.text(ln.line, x+longSide, baseline(at, l.pitch, ln.style.size))
		at += l.pitch
	}
	if l.sign != nil {
		l.sign(s, x, y, formWidth-l.indent, h)
	}
}

// split parts the cell between two lines, keeping two lines of a paragraph together at its ends.
func (l longCell) split(room float64) (head, tail *strip) {
	n := int((room - 2*longPad + slack) / l.pitch)
	if n >= len(l.lines) { // only what is kept below doesn't fit
		n = len(l.lines) - 1
	}
	for n > 0 && (l.lines[n-1].first && !l.lines[n-1].last || l.lines[n].last && !l.lines[n].first) {
		n--
	}
	if n <= 0 || room < l.label.height()+longPad {
		return nil, nil
	}
	upper, lower := l, l
	upper.lines, upper.sign, upper.below, upper.least = l.lines[:n], nil, 0, room
	lower.lines, lower.least = l.lines[n:], 0
	a, b := upper.strip(), lower.strip()
	return &a, &b
}

func (r Long) strips(f *formSetter) []strip {
	cell := longCell{c: f.c, pitch: longPitch, least: max(r.Height*mm, rowHeight)}
	if r.Label != "" {
		cell.indent = labelWidth
		cell.label = f.c.label(r.Label, "", labelWidth)
	}
	cell.lines = f.c.paragraphs(r.Text, valueStyle, formWidth-cell.indent-2*longSide)
	return []strip{cell.strip()}
}

func (r Opinion) strips(f *formSetter) []strip {
	cell := longCell{c: f.c, pitch: opinionPitch, indent: labelWidth, below: signZone}
	cell.label = f.c.label(r.Label, r.Note, labelWidth)
	cell.lines = f.c.paragraphs(r.Text, valueStyle, formWidth-labelWidth-2*longSide)
	switch {
	case r.Height > 0:
		cell.least = r.Height * mm
	case r.Text == "" && r.Day == "":
		cell.least = 36 * mm
	default:
		cell.least = 32 * mm
	}
	cell.sign = func(s *sheet, x, y, w, h float64) {
		f.c.signRow(s, x+24*mm, y+h, x+w-4*mm, r.Signers, r.Day)
	}
	st := cell.strip()
	if st.height <= formLimit-formTop-45*mm {
		st.split = nil
	}
	return []strip{st}
}

// signRow draws 签名, a pen line for each signer with the name small before it, and the day, above the bottom
// of a cell, from left to right.
func (c *composer) signRow(s *sheet, left, bottom, right float64, signers []string, day string) {
	base := bottom - 3.2*mm
	word := c.single("签名", valueStyle)
	s.text(word, left, base)
	end := right - 36*mm
	if day != "" {
		end = right - 26*mm
	}
	if len(signers) == 0 {
		signers = []string{""}
	}
	x := left + word.width + 3*mm
	const between = 2 * mm
	end -= 3 * mm
	slot := (end - x - between*float64(len(signers)-1)) / float64(len(signers))
	for _, name := range signers {
		from := x
		if name != "" {
			ln := c.single(name, signedStyle)
			s.text(ln, x, base)
			from += ln.width + 1.4*mm
		}
		s.grayRule(from, base+1, max(slot-(from-x), 5*mm), 0, 0.6, 0.3)
		x += slot + between
	}
	if day == "" {
		c.emptyDay(s, right, base)
		return
	}
	ln := c.single(day, signedStyle)
	s.text(ln, right-ln.width, base)
}

// emptyDay draws 年 月 日 with room for figures before each, ending at right.
func (c *composer) emptyDay(s *sheet, right, base float64) {
	for i, word := range []string{"年", "月", "日"} {
		ln := c.single(word, valueStyle)
		s.text(ln, right-ln.width-float64(2-i)*11.6*mm, base)
	}
}
