package paper

import (
	"slices"

	"dossier/engine/calendar"
	"dossier/engine/procedure"
	"dossier/engine/rules"
)

// Explained is a run of a clock with each of its days, as a page or a sheet of paper tells it.
type Explained struct {
	rules.Running
	Begins   procedure.Label // what its start is: 立案日
	Days     []calendar.Day
	Segments []Segment
	Plain    calendar.Date // where it would have ended without suspensions and extensions; 0 when that is its due date
	Law      procedure.Law
}

// Segment is a stretch of a run's days under one rule: all of them count, or all stand still.
type Segment struct {
	Title    procedure.Label
	From, To calendar.Date
	Still    bool
	Counted  int // units up to its end less those up to its begin
	Stopped  int // days that would have counted
	Law      procedure.Law
	Papers   []NamedPaper // issued with what began it
}

// NamedPaper is a document as others name it.
type NamedPaper struct {
	Title  procedure.Label
	Number string
}

// DeadlineSheet is the deadline sheet (期限计算表) of one clock, for the file.
type DeadlineSheet struct {
	*Explained
	Def        *procedure.Definition
	CaseNumber string
	Party      string
	Cause      string
	Seq        uint64              // the last event that it rests on
	Schedules  []calendar.Schedule // of the years that it crosses
	Bureau     string
	Maker      string // who printed it
	Day        calendar.Date
}

// Segments cuts a run where it was suspended and resumed, and where an extension begins.
func Segments(s *rules.View, x *Explained) []Segment {
	if len(x.Days) == 0 { // suspended on the day on which it began
		return nil
	}
	var out []Segment
	before := 0 // units counted so far
	rest := x.Days
	add := func(g Segment, n int) {
		if n == 0 {
			return
		}
		days := rest[:n]
		rest = rest[n:]
		g.From, g.To = days[0].Date, days[n-1].Date
		for _, d := range days {
			if d.Counted && d.N > before {
				g.Counted += d.N - before
				before = d.N
			}
			if d.Paused && d.Why.Code == calendar.Suspended {
				g.Stopped++
			}
		}
		out = append(out, g)
	}
	upto := func(day calendar.Date) int { // how many of the rest lie on or before a day
		if i := slices.IndexFunc(rest, func(d calendar.Day) bool { return d.Date > day }); i >= 0 {
			return i
		}
		return len(rest)
	}
	title := segmentRuns
	if x.Backward() {
		title = segmentBack
	}
	run := Segment{Title: title, Law: x.Law, Papers: papersOf(s, x.StartSeq)}
	extended := func() { // the extension begins with the first day that the given period does not reach
		if len(x.Run.Extend) == 0 || x.Def.Extend == nil || run.Title == segmentExtended {
			return
		}
		if n := slices.IndexFunc(rest, func(d calendar.Day) bool { return d.N > x.Run.Period.N }); n >= 0 {
			add(run, n)
			run = segment(s, segmentExtended, []procedure.FactID{x.Def.Extend.At}, 0, 0)
		}
	}
	for _, p := range x.Run.Pauses {
		n := upto(p.From)
		if n == len(rest) && p.From > x.Days[len(x.Days)-1].Date {
			break
		}
		if i := slices.IndexFunc(rest[:n], func(d calendar.Day) bool { return d.N > x.Run.Period.N }); i >= 0 {
			extended()
			n = upto(p.From)
		}
		add(run, n)
		n = len(rest)
		if p.To != 0 {
			n = upto(p.To)
		}
		still := segment(s, segmentStands, x.Def.Stopped, 0, p.From)
		still.Still = true
		add(still, n)
		resumed := segment(s, segmentResumed, x.Def.Stopped, 1, p.To)
		if run.Title == segmentExtended {
			resumed.Title = segmentExtended
		}
		run = resumed
	}
	extended()
	add(run, len(rest))
	return out
}

var (
	segmentRuns     = procedure.Label{ZH: "计算", EN: "Counted"}
	segmentBack     = procedure.Label{ZH: "倒推", EN: "Counted back"}
	segmentStands   = procedure.Label{ZH: "中止", EN: "Suspended"}
	segmentResumed  = procedure.Label{ZH: "恢复", EN: "Resumed"}
	segmentExtended = procedure.Label{ZH: "延长", EN: "Extended"}
)

// segment begins with a fact on a day, with its law and papers; day 0 is any.
func segment(s *rules.View, title procedure.Label, facts []procedure.FactID, i int, day calendar.Date) Segment {
	g := Segment{Title: title}
	if i >= len(facts) {
		return g
	}
	if f := s.Edition.Def.Fact(facts[i]); f != nil {
		g.Law = f.Law
	}
	for _, d := range s.Case.Days {
		if d.Fact == facts[i] && d.Void == 0 && (day == 0 || d.Day == day) {
			g.Papers = papersOf(s, d.Seq)
			break
		}
	}
	return g
}

// papersOf are the documents that an event issued.
func papersOf(s *rules.View, seq uint64) []NamedPaper {
	var out []NamedPaper
	for _, d := range s.Case.Issued {
		if d.Seq != seq || d.Void != 0 {
			continue
		}
		p := NamedPaper{Title: procedure.Label{ZH: string(d.Form)}, Number: d.Number}
		if f := s.Edition.Forms[d.Form]; f != nil {
			p.Title = f.Title
		}
		out = append(out, p)
	}
	return out
}
