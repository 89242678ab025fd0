package penalty_test

import (
	"errors"
	"math/big"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"dossier/engine/calendar"
	"dossier/engine/penalty"
	"dossier/engine/text"
)

var (
	rules = penalty.Rules{Light: 30, Heavy: 30, Floor: 50}
	day   = calendar.Of(2026, 3, 2)
)

func standard(id penalty.ID, unit penalty.Range) *penalty.Standard {
	return &penalty.Standard{ID: id, Title: string(id), Basis: penalty.Provision{Act: "a", Title: "某条例", Ref: "30"}, From: calendar.Of(2004, 12, 1), Unit: &unit,
		Kinds: []penalty.KindRule{{Kind: penalty.Fine, When: penalty.Must}}}
}

// shelf is a book with a standard of each shape.
func shelf(t testing.TB, more ...*penalty.Standard) *penalty.Book {
	t.Helper()
	person := penalty.Range{Kind: penalty.Fixed, Low: 50000, High: 300000}
	both := standard("a/84", penalty.Range{Kind: penalty.Multiple, Low: 100, High: 300, Of: "应缴数额"})
	both.Person = &person
	unlicensed := standard("a/92", penalty.Range{Kind: penalty.Multiple, Low: 100, High: 500, Of: "违法所得"})
	unlicensed.NoGains = &penalty.Range{Kind: penalty.UpTo, High: 5_000_000, May: true}
	laid := standard("a/51", penalty.Range{Kind: penalty.Fixed, Low: 200_000, High: 2_000_000})
	laid.Laid = map[penalty.Tier][2]int64{penalty.Light: {200_000, 600_000}, penalty.Heavy: {1_200_000, 2_000_000}}
	handling := standard("a/26", penalty.Range{Kind: penalty.Multiple, Low: 50, High: 100, Of: "应付金额"})
	handling.Kinds = []penalty.KindRule{{Kind: penalty.Compensation, When: penalty.Must}}
	old := standard("a/25", penalty.Range{Kind: penalty.Fixed, Low: 100_000, High: 500_000})
	old.To, old.Successors = calendar.Of(2018, 9, 30), []penalty.ID{"b/43"}
	heavier := standard("b/43", penalty.Range{Kind: penalty.Fixed, Low: 1_000_000, High: 5_000_000})
	heavier.From = calendar.Of(2018, 10, 1)
	all := append([]*penalty.Standard{
		standard("a/30", penalty.Range{Kind: penalty.Fixed, Low: 200_000, High: 2_000_000}),
		standard("a/23", penalty.Range{Kind: penalty.PerPerson, Low: 100_000, High: 500_000, Of: "劳动者"}),
		standard("a/7", penalty.Range{Kind: penalty.PerPerson, Low: 500_000, High: 500_000, Of: "未成年人"}),
		standard("a/42", penalty.Range{Kind: penalty.Fixed, Low: 1_000_000, High: 5_000_000, IfGains: true}),
		both, unlicensed, laid, handling, old, heavier,
	}, more...)
	law := func(ref string) penalty.Provision {
		return penalty.Provision{Act: "apl", Title: "行政处罚法", Ref: ref}
	}
	book, err := penalty.NewBook(all, []*penalty.Circumstance{
		{ID: "minor", Title: "轻微", Law: law("33.1"), Tiers: []penalty.Tier{penalty.None}, Must: true},
		{ID: "first", Title: "首违", Law: law("33.1"), Tiers: []penalty.Tier{penalty.None}},
		{ID: "relieved", Title: "主动消除", Law: law("32(一)"), Tiers: []penalty.Tier{penalty.Light, penalty.Reduced}, Must: true, Evidence: "付款凭证"},
		{ID: "repeated", Title: "再犯", Law: law("32"), Tiers: []penalty.Tier{penalty.Heavy}},
		{ID: "toxic", Title: "有毒", Law: law("6"), Tiers: []penalty.Tier{penalty.Heavy}, Of: []penalty.ID{"a/7"}},
	}, nearest)
	if err != nil {
		t.Fatal(err)
	}
	return book
}

func nearest(word string, among []string) string {
	for _, a := range among {
		if len(a) == len(word) && a[:len(a)-1] == word[:len(word)-1] {
			return a
		}
	}
	return ""
}

