package admin

import (
	"net/http"
	"strconv"

	"dossier/engine/access"
	"dossier/engine/alert"
	"dossier/engine/office"
	"dossier/engine/refusal"
	"dossier/web/page"
)

// tokensView lists API tokens and makes one.
type tokensView struct {
	page.Base
	Tokens []tokenView
	People []page.Option // for whom, where the reader is an administrator
	New    string        // the token that was just made, shown this once
	Faults page.Faults
}

type tokenView struct {
	ID, Name, Person, Scope, Days, State string
	Open                                 bool
}

func TokensPage(a *page.Ask) error { return drawTokens(a, http.StatusOK, "", nil) }

func drawTokens(a *page.Ask, status int, fresh string, bad page.Faults) error {
	v := tokensView{Base: a.Base(a.T("admin.tokens"), "admin"), New: fresh, Faults: bad}
	ts, err := access.Tokens(a.Site.Engine, a.ID())
	if err != nil {
		return err
	}
	for _, t := range ts {
		x := tokenView{ID: t.ID, Name: t.Name, Person: a.Name(t.Person), Scope: a.T("token." + string(t.Scope)), Open: t.Open(a.Now),
			Days: a.T("segment.range", "from", a.Moment(t.Made), "to", a.Moment(t.Expires))}
		switch {
		case !t.Revoked.IsZero():
			x.State = a.T("token.revoked")
		case !x.Open:
			x.State = a.T("token.expired")
		}
		v.Tokens = append(v.Tokens, x)
	}
	if v.Admin {
		for _, p := range a.Office.People() {
			if p.Active(a.Today) {
				v.People = append(v.People, page.Option{Value: string(p.ID), Label: p.Name, On: p.ID == a.ID()})
			}
		}
	}
	return a.Draw(status, "tokens", v)
}

func NewToken(a *page.Ask) error {
	days, err := strconv.Atoi(page.Or(a.PostForm("days"), "90"))
	if err != nil {
		days = -1
	}
	person := office.PersonID(page.Or(a.PostForm("person"), string(a.ID())))
	token, err := access.NewToken(a.Request.Context(), a.Site.Engine, a.ID(), person, a.PostForm("name"), access.Scope(a.PostForm("scope")), days)
	if e := refusal.As(err); e != nil && e.Code == refusal.FieldInvalid {
		titles := map[string]string{"name": a.T("token.name"), "scope": a.T("token.scope"), "days": a.T("token.days")}
		return drawTokens(a, http.StatusUnprocessableEntity, "", a.Faults(e, titles))
	}
	if err != nil {
		return err
	}
	if err := a.Site.Options.Alerts.Key(a.Request.Context(), a.ID(), person, alert.TokenClock); err != nil {
		return err
	}
	return drawTokens(a, http.StatusOK, token, nil)
}

func RevokeToken(a *page.Ask) error {
	if err := access.RevokeToken(a.Request.Context(), a.Site.Engine, a.ID(), a.Param("id")); err != nil {
		return err
	}
	a.Say("token.gone")
	return a.See("/admin/tokens")
}
