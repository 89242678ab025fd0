package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"dossier/engine/calendar"
	"dossier/seeds"
)

// today is the day on which the commands are tried.
var today = calendar.Of(2026, 3, 18)

func TestDeadlineJSON(t *testing.T) {
	cal := calendar.New(seeds.Schedules()...)
	tests := []struct {
		args string // words apart by |
		want string
	}{
		{"--from|2026-01-05|--for|60 workdays", `{"due":"2026-04-03","provisional":false,"remaining":12,"unit":"workdays"}`},
		{"--from=2026-01-05|--for=60 workdays|--extend=30 workdays|--on=2026-05-20", `{"due":"2026-05-20","provisional":false,"remaining":0,"unit":"workdays"}`},
		{"--from|2026-01-05|--for|60 workdays|--on|2026-04-08", `{"due":"2026-04-03","provisional":false,"remaining":-2,"unit":"workdays"}`},
		{"--from|2026-07-06|--for|60 workdays|--pause|2026-07-20..2026-08-03|--pause|2026-09-21..2026-10-12|--on|2026-10-01",
			`{"due":"2026-10-30","provisional":false,"remaining":14,"unit":"workdays"}`},
		{"--from|2026-01-12|--for|60 workdays|--pause|2026-02-10..", `{"open":true,"provisional":false,"remaining":39,"unit":"workdays"}`},
		{"--from|2026-09-21|--for|15 days|--on|2026-09-21", `{"due":"2026-10-08","raw":"2026-10-06","provisional":false,"remaining":17,"unit":"days"}`},
		{"--from|2025-08-29|--for|6 months|--on|2026-02-28", `{"due":"2026-02-28","raw":"2026-02-28","provisional":false,"remaining":0,"unit":"months"}`},
		{"--from|2026-11-20|--for|60 workdays|--on|2026-11-20", `{"due":"2027-02-12","provisional":true,"remaining":60,"unit":"workdays"}`},
		{"--from|2026-02-13|--for|2 workdays|--on|2026-02-13|--explain", `{"due":"2026-02-24","provisional":false,"remaining":2,"unit":"workdays","days":[` +
			`{"date":"2026-02-14","counted":true,"n":1,"why":"make-up working day (调休)"},` +
			`{"date":"2026-02-15","counted":false,"why":"holiday (春节)"},{"date":"2026-02-16","counted":false,"why":"holiday (春节)"},` +
			`{"date":"2026-02-17","counted":false,"why":"holiday (春节)"},{"date":"2026-02-18","counted":false,"why":"holiday (春节)"},` +
			`{"date":"2026-02-19","counted":false,"why":"holiday (春节)"},{"date":"2026-02-20","counted":false,"why":"holiday (春节)"},` +
			`{"date":"2026-02-21","counted":false,"why":"holiday (春节)"},{"date":"2026-02-22","counted":false,"why":"holiday (春节)"},` +
			`{"date":"2026-02-23","counted":false,"why":"holiday (春节)"},{"date":"2026-02-24","counted":true,"n":2,"why":"working day"}]}`},
		{"--from|2026-03-16|--for|5 days|--pause|2026-03-17..|--explain", `{"open":true,"provisional":false,"remaining":4,"unit":"days","days":[` +
			`{"date":"2026-03-17","counted":true,"n":1,"why":"calendar day"},{"date":"2026-03-18","counted":false,"why":"suspended (中止)","paused":true}]}`},
	}
	for _, tt := range tests {
		var out bytes.Buffer
		err := Deadline(append(strings.Split(tt.args, "|"), "--json"), &out, today, cal)
		if got := strings.TrimSpace(out.String()); err != nil || got != tt.want {
			t.Errorf("%s: %v\n%s\nwant\n%s", tt.args, err, got, tt.want)
		}
	}
}

