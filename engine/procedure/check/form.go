package check

import (
	"maps"
	"reflect"
	"slices"
	"strings"

	"dossier/engine/calendar"
	"dossier/engine/procedure"
	"dossier/engine/text"
)

// formChecker collects what is wrong with one form.
type formChecker struct {
	form   *procedure.Form
	forms  map[procedure.FormID]*procedure.Form
	faults []Fault
}

// Form tells what a form means that it can't mean: a field twice, a choice without choices, a sum of no column, a
// sample that its own type refuses. What it names of a procedure (facts, clocks, roles) is checked with the procedure.
// The forms are all that were loaded, so that FORM.field is checked too.
func Form(f *procedure.Form, forms map[procedure.FormID]*procedure.Form) []Fault {
	c := &formChecker{form: f, forms: forms}
	if !formIDPattern.MatchString(string(f.ID)) {
		c.fault("form", text.Say("%q is not a form's code", f.ID), "write capital letters and digits, a letter first: LJ04")
	}
	if f.Version < 1 {
		c.fault("version", text.Say("version %s", f.Version), "count versions from 1")
	}
	c.label("title", f.Title)
	c.law("", f.Law, true)
	if f.Number != "" && f.Number != "case" && !typeWordPattern.MatchString(f.Number) {
		c.fault("number", text.Say("%q is no number of a form", f.Number), "leave it out, write case, or the type word in Chinese: 告")
	}
	for i, o := range f.Called {
		c.test(in(at("called", i), "when"), o.When, nil)
	}
	c.keeps()
	if len(f.Parts) == 0 {
		c.fault("parts", "a form without parts", "write at least one")
	}
	parts := map[procedure.PartID]bool{}
	types := map[procedure.FieldID]*procedure.Field{}
	for i := range f.Parts {
		part, path := &f.Parts[i], at("parts", i)
		c.word(in(path, "part"), "part", string(part.ID))
		if parts[part.ID] {
			c.fault(in(path, "part"), text.Say("part %q stands twice", part.ID), "")
		}
		parts[part.ID] = true
		c.label(in(path, "title"), part.Title)
		if len(part.Fields) == 0 {
			c.fault(in(path, "fields"), "a part without fields", "write at least one")
		}
		c.fields(in(path, "fields"), part.Fields, types)
	}
	return c.faults
}

// keeps checks what makes the form one of the registry.
func (c *formChecker) keeps() {
	if c.form.Kind == "" {
		if len(c.form.Keeps)+len(c.form.Key) > 0 {
			c.fault("keeps", "posts or a key of nothing", "give the kind of the registry that they are of")
		}
		return
	}
	c.word("kind", "kind", c.form.Kind)
	if len(c.form.Keeps) == 0 {
		c.fault("kind", "a kind of the registry that nobody keeps", "name the posts in keeps")
	}
	for i, id := range c.form.Key {
		if f := c.form.Field(id); f == nil || !f.Required {
			c.fault(at("key", i), text.Say("the key %q is no field that must be given", id), "name required fields")
		}
	}
	for i, p := range c.form.Keeps {
		c.word(at("keeps", i), "post", string(p)) // whether an office has it is asked where its posts are known
	}
}

// fields checks the fields of one part. A field may stand in several parts, as the same thing asked again.
func (c *formChecker) fields(path string, fields []procedure.Field, types map[procedure.FieldID]*procedure.Field) {
	c.edges(path, fields)
	here, opinions := map[procedure.FieldID]bool{}, 0
	for i := range fields {
		f, p := &fields[i], at(path, i)
		c.field(p, f)
		if f.Shows == nil && !f.Shared && procedure.PaperWord(f.ID) { // a value of the case is what the paper says
			c.fault(in(p, "field"), text.Say("%q is a word of the paper itself", f.ID), "it prints its own there: choose another name, as answer-by")
		}
		if f.Opinion {
			if opinions++; opinions > 1 {
				c.fault(in(p, "opinion"), "a second opinion in this part", "one field says what the person thinks who signs")
			}
			if f.Type != procedure.Text && f.Type != procedure.LongText {
				c.fault(in(p, "opinion"), text.Say("an opinion of type %s", f.Type), "wanted: text, long")
			}
		}
		if here[f.ID] {
			c.fault(in(p, "field"), text.Say("field %q stands twice in this part", f.ID), "")
		}
		here[f.ID] = true
		before := types[f.ID]
		switch {
		case before == nil:
			types[f.ID] = f
		case f.Shows == nil && before.Shows == nil && (f.Type != before.Type || !reflect.DeepEqual(f.Choices, before.Choices)):
			c.fault(in(p, "type"), text.Say("field %q has another type or other choices in an earlier part", f.ID), "one name, one meaning: choose another name here")
		}
	}
}

