package register

import (
	"cmp"
	"slices"

	"dossier/engine/procedure"
	"dossier/engine/text"
)

// Kind says what a carrier is.
type Kind string

// The kinds of a carrier, in the order in which they are told.
const (
	Procedure Kind = "procedure"
	Gate      Kind = "gate"
	Action    Kind = "action"
	Guard     Kind = "guard"
	Clock     Kind = "clock"
	Fact      Kind = "fact"
	Form      Kind = "form"
	Field     Kind = "field"
	Quota     Kind = "quota"
	Standard  Kind = "standard"
	Rule      Kind = "rule"    // of the self-check
	Figure    Kind = "figure"  // of the statistics
	Setting   Kind = "setting" // by its name
	Page      Kind = "page"    // by its address
)

// Kinds lists them all.
var Kinds = []Kind{Procedure, Gate, Action, Guard, Clock, Fact, Form, Field, Quota, Standard, Rule, Figure, Setting, Page}

// Carrier is one place of a procedure or a form that cites a clause.
type Carrier struct {
	Kind     Kind                 `json:"kind"`
	Workflow procedure.WorkflowID `json:"workflow,omitempty"` // of a form that no procedure names: ""
	ID       string               `json:"id"`                 // the action, clock, fact or form; of a guard its action, of a field its form
	Name     string               `json:"name,omitempty"`     // of a guard or a field
	Title    procedure.Label      `json:"title"`              // of what ID names
	Label    procedure.Label      `json:"label,omitzero"`     // of a field
}

// Trace is what carries each clause: the citations of the procedures and of their forms, turned round.
type Trace struct {
	at    map[procedure.Citation][]Carrier
	cites []procedure.Citation // in the order of their first place
	acts  map[string]string    // the title of each act that is cited, by its id

	procedures map[procedure.WorkflowID]procedure.Label
}

// Cited is a carrier beside procedures and forms, such as a quota or a standard of discretion, with what it cites.
type Cited struct {
	Carrier
	Law procedure.Law
}

// NewTrace reads the citations of the present procedures, of all forms, and of what else carries a clause.
func NewTrace(editions []*procedure.Edition, forms map[procedure.FormID]*procedure.Form, more ...Cited) *Trace {
	t := &Trace{at: map[procedure.Citation][]Carrier{}, acts: map[string]string{}, procedures: map[procedure.WorkflowID]procedure.Label{}}
	editions = slices.Clone(editions)
	slices.SortFunc(editions, func(a, b *procedure.Edition) int { return cmp.Compare(a.Def.ID, b.Def.ID) })
	told := map[procedure.FormID]bool{}
	for _, ed := range editions {
		t.procedure(ed.Def)
		for _, id := range ed.Def.Forms() {
			if f := forms[id]; f != nil && !told[id] {
				told[id] = true
				t.form(ed.Def.ID, f)
			}
		}
	}
	var rest []procedure.FormID
	for id := range forms {
		if !told[id] {
			rest = append(rest, id)
		}
	}
	slices.Sort(rest)
	for _, id := range rest {
		t.form("", forms[id])
	}
	for _, c := range more {
		t.note(c.Carrier, c.Law)
	}
	for c := range t.at {
		slices.SortStableFunc(t.at[c], func(a, b Carrier) int {
			return cmp.Or(cmp.Compare(a.Workflow, b.Workflow), slices.Index(Kinds, a.Kind)-slices.Index(Kinds, b.Kind))
		})
	}
	return t
}

func (t *Trace) procedure(d *procedure.Definition) {
	t.procedures[d.ID] = d.Title
	for _, s := range d.Statutes {
		t.acts[s.ID] = s.Title.ZH
	}
	t.note(Carrier{Kind: Procedure, Workflow: d.ID, ID: string(d.ID), Title: d.Title}, procedure.Law{Cites: []procedure.Citation{d.Source}})
	for i := range d.Facts {
		t.note(Carrier{Kind: Fact, Workflow: d.ID, ID: string(d.Facts[i].ID), Title: d.Facts[i].Title}, d.Facts[i].Law)
	}
	clocks := d.Clocks
	for i := range d.Sides {
		clocks = append(slices.Clip(clocks), d.Sides[i].Clocks...)
	}
	for i := range clocks {
		t.note(Carrier{Kind: Clock, Workflow: d.ID, ID: string(clocks[i].ID), Title: clocks[i].Title}, clocks[i].Law)
	}
	d.Each(func(_ *procedure.Walk, _ *procedure.State, a *procedure.Action) {
		kind := Action
		if a.Decision != "" {
			kind = Gate
		}
		t.note(Carrier{Kind: kind, Workflow: d.ID, ID: string(a.ID), Title: a.Title}, a.Law)
		for _, g := range a.Guards {
			t.note(Carrier{Kind: Guard, Workflow: d.ID, ID: string(a.ID), Name: g.Name, Title: a.Title}, g.Law)
		}
	})
}

func (t *Trace) form(of procedure.WorkflowID, f *procedure.Form) {
	t.note(Carrier{Kind: Form, Workflow: of, ID: string(f.ID), Title: f.Title}, f.Law)
	for _, p := range f.Parts {
		for _, x := range p.Fields {
			t.note(Carrier{Kind: Field, Workflow: of, ID: string(f.ID), Name: string(x.ID), Title: f.Title, Label: x.Title}, x.Law)
		}
	}
}

