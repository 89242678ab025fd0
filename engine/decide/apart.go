package decide

import (
	"maps"
	"slices"
	"strconv"

	"dossier/engine/casefile"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
	"dossier/engine/rules"
)

// Parts are the commands into which a command is parted.
func (t *Sitting) Parts(ed *procedure.Edition, c *casefile.Case, cmd *casefile.Command) ([]casefile.Command, *refusal.Error) {
	if !c.Apart() {
		return []casefile.Command{*cmd}, nil
	}
	named, err := named(ed.Def, c, cmd.Values[procedure.RespondentField])
	if err != nil {
		return nil, err
	}
	s := rules.NewView(ed, t.Office, c, t.Today, t.Today)
	s.Values = cmd.Values
	var parts []casefile.Command
	reached := map[string]bool{}
	for _, sp := range Spots(ed, c, cmd.Action) {
		if cmd.Walk != "" && cmd.Walk != sp.ID && !(cmd.Walk == sp.Def.ID && sp.Fresh) {
			continue
		}
		here := sp.Parties
		if named != nil && here != nil {
			here = slices.DeleteFunc(slices.Clone(here), func(p string) bool { return !slices.Contains(named, p) })
			if len(here) == 0 {
				continue
			}
		}
		for _, p := range here {
			reached[p] = true
		}
		if here == nil && named != nil { // of a side walk of the whole case
			for _, p := range named {
				reached[p] = true
			}
		}
		if named == nil {
			here = owners(s, cmd.Values["document"].Strings(), s.Debtors(sp.Action, here))
		}
		groups, bad := onPapers(s, sp, here)
		if bad != nil {
			return nil, bad
		}
		for _, g := range groups {
			part, at := *cmd, sp
			part.Parties, part.At = g, (*casefile.Where)(&at)
			parts = append(parts, part)
		}
	}
	for _, p := range named {
		if !reached[p] {
			e := nowhere(ed, c, cmd)
			e.Args["party"], e.Args["state"] = p, string(c.Stands(p))
			return nil, e
		}
	}
	if len(parts) == 0 {
		return nil, nowhere(ed, c, cmd)
	}
	if parts, err = s.Payer(parts); err != nil {
		return nil, err
	}
	for i := range parts {
		addressed(&parts[i], ed)
		if i > 0 {
			parts[i].Files = nil
		}
	}
	return parts, nil
}

// owners are those of the parties whose the documents are that a command names, where it names some and no party.
func owners(s *rules.View, docs []string, here []string) []string {
	theirs := slices.DeleteFunc(slices.Clone(here), func(p string) bool {
		return !slices.ContainsFunc(docs, func(n string) bool {
			d := s.Case.Document(procedure.Int(n))
			return d == nil || s.Case.Papers[d.P-1].Concerns([]string{p})
		})
	})
	if len(docs) == 0 || len(theirs) == 0 {
		return here
	}
	return theirs
}

// addressed tells the forms of a part whom it moves, where they ask it.
func addressed(cmd *casefile.Command, ed *procedure.Edition) {
	asked := false
	for _, fp := range cmd.At.Action.Blanks() {
		if f := ed.Forms[fp.Form]; f != nil && f.Part(fp.Part) != nil {
			asked = asked || slices.ContainsFunc(f.Part(fp.Part).Fields, func(x procedure.Field) bool { return x.ID == procedure.RespondentField })
		}
	}
	values := maps.Clone(cmd.Values)
	if values == nil {
		values = procedure.Values{}
	}
	delete(values, procedure.RespondentField)
	if asked && cmd.Parties != nil {
		values[procedure.RespondentField] = procedure.Value{List: cmd.Parties}
	}
	cmd.Values = values
}

