package specimen

import (
	"strings"

	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/office"
	"dossier/engine/paper"
	"dossier/engine/procedure"
	"dossier/engine/rules"
	"dossier/engine/text"
)

// Specimen says how a form is filled for the contact sheet.
type Specimen string

const (
	EmptySpecimen Specimen = "empty"
	UsualSpecimen Specimen = "usual" // its own sample values
	LongSpecimen  Specimen = "long"  // every field at its longest
	BareSpecimen  Specimen = "bare"  // of its own sample values those that must be given
)

// specimenDay is the day of every specimen.
var specimenDay = calendar.Of(2026, 5, 14)

// SpecimenSheet is a sheet of a form outside any case, for looking at its paper.
func SpecimenSheet(f *procedure.Form, kind Specimen) paper.Sheet {
	s := paper.Sheet{Form: f, Draft: kind == EmptySpecimen, Day: specimenDay, Values: map[procedure.FieldID]rules.Shown{}, Signed: map[procedure.PartID]paper.Signature{},
		Settings: func(string) string { return "" }, Bureau: "任县人力资源和社会保障局", Brigade: "任县劳动保障监察大队"}
	if kind == EmptySpecimen {
		return s
	}
	s.Number, s.CaseNumber, s.Code = "任人社监〔2026〕19号", "任人社监立〔2026〕19号", "42-1-7K3F"
	s.Party, s.Cause, s.Procedure = "任县宏达建筑劳务有限公司", "拖欠农民工工资", "劳动保障监察"
	sc := &rules.View{Edition: &procedure.Edition{Def: &procedure.Definition{}, Forms: map[procedure.FormID]*procedure.Form{f.ID: f}}, Office: office.NewOffice("", calendar.New(), nil, nil, nil),
		Case: &casefile.Case{Shared: procedure.Values{}, Walks: []casefile.WalkState{{ID: procedure.Main}}}, Day: specimenDay, Today: specimenDay, Upto: rules.Whole, Values: procedure.Values{}}
	for i := range f.Parts {
		p := &f.Parts[i]
		sig := paper.Signature{Names: []string{"李察", "赵办"}, Day: specimenDay, Values: map[procedure.FieldID]string{}}
		if i > 0 {
			sig.Names = []string{"周局"}
		}
		for j := range p.Fields {
			x := &p.Fields[j]
			if x.Shows != nil {
				s.Values[x.ID] = specimenShown(x, kind)
				continue
			}
			if kind != LongSpecimen && !asked(sc, x.When) || kind == BareSpecimen && !x.Required {
				continue
			}
			v := specimen(sc, x, kind)
			sc.Values[x.ID] = v
			s.Values[x.ID] = sc.Show(x, v)
			switch x.Type {
			case procedure.Respondent:
				s.Values[x.ID] = rules.Shown{Text: s.Party, Value: procedure.TextValue(s.Party)}
			case procedure.File:
				s.Values[x.ID] = rules.Shown{Text: "附件一", Value: procedure.TextValue("1")}
			case procedure.Document:
				s.Values[x.ID] = rules.Shown{Text: "《劳动保障监察行政处罚决定书》（任人社监罚字〔2026〕8号）", Value: procedure.TextValue("8")}
			case procedure.Table:
				for _, c := range x.Columns {
					for _, r := range s.Values[x.ID].Rows {
						if c.Type == procedure.PersonType {
							r[c.ID] = "李察"
						}
					}
				}
			case procedure.PersonType, procedure.People:
				s.Values[x.ID] = rules.Shown{Text: "李察、赵办", Value: v}
			}
			if s.Values[x.ID].Text == "" && !v.Empty() && x.Type != procedure.Table {
				s.Values[x.ID] = rules.Shown{Text: v.String(), Value: v}
			}
			sig.Values[x.ID] = s.Values[x.ID].Text
		}
		s.Signed[p.ID] = sig
	}
	return s
}

