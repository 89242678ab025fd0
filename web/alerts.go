package web

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"

	"dossier/engine/alert"
	"dossier/engine/refusal"
)

// toldView is one line of the ledger of alerts in words.
type toldView struct {
	ID, Time, Text string
	Rule           string   // by which it was told, with its clause
	Case           string   // address
	To             string   // who was told, and as what
	Ways           []string // by which channels, and what became of it
	Seen           string
	Class          string // "red", "amber", "still"
	Superseded     bool
	MayAck         bool // the reader's own and not seen yet
}

// toldView says a telling; with what became of its messages where that is asked.
func (a *ask) toldView(t alert.Told, ways bool) (toldView, error) {
	w := alert.Words{Lang: a.lang, Engine: a.s.engine}
	v := toldView{ID: t.ID, Time: a.Moment(t.At), Text: w.Sentence(t), Rule: w.Rule(t), Case: fmt.Sprintf("/cases/%d", t.Case), Class: "amber",
		To: a.Name(t.To), Superseded: t.Superseded, MayAck: t.To == a.id() && t.Seen.IsZero() && !t.Superseded}
	if t.As != "" && t.As != "waits" {
		v.To = a.T("alerts.as", "who", v.To, "post", a.Post(t.As))
	}
	if t.Case == 0 {
		v.Case = "/plans/" + t.Of
	}
	switch {
	case t.Superseded:
		v.Class = "still"
	case t.Red:
		v.Class = "red"
	}
	if !t.Seen.IsZero() {
		v.Seen = a.T("alerts.seen-at", "at", a.Moment(t.Seen))
	}
	if !ways || t.Superseded {
		return v, nil
	}
	outs, err := a.s.opt.Alerts.Sendings(a.Request.Context(), t.ID)
	for _, o := range outs {
		v.Ways = append(v.Ways, a.wayOf(o))
	}
	return v, err
}

// wayOf says what became of a message.
func (a *ask) wayOf(o alert.Out) string {
	name := a.T("channel." + o.Channel)
	switch {
	case !o.Sent.IsZero():
		return a.T("alerts.sent", "channel", name, "at", a.Moment(o.Sent))
	case o.Dead:
		return a.T("alerts.dead", "channel", name, "fault", o.Fault)
	case o.Fault != "":
		return a.T("alerts.again", "channel", name, "at", a.Moment(o.Next), "fault", o.Fault)
	}
	return a.T("alerts.waiting", "channel", name, "at", a.Moment(o.Next))
}

// newest puts what was told last first, and of one moment what is most severe.
func newest(x, y alert.Told) int {
	red := 0
	if x.Red != y.Red {
		red = 1
		if x.Red {
			red = -1
		}
	}
	return cmp.Or(y.At.Compare(x.At), red, cmp.Compare(x.Threshold, y.Threshold))
}

// deskAlerts is how many alerts the desk has room for.
const deskAlerts = 8

// unseen are the reader's newest alerts that they have not acknowledged.
func (a *ask) unseen() ([]toldView, error) {
	all, err := a.s.opt.Alerts.Of(a.Request.Context(), a.id(), 100)
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(t alert.Told) bool { return t.Superseded || !t.Seen.IsZero() })
	slices.SortStableFunc(all, newest)
	var vs []toldView
	for _, t := range all[:min(len(all), deskAlerts)] {
		v, err := a.toldView(t, false)
		if err != nil {
			return nil, err
		}
		vs = append(vs, v)
	}
	return vs, nil
}

// alertsView is the reader's part of the ledger and what they want to be sent.
type alertsView struct {
	base
	Told    []toldView
	Fresh   int // how many of them they have not acknowledged
	Choices []choiceView
	Leads   bool // may print the day's list
	Faults  faults
}

// choiceView is what the reader wants of one channel.
type choiceView struct {
	ID, Title string
	Levels    []option
}

// ledgerPage is how many lines of the ledger the reader's page shows.
const ledgerPage = 100

