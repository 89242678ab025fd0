package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"dossier/engine/calendar"
	"dossier/engine/typed"
)

const deadlineHelp = `用法：dossier deadline --from 日期 --for "60 workdays" [选项]

计算一个法定期限的到期日。单位：workdays（工作日）、days（日）、months（月）。

  --from 日期        起算日，当日不计入
  --for 期限         如 "60 workdays"、"15 days"、"6 months"
  --extend 期限      批准的延长，与原期限单位相同
  --pause A..B       A日中止、B日恢复，可以多次；A.. 为尚未恢复
  --on 日期          从哪一天起算剩余，默认今天
  --explain          逐日说明是否计入及原因
  --json             输出JSON

例：
  dossier deadline --from 2026-01-05 --for "60 workdays"
  dossier deadline --from 2026-01-05 --for "60 workdays" --extend "30 workdays" --explain
  dossier deadline --from 2026-01-12 --for "60 workdays" --pause 2026-02-10..2026-03-16
  dossier deadline --from 2026-09-21 --for "15 days" --json
`

// arguments are a command's words, sorted.
type arguments struct {
	values map[string][]string // of each option given, in order; "" for one that takes no value
	rest   []string            // the words that belong to no option
	given  []string            // all of them, as they were given
}

// shorts are the options that have a short name.
var shorts = map[string]string{"-h": "--help", "-o": "--output"}

// readArguments sorts a command's words: options, before or after the other words, that take a value (--from DATE or --from=DATE) and switches,
// that take none. --help and -h are known everywhere.
func readArguments(args, options, switches []string) (arguments, error) {
	takes := map[string]bool{"help": false}
	var known []string
	for _, name := range options {
		takes[name] = true
		known = append(known, "--"+name)
	}
	for _, name := range switches {
		takes[name] = false
		known = append(known, "--"+name)
	}
	known = append(known, "--help")
	a := arguments{values: map[string][]string{}}
	for i := 0; i < len(args); i++ {
		word := args[i]
		if long, ok := shorts[word]; ok {
			word = long
		}
		if !strings.HasPrefix(word, "-") || word == "-" {
			a.rest = append(a.rest, word)
			continue
		}
		name, value, given := strings.Cut(strings.TrimPrefix(word, "--"), "=")
		takesValue, ok := takes[name]
		switch {
		case !ok || !strings.HasPrefix(word, "--"):
			return a, unreadable("no-option", "where", args[i], "known", known)
		case given && !takesValue:
			return a, unreadable("option-alone", "where", word, "name", name)
		case takesValue && !given:
			if i++; i == len(args) || strings.HasPrefix(args[i], "--") {
				return a, unreadable("option-bare", "where", word)
			}
			value = args[i]
		}
		a.values[name] = append(a.values[name], value)
	}
	return a, nil
}

// has is whether an option was given.
func (a arguments) has(name string) bool { return len(a.values[name]) > 0 }

// one is the value of an option that may be given once; "" when it wasn't.
func (a arguments) one(name string) (string, error) {
	switch values := a.values[name]; len(values) {
	case 0:
		return "", nil
	case 1:
		return values[0], nil
	}
	return "", unreadable("option-twice", "name", name)
}

// deadline is what the command asks.
type deadline struct {
	run    calendar.Run
	on     calendar.Date
	pauses []string // as typed
}

// deadlineAnswer is what --json prints.
type deadlineAnswer struct {
	Due         calendar.Date  `json:"due,omitempty"` // absent while a pause is open
	Raw         calendar.Date  `json:"raw,omitempty"` // of days and months
	Open        bool           `json:"open,omitempty"`
	Provisional bool           `json:"provisional"`
	Remaining   int            `json:"remaining"`
	Unit        calendar.Unit  `json:"unit"`
	Days        []calendar.Day `json:"days,omitempty"` // with --explain
}

// Deadline runs `dossier deadline`: one due date, and why. today is the day from which remaining counts when --on is
// not given. An error of what was typed is a *usageError.
func Deadline(args []string, out io.Writer, today calendar.Date, cal *calendar.Calendar) error {
	a, err := readArguments(args, []string{"from", "for", "extend", "pause", "on"}, []string{"explain", "json"})
	if err != nil {
		return err
	}
	if a.has("help") {
		_, err := io.WriteString(out, deadlineHelp)
		return err
	}
	d, err := readDeadline(a, today)
	if err != nil {
		return err
	}
	res, err := cal.Due(d.run)
	if err != nil {
		return d.refused(err)
	}
	answer := deadlineAnswer{Due: res.Due, Open: res.Open, Provisional: res.Provisional, Unit: d.run.Period.Unit,
		Remaining: cal.Remaining(d.run, d.on)}
	if answer.Unit != calendar.Workdays {
		answer.Raw = res.Raw
	}
	if a.has("explain") {
		through := res.Due
		if res.Open {
			through = max(d.on, d.run.Pauses[len(d.run.Pauses)-1].From)
		}
		if answer.Days, err = cal.Explain(d.run, through); err != nil {
			return d.refused(err)
		}
	}
	if a.has("json") {
		return json.NewEncoder(out).Encode(answer)
	}
	_, err = io.WriteString(out, d.text(answer))
	return err
}

