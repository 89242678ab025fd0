package layout

import (
	"bytes"
	"fmt"
	"strings"
	"sync"
	"unicode/utf16"

	"dossier/documents/fonts"

	"github.com/jung-kurt/gofpdf"
)

// standIn is the core font that gofpdf thinks it writes in. Its own way with TrueType fonts parses the font and
// packs tables of 65 536 widths for each document, 5 ms and 4 MB even for an empty one; in a core font it writes
// any bytes, here two for each character, and finish puts the document's font in its place.
const standIn = "Helvetica"

// cutter keeps the fonts of the latest documents: a draft is looked at several times, and its issue follows.
var cutter = fonts.NewCutter(32)

// write draws the sheets with gofpdf and finishes the file.
func write(sheets []*sheet, doc Document) ([]byte, error) {
	chars := map[fonts.Char]struct{}{}
	for _, s := range sheets {
		for _, m := range s.marks {
			for _, ch := range m.line.chunks {
				for _, c := range ch.chars {
					chars[c] = struct{}{}
				}
			}
		}
	}
	cut, err := cutter.Cut(chars)
	if err != nil {
		return nil, err
	}
	pdf := gofpdf.New("P", "pt", "A4", "")
	pdf.SetCompression(false) // finish packs the pages
	pdf.SetCatalogSort(true)
	pdf.SetCreationDate(doc.Made) // finish writes the properties; gofpdf would ask the clock
	pdf.SetModificationDate(doc.Made)
	pdf.SetMargins(0, 0, 0)
	pdf.SetAutoPageBreak(false, 0)
	pdf.AddFontFromReader(standIn, "", strings.NewReader(`{"Tp": "Core", "Name": "`+standIn+`"}`)) // gofpdf would read its widths for each file
	p := pen{pdf: pdf, cut: cut}
	for _, s := range sheets {
		pdf.AddPage()
		p.fresh()
		for _, m := range s.marks {
			p.draw(m)
		}
	}
	out := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(out)
	out.Reset()
	if err := pdf.Output(out); err != nil {
		return nil, fmt.Errorf("layout: %w", err)
	}
	return finish(out.Bytes(), cut, doc)
}

// buffers hold files while they are made: each would be larger than all else that a paper takes.
var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// pageHeight is gofpdf's A4.
const pageHeight = 841.89

// pen draws marks on gofpdf's current page and remembers what it has set there.
type pen struct {
	pdf                  *gofpdf.Fpdf
	cut                  *fonts.Cut
	size, gap            float64
	width, line, fillCol float64
	text                 strings.Builder
}

func (p *pen) fresh() {
	p.size, p.gap, p.width, p.line, p.fillCol = 0, 0, -1, -1, -1
}

func (p *pen) draw(m mark) {
	switch m.kind {
	case markText:
		p.colour(0, m.gray)
		p.chunks(m.line, m.x, m.y)
	case markRule:
		p.stroke(m)
		p.pdf.Line(m.x, m.y, m.x+m.w, m.y+m.h)
	case markFrame:
		p.stroke(m)
		p.pdf.Rect(m.x, m.y, m.w, m.h, "D")
	case markFill:
		p.colour(m.gray, 0)
		p.pdf.Rect(m.x, m.y, m.w, m.h, "F")
	case markHatch:
		p.pdf.ClipRect(m.x, m.y, m.w, m.h, false)
		p.stroke(m)
		const step = 4.2
		for d := step / 2; d < m.w+m.h; d += step {
			p.pdf.Line(m.x+d, m.y, m.x+d-m.h, m.y+m.h)
		}
		p.pdf.ClipEnd()
		p.width, p.line = -1, -1
	case markRing:
		p.stroke(m)
		p.pdf.Circle(m.x, m.y, m.w/2, "D")
	case markSquare:
		p.pdf.RawWriteStr(squares(m))
		p.fillCol = -1
	case markSlant:
		p.pdf.TransformBegin()
		p.pdf.TransformRotate(32, m.x, m.y)
		p.colour(0, m.gray)
		p.chunks(m.line, m.x-m.line.width/2, m.y+0.38*m.line.style.size)
		p.pdf.TransformEnd()
		p.fresh()
	}
}

func (p *pen) stroke(m mark) {
	if p.width != m.pen {
		p.width = m.pen
		p.pdf.SetLineWidth(m.pen)
	}
	if p.line != m.gray {
		p.line = m.gray
		v := level(m.gray)
		p.pdf.SetDrawColor(v, v, v)
	}
}

// colour sets the grays of filled boxes and of letters.
func (p *pen) colour(fill, letters float64) {
	if letters != 0 {
		fill = 0
	}
	if p.fillCol != fill {
		p.fillCol = fill
		v := level(fill)
		p.pdf.SetFillColor(v, v, v)
	}
	v := level(letters)
	p.pdf.SetTextColor(v, v, v)
}

func level(gray float64) int { return int(gray*255 + 0.5) }

// chunks draws a line. Where its characters stand far apart a reader would take each for a word, so that 当 事 人
// could not be found; the line then says what its text is.
func (p *pen) chunks(ln line, x, y float64) {
	if said, other := ln.said(); other || ln.loose() {
		text := []byte("/Span <</ActualText <FEFF")
		for _, unit := range utf16.Encode([]rune(said)) {
			text = fmt.Appendf(text, "%04X", unit)
		}
		p.pdf.RawWriteStr(string(append(text, ">>> BDC"...)))
		defer p.pdf.RawWriteStr("EMC")
	}
	if p.size != ln.style.size {
		p.size = ln.style.size
		p.pdf.SetFont(standIn, "", p.size)
	}
	for _, ch := range ln.chunks {
		if ch.gap != p.gap && len(ch.chars) > 1 {
			p.gap = ch.gap
			p.pdf.RawWriteStr(fmt.Sprintf("%.4f Tc", p.gap))
		}
		p.text.Reset()
		for _, c := range ch.chars {
			code := p.cut.Code(c)
			p.text.WriteByte(byte(code >> 8))
			p.text.WriteByte(byte(code))
		}
		p.pdf.Text(x+ch.x, y, p.text.String())
	}
}