func TestDeadlineText(t *testing.T) {
	cal := calendar.New(seeds.Schedules()...)
	tests := []struct{ args, want string }{
		{"--from|2026-01-05|--for|60 workdays|--extend|30 workdays", `期　限　60个工作日，延长30个工作日，自2026年1月5日（星期一）的次日起算
到期日　2026年5月20日（星期三）
剩　余　42个工作日（2026年3月18日）
`},
		{"--from|2026-01-12|--for|60 workdays|--pause|2026-02-10..2026-02-12|--pause|2026-03-16..", `期　限　60个工作日，自2026年1月12日（星期一）的次日起算
中　止　2026年2月10日至2026年2月12日
中　止　2026年3月16日起，尚未恢复
到期日　恢复后确定
剩　余　21个工作日
`},
		{"--from|2026-03-13|--for|5 days", `期　限　5日，自2026年3月13日（星期五）的次日起算
到期日　2026年3月18日（星期三）
剩　余　当日届满（2026年3月18日）
`},
		{"--from|2026-10-02|--for|4 days|--on|2026-10-10|--explain", `期　限　4日，自2026年10月2日（星期五）的次日起算
到期日　2026年10月8日（星期四）
超　期　2日（2026年10月10日）
顺　延　最后一日2026年10月6日（星期二）是休息日

日期        星期    计入  说明
2026-10-03  星期六     1  自然日
2026-10-04  星期日     2  自然日
2026-10-05  星期一     3  自然日
2026-10-06  星期二     4  顺延，最后一日是休息日（国庆节）
2026-10-07  星期三     —  放假（国庆节）
2026-10-08  星期四     —  休息日后的第一日，期限届满
`},
		{"--from|2026-12-01|--for|1 month", `期　限　1个月，自2026年12月1日（星期二）的次日起算
到期日　2027年1月1日（星期五）
剩　余　10个月（2026年3月18日）
暂　定　所涉年度的放假安排未公布，按周一至周五推算
`},
	}
	for _, tt := range tests {
		var out bytes.Buffer
		if err := Deadline(strings.Split(tt.args, "|"), &out, today, cal); err != nil || out.String() != tt.want {
			t.Errorf("%s: %v\n%swant\n%s", tt.args, err, out.String(), tt.want)
		}
	}
}

