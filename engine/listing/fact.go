package listing

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/office"
	"dossier/engine/penalty"
	"dossier/engine/procedure"
	"dossier/engine/rules"
)

// IndexFact is what statistics read: a case's [Fact] under each month in which something of it is counted, and under
// "open" while it isn't done: month/number → the fact as [Fact.Row] writes it.
const IndexFact = "fact"

// FactOpen is the month under which a case stands that is not done; it comes after all months.
const FactOpen = "open"

// Fact is what statistics count of a case. It is written short: a year of them is read at once.
type Fact struct {
	Case     casefile.CaseID
	Workflow procedure.WorkflowID
	State    procedure.StateID // where it stands, or stood at its end
	Officer  office.PersonID   // in charge
	Source   string            // choices, joined by a comma where there are several, or texts
	Category string
	Industry string
	Township string
	Handling string
	Marked   bool // by the mark that the procedure counts apart

	Opened, Filed, Decided, Ended calendar.Date // 0: not yet

	Workers int   // who claim
	Claimed int64 // fen that they claim, less what was paid before
	Wages   int64 // fen that were decided for them
	Fined   int64 // fen of the other sums that were decided

	Runs    []FactRun
	Gates   []FactGate
	Paid    []FactPaid
	Charges []FactCharge
}

// FactRun is one run of a clock that somebody of the office has to keep.
type FactRun struct {
	Clock            procedure.ClockID
	Start, Due, Done calendar.Date // Done 0: not yet; Due 0: it stands still
	Used             int           // from the start to Done in the clock's own unit, without what stood still
	Still            int           // calendar days that it stood still
	Workdays         bool          // Used counts working days
}

// FactGate is one signature at a gate.
type FactGate struct {
	State    procedure.StateID
	By       office.PersonID
	As       procedure.Actor // the post
	Came     calendar.Date
	Day      calendar.Date
	Returned bool
}

// FactPaid is money that came in.
type FactPaid struct {
	Day   calendar.Date
	Fen   int64
	Wages bool // for those who claim
}

// FactCharge is one violation that was punished, or spared, by a standard of discretion. Of one act that breaks several
// provisions only the heaviest has its fine here (行政处罚法29), so that the fines add up to what was decided.
type FactCharge struct {
	Standard penalty.ID // the one that was applied
	Tier     penalty.Tier
	Fine     int64 // fen
	Took     int64 // fen confiscated
}

// FactOf is what statistics count of a case as it stands. It follows from the case, its procedure and the office's
// schedules and settings alone.
func FactOf(s *rules.View) Fact {
	ed, c := s.Edition, s.Case
	k := &ed.Def.Terms.Counted
	f := Fact{Case: c.ID, Workflow: c.Workflow, State: c.Main(), Ended: c.EndDay, Marked: k.Mark != "" && slices.Contains(c.Marks, k.Mark)}
	if officers := casefile.Officers(ed, c); len(officers) > 0 {
		f.Officer = officers[0]
	}
	told := func(v procedure.Value) string { return strings.Join(slices.Sorted(slices.Values(v.Strings())), ",") }
	shared := func(id procedure.FieldID) string { return told(c.Shared[id]) }
	f.Source, f.Category, f.Industry, f.Township = shared(k.Source), shared(k.Category), shared(k.Industry), shared(k.Township)
	if d, ok := s.Opening(); ok {
		f.Opened = d.Day
	}
	day := func(id procedure.FactID) calendar.Date { d, _ := s.Latest(id); return d.Day }
	f.Filed, f.Decided = day(k.Filed), day(k.Decided)
	f.Workers, f.Claimed = casefile.Claims(ed.Def, c)
	if f.Decided != 0 && k.Handling.Form != "" {
		v, _ := s.Value(k.Handling.Form, k.Handling.Field)
		f.Handling = told(v)
		for _, p := range casefile.Parties(ed.Def, c) {
			for _, sum := range ed.Def.Terms.Severity.Sums {
				v, _ := s.Of(p).Value(k.Handling.Form, sum)
				switch sum {
				case k.Wages:
					f.Wages += procedure.Fen(v)
				case ed.Def.Terms.Severity.Violations.Compensation: // goes to the worker and is no penalty
				default:
					f.Fined += procedure.Fen(v)
				}
			}
		}
		f.Charges = factCharges(s)
	}
	f.Runs, f.Gates, f.Paid = factRuns(s), factGates(s), factPaid(s)
	if made := day(k.MadeGood); made != 0 && f.Wages == 0 && f.Claimed > 0 {
		f.Paid = append(f.Paid, FactPaid{made, f.Claimed, true})
	}
	return f
}

