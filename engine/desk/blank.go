package desk

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"reflect"
	"slices"
	"strconv"

	"dossier/engine"
	"dossier/engine/casefile"
	"dossier/engine/decide"
	"dossier/engine/filling"
	"dossier/engine/ledger"
	"dossier/engine/office"
	"dossier/engine/paper"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
	"dossier/engine/rules"
)

// BlankPart is one part of one form as it is drawn to be filled.
type BlankPart struct {
	Form   *procedure.Form
	Part   *procedure.Part
	Values procedure.Values                  // what is typed or already known
	Known  map[procedure.FieldID]bool        // known from the record, not typed
	Shown  map[procedure.FieldID]rules.Shown // computed fields
	Asked  map[procedure.FieldID]bool        // whose `when` holds
	Kept   map[procedure.FieldID]bool        // on record and not for the viewer to know: not asked, and left as it is
}

// Blank is everything a page needs to ask for one action.
type Blank struct {
	Available
	Case        *casefile.Case // nil when a case is opened
	Edition     *procedure.Edition
	Parts       []BlankPart
	Facts       []procedure.Label // the named days that its fact day sets
	People      map[procedure.FieldID][]*office.Person
	Documents   []casefile.Issued
	Proofs      []casefile.Proof // what evidence may be chosen from
	Respondents []string
	Stand       []string          // of several respondents who walk alone: those whom the action can move; nil: all of them together
	Files       bool              // it takes files
	Lenders     []office.PersonID // on whose behalf the viewer may do it
}

// BlankFor draws the blank of an action: with id 0, of the opening of a case of the procedure.
func BlankFor(e *engine.Engine, who office.PersonID, id casefile.CaseID, w procedure.WorkflowID, action procedure.ActionID, walk procedure.WalkID, typed procedure.Values) (*Blank, error) {
	t := e.Sit()
	var d *decide.Docket
	var sp decide.Spot
	var parties []string
	b := &Blank{People: map[procedure.FieldID][]*office.Person{}}
	if id == 0 {
		ed := e.Workflow(w)
		if ed == nil {
			return nil, refusal.New(refusal.NotFound, refusal.Args{"what": "procedure", "id": string(w)})
		}
		d = &decide.Docket{Edition: ed, Case: &casefile.Case{Workflow: w, Walks: []casefile.WalkState{{ID: procedure.Main, Def: procedure.Main}}, Shared: procedure.Values{}}}
		sp = decide.Spot{Def: &ed.Def.Main, Action: &ed.Def.Open, ID: procedure.Main}
	} else {
		var err error
		if d, t, _, err = e.Look(who, id); err != nil {
			return nil, err
		}
		b.Case = d.Case
		if form := decide.BuiltinForm(d.Edition, action); form != nil {
			s := rules.NewView(d.Edition, t.Office, d.Case, t.Today, t.Today)
			s.Actor = who
			by := decide.Behaviours[action].By(s)
			if _, ok := t.Stands(s, by, ""); !ok {
				return nil, refusal.New(refusal.NotYourGate, refusal.Args{"action": string(action)})
			}
			b.Lenders = t.Lenders(s, by)
			sp = decide.Spot{Def: &d.Edition.Def.Main, Action: &procedure.Action{ID: action, Title: form.Title}, ID: procedure.Main}
			b.Builtin, b.Files = true, procedure.Blanks[action].Files
			form = t.Offered(s, action, form)
			b.Parts = []BlankPart{PartOf(e, s, form, &form.Parts[0], typed)}
			b.Edition = d.Edition
			b.Available.Action, b.Available.Title, b.Available.Walk, b.Available.For = action, form.Title, procedure.Main, s.Behalf
			choices(e, b, s)
			return b, nil
		}
		var e2 *refusal.Error
		cmd := casefile.Command{Action: action, Walk: walk, Values: typed}
		if sp, parties, e2 = t.Stand(d, &cmd); e2 != nil {
			return nil, e2
		}
		for _, x := range decide.Spots(d.Edition, d.Case, action) {
			b.Stand = append(b.Stand, x.Parties...)
		}
	}
	s := t.View(d.Edition, d.Case, t.Today)
	s.Action, s.Walk, s.Actor = sp.Action, sp.ID, who
	s.Concern(parties)
	if typed == nil {
		typed = procedure.Values{}
	}
	r := &filling.Reader{View: s, Brief: decide.Brief(s, sp)}
	filling.Prepare(s, sp.Action, typed, r)
	if id != 0 {
		if _, err := t.Admit(s, sp, &casefile.Command{Actor: who}); err != nil {
			return nil, err
		}
	}
	by := s.By(sp.Action)
	b.Lenders = t.Lenders(s, by)
	fps, ps := s.Parts(sp.Action)
	b.Edition = d.Edition
	b.Available = Available{Action: sp.Action.ID, Title: sp.Action.Title, Walk: sp.ID, Forms: fps, Decision: sp.Action.Decision,
		Moves: len(sp.Action.To) > 0, For: s.Behalf, Law: sp.Action.Law, Missing: lacking(s, sp.Action, sp.Def, d.Edition)}
	for i, fp := range fps {
		part := ps[i]
		if r.Brief[procedure.FormPart{Form: fp.Form, Part: fp.Part}] {
			part = opinionOnly(part)
		}
		b.Parts = append(b.Parts, PartOf(e, s, d.Edition.Forms[fp.Form], part, typed))
	}
	sets := sp.Action.Fact.Values()
	for _, fs := range sets {
		for _, f := range fs {
			if last := sets[len(sets)-1]; !slices.Contains(last, f) && len(last) > 0 && slices.Contains(fs, last[0]) {
				continue // what an answer sets beside what is set otherwise doesn't name the day
			}
			if x := d.Edition.Def.Fact(f); x != nil && !slices.Contains(b.Facts, x.Title) {
				b.Facts = append(b.Facts, x.Title)
			}
		}
	}
	b.askWhom(typed)
	choices(e, b, s)
	return b, nil
}

