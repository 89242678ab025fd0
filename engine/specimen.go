package engine

import (
	"strings"

	"dossier/engine/calendar"
	"dossier/engine/text"
)

// Specimen says how a form is filled for the contact sheet.
type Specimen string

const (
	EmptySpecimen Specimen = "empty"
	UsualSpecimen Specimen = "usual" // its own sample values
	LongSpecimen  Specimen = "long"  // every field at its longest
)

// specimenDay is the day of every specimen.
var specimenDay = calendar.Of(2026, 5, 14)

// SpecimenSheet is a sheet of a form outside any case, for looking at its paper.
func SpecimenSheet(f *Form, kind Specimen) Sheet {
	s := Sheet{Form: f, Draft: kind == EmptySpecimen, Day: specimenDay, Values: map[FieldID]Shown{}, Signed: map[PartID]Signature{},
		Settings: func(string) string { return "" }, Bureau: "任县人力资源和社会保障局", Brigade: "任县劳动保障监察大队"}
	if kind == EmptySpecimen {
		return s
	}
	s.Number, s.CaseNumber, s.Code = "任人社监〔2026〕19号", "任人社监立〔2026〕19号", "42-1-7K3F"
	s.Party, s.Cause = "任县宏达建筑劳务有限公司", "拖欠农民工工资"
	sc := &scope{ed: &Edition{Def: &Definition{}, Forms: map[FormID]*Form{f.ID: f}}, office: NewOffice("", calendar.New(), nil, nil, nil),
		c: &Case{Shared: Values{}, Walks: []WalkState{{ID: Main}}}, day: specimenDay, today: specimenDay, upto: now, values: Values{}}
	for i := range f.Parts {
		p := &f.Parts[i]
		sig := Signature{Names: []string{"李察", "赵办"}, Day: specimenDay, Values: map[FieldID]string{}}
		if i > 0 {
			sig.Names = []string{"周局"}
		}
		for j := range p.Fields {
			x := &p.Fields[j]
			if x.Shows != nil {
				s.Values[x.ID] = specimenShown(x, kind)
				continue
			}
			if kind == UsualSpecimen && !sc.asked(x.When) {
				continue
			}
			v := sc.specimen(x, kind)
			sc.values[x.ID] = v
			s.Values[x.ID] = sc.show(x, v)
			if x.Type == Document {
				s.Values[x.ID] = Shown{Text: "《劳动保障监察行政处罚决定书》（任人社监罚字〔2026〕8号）", Value: TextValue("8")}
			}
			if x.Type == PersonType || x.Type == People {
				s.Values[x.ID] = Shown{Text: "李察、赵办", Value: v}
			}
			if s.Values[x.ID].Text == "" && !v.Empty() && x.Type != Table {
				s.Values[x.ID] = Shown{Text: v.String(), Value: v}
			}
			sig.Values[x.ID] = s.Values[x.ID].Text
		}
		s.Signed[p.ID] = sig
	}
	return s
}

// asked tells whether a usual specimen has a field that is asked only at times. What other forms would have to say is
// taken to be so.
func (s *scope) asked(t *Test) bool {
	if t == nil {
		return true
	}
	own := Test{Is: t.Is}
	for _, x := range t.Fields {
		if x.Form == "" {
			own.Fields = append(own.Fields, x)
		}
	}
	return s.holds(&own)
}

func specimenShown(x *Field, kind Specimen) Shown {
	w := x.Shows
	switch {
	case w.Fact != "" || w.Due != "":
		return Shown{Text: specimenDay.Han(), Day: specimenDay}
	case w.Left != "" || w.Used != "":
		return Shown{Text: "38个工作日"}
	case w.Sum != "" || w.Owed != "":
		return Shown{Text: text.Yuan(12840000) + "元", Fen: 12840000}
	case w.Count != "":
		return Shown{Text: "8"}
	case w.Role != "":
		return Shown{Text: "李察（13052600117）、赵办（13052600123）"}
	case w.Number != "":
		return Shown{Text: "任人社监立〔2026〕19号"}
	}
	if kind == LongSpecimen {
		return Shown{Text: strings.Repeat("责令改正并依法处罚", 4)}
	}
	return Shown{Text: "责令改正"}
}

// specimen is a field's sample, or a value as long as the field allows within reason.
func (s *scope) specimen(f *Field, kind Specimen) Value {
	var v Value
	if o, ok := choose(s, f.Sample); ok {
		v, _ = s.sample(o, f, map[Actor][]PersonID{Actor(o.People): {"李察", "赵办"}})
		if o.File != "" {
			v = TextValue("1")
		}
	}
	if kind != LongSpecimen {
		return v
	}
	const filler = "该公司在承接的工程中未按月足额支付劳动者工资，经核对考勤表、工资结算单和银行流水，事实清楚，证据确凿。"
	long := func(n int) string {
		return string([]rune(strings.Repeat(filler, n/len([]rune(filler))+1))[:n])
	}
	switch f.Type {
	case Text:
		n := f.Max
		if n == 0 || n > 60 {
			n = 60
		}
		return TextValue(long(n))
	case LongText:
		return TextValue(long(500) + "\n" + long(400))
	case Money:
		return TextValue("99999999.99")
	case Choices:
		for _, a := range f.Choices {
			v.List = append(v.List, a.Value)
		}
		v.Text = ""
		return v
	case Table:
		if len(v.Rows) == 0 {
			return v
		}
		row := v.Rows[0]
		v.Rows = nil
		for range 40 {
			v.Rows = append(v.Rows, row)
		}
	}
	return v
}
