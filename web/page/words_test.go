package page

import (
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"dossier/engine/access"
	"dossier/engine/calendar"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
	"dossier/engine/register"
	"dossier/engine/review"
	"dossier/engine/rules"
	"dossier/engine/text"
	"dossier/seeds"
)

var placeholder = regexp.MustCompile(`\{[a-z-]+\}`)

// TestCataloguesAreEqual: both languages have the same keys with the same places.
func TestCataloguesAreEqual(t *testing.T) {
	zh, en := catalogues[text.ZH], catalogues[text.EN]
	for _, pair := range []struct {
		a, b map[string]string
		lack string
	}{{zh, en, "en"}, {en, zh, "zh"}} {
		for key, words := range pair.a {
			other, ok := pair.b[key]
			if !ok {
				t.Errorf("%s.txt lacks %q", pair.lack, key)
				continue
			}
			a, b := placeholder.FindAllString(words, -1), placeholder.FindAllString(other, -1)
			slices.Sort(a)
			slices.Sort(b)
			if !slices.Equal(a, b) {
				t.Errorf("%s has places %v and %v", key, a, b)
			}
			if strings.TrimSpace(words) == "" {
				t.Errorf("%s is empty", key)
			}
		}
	}
}

// TestNoKeyTwice: what the engine says already is not said again here.
func TestNoKeyTwice(t *testing.T) {
	for key := range catalogues[text.ZH] {
		if text.Has(key) {
			t.Errorf("%s stands in engine/text too", key)
		}
	}
}

// TestEveryKeyIsThere: what templates and code ask for by a whole key exists.
func TestEveryKeyIsThere(t *testing.T) {
	w := Words{Language: text.ZH}
	asked := regexp.MustCompile("\\bT \"([a-z.-]+)\"|\\bT\\(\"([a-z.-]+)\"[,)]|say\\(\"([a-z.-]+)\"|\"(field\\.[a-z-]+)\"")
	n := 0
	read := func(fsys fs.FS, pattern string) {
		names, err := fs.Glob(fsys, pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			data, err := fs.ReadFile(fsys, name)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range asked.FindAllStringSubmatch(string(data), -1) {
				key := m[1] + m[2] + m[3] + m[4]
				n++
				if !w.Has(key) {
					t.Errorf("%s asks for %q", name, key)
				}
			}
		}
	}
	read(templateFiles, "templates/*.html")
	read(os.DirFS(".."), "*.go")
	read(os.DirFS(".."), "*/*.go")
	if n < 300 {
		t.Errorf("only %d keys were found", n)
	}
}

// TestFamiliesOfKeys: keys that are put together from a code exist for each code.
func TestFamiliesOfKeys(t *testing.T) {
	w := Words{Language: text.ZH}
	var keys []string
	for _, k := range []procedure.ClockKind{procedure.Legal, procedure.Warning, procedure.Target, procedure.Window, procedure.Party} {
		keys = append(keys, "clock-kind."+string(k))
	}
	for _, k := range []rules.ClockState{rules.MetClock, rules.MissedClock, rules.VoidClock, rules.OverWindow, rules.WaivedWindow} {
		keys = append(keys, "clock."+string(k))
	}
	for _, c := range []refusal.Code{access.SignInFailed, access.TryLater, access.LinkInvalid, access.LastHolder} {
		keys = append(keys, string(c)) // in the catalogue that every door shares
	}
	for name := range seeds.Settings() {
		head, _, _ := strings.Cut(name, "/")
		keys = append(keys, "setting."+head)
	}
	for _, k := range register.Kinds {
		keys = append(keys, "carrier."+string(k))
	}
	for _, x := range review.Severities {
		keys = append(keys, "review."+string(x))
	}
	for _, rules := range seeds.Reviews().Rules {
		for _, r := range rules {
			keys = append(keys, "review.at."+r.Check.Name())
		}
	}
	keys = append(keys, "mark.urgent", "mark.migrant", "token.read", "token.write")
	for _, k := range keys {
		if !w.Has(k) {
			t.Errorf("no words for %s", k)
		}
	}
}

// A day that the party let pass is its default: said so, and never red. Before that it is a due day like any other.
func TestLightOfTheParty(t *testing.T) {
	today := calendar.Of(2026, 11, 25)
	w := Words{Language: text.ZH, Today: today}
	for _, x := range []struct {
		n     int
		party bool
		want  Light
	}{
		{-2, true, Light{"amber", "黄 当事人逾期 2 日"}},
		{-2, false, Light{"red", "红 逾期 2 日"}},
		{2, true, Light{"amber", "黄 剩 2 日"}},
	} {
		if got := w.Light(x.n, calendar.Days, today.Add(x.n), false, x.party, false); got != x.want {
			t.Errorf("%d days, of the party %v: have %v, want %v", x.n, x.party, got, x.want)
		}
	}
}

// What a condition says of a period is said in words: no unit of the procedure's file stands on a page.
func TestPeriodOfAConditionIsInWords(t *testing.T) {
	w := Words{Language: text.ZH}
	if got := w.arg("period", "7 workdays"); got != w.Units(7, calendar.Workdays) {
		t.Errorf("a period reads %q", got)
	}
}
