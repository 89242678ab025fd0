package sheet_test

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"dossier/documents/sheet"
	"dossier/engine"
	"dossier/engine/casefile"
	"dossier/engine/desk"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
	"dossier/engine/takeover"
	"dossier/engine/text"
	"dossier/engine/verify"
	"dossier/seeds/fixture"
	"dossier/store/bolt"
)

// tried reads a sheet and tries its rows.
func tried(t *testing.T, e *engine.Engine, data []byte) []sheet.Trial {
	t.Helper()
	c := sheet.NewCases(fixture.Brought(t).Edition("labour-case"))
	s, err := c.Read(data, e.Office())
	if err != nil {
		t.Fatal(err)
	}
	ts, err := c.Try(t.Context(), e, "captain", s, text.ZH)
	if err != nil {
		t.Fatal(err)
	}
	return ts
}

// with is the right row with some cells changed, by their titles.
func with(pairs ...any) []any {
	row := right("1", "任县甲建筑公司", "任人社监立字〔2026〕1号")
	for i := 0; i+1 < len(pairs); i += 2 {
		row[slices.Index(titles, pairs[i])] = pairs[i+1]
	}
	return row
}

// Each bad row says in which cell it is bad, and what to do.
func TestBadRows(t *testing.T) {
	e := bureau(t)
	for _, test := range []struct {
		name string
		row  []any
		want []string // place：part of what is told, of each flaw; none for a good row
	}{
		{"good", with(), nil},
		{"a state as people write it", with("现在的环节", " 调查 "), nil},
		{"full-width", with("接收日", "２０２６年１月５日", "联系电话", "０３１９－７５１８６３３", "统一社会信用代码", "９１１３０５２６ＭＡ０Ｆ７Ｋ２Ｑ３Ｗ"), nil},
		{"a day as a number of days", with("接收日", 46027), nil},
		{"a day in one piece", with("接收日", "20260105"), nil},
		{"user names", with("承办人员", "officer；officer2"), nil},
		{"no state", with("现在的环节", ""), []string{"现在的环节：请填写"}},
		{"no such state", with("现在的环节", "调查中"), []string{"现在的环节：现在的环节请从所列各项中选择：见"}},
		{"a state at which the first form is signed", with("现在的环节", "立案审核"), []string{"现在的环节：还在“立案审核”的案件请填“接收登记”"}},
		{"no party", with("当事人名称", ""), []string{"当事人名称：请填写"}},
		{"no filing day", with("立案日", ""), []string{"立案日：请填写立案日"}},
		{"no case number, no officers", with("案号", "", "承办人员", ""), []string{"案号：请填写案号", "承办人员：请填写承办人员"}},
		{"no day of receipt", with("接收日", ""), []string{"接收日：请填写接收日"}},
		{"no day", with("接收日", "元旦"), []string{"接收日：接收日请写成"}},
		{"no such day", with("立案日", "2026-2-30"), []string{"立案日：立案日请写成"}},
		{"a day to come", with("立案日", "2026-12-31"), []string{"立案日：2026-12-31晚于今天"}},
		{"received tomorrow", with("接收日", "2026-03-03"), []string{"接收日：2026-03-03晚于今天", "立案日：2026-01-09早于接收日"}},
		{"filed before it was received", with("立案日", "2026-1-4"), []string{"立案日：2026-01-04早于接收日（2026-01-05）"}},
		{"a code that is none", with("统一社会信用代码", "91130526MA0F7K2Q3X"), []string{"统一社会信用代码：统一社会信用代码的位数或者校验码不对"}},
		{"a code that is not asked", with("当事人类别", "个人"), []string{"统一社会信用代码：按其他各栏", "身份证号：请填写", "法定代表人（负责人）：按其他各栏"}},
		{"nobody", with("承办人员", "李察、无名"), []string{"承办人员：没有无名这个人员"}},
		{"no certificate", with("承办人员", "李察、周无证"), []string{"承办人员：须有2名以上持有有效执法证的人员"}},
		{"one officer", with("承办人员", "李察"), []string{"承办人员：须有2名以上持有", "承办人员：须有2名以上工作人员"}},
		{"a failed formula", with("案由", "#REF!"), []string{"案由：这一格的公式出错（#REF!）"}},
		{"a character that no font has", with("案由", "拖欠\U0010FFFD"), []string{"案由：字库里没有这些字"}},
		{"everything at once", with("当事人名称", "", "现在的环节", "", "接收日", "x", "案件来源", "路过"), []string{"当事人名称：", "现在的环节：", "接收日：", "案件来源："}},
	} {
		t.Run(test.name, func(t *testing.T) {
			x := tried(t, e, written(t, map[string][][]any{"案件": {titles, test.row}}, "案件"))[0]
			var got []string
			for _, f := range x.Flaws {
				got = append(got, f.Place+"："+f.Text)
			}
			ok := len(got) == len(test.want)
			for i := range min(len(got), len(test.want)) {
				ok = ok && strings.HasPrefix(got[i], test.want[i])
			}
			if !ok {
				t.Errorf("told %q\nwant %q", got, test.want)
			}
		})
	}
}

