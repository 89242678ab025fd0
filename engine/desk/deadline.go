package desk

import (
	"slices"

	"dossier/engine"
	"dossier/engine/casefile"
	"dossier/engine/decide"
	"dossier/engine/office"
	"dossier/engine/paper"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
	"dossier/engine/rules"
)

// Explain says of each day of a clock whether it counts and why.
func Explain(e *engine.Engine, who office.PersonID, id casefile.CaseID, clock procedure.ClockID) (*paper.Explained, error) {
	d, t, _, err := e.Look(who, id)
	if err != nil {
		return nil, err
	}
	return explain(t, d.Edition, d.Case, clock)
}

// DeadlinePDF draws the deadline sheet of a clock. It is drawn from the record on demand and is no document of the case.
func DeadlinePDF(e *engine.Engine, who office.PersonID, id casefile.CaseID, clock procedure.ClockID) ([]byte, error) {
	d, t, _, err := e.Look(who, id)
	if err != nil {
		return nil, err
	}
	x, err := explain(t, d.Edition, d.Case, clock)
	if err != nil {
		return nil, err
	}
	s := rules.NewView(d.Edition, t.Office, d.Case, t.Today, t.Today)
	sheet := paper.DeadlineSheet{Explained: x, Def: d.Edition.Def, CaseNumber: d.Case.Number(), Party: casefile.Party(d.Edition.Def, d.Case), Cause: casefile.Cause(s.Edition, s.Case),
		Seq: d.Case.Seq, Bureau: t.Office.Seal(d.Edition.Def.ID, t.Today), Day: t.Today}
	if who != office.System {
		sheet.Maker = t.Office.Name(who)
	}
	if party := casefile.ParseKey(x.Key).Respondent; party != "" {
		sheet.Party = party
	} else if party := x.Party(); party != "" {
		sheet.Party = party
	}
	first, _, _ := x.Start.YMD()
	if x.Backward() {
		first, _, _ = x.Due.YMD()
	}
	last, _, _ := max(x.Due, x.Start).YMD()
	for y := first; y <= last; y++ {
		if sch, ok := t.Office.Calendar.Schedule(y); ok {
			sheet.Schedules = append(sheet.Schedules, sch)
		}
	}
	return e.Renderer.Deadline(sheet)
}

var startLabel = procedure.Label{ZH: "起始日", EN: "Start"}

// Begins is what the start of a run is: the title of the fact that it runs from.
func Begins(ed *procedure.Edition, c *casefile.Case, r rules.Running) procedure.Label {
	for _, src := range r.Def.From.Sources {
		for _, d := range c.Days {
			if f := ed.Def.Fact(d.Fact); f != nil && src.Fact == d.Fact && d.Day == r.Start && d.Void == 0 {
				return f.Title
			}
		}
	}
	return startLabel
}

// explain finds a run by its id and tells its days.
func explain(t *decide.Sitting, ed *procedure.Edition, c *casefile.Case, clock procedure.ClockID) (*paper.Explained, error) {
	s := rules.NewView(ed, t.Office, c, t.Today, t.Today)
	i := slices.IndexFunc(s.Clocks(), func(r rules.Running) bool { return r.ID == clock })
	if i < 0 {
		return nil, refusal.New(refusal.NotFound, refusal.Args{"what": "clock", "id": string(clock)})
	}
	r := s.Clocks()[i]
	through := r.Due
	if through == 0 {
		through = t.Today
	}
	x := &paper.Explained{Running: r, Begins: Begins(ed, c, r), Law: r.Def.Law}
	if x.Backward() {
		x.Days = t.Office.Calendar.ExplainBack(r.Start, r.Run.Period)
	} else if days, err := t.Office.Calendar.Explain(r.Run, through); err == nil {
		x.Days = days
	} else {
		return nil, err
	}
	x.Segments = paper.Segments(s, x)
	if len(r.Run.Pauses)+len(r.Run.Extend) > 0 {
		plain := r.Run
		plain.Pauses, plain.Extend = nil, nil
		if res, err := t.Office.Calendar.Due(plain); err == nil {
			x.Plain = res.Due
		}
	}
	return x, nil
}
