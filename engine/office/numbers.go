package office

import (
	"regexp"
	"strconv"
	"strings"

	"dossier/engine/text"
)

// FirstSetting is the setting by which numbering goes on from paper in the year in which an office begins: "立 38、罚 7"
// says that the first case number of that year is 38, for 1 to 37 were given on paper. It counts in the year of its day only.
const FirstSetting = "first"

var firstPair = regexp.MustCompile(`^(\p{Han}+)\s*[:：]?\s*([1-9]\d{0,5})$`)

// FirstNumbers reads the setting: the first number of each type; false when it can't be read.
func FirstNumbers(value string) (map[string]int, bool) {
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

// PaperNumbers is how many numbers of a type were given on paper in a year, before those that are given here.
func (o *Office) PaperNumbers(typ string, year int) int {
	n := 0
	for _, r := range o.Settings()[FirstSetting] {
		if y, _, _ := r.From.YMD(); y == year {
			if first, ok := FirstNumbers(r.Value); ok && first[typ] > 0 {
				n = first[typ] - 1
			}
		}
	}
	return n
}

// Lots are the tickets that an object of a grade has in a draw.
type Lots struct {
	Grade   string
	Tickets int
}

// ReadLots reads a setting of the kind: "C 2、D 4", in its order; false when it can't be read.
func ReadLots(value string) ([]Lots, bool) {
	var out []Lots
	words := text.Listed(value)
	for i := 0; i < len(words); i += 2 {
		if i+1 == len(words) {
			return nil, false
		}
		n, err := strconv.Atoi(words[i+1])
		if err != nil || n < 1 {
			return nil, false
		}
		out = append(out, Lots{Grade: words[i], Tickets: n})
	}
	return out, true
}