// Forty rows, three of them bad: the good ones can be taken over, once; their clocks run from the days on paper.
func TestForty(t *testing.T) {
	e := bureau(t)
	rows := [][]any{{"任县劳动保障监察大队纸面案件"}, titles}
	for i := 1; i <= 40; i++ {
		r := right(fmt.Sprint(i), fmt.Sprintf("任县第%d建筑公司", i), fmt.Sprintf("任人社监立字〔2026〕%d号", i))
		switch i {
		case 7:
			r[slices.Index(titles, any("立案日"))] = "2026-1-1"
		case 19:
			r[slices.Index(titles, any("案号"))] = "任人社监立字〔2026〕18号"
		case 33:
			r[slices.Index(titles, any("现在的环节"))] = "快结了"
		}
		rows = append(rows, r, []any{nil, ""}) // blank rows between mean nothing
	}
	workers := [][]any{{"序号", "姓名", "身份证号", "应付工资", "已付工资"}, {1, "王福顺", "130526197504123613", 18600, "6,000.00"}, {"1", "李贵山", "", "17400元", 5000}, {2, "张玉梅", "", 13200.5, 0}}
	data := written(t, map[string][][]any{"案件": rows, "劳动者名单": workers}, "案件", "劳动者名单")
	ts := tried(t, e, data)
	var bad []int
	for _, x := range ts {
		if !x.Good() {
			bad = append(bad, x.N)
		}
	}
	if len(ts) != 40 || !slices.Equal(bad, []int{15, 39, 67}) {
		t.Fatalf("%d rows, bad are %v", len(ts), bad)
	}
	var ids []casefile.CaseID
	for _, x := range ts {
		if !x.Good() {
			continue
		}
		b := x.Begun
		b.Actor = "captain"
		out, err := takeover.Begin(t.Context(), e, b)
		if err != nil {
			t.Fatalf("row %d: %v", x.N, err)
		}
		ids = append(ids, out.Case.ID)
	}
	v, err := desk.View(e, "officer", ids[0])
	if err != nil {
		t.Fatal(err)
	}
	w := v.Case.Shared["workers"].Rows
	if len(w) != 2 || w[0]["owed"] != "18600.00" || w[0]["paid"] != "6000.00" || w[1]["owed"] != "17400.00" || w[0]["id-number"] != "130526197504123613" {
		t.Errorf("the workers are %v", w)
	}
	if v.Case.Number() != "任人社监立字〔2026〕1号" || len(v.Case.Issued) != 0 || v.Case.Roles["officer-in-charge"][0] != "officer" {
		t.Errorf("%s, issued %d, roles %v", v.Case.Number(), len(v.Case.Issued), v.Case.Roles)
	}
	due := ""
	for _, k := range v.Clocks {
		if k.ID == "investigation" {
			due = k.Due.String()
		}
	}
	if due != "2026-04-10" { // 60 working days from 9 January over the new year's holiday
		t.Errorf("the investigation is due on %s", due)
	}
	for i, x := range tried(t, e, data) { // again: nothing is doubled, the bad ones are still bad
		if slices.Contains(bad, x.N) == (x.Prior != 0) {
			t.Errorf("row %d again: %d %v", x.N, x.Prior, x.Flaws)
		}
		if i == 0 {
			b := x.Begun
			b.Actor = "captain"
			if out, err := takeover.Begin(t.Context(), e, b); err != nil || !out.Replayed || out.Case.ID != ids[0] {
				t.Errorf("the same row again: %+v %v", out, err)
			}
		}
	}
	rows[14][slices.Index(titles, any("立案日"))] = "2026-1-8" // mended
	taken := tried(t, e, written(t, map[string][][]any{"案件": {titles, rows[14], with("案由", "未签订劳动合同")}}, "案件"))
	if len(taken) != 2 || len(taken[1].Flaws) != 1 || !strings.Contains(taken[1].Flaws[0].Text, "已经是第") {
		t.Errorf("a number that a case has: %+v", taken)
	}
	scratch, err := bolt.Open(t.TempDir(), bolt.Options{Create: true, Owner: "proof"})
	if err != nil {
		t.Fatal(err)
	}
	defer scratch.Close()
	if r, err := verify.Run(t.Context(), e, scratch, nil); err != nil || len(r.Flaws) > 0 {
		t.Errorf("%+v %v", r, err)
	}
}

