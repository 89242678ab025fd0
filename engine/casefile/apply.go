package casefile

import (
	"maps"
	"slices"
	"time"

	"dossier/engine/office"
	"dossier/engine/procedure"
)

// Apply makes the case after an event from the case before it, nil for the first; ed is the edition that the event opens the
// case on or brings it to, else the one it was on. It asks nobody anything: what the
// event says happened. The case before is not changed.
func Apply(ed *procedure.Edition, before *Case, ev *Event) *Case {
	c := before.Clone()
	if ev.Open != nil {
		c = &Case{ID: ev.Case, Workflow: ev.Open.Workflow, Version: ev.Open.Version, Edition: ev.Open.Edition,
			Opener: ev.Actor, Opened: ev.At, Walks: []WalkState{{ID: procedure.Main, Def: procedure.Main}}, Shared: procedure.Values{},
			Numbers: map[string]string{}, Roles: map[procedure.Actor][]office.PersonID{}}
	}
	if to := ev.Adopts; to != nil { // what was done by the older edition is recalled no more
		c.Version, c.Edition = to.Version, to.Edition
		for i := range c.Taken {
			c.Taken[i].Undo = nil
		}
	}
	c.Seq = ev.Seq
	undo := c.touch(ev)
	c.Fill(ed, ev)
	c.Date(ev)
	c.Keep(ev)
	c.Assigned = append(slices.Clip(c.Assigned), c.given(ed.Def, ev)...)
	c.move(ev)
	c.part(ed, ev)
	c.correct(ed, ev)
	c.find(ev)
	c.take(ed, before, ev, undo)
	if ed.Def.Apart != "" && len(ev.Shared) > 0 {
		c.rename(ed.Def, before)
	}
	return c
}

// Clone copies a case so that the copy may be changed. Its lists have room for what one event adds; its maps, and the
// parts of its papers, are copied when they are written.
func (c *Case) Clone() *Case {
	if c == nil {
		return &Case{}
	}
	n := c.Draft()
	n.Walks = roomy(c.Walks)
	n.Findings = slices.Clone(c.Findings)
	n.Taken = roomy(c.Taken)
	return n
}

// Draft copies only what an action's own choices may see changed: its papers, documents, days and values.
func (c *Case) Draft() *Case {
	n := *c
	n.Days = roomy(c.Days)
	n.Papers = roomy(c.Papers)
	n.Issued = roomy(c.Issued)
	return &n
}

// roomy is a copy of a list with room for two more.
func roomy[T any](list []T) []T {
	if list == nil {
		return nil
	}
	return append(make([]T, 0, len(list)+2), list...)
}

// Written is a copy of a map that may be written, of a nil map too.
func Written[M ~map[K]V, K comparable, V any](m M) M {
	if m == nil {
		return M{}
	}
	return maps.Clone(m)
}

// touch notes who acted, and forgets what can't be recalled any more.
func (c *Case) touch(ev *Event) *Undo {
	if ev.Actor == office.System {
		return &Undo{}
	}
	if ev.Actor != c.LastBy {
		for i := range c.Taken { // what was done since to other respondents alone stands in nobody's way
			if c.Taken[i].By != ev.Actor && Overlap(c.Taken[i].Parties, ev.Parties) {
				c.Taken[i].Undo = nil
			}
		}
	}
	c.LastBy = ev.Actor
	return &Undo{}
}

