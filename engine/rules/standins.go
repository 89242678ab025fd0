package rules

import (
	"slices"

	"dossier/engine/casefile"
	"dossier/engine/office"
	"dossier/engine/procedure"
)

// By is who may do the action: those whom it names, and where all who hold these posts are kept away, or have signed
// another part of its paper, the first of the posts that stand in which has a holder who is not.
func (s *View) By(a *procedure.Action) []procedure.Actor {
	by, _ := Choose(s, a.By)
	if len(a.Instead) == 0 {
		return by
	}
	away := append(s.Away(a), s.signed(a)...)
	kept := func(post procedure.Actor) (held, free bool) {
		for _, id := range s.Office.Holders(post, s.Today) {
			held, free = true, free || !slices.Contains(away, id)
		}
		return held, free
	}
	some := false
	for _, post := range by {
		held, free := kept(post)
		if some = some || held; free {
			return by
		}
	}
	if !some {
		return by
	}
	for _, post := range a.Instead {
		if _, free := kept(post); free {
			return append(slices.Clone(by), post)
		}
	}
	return by
}

// Away are those who may not do the action, whatever post they hold: the case's investigators of one that judges, or whom
// a field names.
func (s *View) Away(a *procedure.Action) []office.PersonID {
	if a.NotBy == "" {
		return nil
	}
	if r := procedure.Ref(a.NotBy); r.Form != "" {
		v, _ := s.Value(r.Form, r.Field)
		return casefile.PersonIDs(v)
	}
	return s.Role(procedure.Actor(a.NotBy))
}

// signed are who filled another part of an open paper that the action signs: they can't sign this one too.
func (s *View) signed(a *procedure.Action) []office.PersonID {
	var ids []office.PersonID
	for _, fp := range a.Parts() {
		for i := range s.Case.Papers {
			p := &s.Case.Papers[i]
			if p.Form != fp.Form || !p.Open || p.Walk != s.Walk {
				continue
			}
			for _, x := range p.Parts {
				if x.Part != fp.Part {
					ids = append(ids, x.By, x.For)
				}
			}
		}
	}
	return ids
}

// investigators are who is or was given the case, and who took part in what the forms of its investigation record.
func (s *View) investigators() []office.PersonID {
	ids := slices.Clone(s.Case.Assigned)
	add := func(id office.PersonID) {
		if id != "" && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	for i := range s.Case.Papers {
		f := s.Edition.Forms[s.Case.Papers[i].Form]
		if f == nil || !slices.Contains(s.Edition.Def.Terms.Records, f.ID) {
			continue
		}
		for _, x := range s.Case.Papers[i].Parts {
			if x.Past != 0 || x.Seq >= s.Upto {
				continue
			}
			add(x.By)
			for k, v := range x.Values {
				if fd := f.Field(k); fd != nil && (fd.Type == procedure.People || fd.Type == procedure.PersonType) {
					for _, id := range casefile.PersonIDs(v) {
						add(id)
					}
				}
			}
		}
	}
	return ids
}
