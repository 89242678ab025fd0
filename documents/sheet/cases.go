package sheet

import (
	"slices"
	"strconv"
	"strings"

	"dossier/engine/calendar"
	"dossier/engine/decide"
	"dossier/engine/procedure"
	"dossier/engine/text"
)

// The columns of a sheet of cases that are no field of a form, by the paths that [engine.Rehearsal] names faults by.
const (
	keyColumn      = "n" // 序号: ties the rows of other sheets to a case
	receivedColumn = "received"
	stateColumn    = "state"
	officersColumn = "officers"
	chargeColumn   = "in-charge"
	factPrefix     = "facts."
	numberPrefix   = "numbers."
)

// keyTitle is the title of the column by which the sheets belong together.
const keyTitle = "序号"

// Cases is the layout of a sheet of cases of one procedure that were begun on paper: one row is one case, and each list
// that a case may have is a sheet of its own. It is made of the procedure and its forms, so that no procedure is known here.
type Cases struct {
	edition *procedure.Edition
	Columns []CaseColumn
	Lists   []CaseList
}

// CaseColumn is one column: what it is called, and how it is read.
type CaseColumn struct {
	Path    string // of the faults that the engine finds in it
	Title   string
	Type    procedure.FieldType
	Options []procedure.Allowed
	Must    bool // of every case
	Several bool // days, names
	When    string
	How     string
	Example string
	Law     string
}

// CaseList is a table of the case, on its own sheet.
type CaseList struct {
	Field   procedure.Field
	Columns []procedure.Field // those that are typed
	Stands  bool              // it tells where the case stands, and is no field of the opening
}

// NewCases lays the sheet out for a procedure.
func NewCases(ed *procedure.Edition) *Cases {
	c := &Cases{edition: ed}
	form := ed.PaperForm()
	var party, rest []CaseColumn
	for i := range form.Opening {
		f := &form.Opening[i]
		if f.Type == procedure.Table {
			c.Lists = append(c.Lists, CaseList{Field: *f, Columns: asked(f.Columns)})
			continue
		}
		x := c.field(f)
		if f.ID == ed.Def.Terms.Party {
			party = append(party, x)
		} else {
			rest = append(rest, x)
		}
	}
	states := make([]string, len(form.States))
	for i, s := range form.States {
		states[i] = s.Label.ZH
	}
	stateHow := "从列表中选择；各环节：" + strings.Join(states, "、")
	if signed := c.signed(); len(signed) > 0 {
		stateHow += "。还在“" + strings.Join(signed, "、") + "”的，填“" + c.first() + "”，在系统里送审"
	}
	c.Columns = append(c.Columns, CaseColumn{Path: keyColumn, Title: keyTitle, Type: procedure.Text, Example: "1", How: "本表内各不相同；填写名单工作表时用来对应，其他情况可以不填"})
	c.Columns = append(c.Columns, party...)
	c.Columns = append(c.Columns,
		CaseColumn{Path: stateColumn, Title: "现在的环节", Type: procedure.ChoiceType, Options: form.States, Must: true, How: stateHow, Example: states[min(3, len(states)-1)]},
		CaseColumn{Path: receivedColumn, Title: or(form.Received.ZH, "接收日"), Type: procedure.DateType, Must: true, How: dayHow, Example: dayExample, Law: c.law(ed.Def.Open.Law)})
	for _, n := range form.Numbers {
		c.Columns = append(c.Columns, CaseColumn{Path: numberPrefix + n.Value, Title: n.Label.ZH, Type: procedure.Text,
			When: "纸面上已经编号的必填", How: "照纸面填写；不能和别的案件相同", Example: "任人社监立字〔2026〕7号"})
	}
	if form.Officers {
		c.Columns = append(c.Columns,
			CaseColumn{Path: officersColumn, Title: "承办人员", Type: procedure.People, Several: true, When: "已经指定承办人员的环节必填", How: "姓名或者用户名，几个人用、分开", Example: "李察、赵办"},
			CaseColumn{Path: chargeColumn, Title: "主办", Type: procedure.PersonType, How: "承办人员之一；不填的，以写在最前面的一位为主办", Example: "李察"})
	}
	c.Columns = append(c.Columns, rest...)
	for _, f := range form.Facts {
		x := CaseColumn{Path: factPrefix + string(f.ID), Title: f.Title.ZH, Type: procedure.DateType, When: "发生过的填写", How: dayHow, Example: dayExample, Law: c.law(f.Law)}
		if owed := ed.Def.Owed(f.ID); len(owed) > 0 {
			x.When = atStates(owed)
		}
		if f.Keep == procedure.Each {
			x.Several, x.How = true, "发生几次就填几个日期，用、分开；每个写成2026年3月2日、2026-3-2都可以"
		}
		if f.Workday {
			x.How += "；须是工作日"
		}
		if c.titled(x.Title) {
			x.Title += "（日期）"
		}
		c.Columns = append(c.Columns, x)
	}
	if ed.Def.Apart != "" {
		c.Lists = append(c.Lists, alone(ed, form)...)
	}
	return c
}

