package plan

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/desk"
	"dossier/engine/draw"
	"dossier/engine/ledger"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
	"dossier/engine/text"
)

// Making is what a plan's checks are made of.
type Making struct {
	Draw    int               // a draw of the entry: its objects and teams; 0: those chosen
	Objects []string          // the units chosen, by their IDs
	Team    []office.PersonID // who checks them, who is in charge first
	Day     calendar.Date
	Reason  string // why a ceiling, or the end of a licence, doesn't stand against it
	Values  procedure.Values
	Key     string // of the request, so that it sent twice is made once; "" none
}

// Make makes the entry's checks. What stands against them is told before the first is opened; one that its procedure
// refuses is told beside it, and the others are opened.
func (b *Book) Make(ctx context.Context, who office.PersonID, e Entry, m Making) (*Made, error) {
	r := e.Quota.regime
	if !b.On(r) || !b.Opens(who, r) {
		if err := b.allowed(who, r); err != nil {
			return nil, err
		}
		if _, err := b.workflow(r); err != nil {
			return nil, err
		}
	}
	p, err := b.Progress(e)
	if err != nil {
		return nil, err
	}
	made, err := b.MadeOf(e)
	if err != nil {
		return nil, err
	}
	for i := range made {
		if m.Key != "" && made[i].Key == m.Key && made[i].By == who {
			return &made[i], nil // a second press
		}
	}
	checks, units, err := b.choose(e, p, &m)
	if err != nil {
		return nil, err
	}
	x := Made{Entry: e.ID(), N: len(made) + 1, Draw: m.Draw, Nth: p.nth(), Day: m.Day, Reason: strings.TrimSpace(m.Reason), Values: m.Values, Checks: checks, Key: m.Key, By: who, At: b.now()}
	for _, old := range made {
		if m.Draw > 0 && old.Draw == m.Draw {
			return nil, unmet("checks-made", refusal.Args{"n": strconv.Itoa(m.Draw)})
		}
	}
	cmd, err := b.command(e, &x, 0, units[checks[0].Object])
	if err != nil {
		return nil, err
	}
	cmd.Key = ""
	if f, err := desk.Foresee(b.Engine, cmd); err != nil {
		return nil, err
	} else if f.Err != nil { // it would refuse all of them, or nearly
		return nil, f.Err
	}
	if err := b.keep(ctx, ledger.RecordWrite{Kind: KindMade, ID: x.id()}, x); err != nil {
		return nil, err
	}
	x.seq = 1
	return &x, b.press(ctx, e, &x, units)
}

// nth is the round that lacks something, from 1; 0 where rounds cover nothing.
func (p Progress) nth() int {
	return slices.IndexFunc(p.Rounds, func(r Round) bool { return !r.Done && r.Have+r.Planned < r.Need }) + 1
}

// choose are the checks that are asked for, with the units that they are of; what stands against them refuses all.
func (b *Book) choose(e Entry, p Progress, m *Making) ([]Check, map[string]*Unit, error) {
	today := b.Engine.Today()
	var fs []refusal.FieldFault
	switch {
	case m.Day == 0:
		fs = append(fs, refusal.FieldFault{Path: "day", Code: refusal.FieldInvalid, Why: "field.required"})
	case m.Day < today:
		fs = append(fs, refusal.FieldFault{Path: "day", Code: refusal.FieldInvalid, Why: "field.plan-past", Args: refusal.Args{"today": today.String()}})
	}
	if m.Draw == 0 && len(m.Objects) == 0 {
		fs = append(fs, refusal.FieldFault{Path: "objects", Code: refusal.FieldInvalid, Why: "field.required"})
	}
	if len(fs) > 0 {
		return nil, nil, &refusal.Error{Code: refusal.FieldInvalid, Fields: fs}
	}
	w, err := b.witness(e.Quota.regime, today)
	if err != nil {
		return nil, nil, err
	}
	units := map[string]*Unit{}
	for i := range w.units {
		units[w.units[i].ID] = &w.units[i]
	}
	var checks []Check
	if m.Draw > 0 {
		checks, err = b.drawn(e, m.Draw, units)
	} else {
		checks, err = b.chosen(m, units, max(2, p.Staff))
	}
	if err != nil {
		return nil, nil, err
	}
	return checks, units, b.against(e, p, m, checks, units, w)
}

// chosen are checks of the objects that were chosen, all by one team.
func (b *Book) chosen(m *Making, units map[string]*Unit, staff int) ([]Check, error) {
	team := slices.Compact(slices.Sorted(slices.Values(m.Team)))
	if len(team) != len(m.Team) || len(team) < staff {
		return nil, unmet("staff-too-few", refusal.Args{"need": strconv.Itoa(staff), "have": strconv.Itoa(len(team)), "of": ""})
	}
	var out []Check
	seen := map[string]bool{}
	for _, id := range m.Objects {
		u := units[id]
		switch {
		case u == nil:
			return nil, unmet("object-gone", refusal.Args{"of": id})
		case seen[id]:
			continue
		}
		seen[id] = true
		out = append(out, Check{Object: id, Name: u.Name, Team: m.Team})
	}
	return out, nil
}

