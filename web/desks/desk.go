package desks

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"

	"dossier/engine"
	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/desk"
	"dossier/engine/handover"
	"dossier/engine/listing"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
	"dossier/web/cases"
	"dossier/web/page"
	"dossier/web/supervise"
)

// deskView is what a person must do now, in the order of what runs out first.
type deskView struct {
	page.Base
	Day   string
	Tabs  []page.Tab
	Tab   string
	Rows  []page.RowView
	More  page.LinkView // to those of the list that are not shown; without an address: all are
	Empty string
	Start page.LinkView // to what the person's post usually begins; without an address: nothing
	Saved []page.SavedView
	Team  []loadView
	// Pressing are the cases of the team that are due today or overdue, the longest first.
	Pressing []page.RowView
	Told     []cases.ToldView    // what they were told and have not acknowledged
	Open     string              // the cases whose due days a schedule that is not published yet may move
	Leads    bool                // may print the day's list
	Tasks    []taskView          // checks that wait for the person
	TasksN   int                 // further ones
	Short    []supervise.PlanRow // quotas of theirs that run short
	HandOver []page.LinkView     // where the cases of those who can't act any more are handed over
	First    []page.LinkView     // what a new office has to set yet, for the administrator
}

// loadView is what one officer has in hand, for whoever leads.
type loadView struct {
	ID                 office.PersonID
	Name               string
	Off                string // since or from when they can't act
	HandOver           string
	Cases, Late, Today int
	Findings           int
}

func DeskPage(a *page.Ask) error {
	e := a.Site.Engine
	d, err := desk.Of(e, a.ID())
	if err != nil {
		return err
	}
	stranded, err := desk.Stranded(e, a.ID())
	if err != nil {
		return err
	}
	v := deskView{Base: a.Base(a.T("desk.title"), "desk"), Tab: a.Query("tab")}
	v.Day = a.Date(a.Today) + " " + a.Weekday(a.Today) + " · " + dayWord(a)
	lists := []struct {
		id   string
		rows []listing.Row
		gate bool
		red  string
	}{
		{"gates", d.Gates, true, ""}, {"tasks", d.Tasks, false, ""}, {"due", d.Due, false, "amber"},
		{"overdue", d.Overdue, false, "red"}, {"mine", d.Mine, false, ""}, {"lent", d.Lent, true, ""},
		{"stranded", stranded, false, "red"},
	}
	if v.Tab == "" {
		v.Tab = "tasks"
		for _, l := range lists {
			if len(l.rows) > 0 {
				v.Tab = l.id
				break
			}
		}
	}
	for _, l := range lists {
		t := page.Tab{ID: l.id, Title: a.T("desk." + l.id), Address: "/?tab=" + l.id, Count: len(l.rows), Now: v.Tab == l.id}
		if t.Count > 0 {
			t.Class = l.red
		}
		if (l.id == "lent" || l.id == "stranded") && t.Count == 0 && !t.Now {
			continue
		}
		v.Tabs = append(v.Tabs, t)
		if !t.Now {
			continue
		}
		most := max(maxShown, procedure.Int(a.Query("n")))
		if left := len(l.rows) - most; left > 0 {
			v.More = page.LinkView{Text: a.T("desk.more", "n", left), Address: t.Address + "&n=" + strconv.Itoa(most+4*maxShown)}
			l.rows = l.rows[:most]
		}
		v.Rows = a.Site.RowViews(a.Words, l.rows, l.gate)
		if l.id == "lent" {
			v.Rows = lentRows(a, l.rows)
		}
		if l.id == "stranded" {
			v.HandOver = handOvers(a, v.Rows, l.rows)
		}
		v.Empty = a.T("desk." + l.id + ".empty")
	}
	switch {
	case a.MayOpen():
		v.Start = page.LinkView{Text: a.T("desk.start"), Address: "/cases/new"}
	case a.Office.Reads(a.ID(), a.Today, a.Today):
		v.Start, v.Empty = page.LinkView{Text: a.T("reviews.title"), Address: "/review"}, a.T("desk.reads")
	}
	if v.Saved, err = saved(a); err != nil {
		return err
	}
	if v.Team, v.Pressing, err = team(a); err != nil {
		return err
	}
	if v.Told, err = unseen(a); err != nil {
		return err
	}
	if v.Tasks, v.TasksN, v.Short, err = checksDue(a); err != nil {
		return err
	}
	v.Open, v.Leads, v.First = provisional(a, d), a.Leads(), firstRun(a)
	return a.Draw(http.StatusOK, "desk", v)
}

// lentRows say for whom the reader stands in, and lead to the approvals only where a decision is waited for.
func lentRows(a *page.Ask, rows []listing.Row) []page.RowView {
	var vs []page.RowView
	for _, r := range rows {
		gate := false
		var lenders []office.PersonID
		for _, w := range r.Waits {
			for _, post := range w.Posts {
				for _, id := range a.Office.Lent(a.ID(), post, a.Today) {
					gate = gate || w.Gate
					if !slices.Contains(lenders, id) {
						lenders = append(lenders, id)
					}
				}
			}
		}
		v := a.Site.RowView(a.Words, r, gate)
		v.Sub = a.T("row.for", "who", a.Names(lenders))
		vs = append(vs, v)
	}
	return vs
}