// factCharges are the rows of the table of violations that punish somebody, or spare them.
func factCharges(s *rules.View) []FactCharge {
	t := s.Violations()
	if t.Table == "" {
		return nil
	}
	var out []FactCharge
	var pen []penalty.Row
	fen := func(s string) int64 { return procedure.Fen(procedure.TextValue(s)) }
	for _, r := range s.Charges().Rows {
		if slices.ContainsFunc(strings.Fields(r[t.Kinds]), func(k string) bool { return penalty.Kind(k).Handled() }) {
			continue
		}
		x := FactCharge{Standard: penalty.ID(r[t.Standard]), Tier: penalty.Tier(r[t.Tier]), Fine: fen(r[t.Fine]), Took: fen(r[t.Confiscation])}
		if id := r[t.Applied]; id != "" {
			x.Standard = penalty.ID(id)
		}
		out = append(out, x)
		pen = append(pen, penalty.Row{Party: r[t.Party], Act: r[t.Act], Standard: x.Standard, Fine: penalty.Fen(x.Fine)})
	}
	_, left := penalty.Total(pen)
	for _, i := range left {
		out[i].Fine = 0
	}
	return out
}

// factRuns are the runs of the clocks that are the office's own: no window, no default of a party, no mere warning.
func factRuns(s *rules.View) []FactRun {
	var out []FactRun
	cal := s.Office.Calendar
	for _, r := range s.Clocks() {
		if k := r.Def.Kind; k == procedure.Window || k == procedure.Party || k == procedure.Warning || r.State == rules.VoidClock || r.Start == 0 {
			continue
		}
		x := FactRun{Clock: r.Def.ID, Start: r.Start, Due: r.Due, Done: r.Ended, Workdays: r.Unit == calendar.Workdays}
		span := func(after, through calendar.Date) int {
			switch {
			case through <= after:
				return 0
			case x.Workdays:
				return cal.Count(after, through)
			}
			return int(through - after)
		}
		if x.Done != 0 {
			x.Used = span(x.Start, x.Done)
			for _, p := range r.Run.Pauses {
				from, to := max(p.From, x.Start), min(p.To, x.Done)
				if p.To == 0 {
					to = x.Done
				}
				x.Used -= span(from, to)
				x.Still += max(0, int(to-from))
			}
		}
		out = append(out, x)
	}
	return out
}

// factGates are the signatures that were given and not recalled, each with the day since which it was waited for: that of
// the act before it on its walk.
func factGates(s *rules.View) []FactGate {
	var out []FactGate
	c, d := s.Case, s.Edition.Def
	came := map[procedure.WalkID]calendar.Date{}
	for i := range c.Taken {
		t := &c.Taken[i]
		before := came[t.Walk]
		came[t.Walk] = t.Day
		w := c.Walk(t.Walk)
		if w == nil {
			continue
		}
		def := d.Walk(w.Def)
		if def == nil || def.State(t.From) == nil {
			continue
		}
		a := def.State(t.From).Action(t.Action)
		if a == nil || a.Decision == "" {
			continue
		}
		as := procedure.Actor("")
		for _, by := range a.By {
			for _, post := range by.Value {
				if as == "" && s.Office.Post(post) != nil {
					as = post
				}
			}
		}
		if as == "" {
			continue
		}
		by := t.By
		if t.For != "" {
			by = t.For
		}
		if before == 0 {
			before = t.Day
		}
		out = append(out, FactGate{t.From, by, as, before, t.Day, a.Decision == procedure.Return})
	}
	return out
}

