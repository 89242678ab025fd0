package web

import (
	"cmp"
	"crypto/sha256"
	"net/http"
	"slices"
	"strconv"

	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/desk"
	"dossier/engine/procedure"
	"dossier/engine/review"
	"dossier/engine/statistics"
	reading "dossier/engine/typed"
)

// reviewsView is the self-check of all cases of a procedure that ended in a period, the worst first.
type reviewsView struct {
	base
	Workflows []option
	From, To  string
	Draw      string // how many are drawn; "": all
	Seed      string // by which
	Of        int    // of how many
	Faults    []string
	Rows      []reviewedView
	Mean      string
	Rules     []ruleCount
	More      bool // not all could be looked at
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

// mostReviewed is how many ended cases are looked at for one page: each is read whole.
const mostReviewed = 500

// reviewsPage checks the ended cases of a period that the reader may see.
func reviewsPage(a *ask) error {
	if len(a.s.opt.Reviews) == 0 {
		return a.notFound()
	}
	year, _, _ := a.today.YMD()
	v := reviewsView{base: a.base(a.T("reviews.title"), "admin"), From: or(a.Query("from"), calendar.Of(year, 1, 1).String()), To: or(a.Query("to"), a.today.String()), Draw: cut(a.Query("draw"), 6), Seed: cut(or(a.Query("seed"), a.today.String()), 40)}
	v.Wide = true
	asked := procedure.WorkflowID(a.Query("workflow"))
	eds := slices.DeleteFunc(slices.Clone(a.s.engine.Workflows()), func(ed *procedure.Edition) bool { return len(a.s.opt.Reviews[ed.Def.ID]) == 0 })
	slices.SortStableFunc(eds, func(x, y *procedure.Edition) int {
		return len(a.s.opt.Reviews[y.Def.ID]) - len(a.s.opt.Reviews[x.Def.ID])
	})
	if asked == "" && len(eds) > 0 {
		asked = eds[0].Def.ID // of which most is asked
	}
	for _, ed := range eds {
		v.Workflows = append(v.Workflows, option{Value: string(ed.Def.ID), Label: a.L(ed.Def.Title), On: ed.Def.ID == asked})
	}
	day := func(name, s string) calendar.Date {
		d, err := reading.Date(s)
		if err != nil {
			v.Faults = append(v.Faults, a.T("plan.no-day", "field", a.T(name), "text", cut(s, 20)))
		}
		return d
	}
	from, to := day("reviews.from", v.From), day("reviews.to", v.To)
	if len(v.Faults) == 0 && to < from {
		v.Faults = append(v.Faults, a.T("reviews.backward"))
	}
	if len(a.s.opt.Reviews[asked]) == 0 {
		v.Faults = append(v.Faults, a.T("reviews.no-procedure"))
	}
	if len(v.Faults) > 0 {
		return a.draw(http.StatusUnprocessableEntity, "reviews", v)
	}
	if err := a.reviews(&v, asked, from, to); err != nil {
		return err
	}
	return a.draw(http.StatusOK, "reviews", v)
}

// reviews looks at the cases that ended in the period, or at those of them that were drawn.
func (a *ask) reviews(v *reviewsView, of procedure.WorkflowID, from, to calendar.Date) error {
	rules := a.s.opt.Reviews[of]
	parts, err := a.s.statistics.Cases(statistics.Behind{Query: statistics.Query{From: from, To: to, Only: of}, Measure: "cases-done", Total: true})
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
	listed, _, err := desk.Rows(a.s.engine, a.id(), ids)
	if err != nil {
		return err
	}
	sum := 0
	broken := map[string]int{}
	for _, row := range listed {
		view, err := desk.View(a.s.engine, a.id(), row.ID)
		if err != nil {
			return err
		}
		r := review.Look(rules, file(view), a.office.Calendar)
		sum += r.Points
		v.Rows = append(v.Rows, a.reviewed(view, r, broken))
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
func (a *ask) reviewed(view *desk.CaseView, r review.Review, broken map[string]int) reviewedView {
	c := view.Case
	x := reviewedView{Number: or(c.Number(), strconv.FormatInt(int64(c.ID), 10)), Party: view.Party(), Ended: a.Date(c.EndDay), Points: r.Points,
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
