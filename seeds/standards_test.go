package seeds

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"dossier/engine/calendar"
	"dossier/engine/penalty"
	"dossier/engine/procedure"
	"dossier/engine/strictyaml"

	"dossier/engine/text"
)

// amounts is written by hand from the statutes: standard, party, day of the act, persons, gains, the least and the most that
// the statute allows in yuan. A comment before a group is the article as it was read.
const amounts = `
# 劳动保障监察条例 23 每人1000元以上5000元以下；25 每人100元以上500元以下；26 应付金额50%以上1倍以下；27 1倍以上3倍以下；28 1万元以上5万元以下；30 2000元以上2万元以下
reg/23 unit 2026-01-05 1 - 1000 5000
reg/23 unit 2026-01-05 7 - 7000 35000
reg/25 unit 2026-01-05 1 - 100 500
reg/25 unit 2026-01-05 40 - 4000 20000
reg/26 unit 2026-01-05 - 65400.00 32700 65400
reg/26 unit 2026-01-05 - 0.01 0.01 0.01
reg/27.1 unit 2026-01-05 - 30000 30000 90000
reg/27.2 unit 2010-05-04 - 30000 30000 90000
reg/28 unit 2026-01-05 - - 10000 50000
reg/30 unit 2026-01-05 - - 2000 20000
# 劳动合同法 84 每人五百元以上二千元以下；85 百分之五十以上百分之一百以下；92 一倍以上五倍以下，没有违法所得的五万元以下；每人五千元以上一万元以下
lcl/84.2 unit 2026-01-05 3 - 1500 6000
lcl/84.3 unit 2026-01-05 1 - 500 2000
lcl/85 unit 2026-01-05 - 8600.50 4300.25 8600.50
lcl/92 unit 2012-06-01 2 - 2000 10000
lcl/92.1 unit 2026-01-05 - 128400.00 128400 642000
lcl/92.1 unit 2026-01-05 - 0 0 50000
lcl/92.1 unit 2026-01-05 - - 0 50000
lcl/92.2 unit 2026-01-05 1 - 5000 10000
lcl/92.2 unit 2026-01-05 12 - 60000 120000
# 劳动合同法实施条例 33 2000元以上2万元以下；35 每位1000元以上5000元以下
lcr/33 unit 2026-01-05 - - 2000 20000
lcr/35 unit 2012-06-01 4 - 4000 20000
# 社会保险法 84 一倍以上三倍以下，责任人员五百元以上三千元以下；86 一倍以上三倍以下，滞纳金按日万分之五（这里都按一百日）；87、88 二倍以上五倍以下
sil/84 unit 2026-01-05 - 12345.67 12345.67 37037.01
sil/84 person 2026-01-05 - - 500 3000
sil/86 unit 2026-01-05 - 1000 1000 3000
sil/86.1 unit 2026-01-05 - 12345.67 617.28 617.28
sil/86.1 unit 2026-01-05 - 0.20 0.01 0.01
sil/87 unit 2026-01-05 - 1000 2000 5000
sil/88 unit 2026-01-05 - 0.01 0.02 0.05
# 社会保险经办条例 55 2倍以上5倍以下；57 1万元以上5万元以下
sir/55 unit 2026-01-05 - 1000 2000 5000
sir/57 unit 2026-01-05 - - 10000 50000
# 保障农民工工资支付条例 54 单位2万元以上5万元以下，责任人员1万元以上3万元以下；55、56、57 5万元以上10万元以下
wage/54 unit 2026-01-05 - - 20000 50000
wage/54 person 2026-01-05 - - 10000 30000
wage/55 unit 2026-01-05 - - 50000 100000
wage/56 unit 2026-01-05 - - 50000 100000
wage/57 unit 2026-01-05 - - 50000 100000
# 禁止使用童工规定 6 每名每月5000元；逾期每名每月1万元；7 每人5000元；8 1万元；9 加一倍
child/6.1 unit 2026-01-05 2 - 10000 10000
child/6.2 unit 2026-01-05 2 - 20000 20000
child/7 unit 2026-01-05 3 - 15000 15000
child/8 unit 2026-01-05 - - 10000 10000
child/9.6 unit 2026-01-05 2 - 20000 20000
child/9.7 unit 2026-01-05 3 - 30000 30000
child/9.8 unit 2026-01-05 - - 20000 20000
# 人力资源市场暂行条例 42 1万元以上5万元以下；5000元以上1万元以下；43 1万元以上5万元以下；44 5000元以上1万元以下
hrm/42.1 unit 2026-01-05 - 300 10000 50000
hrm/42.2 unit 2026-01-05 - - 5000 10000
hrm/43 unit 2026-01-05 - - 10000 50000
hrm/44 unit 2026-01-05 - - 5000 10000
# 就业促进法 64、65 一万元以上五万元以下；66 每人五百元以上二千元以下
epl/64 unit 2026-01-05 - 300 10000 50000
epl/65 unit 2026-01-05 - 300 10000 50000
epl/66.2 unit 2026-01-05 5 - 2500 10000
# 社会保险费征缴暂行条例 23 1000元以上5000元以下；5000元以上10000元以下；24 5000元以上20000元以下，都对责任人员
sic/23.1 person 2026-01-05 - - 1000 5000
sic/23.2 person 2026-01-05 - - 5000 10000
sic/24 person 2026-01-05 - - 5000 20000
# 失业保险条例 28 1倍以上3倍以下
uir/28 unit 2010-05-04 - 900 900 2700
# 工伤保险条例 60 2倍以上5倍以下；61 2000元以上1万元以下；62 1倍以上3倍以下；63 2000元以上2万元以下
wir/60 unit 2026-01-05 - 900 1800 4500
wir/61 unit 2026-01-05 - - 2000 10000
wir/62 unit 2026-01-05 - 900 900 2700
wir/63 unit 2026-01-05 - - 2000 20000
# 女职工劳动保护特别规定 13 每人1000元以上5000元以下；民办教育促进法 64 一倍以上五倍以下；职工带薪年休假条例 7 按年休假工资报酬的数额加付
fem/13 unit 2026-01-05 2 - 2000 10000
mpe/64 unit 2026-01-05 - 5000 5000 25000
leave/7 unit 2026-01-05 - 1838.64 1838.64 1838.64
# 责任清单四(四)六(一)：1 一万至三万；2 五千至一万；3 一千至三千；4 二千至一万；5 每人二百至五百；6 每人五千；7 每人五千至一万；8 一万至三万；9 一千至五千；10 由财政、物价部门
agency/25.1 unit 2015-03-02 - - 10000 30000
agency/25.2 unit 2015-03-02 - - 5000 10000
agency/25.3 unit 2015-03-02 - - 1000 3000
agency/25.4 unit 2015-03-02 - - 2000 10000
agency/25.5 unit 2015-03-02 6 - 1200 3000
agency/25.6 unit 2015-03-02 1 - 5000 5000
agency/25.7 unit 2015-03-02 2 - 10000 20000
agency/25.8 unit 2015-03-02 - - 10000 30000
agency/25.9 unit 2015-03-02 - - 1000 5000
agency/25.10 unit 2015-03-02 - - 0 0
`

