package plan

import (
	"cmp"
	"fmt"
	"slices"

	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/office"
	"dossier/engine/procedure"
)

// Unit is one object of a population.
type Unit struct {
	ID    string // its own in the registry
	Name  string
	Keys  []string // what a case may name it by: its ID, codes, and every name it has or had
	Marks []string
	Risk  string // grade of credit risk

	Object string           // its ID in the registry
	Values procedure.Values // what it holds
	Until  calendar.Date    // the last day of its licence; 0 none
}

// names are what a case may name the unit by, each once.
func (u *Unit) names() []string {
	names := []string{u.ID}
	for _, k := range u.Keys {
		if k != "" && !slices.Contains(names, k) {
			names = append(names, k)
		}
	}
	return names
}

// is tells whether a case names the unit.
func (u *Unit) is(name string) bool {
	return name != "" && (u.ID == name || slices.Contains(u.Keys, name))
}

// index finds a unit by what a case may name it by; of two that share a name, the first.
func index(units []Unit) map[string]int {
	at := map[string]int{}
	for i, u := range units {
		for _, k := range u.names() {
			if _, taken := at[k]; !taken {
				at[k] = i
			}
		}
	}
	return at
}

// Visit is one check as its case tells it.
type Visit struct {
	Case   casefile.CaseID
	Object string // as the case names it
	Kind   string
	Day    calendar.Date     // on which it was made; 0 while it is still to be done
	Asked  calendar.Date     // on which it was entered
	Due    calendar.Date     // on which its plan wants it; 0 none said
	Team   []office.PersonID // who checks, sorted
	Round  string            // the draw or action that it belongs to, "" none
	Nth    int               // the round that its plan made it for, from 1; 0 none said
	Exempt bool              // no ceiling counts it
}

// by tells whether the person is of the team.
func (v Visit) by(who office.PersonID) bool { return slices.Contains(v.Team, who) }

// on is the day that says in which period it lies.
func (v Visit) on() calendar.Date {
	return cmp.Or(v.Day, v.Due, v.Asked)
}

// State says where a quota stands in its period.
type State string

// The states, the best first.
const (
	Met     State = "met"
	Running State = "running" // not met yet, and no threshold is crossed
	Short   State = "short"   // not met, and its end is near
	Missed  State = "missed"  // not met, and over
	Unknown State = "unknown" // its population is empty: nothing can be said
)

// Round is one of the rounds that the quota asks for.
type Round struct {
	Start, End calendar.Date // of rounds that cover: the part of the period that is its own
	Need, Have int           // objects to be covered and those that are; planned ones not among them
	Planned    int           // further objects that are planned
	Strata     []Stratum
	Done       bool
}

// Stratum is how much of one mark is covered.
type Stratum struct {
	Share
	Of, Need, Have int
}

// Progress is a quota in a period, as it stands on a day.
type Progress struct {
	Entry
	Figures                // that hold
	Override     *Override // whose figures they are, or that the list doesn't let win
	Won          bool      // the override's figures hold
	Population   int
	Done         int // rounds
	Planned      int // rounds that what is planned would add
	ToDo         int // rounds that are still to be planned
	Rounds       []Round
	Parts, Whole int // what is done in the smallest parts that the quota has, for a picture: 5 of 14 objects, or 1 of 2 rounds
	Planning     int // parts that what is planned would add
	Left         int // days to the end; negative after it
	Crossed      int // the threshold that is crossed, where State is Short
	State        State
}

// covers tells whether a round is told by the objects that it covers.
func (f Figures) covers() bool { return f.Share > 0 || f.Each > 0 || len(f.Strata) > 0 }

// Count says where an entry stands on a day, by the visits that are on record. Nothing of it is typed.
func Count(e Entry, f Figures, units []Unit, visits []Visit, today calendar.Date) Progress {
	p := Progress{Entry: e, Figures: f, Population: len(units), Left: int(e.Period.End - today)}
	all := visits
	visits = nil
	for _, v := range all {
		if on := v.on(); contains(e.Quota.Kinds, v.Kind) && on >= e.Period.Start && on <= e.Period.End {
			visits = append(visits, v)
		}
	}
	switch {
	case f.covers():
		p.cover(units, visits)
	case f.Objects > 0:
		p.outings(visits)
	default:
		p.single(visits)
	}
	p.ToDo = max(0, f.Times-p.Done-p.Planned)
	switch {
	case f.covers() && len(units) == 0:
		p.State = Unknown
	case p.Done >= f.Times:
		p.State = Met
	case p.Left < 0:
		p.State = Missed
	default:
		p.State = Running
		for _, at := range slices.SortedFunc(slices.Values(e.Quota.warn), func(a, b int) int { return b - a }) {
			if p.Left <= at {
				p.State, p.Crossed = Short, at
			}
		}
	}
	return p
}

// single counts cases: each is a round.
func (p *Progress) single(visits []Visit) {
	done, all := map[casefile.CaseID]bool{}, map[casefile.CaseID]bool{}
	for _, v := range visits {
		all[v.Case] = true
		if v.Day != 0 {
			done[v.Case] = true
		}
	}
	p.Done, p.Planned = len(done), len(all)-len(done)
	p.whole(p.Done, p.Planned, p.Times)
}

