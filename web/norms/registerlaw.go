package norms

import (
	"net/http"

	"dossier/engine/register"
	"dossier/engine/text"
	"dossier/web/page"
)

// lawView is the articles of a statute that the procedures cite.
type lawView struct {
	page.Base
	Act      *register.Act
	Articles []articleView
	Acts     []page.LinkView
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

// LawPage shows the cited articles of one statute.
func LawPage(a *page.Ask) error {
	r, err := a.Register()
	if err != nil {
		return err
	}
	act := r.Act(a.Param("act"))
	if act == nil {
		return a.NotFound()
	}
	v := lawView{Base: a.Base(act.Title, "admin"), Act: act}
	v.Wide, v.InForce = true, a.Date(act.InForce)
	for i := range r.Acts {
		v.Acts = append(v.Acts, page.LinkView{Text: r.Acts[i].Title, Address: "/register/law/" + r.Acts[i].ID})
	}
	trace := a.Trace()
	for i := range act.Articles {
		x := &act.Articles[i]
		view := articleView{N: x.N, Said: text.Cite(act.Title, x.N, a.Language), Text: x.Text, Basis: x.Basis}
		if len(x.Text) == 0 {
			view.Text, view.Gist = x.Gist, true
		}
		var by []register.Carrier
		for _, c := range trace.Cites() {
			if _, at := r.Article(c); at == x {
				by = append(by, trace.Of(c)...)
			}
		}
		view.Groups = groups(a, trace, by)
		v.Articles = append(v.Articles, view)
	}
	return a.Draw(http.StatusOK, "registerlaw", v)
}
