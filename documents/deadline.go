package documents

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"dossier/documents/layout"
	"dossier/engine/calendar"
	"dossier/engine/paper"
	"dossier/engine/text"
)

// Deadline draws the deadline sheet of a clock.
func (r *Renderer) Deadline(s paper.DeadlineSheet) ([]byte, error) {
	d := deadline{s}
	page := layout.DeadlineSheet{Title: s.Def.Title.ZH + "期限计算表", Number: "案号　" + s.CaseNumber, Head: d.head(), Months: d.months(), Notes: d.notes(),
		Signs: []layout.Fact{{Label: "制表", Value: s.Maker}, {Label: "复核"}}, Day: s.Day.Han()}
	page.Segments, page.Total = d.segments()
	page.Legend = d.legend(page.Months)
	return layout.Render(layout.Document{Title: page.Title, Author: s.Bureau, Number: s.CaseNumber, Made: midnight(s.Day), Page: page})
}

// deadline turns an explained clock into the words of its sheet.
type deadline struct{ paper.DeadlineSheet }

func (d deadline) head() [][2]layout.Fact {
	period := d.Def.Clock(d.Running.Def.ID).Title.ZH
	if d.Run.Period.N > 0 {
		period += "，" + d.Run.Period.Han()
	}
	for _, x := range d.Run.Extend {
		period += "，延长" + x.Han()
	}
	begins, start := d.Begins.ZH, weekday(d.Start)
	if len([]rune(begins)) > 5 {
		begins, start = "起始日", start+" "+begins
	}
	due := "中止中，恢复后续算"
	switch {
	case d.Due != 0 && d.Provisional:
		due = weekday(d.Due) + "，暂定"
	case d.Due != 0:
		due = weekday(d.Due)
	case d.Remaining > 0:
		due = "中止中，余" + calendar.Period{N: d.Remaining, Unit: d.Unit}.Han()
	}
	head := [][2]layout.Fact{
		{{Label: "当事人", Value: d.Party}, {Label: "案由", Value: d.Cause}},
		{{Label: begins, Value: start}, {Label: "期限名称", Value: period}},
	}
	first := layout.Fact{Label: "起算日", Value: "—"}
	if d.Backward() {
		first.Value = "自起始日向前倒推"
	} else if len(d.Days) > 0 && d.Run.By == 0 {
		first.Value = weekday(d.Days[0].Date)
	}
	return append(head, [2]layout.Fact{first, {Label: "到期日", Value: due, Strong: true}})
}

func weekday(d calendar.Date) string { return d.Han() + "（" + d.HanWeekday() + "）" }

// short is a day without its year.
func short(d calendar.Date) string {
	_, m, day := d.YMD()
	return fmt.Sprintf("%d月%d日", m, day)
}

func (d deadline) segments() ([]layout.Segment, layout.Total) {
	var out []layout.Segment
	var parts []string
	counted, stopped := 0, 0
	for _, g := range d.Segments {
		s := layout.Segment{Name: g.Title.ZH, Span: short(g.From) + "至" + short(g.To), Counted: "—", Skipped: "—", Basis: d.Def.Cites(g.Law, text.ZH)}
		if g.Still {
			s.Skipped = strconv.Itoa(g.Stopped)
			stopped += g.Stopped
		} else {
			s.Counted = strconv.Itoa(g.Counted)
			parts = append(parts, s.Counted)
			counted += g.Counted
		}
		for i, p := range g.Papers {
			if i > 0 {
				s.Paper += "\n"
			}
			s.Paper += strings.TrimSpace(p.Title.ZH + "\n" + p.Number)
		}
		out = append(out, s)
	}
	t := layout.Total{Unit: units[d.Unit], Counted: strconv.Itoa(counted), Skipped: "—"}
	if stopped > 0 {
		t.Skipped = strconv.Itoa(stopped)
	}
	if len(parts) > 1 {
		t.Sum = strings.Join(parts, " + ") + " = " + t.Counted
	} else if counted > 0 {
		t.Sum = t.Counted
	}
	if d.Due != 0 {
		t.Result = "，" + short(d.Due) + "届满"
		if t.Sum == "" {
			t.Result = short(d.Due) + "届满"
		}
	}
	return out, t
}

var units = map[calendar.Unit]string{calendar.Workdays: "工作日", calendar.Days: "日", calendar.Months: "月"}

// months draws the run from the month of its start through that of its last day.
func (d deadline) months() []layout.Month {
	if len(d.Days) == 0 {
		return nil
	}
	told := map[calendar.Date]calendar.Day{}
	for _, x := range d.Days {
		told[x.Date] = x
	}
	boxed := map[calendar.Date]bool{d.Start: true}
	for _, p := range d.Run.Pauses {
		boxed[p.From], boxed[p.To] = true, true
	}
	stopped := 0
	var out []layout.Month
	last, from := d.Days[len(d.Days)-1].Date, d.Start
	if d.Backward() {
		last, from = d.Start, d.Due
	}
	if from == 0 {
		from = d.Days[0].Date
	}
	y, m, _ := from.YMD()
	for first := calendar.Of(y, m, 1); first <= last && len(out) < 60; first = calendar.Of(y, m, 1) {
		month := layout.Month{Year: y, Month: m}
		y, m = y+m/12, m%12+1
		counted, full := 0, 0
		for at := first; at < calendar.Of(y, m, 1); at++ {
			day := layout.Day{Boxed: boxed[at], Due: at == d.Due}
			if at == d.Start {
				day.Word = string([]rune(d.Begins.ZH)[:min(2, len([]rune(d.Begins.ZH)))])
			}
			if x, ok := told[at]; ok {
				switch code := x.Why.Code; {
				case code == calendar.Suspended:
					stopped++
					day.Shade, day.Word = layout.Suspended, fmt.Sprint("停", stopped)
				case code == calendar.Weekend:
					day.Shade, day.Word = layout.Rest, "休"
				case code == calendar.HolidayDay:
					day.Shade, day.Word = layout.Holiday, "假"
				case x.Counted:
					counted, full = counted+1, x.N
					day.Shade, day.Word = layout.Counted, strconv.Itoa(x.N)
				case at == d.Due:
					day.Word = "届满"
				}
				day.Extra = x.Why.Code == calendar.MakeUp || day.Shade == layout.Suspended && d.worked(at)
			}
			month.Days = append(month.Days, day)
		}
		month.Note = fmt.Sprintf("计%d日", counted)
		if d.Unit == calendar.Months {
			if month.Note = ""; full > 0 {
				month.Note = fmt.Sprintf("至第%d个月", full)
			}
		}
		out = append(out, month)
	}
	return out
}

