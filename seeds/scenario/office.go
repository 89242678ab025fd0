package scenario

import (
	"cmp"
	"context"
	"io"
	"regexp"
	"slices"
	"strconv"

	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/office"
)

// Cases plays several scenarios as the work of one office: their steps in the order of their days, spread over its
// working hours and never before an hour that the step itself tells. The people are users already, by the map from names
// to users. It gives the cases of each scenario, by their names in it.
func Cases(ctx context.Context, ss []*Scenario, stage *Stage, users map[string]office.PersonID) ([]map[string]casefile.CaseID, error) {
	type entry struct {
		p *player
		i int
	}
	h := &hours{}
	var book []entry
	cases := make([]map[string]casefile.CaseID, len(ss))
	for n, s := range ss {
		cases[n] = map[string]casefile.CaseID{}
		p := &player{s: s, stage: stage, cases: cases[n], ids: users, hours: h}
		for i := range s.Steps {
			book = append(book, entry{p, i})
		}
	}
	step := func(e entry) Step { return e.p.s.Steps[e.i] }
	slices.SortStableFunc(book, func(a, b entry) int { return cmp.Compare(step(a).Date, step(b).Date) })
	for from := 0; from < len(book); {
		to := from
		for to < len(book) && step(book[to]).Date == step(book[from]).Date {
			to++
		}
		day := book[from:to]
		late := map[*player]int{} // who tells a late hour comes last
		for _, e := range day {
			late[e.p] = max(late[e.p], told(step(e)))
		}
		slices.SortStableFunc(day, func(a, b entry) int { return cmp.Compare(late[a.p], late[b.p]) })
		for k, e := range day {
			h.plan = max(slot(step(e).Date, k, len(day)), told(step(e)))
			if err := e.p.step(ctx, e.i, io.Discard); err != nil {
				return nil, err
			}
		}
		from = to
	}
	return cases, nil
}

// slot is the minute of the k-th of n steps of a day: somewhere in its share of the office's hours, 08:30 to 12:00 and
// 14:00 to 17:30. The same day gives the same minutes.
func slot(day calendar.Date, k, n int) int {
	const morning, open = 210, 420
	mix := uint32(day)*2654435761 + uint32(k)*40503
	mix ^= mix >> 15
	at := (k*100 + 5 + int(mix%90)) * open / (n * 100)
	if at < morning {
		return 8*60 + 30 + at
	}
	return 14*60 + at - morning
}

var (
	stamp = regexp.MustCompile(`^(\d{4}-\d\d-\d\d) (\d\d):(\d\d)$`)
	spoke = regexp.MustCompile(`(\d{1,2})时(?:(\d{1,2})分)?`)
)

// told is the minute after the latest hour of its own day that a step tells, 0 when it tells none: what was done at
// half past three is not on record at ten.
func told(st Step) int {
	if st.Fact != 0 && st.Fact != st.Date {
		return 0
	}
	last := -1
	for _, v := range st.With {
		if m := stamp.FindStringSubmatch(v.Text); m != nil && m[1] == st.Date.String() {
			last = max(last, minutes(m[2], m[3]))
		}
		if len([]rune(v.Text)) <= 20 {
			for _, m := range spoke.FindAllStringSubmatch(v.Text, -1) {
				last = max(last, minutes(m[1], m[2]))
			}
		}
	}
	return last + 1
}

func minutes(h, m string) int {
	hour, _ := strconv.Atoi(h)
	minute, _ := strconv.Atoi(m)
	return hour*60 + minute
}
