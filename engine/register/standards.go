package register

import (
	"strings"

	"dossier/engine/penalty"
	"dossier/engine/procedure"
	"dossier/engine/text"
)

// Standards are the standards of discretion and their circumstances as carriers of what they cite: the provisions punished
// under and those broken, where the statutes have their words, and the places of the list.
func Standards(book *penalty.Book) []Cited {
	var out []Cited
	add := func(id, title string, law procedure.Law) {
		out = append(out, Cited{Carrier{Kind: Standard, ID: id, Title: procedure.Label{ZH: title}}, law})
	}
	for _, s := range book.Standards() {
		var law procedure.Law
		for _, p := range append([]penalty.Provision{s.Basis}, s.Violated...) {
			if !p.Own {
				law.Cites = append(law.Cites, procedure.Citation{Act: p.Act, Ref: p.Ref})
			}
		}
		for _, id := range s.Listed {
			law.Cites = append(law.Cites, Cite(id))
		}
		add(string(s.ID), s.Title, law)
	}
	for _, c := range book.Circumstances("") {
		add(c.ID, c.Title, procedure.Law{Cites: []procedure.Citation{{Act: c.Law.Act, Ref: c.Law.Ref}}})
	}
	return out
}

// Said is how a carrier is named: an action, a clock, a fact by its title, a form with its number, a field with its form's,
// a standard with its id.
func (c Carrier) Said(lang text.Lang) string {
	switch title := c.Title.In(lang); {
	case c.Kind == Form && lang == text.EN:
		return c.ID + " " + title
	case c.Kind == Form:
		return c.ID + "《" + title + "》"
	case c.Kind == Field:
		return c.ID + " " + c.Label.In(lang)
	case c.Kind == Standard && strings.Contains(c.ID, "/"):
		return c.ID + " " + title
	default:
		return title
	}
}
