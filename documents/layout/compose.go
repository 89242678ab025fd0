package layout

import (
	"fmt"

	"dossier/documents/fonts"

	"rsc.io/qr"
)

// mm is one millimetre in points.
const mm = 72 / 25.4

// MissingRune is the error of a document with a character that no font has.
type MissingRune struct {
	Rune rune
	Text string // the text in which it stands
}

func (e *MissingRune) Error() string {
	return fmt.Sprintf("no font has the character %q (U+%04X) in %q", e.Rune, e.Rune, e.Text)
}

// composer sets one document: it measures text and collects sheets.
type composer struct {
	fonts   *fonts.Library
	sheets  []*sheet
	missing *MissingRune
}

// char finds a character; one that no font has is remembered and set as a blank.
func (c *composer) char(face fonts.Face, r rune, text string) fonts.Char {
	ch, ok := c.fonts.Lookup(face, r)
	if !ok {
		if c.missing == nil {
			c.missing = &MissingRune{Rune: r, Text: text}
		}
		ch, _ = c.fonts.Lookup(face, wide)
	}
	return ch
}

// page begins a new sheet.
func (c *composer) page() *sheet {
	s := &sheet{}
	c.sheets = append(c.sheets, s)
	return s
}

// sheet is one page as it will be drawn, in order; lengths in points from the upper left corner.
type sheet struct{ marks []mark }

type kind uint8

const (
	markText   kind = iota
	markRule        // a line from (x, y) to (x+w, y+h)
	markFrame       // the outline of a box
	markFill        // a filled box
	markHatch       // a box filled with slanting lines
	markRing        // a circle of diameter w with its middle at (x, y)
	markSlant       // the slanting words behind the text, their middle at (x, y)
	markSquare      // a QR code of side w
)

// mark is one thing drawn. gray is 0 for black, 1 for white; pen the width of a line.
type mark struct {
	kind       kind
	x, y, w, h float64
	pen, gray  float64
	line       line
	code       *qr.Code
}

// text draws a set line with its start at x and its baseline at y.
func (s *sheet) text(ln line, x, y float64) { s.grayText(ln, x, y, 0) }

func (s *sheet) grayText(ln line, x, y, gray float64) {
	if len(ln.chunks) > 0 {
		s.marks = append(s.marks, mark{kind: markText, x: x, y: y, gray: gray, line: ln})
	}
}

func (s *sheet) rule(x, y, w, h, pen float64) { s.grayRule(x, y, w, h, pen, 0) }

func (s *sheet) grayRule(x, y, w, h, pen, gray float64) {
	s.marks = append(s.marks, mark{kind: markRule, x: x, y: y, w: w, h: h, pen: pen, gray: gray})
}

func (s *sheet) frame(x, y, w, h, pen float64) {
	s.marks = append(s.marks, mark{kind: markFrame, x: x, y: y, w: w, h: h, pen: pen})
}

func (s *sheet) fill(x, y, w, h, gray float64) {
	s.marks = append(s.marks, mark{kind: markFill, x: x, y: y, w: w, h: h, gray: gray})
}

func (s *sheet) hatch(x, y, w, h float64) {
	s.marks = append(s.marks, mark{kind: markHatch, x: x, y: y, w: w, h: h, pen: 1.6, gray: 0.85})
}

func (s *sheet) ring(x, y, diameter, pen, gray float64) {
	s.marks = append(s.marks, mark{kind: markRing, x: x, y: y, w: diameter, pen: pen, gray: gray})
}

// baseline is where letters stand in a line of that height whose top is at y: the square of the character is
// in the middle, and reaches from 0.88 em above the baseline to 0.12 em below.
func baseline(y, height, size float64) float64 { return y + height/2 + 0.38*size }
