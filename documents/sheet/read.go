// Package sheet reads and writes spreadsheets (.xlsx): what an office has kept in one comes in, what it wants in one goes
// out. A spreadsheet is hostile until it is read: its size, its rows and its cells have bounds, and what is wrong with it
// is told so that whoever made it can mend it.
package sheet

import (
	"archive/zip"
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"dossier/engine/refusal"
)

// The most that a spreadsheet may hold.
const (
	MaxFile     = 5 << 20  // bytes of the file
	maxUnpacked = 48 << 20 // bytes of what is in it
	maxParts    = 500      // files in it
	maxPages    = 20
	MaxRows     = 5_000 // of a page that are not blank, below its titles
	maxRowN     = 20_000
	maxColumns  = 300
	maxCell     = 20_000     // characters
	maxText     = 16_000_000 // bytes of all cells
)

// Book is a spreadsheet as it was read: the texts of its cells.
type Book struct {
	Pages []Page
	since int // the year from which it counts days: 1900 or 1904
}

// Page is one sheet with its rows that are not blank.
type Page struct {
	Name string
	Rows []Row
}

// Row is one row; N is its number as the spreadsheet program shows it, from 1.
type Row struct {
	N     int
	Cells []Cell
}

// Cell is one cell: its value as it is kept (a day is a number of days), and as it is shown. A formula stands for its value.
type Cell struct {
	Raw, Shown string
}

// at is the cell in a column, from 0; the empty cell beyond the last.
func (r Row) at(i int) Cell {
	if i < 0 || i >= len(r.Cells) {
		return Cell{}
	}
	return r.Cells[i]
}

// refuse is a fault of the file as a whole, of the field "file".
func refuse(why string, args refusal.Args) error {
	return &refusal.Error{Code: refusal.FieldInvalid, Fields: []refusal.FieldFault{{Path: "file", Code: refusal.FieldInvalid, Why: why, Args: args}}}
}

// Read reads a spreadsheet. What it refuses is an *engine.Error with code field-invalid and the path "file".
func Read(data []byte) (b *Book, err error) {
	defer func() {
		if recover() != nil { // what the library can't bear in a file that somebody made up
			b, err = nil, refuse("sheet.damaged", nil)
		}
	}()
	if err := inspect(data); err != nil {
		return nil, err
	}
	f, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{UnzipSizeLimit: maxUnpacked, UnzipXMLSizeLimit: maxUnpacked, ShortDatePattern: "yyyy-mm-dd"})
	if err != nil {
		return nil, refuse("sheet.damaged", nil)
	}
	defer f.Close()
	b = &Book{since: 1900}
	if p, err := f.GetWorkbookProps(); err == nil && p.Date1904 != nil && *p.Date1904 {
		b.since = 1904
	}
	room := maxText
	for i, name := range f.GetSheetList() {
		if i == maxPages {
			break
		}
		p, err := page(f, name, &room)
		if err != nil {
			return nil, err
		}
		b.Pages = append(b.Pages, p)
	}
	if len(b.Pages) == 0 {
		return nil, refuse("sheet.not-xlsx", nil)
	}
	return b, nil
}

// inspect looks at the outside of the file: what it is, and what it would unpack to.
func inspect(data []byte) error {
	switch {
	case len(data) == 0:
		return refuse("sheet.empty", nil)
	case len(data) > MaxFile:
		return refuse("sheet.too-big", refusal.Args{"max": strconv.Itoa(MaxFile >> 20)})
	case bytes.HasPrefix(data, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")): // the old format, or a new one inside a lock
		if bytes.Contains(data, []byte("E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e\x00")) {
			return refuse("sheet.encrypted", nil)
		}
		return refuse("sheet.old", nil)
	case !bytes.HasPrefix(data, []byte("PK")):
		return refuse("sheet.not-xlsx", nil)
	}
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return refuse("sheet.damaged", nil)
	}
	total, book := uint64(0), false
	for _, f := range z.File {
		if f.Flags&1 != 0 {
			return refuse("sheet.encrypted", nil)
		}
		if total += f.UncompressedSize64; total > maxUnpacked || f.UncompressedSize64 > maxUnpacked {
			return refuse("sheet.too-big", refusal.Args{"max": strconv.Itoa(MaxFile >> 20)})
		}
		book = book || strings.HasPrefix(strings.ToLower(f.Name), "xl/")
	}
	if len(z.File) > maxParts {
		return refuse("sheet.too-big", refusal.Args{"max": strconv.Itoa(MaxFile >> 20)})
	}
	if !book {
		return refuse("sheet.not-xlsx", nil)
	}
	return nil
}

// page reads one sheet, as a stream: no more of it is held than its cells. Room is how many bytes of text may still come.
func page(f *excelize.File, name string, room *int) (Page, error) {
	p := Page{Name: name}
	raw, err := f.Rows(name)
	if err != nil {
		return p, nil // a chart, or a sheet that is not there
	}
	defer raw.Close()
	shown, err := f.Rows(name)
	if err != nil {
		return p, nil
	}
	defer shown.Close()
	for n := 1; raw.Next() && shown.Next(); n++ {
		kept, err := raw.Columns(excelize.Options{RawCellValue: true})
		if err != nil {
			return p, refuse("sheet.damaged", nil)
		}
		seen, err := shown.Columns(excelize.Options{ShortDatePattern: "yyyy-mm-dd"})
		if err != nil {
			return p, refuse("sheet.damaged", nil)
		}
		r := Row{N: n}
		blank := true
		for i := range kept[:min(len(kept), maxColumns)] {
			c := Cell{Raw: tidy(kept[i])}
			if i < len(seen) {
				c.Shown = tidy(seen[i])
			}
			if utf8.RuneCountInString(c.Raw) > maxCell {
				return p, refuse("sheet.cell-long", refusal.Args{"cell": cellName(name, i, n), "max": strconv.Itoa(maxCell)})
			}
			if *room -= len(c.Raw) + len(c.Shown); *room < 0 {
				return p, refuse("sheet.too-big", refusal.Args{"max": strconv.Itoa(MaxFile >> 20)})
			}
			blank = blank && c.Raw == ""
			r.Cells = append(r.Cells, c)
		}
		switch {
		case !blank && (len(p.Rows) > MaxRows || n > maxRowN):
			return p, refuse("sheet.too-many-rows", refusal.Args{"sheet": name, "max": strconv.Itoa(MaxRows)})
		case !blank:
			p.Rows = append(p.Rows, r)
		case n > maxRowN+MaxRows: // nothing but blanks for a long time
			return p, nil
		}
	}
	if raw.Error() != nil {
		return p, refuse("sheet.damaged", nil)
	}
	return p, nil
}

// cellName is a cell as people find it: 案件!C7.
func cellName(page string, column, row int) string {
	name, err := excelize.CoordinatesToCellName(column+1, row)
	if err != nil {
		name = fmt.Sprint(row)
	}
	return page + "!" + name
}
