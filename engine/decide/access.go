package decide

import (
	"maps"
	"slices"

	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/rules"
)

// Allowed is one line of who may do what in the cases of a procedure.
type Allowed struct {
	Action procedure.ActionID
	Title  procedure.Label
	Own    bool // of the procedure's own; else it is built in
	Gate   bool
	By     []procedure.Actor // posts and roles of the case, each that some case asks for
	Parts  []AllowedPart     // what whoever does it fills
}

// AllowedPart is a part of a form with the fields that are asked in it.
type AllowedPart struct {
	Form   *procedure.Form
	Part   *procedure.Part
	Asked  []*procedure.Field
	Secret []*procedure.Field // asked too, and known only to who has a role in the case
}

// Access is who may do what in the cases of a procedure: opening it, its actions in their order, what is built in.
func Access(ed *procedure.Edition, o *office.Office, today calendar.Date) []Allowed {
	var out []Allowed
	place := map[procedure.ActionID]int{}
	line := func(a *procedure.Action) *Allowed {
		i, ok := place[a.ID]
		if !ok {
			i = len(out)
			place[a.ID] = i
			out = append(out, Allowed{Action: a.ID, Title: a.Title, Own: true, Gate: a.Decision != ""})
		}
		return &out[i]
	}
	add := func(_ *procedure.Walk, _ *procedure.State, a *procedure.Action) {
		x := line(a)
		for _, by := range append(a.By.Values(), a.Instead) {
			x.by(by...)
		}
		for _, fp := range a.Blanks() {
			f := ed.Forms[fp.Form]
			if f != nil && f.Part(fp.Part) != nil {
				x.part(f, f.Part(fp.Part))
			}
		}
	}
	add(nil, nil, &ed.Def.Open)
	ed.Def.Each(add)
	s := rules.NewView(ed, o, &casefile.Case{Workflow: ed.Def.ID}, today, today)
	for _, id := range slices.Sorted(maps.Keys(Behaviours)) {
		f := BuiltinForm(ed, id)
		x := Allowed{Action: id}
		x.by(Behaviours[id].By(s)...)
		x.part(f, &f.Parts[0])
		out = append(out, x)
	}
	return out
}

func (x *Allowed) by(who ...procedure.Actor) {
	for _, a := range who {
		if a != procedure.Timer && !slices.Contains(x.By, a) {
			x.By = append(x.By, a)
		}
	}
}

func (x *Allowed) part(f *procedure.Form, p *procedure.Part) {
	if slices.ContainsFunc(x.Parts, func(y AllowedPart) bool { return y.Form.ID == f.ID && y.Part.ID == p.ID }) {
		return
	}
	y := AllowedPart{Form: f, Part: p}
	for i := range p.Fields {
		switch fd := &p.Fields[i]; {
		case fd.Shows != nil || fd.Fixed != "":
		case fd.Secret:
			y.Secret = append(y.Secret, fd)
		default:
			y.Asked = append(y.Asked, fd)
		}
	}
	x.Parts = append(x.Parts, y)
}
