package scenario

import (
	"context"
	"slices"
	"strings"

	"dossier/engine/alert"
	"dossier/engine/casefile"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
	"dossier/engine/text"
)

// Told is an error in words, in both languages, with its codes and the clauses of its conditions (apl/64).
func Told(e *refusal.Error) string { return inWords(text.ZH, e) + "; " + inWords(text.EN, e) }

// inWords is the same in one language.
func inWords(lang text.Lang, e *refusal.Error) string {
	parts := []string{string(e.Code) + " " + e.Say(lang)}
	for _, c := range e.Conditions {
		said := string(c.Code) + " " + e.SayCondition(lang, c)
		for _, cite := range c.Law.Cites {
			said += " " + cite.String()
		}
		parts = append(parts, said)
	}
	for _, f := range e.Fields {
		parts = append(parts, f.Path+" "+string(f.Code)+" "+e.SayField(lang, f))
	}
	return strings.Join(parts, "; ")
}

// refused tells whether the refusal is the one that was wanted: a code of it or in it, a part of its message, or any.
func refused(e *refusal.Error, want string) bool {
	return want == "any" || e.Has(refusal.Code(want)) || strings.Contains(Told(e), want)
}

// alerted holds the warnings given so far to what is expected: who was told of the clock, by post or role, or by name.
func (p *player) alerted(ctx context.Context, id casefile.CaseID, want []Alert, differ func(what string, want, got any) error) error {
	if len(want) == 0 {
		return nil
	}
	told, err := p.alerts().OfCase(ctx, id)
	if err != nil {
		return err
	}
	var got []string
	for _, t := range told {
		got = append(got, string(t.Clock)+" to "+string(t.As)+" "+string(t.To))
	}
	for _, a := range want {
		if !slices.ContainsFunc(told, func(t alert.Told) bool {
			return t.Clock == a.Clock && (string(t.As) == a.To || t.To == p.id(a.To) || p.holds(t.To, a.To))
		}) {
			return differ("alerts", text.Say("%s to %s", a.Clock, a.To), "["+strings.Join(got, ", ")+"]")
		}
	}
	return nil
}

// alerts are the stage's own.
func (p *player) alerts() *alert.Alerts { return &alert.Alerts{Engine: p.stage.Engine} }

// holds tells whether the person is one of the post's people in the scenario.
func (p *player) holds(who office.PersonID, post string) bool {
	for _, name := range p.s.People[procedure.Actor(post)] {
		if p.id(name) == who {
			return true
		}
	}
	return false
}
