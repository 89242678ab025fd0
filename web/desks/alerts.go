package desks

import (
	"fmt"
	"net/http"
	"slices"

	"dossier/engine/alert"
	"dossier/engine/refusal"
	"dossier/web/cases"
	"dossier/web/page"
)

// deskAlerts is how many alerts the desk has room for.
const deskAlerts = 8

// unseen are the reader's newest alerts that they have not acknowledged.
func unseen(a *page.Ask) ([]cases.ToldView, error) {
	all, err := a.Site.Options.Alerts.Of(a.Request.Context(), a.ID(), 100)
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(t alert.Told) bool { return t.Superseded || !t.Seen.IsZero() })
	slices.SortStableFunc(all, cases.Newest)
	var vs []cases.ToldView
	for _, t := range all[:min(len(all), deskAlerts)] {
		v, err := cases.ShowTold(a, t, false)
		if err != nil {
			return nil, err
		}
		vs = append(vs, v)
	}
	return vs, nil
}

// alertsView is the reader's part of the ledger and what they want to be sent.
type alertsView struct {
	page.Base
	cases.Tellings
	Fresh   int // how many of them they have not acknowledged
	Choices []choiceView
	Leads   bool // may print the day's list
	Faults  page.Faults
}

// choiceView is what the reader wants of one channel.
type choiceView struct {
	ID, Title string
	Levels    []page.Option
}

// LedgerPage is how many lines of the ledger the reader's page shows.
const LedgerPage = 100

func AlertsPage(a *page.Ask) error { return drawAlerts(a, http.StatusOK, nil) }

func drawAlerts(a *page.Ask, status int, bad page.Faults) error {
	all, err := a.Site.Options.Alerts.Of(a.Request.Context(), a.ID(), LedgerPage)
	if err != nil {
		return err
	}
	v := alertsView{Base: a.Base(a.T("alerts.title"), "desk"), Leads: a.Leads(), Faults: bad}
	if v.Tellings, err = cases.ShowTellings(a, all); err != nil {
		return err
	}
	for _, x := range v.Told {
		if x.MayAck {
			v.Fresh++
		}
	}
	levels, err := a.Site.Options.Alerts.Choice(a.Who)
	if err != nil {
		return err
	}
	for _, c := range alert.Names {
		x := choiceView{ID: c, Title: a.T("channel." + c)}
		for _, l := range []alert.Level{alert.All, alert.OnlyRed, alert.None} {
			if l == alert.None && a.Site.Options.Alerts.Leads(a.Who) {
				continue
			}
			x.Levels = append(x.Levels, page.Option{Value: string(l), Label: a.T("alerts.level." + string(l)), On: levels[c] == l})
		}
		v.Choices = append(v.Choices, x)
	}
	return a.Draw(status, "alerts", v)
}

// SeeAlerts acknowledges the alerts that the form names and goes back to where it was pressed.
func SeeAlerts(a *page.Ask) error {
	for _, id := range a.PostFormArray("id") {
		if err := a.Site.Options.Alerts.Acknowledge(a.Request.Context(), a.ID(), id); err != nil {
			return err
		}
	}
	return a.See(page.Local(a.PostForm("back")))
}

// ChooseAlerts keeps what the reader wants to be sent.
func ChooseAlerts(a *page.Ask) error {
	levels, titles := map[string]alert.Level{}, map[string]string{}
	for _, c := range alert.Names {
		levels[c], titles[c] = alert.Level(a.PostForm(c)), a.T("channel."+c)
	}
	err := a.Site.Options.Alerts.Choose(a.Request.Context(), a.Who, levels)
	if e := refusal.As(err); e != nil && e.Code == refusal.FieldInvalid {
		return drawAlerts(a, http.StatusUnprocessableEntity, a.Faults(e, titles))
	}
	if err != nil {
		return err
	}
	a.Say("alerts.chosen")
	return a.See("/alerts")
}

// Nudge (催办) tells whom the case waits for that somebody waits for them.
func Nudge(a *page.Ask) error {
	id, err := a.CaseID()
	if err != nil {
		return err
	}
	to, err := a.Site.Options.Alerts.Nudge(a.Request.Context(), a.ID(), id)
	if err != nil {
		return err
	}
	a.Say("alerts.nudged", "who", a.Names(to))
	return a.See(fmt.Sprintf("/cases/%d", id))
}

// outboxView are the messages on their way and those that were given up, for the administrator.
type outboxView struct {
	page.Base
	Waiting, Dead []outView
}

type outView struct{ ID, To, Text, Way string }

func OutboxPage(a *page.Ask) error {
	waiting, dead, err := a.Site.Options.Alerts.Outbox(a.Request.Context())
	if err != nil {
		return err
	}
	w := alert.Words{Lang: a.Language, Engine: a.Site.Engine}
	view := func(outs []alert.Out) (vs []outView) {
		for _, o := range outs {
			vs = append(vs, outView{o.ID, a.Name(o.To), w.Sentence(o.Told), cases.WayOf(a, o)})
		}
		return vs
	}
	return a.Draw(http.StatusOK, "outbox", outboxView{a.Base(a.T("admin.outbox"), "admin"), view(waiting), view(dead)})
}

func Resend(a *page.Ask) error {
	if err := a.Site.Options.Alerts.Resend(a.Request.Context(), a.ID(), a.Param("id")); err != nil {
		return err
	}
	a.Say("alerts.resent")
	return a.See("/admin/outbox")
}
