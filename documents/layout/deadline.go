package layout

import (
	"fmt"
	"time"

	"dossier/documents/fonts"
)

// DeadlineSheet shows how a due date was found (期限计算表): the clock, its segments with what they rest on, and a
// calendar in which each day is counted or not. Each kind of day has a word or a number beside its shade, so that
// it reads in black and white.
type DeadlineSheet struct {
	Title    string
	Number   string
	Head     [][2]Fact // rows of two
	Segments []Segment
	Total    Total
	Months   []Month
	Legend   []Sample
	Notes    []string
	Signs    []Fact // 制表, 复核: name by the record
	Day      string
}

// Fact is a label and its value; a strong value is set bold.
type Fact struct {
	Label, Value string
	Strong       bool
}

// Segment is a stretch of days that are counted, or not, under one rule.
type Segment struct {
	Name, Span       string // 立案调查; 1月13日 至 2月10日
	Counted, Skipped string // days, "—" for none
	Basis, Paper     string // the article; the approving document; lines are kept
}

// Total is the row under the segments.
type Total struct {
	Unit, Counted, Skipped string
	Sum, Result            string // 21 + 39 = 60, set bold; ，5月13日届满
}

// Month is one month's calendar; Days holds all of its days from the first.
type Month struct {
	Year, Month int
	Note        string // at the right of its name: 计14日
	Days        []Day
}

// Shade is what kind of day it is.
type Shade uint8

const (
	Plain     Shade = iota // outside the period: only its number, gray
	Counted                // with its count
	Rest                   // weekend: 休
	Holiday                // 假
	Suspended              // hatched: 停 and which
)

// Day is one cell of a calendar.
type Day struct {
	Shade  Shade
	Word   string // in the lower right corner: the count, 休, 假, 停3, 立案
	Extra  bool   // a make-up working day: 班 in the upper right corner
	Boxed  bool   // a key day: the start, a suspension, a resumption
	Due    bool   // the due day: white on black
	Number string // instead of the day's own number; for the legend
}

// Sample is one line of the legend.
type Sample struct {
	Day  Day
	Text string
}

const (
	monthWidth  = 7 * cellWidth
	cellWidth   = 7.1 * mm
	cellHeight  = 7.6 * mm
	weekHead    = 4.6 * mm
	monthHead   = 5.6 * mm
	legendPitch = 6.5 * mm
	thickPen    = 1.5
)

var (
	factLabel  = style{face: fonts.Hei, size: 10.5}
	factValue  = style{face: fonts.Song, size: 10.5}
	factStrong = style{face: fonts.SongBold, size: 10.5}
	segStyle   = style{face: fonts.Song, size: 10}
	segStrong  = style{face: fonts.SongBold, size: 10.5}
	segHead    = style{face: fonts.Hei, size: 10}
	monthStyle = style{face: fonts.HeiBold, size: 10.5}
	dayStyle   = style{face: fonts.Hei, size: 7}
	countStyle = style{face: fonts.HeiBold, size: 10}
	wordStyle  = style{face: fonts.Hei, size: 8}
	extraStyle = style{face: fonts.HeiBold, size: 6}
	weekStyle  = style{face: fonts.Hei, size: 7.5}
	lineStyle  = style{face: fonts.Song, size: 9}
)

func (d DeadlineSheet) compose(c *composer, doc Document) {
	f := &formSetter{c: c, title: d.Title, num: d.Number, draft: doc.Draft}
	f.open()
	d.head(f)
	f.y += 3.5 * mm
	d.segments(f)
	f.y += 4 * mm
	d.calendar(f)
	d.foot(f)
	c.feet(doc)
}

// head draws the facts, two in a row.
func (d DeadlineSheet) head(f *formSetter) {
	const label, value = 22 * mm, 56 * mm
	top := f.y
	for i, pair := range d.Head {
		h := 7.5 * mm
		var values [2][]line
		for j, fact := range pair {
			st := factValue
			if fact.Strong {
				st = factStrong
			}
			values[j] = f.c.wrap(fact.Value, st, value-4*mm)
			h = max(h, float64(len(values[j]))*14+2*mm)
		}
		if i > 0 {
			f.s.rule(formLeft, f.y, formWidth, 0, innerPen)
		}
		for j, fact := range pair {
			x := formLeft + float64(j)*(label+value)
			if j > 0 {
				f.s.rule(x, f.y, 0, h, innerPen)
			}
			f.s.rule(x+label, f.y, 0, h, innerPen)
			name := f.c.spread(fact.Label, factLabel, min(4*factLabel.size, label-4*mm))
			f.s.text(name, x+(label-name.width)/2, baseline(f.y, h, factLabel.size))
			f.stack(values[j], x+label, f.y, value, h, 14, Left, 2.5*mm)
		}
		f.y += h
	}
	if f.y > top {
		f.s.frame(formLeft, top, formWidth, f.y-top, outerPen)
	}
}

