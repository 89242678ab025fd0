package cases

import (
	"cmp"
	"slices"

	"dossier/engine/alert"
	"dossier/web/page"
)

// ToldView is one line of the ledger of alerts in words.
type ToldView struct {
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

// ShowTold says a telling; with what became of its messages where that is asked.
func ShowTold(a *page.Ask, t alert.Told, ways bool) (ToldView, error) {
	w := alert.Words{Lang: a.Language, Engine: a.Site.Engine}
	v := ToldView{ID: t.ID, Time: a.Moment(t.At), Text: w.Sentence(t), Rule: w.Rule(t), Case: t.Page(), Class: "amber",
		To: a.Name(t.To), Superseded: t.Superseded, MayAck: t.To == a.ID() && t.Seen.IsZero() && !t.Superseded}
	if t.As != "" && t.As != "waits" {
		v.To = a.T("alerts.as", "who", v.To, "post", a.Post(t.As))
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
	outs, err := a.Site.Options.Alerts.Sendings(a.Request.Context(), t.ID)
	for _, o := range outs {
		v.Ways = append(v.Ways, WayOf(a, o))
	}
	return v, err
}

// Tellings are lines of the ledger, the newest first; Kept are those that were told together with something more severe: they
// are on record, and nobody was sent them.
type Tellings struct{ Told, Kept []ToldView }

// ShowTellings says tellings with what became of their messages.
func ShowTellings(a *page.Ask, all []alert.Told) (Tellings, error) {
	var v Tellings
	slices.SortStableFunc(all, Newest)
	for _, t := range all {
		x, err := ShowTold(a, t, true)
		if err != nil {
			return v, err
		}
		if x.Superseded {
			v.Kept = append(v.Kept, x)
		} else {
			v.Told = append(v.Told, x)
		}
	}
	return v, nil
}

// WayOf says what became of a message.
func WayOf(a *page.Ask, o alert.Out) string {
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

// Newest puts what was told last first, and of one moment what is most severe.
func Newest(x, y alert.Told) int {
	red := 0
	if x.Red != y.Red {
		red = 1
		if x.Red {
			red = -1
		}
	}
	return cmp.Or(y.At.Compare(x.At), red, cmp.Compare(x.Threshold, y.Threshold))
}
