package sheet

import (
	"bytes"
	"errors"
	"strconv"
	"testing"
)

// A streamed sheet reads back as it was written, whatever its texts begin with, and a fault on the way ends it.
func TestStream(t *testing.T) {
	columns := []Column{{Title: "名称"}, {Title: "日期", Kind: DayColumn}, {Title: "金额", Kind: MoneyColumn}}
	var b bytes.Buffer
	err := Stream(&b, "台账", columns, func(row func([]string) error) error {
		for i := range 3000 {
			if err := row([]string{"=1+" + strconv.Itoa(i), "2026-03-02", "12.50"}); err != nil {
				return err
			}
		}
		return row([]string{"@x"})
	})
	if err != nil {
		t.Fatal(err)
	}
	book, err := Read(b.Bytes())
	if err != nil || len(book.Pages) != 1 || len(book.Pages[0].Rows) != 3002 {
		t.Fatalf("%v", err)
	}
	rows := book.Pages[0].Rows
	if c := rows[1].Cells; c[0].Raw != "=1+0" || len(c) != 3 {
		t.Errorf("%+v", c)
	}
	if c := rows[3001].Cells; c[0].Raw != "@x" {
		t.Errorf("%+v", c)
	}
	fault := errors.New("the store is gone")
	if err := Stream(&b, "台账", columns, func(func([]string) error) error { return fault }); !errors.Is(err, fault) {
		t.Errorf("%v", err)
	}
}
