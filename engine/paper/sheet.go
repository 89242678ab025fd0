// Package paper is what stands on a sheet, as data: a form's values as they print, who signed which part, the deadline
// sheet of a clock. A Renderer (documents) makes it ink; it is pure, so that the same sheet gives the same bytes.
package paper

import (
	"slices"

	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/rules"
)

// Of is what the paper P of the case shows: as a draft while it is not issued, else as it stood when it was. The number
// of another case that it names is asked.
func Of(ed *procedure.Edition, o *office.Office, today calendar.Date, number func(id string) string, c *casefile.Case, p int, on calendar.Date) Sheet {
	paper := c.Paper(p)
	form := ed.Forms[paper.Form]
	s := rules.NewView(ed, o, c, on, today)
	s.Walk, s.Party, s.Number = paper.Walk, paper.For, number
	if s.Several() {
		if one := paper.Party(); one != "" {
			s.Concern([]string{one})
		} else if len(paper.Of) > 0 {
			s.Concern(paper.Of)
		}
	}
	values, then := procedure.Values{}, map[procedure.PartID]*casefile.Filled{}
	sh := Sheet{Form: form, Draft: paper.Doc == 0, Day: on, CaseNumber: c.Number(), Party: casefile.Party(ed.Def, c),
		Cause: casefile.Cause(s.Edition, s.Case), Procedure: ed.Def.Title.ZH, Bureau: o.Seal(ed.Def.ID, on), Brigade: o.Printed("brigade", on),
		Values: map[procedure.FieldID]rules.Shown{}, Signed: map[procedure.PartID]Signature{},
		Settings: func(name string) string { return o.Printed(name, on) }}
	if paper.For != "" {
		sh.Party = paper.For
	} else if s.Party != "" {
		sh.Party = s.Party
	}
	sh.Person = s.Natural()
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
		sig := Signature{Names: signers(s, part, x, name), Day: x.Day, Decision: x.Decision, Values: map[procedure.FieldID]string{}}
		if part != nil {
			for j := range part.Fields {
				if f := &part.Fields[j]; f.Shows != nil && f.Shows.Tells != "" { // of the rows as this part has them
					y := *s
					y.Values = x.Values
					sig.Values[f.ID] = y.Computed(f.Shows).Text
				} else if v, ok := x.Values[part.Fields[j].ID]; ok {
					sig.Values[part.Fields[j].ID] = s.Show(&part.Fields[j], v).Text
				}
			}
		}
		sh.Signed[x.Part] = sig
	}
	s.Values = values
	for i := range form.Parts {
		for j := range form.Parts[i].Fields {
			f := &form.Parts[i].Fields[j]
			if !s.Holds(f.When) {
				continue
			}
			v, ok := values[f.ID]
			if !ok && f.Shared && f.Shows == nil {
				v = c.Shared[f.ID]
			}
			sh.Values[f.ID] = s.Show(f, v)
			if w := f.Shows; w != nil && w.Due+w.Left+w.Used != "" {
				sh.Values[f.ID] = asSigned(s, then[form.Parts[i].ID], f)
			}
		}
	}
	sh.Title = s.Title(form)
	own(s, &sh)
	return sh
}

// asSigned is what a field shows of a clock as it stood when its part was signed: the due day before an extension stays on
// the paper that asks for it. Nothing, while nobody has signed that part.
func asSigned(s *rules.View, x *casefile.Filled, f *procedure.Field) rules.Shown {
	if x == nil {
		return rules.Shown{}
	}
	past := *s
	past.Runs, past.Upto, past.Day, past.Today = nil, x.Seq+1, x.Day, x.Day
	return past.Show(f, procedure.Value{})
}

// signers are the names beside the pen: two officers sign what a table of officers in the part names, else who filled it.
func signers(s *rules.View, p *procedure.Part, x *casefile.Filled, name string) []string {
	if p == nil || x.For != "" {
		return []string{name}
	}
	names := []string{name}
	for i := range p.Fields {
		f := &p.Fields[i]
		if f.Type != procedure.People || x.Decision != "" {
			continue
		}
		for _, id := range x.Values[f.ID].Strings() {
			if n := s.Office.Name(office.PersonID(id)); !slices.Contains(names, n) {
				names = append(names, n)
			}
		}
		break
	}
	return names
}

// Sheet is everything that paper shows of one form in one case.
type Sheet struct {
	Form       *procedure.Form
	Title      string // of the paper in this case; "": its form's
	Draft      bool   // printed across; no number, no code
	Void       bool
	Person     bool          // whom it is made for is no unit: it says 你, never 你单位
	Reprint    calendar.Date // on which it was printed again; 0: the paper itself
	Number     string        // as printed, "" for none
	Code       string        // ties the paper to the record
	Bureau     string        // in whose name it goes out and whose seal it bears
	Brigade    string
	Day        calendar.Date // of issue, else today
	CaseNumber string
	Party      string
	Cause      string
	Procedure  string // its title
	Values     map[procedure.FieldID]rules.Shown
	Signed     map[procedure.PartID]Signature
	Settings   func(name string) string // what the office had in force that day
}

// Signature is who signed a part.
type Signature struct {
	Names        []string // as printed small beside the pen's line; "周局（代）" for a delegate
	Day          calendar.Date
	Decision     procedure.Decision
	Certificates []string
	Values       map[procedure.FieldID]string // the part's own values as printed
}