// worked tells whether a Saturday or Sunday is worked.
func (d deadline) worked(at calendar.Date) bool {
	return slices.ContainsFunc(d.Schedules, func(s calendar.Schedule) bool { return slices.Contains(s.Work, at) })
}

// legend explains the kinds of days that the months have.
func (d deadline) legend(months []layout.Month) []layout.Sample {
	has := func(is func(x layout.Day) bool) bool {
		return slices.ContainsFunc(months, func(m layout.Month) bool { return slices.ContainsFunc(m.Days, is) })
	}
	shade := func(s layout.Shade) bool { return has(func(x layout.Day) bool { return x.Shade == s }) }
	var out []layout.Sample
	add := func(there bool, day layout.Day, words string) {
		if there {
			out = append(out, layout.Sample{Day: day, Text: words})
		}
	}
	counts := "计入，数字为第几日"
	if d.Unit == calendar.Months {
		counts = "计入，数字为第几个月"
	}
	if d.Backward() {
		counts = "计入，数字为倒数第几日"
	}
	add(shade(layout.Counted), layout.Day{Shade: layout.Counted, Word: "1"}, counts)
	add(has(func(x layout.Day) bool { return x.Extra }), layout.Day{Shade: layout.Counted, Word: "2", Extra: true}, "调休上班，按工作日计")
	add(shade(layout.Suspended), layout.Day{Shade: layout.Suspended, Word: "停1"}, "中止，不计入")
	add(shade(layout.Rest), layout.Day{Shade: layout.Rest, Word: "休"}, "休息日，不计入")
	add(shade(layout.Holiday), layout.Day{Shade: layout.Holiday, Word: "假"}, "法定节假日，不计入")
	if start := []rune(d.Begins.ZH); d.Start != 0 {
		add(true, layout.Day{Word: string(start[:min(2, len(start))]), Boxed: true}, "起始当日，不计入")
	}
	add(len(d.Run.Pauses) > 0, layout.Day{Shade: layout.Counted, Word: "3", Boxed: true}, "粗框：中止日、恢复日")
	add(d.Due != 0, layout.Day{Word: "末", Due: true}, "到期日")
	return out
}

// notes tell the holidays that the run crosses, how it was counted and what the sheet rests on.
func (d deadline) notes() []string {
	if len(d.Days) == 0 {
		return nil
	}
	first, last := d.Days[0].Date, d.Days[len(d.Days)-1].Date
	within := func(x calendar.Date) bool { return first <= x && x <= last }
	var off, work, orders []string
	for _, s := range d.Schedules {
		for _, h := range s.Off {
			if slices.ContainsFunc(h.Dates, within) {
				off = append(off, h.Name+span(h.Dates))
			}
		}
		for _, w := range s.Work {
			if within(w) {
				work = append(work, short(w))
			}
		}
		if s.Notice != "" {
			orders = append(orders, s.Notice)
		}
	}
	var notes []string
	line := func(parts ...string) {
		if s := strings.Join(parts, ""); s != "" {
			notes = append(notes, s)
		}
	}
	if d.Unit == calendar.Workdays && len(off) > 0 {
		line("节假日：", strings.Join(off, "，"), "。")
	}
	if d.Unit == calendar.Workdays && len(work) > 0 {
		line("调休上班：", strings.Join(work, "、"), "。")
	}
	rules := ""
	if d.Backward() {
		rules = "自起始日向前倒推，起始日与到期日均不计入；到期日遇休息日的，提前至其前一个工作日。"
	}
	if len(d.Run.Pauses) > 0 {
		rules = "中止日计入，恢复日不计入。"
	}
	if d.Plain != 0 && d.Plain != d.Due {
		rules += "如未中止、延长，到期日为" + d.Plain.Han() + "。"
	}
	if d.Raw != 0 && d.Raw != d.Due {
		rules += "期限最后一日" + short(d.Raw) + "是休息日，顺延至其后第一个工作日。"
	}
	if d.Provisional {
		rules += "所跨年度的放假安排尚未公布，只按星期一至星期五推算，到期日为暂定。"
	}
	line(rules)
	basis := fmt.Sprintf("本表由案卷第1至%d条记录推算", d.Seq)
	if len(orders) > 0 && (d.Run.By == 0 || d.Backward()) {
		basis += "，放假安排依据" + strings.Join(orders, "、")
	}
	return append(notes, basis+"。")
}

// span is one holiday's days: 2月15日至23日.
func span(days []calendar.Date) string {
	first, last := days[0], days[len(days)-1]
	_, m, _ := first.YMD()
	_, n, day := last.YMD()
	switch {
	case first == last:
		return short(first)
	case m == n:
		return fmt.Sprintf("%s至%d日", short(first), day)
	}
	return short(first) + "至" + short(last)
}
