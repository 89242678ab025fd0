package engine

import (
	"slices"
	"strconv"
	"strings"

	"dossier/engine/calendar"
	"dossier/engine/text"
)

// sheet is what the paper P of the case shows: as a draft while it is not issued, else as it stood when it was. The number
// of another case that it names is asked.
func sheet(ed *Edition, o *Office, today calendar.Date, number func(id string) string, c *Case, p int, on calendar.Date) Sheet {
	paper := c.Paper(p)
	form := ed.Forms[paper.Form]
	s := newScope(ed, o, c, on, today)
	s.walk, s.party, s.number = paper.Walk, paper.For, number
	values, then := Values{}, map[PartID]*Filled{}
	sh := Sheet{Form: form, Draft: paper.Doc == 0, Day: on, CaseNumber: c.Number(), Party: c.Shared["employer"].Text,
		Cause: s.label("cause"), Bureau: o.Text("bureau", on), Brigade: o.Text("brigade", on),
		Values: map[FieldID]Shown{}, Signed: map[PartID]Signature{},
		Settings: func(name string) string { return o.Text(name, on) }}
	if paper.For != "" {
		sh.Party = paper.For
	}
	if d := c.Document(paper.Doc); d != nil {
		sh.Number, sh.Code, sh.Void, sh.Day = d.Number, d.Code, d.Void != 0, d.Day
	}
	for i := range paper.Parts {
		x := &paper.Parts[i]
		if x.Past != 0 {
			continue
		}
		for id, v := range x.Values {
			values[id] = v
		}
		then[x.Part] = x
		name := o.Name(x.By)
		if x.For != "" {
			name += "（代" + o.Name(x.For) + "）"
		}
		part := form.Part(x.Part)
		sig := Signature{Names: s.signers(part, x, name), Day: x.Day, Decision: x.Decision, Values: map[FieldID]string{}}
		if part != nil {
			for j := range part.Fields {
				if v, ok := x.Values[part.Fields[j].ID]; ok {
					sig.Values[part.Fields[j].ID] = s.show(&part.Fields[j], v).Text
				}
			}
		}
		sh.Signed[x.Part] = sig
	}
	s.values = values
	for i := range form.Parts {
		for j := range form.Parts[i].Fields {
			f := &form.Parts[i].Fields[j]
			if !s.holds(f.When) {
				continue
			}
			v, ok := values[f.ID]
			if !ok && f.Shared && f.Shows == nil {
				v = c.Shared[f.ID]
			}
			sh.Values[f.ID] = s.show(f, v)
			if w := f.Shows; w != nil && w.Due+w.Left+w.Used != "" {
				sh.Values[f.ID] = s.asSigned(then[form.Parts[i].ID], f)
			}
		}
	}
	return sh
}

// asSigned is what a field shows of a clock as it stood when its part was signed: the due day before an extension stays on
// the paper that asks for it. Nothing, while nobody has signed that part.
func (s *scope) asSigned(x *Filled, f *Field) Shown {
	if x == nil {
		return Shown{}
	}
	past := *s
	past.runs, past.upto, past.day, past.today = nil, x.Seq+1, x.Day, x.Day
	return past.show(f, Value{})
}

// signers are the names beside the pen: two officers sign what a table of officers in the part names, else who filled it.
func (s *scope) signers(p *Part, x *Filled, name string) []string {
	if p == nil || x.For != "" {
		return []string{name}
	}
	names := []string{name}
	for i := range p.Fields {
		f := &p.Fields[i]
		if f.Type != People || x.Decision != "" {
			continue
		}
		for _, id := range x.Values[f.ID].Strings() {
			if n := s.office.Name(PersonID(id)); !slices.Contains(names, n) {
				names = append(names, n)
			}
		}
		break
	}
	return names
}

// show is a field as it is printed and shown.
func (s *scope) show(f *Field, v Value) Shown {
	if f.Shows != nil {
		return s.computed(f.Shows)
	}
	sh := Shown{Value: v}
	switch f.Type {
	case DateType:
		if d, err := calendar.Parse(v.Text); err == nil {
			sh.Day, sh.Text = d, d.Han()
		}
	case DateTime:
		sh.Text = hanTime(v.Text)
	case Money:
		if v.Text != "" {
			sh.Fen = fen(v)
			sh.Text = text.Yuan(sh.Fen) + "元"
		}
	case ChoiceType, Choices:
		sh.Text = words(f, v)
	case YesNo:
		sh.Text = map[string]string{"yes": "是", "no": "否"}[v.Text]
	case PersonType, People:
		var names []string
		for _, id := range v.Strings() {
			names = append(names, s.office.Name(PersonID(id)))
		}
		sh.Text = strings.Join(names, "、")
	case Document:
		var ds []string
		for _, n := range v.Strings() {
			if d := s.c.Document(atoi(n)); d != nil {
				t := string(d.Form)
				if form := s.ed.Forms[d.Form]; form != nil {
					t = form.Title.ZH
				}
				ds = append(ds, "《"+t+"》（"+d.Number+"）")
			}
		}
		sh.Text = strings.Join(ds, "、")
	case File:
		if n := atoi(v.Text); n > 0 && n <= len(s.c.Files) {
			sh.Text = "附件" + strconv.Itoa(n) + " " + s.c.Files[n-1].Name
		}
	case CaseRef:
		if sh.Text = v.Text; s.number != nil {
			sh.Text = s.number(v.Text)
		}
	case Table:
		s.showTable(f, v, &sh)
	default:
		sh.Text = v.String()
	}
	return sh
}

