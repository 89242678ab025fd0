package procedure

import (
	"strings"

	"dossier/engine/text"
)

// In is a label in a language, Chinese where it has no other.
func (l Label) In(lang text.Lang) string {
	if lang == text.EN && l.EN != "" {
		return l.EN
	}
	return l.ZH
}

// Cite is a citation as it is printed and shown, by the titles of the procedure's acts; a nil procedure knows none.
func (d *Definition) Cite(c Citation, lang text.Lang) string {
	if c.Act == "ours" {
		return text.T(lang, "law.ours")
	}
	act := c.Act
	if d != nil {
		for _, s := range d.Statutes {
			if s.ID == c.Act {
				act = s.Title.In(lang)
			}
		}
	}
	return text.Cite(act, c.Ref, lang)
}

// Cites are all citations of a law, joined.
func (d *Definition) Cites(law Law, lang text.Lang) string {
	out := make([]string, len(law.Cites))
	for i, c := range law.Cites {
		out[i] = d.Cite(c, lang)
	}
	if lang == text.EN {
		return strings.Join(out, ", ")
	}
	return strings.Join(out, "、")
}
