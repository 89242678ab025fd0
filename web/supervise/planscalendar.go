package supervise

import (
	"fmt"
	"slices"
	"strconv"

	"dossier/engine/calendar"
	"dossier/engine/plan"
	"dossier/web/page"
)

// yearView is the calendar of a year as a picture: a line a quota, a box a period, the day on which it is due at its right
// edge. The table beside it says the same in words.
type yearView struct {
	Width, Height int
	Months        []yearMonth
	Lines         []yearLine
	Today         int // 0: not in this year
	Due           []dueView
	regime        string
	due           []plan.Progress
}

type yearMonth struct {
	X     int
	Title string
	Width int
}

// yearLine is a regime's title (Boxes nil), or a quota.
type yearLine struct {
	Y, TextY       int
	Title, Address string
	Boxes          []yearBox
}

type yearBox struct {
	X, Y, W, TextX, TextY int
	Class, Text, Says     string
	Address               string
}

// dueView is what is due on a day.
type dueView struct {
	By, Title, Regime, Address, Done string
	Light                            page.Light
}

// The measures of the picture.
const (
	yearLabel  = 290
	yearMonthW = 74
	yearLineH  = 28
	yearHead   = 30
)

// yearX is where a day lies across the picture.
func yearX(year int, d calendar.Date) int {
	start, end := calendar.Of(year, 1, 1), calendar.Of(year+1, 1, 1)
	return yearLabel + 12*yearMonthW*int(d-start)/int(end-start)
}

// yearRow adds a quota's periods to the picture.
func yearRow(a *page.Ask, v *yearView, ps []plan.Progress) {
	q := ps[0].Quota
	if title := a.L(q.Regime().Title); title != v.regime {
		v.regime = title
		v.Lines = append(v.Lines, yearLine{Title: title})
	}
	l := yearLine{Title: a.L(q.Title), Address: "/plans/" + ps[present(ps, a.Today)].ID()}
	y := yearHead + yearLineH*len(v.Lines)
	for _, p := range ps {
		from, to := yearX(p.Period.Year, p.Period.Start), yearX(p.Period.Year, p.Period.End.Add(1))
		s := planState(a.Words, p)
		box := yearBox{X: from + 1, Y: y + 3, W: to - from - 2, TextX: (from + to) / 2, TextY: y + 19, Class: "s-" + string(p.State), Text: fmt.Sprintf("%d/%d", p.Parts, p.Whole),
			Address: "/plans/" + p.ID()}
		if p.State == plan.Running && p.Period.Start > a.Today {
			box.Class = "s-later"
		}
		box.Says = a.L(q.Title) + " " + planPeriod(a.Words, p.Period) + " " + box.Text + " " + s.Text
		l.Boxes = append(l.Boxes, box)
		if p.State != plan.Met && p.Period.End >= a.Today {
			v.due = append(v.due, p)
		}
	}
	v.Lines = append(v.Lines, l)
}

// mostDue is how many lines the table beside the picture has.
const mostDue = 16

// yearFrame puts the months, today and the table of what is due around the quotas.
func yearFrame(a *page.Ask, v *yearView, year int) {
	for i := range v.Lines {
		v.Lines[i].Y = yearHead + yearLineH*i
		v.Lines[i].TextY = v.Lines[i].Y + 19
	}
	v.Width, v.Height = yearLabel+12*yearMonthW, yearHead+yearLineH*len(v.Lines)
	for m := 1; m <= 12; m++ {
		x := yearX(year, calendar.Of(year, m, 1))
		v.Months = append(v.Months, yearMonth{X: x, Title: a.T("plans.month", "n", strconv.Itoa(m)), Width: yearMonthW})
	}
	if y, _, _ := a.Today.YMD(); y == year {
		v.Today = yearX(year, a.Today)
	}
	due := v.due
	sortDue(due)
	for _, p := range due[:min(len(due), mostDue)] {
		v.Due = append(v.Due, dueView{By: a.Day(p.Period.End), Title: a.L(p.Quota.Title), Regime: a.L(p.Quota.Regime().Title), Address: "/plans/" + p.ID(),
			Done: a.T("plans.done-of", "n", p.Parts, "of", p.Whole), Light: planState(a.Words, p)})
	}
}

// sortDue puts the soonest first.
func sortDue(ps []plan.Progress) {
	slices.SortStableFunc(ps, func(x, y plan.Progress) int { return int(x.Period.End - y.Period.End) })
}
