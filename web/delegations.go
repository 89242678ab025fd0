package web

import (
	"net/http"

	"dossier/engine/access"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
	reading "dossier/engine/typed"
)

// delegationsView lists who lends which post to whom, and lends one.
type delegationsView struct {
	base
	Lent   []lentView
	Posts  []option
	People []option
	From   []option // whose post, where the reader is an administrator
	Start  string
	End    string
	Reason string
	Faults faults
}

type lentView struct {
	ID, Post, From, To, Days, Reason, State string
	MayEnd                                  bool
}

func delegationsPage(a *ask) error {
	return a.draw(http.StatusOK, "delegations", a.delegationsView(office.Delegation{From: a.id()}, nil))
}

func (a *ask) delegationsView(d office.Delegation, bad faults) delegationsView {
	v := delegationsView{base: a.base(a.T("admin.delegations"), "admin"), Start: d.Start.String(), End: d.End.String(), Reason: d.Reason, Faults: bad}
	for _, x := range a.office.Delegations() {
		mine := x.From == a.id() || x.To == a.id()
		if !mine && !v.Admin {
			continue
		}
		l := lentView{ID: x.ID, Post: a.Post(x.Post), From: a.Name(x.From), To: a.Name(x.To), Reason: x.Reason,
			Days: a.T("segment.range", "from", a.Day(x.Start), "to", a.Day(x.End))}
		switch {
		case x.Ended != 0:
			l.State = a.T("lent.ended", "day", a.Day(x.Ended))
		case a.today < x.Start:
			l.State = a.T("lent.later")
		case a.today <= x.End && !a.office.Holds(x.From, x.Post, a.today):
			l.State = a.T("lent.void", "who", a.Name(x.From))
		case a.today <= x.End && (a.office.Person(x.To) == nil || !a.office.Person(x.To).Active(a.today)):
			l.State = a.T("lent.void", "who", a.Name(x.To))
		case a.today <= x.End:
			l.State = a.T("lent.now")
		default:
			l.State = a.T("lent.over")
		}
		l.MayEnd = x.Ended == 0 && a.today <= x.End && (x.From == a.id() || v.Admin)
		v.Lent = append(v.Lent, l)
	}
	for _, p := range a.office.Posts() {
		if !p.Unlent && (v.Admin || a.who.Holds(p.ID, a.today)) {
			v.Posts = append(v.Posts, option{Value: string(p.ID), Label: a.Post(p.ID), On: p.ID == d.Post})
		}
	}
	for _, p := range a.office.People() {
		if !p.Active(a.today) {
			continue
		}
		o := option{Value: string(p.ID), Label: p.Name, Sub: a.firstPost(p)}
		if v.Admin {
			o.On = p.ID == d.From
			v.From = append(v.From, o)
		}
		o.On = p.ID == d.To
		v.People = append(v.People, o)
	}
	return v
}

func delegate(a *ask) error {
	d := office.Delegation{Post: procedure.Actor(a.PostForm("post")), From: office.PersonID(or(a.PostForm("from"), string(a.id()))),
		To: office.PersonID(a.PostForm("to")), Reason: a.PostForm("reason")}
	d.Start, _ = reading.Date(a.PostForm("start")) // what is no day is refused as missing
	d.End, _ = reading.Date(a.PostForm("end"))
	_, err := access.Delegate(a.Request.Context(), a.s.engine, a.id(), d)
	if e := refusal.As(err); e != nil && e.Code == refusal.FieldInvalid {
		titles := map[string]string{"post": a.T("lent.post"), "to": a.T("lent.to"), "start": a.T("lent.start"), "end": a.T("lent.end"), "reason": a.T("lent.reason")}
		return a.draw(http.StatusUnprocessableEntity, "delegations", a.delegationsView(d, a.faults(e, titles)))
	}
	if err != nil {
		return err
	}
	a.say("lent.kept", "who", a.Name(d.To), "post", a.Post(d.Post))
	return a.see("/admin/delegations")
}

func endDelegation(a *ask) error {
	if err := access.EndDelegation(a.Request.Context(), a.s.engine, a.id(), a.Param("id")); err != nil {
		return err
	}
	a.say("lent.taken-back")
	return a.see("/admin/delegations")
}
