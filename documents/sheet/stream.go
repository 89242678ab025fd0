package sheet

import (
	"io"
	"strconv"

	"github.com/xuri/excelize/v2"
)

// Stream writes one sheet of any length row by row: what is written leaves memory, so that a ledger of a hundred thousand
// rows takes no more of it than a short one. rows is called with the function that takes a row; its error ends the sheet.
// Every text is written as text: what begins with = + - or @ is no formula.
func Stream(out io.Writer, name string, columns []Column, rows func(row func(cells []string) error) error) (err error) {
	f := excelize.NewFile()
	defer f.Close()
	if err := f.SetDefaultFont("宋体"); err != nil {
		return err
	}
	if err := f.SetSheetName("Sheet1", name); err != nil {
		return err
	}
	w := &writer{f: f, styles: map[Kind]int{}}
	head, err := w.heads()
	if err != nil {
		return err
	}
	s, err := f.NewStreamWriter(name)
	if err != nil {
		return err
	}
	styles, titles := make([]int, len(columns)), make([]any, len(columns))
	for i, c := range columns {
		if styles[i], err = w.style(c.Kind, false); err != nil {
			return err
		}
		width := c.Width
		if width == 0 {
			width = 14
		}
		if err := s.SetColWidth(i+1, i+1, width); err != nil {
			return err
		}
		titles[i] = excelize.Cell{StyleID: head[0], Value: c.Title}
	}
	if err := s.SetPanes(&excelize.Panes{Freeze: true, XSplit: 1, YSplit: 1, TopLeftCell: "B2", ActivePane: pane(1)}); err != nil {
		return err
	}
	if err := s.SetRow("A1", titles, excelize.RowOpts{Height: 32}); err != nil {
		return err
	}
	n := 1
	if err := rows(func(cells []string) error {
		n++
		row := make([]any, len(columns))
		for i := range columns {
			if i < len(cells) && cells[i] != "" {
				row[i] = excelize.Cell{StyleID: styles[i], Value: columns[i].Kind.value(cells[i])}
			}
		}
		return s.SetRow("A"+strconv.Itoa(n), row)
	}); err != nil {
		return err
	}
	if err := s.Flush(); err != nil {
		return err
	}
	return f.Write(out)
}

// value is a cell as its kind is kept: a number, a day as one, else the text itself.
func (k Kind) value(text string) any {
	switch k {
	case MoneyColumn, NumberColumn:
		if n, err := strconv.ParseFloat(text, 64); err == nil {
			return n
		}
	case DayColumn:
		if d, ok := dayOf(text); ok {
			return int64(d - firstDay)
		}
	}
	return text
}
