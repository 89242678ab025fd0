package admin

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
	"dossier/engine/refusal"
	reading "dossier/engine/typed"
	"dossier/web/page"
)

// settingsView lists the office's settings with the days from which they count and their bases.
type settingsView struct {
	page.Base
	Backup   string // how the last scheduled backup went; "" where none was ever made
	Settings []settingView
	Faults   page.Faults
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

func SettingsPage(a *page.Ask) error {
	return a.Draw(http.StatusOK, "settings", showSettings(a, "", office.SettingRow{}, nil))
}

func showSettings(a *page.Ask, open string, typed office.SettingRow, bad page.Faults) settingsView {
	v := settingsView{Base: a.Base(a.T("admin.settings"), "admin"), Faults: bad}
	if b, err := health.LastBackup(a.Site.Engine); err == nil && !b.Made.IsZero() {
		v.Backup = a.T("backup.last", "at", a.Moment(b.Made), "file", b.File, "size", strconv.FormatInt((b.Size+1<<20-1)>>20, 10))
	}
	all := a.Office.Settings()
	for _, name := range slices.Sorted(maps.Keys(all)) {
		now, _ := a.Office.Setting(name, a.Today)
		s := settingView{Name: name, Title: a.SettingTitle(name), From: a.Today.String(), Value: now.Value, Basis: now.Basis}
		if name == open {
			s.Open, s.From, s.Value, s.Basis = true, typed.From.String(), typed.Value, typed.Basis
		}
		for _, r := range all[name] {
			row := settingRow{From: a.Date(r.From), Value: settingValue(a.Words, r.Value), Basis: r.Basis, Now: r == now}
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
func settingValue(w page.Words, s string) string {
	if p, err := calendar.ParsePeriod(s); err == nil {
		return w.Units(p.N, p.Unit)
	}
	if _, after, ok := strings.Cut(s, "."); ok && len(after) == 2 {
		return w.Money(s)
	}
	return s
}

func KeepSetting(a *page.Ask) error {
	name := a.PostForm("name")
	row := office.SettingRow{Value: a.PostForm("value"), Basis: a.PostForm("basis")}
	row.From, _ = reading.Date(a.PostForm("from")) // what is no day lies in the past
	err := access.KeepSetting(a.Request.Context(), a.Site.Engine, a.ID(), name, row)
	if e := refusal.As(err); e != nil && e.Code == refusal.FieldInvalid {
		titles := map[string]string{"from": a.T("setting.from"), "value": a.T("setting.value"), "basis": a.T("setting.basis")}
		return a.Draw(http.StatusUnprocessableEntity, "settings", showSettings(a, name, row, a.Faults(e, titles)))
	}
	if err != nil {
		return err
	}
	if own, ok := a.Site.Engine.Renderer.(paper.Typefaces); ok && strings.HasPrefix(name, paper.FontSetting) && row.Value != "" {
		if lacks, why := own.Font(row.Value); why == "" && len(lacks) > 0 {
			some := lacks[:min(30, len(lacks))]
			a.Say("setting.font-lacks", "name", a.SettingTitle(name), "count", strconv.Itoa(len(lacks)), "some", string(some))
			return a.See("/admin/settings")
		}
	}
	a.Say("setting.kept", "name", a.SettingTitle(name), "day", a.Date(row.From))
	return a.See("/admin/settings")
}
