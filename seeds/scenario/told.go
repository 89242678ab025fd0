package scenario

import (
	"context"
	"strings"

	"dossier/engine"
	"dossier/engine/text"
)

// Told is an error in words, in both languages, with its codes.
func Told(e *engine.Error) string {
	var parts []string
	for _, lang := range []text.Lang{text.ZH, text.EN} {
		parts = append(parts, string(e.Code)+" "+e.Say(lang))
		for _, c := range e.Conditions {
			parts = append(parts, string(c.Code)+" "+e.SayCondition(lang, c))
		}
		for _, f := range e.Fields {
			parts = append(parts, f.Path+" "+string(f.Code)+" "+e.SayField(lang, f))
		}
	}
	return strings.Join(parts, "; ")
}

// refused tells whether the refusal is the one that was wanted: a code of it or in it, a part of its message, or any.
func refused(e *engine.Error, want string) bool {
	return want == "any" || e.Has(engine.Code(want)) || strings.Contains(Told(e), want)
}

// alerted holds the warnings given so far to what is expected.
func (p *player) alerted(ctx context.Context, id engine.CaseID, want []Alert, differ func(what, want, got string) error) error {
	for _, a := range want {
		return differ("alerts", string(a.Clock)+" to "+a.To, "no alerts yet")
	}
	return nil
}