func persons(n int) *int              { return &n }
func yuan(f penalty.Fen) *penalty.Fen { return &f }

func TestJudge(t *testing.T) {
	book := shelf(t)
	for _, x := range []struct {
		name      string
		q         penalty.Question
		low, high penalty.Fen
		formula   string // part of the working
	}{
		{"fixed, light", penalty.Question{Standard: "a/30", Tier: penalty.Light}, 200_000, 740_000, "上限 2000 + (20000 − 2000) × 30%"},
		{"fixed, usual", penalty.Question{Standard: "a/30", Tier: penalty.Usual}, 740_000, 1_460_000, "区间的30%至70%"},
		{"fixed, heavy", penalty.Question{Standard: "a/30", Tier: penalty.Heavy}, 1_460_000, 2_000_000, "上限 20000。"},
		{"reduced", penalty.Question{Standard: "a/30", Tier: penalty.Reduced}, 100_000, 199_999, "50%，即1000元至1999.99元"},
		{"none", penalty.Question{Standard: "a/30", Tier: penalty.None}, 0, 0, "数额为零"},
		{"none, whoever was harmed", penalty.Question{Standard: "a/23", Tier: penalty.None}, 0, 0, "数额为零"},
		{"none, whatever was gained", penalty.Question{Standard: "a/84", Tier: penalty.None}, 0, 0, "数额为零"},
		{"per person", penalty.Question{Standard: "a/23", Tier: penalty.Usual, Persons: persons(3)}, 660_000, 1_140_000, "3 × (1000 + (5000 − 1000) × 30%)"},
		{"one amount", penalty.Question{Standard: "a/7", Tier: penalty.Heavy, Persons: persons(2)}, 1_000_000, 1_000_000, "各档相同"},
		{"one amount, reduced", penalty.Question{Standard: "a/7", Tier: penalty.Reduced, Persons: persons(1)}, 250_000, 499_999, "最低到它的50%"},
		{"multiple", penalty.Question{Standard: "a/92", Tier: penalty.Light, Gains: yuan(12_840_000)}, 12_840_000, 28_248_000, "128400 × (1 + (5 − 1) × 30%)"},
		{"no gains", penalty.Question{Standard: "a/92", Tier: penalty.Usual, Gains: yuan(0)}, 1_500_000, 3_500_000, "下限 50000 × 30%"},
		{"gains not told", penalty.Question{Standard: "a/92", Tier: penalty.Light}, 0, 1_500_000, "50000元以下"},
		{"the person", penalty.Question{Standard: "a/84", Party: penalty.Person, Tier: penalty.Heavy}, 225_000, 300_000, "500元以上3000元以下"},
		{"laid down", penalty.Question{Standard: "a/51", Tier: penalty.Light}, 200_000, 600_000, "裁量标准定为2000元以上6000元以下"},
		{"half a fen, least up", penalty.Question{Standard: "a/26", Tier: penalty.Light, Gains: yuan(3)}, 2, 2, "只在最后一步取到分"},
		{"half a fen, cut off", penalty.Question{Standard: "a/84", Tier: penalty.Light, Gains: yuan(33)}, 33, 52, "0.33 × (1 + (3 − 1) × 30%)"},
		{"gains that are there", penalty.Question{Standard: "a/42", Tier: penalty.Light, Gains: yuan(1)}, 1_000_000, 2_200_000, ""},
	} {
		x.q.On, x.q.Trial = day, true
		a, err := book.Judge(x.q, rules)
		if err != nil {
			t.Errorf("%s: %v", x.name, err)
			continue
		}
		working := strings.Join(penalty.Sentences(a.Working, text.ZH), "\n")
		if a.Low != x.low || a.High != x.high || a.Proposed != x.low || !a.Lawful || !strings.Contains(working, x.formula) {
			t.Errorf("%s: %s to %s, want %s to %s with %q in\n%s", x.name, a.Low, a.High, x.low, x.high, x.formula, working)
		}
		for _, lang := range []text.Lang{text.ZH, text.EN} {
			for _, s := range append(penalty.Sentences(a.Working, lang), penalty.Sentences(a.Why, lang)...) {
				if strings.ContainsAny(s, "{}") || strings.HasPrefix(s, "penalty.") || s == "" {
					t.Errorf("%s: %q", x.name, s)
				}
			}
		}
	}
}

