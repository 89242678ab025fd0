package plan_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"dossier/engine/calendar"
	"dossier/engine/text"
)

// A quota that ends short is told at its thresholds, 7, 3 and 0 days before a month's end: to those who plan for the regime,
// on the last day to those who approve too; one that is met is told to nobody.
func TestWarnings(t *testing.T) {
	s := open(t, slices.Concat(check("单位2", "patrol", "2026-05-12"), check("单位3", "patrol", "2026-05-12"))...)
	told := func(day string) []string {
		s.at(day)
		ws, err := s.Warnings()
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, w := range ws {
			if !strings.HasPrefix(w.Of, "training-patrol-") {
				continue
			}
			var to []string
			for _, r := range w.To {
				to = append(to, string(r.As))
			}
			slices.Sort(to)
			out = append(out, fmt.Sprint(w.Of, " ", w.Threshold, " ", w.Due, " ", w.Red, " ", slices.Compact(to), " ", w.Title.ZH))
			if len(w.Law.Cites) == 0 || w.Title.EN == w.Title.ZH {
				t.Errorf("%+v", w)
			}
		}
		return out
	}
	s.at("2026-05-23")
	counted, err := s.Between(calendar.Of(2026, 4, 15), calendar.Of(2026, 5, 2), text.ZH)
	if err != nil {
		t.Fatal(err)
	}
	var patrols []string
	for _, x := range counted {
		if x.Quota == "training-patrol" {
			patrols = append(patrols, fmt.Sprint(x.Entry, " ", x.Done, "/", x.Of, " ", x.State))
		}
	}
	if want := []string{"training-patrol-2026-04 0/4 missed", "training-patrol-2026-05 2/4 running"}; !slices.Equal(patrols, want) {
		t.Errorf("%q, want %q", patrols, want)
	}
	for day, want := range map[string]string{
		"2026-05-23": "",
		"2026-05-24": "training-patrol-2026-05 7 2026-05-31 false",
		"2026-05-28": "training-patrol-2026-05 3 2026-05-31 false",
		"2026-05-31": "training-patrol-2026-05 0 2026-05-31 true",
	} {
		got := told(day)
		if (want == "") != (len(got) == 0) || want != "" && (len(got) != 1 || !strings.HasPrefix(got[0], want) || !strings.HasSuffix(got[0], "（2026-05）还差2")) {
			t.Errorf("%s: %q, want %q", day, got, want)
		}
		if len(got) > 0 && strings.Contains(got[0], "leader") != strings.Contains(got[0], "true") && !strings.Contains(got[0], "training") {
			t.Errorf("%s: told to %s", day, got[0])
		}
	}
}