func TestDeadlineRefuses(t *testing.T) {
	cal := calendar.New(seeds.Schedules()...)
	filed := "--from|2026-01-12|--for|60 workdays|"
	tests := []struct{ args, code, path, field, message string }{
		{"", "field-invalid", "from", "required", `缺少选项: --from: 写成 --from 2026-01-05 --for "60 workdays"`},
		{"--from|2026-01-05", "field-invalid", "for", "required", `缺少选项: --for: 写成 --from 2026-01-05 --for "60 workdays"`},
		{"--from|2026-02-30|--for|5 days", "field-invalid", "from", "date", `不是日期: --from 2026-02-30: 写成2026-01-05这样，并且日历上有这一天`},
		{"--from|2026-02-03|--for|5", "field-invalid", "for", "period", `不是期限: --for 5: 写数字和单位，如 "60 workdays"、"15 days"、"6 months"`},
		{filed + "--on|today", "field-invalid", "on", "date", `不是日期: --on today: 写成2026-01-05这样，并且日历上有这一天`},
		{filed + "--extend|30 weeks", "field-invalid", "extend", "period", `不是期限: --extend 30 weeks: 写数字和单位，如 "60 workdays"、"15 days"、"6 months"`},
		{filed + "--extend|30 days", "field-invalid", "extend", "extension-unit", `延长的期限与原期限单位不同: --extend: 请按原期限的单位填写`},
		{filed + "--pause|2026-02-10", "field-invalid", "pause[0]", "pause", `不是中止期间: --pause 2026-02-10: 写成2026-02-10..2026-03-16，尚未恢复的写2026-02-10..`},
		{filed + "--pause|..2026-02-10", "field-invalid", "pause[0]", "pause", `不是中止期间: --pause ..2026-02-10: 写成2026-02-10..2026-03-16，尚未恢复的写2026-02-10..`},
		{filed + "--pause|2026-02-10..2026-3-36", "field-invalid", "pause[0]", "pause", `不是中止期间: --pause 2026-02-10..2026-3-36: 写成2026-02-10..2026-03-16，尚未恢复的写2026-02-10..`},
		{filed + "--pause|2026-02-10..2026-03-16|--pause|2026-05-13..", "field-invalid", "pause[1]", "pause-after-due",
			`中止日2026年5月13日时期限已于2026年5月13日届满: --pause 2026-05-13..: 届满的期限不能中止`},
		{filed + "--pause|2026-02-07..2026-03-16", "field-invalid", "pause[0]", "pause-rest-day",
			`2026年2月7日是休息日: --pause 2026-02-07..2026-03-16: 中止日和恢复日应当是工作日，下一个工作日是2026年2月9日`},
		{"--from|2026-01-12|--for|6 months|--pause|2026-02-10..", "field-invalid", "pause[0]", "months-paused", `按月计算的期限不能中止: --pause 2026-02-10..: 请去掉中止`},
		{"--from|9999-12-01|--for|60 days", "field-invalid", "for", "out-of-range", `期限超出日历范围: --for: 请缩短期限`},
		{filed + "--force", "unreadable", "", "", `没有这个选项: --force: 可以用--from、--for、--extend、--pause、--on、--explain、--json、--help`},
		{filed + "-json", "unreadable", "", "", `没有这个选项: -json: 可以用--from、--for、--extend、--pause、--on、--explain、--json、--help`},
		{filed + "--json=yes", "unreadable", "", "", `这个选项不带值: --json=yes: 只写--json`},
		{filed + "--on", "unreadable", "", "", `选项后面没有值: --on: 把值写在它后面`},
		{"--from|--for|5 days", "unreadable", "", "", `选项后面没有值: --from: 把值写在它后面`},
		{filed + "--for|5 days", "unreadable", "", "", `同一个选项写了两次: --for: 只写一次`},
		{"--from|2026-01-12|--for|60|workdays", "unreadable", "", "", `多出来的词，不属于任何选项: workdays: 带空格的值放在引号里，如 --for "60 workdays"`},
	}
	for _, tt := range tests {
		var args []string
		if tt.args != "" {
			args = strings.Split(strings.TrimSuffix(tt.args, "|"), "|")
		}
		var out bytes.Buffer
		err := Deadline(args, &out, today, cal)
		var usage *usageError
		if !errors.As(err, &usage) || out.Len() > 0 {
			t.Errorf("%s: %v, printed %q", tt.args, err, out.String())
			continue
		}
		if usage.Code != tt.code || usage.Error() != tt.message {
			t.Errorf("%s: %s %q\nwant %s %q", tt.args, usage.Code, usage.Error(), tt.code, tt.message)
		}
		if fields := len(usage.Fields); (tt.path == "") != (fields == 0) || fields > 0 && (usage.Fields[0].Path != tt.path || usage.Fields[0].Code != tt.field) {
			t.Errorf("%s: fields %+v, want %s %s", tt.args, usage.Fields, tt.path, tt.field)
		}
	}
}

// --help answers on every command, whatever else is typed, with examples.
func TestHelp(t *testing.T) {
	cal := calendar.New()
	for _, word := range []string{"--help", "-h"} {
		var deadline, schedule bytes.Buffer
		if err := Deadline([]string{"--from", "x", word}, &deadline, today, cal); err != nil || !strings.Contains(deadline.String(), "dossier deadline --from 2026-01-05") {
			t.Errorf("%s: %v, %q", word, err, deadline.String())
		}
		if err := Calendar([]string{word}, &schedule, today, cal); err != nil || !strings.Contains(schedule.String(), "dossier calendar list 2026") {
			t.Errorf("%s: %v, %q", word, err, schedule.String())
		}
	}
}

// What --json prints is one value, and one line.
func TestDeadlineJSONIsOneValue(t *testing.T) {
	var out bytes.Buffer
	if err := Deadline([]string{"--json", "--explain", "--from", "2026-01-05", "--for", "60 workdays"}, &out, today, calendar.New(seeds.Schedules()...)); err != nil {
		t.Fatal(err)
	}
	var answer struct {
		Days []struct {
			Date calendar.Date
			N    int
		}
	}
	if err := json.Unmarshal(out.Bytes(), &answer); err != nil || strings.Count(out.String(), "\n") != 1 {
		t.Fatalf("%v: %s", err, out.String())
	}
	if last := answer.Days[len(answer.Days)-1]; len(answer.Days) != 88 || last.N != 60 || last.Date != calendar.Of(2026, 4, 3) {
		t.Errorf("%d days, the last %+v", len(answer.Days), last)
	}
}