// The statutes' amounts: each range at its edges, a fen inside and a fen outside.
func TestAmountsOfTheStatutes(t *testing.T) {
	book := Standards()
	rules := rules()
	asked := map[string]bool{}
	for line := range strings.Lines(amounts) {
		w := strings.Fields(line)
		if len(w) == 0 || w[0] == "#" {
			continue
		}
		asked[w[0]+" "+w[1]] = true
		q := penalty.Question{Standard: penalty.ID(w[0]), Party: penalty.Party(w[1]), Trial: true}
		var err error
		if q.On, err = calendar.Parse(w[2]); err != nil {
			t.Fatal(err)
		}
		q.Until = q.On.Add(99)
		if w[3] != "-" {
			n, _ := strconv.Atoi(w[3])
			q.Persons = &n
		}
		if w[4] != "-" {
			f := fen(t, w[4])
			q.Gains = &f
		}
		least, most := fen(t, w[5]), fen(t, w[6])
		for _, x := range []struct {
			tier   penalty.Tier
			amount penalty.Fen
			lawful bool
		}{
			{penalty.Light, least, true}, {penalty.Light, least - 1, false}, {penalty.Heavy, most, true}, {penalty.Heavy, most + 1, false},
		} {
			q.Tier, q.Amount = x.tier, &x.amount
			if x.amount < 0 {
				continue
			}
			a, err := book.Judge(q, rules)
			if err != nil {
				t.Errorf("%s: %v", strings.TrimSpace(line), err)
				continue
			}
			if a.Lawful != x.lawful || a.Least != least || a.Most != most {
				t.Errorf("%s: %s %s: lawful %v, range %s to %s", strings.TrimSpace(line), x.tier, x.amount, a.Lawful, a.Least, a.Most)
			}
		}
	}
	for _, s := range book.Standards() {
		for _, p := range s.Parties() {
			if !asked[string(s.ID)+" "+string(p)] {
				t.Errorf("nobody has written down what %s sets for %s", s.ID, p)
			}
		}
	}
	if n := len(book.Standards()); n < 30 {
		t.Errorf("only %d standards", n)
	}
}

