package engine

import (
	"context"
	"slices"

	"dossier/engine/calendar"
)

// Explained is a run of a clock with each of its days, as a page or a sheet of paper tells it.
type Explained struct {
	Running
	Begins   Label // what its start is: 立案日
	Days     []calendar.Day
	Segments []Segment
	Plain    calendar.Date // where it would have ended without suspensions and extensions; 0 when that is its due date
	Law      Law
}

// Backward tells whether the days are counted back from the start: by its due day something must be done so that a period
// lies between the two.
func (r Running) Backward() bool { return r.Run.By != 0 && r.Run.By < r.Start }

// Segment is a stretch of a run's days under one rule: all of them count, or all stand still.
type Segment struct {
	Title    Label
	From, To calendar.Date
	Still    bool
	Counted  int // units up to its end less those up to its begin
	Stopped  int // days that would have counted
	Law      Law
	Papers   []NamedPaper // issued with what began it
}

// NamedPaper is a document as others name it.
type NamedPaper struct {
	Title  Label
	Number string
}

// DeadlineSheet is the deadline sheet (期限计算表) of one clock, for the file.
type DeadlineSheet struct {
	*Explained
	Def        *Definition
	CaseNumber string
	Party      string
	Cause      string
	Seq        uint64              // the last event that it rests on
	Schedules  []calendar.Schedule // of the years that it crosses
	Bureau     string
	Maker      string // who printed it
	Day        calendar.Date
}

var (
	segmentRuns     = Label{"计算", "Counted"}
	segmentBack     = Label{"倒推", "Counted back"}
	segmentStands   = Label{"中止", "Suspended"}
	segmentResumed  = Label{"恢复", "Resumed"}
	segmentExtended = Label{"延长", "Extended"}
	startLabel      = Label{"起始日", "Start"}
)

// Explain says of each day of a clock whether it counts and why.
func (e *Engine) Explain(_ context.Context, who PersonID, id CaseID, clock ClockID) (*Explained, error) {
	d, t, _, err := e.look(who, id)
	if err != nil {
		return nil, err
	}
	return t.explain(d.ed, d.c, clock)
}

// DeadlinePDF draws the deadline sheet of a clock. It is drawn from the record on demand and is no document of the case.
func (e *Engine) DeadlinePDF(_ context.Context, who PersonID, id CaseID, clock ClockID) ([]byte, error) {
	d, t, _, err := e.look(who, id)
	if err != nil {
		return nil, err
	}
	x, err := t.explain(d.ed, d.c, clock)
	if err != nil {
		return nil, err
	}
	s := newScope(d.ed, t.office, d.c, t.today, t.today)
	sheet := DeadlineSheet{Explained: x, Def: d.ed.Def, CaseNumber: d.c.Number(), Party: d.c.Shared["employer"].Text, Cause: s.label("cause"),
		Seq: d.c.Seq, Bureau: t.office.Text("bureau", t.today), Maker: t.office.Name(who), Day: t.today}
	if party := parseKey(x.Key).respondent; party != "" {
		sheet.Party = party
	}
	first, _, _ := x.Start.YMD()
	if x.Backward() {
		first, _, _ = x.Due.YMD()
	}
	last, _, _ := max(x.Due, x.Start).YMD()
	for y := first; y <= last; y++ {
		if sch, ok := t.office.Calendar.Schedule(y); ok {
			sheet.Schedules = append(sheet.Schedules, sch)
		}
	}
	return e.Renderer.Deadline(sheet)
}

// explain finds a run by its id and tells its days.
func (t *turn) explain(ed *Edition, c *Case, clock ClockID) (*Explained, error) {
	s := newScope(ed, t.office, c, t.today, t.today)
	i := slices.IndexFunc(s.clocks(), func(r Running) bool { return r.ID == clock })
	if i < 0 {
		return nil, fail(NotFound, Args{"what": "clock", "id": string(clock)})
	}
	r := s.clocks()[i]
	through := r.Due
	if through == 0 {
		through = t.today
	}
	x := &Explained{Running: r, Begins: ed.Begins(c, r), Law: r.Def.Law}
	if x.Backward() {
		x.Days = t.office.Calendar.ExplainBack(r.Start, r.Run.Period)
	} else if days, err := t.office.Calendar.Explain(r.Run, through); err == nil {
		x.Days = days
	} else {
		return nil, err
	}
	x.Segments = s.segments(x)
	if len(r.Run.Pauses)+len(r.Run.Extend) > 0 {
		plain := r.Run
		plain.Pauses, plain.Extend = nil, nil
		if res, err := t.office.Calendar.Due(plain); err == nil {
			x.Plain = res.Due
		}
	}
	return x, nil
}

// Begins is what the start of a run is: the title of the fact that it runs from.
func (ed *Edition) Begins(c *Case, r Running) Label {
	for _, src := range r.Def.From.Sources {
		for _, d := range c.Days {
			if f := ed.Def.Fact(d.Fact); f != nil && src.Fact == d.Fact && d.Day == r.Start && d.Void == 0 {
				return f.Title
			}
		}
	}
	return startLabel
}

// segments cuts a run where it was suspended and resumed, and where an extension begins.
func (s *scope) segments(x *Explained) []Segment {
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
	run := Segment{Title: title, Law: x.Law, Papers: s.papersOf(x.StartSeq)}
	extended := func() { // the extension begins with the first day that the given period does not reach
		if len(x.Run.Extend) == 0 || x.Def.Extend == nil || run.Title == segmentExtended {
			return
		}
		if n := slices.IndexFunc(rest, func(d calendar.Day) bool { return d.N > x.Run.Period.N }); n >= 0 {
			add(run, n)
			run = s.segment(segmentExtended, []FactID{x.Def.Extend.At}, 0, 0)
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
		still := s.segment(segmentStands, x.Def.Stopped, 0, p.From)
		still.Still = true
		add(still, n)
		resumed := s.segment(segmentResumed, x.Def.Stopped, 1, p.To)
		if run.Title == segmentExtended {
			resumed.Title = segmentExtended
		}
		run = resumed
	}
	extended()
	add(run, len(rest))
	return out
}

// segment begins with a fact on a day, with its law and papers; day 0 is any.
func (s *scope) segment(title Label, facts []FactID, i int, day calendar.Date) Segment {
	g := Segment{Title: title}
	if i >= len(facts) {
		return g
	}
	if f := s.ed.Def.Fact(facts[i]); f != nil {
		g.Law = f.Law
	}
	for _, d := range s.c.Days {
		if d.Fact == facts[i] && d.Void == 0 && (day == 0 || d.Day == day) {
			g.Papers = s.papersOf(d.Seq)
			break
		}
	}
	return g
}

// papersOf are the documents that an event issued.
func (s *scope) papersOf(seq uint64) []NamedPaper {
	var out []NamedPaper
	for _, d := range s.c.Issued {
		if d.Seq != seq || d.Void != 0 {
			continue
		}
		p := NamedPaper{Title: Label{ZH: string(d.Form)}, Number: d.Number}
		if f := s.ed.Forms[d.Form]; f != nil {
			p.Title = f.Title
		}
		out = append(out, p)
	}
	return out
}