// Another figure is lawful inside the tier, its bounds included, and nowhere else; the clause is told.
func TestAnotherFigure(t *testing.T) {
	book := shelf(t)
	for _, x := range []struct {
		tier   penalty.Tier
		amount penalty.Fen
		lawful bool
		says   string
	}{
		{penalty.Usual, 740_000, true, "7400元在一般档"},
		{penalty.Usual, 800_000, true, ""},
		{penalty.Usual, 1_460_000, true, ""},
		{penalty.Usual, 739_999, false, "7399.99元不在一般档7400元至14600元之内：《某条例》第三十条，责任清单四（十）一"},
		{penalty.Usual, 20_000_000, false, "高于法定上限20000元：《某条例》第三十条"},
		{penalty.Light, 199_999, false, "低于法定下限2000元，只有《中华人民共和国行政处罚法》第三十二条"},
		{penalty.Reduced, 199_999, true, ""},
		{penalty.Reduced, 200_000, false, ""},
		{penalty.Reduced, 99_999, false, "第三十二条"},
		{penalty.None, 0, true, ""},
		{penalty.None, 1, false, ""},
	} {
		a, err := book.Judge(penalty.Question{Standard: "a/30", Tier: x.tier, On: day, Amount: &x.amount, Trial: true}, rules)
		if err != nil {
			t.Fatal(err)
		}
		why := strings.Join(penalty.Sentences(a.Why, text.ZH), "\n")
		if a.Lawful != x.lawful || !strings.Contains(why, x.says) {
			t.Errorf("%s of %s: lawful %v, want %v with %q in\n%s", x.amount, x.tier, a.Lawful, x.lawful, x.says, why)
		}
	}
}

// 行政处罚法32、33: a circumstance that the law says must count bars every other tier; in a case each tier but 一般 needs one, with evidence.
func TestGrounds(t *testing.T) {
	proved := func(ids ...string) []penalty.Ground {
		var gs []penalty.Ground
		for _, id := range ids {
			gs = append(gs, penalty.Ground{ID: id, Evidence: []string{"附件1"}})
		}
		return gs
	}
	book := shelf(t)
	for _, x := range []struct {
		name    string
		tier    penalty.Tier
		grounds []penalty.Ground
		trial   bool
		want    penalty.Code // "" is lawful
	}{
		{"33(1) obliges to none", penalty.None, proved("minor"), false, ""},
		{"33(1) bars light", penalty.Light, proved("minor"), false, penalty.Barred},
		{"33(1) bars light beside a ground of 32", penalty.Light, proved("minor", "relieved"), false, penalty.Barred},
		{"33(1) before 32", penalty.None, proved("relieved", "minor"), false, ""},
		{"32 bars usual", penalty.Usual, proved("relieved"), false, penalty.Barred},
		{"32 bars heavy, whatever else", penalty.Heavy, proved("relieved", "repeated"), false, penalty.Barred},
		{"32 lets reduce", penalty.Reduced, proved("relieved"), false, ""},
		{"32 alone isn't none", penalty.None, proved("relieved"), false, penalty.Barred},
		{"the first time may be none", penalty.None, proved("first"), false, ""},
		{"the first time needn't be none", penalty.Usual, proved("first"), false, ""},
		{"the first time and 32", penalty.None, proved("relieved", "first"), false, ""},
		{"usual needs nothing", penalty.Usual, nil, false, ""},
		{"heavy needs something", penalty.Heavy, nil, false, penalty.Ungrounded},
		{"reduced needs something", penalty.Reduced, nil, false, penalty.Ungrounded},
		{"none needs something", penalty.None, nil, false, penalty.Ungrounded},
		{"what doesn't allow it isn't enough", penalty.Light, proved("repeated"), false, penalty.Ungrounded},
		{"without evidence", penalty.Light, []penalty.Ground{{ID: "relieved"}}, false, penalty.Unproved},
		{"tried without evidence", penalty.Light, []penalty.Ground{{ID: "relieved"}}, true, ""},
		{"tried without anything", penalty.Reduced, nil, true, ""},
		{"tried against what is there", penalty.Usual, []penalty.Ground{{ID: "relieved"}}, true, penalty.Barred},
		{"unknown", penalty.Light, proved("relievee"), false, penalty.UnknownGround},
		{"of another standard", penalty.Heavy, proved("toxic"), false, penalty.UnknownGround},
	} {
		a, err := book.Judge(penalty.Question{Standard: "a/30", Tier: x.tier, On: day, Grounds: x.grounds, Trial: x.trial}, rules)
		if got := code(err); got != x.want {
			t.Errorf("%s: %q, want %q (%v)", x.name, got, x.want, a)
		}
		if x.tier == penalty.None && err == nil && (a.Low != 0 || a.High != 0) {
			t.Errorf("%s: %s to %s", x.name, a.Low, a.High)
		}
	}
}