// outings counts what a team did on a day at enough objects; what is planned makes as many outings as it has objects for.
func (p *Progress) outings(visits []Visit) {
	type outing struct {
		day  calendar.Date
		team string
	}
	at := map[outing]map[string]bool{}
	planned := map[string]bool{}
	for _, v := range visits {
		if v.Day == 0 {
			planned[v.Object] = true
			continue
		}
		o := outing{v.Day, fmt.Sprint(v.Team)}
		if at[o] == nil {
			at[o] = map[string]bool{}
		}
		at[o][v.Object] = true
	}
	parts := 0
	for _, objects := range at {
		if len(objects) >= p.Objects {
			p.Done++
		}
		parts += min(len(objects), p.Objects)
	}
	p.Planned = len(planned) / p.Objects
	p.whole(min(parts, p.Times*p.Objects), len(planned), p.Times*p.Objects)
}

// cover counts, in each round, the objects that were checked often enough. The rounds are those that the visits name; the
// visits that name none belong to the part of the period in which they lie.
func (p *Progress) cover(units []Unit, visits []Visit) {
	p.Rounds = make([]Round, p.Times)
	for i := range p.Rounds {
		p.Rounds[i].Start, p.Rounds[i].End = p.part(i)
	}
	done, planned := p.byRound(index(units), visits)
	need := RoundUp(p.Share, len(units))
	if p.Each > 0 && p.Share == 0 {
		need = len(units)
	}
	for i := range p.Rounds {
		r := &p.Rounds[i]
		r.Need = need
		wouldBe := r.covered(units, done[i], planned[i], p.Figures)
		switch {
		case r.Done:
			p.Done++
		case wouldBe >= need && r.Planned > 0:
			p.Planned++
		}
		p.Parts += min(r.Have, need)
		p.Planning += min(r.Planned, max(0, need-r.Have))
		p.Whole += need
	}
	if len(units) == 0 {
		p.Done, p.Planned = 0, 0
	}
}

// byRound counts the visits of each object, by its place in the population, in the round that each belongs to: the one that
// its plan made it for, or its draw's, or the one in whose part of the period it lies.
func (p *Progress) byRound(by map[string]int, visits []Visit) (done, planned []map[int]int) {
	var names []string
	for _, v := range visits {
		if v.Round != "" && !slices.Contains(names, v.Round) {
			names = append(names, v.Round)
		}
	}
	// In the order of their first visits, so that the first named round is the first part.
	slices.SortFunc(names, func(a, b string) int {
		return cmp.Or(cmp.Compare(first(visits, a), first(visits, b)), cmp.Compare(a, b))
	})
	done, planned = make([]map[int]int, p.Times), make([]map[int]int, p.Times)
	for i := range p.Rounds {
		done[i], planned[i] = map[int]int{}, map[int]int{}
	}
	for _, v := range visits {
		u, ok := by[v.Object]
		if !ok {
			continue // an object that is not of this population any more
		}
		i := slices.Index(names, v.Round)
		switch {
		case v.Nth > 0:
			i = v.Nth - 1
		case i < 0:
			i = slices.IndexFunc(p.Rounds, func(r Round) bool { return v.on() <= r.End })
		}
		i = min(i, p.Times-1)
		if v.Day != 0 {
			done[i][u]++
		} else {
			planned[i][u]++
		}
	}
	return done, planned
}

// covered counts the objects that the round covers and those that are planned, and whether that is enough, of each stratum
// too. It gives how many would be covered once what is planned is done.
func (r *Round) covered(units []Unit, done, planned map[int]int, f Figures) (wouldBe int) {
	for _, s := range f.Strata {
		r.Strata = append(r.Strata, Stratum{Share: s})
	}
	least := max(f.Each, 1)
	for j, u := range units {
		ok := done[j] >= least
		switch {
		case ok:
			r.Have++
			wouldBe++
		case done[j]+planned[j] >= least:
			r.Planned++
			wouldBe++
		}
		for k := range r.Strata {
			if s := &r.Strata[k]; slices.Contains(u.Marks, s.Mark) {
				s.Of++
				if ok {
					s.Have++
				}
			}
		}
	}
	r.Done = r.Have >= r.Need
	for k := range r.Strata {
		s := &r.Strata[k]
		s.Need = RoundUp(s.Share.Share, s.Of)
		r.Done = r.Done && s.Have >= s.Need
	}
	return wouldBe
}

// part is the i-th of the equal parts of the period, one a round.
func (p *Progress) part(i int) (start, end calendar.Date) {
	days := int(p.Period.End-p.Period.Start) + 1
	months := p.Quota.Per.months()
	at := func(i int) calendar.Date {
		if p.Quota.By == "" && months%p.Times == 0 {
			_, m, _ := p.Period.Start.YMD()
			if m += i * months / p.Times; m > 12 {
				return calendar.Of(p.Period.Year+1, m-12, 1)
			}
			return calendar.Of(p.Period.Year, m, 1)
		}
		return p.Period.Start.Add(days * i / p.Times)
	}
	return at(i), at(i + 1).Add(-1)
}

func (p *Progress) whole(done, planned, of int) {
	p.Parts, p.Planning, p.Whole = min(done, of), min(planned, max(0, of-done)), of
}

// first is the first day of a named round.
func first(visits []Visit, round string) calendar.Date {
	day := calendar.Date(1 << 30)
	for _, v := range visits {
		if v.Round == round {
			day = min(day, v.on())
		}
	}
	return day
}
