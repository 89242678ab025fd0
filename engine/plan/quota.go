// Package plan holds the office to how often it must check whom: the quotas of the list as data, a superior's figures over
// them, what the cases themselves say is done, and the random selection of who is checked and by whom.
package plan

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"dossier/engine/calendar"
	"dossier/engine/office"
	"dossier/engine/procedure"
)

// Regime is one kind of supervision with its quotas. Everything that its checks are told by is named here: the procedure,
// the fact of a check, the values that name the object and the kind.
type Regime struct {
	office.Regime
	Group       string            `json:"on"` // by which the setting regimes names it
	Title       procedure.Label   `json:"title"`
	Law         string            `json:"law"`
	Superior    bool              `json:"superior"`    // the list lets a superior's figure win
	Of          []string          `json:"of"`          // kinds of the registry that are the population
	Staff       procedure.Actor   `json:"staff"`       // the post that checks
	Certificate bool              `json:"certificate"` // it needs an enforcement certificate
	Plans       []procedure.Actor `json:"plans"`       // the posts that plan: they draw and enter a superior's figures
	Fills       Fills             `json:"fills,omitempty"`
	Details     []Details         `json:"details,omitempty"`
	Feeds       *Feeds            `json:"feeds,omitempty"`
	Quotas      []Quota           `json:"quotas"`
}

// Fills says from which field of an object of the registry a field of a check's opening form is filled, where the two are
// not called the same.
type Fills map[procedure.FieldID]procedure.FieldID

// Details fill a check from a further object of the registry: the one of kind Of that is current on the check's day, the
// last that began, whose field Own holds what the checked object's field Same holds.
type Details struct {
	Of    string            `json:"of"`
	Own   procedure.FieldID `json:"own"`
	Same  procedure.FieldID `json:"same"`
	Fills Fills             `json:"fills"`
}

// Feeds says which table of another procedure tells a year's checks of one object, so that nobody copies them out: a row for
// each check on record, its columns from what the check's own papers say.
type Feeds struct {
	Workflow procedure.WorkflowID                    `json:"workflow"`
	Action   procedure.ActionID                      `json:"action"`
	Table    procedure.FieldID                       `json:"table"`
	Unit     []procedure.FieldID                     `json:"unit"` // the case's values that name the object
	Year     procedure.FieldID                       `json:"year"` // its value that says which year
	Day      procedure.FieldID                       `json:"day"`  // the column of the check's day
	Outcome  procedure.FieldID                       `json:"outcome"`
	Fills    map[procedure.FieldID]procedure.FieldID `json:"fills"` // column: the check's value
}

// Per is how long a quota's period is.
type Per string

// The periods.
const (
	Month   Per = "month"
	Quarter Per = "quarter"
	Half    Per = "half"
	Year    Per = "year"
)

// months of a period.
func (p Per) months() int { return map[Per]int{Month: 1, Quarter: 3, Half: 6, Year: 12}[p] }

// Quota is one row of the table: how many rounds a period, and what one round is.
//
// With Share or Each a round covers objects: so much of the population, each so often. With Objects it is one outing of a
// team on a day to so many objects. With neither it is one case.
type Quota struct {
	ID    string          `json:"id"` // within its regime
	Title procedure.Label `json:"title"`
	Per   Per             `json:"per"`
	By    string          `json:"by,omitempty"` // "03-31": the last day within the period's year, where it isn't the period's own
	Kinds []string        `json:"kinds"`        // of checks that count; none: all
	Whom  procedure.Label `json:"whom"`         // of whom, in words
	Figures
	Law []string `json:"law"`
	Why string   `json:"why,omitempty"`

	regime *Regime
	warn   []int
}

// Figures are what a superior may set otherwise.
type Figures struct {
	Times   int     `json:"times"`             // rounds a period, at least
	Objects int     `json:"objects,omitempty"` // objects an outing, at least
	Share   int     `json:"share,omitempty"`   // percent of the population a round, at least
	Strata  []Share `json:"strata,omitempty"`
	Each    int     `json:"each,omitempty"`    // checks of each object, at least
	Staff   int     `json:"staff,omitempty"`   // officers a check, at least; 0: two
	Ceiling int     `json:"ceiling,omitempty"` // visits of one object a year, at most; 0: as the setting says
}

