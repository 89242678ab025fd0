package procedure

import (
	"maps"
	"slices"
	"strings"
	"sync"
)

// Shared is the field by which a value of the case is typed; nil when no form asks it.
func (ed *Edition) Shared(id FieldID) *Field {
	for _, form := range slices.Sorted(maps.Keys(ed.Forms)) {
		if f := ed.Forms[form].Field(id); f != nil && f.Shared && f.Shows == nil {
			return f
		}
	}
	return nil
}

// Secretive tells whether a form has fields that not everybody may know.
func (ed *Edition) Secretive(id FormID) bool {
	f := ed.Forms[id]
	if f == nil {
		return false
	}
	for _, p := range f.Parts {
		for _, x := range p.Fields {
			if x.Secret {
				return true
			}
		}
	}
	return false
}

// StartsAtEnd tells whether a clock runs on when the case has ended: it starts with a fact that an action which ends the case
// sets, or at another clock's end. A case begun on paper at its end tells all its days at once.
func (ed *Edition) StartsAtEnd(c *Clock) bool {
	ends := func(id StateID) bool { st := ed.Def.Main.State(id); return st != nil && st.End }
	found := false
	ed.Def.Each(func(w *Walk, _ *State, a *Action) {
		if !slices.ContainsFunc(a.Moves.Values(), ends) && !(w.ID == Main && slices.ContainsFunc(a.To.Values(), ends)) {
			return
		}
		for _, facts := range a.Fact.Values() {
			found = found || slices.ContainsFunc(c.From.Sources, func(src Source) bool { return slices.Contains(facts, src.Fact) })
		}
	})
	return found || slices.ContainsFunc(c.From.Sources, func(src Source) bool { return src.Fact == "" })
}

// Edition is one procedure with the forms that it names, known by hash. A case pins an edition.
type Edition struct {
	Hash   string
	Def    *Definition
	Forms  map[FormID]*Form
	Pinned bool // it is here for the cases that rest on it; new ones begin on another, where there is one

	once   sync.Once // for serves
	serves map[FactID]map[FormID]bool

	papering sync.Once
	paper    *PaperForm

	gathering   sync.Once // for what follows
	liabilities []Liability
	named       []FormID
	actors      []Actor
	sought      []Sought
	acts        bool
}

// Sought is a shared field whose texts find the case; Column is which of its table's does, "" where it is a text itself.
type Sought struct {
	Field, Column FieldID
}

// gather walks through the procedure once for what every act and every row of a list asks of it.
func (ed *Edition) gather() *Edition {
	ed.gathering.Do(func() {
		ed.liabilities, ed.named, ed.actors = ed.Def.Liabilities(), ed.Def.Forms(), ed.Def.Actors()
		ed.sought, ed.acts = ed.seek(), ed.Def.acts()
	})
	return ed
}

// Acts tells whether the procedure has a clock that acts by itself.
func (ed *Edition) Acts() bool { return ed.gather().acts }

func (d *Definition) acts() bool {
	has := func(c Clock) bool { return c.OnExpiry != "" }
	return slices.ContainsFunc(d.Clocks, has) || slices.ContainsFunc(d.Sides, func(w Walk) bool { return slices.ContainsFunc(w.Clocks, has) })
}

// Liabilities are those of the definition. They are nobody's to change, as what [Edition.Named] and [Edition.Actors] give.
func (ed *Edition) Liabilities() []Liability { return ed.gather().liabilities }

// Named are the forms that the definition names.
func (ed *Edition) Named() []FormID { return ed.gather().named }

// Actors are those of the definition.
func (ed *Edition) Actors() []Actor { return ed.gather().actors }

// Sought are the fields of people whose names find the case: who came to the office (its confidential texts), and those for whom
// something is demanded.
func (ed *Edition) Sought() []Sought { return ed.gather().sought }

func (ed *Edition) seek() []Sought {
	var out []Sought
	seen := map[FieldID]bool{}
	for _, id := range slices.Sorted(maps.Keys(ed.Forms)) {
		for _, p := range ed.Forms[id].Parts {
			for i := range p.Fields {
				f := &p.Fields[i]
				if !f.Shared || f.Shows != nil || seen[f.ID] {
					continue
				}
				seen[f.ID] = true
				if f.Secret && f.Type == Text {
					out = append(out, Sought{Field: f.ID})
				}
				if at := slices.IndexFunc(f.Columns, func(x Field) bool { return x.Type == Text }); f.ID == ed.Def.Terms.Claims.Owed.Table && at >= 0 {
					out = append(out, Sought{f.ID, f.Columns[at].ID})
				}
			}
		}
	}
	return out
}

// KindEdition is the record of an edition, kept at its first use; its id is the edition's hash.
const KindEdition = "edition"

// KeptEdition is what stands in the record of an edition: a zip of its files is a blob.
type KeptEdition struct {
	Workflow WorkflowID `json:"workflow"`
	Version  int        `json:"version"`
	Files    string     `json:"files"` // SHA-256 of the zip
}

