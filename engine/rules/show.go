package rules

import (
	"slices"
	"strconv"
	"strings"

	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/charges"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/text"
)

// Show is a field as it is printed and shown.
func (s *View) Show(f *procedure.Field, v procedure.Value) Shown {
	if f.Shows != nil {
		return s.Computed(f.Shows)
	}
	sh := Shown{Value: v}
	switch f.Type {
	case procedure.DateType:
		if d, err := calendar.Parse(v.Text); err == nil {
			sh.Day, sh.Text = d, d.Han()
		}
	case procedure.DateTime:
		sh.Text = calendar.HanTime(v.Text)
	case procedure.Money:
		if v.Text != "" {
			sh.Fen = procedure.Fen(v)
			sh.Text = text.Yuan(sh.Fen) + "元"
		}
	case procedure.ChoiceType, procedure.Choices:
		sh.Text = procedure.Words(f, v)
	case procedure.YesNo:
		sh.Text = map[string]string{"yes": "是", "no": "否"}[v.Text]
	case procedure.PersonType, procedure.People:
		var names []string
		for _, id := range v.Strings() {
			names = append(names, s.Office.Name(office.PersonID(id)))
		}
		sh.Text = strings.Join(names, "、")
	case procedure.Document:
		var ds []string
		for _, n := range v.Strings() {
			if d := s.Case.Document(procedure.Int(n)); d != nil {
				ds = append(ds, s.cited(*d))
			}
		}
		sh.Text = strings.Join(ds, "、")
	case procedure.File:
		if n := procedure.Int(v.Text); n > 0 && n <= len(s.Case.Files) {
			sh.Text = "附件" + strconv.Itoa(n) + " " + s.Case.Files[n-1].Name
		}
	case procedure.Standard, procedure.Grounds:
		sh.Text = charges.Title(s.Office.Standards, f.Type, v, s.Day)
	case procedure.Evidence:
		sh.Text = s.ProofTitles(strings.Join(v.Strings(), " "))
	case procedure.CaseRef:
		if sh.Text = v.Text; s.Number != nil {
			sh.Text = s.Number(v.Text)
		}
	case procedure.Table:
		s.showTable(f, v, &sh)
	default:
		sh.Text = strings.ReplaceAll(v.String(), "》、《", "》《") // GB/T 15834: no mark between the marks of titles
	}
	return sh
}

func (s *View) showTable(f *procedure.Field, v procedure.Value, sh *Shown) {
	sh.Sums = map[procedure.FieldID]string{}
	sums := map[procedure.FieldID]int64{}
	for _, r := range v.Rows {
		cells := map[procedure.FieldID]string{}
		for j := range f.Columns {
			c := &f.Columns[j]
			if c.Shows != nil && len(c.Shows.Less) == 2 {
				d := procedure.Fen(procedure.TextValue(r[c.Shows.Less[0]])) - procedure.Fen(procedure.TextValue(r[c.Shows.Less[1]]))
				sums[c.ID] += d
				cells[c.ID] = text.Yuan(d)
				continue
			}
			switch x := r[c.ID]; c.Type {
			case procedure.Money:
				sums[c.ID] += procedure.Fen(procedure.TextValue(x))
				if x != "" {
					cells[c.ID] = text.Yuan(procedure.Fen(procedure.TextValue(x)))
				}
			default:
				if c.Shows != nil && c.Shows.Tells != "" {
					cells[c.ID] = x
					continue
				}
				v := procedure.TextValue(x)
				if c.Type.Several() {
					v = procedure.Value{List: strings.Fields(x)}
				}
				cells[c.ID] = s.Show(c, v).Text
			}
		}
		sh.Rows = append(sh.Rows, cells)
	}
	for id, n := range sums {
		sh.Sums[id] = text.Yuan(n)
	}
	sh.Text = strconv.Itoa(len(v.Rows))
}

// filledIn walks the first parts of the case's papers of a form that count and are not void.
func (s *View) filledIn(form procedure.FormID, f func(*casefile.Filled)) {
	blank := s.Edition.Forms[form]
	for i := range s.Case.Papers {
		p := &s.Case.Papers[i]
		if d := s.Case.Document(p.Doc); p.Form != form || blank == nil || d != nil && d.Void != 0 || !p.Concerns(s.View) {
			continue
		}
		for j := range p.Parts {
			if x := &p.Parts[j]; blank.First(x.Part) && s.counts(x) {
				f(x)
			}
		}
	}
}