// field checks one blank of the form.
func (c *formChecker) field(path string, f *procedure.Field) {
	c.word(in(path, "field"), "field", string(f.ID))
	c.label(path, f.Title)
	c.law(path, f.Law, false)
	if f.Shows != nil {
		c.shown(path, f)
		return
	}
	if f.Type == "" {
		c.fault(path, text.Say("field %q has no type", f.ID), "give it a type, or shows for what is never asked")
		return
	}
	if !slices.Contains(procedure.FieldTypes, f.Type) {
		c.unknown(in(path, "type"), "type", string(f.Type), procedure.Texts(procedure.FieldTypes))
		return
	}
	c.choices(path, f)
	c.bounds(path, f)
	if f.Type == procedure.Table {
		c.columns(path, f)
	} else if len(f.Columns) > 0 {
		c.fault(in(path, "columns"), text.Say("columns on a field of type %s", f.Type), "only a table has columns")
	}
	if len(f.Of) > 0 && f.Type != procedure.Document {
		c.fault(in(path, "of"), text.Say("of on a field of type %s", f.Type), "only a document field names the forms it may choose from")
	}
	for i, id := range f.Of {
		c.other(at(in(path, "of"), i), id)
	}
	c.among(in(path, "among"), f)
	c.test(in(path, "when"), f.When, f)
	for i, k := range f.From {
		c.known(at(in(path, "from"), i), k)
	}
	if f.Required && len(f.Sample) == 0 && len(f.From) == 0 {
		c.fault(path, text.Say("field %q is required and has neither sample nor from", f.ID), "give a sample: tests and the demo county fill the form with it")
	}
	c.samples(in(path, "sample"), f)
}

// shown checks a field that is computed and never asked.
func (c *formChecker) shown(path string, f *procedure.Field) {
	p := in(path, "shows")
	asked := []struct {
		key   string
		given bool
	}{
		{"type", f.Type != ""}, {"choices", len(f.Choices) > 0}, {"columns", len(f.Columns) > 0}, {"required", f.Required},
		{"max", f.Max != 0}, {"min", f.Min != 0}, {"from", len(f.From) > 0}, {"sample", len(f.Sample) > 0},
		{"of", len(f.Of) > 0}, {"phrases", len(f.Phrases) > 0},
	}
	for _, a := range asked {
		if a.given {
			c.fault(in(path, a.key), text.Say("field %q has both shows and %s", f.ID, a.key), "what is shown is computed, never asked: keep one of the two")
		}
	}
	c.test(in(path, "when"), f.When, f)
	s := f.Shows
	switch {
	case s.Tells != "":
		c.tells(p, s.Tells)
	case s.Less != nil:
		c.fault(in(p, "less"), "less outside a table", "it is shown in a column: {less: [COLUMN, COLUMN]}")
	case s.Number != "":
		c.named(in(p, "number"), "number", s.Number, []string{"case", "intake"})
	case s.Owed != "":
		c.word(in(p, "owed"), "sum owed", s.Owed)
	case s.Over != "":
		c.word(in(p, "overpaid"), "sum owed", s.Over)
	case s.Issued != nil:
		for i, id := range s.Issued {
			c.other(at(in(p, "issued"), i), id)
		}
	case s.Newest != nil:
		for i, id := range s.Newest {
			c.other(at(in(p, "newest"), i), id)
		}
	case s.Certs != "":
		if x := c.ref(in(p, "certificates"), procedure.FieldRef{Form: c.form.ID, Field: s.Certs}); x != nil && x.Type != procedure.People && x.Type != procedure.PersonType {
			c.fault(in(p, "certificates"), text.Say("field %q is of type %s", s.Certs, x.Type), "wanted: people")
		}
	case s.Value.Form != "":
		c.ref(in(p, "value"), s.Value)
	case s.Total.Form != "":
		c.ref(in(p, "total"), s.Total)
	case s.Papers != "":
	case s.Count != "":
		c.table(in(p, "count"), s.Count)
	case s.Sum != "":
		c.sum(in(p, "sum"), s.Sum)
	}
}

