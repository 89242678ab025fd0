// Package specimen fills forms by themselves: one coherent sample case per procedure for scenarios and the demo county, and
// each form empty, usual and at its longest for the contact sheet of papers.
package specimen

import (
	"maps"
	"slices"
	"strconv"

	"dossier/engine"
	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/decide"
	"dossier/engine/filling"
	"dossier/engine/ledger"
	"dossier/engine/listing"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
	"dossier/engine/rules"
	"dossier/engine/search"
)

// Samples completes the values of a command with the forms' own sample values: every required field that is asked and is
// neither given nor known. Crew are the people to name, by post. Files are what file fields need; their data is the
// caller's to make.
func Samples(e *engine.Engine, cmd casefile.Command, crew map[procedure.Actor][]office.PersonID) (procedure.Values, []casefile.Upload, error) {
	t := e.Sit()
	var d *decide.Docket
	var sp decide.Spot
	var parties []string
	named := cmd.Values[procedure.RespondentField]
	if cmd.Case == 0 {
		ed := e.Workflow(cmd.Workflow)
		if ed == nil {
			return nil, nil, refusal.New(refusal.NotFound, refusal.Args{"what": "procedure", "id": string(cmd.Workflow)})
		}
		d = &decide.Docket{Edition: ed, Case: &casefile.Case{Workflow: ed.Def.ID, Walks: []casefile.WalkState{{ID: procedure.Main, Def: procedure.Main}}, Shared: procedure.Values{}}}
		sp = decide.Spot{Def: &ed.Def.Main, Action: &ed.Def.Open, ID: procedure.Main}
	} else {
		var err error
		if d, err = e.Read(cmd.Case); err != nil {
			return nil, nil, err
		}
		if err = t.Expired(d); err != nil {
			return nil, nil, err
		}
		if _, ok := procedure.Blanks[cmd.Action]; ok {
			return begun(d, cmd, crew), nil, nil
		}
		var e2 *refusal.Error
		given := cmd.Values
		if sp, parties, e2 = t.Stand(d, &cmd); e2 != nil {
			return given, nil, nil // let the action itself be refused
		}
	}
	day := cmd.Day
	if day == 0 {
		day = t.Today
	}
	s := t.View(d.Edition, d.Case, day)
	s.Action, s.Walk, s.Actor = sp.Action, sp.ID, cmd.Actor
	s.Concern(parties)
	s.Similar = func() string { return similarTo(e, d.Case) }
	given := procedure.Values{}
	for k, v := range cmd.Values {
		given[k] = v
	}
	wish := wished(s, given)
	var files []casefile.Upload
	ours := map[procedure.FieldID]bool{} // what the samples brought
	for range 4 {                        // a sample can bring up further fields, and another form
		r := &filling.Reader{View: s, Brief: decide.Brief(s, sp), Uploads: len(files)}
		read, ps := filling.Prepare(s, sp.Action, given, r)
		s.Values = read
		for id := range ours { // a sample chose another form: what only the first one asks is left out
			if !asks(ps, id) {
				delete(given, id)
				delete(s.Values, id)
				delete(ours, id)
			}
		}
		added := false
		for k, p := range ps {
			brief := r.Brief[procedure.FormPart{Form: s.Fills[k].Form, Part: s.Fills[k].Part}]
			for i := range p.Fields {
				f := &p.Fields[i]
				if f.Shows != nil || !s.Holds(f.When) || brief && !f.Opinion {
					continue
				}
				if v, ok := given[f.ID]; ok && len(v.Rows) > 0 {
					given[f.ID] = rows(s, f, v, crew)
				} else if f.ID == d.Edition.Def.Terms.Severity.Violations.Table {
					v, err := wish.rows(s, f, read)
					if err != nil {
						return nil, nil, err
					}
					if !v.Empty() {
						given[f.ID], s.Values[f.ID], added = v, v, true
					}
					continue
				}
				if !f.Required {
					continue
				}
				if _, ok := given[f.ID]; ok || !read[f.ID].Empty() {
					continue
				}
				o, ok := rules.Choose(s, f.Sample)
				if !ok {
					continue
				}
				v, file := sample(s, o, f, crew)
				if file != "" {
					files = append(files, casefile.Upload{Field: f.ID, Name: file})
					v = procedure.TextValue(strconv.Itoa(len(d.Case.Files) + len(files)))
				}
				if !v.Empty() {
					given[f.ID], s.Values[f.ID], ours[f.ID], added = v, v, true, true
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
	if parties != nil { // whom it names, or nobody: the action moves all who stand there
		if delete(given, procedure.RespondentField); !named.Empty() {
			given[procedure.RespondentField] = named
		}
	}
	return given, files, nil
}

// asks tells whether one of the parts has the field.
func asks(ps []*procedure.Part, id procedure.FieldID) bool {
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
func begun(d *decide.Docket, cmd casefile.Command, crew map[procedure.Actor][]office.PersonID) procedure.Values {
	if _, named := cmd.Values["officers"]; named || cmd.Action != "open-at" {
		return cmd.Values
	}
	values := maps.Clone(cmd.Values)
	for _, id := range d.Edition.Def.Actors() {
		if p := procedure.FindPost(d.Edition.Def.Posts, id); p != nil && p.Certificate {
			values["officers"] = procedure.Value{List: procedure.Texts(crew[id])}
			break
		}
	}
	return values
}

// similarTo is another open case of the same procedure, of the same party first; "" when there is none.
func similarTo(e *engine.Engine, c *casefile.Case) string {
	party := ""
	if ed := e.Workflow(c.Workflow); ed != nil {
		party = casefile.Party(ed.Def, c)
	}
	for _, scan := range []ledger.Scan{{Index: listing.IndexSearch, Prefix: search.Whole(party) + "/", Limit: 20}, {Index: listing.IndexFlow, Prefix: string(c.Workflow) + "/", Limit: 20}} {
		found, err := e.Store.Scan(scan)
		if err != nil {
			return ""
		}
		for _, en := range found {
			if d, err := e.Read(casefile.CaseID(procedure.Int(en.ID))); err == nil && d.Case.ID != c.ID && d.Case.Ended == 0 && d.Case.Workflow == c.Workflow {
				return en.ID
			}
		}
	}
	return ""
}

func sample(s *rules.View, o procedure.Sample, f *procedure.Field, crew map[procedure.Actor][]office.PersonID) (procedure.Value, string) {
	switch {
	case o.File != "":
		return procedure.Value{}, o.File
	case o.Days != nil:
		return dated(f, s.Day.Add(*o.Days)), ""
	case o.Workdays != nil:
		return dated(f, s.Office.Calendar.Shift(s.Day, *o.Workdays)), ""
	case o.People != "":
		out, _ := s.Value(o.Except.Form, o.Except.Field)
		ids := slices.DeleteFunc(slices.Clone(crew[procedure.Actor(o.People)]), func(id office.PersonID) bool { return out.Has(string(id)) })
		if f.Type == procedure.PersonType && f.Among != "" { // one of those already named
			if among := s.Values[f.Among].Strings(); len(among) > 0 {
				return procedure.TextValue(among[0]), ""
			}
		}
		return filling.PeopleValue(f, ids), ""
	case o.All:
		var v procedure.Value
		if f.Type == procedure.Respondent {
			v.List = s.Unreached()
			return v, ""
		}
		for _, d := range s.Unserved(f) {
			v.List = append(v.List, strconv.Itoa(d.N))
		}
		return v, ""
	case o.Similar:
		if s.Similar == nil {
			return procedure.Value{}, ""
		}
		return procedure.TextValue(s.Similar()), ""
	case o.Known != nil:
		return filling.From(s, *o.Known, f), ""
	case len(o.Rows) > 0:
		var v procedure.Value
		for _, r := range o.Rows {
			cells, vacant := procedure.Cells{}, false
			for k, x := range r {
				cells[procedure.FieldID(k)] = named(f, procedure.FieldID(k), x, crew)
				vacant = vacant || x != "" && cells[procedure.FieldID(k)] == ""
			}
			if !vacant {
				v.Rows = append(v.Rows, cells)
			}
		}
		return v, ""
	case len(o.List) > 0:
		return procedure.Value{List: o.List}, ""
	}
	if f.Type == procedure.DateTime && len(o.Text) >= 10 { // the hour of the sample, on the fact day
		return procedure.TextValue(s.Day.String() + o.Text[10:]), ""
	}
	return procedure.TextValue(o.Text), ""
}

// named is a cell of a sample: in a column of people the sample says a post, whose first holder is meant; "" where nobody is.
func named(f *procedure.Field, col procedure.FieldID, x string, crew map[procedure.Actor][]office.PersonID) string {
	if i := slices.IndexFunc(f.Columns, func(c procedure.Field) bool { return c.ID == col }); i < 0 || f.Columns[i].Type != procedure.PersonType {
		return x
	}
	if ids := crew[procedure.Actor(x)]; len(ids) > 0 {
		return string(ids[0])
	}
	return ""
}

// rows completes the rows given of a table: a required cell left open takes that of the sample's row of the same kind, or
// of the same place; where the table has no sample, a choice takes its first word.
func rows(s *rules.View, f *procedure.Field, v procedure.Value, crew map[procedure.Actor][]office.PersonID) procedure.Value {
	o, _ := rules.Choose(s, f.Sample)
	out := procedure.Value{Rows: make([]procedure.Cells, len(v.Rows))}
	for i, row := range v.Rows {
		out.Rows[i] = maps.Clone(row)
		like := slices.IndexFunc(o.Rows, func(r map[string]string) bool {
			return slices.ContainsFunc(f.Columns, func(c procedure.Field) bool {
				return c.Type == procedure.ChoiceType && row[c.ID] != "" && row[c.ID] == r[string(c.ID)]
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
				out.Rows[i][c.ID] = named(f, c.ID, o.Rows[like][string(c.ID)], crew)
			} else if len(c.Choices) > 0 {
				out.Rows[i][c.ID] = c.Choices[0].Value
			}
		}
	}
	return out
}

// dated is a day as a field of its type has it: with an hour where it wants one.
func dated(f *procedure.Field, d calendar.Date) procedure.Value {
	if f.Type == procedure.DateTime {
		return procedure.TextValue(d.String() + " 09:00")
	}
	return procedure.TextValue(d.String())
}

// Day is the day of a fact in a case as it now counts, for scenarios and tests; 0 when it is not set.
func Day(e *engine.Engine, id casefile.CaseID, f procedure.FactID) (calendar.Date, error) {
	d, err := e.Read(id)
	if err != nil {
		return 0, err
	}
	day, _ := rules.NewView(d.Edition, e.Office(), d.Case, e.Today(), e.Today()).Latest(f)
	return day.Day, nil
}
