package plan

import (
	"slices"

	"dossier/engine/calendar"
	"dossier/engine/desk"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
)

// How a check is opened: the procedure, who may, and what its first form is filled with by the registry and the plan.

// Asked are the fields of the opening form that a check of the entry still needs, which neither the registry nor the plan
// answers: they are asked once for all.
func (b *Book) Asked(who office.PersonID, e Entry) (*desk.Blank, error) {
	r := e.Quota.regime
	w, err := b.witness(r, b.Engine.Today())
	if err != nil {
		return nil, err
	}
	var u *Unit
	if len(w.units) > 0 {
		u = &w.units[0]
	}
	values, err := b.values(e, u, &Making{Day: b.Engine.Today(), Team: b.Engine.Office().Holders(r.Staff, b.Engine.Today())})
	if err != nil {
		return nil, err
	}
	blank, err := b.blank(who, r, values)
	if err != nil {
		return nil, err
	}
	for i := range blank.Parts {
		p := &blank.Parts[i]
		for j := range p.Part.Fields {
			f := &p.Part.Fields[j]
			if v, given := values[f.ID]; f.Shows != nil || !f.Required || given && !v.Empty() || b.filled(r, f.ID) {
				p.Asked[f.ID] = false
			}
		}
	}
	return blank, nil
}

// filled tells whether a field is one that an object fills, where it can.
func (b *Book) filled(r *Regime, id procedure.FieldID) bool {
	_, own := r.Fills[id]
	_, common := b.Quotas.Fills[id]
	detail := slices.ContainsFunc(r.Details, func(d Details) bool { _, ok := d.Fills[id]; return ok })
	return own || common || detail || slices.Contains(r.Unit, id)
}

func (b *Book) blank(who office.PersonID, r *Regime, values procedure.Values) (*desk.Blank, error) {
	id, err := b.workflow(r)
	if err != nil {
		return nil, err
	}
	return desk.BlankFor(b.Engine, who, 0, id, b.Engine.Workflow(id).Def.Open.ID, "", values)
}

// workflow is the regime's procedure; not-found while the program brings none.
func (b *Book) workflow(r *Regime) (procedure.WorkflowID, error) {
	for _, w := range r.Workflows {
		if b.Engine.Workflow(w) != nil {
			return w, nil
		}
	}
	return "", unmet("no-procedure", refusal.Args{"regime": r.Title.ZH})
}

// Opens tells whether the person may open the regime's checks.
func (b *Book) Opens(who office.PersonID, r *Regime) bool {
	id, err := b.workflow(r)
	if err != nil || !b.On(r) {
		return false
	}
	o, today := b.Engine.Office(), b.Engine.Today()
	for _, by := range b.Engine.Workflow(id).Def.Open.By.Values() {
		for _, post := range by {
			if o.Holds(who, post, today) || len(o.Lent(who, post, today)) > 0 {
				return true
			}
		}
	}
	return false
}

// values are what a check of the unit is opened with: what is known of the object, what the plan says, what was typed.
func (b *Book) values(e Entry, u *Unit, m *Making) (procedure.Values, error) {
	r := e.Quota.regime
	ed, out, set, err := b.opening(r, u, m.Day)
	if err != nil {
		return nil, err
	}
	if len(e.Quota.Kinds) > 0 {
		set(r.Kind, procedure.TextValue(e.Quota.Kinds[0]))
	}
	source := b.Quotas.Sources.Choice
	if m.Draw > 0 {
		source = b.Quotas.Sources.Draw
	}
	set(r.Source, procedure.TextValue(source))
	for id, v := range m.Values {
		set(id, v)
	}
	team := make([]string, len(m.Team))
	for i, p := range m.Team {
		team[i] = string(p)
	}
	if terms := ed.Def.Terms; len(team) > 0 {
		set(ed.Def.Open.Assigned(terms.Officers), procedure.Value{List: team})
		set(ed.Def.Open.Assigned(terms.InCharge), procedure.TextValue(team[0]))
	}
	return out, nil
}

