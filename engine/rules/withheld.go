package rules

import (
	"strings"

	"dossier/engine/casefile"
	"dossier/engine/procedure"
)

// Hidden tells whether a value, or part of it, is the mask that stands for what its reader may not know.
func Hidden(v procedure.Value) bool {
	for _, s := range v.Strings() {
		if strings.Contains(s, casefile.Mask) {
			return true
		}
	}
	for _, row := range v.Rows {
		for _, s := range row {
			if strings.Contains(s, casefile.Mask) {
				return true
			}
		}
	}
	return false
}

// Present is what stands in the field by the record: known to the case, or written when the part was filled last. Form is
// the zero FormPart where the part belongs to none.
func (s *View) Present(f *procedure.Field, of procedure.FormPart) procedure.Value {
	v := s.known(f)
	if v.Empty() && of.Form != "" { // what stood there when the part was filled last, on a paper still open
		v = s.refilled(of.Form, of.Part, f.ID)
	}
	return v
}

// Unaware tells whether the actor may not know what is confidential in the case.
func (s *View) Unaware() bool {
	return s.Case.Seq > 0 && !Knows(s.Edition, s.Office, s.Case, s.Actor, s.Today)
}

// seen are the given values without those that the actor may not know: what is confidential and on record is never taken
// from their form, whatever it says, so that it stays as it is. The mask itself is nobody's answer.
func (r *Reader) seen(of []procedure.FormPart, parts []*procedure.Part, given procedure.Values) procedure.Values {
	out := given
	drop := func(id procedure.FieldID) {
		if len(out) == len(given) {
			out = procedure.Values{}
			for k, v := range given {
				out[k] = v
			}
		}
		delete(out, id)
	}
	for k, p := range parts {
		fp := procedure.FormPart{}
		if k < len(of) {
			fp = of[k]
		}
		for i := range p.Fields {
			f := &p.Fields[i]
			v, said := out[f.ID]
			if said && f.Secret && (v.Text == casefile.Mask || r.View.Unaware() && !r.View.Present(f, fp).Empty()) {
				drop(f.ID)
			}
		}
	}
	return out
}
