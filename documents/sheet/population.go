package sheet

import (
	"slices"
	"strconv"

	"dossier/engine/draw"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
	"dossier/engine/typed"
)

// The columns of a list of who may be checked, for a random selection.
var population = []Column{
	{Title: "编号", Must: true, Width: 22, Note: "统一社会信用代码，没有的填本局编号；各不相同"},
	{Title: "名称", Must: true, Width: 32},
	{Title: "信用风险等级", Note: "如A、B、C、D；不填的为一支签"},
	{Title: "本年已检查次数", Kind: NumberColumn, Note: "不填为0；投诉举报、上级交办、依申请的检查不算"},
	{Title: "标记", Width: 24, Note: "分层抽取用，如不定时工作制；几项用、分开"},
}

// PopulationTemplate is the empty list.
func PopulationTemplate() ([]byte, error) {
	return Write(Grid{Name: "抽查对象名单", Columns: population, Blank: templateRows, Still: 2})
}

// Population reads the list of who may be checked. Marks are called by their titles in it; one without a title stays as it is
// written. It fails with an *engine.Error: of the path "file" when the sheet can't be read, else of "行3.名称" for each bad cell.
func Population(data []byte, marks map[string]string) ([]draw.Object, error) {
	book, err := Read(data)
	if err != nil {
		return nil, err
	}
	for _, p := range book.Pages {
		for _, head := range p.Rows[:min(len(p.Rows), headRows)] {
			at, twice := columnsOf(head, population)
			if twice != "" {
				return nil, refuse("sheet.column-twice", refusal.Args{"column": twice})
			}
			if at[1] < 0 {
				continue
			}
			if at[0] < 0 {
				return nil, refuse("sheet.no-column", refusal.Args{"columns": population[0].Title})
			}
			return objects(p, head.N, at, marks)
		}
	}
	return nil, refuse("sheet.no-header", nil)
}

// columnsOf says where the columns stand in a row of titles, -1 of one that doesn't, and which stands there twice.
func columnsOf(head Row, columns []Column) (at []int, twice string) {
	for _, c := range columns {
		i := -1
		for j, cell := range head.Cells {
			if title(cell.Raw) != title(c.Title) {
				continue
			}
			if i >= 0 {
				twice = c.Title
			}
			i = j
		}
		at = append(at, i)
	}
	return at, twice
}

func objects(p Page, head int, at []int, marks map[string]string) ([]draw.Object, error) {
	var out []draw.Object
	bad := &refusal.Error{Code: refusal.FieldInvalid}
	for _, r := range p.Rows {
		if r.N <= head {
			continue
		}
		wrong := func(column int, why string, args refusal.Args) {
			path := "行" + strconv.Itoa(r.N) + "." + population[column].Title
			bad.Fields = append(bad.Fields, refusal.FieldFault{Path: path, Code: refusal.FieldInvalid, Why: why, Args: args})
		}
		var cells [5]string
		for i := range cells {
			kind := procedure.Text
			switch i {
			case 0:
				kind = procedure.CreditCode
			case 3:
				kind = procedure.Number
			}
			text, why := r.at(at[i]).value(kind, 0)
			if why != "" {
				wrong(i, why, refusal.Args{"field": population[i].Title, "value": text})
			}
			if cells[i] = text; text == "" && population[i].Must {
				wrong(i, "field.required", refusal.Args{"field": population[i].Title})
			}
		}
		o := draw.Object{ID: cells[0], Name: cells[1], Risk: cells[2]}
		if cells[3] != "" {
			n, bad := typed.Number(cells[3])
			if bad != nil || n < 0 {
				wrong(3, "field.number", refusal.Args{"field": population[3].Title, "min": "0"})
			}
			o.Visits = n
		}
		for _, m := range listed(cells[4]) {
			if id, ok := marks[m]; ok {
				m = id
			}
			if !slices.Contains(o.Marks, m) {
				o.Marks = append(o.Marks, m)
			}
		}
		out = append(out, o)
	}
	if len(bad.Fields) > 0 {
		return nil, bad
	}
	if len(out) == 0 {
		return nil, refuse("sheet.no-rows", nil)
	}
	return out, nil
}
