package layout

import (
	"fmt"
	"math"
	"strings"

	"dossier/documents/fonts"
)

// Prose is a document that speaks to somebody: a notice, a decision, an order, on the page of GB/T 9704-2012:
// 22 lines of 28 characters, mirrored on even pages.
type Prose struct {
	Titles    []string // one line each: the bureau, the document's name
	Number    string
	Addressee string // with its colon
	Blocks    []Block
	Signature *Signature
	After     []Block // below the signature: receipt, notes; a Receipt usually
}

// Block is a part of a Prose's text: Paragraph, Subhead, Contact, Blank, Turn, Table, Receipt.
type Block interface {
	flow(p *proseSetter) []row
}

// Paragraph is running text, its first line indented by two characters.
type Paragraph struct {
	Text  string // each line of it is a paragraph
	Flush bool   // no indent
	Align Align  // Center and Right set each line so, without indent
}

// Subhead is a heading of level 1 (一、 黑体) or 2 (（一） 楷体). It stays with two lines of what follows.
type Subhead struct {
	Text  string
	Level int
}

// Contact is a set of lines like 联系人：… that stay together, half a line after the text.
type Contact struct{ Lines []string }

// Blank is an empty line; none at the top of a page.
type Blank struct{}

// Turn begins a new page, as an annex does; in a Form too.
type Turn struct{}

// Signature is the bureau's name over the date, with the place of the seal.
type Signature struct {
	Name string
	Day  string // empty: 年 月 日 for the pen
	Seal bool   // a ring of 42 mm shows where the seal goes
}

// Receipt is a ruled-off part at the end with lines to be filled by hand, e.g. 收件人签名：… kept together.
type Receipt struct {
	Title string
	Lines []string
}

// Measures of the prose page.
const (
	proseTop    = 37 * mm
	proseInner  = 28 * mm
	proseOuter  = 26 * mm
	proseWidth  = 156 * mm
	proseLines  = 22
	prosePitch  = 28.95
	proseHeight = proseLines * prosePitch
	sealRing    = 42 * mm
)

var (
	proseStyle = style{face: fonts.Song, size: 16, tracking: -0.207}
	headOne    = style{face: fonts.Hei, size: 16, tracking: -0.207}
	headTwo    = style{face: fonts.Kai, size: 16, tracking: -0.207}
	headline   = style{face: fonts.SongBold, size: 22}
	pageStyle  = style{face: fonts.Song, size: 14}
	sealStyle  = style{face: fonts.Kai, size: 9, tracking: 1}
)

// row is one line of a prose page, or something as high as several that isn't parted.
type row struct {
	height float64
	draw   func(s *sheet, x, y float64)
	keep   bool  // no page ends after it
	blank  bool  // left out at the top of a page
	title  bool  // a line of a heading
	turn   bool  // nothing but the turn of the page
	head   []row // drawn again above it at the top of a page
}

type proseSetter struct{ c *composer }

func (p Prose) compose(c *composer, doc Document) {
	set := &proseSetter{c: c}
	rows := set.opening(p, doc.Draft)
	tail := 2
	for i, b := range p.Blocks {
		flow := b.flow(set)
		if _, ok := b.(Contact); ok && i == len(p.Blocks)-1 {
			tail += len(flow) - 1 // its lines alone don't keep the signature company
		}
		rows = append(rows, flow...)
	}
	if p.Signature != nil || len(p.After) > 0 { // neither they nor what is signed instead begin a page alone
		rows = keepTail(rows, tail)
	}
	if p.Signature != nil {
		rows = append(rows, p.Signature.flow(set)...)
		if len(p.After) > 0 { // a receipt goes where the signature goes
			rows[len(rows)-1].keep = true
		}
	}
	for _, b := range p.After {
		rows = append(rows, b.flow(set)...)
	}
	c.paginate(rows)
	c.folios(doc)
}

// opening sets titles, number and addressee.
func (p *proseSetter) opening(doc Prose, draft bool) []row {
	var lines []line
	for _, title := range doc.Titles {
		lines = append(lines, p.c.balanced(title, headline, proseWidth)...)
	}
	const pitch = 36
	head := row{height: math.Ceil(float64(len(lines))*pitch/prosePitch) * prosePitch, keep: true}
	head.draw = func(s *sheet, x, y float64) {
		for _, ln := range lines {
			s.text(ln, x+(proseWidth-ln.width)/2, baseline(y, pitch, headline.size))
			y += pitch
		}
	}
	rows := []row{head}
	if number := doc.Number; number != "" || draft {
		gray := 0.0
		if number == "" {
			number, gray = unnumbered, 0.35
		}
		ln := p.c.single(number, proseStyle)
		rows = append(rows, row{height: prosePitch, keep: true, draw: func(s *sheet, x, y float64) {
			s.grayText(ln, x+(proseWidth-ln.width)/2, baseline(y, prosePitch, ln.style.size), gray)
		}})
	}
	rows = append(rows, row{height: prosePitch, blank: true, keep: true})
	if doc.Addressee != "" {
		for _, ln := range p.c.paragraph(doc.Addressee, proseStyle, proseWidth, 0) {
			r := textRow(ln, 0)
			r.keep = true
			rows = append(rows, r)
		}
	}
	return rows
}