// onPapers parts respondents by the open paper that the action goes on with: who stand on one paper go together.
func onPapers(s *rules.View, sp Spot, parties []string) ([][]string, *refusal.Error) {
	if parties == nil {
		return [][]string{nil}, nil
	}
	for _, fp := range sp.Action.Blanks() {
		if fp.Per != "" || s.Edition.Forms[fp.Form] == nil {
			continue
		}
		first := s.Edition.Forms[fp.Form].First(fp.Part)
		var groups [][]string
		rest := slices.Clone(parties)
		for i := len(s.Case.Papers) - 1; i >= 0; i-- {
			p := &s.Case.Papers[i]
			if p.Form != fp.Form || !p.Open || p.Walk != sp.ID || p.For != "" {
				continue
			}
			of := s.Case.On(s.Edition.Def, i)
			group := slices.DeleteFunc(slices.Clone(rest), func(n string) bool { return !slices.Contains(of, n) })
			if len(group) == 0 {
				continue
			}
			if len(group) < len(of) {
				if first {
					continue // whoever goes alone begins a paper of their own
				}
				return nil, &refusal.Error{Code: refusal.ConditionUnmet, Conditions: []refusal.Condition{{Code: "one-paper", Law: sp.Action.Law,
					Args: refusal.Args{"who": rules.JoinWords(of), "form": string(p.Form)}}}}
			}
			groups = append(groups, group)
			rest = slices.DeleteFunc(rest, func(n string) bool { return slices.Contains(group, n) })
		}
		if len(groups) > 0 {
			slices.Reverse(groups)
			if len(rest) > 0 {
				groups = append(groups, rest)
			}
			return groups, nil
		}
	}
	return [][]string{parties}, nil
}

// goes says where the action takes the walk, each respondent whom it moves where they walk alone.
func goes(s *rules.View, ev *casefile.Event, sp Spot) error {
	if len(ev.Parties) == 0 || sp.Def.ID != procedure.Main {
		to, ok := rules.Choose(s, sp.Action.To)
		if !ok && !sp.Fresh {
			return nil
		}
		at, err := sp.machine(to).take(sp.Action.ID)
		ev.To = at
		return err
	}
	for _, p := range ev.Parties {
		to, ok := rules.Choose(s.Of(p), sp.Action.To)
		if !ok {
			continue
		}
		at, err := sp.machine(to).take(sp.Action.ID)
		if err != nil {
			return err
		}
		ev.Moved = append(ev.Moved, casefile.Moved{Party: p, State: at})
	}
	for i, m := range ev.Moved {
		switch {
		case i == 0:
			ev.To = m.State
		case ev.To != m.State:
			ev.To = ""
		}
	}
	return nil
}

// goal are the places after the event: of all in one, while the case moves as one.
func goal(s *rules.View, ev *casefile.Event) []casefile.Place {
	if !s.Case.Apart() || ev.MovesMain != "" {
		to := ev.MovesMain
		if to == "" {
			to = ev.To
		}
		return []casefile.Place{{State: to}}
	}
	places := slices.Clone(s.Case.Places)
	for _, m := range ev.Moved {
		for i := range places {
			if places[i].Party == m.Party {
				places[i].State = m.State
			}
		}
	}
	return places
}

// Stand finds where a command stands that is about to be made, and narrows the scope to the respondents whom it moves: the
// first of the parts into which it is parted. What refuses it is told when it is made.
func (t *Sitting) Stand(d *Docket, cmd *casefile.Command) (Spot, []string, *refusal.Error) {
	if !d.Case.Apart() {
		sp, err := find(d.Edition, d.Case, cmd)
		return sp, nil, err
	}
	parts, err := t.Parts(d.Edition, d.Case, cmd)
	if err != nil {
		sp, err2 := find(d.Edition, d.Case, cmd)
		if err2 != nil {
			return sp, nil, err2
		}
		return sp, sp.Parties, nil
	}
	*cmd = parts[0]
	return Spot(*parts[0].At), parts[0].Parties, nil
}

// named reads whom a value names: respondents by name, by their row's number, or all.
func named(d *procedure.Definition, c *casefile.Case, v procedure.Value) ([]string, *refusal.Error) {
	var names []string
	all := casefile.Parties(d, c)
	for _, x := range v.Strings() {
		switch n := procedure.Int(x); {
		case x == "all":
			return nil, nil
		case slices.Contains(all, x):
		case n >= 1 && n <= len(all) && strconv.Itoa(n) == x:
			x = all[n-1]
		default:
			return nil, refusal.Field(string(procedure.RespondentField), "field.respondent", refusal.Args{"respondent": x})
		}
		if !slices.Contains(names, x) {
			names = append(names, x)
		}
	}
	return names, nil
}