// drawn are checks of what a draw gave. An object of a list that is in no registry goes by its name and its code.
func (b *Book) drawn(e Entry, n int, units map[string]*Unit) ([]Check, error) {
	ds, err := b.Draws(e)
	if err != nil {
		return nil, err
	}
	if n > len(ds) || ds[n-1].Seed == "" {
		return nil, unmet("not-drawn", nil)
	}
	if slices.ContainsFunc(ds, func(d Drawn) bool { return d.Again == n && d.Seed != "" }) {
		return nil, unmet("drawn-again", refusal.Args{"n": strconv.Itoa(n)})
	}
	s, err := draw.Parse(ds[n-1].Sheet)
	if err != nil {
		return nil, err
	}
	var out []Check
	for _, p := range ds[n-1].Picks {
		o, _ := s.Find(p.Object)
		c := Check{Object: o.ID, Name: o.Name}
		for _, id := range p.Team {
			c.Team = append(c.Team, office.PersonID(id))
		}
		if units[o.ID] == nil {
			units[o.ID] = &Unit{ID: o.ID, Name: o.Name, Values: procedure.Values{"name": procedure.TextValue(o.Name), "credit-code": procedure.TextValue(o.ID)}}
		}
		out = append(out, c)
	}
	return out, nil
}

// against tells what stands against the checks unless a reason is given: a ceiling that is reached, a licence that has ended.
func (b *Book) against(e Entry, p Progress, m *Making, checks []Check, units map[string]*Unit, w *witness) error {
	if strings.TrimSpace(m.Reason) != "" || m.Draw > 0 && b.exempted(e, m.Draw) {
		return nil
	}
	ceiling, err := b.Ceiling(e.Quota.regime, p.Figures)
	if err != nil {
		return err
	}
	year, _, _ := m.Day.YMD()
	often := map[string]int{}
	for _, v := range w.visits(year) {
		if !v.Exempt {
			often[v.Object]++
		}
	}
	full, ended := []string{}, []string{}
	for _, c := range checks {
		u := units[c.Object]
		n := 0
		for _, name := range u.names() {
			n += often[name]
		}
		if ceiling > 0 && n >= ceiling {
			full = append(full, u.Name)
		}
		if u.Until != 0 && u.Until < m.Day {
			ended = append(ended, u.Name)
		}
	}
	var cs []refusal.Condition
	if len(full) > 0 {
		cs = append(cs, refusal.Condition{Code: "ceiling-reached", Args: refusal.Args{"of": strings.Join(full, "、"), "n": strconv.Itoa(ceiling)}})
	}
	if len(ended) > 0 {
		cs = append(cs, refusal.Condition{Code: "licence-ended", Args: refusal.Args{"of": strings.Join(ended, "、")}})
	}
	if len(cs) > 0 {
		return &refusal.Error{Code: refusal.ConditionUnmet, Conditions: cs}
	}
	return nil
}

// exempted tells whether a draw's sheet said why no ceiling holds.
func (b *Book) exempted(e Entry, n int) bool {
	ds, err := b.Draws(e)
	if err != nil || n > len(ds) {
		return false
	}
	s, err := draw.Parse(ds[n-1].Sheet)
	return err == nil && s.Exempt != ""
}

// command opens the i-th check.
func (b *Book) command(e Entry, x *Made, i int, u *Unit) (casefile.Command, error) {
	id, err := b.workflow(e.Quota.regime)
	if err != nil {
		return casefile.Command{}, err
	}
	c := x.Checks[i]
	values, err := b.values(e, u, &Making{Draw: x.Draw, Team: c.Team, Day: x.Day, Values: x.Values})
	return casefile.Command{Workflow: id, Action: b.Engine.Workflow(id).Def.Open.ID, Actor: x.By, Day: b.Engine.Today(), Values: values,
		Key: fmt.Sprintf("%s/%s/%d", KindMade, x.id(), i)}, err
}

// say is why a check couldn't be opened, in one Chinese line: it is kept beside it.
func (b *Book) say(r *refusal.Error) string {
	var out []string
	for _, c := range r.Conditions {
		out = append(out, r.SayCondition(text.ZH, c))
	}
	for _, f := range r.Fields {
		out = append(out, strings.ReplaceAll(r.SayField(text.ZH, f), "{field}", titleOf(r.Edition, f.Path)))
	}
	if len(out) == 0 {
		out = append(out, r.Say(text.ZH))
	}
	return strings.Join(out, "")
}

// titleOf is what a form calls the field, its path where it is of none.
func titleOf(ed *procedure.Edition, path string) string {
	if ed != nil {
		for _, fp := range ed.Def.Open.Blanks() {
			if f := ed.Forms[fp.Form].Field(procedure.FieldID(path)); f != nil {
				return f.Title.ZH
			}
		}
	}
	return path
}