// Three respondents of one paper case stand where their own papers brought them, with days of their own.
func TestPlaces(t *testing.T) {
	e := bureau(t)
	head := append(slices.Clone(titles), "调查终结日", "决定日")
	row := append(with("现在的环节", "执行"), "2026-2-2", "2026-2-10")
	parties := [][]any{{"序号", "名称或者姓名", "类别"}, {1, "任县甲建筑公司", "单位"}, {1, "郭新磊", "个人"}, {1, "任县乙劳务公司", "单位"}}
	places := [][]any{{"序号", "当事人", "环节"}, {1, "任县甲建筑公司", "执行"}, {1, "郭新磊", "复议诉讼"}, {1, "任县乙劳务公司", "已经走了"}}
	days := [][]any{{"序号", "名称", "日期", "哪个当事人的"}, {1, "告知书送达日", "2026-2-30", "任县甲建筑公司"}, {1, "催告书送达日", "2026-02-26", "任县丙公司"}}
	try := func() sheet.Trial {
		return tried(t, e, written(t, map[string][][]any{"案件": {head, row}, "另有责任人的，连单位一并列出": parties, "各当事人的环节": places, "各当事人的日期": days},
			"案件", "另有责任人的，连单位一并列出", "各当事人的环节", "各当事人的日期"))[0]
	}
	var told []string
	for _, f := range try().Flaws {
		told = append(told, f.Place)
	}
	if want := []string{"各当事人的日期第2行日期", "各当事人的环节第4行环节"}; !slices.Equal(told, want) {
		t.Errorf("told at %q, want %q", told, want)
	}
	places[3][2], days[1][2] = "催告", "2026-2-4"
	told = nil
	for _, f := range try().Flaws {
		told = append(told, f.Place+"："+f.Text)
	}
	if len(told) != 2 || !strings.HasPrefix(told[0], "各当事人的日期第3行") || !strings.HasPrefix(told[1], "催告书送达日：请填写") {
		t.Errorf("a stranger's day, and a day that the demand needs: %q", told)
	}
	days[2][3] = "任县乙劳务公司"
	x := try()
	if !x.Good() {
		t.Fatalf("%+v", x.Flaws)
	}
	b := x.Begun
	b.Actor = "captain"
	out, err := takeover.Begin(t.Context(), e, b)
	if err != nil {
		t.Fatal(err)
	}
	for party, state := range map[string]procedure.StateID{"任县甲建筑公司": "performance", "郭新磊": "under-review", "任县乙劳务公司": "demand"} {
		if got := out.Case.Stands(party); got != state {
			t.Errorf("%s stands at %s, not %s", party, got, state)
		}
	}
	if out.Case.Main() != "performance" {
		t.Errorf("the case stands at %s", out.Case.Main())
	}
}

