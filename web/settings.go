package web

import (
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"dossier/engine/access"
	"dossier/engine/calendar"
	"dossier/engine/health"
	"dossier/engine/office"
	"dossier/engine/paper"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
	reading "dossier/engine/typed"
)

// settingsView lists the office's settings with the days from which they count and their bases.
type settingsView struct {
	base
	Backup   string // how the last scheduled backup went; "" where none was ever made
	Settings []settingView
	Faults   faults
}

type settingView struct {
	Name, Title string
	Rows        []settingRow
	Open        bool // its form is shown open
	From        string
	Value       string
	Basis       string
}

type settingRow struct {
	From, Value, Basis string
	Now                bool // in force today
}

func settingsPage(a *ask) error {
	return a.draw(http.StatusOK, "settings", a.settingsView("", office.SettingRow{}, nil))
}

func (a *ask) settingsView(open string, typed office.SettingRow, bad faults) settingsView {
	v := settingsView{base: a.base(a.T("admin.settings"), "admin"), Faults: bad}
	if b, err := health.LastBackup(a.s.engine); err == nil && !b.Made.IsZero() {
		v.Backup = a.T("backup.last", "at", a.Moment(b.Made), "file", b.File, "size", strconv.FormatInt((b.Size+1<<20-1)>>20, 10))
	}
	all := a.office.Settings()
	for _, name := range slices.Sorted(maps.Keys(all)) {
		now, _ := a.office.Setting(name, a.today)
		s := settingView{Name: name, Title: a.settingTitle(name), From: a.today.String(), Value: now.Value, Basis: now.Basis}
		if name == open {
			s.Open, s.From, s.Value, s.Basis = true, typed.From.String(), typed.Value, typed.Basis
		}
		for _, r := range all[name] {
			row := settingRow{From: a.Date(r.From), Value: a.settingValue(r.Value), Basis: r.Basis, Now: r == now}
			if r.From == 0 {
				row.From = a.T("setting.always")
			}
			s.Rows = append(s.Rows, row)
		}
		v.Settings = append(v.Settings, s)
	}
	return v
}

// settingValue is a value as people read it: a period in words, a sum grouped.
func (w words) settingValue(s string) string {
	if p, err := calendar.ParsePeriod(s); err == nil {
		return w.Units(p.N, p.Unit)
	}
	if _, after, ok := strings.Cut(s, "."); ok && len(after) == 2 {
		return w.Money(s)
	}
	return s
}

// settingTitle is what a setting is called; of one that belongs to a procedure, with the procedure's title.
func (a *ask) settingTitle(name string) string {
	if a.has("setting." + name) {
		return a.T("setting." + name)
	}
	head, rest, ok := strings.Cut(name, "/")
	if !ok || !a.has("setting."+head) {
		return name
	}
	words := strings.Split(rest, "/")
	for i, word := range words {
		switch ed := a.s.engine.Workflow(procedure.WorkflowID(word)); {
		case ed != nil:
			words[i] = a.L(ed.Def.Title)
		case a.has("number." + word):
			words[i] = a.T("number." + word)
		}
	}
	return a.T("setting."+head) + " · " + strings.Join(words, " · ")
}

func keepSetting(a *ask) error {
	name := a.PostForm("name")
	row := office.SettingRow{Value: a.PostForm("value"), Basis: a.PostForm("basis")}
	row.From, _ = reading.Date(a.PostForm("from")) // what is no day lies in the past
	err := access.KeepSetting(a.Request.Context(), a.s.engine, a.id(), name, row)
	if e := refusal.As(err); e != nil && e.Code == refusal.FieldInvalid {
		titles := map[string]string{"from": a.T("setting.from"), "value": a.T("setting.value"), "basis": a.T("setting.basis")}
		return a.draw(http.StatusUnprocessableEntity, "settings", a.settingsView(name, row, a.faults(e, titles)))
	}
	if err != nil {
		return err
	}
	if own, ok := a.s.engine.Renderer.(paper.Typefaces); ok && strings.HasPrefix(name, paper.FontSetting) && row.Value != "" {
		if lacks, why := own.Font(row.Value); why == "" && len(lacks) > 0 {
			some := lacks[:min(30, len(lacks))]
			a.say("setting.font-lacks", "name", a.settingTitle(name), "count", strconv.Itoa(len(lacks)), "some", string(some))
			return a.see("/admin/settings")
		}
	}
	a.say("setting.kept", "name", a.settingTitle(name), "day", a.Date(row.From))
	return a.see("/admin/settings")
}
