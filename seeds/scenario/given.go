package scenario

import (
	"context"
	"maps"
	"reflect"
	"slices"
	"strings"

	"dossier/engine/casefile"
	"dossier/engine/desk"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
)

// give gives the step's values and what the scenario gives for fields that the step leaves open and the case doesn't know.
func (p *player) give(ctx context.Context, cmd casefile.Command, given procedure.Values) (procedure.Values, error) {
	own := cmd.Values
	for range 4 { // a value can bring up further fields, or another form
		b, err := desk.BlankFor(p.stage.Engine, cmd.Actor, cmd.Case, cmd.Workflow, cmd.Action, cmd.Walk, cmd.Values)
		if refusal.As(err) != nil {
			return own, nil // let the action itself be refused
		}
		if err != nil {
			return nil, err
		}
		values := maps.Clone(own)
		for _, part := range b.Parts {
			for k, ours := range charged(b.Edition.Def, part.Part) {
				if v, ok := given[k]; ok && ours && !gave(own, k) {
					values[k] = v
				}
			}
			for _, f := range part.Part.Fields {
				if _, has := own[f.ID]; has || f.Shows != nil || !part.Asked[f.ID] {
					continue
				}
				if v, ok := given[procedure.FieldID(string(part.Form.ID)+"."+string(f.ID))]; ok {
					values[f.ID] = p.named(&f, v)
				} else if part.Known[f.ID] { // what the page would show already
					values[f.ID] = part.Values[f.ID]
				} else if v, ok := given[f.ID]; ok {
					values[f.ID] = p.named(&f, v)
				}
			}
		}
		if reflect.DeepEqual(values, cmd.Values) {
			break
		}
		cmd.Values = values
	}
	return cmd.Values, nil
}

// charged are what a scenario says of the rows of violations that the part has, without writing rows.
func charged(def *procedure.Definition, part *procedure.Part) map[procedure.FieldID]bool {
	t := &def.Terms.Severity.Violations
	out := map[procedure.FieldID]bool{}
	if t.Table == "" || !slices.ContainsFunc(part.Fields, func(f procedure.Field) bool { return f.ID == t.Table }) {
		return out
	}
	for _, column := range t.Columns() {
		out[column] = column != t.Party
	}
	for _, f := range part.Fields {
		if f.Shows == nil { // a word that the part has a field of its own for is that field's
			delete(out, f.ID)
		}
	}
	return out
}

// gave tells whether the step itself gives the value.
func gave(own procedure.Values, k procedure.FieldID) bool { _, has := own[k]; return has }

// asks tells whether a form that the action may fill has a field that the scenario gives and the step leaves open.
func (p *player) asks(cmd casefile.Command, given procedure.Values) bool {
	if len(given) == 0 {
		return false
	}
	ed := p.stage.Engine.Workflow(p.s.Workflow)
	if ed == nil || ed.Def.ID != cmd.Workflow && cmd.Workflow != "" {
		return true
	}
	open := map[procedure.FormID]map[procedure.FieldID]bool{}
	for k := range given {
		form, f, ok := strings.Cut(string(k), ".")
		if !ok {
			form, f = "", string(k)
		}
		if _, has := cmd.Values[procedure.FieldID(f)]; has {
			continue
		}
		if open[procedure.FormID(form)] == nil {
			open[procedure.FormID(form)] = map[procedure.FieldID]bool{}
		}
		open[procedure.FormID(form)][procedure.FieldID(f)] = true
	}
	asks := false
	ed.Def.Each(func(_ *procedure.Walk, _ *procedure.State, a *procedure.Action) {
		if asks || a.ID != cmd.Action {
			return
		}
		fps := a.Form.Values()
		for _, o := range a.Forms {
			fps = append(fps, o.Value)
		}
		for _, fp := range fps {
			if ed.Forms[fp.Form] == nil {
				continue
			}
			for _, part := range ed.Forms[fp.Form].Parts {
				if part.ID != fp.Part {
					continue
				}
				for _, f := range part.Fields {
					asks = asks || open[""][f.ID] || open[fp.Form][f.ID]
				}
			}
		}
	})
	return asks
}
