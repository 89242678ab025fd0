package filling

import (
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/rules"
	"dossier/engine/sight"
)

// refilled is what stood in the field when the part was filled last, on a paper that is still open.
func refilled(s *rules.View, form procedure.FormID, part procedure.PartID, f procedure.FieldID) procedure.Value {
	for i := len(s.Case.Papers) - 1; i >= 0; i-- {
		p := &s.Case.Papers[i]
		if p.Form != form || !p.Open || p.Walk != s.Walk || !s.GoesOn(i) {
			continue
		}
		for j := len(p.Parts) - 1; j >= 0; j-- {
			if x := &p.Parts[j]; x.Part == part && x.Decision == "" {
				return x.Values[f]
			}
		}
	}
	return procedure.Value{}
}

// known is what the record already says of a field that was not given.
func known(s *rules.View, f *procedure.Field) procedure.Value {
	for _, k := range f.From {
		if v := From(s, k, f); !v.Empty() {
			return v
		}
	}
	if f.Shared {
		return s.Case.Shared[f.ID]
	}
	return procedure.Value{}
}

// From is what one source of a field says.
func From(s *rules.View, k procedure.Known, f *procedure.Field) procedure.Value {
	switch {
	case k.Value.Field != "":
		v, _ := s.Written().Value(k.Value.Form, k.Value.Field)
		return v
	case k.Shared != "":
		return s.Case.Shared[k.Shared]
	case k.Fact != "":
		d, _ := s.Latest(k.Fact)
		return procedure.TextValue(d.Day.String())
	case k.Role != "":
		return PeopleValue(f, s.Role(k.Role))
	case k.Setting != "":
		return procedure.TextValue(s.Office.Text(k.Setting, s.Day))
	case k.Owed != "":
		return s.Computed(&procedure.Show{Owed: k.Owed}).Value
	case k.Sum != "":
		if n := s.Computed(&procedure.Show{Sum: k.Sum}).Fen; n > 0 {
			return procedure.TextValue(procedure.FormatMoney(n))
		}
	case k.Today:
		return procedure.TextValue(s.Today.String())
	case k.Day:
		return procedure.TextValue(s.Day.String())
	case k.Me:
		return PeopleValue(f, []office.PersonID{s.Actor})
	}
	return procedure.Value{}
}

// PeopleValue are people as a field of its type holds them: the first, or all.
func PeopleValue(f *procedure.Field, ids []office.PersonID) procedure.Value {
	if len(ids) == 0 {
		return procedure.Value{}
	}
	if f.Type == procedure.PersonType || f.Type == procedure.Text {
		return procedure.TextValue(string(ids[0]))
	}
	v := procedure.Value{}
	for _, id := range ids {
		v.List = append(v.List, string(id))
	}
	return v
}

// Present is what stands in the field by the record: known to the case, or written when the part was filled last. Form is
// the zero FormPart where the part belongs to none.
func Present(s *rules.View, f *procedure.Field, of procedure.FormPart) procedure.Value {
	v := known(s, f)
	if v.Empty() && of.Form != "" { // what stood there when the part was filled last, on a paper still open
		v = refilled(s, of.Form, of.Part, f.ID)
	}
	return v
}

// Unaware tells whether the actor may not know what is confidential in the case.
func Unaware(s *rules.View) bool {
	return s.Case.Seq > 0 && !sight.Knows(s.Edition, s.Office, s.Case, s.Actor, s.Today)
}