// tells checks the word for what is told of violations.
func (c *formChecker) tells(path string, w procedure.ViolationWord) {
	c.named(in(path, "violations"), "word for violations", string(w), procedure.Texts(procedure.ViolationWords))
}

// choices checks that a field which offers a choice has one, and no other field does.
func (c *formChecker) choices(path string, f *procedure.Field) {
	p := in(path, "choices")
	offers := f.Type == procedure.ChoiceType || f.Type == procedure.Choices
	switch {
	case offers && len(f.Choices) == 0:
		c.fault(path, text.Say("field %q offers a choice without choices", f.ID), "write choices: [{VALUE: 文字}, …]")
	case !offers && len(f.Choices) > 0:
		c.fault(p, text.Say("choices on a field of type %s", f.Type), "make it choice (one) or choices (some)")
	}
	seen := map[string]bool{}
	for i, a := range f.Choices {
		c.word(at(p, i), "choice", strings.ReplaceAll(a.Value, "/", "-")) // n/a
		if seen[a.Value] {
			c.fault(at(p, i), text.Say("choice %q stands twice", a.Value), "")
		}
		seen[a.Value] = true
		c.label(at(p, i), a.Label)
	}
}

// bounds checks max, min and phrases.
func (c *formChecker) bounds(path string, f *procedure.Field) {
	free := f.Type == procedure.Text || f.Type == procedure.LongText
	if f.Max != 0 && !free && f.Type != procedure.Number {
		c.fault(in(path, "max"), text.Say("max on a field of type %s", f.Type), "it counts the characters of text and long, or bounds a number")
	}
	if f.Min != 0 && f.Type != procedure.Number && f.Type != procedure.People && f.Type != procedure.Table {
		c.fault(in(path, "min"), text.Say("min on a field of type %s", f.Type), "it bounds a number, people or the rows of a table")
	}
	if f.Max < 0 || f.Type == procedure.Number && f.Max != 0 && f.Max < f.Min {
		c.fault(in(path, "max"), text.Say("max %s leaves nothing", f.Max), "")
	}
	if limit := procedure.TextLimits[f.Type]; f.Max > limit && free {
		c.fault(in(path, "max"), text.Say("max %s is beyond the type's own %s", f.Max, limit), "use long for longer texts")
	}
	for key, edge := range map[string]procedure.Edge{"not-before": f.NotBefore, "not-after": f.NotAfter} {
		if edge != "" && f.Type != procedure.DateType && f.Type != procedure.DateTime {
			c.fault(in(path, key), text.Say("%s on a field of type %s", key, f.Type), "it bounds a date or datetime")
		}
	}
	if len(f.Provisions) > 0 && !free {
		c.fault(in(path, "provisions"), text.Say("provisions on a field of type %s", f.Type), "only text and long cite articles")
	}
	if len(f.Phrases) > 0 && !free {
		c.fault(in(path, "phrases"), text.Say("phrases on a field of type %s", f.Type), "only text and long offer phrases")
	}
}

// edges checks that a day which is bounded by another field is bounded by a day beside it.
func (c *formChecker) edges(path string, fields []procedure.Field) {
	var days []string
	for _, f := range fields {
		if f.Type == procedure.DateType || f.Type == procedure.DateTime {
			days = append(days, string(f.ID))
		}
	}
	for i, f := range fields {
		for j, edge := range []procedure.Edge{f.NotBefore, f.NotAfter} {
			p := in(at(path, i), []string{"not-before", "not-after"}[j])
			if _, err := calendar.ParsePeriod(string(edge)); edge == "" || err == nil || edge == procedure.EdgeToday || edge == procedure.EdgeDay || edge == procedure.EdgeNext {
				continue
			}
			if string(edge) == string(f.ID) {
				c.fault(p, text.Say("field %q is bounded by itself", f.ID), "")
				continue
			}
			c.named(p, "day beside it", string(edge), append([]string{"today", "day", "next"}, days...))
		}
	}
}

// among checks that a person is chosen among the people of another field.
func (c *formChecker) among(path string, f *procedure.Field) {
	if f.Among == "" {
		return
	}
	if f.Type != procedure.PersonType {
		c.fault(path, text.Say("among on a field of type %s", f.Type), "only one person is chosen among others")
	}
	if other := c.ref(path, procedure.FieldRef{Form: c.form.ID, Field: f.Among}); other != nil && other.Type != procedure.People {
		c.fault(path, text.Say("field %q is of type %s", f.Among, other.Type), "wanted: people")
	}
}

