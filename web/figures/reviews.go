package figures

import (
	"cmp"
	"crypto/sha256"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/desk"
	"dossier/engine/procedure"
	"dossier/engine/review"
	"dossier/engine/statistics"
	reading "dossier/engine/typed"
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
	More      bool            // not all could be looked at
	Feeds     []page.LinkView // reviews of files that wait for what was drawn
}

type reviewedView struct {
	Number, Party, Ended, Address string
	outcome, closed               string
	Points                        int
	Grave, Serious, Slight        int
}

// ruleCount is how many of the cases break a rule.
type ruleCount struct {
	Title string
	N     int
}

// mostReviewed is how many ended cases are looked at for one page: each is read whole.
const mostReviewed = 500

// ReviewsPage checks the ended cases of a period that the reader may see.
func ReviewsPage(a *page.Ask) error {
	if len(a.Site.Options.Reviews.Rules) == 0 {
		return a.NotFound()
	}
	year, _, _ := a.Today.YMD()
	v := reviewsView{Base: a.Base(a.T("reviews.title"), "admin"), From: page.Or(a.Query("from"), calendar.Of(year, 1, 1).String()), To: page.Or(a.Query("to"), a.Today.String()), Draw: page.Cut(a.Query("draw"), 6), Seed: page.Cut(page.Or(a.Query("seed"), a.Today.String()), 40)}
	v.Wide = true
	asked := procedure.WorkflowID(a.Query("workflow"))
	eds := slices.DeleteFunc(slices.Clone(a.Site.Engine.Workflows()), func(ed *procedure.Edition) bool { return len(a.Site.Options.Reviews.Of(ed.Def.ID)) == 0 })
	slices.SortStableFunc(eds, func(x, y *procedure.Edition) int {
		return len(a.Site.Options.Reviews.Rules[y.Def.ID]) - len(a.Site.Options.Reviews.Rules[x.Def.ID])
	})
	if asked == "" && len(eds) > 0 {
		asked = eds[0].Def.ID // of which most is asked
	}
	for _, ed := range eds {
		v.Workflows = append(v.Workflows, page.Option{Value: string(ed.Def.ID), Label: a.L(ed.Def.Title), On: ed.Def.ID == asked})
	}
	day := func(name, s string) calendar.Date {
		d, err := reading.Date(s)
		if err != nil {
			v.Faults = append(v.Faults, a.T("plan.no-day", "field", a.T(name), "text", page.Cut(s, 20)))
		}
		return d
	}
	from, to := day("reviews.from", v.From), day("reviews.to", v.To)
	if len(v.Faults) == 0 && to < from {
		v.Faults = append(v.Faults, a.T("reviews.backward"))
	}
	if a.Site.Engine.Workflow(asked) == nil {
		v.Faults = append(v.Faults, a.T("reviews.no-procedure"))
	}
	if len(v.Faults) > 0 {
		return a.Draw(http.StatusUnprocessableEntity, "reviews", v)
	}
	if err := reviews(a, &v, asked, from, to); err != nil {
		return err
	}
	return a.Draw(http.StatusOK, "reviews", v)
}

