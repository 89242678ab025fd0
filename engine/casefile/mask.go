package casefile

import (
	"slices"
	"strings"

	"dossier/engine/procedure"
)

// Mask is what stands for the informant's identity.
const Mask = "＊＊＊"

// Masked blanks the secret fields of a case.
func Masked(ed *procedure.Edition, c *Case) *Case {
	n := c.Clone()
	hide := func(form *procedure.Form, vs procedure.Values) procedure.Values {
		out := procedure.Values{}
		for id, v := range vs {
			if form != nil {
				if f := form.Field(id); f != nil && f.Secret && !v.Empty() {
					v = procedure.TextValue(Mask)
				}
			}
			out[id] = v
		}
		return out
	}
	for i := range n.Papers {
		parts := slices.Clone(n.Papers[i].Parts)
		for j := range parts {
			parts[j].Values = hide(ed.Forms[n.Papers[i].Form], parts[j].Values)
		}
		n.Papers[i].Parts = parts
	}
	for _, f := range ed.Forms {
		n.Shared = hide(f, n.Shared)
	}
	return n
}

// Hidden tells whether a value, or part of it, is the mask that stands for what its reader may not know.
func Hidden(v procedure.Value) bool {
	for _, s := range v.Strings() {
		if strings.Contains(s, Mask) {
			return true
		}
	}
	for _, row := range v.Rows {
		for _, s := range row {
			if strings.Contains(s, Mask) {
				return true
			}
		}
	}
	return false
}
