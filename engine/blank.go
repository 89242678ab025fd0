package engine

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
)

// BlankPart is one part of one form as it is drawn to be filled.
type BlankPart struct {
	Form   *Form
	Part   *Part
	Values Values            // what is typed or already known
	Known  map[FieldID]bool  // known from the record, not typed
	Shown  map[FieldID]Shown // computed fields
	Asked  map[FieldID]bool  // whose `when` holds
}

// Blank is everything a page needs to ask for one action.
type Blank struct {
	Available
	Case        *Case // nil when a case is opened
	Edition     *Edition
	Parts       []BlankPart
	Facts       []Label // the named days that its fact day sets
	People      map[FieldID][]*Person
	Documents   []Issued
	Respondents []string
	Files       bool // it takes files
}

// Blank draws the blank of an action: with id 0, of the opening of a case of the procedure.
func (e *Engine) Blank(_ context.Context, who PersonID, id CaseID, w WorkflowID, action ActionID, walk WalkID, typed Values) (*Blank, error) {
	t := e.turn()
	var d *decided
	var sp spot
	b := &Blank{People: map[FieldID][]*Person{}}
	if id == 0 {
		ed := e.Workflow(w)
		if ed == nil {
			return nil, fail(NotFound, Args{"what": "procedure", "id": string(w)})
		}
		d = &decided{ed: ed, c: &Case{Workflow: w, Walks: []WalkState{{ID: Main, Def: Main}}, Shared: Values{}}}
		sp = spot{&ed.Def.Main, nil, &ed.Def.Open, Main, false}
	} else {
		var err error
		if d, t, _, err = e.look(who, id); err != nil {
			return nil, err
		}
		b.Case = d.c
		if form := d.ed.builtinForm(action); form != nil {
			s := newScope(d.ed, t.office, d.c, t.today, t.today)
			s.actor = who
			if _, ok := behaviours[action].may(t, s); !ok {
				return nil, fail(NotYourGate, Args{"action": string(action)})
			}
			sp = spot{&d.ed.Def.Main, nil, &Action{ID: action, Title: form.Title}, Main, false}
			b.Builtin, b.Files = true, builtins[action].files
			form = t.offered(s, action, form)
			b.Parts = []BlankPart{e.blankPart(s, form, &form.Parts[0], typed)}
			b.Edition = d.ed
			b.Available.Action, b.Available.Title, b.Available.Walk, b.Available.For = action, form.Title, Main, s.behalf
			e.choices(b, s)
			return b, nil
		}
		var e2 *Error
		if sp, e2 = find(d.ed, d.c, &Command{Action: action, Walk: walk}); e2 != nil {
			return nil, e2
		}
	}
	s := newScope(d.ed, t.office, d.c, t.today, t.today)
	s.act, s.walk, s.actor = sp.act, sp.id, who
	s.linked = func(w WorkflowID) bool { return e.linkedTo(d.c, w) }
	if typed == nil {
		typed = Values{}
	}
	r := &reader{s: s, brief: s.brief(sp)}
	s.prepare(sp.act, typed, r)
	if id != 0 {
		if _, err := t.admit(s, sp, &Command{Actor: who}); err != nil {
			return nil, err
		}
	}
	fps, ps := s.parts(sp.act)
	b.Edition = d.ed
	b.Available = Available{Action: sp.act.ID, Title: sp.act.Title, Walk: sp.id, Forms: fps, Decision: sp.act.Decision,
		Moves: len(sp.act.To) > 0, For: s.behalf, Law: sp.act.Law, Missing: s.lacking(sp.act, sp.def, d.ed)}
	for i, fp := range fps {
		part := ps[i]
		if r.brief[FormPart{Form: fp.Form, Part: fp.Part}] {
			part = opinionOnly(part)
		}
		b.Parts = append(b.Parts, e.blankPart(s, d.ed.Forms[fp.Form], part, typed))
	}
	for _, fs := range sp.act.Fact.Values() {
		for _, f := range fs {
			if x := d.ed.Def.Fact(f); x != nil && !slices.Contains(b.Facts, x.Title) {
				b.Facts = append(b.Facts, x.Title)
			}
		}
	}
	e.choices(b, s)
	return b, nil
}

// opinionOnly is the part as a return or a refusal fills it.
func opinionOnly(p *Part) *Part {
	short := &Part{ID: p.ID, Title: p.Title}
	for _, f := range p.Fields {
		if f.ID == opinionField {
			short.Fields = append(short.Fields, f)
		}
	}
	return short
}

// prepare reads typed values with what is known, following choices of forms that the values decide.
func (s *scope) prepare(a *Action, typed Values, r *reader) (Values, []*Part) {
	s.values = typed
	fps, ps := s.parts(a)
	values := r.read(fps, ps, typed)
	if again, ps2 := s.parts(a); !slices.Equal(again, fps) {
		r.faults = nil
		s.values = typed
		values, ps, fps = r.read(again, ps2, typed), ps2, again
	}
	s.fills = fps
	return values, ps
}

