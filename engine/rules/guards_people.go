package rules

import (
	"slices"
	"sort"
	"strconv"
	"strings"

	"dossier/engine/casefile"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
)

// People resolves a people field of the action, or a role of the case.
func (s *View) People(a procedure.Arg) []office.PersonID {
	name := a.Text
	if r := procedure.Ref(name); r.Form != "" {
		v, _ := s.Value(r.Form, r.Field)
		return casefile.PersonIDs(v)
	}
	if v, ok := s.Value("", procedure.FieldID(name)); ok {
		return casefile.PersonIDs(v)
	}
	return s.Case.Roles[procedure.Actor(name)]
}

func certified(s *View, a procedure.Arg) (bool, refusal.Args) {
	ids := s.People(a.Named["people"])
	want, _ := strconv.Atoi(a.Named["at-least"].Text)
	var without []string
	for _, id := range ids {
		if _, ok := s.Office.Certificate(id, s.Day); !ok {
			without = append(without, s.Office.Name(id))
		}
	}
	return len(without) == 0 && len(ids) >= want,
		refusal.Args{"want": strconv.Itoa(want), "have": strconv.Itoa(len(ids)), "who": strings.Join(without, "、"), "day": s.Day.String()}
}

func staff(s *View, a procedure.Arg) (bool, refusal.Args) {
	ids := s.People(a.Named["people"])
	want, _ := strconv.Atoi(a.Named["at-least"].Text)
	posts := a.Named["posts"].Strings()
	var others []string
	for _, id := range ids {
		if len(posts) > 0 && !slices.ContainsFunc(posts, func(p string) bool { return s.Office.Holds(id, procedure.Actor(p), s.Day) }) {
			others = append(others, s.Office.Name(id))
		}
	}
	return len(others) == 0 && len(ids) >= want,
		refusal.Args{"want": strconv.Itoa(want), "have": strconv.Itoa(len(ids)), "who": strings.Join(others, "、")}
}

// noneOf keeps people out who hold one of these roles.
func noneOf(s *View, a procedure.Arg) (bool, refusal.Args) {
	for _, id := range s.People(a.Named["people"]) {
		for _, role := range a.Named["roles"].Strings() {
			if slices.Contains(s.Role(procedure.Actor(role)), id) {
				return false, refusal.Args{"who": s.Office.Name(id), "role": role}
			}
		}
	}
	return true, nil
}

func kindsPresent(s *View, a procedure.Arg) (bool, refusal.Args) {
	v, _ := s.Value("", procedure.FieldID(a.Named["table"].Text))
	col, name := procedure.FieldID(a.Named["column"].Text), procedure.FieldID(a.Named["name"].Text)
	is := func(r procedure.Cells, k string) bool {
		return r[col] == k && (name == "" || s.Office.Holds(office.PersonID(r[name]), procedure.Actor(k), s.Day))
	}
	kinds := a.Named["kinds"].Strings()
	if least := procedure.Int(a.Named["at-least"].Text); least > 0 {
		var hold, there []office.PersonID
		for _, k := range kinds {
			hold = append(hold, s.Office.Holders(procedure.Actor(k), s.Day)...)
			for _, r := range v.Rows {
				if is(r, k) {
					there = append(there, office.PersonID(r[name]))
				}
			}
		}
		slices.Sort(hold)
		slices.Sort(there)
		return len(slices.Compact(there)) >= min(least, len(slices.Compact(hold))), refusal.Args{"posts": strings.Join(kinds, " ")}
	}
	var missing []string
	var count []office.PersonID // each person for one kind; a kind all of whose holders count for another may be missing
	for _, k := range kinds {
		i := slices.IndexFunc(v.Rows, func(r procedure.Cells) bool {
			return is(r, k) && (name == "" || !slices.Contains(count, office.PersonID(r[name])))
		})
		if i < 0 {
			missing = append(missing, k)
		} else if name != "" {
			count = append(count, office.PersonID(v.Rows[i][name]))
		}
	}
	missing = slices.DeleteFunc(missing, func(k string) bool {
		return !slices.ContainsFunc(s.Office.Holders(procedure.Actor(k), s.Day), func(id office.PersonID) bool { return !slices.Contains(count, id) })
	})
	sort.Strings(missing)
	return len(missing) == 0, refusal.Args{"posts": strings.Join(missing, " ")}
}

func share(s *View, a procedure.Arg) (bool, refusal.Args) {
	v, _ := s.Value("", procedure.FieldID(a.Named["value"].Text))
	of, _ := s.Value("", procedure.FieldID(a.Named["of"].Text))
	n, whole := procedure.Int(v.Text), procedure.Int(of.Text)
	least := (whole*procedure.Int(a.Named["percent"].Text) + 99) / 100
	return n >= least && n <= whole, refusal.Args{"least": strconv.Itoa(least), "most": strconv.Itoa(whole)}
}

// tabled is a table of this action's form, and one of its columns.
func (s *View) tabled(a procedure.Arg) ([]procedure.Cells, *procedure.Field) {
	table, id := procedure.FieldID(a.Named["table"].Text), procedure.FieldID(a.Named["column"].Text)
	for _, fp := range s.Fills {
		if f := s.Edition.Forms[fp.Form].Field(table); f != nil {
			if i := slices.IndexFunc(f.Columns, func(c procedure.Field) bool { return c.ID == id }); i >= 0 {
				return s.Values[table].Rows, &f.Columns[i]
			}
		}
	}
	return nil, &procedure.Field{}
}

func allItems(s *View, a procedure.Arg) (bool, refusal.Args) {
	rows, col := s.tabled(a)
	for _, c := range col.Choices {
		if !slices.ContainsFunc(rows, func(r procedure.Cells) bool { return r[col.ID] == c.Value }) {
			return false, refusal.Args{"item": c.Label.ZH}
		}
	}
	return true, nil
}

func noRow(s *View, a procedure.Arg) (bool, refusal.Args) {
	rows, col := s.tabled(a)
	for i, r := range rows {
		if r[col.ID] == a.Named["value"].Text {
			return false, refusal.Args{"row": strconv.Itoa(i + 1), "value": procedure.Words(col, procedure.TextValue(r[col.ID]))}
		}
	}
	return true, nil
}

func otherThan(s *View, a procedure.Arg) (bool, refusal.Args) {
	for i := len(s.Case.Taken) - 1; i >= 0; i-- {
		if t := s.Case.Taken[i]; t.Action == procedure.ActionID(a.Text) && t.Seq < s.Upto && casefile.Overlap(t.Parties, s.View) {
			same := t.By == s.Actor || t.By == s.Behalf && s.Behalf != "" || t.For == s.Actor && t.For != "" || t.For == s.Behalf && s.Behalf != ""
			return !same, refusal.Args{"who": s.Office.Name(t.By)}
		}
	}
	return true, nil
}