func rules() penalty.Rules {
	settings := Settings()
	return penalty.Proportions(func(name string) string { return settings[name][0].Value })
}

func fen(t *testing.T, s string) penalty.Fen {
	t.Helper()
	n, err := procedure.ParseMoney(s)
	if err != nil {
		t.Fatal(err)
	}
	return penalty.Fen(n)
}

// Each standard has the words of its law and of what it forbids, and those that later law overtook name what came after.
func TestStandardsAreWhole(t *testing.T) {
	ended := 0
	for _, s := range Standards().Standards() {
		if s.Title == "" || s.Basis.Text == "" || len(s.Violated) == 0 || len(s.Kinds) == 0 || s.From == 0 {
			t.Errorf("%s lacks a part", s.ID)
		}
		for _, v := range s.Violated {
			if v.Text == "" {
				t.Errorf("%s: %s has no text", s.ID, v.Ref)
			}
		}
		act, _, _ := strings.Cut(string(s.ID), "/")
		if act == "agency" && (s.Unverified == "" || s.To == 0) {
			t.Errorf("%s is from the overtaken regulation and isn't marked so", s.ID)
		}
		if s.To != 0 {
			ended++
			if len(s.Successors) == 0 && s.ID != "agency/25.10" { // charges are another department's
				t.Errorf("%s ended and nothing follows it", s.ID)
			}
		}
		if s.From == penalty.Unverified && s.Unverified == "" {
			t.Errorf("%s holds since an unknown day and isn't marked so", s.ID)
		}
	}
	if ended < 10 {
		t.Errorf("only %d standards ended", ended)
	}
	for _, c := range Standards().Circumstances("") {
		if c.Evidence == "" || c.Law.Ref == "" || len(c.Tiers) == 0 {
			t.Errorf("%s lacks a part", c.ID)
		}
	}
}

