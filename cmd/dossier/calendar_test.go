package main

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dossier/engine/calendar"
	"dossier/seeds"
)

const list2026 = `2026年放假安排　国办发明电〔2025〕7号
https://www.gov.cn/zhengce/zhengceku/202511/content_7047091.htm

放　假　元旦　1月1日至1月3日，共3天
放　假　春节　2月15日至2月23日，共9天
放　假　清明节　4月4日至4月6日，共3天
放　假　劳动节　5月1日至5月5日，共5天
放　假　端午节　6月19日至6月21日，共3天
放　假　中秋节　9月25日至9月27日，共3天
放　假　国庆节　10月1日至10月7日，共7天
上　班　1月4日（星期日）
上　班　2月14日（星期六）
上　班　2月28日（星期六）
上　班　5月9日（星期六）
上　班　9月20日（星期日）
上　班　10月10日（星期六）

工作日　1月21天　2月16天　3月22天　4月21天　5月19天　6月21天　7月23天　8月21天　9月22天　10月18天　11月21天　12月23天　全年248天
`

func TestCalendarList(t *testing.T) {
	cal := calendar.New(seeds.Schedules()...)
	tests := []struct{ year, want string }{
		{"2026", list2026},
		{"2027", "2027年放假安排\n未公布：期限暂按周一至周五推算，公布后请载入\n"},
	}
	for _, tt := range tests {
		var out bytes.Buffer
		if err := Calendar([]string{"list", tt.year}, &out, today, cal); err != nil || out.String() != tt.want {
			t.Errorf("%s: %v\n%s", tt.year, err, out.String())
		}
	}
	var out bytes.Buffer
	want := `{"year":2027,"published":false,"notice":"","source":"","off":[],"work":[]}`
	if err := Calendar([]string{"list", "2027", "--json"}, &out, today, cal); err != nil || strings.Join(strings.Fields(out.String()), "") != want {
		t.Errorf("2027: %v\n%s", err, out.String())
	}
}

// What list --json prints is a file that check accepts, and the same schedule.
func TestCalendarListThenCheck(t *testing.T) {
	cal := calendar.New(seeds.Schedules()...)
	for _, year := range []string{"2020", "2023", "2026", "2027"} {
		var listed, checked bytes.Buffer
		if err := Calendar([]string{"list", year, "--json"}, &listed, today, cal); err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(t.TempDir(), year+".json")
		if err := os.WriteFile(file, listed.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := Calendar([]string{"check", "--json", file}, &checked, today, calendar.New()); err != nil || checked.String() != listed.String() {
			t.Errorf("%s: %v\n%s", year, err, checked.String())
		}
		checked.Reset()
		if err := Calendar([]string{"check", file}, &checked, today, cal); err != nil || !strings.HasPrefix(checked.String(), file+"：没有错误\n"+year+"年放假安排") {
			t.Errorf("%s: %v\n%s", year, err, checked.String())
		}
	}
}

func TestCalendarCheckFaults(t *testing.T) {
	file := filepath.Join(t.TempDir(), "2027.json")
	text := "{\"year\": 2027,\n \"published\": true,\n \"off\": [{\"name\": \"元旦\", \"dates\": [\"2026-01-01\"]}],\n \"work\": [\"2027-01-04\"]}\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	err := Calendar([]string{"check", file}, &out, today, calendar.New())
	var usage *usageError
	if !errors.As(err, &usage) || usage.Code != "field-invalid" || len(usage.Fields) != 2 || out.Len() > 0 {
		t.Fatalf("%v, printed %q", err, out.String())
	}
	want := []fieldError{
		{file + ":3:35", "schedule", "2026-01-01不在2027年的安排之内（改正日期，或者写进它那一年的文件）"},
		{file + ":4:11", "schedule", "2027-01-04是星期一，本来就上班（work 里只写周六、周日）"},
	}
	for i, field := range usage.Fields {
		if field != want[i] {
			t.Errorf("%+v, want %+v", field, want[i])
		}
	}
	if lines := strings.Split(usage.Error(), "\n"); len(lines) != 2 || lines[0] != want[0].Path+": "+want[0].Message {
		t.Errorf("%q", usage.Error())
	}
}

func TestCalendarRefuses(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "2027.json")
	tests := []struct{ args, code, message string }{
		{"", "unreadable", "不是放假安排的命令: dossier calendar: 写 calendar list 年份，或者 calendar check 文件"},
		{"show 2026", "unreadable", "不是放假安排的命令: dossier calendar show 2026: 写 calendar list 年份，或者 calendar check 文件"},
		{"list", "unreadable", "不是放假安排的命令: dossier calendar list: 写 calendar list 年份，或者 calendar check 文件"},
		{"list 2026 2027", "unreadable", "不是放假安排的命令: dossier calendar list 2026 2027: 写 calendar list 年份，或者 calendar check 文件"},
		{"list 26", "field-invalid", "不是年份: 26: 写成2026这样"},
		{"list MMXX", "field-invalid", "不是年份: MMXX: 写成2026这样"},
		{"list 2026 --yaml", "unreadable", "没有这个选项: --yaml: 可以用--json、--help"},
		{"check " + missing, "unreadable", "没有这个文件或者目录: " + missing + ": 写放假安排的JSON文件，或者通知的文本"},
	}
	for _, tt := range tests {
		var out bytes.Buffer
		err := Calendar(strings.Fields(tt.args), &out, today, calendar.New())
		var usage *usageError
		if !errors.As(err, &usage) || usage.Code != tt.code || usage.Error() != tt.message || out.Len() > 0 {
			t.Errorf("%s: %v, want %s %q", tt.args, err, tt.code, tt.message)
		}
	}
}
