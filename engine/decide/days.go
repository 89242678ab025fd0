package decide

import (
	"slices"
	"strconv"

	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
	"dossier/engine/rules"
)

func tooEarly(s *rules.View, cause casefile.Day) refusal.FieldFault {
	title := string(cause.Fact)
	if f := s.Edition.Def.Fact(cause.Fact); f != nil {
		title = f.Title.ZH
	}
	return refusal.FieldFault{Path: "fact", Code: refusal.FactBeforeCause, Why: "fact-before-cause",
		Args: refusal.Args{"day": s.Day.String(), "cause": title, "limit": cause.Day.String()}}
}

func tooLate(s *rules.View, day calendar.Date, later casefile.Day) refusal.FieldFault {
	return refusal.FieldFault{Path: "day", Code: refusal.FactBeforeCause, Why: "fact-after-what-followed",
		Args: refusal.Args{"day": day.String(), "later": s.Edition.Def.Fact(later.Fact).Title.ZH, "limit": happened(later).String()}}
}

// happened is the day on which a fact was recorded to have happened, before any shift.
func happened(d casefile.Day) calendar.Date {
	if d.Raw != 0 {
		return d.Raw
	}
	return d.Day
}

// outrun is the first setting that would come before its cause if the corrected days were as they are to be: of the fact by
// which a case is opened each is the consequence.
func outrun(s *rules.View, fixes []casefile.DayFix) (casefile.Day, bool) {
	open, _ := s.Opening()
	for _, d := range s.Case.Days {
		f := s.Edition.Def.Fact(d.Fact)
		if f == nil || d.Void != 0 || slices.ContainsFunc(fixes, func(x casefile.DayFix) bool { return x.Fact == d.Fact && x.Key == d.Key && x.Seq == d.Seq }) {
			continue
		}
		for _, x := range fixes {
			if (f.After == x.Fact || open.Fact == x.Fact) && x.Seq <= d.Seq && x.Day > happened(d) && alike(x.Key, d.Key) {
				return d, true
			}
		}
	}
	return casefile.Day{}, false
}

// alike tells whether two settings are about the same: neither names another document, respondent or walk than the other.
func alike(a, b string) bool {
	x, y := casefile.ParseKey(a), casefile.ParseKey(b)
	same := func(a, b string) bool { return a == "" || b == "" || a == b }
	return same(x.Doc, y.Doc) && same(x.Respondent, y.Respondent) && same(x.Walk, y.Walk)
}

// served is the document, latest issued, that a fact of this action serves: one that it names, or one of the forms that it
// would issue if none waited.
func served(s *rules.View, a *procedure.Action, f *procedure.Fact) (last casefile.Issued, ok bool) {
	var forms []procedure.FormID
	for _, o := range a.Forms {
		if o.When != nil && o.When.Is != nil && o.When.Is.Name == "to-issue" && procedure.FactID(o.When.Is.Arg.Named["fact"].Text) == f.ID {
			forms = append(forms, o.Value.Form)
		}
	}
	named := map[string]bool{}
	if slices.Contains(f.Per, "document") {
		for _, n := range s.Values["document"].Strings() {
			named[n] = true
		}
	}
	for _, d := range s.Case.Issued {
		if (named[strconv.Itoa(d.N)] || slices.Contains(forms, d.Form)) && s.InForce(d) && d.Day >= last.Day {
			last, ok = d, s.Edition.Forms[d.Form] != nil
		}
	}
	return last, ok
}

