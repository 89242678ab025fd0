package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"dossier/engine/calendar"
	"dossier/engine/text"
)

const calendarHelp = `用法：dossier calendar list 年份 [--data 目录] [--json]
      dossier calendar check 文件 [--json]
      dossier calendar load 文件 [--dry-run] [--data 目录] [--as 用户名] [--json]

放假安排：list 列出一年的放假和调休上班，写 --data 的，是那个目录里载入的；check 检查一个年度文件，或者国务院办公厅通知的原文（存成文本文件），逐条指出错误和可疑之处；load 载入新公布的安排，列出变动的期限。

例：
  dossier calendar list 2026
  dossier calendar list 2026 --json > 2026.json
  dossier calendar check 2027.json
  dossier calendar load 2027.json
`

// Calendar runs `dossier calendar list` and `dossier calendar check`. today is not asked; it is there so that
// every command is called alike. An error of what was typed, or of the file, is a *usageError.
func Calendar(args []string, out io.Writer, _ calendar.Date, cal *calendar.Calendar) error {
	a, err := readArguments(args, nil, []string{"json"})
	if err != nil {
		return err
	}
	if a.has("help") {
		_, err := io.WriteString(out, calendarHelp)
		return err
	}
	if len(a.rest) != 2 || a.rest[0] != "list" && a.rest[0] != "check" {
		return unreadable("calendar-verb", "where", strings.Join(append([]string{"calendar"}, a.rest...), " "))
	}
	var s calendar.Schedule
	if a.rest[0] == "check" {
		s, err = checkSchedule(a.rest[1])
	} else {
		s, err = listSchedule(a.rest[1], cal)
	}
	if err != nil {
		return err
	}
	if a.has("json") {
		encoder := json.NewEncoder(out)
		encoder.SetIndent("", "  ")
		return encoder.Encode(s)
	}
	told := scheduleText(s, cal.With(s))
	if a.rest[0] == "check" {
		head := "没有错误\n"
		for i, d := range s.Doubts() {
			if i == 0 {
				head = "能读，但请核对\n"
			}
			head += "  " + wordsOf(d) + "\n"
		}
		told = a.rest[1] + "：" + head + told
	} else if years := cal.Years(); len(years) > 0 && s.Year < years[0] {
		told = fmt.Sprintf("%d年放假安排\n没有收录：本程序的放假安排从%d年起，以前各年按周一至周五推算\n", s.Year, years[0])
	}
	_, err = io.WriteString(out, told)
	return err
}

// listSchedule is a year's schedule; one that says not published when the calendar doesn't hold it.
func listSchedule(text string, cal *calendar.Calendar) (calendar.Schedule, error) {
	year, err := strconv.Atoi(text)
	if err != nil || len(text) != 4 || year < 1 {
		return calendar.Schedule{}, invalid("year", "year", "year", "where", text)
	}
	s, held := cal.Schedule(year)
	if !held {
		s = calendar.Schedule{Year: year, Off: []calendar.Holiday{}, Work: []calendar.Date{}}
	}
	return s, nil
}

// checkSchedule reads a year's file; its faults are a *usageError with one field each.
func checkSchedule(file string) (calendar.Schedule, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return calendar.Schedule{}, unreadable("file-schedule", "why", cause(err), "where", file)
	}
	parse := calendar.ParseSchedule
	if calendar.IsNotice(string(data)) {
		parse = func(file string, data []byte) (calendar.Schedule, error) {
			return calendar.ParseNotice(file, string(data))
		}
	}
	s, err := parse(file, data)
	var faults text.Faults
	if !errors.As(err, &faults) {
		return s, err
	}
	failure := &usageError{Code: "field-invalid", Message: faults.In(text.ZH)}
	for _, f := range faults {
		failure.Fields = append(failure.Fields, fieldError{
			Path: fmt.Sprintf("%s:%d:%d", f.File, f.Line, f.Col), Code: "schedule", Message: f.Message.In(text.ZH) + f.Do(text.ZH)})
	}
	return s, failure
}

// wordsOf says what looks wrong in a schedule.
func wordsOf(d calendar.Doubt) string {
	args := text.Args{}
	for k, v := range d.Args {
		args[k] = v
	}
	return text.T(text.ZH, d.Key, args)
}

// scheduleText is a year's schedule for a person.
func scheduleText(s calendar.Schedule, cal *calendar.Calendar) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d年放假安排", s.Year)
	if s.Notice != "" {
		b.WriteString("　" + s.Notice)
	}
	b.WriteString("\n")
	if s.Source != "" {
		b.WriteString(s.Source + "\n")
	}
	if !s.Published {
		b.WriteString("未公布：期限暂按周一至周五推算，公布后请载入\n")
		if len(s.Floor) > 0 {
			fmt.Fprintf(&b, "法定　　%s\n", spans(s.Floor))
		}
		return b.String()
	}
	b.WriteString("\n")
	for _, h := range s.Off {
		fmt.Fprintf(&b, "放　假　%s　%s，共%d天\n", h.Name, spans(h.Dates), len(h.Dates))
	}
	for _, d := range s.Work {
		fmt.Fprintf(&b, "上　班　%s（%s）\n", d.HanShort(), d.HanWeekday())
	}
	b.WriteString("\n工作日　")
	for m := 1; m <= 12; m++ {
		from, to := calendar.Of(s.Year, m, 1)-1, calendar.Of(s.Year, m+1, 1)-1
		if m == 12 {
			to = calendar.Of(s.Year, 12, 31)
		}
		fmt.Fprintf(&b, "%d月%d天　", m, cal.Count(from, to))
	}
	fmt.Fprintf(&b, "全年%d天\n", cal.Count(calendar.Of(s.Year, 1, 1)-1, calendar.Of(s.Year, 12, 31)))
	return b.String()
}

// spans writes days in order, neighbours as one: 1月1日至1月3日、1月5日.
func spans(days []calendar.Date) string {
	var parts []string
	for i := 0; i < len(days); {
		j := i
		for j+1 < len(days) && days[j+1] == days[j]+1 {
			j++
		}
		part := days[i].HanShort()
		if j > i {
			part += "至" + days[j].HanShort()
		}
		parts = append(parts, part)
		i = j + 1
	}
	return strings.Join(parts, "、")
}
