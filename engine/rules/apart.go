package rules

import (
	"maps"
	"slices"

	"dossier/engine/casefile"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
)

// Concern narrows the scope to the respondents whom an action moves.
func (s *View) Concern(parties []string) {
	s.Acting, s.View = parties, parties
	if len(parties) == 1 {
		s.Party = parties[0]
	}
}

// Ask asks a guard from each point of view.
func (s *View) Ask(g *procedure.Guard, sides []*View) []refusal.Condition {
	return s.Each(sides, func(x *View) *refusal.Condition { return x.Guard(g) })
}

// Each asks from each point of view. What all fail alike is told once; else each that fails is named.
func (s *View) Each(sides []*View, ask func(*View) *refusal.Condition) []refusal.Condition {
	var cs []refusal.Condition
	var who []string
	alike := true
	for _, x := range sides {
		c := ask(x)
		if c == nil {
			continue
		}
		alike = alike && (len(cs) == 0 || maps.Equal(cs[0].Args, c.Args))
		cs, who = append(cs, *c), append(who, x.Party)
	}
	switch {
	case len(sides) > 1 && len(cs) == len(sides) && alike:
		return cs[:1]
	case len(cs) > 0 && s.Several():
		for i := range cs {
			cs[i].Args = casefile.Written(cs[i].Args)
			cs[i].Args["party"] = who[i]
		}
	}
	return cs
}

// allTogether asks whether all respondents stand where the action stands: what closes the case is one act.
func allTogether(s *View, _ procedure.Arg) (bool, refusal.Args) {
	var away []string
	for _, p := range s.Case.Places {
		if s.Acting != nil && !slices.Contains(s.Acting, p.Party) {
			away = append(away, p.Party)
		}
	}
	return len(away) == 0, refusal.Args{"who": JoinWords(away)}
}

// oneOutcome holds the outcome to one a party: who is not punished is not also punished or ordered to do anything.
func oneOutcome(s *View, a procedure.Arg) (bool, refusal.Args) {
	for _, f := range s.Edition.Def.Terms.Severity.Kinds {
		if v, _ := s.Value(procedure.FormID(a.Text), f); v.Has("none") && len(v.Strings()) > 1 {
			return false, refusal.Args{"form": a.Text}
		}
	}
	return true, nil
}

// onceEach asks whether each party stands in one row of a table only.
func onceEach(s *View, a procedure.Arg) (bool, refusal.Args) {
	v, _ := s.Value("", procedure.FieldID(a.Named["table"].Text))
	seen := map[string]bool{}
	for _, r := range v.Rows {
		who := r[procedure.FieldID(a.Named["column"].Text)]
		if seen[who] {
			return false, refusal.Args{"who": who}
		}
		seen[who] = true
	}
	return true, nil
}

// Meant are those of the addressees for whom the action makes the form: of an option with a test, those for whom it holds.
func (s *View) Meant(fp procedure.FormPart, people []string) []string {
	if !s.Several() || s.Action == nil {
		return people
	}
	for _, o := range s.Action.Forms {
		if o.Value == fp && o.When != nil {
			return slices.DeleteFunc(slices.Clone(people), func(p string) bool { return !s.Of(p).Holds(o.When) })
		}
	}
	return people
}

// GoesOn tells whether those whom the action moves go on with the i-th paper, an open one.
func (s *View) GoesOn(i int) bool {
	if s.Acting == nil || !s.Case.Apart() || s.Case.Papers[i].For != "" {
		return true
	}
	of := s.Case.On(s.Edition.Def, i)
	return len(of) > 0 && !slices.ContainsFunc(of, func(n string) bool { return !slices.Contains(s.Acting, n) })
}

// Addressable are those of the respondents in view for whom the action makes a paper, where it makes one for each of some,
// or for whom such a paper is issued and waits for what the action records; else all of them.
func (s *View) Addressable() []string {
	people := s.Respondents()
	if !s.Several() || s.Action == nil {
		return people
	}
	each, tested := false, true
	for _, o := range s.Action.Forms {
		each = each || o.Value.Per != ""
		tested = tested && (o.Value.Per == "" || o.When != nil)
	}
	if !each || !tested {
		return people
	}
	return slices.DeleteFunc(slices.Clone(people), func(p string) bool {
		x := s.Of(p)
		return !slices.ContainsFunc(s.Action.Forms, func(o procedure.Option[procedure.FormPart]) bool {
			return o.Value.Per != "" && (x.Holds(o.When) || x.waits(o.Value.Form))
		})
	})
}

// waits tells whether a document of the form is issued, and no fact that the action sets was set since.
func (s *View) waits(form procedure.FormID) bool {
	at := s.issuedAt([]procedure.FormID{form})
	for _, fs := range s.Action.Fact.Values() {
		for _, f := range fs {
			if d, ok := s.Latest(f); ok && d.Seq >= at {
				return false
			}
		}
	}
	return at > 0
}

// Unreached are those of the addressable to whom what the action makes for each has not come yet since what its facts come
// after: whom "all" means while some are left.
func (s *View) Unreached() []string {
	all := s.Addressable()
	if !s.Several() || s.Action == nil || !slices.ContainsFunc(s.Action.Forms, func(o procedure.Option[procedure.FormPart]) bool { return o.Value.Per != "" }) {
		return all
	}
	left := slices.DeleteFunc(slices.Clone(all), func(p string) bool {
		x := s.Of(p)
		for _, fs := range s.Action.Fact.Values() {
			for _, id := range fs {
				f := s.Edition.Def.Fact(id)
				d, ok := x.Latest(id)
				if cause, _ := x.Latest(f.After); ok && slices.Contains(f.Per, "respondent") && d.Seq > cause.Seq {
					return true
				}
			}
		}
		return false
	})
	if len(left) == 0 {
		return all
	}
	return left
}