// Nothing can be taken over by who may not put cases where they stand.
func TestWhoMay(t *testing.T) {
	e := bureau(t)
	x := tried(t, e, written(t, map[string][][]any{"案件": {titles, with()}}, "案件"))[0]
	for _, who := range []office.PersonID{"clerk", "officer", "nobody", ""} {
		b := x.Begun
		b.Actor = who
		if _, err := takeover.Begin(t.Context(), e, b); refusal.As(err) == nil || !refusal.As(err).Has(refusal.NotYourGate) && !refusal.As(err).Has(refusal.Forbidden) {
			t.Errorf("%s: %v", who, err)
		}
	}
	if page, err := desk.Find(e, "captain", desk.Query{}); err != nil || len(page.Rows) != 0 {
		t.Errorf("%d cases %v", len(page.Rows), err)
	}
}

// The template of every procedure is read back by its own layout, and its lists name what the procedure has.
func TestTemplates(t *testing.T) {
	eds := fixture.Brought(t).Editions
	e := bureau(t)
	for _, ed := range eds {
		c := sheet.NewCases(ed)
		data, err := c.Template()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.Read(data, e.Office()); err == nil || !strings.Contains(err.Error(), "sheet.no-rows") {
			t.Errorf("%s: an empty template: %v", ed.Def.ID, err)
		}
		f, err := excelize.OpenReader(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		for _, x := range c.Columns {
			if seen[x.Title] {
				t.Errorf("%s: two columns %s", ed.Def.ID, x.Title)
			}
			seen[x.Title] = true
		}
		about, err := f.GetRows("填表说明")
		if want := len(c.Columns) + 3; err != nil || len(about) < want {
			t.Errorf("%s: %d lines explain %d columns: %v", ed.Def.ID, len(about), len(c.Columns), err)
		}
		lists, err := f.GetRows("选项")
		if err != nil || len(lists) < len(ed.PaperForm().States) {
			t.Errorf("%s: the lists have %d rows: %v", ed.Def.ID, len(lists), err)
		}
		vs, err := f.GetDataValidations(ed.Def.Title.ZH)
		if err != nil || len(vs) == 0 {
			t.Errorf("%s: no lists to choose from: %v", ed.Def.ID, err)
		}
		panes, err := f.GetPanes(ed.Def.Title.ZH)
		if err != nil || !panes.Freeze || panes.YSplit != 1 {
			t.Errorf("%s: %+v %v", ed.Def.ID, panes, err)
		}
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	}
}

// Cases are begun many in one commit, in the order of their rows; where one may not be, those before it are begun and those after
// it are not, and the same again begins the rest.
func TestBeginAll(t *testing.T) {
	e := bureau(t)
	rows := [][]any{titles}
	for i := range 5 {
		rows = append(rows, with("当事人名称", "任县第"+strconv.Itoa(i)+"建筑公司", "案号", "旧立〔2026〕"+strconv.Itoa(i+1)+"号"))
	}
	var all []takeover.Begun
	for _, x := range tried(t, e, written(t, map[string][][]any{"案件": rows}, "案件")) {
		x.Begun.Actor = "captain"
		all = append(all, x.Begun)
	}
	all[2].Actor = "clerk"
	outs, err := takeover.BeginAll(t.Context(), e, all)
	if refusal.As(err) == nil || len(outs) != 2 || outs[1].Replayed {
		t.Fatalf("%d begun: %v", len(outs), err)
	}
	all[2].Actor = "captain"
	was := e.Moves()
	outs, err = takeover.BeginAll(t.Context(), e, all)
	if err != nil || len(outs) != 5 || !outs[0].Replayed || !outs[1].Replayed || outs[2].Replayed {
		t.Fatalf("%d begun: %v", len(outs), err)
	}
	for i, out := range outs {
		if out.Case.ID != outs[0].Case.ID+casefile.CaseID(i) || out.Case.Shared["employer"].Text != "任县第"+strconv.Itoa(i)+"建筑公司" {
			t.Errorf("row %d: case %d of %s", i, out.Case.ID, out.Case.Shared["employer"].Text)
		}
	}
	if n := e.Moves() - was; n != 1 {
		t.Errorf("three cases begun in %d commits", n)
	}
}