// opening is what a check of the unit is opened with by what the registry knows on a day, and what sets more of it: a value
// that the first form doesn't ask for, or can't hold, is left out.
func (b *Book) opening(r *Regime, u *Unit, day calendar.Date) (ed *procedure.Edition, out procedure.Values, set func(procedure.FieldID, procedure.Value), err error) {
	id, err := b.workflow(r)
	if err != nil {
		return nil, nil, nil, err
	}
	ed = b.Engine.Workflow(id)
	fields := map[procedure.FieldID]*procedure.Field{}
	for _, fp := range ed.Def.Open.Blanks() {
		form := ed.Forms[fp.Form]
		for i := range form.Parts {
			for j := range form.Parts[i].Fields {
				if f := &form.Parts[i].Fields[j]; f.Shows == nil {
					fields[f.ID] = f
				}
			}
		}
	}
	out = procedure.Values{}
	set = func(id procedure.FieldID, v procedure.Value) {
		if f := fields[id]; f != nil && !v.Empty() && takes(f, v) {
			out[id] = v
		}
	}
	if u != nil {
		err = b.known(r, u, day, fields, set)
	}
	return ed, out, set, err
}

// Way is a check that may be opened of an object outside any plan.
type Way struct {
	Regime   *Regime
	Workflow procedure.WorkflowID
	Values   procedure.Values // of its first form, as far as the registry knows them
}

// Ways are the checks of an object that the person may open today, a regime each; none of one that is no longer supervised.
func (b *Book) Ways(who office.PersonID, kind, object string) ([]Way, error) {
	var all []Way
	var unit *Unit
	today := b.Engine.Today()
	for i := range b.Quotas.Regimes {
		r := &b.Quotas.Regimes[i]
		if !slices.Contains(r.Of, kind) || !b.Opens(who, r) || slices.ContainsFunc(all, func(w Way) bool { return slices.Contains(r.Workflows, w.Workflow) }) {
			continue
		}
		if unit == nil { // the population is read once, and only for whoever may open something
			units, err := b.units([]string{kind}, today)
			if err != nil {
				return nil, err
			}
			j := slices.IndexFunc(units, func(u Unit) bool { return u.Object == object })
			if j < 0 {
				return nil, nil
			}
			unit = &units[j]
		}
		ed, values, _, err := b.opening(r, unit, today)
		if err != nil {
			return nil, err
		}
		all = append(all, Way{r, ed.Def.ID, values})
	}
	return all, nil
}

// takes tells whether the field can hold the value: a choice only what it offers.
func takes(f *procedure.Field, v procedure.Value) bool {
	if f.Type != procedure.ChoiceType && f.Type != procedure.Choices {
		return true
	}
	return !slices.ContainsFunc(v.Strings(), func(s string) bool {
		return !slices.ContainsFunc(f.Choices, func(c procedure.Allowed) bool { return c.Value == s })
	})
}

// known sets what the registry knows of the unit, and of what belongs to it.
func (b *Book) known(r *Regime, u *Unit, day calendar.Date, fields map[procedure.FieldID]*procedure.Field, set func(procedure.FieldID, procedure.Value)) error {
	for id, f := range fields {
		if f.Type != procedure.Table {
			set(id, u.Values[id])
		}
	}
	for _, fills := range []Fills{b.Quotas.Fills, r.Fills} {
		for id, from := range fills {
			set(id, u.Values[from])
		}
	}
	set("object", procedure.TextValue(u.Object))
	for _, d := range r.Details {
		us, err := b.units([]string{d.Of}, day)
		if err != nil {
			return err
		}
		var last *Unit
		for i := range us {
			x := &us[i]
			if x.Values[d.Own].Text != u.Values[d.Same].Text || x.Until != 0 && x.Until < day {
				continue
			}
			if last == nil || x.Values["valid-from"].Text >= last.Values["valid-from"].Text {
				last = x
			}
		}
		if last != nil {
			for id, from := range d.Fills {
				set(id, last.Values[from])
			}
		}
	}
	return nil
}
