package page

import (
	"slices"
	"strings"

	"dossier/engine/office"
	"dossier/engine/penalty"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
	"dossier/engine/register"
)

// MayOpen tells whether one of the person's posts opens a case of some procedure.
func (a *Ask) MayOpen() bool {
	for _, ed := range a.Site.Engine.Workflows() {
		if a.Opens(ed.Def) {
			return true
		}
	}
	return false
}

// Opens tells whether one of the person's posts stands in the procedure's `open`.
func (a *Ask) Opens(d *procedure.Definition) bool {
	for _, by := range d.Open.By.Values() {
		for _, post := range by {
			if a.Who.Holds(post, a.Today) || len(a.Office.Lent(a.ID(), post, a.Today)) > 0 {
				return true
			}
		}
	}
	return false
}

// OffWords says since when a person can't act, or from when on they will not; "" for whoever stays.
func (a *Ask) OffWords(p *office.Person) string {
	switch {
	case p.Disabled == 0:
		return ""
	case p.Active(a.Today):
		return a.T("person.off-from", "day", a.Day(p.Disabled))
	}
	return a.T("person.off-since", "day", a.Day(p.Disabled))
}

// Leads tells whether the reader holds a post that sees what each officer has in hand.
func (a *Ask) Leads() bool { return a.Office.Leads(a.Who, procedure.LeadsSection, a.Today) }

// Register is the list that the program was started with; a program without one has no such pages.
func (a *Ask) Register() (*register.Register, error) {
	if a.List == nil {
		return nil, &refusal.Error{Code: refusal.NotFound, Args: refusal.Args{"id": a.Request.URL.Path}}
	}
	return a.List, nil
}

// Trace is what carries each clause in the procedures and forms of now.
func (a *Ask) Trace() *register.Trace {
	eds := a.Site.Engine.Workflows()
	forms := map[procedure.FormID]*procedure.Form{}
	for id, f := range a.Site.Engine.Blanks {
		forms[id] = f
	}
	for _, ed := range eds {
		for id, f := range ed.Forms {
			forms[id] = f
		}
	}
	return register.NewTrace(eds, forms, slices.Concat(register.Standards(a.Office.Standards), a.List.Beside)...)
}

// SettingTitle is what a setting is called; of one that belongs to a procedure, with the procedure's title.
func (a *Ask) SettingTitle(name string) string {
	if a.Has("setting." + name) {
		return a.T("setting." + name)
	}
	head, rest, ok := strings.Cut(name, "/")
	if !ok || !a.Has("setting."+head) {
		return name
	}
	words := strings.Split(rest, "/")
	for i, word := range words {
		switch ed := a.Site.Engine.Workflow(procedure.WorkflowID(word)); {
		case ed != nil:
			words[i] = a.L(ed.Def.Title)
		case a.Has("number." + word):
			words[i] = a.T("number." + word)
		}
	}
	return a.T("setting."+head) + " · " + strings.Join(words, " · ")
}

// Span is from when to when a standard holds.
func (a *Ask) Span(s *penalty.Standard) string {
	span := a.T("penalty.since", "day", a.Date(s.From))
	if s.From == penalty.Unverified {
		span = a.T("penalty.since-unverified")
	}
	if s.To != 0 {
		span += a.T("penalty.until", "day", a.Date(s.To))
	}
	return span
}
