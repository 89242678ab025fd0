package engine

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"dossier/engine/calendar"
)

// opinionField is the field of every gate's part that says what the person thinks, or what is missing.
const opinionField FieldID = "opinion"

// Limits of a value where the form sets none.
const (
	maxText = 200
	maxLong = 20_000
	maxRows = 2_000
)

// reader reads what was typed into the fields of the parts that an action fills.
type reader struct {
	s       *scope
	brief   map[FormPart]bool   // parts of which only the opinion is asked
	uploads int                 // files that come with the command
	missing func(string) []rune // characters that no font has
	faults  []FieldFault
}

func (r *reader) fault(path, why string, args Args) {
	r.faults = append(r.faults, FieldFault{Path: path, Code: FieldInvalid, Why: why, Args: args})
}

// read parses the given values of these parts, adds what is already known for fields that were not given, and reports
// every fault. The scope's values are what it returns.
func (r *reader) read(of []FormPart, parts []*Part, given Values) Values {
	out := Values{}
	r.s.values = out
	known := map[FieldID]bool{}
	for _, p := range parts {
		for i := range p.Fields {
			f := &p.Fields[i]
			known[f.ID] = true
			if f.Shows != nil {
				continue
			}
			if v, ok := given[f.ID]; ok && !v.Empty() {
				if _, done := out[f.ID]; !done {
					if v, ok := r.parse(string(f.ID), f, v); ok {
						out[f.ID] = v
					} else {
						out[f.ID] = Value{Text: given[f.ID].Text}
					}
				}
			}
		}
	}
	bad := map[string]bool{}
	for _, f := range r.faults {
		bad[strings.SplitN(f.Path, "[", 2)[0]] = true
	}
	done := map[FieldID]bool{}
	for k, p := range parts {
		brief := len(of) > 0 && r.brief[FormPart{Form: of[k].Form, Part: of[k].Part}]
		for i := range p.Fields {
			f := &p.Fields[i]
			if brief && f.ID != opinionField && r.elsewhere(of, parts, f.ID) {
				continue // another part of this very action asks it
			}
			if f.Shows != nil || done[f.ID] {
				continue
			}
			done[f.ID] = true
			if !r.s.holds(f.When) || brief && f.ID != opinionField {
				delete(out, f.ID)
				continue
			}
			if _, ok := given[f.ID]; !ok {
				v := r.s.known(f)
				if v.Empty() && len(of) > 0 { // what stood there when the part was filled last, on a paper still open
					v = r.s.refilled(of[k].Form, of[k].Part, f.ID)
				}
				if !v.Empty() {
					out[f.ID] = v
				}
			}
			if v := out[f.ID]; v.Empty() {
				delete(out, f.ID)
				if f.Required && !bad[string(f.ID)] {
					r.fault(string(f.ID), "field.required", Args{"field": f.Title.ZH})
				}
			}
			r.among(f, out)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(given)) {
		if !known[id] {
			r.fault(string(id), "field.unknown", Args{"field": string(id)})
		}
	}
	return out
}

// elsewhere tells whether a part that is asked whole has the field too.
func (r *reader) elsewhere(of []FormPart, parts []*Part, id FieldID) bool {
	for k, p := range parts {
		if r.brief[FormPart{Form: of[k].Form, Part: of[k].Part}] {
			continue
		}
		for i := range p.Fields {
			if p.Fields[i].ID == id {
				return true
			}
		}
	}
	return false
}

// among holds a person to the people of another field.
func (r *reader) among(f *Field, out Values) {
	if f.Among == "" || out[f.ID].Empty() {
		return
	}
	for _, x := range out[f.ID].Strings() {
		if !out[f.Among].Has(x) {
			r.fault(string(f.ID), "field.among", Args{"field": f.Title.ZH, "who": r.s.office.Name(PersonID(x))})
		}
	}
}

// known is what the record already says of a field that was not given.
func (s *scope) known(f *Field) Value {
	for _, k := range f.From {
		if v := s.from(k, f); !v.Empty() {
			return v
		}
	}
	if f.Shared {
		return s.c.Shared[f.ID]
	}
	return Value{}
}

func (s *scope) from(k Known, f *Field) Value {
	switch {
	case k.Value.Field != "":
		v, _ := s.value(k.Value.Form, k.Value.Field)
		return v
	case k.Shared != "":
		return s.c.Shared[k.Shared]
	case k.Fact != "":
		d, _ := s.latest(k.Fact)
		return TextValue(d.Day.String())
	case k.Role != "":
		return peopleValue(f, s.role(k.Role))
	case k.Setting != "":
		return TextValue(s.office.Text(k.Setting, s.day))
	case k.Owed != "":
		return TextValue(FormatMoney(s.owed(k.Owed)))
	case k.Sum != "":
		if n := s.computed(&Show{Sum: k.Sum}).Fen; n > 0 {
			return TextValue(FormatMoney(n))
		}
	case k.Today:
		return TextValue(s.today.String())
	case k.Day:
		return TextValue(s.day.String())
	case k.Me:
		return peopleValue(f, []PersonID{s.actor})
	case k.Contents:
		return s.contents(f)
	}
	return Value{}
}

// contents are the documents issued so far as rows of a table, in the columns that it has of n, number, author, name and
// day; what else it asks, its pages, is known when the file is bound.
func (s *scope) contents(f *Field) Value {
	var v Value
	for _, d := range s.c.Issued {
		form := s.ed.Forms[d.Form]
		if form == nil || !s.issued(d) {
			continue
		}
		author := s.office.Text("brigade", d.Day)
		if form.Number != "" && form.Number != "case" {
			author = s.office.Text("bureau", d.Day)
		}
		row := Cells{}
		for _, c := range f.Columns {
			if x := (Cells{"n": strconv.Itoa(len(v.Rows) + 1), "number": d.Number, "author": author, "name": form.Title.ZH, "day": d.Day.String()})[c.ID]; x != "" {
				row[c.ID] = x
			}
		}
		v.Rows = append(v.Rows, row)
	}
	return v
}

func peopleValue(f *Field, ids []PersonID) Value {
	if len(ids) == 0 {
		return Value{}
	}
	if f.Type == PersonType || f.Type == Text {
		return TextValue(string(ids[0]))
	}
	v := Value{}
	for _, id := range ids {
		v.List = append(v.List, string(id))
	}
	return v
}

// role is who holds a role of the case now; "opener" opened it, "requester" filled the first part of the walk's open paper last, who is barred was
// replaced, by this very action too.
func (s *scope) role(role Actor) []PersonID {
	switch role {
	case Barred:
		return append(s.barred(), s.c.Barred...)
	case "opener":
		return []PersonID{s.c.Opener}
	case "requester":
		for i := len(s.c.Papers) - 1; i >= 0; i-- {
			p := &s.c.Papers[i]
			if !p.Open || p.Walk != s.walk {
				continue
			}
			for j := len(p.Parts) - 1; j >= 0; j-- { // the request that stands, where an earlier one was withdrawn
				if p.Parts[j].Part == p.Parts[0].Part {
					return []PersonID{p.Parts[j].By}
				}
			}
		}
		return nil
	}
	return s.c.Roles[role]
}

// owed is what this case still owes: kind names a field of one of the procedure's debts (see [Definition.debts]) and
// means that debt whole; "total" is all of them.
func (s *scope) owed(kind string) int64 {
	var sum int64
	for _, g := range s.ed.Def.debts() {
		owed := g.Named["owed"].Strings()
		if kind == "total" || slices.ContainsFunc(owed, func(o string) bool { return strings.HasSuffix(o, "."+kind) }) {
			sum += s.owes(owed, g.Named["paid"].Strings())
		}
	}
	return sum
}

// debts are the different arguments of the procedure's nothing-owed guards, in file order.
func (d *Definition) debts() []Arg {
	var as []Arg
	debt := func(a Arg) {
		if !slices.ContainsFunc(as, func(b Arg) bool { return slices.Equal(a.Named["owed"].Strings(), b.Named["owed"].Strings()) }) {
			as = append(as, a)
		}
	}
	add := func(t *Test) {
		if t != nil && t.Is != nil && t.Is.Name == "nothing-owed" {
			debt(t.Is.Arg)
		}
	}
	d.Each(func(_ *Walk, _ *State, a *Action) {
		for _, g := range a.Guards {
			if g.Name == "nothing-owed" {
				debt(g.Arg)
			}
		}
		for _, o := range a.Fact {
			add(o.When)
		}
		for _, o := range a.To {
			add(o.When)
		}
	})
	return as
}

// parse reads one field.
func (r *reader) parse(path string, f *Field, v Value) (Value, bool) {
	before := len(r.faults)
	switch f.Type {
	case Choices, People, Document, Respondent:
		var out Value
		for _, x := range v.Strings() {
			for _, y := range r.expand(f, x) {
				if y, ok := r.text(path, f, y); ok && y != "" && !out.Has(y) {
					out.List = append(out.List, y)
				}
			}
		}
		return out, len(r.faults) == before
	case Table:
		return r.table(path, f, v), len(r.faults) == before
	}
	if len(v.Rows) > 0 || len(v.List) > 1 {
		r.fault(path, "field.one", Args{"field": f.Title.ZH})
		return Value{}, false
	}
	text := ""
	if ss := v.Strings(); len(ss) > 0 {
		text = ss[0]
	}
	t, ok := r.text(path, f, text)
	return TextValue(t), ok
}

// expand turns "all", a form's code or a printed number into the documents or respondents that it names.
func (r *reader) expand(f *Field, x string) []string {
	switch f.Type {
	case Document:
		var ns []string
		docs := r.s.unserved(f) // "all" and a form's code: those that still wait for it
		if x != "all" && !slices.ContainsFunc(docs, func(d Issued) bool { return x == string(d.Form) }) {
			docs = r.s.c.Issued
		}
		for _, d := range docs {
			if !r.s.issued(d) || len(f.Of) > 0 && !slices.Contains(f.Of, d.Form) {
				continue
			}
			if x == "all" || x == strconv.Itoa(d.N) || x == string(d.Form) || x == d.Number {
				ns = append(ns, strconv.Itoa(d.N))
			}
		}
		if ns != nil {
			return ns
		}
	case Respondent:
		names := r.s.respondents()
		if x == "all" {
			return names
		}
		if n, err := strconv.Atoi(x); err == nil && n >= 1 && n <= len(names) {
			return names[n-1 : n]
		}
	}
	return []string{x}
}

func (r *reader) table(path string, f *Field, v Value) Value {
	var out Value
	if len(v.Rows) > maxRows {
		r.fault(path, "field.rows", Args{"max": strconv.Itoa(maxRows)})
		return out
	}
	if v.Text != "" || len(v.List) > 0 {
		r.fault(path, "field.table", Args{"field": f.Title.ZH})
		return out
	}
	for i, row := range v.Rows {
		cells, empty := Cells{}, true
		for j := range f.Columns {
			c := &f.Columns[j]
			if c.Shows != nil {
				continue
			}
			at := path + "[" + strconv.Itoa(i) + "]." + string(c.ID)
			if t := strings.TrimSpace(row[c.ID]); t != "" {
				empty = false
				if t, ok := r.text(at, c, t); ok {
					cells[c.ID] = t
				}
			}
		}
		for _, id := range slices.Sorted(maps.Keys(row)) {
			known := false
			for j := range f.Columns {
				known = known || f.Columns[j].ID == id
			}
			if !known {
				r.fault(path+"["+strconv.Itoa(i)+"]."+string(id), "field.unknown", Args{"field": string(id)})
			}
		}
		if empty {
			continue
		}
		for j := range f.Columns {
			c := &f.Columns[j]
			if c.Required && strings.TrimSpace(row[c.ID]) == "" {
				r.fault(path+"["+strconv.Itoa(i)+"]."+string(c.ID), "field.required", Args{"field": c.Title.ZH})
			}
		}
		out.Rows = append(out.Rows, cells)
	}
	if len(out.Rows) < f.Min {
		r.fault(path, "field.min-rows", Args{"min": strconv.Itoa(f.Min)})
	}
	return out
}

// lineEnds makes every line end one newline.
var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n")

// text reads a single text of a field's type; it reports what is wrong and answers false.
func (r *reader) text(path string, f *Field, s string) (string, bool) {
	bad := func(why string, args Args) (string, bool) {
		if args == nil {
			args = Args{}
		}
		args["field"] = f.Title.ZH
		r.fault(path, why, args)
		return "", false
	}
	if !utf8.ValidString(s) {
		return bad("field.utf8", nil)
	}
	limit := f.Max
	if limit == 0 {
		limit = maxText
		if f.Type == LongText {
			limit = maxLong
		}
	}
	s = strings.TrimSpace(lineEnds.Replace(s))
	if n := utf8.RuneCountInString(s); n > limit {
		return bad("field.long", Args{"max": strconv.Itoa(limit), "have": strconv.Itoa(n)})
	}
	if f.Type != LongText && strings.ContainsRune(s, '\n') {
		s = strings.Join(strings.Fields(s), " ")
	}
	for _, c := range s {
		if c < ' ' && c != '\n' && c != '\t' || c == 0x7f {
			return bad("field.control", nil)
		}
	}
	if s == "" {
		return "", true
	}
	if r.missing != nil {
		if m := r.missing(s); len(m) > 0 {
			return bad("field.rune", Args{"runes": string(m)})
		}
	}
	switch f.Type {
	case DateType:
		d, err := calendar.Parse(s)
		if err != nil {
			return bad("field.date", nil)
		}
		if d < firstDay {
			return bad("field.date-early", nil)
		}
		return d.String(), true
	case DateTime:
		s = strings.Replace(s, "T", " ", 1)
		for _, layout := range []string{"2006-01-02 15:04", "2006-01-02 15:04:05", "2006-01-02"} {
			if t, err := time.Parse(layout, s); err == nil {
				if layout == "2006-01-02" {
					return s, true
				}
				return t.Format("2006-01-02 15:04"), true
			}
		}
		return bad("field.datetime", nil)
	case Money:
		fen, err := ParseMoney(s)
		if err != nil {
			return bad("field.money", nil)
		}
		return FormatMoney(fen), true
	case Number:
		n, err := strconv.Atoi(s)
		if err != nil || n < f.Min {
			return bad("field.number", Args{"min": strconv.Itoa(f.Min)})
		}
		return strconv.Itoa(n), true
	case YesNo:
		switch s {
		case "yes", "true", "on", "是":
			return "yes", true
		case "no", "false", "否":
			return "no", true
		}
		return bad("field.yes-no", nil)
	case ChoiceType, Choices:
		var all []string
		for _, a := range f.Choices {
			if s == a.Value || s == a.Label.ZH {
				return a.Value, true
			}
			all = append(all, a.Value)
		}
		return bad("field.choice", Args{"allowed": strings.Join(all, " ")})
	case PersonType, People:
		p := r.s.office.Person(PersonID(s))
		if p == nil {
			return bad("field.person", Args{"who": s})
		}
		if !p.Active(r.s.today) {
			return bad("field.person-disabled", Args{"who": p.Name})
		}
	case IDNumber:
		s = strings.ToUpper(s)
		if !ValidIDNumber(s) {
			return bad("field.id-number", nil)
		}
	case CreditCode:
		s = strings.ToUpper(s)
		if !ValidCreditCode(s) {
			return bad("field.credit-code", nil)
		}
	case Phone:
		if !ValidPhone(s) {
			return bad("field.phone", nil)
		}
	case File:
		n, err := strconv.Atoi(s)
		if err != nil || n < 1 || n > len(r.s.c.Files)+r.uploads {
			return bad("field.file", nil)
		}
	case Document:
		n, err := strconv.Atoi(s)
		if d := r.s.c.Document(n); err != nil || d == nil || d.Void != 0 || len(f.Of) > 0 && !slices.Contains(f.Of, d.Form) {
			return bad("field.document", Args{"document": s})
		}
	case Respondent:
		if !slices.Contains(r.s.respondents(), s) {
			return bad("field.respondent", Args{"respondent": s})
		}
	case CaseRef:
		if n, err := strconv.Atoi(s); err != nil || n < 1 || CaseID(n) == r.s.c.ID {
			return bad("field.case", nil)
		}
	}
	return s, true
}

// firstDay is the earliest day that anything may be dated: what lies before is a slip of the year.
var firstDay = calendar.Of(1950, 1, 1)