// SetDay adds the settings of one fact to the event, for each document and respondent that the values name.
func SetDay(s *rules.View, ev *casefile.Event, sp Spot, id procedure.FactID, parties []string) []refusal.FieldFault {
	f := s.Edition.Def.Fact(id)
	if f == nil {
		return nil
	}
	var faults []refusal.FieldFault
	if f.After != "" {
		if cause, ok := s.Latest(f.After); ok && s.Day < cause.Day {
			faults = append(faults, tooEarly(s, cause))
		}
	}
	if open, ok := s.Opening(); ok && len(faults) == 0 && s.Day < open.Day && open.Fact != id {
		faults = append(faults, tooEarly(s, open))
	}
	if d, ok := served(s, sp.Action, f); ok && len(faults) == 0 && s.Day < d.Day {
		faults = append(faults, refusal.FieldFault{Path: "fact", Code: refusal.FactBeforeCause, Why: "fact-before-paper",
			Args: refusal.Args{"day": s.Day.String(), "form": s.Edition.Forms[d.Form].Title.ZH, "number": d.Number, "limit": d.Day.String()}})
	}
	if f.Workday {
		if work, _ := s.Office.Calendar.Workday(s.Day); !work {
			faults = append(faults, refusal.FieldFault{Path: "fact", Code: refusal.FieldInvalid, Why: "field.workday", Args: refusal.Args{"day": s.Day.String(), "next": s.Office.Calendar.Next(s.Day).String()}})
		}
	}
	day, raw := s.Day, calendar.Date(0)
	if p, ok := f.Shift.Of(s.Values); ok {
		raw = day
		day, _, _ = s.Office.Calendar.Add(day, p)
	}
	keys := []casefile.Key{{}}
	if sp.Def.Repeats {
		keys[0].Walk = string(sp.ID)
	}
	for _, per := range f.Per {
		var names []string
		switch per {
		case "document":
			names = s.Values["document"].Strings()
			if _, asked := s.Values["document"]; !asked { // the documents that this very action issues
				for _, d := range ev.Issued {
					names = append(names, strconv.Itoa(d.N))
				}
			}
		case "respondent":
			names = s.Values["respondent"].Strings()
			if len(parties) > 0 {
				if names = slices.DeleteFunc(slices.Clone(names), func(n string) bool { return !slices.Contains(parties, n) }); len(names) == 0 {
					names = parties
				}
			}
		default:
			names = s.Values[procedure.Ref(per).Field].Strings()
		}
		if len(names) == 0 {
			continue
		}
		var more []casefile.Key
		for _, k := range keys {
			for _, n := range names {
				k := k
				if per == "document" {
					k.Doc = n
				} else {
					k.Respondent = n
				}
				more = append(more, k)
			}
		}
		keys = more
	}
	if len(parties) > 0 && !slices.Contains(f.Per, "respondent") && keys[0].Walk == "" { // set for some of them alone
		var more []casefile.Key
		for _, k := range keys {
			for _, p := range parties {
				k.Respondent = p
				more = append(more, k)
			}
		}
		keys = more
	}
	for _, k := range keys {
		if !s.Addressed(k) {
			continue
		}
		ev.Days = append(ev.Days, casefile.DaySet{Fact: id, Key: k.String(), Day: day, Raw: raw})
	}
	return faults
}

// setDays sets the facts that the action sets: for all, or for those respondents alone for whom it sets them.
func setDays(s *rules.View, ev *casefile.Event, sp Spot) []refusal.FieldFault {
	var faults []refusal.FieldFault
	if !s.Several() {
		fs, _ := rules.Choose(s, sp.Action.Fact)
		for _, id := range fs {
			faults = append(faults, SetDay(s, ev, sp, id, nil)...)
		}
		return faults
	}
	all := casefile.Parties(s.Edition.Def, s.Case)
	parties := s.Acting
	if parties == nil {
		parties = all
	}
	var ids []procedure.FactID
	sets := map[procedure.FactID][]string{}
	for _, p := range parties {
		fs, _ := rules.Choose(s.Of(p), sp.Action.Fact)
		for _, id := range fs {
			if sets[id] == nil {
				ids = append(ids, id)
			}
			sets[id] = append(sets[id], p)
		}
	}
	for _, id := range ids {
		who := sets[id]
		if len(who) == len(all) {
			who = nil
		}
		faults = append(faults, SetDay(s, ev, sp, id, who)...)
	}
	left := slices.DeleteFunc(slices.Clone(parties), func(p string) bool { // of whom the record would say nothing
		return !slices.ContainsFunc(ids, func(id procedure.FactID) bool { return slices.Contains(sets[id], p) }) ||
			slices.ContainsFunc(ev.Days, func(d casefile.DaySet) bool {
				who := casefile.ParseKey(d.Key).Respondent
				return who == "" || who == p || s.Acting == nil // before each walks alone the values name them
			})
	})
	if len(left) > 0 { // each key was of another's document
		faults = append(faults, refusal.FieldFault{Path: "document", Code: refusal.FieldInvalid, Why: "field.document-other",
			Args: refusal.Args{"respondent": rules.JoinWords(left)}})
	}
	return faults
}
