package text

import (
	"regexp"
	"strconv"
	"strings"
)

// List is the act that stands for the responsibility list in a citation:
// list/四(九)二(二).
const List = "list"

// article takes apart 17, 30.1, 64(二), 30.1(三) and 276-1: the article, the
// one inserted after it (之一), paragraph (款) and item (项), which may be
// written in figures too.
var article = regexp.MustCompile(`^([1-9][0-9]{0,3})(?:-([1-9][0-9]?))?(?:\.([1-9][0-9]?))?(?:\(([一二三四五六七八九十]{1,3}|[1-9][0-9]?)\))?$`)

// listed is a place in the responsibility list: parts and sections in Chinese
// numerals, bracketed or not, the last ones may be figures.
var listed = regexp.MustCompile(`^[一二三四五六七八九十]{1,3}(?:\([一二三四五六七八九十]{1,3}\)|[一二三四五六七八九十]{1,3}|[1-9][0-9]?|\([1-9][0-9]?\))*$`)

// Citable says whether ref has the form of a place in an act: 17, 30.1,
// 64(二), 30.1(三), 276-1 of a statute; 四(九)二(二) of the [List].
func Citable(act, ref string) bool {
	if act == List {
		return listed.MatchString(ref)
	}
	return article.MatchString(ref)
}

// Cite is a citation as it is printed. The act is its title in the language,
// or [List]:
//
//	list, 四(九)二(二)            责任清单四（九）二（二）
//	劳动保障监察条例, 17           《劳动保障监察条例》第十七条
//	劳动保障监察条例, 30.1(三)     《劳动保障监察条例》第三十条第一款第（三）项
//	刑法, 276-1                  《刑法》第二百七十六条之一
//	Regulation on X, 30.1(三)    Regulation on X, art. 30, para. 1, item (3)
//
// Without a ref it is the act alone; a ref that isn't [Citable] stands as it is.
func Cite(act, ref string, lang Lang) string {
	if act == List {
		if lang.known() == EN {
			return strings.TrimSpace("Responsibility list " + ref)
		}
		return "责任清单" + wide.Replace(ref)
	}
	if lang.known() == EN {
		return act + englishArticle(ref)
	}
	if !strings.HasPrefix(act, "《") {
		act = "《" + inner.Replace(act) + "》"
	}
	return act + chineseArticle(ref)
}

// inner makes the brackets of a title in a title.
var inner = strings.NewReplacer("《", "〈", "》", "〉")

var wide = strings.NewReplacer("(", "（", ")", "）")

func chineseArticle(ref string) string {
	m := article.FindStringSubmatch(ref)
	if m == nil {
		return wide.Replace(ref)
	}
	out := "第" + inHan(m[1]) + "条"
	if m[2] != "" {
		out += "之" + inHan(m[2])
	}
	if m[3] != "" {
		out += "第" + inHan(m[3]) + "款"
	}
	if m[4] != "" {
		out += "第（" + inHan(m[4]) + "）项"
	}
	return out
}

func englishArticle(ref string) string {
	m := article.FindStringSubmatch(ref)
	if m == nil {
		if ref == "" {
			return ""
		}
		return ", " + ref
	}
	out := ", art. " + m[1]
	if m[2] != "" {
		out += "-" + m[2]
	}
	if m[3] != "" {
		out += ", para. " + m[3]
	}
	if m[4] != "" {
		out += ", item (" + inFigures(m[4]) + ")"
	}
	return out
}

// inHan is a number of a citation in Chinese numerals, however it is written.
func inHan(number string) string {
	if n, err := strconv.Atoi(number); err == nil {
		return Han(n)
	}
	return number
}

// inFigures is a number of a citation, below a hundred, in figures; what is
// no such numeral stays.
func inFigures(number string) string {
	for n := range 100 {
		if Han(n) == number {
			return strconv.Itoa(n)
		}
	}
	return number
}