// reviews looks at the cases that ended in the period, or at those of them that were drawn.
func reviews(a *page.Ask, v *reviewsView, of procedure.WorkflowID, from, to calendar.Date) error {
	rules := a.Site.Options.Reviews.Of(of)
	parts, err := a.Site.Statistics.Cases(statistics.Behind{Query: statistics.Query{From: from, To: to, Only: of}, Measure: "cases-done", Total: true})
	if err != nil {
		return err
	}
	ids := make([]casefile.CaseID, len(parts))
	for i, p := range parts {
		ids[i] = p.Case
	}
	if n, err := strconv.Atoi(v.Draw); err == nil && n > 0 {
		v.Of = len(ids)
		ids = drawn(ids, v.Seed, n)
	}
	if v.More = len(ids) > mostReviewed; v.More {
		ids = ids[:mostReviewed]
	}
	listed, _, err := desk.Rows(a.Site.Engine, a.ID(), ids)
	if err != nil {
		return err
	}
	if v.Feeds, err = feeds(a); err != nil {
		return err
	}
	sum := 0
	broken := map[string]int{}
	for _, row := range listed {
		view, err := desk.View(a.Site.Engine, a.ID(), row.ID)
		if err != nil {
			return err
		}
		r := review.Look(rules, cases.File(a, view), a.Office.Calendar)
		sum += r.Points
		v.Rows = append(v.Rows, reviewed(a, view, r, broken))
	}
	for i := range v.Feeds {
		v.Feeds[i].Address += "?" + fed(a, v).Encode()
	}
	slices.SortStableFunc(v.Rows, func(x, y reviewedView) int { return cmp.Compare(x.Points, y.Points) })
	if len(v.Rows) > 0 {
		v.Mean = strconv.FormatFloat(float64(sum)/float64(len(v.Rows)), 'f', 1, 64)
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
func reviewed(a *page.Ask, view *desk.CaseView, r review.Review, broken map[string]int) reviewedView {
	c := view.Case
	x := reviewedView{outcome: outcome(view), closed: dayText(c.EndDay), Number: page.Or(c.Number(), strconv.FormatInt(int64(c.ID), 10)), Party: view.Party(), Ended: a.Date(c.EndDay), Points: r.Points,
		Address: "/cases/" + strconv.FormatInt(int64(c.ID), 10) + "/review"}
	seen := map[string]bool{}
	for _, m := range r.Marks {
		if seen[m.Rule.ID] {
			continue
		}
		seen[m.Rule.ID] = true
		broken[m.Rule.ID]++
		switch m.Rule.Severity {
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

// outcome names the decisions of a case that are published, "" of none.
func outcome(view *desk.CaseView) string {
	var numbers []string
	for _, d := range view.Case.Issued {
		if d.Void == 0 && slices.Contains(view.Edition.Def.Terms.Publicity.Of, d.Form) {
			numbers = append(numbers, d.Number)
		}
	}
	return strings.Join(numbers, "、")
}

// feeds are the reviews of files that wait for their list, and that the reader may give it.
func feeds(a *page.Ask) (links []page.LinkView, err error) {
	f := &a.Site.Options.Reviews.Feed
	found, err := desk.Find(a.Site.Engine, a.ID(), desk.Query{Workflow: f.Workflow, Open: true, Limit: 20})
	if err != nil || f.Workflow == "" {
		return nil, err
	}
	for _, row := range found.Rows {
		view, err := desk.View(a.Site.Engine, a.ID(), row.ID)
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(view.Actions, func(x desk.Available) bool { return x.Action == f.Action }) {
			links = append(links, page.LinkView{Text: strings.TrimSpace(view.Case.Number() + " " + view.Party()), Address: page.Address(desk.Draft{Case: row.ID, Action: f.Action})})
		}
	}
	return links, nil
}

// fed is what the form of such a review is filled with: the files, and how they were chosen.
func fed(a *page.Ask, v *reviewsView) url.Values {
	f, u := &a.Site.Options.Reviews.Feed, url.Values{}
	for i, r := range v.Rows {
		for column, text := range map[procedure.FieldID]string{f.Number: r.Number, f.Party: r.Party, f.Outcome: r.outcome, f.Closed: r.closed} {
			u.Set("t."+string(f.Table)+"."+strconv.Itoa(i)+"."+string(column), text)
		}
	}
	if v.Of > 0 {
		u.Set("v."+string(f.How), f.Drawn)
		u.Set("v."+string(f.Note), a.T("reviews.drawn-from", "n", len(v.Rows), "of", v.Of, "seed", v.Seed))
	}
	return u
}

// drawn are as many of the cases as are wanted, by the seed: those whose SHA-256 over "seed/number" come first. Whoever
// knows the seed and the cases draws the same.
func drawn(ids []casefile.CaseID, seed string, n int) []casefile.CaseID {
	key := func(id casefile.CaseID) string {
		sum := sha256.Sum256([]byte(seed + "/" + strconv.FormatInt(int64(id), 10)))
		return string(sum[:])
	}
	out := slices.Clone(ids)
	slices.SortFunc(out, func(x, y casefile.CaseID) int { return cmp.Compare(key(x), key(y)) })
	return out[:min(n, len(out))]
}
