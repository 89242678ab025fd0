package web

import (
	"net/http"

	"dossier/engine/register"
	"dossier/engine/text"
)

// lawView is the articles of a statute that the procedures cite.
type lawView struct {
	base
	Act      *register.Act
	Articles []articleView
	Acts     []linkView
	InForce  string
}

// articleView is one article beside what rests on it.
type articleView struct {
	N, Said string
	Text    []string
	Gist    bool
	Basis   string
	Groups  []groupView
}

// lawPage shows the cited articles of one statute.
func lawPage(a *ask) error {
	r, err := a.register()
	if err != nil {
		return err
	}
	act := r.Act(a.Param("act"))
	if act == nil {
		return a.notFound()
	}
	v := lawView{base: a.base(act.Title, "register"), Act: act}
	v.Wide, v.InForce = true, a.Date(act.InForce)
	for i := range r.Acts {
		v.Acts = append(v.Acts, linkView{r.Acts[i].Title, "/register/law/" + r.Acts[i].ID})
	}
	trace := a.trace()
	for i := range act.Articles {
		x := &act.Articles[i]
		view := articleView{N: x.N, Said: text.Cite(act.Title, x.N, a.lang), Text: x.Text, Basis: x.Basis}
		if len(x.Text) == 0 {
			view.Text, view.Gist = x.Gist, true
		}
		var by []register.Carrier
		for _, c := range trace.Cites() {
			if _, at := r.Article(c); at == x {
				by = append(by, trace.Of(c)...)
			}
		}
		view.Groups = a.groups(trace, by)
		v.Articles = append(v.Articles, view)
	}
	return a.draw(http.StatusOK, "registerlaw", v)
}