// Fill writes what the event filled into its papers.
func (c *Case) Fill(ed *procedure.Edition, ev *Event) {
	for _, f := range ev.Papers {
		order := PartOrder(ed, f.Form)
		if f.New {
			p := Paper{P: f.P, Form: f.Form, Walk: ev.Walk, For: f.For, Of: f.Of, Open: true}
			if from := c.Paper(f.From); from != nil { // the earlier parts, with who filled them
				for _, x := range from.Parts {
					if x.Past == 0 && order[x.Part] < order[f.Part] {
						p.Parts = append(p.Parts, x)
					}
				}
			}
			c.Papers = append(c.Papers, p)
		}
		p := &c.Papers[f.P-1]
		parts := slices.Clone(p.Parts)
		at := order[f.Part]
		for i := range parts { // what was signed after this part was signed on another text
			if parts[i].Past == 0 && order[parts[i].Part] >= at {
				parts[i].Past = ev.Seq
			}
		}
		x := Filled{Part: f.Part, Seq: ev.Seq, By: ev.Actor, For: ev.For, Day: ev.Day, Decision: ev.Decision, Values: f.Values}
		if ev.Decision == procedure.Return { // a return keeps the signatures as history; the first part stands to be mended
			x.Past = ev.Seq
			for i := range parts {
				if parts[i].Past == 0 && order[parts[i].Part] > 0 {
					parts[i].Past = ev.Seq
				}
			}
		}
		p.Parts = append(parts, x)
		if f.Shut {
			p.Open = false
		}
	}
	if len(ev.Shared) > 0 {
		c.Shared = Written(c.Shared)
		maps.Copy(c.Shared, ev.Shared)
	}
}

func PartOrder(ed *procedure.Edition, id procedure.FormID) map[procedure.PartID]int {
	m := map[procedure.PartID]int{}
	if f := ed.Forms[id]; f != nil {
		for i, p := range f.Parts {
			m[p.ID] = i
		}
	}
	return m
}

// Date voids and sets facts.
func (c *Case) Date(ev *Event) {
	for _, id := range ev.Voids {
		for i := range c.Days {
			if d := &c.Days[i]; d.Fact == id && d.Void == 0 {
				c.void(d, ev)
			}
		}
	}
	for _, d := range ev.Days {
		c.Days = append(c.Days, Day{Fact: d.Fact, Key: d.Key, Day: d.Day, Raw: d.Raw, Seq: ev.Seq})
	}
}

// given are those to whom the event gives the case to investigate for the first time.
func (c *Case) given(d *procedure.Definition, ev *Event) []office.PersonID {
	var ids []office.PersonID
	for _, role := range []procedure.Actor{d.Terms.Officers, d.Terms.InCharge} {
		for _, p := range ev.Roles[role] {
			if !slices.Contains(c.Assigned, p) && !slices.Contains(ids, p) {
				ids = append(ids, p)
			}
		}
	}
	return ids
}

// Keep writes documents, numbers, roles, marks, links and files.
func (c *Case) Keep(ev *Event) {
	for _, d := range ev.Issued {
		c.Issued = append(c.Issued, d)
		c.Papers[d.P-1].Doc, c.Papers[d.P-1].Open = d.N, false
	}
	if len(ev.Numbers) > 0 {
		c.Numbers = Written(c.Numbers)
		maps.Copy(c.Numbers, ev.Numbers)
	}
	if len(ev.Roles) > 0 {
		c.Roles = Written(c.Roles)
	}
	for role, people := range ev.Roles {
		if len(people) == 0 {
			delete(c.Roles, role)
			continue
		}
		c.Roles[role] = people
	}
	for _, m := range ev.Marks {
		if !slices.Contains(c.Marks, m) {
			c.Marks = append(slices.Clip(c.Marks), m)
		}
	}
	c.unmark(ev.Unmarks)
	for _, id := range ev.Barred {
		if !slices.Contains(c.Barred, id) {
			c.Barred = append(slices.Clip(c.Barred), id)
		}
	}
	c.Links = append(slices.Clip(c.Links), ev.Links...)
	for _, f := range ev.Files {
		f.Seq = ev.Seq
		c.Files = append(slices.Clip(c.Files), f)
	}
	if ev.Supervised != 0 {
		c.Supervised = ev.Supervised
	}
	if ev.Reported {
		c.Supervised = 0
	}
}

// unmark takes marks off.
func (c *Case) unmark(marks []string) {
	if len(marks) > 0 {
		c.Marks = slices.DeleteFunc(slices.Clone(c.Marks), func(m string) bool { return slices.Contains(marks, m) })
	}
}