// factPaid is what came in of the debts that the procedure asks for, by the papers on which payments are entered.
func factPaid(s *rules.View) []FactPaid {
	var out []FactPaid
	c, wages := s.Case, s.Edition.Def.Terms.Counted.Wages
	for _, d := range s.Edition.Liabilities() {
		own := slices.ContainsFunc(d.Owed, func(o procedure.FieldRef) bool { return wages != "" && o.Field == wages })
		for _, ref := range d.Paid {
			for i := range c.Papers {
				p := &c.Papers[i]
				if p.Form != ref.Form || p.Doc > 0 && c.Issued[p.Doc-1].Void != 0 {
					continue
				}
				for j := range p.Parts {
					if f := &p.Parts[j]; f.Past == 0 {
						if fen := procedure.Fen(f.Values[ref.Field]); fen != 0 {
							out = append(out, FactPaid{f.Day, fen, own})
						}
					}
				}
			}
		}
	}
	return out
}

// Months are those under which the fact stands: of everything in it that is counted by a day.
func (f *Fact) Months() []string {
	seen := map[string]bool{}
	add := func(d calendar.Date) {
		if d != 0 {
			seen[Month(d)] = true
		}
	}
	add(f.Opened)
	add(f.Filed)
	add(f.Decided)
	add(f.Ended)
	for _, r := range f.Runs {
		if r.Done == 0 {
			add(r.Due)
		}
		add(r.Done)
	}
	for _, g := range f.Gates {
		add(g.Day)
	}
	for _, p := range f.Paid {
		add(p.Day)
	}
	if f.Ended == 0 {
		seen[FactOpen] = true
	}
	var out []string
	for m := range seen {
		out = append(out, m)
	}
	slices.Sort(out)
	return out
}

// Month is a day's month: 2026-03.
func Month(d calendar.Date) string { return d.String()[:7] }

// A fact's row is tab-separated; lists stand in one field each, their items apart by semicolons, the parts of an item by
// commas. Days are numbers of days, 0 for none.

var flat = strings.NewReplacer("\t", " ", "\n", " ", ";", "；")

// Row writes the fact.
func (f *Fact) Row() []byte {
	b := make([]byte, 0, 256)
	texts := func(ts ...string) {
		for _, t := range ts {
			b = append(b, flat.Replace(t)...)
			b = append(b, '\t')
		}
	}
	number := func(n int64, end byte) {
		b = strconv.AppendInt(b, n, 10)
		b = append(b, end)
	}
	number(int64(f.Case), '\t')
	texts(string(f.Workflow), string(f.State), string(f.Officer), f.Source, f.Category, f.Industry, f.Township, f.Handling)
	for _, n := range []int64{bit(f.Marked), int64(f.Opened), int64(f.Filed), int64(f.Decided), int64(f.Ended), int64(f.Workers), f.Claimed, f.Wages, f.Fined} {
		number(n, '\t')
	}
	for _, r := range f.Runs {
		b = append(append(b, r.Clock...), ',')
		for _, n := range []int64{int64(r.Start), int64(r.Due), int64(r.Done), int64(r.Used), int64(r.Still)} {
			number(n, ',')
		}
		number(bit(r.Workdays), ';')
	}
	b = append(b, '\t')
	for _, g := range f.Gates {
		b = append(append(b, g.State...), ',')
		b = append(append(b, g.By...), ',')
		b = append(append(b, g.As...), ',')
		number(int64(g.Came), ',')
		number(int64(g.Day), ',')
		number(bit(g.Returned), ';')
	}
	b = append(b, '\t')
	for _, p := range f.Paid {
		number(int64(p.Day), ',')
		number(p.Fen, ',')
		number(bit(p.Wages), ';')
	}
	if len(f.Charges) > 0 {
		b = append(b, '\t')
	}
	for _, x := range f.Charges {
		b = append(append(b, x.Standard...), ',')
		b = append(append(b, x.Tier...), ',')
		number(x.Fine, ',')
		number(x.Took, ';')
	}
	return b
}

