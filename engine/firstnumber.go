package engine

import (
	"regexp"
	"strconv"
	"strings"

	"dossier/engine/calendar"
)

// firstSetting is the setting by which numbering goes on from paper in the year in which an office begins: "立 38、罚 7"
// says that the first case number of that year is 38, for 1 to 37 were given on paper. It counts in the year of its day only.
const firstSetting = "first"

var firstPair = regexp.MustCompile(`^(\p{Han}+)\s*[:：]?\s*([1-9]\d{0,5})$`)

// firstNumbers reads the setting: the first number of each type; false when it can't be read.
func firstNumbers(value string) (map[string]int, bool) {
	first := map[string]int{}
	for _, x := range strings.FieldsFunc(value, func(r rune) bool { return strings.ContainsRune("、,，;；\n", r) }) {
		m := firstPair.FindStringSubmatch(strings.TrimSpace(x))
		if m == nil {
			return nil, false
		}
		n, err := strconv.Atoi(m[2])
		if _, twice := first[m[1]]; err != nil || twice {
			return nil, false
		}
		first[m[1]] = n
	}
	return first, true
}

// paperNumbers is how many numbers of a type were given on paper in a year, before those that are given here.
func (o *Office) paperNumbers(typ string, year int) int {
	n := 0
	for _, r := range o.Settings()[firstSetting] {
		if y, _, _ := r.From.YMD(); y == year {
			if first, ok := firstNumbers(r.Value); ok && first[typ] > 0 {
				n = first[typ] - 1
			}
		}
	}
	return n
}

// firstFault tells what is wrong with a value of the setting from a day on: what can't be read, and types that have been
// numbered here this year, for their numbers would leave a gap or come twice.
func (e *Engine) firstFault(from calendar.Date, value string) (why string, args Args, err error) {
	first, ok := firstNumbers(value)
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
	for _, r := range o.Settings()[firstSetting] { // what was set for the year before, and is now left out
		if y, _, _ := r.From.YMD(); y == year {
			if old, ok := firstNumbers(r.Value); ok {
				for typ := range old {
					first[typ] += 0
				}
			}
		}
	}
	for typ, n := range first {
		if max(n-1, 0) == o.paperNumbers(typ, year) {
			continue
		}
		for word := range words {
			given, err := e.Store.Counter("number/" + word + typ + "/" + strconv.Itoa(year))
			if err != nil {
				return "", nil, err
			}
			if given > 0 {
				return "field.first-given", Args{"type": typ, "n": strconv.Itoa(int(given))}, nil
			}
		}
	}
	return "", nil, nil
}
