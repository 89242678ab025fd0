package sheet

import (
	"bytes"
	"strconv"

	"github.com/xuri/excelize/v2"
)

// Kind says how a column is written.
type Kind int

const (
	TextColumn   Kind = iota
	DayColumn         // 2026-03-02
	MoneyColumn       // yuan with two decimals, as a number
	NumberColumn      // a whole number
)

// Grid is one sheet to be written: a row of titles that stays in sight, and rows of texts below it.
type Grid struct {
	Name    string
	Columns []Column
	Rows    [][]string
	Blank   int // rows below that are ready to be filled in, with their lists
	Still   int // columns that stay in sight
	Wrap    bool
}

// Column is one column of a grid.
type Column struct {
	Title   string
	Kind    Kind
	Width   float64  // characters; 0: 14
	Options []string // a list to choose from
	Must    bool     // its title stands out
	Note    string   // shown beside the cell that is being filled
}

// lists is the hidden sheet on which the lists to choose from stand.
const lists = "选项"

// Write makes a spreadsheet. Every text is written as text: what begins with = + - or @ is no formula.
func Write(grids ...Grid) ([]byte, error) {
	f := excelize.NewFile()
	defer f.Close()
	if err := f.SetDefaultFont("宋体"); err != nil {
		return nil, err
	}
	w := &writer{f: f, styles: map[Kind]int{}}
	for i, g := range grids {
		if i == 0 {
			if err := f.SetSheetName("Sheet1", g.Name); err != nil {
				return nil, err
			}
		} else if _, err := f.NewSheet(g.Name); err != nil {
			return nil, err
		}
		if err := w.grid(g); err != nil {
			return nil, err
		}
	}
	f.SetActiveSheet(0)
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

type writer struct {
	f      *excelize.File
	styles map[Kind]int
	listed int // columns of the sheet of lists
}

func (w *writer) grid(g Grid) error {
	head, err := w.heads()
	if err != nil {
		return err
	}
	for i, c := range g.Columns {
		name, err := excelize.ColumnNumberToName(i + 1)
		if err != nil {
			return err
		}
		style, err := w.style(c.Kind, g.Wrap)
		if err != nil {
			return err
		}
		if err := w.f.SetColStyle(g.Name, name, style); err != nil {
			return err
		}
		width := c.Width
		if width == 0 {
			width = 14
		}
		if err := w.f.SetColWidth(g.Name, name, name, width); err != nil {
			return err
		}
		at := name + "1"
		if err := w.f.SetCellStr(g.Name, at, c.Title); err != nil {
			return err
		}
		look := head[0]
		if c.Must {
			look = head[1]
		}
		if err := w.f.SetCellStyle(g.Name, at, at, look); err != nil {
			return err
		}
		if err := w.choices(g, name, c); err != nil {
			return err
		}
	}
	for r, row := range g.Rows {
		for i, text := range row {
			if i < len(g.Columns) && text != "" {
				if err := w.cell(g.Name, i+1, r+2, g.Columns[i].Kind, text); err != nil {
					return err
				}
			}
		}
	}
	if err := w.f.SetRowHeight(g.Name, 1, 32); err != nil {
		return err
	}
	corner, err := excelize.CoordinatesToCellName(g.Still+1, 2)
	if err != nil {
		return err
	}
	return w.f.SetPanes(g.Name, &excelize.Panes{Freeze: true, XSplit: g.Still, YSplit: 1, TopLeftCell: corner, ActivePane: pane(g.Still)})
}

func pane(still int) string {
	if still == 0 {
		return "bottomLeft"
	}
	return "bottomRight"
}

// cell writes one cell by the kind of its column.
func (w *writer) cell(sheet string, column, row int, k Kind, text string) error {
	at, err := excelize.CoordinatesToCellName(column, row)
	if err != nil {
		return err
	}
	switch k {
	case MoneyColumn, NumberColumn:
		if n, err := strconv.ParseFloat(text, 64); err == nil {
			return w.f.SetCellFloat(sheet, at, n, -1, 64)
		}
	case DayColumn:
		if d, ok := dayOf(text); ok {
			return w.f.SetCellInt(sheet, at, int64(d-firstDay))
		}
	}
	return w.f.SetCellStr(sheet, at, text)
}

// choices offers a column's list, and says what is meant, in the cells that are to be filled in.
func (w *writer) choices(g Grid, name string, c Column) error {
	if g.Blank == 0 || len(c.Options) == 0 && c.Note == "" {
		return nil
	}
	v := excelize.NewDataValidation(true)
	v.SetSqref(name + "2:" + name + strconv.Itoa(g.Blank+1))
	if len(c.Options) > 0 {
		ref, err := w.list(c.Options)
		if err != nil {
			return err
		}
		v.SetSqrefDropList(ref)
		v.SetError(excelize.DataValidationErrorStyleStop, "请从列表中选择", "这一列只能填列表里的内容。")
	}
	if c.Note != "" {
		v.SetInput(cut(c.Title, 32), cut(c.Note, 250))
	}
	return w.f.AddDataValidation(g.Name, v)
}

// list keeps a list on its own sheet, and gives its address.
func (w *writer) list(options []string) (string, error) {
	if w.listed == 0 {
		if _, err := w.f.NewSheet(lists); err != nil {
			return "", err
		}
		if err := w.f.SetSheetVisible(lists, false); err != nil {
			return "", err
		}
	}
	w.listed++
	name, err := excelize.ColumnNumberToName(w.listed)
	if err != nil {
		return "", err
	}
	for i, o := range options {
		if err := w.f.SetCellStr(lists, name+strconv.Itoa(i+1), o); err != nil {
			return "", err
		}
	}
	return "'" + lists + "'!$" + name + "$1:$" + name + "$" + strconv.Itoa(len(options)), nil
}

// heads are the looks of titles: of a column that may be left open, and of one that must be filled in.
func (w *writer) heads() ([2]int, error) {
	var out [2]int
	for i, colour := range [2]string{"E4E8EF", "FFE3A8"} {
		style, err := w.f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true, Family: "宋体", Size: 11},
			Fill:      excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{colour}},
			Alignment: &excelize.Alignment{WrapText: true, Vertical: "center"},
			Border:    []excelize.Border{{Type: "bottom", Color: "8B94A6", Style: 1}, {Type: "right", Color: "C9CFDA", Style: 1}}})
		if err != nil {
			return out, err
		}
		out[i] = style
	}
	return out, nil
}

func (w *writer) style(k Kind, wrap bool) (int, error) {
	key := k
	if wrap {
		key += 100
	}
	if s, ok := w.styles[key]; ok {
		return s, nil
	}
	style := excelize.Style{NumFmt: 49, Alignment: &excelize.Alignment{Vertical: "top", WrapText: wrap}} // 49: text
	day := "yyyy-mm-dd"
	switch k {
	case DayColumn:
		style.NumFmt, style.CustomNumFmt = 0, &day
	case MoneyColumn:
		style.NumFmt = 4 // 18,600.00
	case NumberColumn:
		style.NumFmt = 1
	}
	s, err := w.f.NewStyle(&style)
	w.styles[key] = s
	return s, err
}

// cut is the beginning of a text, at most n characters.
func cut(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}