// Faults of a file are told with their place and what to do; nothing of it is taken.
func TestFaultyStandards(t *testing.T) {
	const head = "act: reg\ntitle: 劳动保障监察条例\nfrom: 2004-12-01\nstandards:\n"
	const good = "  - {standard: 30, title: 抗拒监察, unit: {fixed: [2000, 20000]}, kinds: {fine: must}, text: 条文}\n"
	for _, x := range []struct{ name, file, want string }{
		{"unknown key", head + strings.Replace(good, "unit", "units", 1), `a.yaml:5:33: standards[0].units: no key "units" here (did you mean "unit"?`},
		{"nobody punished", head + "  - {standard: 30, title: 抗拒监察, kinds: {fine: must}, text: 条文}\n", "nobody is punished (write unit or person"},
		{"bounds turned", head + strings.Replace(good, "[2000, 20000]", "[20000, 2000]", 1), "a.yaml:5:47: standards[0].unit.fixed: the lower bound is above the upper"},
		{"one bound", head + strings.Replace(good, "[2000, 20000]", "[20000]", 1), "two bounds are wanted"},
		{"negative", head + strings.Replace(good, "[2000", "[-2000", 1), `"-2000" is no amount`},
		{"third decimal", head + strings.Replace(good, "[2000", "[2000.005", 1), `"2000.005" is no amount`},
		{"signed", head + strings.Replace(good, "[2000", "[+2000", 1), `"+2000" is no amount`},
		{"too much", head + strings.Replace(good, "20000]", "20000000000]", 1), "is no amount"},
		{"comma in its id", head + strings.Replace(good, "standard: 30", `standard: "30,1"`, 1), `"30,1" is no article`},
		{"daily of nothing", head + strings.Replace(good, "{fixed: [2000, 20000]}", "{daily: 5}", 1), "what is counted isn't said"},
		{"daily too high", head + strings.Replace(good, "{fixed: [2000, 20000]}", "{daily: 101, of: 欠缴数额}", 1), "that is no rate of a day"},
		{"two kinds", head + strings.Replace(good, "{fixed:", "{up-to: 5, fixed:", 1), "a range of two kinds"},
		{"no kind of range", head + strings.Replace(good, "{fixed: [2000, 20000]}", "{of: 人}", 1), "a range of no kind"},
		{"uncounted", head + strings.Replace(good, "fixed", "multiple", 1), "what is counted isn't said"},
		{"kind", head + strings.Replace(good, "fine: must", "fine: always", 1), `no case "always" of a kind`},
		{"day", strings.Replace(head, "2004-12-01", "2004-13-01", 1) + good, "a.yaml:3:7: from: "},
		{"ends first", head + strings.Replace(good, "text:", "to: 2001-01-01, text:", 1), "it ends before it begins"},
		{"act", head + strings.Replace(good, "text:", "law: lab/30, text:", 1), `no act "lab" (put it into statutes/; allowed: reg)`},
		{"place", head + strings.Replace(good, "text:", "law: reg/3o, text:", 1), `"reg/3o" is no place in an act`},
		{"laid outside", head + strings.Replace(good, "text:", "tiers: {light: [1000, 5000]}, text:", 1), "the tier leaves the statute's range"},
		{"laid crossing", head + strings.Replace(good, "text:", "tiers: {light: [5000, 9000], usual: [4000, 9500]}, text:", 1), "begins below the milder one"},
		{"tier of a circumstance", head + good + "circumstances:\n  - {circumstance: a, title: 甲, law: reg/30, tiers: [milder], evidence: 证}\n", `no tier "milder"`},
		{"not yaml", head + "  - {standard: 30", "a.yaml:5"},
		{"no words", head + strings.Replace(good, ", text: 条文", "", 1), "a.yaml:5:16: standards[0].standard: no words of reg/30 (put the article into statutes/, or write text)"},
		{"violated without words", head + strings.Replace(good, "text:", "violated: [reg/6], text:", 1), "no words of reg/6"},
		{"place in the list", head + strings.Replace(good, "text:", "listed: 四之三, text:", 1), `"四之三" is no place in the list`},
		{"missing", "act: reg\n", `key "title" is missing`},
		{"twice", head + good + good, "standard reg/30 holds twice from 2004-12-01 on"},
		{"successor", head + strings.Replace(good, "text:", "successors: [reg/99], text:", 1), "followed by reg/99, which isn't there"},
		{"circumstance of nothing", head + good + "circumstances:\n  - {circumstance: a, title: 甲, law: list/四(十)一, tiers: [light], of: [reg/99], evidence: 证}\n", "circumstance a belongs to reg/99"},
		{"circumstance twice", head + good + "circumstances:\n  - {circumstance: a, title: 甲, law: list/四(十)一, tiers: [light], evidence: 证}\n  - {circumstance: a, title: 甲, law: list/四(十)一, tiers: [light], evidence: 证}\n", "circumstance a is there twice"},
	} {
		book, err := ReadStandards(fstest.MapFS{"standards/a.yaml": {Data: []byte(x.file)}})
		if err == nil || !strings.Contains(strings.ReplaceAll(err.Error(), "standards/a.yaml", "a.yaml"), x.want) {
			t.Errorf("%s: %v, want %q (book %v)", x.name, err, x.want, book != nil)
		}
	}
	if _, err := ReadStandards(fstest.MapFS{"standards/a.yaml": {Data: []byte(head + good)}}); err != nil {
		t.Error(err)
	}
	_, err := ReadStandards(fstest.MapFS{"standards/a.yaml": {Data: []byte(head + "  - 3\n  - 4\n")}, "standards/b.yaml": {Data: []byte("act: [\n")}})
	var faults text.Faults
	if !errors.As(err, &faults) || !slices.IsSortedFunc(faults, func(a, b text.Fault) int { return strings.Compare(a.File, b.File) }) || len(faults) < 3 {
		t.Errorf("the faults of all files: %v", err)
	}
}

