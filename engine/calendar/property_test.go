package calendar

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// rounds is how many random cases each property is held to.
const rounds = 3000

// walker is the plain reading of the law, day by day, that the calendar is held to.
type walker struct{ off, work map[Date]bool }

func newWalker(t *testing.T) walker {
	w := walker{map[Date]bool{}, map[Date]bool{}}
	for _, s := range seeded(t) {
		for _, h := range s.Off {
			for _, d := range h.Dates {
				w.off[d] = true
			}
		}
		for _, d := range s.Work {
			w.work[d] = true
		}
	}
	return w
}

func (w walker) workday(d Date) bool {
	switch {
	case w.off[d]:
		return false
	case w.work[d]:
		return true
	}
	weekday := d.Weekday()
	return weekday != 0 && weekday != 6
}

// due walks the run: each day that is not in a pause counts, rest days only for calendar days; then off the rest days.
func (w walker) due(r Run) (due, raw Date) {
	n := r.Period.N
	for _, e := range r.Extend {
		n += e.N
	}
	d := r.Start
	for n > 0 {
		d++
		paused := false
		for _, p := range r.Pauses {
			paused = paused || p.From < d && d <= p.To
		}
		if !paused && (r.Period.Unit == Days || w.workday(d)) {
			n--
		}
	}
	raw = d
	for !w.workday(d) {
		d++
	}
	return d, raw
}

// randomDay lies from 2019 to 2028, so that years without a schedule take part.
func randomDay(rng *rand.Rand) Date { return Of(2019, 1, 1) + Date(rng.IntN(3650)) }

// randomRun has up to three pauses, each begun while the clock still runs.
func randomRun(rng *rand.Rand, c *Calendar) Run {
	r := Run{Start: randomDay(rng), Period: Period{1 + rng.IntN(90), Workdays}}
	if rng.IntN(2) == 0 {
		r.Period.Unit = Days
	}
	if rng.IntN(3) == 0 {
		r.Extend = []Period{{1 + rng.IntN(30), r.Period.Unit}}
	}
	for range rng.IntN(4) {
		res, err := c.Due(r)
		if err != nil {
			panic(err)
		}
		from := r.Start
		if n := len(r.Pauses); n > 0 {
			from = r.Pauses[n-1].To
		}
		if res.Raw <= from {
			break
		}
		p := Pause{From: from + Date(rng.IntN(int(res.Raw-from)))}
		p.To = p.From + 1 + Date(rng.IntN(40))
		if r.Period.Unit == Workdays {
			p = Pause{c.Next(p.From), c.Next(p.To)}
			if p.From >= res.Due || p.To <= p.From {
				break
			}
		}
		r.Pauses = append(r.Pauses, p)
	}
	return r
}

func TestPropertyWorkdayAndCount(t *testing.T) {
	c, w := published(t), newWalker(t)
	rng := rand.New(rand.NewPCG(1, 1))
	for range rounds {
		a, b, m := randomDay(rng), randomDay(rng), randomDay(rng)
		if got, _ := c.Workday(a); got != w.workday(a) || c.Day(a).Workday() != got {
			t.Fatalf("%s: working day %v", a, got)
		}
		if c.Count(a, b) != c.Count(a, m)+c.Count(m, b) || c.Count(a, b) != -c.Count(b, a) {
			t.Fatalf("counts between %s, %s and %s don't add up", a, m, b)
		}
		n := 0
		to := a + Date(rng.IntN(400))
		for d := a + 1; d <= to; d++ {
			if w.workday(d) {
				n++
			}
		}
		if got := c.Count(a, to); got != n {
			t.Fatalf("%s to %s: %d working days, want %d", a, to, got, n)
		}
	}
}

// The ranks and the days of a rank are each other's inverse, far outside the schedules too.
func TestPropertyRanks(t *testing.T) {
	c := published(t)
	rng := rand.New(rand.NewPCG(2, 2))
	for range rounds {
		d := Date(rng.IntN(int(lastDate))) - 5000
		if next := c.Next(d); next < d || c.rank(next) != c.rank(d-1)+1 || c.nth(c.rank(next)) != next {
			t.Fatalf("day %d: next is %d, ranks %d and %d", d, next, c.rank(d-1), c.rank(next))
		}
		n := 1 + rng.IntN(300)
		next := c.Next(d)
		if got := c.Shift(c.Shift(next, n), -n); got != next {
			t.Fatalf("day %d: %d working days on and back is %d", next, n, got)
		}
	}
}

func TestPropertyDueIsTheWalk(t *testing.T) {
	c, w := published(t), newWalker(t)
	rng := rand.New(rand.NewPCG(3, 3))
	paused := 0
	for range rounds {
		r := randomRun(rng, c)
		res, err := c.Due(r)
		if due, raw := w.due(r); err != nil || res.Due != due || res.Raw != raw {
			t.Fatalf("%+v: %+v, %v, want %s raw %s", r, res, err, due, raw)
		}
		if len(r.Pauses) == 0 && len(r.Extend) == 0 {
			if due, raw, provisional := c.Add(r.Start, r.Period); due != res.Due || raw != res.Raw || provisional != res.Provisional {
				t.Fatalf("%+v: Add is %s, Due is %+v", r, due, res)
			}
		}
		paused += len(r.Pauses)
	}
	if paused < rounds/2 {
		t.Errorf("only %d pauses were tried", paused)
	}
}

