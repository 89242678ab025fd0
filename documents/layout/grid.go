package layout

// Table is a table of data inside a Form or Prose: a head that is repeated on each page, rows that are not
// parted, and a last row of sums.
type Table struct {
	Columns []Column
	Rows    [][]string
	Sums    []string // as many as columns, "" where there is none; nil: no such row
}

// Column is one column of a Table.
type Column struct {
	Title string
	Width float64 // mm; 0 shares what the others leave
	Align Align
}

// Heading is a row with words in its middle that parts a form into sections.
type Heading struct{ Text string }

const (
	gridPad   = 1.6 * mm
	gridPitch = 14.0
	withSums  = 3 // so many of the last rows go where the sums go
)

// gridSet is a table with its measures, ready to be drawn at any place of that width.
type gridSet struct {
	c      *composer
	widths []float64 // points
	table  Table
}

func (c *composer) grid(t Table, width float64) gridSet {
	g := gridSet{c: c, table: t, widths: make([]float64, len(t.Columns))}
	rest, free := width, 0
	for i, col := range t.Columns {
		g.widths[i] = col.Width * mm
		rest -= g.widths[i]
		if col.Width == 0 {
			free++
		}
	}
	for i, col := range t.Columns {
		switch {
		case free > 0 && col.Width == 0:
			g.widths[i] = rest / float64(free)
		case free == 0: // widths are shares then
			g.widths[i] *= width / (width - rest)
		}
	}
	return g
}

// row sets one row of cells; draw draws it at a place, with the rules between its cells.
func (g gridSet) row(texts []string, st style, least float64, align func(i int) Align) (height float64, draw func(s *sheet, x, y, h float64)) {
	cells := make([][]line, len(g.widths))
	height = least
	for i := range cells {
		if i < len(texts) {
			cells[i] = g.c.fitted(texts[i], st, g.widths[i]-2*gridPad)
		}
		height = max(height, float64(len(cells[i]))*gridPitch+2*mm)
	}
	return height, func(s *sheet, x, y, h float64) {
		for i, lines := range cells {
			if i > 0 {
				s.rule(x, y, 0, h, innerPen)
			}
			at := y + (h-float64(len(lines))*gridPitch)/2
			for _, ln := range lines {
				s.text(ln, x+align(i).offset(ln.width, g.widths[i], gridPad), baseline(at, gridPitch, ln.style.size))
				at += gridPitch
			}
			x += g.widths[i]
		}
	}
}

func (g gridSet) head() (float64, func(s *sheet, x, y, h float64)) {
	titles := make([]string, len(g.table.Columns))
	for i, col := range g.table.Columns {
		titles[i] = col.Title
	}
	return g.row(titles, headStyle, 8*mm, func(int) Align { return Center })
}

func (g gridSet) align(i int) Align { return g.table.Columns[i].Align }

var headStyle = style{face: labelStyle.face, size: 10.5}

func (r Table) strips(f *formSetter) []strip {
	if len(r.Columns) == 0 {
		return nil
	}
	g := f.c.grid(r, formWidth)
	at := func(height float64, draw func(s *sheet, x, y, h float64)) strip {
		return strip{height: height, draw: func(s *sheet, y, h float64) { draw(s, formLeft, y, h) }}
	}
	head := at(g.head())
	head.keep = true
	all := []strip{head}
	for i, row := range r.Rows {
		st := at(g.row(row, smallStyle, 7.5*mm, g.align))
		st.repeat = []strip{head}
		st.keep = r.Sums != nil && i >= len(r.Rows)-withSums
		all = append(all, st)
	}
	if r.Sums != nil {
		st := at(g.row(r.Sums, headStyle, 8*mm, g.align))
		st.repeat = []strip{head}
		all = append(all, st)
	}
	return all
}

func (r Heading) strips(f *formSetter) []strip {
	ln := f.c.single(r.Text, style{face: labelStyle.face, size: 12, tracking: 2})
	return []strip{{height: rowHeight, keep: true, draw: func(s *sheet, y, h float64) {
		s.text(ln, formLeft+(formWidth-ln.width)/2, baseline(y, h, ln.style.size))
	}}}
}