// alone are the lists of a procedure whose respondents each walk alone: where each stands, and the days of each.
func alone(ed *procedure.Edition, form *procedure.PaperForm) []CaseList {
	var out []CaseList
	for _, f := range decide.BuiltinForm(ed, "open-at").Parts[0].Fields {
		choose := func(id procedure.FieldID, from []procedure.Allowed) {
			f.Columns = slices.Clone(f.Columns)
			for i := range f.Columns {
				if x := &f.Columns[i]; x.ID == id {
					x.Type, x.Choices = procedure.ChoiceType, from
				}
			}
			f.Columns[0].Required = true
		}
		switch f.ID {
		case placesList:
			choose("state", form.States)
		case factsList:
			var own []procedure.Allowed
			for _, x := range form.Facts {
				if slices.Contains(x.Per, "respondent") {
					own = append(own, procedure.Allowed{Value: string(x.ID), Label: x.Title})
				}
			}
			choose("name", own)
			f.Title = procedure.Label{ZH: "各当事人的日期", EN: "Days of each respondent"}
			f.Hint = procedure.Label{ZH: "几个当事人日期不同的，逐人写明；相同的写在第一张表里", EN: "Where the days of several respondents differ"}
		default:
			continue
		}
		out = append(out, CaseList{Field: f, Columns: f.Columns, Stands: true})
	}
	return out
}

// The lists that tell where each of several respondents stands, as the engine names them.
const (
	placesList procedure.FieldID = "places"
	factsList  procedure.FieldID = "facts"
)

// atStates says at which states a day must be told.
func atStates(owed []procedure.State) string {
	var names []string
	for _, st := range owed[:min(3, len(owed))] {
		names = append(names, st.Title.ZH)
	}
	say := "“" + strings.Join(names, "、") + "”"
	if len(owed) > len(names) {
		say += "等" + strconv.Itoa(len(owed)) + "个"
	}
	return say + "环节必填，发生过的填写"
}

const (
	dayHow     = "2026年3月2日、2026-3-2、2026/3/2都可以"
	dayExample = "2026年3月2日"
)

// signed are the titles of the states at which no case on paper can begin: its first form is being signed there.
func (c *Cases) signed() []string {
	var out []string
	for _, st := range c.edition.Def.Main.States {
		if !slices.ContainsFunc(c.edition.PaperForm().States, func(a procedure.Allowed) bool { return a.Value == string(st.ID) }) {
			out = append(out, st.Title.ZH)
		}
	}
	return out
}

// first is the title of the state to which the opening leads.
func (c *Cases) first() string {
	for _, id := range c.edition.Def.Open.To.Values() {
		if st := c.edition.Def.Main.State(id); st != nil {
			return st.Title.ZH
		}
	}
	return ""
}

// titled tells whether a column has the title already.
func (c *Cases) titled(title string) bool {
	return slices.ContainsFunc(c.Columns, func(x CaseColumn) bool { return x.Title == title })
}

// asked are the columns of a table that are typed.
func asked(columns []procedure.Field) []procedure.Field {
	return slices.DeleteFunc(slices.Clone(columns), func(f procedure.Field) bool { return f.Shows != nil })
}