// asked tells whether a usual specimen has a field that is asked only at times. What other forms would have to say is
// taken to be so.
func asked(s *rules.View, t *procedure.Test) bool {
	if t == nil {
		return true
	}
	own := procedure.Test{Is: t.Is}
	for _, x := range t.Fields {
		if x.Form == "" {
			own.Fields = append(own.Fields, x)
		}
	}
	return s.Holds(&own)
}

func specimenShown(x *procedure.Field, kind Specimen) rules.Shown {
	w := x.Shows
	if kind == BareSpecimen && w.Party+procedure.FieldID(w.Over) != "" { // what needn't be known
		return rules.Shown{}
	}
	switch {
	case w.Fact != "" || w.Due != "":
		return rules.Shown{Text: specimenDay.Han(), Day: specimenDay}
	case w.Left != "" || w.Used != "":
		return rules.Shown{Text: "38个工作日"}
	case w.Sum != "" || w.Owed != "":
		return rules.Shown{Text: text.Yuan(12840000) + "元", Fen: 12840000}
	case w.Count != "" || w.Papers != "" || w.Total.Form != "":
		return rules.Shown{Text: "8"}
	case w.Contents:
		return rules.Shown{Text: "2", Rows: []map[procedure.FieldID]string{
			{"number": "任人社监立〔2026〕19号", "author": "任县劳动保障监察大队", "name": "立案审批表", "day": "20260306"},
			{"number": "任人社监罚字〔2026〕8号", "author": "任县人力资源和社会保障局", "name": "行政处罚决定书", "day": "20260514"}}}
	case w.Clause != "":
		return rules.Shown{Text: "此处印法律规定的固定条款。"}
	case w.Issued != nil || w.Newest != nil:
		return rules.Shown{Text: "《决定书》（任人社监〔2026〕8号）"}
	case w.Role != "" || w.Certs != "":
		return rules.Shown{Text: "李察（13052600117）、赵办（13052600123）"}
	case w.Number != "":
		return rules.Shown{Text: "任人社监立〔2026〕19号"}
	}
	if kind == LongSpecimen {
		return rules.Shown{Text: strings.Repeat("责令改正并依法处罚", 4)}
	}
	switch w.Tells {
	case procedure.TellFine, procedure.TellConfiscation, procedure.TellCompensation, procedure.TellLateFee:
		return rules.Shown{Text: text.Yuan(1000000) + "元", Fen: 1000000}
	case procedure.TellViolated, procedure.TellPunished, procedure.TellHandled, procedure.TellLateBroken:
		return rules.Shown{Text: "《劳动保障监察条例》第十一条第六项"}
	case procedure.TellBasis, procedure.TellHandling, procedure.TellLateBasis:
		return rules.Shown{Text: "《劳动保障监察条例》第二十六条第一项"}
	case procedure.TellKinds:
		return rules.Shown{Text: "罚款", Value: procedure.Value{List: []string{"fine"}}}
	case procedure.TellOutcome, procedure.TellWorking:
		return rules.Shown{Text: "罚款：10 000.00元"}
	}
	return rules.Shown{Text: "责令改正"}
}

// specimen is a field's sample, or a value as long as the field allows within reason.
func specimen(s *rules.View, f *procedure.Field, kind Specimen) procedure.Value {
	var v procedure.Value
	if o, ok := rules.Choose(s, f.Sample); ok {
		v, _ = sample(s, o, f, map[procedure.Actor][]office.PersonID{procedure.Actor(o.People): {"李察", "赵办"}})
		if o.File != "" {
			v = procedure.TextValue("1")
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
	case procedure.Text:
		n := f.Max
		if n == 0 || n > 60 {
			n = 60
		}
		return procedure.TextValue(long(n))
	case procedure.LongText:
		return procedure.TextValue(long(500) + "\n" + long(400))
	case procedure.Money:
		return procedure.TextValue("99999999.99")
	case procedure.Choices:
		for _, a := range f.Choices {
			v.List = append(v.List, a.Value)
		}
		v.Text = ""
		return v
	case procedure.Table:
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
