package layout

import (
	"fmt"
	"strings"

	"dossier/documents/fonts"
)

// Form is a table page: a title, a number, one frame of rows, notes under it. It goes on over as many pages as it
// needs, each with the title, （续） after it from the second, and the number.
type Form struct {
	Title  string
	Number string // as printed at the upper right, with its words: 任人社监立〔2026〕19号
	Rows   []Row
	Notes  []string // small, under the frame: how many copies, who keeps them
}

// Row is one row of a Form: Fields, Long, Opinion, Table or Heading.
type Row interface {
	strips(f *formSetter) []strip
}

// Measures of the table page.
const (
	formLeft   = 28 * mm
	formWidth  = 156 * mm
	formTop    = 22 * mm
	formLimit  = 272 * mm // where the frame ends at the latest
	footMiddle = 277 * mm
	labelWidth = 25 * mm
	outerPen   = 1.5
	innerPen   = 0.7
	rowHeight  = 8.5 * mm
	sidePad    = 3 * mm
)

var (
	titleStyle  = style{face: fonts.SongBold, size: 22, tracking: 1}
	numberStyle = style{face: fonts.Song, size: 12}
	valueStyle  = style{face: fonts.Song, size: 12}
	smallStyle  = style{face: fonts.Song, size: 10.5}
	labelStyle  = style{face: fonts.Hei, size: 12}
	noteStyle   = style{face: fonts.Hei, size: 10}
	footStyle   = style{face: fonts.Song, size: 9}
	signedStyle = style{face: fonts.Kai, size: 9}
)

// strip is a part of a row that is never broken over pages.
type strip struct {
	height  float64
	draw    func(s *sheet, y, height float64)
	split   func(room float64) (head, tail *strip) // parts a strip that is too high; nil, nil if no part fits
	repeat  []strip                                // drawn again at the top of a page that begins with this strip
	follows bool                                   // no rule between this strip and the one above
}

// part parts the strip so that its head fits the room; nil, nil if that can't be done.
func (s strip) part(room float64) (head, tail *strip) {
	if s.split == nil {
		return nil, nil
	}
	return s.split(room)
}

// formSetter lays strips on sheets.
type formSetter struct {
	c     *composer
	title string
	num   string
	draft bool
	s     *sheet
	top   float64 // of the frame on this sheet
	y     float64
	fresh bool // nothing but repeated heads stands on this sheet
}

func (f Form) compose(c *composer, doc Document) {
	set := &formSetter{c: c, title: f.Title, num: f.Number, draft: doc.Draft}
	set.open()
	for _, row := range f.Rows {
		for _, st := range row.strips(set) {
			set.place(st)
		}
	}
	set.close()
	set.notes(f.Notes)
	c.feet(doc)
}

// open begins a sheet with the title and the number.
func (f *formSetter) open() {
	title := f.title
	if len(f.c.sheets) > 0 {
		title += "（续）"
	}
	f.s = f.c.page()
	y := formTop
	for _, ln := range f.c.balanced(title, titleStyle, formWidth) {
		f.s.text(ln, formLeft+(formWidth-ln.width)/2, baseline(y, 30, titleStyle.size))
		y += 30
	}
	y += 2.5 * mm
	if num, gray := f.num, 0.0; num != "" || f.draft {
		if f.draft && num == "" {
			num, gray = unnumbered, 0.35
		}
		ln := f.c.single(num, numberStyle)
		f.s.grayText(ln, formLeft+formWidth-ln.width, baseline(y, 16, numberStyle.size), gray)
		y += 16 + 2*mm
	}
	f.top, f.y, f.fresh = y, y, true
}

// close draws the frame around what stands on the sheet.
func (f *formSetter) close() {
	if f.y > f.top {
		f.s.frame(formLeft, f.top, formWidth, f.y-f.top, outerPen)
	}
}

func (f *formSetter) turn(repeat []strip) {
	f.close()
	f.open()
	for _, st := range repeat {
		f.put(st)
	}
}

func (f *formSetter) put(st strip) {
	if f.y > f.top && !st.follows {
		f.s.rule(formLeft, f.y, formWidth, 0, innerPen)
	}
	st.draw(f.s, f.y, st.height)
	f.y += st.height
}

// place puts a strip where there is room for it: here, in parts, or on the next sheet. A strip that is higher
// than a whole sheet and can't be parted runs out of it at the bottom.
func (f *formSetter) place(st strip) {
	for f.y+st.height > formLimit+slack {
		if head, tail := st.part(formLimit - f.y); head != nil {
			f.put(*head)
			st = *tail
		} else if f.fresh {
			break
		}
		f.turn(st.repeat)
	}
	f.put(st)
	f.fresh = false
}

func (f *formSetter) notes(notes []string) {
	y := f.y + 2*mm
	for _, note := range notes {
		for _, ln := range f.c.paragraph(note, smallStyle, formWidth, 0) {
			if y+15 > formLimit+slack {
				f.open()
				y = f.y
			}
			f.s.text(ln, formLeft, baseline(y, 15, smallStyle.size))
			y += 15
		}
	}
}

// feet writes the page's number and the code under each table page.
func (c *composer) feet(doc Document) {
	code := "凭据码　" + doc.Code
	if doc.Draft {
		code = "草稿，未签发，无凭据码"
	} else if doc.Code == "" {
		code = ""
	}
	for i, s := range c.sheets {
		y := baseline(footMiddle, 0, footStyle.size)
		s.text(c.single(fmt.Sprintf("第%d页　共%d页", i+1, len(c.sheets)), footStyle), formLeft, y)
		ln := c.single(code, footStyle)
		s.text(ln, formLeft+formWidth-ln.width, y)
	}
}

// balanced sets a title in as few lines as hold it, all about as long.
func (c *composer) balanced(text string, st style, width float64) []line {
	list := c.atoms(text, st)
	whole := measure(list, st)
	if whole <= width+slack {
		return []line{set(list, st, 0, 0)}
	}
	n := int(whole/width) + 1
	lines := c.ragged(text, st, whole/float64(n)+st.size)
	if len(lines) > n {
		lines = c.ragged(text, st, width)
	}
	return lines
}

// ragged sets a text in lines that are not justified.
func (c *composer) ragged(text string, st style, width float64) []line {
	var lines []line
	for _, part := range strings.Split(text, "\n") {
		list := c.atoms(part, st)
		for first := true; first || len(list) > 0; first = false {
			n := fit(list, st, width)
			row := trim(list[:n])
			if measure(row, st) > width+slack {
				row = halveEnd(row, st)
			}
			lines = append(lines, set(row, st, 0, 0))
			list = list[n:]
		}
	}
	return lines
}