// The words of the law come from the statutes: an article, a paragraph with its items, an item; the list's ten items are word
// for word those of the standards that came from them.
func TestWordsOfTheLaw(t *testing.T) {
	book := Standards()
	at := func(id penalty.ID, day int) *penalty.Standard {
		s, err := book.At(id, calendar.Of(day, 3, 2))
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	for _, x := range []struct{ got, begins, ends string }{
		{at("reg/30", 2026).Basis.Text, "有下列行为之一的，由劳动保障行政部门责令改正；对有第（一）项", "\n（四）打击报复举报人、投诉人的。"}, // without the second paragraph
		{at("lcl/92.1", 2026).Basis.Text, "违反本法规定，未经许可，擅自经营劳务派遣业务的", "可以处五万元以下的罚款。"},
		{at("lcl/92.2", 2026).Basis.Text, "劳务派遣单位、用工单位违反本法有关劳务派遣规定的", "承担连带赔偿责任。"},
		{at("lcl/92", 2012).Basis.Text, "劳务派遣单位违反本法规定的", "承担连带赔偿责任。"},
		{at("epl/65", 2026).Violated[1].Text, "（二）为无合法证照的用人单位提供职业中介服务；", "服务；"},
		{at("wage/57", 2026).Violated[2].Text, "建设单位与施工总承包单位应当将工程施工合同保存备查。", "备查。"},
	} {
		if !strings.HasPrefix(x.got, x.begins) || !strings.HasSuffix(x.got, x.ends) {
			t.Errorf("%q, want %q … %q", x.got, x.begins, x.ends)
		}
	}
	r := Register()
	for n := 1; n <= 10; n++ {
		s := at(penalty.ID("agency/25."+strconv.Itoa(n)), 2015)
		if len(s.Listed) != 1 {
			t.Fatalf("%s stands at %v", s.ID, s.Listed)
		}
		var printed strings.Builder
		for _, e := range r.At(s.Listed[0]) {
			printed.WriteString(e.Text)
		}
		bare := func(x string) string { return strings.TrimRight(strings.ReplaceAll(x, " ", ""), "；。") }
		if got := "（" + strconv.Itoa(n) + "）" + bare(s.Basis.Text); got != bare(printed.String()) {
			t.Errorf("%s: %q, the list has %q", s.ID, got, printed.String())
		}
	}
}

// FuzzReadStandards: no file makes the reader panic, and what is read can be judged.
func FuzzReadStandards(f *testing.F) {
	statutes, err := readStatutes(standardFiles)
	if err != nil {
		f.Fatal(err)
	}
	files, _ := standardFiles.ReadDir("standards")
	for _, file := range files {
		data, _ := standardFiles.ReadFile("standards/" + file.Name())
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		read, err := readAct("a.yaml", data, statutes)
		if err != nil {
			return
		}
		book, err := penalty.NewBook(read.standards, read.circumstances, strictyaml.Guess)
		if err != nil {
			return
		}
		persons, gains := 3, penalty.Fen(1_000_001)
		for _, s := range book.Standards() {
			for _, tier := range s.Tiers(s.Main()) {
				a, err := book.Judge(penalty.Question{Standard: s.ID, On: s.From, Tier: tier, Persons: &persons, Gains: &gains, Trial: true}, rules())
				if err == nil && (a.Low > a.High || a.High > a.Most) {
					t.Errorf("%s %s: %s to %s of %s to %s", s.ID, tier, a.Low, a.High, a.Least, a.Most)
				}
			}
		}
	})
}