// handOvers makes the button of each stranded case hand it over, and gives a link for each officer who can't act any more.
func handOvers(a *page.Ask, vs []page.RowView, rows []listing.Row) []page.LinkView {
	var links []page.LinkView
	var seen []office.PersonID
	for i, r := range rows {
		vs[i].Button = a.T("desk.stranded.button")
		vs[i].Address = page.Address(desk.Draft{Case: r.ID, Action: "hand-over"})
		for _, id := range r.Officers {
			if p := a.Office.Person(id); p != nil && !p.Active(a.Today) && !slices.Contains(seen, id) {
				seen = append(seen, id)
				links = append(links, page.LinkView{Text: a.T("desk.stranded.of", "who", p.Name), Address: page.HandOverAt(id)})
			}
		}
	}
	return links
}

// provisional says how many of the reader's cases have a due day in a year whose schedule is not published; "" for none.
func provisional(a *page.Ask, d *desk.Desk) string {
	late, year := map[casefile.CaseID]bool{}, 0
	for _, rows := range [][]listing.Row{d.Gates, d.Tasks, d.Due, d.Overdue, d.Lent} {
		for _, r := range rows {
			for _, c := range r.Clocks {
				if !c.Provisional || c.Due == 0 {
					continue
				}
				late[r.ID] = true
				if y, _, _ := c.Due.YMD(); year == 0 || y < year {
					year = y
				}
			}
		}
	}
	if len(late) == 0 {
		return ""
	}
	return a.T("alerts.provisional", "year", year, "n", len(late))
}

// dayWord says what today is: a working day, or why not.
func dayWord(a *page.Ask) string {
	why := a.Office.Calendar.Day(a.Today)
	if a.EN() {
		return why.EN()
	}
	return why.ZH()
}

// saved lists what the person has half typed.
func saved(a *page.Ask) ([]page.SavedView, error) {
	all, err := desk.SavedBy(a.Site.Engine, a.ID())
	if err != nil {
		return nil, err
	}
	var vs []page.SavedView
	for _, s := range all {
		v := page.SavedView{Title: string(s.Action), At: a.Moment(s.At), Address: page.DraftAddress(s.Draft)}
		if s.Case == 0 {
			v.Title = a.T("desk.opening", "workflow", a.Site.WorkflowTitle(a.Words, s.Workflow))
			v.Party = a.Site.PartyOf(s.Workflow, s.Values)
		} else {
			view, err := desk.View(a.Site.Engine, a.ID(), s.Case)
			if refusal.As(err) != nil {
				continue // it is no longer the person's business
			}
			if err != nil {
				return nil, err
			}
			v.Party = view.Case.Number() + " " + view.Party()
			v.Title = a.ActionTitle(view.Edition.Def, s.Action)
		}
		vs = append(vs, v)
	}
	return vs, nil
}

// maxShown is how many of a list the desk shows; the rest is a link away.
const maxShown = 50

// maxPressing is how many of the most pressing cases stand on the desk of whoever leads.
const maxPressing = 6

// team counts the open cases of each officer in charge, for whoever leads, and picks the most pressing ones.
func team(a *page.Ask) ([]loadView, []page.RowView, error) {
	if !a.Leads() {
		return nil, nil, nil
	}
	who := a.ID()
	n, err := engine.Counted(a.Site.Engine, "team/"+string(who)+"/"+a.Today.String(), func(rows []*listing.Row) teamCounts {
		return countTeam(rows, desk.Sees(a.Site.Engine, who), a.Today)
	})
	if err != nil {
		return nil, nil, err
	}
	vs := slices.Clone(n.of)
	for i := range vs {
		v := &vs[i]
		v.Name = a.Name(v.ID)
		if p := a.Office.Person(v.ID); p != nil {
			v.Off = a.OffWords(p)
		}
		if v.Off != "" && handover.HandsOver(a.Site.Engine, who) {
			v.HandOver = page.HandOverAt(v.ID)
		}
	}
	var pressing []listing.Row
	for _, r := range n.late {
		pressing = append(pressing, *r)
	}
	return vs, a.Site.RowViews(a.Words, pressing, false), nil
}

// teamCounts are the open cases of each officer in charge, who has most that is late first, and the most pressing of all.
type teamCounts struct {
	of   []loadView // without names
	late []*listing.Row
}

func countTeam(rows []*listing.Row, sees func(*listing.Row) bool, today calendar.Date) (n teamCounts) {
	at := map[office.PersonID]int{}
	for _, r := range rows {
		if !sees(r) {
			continue
		}
		c := page.RowClock(r)
		if c != nil && !c.Window && c.Due != 0 && c.Due <= today {
			if at, _ := slices.BinarySearchFunc(n.late, r, sooner); at < maxPressing {
				n.late = slices.Insert(n.late[:min(len(n.late), maxPressing-1)], at, r)
			}
		}
		if len(r.Officers) == 0 {
			continue
		}
		i, ok := at[r.Officers[0]]
		if !ok {
			i = len(n.of)
			at[r.Officers[0]] = i
			n.of = append(n.of, loadView{ID: r.Officers[0]})
		}
		v := &n.of[i]
		v.Cases++
		v.Findings += r.Findings
		if c == nil || c.Window || c.Due == 0 {
			continue
		}
		if c.Due < today {
			v.Late++
		} else if c.Due == today {
			v.Today++
		}
	}
	slices.SortFunc(n.of, func(x, y loadView) int { return cmp.Or(y.Late-x.Late, y.Cases-x.Cases, cmp.Compare(x.ID, y.ID)) })
	return n
}

// sooner puts what is due first before the others, of the same day the newest case.
func sooner(x, y *listing.Row) int {
	return cmp.Or(cmp.Compare(page.RowClock(x).Due, page.RowClock(y).Due), cmp.Compare(y.ID, x.ID))
}
