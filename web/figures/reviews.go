package figures

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"dossier/engine/desk"
	"dossier/engine/procedure"
	"dossier/engine/review"
	"dossier/engine/selfcheck"
	"dossier/web/cases"
	"dossier/web/page"
)

// reviewsView is the self-check of all cases of a procedure that ended in a period, the worst first.
type reviewsView struct {
	page.Base
	Workflows []page.Option
	From, To  string
	Draw      string // how many are drawn; "": all
	Seed      string // by which
	Of        int    // of how many
	Faults    []string
	Rows      []reviewedView
	Mean      string
	Rules     []ruleCount
	Here      string
	N, Left   int             // how many were looked at, and how many were not yet
	Feeds     []page.LinkView // reviews of files that wait for what was drawn
}

type reviewedView struct {
	Number, Party, Ended, Address string
	Points                        int
	Grave, Serious, Slight        int
}

// ruleCount is how many of the cases break a rule.
type ruleCount struct {
	Title string
	N     int
}

// lookFor is how long one page looks at files that nobody has asked about yet.
const lookFor = 5 * time.Second

// ReviewsPage checks the ended cases of a period.
func ReviewsPage(a *page.Ask) error {
	if len(a.Site.Options.Reviews.Rules) == 0 {
		return a.NotFound()
	}
	v := reviewsView{Base: a.Base(a.T("reviews.title"), "admin"), Here: a.Request.URL.RequestURI()}
	v.Wide = true
	eds := slices.DeleteFunc(slices.Clone(a.Site.Engine.Workflows()), func(ed *procedure.Edition) bool { return len(a.Site.Options.Reviews.Of(ed.Def.ID)) == 0 })
	slices.SortStableFunc(eds, func(x, y *procedure.Edition) int {
		return len(a.Site.Options.Reviews.Rules[y.Def.ID]) - len(a.Site.Options.Reviews.Rules[x.Def.ID])
	})
	q, faults := cases.Reviewing(a)
	if q.Of == "" && len(eds) > 0 {
		q.Of = eds[0].Def.ID // of which most is asked
	}
	for _, ed := range eds {
		v.Workflows = append(v.Workflows, page.Option{Value: string(ed.Def.ID), Label: a.L(ed.Def.Title), On: ed.Def.ID == q.Of})
	}
	v.From, v.To, v.Draw, v.Seed, v.Faults = page.Or(a.Query("from"), q.From.String()), page.Or(a.Query("to"), q.To.String()), page.Cut(a.Query("draw"), 6), q.Seed, faults
	if len(v.Faults) > 0 {
		return a.Draw(http.StatusUnprocessableEntity, "reviews", v)
	}
	if err := reviews(a, &v, q); err != nil {
		return err
	}
	return a.Draw(http.StatusOK, "reviews", v)
}

// reviews is what the rules find in the files, the worst of those that the reader may see one by one.
func reviews(a *page.Ask, v *reviewsView, q selfcheck.Query) error {
	found, err := a.Site.SelfCheck.Files(a.Request.Context(), a.ID(), q, a.Site.Engine.Now().Add(lookFor))
	if err != nil {
		return err
	}
	if v.Feeds, err = feeds(a, q); err != nil {
		return err
	}
	v.Of, v.Left, v.N = found.Drawn, found.Left, len(found.Found)
	rules := a.Site.Options.Reviews.Of(q.Of)
	severity := map[string]review.Severity{}
	for _, r := range rules {
		severity[r.ID] = r.Severity
	}
	sum := 0
	broken := map[string]int{}
	for _, f := range found.Found {
		sum += f.Points
		for _, id := range f.Broken {
			broken[id]++
		}
	}
	for _, f := range found.Found[:min(v.N, selfcheck.Most)] {
		v.Rows = append(v.Rows, reviewed(a, f, severity))
	}
	if v.N > 0 {
		v.Mean = strconv.FormatFloat(float64(sum)/float64(v.N), 'f', 1, 64)
	}
	for _, r := range rules {
		if n := broken[r.ID]; n > 0 {
			v.Rules = append(v.Rules, ruleCount{a.L(r.Title), n})
		}
	}
	slices.SortStableFunc(v.Rules, func(x, y ruleCount) int { return cmp.Compare(y.N, x.N) })
	return nil
}

// reviewed is one case's row; each rule that it breaks counts once.
func reviewed(a *page.Ask, f selfcheck.Found, severity map[string]review.Severity) reviewedView {
	r := f.Row
	id := strconv.FormatInt(int64(r.ID), 10)
	x := reviewedView{Number: page.Or(r.Number, id), Party: r.Party, Ended: a.Date(r.EndDay), Points: f.Points, Address: "/cases/" + id + "/review"}
	for _, rule := range f.Broken {
		switch severity[rule] {
		case review.Grave:
			x.Grave++
		case review.Serious:
			x.Serious++
		default:
			x.Slight++
		}
	}
	return x
}

// feeds are the reviews of files that wait for their list, and that the reader may give it: their form asks for the same files.
func feeds(a *page.Ask, q selfcheck.Query) (links []page.LinkView, err error) {
	f := &a.Site.Options.Reviews.Feed
	found, err := desk.Find(a.Site.Engine, a.ID(), desk.Query{Workflow: f.Workflow, Open: true, Limit: 20})
	if err != nil || f.Workflow == "" {
		return nil, err
	}
	asked := url.Values{"workflow": {string(q.Of)}, "from": {q.From.String()}, "to": {q.To.String()}}
	if q.Draw > 0 {
		asked.Set("draw", strconv.Itoa(q.Draw))
		asked.Set("seed", q.Seed)
	}
	for _, row := range found.Rows {
		view, err := desk.View(a.Site.Engine, a.ID(), row.ID)
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(view.Actions, func(x desk.Available) bool { return x.Action == f.Action }) {
			links = append(links, page.LinkView{Text: strings.TrimSpace(view.Case.Number() + " " + view.Party()), Address: page.Address(desk.Draft{Case: row.ID, Action: f.Action}) + "?" + asked.Encode()})
		}
	}
	return links, nil
}
