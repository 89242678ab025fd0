package cases

import (
	"slices"

	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/desk"
	"dossier/engine/listing"
	"dossier/engine/plan"
	"dossier/engine/refusal"
	"dossier/engine/registry"
	"dossier/web/page"
)

// StandingView is what the office has had to do with a unit: its cases of two years, penalties of all procedures, complaints
// that are open. It counts what the reader may see.
type StandingView struct {
	Recent     int // cases of two years
	Rows       []page.RowView
	N          int // cases in all
	Penalties  []paperLine
	Complaints []paperLine
}

// paperLine is a document or a case in one line.
type paperLine struct{ Text, Address, Sub string }

// years is how far back a unit's cases count as recent.
const years = 2

// Standing is that of whoever has or had one of these names. But leaves out the case that is looked at.
func Standing(a *page.Ask, names []string, but casefile.CaseID) (StandingView, error) {
	found, err := rowsOf(a, names)
	if err != nil {
		return StandingView{}, err
	}
	y, m, d := a.Today.YMD()
	since := calendar.Of(y-years, m, 1).Add(d - 1)
	var v StandingView
	rows := slices.DeleteFunc(found, func(r listing.Row) bool { return r.ID == but })
	v.N = len(rows)
	q := a.Site.Options.Plans.Quotas
	for i, r := range rows {
		if r.Received >= since {
			v.Recent++
		}
		if i >= mostStanding {
			continue
		}
		v.Rows = append(v.Rows, a.Site.RowView(a.Words, r, false))
		view, err := desk.View(a.Site.Engine, a.ID(), r.ID)
		if refusal.As(err) != nil {
			continue
		}
		if err != nil {
			return v, err
		}
		c := view.Case
		for _, doc := range c.Issued {
			if doc.Void == 0 && slices.Contains(q.Penalties, doc.Form) {
				v.Penalties = append(v.Penalties, paperLine{a.L(view.Edition.Forms[doc.Form].Title) + " " + doc.Number, page.CaseLink(c.ID) + "#documents", a.Date(doc.Day)})
			}
		}
		if c.Ended == 0 && slices.ContainsFunc(q.Complaints, func(x plan.Complaint) bool { return slices.Contains(x.Values, c.Shared[x.Field].Text) }) {
			v.Complaints = append(v.Complaints, paperLine{page.Or(c.Number(), r.Intake), page.CaseLink(c.ID), a.T("row.received", "day", a.Day(r.Received))})
		}
	}
	return v, nil
}

// mostStanding is how many of a unit's cases are opened for what they hold.
const mostStanding = 20

// caseStanding is that of the case's party, by every name that the registry has of it.
func caseStanding(a *page.Ask, view *desk.CaseView) (StandingView, error) {
	names := casefile.Parties(view.Edition.Def, view.Case)
	objects, err := a.Site.Options.Registry.Named(append(slices.Clone(names), view.Case.Shared[registry.Code].Text)...)
	if err != nil {
		return StandingView{}, err
	}
	for _, o := range objects {
		for _, n := range o.Names() {
			if !slices.Contains(names, n) {
				names = append(names, n)
			}
		}
	}
	v, err := Standing(a, names, view.Case.ID)
	if len(v.Rows) > 5 {
		v.Rows = v.Rows[:5]
	}
	return v, err
}

// rowsOf are the cases of whoever has or had one of these names, as far as the reader may see them, the newest first.
func rowsOf(a *page.Ask, names []string) ([]listing.Row, error) {
	var rows []listing.Row
	for _, name := range names {
		if name == "" {
			continue
		}
		found, err := desk.OfParty(a.Site.Engine, a.ID(), name)
		if err != nil {
			return nil, err
		}
		rows = append(rows, found...)
	}
	slices.SortFunc(rows, func(x, y listing.Row) int { return int(y.ID - x.ID) })
	return slices.CompactFunc(rows, func(x, y listing.Row) bool { return x.ID == y.ID }), nil
}