// field is the column of a field of the opening's forms.
func (c *Cases) field(f *procedure.Field) CaseColumn {
	x := CaseColumn{Path: string(f.ID), Title: f.Title.ZH, Type: f.Type, Options: f.Choices, Must: f.Required && f.When == nil && !f.Secret,
		When: c.when(f), How: how(f), Example: c.example(f), Law: c.law(f.Law)}
	x.Several = f.Type == procedure.Choices || f.Type == procedure.People
	if f.Type == procedure.YesNo {
		x.Options = []procedure.Allowed{{Value: "yes", Label: procedure.Label{ZH: "是"}}, {Value: "no", Label: procedure.Label{ZH: "否"}}}
	}
	if f.Secret {
		x.When = "选填；属于保密信息，只有办案人员能看到"
	}
	return x
}

// when says in words for which cases a field is asked.
func (c *Cases) when(f *procedure.Field) string {
	if f.When == nil {
		return ""
	}
	var parts []string
	for _, t := range f.When.Fields {
		title, values := string(t.Field), slices.Clone(t.Values)
		for _, g := range c.edition.PaperForm().Opening {
			if g.ID != t.Field {
				continue
			}
			title = g.Title.ZH
			for i, v := range values {
				values[i] = label(&g, v)
			}
		}
		parts = append(parts, title+"为"+strings.Join(values, "、"))
	}
	must := "选填"
	if f.Required {
		must = "必填"
	}
	return strings.Join(parts, "，") + "的" + must
}

// label is a value as people read it.
func label(f *procedure.Field, v string) string {
	for _, a := range f.Choices {
		if a.Value == v {
			return a.Label.ZH
		}
	}
	switch v {
	case "yes":
		return "是"
	case "no":
		return "否"
	case "none":
		return "空"
	}
	return v
}

// how says how a field is written.
func how(f *procedure.Field) string {
	var say string
	switch f.Type {
	case procedure.DateType:
		say = dayHow
	case procedure.Money:
		say = "金额，单位元，最多两位小数"
	case procedure.Number:
		say = "整数"
	case procedure.YesNo:
		say = "是或者否"
	case procedure.ChoiceType, procedure.Choices:
		var all []string
		for _, a := range f.Choices {
			all = append(all, a.Label.ZH)
		}
		say = "从以下各项中选择：" + strings.Join(all, "、")
		if f.Type == procedure.Choices {
			say += "；几项用；分开"
		}
	case procedure.IDNumber:
		say = "18位身份证号；单元格设为文本"
	case procedure.CreditCode:
		say = "18位统一社会信用代码"
	case procedure.PersonType, procedure.People:
		say = "姓名或者用户名"
	}
	if f.Hint.ZH != "" {
		if say != "" {
			say += "；"
		}
		say += f.Hint.ZH
	}
	return say
}

// example is the form's own sample value.
func (c *Cases) example(f *procedure.Field) string {
	for _, o := range f.Sample {
		switch {
		case o.None:
		case o.Value.Text != "":
			return label(f, o.Value.Text)
		case len(o.Value.List) > 0:
			return label(f, o.Value.List[0])
		case f.Type == procedure.DateType:
			return dayExample
		}
	}
	return ""
}

// law is a citation as it is printed.
func (c *Cases) law(l procedure.Law) string {
	var out []string
	for _, x := range l.Cites {
		act := x.Act
		for _, s := range c.edition.Def.Statutes {
			if s.ID == x.Act {
				act = s.Title.ZH
			}
		}
		if x.Act == "ours" {
			out = append(out, "本局规则")
			continue
		}
		out = append(out, text.Cite(act, x.Ref, text.ZH))
	}
	return strings.Join(out, "、")
}

