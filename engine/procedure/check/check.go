// Package check says what is wrong with a procedure or a form before any case rests on it: unknown names, states that
// nothing reaches, gates without a return, clocks that nothing starts, missing citations. It is the compiler's second half;
// workflows and documents add the line and column to each fault.
//
// It sees definitions only, never a case.
package check

import (
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"dossier/engine/procedure"
	"dossier/engine/text"
)

// Fault is one thing that is wrong with a procedure or a form, told by its place in the words of the language. Whoever
// read the text adds the line and the column.
type Fault struct {
	Path    string     // walk[1].actions[0].to
	Message text.Words // no state "handling-propsal"
	Hint    text.Words // what to do; empty where Allowed says it
	Value   string     // the word that is wrong, for a guess at what was meant
	Allowed []string   // the words that may stand there
}

var (
	wordPattern   = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)
	formIDPattern = regexp.MustCompile(`^[A-Z][A-Z0-9]*$`)

	typeWordPattern = regexp.MustCompile(`^\p{Han}{1,8}$`) // 代字: 告, 罚
)

// checker collects what is wrong with one procedure.
type checker struct {
	def    *procedure.Definition
	forms  map[procedure.FormID]*procedure.Form
	faults []Fault

	posts   []string
	actors  []string // posts, roles of the case, timer
	facts   []string
	clocks  []string
	walks   []string // side walks
	actions []string // of every walk, the built-in ones last
	known   []string // forms that were loaded
	acts    []string // short names of acts

	sets    map[procedure.FactID]bool                       // some action sets the fact
	fills   map[procedure.FormID]map[procedure.PartID]bool  // some action fills the part
	issues  map[procedure.FormID]bool                       // some action issues it
	fires   map[procedure.ActionID]bool                     // some clock does the action by timer
	actorOf map[procedure.ActionID]map[procedure.Actor]bool // who may do the action, somewhere
	scopes  map[procedure.FactID][]*procedure.Form          // forms of the actions that set the fact
	vague   map[procedure.FactID]bool                       // one of those forms is unknown
	stands  map[procedure.ActionID]bool                     // the action is written

	// lost tells that some action sets an unknown fact or fills an unknown form, or some clock does an unknown action:
	// what seems to be set, filled or done by nothing may be what was meant.
	lost struct{ fact, form, expiry bool }

	partial bool // the action being checked fills a form that is unknown
}

// Definition tells what the procedure means that it can't mean: words that name nothing, states that nothing reaches or
// that lead nowhere, clocks that never start or end, gates that can't return, claims without a citation. The forms are
// all that were loaded. No fault at all is nil. It knows nothing of the text that the procedure was read from.
func Definition(d *procedure.Definition, forms map[procedure.FormID]*procedure.Form) []Fault {
	c := &checker{def: d, forms: forms}
	c.index()
	c.head()
	c.terms()
	c.owes("owes", d.Owes)
	c.checkFacts()
	c.checkClocks()
	c.checkWalks()
	c.checkGraph()
	c.checkForms()
	return c.faults
}

// index gathers the names that the rest of the procedure may use.
func (c *checker) index() {
	d := c.def
	c.sets, c.fires = map[procedure.FactID]bool{}, map[procedure.ActionID]bool{}
	c.vague, c.issues = map[procedure.FactID]bool{}, map[procedure.FormID]bool{}
	c.fills, c.scopes = map[procedure.FormID]map[procedure.PartID]bool{}, map[procedure.FactID][]*procedure.Form{}
	c.actorOf, c.stands = map[procedure.ActionID]map[procedure.Actor]bool{}, map[procedure.ActionID]bool{}

	c.acts = []string{"list", "ours"}
	for _, s := range d.Statutes {
		c.acts = append(c.acts, s.ID)
	}
	for _, f := range d.Facts {
		c.facts = append(c.facts, string(f.ID))
	}
	for clock := range eachClock(d) {
		c.clocks = append(c.clocks, string(clock.ID))
		if clock.OnExpiry != "" {
			c.fires[clock.OnExpiry] = true
		}
	}
	for _, w := range d.Sides {
		c.walks = append(c.walks, string(w.ID))
	}
	for id := range c.forms {
		c.known = append(c.known, string(id))
	}
	slices.Sort(c.known)

	for _, p := range d.Posts {
		c.posts = append(c.posts, string(p.ID))
	}
	c.actors = append(slices.Clone(c.posts), procedure.Texts(procedure.Roles)...)
	d.Each(func(_ *procedure.Walk, _ *procedure.State, a *procedure.Action) {
		if !c.stands[a.ID] {
			c.actions = append(c.actions, string(a.ID))
			c.stands[a.ID], c.actorOf[a.ID] = true, map[procedure.Actor]bool{}
		}
		for _, who := range a.By.Values() {
			for _, actor := range who {
				c.actorOf[a.ID][actor] = true
			}
		}
		for _, role := range slices.Sorted(maps.Keys(a.Assigns)) {
			if !slices.Contains(c.actors, string(role)) {
				c.actors = append(c.actors, string(role))
			}
		}
		for _, p := range a.Parts() {
			if c.fills[p.Form] == nil {
				c.fills[p.Form] = map[procedure.PartID]bool{}
			}
			c.fills[p.Form][p.Part] = true
			c.lost.form = c.lost.form || c.forms[p.Form] == nil
		}
		for _, form := range a.Issues {
			c.issues[form] = true
		}
		for _, facts := range a.Fact.Values() {
			for _, f := range facts {
				c.sets[f] = true
				c.lost.fact = c.lost.fact || d.Fact(f) == nil
				c.scopes[f] = append(c.scopes[f], c.scope(a)...)
				c.vague[f] = c.vague[f] || c.unloaded(a)
			}
		}
	})
	for id := range c.fires {
		c.lost.expiry = c.lost.expiry || !c.actorOf[id][procedure.Timer]
	}
	c.actors = append(c.actors, string(procedure.Timer))
	c.actions = append(c.actions, procedure.Texts(procedure.Builtins)...)
}