// opinionOnly is the part as a return or a refusal fills it.
func opinionOnly(p *procedure.Part) *procedure.Part {
	short := &procedure.Part{ID: p.ID, Title: p.Title}
	for _, f := range p.Fields {
		if f.Opinion {
			short.Fields = append(short.Fields, f)
		}
	}
	return short
}

func PartOf(e *engine.Engine, s *rules.View, form *procedure.Form, part *procedure.Part, typed procedure.Values) BlankPart {
	p := BlankPart{Form: form, Part: part, Values: procedure.Values{}, Known: map[procedure.FieldID]bool{}, Shown: map[procedure.FieldID]rules.Shown{}, Asked: map[procedure.FieldID]bool{},
		Kept: map[procedure.FieldID]bool{}}
	for i := range part.Fields {
		f := &part.Fields[i]
		p.Asked[f.ID] = s.Holds(f.When)
		if f.Shows != nil {
			p.Shown[f.ID] = s.Computed(f.Shows)
			continue
		}
		known := filling.Present(s, f, procedure.FormPart{Form: form.ID, Part: part.ID})
		v, said := typed[f.ID]
		switch {
		case casefile.Hidden(known):
			p.Kept[f.ID] = true
		case said && !casefile.Hidden(v):
			p.Values[f.ID] = v
		case !said && !known.Empty():
			p.Values[f.ID], p.Known[f.ID] = known, true
		}
		if f.ID == s.Edition.Def.Terms.Severity.Violations.Table && len(p.Values[f.ID].Rows) > 0 {
			p.Values[f.ID] = judged(s, p.Values[f.ID])
		}
	}
	return p
}

// judged are the rows of violations with what the standards say of each as far as it is filled.
func judged(s *rules.View, v procedure.Value) procedure.Value {
	out := procedure.Value{Rows: slices.Clone(v.Rows)}
	for i, row := range out.Rows {
		if j := filling.Judge(s, row); j.Change != nil {
			out.Rows[i] = j.Row
		}
	}
	return out
}

