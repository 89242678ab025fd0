package text

import (
	"math"
	"math/rand/v2"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"
)

func TestCatalogues(t *testing.T) {
	for name, data := range map[string]string{"zh.txt": zh, "en.txt": en} {
		if _, err := Read(data); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if !slices.Equal(Keys(ZH), Keys(EN)) {
		t.Errorf("zh has %v, en has %v", Keys(ZH), Keys(EN))
	}
	for _, key := range Keys(ZH) {
		if z, e := Arguments(ZH, key), Arguments(EN, key); !slices.Equal(z, e) {
			t.Errorf("%s: zh takes %v, en takes %v", key, z, e)
		}
		for _, lang := range []Lang{ZH, EN} {
			message := catalogues[lang][key]
			if strings.Count(message, "{") != strings.Count(message, "}") || strings.Contains(message, "{}") {
				t.Errorf("%s %s: braces of %q", lang, key, message)
			}
		}
		if strings.ContainsFunc(catalogues[EN][key], func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
			t.Errorf("%s: Chinese in English", key)
		}
		outside := regexp.MustCompile(`\{[^}]*\}`).ReplaceAllString(catalogues[ZH][key], "")
		if strings.ContainsFunc(outside, unicode.IsLetter) && !strings.ContainsFunc(outside, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
			t.Errorf("%s: no Chinese in Chinese", key)
		}
	}
	// The codes that others rely on.
	for _, code := range strings.Fields(`not-your-gate separation-of-duty condition-unmet field-invalid unknown-action case-moved-on
		fact-in-future fact-before-cause clock-expired already-open side-walk-open suspended not-found forbidden unreadable key-reused`) {
		if !Has(code) {
			t.Errorf("no message for %s", code)
		}
	}
}

type title struct{ zh, en string }

func (t title) In(l Lang) string {
	if l == EN {
		return t.en
	}
	return t.zh
}

func TestT(t *testing.T) {
	filing := title{"立案审批", "Filing review"}
	for _, c := range []struct {
		lang Lang
		key  string
		args []any
		want string
	}{
		{ZH, "clock-expired", []any{"clock", title{"立案期限", "Filing"}, "due", "2026-01-12"}, "“立案期限”期限已经在2026-01-12届满。"},
		{EN, "clock-expired", []any{Args{"due": 12}, "clock", filing}, "The period “Filing review” ran out on 12."},
		{"fr", "not-found", []any{"id", []string{"案件", "文书"}}, "没有找到案件、文书。请核对编号，或者按单位名称、姓名搜索。"},
		{EN, "not-found", []any{"id", []string{"a", "b"}}, "a, b was not found. Check the number, or search by name."},
		{ZH, "not-found", nil, "没有找到{id}。请核对编号，或者按单位名称、姓名搜索。"},
		{ZH, "not-found", []any{"id"}, "没有找到{id}。请核对编号，或者按单位名称、姓名搜索。"},
		{ZH, "not-found", []any{7, "id", nil}, "没有找到。请核对编号，或者按单位名称、姓名搜索。"},
		{ZH, "not-found", []any{"id", "{id}"}, "没有找到{id}。请核对编号，或者按单位名称、姓名搜索。"},
		{ZH, "no-such-key", []any{"a", 1}, "no-such-key"},
	} {
		if got := T(c.lang, c.key, c.args...); got != c.want {
			t.Errorf("T(%s, %s) = %s\nwant %s", c.lang, c.key, got, c.want)
		}
	}
}

// In English one day is no days; ten and one hundred and one are.
func TestOneIsSingular(t *testing.T) {
	for n, want := range map[int]string{0: "0 working days", 1: "1 working day", 2: "2 working days", 11: "11 working days", 101: "101 working days"} {
		if got := T(EN, "period.workdays", "n", n); got != want {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
	if got := Fill(EN, "{n} days left of {n} daysheets, {m} cases", "n", 1, "m", 1); got != "1 day left of 1 daysheets, 1 case" {
		t.Errorf("got %q", got)
	}
}

func TestParseCatalogue(t *testing.T) {
	got, err := Read("# note\n\na: x: y\r\nb-1.c:  {n} 项 \n")
	if err != nil || len(got) != 2 || got["a"] != "x: y" || got["b-1.c"] != " {n} 项 " {
		t.Errorf("%v, %v", got, err)
	}
	for _, bad := range []string{"a", "a:", "a: ", "a:x", "A: x", "a b: x", "a: x\na: y", "键: x"} {
		if _, err := Read(bad); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}

func TestHan(t *testing.T) {
	for n, want := range map[int]string{
		0: "零", 1: "一", 9: "九", 10: "十", 11: "十一", 19: "十九", 20: "二十", 21: "二十一", 99: "九十九",
		100: "一百", 101: "一百零一", 110: "一百一十", 111: "一百一十一", 115: "一百一十五", 200: "二百", 276: "二百七十六",
		1000: "一千", 1001: "一千零一", 1010: "一千零一十", 1100: "一千一百", 1110: "一千一百一十", 2026: "二千零二十六",
		10000: "一万", 10001: "一万零一", 10010: "一万零一十", 11000: "一万一千", 12000: "一万二千", 100000: "十万", 100500: "十万零五百", 105000: "十万五千",
		1_0000_0000: "一亿", 1_0000_5000: "一亿零五千", 1_0050_0300: "一亿零五十万零三百", 1_5000_0300: "一亿五千万零三百", 10_0000_0000: "十亿",
		-3: "负三", -15: "负十五",
	} {
		if got := Han(n); got != want {
			t.Errorf("Han(%d) = %s, want %s", n, got, want)
		}
	}
}

func TestYuan(t *testing.T) {
	for fen, want := range map[int64]string{
		0: "0.00", 5: "0.05", 50: "0.50", 99: "0.99", 100: "1.00", 99999: "999.99", 100000: "1 000.00", 800000: "8 000.00",
		12840000: "128 400.00", 123456789: "1 234 567.89", -12840000: "-128 400.00", -1: "-0.01",
		math.MaxInt64: "92 233 720 368 547 758.07", math.MinInt64: "-92 233 720 368 547 758.08",
	} {
		if got := Yuan(fen); got != strings.ReplaceAll(want, " ", "\u00A0") {
			t.Errorf("Yuan(%d) = %q, want %q", fen, got, want)
		}
	}
}

func TestCapital(t *testing.T) {
	for fen, want := range map[int64]string{
		0: "零元整", 1: "壹分", 5: "伍分", 10: "壹角整", 50: "伍角整", 55: "伍角伍分", 100: "壹元整", 101: "壹元零壹分", 110: "壹元壹角整",
		1000: "壹拾元整", 1500: "壹拾伍元整", 32504: "叁佰贰拾伍元零肆分", 140950: "壹仟肆佰零玖元伍角整", 168032: "壹仟陆佰捌拾元叁角贰分",
		600714: "陆仟零柒元壹角肆分", 800000: "捌仟元整", 1640902: "壹万陆仟肆佰零玖元零贰分", 10700053: "壹拾万柒仟元伍角叁分",
		10070000: "壹拾万零柒佰元整", 12840000: "壹拾贰万捌仟肆佰元整", 100000000: "壹佰万元整", 100010000: "壹佰万零壹佰元整", 1000000000000: "壹佰亿元整",
		1000000000100: "壹佰亿零壹元整", 1_0000_0000_0000_00: "壹万亿元整", -800000: "负捌仟元整",
		math.MaxInt64: "玖亿贰仟贰佰叁拾叁万柒仟贰佰零叁亿陆仟捌佰伍拾肆万柒仟柒佰伍拾捌元零柒分",
	} {
		if got := Capital(fen); got != want {
			t.Errorf("Capital(%d) = %s, want %s", fen, got, want)
		}
	}
}

// An amount in words, read back, is the amount; it has no doubled zero.
func TestCapitalReadBack(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 4))
	for range 20_000 {
		fen := rnd.Int64N(int64(math.Pow10(1 + rnd.IntN(15))))
		if rnd.IntN(2) == 0 { // many zeros
			digits := []byte(strconv.FormatInt(fen, 10))
			for i := range digits {
				if i > 0 && rnd.IntN(2) == 0 {
					digits[i] = '0'
				}
			}
			fen, _ = strconv.ParseInt(string(digits), 10, 64)
		}
		words := Capital(fen)
		if strings.Contains(words, "零零") || strings.Contains(words, "亿万") || fen > 0 && strings.HasPrefix(words, "零") {
			t.Fatalf("Capital(%d) = %s", fen, words)
		}
		if got := readBack(words); got != fen {
			t.Fatalf("Capital(%d) = %s, which reads %d", fen, words, got)
		}
	}
}

func readBack(words string) int64 {
	var total, group, digit int64
	for _, r := range words {
		switch i := slices.Index([]rune("零壹贰叁肆伍陆柒捌玖"), r); {
		case i >= 0:
			digit = int64(i)
			continue
		case r == '拾':
			group += digit * 10
		case r == '佰':
			group += digit * 100
		case r == '仟':
			group += digit * 1000
		case r == '万':
			total += (group + digit) * 1_0000
			group = 0
		case r == '亿':
			total = (total + group + digit) * 1_0000_0000
			group = 0
		case r == '元':
			total = (total + group + digit) * 100
			group = 0
		case r == '角':
			total += digit * 10
		case r == '分':
			total += digit
		}
		digit = 0
	}
	return total
}

func TestCite(t *testing.T) {
	const reg, english = "劳动保障监察条例", "Regulation on Labour Security Inspection"
	for _, c := range []struct {
		act, ref string
		zh, en   string
		citable  bool
	}{
		{List, "四(九)二(二)", "责任清单四（九）二（二）", "Responsibility list 四(九)二(二)", true},
		{List, "四(九)二(一)1", "责任清单四（九）二（一）1", "Responsibility list 四(九)二(一)1", true},
		{List, "四(六)五(六)", "责任清单四（六）五（六）", "Responsibility list 四(六)五(六)", true},
		{List, "17", "责任清单17", "Responsibility list 17", false},
		{List, "", "责任清单", "Responsibility list", false},
		{reg, "17", "《劳动保障监察条例》第十七条", "art. 17", true},
		{reg, "20", "《劳动保障监察条例》第二十条", "art. 20", true},
		{"《" + reg + "》", "17", "《劳动保障监察条例》第十七条", "art. 17", true},
		{reg, "64(二)", "《劳动保障监察条例》第六十四条第（二）项", "art. 64, item (2)", true},
		{reg, "64(2)", "《劳动保障监察条例》第六十四条第（二）项", "art. 64, item (2)", true},
		{reg, "64(十二)", "《劳动保障监察条例》第六十四条第（十二）项", "art. 64, item (12)", true},
		{reg, "30.1", "《劳动保障监察条例》第三十条第一款", "art. 30, para. 1", true},
		{reg, "30.1(三)", "《劳动保障监察条例》第三十条第一款第（三）项", "art. 30, para. 1, item (3)", true},
		{reg, "276-1", "《劳动保障监察条例》第二百七十六条之一", "art. 276-1", true},
		{reg, "276-1.2(三)", "《劳动保障监察条例》第二百七十六条之一第二款第（三）项", "art. 276-1, para. 2, item (3)", true},
		{reg, "", "《劳动保障监察条例》", "", false},
		{reg, "18.10", "《劳动保障监察条例》第十八条第十款", "art. 18, para. 10", true},
		{reg, "附则(一)", "《劳动保障监察条例》附则（一）", "附则(一)", false},
		{reg, "0", "《劳动保障监察条例》0", "0", false},
		{reg, "17.", "《劳动保障监察条例》17.", "17.", false},
	} {
		if got := Cite(c.act, c.ref, ZH); got != c.zh {
			t.Errorf("Cite(%s, %s) = %s, want %s", c.act, c.ref, got, c.zh)
		}
		want, act := c.en, c.act
		if act != List {
			act = english
			want = english
			if c.en != "" {
				want += ", " + c.en
			}
		}
		if got := Cite(act, c.ref, EN); got != want {
			t.Errorf("Cite(%s, %s) = %s, want %s", act, c.ref, got, want)
		}
		if got := Citable(c.act, c.ref); got != c.citable {
			t.Errorf("Citable(%s, %s) = %v", c.act, c.ref, got)
		}
	}
}

func TestRunes(t *testing.T) {
	if got := Runes([]rune{'𰻝', '\ue123', '㐂'}); got != "𰻝U+E123 㐂" {
		t.Errorf("%q", got)
	}
}