// head checks what stands before the facts.
func (c *checker) head() {
	d := c.def
	c.word("workflow", "procedure", string(d.ID))
	if d.Version < 1 {
		c.fault("version", text.Say("version %s", d.Version), "count versions from 1")
	}
	c.label("title", d.Title, true)
	c.cite("source", d.Source)
	if len(d.Line) < 2 {
		c.fault("line", "fewer than two stand in the line", "the first is warned, the second has the findings: [officer-in-charge, captain, leader]")
	}
	for i, a := range d.Line {
		c.actor(at("line", i), a)
		if a == procedure.Timer {
			c.fault(at("line", i), "nobody is warned by warning the timer", "name a post or a role")
		}
	}
	if d.Apart != "" {
		c.named("each.respondent", "fact", string(d.Apart), c.facts)
	}
	seen := map[string]bool{}
	for _, s := range d.Statutes {
		path := in("statutes", s.ID)
		c.word(path, "statute", s.ID)
		if s.ID == "list" || s.ID == "ours" || s.ID == "setting" {
			c.fault(path, text.Say("%q is not a statute's name", s.ID), "it has a meaning of its own in citations; choose another short name")
		}
		if seen[s.ID] {
			c.fault(path, text.Say("statute %q stands twice", s.ID), "")
		}
		seen[s.ID] = true
		c.label(path, s.Title, false)
	}
}

// fault notes what is wrong and what to do.
func (c *checker) fault(path string, message, hint text.Words) {
	c.faults = append(c.faults, Fault{Path: path, Message: message, Hint: hint})
}

// unknown notes a word that names nothing, with the words that would.
func (c *checker) unknown(path string, kind text.Words, word string, allowed []string) {
	c.faults = append(c.faults, unknown(path, kind, word, allowed))
}

func unknown(path string, kind text.Words, word string, allowed []string) Fault {
	f := Fault{Path: path, Message: text.Say("no %s %q", kind, word), Value: word}
	for _, a := range allowed {
		if !slices.Contains(f.Allowed, a) {
			f.Allowed = append(f.Allowed, a)
		}
	}
	if len(allowed) == 0 {
		f.Hint = "there is none"
	}
	return f
}

// named checks that a word is one of those that exist.
func (c *checker) named(path string, kind text.Words, word string, allowed []string) bool {
	if slices.Contains(allowed, word) {
		return true
	}
	c.unknown(path, kind, word, allowed)
	return false
}

func (c *checker) fact(path string, id procedure.FactID) bool {
	return c.named(path, "fact", string(id), c.facts)
}

func (c *checker) clock(path string, id procedure.ClockID) bool {
	return c.named(path, "clock", string(id), c.clocks)
}

func (c *checker) actor(path string, a procedure.Actor) bool {
	return c.named(path, "post or role", string(a), c.actors)
}

// form finds a form that was loaded.
func (c *checker) form(path string, id procedure.FormID) *procedure.Form {
	if f := c.forms[id]; f != nil {
		return f
	}
	c.unknown(path, "form", string(id), c.known)
	return nil
}

// filled finds a form that some action of the procedure fills.
func (c *checker) filled(path string, id procedure.FormID) *procedure.Form {
	f := c.form(path, id)
	if f != nil && c.fills[id] == nil && !c.lost.form {
		c.fault(path, text.Say("no action fills form %s", id), "")
	}
	return f
}

