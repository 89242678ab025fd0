// Package filling reads what was typed into the fields of the forms that an action fills, and tells what the record says of a
// field already. Every door (page, API, pasted list, spreadsheet, command line) reads through it.
//
// It asks a look at the case and changes nothing; who may take the action, and whether its conditions hold, is not its
// business.
package filling

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"dossier/engine/casefile"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
	"dossier/engine/rules"
)

// Prepare reads typed values with what is known, following choices of forms that the values decide.
func Prepare(s *rules.View, a *procedure.Action, typed procedure.Values, r *Reader) (procedure.Values, []*procedure.Part) {
	s.Values = typed
	fps, ps := s.Parts(a)
	values := r.Read(fps, ps, typed)
	if again, ps2 := s.Parts(a); !slices.Equal(again, fps) {
		r.Faults = nil
		s.Values = typed
		values, ps, fps = r.Read(again, ps2, typed), ps2, again
	}
	s.Fills = fps
	return values, ps
}

// Limits of a value where the form sets none.
const (
	MaxText = 200
	maxLong = 20_000
	maxRows = 2_000
)

// Reader reads what was typed into the fields of the parts that an action fills.
type Reader struct {
	View    *rules.View
	Brief   map[procedure.FormPart]bool // parts of which only the opinion is asked
	Uploads int                         // files that come with the command
	Missing func(string) []rune         // characters that no font has
	Faults  []refusal.FieldFault
}

func (r *Reader) Fault(path, why string, args refusal.Args) {
	r.Faults = append(r.Faults, refusal.FieldFault{Path: path, Code: refusal.FieldInvalid, Why: why, Args: args})
}

// Read parses the given values of these parts, adds what is already known for fields that were not given, and reports
// every fault. The scope's values are what it returns.
func (r *Reader) Read(of []procedure.FormPart, parts []*procedure.Part, given procedure.Values) procedure.Values {
	s := r.View
	given = r.unmasked(of, parts, given)
	out := procedure.Values{}
	r.View.Values = out
	known := map[procedure.FieldID]bool{}
	for _, p := range parts {
		for i := range p.Fields {
			f := &p.Fields[i]
			known[f.ID] = true
			if f.Shows != nil {
				continue
			}
			if v, ok := given[f.ID]; ok && !v.Empty() {
				if _, done := out[f.ID]; !done {
					if v, ok := r.Parse(string(f.ID), f, v); ok {
						out[f.ID] = v
					} else {
						out[f.ID] = procedure.Value{Text: given[f.ID].Text}
					}
				}
			}
		}
	}
	bad := map[string]bool{}
	for _, f := range r.Faults {
		bad[strings.SplitN(f.Path, "[", 2)[0]] = true
	}
	done := map[procedure.FieldID]bool{}
	var violations *procedure.Field
	for k, p := range parts {
		brief := len(of) > 0 && r.Brief[procedure.FormPart{Form: of[k].Form, Part: of[k].Part}]
		for i := range p.Fields {
			f := &p.Fields[i]
			if brief && !f.Opinion && r.elsewhere(of, parts, f.ID) {
				continue // another part of this very action asks it
			}
			if f.Shows != nil || done[f.ID] {
				continue
			}
			done[f.ID] = true
			if !r.View.Holds(f.When) || brief && !f.Opinion {
				delete(out, f.ID)
				continue
			}
			if _, ok := given[f.ID]; !ok {
				fp := procedure.FormPart{}
				if k < len(of) {
					fp = of[k]
				}
				if v := Present(r.View, f, fp); !v.Empty() {
					out[f.ID] = v
				}
			}
			if v := out[f.ID]; v.Empty() {
				delete(out, f.ID)
				if f.Required && !bad[string(f.ID)] {
					r.Fault(string(f.ID), "field.required", refusal.Args{"field": f.Title.ZH})
				}
			}
			r.Among(f, out)
			if f.ID == s.Edition.Def.Terms.Severity.Violations.Table {
				violations = f
			}
		}
		r.Dated(p.Fields, out)
	}
	if violations != nil {
		r.judge(violations, out)
	}
	for _, id := range slices.Sorted(maps.Keys(given)) {
		if !known[id] {
			r.Fault(string(id), "field.unknown", refusal.Args{"field": string(id)})
		}
	}
	return out
}

// elsewhere tells whether a part that is asked whole has the field too.
func (r *Reader) elsewhere(of []procedure.FormPart, parts []*procedure.Part, id procedure.FieldID) bool {
	for k, p := range parts {
		if r.Brief[procedure.FormPart{Form: of[k].Form, Part: of[k].Part}] {
			continue
		}
		for i := range p.Fields {
			if p.Fields[i].ID == id {
				return true
			}
		}
	}
	return false
}

// Among holds a person to the people of another field.
func (r *Reader) Among(f *procedure.Field, out procedure.Values) {
	if f.Among == "" || out[f.ID].Empty() {
		return
	}
	for _, x := range out[f.ID].Strings() {
		if !out[f.Among].Has(x) {
			r.Fault(string(f.ID), "field.among", refusal.Args{"field": f.Title.ZH, "who": r.View.Office.Name(office.PersonID(x))})
		}
	}
}

