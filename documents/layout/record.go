package layout

import "dossier/documents/fonts"

// Record is a record of inquiry or inspection (笔录): a head as on a Form, then questions and answers on ruled
// lines, and at the foot of every page the places where those present sign.
type Record struct {
	Title  string
	Number string
	Head   []Row
	Lines  []Line
	Signs  []string // who signs each page: 被询问人, 询问人, 记录人
}

// Line is what one person said, or, without a speaker, what the record says itself.
type Line struct {
	Speaker string // 问, 答
	Text    string // paragraphs, a line each
}

const (
	recordPitch = 26.0
	signPitch   = 11 * mm
	recordSide  = 3.5 * mm
)

var (
	recordStyle  = style{face: fonts.Song, size: 14}
	speakerStyle = style{face: fonts.Hei, size: 14}
)

// ruled is one line of a record's body.
type ruled struct {
	speaker *line
	text    line
	indent  float64
}

func (r Record) compose(c *composer, doc Document) {
	set := &formSetter{c: c, title: r.Title, num: r.Number, draft: doc.Draft}
	set.open()
	for _, head := range r.Head {
		for _, st := range head.strips(set) {
			set.place(st, 0)
		}
	}
	lines := r.lines(c)
	if formLimit-signPitch*float64(signRows(r.Signs))-set.y < 3*recordPitch {
		set.turn(nil)
	}
	for first := true; first || len(lines) > 0; first = false {
		if !first {
			set.turn(nil)
		}
		lines = set.ruledBody(lines, r.Signs)
	}
	set.close()
	c.feet(doc)
}

// lines sets what was said; a speaker's word stands before his lines, which hang behind it.
func (r Record) lines(c *composer) []ruled {
	const width = formWidth - 2*recordSide
	em := recordStyle.size
	var all []ruled
	for _, said := range r.Lines {
		if said.Speaker == "" {
			for _, ln := range c.paragraphs(said.Text, recordStyle, width) {
				all = append(all, ruled{text: ln.line})
			}
			continue
		}
		speaker := c.single(said.Speaker+"：", speakerStyle)
		indent := max(speaker.width, 2*em)
		for i, part := range splitLines(said.Text) {
			for j, ln := range c.paragraph(part, recordStyle, width-indent, 0) {
				row := ruled{text: ln, indent: indent}
				if i == 0 && j == 0 {
					row.speaker = &speaker
				}
				all = append(all, row)
			}
		}
	}
	return all
}

// ruledBody fills the sheet down to the places for signing and answers the lines that did not fit.
func (f *formSetter) ruledBody(lines []ruled, signs []string) []ruled {
	below := float64(signRows(signs)) * signPitch
	n := int((formLimit - below - f.y + slack) / recordPitch)
	if f.y > f.top {
		f.s.rule(formLeft, f.y, formWidth, 0, innerPen)
	}
	for i := range n {
		y := f.y + float64(i)*recordPitch
		if i < n-1 {
			f.s.grayRule(formLeft+recordSide, y+recordPitch, formWidth-2*recordSide, 0, 0.4, 0.6)
		}
		switch {
		case i < len(lines):
			ln := lines[i]
			if ln.speaker != nil {
				f.s.text(*ln.speaker, formLeft+recordSide, baseline(y, recordPitch, recordStyle.size))
			}
			f.s.text(ln.text, formLeft+recordSide+ln.indent, baseline(y, recordPitch, recordStyle.size))
		case i == len(lines) && i > 0: // a record without a word is a blank for the pen
			empty := f.c.single("（以下空白）", smallStyle)
			f.s.grayText(empty, formLeft+(formWidth-empty.width)/2, baseline(y, recordPitch, smallStyle.size), 0.35)
		}
	}
	f.y += float64(n) * recordPitch
	f.s.rule(formLeft, f.y, formWidth, 0, innerPen)
	f.signStrip(signs)
	f.y += below
	return lines[min(n, len(lines)):]
}

// signStrip draws a pen line for each who signs the page, two in a row, and the day at the end of the last row.
func (f *formSetter) signStrip(signs []string) {
	const width, dayRoom = formWidth - 2*recordSide, 38 * mm
	rows := signRows(signs)
	for i, who := range signs {
		row := i / 2
		slot := width / 2
		if row == rows-1 {
			slot = (width - dayRoom) / float64(len(signs)-2*row)
		}
		x := formLeft + recordSide + float64(i%2)*slot
		base := f.y + float64(row+1)*signPitch - 3*mm
		word := f.c.single(who+"签名", smallStyle)
		f.s.text(word, x, base)
		f.s.grayRule(x+word.width+1.5*mm, base+1, slot-word.width-5*mm, 0, 0.6, 0.3)
	}
	f.c.emptyDay(f.s, formLeft+formWidth-recordSide, f.y+float64(rows)*signPitch-3*mm)
}

// signRows is how many rows the places for signing take: the day has a place of its own in the last.
func signRows(signs []string) int { return max((len(signs)+1)/2, 1) }