func (e *Engine) blankPart(s *scope, form *Form, part *Part, typed Values) BlankPart {
	p := BlankPart{Form: form, Part: part, Values: Values{}, Known: map[FieldID]bool{}, Shown: map[FieldID]Shown{}, Asked: map[FieldID]bool{}}
	for i := range part.Fields {
		f := &part.Fields[i]
		p.Asked[f.ID] = s.holds(f.When)
		if f.Shows != nil {
			p.Shown[f.ID] = s.computed(f.Shows)
			continue
		}
		if v, ok := typed[f.ID]; ok {
			p.Values[f.ID] = v
			continue
		}
		v := s.known(f)
		if v.Empty() {
			v = s.refilled(form.ID, part.ID, f.ID)
		}
		if !v.Empty() {
			p.Values[f.ID], p.Known[f.ID] = v, true
		}
	}
	return p
}

// refilled is what stood in the field when the part was filled last, on a paper that is still open.
func (s *scope) refilled(form FormID, part PartID, f FieldID) Value {
	for i := len(s.c.Papers) - 1; i >= 0; i-- {
		p := &s.c.Papers[i]
		if p.Form != form || !p.Open || p.Walk != s.walk {
			continue
		}
		for j := len(p.Parts) - 1; j >= 0; j-- {
			if x := &p.Parts[j]; x.Part == part && x.Decision == "" {
				return x.Values[f]
			}
		}
	}
	return Value{}
}

// choices lists who and what the fields may name.
func (e *Engine) choices(b *Blank, s *scope) {
	b.Respondents = s.respondents()
	for _, d := range s.c.Issued {
		if d.Void == 0 {
			b.Documents = append(b.Documents, d)
		}
	}
	posts := map[FieldID][]Actor{}
	if s.act != nil {
		for _, g := range s.act.Guards {
			if p := g.Arg.Named["people"].Text; p != "" {
				for _, x := range g.Arg.Named["posts"].Strings() {
					posts[FieldID(p)] = append(posts[FieldID(p)], Actor(x))
				}
			}
		}
	}
	for _, p := range b.Parts {
		for i := range p.Part.Fields {
			f := &p.Part.Fields[i]
			if f.Type != PersonType && f.Type != People {
				continue
			}
			for _, q := range s.office.People() {
				fits := q.Active(s.today)
				if ps := posts[f.ID]; len(ps) > 0 {
					fits = fits && slices.ContainsFunc(ps, func(a Actor) bool { return q.Holds(a, s.today) })
				}
				if fits {
					b.People[f.ID] = append(b.People[f.ID], q)
				}
			}
		}
	}
}

// Foreseen is what an action would bring.
type Foreseen struct {
	State  Label
	Before []Running
	Clocks []Running // after
	Err    *Error    // what would refuse it
}

// Foresee decides a command and commits nothing.
func (e *Engine) Foresee(_ context.Context, cmd Command) (*Foreseen, error) {
	f := &Foreseen{}
	t := e.turn()
	if cmd.Case != 0 {
		d, _, _, err := e.look(cmd.Actor, cmd.Case)
		if err != nil {
			return nil, err
		}
		f.Before = newScope(d.ed, t.office, d.c, t.today, t.today).clocks()
	}
	ds, err := e.decide(t, cmd) // its files count by their number; nothing is kept of them
	if err != nil {
		if f.Err = As(e.named(err, cmd)); f.Err != nil {
			return f, nil
		}
		return nil, err
	}
	d := ds[0]
	f.Clocks = newScope(d.ed, t.office, d.c, t.today, t.today).clocks()
	if st := d.ed.Def.Main.State(d.c.Main()); st != nil {
		f.State = st.Title
	}
	return f, nil
}

// Preview draws the first paper that the action would fill, marked as a draft, with what is typed so far.
func (e *Engine) Preview(_ context.Context, cmd Command) ([]byte, error) {
	t := e.turn()
	var d *decided
	var sp spot
	var err error
	if cmd.Case == 0 {
		ed := e.Workflow(cmd.Workflow)
		if ed == nil {
			return nil, fail(NotFound, Args{"what": "procedure", "id": string(cmd.Workflow)})
		}
		d = &decided{ed: ed, c: &Case{Workflow: ed.Def.ID, Walks: []WalkState{{ID: Main, Def: Main}}, Shared: Values{},
			Numbers: map[string]string{}, Roles: map[Actor][]PersonID{}}}
		sp = spot{&ed.Def.Main, nil, &ed.Def.Open, Main, false}
	} else {
		if d, t, _, err = e.look(cmd.Actor, cmd.Case); err != nil {
			return nil, err
		}
		var e2 *Error
		if sp, e2 = find(d.ed, d.c, &cmd); e2 != nil {
			return nil, e2
		}
	}
	day := cmd.Day
	if day == 0 {
		day = t.today
	}
	s := newScope(d.ed, t.office, d.c, day, t.today)
	s.act, s.walk, s.actor = sp.act, sp.id, cmd.Actor
	if cmd.Case != 0 {
		if _, err := t.admit(s, sp, &cmd); err != nil {
			return nil, err
		}
	}
	r := &reader{s: s, missing: t.missing, brief: s.brief(sp)}
	values, ps := s.prepare(sp.act, cmd.Values, r)
	fills, err := s.papers(s.fills, values, cmd.Paper)
	if err != nil {
		return nil, err
	}
	if len(fills) == 0 {
		return nil, fail(NotFound, Args{"what": "paper", "id": string(cmd.Action)})
	}
	work := d.c.clone()
	ev := &Event{Seq: d.c.Seq + 1, Actor: cmd.Actor, Walk: sp.id, Day: day, Papers: fills, Shared: s.shared(ps, values)}
	work.fill(d.ed, ev)
	return e.Renderer.Render(e.sheet(d.ed, work, fills[0].P, day))
}

