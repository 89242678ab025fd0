package page

import (
	"net/url"

	"dossier/engine/procedure"
	"dossier/engine/text"
)

// Short is the beginning of a text, with a sign that there is more.
func Short(s string, n int) string {
	if c := Cut(s, n); c != s {
		return c + "…"
	}
	return s
}

// Clause is one citation that opens where it is shown.
type Clause struct {
	Said, Address string
	Text          []string
	Note          string // of which version the text is, or who told it
	Sep, Open     string // what stands before it in a row of clauses; the words that lead to where it stands
	Alone         bool   // it is the only one
}

// Clauses are the citations of a law, each with its text where the register has it.
func (w Words) Clauses(law procedure.Law) []Clause {
	var all []Clause
	for i, c := range law.Cites {
		x := Clause{Said: w.def.Cite(c, w.Language), Open: w.T("register.open"), Alone: len(law.Cites) == 1}
		if i > 0 {
			x.Sep = w.T("list.comma")
		}
		if w.List != nil {
			w.open(&x, c)
		}
		all = append(all, x)
	}
	return all
}

func (w Words) open(x *Clause, c procedure.Citation) {
	if c.Act == text.List {
		if !w.List.Has(c.Ref) {
			return
		}
		x.Address = PlaceAt(c.Ref)
		for _, e := range w.List.At(c.Ref) {
			x.Text = append(x.Text, e.Text)
		}
		return
	}
	act, article := w.List.Article(c)
	if article == nil {
		return
	}
	x.Address = "/register/law/" + url.PathEscape(act.ID) + "#" + url.PathEscape(article.N)
	x.Text, x.Note = article.Text, w.T("register.version", "version", act.Version)
	if len(x.Text) == 0 {
		x.Text, x.Note = article.Gist, w.T("register.gist", "basis", article.Basis)
	}
}
