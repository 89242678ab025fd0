package engine

import (
	"dossier/engine/calendar"
	"strconv"
)

// opening is the day of the case's first fact: nothing of the case happened before it.
func (s *scope) opening() (Day, bool) {
	for _, fs := range s.ed.Def.Open.Fact.Values() {
		for _, id := range fs {
			if d, ok := s.latest(id); ok {
				return d, true
			}
		}
	}
	return Day{}, false
}

func (s *scope) tooEarly(cause Day) FieldFault {
	title := string(cause.Fact)
	if f := s.ed.Def.Fact(cause.Fact); f != nil {
		title = f.Title.ZH
	}
	return FieldFault{"day", FactBeforeCause, "fact-before-cause",
		Args{"day": s.day.String(), "cause": title, "limit": cause.Day.String()}}
}

// setDay adds the settings of one fact to the event, for each document and respondent that the values name.
func (s *scope) setDay(ev *Event, sp spot, id FactID) []FieldFault {
	f := s.ed.Def.Fact(id)
	if f == nil {
		return nil
	}
	var faults []FieldFault
	if f.After != "" {
		if cause, ok := s.latest(f.After); ok && s.day < cause.Day {
			faults = append(faults, s.tooEarly(cause))
		}
	}
	if open, ok := s.opening(); ok && len(faults) == 0 && s.day < open.Day && open.Fact != id {
		faults = append(faults, s.tooEarly(open))
	}
	if f.Workday {
		if work, _ := s.office.Calendar.Workday(s.day); !work {
			faults = append(faults, FieldFault{"day", FieldInvalid, "field.workday", Args{"day": s.day.String(), "next": s.office.Calendar.Next(s.day).String()}})
		}
	}
	day, raw := s.day, calendar.Date(0)
	if f.Shift != nil {
		v, _ := s.values[f.Shift.Field]
		if p, ok := f.Shift.Periods[v.Text]; ok {
			raw = day
			day, _, _ = s.office.Calendar.Add(day, p)
		}
	}
	keys := []key{{}}
	if sp.def.Repeats {
		keys[0].walk = string(sp.id)
	}
	for _, per := range f.Per {
		var names []string
		switch per {
		case "document":
			names = s.values["document"].Strings()
			if _, asked := s.values["document"]; !asked { // the documents that this very action issues
				for _, d := range ev.Issued {
					names = append(names, strconv.Itoa(d.N))
				}
			}
		case "respondent":
			names = s.values["respondent"].Strings()
		default:
			_, field, _ := cut(per)
			names = s.values[field].Strings()
		}
		if len(names) == 0 {
			continue
		}
		var more []key
		for _, k := range keys {
			for _, n := range names {
				k := k
				if per == "document" {
					k.doc = n
				} else {
					k.respondent = n
				}
				more = append(more, k)
			}
		}
		keys = more
	}
	for _, k := range keys {
		if !s.addressed(k) {
			continue
		}
		ev.Days = append(ev.Days, DaySet{Fact: id, Key: k.String(), Day: day, Raw: raw})
	}
	return faults
}
