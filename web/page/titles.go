package page

import (
	"net/url"
	"strconv"
	"strings"

	"dossier/engine/calendar"
	"dossier/engine/desk"
	"dossier/engine/office"
	"dossier/engine/procedure"
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

// HandOverAt is where a person's cases are handed over.
func HandOverAt(id office.PersonID) string {
	return "/people/" + url.PathEscape(string(id)) + "/hand-over"
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

// HasList tells whether the program was started with the list.
func (w Words) HasList() bool { return w.List != nil }

// Checks tells whether the program was started with rules by which files are checked.
func (w Words) Checks() bool { return w.checks }

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
