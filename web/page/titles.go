package page

import (
	"net/url"
	"strconv"
	"strings"

	"dossier/engine/calendar"
	"dossier/engine/desk"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
	"dossier/engine/register"
	"dossier/engine/rules"
)

// Row is the number that people give to the row with an index.
func (w Words) Row(i int) int { return i + 1 }

// WeekHead is the days of the week over a calendar, Monday first.
func (w Words) WeekHead() []string {
	if w.EN() {
		return []string{"Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"}
	}
	return []string{"一", "二", "三", "四", "五", "六", "日"}
}

// SavedView is a form that the person has half filled.
type SavedView struct {
	Title, Party, At, Address string
}

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

// Address is where a half-filled form goes on.
func Address(d desk.Draft) string {
	if d.Case == 0 {
		return "/cases/new/" + string(d.Workflow)
	}
	to := "/cases/" + strconv.FormatInt(int64(d.Case), 10) + "/do/" + string(d.Action)
	if d.Walk != "" {
		to += "?walk=" + string(d.Walk)
	}
	return to
}

// DraftAddress is where one of the drafts of a form goes on.
func DraftAddress(d desk.Draft) string {
	to := Address(d)
	if d.Slot == "" {
		return to
	}
	if strings.Contains(to, "?") {
		return to + "&draft=" + d.Slot
	}
	return to + "?draft=" + d.Slot
}

// ActionTitle is what an action is called, a built-in one too.
func (w Words) ActionTitle(d *procedure.Definition, id procedure.ActionID) string {
	title := ""
	d.Each(func(_ *procedure.Walk, _ *procedure.State, act *procedure.Action) {
		if act.ID == id && title == "" {
			title = w.L(act.Title)
		}
	})
	if form := procedure.BuiltinForm(id); title == "" && form != nil {
		title = w.L(form.Title)
	}
	return Or(title, string(id))
}

// ClockTitle is what a clock is called; of the second run on, with its number.
func (w Words) ClockTitle(c rules.Running) string {
	t := string(c.ID)
	if c.Def != nil {
		t = w.L(c.Def.Title)
		if n := strings.TrimPrefix(string(c.ID), string(c.Def.ID)+"-"); n != string(c.ID) {
			t += " " + n
		}
	}
	return t
}

func HandOverAt(id office.PersonID) string {
	return "/people/" + url.PathEscape(string(id)) + "/hand-over"
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

// Officers names who has a case, in charge first.
func (w Words) Officers(ids []office.PersonID) string {
	if len(ids) == 0 {
		return "—"
	}
	text := w.T("handover.in-charge", "who", w.Name(ids[0]))
	if len(ids) > 1 {
		text += w.T("list.comma") + w.Names(ids[1:])
	}
	return text
}

// DueDay is a due day, marked where it is provisional.
func (w Words) DueDay(d calendar.Date, provisional bool) string {
	text := w.Day(d)
	if provisional && d != 0 {
		text += w.T("light.provisional")
	}
	return text
}

// Register is the list that the program was started with; a program without one has no such pages.
func (a *Ask) Register() (*register.Register, error) {
	if a.List == nil {
		return nil, &refusal.Error{Code: refusal.NotFound, Args: refusal.Args{"id": a.Request.URL.Path}}
	}
	return a.List, nil
}

// HasList tells whether the program was started with the list.
func (w Words) HasList() bool { return w.List != nil }

// Checks tells whether the program was started with rules by which files are checked.
func (w Words) Checks() bool { return w.checks }

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
	return register.NewTrace(eds, forms, register.Standards(a.Office.Standards)...)
}

// PlaceAt is where a place of the list is shown: its part's page, in part four its regime's, at its own paragraph.
func PlaceAt(id string) string {
	at := register.Regime(id)
	if at == "" {
		at = id
		if above := register.Above(id); len(above) > 0 {
			at = above[len(above)-1]
		}
	}
	address := "/register/" + url.PathEscape(at)
	if at != id {
		address += "#" + url.PathEscape(id)
	}
	return address
}

// SectionAt is where a section's rows are listed.
func (b Base) SectionAt(section string) string {
	return "/register?section=" + url.QueryEscape(section)
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

// County is the links between the pages of the whole county.
func (b Base) County(now string) officeTabs { return officeTabs{b.Words, now, b.Admin} }

// Leads tells whether the reader holds a post that sees what each officer has in hand.
func (a *Ask) Leads() bool { return a.Office.Leads(a.Who, procedure.LeadsSection, a.Today) }