// stack draws lines in the middle of a box's height.
func (f *formSetter) stack(lines []line, x, y, w, h, pitch float64, align Align, pad float64) {
	y += (h - float64(len(lines))*pitch) / 2
	for _, ln := range lines {
		f.s.text(ln, x+align.offset(ln.width, w, pad), baseline(y, pitch, ln.style.size))
		y += pitch
	}
}

var (
	segmentWidths = []float64{20 * mm, 36 * mm, 10 * mm, 10 * mm, 34 * mm, 46 * mm}
	segmentTitles = []string{"阶　段", "起止日期", "计入", "不计", "依　据", "批准文书"}
	segmentAlign  = []Align{Center, Center, Center, Center, Left, Left}
)

// segments draws the table of segments, parted over pages between rows, and its sum.
func (d DeadlineSheet) segments(f *formSetter) {
	top := f.y
	row := func(h float64, texts []string, widths []float64, st func(i int) style, align func(i int) Align) {
		cells := make([][]line, len(texts))
		for i, text := range texts {
			cells[i] = f.c.wrap(text, st(i), widths[i]-2.4*mm)
			h = max(h, float64(len(cells[i]))*13+1.4*mm)
		}
		if f.y+h > formLimit {
			f.s.frame(formLeft, top, formWidth, f.y-top, outerPen)
			f.open()
			top = f.y
		}
		x := formLeft
		for i, lines := range cells {
			if i > 0 {
				f.s.rule(x, f.y, 0, h, innerPen)
			}
			f.stack(lines, x, f.y, widths[i], h, 13, align(i), 1.6*mm)
			x += widths[i]
		}
		f.y += h
	}
	centred := func(int) Align { return Center }
	row(7.6*mm, segmentTitles, segmentWidths, func(int) style { return segHead }, centred)
	for _, s := range d.Segments {
		f.s.rule(formLeft, f.y, formWidth, 0, innerPen)
		row(10.6*mm, []string{s.Name, s.Span, s.Counted, s.Skipped, s.Basis, s.Paper}, segmentWidths,
			func(i int) style {
				if i == 0 {
					return segHead
				}
				return segStyle
			}, func(i int) Align { return segmentAlign[i] })
	}
	f.s.rule(formLeft, f.y, formWidth, 0, thickPen)
	t := d.Total
	y := f.y
	row(8*mm, []string{"合　计", t.Unit, t.Counted, t.Skipped, ""}, []float64{20 * mm, 36 * mm, 10 * mm, 10 * mm, 80 * mm},
		func(i int) style {
			switch i {
			case 0:
				return segHead
			case 2:
				return segStrong
			}
			return segStyle
		}, centred)
	if f.y > y { // the sum and what it means, one behind the other
		sum, result := f.c.single(t.Sum, segStrong), f.c.single(t.Result, segStyle)
		x := formLeft + 76*mm + (80*mm-sum.width-result.width)/2
		f.s.text(sum, x, baseline(f.y-8*mm, 8*mm, segStrong.size))
		f.s.text(result, x+sum.width, baseline(f.y-8*mm, 8*mm, segStyle.size))
	}
	f.s.frame(formLeft, top, formWidth, f.y-top, outerPen)
}

// calendar draws the months three across, the legend in the place after the last.
func (d DeadlineSheet) calendar(f *formSetter) {
	const step = (formWidth - monthWidth) / 2
	blocks := len(d.Months)
	if len(d.Legend) > 0 {
		blocks++
	}
	for from := 0; from < blocks; from += 3 {
		height := 0.0
		for i := from; i < min(from+3, blocks); i++ {
			if i < len(d.Months) {
				height = max(height, d.Months[i].height())
			} else {
				height = max(height, monthHead+float64(len(d.Legend))*legendPitch)
			}
		}
		if f.y+height > formLimit {
			f.open()
		}
		for i := from; i < min(from+3, blocks); i++ {
			x := formLeft + float64(i-from)*step
			if i < len(d.Months) {
				f.month(d.Months[i], x, f.y)
			} else {
				f.legend(d.Legend, x, f.y)
			}
		}
		f.y += height + 3.5*mm
	}
}

// lead is how many cells stand empty before the first of the month; weeks begin on Monday.
func (m Month) lead() int {
	return (int(time.Date(m.Year, time.Month(m.Month), 1, 0, 0, 0, 0, time.UTC).Weekday()) + 6) % 7
}

func (m Month) weeks() int { return (m.lead() + len(m.Days) + 6) / 7 }

func (m Month) height() float64 { return monthHead + weekHead + float64(m.weeks())*cellHeight }