func code(err error) penalty.Code {
	var r *penalty.Refusal
	if errors.As(err, &r) {
		return r.Code
	}
	return ""
}

// What can't be answered says what is wrong, where, and what to do, in both languages.
func TestRefusals(t *testing.T) {
	book := shelf(t)
	for _, x := range []struct {
		q    penalty.Question
		rs   penalty.Rules
		want penalty.Code
		path string
		says string
	}{
		{penalty.Question{Standard: "a/31", Tier: penalty.Usual}, rules, penalty.UnknownStandard, "standard", "是不是“a/30”？"},
		{penalty.Question{Standard: "nothing", Tier: penalty.Usual}, rules, penalty.UnknownStandard, "standard", "没有裁量标准“nothing”："},
		{penalty.Question{Standard: "a/25", Tier: penalty.Usual}, rules, penalty.NotInForce, "on", "以后的事实改用b/43"},
		{penalty.Question{Standard: "a/30", Tier: penalty.Usual, On: calendar.Of(2001, 1, 1)}, rules, penalty.NotInForce, "on", "自2004-12-01起有效"},
		{penalty.Question{Standard: "a/30", Tier: "特重"}, rules, penalty.UnknownTier, "tier", "请选不予、减轻、从轻、一般、从重"},
		{penalty.Question{Standard: "a/26", Tier: penalty.Reduced, Gains: yuan(5)}, rules, penalty.NoTier, "tier", "请选从轻、一般、从重"},
		{penalty.Question{Standard: "a/51", Tier: penalty.Usual}, rules, penalty.NoTier, "tier", ""},
		{penalty.Question{Standard: "a/92", Tier: penalty.Reduced}, rules, penalty.NoTier, "tier", ""}, // nothing lies below nothing
		{penalty.Question{Standard: "a/30", Tier: penalty.Usual, Party: penalty.Person}, rules, penalty.NoParty, "party", "不处罚责任人员：请选单位"},
		{penalty.Question{Standard: "a/23", Tier: penalty.Usual}, rules, penalty.PersonsMissing, "persons", "请填劳动者的人数"},
		{penalty.Question{Standard: "a/23", Tier: penalty.Usual, Persons: persons(0)}, rules, penalty.PersonsInvalid, "persons", ""},
		{penalty.Question{Standard: "a/23", Tier: penalty.Usual, Persons: persons(-2)}, rules, penalty.PersonsInvalid, "persons", ""},
		{penalty.Question{Standard: "a/23", Tier: penalty.Usual, Persons: persons(penalty.MaxPersons + 1)}, rules, penalty.PersonsInvalid, "persons", ""},
		{penalty.Question{Standard: "a/30", Tier: penalty.Usual, Persons: persons(0)}, rules, penalty.PersonsInvalid, "persons", ""},
		{penalty.Question{Standard: "a/84", Tier: penalty.Usual}, rules, penalty.GainsMissing, "gains", "请填应缴数额"},
		{penalty.Question{Standard: "a/84", Tier: penalty.Usual, Gains: yuan(0)}, rules, penalty.GainsMissing, "gains", ""},
		{penalty.Question{Standard: "a/84", Tier: penalty.Usual, Gains: yuan(-1)}, rules, penalty.GainsInvalid, "gains", "-0.01元"},
		{penalty.Question{Standard: "a/84", Tier: penalty.Usual, Gains: yuan(penalty.MaxSum + 1)}, rules, penalty.GainsInvalid, "gains", ""},
		{penalty.Question{Standard: "a/42", Tier: penalty.Usual, Gains: yuan(0)}, rules, penalty.NoGains, "gains", ""},
		{penalty.Question{Standard: "a/30", Tier: penalty.Usual, Amount: yuan(-1)}, rules, penalty.AmountInvalid, "amount", ""},
		{penalty.Question{Standard: "a/30", Tier: penalty.Light, Grounds: []penalty.Ground{{ID: "relieveX"}}}, rules, penalty.UnknownGround, "grounds[0]", ""},
		{penalty.Question{Standard: "a/30", Tier: penalty.Usual}, penalty.Rules{Light: 60, Heavy: 60}, penalty.BadRules, "rules", "60%"},
		{penalty.Question{Standard: "a/30", Tier: penalty.Usual}, penalty.Rules{Light: -1, Heavy: 30}, penalty.BadRules, "rules", ""},
		{penalty.Question{Standard: "a/30", Tier: penalty.Usual}, penalty.Rules{Light: 30, Heavy: 30, Floor: 101}, penalty.BadRules, "rules", ""},
	} {
		if x.q.On == 0 {
			x.q.On = day
		}
		x.q.Trial = true
		_, err := book.Judge(x.q, x.rs)
		var r *penalty.Refusal
		if !errors.As(err, &r) || r.Code != x.want || r.Path != x.path {
			t.Errorf("%+v: %v, want %s at %s", x.q, err, x.want, x.path)
			continue
		}
		for _, lang := range []text.Lang{text.ZH, text.EN} {
			words := r.In(lang)
			if strings.ContainsAny(words, "{}") || strings.HasPrefix(words, "penalty.") || !strings.ContainsAny(words, ":：") || lang == text.ZH && !strings.Contains(words, x.says) {
				t.Errorf("%s in %s: %q doesn't say %q", r.Code, lang, words, x.says)
			}
		}
	}
}

