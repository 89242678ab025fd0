package procedure

import "regexp"

// How values are kept.
var (
	MoneyPattern = regexp.MustCompile(`^(0|[1-9]\d{0,12})\.\d{2}$`)
	WholePattern = regexp.MustCompile(`^(0|-?[1-9]\d{0,14})$`)
	ClockPattern = regexp.MustCompile(`^([01]\d|2[0-3]):[0-5]\d$`)
)