// test checks a condition by the fields of this form, or of others.
func (c *formChecker) test(path string, t *procedure.Test, of *procedure.Field) {
	if t == nil {
		return
	}
	if len(t.Fields) == 0 && t.Is == nil {
		c.fault(path, "an empty test", "write {FIELD: VALUE}")
	}
	for _, ft := range t.Fields {
		p := in(path, ft.Name())
		ref := procedure.FieldRef{Form: ft.Form, Field: ft.Field}
		if ref.Form == "" {
			ref.Form = c.form.ID
		}
		f := c.ref(p, ref)
		if of != nil && f == of {
			c.fault(p, text.Say("field %q asks for itself", of.ID), "")
		}
		for i, v := range ft.Values {
			if fault, ok := testValue(at(p, i), f, v); !ok {
				c.faults = append(c.faults, fault)
			}
		}
	}
	if t.Is != nil && procedure.GuardArgs[t.Is.Name].One == procedure.ArgText {
		c.fault(in(path, "is"), text.Say("%s can't be tested", t.Is.Name), "it refuses an action")
	}
}

// ref finds FORM.field, of this form or of another.
func (c *formChecker) ref(path string, ref procedure.FieldRef) *procedure.Field {
	form := c.form
	if ref.Form != c.form.ID {
		if form = c.other(path, ref.Form); form == nil {
			return nil
		}
	}
	f := form.Field(ref.Field)
	if f == nil {
		c.unknown(path, text.Say("field of form %s", form.ID), string(ref.Field), fieldNames(form))
	}
	return f
}

// other finds another form.
func (c *formChecker) other(path string, id procedure.FormID) *procedure.Form {
	if f := c.forms[id]; f != nil {
		return f
	}
	c.unknown(path, "form", string(id), procedure.Texts(slices.Sorted(maps.Keys(c.forms))))
	return nil
}

// known checks a source of a prefilled value, as far as it lies in forms.
func (c *formChecker) known(path string, k procedure.Known) {
	if k.Value.Form != "" {
		c.ref(in(path, "value"), k.Value)
	}
	if k.Shared != "" {
		c.named(in(path, "case"), "shared field", string(k.Shared), sharedNames(c.forms))
	}
	if k.Owed != "" {
		c.word(in(path, "owed"), "sum owed", k.Owed)
	}
	if table, column, ok := strings.Cut(k.Sum, "."); ok {
		c.named(in(path, "sum"), "table", table, append(sharedNames(c.forms), fieldNames(c.form)...))
		c.word(in(path, "sum"), "column", column)
	}
	if k.Setting != "" {
		c.word(in(path, "setting"), "setting", k.Setting)
	}
}

// sharedNames gives the values of a case, by the fields that forms share.
func sharedNames(forms map[procedure.FormID]*procedure.Form) []string {
	var names []string
	for _, f := range forms {
		for _, p := range f.Parts {
			for _, field := range p.Fields {
				if field.Shared {
					names = append(names, string(field.ID))
				}
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func (c *formChecker) fault(path string, message, hint text.Words) {
	c.faults = append(c.faults, Fault{Path: path, Message: message, Hint: hint})
}

func (c *formChecker) unknown(path string, kind text.Words, word string, allowed []string) {
	c.faults = append(c.faults, unknown(path, kind, word, allowed))
}

func (c *formChecker) named(path string, kind text.Words, word string, allowed []string) bool {
	if slices.Contains(allowed, word) {
		return true
	}
	c.unknown(path, kind, word, allowed)
	return false
}

func (c *formChecker) word(path string, kind text.Words, id string) {
	if f, ok := misspelt(path, kind, id); ok {
		c.faults = append(c.faults, f)
	}
}

func (c *formChecker) label(path string, l procedure.Label) {
	if l.ZH == "" {
		c.fault(path, "no Chinese label", "write zh: …")
	}
}

func (c *formChecker) law(path string, l procedure.Law, required bool) {
	if required && len(l.Cites) == 0 {
		c.fault(path, "no citation", "write law: [list/…] or [ACT/…], or [ours] with why: …")
	}
	for i, cite := range l.Cites {
		if cite.Act == "ours" && l.Why == "" {
			c.fault(at(in(path, "law"), i), "[ours] without why", "say in why: what was chosen and why")
		}
	}
}
