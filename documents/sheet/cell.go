package sheet

import (
	"math"
	"regexp"
	"strconv"
	"strings"

	"dossier/engine/calendar"
	"dossier/engine/procedure"
	"dossier/engine/typed"
)

// tidy is a text without what is not seen and without space around it; its lines stay.
func tidy(s string) string {
	out, bad := typed.Clean(strings.ReplaceAll(s, "_x000D_", ""), true)
	if bad != nil {
		return strings.TrimSpace(s)
	}
	return strings.Trim(out, "\u3000 \n")
}

// number reads a cell that is kept as a number.
func (c Cell) number() (float64, bool) {
	if c.Raw == "" || strings.Trim(c.Raw, "0123456789.eE+-") != "" {
		return 0, false
	}
	n, err := strconv.ParseFloat(c.Raw, 64)
	return n, err == nil && !math.IsInf(n, 0) && !math.IsNaN(n)
}

// dated tells whether a shown text looks like a day or an hour.
var dated = regexp.MustCompile(`\d\s*[-/年月日:]`)

// text is what stands in the cell: a number in full, a day as it is shown.
func (c Cell) text() string {
	n, ok := c.number()
	if !ok || c.Raw == c.Shown {
		return c.Raw
	}
	if dated.MatchString(c.Shown) && !strings.ContainsAny(c.Raw, "-/:") {
		return c.Shown
	}
	if strings.ContainsAny(c.Raw, "eE") {
		return strconv.FormatFloat(n, 'f', -1, 64)
	}
	return c.Raw
}

// failed tells whether the cell is a formula that came to nothing.
func (c Cell) failed() bool {
	switch c.Raw {
	case "#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!":
		return true
	}
	return false
}

// hour is what a spreadsheet writes behind a day that was formatted with its hour.
var hour = regexp.MustCompile(`[ T]+\d{1,2}:\d{2}(?::\d{2})?(?:\.0+)?$`)

// dayOf reads a day as people write it.
func dayOf(s string) (calendar.Date, bool) {
	d, bad := typed.Day(hour.ReplaceAllString(tidy(s), ""))
	return d, bad == nil
}

// firstDay is day 0 of most spreadsheets: 1 March 1900 is their 61, for they take 1900 for a leap year.
var firstDay = calendar.Of(1899, 12, 30)

// day reads a cell that means a day, as text or as the spreadsheet counts days; since is the year it counts from.
func (c Cell) day(since int) (calendar.Date, bool) {
	if d, ok := dayOf(c.Raw); ok {
		return d, true
	}
	if n, ok := c.number(); ok {
		first := firstDay
		if since == 1904 {
			first = calendar.Of(1904, 1, 1)
		}
		if n < 61 || n > 1_000_000 {
			return 0, false
		}
		d := first.Add(int(n))
		return d, d != 0
	}
	return dayOf(c.Shown)
}

// value is the text of a cell as a field of that type takes it. Why names the message of a fault that only a spreadsheet
// has; what is wrong with the text itself the engine tells.
func (c Cell) value(t procedure.FieldType, since int) (text, why string) {
	if c.failed() {
		return c.Raw, "sheet.formula"
	}
	switch t {
	case procedure.DateType:
		if d, ok := c.day(since); ok {
			return d.String(), ""
		}
		return c.text(), ""
	case procedure.Money, procedure.Number:
		s := c.text()
		if n, err := strconv.ParseFloat(s, 64); err == nil && c.Raw != c.Shown && math.Abs(n) < 1e12 {
			s = rounded(n, s) // a sum of a formula may carry a trace of binary
		}
		return s, ""
	case procedure.IDNumber, procedure.CreditCode, procedure.Phone:
		if c.lost() {
			return c.text(), "sheet.lost"
		}
		return c.text(), ""
	}
	return c.text(), ""
}

// lost tells whether a long number was kept as one, so that its digits after the fifteenth are gone.
func (c Cell) lost() bool {
	n, ok := c.number()
	if !ok || math.Abs(n) < 1e15 {
		return false
	}
	_, bad := typed.IDNumber(c.Raw, 0)
	return strings.ContainsAny(c.Raw, "eE.") || strings.HasSuffix(c.Raw, "000") && bad != nil
}

// rounded takes the trace of binary off a number: 18600.000000000004 is 18600.
func rounded(n float64, s string) string {
	if _, after, ok := strings.Cut(s, "."); !ok || len(after) <= 6 {
		return s
	}
	return strconv.FormatFloat(math.Round(n*1e6)/1e6, 'f', -1, 64)
}

// listed parts a cell that names several things: by 、 , ; or a new line.
func listed(s string) []string {
	var out []string
	for _, x := range strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune("、,，;；\n", r) }) {
		if x = tidy(x); x != "" {
			out = append(out, x)
		}
	}
	return out
}

// Day reads a day as people write it.
func Day(s string) (calendar.Date, bool) { return dayOf(s) }

// Listed parts a text that names several things.
func Listed(s string) []string { return listed(s) }
