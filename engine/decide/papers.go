package decide

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
	"dossier/engine/secret"
)

// Papers says which papers the action fills.
func Papers(s *rules.View, fps []procedure.FormPart, values procedure.Values, chosen int) ([]casefile.PaperFill, error) {
	var fills []casefile.PaperFill
	n := len(s.Case.Papers)
	for _, fp := range fps {
		form := s.Edition.Forms[fp.Form]
		people := []string{""}
		var of []string // whom a new paper concerns
		if fp.Per == "respondent" {
			people = s.Meant(fp, addressees(s, values))
		} else if s.Case.Apart() {
			of = s.Acting
		}
		own := procedure.Values{}
		part := form.Part(fp.Part)
		for i := range part.Fields {
			if v, ok := values[part.Fields[i].ID]; ok {
				own[part.Fields[i].ID] = v
			}
		}
		for _, who := range people {
			mine := own
			if _, ok := own["respondent"]; ok && fp.Per != "" {
				mine = maps.Clone(own)
				mine["respondent"] = procedure.TextValue(who)
			}
			f := casefile.PaperFill{Form: fp.Form, Part: fp.Part, For: who, Of: of, Values: mine}
			for i := range s.Case.Papers {
				p := &s.Case.Papers[i]
				if p.Form == fp.Form && p.Open && p.Walk == s.Walk && p.For == who && (chosen == 0 || chosen == p.P) && s.GoesOn(i) {
					f.P = p.P
				}
			}
			if f.P == 0 {
				n++
				f.P, f.New = n, true
				if !form.First(fp.Part) {
					for _, d := range s.Case.Issued {
						if d.Form == fp.Form && d.Void == 0 && s.Case.Papers[d.P-1].For == who && s.Case.Whose(&s.Case.Papers[d.P-1], s.Acting) {
							f.From = d.P
						}
					}
				}
			}
			fills = append(fills, f)
		}
	}
	if chosen != 0 && !slices.ContainsFunc(fills, func(f casefile.PaperFill) bool { return f.P == chosen && !f.New }) {
		return nil, refusal.New(refusal.NotFound, refusal.Args{"what": "paper", "id": strconv.Itoa(chosen)})
	}
	return fills, nil
}

// addressees are those for whom a paper each is made: the parties, or those that its values name, of an action that moves
// nobody, or that sets a fact kept per respondent.
func addressees(s *rules.View, values procedure.Values) []string {
	if s.Case.Apart() {
		return s.Respondents()
	}
	named := values["respondent"].Strings()
	if len(named) > 0 && len(s.Action.To) == 0 {
		return named
	}
	for _, fs := range s.Action.Fact.Values() {
		for _, id := range fs {
			if f := s.Edition.Def.Fact(id); f != nil && slices.Contains(f.Per, "respondent") && len(named) > 0 {
				return named
			}
		}
	}
	return s.Respondents()
}

// Shared are the values of the case that these parts bring.
func Shared(s *rules.View, ps []*procedure.Part, values procedure.Values) procedure.Values {
	var out procedure.Values
	for _, p := range ps {
		for i := range p.Fields {
			f := &p.Fields[i]
			if v, ok := values[f.ID]; ok && f.Shared && !v.Equal(s.Case.Shared[f.ID]) {
				if out == nil {
					out = procedure.Values{}
				}
				out[f.ID] = v
			}
		}
	}
	return out
}

// assign gives and takes roles, and notes the certificates that stood on the fact day.
func (t *Sitting) assign(s *rules.View, a *procedure.Action, values procedure.Values, ev *casefile.Event) {
	for role, field := range a.Assigns {
		if v := values[field]; !v.Empty() {
			if ev.Roles == nil {
				ev.Roles = map[procedure.Actor][]office.PersonID{}
			}
			ev.Roles[role] = casefile.PersonIDs(v)
		}
	}
	for _, role := range a.Releases {
		if ev.Roles == nil {
			ev.Roles = map[procedure.Actor][]office.PersonID{}
		}
		ev.Roles[role] = nil
	}
	for _, g := range a.Guards {
		if g.Name != "certified" {
			continue
		}
		for _, id := range s.People(g.Arg.Named["people"]) {
			if n, ok := t.Office.Certificate(id, s.Day); ok {
				if ev.Certificates == nil {
					ev.Certificates = map[office.PersonID]string{}
				}
				ev.Certificates[id] = n
			}
		}
	}
}

// Number gives the case its intake or case number.
func (t *Sitting) Number(s *rules.View, sp Spot, ev *casefile.Event) error {
	kind := sp.Action.Number
	if kind == "" || s.Case.Numbers[kind] != "" {
		return nil
	}
	text, err := t.nextNumber(s, kind, ev)
	if err != nil {
		return err
	}
	ev.Numbers = map[string]string{kind: text}
	s.Case.Numbers = casefile.Written(s.Case.Numbers)
	s.Case.Numbers[kind] = text
	return nil
}

// nextNumber takes the next number of a kind that no case has and prints it by the office's template: a case taken over
// from paper may have brought one that the counter comes to.
func (t *Sitting) nextNumber(s *rules.View, kind string, ev *casefile.Event) (string, error) {
	year, _, _ := s.Day.YMD()
	flow := string(s.Edition.Def.ID)
	setting := func(names ...string) string {
		for _, n := range names {
			if v := t.Office.Text(n, s.Day); v != "" {
				return v
			}
		}
		return ""
	}
	word := setting("word/"+flow, "word")
	typ := setting("type/"+flow+"/"+kind, "type/"+kind)
	if typ == "" {
		typ = kind
	}
	counter := "number/" + word + typ + "/" + strconv.Itoa(year)
	template := setting("number/"+flow+"/"+kind, "number/"+kind, "number")
	if template == "" {
		template = "{word}{type}〔{year}〕{n}号"
	}
	for {
		n, err := t.Next(counter)
		if err != nil {
			return "", err
		}
		ev.Counted = append(ev.Counted, casefile.Count{Counter: counter, N: n})
		text := fillTemplate(template, map[string]string{"word": word, "type": typ, "year": strconv.Itoa(year), "n": strconv.Itoa(int(n) + t.Office.PaperNumbers(typ, year))})
		if there, err := t.Printed(text); err != nil || !there {
			return text, err
		}
	}
}

// issue freezes the papers that the action issues: number, code, day. Their bytes are drawn after the decision.
func (t *Sitting) issue(s *rules.View, sp Spot, ev *casefile.Event) error {
	work := s.Case
	n := len(work.Issued)
	for _, id := range sp.Action.Issues {
		for i := range work.Papers {
			p := &work.Papers[i]
			if p.Form != id || !p.Open || p.Walk != sp.ID || !s.Case.Whose(p, s.Acting) {
				continue
			}
			n++
			d := casefile.Issued{N: n, P: p.P, Form: id, Day: s.Day, Seq: ev.Seq, Code: secret.Code(int64(s.Case.ID), int64(n))}
			switch kind := s.Edition.Forms[id].Number; kind {
			case "", "case":
				d.Number = work.Number()
			default:
				text, err := t.nextNumber(s, kind, ev)
				if err != nil {
					return err
				}
				d.Number = text
			}
			ev.Issued = append(ev.Issued, d)
		}
	}
	return nil
}

func fillTemplate(t string, m map[string]string) string {
	for k, v := range m {
		t = strings.ReplaceAll(t, "{"+k+"}", v)
	}
	return t
}
