package engine

import (
	"maps"
	"slices"
	"strconv"

	"dossier/engine/calendar"
)

// Samples completes the values of a command with the forms' own sample values: every required field that is asked and is
// neither given nor known. Crew are the people to name, by post. Files are what file fields need; their data is the
// caller's to make.
func (e *Engine) Samples(cmd Command, crew map[Actor][]PersonID) (Values, []Upload, error) {
	t := e.turn()
	var d *decided
	var sp spot
	if cmd.Case == 0 {
		ed := e.Workflow(cmd.Workflow)
		if ed == nil {
			return nil, nil, fail(NotFound, Args{"what": "procedure", "id": string(cmd.Workflow)})
		}
		d = &decided{ed: ed, c: &Case{Workflow: ed.Def.ID, Walks: []WalkState{{ID: Main, Def: Main}}, Shared: Values{}}}
		sp = spot{&ed.Def.Main, nil, &ed.Def.Open, Main, false}
	} else {
		var err error
		if d, err = e.read(cmd.Case); err != nil {
			return nil, nil, err
		}
		if err = t.expired(d); err != nil {
			return nil, nil, err
		}
		if _, ok := builtins[cmd.Action]; ok {
			return d.begun(cmd, crew), nil, nil
		}
		var e2 *Error
		if sp, e2 = find(d.ed, d.c, &cmd); e2 != nil {
			return cmd.Values, nil, nil // let the action itself be refused
		}
	}
	day := cmd.Day
	if day == 0 {
		day = t.today
	}
	s := newScope(d.ed, t.office, d.c, day, t.today)
	s.act, s.walk, s.actor = sp.act, sp.id, cmd.Actor
	s.linked = func(w WorkflowID) bool { return e.linkedTo(d.c, w) }
	s.similar = func() string { return e.similarTo(d.c) }
	given := Values{}
	for k, v := range cmd.Values {
		given[k] = v
	}
	var files []Upload
	ours := map[FieldID]bool{} // what the samples brought
	for range 4 {              // a sample can bring up further fields, and another form
		r := &reader{s: s, brief: s.brief(sp), uploads: len(files)}
		read, ps := s.prepare(sp.act, given, r)
		s.values = read
		for id := range ours { // a sample chose another form: what only the first one asks is left out
			if !asks(ps, id) {
				delete(given, id)
				delete(s.values, id)
				delete(ours, id)
			}
		}
		added := false
		for k, p := range ps {
			brief := r.brief[FormPart{Form: s.fills[k].Form, Part: s.fills[k].Part}]
			for i := range p.Fields {
				f := &p.Fields[i]
				if f.Shows != nil || !s.holds(f.When) || brief && f.ID != opinionField {
					continue
				}
				if v, ok := given[f.ID]; ok && len(v.Rows) > 0 {
					given[f.ID] = s.rows(f, v)
				}
				if !f.Required {
					continue
				}
				if _, ok := given[f.ID]; ok || !read[f.ID].Empty() {
					continue
				}
				o, ok := choose(s, f.Sample)
				if !ok {
					continue
				}
				v, file := s.sample(o, f, crew)
				if file != "" {
					files = append(files, Upload{Field: f.ID, Name: file})
					v = TextValue(strconv.Itoa(len(d.c.Files) + len(files)))
				}
				if !v.Empty() {
					given[f.ID], s.values[f.ID], ours[f.ID], added = v, v, true, true
				}
			}
		}
		if !added {
			break
		}
	}
	for _, f := range files {
		delete(given, f.Field)
	}
	return given, files, nil
}

// asks tells whether one of the parts has the field.
func asks(ps []*Part, id FieldID) bool {
	for _, p := range ps {
		for i := range p.Fields {
			if p.Fields[i].ID == id {
				return true
			}
		}
	}
	return false
}

// begun gives a case begun on paper its officers, where the command names none.
func (d *decided) begun(cmd Command, crew map[Actor][]PersonID) Values {
	if _, named := cmd.Values["officers"]; named || cmd.Action != "open-at" {
		return cmd.Values
	}
	values := maps.Clone(cmd.Values)
	for _, post := range d.ed.Def.posts() {
		if post == "officer" || post == "audit" || post == "fund" {
			values["officers"] = Value{List: texts(crew[post])}
			break
		}
	}
	return values
}

// unserved are the documents that the field may name; of an action that sets facts kept per document, those for which
// such a fact is still to be set, or all when none is left.
func (s *scope) unserved(f *Field) []Issued {
	var all, left []Issued
	for _, d := range s.c.Issued {
		if !s.issued(d) || len(f.Of) > 0 && !slices.Contains(f.Of, d.Form) {
			continue
		}
		all = append(all, d)
		if !s.isServed(d) {
			left = append(left, d)
		}
	}
	if len(left) == 0 {
		return all
	}
	return left
}

