package calendar

import (
	"regexp"
	"strconv"
	"strings"

	"dossier/engine/text"
)

var (
	noticeYear   = regexp.MustCompile(`(\d{4})年(?:部分)?节假日(?:放假)?安排`)
	noticeNumber = regexp.MustCompile(`国办发(?:明电)?[〔\[（(]\d{4}[〕\]）)]\d+号`)
	noticeItem   = regexp.MustCompile(`^\s*[（(]?[一二三四五六七八九十]+[、.．）)]\s*([^:：]+)[:：](.*)$`)
	noticeDay    = regexp.MustCompile(`(?:(\d{4})年)?(?:(\d{1,2})月)?(\d{1,2})日(?:[（(]([^）)]*)[）)])?`)
	noticeCount  = regexp.MustCompile(`(?:共|放假)(\d+)天`)
)

// ofWeek are the days of the week as a notice writes them, from Sunday.
const ofWeek = "日一二三四五六"

// IsNotice tells whether a text looks like the State Council's notice rather than a schedule's file.
func IsNotice(text string) bool {
	return !strings.HasPrefix(strings.TrimLeft(text, "\ufeff \r\n\t"), "{") && strings.Contains(text, "放假")
}

// ParseNotice reads the text of the State Council's yearly notice as it is published: 「二、春节：1月28日（周二）至2月4日（周二）
// 放假调休，共8天。1月26日（周日）、2月8日（周六）上班。」 Days of the week and numbers of days in it are held against the
// calendar. The error is [text.Faults].
func ParseNotice(file, notice string) (Schedule, error) {
	r := &noticeReader{file: file, text: notice}
	s := Schedule{Published: true, Notice: noticeNumber.FindString(notice)}
	s.Notice = strings.NewReplacer("[", "〔", "]", "〕", "（", "〔", "）", "〕", "(", "〔", ")", "〕").Replace(s.Notice)
	m := noticeYear.FindStringSubmatch(notice)
	if m == nil {
		r.fault(1, "no year", "paste the notice from its title on: 国务院办公厅关于2026年部分节假日安排的通知")
		return Schedule{}, r.faults
	}
	s.Year, _ = strconv.Atoi(m[1])
	for i, line := range strings.Split(notice, "\n") {
		r.line = i + 1
		if m := noticeItem.FindStringSubmatch(line); m != nil && strings.Contains(m[2], "放假") {
			h := Holiday{Name: strings.TrimSpace(m[1])}
			for _, sentence := range strings.FieldsFunc(m[2], func(c rune) bool { return c == '。' || c == '；' || c == ';' }) {
				switch days := r.days(s.Year, sentence); {
				case strings.Contains(sentence, "上班"):
					s.Work = append(s.Work, days...)
				case strings.Contains(sentence, "放假"):
					h.Dates = append(h.Dates, days...)
					if n := noticeCount.FindStringSubmatch(sentence); n != nil && n[1] != strconv.Itoa(len(days)) {
						r.fault(r.line, text.Say("%s: %s days, but the notice says %s", h.Name, len(days), n[1]), "compare the line with the notice")
					}
				}
			}
			s.Off = append(s.Off, h)
		}
	}
	if len(s.Off) == 0 {
		r.fault(1, "no holiday", "paste the whole notice: 一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。…")
	}
	if len(r.faults) > 0 {
		return Schedule{}, r.faults
	}
	return ParseSchedule(file, s.File()) // held to all that a file is held to
}

type noticeReader struct {
	file   string
	text   string
	line   int
	faults text.Faults
}

func (r *noticeReader) fault(line int, message, hint text.Words) {
	r.faults = append(r.faults, text.Fault{File: r.file, Line: line, Col: 1, Message: message, Hint: hint})
}

// days are those of one sentence, single ones and runs; a month or year that isn't written is that of the day before.
func (r *noticeReader) days(year int, sentence string) []Date {
	var days []Date
	month := 0
	end := 0
	for _, at := range noticeDay.FindAllStringSubmatchIndex(sentence, -1) {
		part := func(i int) string {
			if at[2*i] < 0 {
				return ""
			}
			return sentence[at[2*i]:at[2*i+1]]
		}
		if y := part(1); y != "" {
			year, _ = strconv.Atoi(y)
		}
		if m := part(2); m != "" {
			month, _ = strconv.Atoi(m)
		}
		n, _ := strconv.Atoi(part(3))
		d := Of(year, month, n)
		if d == 0 {
			r.fault(r.line, text.Say("%q is not a day of the calendar", sentence[at[0]:at[1]]), "compare the line with the notice")
			return days
		}
		if _, w, ok := strings.Cut(part(4), "周"); ok && !strings.HasPrefix(w, string([]rune(ofWeek)[d.Weekday()])) {
			r.fault(r.line, text.Say("%s is a %s", sentence[at[0]:at[1]], text.Words(d.Weekday().String())), "compare the line with the notice")
		}
		if between := sentence[end:at[0]]; len(days) > 0 && strings.HasPrefix(strings.TrimSpace(between), "至") {
			for x := days[len(days)-1] + 1; x < d && len(days) < 40; x++ {
				days = append(days, x)
			}
		}
		days = append(days, d)
		end = at[1]
	}
	return days
}