// Share asks for a part of those objects that bear a mark.
type Share struct {
	Mark  string          `json:"mark"`
	Title procedure.Label `json:"title"`
	Share int             `json:"share"`
}

// Regime is whose quota it is.
func (q *Quota) Regime() *Regime { return q.regime }

// Name is the quota's own: "training-patrol".
func (q *Quota) Name() string { return q.regime.Name + "-" + q.ID }

// Quotas are the regimes as an office starts with them.
type Quotas struct {
	Warn       map[Per][]int      `json:"warn"`  // days before a period's end at which what is still short is told
	Fills      Fills              `json:"fills"` // of all regimes; a regime's own go before
	Sources    Sources            `json:"sources"`
	Paper      procedure.FormID   `json:"paper"`      // the form that tells the result of a draw
	Complaints []Complaint        `json:"complaints"` // a case that says so is one
	Penalties  []procedure.FormID `json:"penalties"`  // documents by which somebody is punished
	Approve    []procedure.Actor  `json:"approve"`    // the posts that approve the checks of a plan
	Regimes    []Regime           `json:"regimes"`
}

// Sources are the values of a check's source by which it says that a plan made it.
type Sources struct {
	Choice string `json:"choice"` // its object was chosen
	Draw   string `json:"draw"`   // its object was drawn
}

// Complaint is how a case says that it is a complaint: one of these values of a field.
type Complaint struct {
	Field  procedure.FieldID `json:"field"`
	Values []string          `json:"values"`
}