// A standard that isn't in force may be used when somebody answers for it, and the answer says so.
func TestOverride(t *testing.T) {
	a, err := shelf(t).Judge(penalty.Question{Standard: "a/25", Tier: penalty.Usual, On: day, Override: "周局：旧标准对当事人有利"}, rules)
	if err != nil || !strings.Contains(strings.Join(penalty.Sentences(a.Why, text.ZH), "\n"), "由周局：旧标准对当事人有利决定采用") {
		t.Errorf("%v %v", a, err)
	}
}

// 行政处罚法37: the law of the day of the act, unless what followed is lighter.
func TestChoose(t *testing.T) {
	lighter := standard("a/30", penalty.Range{Kind: penalty.Fixed, Low: 100_000, High: 1_000_000})
	lighter.From = calendar.Of(2027, 1, 1)
	ending := standard("c/1", penalty.Range{Kind: penalty.Fixed, Low: 300_000, High: 3_000_000})
	ending.To, ending.Successors = calendar.Of(2026, 12, 31), []penalty.ID{"a/30", "c/2"}
	gone := standard("c/2", penalty.Range{Kind: penalty.Fixed, Low: 1, High: 2})
	gone.To = calendar.Of(2026, 12, 31)
	book := shelf(t, ending, gone)
	renewed, err := penalty.NewBook([]*penalty.Standard{ended(standard("a/30", penalty.Range{Kind: penalty.Fixed, Low: 200_000, High: 2_000_000}), calendar.Of(2026, 12, 31)), lighter}, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct {
		name    string
		book    *penalty.Book
		id      penalty.ID
		act, on calendar.Date
		then    penalty.Fen
		now     penalty.Fen // 0: the law hasn't changed
		applies penalty.Fen
	}{
		{"unchanged", book, "a/30", day, calendar.Of(2026, 9, 1), 2_000_000, 0, 2_000_000},
		{"heavier since", book, "a/25", calendar.Of(2018, 3, 1), day, 500_000, 5_000_000, 500_000},
		{"lighter since, the successor that holds", book, "c/1", day, calendar.Of(2027, 3, 1), 3_000_000, 2_000_000, 2_000_000},
		{"the same provision, lighter", renewed, "a/30", day, calendar.Of(2027, 3, 1), 2_000_000, 1_000_000, 1_000_000},
		{"before it changes", renewed, "a/30", day, calendar.Of(2026, 12, 31), 2_000_000, 0, 2_000_000},
	} {
		c, err := x.book.Choose(penalty.Question{Standard: x.id, Tier: penalty.Usual, On: x.act}, x.on, rules)
		if err != nil {
			t.Errorf("%s: %v", x.name, err)
			continue
		}
		now := penalty.Fen(0)
		if c.Now != nil {
			now = c.Now.Most
		}
		if c.Then.Most != x.then || now != x.now || c.Applies.Most != x.applies {
			t.Errorf("%s: %s, now %s, applies %s", x.name, c.Then.Most, now, c.Applies.Most)
		}
	}
	if _, err := book.Choose(penalty.Question{Standard: "a/25", Tier: penalty.Usual, On: day}, day, rules); code(err) != penalty.NotInForce {
		t.Errorf("a standard that didn't hold on the day of the act: %v", err)
	}
}

func ended(s *penalty.Standard, to calendar.Date) *penalty.Standard { s.To = to; return s }

// 行政处罚法29: violations are added; of the provisions that one act breaks the heaviest counts.
func TestTotal(t *testing.T) {
	rows := []penalty.Row{
		{Party: "甲", Standard: "a/30", Fine: 740_000},
		{Party: "甲", Act: "派遣", Standard: "a/92", Fine: 500_000},
		{Party: "甲", Act: "派遣", Standard: "a/23", Fine: 900_000},
		{Party: "乙", Act: "派遣", Standard: "a/84", Fine: 60_000},
		{Party: "甲", Act: "派遣", Standard: "a/7", Fine: 900_000},
	}
	sums, left := penalty.Total(rows)
	if !slices.Equal(sums, []penalty.Sum{{Party: "甲", Fine: 1_640_000}, {Party: "乙", Fine: 60_000}}) || !slices.Equal(left, []int{1, 4}) {
		t.Errorf("%v, left %v", sums, left)
	}
}

func TestParseTier(t *testing.T) {
	for word, want := range map[string]penalty.Tier{"一般": penalty.Usual, "usual": penalty.Usual, "不予": penalty.None, "从重": penalty.Heavy} {
		if got, ok := penalty.ParseTier(word); !ok || got != want {
			t.Errorf("%s: %s", word, got)
		}
	}
	if _, ok := penalty.ParseTier(""); ok {
		t.Error("nothing is a tier")
	}
}

// TestProperties asks many random standards and questions, from a fixed seed.
func TestProperties(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 800 {
		kind := []penalty.RangeKind{penalty.Fixed, penalty.PerPerson, penalty.Multiple, penalty.UpTo}[r.IntN(4)]
		rg := penalty.Range{Kind: kind, Low: r.Int64N(1000), Of: "数"}
		rg.High = rg.Low + r.Int64N(5000)
		if kind == penalty.UpTo {
			rg.Low = 0
		}
		s := standard("x/1", rg)
		book, err := penalty.NewBook([]*penalty.Standard{s}, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		rs := penalty.Rules{Light: r.IntN(60), Heavy: r.IntN(40), Floor: r.IntN(101)}
		q := penalty.Question{Standard: "x/1", On: day, Persons: persons(1 + r.IntN(50)), Gains: yuan(penalty.Fen(1 + r.Int64N(1e7))), Trial: true}
		more := q
		more.Persons, more.Gains = persons(*q.Persons+1+r.IntN(9)), yuan(*q.Gains+penalty.Fen(1+r.Int64N(1e6)))
		least, most := exact(rg, q)
		var before *penalty.Answer
		for _, tier := range s.Tiers(rg) {
			q.Tier, more.Tier = tier, tier
			a, err := book.Judge(q, rs)
			if err != nil {
				t.Fatalf("%+v %+v: %v", rg, q, err)
			}
			b, err := book.Judge(more, rs)
			if err != nil {
				t.Fatal(err)
			}
			low, high := fenRat(a.Low), fenRat(a.High)
			switch {
			case a.Low > a.High || a.Proposed != a.Low:
				t.Fatalf("%+v %+v: %s to %s, proposed %s", rg, q, a.Low, a.High, a.Proposed)
			case high.Cmp(most) > 0:
				t.Fatalf("%+v %+v: %s is above the limit %s", rg, q, a.High, most.FloatString(4))
			case tier != penalty.None && tier != penalty.Reduced && low.Cmp(least) < 0 && fits(least, most):
				t.Fatalf("%+v %+v: %s is below the least %s without a ground", rg, q, a.Low, least.FloatString(4))
			case before != nil && (a.Low < before.Low || a.High < before.High):
				t.Fatalf("%+v: %s costs %s to %s, the milder one %s to %s", rg, tier, a.Low, a.High, before.Low, before.High)
			case b.Low < a.Low || b.High < a.High:
				t.Fatalf("%+v %+v: with more persons and gains %s to %s after %s to %s", rg, q, b.Low, b.High, a.Low, a.High)
			}
			// A figure is lawful exactly where the tier holds it.
			for _, f := range []penalty.Fen{a.Low, a.High, (a.Low + a.High) / 2, a.Low - 1, a.High + 1} {
				if f < 0 {
					continue
				}
				q.Amount = &f
				c, err := book.Judge(q, rs)
				if err != nil || c.Lawful != (a.Low <= f && f <= a.High) || c.Low != a.Low || c.High != a.High {
					t.Fatalf("%+v %+v: %s: %v %v", rg, q, f, c, err)
				}
			}
			q.Amount = nil
			before = a
		}
	}
}

// exact is what the statute allows, by rational numbers, in fen.
func exact(rg penalty.Range, q penalty.Question) (least, most *big.Rat) {
	base := big.NewRat(1, 1)
	switch rg.Kind {
	case penalty.PerPerson:
		base = big.NewRat(int64(*q.Persons), 1)
	case penalty.Multiple:
		base = big.NewRat(int64(*q.Gains), 100)
	}
	of := func(n int64) *big.Rat { return new(big.Rat).Mul(base, big.NewRat(n, 1)) }
	return of(rg.Low), of(rg.High)
}

func fenRat(f penalty.Fen) *big.Rat { return big.NewRat(int64(f), 1) }

// fits tells whether a whole fen lies between the two at all.
func fits(least, most *big.Rat) bool {
	up := new(big.Int).Div(new(big.Int).Add(least.Num(), new(big.Int).Sub(least.Denom(), big.NewInt(1))), least.Denom())
	return new(big.Rat).SetInt(up).Cmp(most) <= 0
}

// Adding a violation never lowers what a party pays, whatever act it belongs to; nor does a heavier fine for one.
func TestAddingNeverLowers(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	row := func() penalty.Row {
		return penalty.Row{Party: []string{"甲", "乙"}[r.IntN(2)], Act: []string{"", "一", "二"}[r.IntN(3)], Fine: penalty.Fen(r.Int64N(1000))}
	}
	of := func(rows []penalty.Row) map[string]penalty.Fen {
		sums, _ := penalty.Total(rows)
		m := map[string]penalty.Fen{}
		for _, s := range sums {
			m[s.Party] = s.Fine
		}
		return m
	}
	for range 5000 {
		var rows []penalty.Row
		for range 1 + r.IntN(6) {
			rows = append(rows, row())
		}
		before := of(rows)
		after := of(append(slices.Clone(rows), row()))
		heavier := slices.Clone(rows)
		heavier[r.IntN(len(rows))].Fine += 7
		raised := of(heavier)
		for p, f := range before {
			if after[p] < f || raised[p] < f {
				t.Fatalf("%v: %s, %s with one more, %s with a heavier one", rows, f, after[p], raised[p])
			}
		}
	}
}

// The largest of everything stays exact.
func TestLimits(t *testing.T) {
	book := shelf(t, standard("x/1", penalty.Range{Kind: penalty.Multiple, Low: penalty.MaxMultiple, High: penalty.MaxMultiple, Of: "数"}),
		standard("x/2", penalty.Range{Kind: penalty.PerPerson, Low: penalty.MaxRange - 1, High: penalty.MaxRange, Of: "数"}))
	a, err := book.Judge(penalty.Question{Standard: "x/1", Tier: penalty.Usual, On: day, Gains: yuan(penalty.MaxSum), Trial: true}, rules)
	if err != nil || a.High != penalty.MaxSum*20 {
		t.Errorf("%v %v", a, err)
	}
	a, err = book.Judge(penalty.Question{Standard: "x/2", Tier: penalty.Heavy, On: day, Persons: persons(penalty.MaxPersons), Trial: true}, rules)
	if err != nil || a.High != penalty.MaxPersons*penalty.MaxRange {
		t.Errorf("%v %v", a, err)
	}
}