// textRow is a line of text set at an offset from the margin.
func textRow(ln line, dx float64) row {
	return row{height: prosePitch, draw: func(s *sheet, x, y float64) {
		s.text(ln, x+dx, baseline(y, prosePitch, ln.style.size))
	}}
}

func (b Paragraph) flow(p *proseSetter) []row {
	var rows []row
	for _, part := range splitLines(b.Text) {
		var set []row
		if b.Align != Left {
			for _, ln := range p.c.ragged(part, proseStyle, proseWidth) {
				set = append(set, textRow(ln, b.Align.offset(ln.width, proseWidth, 0)))
			}
		} else {
			indent := 2 * (proseStyle.size + proseStyle.tracking)
			if b.Flush {
				indent = 0
			}
			for _, ln := range p.ruled(part, indent) {
				set = append(set, textRow(ln, 0))
			}
		}
		if n := len(set); n > 1 { // two lines at least before and after a turn of the page
			set[0].keep, set[n-2].keep = true, true
		}
		rows = append(rows, set...)
	}
	return rows
}

// ruled sets a paragraph; one that ends with a blank for the pen gets it to the end of the line.
func (p *proseSetter) ruled(text string, indent float64) []line {
	const blank = "＿"
	lines := p.c.paragraph(text, proseStyle, proseWidth, indent)
	for strings.HasSuffix(text, blank) {
		text += blank
		more := p.c.paragraph(text, proseStyle, proseWidth, indent)
		if len(more) > len(lines) {
			break
		}
		lines = more
	}
	return lines
}

func (b Subhead) flow(p *proseSetter) []row {
	st := headOne
	if b.Level == 2 {
		st = headTwo
	}
	var rows []row
	for _, ln := range p.c.paragraph(b.Text, st, proseWidth, 2*(st.size+st.tracking)) {
		r := textRow(ln, 0)
		r.keep, r.title = true, true
		rows = append(rows, r)
	}
	return rows
}

func (b Contact) flow(p *proseSetter) []row {
	indent := 2 * (proseStyle.size + proseStyle.tracking)
	rows := []row{{height: prosePitch / 2, blank: true, keep: true}}
	for _, text := range b.Lines {
		for _, ln := range p.c.ragged(text, proseStyle, proseWidth-indent) {
			r := textRow(ln, indent)
			r.keep = true
			rows = append(rows, r)
		}
	}
	rows[len(rows)-1].keep = false
	return rows
}

func (Blank) flow(*proseSetter) []row { return []row{{height: prosePitch, blank: true}} }

func (Turn) flow(*proseSetter) []row { return []row{{turn: true, blank: true}} }

func (t Table) flow(p *proseSetter) []row {
	if len(t.Columns) == 0 {
		return nil
	}
	g := p.c.grid(t, proseWidth)
	boxed := func(height float64, draw func(s *sheet, x, y, h float64)) row {
		return row{height: height, draw: func(s *sheet, x, y float64) {
			draw(s, x, y, height)
			s.frame(x, y, proseWidth, height, innerPen)
		}}
	}
	head := boxed(g.head())
	head.keep = true
	rows := []row{{height: 2 * mm, blank: true, keep: true}, head}
	for i, cells := range t.Rows {
		r := boxed(g.row(cells, smallStyle, 7.5*mm, g.align))
		r.head = []row{head}
		r.keep = i == 0 || t.Sums != nil && i >= len(t.Rows)-withSums
		rows = append(rows, r)
	}
	if t.Sums != nil {
		rows = append(rows, boxed(g.row(t.Sums, headStyle, 8*mm, g.align)))
	}
	return append(rows, row{height: 3 * mm, blank: true})
}

func (b Receipt) flow(p *proseSetter) []row {
	rows := []row{
		{height: prosePitch / 2, blank: true, keep: true},
		{height: 0.4 * prosePitch, keep: true, draw: func(s *sheet, x, y float64) { s.rule(x, y, proseWidth, 0, innerPen) }},
	}
	if b.Title != "" {
		ln := p.c.single(b.Title, headOne)
		rows = append(rows, row{height: prosePitch, keep: true, draw: func(s *sheet, x, y float64) {
			s.text(ln, x+(proseWidth-ln.width)/2, baseline(y, prosePitch, ln.style.size))
		}})
	}
	for _, text := range b.Lines {
		for _, ln := range p.c.ragged(text, proseStyle, proseWidth) {
			r := textRow(ln, 0)
			r.keep = true
			rows = append(rows, r)
		}
	}
	rows[len(rows)-1].keep = false
	return rows
}

