package change

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"dossier/engine"
	"dossier/engine/calendar"
	"dossier/engine/office"
	"dossier/engine/refusal"
)

// FirstFault tells what is wrong with a value of the setting from a day on: what can't be read, and types that have been
// numbered here this year, for their numbers would leave a gap or come twice.
func FirstFault(e *engine.Engine, from calendar.Date, value string) (why string, args refusal.Args, err error) {
	first, ok := office.FirstNumbers(value)
	if !ok {
		return "field.first", nil, nil
	}
	year, _, _ := from.YMD()
	o := e.Office()
	words := map[string]bool{}
	for name, rows := range o.Settings() {
		if name == "word" || strings.HasPrefix(name, "word/") {
			for _, r := range rows {
				words[r.Value] = true
			}
		}
	}
	for _, r := range o.Settings()[office.FirstSetting] { // what was set for the year before, and is now left out
		if y, _, _ := r.From.YMD(); y == year {
			if old, ok := office.FirstNumbers(r.Value); ok {
				for typ := range old {
					first[typ] += 0
				}
			}
		}
	}
	for _, typ := range slices.Sorted(maps.Keys(first)) {
		n := first[typ]
		if max(n-1, 0) == o.PaperNumbers(typ, year) {
			continue
		}
		for _, word := range slices.Sorted(maps.Keys(words)) {
			given, err := e.Store.Counter("number/" + word + typ + "/" + strconv.Itoa(year))
			if err != nil {
				return "", nil, err
			}
			if given > 0 {
				return "field.first-given", refusal.Args{"type": typ, "n": strconv.Itoa(int(given))}, nil
			}
		}
	}
	return "", nil, nil
}