// choices lists who and what the fields may name.
func choices(e *engine.Engine, b *Blank, s *rules.View) {
	b.Respondents = casefile.Parties(s.Edition.Def, s.Case)
	if b.Stand != nil {
		b.Respondents = b.Stand
	}
	b.Proofs = s.Proofs()
	for _, d := range s.Case.Issued {
		if d.Void == 0 && s.Case.Papers[d.P-1].Concerns(s.View) {
			b.Documents = append(b.Documents, d)
		}
	}
	posts := map[procedure.FieldID][]procedure.Actor{}
	if s.Action != nil {
		for _, g := range s.Action.Guards {
			if p := g.Arg.Named["people"].Text; p != "" {
				for _, x := range g.Arg.Named["posts"].Strings() {
					posts[procedure.FieldID(p)] = append(posts[procedure.FieldID(p)], procedure.Actor(x))
				}
			}
		}
	}
	for _, p := range b.Parts {
		for i := range p.Part.Fields {
			f := &p.Part.Fields[i]
			cells := slices.ContainsFunc(f.Columns, func(c procedure.Field) bool { return c.Type == procedure.PersonType })
			if f.Type != procedure.PersonType && f.Type != procedure.People && !cells {
				continue
			}
			for _, q := range s.Office.People() {
				fits := q.Active(s.Today)
				if ps := posts[f.ID]; len(ps) > 0 {
					fits = fits && slices.ContainsFunc(ps, func(a procedure.Actor) bool { return q.Holds(a, s.Today) })
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
	State  procedure.Label
	Before []rules.Running
	Clocks []rules.Running // after
	Err    *refusal.Error  // what would refuse it
}

// Foresee decides a command and commits nothing.
func Foresee(e *engine.Engine, cmd casefile.Command) (*Foreseen, error) {
	f := &Foreseen{}
	if err := decide.Sound(&cmd); err != nil {
		return nil, err
	}
	if cmd.Case != 0 {
		d, t, _, err := e.Look(cmd.Actor, cmd.Case)
		if err != nil {
			return nil, err
		}
		f.Before = rules.NewView(d.Edition, t.Office, d.Case, t.Today, t.Today).Clocks()
	}
	ds, t, err := e.Try(cmd) // its files count by their number; nothing is kept of them
	if err != nil {
		if f.Err = refusal.As(e.Named(err, cmd)); f.Err != nil {
			return f, nil
		}
		return nil, err
	}
	d := ds[0]
	f.Clocks = rules.NewView(d.Edition, t.Office, d.Case, t.Today, t.Today).Clocks()
	if st := d.Edition.Def.Main.State(d.Case.Main()); st != nil {
		f.State = st.Title
	}
	return f, nil
}

// Preview draws the first paper that the action would fill, marked as a draft, with what is typed so far.
func Preview(e *engine.Engine, cmd casefile.Command) ([]byte, error) {
	if err := decide.Sound(&cmd); err != nil {
		return nil, err
	}
	t := e.Sit()
	var d *decide.Docket
	var sp decide.Spot
	var parties []string
	var err error
	if cmd.Case == 0 {
		ed := e.Workflow(cmd.Workflow)
		if ed == nil {
			return nil, refusal.New(refusal.NotFound, refusal.Args{"what": "procedure", "id": string(cmd.Workflow)})
		}
		d = &decide.Docket{Edition: ed, Case: &casefile.Case{Workflow: ed.Def.ID, Walks: []casefile.WalkState{{ID: procedure.Main, Def: procedure.Main}}, Shared: procedure.Values{},
			Numbers: map[string]string{}, Roles: map[procedure.Actor][]office.PersonID{}}}
		sp = decide.Spot{Def: &ed.Def.Main, Action: &ed.Def.Open, ID: procedure.Main}
	} else {
		if d, t, _, err = e.Look(cmd.Actor, cmd.Case); err != nil {
			return nil, err
		}
		var e2 *refusal.Error
		if sp, parties, e2 = t.Stand(d, &cmd); e2 != nil {
			return nil, e2
		}
	}
	day := cmd.Day
	if day == 0 {
		day = t.Today
	}
	s := t.View(d.Edition, d.Case, day)
	s.Action, s.Walk, s.Actor = sp.Action, sp.ID, cmd.Actor
	s.Concern(parties)
	if cmd.Case != 0 {
		if _, err := t.Admit(s, sp, &cmd); err != nil {
			return nil, err
		}
	}
	r := &filling.Reader{View: s, Missing: t.Missing, Brief: decide.Brief(s, sp)}
	values, ps := filling.Prepare(s, sp.Action, cmd.Values, r)
	fills, err := decide.Papers(s, s.Fills, values, cmd.Paper)
	if err != nil {
		return nil, err
	}
	if len(fills) == 0 {
		return nil, refusal.New(refusal.NotFound, refusal.Args{"what": "paper", "id": string(cmd.Action)})
	}
	work := d.Case.Clone()
	ev := &casefile.Event{Seq: d.Case.Seq + 1, Actor: cmd.Actor, Walk: sp.ID, Day: day, Papers: fills, Shared: decide.Shared(s, ps, values)}
	work.Fill(d.Edition, ev)
	return e.Renderer.Render(e.Sheet(d.Edition, work, fills[0].P, day))
}

// PaperPDF draws a paper that is not issued yet, marked 草稿.
func PaperPDF(ctx context.Context, e *engine.Engine, who office.PersonID, id casefile.CaseID, p int) ([]byte, error) {
	d, t, veil, err := e.Look(who, id)
	if err != nil {
		return nil, err
	}
	if d.Case.Paper(p) == nil {
		return nil, refusal.New(refusal.NotFound, refusal.Args{"what": "paper", "id": strconv.Itoa(p)})
	}
	if veil == casefile.Open && d.Edition.Secretive(d.Case.Paper(p).Form) {
		if err := noteRead(ctx, e, d, who, ByPaper, p); err != nil {
			return nil, err
		}
	}
	return e.Renderer.Render(e.Sheet(d.Edition, d.Case, p, t.Today))
}

// DocumentPDF is an issued document, the very bytes; from whoever may not know all of it, a copy drawn without that.
func DocumentPDF(ctx context.Context, e *engine.Engine, who office.PersonID, id casefile.CaseID, n int) ([]byte, error) {
	d, _, veil, err := e.Look(who, id)
	if err != nil {
		return nil, err
	}
	doc := d.Case.Document(n)
	if doc == nil {
		return nil, refusal.New(refusal.NotFound, refusal.Args{"what": "document", "id": strconv.Itoa(n)})
	}
	if veil == casefile.Open && d.Edition.Secretive(doc.Form) {
		if err := noteRead(ctx, e, d, who, ByDocument, n); err != nil {
			return nil, err
		}
	}
	if veil != casefile.Open {
		sheet, whole, err := AsIssued(e, d.Edition, doc, id, veil)
		if err != nil {
			return nil, err
		}
		if !whole {
			return e.Renderer.Render(sheet)
		}
	}
	return e.Store.Blob(doc.SHA256)
}

// CopyPDF is an issued document printed again: as it was issued, with a foot that says so, and across it that it is void
// when it is.
func CopyPDF(ctx context.Context, e *engine.Engine, who office.PersonID, id casefile.CaseID, n int) ([]byte, error) {
	d, t, veil, err := e.Look(who, id)
	if err != nil {
		return nil, err
	}
	doc := d.Case.Document(n)
	if doc == nil {
		return nil, refusal.New(refusal.NotFound, refusal.Args{"what": "document", "id": strconv.Itoa(n)})
	}
	if veil == casefile.Open && d.Edition.Secretive(doc.Form) {
		if err := noteRead(ctx, e, d, who, ByDocument, n); err != nil {
			return nil, err
		}
	}
	sheet, whole, err := AsIssued(e, d.Edition, doc, id, veil)
	if err != nil {
		return nil, err
	}
	if doc.Void == 0 && whole { // a schedule that changed since would show in a due day: then the paper itself is the copy
		again, err := e.Renderer.Render(sheet)
		if err != nil {
			return nil, err
		}
		if sum := sha256.Sum256(again); hex.EncodeToString(sum[:]) != doc.SHA256 {
			return e.Store.Blob(doc.SHA256)
		}
	}
	sheet.Reprint, sheet.Void = t.Today, doc.Void != 0
	return e.Renderer.Render(sheet)
}

// AsIssued is the sheet from which a document was drawn: the case as it stood with the event that issued it. What became
// known later changes nothing on it. It is whole where the veil hides nothing of it: no field, and no name in its texts.
func AsIssued(e *engine.Engine, ed *procedure.Edition, doc *casefile.Issued, id casefile.CaseID, veil casefile.Veil) (sheet paper.Sheet, whole bool, err error) {
	sealed, err := e.Store.Events(id, 0, int(doc.Seq))
	if err != nil {
		return paper.Sheet{}, false, err
	}
	var c *casefile.Case
	for _, s := range sealed {
		if s.Seq > doc.Seq {
			break
		}
		var ev casefile.Event
		if err := ledger.Read(s.Data, &ev); err != nil {
			return paper.Sheet{}, false, fmt.Errorf("case %d event %d: %w", id, s.Seq, err)
		}
		c = casefile.Apply(ed, c, &ev)
	}
	sheet = e.Sheet(ed, casefile.Masked(ed, c, veil), doc.P, doc.Day)
	if veil == casefile.Open {
		return sheet, true, nil
	}
	bare, open := sheet, e.Sheet(ed, c, doc.P, doc.Day)
	bare.Settings, open.Settings = nil, nil // functions are never equal
	return sheet, reflect.DeepEqual(bare, open), nil
}

// File is an attachment with its bytes.
func File(ctx context.Context, e *engine.Engine, who office.PersonID, id casefile.CaseID, n int) (casefile.Attachment, []byte, error) {
	d, _, veil, err := e.Look(who, id)
	if err != nil {
		return casefile.Attachment{}, nil, err
	}
	if n < 1 || n > len(d.Case.Files) {
		return casefile.Attachment{}, nil, refusal.New(refusal.NotFound, refusal.Args{"what": "attachment", "id": strconv.Itoa(n)})
	}
	if veil != casefile.Open {
		return casefile.Attachment{}, nil, refusal.New(refusal.Forbidden, refusal.Args{"who": e.Office().Name(who)})
	}
	if err := noteRead(ctx, e, d, who, ByFile, n); err != nil {
		return casefile.Attachment{}, nil, err
	}
	f := d.Case.Files[n-1]
	data, err := e.Store.Blob(f.SHA256)
	return f, data, err
}