// Computed is what a field displays that nobody types.
func (s *View) Computed(w *procedure.Show) Shown {
	day := func(d calendar.Date) Shown {
		if d == 0 {
			return Shown{}
		}
		return Shown{Day: d, Text: d.Han(), Value: procedure.TextValue(d.String())}
	}
	number := func(n int) Shown {
		return Shown{Text: strconv.Itoa(n), Value: procedure.TextValue(strconv.Itoa(n))}
	}
	money := func(n int64) Shown {
		return Shown{Fen: n, Text: text.Yuan(n) + "元", Value: procedure.TextValue(procedure.FormatMoney(n))}
	}
	switch {
	case w.Clause != "":
		t := s.Office.Clause(w.Clause, s.Day)
		return Shown{Text: t, Value: procedure.TextValue(t)}
	case w.Tells != "":
		return s.tell(w.Tells)
	case w.Fact != "":
		d, _ := s.Latest(w.Fact)
		return day(d.Day)
	case w.Due != "":
		if rs := s.RunsOf(w.Due); len(rs) > 0 {
			sh := day(rs[0].Due)
			if rs[0].Provisional && sh.Text != "" {
				sh.Text += "（暂定）"
			}
			return sh
		}
	case w.Left != "" || w.Used != "":
		id := w.Left + w.Used
		if rs := s.RunsOf(id); len(rs) > 0 {
			r := rs[0]
			n := r.Remaining
			if w.Used != "" {
				n = s.Office.Calendar.Count(r.Start, min(s.Day, max(s.Day, r.Start)))
				if r.Unit != calendar.Workdays {
					n = int(s.Day - r.Start)
				}
				for _, p := range r.Run.Pauses {
					if p.To != 0 && r.Unit == calendar.Workdays {
						n -= s.Office.Calendar.Count(p.From, p.To)
					}
				}
			}
			return Shown{Text: strconv.Itoa(n) + calendar.UnitWord(r.Unit), Value: procedure.TextValue(strconv.Itoa(n))}
		}
	case w.Number != "":
		return Shown{Text: s.Case.Numbers[w.Number], Value: procedure.TextValue(s.Case.Numbers[w.Number])}
	case w.Sum != "":
		table, col, _ := strings.Cut(w.Sum, ".")
		v, ok := s.Values[procedure.FieldID(table)]
		if !ok {
			v = s.Case.Shared[procedure.FieldID(table)]
		}
		var sum int64
		for _, r := range v.Rows {
			x, plain := r[procedure.FieldID(col)]
			if !plain {
				if f := s.column(procedure.FieldID(table), procedure.FieldID(col)); f != nil && f.Shows != nil && len(f.Shows.Less) == 2 {
					sum += procedure.Fen(procedure.TextValue(r[f.Shows.Less[0]])) - procedure.Fen(procedure.TextValue(r[f.Shows.Less[1]]))
					continue
				}
			}
			sum += procedure.Fen(procedure.TextValue(x))
		}
		if f := s.column(procedure.FieldID(table), procedure.FieldID(col)); f != nil && f.Type == procedure.Number {
			return number(int(sum / 100))
		}
		return money(sum)
	case w.Count != "":
		v, ok := s.Values[w.Count]
		if !ok {
			v = s.Case.Shared[w.Count]
		}
		return number(len(v.Rows))
	case w.Total.Field != "":
		var sum int64
		s.filledIn(w.Total.Form, func(x *casefile.Filled) { sum += procedure.Fen(x.Values[w.Total.Field]) })
		if f := s.Edition.Forms[w.Total.Form]; f != nil && f.Field(w.Total.Field) != nil && f.Field(w.Total.Field).Type == procedure.Number {
			return number(int(sum / 100))
		}
		return money(sum)
	case w.Papers != "":
		n := 0
		s.filledIn(w.Papers, func(*casefile.Filled) { n++ })
		return number(n)
	case w.Value.Field != "":
		v, _ := s.Value(w.Value.Form, w.Value.Field)
		if f := s.Edition.Forms[w.Value.Form]; f != nil {
			if fd := f.Field(w.Value.Field); fd != nil && fd.Shows != nil && fd.Shows.Tells != "" {
				return s.tell(fd.Shows.Tells)
			} else if fd != nil {
				return s.Show(fd, v)
			}
		}
		return Shown{Text: v.String(), Value: v}
	case w.Role != "":
		return certificates(s, s.Role(w.Role))
	case w.Certs != "":
		return certificates(s, s.Values[w.Certs].Strings())
	case w.Contents:
		return s.contents()
	case w.Issued != nil:
		return s.latest(slices.Collect(slices.Chunk(w.Issued, 1)))
	case w.Newest != nil:
		return s.latest([][]procedure.FormID{w.Newest})
	case w.Setting != "":
		text := s.Office.Printed(w.Setting, s.Day)
		if p, err := calendar.ParsePeriod(text); err == nil { // a period as a paper says it
			text = p.Han()
		}
		return Shown{Text: text}
	case w.Owed != "":
		return money(s.owed(w.Owed))
	case w.Party != "":
		v := s.Particular(w.Party)
		if f := s.column(s.Edition.Def.Terms.Parties.Table, w.Party); f != nil {
			return s.Show(f, v)
		}
		return Shown{Text: v.Text, Value: v}
	case w.Over != "":
		var sum int64
		for _, d := range s.Edition.Liabilities() {
			if d.Named(w.Over) {
				sum += s.overpaid(d)
			}
		}
		if sum == 0 {
			return Shown{}
		}
		return money(sum)
	}
	return Shown{}
}

