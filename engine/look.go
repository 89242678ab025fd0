package engine

import (
	"context"
	"slices"

	"dossier/engine/calendar"
)

// look reads a case for a person: timers that have run out are shown as fired, and the informant is masked from whoever
// need not know.
func (e *Engine) look(who PersonID, id CaseID) (*decided, *turn, bool, error) {
	d, err := e.read(id)
	if err != nil {
		return nil, nil, false, err
	}
	t := e.turn()
	if !d.ed.sees(t.office, d.c, who, t.today) {
		return nil, nil, false, fail(Forbidden, Args{"who": t.office.Name(who)})
	}
	if err := t.expired(d); err != nil {
		return nil, nil, false, err
	}
	masked := !d.ed.knows(t.office, d.c, who, t.today)
	if masked {
		d.c = d.ed.mask(d.c)
	}
	return d, t, masked, nil
}

// knows tells whether the person may know the informant: a role in the case, who opened it, or a post that signs one of
// the procedure's gates.
func (ed *Edition) knows(o *Office, c *Case, who PersonID, today calendar.Date) bool {
	if who == System || c.Opener == who {
		return true
	}
	for _, people := range c.Roles {
		if slices.Contains(people, who) {
			return true
		}
	}
	knows := false
	ed.Def.Each(func(_ *Walk, _ *State, a *Action) {
		if a.Decision == "" {
			return
		}
		for _, list := range a.By.Values() {
			for _, post := range list {
				knows = knows || o.Holds(who, post, today) || len(o.Lent(who, post, today)) > 0
			}
		}
	})
	return knows
}

// Mask is what stands for the informant's identity.
const Mask = "＊＊＊"

// mask blanks the secret fields of a case.
func (ed *Edition) mask(c *Case) *Case {
	n := c.clone()
	hide := func(form *Form, vs Values) Values {
		out := Values{}
		for id, v := range vs {
			if form != nil {
				if f := form.Field(id); f != nil && f.Secret && !v.Empty() {
					v = TextValue(Mask)
				}
			}
			out[id] = v
		}
		return out
	}
	for i := range n.Papers {
		parts := slices.Clone(n.Papers[i].Parts)
		for j := range parts {
			parts[j].Values = hide(ed.Forms[n.Papers[i].Form], parts[j].Values)
		}
		n.Papers[i].Parts = parts
	}
	for _, f := range ed.Forms {
		n.Shared = hide(f, n.Shared)
	}
	return n
}

// View is a case as the person may see it now.
func (e *Engine) View(_ context.Context, who PersonID, id CaseID) (*CaseView, error) {
	d, t, masked, err := e.look(who, id)
	if err != nil {
		return nil, err
	}
	s := newScope(d.ed, t.office, d.c, t.today, t.today)
	v := &CaseView{Case: d.c, Edition: d.ed, Masked: masked, Today: t.today, Clocks: s.clocks(), Stages: stageLine(d.ed, d.c)}
	if st := d.ed.Def.Main.State(d.c.Main()); st != nil {
		v.Title = st.Title
	}
	v.Actions, v.Waits = e.available(t, d, who), s.waits()
	for _, l := range d.c.Links {
		if row, err := e.rowOf(l.Case); err == nil && (e.sees(who, l.Case) == nil) {
			v.Linked = append(v.Linked, row)
		}
	}
	return v, nil
}

func (e *Engine) sees(who PersonID, id CaseID) error {
	d, err := e.read(id)
	if err != nil {
		return err
	}
	if !d.ed.sees(e.Office(), d.c, who, e.Today()) {
		return fail(Forbidden, Args{"who": e.Office().Name(who)})
	}
	return nil
}

func (e *Engine) rowOf(id CaseID) (Row, error) {
	es, err := e.Store.Scan(Scan{Index: indexRow, Prefix: padded(id), Limit: 1})
	if err != nil {
		return Row{}, err
	}
	if len(es) == 0 {
		return Row{}, ErrNotFound
	}
	return e.decodeRow(es[0].Value)
}

// stageLine is the stage line: each stage of the main walk once, in the order of the file, as far as this case goes.
func stageLine(ed *Edition, c *Case) []StageMark {
	var out []StageMark
	at := map[string]int{}
	visited := map[StateID]calendar.Date{}
	for _, t := range c.Taken {
		if t.Walk == Main && t.From != "" {
			visited[t.From] = t.Day
		}
	}
	for i := range ed.Def.Main.States {
		st := &ed.Def.Main.States[i]
		if st.Stage.ZH == "" {
			continue
		}
		j, ok := at[st.Stage.ZH]
		if !ok {
			j = len(out)
			at[st.Stage.ZH] = j
			out = append(out, StageMark{Label: st.Stage})
		}
		if st.ID == c.Main() {
			out[j].Now = true
			out[j].Day = c.Walks[0].Since
		}
		if d, ok := visited[st.ID]; ok && !out[j].Now {
			out[j].Done = true
			out[j].Day = max(out[j].Day, d)
		}
	}
	now := slices.IndexFunc(out, func(m StageMark) bool { return m.Now })
	for i := range out {
		if out[i].Done && now >= 0 && i > now {
			out[i].Done = false // a return brought the case back
			out[i].Day = 0
		}
	}
	return out
}
