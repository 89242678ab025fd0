package casefile

import (
	"slices"

	"dossier/engine/calendar"
	"dossier/engine/procedure"
)

// Each respondent has a place. Of a procedure that says `each:`, a case with several respondents moves as one until the
// fact that it names is set; from then on each respondent stands at a state of the main walk of their own, and the case's
// state is the earliest of these places in the order of the file. With one respondent nothing of this is written.

// Place is where one respondent stands.
type Place struct {
	Party string            `json:"party"`
	State procedure.StateID `json:"state"`
	Seq   uint64            `json:"seq"` // the event that brought them there
	Since calendar.Date     `json:"since"`
}

// Moved is where an event puts a respondent.
type Moved struct {
	Party string            `json:"party"`
	State procedure.StateID `json:"state"`
}

// Off is an event that made a day void for one respondent alone.
type Off struct {
	Party string `json:"party"`
	Seq   uint64 `json:"seq"`
}

// Apart tells whether each respondent walks alone.
func (c *Case) Apart() bool { return len(c.Places) > 0 }

// Stands is the state at which a respondent stands.
func (c *Case) Stands(party string) procedure.StateID {
	if p := c.Place(party); p != nil {
		return p.State
	}
	return c.Main()
}

func (c *Case) Place(party string) *Place {
	for i := range c.Places {
		if c.Places[i].Party == party {
			return &c.Places[i]
		}
	}
	return nil
}

// Standing are the states at which somebody stands, each once, the earliest first.
func (c *Case) Standing(def *procedure.Definition) []procedure.StateID {
	if !c.Apart() {
		return []procedure.StateID{c.Main()}
	}
	var out []procedure.StateID
	for i := range def.Main.States {
		id := def.Main.States[i].ID
		if slices.ContainsFunc(c.Places, func(p Place) bool { return p.State == id }) {
			out = append(out, id)
		}
	}
	return out
}

// At are the respondents who stand at the state.
func (c *Case) At(d *procedure.Definition, state procedure.StateID) []string {
	if !c.Apart() {
		return Parties(d, c)
	}
	var names []string
	for _, p := range c.Places {
		if p.State == state {
			names = append(names, p.Party)
		}
	}
	return names
}

// part gives each of several respondents a place of their own once the fact is set from which they walk alone, and moves
// those whom the event moves.
func (c *Case) part(ed *procedure.Edition, ev *Event) {
	if ed.Def.Apart == "" {
		return
	}
	c.Places = slices.Clone(c.Places)
	if !c.Apart() {
		set := slices.ContainsFunc(ev.Days, func(d DaySet) bool { return d.Fact == ed.Def.Apart })
		if !set && len(ev.Moved) == 0 || len(Parties(ed.Def, c)) < 2 {
			return
		}
		main := c.Walks[0]
		for _, p := range Parties(ed.Def, c) {
			c.Places = append(c.Places, Place{Party: p, State: main.State, Seq: main.Seq, Since: main.Since})
		}
	}
	for _, m := range ev.Moved {
		if p := c.Place(m.Party); p != nil && p.State != m.State {
			p.State, p.Seq, p.Since = m.State, ev.Seq, ev.Day
		}
	}
	if ev.MovesMain != "" {
		for i := range c.Places {
			p := &c.Places[i]
			p.State, p.Seq, p.Since = ev.MovesMain, ev.Seq, ev.Day
		}
	}
	c.derive(ed, ev)
}

// derive makes the main walk's state the earliest place.
func (c *Case) derive(ed *procedure.Edition, ev *Event) {
	first := -1
	for i := range c.Places {
		if n := ed.Def.Main.Index(c.Places[i].State); first < 0 || n < ed.Def.Main.Index(c.Places[first].State) {
			first = i
		}
	}
	if w := &c.Walks[0]; first >= 0 && w.State != c.Places[first].State {
		w.State, w.Seq, w.Since = c.Places[first].State, ev.Seq, ev.Day
	}
}

