package engine

import (
	"context"
	"errors"
	"slices"
	"strings"

	"dossier/engine/calendar"
	"dossier/engine/search"
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

// available are the actions that the person may choose now, each with what is missing.
func (e *Engine) available(t *turn, d *decided, who PersonID) []Available {
	var out []Available
	main := d.ed.Def.Main.State(d.c.Main())
	offer := func(def *Walk, st *State, id WalkID, fresh bool) {
		if st == nil {
			return
		}
		for i := range st.Actions {
			a := &st.Actions[i]
			if slices.ContainsFunc(out, func(x Available) bool { return x.Action == a.ID && x.Walk == id }) {
				continue
			}
			s := newScope(d.ed, t.office, d.c, t.today, t.today)
			s.act, s.walk, s.actor, s.values = a, id, who, Values{}
			s.linked = func(w WorkflowID) bool { return e.linkedTo(d.c, w) }
			if _, err := t.admit(s, spot{def, st, a, id, fresh}, &Command{Actor: who}); err != nil {
				continue
			}
			x := Available{Action: a.ID, Title: a.Title, Walk: id, Decision: a.Decision, Moves: len(a.To) > 0 || a.Moves != "", For: s.behalf, Law: a.Law}
			x.Forms, _ = s.parts(a)
			x.Missing = s.lacking(a, def, d.ed)
			out = append(out, x)
		}
	}
	offer(&d.ed.Def.Main, main, Main, false)
	for i := range d.ed.Def.Sides {
		def := &d.ed.Def.Sides[i]
		if main == nil || !def.Lives(main) {
			continue
		}
		n, idle := 0, false
		for _, w := range d.c.Walks[1:] {
			if w.Def == def.ID {
				n++
				idle = idle || w.State == def.States[0].ID
				offer(def, def.State(w.State), w.ID, false)
			}
		}
		if n == 0 || def.Repeats && !idle {
			offer(def, &def.States[0], instance(def.ID, n+1), true)
		}
	}
	for _, id := range Builtins {
		s := newScope(d.ed, t.office, d.c, t.today, t.today)
		s.actor = who
		b := builtins[id]
		if _, ok := b.may(t, s); !ok {
			continue
		}
		switch id {
		case "recall":
			if recall(t, s, nil, nil, &Event{}) != nil {
				continue
			}
		case "answer-finding":
			if ok, _ := noFindings(s, Arg{}); ok {
				continue
			}
		case "open-at":
			if len(d.c.Taken) != 1 {
				continue
			}
		case "void-document":
			if len(s.offerDocuments()) == 0 {
				continue
			}
		case "correct-fact":
			if len(s.offerDays(t)) == 0 {
				continue
			}
		case "correct-value":
			if len(s.offerValues(t)) == 0 {
				continue
			}
		}
		out = append(out, Available{Action: id, Title: b.title, Walk: Main, Builtin: true, For: s.behalf})
	}
	return out
}

// lacking are the conditions that an action does not meet before its form is filled: guards that ask a field of the form
// are left for the form.
func (s *scope) lacking(a *Action, def *Walk, ed *Edition) []Condition {
	var cs []Condition
	if def.ID == Main && !a.Halted {
		for _, w := range s.c.Walks[1:] {
			if st := ed.Def.Walk(w.Def).State(w.State); st != nil && st.Halts {
				cs = append(cs, Condition{Code: Suspended, Args: Args{"walk": string(w.Def)}, Law: a.Law})
			}
		}
	}
	_, ps := s.parts(a)
	own := map[FieldID]bool{}
	for _, p := range ps {
		for _, f := range p.Fields {
			own[f.ID] = true
		}
	}
	for i := range a.Guards {
		g := &a.Guards[i]
		if g.Soft || asksForm(g.GuardCall, own) {
			continue
		}
		if c := s.guard(g); c != nil {
			cs = append(cs, *c)
		}
	}
	if to, ok := choose(s, a.To); ok && def.ID == Main && len(a.To) == 1 {
		ev := &Event{Walk: Main, To: to}
		cs = append(cs, s.leave(ev, spot{def: def, act: a, id: Main})...)
	}
	return cs
}

// asksForm tells whether a guard asks a field that is still to be typed.
func asksForm(g GuardCall, own map[FieldID]bool) bool {
	for _, a := range g.Arg.Named {
		for _, x := range a.Strings() {
			if own[FieldID(x)] {
				return true
			}
		}
	}
	return false
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

// Find gives a page of the cases that the person may see, newest first, or by due day when that is asked.
func (e *Engine) Find(_ context.Context, who PersonID, q Query) (Page, error) {
	if q.Limit <= 0 || q.Limit > 500 {
		q.Limit = 50
	}
	if q.Text != "" {
		return e.search(who, q)
	}
	today := e.Today()
	scan := Scan{Index: indexRow, Desc: true, After: q.After}
	switch {
	case q.Officer != "":
		scan.Index, scan.Prefix = indexOfficer, string(q.Officer)+"/"
	case q.Waiting != "":
		return e.waiting(who, q)
	case q.Overdue:
		scan = Scan{Index: indexDue, To: today.String(), After: q.After}
	case q.DueBefore != 0:
		scan = Scan{Index: indexDue, To: q.DueBefore.Add(1).String(), After: q.After}
	case q.State != "" && q.Workflow != "":
		scan.Index, scan.Prefix = indexState, string(q.Workflow)+"/"+string(q.State)+"/"
	case q.Workflow != "":
		scan.Index, scan.Prefix = indexFlow, string(q.Workflow)+"/"
	case q.Open:
		scan.Index = indexOpen
	}
	var page Page
	for {
		scan.Limit = q.Limit + 1
		es, err := e.Store.Scan(scan)
		if err != nil {
			return page, err
		}
		for _, en := range es {
			if len(page.Rows) == q.Limit {
				page.Next = scan.After
				return page, nil
			}
			scan.After = en.Cursor
			row, err := e.entryRow(en)
			if errors.Is(err, ErrNotFound) {
				continue
			}
			if err != nil {
				return page, err
			}
			if q.fits(row, today) && e.shown(who, row) {
				page.Rows = append(page.Rows, row)
			}
		}
		if len(es) < scan.Limit {
			return page, nil
		}
	}
}

func (e *Engine) entryRow(en Entry) (Row, error) {
	if en.Index == indexRow {
		return e.decodeRow(en.Value)
	}
	return e.rowOf(CaseID(atoi(en.ID)))
}

// fits holds a row to what the query asks beside the index that was read.
func (q Query) fits(r Row, today calendar.Date) bool {
	due := r.due()
	return (q.Workflow == "" || r.Workflow == q.Workflow) &&
		(q.State == "" || r.State == q.State) &&
		(q.Officer == "" || slices.Contains(r.Officers, q.Officer)) &&
		(!q.Overdue || due != 0 && due < today) &&
		(q.DueBefore == 0 || due != 0 && due <= q.DueBefore) &&
		(!q.Open || !r.Ended)
}

// due is the earliest due day of the row that is not a party's window.
func (r Row) due() calendar.Date {
	for _, k := range r.Clocks {
		if !k.Window && k.Due != 0 {
			return k.Due
		}
	}
	return 0
}

// shown tells whether the person may see the row's case, without reading it.
func (e *Engine) shown(who PersonID, r Row) bool {
	if slices.Contains(r.Barred, who) {
		return false
	}
	if who == System || slices.Contains(r.Officers, who) {
		return true
	}
	ed := e.current[r.Workflow]
	if ed == nil {
		return false
	}
	for _, w := range r.Waits {
		if slices.Contains(w.People, who) {
			return true
		}
	}
	o, today := e.Office(), e.Today()
	for _, a := range ed.Def.posts() {
		if o.Holds(who, a, today) || len(o.Lent(who, a, today)) > 0 {
			return true
		}
	}
	return false
}

// search finds cases by number, part of a name or pinyin initials.
func (e *Engine) search(who PersonID, q Query) (Page, error) {
	var page Page
	seen := map[string]bool{}
	today := e.Today()
	if id, err := e.Resolve(context.Background(), q.Text); err == nil {
		if row, err := e.rowOf(id); err == nil && q.fits(row, today) && e.shown(who, row) {
			page.Rows = append(page.Rows, row)
			seen[itoa(int(id))] = true
		}
	}
	for _, terms := range search.Query(q.Text) {
		var common map[string]bool
		for _, term := range terms {
			hits := map[string]bool{}
			scan := Scan{Index: indexSearch, Prefix: term + "/", Limit: 5000, Desc: true}
			es, err := e.Store.Scan(scan)
			if err != nil {
				return page, err
			}
			for _, en := range es {
				if common == nil || common[en.ID] {
					hits[en.ID] = true
				}
			}
			common = hits
			if len(common) == 0 {
				break
			}
		}
		ids := make([]int, 0, len(common))
		for id := range common {
			ids = append(ids, atoi(id))
		}
		slices.Sort(ids)
		slices.Reverse(ids)
		for _, n := range ids {
			id := itoa(n)
			if seen[id] || len(page.Rows) >= q.Limit {
				continue
			}
			seen[id] = true
			row, err := e.rowOf(CaseID(n))
			if err != nil {
				continue
			}
			lines := strings.Join([]string{row.Number, row.Intake, row.Party}, "\n")
			if search.Match(lines, q.Text) && q.fits(row, today) && e.shown(who, row) {
				page.Rows = append(page.Rows, row)
			}
		}
	}
	return page, nil
}

// waiting are the cases in which a walk waits for the person: by name, by post, or by a post lent to them.
func (e *Engine) waiting(who PersonID, q Query) (Page, error) {
	desk, err := e.Desk(context.Background(), q.Waiting)
	if err != nil {
		return Page{}, err
	}
	rows := append(append(slices.Clone(desk.Gates), desk.Tasks...), desk.Lent...)
	rows = slices.DeleteFunc(rows, func(r Row) bool { return !q.fits(r, e.Today()) || !e.shown(who, r) })
	return Page{Rows: rows}, nil
}

// Desk is a person's day: what waits for them, in the order of what runs out first.
type Desk struct {
	Gates   []Row // approvals waiting for me
	Tasks   []Row // other steps that wait for me
	Due     []Row // of these, due today
	Overdue []Row // of these, overdue
	Lent    []Row // waiting for somebody whom I stand in for
	Mine    int   // open cases in which I am an officer
}

// Desk gathers what waits for the person.
func (e *Engine) Desk(_ context.Context, who PersonID) (*Desk, error) {
	o, today := e.Office(), e.Today()
	p := o.Person(who)
	if p == nil {
		return nil, fail(NotFound, Args{"what": "person", "id": string(who)})
	}
	d := &Desk{}
	seen := map[CaseID]bool{}
	take := func(prefix string, own bool) error {
		es, err := e.Store.Scan(Scan{Index: indexWait, Prefix: prefix + "/", Limit: 500})
		if err != nil {
			return err
		}
		for _, en := range es {
			row, err := e.entryRow(en)
			if err != nil || seen[row.ID] || slices.Contains(row.Barred, who) {
				continue
			}
			seen[row.ID] = true
			if !own {
				d.Lent = append(d.Lent, row)
				continue
			}
			gate := slices.ContainsFunc(row.Waits, func(w Wait) bool {
				return w.Gate && (slices.Contains(w.People, who) || slices.ContainsFunc(w.Posts, func(a Actor) bool { return p.Holds(a, today) }))
			})
			if gate {
				d.Gates = append(d.Gates, row)
			} else {
				d.Tasks = append(d.Tasks, row)
			}
			switch due := row.due(); {
			case due == 0:
			case due == today:
				d.Due = append(d.Due, row)
			case due < today:
				d.Overdue = append(d.Overdue, row)
			}
		}
		return nil
	}
	if err := take("@"+string(who), true); err != nil {
		return nil, err
	}
	for _, h := range p.Posts {
		if p.Holds(h.Post, today) {
			if err := take(string(h.Post), true); err != nil {
				return nil, err
			}
		}
	}
	for _, l := range o.Delegations() {
		if l.To == who && len(o.Lent(who, l.Post, today)) > 0 {
			if err := take(string(l.Post), false); err != nil {
				return nil, err
			}
		}
	}
	es, err := e.Store.Scan(Scan{Index: indexOfficer, Prefix: string(who) + "/", Limit: 1000})
	if err != nil {
		return nil, err
	}
	for _, en := range es {
		if row, err := e.entryRow(en); err == nil && !row.Ended {
			d.Mine++
		}
	}
	soonest := func(a, b Row) int {
		far := func(r Row) calendar.Date {
			if d := r.due(); d != 0 {
				return d
			}
			return 1 << 30
		}
		return int(far(a)) - int(far(b))
	}
	for _, rows := range []*[]Row{&d.Gates, &d.Tasks, &d.Due, &d.Overdue, &d.Lent} {
		slices.SortStableFunc(*rows, soonest)
	}
	return d, nil
}

// Similar are the open cases of the same party, shown at intake.
func (e *Engine) Similar(_ context.Context, who PersonID, w WorkflowID, employer string) ([]Row, error) {
	if employer == "" {
		return nil, nil
	}
	es, err := e.Store.Scan(Scan{Index: indexEmployer, Prefix: employer + "/", Limit: 20, Desc: true})
	if err != nil {
		return nil, err
	}
	var rows []Row
	for _, en := range es {
		if row, err := e.entryRow(en); err == nil && !row.Ended && (w == "" || row.Workflow == w) && e.shown(who, row) {
			rows = append(rows, row)
		}
	}
	return rows, nil
}
