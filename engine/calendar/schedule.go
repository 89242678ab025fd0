package calendar

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"dossier/engine/text"
)

// Schedule is the State Council's arrangement of one year's holidays.
type Schedule struct {
	Year      int       `json:"year"`
	Published bool      `json:"published"` // false: known to be missing; nothing is counted by it
	Notice    string    `json:"notice"`    // the notice's number, 国办发明电〔2024〕12号; "" when not known
	Source    string    `json:"source"`    // where the notice can be read
	Off       []Holiday `json:"off"`
	Work      []Date    `json:"work"`                      // Saturdays and Sundays that are worked (调休上班)
	Floor     []Date    `json:"statutory_floor,omitempty"` // of a year not published: holidays by law alone (放假办法 art 2); shown, not counted by
}

// Holiday is one holiday's days off.
type Holiday struct {
	Name  string `json:"name"`
	Dates []Date `json:"dates"`
}

// clone is a copy that shares nothing with s, its days in order.
func (s Schedule) clone() Schedule {
	off := make([]Holiday, len(s.Off))
	for i, h := range s.Off {
		off[i] = Holiday{Name: h.Name, Dates: slices.Sorted(slices.Values(h.Dates))}
	}
	slices.SortStableFunc(off, func(a, b Holiday) int { return slices.Compare(a.Dates, b.Dates) })
	s.Off = off
	s.Work = append([]Date{}, slices.Sorted(slices.Values(s.Work))...)
	s.Floor = slices.Sorted(slices.Values(s.Floor))
	return s
}

// ParseSchedule reads a year's schedule from JSON:
//
//	{"year": 2026, "published": true, "notice": "…", "source": "https://…",
//	 "off": [{"name": "元旦", "dates": ["2026-01-01", "2026-01-02"]}], "work": ["2026-01-04"]}
//
// A date lies in the year, or in the December before or the January after it. The error is [text.Faults], naming every fault.
func ParseSchedule(file string, data []byte) (Schedule, error) {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")) // the mark that some editors put before a text
	r := &scheduleReader{file: file, data: data, listed: map[Date]string{}}
	root := r.parse()
	if root != nil {
		r.schedule(root)
	}
	if err := r.faults.Err(); err != nil {
		return Schedule{}, err
	}
	return r.result.clone(), nil
}

// scheduleReader reads one file and collects its faults.
type scheduleReader struct {
	file   string
	data   []byte
	faults text.Faults
	result Schedule
	listed map[Date]string // the days seen, by the list that named them first
}

func (r *scheduleReader) fault(offset int, message, hint text.Words) {
	line, col := position(r.data, offset)
	r.faults = append(r.faults, text.Fault{File: r.file, Line: line, Col: col, Message: message, Hint: hint})
}

// schedule reads the whole file's object.
func (r *scheduleReader) schedule(root *node) {
	fields := r.fields(root, "year", "published", "notice", "source", "off", "work", "statutory_floor")
	if fields == nil {
		return
	}
	s := &r.result
	s.Year = r.year(root, fields["year"])
	if n := fields["published"]; n == nil {
		r.fault(root.offset, "no published", "say true once the State Council's notice is out, else false")
	} else if s.Published, _ = n.value.(bool); n.kind != "a truth value" {
		r.fault(n.offset, text.Say("published is %s", text.Words(n.kind)), "write true or false")
	}
	s.Notice = r.text(fields["notice"], "notice")
	s.Source = r.text(fields["source"], "source")
	for _, item := range r.list(fields["off"], "off") {
		s.Off = append(s.Off, r.holiday(item))
	}
	s.Work = r.dates(fields["work"], "work")
	s.Floor = r.dates(fields["statutory_floor"], "statutory_floor")
	switch off, work, floor := fields["off"], fields["work"], fields["statutory_floor"]; {
	case s.Published && len(s.Off) == 0:
		r.fault(root.offset, "a published schedule without holidays", "list them under off, or say published: false")
	case s.Published && floor != nil:
		r.fault(floor.offset, "statutory_floor in a published schedule", "list the notice's days under off and work")
	case !s.Published && len(s.Off) > 0:
		r.fault(off.offset, "days off in a year that is not published", "say published: true, or take them out")
	case !s.Published && len(s.Work) > 0:
		r.fault(work.offset, "working days in a year that is not published", "say published: true, or take them out")
	}
}