// PaperPDF draws a paper that is not issued yet, marked 草稿.
func (e *Engine) PaperPDF(_ context.Context, who PersonID, id CaseID, p int) ([]byte, error) {
	d, t, _, err := e.look(who, id)
	if err != nil {
		return nil, err
	}
	if d.c.Paper(p) == nil {
		return nil, fail(NotFound, Args{"what": "paper", "id": strconv.Itoa(p)})
	}
	return e.Renderer.Render(e.sheet(d.ed, d.c, p, t.today))
}

// DocumentPDF is an issued document, the very bytes; from whoever may not know the informant, a copy drawn without them.
func (e *Engine) DocumentPDF(_ context.Context, who PersonID, id CaseID, n int) ([]byte, error) {
	d, _, masked, err := e.look(who, id)
	if err != nil {
		return nil, err
	}
	doc := d.c.Document(n)
	if doc == nil {
		return nil, fail(NotFound, Args{"what": "document", "id": strconv.Itoa(n)})
	}
	if masked && d.ed.secretive(doc.Form) {
		sheet, err := e.asIssued(d.ed, doc, id, true)
		if err != nil {
			return nil, err
		}
		return e.Renderer.Render(sheet)
	}
	return e.Store.Blob(doc.SHA256)
}

// CopyPDF is an issued document printed again: as it was issued, with a foot that says so, and across it that it is void
// when it is.
func (e *Engine) CopyPDF(_ context.Context, who PersonID, id CaseID, n int) ([]byte, error) {
	d, t, masked, err := e.look(who, id)
	if err != nil {
		return nil, err
	}
	doc := d.c.Document(n)
	if doc == nil {
		return nil, fail(NotFound, Args{"what": "document", "id": strconv.Itoa(n)})
	}
	sheet, err := e.asIssued(d.ed, doc, id, masked)
	if err != nil {
		return nil, err
	}
	if doc.Void == 0 && !masked { // a schedule that changed since would show in a due day: then the paper itself is the copy
		again, err := e.Renderer.Render(sheet)
		if err != nil {
			return nil, err
		}
		if sum := sha256.Sum256(again); hex.EncodeToString(sum[:]) != doc.SHA256 {
			return e.Store.Blob(doc.SHA256)
		}
	}
	sheet.Reprint, sheet.Void = t.today, doc.Void != 0
	return e.Renderer.Render(sheet)
}

// asIssued is the sheet from which a document was drawn: the case as it stood with the event that issued it. What became
// known later changes nothing on it.
func (e *Engine) asIssued(ed *Edition, doc *Issued, id CaseID, masked bool) (Sheet, error) {
	sealed, err := e.Store.Events(id, 0, int(doc.Seq))
	if err != nil {
		return Sheet{}, err
	}
	var c *Case
	for _, s := range sealed {
		if s.Seq > doc.Seq {
			break
		}
		var ev Event
		if err := json.Unmarshal(s.Data, &ev); err != nil {
			return Sheet{}, fmt.Errorf("case %d event %d: %w", id, s.Seq, err)
		}
		c = apply(ed, c, &ev)
	}
	if masked {
		c = ed.mask(c)
	}
	return e.sheet(ed, c, doc.P, doc.Day), nil
}

// secretive tells whether a form has fields that not everybody may know.
func (ed *Edition) secretive(id FormID) bool {
	f := ed.Forms[id]
	if f == nil {
		return false
	}
	for _, p := range f.Parts {
		for _, x := range p.Fields {
			if x.Secret {
				return true
			}
		}
	}
	return false
}

// File is an attachment with its bytes.
func (e *Engine) File(_ context.Context, who PersonID, id CaseID, n int) (Attachment, []byte, error) {
	d, _, masked, err := e.look(who, id)
	if err != nil {
		return Attachment{}, nil, err
	}
	if n < 1 || n > len(d.c.Files) {
		return Attachment{}, nil, fail(NotFound, Args{"what": "attachment", "id": strconv.Itoa(n)})
	}
	if masked {
		return Attachment{}, nil, fail(Forbidden, Args{"who": e.Office().Name(who)})
	}
	f := d.c.Files[n-1]
	data, err := e.Store.Blob(f.SHA256)
	return f, data, err
}