// flow sets two blank lines, the name centred over the date, the date four characters from the right; all stay
// together, and with what stands before. A name that is longer than the line takes several.
func (g Signature) flow(p *proseSetter) []row {
	em := proseStyle.size + proseStyle.tracking
	day := g.Day
	if day == "" {
		day = "　　年　　月　　日"
	}
	date := p.c.single(day, proseStyle)
	names := p.c.balanced(g.Name, proseStyle, proseWidth-2*em)
	long := 0.0
	for _, ln := range names {
		long = max(long, ln.width)
	}
	dateX := proseWidth - 4*em - date.width
	middle := min(dateX+date.width/2, proseWidth-long/2)
	if g.Seal {
		dateX = middle - date.width/2
	}
	height := float64(len(names)+1) * prosePitch
	if g.Seal { // the ring reaches below the date, and stays clear of the foot of the page
		height += sealRing/2 - prosePitch
	}
	block := row{height: height, draw: func(s *sheet, x, y float64) {
		for _, ln := range names {
			s.text(ln, x+middle-ln.width/2, baseline(y, prosePitch, ln.style.size))
			y += prosePitch
		}
		s.text(date, x+dateX, baseline(y, prosePitch, date.style.size))
		if g.Seal {
			s.ring(x+middle, y, sealRing, 0.5, 0.7)
			word := p.c.single("盖章处", sealStyle)
			s.grayText(word, x+middle-word.width/2, baseline(y+prosePitch, 16, word.style.size), 0.6)
		}
	}}
	return []row{
		{height: prosePitch, blank: true, keep: true},
		{height: prosePitch, blank: true, keep: true},
		block,
	}
}

// keepTail makes the last n lines of text stay with what follows, and headings among them.
func keepTail(rows []row, n int) []row {
	for i := len(rows) - 1; i >= 0 && n > 0; i-- {
		rows[i].keep = true
		if !rows[i].blank && !rows[i].title {
			n--
		}
	}
	return rows
}

// paginate lays rows on pages: rows that keep together go to the next page together, unless they fill more than one.
func (c *composer) paginate(rows []row) {
	s, y, left := c.page(), 0.0, proseInner
	turn := func() {
		s, y, left = c.page(), 0, proseInner
		if len(c.sheets)%2 == 0 {
			left = proseOuter
		}
	}
	put := func(r row) {
		if r.draw != nil {
			r.draw(s, left, proseTop+y)
		}
		y += r.height
	}
	for i := 0; i < len(rows); {
		if rows[i].turn {
			if y > 0 {
				turn()
			}
			i++
			continue
		}
		n, height, solid := i, 0.0, 0.0 // the group, its height, its height without blanks at its end
		for {
			height += rows[n].height
			if !rows[n].blank {
				solid = height
			}
			n++
			if n == len(rows) || !rows[n-1].keep || rows[n].turn {
				break
			}
		}
		if y > 0 && y+solid > proseHeight+slack {
			if height <= proseHeight+slack {
				turn()
			} else { // higher than a page: as much as goes on this one
				n = i + 1
				if y+rows[i].height > proseHeight+slack {
					turn()
				}
			}
		}
		for ; i < n; i++ {
			r := rows[i]
			if y+r.height > proseHeight+slack && !r.blank {
				turn()
			}
			if y == 0 {
				if r.blank {
					continue
				}
				for _, h := range r.head {
					if len(c.sheets) > 1 {
						put(h)
					}
				}
			}
			put(r)
		}
	}
}

// folios writes the page number and the code under each prose page, the number one character from the outer edge.
func (c *composer) folios(doc Document) {
	code := doc.foot()
	y := proseTop + 225*mm + 7*mm
	for i, s := range c.sheets {
		number := c.single(fmt.Sprintf("— %d —", i+1), pageStyle)
		mark := c.single(code, footStyle)
		if i%2 == 0 {
			s.text(number, proseInner+proseWidth-pageStyle.size-number.width, baseline(y, pageStyle.size, pageStyle.size))
			s.text(mark, proseInner, baseline(y, pageStyle.size, footStyle.size))
			if doc.Check != "" && i == 0 {
				s.square(doc.Check, proseInner, y+pageStyle.size+1*mm)
			}
		} else {
			s.text(number, proseOuter+pageStyle.size, baseline(y, pageStyle.size, pageStyle.size))
			s.text(mark, proseOuter+proseWidth-mark.width, baseline(y, pageStyle.size, footStyle.size))
		}
	}
}
