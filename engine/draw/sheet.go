package draw

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// Sheet is everything that a draw rests on but the seed.
type Sheet struct {
	Plan     string    // the plan's name
	Count    int       // how many objects are drawn, those for strata and those kept included; more where the strata ask for it
	Strata   []Stratum // filled first, in this order
	Ceiling  int       // visits a year after which an object takes no part; 0: none
	Exempt   string    // why the ceiling doesn't hold: a complaint, an order from above with its document, an application
	Risks    []Risk    // tickets of a grade of credit risk; another has one ticket
	Staff    int       // officers a team, two or more
	Trip     int       // objects that a team visits in one go, one or more
	Last     []string  // the team that went out last
	After    string    // of a redraw: the hash of the sheet that was drawn before
	Reason   string    // of a redraw
	Keep     []Keep    // of a redraw: what stays
	Officers []Officer // in the order of their IDs
	Objects  []Object  // in the order of their IDs
}

// Stratum asks for at least so many objects that bear a mark.
type Stratum struct {
	Mark  string
	Count int
}

// Risk is how many tickets an object of a grade has.
type Risk struct {
	Grade   string
	Tickets int
}

// Keep is an object that stays drawn. Without a team, one is drawn for it.
type Keep struct {
	Object string
	Team   []string
}

// Officer is a person who may be drawn. Recused are the objects that they mustn't check.
type Officer struct {
	ID, Name string
	Recused  []string
}

// Object is who may be checked.
type Object struct {
	ID     string // the credit code, or another that is the object's alone
	Name   string
	Risk   string   // grade of credit risk, "" unknown
	Visits int      // this year's visits that the ceiling counts
	Marks  []string // for the strata
}

// The limits of a sheet: what can't be is refused before it is drawn.
const (
	MaxObjects = 100_000
	maxTickets = 1_000
	maxStaff   = 9
)

func (o Officer) recused(object string) bool { return slices.Contains(o.Recused, object) }

// tickets of an object, by its risk.
func (s *Sheet) tickets(o Object) uint64 {
	for _, r := range s.Risks {
		if r.Grade == o.Risk {
			return uint64(r.Tickets)
		}
	}
	return 1
}

// Find is an object of the sheet with its tickets; the zero Object when there is none.
func (s *Sheet) Find(id string) (Object, int) {
	for _, o := range s.Objects {
		if o.ID == id {
			return o, int(s.tickets(o))
		}
	}
	return Object{}, 0
}

func (s *Sheet) object(id string) Object {
	at, _ := slices.BinarySearchFunc(s.Objects, id, func(o Object, id string) int { return cmp.Compare(o.ID, id) })
	return s.Objects[at]
}

// taking are the objects that can be drawn, and those that have reached the ceiling.
func (s *Sheet) taking() (in, full []Object) {
	kept := map[string]bool{}
	for _, k := range s.Keep {
		kept[k.Object] = true
	}
	for _, o := range s.Objects {
		switch {
		case kept[o.ID]:
		case s.Ceiling > 0 && s.Exempt == "" && o.Visits >= s.Ceiling:
			full = append(full, o)
		default:
			in = append(in, o)
		}
	}
	return in, full
}