// certificates are people with the numbers of their certificates on that day.
func certificates[T ~string](s *View, people []T) Shown {
	var names []string
	for _, id := range people {
		n := s.Office.Name(office.PersonID(id))
		if cert, ok := s.Office.Certificate(office.PersonID(id), s.Day); ok {
			n += "（" + cert + "）"
		}
		names = append(names, n)
	}
	return Shown{Text: strings.Join(names, "、")}
}

// latest is of each of these kinds of forms the last paper in force, in their order.
func (s *View) latest(kinds [][]procedure.FormID) Shown {
	var all []string
	for _, forms := range kinds {
		if ds := s.Nameable(&procedure.Field{Of: forms}); len(ds) > 0 {
			all = append(all, s.cited(ds[len(ds)-1]))
		}
	}
	cited := strings.Join(all, "、")
	return Shown{Text: cited, Value: procedure.TextValue(cited)}
}

// contents are the documents issued so far, each a row of number, author, name and day; their pages are known when the file
// is bound.
func (s *View) contents() Shown {
	var sh Shown
	for _, d := range s.Documents() {
		form := s.Edition.Forms[d.Form]
		if form == nil {
			continue
		}
		author := s.Office.Printed("brigade", d.Day)
		if form.Number != "" && form.Number != "case" {
			author = s.Office.Seal(s.Edition.Def.ID, d.Day)
		}
		sh.Rows = append(sh.Rows, map[procedure.FieldID]string{"number": d.Number, "author": author, "name": s.Title(form), "day": strings.ReplaceAll(d.Day.String(), "-", "")})
	}
	sh.Text = strconv.Itoa(len(sh.Rows))
	return sh
}

// Title is what a paper of the form is called in this case.
func (s *View) Title(f *procedure.Form) string {
	if title, ok := Choose(s, f.Called); ok {
		return title
	}
	return f.Title.ZH
}

// Proofs are what is in the case that can prove something to the parties in view.
func (s *View) Proofs() []casefile.Proof { return s.Case.Proofs(s.View, s.cited) }

// ProofTitles are the things of a cell of evidence as people read them.
func (s *View) ProofTitles(cell string) string { return casefile.ProofTitles(s.Proofs(), cell) }

// cited is a document as another names it: 《题名》（文号）, without the number where the paper has none of its own.
func (s *View) cited(d casefile.Issued) string {
	title, own := string(d.Form), false
	if form := s.Edition.Forms[d.Form]; form != nil {
		title, own = s.Title(form), form.Number != ""
	}
	if !own || d.Number == "" {
		return "《" + title + "》"
	}
	return "《" + title + "》（" + d.Number + "）"
}

// column finds a column of a shared table in any form.
func (s *View) column(table, col procedure.FieldID) *procedure.Field {
	for _, id := range s.Edition.Named() {
		if form := s.Edition.Forms[id]; form != nil {
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
