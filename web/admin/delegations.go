package admin

import (
	"net/http"

	"dossier/engine/access"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
	reading "dossier/engine/typed"
	"dossier/web/page"
)

// delegationsView lists who lends which post to whom, and lends one.
type delegationsView struct {
	page.Base
	Lent   []lentView
	Posts  []page.Option
	People []page.Option
	From   []page.Option // whose post, where the reader is an administrator
	Start  string
	End    string
	Reason string
	Faults page.Faults
}

type lentView struct {
	ID, Post, From, To, Days, Reason, State string
	MayEnd                                  bool
}

func DelegationsPage(a *page.Ask) error {
	return a.Draw(http.StatusOK, "delegations", showDelegations(a, office.Delegation{From: a.ID()}, nil))
}

func showDelegations(a *page.Ask, d office.Delegation, bad page.Faults) delegationsView {
	v := delegationsView{Base: a.Base(a.T("admin.delegations"), "admin"), Start: d.Start.String(), End: d.End.String(), Reason: d.Reason, Faults: bad}
	for _, x := range a.Office.Delegations() {
		mine := x.From == a.ID() || x.To == a.ID()
		if !mine && !v.Admin {
			continue
		}
		l := lentView{ID: x.ID, Post: a.Post(x.Post), From: a.Name(x.From), To: a.Name(x.To), Reason: x.Reason,
			Days: a.T("segment.range", "from", a.Day(x.Start), "to", a.Day(x.End))}
		switch {
		case x.Ended != 0:
			l.State = a.T("lent.ended", "day", a.Day(x.Ended))
		case a.Today < x.Start:
			l.State = a.T("lent.later")
		case a.Today <= x.End && !a.Office.Holds(x.From, x.Post, a.Today):
			l.State = a.T("lent.void", "who", a.Name(x.From))
		case a.Today <= x.End && (a.Office.Person(x.To) == nil || !a.Office.Person(x.To).Active(a.Today)):
			l.State = a.T("lent.void", "who", a.Name(x.To))
		case a.Today <= x.End:
			l.State = a.T("lent.now")
		default:
			l.State = a.T("lent.over")
		}
		l.MayEnd = x.Ended == 0 && a.Today <= x.End && (x.From == a.ID() || v.Admin)
		v.Lent = append(v.Lent, l)
	}
	for _, p := range a.Office.Posts() {
		if !p.Unlent && (v.Admin || a.Who.Holds(p.ID, a.Today)) {
			v.Posts = append(v.Posts, page.Option{Value: string(p.ID), Label: a.Post(p.ID), On: p.ID == d.Post})
		}
	}
	for _, p := range a.Office.People() {
		if !p.Active(a.Today) {
			continue
		}
		o := page.Option{Value: string(p.ID), Label: p.Name, Sub: a.FirstPost(p)}
		if v.Admin {
			o.On = p.ID == d.From
			v.From = append(v.From, o)
		}
		o.On = p.ID == d.To
		v.People = append(v.People, o)
	}
	return v
}

func Delegate(a *page.Ask) error {
	d := office.Delegation{Post: procedure.Actor(a.PostForm("post")), From: office.PersonID(page.Or(a.PostForm("from"), string(a.ID()))),
		To: office.PersonID(a.PostForm("to")), Reason: a.PostForm("reason")}
	d.Start, _ = reading.Date(a.PostForm("start")) // what is no day is refused as missing
	d.End, _ = reading.Date(a.PostForm("end"))
	_, err := access.Delegate(a.Request.Context(), a.Site.Engine, a.ID(), d)
	if e := refusal.As(err); e != nil && e.Code == refusal.FieldInvalid {
		titles := map[string]string{"post": a.T("lent.post"), "to": a.T("lent.to"), "start": a.T("lent.start"), "end": a.T("lent.end"), "reason": a.T("lent.reason")}
		return a.Draw(http.StatusUnprocessableEntity, "delegations", showDelegations(a, d, a.Faults(e, titles)))
	}
	if err != nil {
		return err
	}
	a.Say("lent.kept", "who", a.Name(d.To), "post", a.Post(d.Post))
	return a.See("/admin/delegations")
}

func EndDelegation(a *page.Ask) error {
	if err := access.EndDelegation(a.Request.Context(), a.Site.Engine, a.ID(), a.Param("id")); err != nil {
		return err
	}
	a.Say("lent.taken-back")
	return a.See("/admin/delegations")
}