// Freeze sorts the sheet, checks that it can be drawn, and gives its canonical text; *Fault.
func (s *Sheet) Freeze() (string, error) {
	slices.SortFunc(s.Objects, func(a, b Object) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortFunc(s.Officers, func(a, b Officer) int { return cmp.Compare(a.ID, b.ID) })
	if err := s.check(); err != nil {
		return "", err
	}
	return s.text(), nil
}

// check tells what is wrong; a nil error, not a nil *Fault, when nothing is.
func (s *Sheet) check() error {
	for _, f := range []func() *Fault{s.numbers, s.names, s.enough, s.staffed} {
		if fault := f(); fault != nil {
			return fault
		}
	}
	return nil
}

// numbers are within their limits.
func (s *Sheet) numbers() *Fault {
	within := func(n, low, high int, of string) *Fault {
		if n < low || n > high {
			return fault(BadCount, of+" "+strconv.Itoa(n))
		}
		return nil
	}
	if len(s.Objects) == 0 {
		return fault(Empty, "")
	}
	faults := []*Fault{within(s.Count, 1, MaxObjects, "count"), within(len(s.Objects), 1, MaxObjects, "objects"), within(s.Ceiling, 0, 1_000, "ceiling"),
		within(s.Staff, 2, maxStaff, "staff"), within(s.Trip, 1, 100, "trip")}
	for _, st := range s.Strata {
		faults = append(faults, within(st.Count, 0, MaxObjects, "stratum "+st.Mark))
	}
	for _, r := range s.Risks {
		faults = append(faults, within(r.Tickets, 1, maxTickets, "risk "+r.Grade))
	}
	for _, o := range s.Objects {
		faults = append(faults, within(o.Visits, 0, 100_000, o.ID))
	}
	if len(s.Last) != 0 && len(s.Last) < 2 {
		faults = append(faults, fault(BadCount, "last"))
	}
	switch {
	case (s.After == "") != (s.Reason == "") || s.After == "" && len(s.Keep) > 0:
		faults = append(faults, fault(NoReason, ""))
	case len(s.Keep) > 0 && len(s.Keep) >= s.Count && !slices.ContainsFunc(s.Keep, func(k Keep) bool { return len(k.Team) == 0 }):
		faults = append(faults, fault(NothingChanges, ""))
	}
	for _, f := range faults {
		if f != nil {
			return f
		}
	}
	return nil
}

// names are there, once, in one line each, and what refers to them finds them.
func (s *Sheet) names() *Fault {
	objects, officers := map[string]bool{}, map[string]bool{}
	once := func(seen map[string]bool, id, name string) *Fault {
		switch {
		case id == "" || name == "":
			return fault(Nameless, id+name)
		case seen[id]:
			return fault(Twice, id+" "+name)
		}
		seen[id] = true
		return nil
	}
	for _, o := range s.Objects {
		if f := once(objects, o.ID, o.Name); f != nil {
			return f
		}
		if d := duplicate(o.Marks); d != "" {
			return fault(Twice, o.ID+" "+d)
		}
	}
	for _, o := range s.Officers {
		if f := once(officers, o.ID, o.Name); f != nil {
			return f
		}
		if d := duplicate(o.Recused); d != "" {
			return fault(Twice, o.ID+" "+d)
		}
		for _, id := range o.Recused {
			if !objects[id] {
				return fault(NotThere, id)
			}
		}
	}
	kept, marks, grades := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, k := range s.Keep {
		if f := once(kept, k.Object, k.Object); f != nil {
			return f
		}
		if !objects[k.Object] {
			return fault(NotThere, k.Object)
		}
		for _, id := range k.Team {
			if !officers[id] {
				return fault(NotThere, id)
			}
		}
		if len(k.Team) != 0 && len(k.Team) < s.Staff || duplicate(k.Team) != "" {
			return fault(BadCount, "keep "+k.Object)
		}
	}
	for _, st := range s.Strata {
		if f := once(marks, st.Mark, st.Mark); f != nil {
			return f
		}
	}
	for _, r := range s.Risks {
		if f := once(grades, r.Grade, r.Grade); f != nil {
			return f
		}
	}
	if s.Plan == "" {
		return fault(Nameless, "plan")
	}
	for _, row := range s.rows() {
		for _, cell := range row {
			if strings.ContainsFunc(cell, unicode.IsControl) || strings.ToValidUTF8(cell, "") != cell {
				return fault(BadText, cell)
			}
		}
	}
	return nil
}

func duplicate(ids []string) string {
	for i, id := range ids {
		if id == "" || slices.Contains(ids[:i], id) {
			return "“" + id + "”"
		}
	}
	return ""
}

// enough objects can be drawn, of each stratum and of all.
func (s *Sheet) enough() *Fault {
	in, _ := s.taking()
	kept := func(mark string) (n int) {
		for _, k := range s.Keep {
			if mark == "" || slices.Contains(s.object(k.Object).Marks, mark) {
				n++
			}
		}
		return n
	}
	for _, st := range s.Strata {
		have := kept(st.Mark)
		for _, o := range in {
			if slices.Contains(o.Marks, st.Mark) {
				have++
			}
		}
		if have < st.Count {
			return &Fault{Larger, st.Mark, st.Count, have}
		}
	}
	if have := len(in) + kept(""); have < s.Count {
		return &Fault{Larger, "", s.Count, have}
	}
	return nil
}

// staffed: each object that may be drawn finds a team.
func (s *Sheet) staffed() *Fault {
	recused := map[string]int{}
	for _, o := range s.Officers {
		for _, id := range o.Recused {
			recused[id]++
		}
	}
	if len(s.Officers) < s.Staff {
		return &Fault{NoStaff, "", s.Staff, len(s.Officers)}
	}
	for _, o := range s.Objects {
		if free := len(s.Officers) - recused[o.ID]; free < s.Staff {
			return &Fault{NoStaff, o.Name, s.Staff, free}
		}
	}
	for _, k := range s.Keep {
		free := slices.DeleteFunc(slices.Clone(k.Team), func(id string) bool {
			return s.Officers[slices.IndexFunc(s.Officers, func(o Officer) bool { return o.ID == id })].recused(k.Object)
		})
		if len(free) < len(k.Team) {
			return &Fault{NoStaff, s.object(k.Object).Name, len(k.Team), len(free)}
		}
	}
	return nil
}

// head is the first line of every sheet; its number changes when the recipe does.
var head = []string{"dossier-draw", "1"}

// rows are the sheet's lines, each of cells: what is not there has no line.
func (s *Sheet) rows() [][]string {
	n := strconv.Itoa
	rows := [][]string{head, {"plan", s.Plan}, {"count", n(s.Count)}}
	for _, st := range s.Strata {
		rows = append(rows, []string{"stratum", st.Mark, n(st.Count)})
	}
	if s.Ceiling > 0 {
		rows = append(rows, []string{"ceiling", n(s.Ceiling)})
	}
	if s.Exempt != "" {
		rows = append(rows, []string{"exempt", s.Exempt})
	}
	for _, r := range s.Risks {
		rows = append(rows, []string{"risk", r.Grade, n(r.Tickets)})
	}
	rows = append(rows, []string{"staff", n(s.Staff)}, []string{"trip", n(s.Trip)})
	if len(s.Last) > 0 {
		rows = append(rows, append([]string{"last"}, s.Last...))
	}
	if s.After != "" {
		rows = append(rows, []string{"after", s.After, s.Reason})
	}
	for _, k := range s.Keep {
		rows = append(rows, append([]string{"keep", k.Object}, k.Team...))
	}
	for _, o := range s.Officers {
		rows = append(rows, append([]string{"officer", o.ID, o.Name}, o.Recused...))
	}
	for _, o := range s.Objects {
		rows = append(rows, append([]string{"object", o.ID, o.Name, o.Risk, n(o.Visits)}, o.Marks...))
	}
	return rows
}

func (s *Sheet) text() string {
	var b strings.Builder
	for _, row := range s.rows() {
		b.WriteString(strings.Join(row, "\t"))
		b.WriteByte('\n')
	}
	return b.String()
}

// Parse reads a sheet's text back. What [Sheet.Freeze] would write in another way is no sheet.
func Parse(text string) (*Sheet, error) {
	s := &Sheet{}
	for i, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		cells := strings.Split(line, "\t")
		if !s.line(i, cells) {
			return nil, fault(Unreadable, strconv.Itoa(i+1))
		}
	}
	again := *s
	again.Objects, again.Officers = slices.Clone(s.Objects), slices.Clone(s.Officers)
	frozen, err := again.Freeze()
	if err != nil {
		return nil, err
	}
	if frozen != text {
		line := 1 // the first that differs
		for a, b := frozen, text; ; line++ {
			x, moreA, okA := strings.Cut(a, "\n")
			y, moreB, okB := strings.Cut(b, "\n")
			if x != y || !okA || !okB {
				break
			}
			a, b = moreA, moreB
		}
		return nil, fault(Unreadable, strconv.Itoa(line))
	}
	return s, nil
}

