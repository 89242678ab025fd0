package scenario

import (
	"context"
	"strings"

	"dossier/engine"
	"dossier/engine/text"
)

// Told is an error in words, in both languages, with its codes.
func Told(e *engine.Error) string {
	parts := []string{string(e.Code)}
	for _, lang := range []text.Lang{text.ZH, text.EN} {
		parts = append(parts, say(lang, string(e.Code), e.Args))
		for _, c := range e.Conditions {
			if c.Text.ZH != "" {
				parts = append(parts, string(c.Code)+" "+c.Text.ZH)
				continue
			}
			parts = append(parts, string(c.Code)+" "+say(lang, "guard."+string(c.Code), c.Args))
		}
		for _, f := range e.Fields {
			parts = append(parts, f.Path+" "+string(f.Code)+" "+say(lang, f.Why, f.Args))
		}
	}
	return strings.Join(parts, "; ")
}

func say(lang text.Lang, key string, args engine.Args) string {
	m := text.Args{}
	for k, v := range args {
		m[k] = v
	}
	return text.T(lang, key, m)
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
