package web

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"dossier/engine/casefile"
	"dossier/engine/desk"
	"dossier/engine/handover"
	"dossier/engine/listing"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
)

// deskView is what a person must do now, in the order of what runs out first.
type deskView struct {
	base
	Day   string
	Tabs  []tab
	Tab   string
	Rows  []rowView
	More  linkView // to those of the list that are not shown; without an address: all are
	Empty string
	Start linkView // to what the person's post usually begins; without an address: nothing
	Saved []savedView
	Team  []loadView
	// Pressing are the cases of the team that are due today or overdue, the longest first.
	Pressing []rowView
	Told     []toldView // what they were told and have not acknowledged
	Open     string     // the cases whose due days a schedule that is not published yet may move
	Leads    bool       // may print the day's list
	Tasks    []taskView // checks that wait for the person
	TasksN   int        // further ones
	Short    []planRow  // quotas of theirs that run short
	HandOver []linkView // where the cases of those who can't act any more are handed over
}

// tab is one of several lists, reached by a link.
type tab struct {
	ID, Title string
	Address   string
	Count     int
	Class     string // "red" or "amber" where the count is one of time
	Now       bool
}

// savedView is a form that the person has half filled.
type savedView struct {
	Title, Party, At, Address string
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

func deskPage(a *ask) error {
	e := a.s.engine
	d, err := desk.Of(e, a.id())
	if err != nil {
		return err
	}
	stranded, err := desk.Stranded(e, a.id())
	if err != nil {
		return err
	}
	v := deskView{base: a.base(a.T("desk.title"), "desk"), Tab: a.Query("tab")}
	v.Day = a.Date(a.today) + " " + a.Weekday(a.today) + " · " + a.dayWord()
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
		t := tab{ID: l.id, Title: a.T("desk." + l.id), Address: "/?tab=" + l.id, Count: len(l.rows), Now: v.Tab == l.id}
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
			v.More = linkView{a.T("desk.more", "n", left), t.Address + "&n=" + strconv.Itoa(most+4*maxShown)}
			l.rows = l.rows[:most]
		}
		v.Rows = a.s.rowViews(a.words, l.rows, l.gate)
		if l.id == "lent" {
			v.Rows = a.lentRows(l.rows)
		}
		if l.id == "stranded" {
			v.HandOver = a.handOvers(v.Rows, l.rows)
		}
		v.Empty = a.T("desk." + l.id + ".empty")
	}
	switch {
	case a.mayOpen():
		v.Start = linkView{a.T("desk.start"), "/cases/new"}
	case a.office.Reads(a.id(), a.today, a.today):
		v.Start, v.Empty = linkView{a.T("reviews.title"), "/review"}, a.T("desk.reads")
	}
	if v.Saved, err = a.saved(); err != nil {
		return err
	}
	if v.Team, v.Pressing, err = a.team(); err != nil {
		return err
	}
	if v.Told, err = a.unseen(); err != nil {
		return err
	}
	if v.Tasks, v.TasksN, v.Short, err = a.checksDue(); err != nil {
		return err
	}
	v.Open, v.Leads = a.provisional(d), a.leads()
	return a.draw(http.StatusOK, "desk", v)
}

// lentRows say for whom the reader stands in, and lead to the approvals only where a decision is waited for.
func (a *ask) lentRows(rows []listing.Row) []rowView {
	var vs []rowView
	for _, r := range rows {
		gate := false
		var lenders []office.PersonID
		for _, w := range r.Waits {
			for _, post := range w.Posts {
				for _, id := range a.office.Lent(a.id(), post, a.today) {
					gate = gate || w.Gate
					if !slices.Contains(lenders, id) {
						lenders = append(lenders, id)
					}
				}
			}
		}
		v := a.s.rowView(a.words, r, gate)
		v.Sub = a.T("row.for", "who", a.Names(lenders))
		vs = append(vs, v)
	}
	return vs
}

// handOvers makes the button of each stranded case hand it over, and gives a link for each officer who can't act any more.
func (a *ask) handOvers(vs []rowView, rows []listing.Row) []linkView {
	var links []linkView
	var seen []office.PersonID
	for i, r := range rows {
		vs[i].Button = a.T("desk.stranded.button")
		vs[i].Address = address(desk.Draft{Case: r.ID, Action: "hand-over"})
		for _, id := range r.Officers {
			if p := a.office.Person(id); p != nil && !p.Active(a.today) && !slices.Contains(seen, id) {
				seen = append(seen, id)
				links = append(links, linkView{a.T("desk.stranded.of", "who", p.Name), handOverAt(id)})
			}
		}
	}
	return links
}