func bit(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

var errFact = errors.New("a row of statistics can't be read")

// Intern gives texts that come again and again once, so that a million facts share them.
type Intern map[string]string

func (in Intern) one(s string) string {
	if s == "" {
		return ""
	}
	if t, ok := in[s]; ok {
		return t
	}
	t := strings.Clone(s)
	in[t] = t
	return t
}

// ReadFact reads a row back.
func ReadFact(row []byte, in Intern) (Fact, error) {
	var f Fact
	r := reader{rest: string(row)}
	f.Case = casefile.CaseID(r.number('\t'))
	f.Workflow, f.State, f.Officer = procedure.WorkflowID(in.one(r.text('\t'))), procedure.StateID(in.one(r.text('\t'))), office.PersonID(in.one(r.text('\t')))
	for _, at := range []*string{&f.Source, &f.Category, &f.Industry, &f.Township, &f.Handling} {
		*at = in.one(r.text('\t'))
	}
	f.Marked = r.number('\t') == 1
	for _, at := range []*calendar.Date{&f.Opened, &f.Filed, &f.Decided, &f.Ended} {
		*at = r.day('\t')
	}
	f.Workers, f.Claimed, f.Wages, f.Fined = int(r.number('\t')), r.number('\t'), r.number('\t'), r.number('\t')
	if n := r.items(); n > 0 {
		f.Runs = make([]FactRun, 0, n)
	}
	for r.more() {
		f.Runs = append(f.Runs, FactRun{procedure.ClockID(in.one(r.text(','))), r.day(','), r.day(','), r.day(','), int(r.number(',')), int(r.number(',')), r.number(';') == 1})
	}
	if n := r.items(); n > 0 {
		f.Gates = make([]FactGate, 0, n)
	}
	for r.more() {
		f.Gates = append(f.Gates, FactGate{procedure.StateID(in.one(r.text(','))), office.PersonID(in.one(r.text(','))), procedure.Actor(in.one(r.text(','))), r.day(','), r.day(','), r.number(';') == 1})
	}
	for r.rest != "" && r.rest[0] != '\t' && !r.bad {
		f.Paid = append(f.Paid, FactPaid{r.day(','), r.number(','), r.number(';') == 1})
	}
	r.rest = strings.TrimPrefix(r.rest, "\t")
	for r.rest != "" && !r.bad {
		f.Charges = append(f.Charges, FactCharge{penalty.ID(in.one(r.text(','))), penalty.Tier(in.one(r.text(','))), r.number(','), r.number(';')})
	}
	if r.bad {
		return f, errFact
	}
	return f, nil
}

// reader goes through a row.
type reader struct {
	rest string
	bad  bool
}

func (r *reader) text(end byte) string {
	i := strings.IndexByte(r.rest, end)
	if i < 0 {
		r.bad, r.rest = true, ""
		return ""
	}
	t := r.rest[:i]
	r.rest = r.rest[i+1:]
	return t
}

func (r *reader) number(end byte) int64 {
	t := r.text(end)
	if r.bad {
		return 0
	}
	n, err := strconv.ParseInt(t, 10, 64)
	r.bad = r.bad || err != nil
	return n
}

func (r *reader) day(end byte) calendar.Date { return calendar.Date(r.number(end)) }

// more tells whether a list goes on, and steps over its end.
func (r *reader) more() bool {
	if r.bad || r.rest == "" {
		r.bad = true
		return false
	}
	if r.rest[0] == '\t' {
		r.rest = r.rest[1:]
		return false
	}
	return true
}

// items counts a list's items.
func (r *reader) items() int {
	end := strings.IndexByte(r.rest, '\t')
	return strings.Count(r.rest[:max(end, 0)], ";")
}
