package engine

import (
	"slices"
	"sort"
	"strconv"
	"strings"
)

// people resolves a people field of the action, or a role of the case.
func (s *scope) people(a Arg) []PersonID {
	name := a.Text
	if v, ok := s.value("", FieldID(name)); ok {
		return personIDs(v)
	}
	return s.c.Roles[Actor(name)]
}

func personIDs(v Value) []PersonID {
	var ids []PersonID
	seen := map[string]bool{}
	for _, x := range v.Strings() {
		if !seen[x] {
			seen[x] = true
			ids = append(ids, PersonID(x))
		}
	}
	return ids
}

func certified(s *scope, a Arg) (bool, Args) {
	ids := s.people(a.Named["people"])
	want, _ := strconv.Atoi(a.Named["at-least"].Text)
	var without []string
	for _, id := range ids {
		if _, ok := s.office.Certificate(id, s.day); !ok {
			without = append(without, s.office.Name(id))
		}
	}
	return len(without) == 0 && len(ids) >= want,
		Args{"want": strconv.Itoa(want), "have": strconv.Itoa(len(ids)), "who": strings.Join(without, "、"), "day": s.day.String()}
}

func staff(s *scope, a Arg) (bool, Args) {
	ids := s.people(a.Named["people"])
	want, _ := strconv.Atoi(a.Named["at-least"].Text)
	posts := a.Named["posts"].Strings()
	var others []string
	for _, id := range ids {
		fits := len(posts) == 0
		for _, p := range posts {
			fits = fits || s.office.Holds(id, Actor(p), s.today)
		}
		if !fits {
			others = append(others, s.office.Name(id))
		}
	}
	return len(others) == 0 && len(ids) >= want,
		Args{"want": strconv.Itoa(want), "have": strconv.Itoa(len(ids)), "who": strings.Join(others, "、")}
}

// noneOf keeps people out who hold one of these roles.
func noneOf(s *scope, a Arg) (bool, Args) {
	for _, id := range s.people(a.Named["people"]) {
		for _, role := range a.Named["roles"].Strings() {
			if slices.Contains(s.role(Actor(role)), id) {
				return false, Args{"who": s.office.Name(id), "role": role}
			}
		}
		for _, form := range a.Named["forms"].Strings() {
			if s.worked(id, FormID(form)) {
				return false, Args{"who": s.office.Name(id), "role": "investigator"}
			}
		}
	}
	return true, nil
}

// worked tells whether the person filled a part of a paper of that form, or is named in one: who took part in what it
// records, whether the case is still his or not.
func (s *scope) worked(id PersonID, form FormID) bool {
	f := s.ed.Forms[form]
	if f == nil {
		return false
	}
	for i := range s.c.Papers {
		if s.c.Papers[i].Form != form {
			continue
		}
		for _, x := range s.c.Papers[i].Parts {
			if x.Past != 0 || x.Seq >= s.upto {
				continue
			}
			if x.By == id {
				return true
			}
			for k, v := range x.Values {
				if fd := f.Field(k); fd != nil && (fd.Type == People || fd.Type == PersonType) && v.Has(string(id)) {
					return true
				}
			}
		}
	}
	return false
}

func kindsPresent(s *scope, a Arg) (bool, Args) {
	v, _ := s.value("", FieldID(a.Named["table"].Text))
	col := FieldID(a.Named["column"].Text)
	var missing []string
	for _, k := range a.Named["kinds"].Strings() {
		present := false
		for _, r := range v.Rows {
			present = present || r[col] == k
		}
		if !present && len(s.office.Holders(Actor(k), s.day)) > 0 {
			missing = append(missing, k)
		}
	}
	sort.Strings(missing)
	return len(missing) == 0, Args{"posts": strings.Join(missing, " ")}
}

func otherThan(s *scope, a Arg) (bool, Args) {
	for i := len(s.c.Taken) - 1; i >= 0; i-- {
		if t := s.c.Taken[i]; t.Action == ActionID(a.Text) && t.Seq < s.upto {
			same := t.By == s.actor || t.By == s.behalf && s.behalf != "" || t.For == s.actor && t.For != "" || t.For == s.behalf && s.behalf != ""
			return !same, Args{"who": s.office.Name(t.By)}
		}
	}
	return true, nil
}