// readDeadline reads the options' values.
func readDeadline(a arguments, today calendar.Date) (deadline, error) {
	d := deadline{on: today, pauses: a.values["pause"]}
	if len(a.rest) > 0 {
		return d, unreadable("stray", "where", a.rest[0], "do", `带空格的值放在引号里，如 --for "60 workdays"`)
	}
	for _, name := range []string{"from", "for"} {
		if !a.has(name) {
			return d, invalid(name, "required", "option-missing", "where", "--"+name, "do", `写成 --from 2026-01-05 --for "60 workdays"`)
		}
	}
	for _, day := range []struct {
		name string
		to   *calendar.Date
	}{{"from", &d.run.Start}, {"on", &d.on}} {
		text, err := a.one(day.name)
		if err != nil {
			return d, err
		}
		if !a.has(day.name) {
			continue
		}
		if *day.to, err = typed.Date(text); err != nil {
			return d, invalid(day.name, "date", "date", "where", "--"+day.name+" "+text)
		}
	}
	text, err := a.one("for")
	if err != nil {
		return d, err
	}
	if d.run.Period, err = calendar.ParsePeriod(text); err != nil {
		return d, invalid("for", "period", "period", "where", "--for "+text)
	}
	if text, err = a.one("extend"); err != nil {
		return d, err
	}
	if a.has("extend") {
		p, err := calendar.ParsePeriod(text)
		if err != nil {
			return d, invalid("extend", "period", "period", "where", "--extend "+text)
		}
		d.run.Extend = []calendar.Period{p}
	}
	for i, text := range d.pauses {
		p, err := readPause(text)
		if err != nil {
			return d, invalid(fmt.Sprintf("pause[%d]", i), "pause", "pause", "where", "--pause "+text)
		}
		d.run.Pauses = append(d.run.Pauses, p)
	}
	return d, nil
}

// readPause reads A..B, or A.. for a pause still open.
func readPause(text string) (p calendar.Pause, err error) {
	from, to, found := strings.Cut(text, "..")
	if !found {
		return p, errNotRead
	}
	if p.From, err = typed.Date(from); err != nil || to == "" {
		return p, err
	}
	p.To, err = typed.Date(to)
	return p, err
}

// refused tells where the calendar's refusal stands on the command line.
func (d deadline) refused(err error) error {
	var refusal *calendar.Refusal
	if !errors.As(err, &refusal) {
		return err
	}
	path, where := "for", "--for"
	switch refusal.Code {
	case calendar.ExtendUnit:
		path, where = "extend", "--extend"
	case calendar.MonthsPaused, calendar.PauseBeforeStart, calendar.PauseAfterDue, calendar.PauseBackward, calendar.PausesOverlap, calendar.RestDay:
		path, where = fmt.Sprintf("pause[%d]", refusal.Pause), "--pause "+d.pauses[refusal.Pause]
	}
	return invalidTold(path, where, string(refusal.Code), refusal.ZH())
}

// text is the answer for a person.
func (d deadline) text(a deadlineAnswer) string {
	var b strings.Builder
	period := d.run.Period.Han()
	for _, e := range d.run.Extend {
		period += "，延长" + e.Han()
	}
	fmt.Fprintf(&b, "期　限　%s，自%s的次日起算\n", period, dayHan(d.run.Start))
	for _, p := range d.run.Pauses {
		if p.To == 0 {
			fmt.Fprintf(&b, "中　止　%s起，尚未恢复\n", p.From.Han())
		} else {
			fmt.Fprintf(&b, "中　止　%s至%s\n", p.From.Han(), p.To.Han())
		}
	}
	left := calendar.Period{N: max(a.Remaining, -a.Remaining), Unit: a.Unit}.Han()
	switch {
	case a.Open:
		fmt.Fprintf(&b, "到期日　恢复后确定\n剩　余　%s\n", left)
	case a.Remaining > 0:
		fmt.Fprintf(&b, "到期日　%s\n剩　余　%s（%s）\n", dayHan(a.Due), left, d.on.Han())
	case a.Remaining < 0:
		fmt.Fprintf(&b, "到期日　%s\n超　期　%s（%s）\n", dayHan(a.Due), left, d.on.Han())
	default:
		fmt.Fprintf(&b, "到期日　%s\n剩　余　当日届满（%s）\n", dayHan(a.Due), d.on.Han())
	}
	if a.Raw != 0 && a.Raw != a.Due {
		fmt.Fprintf(&b, "顺　延　最后一日%s是休息日\n", dayHan(a.Raw))
	}
	if a.Provisional {
		b.WriteString("暂　定　所涉年度的放假安排未公布，按周一至周五推算\n")
	}
	if len(a.Days) > 0 {
		b.WriteString("\n日期        星期    计入  说明\n")
	}
	for _, day := range a.Days {
		count := "—"
		if day.Counted {
			count = fmt.Sprint(day.N)
		}
		fmt.Fprintf(&b, "%s  %s  %4s  %s\n", day.Date, day.Date.HanWeekday(), count, day.Why.ZH())
	}
	return b.String()
}

// dayHan is 2026年1月5日（星期一）.
func dayHan(d calendar.Date) string { return d.Han() + "（" + d.HanWeekday() + "）" }
