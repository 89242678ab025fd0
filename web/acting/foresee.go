package acting

import (
	"maps"
	"slices"
	"strings"

	"dossier/engine/casefile"
	"dossier/engine/desk"
	"dossier/engine/procedure"
	"dossier/engine/rules"
	"dossier/web/page"
)

// thenView is what the action would bring, and what else to know of it.
type thenView struct {
	Lines   []string
	Unmet   []page.Unmet
	Similar []page.RowView
	Reveals string // where a person stands whose identity is kept
}

// then is what the action would bring with the values that there are; when they don't do yet, what is missing beside them.
func (a *act) then(b *desk.Blank, values procedure.Values) thenView {
	var v thenView
	all := procedure.Values{}
	for _, p := range b.Parts {
		for id, x := range overlay(p, values) {
			all[id] = x
		}
	}
	if a.view == nil {
		if party := strings.TrimSpace(all[a.edition.Def.Terms.Party].Text); party != "" {
			if rows, err := desk.Similar(a.Site.Engine, a.ID(), a.edition.Def.ID, party); err == nil {
				v.Similar = a.Site.RowViews(a.Words, rows, false)
			}
		}
	}
	v.Reveals = a.reveals(b, all)
	typed := a.typed
	a.typed.Values, a.typed.Files = all, nil
	c, err := a.command(b)
	a.typed = typed
	if err != nil {
		return v
	}
	c.Key, c.Seq = "", 0
	f, err := desk.Foresee(a.Site.Engine, c)
	if err != nil || f == nil {
		return v // it is only a help; the action itself will say what is wrong
	}
	if f.Err != nil {
		for _, c := range f.Err.Conditions { // each respondent may lack the same
			if u := a.Condition(c); !slices.ContainsFunc(v.Unmet, func(x page.Unmet) bool { return x.Text == u.Text && x.Law == u.Law }) {
				v.Unmet = append(v.Unmet, u)
			}
		}
		if len(v.Unmet) == 0 {
			v.Lines = append(v.Lines, a.T("then.later"))
		}
		return v
	}
	v.Lines = a.foreseen(f)
	return v
}

// reveals names the fields, and the files, that name who came to the office or give the telephone: everybody reads them who
// works on the case. To a reader who doesn't know the person nothing is said.
func (a *act) reveals(b *desk.Blank, all procedure.Values) string {
	shared := procedure.Values{}
	if a.view != nil {
		if a.view.Veil != casefile.Open {
			return ""
		}
		maps.Copy(shared, a.view.Case.Shared)
	}
	maps.Copy(shared, all)
	names := casefile.Identities(a.edition, shared)
	var where []string
	seen := map[procedure.FieldID]bool{}
	for _, p := range b.Parts {
		for i := range p.Part.Fields {
			f := &p.Part.Fields[i]
			if !seen[f.ID] && p.Asked[f.ID] && !f.Secret && casefile.Tells(all[f.ID], names) {
				where = append(where, a.L(f.Title))
			}
			seen[f.ID] = true
		}
	}
	for _, field := range slices.Sorted(maps.Keys(a.typed.Chosen)) {
		if casefile.Tells(procedure.Value{List: a.typed.Chosen[field]}, names) {
			where = append(where, a.T("then.file-name"))
		}
	}
	return strings.Join(where, a.T("list.comma"))
}

// foreseen says in sentences what would change.
func (a *act) foreseen(f *desk.Foreseen) []string {
	var lines []string
	if f.State.ZH != "" {
		lines = append(lines, a.T("then.state", "state", a.L(f.State)))
	}
	before := map[procedure.ClockID]rules.Running{}
	for _, c := range f.Before {
		before[c.ID] = c
	}
	for _, c := range f.Clocks {
		old, was := before[c.ID]
		title := a.ClockTitle(c)
		switch {
		case c.State == rules.SuspendedClock && (!was || old.State != rules.SuspendedClock):
			lines = append(lines, a.T("then.suspended", "clock", title, "left", a.Units(c.Remaining, c.Unit)))
		case c.Open() && (!was || !old.Open()):
			lines = append(lines, a.T("then.starts", "clock", title, "due", a.DueDay(c.Due, c.Provisional), "left", a.Units(c.Remaining, c.Unit)))
		case c.Open() && was && c.Due != old.Due:
			lines = append(lines, a.T("then.moves", "clock", title, "was", page.Or(a.DueDay(old.Due, old.Provisional), a.T("then.undue")), "due", a.DueDay(c.Due, c.Provisional)))
		case !c.Open() && was && old.Open():
			lines = append(lines, a.T("then.ends", "clock", title))
		}
	}
	if len(lines) == 0 {
		lines = append(lines, a.T("then.nothing"))
	}
	return lines
}