// line reads one line into the sheet.
func (s *Sheet) line(i int, cells []string) bool {
	if i == 0 {
		return slices.Equal(cells, head)
	}
	good := true
	number := func(at int) int {
		n, err := strconv.Atoi(cells[at])
		good = good && err == nil
		return n
	}
	word, rest := cells[0], cells[1:]
	least := map[string]int{"plan": 1, "count": 1, "stratum": 2, "ceiling": 1, "exempt": 1, "risk": 2, "staff": 1, "trip": 1, "last": 2, "after": 2, "keep": 1, "officer": 2, "object": 4}
	if n, known := least[word]; !known || len(rest) < n {
		return false
	}
	switch word {
	case "plan":
		s.Plan = cells[1]
	case "count":
		s.Count = number(1)
	case "stratum":
		s.Strata = append(s.Strata, Stratum{cells[1], number(2)})
	case "ceiling":
		s.Ceiling = number(1)
	case "exempt":
		s.Exempt = cells[1]
	case "risk":
		s.Risks = append(s.Risks, Risk{cells[1], number(2)})
	case "staff":
		s.Staff = number(1)
	case "trip":
		s.Trip = number(1)
	case "last":
		s.Last = rest
	case "after":
		s.After, s.Reason = cells[1], cells[2]
	case "keep":
		s.Keep = append(s.Keep, Keep{cells[1], cells[2:]})
	case "officer":
		s.Officers = append(s.Officers, Officer{cells[1], cells[2], cells[3:]})
	case "object":
		s.Objects = append(s.Objects, Object{cells[1], cells[2], cells[3], number(4), cells[5:]})
	}
	return good
}

