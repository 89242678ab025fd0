package calendar

import "testing"

// Sixty working days with two suspensions (E10): at most 500 ns, nothing allocated.
func BenchmarkDueTwoSuspensions(b *testing.B) {
	c := published(b)
	run := Run{Start: Of(2026, 7, 6), Period: Period{60, Workdays},
		Pauses: []Pause{{Of(2026, 7, 20), Of(2026, 8, 3)}, {Of(2026, 9, 21), Of(2026, 10, 12)}}}
	b.ReportAllocs()
	for b.Loop() {
		if res, err := c.Due(run); err != nil || res.Due != Of(2026, 10, 30) {
			b.Fatal(res, err)
		}
	}
}

func BenchmarkAdd(b *testing.B) {
	c := published(b)
	start := Of(2026, 1, 5)
	for _, p := range []Period{{60, Workdays}, {90, Days}, {6, Months}} {
		b.Run(string(p.Unit), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if due, _, _ := c.Add(start, p); due == 0 {
					b.Fatal("no due date")
				}
			}
		})
	}
}

func TestDueAllocatesNothing(t *testing.T) {
	c := published(t)
	run := Run{Start: Of(2026, 7, 6), Period: Period{60, Workdays}, Pauses: []Pause{{Of(2026, 7, 20), Of(2026, 8, 3)}}}
	if n := testing.AllocsPerRun(100, func() { _, _ = c.Due(run) }); n != 0 {
		t.Errorf("Due allocates %v times, want none", n)
	}
}