// Signing is the opening's form that is still being signed at the state, "" where none is: there a case can't begin, for
// nobody would have filled what is signed.
func (ed *Edition) Signing(state StateID) FormID {
	st := ed.Def.Main.State(state)
	if st == nil || slices.Contains(ed.Def.Open.To.Values(), state) {
		return ""
	}
	for i := range st.Actions {
		for _, fp := range st.Actions[i].Blanks() {
			form := ed.Forms[fp.Form]
			opened := slices.ContainsFunc(ed.Def.Open.Blanks(), func(o FormPart) bool { return o.Form == fp.Form })
			if opened && form != nil && !form.First(fp.Part) {
				return fp.Form
			}
		}
	}
	return ""
}

// Behind tells whether every way from the opening to a state of the main walk passes an action of which does is true: a
// case that stands there must have been through it, on paper or not.
func (d *Definition) Behind(to StateID, does func(*Action) bool) bool {
	if does(&d.Open) {
		return true
	}
	seen := map[StateID]bool{}
	way := d.Open.To.Values()
	for len(way) > 0 {
		at := way[len(way)-1]
		way = way[:len(way)-1]
		st := d.Main.State(at)
		if seen[at] || st == nil {
			continue
		}
		if at == to {
			return false
		}
		seen[at] = true
		for i := range st.Actions {
			if a := &st.Actions[i]; !does(a) {
				way = append(way, a.To.Values()...)
			}
		}
		for i := range d.Sides {
			if !d.Sides[i].Lives(st) {
				continue
			}
			for _, side := range d.Sides[i].States {
				for j := range side.Actions {
					if a := &side.Actions[j]; !does(a) {
						way = append(way, a.Moves.Values()...)
					}
				}
			}
		}
	}
	return true
}

// Owed are the states that no case can have come to without the fact: whoever takes a case over there must tell it. None
// for a fact that every case may do without.
func (d *Definition) Owed(id FactID) []State {
	var owed []State
	for i := range d.Main.States {
		if st := &d.Main.States[i]; !st.End && d.Behind(st.ID, func(a *Action) bool { return a.Sets(id) }) {
			owed = append(owed, *st)
		}
	}
	return owed
}

// Sets tells whether the action sets the fact whatever is typed.
func (a *Action) Sets(id FactID) bool {
	for _, o := range a.Fact {
		if o.None || !slices.Contains(o.Value, id) {
			return false
		}
	}
	return len(a.Fact) > 0
}

// Fills tells whether the action fills a part of the form whatever is typed.
func (a *Action) Fills(id FormID) bool {
	for _, o := range a.Forms {
		if o.When == nil && !o.None && o.Value.Form == id {
			return true
		}
	}
	for _, o := range a.Form {
		if o.None || o.Value.Form != id {
			return false
		}
	}
	return len(a.Form) > 0
}

// Servable are the forms of the documents that a fact kept per document is set for.
func (ed *Edition) Servable(id FactID) map[FormID]bool {
	ed.once.Do(func() {
		ed.serves = map[FactID]map[FormID]bool{}
		ed.Def.Each(func(_ *Walk, _ *State, a *Action) {
			for _, fs := range a.Fact.Values() {
				for _, f := range fs {
					if ed.serves[f] == nil {
						ed.serves[f] = map[FormID]bool{}
					}
					for _, o := range ed.documents(a) {
						ed.serves[f][o] = true
					}
				}
			}
		})
	})
	return ed.serves[id]
}

// documents are the forms that the document fields of an action may name.
func (ed *Edition) documents(a *Action) []FormID {
	var of []FormID
	for _, fp := range a.Blanks() {
		form := ed.Forms[fp.Form]
		if form == nil {
			continue
		}
		for i := range form.Parts {
			for j := range form.Parts[i].Fields {
				if f := &form.Parts[i].Fields[j]; f.Type == Document {
					of = append(of, f.Of...)
				}
			}
		}
	}
	return of
}

// Blanks are all form parts that the action may fill.
func (a *Action) Blanks() []FormPart {
	fps := a.Form.Values()
	for _, o := range a.Forms {
		if !o.None {
			fps = append(fps, o.Value)
		}
	}
	return fps
}

// WalkOf finds the walk of the definition that a walk of a case is, "evidence" of "evidence-2".
func (ed *Edition) WalkOf(id WalkID) *Walk {
	if w := ed.Def.Walk(id); w != nil {
		return w
	}
	if i := strings.LastIndexByte(string(id), '-'); i > 0 {
		return ed.Def.Walk(id[:i])
	}
	return nil
}

// RoleTitle is what a role of the procedure's cases is called: the title of the field that first gives it.
func (ed *Edition) RoleTitle(role Actor) Label {
	var l Label
	ed.Def.Each(func(_ *Walk, _ *State, a *Action) {
		id := a.Assigned(role)
		if id == "" || l != (Label{}) {
			return
		}
		for _, p := range a.Parts() {
			if form := ed.Forms[p.Form]; form != nil && form.Field(id) != nil {
				l = form.Field(id).Title
				return
			}
		}
	})
	return l
}

// ActorTitle is what a post or a role of the procedure's cases is called, empty for a word that is neither.
func (ed *Edition) ActorTitle(a Actor) Label {
	if p := FindPost(ed.Def.Posts, a); p != nil {
		return p.Title
	}
	return ed.RoleTitle(a)
}