func alertsPage(a *ask) error { return a.drawAlerts(http.StatusOK, nil) }

func (a *ask) drawAlerts(status int, bad faults) error {
	all, err := a.s.opt.Alerts.Of(a.Request.Context(), a.id(), ledgerPage)
	if err != nil {
		return err
	}
	slices.SortStableFunc(all, newest)
	v := alertsView{base: a.base(a.T("alerts.title"), "desk"), Leads: a.leads(), Faults: bad}
	for _, t := range all {
		x, err := a.toldView(t, true)
		if err != nil {
			return err
		}
		if x.MayAck {
			v.Fresh++
		}
		v.Told = append(v.Told, x)
	}
	levels, err := a.s.opt.Alerts.Choice(a.who)
	if err != nil {
		return err
	}
	for _, c := range alert.Names {
		x := choiceView{ID: c, Title: a.T("channel." + c)}
		for _, l := range []alert.Level{alert.All, alert.OnlyRed, alert.None} {
			if l == alert.None && a.s.opt.Alerts.Leads(a.who) {
				continue
			}
			x.Levels = append(x.Levels, option{Value: string(l), Label: a.T("alerts.level." + string(l)), On: levels[c] == l})
		}
		v.Choices = append(v.Choices, x)
	}
	return a.draw(status, "alerts", v)
}

// seeAlerts acknowledges the alerts that the form names and goes back to where it was pressed.
func seeAlerts(a *ask) error {
	for _, id := range a.PostFormArray("id") {
		if err := a.s.opt.Alerts.Acknowledge(a.Request.Context(), a.id(), id); err != nil {
			return err
		}
	}
	return a.see(local(a.PostForm("back")))
}

// chooseAlerts keeps what the reader wants to be sent.
func chooseAlerts(a *ask) error {
	levels, titles := map[string]alert.Level{}, map[string]string{}
	for _, c := range alert.Names {
		levels[c], titles[c] = alert.Level(a.PostForm(c)), a.T("channel."+c)
	}
	err := a.s.opt.Alerts.Choose(a.Request.Context(), a.who, levels)
	if e := refusal.As(err); e != nil && e.Code == refusal.FieldInvalid {
		return a.drawAlerts(http.StatusUnprocessableEntity, a.faults(e, titles))
	}
	if err != nil {
		return err
	}
	a.say("alerts.chosen")
	return a.see("/alerts")
}

// nudge (催办) tells whom the case waits for that somebody waits for them.
func nudge(a *ask) error {
	id, err := a.caseID()
	if err != nil {
		return err
	}
	to, err := a.s.opt.Alerts.Nudge(a.Request.Context(), a.id(), id)
	if err != nil {
		return err
	}
	a.say("alerts.nudged", "who", a.Names(to))
	return a.see(fmt.Sprintf("/cases/%d", id))
}

// outboxView are the messages on their way and those that were given up, for the administrator.
type outboxView struct {
	base
	Waiting, Dead []outView
}

type outView struct{ ID, To, Text, Way string }

func outboxPage(a *ask) error {
	waiting, dead, err := a.s.opt.Alerts.Outbox(a.Request.Context())
	if err != nil {
		return err
	}
	w := alert.Words{Lang: a.lang, Engine: a.s.engine}
	view := func(outs []alert.Out) (vs []outView) {
		for _, o := range outs {
			vs = append(vs, outView{o.ID, a.Name(o.To), w.Sentence(o.Told), a.wayOf(o)})
		}
		return vs
	}
	return a.draw(http.StatusOK, "outbox", outboxView{a.base(a.T("admin.outbox"), "admin"), view(waiting), view(dead)})
}

func resend(a *ask) error {
	if err := a.s.opt.Alerts.Resend(a.Request.Context(), a.id(), a.Param("id")); err != nil {
		return err
	}
	a.say("alerts.resent")
	return a.see("/admin/outbox")
}