// note writes a carrier down under each clause that it cites, once, whatever state it stands in.
func (t *Trace) note(c Carrier, law procedure.Law) {
	for _, cite := range law.Cites {
		if cite.Ref == "" {
			continue
		}
		if t.at[cite] == nil {
			t.cites = append(t.cites, cite)
		}
		if !slices.Contains(t.at[cite], c) {
			t.at[cite] = append(t.at[cite], c)
		}
	}
}

// Cites are the clauses that something cites, the list's before the statutes', each once.
func (t *Trace) Cites() []procedure.Citation {
	cites := slices.Clone(t.cites)
	slices.SortStableFunc(cites, func(a, b procedure.Citation) int {
		return cmp.Or(cmp.Compare(order(a.Act), order(b.Act)), cmp.Compare(a.Act, b.Act))
	})
	return cites
}

func order(act string) int {
	if act == text.List {
		return 0
	}
	return 1
}

// Of are the carriers of a clause: what cites it, procedure by procedure.
func (t *Trace) Of(c procedure.Citation) []Carrier { return slices.Clone(t.at[c]) }

// Title is the title of an act as the procedures give it; "" of one that none names.
func (t *Trace) Title(act string) string { return t.acts[act] }

// Silence is a place of the list that no procedure carries, with the reason. Its reason covers what lies within it too.
type Silence struct {
	ID      string `json:"id"`
	Why     string `json:"why"`
	Pending bool   `json:"pending,omitempty"` // it asks for something, and what will carry it isn't built yet
}

// Standing is how one place of the list stands with the procedures.
type Standing struct {
	By      []Carrier // what cites the place itself
	Through string    // else the nearest section above that is cited, which carries its paragraphs too
	Silence *Silence  // else why nothing does
}

// Carried tells whether something carries the place.
func (s Standing) Carried() bool { return len(s.By) > 0 || s.Through != "" }

// Standing answers for one place of part 四. What cites a section carries what lies within it, unless a reason says
// otherwise of a place between; what cites a whole regime says only where a procedure comes from.
func (r *Register) Standing(t *Trace, id string) Standing {
	s := Standing{By: t.Of(Cite(id))}
	if len(s.By) > 0 {
		return s
	}
	for _, above := range Above(id) {
		if Regime(above) == above || Regime(above) == "" {
			break
		}
		if len(t.at[Cite(above)]) > 0 {
			s.Through = above
			break
		}
	}
	for i := range r.Silences {
		x := &r.Silences[i]
		if Within(id, x.ID) && (s.Through == "" || Within(x.ID, s.Through)) && (s.Silence == nil || len(s.Silence.ID) < len(x.ID)) {
			s.Silence = x
		}
	}
	if s.Silence != nil {
		s.Through = ""
	}
	return s
}

// Place is one place of the list with all that is known of it.
type Place struct {
	ID      string    `json:"id"`
	Text    []Entry   `json:"text"`
	By      []Carrier `json:"by"`
	Through string    `json:"through,omitempty"`
	Silence *Silence  `json:"silence,omitempty"`
}

// Place is what stands at an id, and how that stands with the procedures.
func (r *Register) Place(t *Trace, id string) Place {
	s := r.Standing(t, id)
	p := Place{ID: id, Text: r.At(id), By: s.By, Through: s.Through, Silence: s.Silence}
	if p.By == nil {
		p.By = []Carrier{}
	}
	return p
}

// Heading tells whether a paragraph is only the heading of what lies under it.
func (p *Part) Heading(id string) bool {
	under, own := false, 0
	for _, x := range p.Paragraphs {
		switch {
		case x.ID == id:
			own++
		case Within(x.ID, id):
			under = true
		}
	}
	return under && own == 1
}

// Gaps are the paragraphs of part 四 that nothing carries and no reason covers, and the reasons that cover nothing any
// more, because what they speak of is carried by now. Both are faults, of the procedures or of the list of reasons.
func (r *Register) Gaps(t *Trace) (bare []string, stale []Silence) {
	used := map[string]bool{}
	for _, p := range r.List.Parts {
		for _, x := range p.Paragraphs {
			if x.ID == Regime(x.ID) || p.Heading(x.ID) {
				continue
			}
			switch s := r.Standing(t, x.ID); {
			case s.Carried():
			case s.Silence != nil:
				used[s.Silence.ID] = true
			case !slices.Contains(bare, x.ID):
				bare = append(bare, x.ID)
			}
		}
	}
	for _, s := range r.Silences {
		if !used[s.ID] {
			stale = append(stale, s)
		}
	}
	return bare, stale
}

// Unknown are the citations that lead nowhere: to a place that the list doesn't have, or to an article without its text.
func (r *Register) Unknown(t *Trace) []procedure.Citation {
	var unknown []procedure.Citation
	for _, c := range t.Cites() {
		if c.Act == text.List {
			if !r.Has(c.Ref) {
				unknown = append(unknown, c)
			}
		} else if _, a := r.Article(c); a == nil {
			unknown = append(unknown, c)
		}
	}
	return unknown
}
