package layout

import "dossier/documents/fonts"

// Plate is a page that leaves room for a picture and says under it what it is. Without a picture it says what stands
// in its place.
type Plate struct {
	Title   string
	Lines   []string // under the picture: what it proves, who gave it, when
	Instead string   // in the middle, where there is no picture
}

// PlateRoom is where the picture of a [Plate] may stand, in points from the lower left corner of the page.
func PlateRoom() (x, y, w, h float64) {
	return formLeft, pageHeight - plateFoot, formWidth, plateFoot - plateTop
}

const (
	plateTop  = 25 * mm
	plateFoot = 238 * mm
)

var (
	captionStyle = style{face: fonts.Hei, size: 12}
	insteadStyle = style{face: fonts.Song, size: 16}
)

func (p Plate) compose(c *composer, _ Document) {
	s := c.page()
	y := plateFoot + 5*mm
	centred := func(lines []line, pitch float64) {
		for _, ln := range lines {
			s.text(ln, formLeft+(formWidth-ln.width)/2, baseline(y, pitch, ln.style.size))
			y += pitch
		}
	}
	centred(c.ragged(p.Title, captionStyle, formWidth), 17)
	for _, text := range p.Lines {
		centred(c.ragged(text, smallStyle, formWidth), 15)
	}
	if p.Instead != "" {
		s.frame(formLeft, plateTop, formWidth, plateFoot-plateTop, innerPen)
		lines := c.ragged(p.Instead, insteadStyle, formWidth-20*mm)
		y = (plateTop+plateFoot)/2 - float64(len(lines))*14
		centred(lines, 28)
	}
}