// provisional says how many of the reader's cases have a due day in a year whose schedule is not published; "" for none.
func (a *ask) provisional(d *desk.Desk) string {
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
func (a *ask) dayWord() string {
	why := a.office.Calendar.Day(a.today)
	if a.EN() {
		return why.EN()
	}
	return why.ZH()
}

// mayOpen tells whether one of the person's posts opens a case of some procedure.
func (a *ask) mayOpen() bool {
	for _, ed := range a.s.engine.Workflows() {
		if a.opens(ed.Def) {
			return true
		}
	}
	return false
}

// opens tells whether one of the person's posts stands in the procedure's `open`.
func (a *ask) opens(d *procedure.Definition) bool {
	for _, by := range d.Open.By.Values() {
		for _, post := range by {
			if a.who.Holds(post, a.today) || len(a.office.Lent(a.id(), post, a.today)) > 0 {
				return true
			}
		}
	}
	return false
}

// saved lists what the person has half typed.
func (a *ask) saved() ([]savedView, error) {
	all, err := desk.SavedBy(a.s.engine, a.id())
	if err != nil {
		return nil, err
	}
	var vs []savedView
	for _, s := range all {
		v := savedView{Title: string(s.Action), At: a.Moment(s.At), Address: draftAddress(s.Draft)}
		if s.Case == 0 {
			v.Title = a.T("desk.opening", "workflow", a.s.workflowTitle(a.words, s.Workflow))
			v.Party = a.s.partyOf(s.Workflow, s.Values)
		} else {
			view, err := desk.View(a.s.engine, a.id(), s.Case)
			if refusal.As(err) != nil {
				continue // it is no longer the person's business
			}
			if err != nil {
				return nil, err
			}
			v.Party = view.Case.Number() + " " + view.Party()
			v.Title = a.actionTitle(view.Edition.Def, s.Action)
		}
		vs = append(vs, v)
	}
	return vs, nil
}

// address is where a half-filled form goes on.
func address(d desk.Draft) string {
	if d.Case == 0 {
		return "/cases/new/" + string(d.Workflow)
	}
	to := "/cases/" + strconv.FormatInt(int64(d.Case), 10) + "/do/" + string(d.Action)
	if d.Walk != "" {
		to += "?walk=" + string(d.Walk)
	}
	return to
}

// draftAddress is where one of the drafts of a form goes on.
func draftAddress(d desk.Draft) string {
	to := address(d)
	if d.Slot == "" {
		return to
	}
	if strings.Contains(to, "?") {
		return to + "&draft=" + d.Slot
	}
	return to + "?draft=" + d.Slot
}

// actionTitle is what an action is called, a built-in one too.
func (w words) actionTitle(d *procedure.Definition, id procedure.ActionID) string {
	title := ""
	d.Each(func(_ *procedure.Walk, _ *procedure.State, act *procedure.Action) {
		if act.ID == id && title == "" {
			title = w.L(act.Title)
		}
	})
	if form := procedure.BuiltinForm(id); title == "" && form != nil {
		title = w.L(form.Title)
	}
	return or(title, string(id))
}

// maxShown is how many of a list the desk shows; the rest is a link away.
const maxShown = 50

// maxPressing is how many of the most pressing cases stand on the desk of whoever leads.
const maxPressing = 6

// team counts the open cases of each officer in charge, for whoever leads, and picks the most pressing ones.
func (a *ask) team() ([]loadView, []rowView, error) {
	if !a.leads() {
		return nil, nil, nil
	}
	at := map[office.PersonID]int{}
	var vs []loadView
	var late []listing.Row
	err := desk.Each(a.s.engine, a.id(), desk.Query{Open: true}, func(r listing.Row) bool {
		c := rowClock(r)
		if c != nil && !c.Window && c.Due != 0 && c.Due <= a.today {
			late = append(late, r)
		}
		if len(r.Officers) == 0 {
			return true
		}
		id := r.Officers[0]
		i, ok := at[id]
		if !ok {
			i = len(vs)
			at[id] = i
			v := loadView{ID: id, Name: a.Name(id)}
			if p := a.office.Person(id); p != nil {
				v.Off = a.offWords(p)
			}
			if v.Off != "" && handover.HandsOver(a.s.engine, a.id()) {
				v.HandOver = handOverAt(id)
			}
			vs = append(vs, v)
		}
		vs[i].Cases++
		vs[i].Findings += r.Findings
		if c == nil || c.Window || c.Due == 0 {
			return true
		}
		if c.Due < a.today {
			vs[i].Late++
		} else if c.Due == a.today {
			vs[i].Today++
		}
		return true
	})
	if err != nil {
		return nil, nil, err
	}
	slices.SortStableFunc(vs, func(x, y loadView) int { return cmp.Or(y.Late-x.Late, y.Cases-x.Cases) })
	slices.SortStableFunc(late, func(x, y listing.Row) int { return cmp.Compare(rowClock(x).Due, rowClock(y).Due) })
	return vs, a.s.rowViews(a.words, late[:min(len(late), maxPressing)], false), nil
}