// A pause moves the end by what it takes out of the count, no more and no less; and leaves what was left.
func TestPropertyPauseShifts(t *testing.T) {
	c := published(t)
	rng := rand.New(rand.NewPCG(4, 4))
	for range rounds {
		r := randomRun(rng, c)
		if len(r.Pauses) == 0 {
			continue
		}
		with, _ := c.Due(r)
		without, _ := c.Due(Run{Start: r.Start, Period: r.Period, Extend: r.Extend})
		want := c.Shift(without.Raw, with.Paused)
		if r.Period.Unit == Days {
			want = without.Raw.Add(with.Paused)
		}
		if with.Raw != want {
			t.Fatalf("%+v: from %s by %d to %s, want %s", r, without.Raw, with.Paused, with.Raw, want)
		}
		open := r
		open.Pauses = slices.Clone(r.Pauses)
		open.Pauses[len(open.Pauses)-1].To = 0
		if o, err := c.Due(open); err != nil || !o.Open || o.Due != 0 || o.Left != with.Left || o.Used != with.Used {
			t.Fatalf("%+v: open %+v, %v, closed %+v", r, o, err, with)
		}
	}
}

func TestPropertyDueIsMonotone(t *testing.T) {
	c := published(t)
	rng := rand.New(rand.NewPCG(5, 5))
	for range rounds {
		start := randomDay(rng)
		for _, p := range []Period{{1 + rng.IntN(90), Workdays}, {1 + rng.IntN(90), Days}, {1 + rng.IntN(24), Months}} {
			due, raw, _ := c.Add(start, p)
			later, _, _ := c.Add(start+1, p)
			longer, _, _ := c.Add(start, Period{p.N + 1, p.Unit})
			if later < due || longer < due || raw > due || due <= start {
				t.Fatalf("%s + %s is %s raw %s, a day later %s, a unit longer %s", start, p, due, raw, later, longer)
			}
			if workday, _ := c.Workday(due); !workday {
				t.Fatalf("%s + %s ends on %s, a rest day", start, p, due)
			}
		}
	}
}

// The days told are all days from the start to the end; what they count is the period, what they suspend is the pause.
func TestPropertyExplainAddsUp(t *testing.T) {
	c := published(t)
	rng := rand.New(rand.NewPCG(6, 6))
	for range rounds / 3 {
		r := randomRun(rng, c)
		res, _ := c.Due(r)
		days, err := c.Explain(r, 0)
		if err != nil || days[0].Date != r.Start+1 || days[len(days)-1].Date != res.Due {
			t.Fatalf("%+v: %d days, %v", r, len(days), err)
		}
		total, _ := r.total()
		n, suspended := 0, 0
		for i, d := range days {
			if d.Date != r.Start+1+Date(i) {
				t.Fatalf("%+v: a day is missing before %s", r, d.Date)
			}
			if d.Counted {
				n++
			}
			if d.Why.Code == Suspended {
				suspended++
			}
			if d.Counted && d.N != n || !d.Counted && d.N != 0 {
				t.Fatalf("%+v: %+v, want %d", r, d, n)
			}
			if r.Period.Unit == Workdays && c.Remaining(r, d.Date) != total-n {
				t.Fatalf("%+v: on %s %d remain, want %d", r, d.Date, c.Remaining(r, d.Date), total-n)
			}
		}
		if n != total || suspended != res.Paused {
			t.Fatalf("%+v: %d counted, %d suspended, want %d and %d", r, n, suspended, total, res.Paused)
		}
	}
}

// Backward finds the last working day from which the period has run out before the day.
func TestPropertyBackIsTheLast(t *testing.T) {
	c := published(t)
	rng := rand.New(rand.NewPCG(7, 7))
	for range rounds {
		day := randomDay(rng)
		for _, p := range []Period{{1 + rng.IntN(90), Workdays}, {1 + rng.IntN(90), Days}, {1 + rng.IntN(24), Months}} {
			cause, ok := c.Back(day, p)
			if workday, _ := c.Workday(cause); !workday || !ok {
				t.Fatalf("%s before %s is %s, no working day", p, day, cause)
			}
			if _, raw, _ := c.Add(cause, p); raw >= day {
				t.Fatalf("%s before %s is %s, from which it ends on %s", p, day, cause, raw)
			}
			if _, raw, _ := c.Add(c.Shift(cause, 1), p); raw < day {
				t.Fatalf("%s before %s is %s, but the working day after would do", p, day, cause)
			}
			days := c.ExplainBack(day, p)
			if len(days) != int(day-cause)-1 || days[0].Date != cause+1 {
				t.Fatalf("%s before %s: %d days are told", p, day, len(days))
			}
			most := 0
			for _, d := range days {
				most = max(most, d.N)
			}
			if most != p.N {
				t.Fatalf("%s before %s: counted up to %d", p, day, most)
			}
		}
	}
}