// move brings walks to their new states.
func (c *Case) move(ev *Event) {
	if ev.To != "" && !(ev.Walk == procedure.Main && len(ev.Parties) > 0) {
		c.bring(ev.Walk, ev.WalkDef, ev.To, ev)
	}
	if ev.MovesMain != "" {
		c.bring(procedure.Main, procedure.Main, ev.MovesMain, ev)
	}
	for id, st := range ev.Rests {
		c.bring(id, "", st, ev)
	}
	if ev.Ends {
		c.Ended, c.EndDay = ev.Seq, ev.Day
	}
}

func (c *Case) bring(id, def procedure.WalkID, to procedure.StateID, ev *Event) {
	w := c.Walk(id)
	if w == nil {
		c.Walks = append(c.Walks, WalkState{ID: id, Def: def})
		w = &c.Walks[len(c.Walks)-1]
		if ev.Begins != "" {
			w.Party = ev.Begins
		}
	}
	if w.State != to { // an action that leaves the walk where it is moves nothing
		w.State, w.Seq, w.Since = to, ev.Seq, ev.Day
	}
}

// correct applies what a built-in action mends.
func (c *Case) correct(ed *procedure.Edition, ev *Event) {
	fixes := ev.FixesToo
	if ev.Fixes != nil {
		fixes = append([]DayFix{*ev.Fixes}, fixes...)
	}
	for _, f := range fixes {
		for i := range c.Days {
			if d := &c.Days[i]; d.Fact == f.Fact && d.Key == f.Key && d.Seq == f.Seq {
				d.Day, d.Raw, d.Fixed = f.Day, f.Raw, ev.Seq
			}
		}
	}
	if f := ev.FixValue; f != nil {
		p := &c.Papers[f.P-1]
		p.Parts = slices.Clone(p.Parts)
		if x := p.Current(f.Part); x != nil {
			x.Values = maps.Clone(x.Values)
			x.Values[f.Field] = f.Value
		}
	}
	if ev.Mends != "" {
		c.mend(ev)
	}
	if ev.VoidDoc > 0 {
		c.Issued[ev.VoidDoc-1].Void = ev.Seq
	}
	for _, n := range ev.Aside {
		c.Issued[n-1].Void, c.Issued[n-1].Aside = ev.Seq, true
	}
	if ev.Recalls > 0 {
		c.recall(ed, ev)
	}
}

// recall puts back what the actor's last step changed, and voids its facts.
func (c *Case) recall(ed *procedure.Edition, ev *Event) {
	for i := range c.Days {
		switch {
		case c.Days[i].Seq == ev.Recalls:
			c.Days[i].Void = ev.Seq
		case c.Days[i].Void == ev.Recalls:
			c.Days[i].Void = 0
		}
		if slices.ContainsFunc(c.Days[i].Off, func(o Off) bool { return o.Seq == ev.Recalls }) {
			c.Days[i].Off = slices.DeleteFunc(slices.Clone(c.Days[i].Off), func(o Off) bool { return o.Seq == ev.Recalls })
		}
	}
	for i := range c.Papers {
		p := &c.Papers[i]
		parts := slices.Clone(p.Parts)
		live := false
		for j := range parts {
			switch {
			case parts[j].Seq == ev.Recalls:
				parts[j].Past = ev.Seq
			case parts[j].Past == ev.Recalls:
				parts[j].Past = 0
			}
			live = live || parts[j].Past == 0
		}
		p.Parts = parts
		if p.Doc == 0 && !live {
			p.Open = false
		}
	}
	for i := range c.Taken {
		t := c.Taken[i]
		if t.Seq != ev.Recalls || t.Undo == nil {
			continue
		}
		for _, w := range t.Undo.Walks {
			if x := c.Walk(w.ID); x != nil {
				*x = w
				x.Seq = ev.Seq
			}
		}
		if len(t.Undo.Places) > 0 {
			c.Places = slices.Clone(c.Places)
			for _, was := range t.Undo.Places {
				if p := c.Place(was.Party); p != nil {
					*p = was
					p.Seq = ev.Seq
				}
			}
			c.derive(ed, ev)
		}
		c.Assigned = slices.DeleteFunc(slices.Clone(c.Assigned), func(p office.PersonID) bool { return slices.Contains(t.Undo.Given, p) })
		c.Roles, c.Shared = Written(c.Roles), Written(c.Shared)
		for role, people := range t.Undo.Roles {
			if people == nil {
				delete(c.Roles, role)
			} else {
				c.Roles[role] = people
			}
		}
		for id, v := range t.Undo.Shared {
			if v.Empty() {
				delete(c.Shared, id)
			} else {
				c.Shared[id] = v
			}
		}
		c.unmark(t.Undo.Marks)
		if c.Ended == t.Seq {
			c.Ended, c.EndDay = 0, 0
		}
		c.Taken = slices.Delete(c.Taken, i, i+1)
		c.Findings = slices.DeleteFunc(c.Findings, func(f Finding) bool { return f.Seq == ev.Recalls })
		return
	}
}

