package text

import (
	"regexp"
	"strings"
	"testing"
)

// TestWordsHaveTheSamePlaces holds each form beside its Chinese one.
func TestWordsHaveTheSamePlaces(t *testing.T) {
	pairs, err := readPairs(faults)
	if err != nil {
		t.Fatal(err)
	}
	places := regexp.MustCompile(`%(\[\d\])?[sq]`)
	for en, zh := range pairs {
		if a, b := len(places.FindAllString(en, -1)), len(places.FindAllString(zh, -1)); a != b {
			t.Errorf("%q has %d places, %q %d", en, a, zh, b)
		}
		if places.MatchString(en) && strings.Contains(places.ReplaceAllString(en, ""), "%") {
			t.Errorf("%q: a place is %%s or %%q", en)
		}
	}
}

func TestWords(t *testing.T) {
	for _, x := range []struct {
		words  Words
		zh, en string
	}{
		{"", "", ""},
		{"take it out", "去掉它", "take it out"},
		{Say("no %s %q", Words("fact"), "filed"), "没有事实“filed”", `no fact "filed"`},
		{Say("%s of guard %q isn't %s", "people", "certified", Say("one %s", Words("fact"))), "条件“certified”的people不是一个事实", `people of guard "certified" isn't one fact`},
		{Said("50% of {x}\x00"), "50% of {x}\x00", "50% of {x}\x00"},
		{"nobody has said this", "nobody has said this", "nobody has said this"},
	} {
		if zh, en := x.words.In(ZH), x.words.In(EN); zh != x.zh || en != x.en {
			t.Errorf("%q: %q, %q", string(x.words), zh, en)
		}
	}
}
