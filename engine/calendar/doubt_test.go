package calendar_test

import (
	"bytes"
	"io/fs"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"dossier/engine/calendar"

	"dossier/engine/text"
)

// Every schedule that was published holds what the law gives; what an editor left out is said.
func TestDoubts(t *testing.T) {
	files, err := fs.Glob(os.DirFS("../../seeds/schedules"), "*.json")
	if err != nil || len(files) < 7 {
		t.Fatal(files, err)
	}
	var last calendar.Schedule
	for _, f := range files {
		data, err := os.ReadFile("../../seeds/schedules/" + f)
		if err != nil {
			t.Fatal(err)
		}
		if last, err = calendar.ParseSchedule(f, data); err != nil || len(last.Doubts()) > 0 {
			t.Errorf("%s: %v %v", f, last.Doubts(), err)
		}
	}
	keys := func(s calendar.Schedule) (out []string) {
		for _, d := range s.Doubts() {
			out = append(out, d.Key)
		}
		return out
	}
	without := last
	without.Work = nil
	hole := last
	hole.Off = slices.Clone(last.Off)
	hole.Off[1].Dates = slices.Delete(slices.Clone(hole.Off[1].Dates), 3, 4)
	missing := last
	missing.Off = slices.Delete(slices.Clone(last.Off), 2, 3)
	for _, tt := range []struct {
		s    calendar.Schedule
		want []string
	}{{without, []string{"schedule.sum"}}, {hole, []string{"schedule.hole", "schedule.sum"}}, {missing, []string{"schedule.sum", "schedule.missing"}}} {
		if got := keys(tt.s); !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%v, want %v", got, tt.want)
		}
	}
}

// notice2026 says what seeds/schedules/2026.json holds, in the words that a notice is written in.
const notice2026 = `国务院办公厅关于2026年部分节假日安排的通知
国办发明电〔2025〕7号

一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
三、清明节：4月4日（周六）至6日（周一）放假，共3天。
四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
五、端午节：6月19日（周五）至21日（周日）放假，共3天。
六、中秋节：9月25日（周五）至27日（周日）放假，共3天。
七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。
`

func TestNotice(t *testing.T) {
	data, err := os.ReadFile("../../seeds/schedules/2026.json")
	if err != nil {
		t.Fatal(err)
	}
	want, err := calendar.ParseSchedule("2026.json", data)
	if err != nil {
		t.Fatal(err)
	}
	got, err := calendar.ParseNotice("notice", notice2026)
	if err != nil {
		t.Fatal(err)
	}
	got.Source = want.Source
	if !bytes.Equal(got.File(), want.File()) {
		t.Errorf("%s\nwant\n%s", got.File(), want.File())
	}
	if !calendar.IsNotice(notice2026) || calendar.IsNotice(string(data)) {
		t.Error("a notice is told from a file")
	}
	for from, to := range map[string]string{"共9天": "共8天", "（周四）至3日": "（周五）至3日", "4月4日": "4月31日", "2026年部分": "部分", "5月9日（周六）": "5月8日（周五）"} {
		s, err := calendar.ParseNotice("notice", strings.Replace(notice2026, from, to, 1))
		if _, ok := err.(text.Faults); !ok {
			t.Errorf("%s for %s: %v, %v", to, from, s, err)
		}
	}
}

func FuzzNotice(f *testing.F) {
	f.Add(notice2026)
	f.Add("关于2026年节假日安排\n一、元旦：1日至99日放假")
	f.Fuzz(func(t *testing.T, text string) {
		if s, err := calendar.ParseNotice("notice", text); err == nil && (len(s.Off) == 0 || !s.Published) {
			t.Errorf("%q: %v", text, s)
		}
	})
}