// similarTo is another open case of the same procedure, of the same party first; "" when there is none.
func (e *Engine) similarTo(c *Case) string {
	party := c.Shared["employer"].Text
	for _, scan := range []Scan{{Index: indexEmployer, Prefix: party + "/", Limit: 20}, {Index: indexFlow, Prefix: string(c.Workflow) + "/", Limit: 20}} {
		found, err := e.Store.Scan(scan)
		if err != nil {
			return ""
		}
		for _, en := range found {
			if d, err := e.read(CaseID(atoi(en.ID))); err == nil && d.c.ID != c.ID && d.c.Ended == 0 && d.c.Workflow == c.Workflow {
				return en.ID
			}
		}
	}
	return ""
}

func (s *scope) sample(o Sample, f *Field, crew map[Actor][]PersonID) (Value, string) {
	switch {
	case o.File != "":
		return Value{}, o.File
	case o.Days != nil:
		return dated(f, s.day.Add(*o.Days)), ""
	case o.Workdays != nil:
		return dated(f, s.office.Calendar.Shift(s.day, *o.Workdays)), ""
	case o.People != "":
		out, _ := s.value(o.Except.Form, o.Except.Field)
		ids := slices.DeleteFunc(slices.Clone(crew[Actor(o.People)]), func(id PersonID) bool { return out.Has(string(id)) })
		if f.Type == PersonType && f.Among != "" { // one of those already named
			if among := s.values[f.Among].Strings(); len(among) > 0 {
				return TextValue(among[0]), ""
			}
		}
		return peopleValue(f, ids), ""
	case o.All:
		var v Value
		if f.Type == Respondent {
			v.List = s.respondents()
			return v, ""
		}
		for _, d := range s.unserved(f) {
			v.List = append(v.List, strconv.Itoa(d.N))
		}
		return v, ""
	case o.Similar:
		if s.similar == nil {
			return Value{}, ""
		}
		return TextValue(s.similar()), ""
	case o.Known != nil:
		return s.from(*o.Known, f), ""
	case len(o.Rows) > 0:
		var v Value
		for _, r := range o.Rows {
			cells := Cells{}
			for k, x := range r {
				cells[FieldID(k)] = x
			}
			v.Rows = append(v.Rows, cells)
		}
		return v, ""
	case len(o.List) > 0:
		return Value{List: o.List}, ""
	}
	if f.Type == DateTime && len(o.Text) >= 10 { // the hour of the sample, on the fact day
		return TextValue(s.day.String() + o.Text[10:]), ""
	}
	return TextValue(o.Text), ""
}

// rows completes the rows given of a table: a required cell left open takes that of the sample's row of the same kind, or
// of the same place; where the table has no sample, a choice takes its first word.
func (s *scope) rows(f *Field, v Value) Value {
	o, _ := choose(s, f.Sample)
	out := Value{Rows: make([]Cells, len(v.Rows))}
	for i, row := range v.Rows {
		out.Rows[i] = maps.Clone(row)
		like := slices.IndexFunc(o.Rows, func(r map[string]string) bool {
			return slices.ContainsFunc(f.Columns, func(c Field) bool {
				return c.Type == ChoiceType && row[c.ID] != "" && row[c.ID] == r[string(c.ID)]
			})
		})
		if like < 0 && len(o.Rows) > 0 {
			like = i % len(o.Rows)
		}
		for _, c := range f.Columns {
			if _, has := row[c.ID]; has || !c.Required || c.Shows != nil {
				continue
			}
			if like >= 0 && o.Rows[like][string(c.ID)] != "" {
				out.Rows[i][c.ID] = o.Rows[like][string(c.ID)]
			} else if len(c.Choices) > 0 {
				out.Rows[i][c.ID] = c.Choices[0].Value
			}
		}
	}
	return out
}

// dated is a day as a field of its type has it: with an hour where it wants one.
func dated(f *Field, d calendar.Date) Value {
	if f.Type == DateTime {
		return TextValue(d.String() + " 09:00")
	}
	return TextValue(d.String())
}

// Day is the day of a fact in a case as it now counts, for scenarios and tests; 0 when it is not set.
func (e *Engine) Day(id CaseID, f FactID) (calendar.Date, error) {
	d, err := e.read(id)
	if err != nil {
		return 0, err
	}
	day, _ := newScope(d.ed, e.Office(), d.c, e.Today(), e.Today()).latest(f)
	return day.Day, nil
}
