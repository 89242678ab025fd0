package engine

import (
	"dossier/engine/secret"
	"maps"
	"slices"
	"strconv"
)

// papers says which papers the action fills.
func (s *scope) papers(fps []FormPart, values Values, chosen int) ([]PaperFill, error) {
	var fills []PaperFill
	n := len(s.c.Papers)
	for _, fp := range fps {
		form := s.ed.Forms[fp.Form]
		people := []string{""}
		if fp.Per == "respondent" {
			people = s.addressees(values)
		}
		own := Values{}
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
				mine["respondent"] = TextValue(who)
			}
			f := PaperFill{Form: fp.Form, Part: fp.Part, For: who, Values: mine}
			for i := range s.c.Papers {
				p := &s.c.Papers[i]
				if p.Form == fp.Form && p.Open && p.Walk == s.walk && p.For == who && (chosen == 0 || chosen == p.P) {
					f.P = p.P
				}
			}
			if f.P == 0 {
				n++
				f.P, f.New = n, true
				if !form.First(fp.Part) {
					for _, d := range s.c.Issued {
						if d.Form == fp.Form && d.Void == 0 && s.c.Papers[d.P-1].For == who {
							f.From = d.P
						}
					}
				}
			}
			fills = append(fills, f)
		}
	}
	return fills, nil
}

// addressees are those for whom a paper each is made: the parties, or of an action that sets a fact kept per respondent
// those that its values name.
func (s *scope) addressees(values Values) []string {
	named := values["respondent"].Strings()
	for _, fs := range s.act.Fact.Values() {
		for _, id := range fs {
			if f := s.ed.Def.Fact(id); f != nil && slices.Contains(f.Per, "respondent") && len(named) > 0 {
				return named
			}
		}
	}
	return s.respondents()
}

// shared are the values of the case that these parts bring.
func (s *scope) shared(ps []*Part, values Values) Values {
	var out Values
	for _, p := range ps {
		for i := range p.Fields {
			f := &p.Fields[i]
			if v, ok := values[f.ID]; ok && f.Shared && !v.Equal(s.c.Shared[f.ID]) {
				if out == nil {
					out = Values{}
				}
				out[f.ID] = v
			}
		}
	}
	return out
}

// assign gives and takes roles, and notes the certificates that stood on the fact day.
func (t *turn) assign(s *scope, a *Action, values Values, ev *Event) {
	for role, field := range a.Assigns {
		if v := values[field]; !v.Empty() {
			if ev.Roles == nil {
				ev.Roles = map[Actor][]PersonID{}
			}
			ev.Roles[role] = personIDs(v)
		}
	}
	for _, role := range a.Releases {
		if ev.Roles == nil {
			ev.Roles = map[Actor][]PersonID{}
		}
		ev.Roles[role] = nil
	}
	for _, g := range a.Guards {
		if g.Name != "certified" {
			continue
		}
		for _, id := range s.people(g.Arg.Named["people"]) {
			if n, ok := t.office.Certificate(id, s.day); ok {
				if ev.Certificates == nil {
					ev.Certificates = map[PersonID]string{}
				}
				ev.Certificates[id] = n
			}
		}
	}
}

func cut(s string) (FormID, FieldID, bool) {
	r := ref(s)
	return r.Form, r.Field, r.Form != ""
}

// number gives the case its intake or case number.
func (t *turn) number(s *scope, sp spot, ev *Event) error {
	kind := sp.act.Number
	if kind == "" || s.c.Numbers[kind] != "" {
		return nil
	}
	text, err := t.nextNumber(s, kind, ev)
	if err != nil {
		return err
	}
	ev.Numbers = map[string]string{kind: text}
	s.c.Numbers = written(s.c.Numbers)
	s.c.Numbers[kind] = text
	return nil
}

// nextNumber takes the next number of a kind that no case has and prints it by the office's template: a case taken over
// from paper may have brought one that the counter comes to.
func (t *turn) nextNumber(s *scope, kind string, ev *Event) (string, error) {
	year, _, _ := s.day.YMD()
	flow := string(s.ed.Def.ID)
	setting := func(names ...string) string {
		for _, n := range names {
			if v := t.office.Text(n, s.day); v != "" {
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
		n, err := t.next(counter)
		if err != nil {
			return "", err
		}
		ev.Counted = append(ev.Counted, Count{counter, n})
		text := fillTemplate(template, map[string]string{"word": word, "type": typ, "year": strconv.Itoa(year), "n": strconv.Itoa(int(n) + t.office.paperNumbers(typ, year))})
		if there, err := t.printed(text); err != nil || !there {
			return text, err
		}
	}
}

// issue freezes the papers that the action issues: number, code, day. Their bytes are drawn after the decision.
func (t *turn) issue(s *scope, sp spot, ev *Event) error {
	work := s.c
	n := len(work.Issued)
	for _, id := range sp.act.Issues {
		for i := range work.Papers {
			p := &work.Papers[i]
			if p.Form != id || !p.Open || p.Walk != sp.id {
				continue
			}
			n++
			d := Issued{N: n, P: p.P, Form: id, Day: s.day, Seq: ev.Seq, Code: secret.Code(int64(s.c.ID), int64(n))}
			switch kind := s.ed.Forms[id].Number; kind {
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
