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

// Row is one row of a Form: Fields, Long, Opinion, Table, Heading or Turn.
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
	height float64
	draw   func(s *sheet, y, height float64)
	split  func(room float64) (head, tail *strip) // parts a strip that is too high; nil, nil if no part fits
	repeat []strip                                // drawn again at the top of a page that begins with this strip
	keep   bool                                   // the next strip stands on the same sheet
	turn   bool                                   // no strip: what follows begins a sheet
}

func (Turn) strips(*formSetter) []strip { return []strip{{turn: true}} }

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
	if last, alone := f.set(c, doc, -1); alone {
		c.sheets = nil
		f.set(c, doc, last-1)
	}
	c.feet(doc)
}

// set lays the form's strips, beginning a new sheet before the strip numbered turn. It tells which strip stands
// last, and whether it is a low one that stands alone on the last of several sheets.
func (f Form) set(c *composer, doc Document, turn int) (last int, alone bool) {
	set := &formSetter{c: c, title: f.Title, num: f.Number, draft: doc.Draft}
	set.open()
	var strips []strip
	for _, row := range f.Rows {
		strips = append(strips, row.strips(set)...)
	}
	var notes []line
	for _, note := range f.Notes {
		notes = append(notes, c.paragraph(note, smallStyle, formWidth, 0)...)
	}
	last = len(strips) - 1
	for i, st := range strips {
		if (i == turn || st.turn) && set.y > set.top {
			set.turn(st.repeat)
		}
		if st.turn {
			continue
		}
		below := 0.0
		for j := i; j < last && strips[j].keep; j++ {
			next := strips[j+1]
			if head, _ := next.part(formLimit - set.y - st.height - below); head != nil {
				break // its first lines find room
			}
			below += next.height
		}
		if i == last && len(notes) > 0 {
			below = notesGap + float64(len(notes))*notesPitch
		}
		alone = set.place(st, below) && i == last && st.height < 25*mm
	}
	set.close()
	set.notes(notes)
	return last, alone && last > 0
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
	if f.y > f.top {
		f.s.rule(formLeft, f.y, formWidth, 0, innerPen)
	}
	st.draw(f.s, f.y, st.height)
	f.y += st.height
}

// place puts a strip, below which so much must find room too, where there is room: here, in parts, or on the next
// sheet. A strip that is higher than a whole sheet and can't be parted runs out of it at the bottom. It tells
// whether the strip went whole to a new sheet.
func (f *formSetter) place(st strip, below float64) (turned bool) {
	for f.y+st.height+below > formLimit+slack {
		head, tail := st.part(formLimit - f.y)
		switch {
		case head != nil:
			f.put(*head)
			st = *tail
			turned = false
		case f.fresh:
			below = 0
			if f.y+st.height > formLimit+slack {
				st.height = formLimit - f.y
			}
			continue
		default:
			turned = true
		}
		f.turn(st.repeat)
	}
	f.put(st)
	f.fresh = false
	return turned
}

const (
	notesGap   = 2 * mm
	notesPitch = 15.0
)

func (f *formSetter) notes(lines []line) {
	y := f.y + notesGap
	for _, ln := range lines {
		f.s.text(ln, formLeft, baseline(y, notesPitch, ln.style.size))
		y += notesPitch
	}
}

// feet writes the page's number and the code under each table page.
func (c *composer) feet(doc Document) {
	code := doc.foot()
	for i, s := range c.sheets {
		y := baseline(footMiddle, 0, footStyle.size)
		s.text(c.single(fmt.Sprintf("第%d页　共%d页", i+1, len(c.sheets)), footStyle), formLeft, y)
		ln, right := c.single(code, footStyle), formLeft+formWidth
		if doc.Check != "" && i == 0 {
			right -= squareSize
			s.square(doc.Check, right, footMiddle-1.5*mm)
			right -= 2 * mm
		}
		s.text(ln, right-ln.width, y)
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