// Again is the sheet of a redraw: what is out is drawn anew, the rest stays. An object that is out takes no part; where
// only officers are out, the objects stay and new teams are drawn for those whom they would have checked.
// The sheet is s as it was drawn, r what was drawn from it. *Fault.
func (s *Sheet) Again(r *Result, reason string, out ...string) (*Sheet, error) {
	if strings.TrimSpace(reason) == "" {
		return nil, fault(NoReason, "")
	}
	next := *s
	next.After, next.Reason, next.Keep = r.Hash, strings.TrimSpace(reason), nil
	gone := map[string]bool{}
	for _, id := range out {
		if !slices.ContainsFunc(s.Objects, func(o Object) bool { return o.ID == id }) && !slices.ContainsFunc(s.Officers, func(o Officer) bool { return o.ID == id }) {
			return nil, fault(NotThere, id)
		}
		gone[id] = true
	}
	next.Objects = slices.DeleteFunc(slices.Clone(s.Objects), func(o Object) bool { return gone[o.ID] })
	next.Officers = nil
	for _, o := range s.Officers {
		if gone[o.ID] {
			continue
		}
		o.Recused = slices.DeleteFunc(slices.Clone(o.Recused), func(id string) bool { return gone[id] })
		next.Officers = append(next.Officers, o)
	}
	if len(gone) == 0 {
		return &next, nil // all of it is drawn again
	}
	for _, p := range r.Picks {
		if gone[p.Object] {
			continue
		}
		k := Keep{Object: p.Object}
		if !slices.ContainsFunc(p.Team, func(id string) bool { return gone[id] }) {
			k.Team = p.Team
		}
		next.Keep = append(next.Keep, k)
	}
	next.Count = max(next.Count, len(r.Picks))
	return &next, nil
}
