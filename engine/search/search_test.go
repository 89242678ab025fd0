package search

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/mozillazg/go-pinyin"
	"golang.org/x/text/unicode/norm"
)

// candidate says whether a record with these keys passes the sieve.
func candidate(keys []string, query string) bool {
	terms := Query(query)
	return len(terms) > 0 && !slices.ContainsFunc(terms, func(term string) bool {
		at, _ := slices.BinarySearch(keys, term)
		return at == len(keys) || !strings.HasPrefix(keys[at], term)
	})
}

// found is what a store does with a query.
func found(text, query string) bool { return candidate(Keys(text), query) && Match(text, query) }

func TestFound(t *testing.T) {
	const (
		company = "任县宏达建筑安装有限公司"
		number  = "任人社监立〔2026〕19号"
	)
	for _, c := range []struct {
		text, query string
		want        bool
	}{
		{company, company, true},
		{company, "宏达", true},
		{company, "达建", true},
		{company, "宏", true},
		{company, "宏建", false},
		{company, "达宏", false},
		{company, "hdjz", true},
		{company, "HDJZ", true},
		{company, "ｈｄｊｚ", true},
		{company, "rxhdjzazyxgs", true},
		{company, "hdzj", false},
		{company, "h", true},
		{company, "宏d建z", true},
		{company, "宏达 公司", true},
		{company, "公司 hdjz", true},
		{company, "宏达 工厂", false},
		{"任县 宏达", "任县宏达", true},
		{"中国农业银行任县支行", "yh", true},
		{"中国农业银行任县支行", "nyyh", true},
		{"中国农业银行任县支行", "nyyx", true}, // 行 is read xing too
		{"重庆小面", "cq", true},
		{"重庆小面", "zq", true},
		{"单县商店", "sx", true},
		{"长乐食品", "clsp", true},
		{number, number, true},
		{number, "2026〕19", true},
		{number, "2026〕19号", true},
		{number, "(2026)19", true},
		{number, "[2026]19号", true},
		{number, "2026 19", true},
		{number, "19号", true},
		{number, "任人社监立", true},
		{number, "监立〔2026", true},
		{number, "监立2026", true},
		{number, "rrsjl", true},
		{number, "２０２６", true},
		{number, "20261", false},
		{number, "2026〕2", false},
		{number, "9", true},
		{number, "〕", false},
		{"王𬭚", "𬭚", true},
		{"王𬭚", "王𬭚", true},
		{"𠮷田制衣", "𠮷田", true},
		{"𠮷田制衣", "jtzy", true},
		{"王𬭚", "wc", true},
		{"𠮷田制衣", "吉", false},
		{"阿不都·买买提", "阿不都买买提", true},
		{"阿不都买买提", "阿不都·买买提", true},
		{"ABC Trading（任县）", "abc trading", true},
		{"ABC Trading（任县）", "trading rx", true},
		{"ABC Trading（任县）", "bct", false},
		{"ABC Trading（任县）", "BC-T", true},
		{"二〇二六年", "〇二", true},
		{"宏达公司\n李明", "lm", true},
		{"宏达公司\n李明", "宏达 李明", true},
		{"宏达公司\n李明", "司李", false},
		{"宏达公司\n李明", "sl", false},
		{company, "", false},
		{company, "  ", false},
		{"", "x", false},
		{"", "", false},
		{"·", "·", false},
	} {
		if got := found(c.text, c.query); got != c.want {
			t.Errorf("%q in %q: found %v, want %v (sieve %v, match %v)", c.query, c.text, got, c.want, candidate(Keys(c.text), c.query), Match(c.text, c.query))
		}
	}
}

func TestQuery(t *testing.T) {
	for query, want := range map[string]string{
		"hdjz":           "[djz hdj]",
		"任人社监立〔2026〕19号": "[人社 任人 监立 社监  19 026 202 26  6 1 号]",
		"宏达":             "[宏达]",
		"·":              "[]",
		"李 3":            "[李 3]",
		"13800138000":    "[000 001 013 138 380 800]",
	} {
		if got := fmt.Sprint(Query(query)); got != want {
			t.Errorf("Query(%q) = %s\nwant %s", query, got, want)
		}
	}
	if got := len(Query("一二三四五六七八九十甲乙丙丁戊己庚辛壬癸")); got != maxTerms {
		t.Errorf("a long query has %d terms, want %d", got, maxTerms)
	}
}

