package casefile

import (
	"maps"
	"slices"
	"strings"

	"dossier/engine/procedure"
)

// Mask is what stands for what a reader may not know.
const Mask = "＊＊＊"

// Veil is how much of a case is hidden from a reader.
type Veil int

const (
	Open     Veil = iota // nothing
	Veiled               // the informant
	Shrouded             // the informant, and everybody's identity number and telephone
)

// Hides tells whether the veil lies over a field or a column.
func (v Veil) Hides(f *procedure.Field) bool {
	return v >= Veiled && f.Secret || v >= Shrouded && (f.Type == procedure.IDNumber || f.Type == procedure.Phone)
}

// touches tells whether the veil lies over a field, or over a column of it.
func (v Veil) touches(f *procedure.Field) bool {
	for i := range f.Columns {
		if v.Hides(&f.Columns[i]) {
			return true
		}
	}
	return v.Hides(f)
}

// Of is a field's value as the veil shows it.
func (v Veil) Of(f *procedure.Field, x procedure.Value) procedure.Value {
	if x.Empty() {
		return x
	}
	if v.Hides(f) {
		return procedure.TextValue(Mask)
	}
	var rows []procedure.Cells
	for i := range f.Columns {
		if c := &f.Columns[i]; v.Hides(c) {
			if rows == nil {
				for _, row := range x.Rows {
					rows = append(rows, maps.Clone(row))
				}
			}
			for _, row := range rows {
				if row[c.ID] != "" {
					row[c.ID] = Mask
				}
			}
		}
	}
	if rows != nil {
		x.Rows = rows
	}
	return x
}

// cover lays the veil over a form's values, in place; nil is no form.
func (v Veil) cover(form *procedure.Form, vs procedure.Values) {
	if form == nil {
		return
	}
	for i := range form.Parts {
		for j := range form.Parts[i].Fields {
			if f := &form.Parts[i].Fields[j]; v.touches(f) {
				if x, there := vs[f.ID]; there {
					vs[f.ID] = v.Of(form.Field(f.ID), x)
				}
			}
		}
	}
}

// Masked is a case as the veil shows it.
func Masked(ed *procedure.Edition, c *Case, v Veil) *Case {
	if v == Open {
		return c
	}
	n := c.Clone()
	kept := Identities(ed, c.Shared)
	for i := range n.Papers {
		parts := slices.Clone(n.Papers[i].Parts)
		for j := range parts {
			parts[j].Values = maps.Clone(parts[j].Values)
			v.cover(ed.Forms[n.Papers[i].Form], parts[j].Values)
			unnamedAll(parts[j].Values, kept)
		}
		n.Papers[i].Parts = parts
	}
	n.Shared = maps.Clone(n.Shared)
	for _, f := range ed.Forms {
		v.cover(f, n.Shared)
	}
	if len(kept) > 0 {
		unnamedAll(n.Shared, kept)
		n.Files = slices.Clone(n.Files)
		unnamedFiles(n.Files, kept)
	}
	return n
}

// MaskEvent shows an event through the veil, in place, of a case with these [Identities].
func MaskEvent(ed *procedure.Edition, ev *Event, v Veil, kept []string) {
	if v == Open {
		return
	}
	kept = append(slices.Clone(kept), Identities(ed, ev.Shared)...) // those that were mended since
	for i := range ev.Papers {
		v.cover(ed.Forms[ev.Papers[i].Form], ev.Papers[i].Values)
		unnamedAll(ev.Papers[i].Values, kept)
	}
	for _, f := range ed.Forms {
		v.cover(f, ev.Shared)
	}
	unnamedAll(ev.Shared, kept)
	unnamedAll(ev.Values, kept)
	unnamedFiles(ev.Files, kept)
	if fix := ev.FixValue; fix != nil {
		fix.Was, fix.Value = unnamed(fix.Was, kept), unnamed(fix.Value, kept)
	}
	if fix := ev.FixValue; fix != nil {
		for _, form := range ed.Forms {
			if x := form.Field(fix.Field); x != nil && v.touches(x) {
				fix.Was, fix.Value, ev.Values = v.Of(x, fix.Was), v.Of(x, fix.Value), nil
			}
		}
	}
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