func or(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

// templateRows are the rows of the template that are ready to be filled in.
const templateRows = 300

// Template is the empty sheet with its lists, a sheet for each list of a case, and one that explains every column.
func (c *Cases) Template() ([]byte, error) {
	main := Grid{Name: c.edition.Def.Title.ZH, Blank: templateRows, Still: 2}
	about := Grid{Name: aboutName, Wrap: true, Columns: []Column{{Title: "工作表", Width: 16}, {Title: "列名", Width: 24}, {Title: "是否必填", Width: 26}, {Title: "怎么填", Width: 60}, {Title: "例", Width: 26}, {Title: "依据", Width: 34}}}
	about.Rows = [][]string{
		{main.Name, "（说明）", "", "一行是一件案件，从第2行填起。橙色的列每件必填。用不到的列可以删去，列名不要改动。每件案件只导入一次：同一行再次导入不会重复。", "", ""},
		{"", "", "", "文书在纸面上已经制发的，导入以后在案件页上传签字扫描件。已送达文书的履行、复议等期限从系统里制发的文书起算，不在本表填写。", "", ""},
	}
	for _, x := range c.Columns {
		main.Columns = append(main.Columns, Column{Title: x.Title, Kind: kindOf(x), Width: c.width(x), Options: options(x), Must: x.Must, Note: note(x)})
		must := x.When
		switch {
		case x.Must:
			must = "必填"
		case must == "":
			must = "选填"
		}
		about.Rows = append(about.Rows, []string{main.Name, x.Title, must, x.How, x.Example, x.Law})
	}
	grids := []Grid{main}
	for _, l := range c.Lists {
		g := Grid{Name: l.name(), Blank: templateRows, Still: 1, Columns: []Column{{Title: keyTitle, Must: true, Width: 8, Note: "第一张表里这一件的序号"}}}
		about.Rows = append(about.Rows, []string{g.Name, keyTitle, "必填", "第一张表里这一件的序号；一件有几行就写几次", "1", c.law(l.Field.Law)})
		for i := range l.Columns {
			x := c.field(&l.Columns[i])
			g.Columns = append(g.Columns, Column{Title: x.Title, Kind: kindOf(x), Width: c.width(x), Options: options(x), Must: l.Columns[i].Required, Note: note(x)})
			must := "选填"
			if l.Columns[i].Required {
				must = "必填"
			}
			example := ""
			for _, o := range l.Field.Sample {
				if rows := o.Value.Rows; len(rows) > 0 {
					example = label(&l.Columns[i], rows[0][x.Path])
				}
			}
			about.Rows = append(about.Rows, []string{g.Name, x.Title, must, x.How, example, x.Law})
		}
		grids = append(grids, g)
	}
	return Write(append(grids, about)...)
}

// aboutName is the sheet that explains the columns.
const aboutName = "填表说明"

// name is the list's sheet: the field's title, as a sheet may be called.
func (l CaseList) name() string {
	return cut(strings.NewReplacer("[", "", "]", "", ":", "", "*", "", "?", "", "/", "", "\\", "", "：", "", "？", "").Replace(l.Field.Title.ZH), 31)
}

func kindOf(x CaseColumn) Kind {
	switch {
	case x.Several:
		return TextColumn
	case x.Type == procedure.DateType:
		return DayColumn
	case x.Type == procedure.Money:
		return MoneyColumn
	case x.Type == procedure.Number:
		return NumberColumn
	}
	return TextColumn
}

func options(x CaseColumn) []string {
	if x.Several {
		return nil
	}
	var all []string
	for _, a := range x.Options {
		all = append(all, a.Label.ZH)
	}
	return all
}

// Party is the path of the column that names the party.
func (c *Cases) Party() string { return string(c.edition.Def.Terms.Party) }

// note is what is shown beside a cell that is being filled, where that helps.
func note(x CaseColumn) string {
	var parts []string
	for _, s := range []string{x.When, x.How} {
		if s != "" && len([]rune(s)) < 60 {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, "。")
}

func (c *Cases) width(x CaseColumn) float64 {
	if x.Path == c.Party() {
		return 30
	}
	return width(x)
}

// width is a column's usual width, in characters.
func width(x CaseColumn) float64 {
	switch {
	case x.Path == keyColumn:
		return 6
	case x.Type == procedure.LongText:
		return 36
	case x.Type == procedure.IDNumber, x.Type == procedure.CreditCode:
		return 22
	case strings.HasPrefix(x.Path, numberPrefix):
		return 26
	case x.Type == procedure.DateType && !x.Several:
		return 13
	}
	return 16
}

// parseDay reads a day back from the text that a cell became; 0 for any other.
func parseDay(s string) calendar.Date {
	d, err := calendar.Parse(s)
	if err != nil {
		return 0
	}
	return d
}