var (
	quotaID = regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`)
	dayOf   = regexp.MustCompile(`^(\d{2})-(\d{2})$`)
)

// Read reads the quotas' file. A row that can't be is an error that names it: "training-patrol: …: what to do".
func Read(data []byte) (*Quotas, error) {
	var qs Quotas
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&qs); err != nil {
		return nil, fmt.Errorf("quotas: %w: correct the file", err)
	}
	seen := map[string]bool{}
	for i := range qs.Regimes {
		r := &qs.Regimes[i]
		if !quotaID.MatchString(r.Name) || r.Group == "" || r.Title.ZH == "" || r.Law == "" || len(r.Plans) == 0 || r.Staff == "" {
			return nil, fmt.Errorf("quotas: regime %d (%s): it lacks a name, a title, a law or posts: give them", i+1, r.Name)
		}
		for j := range r.Quotas {
			q := &r.Quotas[j]
			q.regime, q.warn = r, qs.Warn[q.Per]
			switch why := q.fault(); {
			case why != "":
				return nil, fmt.Errorf("quotas: %s: %s", q.Name(), why)
			case seen[q.Name()]:
				return nil, fmt.Errorf("quotas: %s stands there twice: strike one", q.Name())
			}
			seen[q.Name()] = true
		}
	}
	return &qs, nil
}

// fault says what can't be, "" when nothing.
func (q *Quota) fault() string {
	switch path, _ := q.Figures.fault(); {
	case !quotaID.MatchString(q.ID) || q.Title.ZH == "" || q.Whom.ZH == "" || len(q.Law) == 0:
		return "it lacks an id, a title, whom it is of, or a law: give them"
	case q.Per.months() == 0:
		return fmt.Sprintf("per %q is no period: use month, quarter, half or year", q.Per)
	case q.By != "" && (q.Per != Year || !dayOf.MatchString(q.By)):
		return fmt.Sprintf("by %q: use a day of a year's quota, as 03-31", q.By)
	case len(q.warn) == 0:
		return "no threshold warns of its end: give warn for " + string(q.Per)
	case path != "":
		return path + " can't be: correct it"
	}
	return ""
}

// fault names the figure that can't be, and why (a key of engine/text).
func (f Figures) fault() (path, why string) {
	percent := func(n int) bool { return n >= 0 && n <= 100 }
	count := func(n int) bool { return n >= 0 && n <= 1000 }
	switch {
	case f.Times < 1 || !count(f.Times):
		return "times", "field.plan-times"
	case !percent(f.Share):
		return "share", "field.plan-share"
	case !count(f.Objects):
		return "objects", "field.plan-times"
	case !count(f.Each):
		return "each", "field.plan-times"
	case f.Staff != 0 && (f.Staff < 2 || f.Staff > 9):
		return "staff", "field.plan-staff"
	case !count(f.Ceiling):
		return "ceiling", "field.plan-times"
	}
	for _, s := range f.Strata {
		if s.Mark == "" || !percent(s.Share) {
			return "strata." + s.Mark, "field.plan-share"
		}
	}
	return "", ""
}

// Period is one period of a quota, both days included. Year is the year in which it lies.
type Period struct {
	Name       string // "2026", "2026-H2", "2026-Q4", "2026-11"
	Start, End calendar.Date
	Year       int
}

// At is the quota's period in which a day lies; of one that ends early in its year, the year's.
func (q *Quota) At(day calendar.Date) Period {
	y, m, _ := day.YMD()
	return q.period(y, (m-1)/q.Per.months())
}

// Next is the period after another.
func (q *Quota) Next(p Period) Period {
	_, m, _ := p.Start.YMD()
	if n := (m-1)/q.Per.months() + 1; n < 12/q.Per.months() {
		return q.period(p.Year, n)
	}
	return q.period(p.Year+1, 0)
}

// Of are the quota's periods in a year.
func (q *Quota) Of(year int) []Period {
	var ps []Period
	for n := range 12 / q.Per.months() {
		ps = append(ps, q.period(year, n))
	}
	return ps
}

func (q *Quota) period(y, n int) Period {
	m := q.Per.months()
	p := Period{Name: strconv.Itoa(y), Start: calendar.Of(y, n*m+1, 1), Year: y}
	if n*m+m < 12 {
		p.End = calendar.Of(y, n*m+m+1, 1).Add(-1)
	} else {
		p.End = calendar.Of(y, 12, 31)
	}
	switch q.Per {
	case Month:
		p.Name += fmt.Sprintf("-%02d", n+1)
	case Quarter:
		p.Name += fmt.Sprintf("-Q%d", n+1)
	case Half:
		p.Name += fmt.Sprintf("-H%d", n+1)
	}
	if by := dayOf.FindStringSubmatch(q.By); by != nil {
		month, _ := strconv.Atoi(by[1])
		day, _ := strconv.Atoi(by[2])
		p.End = calendar.Of(y, month, day)
	}
	return p
}

// Entry is one quota in one period: what a plan is. Its ID is the name of both: "training-special-2026".
type Entry struct {
	Quota  *Quota
	Period Period
}

// ID is how the entry is named in addresses and commands.
func (e Entry) ID() string { return e.Quota.Name() + "-" + e.Period.Name }

// Find finds an entry by its ID, or a quota's present one by the quota's name; false when there is none.
func (qs *Quotas) Find(id string, today calendar.Date) (Entry, bool) {
	for i := range qs.Regimes {
		for j := range qs.Regimes[i].Quotas {
			q := &qs.Regimes[i].Quotas[j]
			rest, ok := strings.CutPrefix(id, q.Name())
			if !ok {
				continue
			}
			if rest == "" {
				return Entry{q, q.At(today)}, true
			}
			year, err := strconv.Atoi(rest[1:min(len(rest), 5)])
			if rest[0] != '-' || err != nil || year < 1950 || year > 2200 {
				continue
			}
			for _, p := range q.Of(year) {
				if "-"+p.Name == rest {
					return Entry{q, p}, true
				}
			}
		}
	}
	return Entry{}, false
}

// Told are by what the checks of each regime are told, as an engine indexes them.
func (qs *Quotas) Told() []office.Regime {
	out := make([]office.Regime, len(qs.Regimes))
	for i := range qs.Regimes {
		out[i] = qs.Regimes[i].Regime
	}
	return out
}

// All are the quotas of the regimes, in the list's order.
func (qs *Quotas) All() []*Quota {
	var all []*Quota
	for i := range qs.Regimes {
		for j := range qs.Regimes[i].Quotas {
			all = append(all, &qs.Regimes[i].Quotas[j])
		}
	}
	return all
}

// RoundUp is a share of n, rounded up: 30 % of 7 is 3.
func RoundUp(percent, n int) int { return (percent*n + 99) / 100 }

func contains[T comparable](among []T, x T) bool { return len(among) == 0 || slices.Contains(among, x) }