// rename lets what is kept by a respondent's name follow the name where it is mended: the same rows, some with another
// name.
func (c *Case) rename(d *procedure.Definition, before *Case) {
	if before == nil {
		return
	}
	was, now := Parties(d, before), Parties(d, c)
	if slices.Equal(was, now) || len(was) != len(now) {
		return
	}
	names := map[string]string{}
	for i := range was {
		if was[i] != now[i] {
			if slices.Contains(now, was[i]) || slices.Contains(was, now[i]) {
				return // the rows changed places: nobody has another name
			}
			names[was[i]] = now[i]
		}
	}
	to := func(s *string) {
		if n, ok := names[*s]; ok {
			*s = n
		}
	}
	all := func(list []string) []string {
		list = slices.Clone(list)
		for i := range list {
			to(&list[i])
		}
		return list
	}
	for i := range c.Days {
		d := &c.Days[i]
		if k := ParseKey(d.Key); names[k.Respondent] != "" {
			k.Respondent = names[k.Respondent]
			d.Key = k.String()
		}
		d.Off = slices.Clone(d.Off)
		for j := range d.Off {
			to(&d.Off[j].Party)
		}
	}
	c.Places = slices.Clone(c.Places)
	for i := range c.Places {
		to(&c.Places[i].Party)
	}
	for i := range c.Walks {
		to(&c.Walks[i].Party)
	}
	for i := range c.Findings {
		to(&c.Findings[i].Party)
	}
	for i := range c.Taken {
		c.Taken[i].Parties = all(c.Taken[i].Parties)
	}
	for i := range c.Papers {
		p := &c.Papers[i]
		to(&p.For)
		p.Of = all(p.Of)
		p.Parts = slices.Clone(p.Parts)
		for j := range p.Parts {
			if v, ok := p.Parts[j].Values["respondent"]; ok {
				vs := Written(p.Parts[j].Values)
				to(&v.Text)
				v.List = all(v.List)
				vs["respondent"] = v
				p.Parts[j].Values = vs
			}
			for _, at := range []procedure.Column{d.Terms.Severity.Shares, {Table: d.Terms.Severity.Violations.Table, Column: d.Terms.Severity.Violations.Party}} {
				if v, ok := p.Parts[j].Values[at.Table]; ok {
					p.Parts[j].Values = Written(p.Parts[j].Values)
					p.Parts[j].Values[at.Table] = renamed(v, at.Column, names)
				}
			}
		}
	}
}

// renamed is a table in which a column of names follows them.
func renamed(v procedure.Value, column procedure.FieldID, names map[string]string) procedure.Value {
	rows := slices.Clone(v.Rows)
	for i, r := range rows {
		if n, ok := names[r[column]]; ok {
			rows[i] = Written(r)
			rows[i][column] = n
		}
	}
	v.Rows = rows
	return v
}

// mend marks the documents that bear what an event mended of a party, and brings it onto the papers that are not issued.
func (c *Case) mend(ev *Event) {
	for i := range c.Issued {
		if d := &c.Issued[i]; d.Void == 0 && c.Papers[d.P-1].Concerns([]string{ev.Mends}) {
			d.Mended = ev.Seq
		}
	}
	for i := range c.Papers {
		p := &c.Papers[i]
		if !p.Open {
			continue
		}
		p.Parts = slices.Clone(p.Parts)
		for j := range p.Parts {
			x := &p.Parts[j]
			for id, v := range ev.Shared {
				if _, ok := x.Values[id]; ok && x.Past == 0 {
					x.Values = Written(x.Values)
					x.Values[id] = v
				}
			}
		}
	}
}

// Concerns tells whether the paper is about one of these respondents; no names mean anybody.
func (p *Paper) Concerns(view []string) bool {
	if len(view) == 0 {
		return true
	}
	if p.For != "" {
		return slices.Contains(view, p.For)
	}
	return len(p.Of) == 0 || Overlap(p.Of, view)
}

// Overlap tells whether two lists of respondents have one in common; an empty list is everybody.
func Overlap(a, b []string) bool {
	return len(a) == 0 || len(b) == 0 || slices.ContainsFunc(a, func(n string) bool { return slices.Contains(b, n) })
}

// Party is whom the paper concerns, where it is one respondent.
func (p *Paper) Party() string {
	if p.For == "" && len(p.Of) == 1 {
		return p.Of[0]
	}
	return p.For
}
