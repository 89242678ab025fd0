package layout

import (
	"fmt"
	"strings"

	"rsc.io/qr"
)

// squareSize is the side of the square code in points: beside the printed code, in the margin under the text.
const squareSize = 13 * mm

// square draws a text as a QR code with its upper left corner at (x, y); nothing for a text that is too long for one.
func (s *sheet) square(text string, x, y float64) {
	code, err := qr.Encode(text, qr.M)
	if err == nil {
		s.marks = append(s.marks, mark{kind: markSquare, x: x, y: y, w: squareSize, code: code})
	}
}

// squares gives a QR code as one path: each row's black modules that stand together are one box, with a hair of overlap
// so that no reader shows a seam.
func squares(m mark) string {
	var b strings.Builder
	b.WriteString("0 g")
	step := m.w / float64(m.code.Size)
	for row := range m.code.Size {
		for from := 0; from < m.code.Size; from++ {
			to := from
			for to < m.code.Size && m.code.Black(to, row) {
				to++
			}
			if to > from {
				fmt.Fprintf(&b, " %.2f %.2f %.2f %.2f re", m.x+float64(from)*step, pageHeight-m.y-float64(row+1)*step, float64(to-from)*step, step+0.02)
				from = to
			}
		}
	}
	return b.String() + " f"
}