func (f *formSetter) month(m Month, x, y float64) {
	name := f.c.single(fmt.Sprintf("%d年%d月", m.Year, m.Month), monthStyle)
	note := f.c.single(m.Note, lineStyle)
	f.s.text(name, x, baseline(y, monthHead-1*mm, monthStyle.size))
	f.s.text(note, x+monthWidth-note.width, baseline(y, monthHead-1*mm, lineStyle.size))
	top := y + monthHead
	for i, r := range "一二三四五六日" {
		ln := f.c.single(string(r), weekStyle)
		cx := x + float64(i/3)*cellWidth // three bytes a character
		f.s.text(ln, cx+(cellWidth-ln.width)/2, baseline(top, weekHead, weekStyle.size))
		if i > 0 {
			f.s.grayRule(cx, top, 0, weekHead, 0.4, 0.5)
		}
	}
	body := top + weekHead
	var later, boxes []mark // lines lie over shades, boxes over their neighbours' lines
	for i, day := range m.Days {
		at := m.lead() + i
		cx, cy := x+float64(at%7)*cellWidth, body+float64(at/7)*cellHeight
		number := day.Number
		if number == "" {
			number = fmt.Sprint(i + 1)
		}
		f.day(day, number, cx, cy, cellHeight)
		later = append(later, mark{kind: markRule, x: cx + cellWidth, y: cy, h: cellHeight, pen: 0.4, gray: 0.6},
			mark{kind: markRule, x: cx, y: cy + cellHeight, w: cellWidth, pen: 0.4, gray: 0.6})
		if day.Boxed && !day.Due {
			boxes = append(boxes, box(cx, cy, cellHeight))
		}
	}
	f.s.marks = append(f.s.marks, later...)
	f.s.rule(x, body, monthWidth, 0, innerPen)
	f.s.frame(x, top, monthWidth, m.height()-monthHead, 0.9)
	f.s.marks = append(f.s.marks, boxes...)
}

// box is the thick frame inside a key day's cell.
func box(x, y, h float64) mark {
	return mark{kind: markFrame, x: x + 0.6, y: y + 0.6, w: cellWidth - 1.2, h: h - 1.2, pen: thickPen}
}

// day draws a cell's shade and words.
func (f *formSetter) day(d Day, number string, x, y, h float64) {
	ink, faint := 0.0, 0.0
	switch {
	case d.Due:
		f.s.fill(x, y, cellWidth, h, 0)
		ink, faint = 1, 1
	case d.Shade == Rest:
		f.s.fill(x, y, cellWidth, h, 0.93)
		ink, faint = 0.35, 0.25
	case d.Shade == Holiday:
		f.s.fill(x, y, cellWidth, h, 0.8)
	case d.Shade == Suspended:
		f.s.hatch(x, y, cellWidth, h)
	case d.Shade == Plain && !d.Boxed:
		ink, faint = 0.65, 0.65
	}
	f.s.grayText(f.c.single(number, dayStyle), x+0.9*mm, baseline(y+0.5*mm, 8, dayStyle.size), faint)
	if d.Extra {
		ln := f.c.single("班", extraStyle)
		at := x + cellWidth - 0.8*mm - ln.width
		if number == "" { // in the legend, whose cells are low
			at = x + 0.9*mm
		}
		f.s.grayText(ln, at, baseline(y+0.5*mm, 8, extraStyle.size), ink)
	}
	st := wordStyle
	if d.Shade == Counted || d.Due {
		st = countStyle
	}
	ln := f.c.single(d.Word, st)
	if ln.width > cellWidth-1.2*mm {
		st = dayStyle
		ln = f.c.single(d.Word, st)
	}
	f.s.grayText(ln, x+cellWidth-0.9*mm-ln.width, y+h-1.3*mm, ink)
}

func (f *formSetter) legend(samples []Sample, x, y float64) {
	f.s.text(f.c.single("图　例", monthStyle), x, baseline(y, monthHead-1*mm, monthStyle.size))
	y += monthHead
	const h = legendPitch - 0.6*mm
	for _, s := range samples {
		f.day(s.Day, s.Day.Number, x, y, h)
		f.s.frame(x, y, cellWidth, h, 0.7)
		if s.Day.Boxed {
			f.s.marks = append(f.s.marks, box(x, y, h))
		}
		f.s.text(f.c.single(s.Text, lineStyle), x+cellWidth+2.5*mm, baseline(y, h, lineStyle.size))
		y += legendPitch
	}
}

// foot writes the notes and who made and checked the sheet.
func (d DeadlineSheet) foot(f *formSetter) {
	var lines []line
	for _, note := range d.Notes {
		lines = append(lines, f.c.paragraph(note, lineStyle, formWidth, 0)...)
	}
	const pitch, signs = 13.5, 10 * mm
	if f.y+float64(len(lines))*pitch+signs > formLimit {
		f.open()
	}
	for _, ln := range lines {
		f.s.text(ln, formLeft, baseline(f.y, pitch, lineStyle.size))
		f.y += pitch
	}
	f.y += 2 * mm
	base := baseline(f.y, 16, 10.5)
	for i, sign := range d.Signs {
		x := formLeft + float64(i)*65*mm
		word := f.c.single(sign.Label, factValue)
		f.s.text(word, x, base)
		f.s.text(f.c.single(sign.Value, signedStyle), x+word.width+4*mm, base)
	}
	day := f.c.single(d.Day, factValue)
	f.s.text(day, formLeft+formWidth-day.width, base)
}
