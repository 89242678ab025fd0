package fonts

import "fmt"

// Path draws a text as outlines, in the operators of a PDF page without filling them: what is stamped on other people's
// pages needs no font of theirs. The text begins at the origin; size is in points. It answers the path and its width.
// Characters that no font has are left out.
func (l *Library) Path(face Face, size float64, text string) (path []byte, width float64) {
	for _, r := range text {
		ch, ok := l.Lookup(face, r)
		if !ok {
			continue
		}
		if c, err := ch.Font.draw(ch.Glyph, maxDepth); err == nil {
			scale := size / float64(ch.Font.Metrics.UnitsPerEm)
			for _, contour := range c.transform(scale, 0, 0, scale, width, 0) {
				path = appendContour(path, contour)
			}
		}
		width += float64(ch.Advance) / 1000 * size
	}
	return path, width
}

// appendContour writes one closed curve; PDF knows cubic curves only, a font quadratic ones.
func appendContour(path []byte, c []point) []byte {
	if len(c) < 2 {
		return path
	}
	middle := func(a, b point) point { return point{(a.x + b.x) / 2, (a.y + b.y) / 2, true} }
	from := 0
	for from < len(c) && !c[from].on {
		from++
	}
	start := middle(c[0], c[len(c)-1]) // of a curve without a point on it
	rest := c
	if from < len(c) {
		start = c[from]
		rest = append(append([]point(nil), c[from+1:]...), c[:from]...)
	}
	rest = append(rest[:len(rest):len(rest)], start)
	path = fmt.Appendf(path, "%.2f %.2f m ", start.x, start.y)
	at := start
	for i := 0; i < len(rest); i++ {
		p := rest[i]
		if p.on {
			path, at = fmt.Appendf(path, "%.2f %.2f l ", p.x, p.y), p
			continue
		}
		end := rest[i+1] // the last is on the curve
		if end.on {
			i++
		} else {
			end = middle(p, end)
		}
		path = fmt.Appendf(path, "%.2f %.2f %.2f %.2f %.2f %.2f c ", at.x+2*(p.x-at.x)/3, at.y+2*(p.y-at.y)/3, end.x+2*(p.x-end.x)/3, end.y+2*(p.y-end.y)/3, end.x, end.y)
		at = end
	}
	return append(path, "h\n"...)
}