func (r *scheduleReader) year(root, n *node) int {
	if n == nil {
		r.fault(root.offset, "no year", `say which, as "year": 2026`)
		return 0
	}
	number, _ := n.value.(json.Number)
	year, err := strconv.Atoi(number.String())
	if err != nil || year < 1950 || year > 2199 {
		r.fault(n.offset, "year is not one from 1950 to 2199", "write it as a number, as 2026")
		return 0
	}
	return year
}

func (r *scheduleReader) text(n *node, name string) string {
	if n == nil {
		return ""
	}
	s, ok := n.value.(string)
	if !ok {
		r.fault(n.offset, text.Say("%s is %s", name, text.Words(n.kind)), "write it in quotes")
	}
	return s
}

// holiday reads {"name": …, "dates": […]}.
func (r *scheduleReader) holiday(n *node) Holiday {
	fields := r.fields(n, "name", "dates")
	if fields == nil {
		return Holiday{}
	}
	h := Holiday{Name: strings.TrimSpace(r.text(fields["name"], "name")), Dates: r.dates(fields["dates"], "off")}
	if h.Name == "" {
		r.fault(n.offset, "a holiday without a name", `name it, as "name": "春节"`)
	}
	if dates := fields["dates"]; dates == nil || dates.kind == "a list" && len(dates.list) == 0 {
		r.fault(n.offset, "a holiday without days", `list them, as "dates": ["2026-01-01"]`)
	}
	return h
}

// dates reads a list of days and holds each against the year and the other lists; name is off, work or statutory_floor.
func (r *scheduleReader) dates(n *node, name string) []Date {
	var dates []Date
	for _, item := range r.list(n, name) {
		s, ok := item.value.(string)
		if !ok {
			r.fault(item.offset, text.Say("a date that is %s", text.Words(item.kind)), "write it in quotes, as \"2026-01-05\"")
			continue
		}
		d, err := Parse(s)
		if err != nil {
			r.fault(item.offset, text.Say("%q is not a date", s), "write it as 2026-01-05, a day that the calendar has")
			continue
		}
		year, month, _ := d.YMD()
		if y := r.result.Year; y != 0 && year != y && (year != y-1 || month != 12) && (year != y+1 || month != 1) {
			r.fault(item.offset, text.Say("%s in the schedule of %s", d, y), "correct the date, or put it into its own year's file")
		}
		switch before, seen := r.listed[d]; {
		case seen && before == name:
			r.fault(item.offset, text.Say("%s twice under %s", d, name), "take one out")
		case seen:
			r.fault(item.offset, text.Say("%s under %s and under %s", d, before, name), "leave it where the notice has it")
		default:
			r.listed[d] = name
		}
		if day := d.Weekday(); name == "work" && day != time.Saturday && day != time.Sunday {
			r.fault(item.offset, text.Say("%s is a %s, which is worked anyway", d, text.Words(day.String())), "list only Saturdays and Sundays under work")
		}
		dates = append(dates, d)
	}
	return dates
}

func (r *scheduleReader) list(n *node, name string) []*node {
	if n == nil {
		return nil
	}
	if n.kind != "a list" {
		r.fault(n.offset, text.Say("%s is %s", name, text.Words(n.kind)), "write a list in [ ]")
	}
	return n.list
}

// fields are the object's values by key; nil, with a fault, when n is no object. A key that is unknown or stands
// twice is a fault.
func (r *scheduleReader) fields(n *node, allowed ...string) map[string]*node {
	if n.kind != "an object" {
		r.fault(n.offset, text.Say("here stands %s", text.Words(n.kind)), text.Say("write an object { } with the keys %s", strings.Join(allowed, ", ")))
		return nil
	}
	fields := map[string]*node{}
	for _, f := range n.fields {
		switch {
		case !slices.Contains(allowed, f.key):
			r.fault(f.offset, text.Say("unknown key %q", f.key), text.Say("the keys are %s", strings.Join(allowed, ", ")))
		case fields[f.key] != nil:
			r.fault(f.offset, text.Say("key %q twice", f.key), "take one out")
		default:
			fields[f.key] = f.value
		}
	}
	return fields
}
