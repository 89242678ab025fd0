package alert

import (
	"cmp"
	"strings"

	"dossier/engine"
	"dossier/engine/calendar"
	"dossier/engine/listing"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/text"
)

// NudgeClock is what the ledger calls a nudge (催办), which no clock brought.
const NudgeClock procedure.ClockID = "nudge"

// Words say tellings in one language, with the names that the office and its procedures have.
type Words struct {
	Lang   text.Lang
	Engine *engine.Engine
}

// Sentence says what was told, as it stood at that moment.
func (w Words) Sentence(t Told) string { return w.sentence(t, dateOf(t.At)) }

// sentence says it as it stands on a day: a message may leave on a later day than it was told.
func (w Words) sentence(t Told, at calendar.Date) string {
	o := w.Engine.Office()
	cal := o.Calendar
	args := text.Args{"number": t.Number, "clock": speaker(t.Title), "due": w.day(t, at)}
	key := "alert.before"
	switch {
	case t.Clock == NudgeClock:
		key = "alert.nudge"
		args["by"] = o.Name(t.By)
	case t.Clock == TokenClock, t.Clock == LinkClock:
		key = "alert." + string(t.Clock)
		args["by"] = cmp.Or(o.Name(t.By), text.T(w.Lang, "alert.operator"))
	case t.Clock == listing.QuotaClock && t.Due < at:
		key = "alert.quota-missed"
	case t.Clock == listing.QuotaClock:
		key = "alert.quota"
	case strings.HasPrefix(string(t.Clock), "finding-"):
		key = "alert.finding"
	case t.Kind == procedure.Window:
		key = "alert.window"
	case t.Kind == procedure.Party && t.Due < at:
		key = "alert.default"
		args["n"] = cal.Count(t.Due, at)
	case t.Due < at && (t.Kind == procedure.Warning || t.Kind == procedure.Target):
		key = "alert.passed"
	case t.Due < at:
		key = "alert.late"
		args["n"] = cal.Count(t.Due, at)
	case t.Due == at:
		key = "alert.today"
	default:
		args["n"] = cal.Count(at, t.Due)
	}
	s := text.T(w.Lang, key, args)
	if t.Red && len(t.Also) > 0 {
		var names []string
		for _, p := range t.Also {
			names = append(names, o.Name(p))
		}
		if w.Lang == text.EN {
			s += " "
		}
		s += text.T(w.Lang, "alert.also", "names", names)
	}
	return s
}

// day is the due day, without its year when it is said in that year, and marked where it is provisional.
func (w Words) day(t Told, at calendar.Date) string {
	s, open := t.Due.Han(), ""
	due, _, _ := t.Due.YMD()
	if told, _, _ := at.YMD(); told == due {
		s = t.Due.HanShort()
	}
	if w.Lang == text.EN {
		s, open = t.Due.String(), " "
	}
	if t.Provisional {
		s += open + text.T(w.Lang, "alert.provisional")
	}
	return s
}

// Rule says by which rule somebody was told: the clock, its length and the clause it rests on; of a quota only
// the clause, of a nudge nothing.
func (w Words) Rule(t Told) string {
	if t.Clock == NudgeClock || t.Clock == TokenClock || t.Clock == LinkClock {
		return ""
	}
	var said []string
	if t.Clock != listing.QuotaClock { // the message says all that its title does
		s := w.label(t.Title)
		if t.Period.N > 0 {
			p := t.Period.String()
			if w.Lang != text.EN {
				p = t.Period.Han()
			}
			s += " " + p
		}
		if t.Kind != procedure.Window && !strings.HasPrefix(string(t.Clock), "finding-") {
			s += w.threshold(t.Threshold)
		}
		said = append(said, s)
	}
	for _, c := range t.Law {
		said = append(said, w.cite(t.Workflow, c))
	}
	if len(said) == 0 {
		return ""
	}
	return text.T(w.Lang, "alert.rule", "rule", strings.Join(said, " · "))
}

// threshold is the day on which the rule tells, beside the clock's name.
func (w Words) threshold(n int) string {
	key := "alert.at-due"
	switch {
	case n > 0:
		key = "alert.at-before"
	case n < 0:
		key = "alert.at-after"
	}
	s := text.T(w.Lang, key, "n", max(n, -n))
	if w.Lang == text.EN {
		return ", " + s
	}
	return "，" + s
}

func (w Words) cite(id procedure.WorkflowID, c procedure.Citation) string {
	var def *procedure.Definition
	if ed := w.Engine.Workflow(id); ed != nil {
		def = ed.Def
	}
	return def.Cite(c, w.Lang)
}

func (w Words) label(l procedure.Label) string { return speaker(l).In(w.Lang) }

// speaker is a label that speaks the language of the message that it stands in.
type speaker procedure.Label

// In is the label in that language, Chinese where it has no other.
func (s speaker) In(l text.Lang) string { return procedure.Label(s).In(l) }

// mostAlike is how many alerts of one clock a mail says one by one: thousands of cases may come due on one day.
const mostAlike = 20

// digest is a parcel as text, as it stood on the day on which it was made up: a line for each message, what is red first, then the
// rule under it. With rules it may be of any number of messages: of many that are alike, the first are said and the others counted.
func (w Words) digest(p Parcel, rules bool) (subject string, lines []string) {
	if len(p.Messages) == 0 {
		return text.T(w.Lang, "alert.test"), []string{text.T(w.Lang, "alert.test.line", "office", w.Engine.Office().Text("brigade", w.Engine.Today()))}
	}
	type kind struct {
		red      bool
		workflow procedure.WorkflowID
		clock    procedure.ClockID
	}
	of := func(m Out) kind { return kind{m.Red, m.Told.Workflow, m.Told.Clock} }
	all, said := map[kind]int{}, map[kind]int{}
	for _, m := range p.Messages {
		all[of(m)]++
	}
	red := 0
	for _, want := range []bool{true, false} {
		for _, m := range p.Messages {
			if m.Red != want {
				continue
			}
			k := of(m)
			if said[k]++; rules && said[k] > mostAlike {
				if m.Red {
					red++
				}
				if said[k] == all[k] {
					lines = append(lines, text.T(w.Lang, "alert.alike", "n", all[k]-mostAlike, "clock", speaker(m.Told.Title)))
				}
				continue
			}
			mark := "alert.yellow"
			if m.Red {
				red++
				mark = "alert.red"
			}
			lines = append(lines, text.T(w.Lang, mark)+" "+w.sentence(m.Told, max(p.Day, dateOf(m.Told.At))))
			if r := w.Rule(m.Told); rules && r != "" {
				lines = append(lines, "    "+r)
			}
			if at := w.link(m.Told); at != "" {
				lines = append(lines, "    "+at)
			}
		}
	}
	return text.T(w.Lang, "alert.subject", "n", len(p.Messages), "red", red), lines
}

// settingAddress is the setting that says where the office's pages are.
const settingAddress = "check-address"

// link is the address of the page of what was told, "" where the office hasn't said where its pages are.
func (w Words) link(t Told) string {
	base := strings.TrimSuffix(w.Engine.Office().Text(settingAddress, w.Engine.Today()), "/")
	if base == "" {
		return ""
	}
	return base + t.Page()
}

func langOf(p office.Person) text.Lang {
	if p.Lang == string(text.EN) {
		return text.EN
	}
	return text.ZH
}