// field finds FORM.field.
func (c *checker) field(path string, ref procedure.FieldRef) *procedure.Field {
	f := c.filled(path, ref.Form)
	if f == nil {
		return nil
	}
	field := f.Field(ref.Field)
	if field == nil {
		c.unknown(path, text.Say("field of form %s", ref.Form), string(ref.Field), fieldNames(f))
	}
	return field
}

// ofType checks the type of a field that exists.
func (c *checker) ofType(path string, f *procedure.Field, types ...procedure.FieldType) {
	if f != nil && f.Type != "" && len(types) > 0 && !slices.Contains(types, f.Type) {
		c.fault(path, text.Say("field %q is of type %s", f.ID, f.Type), text.Say("wanted: %s", strings.Join(procedure.Texts(types), ", ")))
	}
}

// own finds a field of the forms that an action fills.
func (c *checker) own(path string, id procedure.FieldID, scope []*procedure.Form) *procedure.Field {
	if len(scope) == 0 && !c.partial {
		c.fault(path, text.Say("field %q, but no form is filled here", id), "name the form too: FORM.field")
		return nil
	}
	var names []string
	for _, f := range scope {
		if field := f.Field(id); field != nil {
			return field
		}
		names = append(names, fieldNames(f)...)
	}
	if c.partial {
		return nil // it may stand in the form that is unknown, which is told
	}
	slices.Sort(names)
	c.unknown(path, text.Say("field of form %s", scope[0].ID), string(id), slices.Compact(names))
	return nil
}

// scope gives the forms that an action fills, as far as they exist.
func (c *checker) scope(a *procedure.Action) []*procedure.Form {
	var forms []*procedure.Form
	for _, p := range a.Parts() {
		if f := c.forms[p.Form]; f != nil && !slices.Contains(forms, f) {
			forms = append(forms, f)
		}
	}
	return forms
}

// unloaded tells whether the action fills a form that is unknown.
func (c *checker) unloaded(a *procedure.Action) bool {
	return slices.ContainsFunc(a.Parts(), func(p procedure.FormPart) bool { return c.forms[p.Form] == nil })
}

// word checks the spelling of an id.
func (c *checker) word(path string, kind text.Words, id string) {
	if f, ok := misspelt(path, kind, id); ok {
		c.faults = append(c.faults, f)
	}
}

// misspelt tells whether an id can't be the name of anything.
func misspelt(path string, kind text.Words, id string) (Fault, bool) {
	return Fault{Path: path, Message: text.Say("%s %q is misspelt", kind, id),
		Hint: "write small letters, digits and single hyphens, a letter first"}, !wordPattern.MatchString(id)
}

// label checks a text for people: Chinese always, English where the interface shows it.
func (c *checker) label(path string, l procedure.Label, english bool) {
	switch {
	case l.ZH == "":
		c.fault(path, "no Chinese label", "write zh: …")
	case english && l.EN == "":
		c.fault(path, "no English label", "write en: …")
	}
}

// law checks that something cites where it comes from.
func (c *checker) law(path string, l procedure.Law, required bool) {
	if required && len(l.Cites) == 0 {
		c.fault(path, "no citation", "write law: [list/…] or [ACT/…], or [ours] with why: …")
		return
	}
	for i, cite := range l.Cites {
		c.cite(at(in(path, "law"), i), cite)
		if cite.Act == "ours" && l.Why == "" {
			c.fault(at(in(path, "law"), i), "[ours] without why", "say in why: what was chosen and why")
		}
	}
}

func (c *checker) cite(path string, cite procedure.Citation) {
	if cite.Act != "" { // else it can't be read, which is told
		c.named(path, "act", cite.Act, c.acts)
	}
}

// eachClock walks over all clocks of the procedure and of its side walks, with the path of each.
func eachClock(d *procedure.Definition) func(func(*procedure.Clock, string) bool) {
	return func(yield func(*procedure.Clock, string) bool) {
		for i := range d.Clocks {
			if !yield(&d.Clocks[i], in("clocks", string(d.Clocks[i].ID))) {
				return
			}
		}
		for s := range d.Sides {
			for i := range d.Sides[s].Clocks {
				clock := &d.Sides[s].Clocks[i]
				if !yield(clock, in(in(in("side-walks", string(d.Sides[s].ID)), "clocks"), string(clock.ID))) {
					return
				}
			}
		}
	}
}

// at and in lead one step deeper into a path.
func at(path string, i int) string { return path + "[" + strconv.Itoa(i) + "]" }

func in(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

func fieldNames(f *procedure.Form) []string {
	var names []string
	for _, p := range f.Parts {
		for _, field := range p.Fields {
			if !slices.Contains(names, string(field.ID)) {
				names = append(names, string(field.ID))
			}
		}
	}
	return names
}
