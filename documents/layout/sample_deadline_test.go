package layout

import (
	"fmt"
	"time"
)

// deadline is the sheet of an investigation of 60 working days that was suspended from 10 February to 16 March.
func deadline() Document {
	set := func(days ...string) map[string]bool {
		all := map[string]bool{}
		for _, d := range days {
			all["2026-"+d] = true
		}
		return all
	}
	off := set("02-15", "02-16", "02-17", "02-18", "02-19", "02-20", "02-21", "02-22", "02-23", "04-04", "04-05", "04-06", "05-01", "05-02", "05-03", "05-04", "05-05")
	work := set("02-14", "02-28", "05-09")
	date := func(m, d int) time.Time { return time.Date(2026, time.Month(m), d, 0, 0, 0, 0, time.UTC) }
	start, suspended, resumed := date(1, 12), date(2, 10), date(3, 16)
	sheet := DeadlineSheet{
		Title:  "劳动保障监察期限计算表",
		Number: "案号　任人社监立〔2026〕21号",
		Head: [][2]Fact{
			{{Label: "当事人", Value: "任县宏达建筑劳务有限公司"}, {Label: "案由", Value: "拖欠农民工工资"}},
			{{Label: "立案日", Value: "2026年1月12日（星期一）"}, {Label: "期限名称", Value: "调查期限，60个工作日"}},
			{{Label: "起算日", Value: "2026年1月13日（星期二）"}, {Label: "到期日", Value: "2026年5月13日（星期三）", Strong: true}},
		},
		Segments: []Segment{
			{"立案调查", "1月13日 至 2月10日", "21", "—", "《劳动保障监察\n条例》第十七条", "立案审批表\n任人社监立〔2026〕21号"},
			{"中止调查", "2月11日 至 3月16日", "—", "20", "县局责任清单\n（九）二（二）", "中止调查审批表\n任人社监中〔2026〕2号"},
			{"恢复调查", "3月17日 至 5月13日", "39", "—", "县局责任清单\n（九）二（二）", "恢复调查审批表\n任人社监复〔2026〕2号"},
		},
		Total: Total{Unit: "工作日", Counted: "60", Skipped: "20", Sum: "21 + 39 = 60", Result: "，5月13日届满"},
		Legend: []Sample{
			{Day{Shade: Counted, Word: "1"}, "计入，数字为第几日"},
			{Day{Shade: Counted, Word: "57", Extra: true}, "调休上班，计入"},
			{Day{Shade: Suspended, Word: "停1"}, "中止，不计入"},
			{Day{Shade: Rest, Word: "休"}, "休息日，不计入"},
			{Day{Shade: Holiday, Word: "假"}, "法定节假日，不计入"},
			{Day{Shade: Plain, Word: "立案", Boxed: true}, "立案当日，不计入"},
			{Day{Shade: Counted, Word: "21", Boxed: true}, "粗框：中止日、恢复日"},
			{Day{Word: "60", Due: true}, "到期日"},
		},
		Notes: []string{
			"节假日：春节2月15日至23日，清明节4月4日至6日，劳动节5月1日至5日。",
			"调休上班：2月14日、2月28日、5月9日。中止日计入，恢复日不计入。如未中止，到期日为2026年4月13日。",
		},
		Signs: []Fact{{Label: "制表", Value: "李察"}, {Label: "复核", Value: "钱审"}},
		Day:   "2026年3月16日",
	}
	counted, stopped := 0, 0
	for m := 1; m <= 5; m++ {
		month := Month{Year: 2026, Month: m}
		before := counted
		for d := date(m, 1); d.Month() == time.Month(m); d = d.AddDate(0, 0, 1) {
			key := d.Format(time.DateOnly)
			weekend := d.Weekday() == time.Saturday || d.Weekday() == time.Sunday
			day := Day{Boxed: d.Equal(start) || d.Equal(suspended) || d.Equal(resumed)}
			workday := !off[key] && (!weekend || work[key])
			switch {
			case d.Equal(start):
				day.Word = "立案"
			case d.Before(start) || counted == 60:
			case off[key]:
				day.Shade, day.Word = Holiday, "假"
			case !workday:
				day.Shade, day.Word = Rest, "休"
			case d.After(suspended) && !d.After(resumed):
				stopped++
				day.Shade, day.Word, day.Extra = Suspended, fmt.Sprint("停", stopped), work[key]
			default:
				counted++
				day.Shade, day.Word, day.Extra, day.Due = Counted, fmt.Sprint(counted), work[key], counted == 60
			}
			month.Days = append(month.Days, day)
		}
		month.Note = fmt.Sprintf("计%d日", counted-before)
		sheet.Months = append(sheet.Months, month)
	}
	return Document{Title: sheet.Title, Code: "21-6-2H5D", Page: sheet}
}