// find opens, clears and answers findings.
func (c *Case) find(ev *Event) {
	for _, gone := range ev.Cleared {
		c.Findings = slices.DeleteFunc(c.Findings, gone.at)
	}
	c.Findings = append(c.Findings, ev.Findings...)
	for i := range c.Findings {
		if slices.Contains(ev.Answers, c.Findings[i].Seq) && c.Findings[i].Answered == 0 {
			c.Findings[i].Answered = ev.Seq
		}
	}
}

// take notes an action of the procedure as taken, with what a recall would put back.
func (c *Case) take(ed *procedure.Edition, before *Case, ev *Event, undo *Undo) {
	if _, builtin := procedure.Blanks[ev.Action]; builtin || ev.Action == Rechecked || ev.Adopts != nil {
		return
	}
	t := Taken{Seq: ev.Seq, Walk: ev.Walk, From: ev.From, Action: ev.Action, By: ev.Actor, For: ev.For, Day: ev.Day,
		At: ev.At.Truncate(time.Second), Parties: ev.Parties}
	undo.Fixed = ev.Open != nil || len(ev.Issued) > 0 || len(ev.Numbers) > 0 || len(ev.Links) > 0 || len(ev.Files) > 0
	if !undo.Fixed && before != nil {
		for _, w := range c.Walks {
			if w.Seq != ev.Seq || w.ID == procedure.Main && before.Apart() {
				continue
			}
			if old := before.Walk(w.ID); old != nil {
				undo.Walks = append(undo.Walks, *old)
			} else if def := ed.Def.Walk(w.Def); def != nil {
				undo.Walks = append(undo.Walks, WalkState{ID: w.ID, Def: w.Def, State: def.States[0].ID, Since: w.Since})
			}
		}
		for _, p := range c.Places {
			if was := before.Place(p.Party); was != nil && p.Seq == ev.Seq {
				undo.Places = append(undo.Places, *was)
			}
		}
		for _, m := range ev.Marks {
			if !slices.Contains(before.Marks, m) {
				undo.Marks = append(undo.Marks, m)
			}
		}
		undo.Given = before.given(ed.Def, ev)
		for role := range ev.Roles {
			if undo.Roles == nil {
				undo.Roles = map[procedure.Actor][]office.PersonID{}
			}
			undo.Roles[role] = before.Roles[role]
		}
		for id := range ev.Shared {
			if undo.Shared == nil {
				undo.Shared = procedure.Values{}
			}
			undo.Shared[id] = before.Shared[id]
		}
	}
	t.Undo = undo
	c.Taken = append(c.Taken, t)
}

// void makes a day void, for the respondents whom the event moves alone where it moves some of them.
func (c *Case) void(d *Day, ev *Event) {
	some := len(ev.Parties) > 0 && len(ev.Parties) < len(c.Places)
	if k := ParseKey(d.Key); some && k.Respondent == "" && k.Walk == "" {
		d.Off = slices.Clone(d.Off)
		for _, p := range ev.Parties {
			if !slices.ContainsFunc(d.Off, func(o Off) bool { return o.Party == p }) {
				d.Off = append(d.Off, Off{p, ev.Seq})
			}
		}
		return
	} else if some && k.Walk == "" && !slices.Contains(ev.Parties, k.Respondent) {
		return
	}
	d.Void = ev.Seq
}