// unmasked are the given values without those that the actor may not know: what is confidential and on record is never taken
// from their form, whatever it says, so that it stays as it is. The mask itself is nobody's answer.
func (r *Reader) unmasked(of []procedure.FormPart, parts []*procedure.Part, given procedure.Values) procedure.Values {
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
			if said && f.Secret && (v.Text == casefile.Mask || Unaware(r.View) && !Present(r.View, f, fp).Empty()) {
				drop(f.ID)
			}
		}
	}
	return out
}

// Parse reads one field.
func (r *Reader) Parse(path string, f *procedure.Field, v procedure.Value) (procedure.Value, bool) {
	before := len(r.Faults)
	switch f.Type {
	case procedure.Choices, procedure.People, procedure.Document, procedure.Respondent:
		var out procedure.Value
		for _, x := range v.Strings() {
			for _, y := range r.expand(f, x) {
				if y, ok := r.text(path, f, y); ok && y != "" && !out.Has(y) {
					out.List = append(out.List, y)
				}
			}
		}
		return out, len(r.Faults) == before
	case procedure.Table:
		return r.table(path, f, v), len(r.Faults) == before
	}
	if len(v.Rows) > 0 || len(v.List) > 1 {
		r.Fault(path, "field.one", refusal.Args{"field": f.Title.ZH})
		return procedure.Value{}, false
	}
	text := ""
	if ss := v.Strings(); len(ss) > 0 {
		text = ss[0]
	}
	t, ok := r.text(path, f, text)
	return procedure.TextValue(t), ok
}

// expand turns "all", a form's code or a printed number into the documents or respondents that it names.
func (r *Reader) expand(f *procedure.Field, x string) []string {
	switch f.Type {
	case procedure.Document:
		var ns []string
		docs := r.View.Unserved(f) // "all" and a form's code: those that still wait for it
		if x != "all" && !slices.ContainsFunc(docs, func(d casefile.Issued) bool { return x == string(d.Form) }) {
			docs = r.View.Nameable(f)
		}
		for _, d := range docs {
			if x == "all" || x == strconv.Itoa(d.N) || x == string(d.Form) || x == d.Number || d.Code != "" && strings.EqualFold(x, d.Code) {
				ns = append(ns, strconv.Itoa(d.N))
			}
		}
		if ns != nil {
			return ns
		}
	case procedure.Respondent:
		if x == "all" {
			return r.View.Unreached()
		}
		names := casefile.Parties(r.View.Edition.Def, r.View.Case)
		if n, err := strconv.Atoi(x); err == nil && n >= 1 && n <= len(names) {
			return names[n-1 : n]
		}
	}
	return []string{x}
}

func (r *Reader) table(path string, f *procedure.Field, v procedure.Value) procedure.Value {
	var out procedure.Value
	if len(v.Rows) > maxRows {
		r.Fault(path, "field.rows", refusal.Args{"max": strconv.Itoa(maxRows)})
		return out
	}
	if v.Text != "" || len(v.List) > 0 {
		r.Fault(path, "field.table", refusal.Args{"field": f.Title.ZH})
		return out
	}
	for i, row := range v.Rows {
		cells, empty := procedure.Cells{}, true
		for j := range f.Columns {
			c := &f.Columns[j]
			if c.Shows != nil {
				continue
			}
			at := path + "[" + strconv.Itoa(i) + "]." + string(c.ID)
			if t := strings.TrimSpace(row[c.ID]); t != "" {
				empty = false
				if c.Type.Several() { // several in one cell
					var ts []string
					for _, x := range strings.FieldsFunc(t, func(r rune) bool { return strings.ContainsRune("、，,;； ", r) }) {
						if x, ok := r.text(at, c, x); ok && !slices.Contains(ts, x) {
							ts = append(ts, x)
						}
					}
					cells[c.ID] = strings.Join(ts, " ")
				} else if t, ok := r.text(at, c, t); ok {
					cells[c.ID] = t
				}
			}
		}
		for _, id := range slices.Sorted(maps.Keys(row)) {
			known := false
			for j := range f.Columns {
				known = known || f.Columns[j].ID == id
			}
			if !known {
				r.Fault(path+"["+strconv.Itoa(i)+"]."+string(id), "field.unknown", refusal.Args{"field": string(id)})
			}
		}
		if empty {
			continue
		}
		for j := range f.Columns {
			c := &f.Columns[j]
			if c.Required && strings.TrimSpace(row[c.ID]) == "" {
				r.Fault(path+"["+strconv.Itoa(i)+"]."+string(c.ID), "field.required", refusal.Args{"field": c.Title.ZH})
			}
		}
		out.Rows = append(out.Rows, cells)
	}
	if len(out.Rows) < f.Min {
		r.Fault(path, "field.min-rows", refusal.Args{"min": strconv.Itoa(f.Min)})
	}
	if parties := r.View.Edition.Def.Terms.Parties; f.ID == parties.Table {
		r.ownNames(path, parties.Column, out.Rows)
	}
	return out
}

// ownNames holds the respondents to a name each: papers, days and money find their party by it. Spaces don't tell two apart.
func (r *Reader) ownNames(path string, column procedure.FieldID, rows []procedure.Cells) {
	seen := map[string]bool{}
	for i, row := range rows {
		name := strings.Join(strings.Fields(row[column]), "")
		if name != "" && seen[name] {
			r.Fault(path+"["+strconv.Itoa(i)+"]."+string(column), "field.party-twice", refusal.Args{"respondent": row[column]})
		}
		seen[name] = true
	}
}