// Any part of any name, its characters replaced by their initials at random,
// finds the name.
func TestEveryPart(t *testing.T) {
	alphabet := []rune("任县宏达建筑有限公司银行重庆单于长乐曾查仇𬭚𠮷〇abcXYZ0123456789（）〔〕·- ，号ａ５")
	rnd := rand.New(rand.NewPCG(1, 2))
	for range 3000 {
		text := make([]rune, 1+rnd.IntN(30))
		for i := range text {
			text[i] = alphabet[rnd.IntN(len(alphabet))]
		}
		start := rnd.IntN(len(text))
		query := slices.Clone(text[start : start+1+rnd.IntN(len(text)-start)])
		for i, r := range query {
			l := lettersOf(r)
			if ls := l.all(); !ascii(r) && len(ls) > 0 && r < 0xFF00 && rnd.IntN(3) == 0 {
				// Among ASCII a mark that was dropped between ideographs would stand again.
				if (i == 0 || !separates(query[i-1])) && (i == len(query)-1 || !separates(query[i+1])) {
					query[i] = rune(ls[rnd.IntN(len(ls))])
				}
			}
		}
		if len(words(string(query))) == 0 {
			continue
		}
		if !found(string(text), string(query)) {
			t.Fatalf("%q is not found by %q (sieve %v)", string(text), string(query), candidate(Keys(string(text)), string(query)))
		}
	}
}

func TestBounds(t *testing.T) {
	for name, text := range map[string]string{
		"long line":         strings.Repeat("单", 10_000),
		"many lines":        strings.Repeat("单于长乐\n", 10_000),
		"expanding":         strings.Repeat("ﷺ", 1000),
		"every character":   string(everyHan()),
		"cut in the middle": strings.Repeat("a", 4095) + "宏",
	} {
		keys := Keys(text)
		if len(keys) > 20_000 {
			t.Errorf("%s: %d keys", name, len(keys))
		}
		for _, key := range keys {
			if utf8.RuneCountInString(key) > maxRunes+1 || !utf8.ValidString(key) {
				t.Errorf("%s: key %q", name, key)
			}
		}
	}
	if n := len(Keys("任县宏达建筑安装有限公司")); n > 50 {
		t.Errorf("a usual name has %d keys", n)
	}
	if !found(strings.Repeat("宏", maxRunes)+"达", strings.Repeat("宏", 3)) {
		t.Error("a long line isn't found by its beginning")
	}
}

func everyHan() []rune {
	var out []rune
	for r := rune(0x4E00); r < 0xA000; r++ {
		out = append(out, r)
		if len(out)%60 == 0 {
			out = append(out, '\n')
		}
	}
	return out
}

func FuzzFound(f *testing.F) {
	f.Add("任县宏达建筑有限公司", "hdjz")
	f.Add("任人社监立〔2026〕19号", "2026〕19")
	f.Add("\xff", "A\u0301")
	f.Fuzz(func(t *testing.T, text, query string) {
		if Match(text, query) && !candidate(Keys(text), query) {
			t.Errorf("%q matches %q, but the sieve drops it", query, text)
		}
	})
}

func BenchmarkKeys(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		Keys("任县宏达建筑安装有限公司")
	}
}

func BenchmarkMatch(b *testing.B) {
	for b.Loop() {
		Match("任县宏达建筑安装有限公司", "azyx")
	}
}

// Every reading of the dictionary begins with a letter that can be typed.
func TestReadings(t *testing.T) {
	for r, readings := range pinyin.PinyinDict {
		l := lettersOf(rune(r))
		for reading := range strings.SplitSeq(readings, ",") {
			if base := norm.NFD.String(reading)[0]; !slices.Contains(l.all(), base) {
				t.Errorf("%c is read %s, but not found by %c", r, reading, base)
			}
		}
	}
}
