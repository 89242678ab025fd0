package web

import (
	"net/http"
	"strconv"

	"dossier/engine/access"
	"dossier/engine/office"
	"dossier/engine/refusal"
)

// tokensView lists API tokens and makes one.
type tokensView struct {
	base
	Tokens []tokenView
	People []option // for whom, where the reader is an administrator
	New    string   // the token that was just made, shown this once
	Faults faults
}

type tokenView struct {
	ID, Name, Person, Scope, Days, State string
	Open                                 bool
}

func tokensPage(a *ask) error { return a.drawTokens(http.StatusOK, "", nil) }

func (a *ask) drawTokens(status int, fresh string, bad faults) error {
	v := tokensView{base: a.base(a.T("admin.tokens"), "admin"), New: fresh, Faults: bad}
	ts, err := access.Tokens(a.s.engine, a.id())
	if err != nil {
		return err
	}
	for _, t := range ts {
		x := tokenView{ID: t.ID, Name: t.Name, Person: a.Name(t.Person), Scope: a.T("token." + string(t.Scope)), Open: t.Open(a.now),
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
		for _, p := range a.office.People() {
			if p.Active(a.today) {
				v.People = append(v.People, option{Value: string(p.ID), Label: p.Name, On: p.ID == a.id()})
			}
		}
	}
	return a.draw(status, "tokens", v)
}

func newToken(a *ask) error {
	days, err := strconv.Atoi(or(a.PostForm("days"), "90"))
	if err != nil {
		days = -1
	}
	person := office.PersonID(or(a.PostForm("person"), string(a.id())))
	token, err := access.NewToken(a.Request.Context(), a.s.engine, a.id(), person, a.PostForm("name"), access.Scope(a.PostForm("scope")), days)
	if e := refusal.As(err); e != nil && e.Code == refusal.FieldInvalid {
		titles := map[string]string{"name": a.T("token.name"), "scope": a.T("token.scope"), "days": a.T("token.days")}
		return a.drawTokens(http.StatusUnprocessableEntity, "", a.faults(e, titles))
	}
	if err != nil {
		return err
	}
	return a.drawTokens(http.StatusOK, token, nil)
}

func revokeToken(a *ask) error {
	if err := access.RevokeToken(a.Request.Context(), a.s.engine, a.id(), a.Param("id")); err != nil {
		return err
	}
	a.say("token.gone")
	return a.see("/admin/tokens")
}
