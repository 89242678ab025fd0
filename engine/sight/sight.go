// Package sight tells who may see a case, and who of them may know the informant: one answer for pages, lists, commands and
// the API. It knows a case, its procedure and the office, and no rule of what may be done.
package sight

import (
	"slices"
	"strconv"

	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
)

// Sees tells whether the person may see the case: they work on it, or it is closed and given to them to read. Who was
// replaced for an interest in it may not.
func Sees(ed *procedure.Edition, o *office.Office, c *casefile.Case, who office.PersonID, today calendar.Date) bool {
	return works(ed, o, c, who, today) || o.Reads(who, c.EndDay, today) && !slices.Contains(c.Barred, who)
}

// Veil is what is hidden from somebody who may see the case.
func Veil(ed *procedure.Edition, o *office.Office, c *casefile.Case, who office.PersonID, today calendar.Date) casefile.Veil {
	switch {
	case !works(ed, o, c, who, today):
		return casefile.Shrouded
	case !Knows(ed, o, c, who, today):
		return casefile.Veiled
	}
	return casefile.Open
}

// works tells whether the person has a role in the case, or a post that opens one of the procedure's actions or stands in its
// line, their own or lent to them.
func works(ed *procedure.Edition, o *office.Office, c *casefile.Case, who office.PersonID, today calendar.Date) bool {
	if slices.Contains(c.Barred, who) {
		return false
	}
	if who == office.System || c.Opener == who {
		return true
	}
	for _, people := range c.Roles {
		if slices.Contains(people, who) {
			return true
		}
	}
	for _, a := range ed.Actors() {
		if o.Holds(who, a, today) || len(o.Lent(who, a, today)) > 0 {
			return true
		}
	}
	return false
}

// Unseen is a case that the person may not see: to them it is none, and what they are told is what they are told of a number
// that no case has.
func Unseen(id casefile.CaseID) *refusal.Error {
	return refusal.New(refusal.NotFound, refusal.Args{"what": "case", "id": strconv.Itoa(int(id))})
}

// Knows tells whether the person may know the informant: by a role in the case, as who opened it, or while a gate of theirs
// waits that signs a form on which the informant stands.
func Knows(ed *procedure.Edition, o *office.Office, c *casefile.Case, who office.PersonID, today calendar.Date) bool {
	if who == office.System || c.Opener == who {
		return true
	}
	for _, people := range c.Roles {
		if slices.Contains(people, who) {
			return true
		}
	}
	for _, w := range c.Walks {
		st := ed.Def.Walk(w.Def).State(w.State)
		if st == nil {
			continue
		}
		for i := range st.Actions {
			a := &st.Actions[i]
			if a.Decision == "" || !slices.ContainsFunc(a.Blanks(), func(fp procedure.FormPart) bool { return ed.Secretive(fp.Form) }) {
				continue
			}
			for _, by := range a.By {
				if slices.ContainsFunc(by.Value, func(post procedure.Actor) bool { return o.Holds(who, post, today) || len(o.Lent(who, post, today)) > 0 }) {
					return true
				}
			}
		}
	}
	return false
}
