package cases

import (
	"fmt"
	"net/http"
	"strings"

	"dossier/engine/calendar"
	"dossier/engine/desk"
	"dossier/engine/listing"
	"dossier/engine/procedure"
	"dossier/engine/rules"
	"dossier/web/page"
)

// SupervisionFile answers with the supervision order of a case that is supervised or overdue, filled for the pen: what is
// late, by which article, and by when an answer is wanted. It is drawn on demand and is no document of the case.
func SupervisionFile(a *page.Ask) error {
	id, err := a.CaseID()
	if err != nil {
		return err
	}
	view, err := desk.View(a.Site.Engine, a.ID(), id)
	if err != nil {
		return err
	}
	if !supervisable(a, view) {
		return a.NotFound()
	}
	day := procedure.Value{}
	if d := view.Case.Supervised; d != 0 {
		day = procedure.TextValue(d.String())
	}
	order := view.Edition.Def.Supervision
	data, err := desk.BlankPDF(a.Site.Engine, a.ID(), id, order.Form, order.Values(day, procedure.TextValue(demand(a, view))))
	if err != nil {
		return err
	}
	a.Pdf(data, a.T("supervision.file", "case", id))
	return nil
}

// supervisable tells whether there is something to supervise, by the order that the procedure names: the leader asked for an answer, or a clock is overdue.
func supervisable(a *page.Ask, view *desk.CaseView) bool {
	return view.Edition.Def.Supervision != nil && view.Case.Ended == 0 && (view.Case.Supervised != 0 || len(overdue(view)) > 0)
}

func overdue(view *desk.CaseView) []rules.Running {
	var late []rules.Running
	for _, c := range view.Clocks {
		if c.State == rules.OverdueClock {
			late = append(late, c)
		}
	}
	return late
}

// demand is what the order asks. Printed documents are Chinese, whatever the page's language.
func demand(a *page.Ask, view *desk.CaseView) string {
	zh := a.Words
	zh.Language = "zh"
	zh.Of(view.Edition)
	var b strings.Builder
	for _, c := range overdue(view) {
		n, unit := zh.Left(c.Due, c.Unit)
		late := calendar.Period{N: max(-n, 1), Unit: unit}.Han()
		due := c.Due.Han()
		if c.Provisional {
			due += zh.T("light.provisional")
		}
		b.WriteString(zh.T("supervision.late", "clock", zh.L(c.Def.Title), "law", zh.Cites(c.Def.Law), "due", due, "late", late))
	}
	b.WriteString(zh.T("supervision.ask"))
	return b.String()
}

// dailyView is the day's list of whoever leads: what is late, due today or soon, by the officer in charge.
type dailyView struct {
	page.Base
	Day      string
	Officers []dailyOfficer
}

type dailyOfficer struct {
	Name string
	Rows []page.RowView
}

func DailyPage(a *page.Ask) error {
	v := dailyView{Base: a.Base(a.T("daily.title"), "desk"), Day: a.Date(a.Today) + " " + a.Weekday(a.Today)}
	at := map[string]int{}
	err := desk.Each(a.Site.Engine, a.ID(), desk.Query{DueBefore: a.Office.Calendar.Shift(a.Today, page.Soon)}, func(r listing.Row) bool {
		if r.Ended {
			return true // what is left of it is the archive's
		}
		name := a.T("daily.nobody")
		if len(r.Officers) > 0 {
			name = a.Name(r.Officers[0])
		}
		i, ok := at[name]
		if !ok {
			i = len(v.Officers)
			at[name] = i
			v.Officers = append(v.Officers, dailyOfficer{Name: name})
		}
		v.Officers[i].Rows = append(v.Officers[i].Rows, a.Site.RowView(a.Words, r, false))
		return true
	})
	if err != nil {
		return err
	}
	return a.Draw(http.StatusOK, "daily", v)
}

// caseAlerts shows the case's part of the ledger, newest first, and what one may do about a case that stands still.
func caseAlerts(a *page.Ask, v *caseView, view *desk.CaseView) error {
	all, err := a.Site.Options.Alerts.OfCase(a.Request.Context(), view.Case.ID)
	if err != nil {
		return err
	}
	if v.Tellings, err = ShowTellings(a, all); err != nil {
		return err
	}
	v.MayNudge = view.Case.Ended == 0
	if supervisable(a, view) {
		v.Supervision = fmt.Sprintf("/cases/%d/supervision.pdf", view.Case.ID)
	}
	return nil
}