func hanTime(t string) string {
	if len(t) < 10 {
		return t
	}
	d, err := calendar.Parse(t[:10])
	if err != nil {
		return t
	}
	if len(t) >= 16 {
		return d.Han() + t[11:13] + "时" + t[14:16] + "分"
	}
	return d.Han()
}

func (s *scope) showTable(f *Field, v Value, sh *Shown) {
	sh.Sums = map[FieldID]string{}
	sums := map[FieldID]int64{}
	for _, r := range v.Rows {
		cells := map[FieldID]string{}
		for j := range f.Columns {
			c := &f.Columns[j]
			if c.Shows != nil && len(c.Shows.Less) == 2 {
				d := fen(TextValue(r[c.Shows.Less[0]])) - fen(TextValue(r[c.Shows.Less[1]]))
				sums[c.ID] += d
				cells[c.ID] = text.Yuan(d)
				continue
			}
			switch x := r[c.ID]; c.Type {
			case Money:
				sums[c.ID] += fen(TextValue(x))
				if x != "" {
					cells[c.ID] = text.Yuan(fen(TextValue(x)))
				}
			default:
				cells[c.ID] = s.show(c, TextValue(x)).Text
			}
		}
		sh.Rows = append(sh.Rows, cells)
	}
	for id, n := range sums {
		sh.Sums[id] = text.Yuan(n)
	}
	sh.Text = strconv.Itoa(len(v.Rows))
}

// computed is what a field displays that nobody types.
func (s *scope) computed(w *Show) Shown {
	day := func(d calendar.Date) Shown {
		if d == 0 {
			return Shown{}
		}
		return Shown{Day: d, Text: d.Han(), Value: TextValue(d.String())}
	}
	money := func(n int64) Shown {
		return Shown{Fen: n, Text: text.Yuan(n) + "元", Value: TextValue(FormatMoney(n))}
	}
	switch {
	case w.Fact != "":
		d, _ := s.latest(w.Fact)
		return day(d.Day)
	case w.Due != "":
		if rs := s.runsOf(w.Due); len(rs) > 0 {
			sh := day(rs[0].Due)
			if rs[0].Provisional && sh.Text != "" {
				sh.Text += "（暂定）"
			}
			return sh
		}
	case w.Left != "" || w.Used != "":
		id := w.Left + w.Used
		if rs := s.runsOf(id); len(rs) > 0 {
			r := rs[0]
			n := r.Remaining
			if w.Used != "" {
				n = s.office.Calendar.Count(r.Start, min(s.day, max(s.day, r.Start)))
				if r.Unit != calendar.Workdays {
					n = int(s.day - r.Start)
				}
				for _, p := range r.Run.Pauses {
					if p.To != 0 && r.Unit == calendar.Workdays {
						n -= s.office.Calendar.Count(p.From, p.To)
					}
				}
			}
			return Shown{Text: strconv.Itoa(n) + unitWord(r.Unit), Value: TextValue(strconv.Itoa(n))}
		}
	case w.Number != "":
		return Shown{Text: s.c.Numbers[w.Number], Value: TextValue(s.c.Numbers[w.Number])}
	case w.Sum != "":
		table, col, _ := strings.Cut(w.Sum, ".")
		v, ok := s.values[FieldID(table)]
		if !ok {
			v = s.c.Shared[FieldID(table)]
		}
		var sum int64
		for _, r := range v.Rows {
			x, plain := r[FieldID(col)]
			if !plain {
				if f := s.column(FieldID(table), FieldID(col)); f != nil && f.Shows != nil && len(f.Shows.Less) == 2 {
					sum += fen(TextValue(r[f.Shows.Less[0]])) - fen(TextValue(r[f.Shows.Less[1]]))
					continue
				}
			}
			sum += fen(TextValue(x))
		}
		return money(sum)
	case w.Count != "":
		v, ok := s.values[w.Count]
		if !ok {
			v = s.c.Shared[w.Count]
		}
		return Shown{Text: strconv.Itoa(len(v.Rows)), Value: TextValue(strconv.Itoa(len(v.Rows)))}
	case w.Value.Field != "":
		v, _ := s.value(w.Value.Form, w.Value.Field)
		if f := s.ed.Forms[w.Value.Form]; f != nil {
			if fd := f.Field(w.Value.Field); fd != nil {
				return s.show(fd, v)
			}
		}
		return Shown{Text: v.String(), Value: v}
	case w.Role != "":
		var names []string
		for _, id := range s.role(w.Role) {
			n := s.office.Name(id)
			if cert, ok := s.office.Certificate(id, s.day); ok {
				n += "（" + cert + "）"
			}
			names = append(names, n)
		}
		return Shown{Text: strings.Join(names, "、")}
	case w.Setting != "":
		return Shown{Text: s.office.Text(w.Setting, s.day)}
	case w.Owed != "":
		return money(s.owed(w.Owed))
	}
	return Shown{}
}

// column finds a column of a shared table in any form.
func (s *scope) column(table, col FieldID) *Field {
	for _, id := range s.ed.Def.Forms() {
		if form := s.ed.Forms[id]; form != nil {
			if f := form.Field(table); f != nil {
				for i := range f.Columns {
					if f.Columns[i].ID == col {
						return &f.Columns[i]
					}
				}
			}
		}
	}
	return nil
}

func unitWord(u calendar.Unit) string {
	switch u {
	case calendar.Workdays:
		return "个工作日"
	case calendar.Months:
		return "个月"
	}
	return "日"
}
