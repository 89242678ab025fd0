package admin

import (
	"errors"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"dossier/engine/access"
	"dossier/engine/alert"
	"dossier/engine/calendar"
	"dossier/engine/health"
	"dossier/engine/office"
	"dossier/engine/paper"
	"dossier/engine/refusal"
	"dossier/engine/text"
	reading "dossier/engine/typed"
	"dossier/web/page"
)

// settingsView lists the office's settings by groups, with the days from which they count and their bases.
type settingsView struct {
	page.Base
	Backup string // how the last scheduled backup went; "" where none was ever made
	Text   string // what is looked for
	Groups []settingGroup
	Faults page.Faults
}

type settingGroup struct {
	ID, Title string
	Items     []settingItem
	Channels  []page.Option // those that can be tried, by their names
}

// settingItem is a setting, or a family of them folded under its title.
type settingItem struct {
	Title    string // of a family
	Open     bool
	Settings []settingView
}

type settingView struct {
	Name, Title string
	Rows        []settingRow
	Open        bool // its form is shown open
	From        string
	Value       string
	Hint        string // what a value looks like
	Basis       string
	Boxes       []page.Option // where some are chosen
}

type settingRow struct {
	From, Value, Basis string
	Now                bool // in force today
}

func SettingsPage(a *page.Ask) error {
	return a.Draw(http.StatusOK, "settings", showSettings(a, "", office.SettingRow{}, nil))
}

func showSettings(a *page.Ask, open string, typed office.SettingRow, bad page.Faults) settingsView {
	v := settingsView{Base: a.Base(a.T("admin.settings"), "admin"), Faults: bad, Text: page.Cut(strings.TrimSpace(a.Query("q")), 100)}
	if b, err := health.LastBackup(a.Site.Engine); err == nil && !b.Made.IsZero() {
		v.Backup = a.T("backup.last", "at", a.Moment(b.Made), "file", b.File, "size", strconv.FormatInt((b.Size+1<<20-1)>>20, 10))
	}
	left := slices.Sorted(maps.Keys(a.Office.Settings()))
	for _, g := range append(slices.Clone(a.Office.Groups), office.Group{ID: "other", Shapes: []office.Shape{{Name: "*"}}}) {
		group := settingGroup{ID: g.ID, Title: a.L(g.Title)}
		if g.ID == "other" {
			group.Title = a.T("setting.other")
		}
		for _, shape := range g.Shapes {
			item := settingItem{}
			if family := strings.TrimSuffix(shape.Family(), "/"); family != "" {
				item.Title, item.Open = a.SettingTitle(family), v.Text != ""
			}
			left = slices.DeleteFunc(left, func(name string) bool {
				if !shape.Of(name) && shape.Name != "*" {
					return false
				}
				s := showSetting(a, name)
				if name == open {
					s.Open, s.From, s.Value, s.Basis, item.Open = true, typed.From.String(), typed.Value, typed.Basis, true
				}
				if s.matches(v.Text, group.Title) {
					item.Settings = append(item.Settings, s)
				}
				return true
			})
			if len(item.Settings) > 0 {
				group.Items = append(group.Items, item)
			}
		}
		if slices.ContainsFunc(g.Shapes, func(s office.Shape) bool { return s.Name == alert.MailSetting }) {
			group.Channels = channels(a)
		}
		if len(group.Items) > 0 {
			v.Groups = append(v.Groups, group)
		}
	}
	return v
}

// channels are those that the settings name: each may be tried.
func channels(a *page.Ask) []page.Option {
	var os []page.Option
	named := a.Site.Options.Alerts.Channels()
	for _, c := range alert.Names {
		if named[c] != nil {
			os = append(os, page.Option{Value: c, Label: a.T("channel." + c)})
		}
	}
	return os
}

// TryChannel sends the administrator a message by one channel and says whether it was taken, else what the other side said.
func TryChannel(a *page.Ask) error {
	channel := a.PostForm("channel")
	err := a.Site.Options.Alerts.Try(a.Request.Context(), a.ID(), channel)
	if refusal.As(err) != nil {
		return err
	}
	var refused *alert.Refused
	switch name := a.T("channel." + channel); {
	case errors.As(err, &refused) && a.Who.Mail == "":
		a.Say("setting.test-nowhere")
	case err != nil:
		a.Say("setting.test-failed", "name", name, "says", page.Cut(err.Error(), 300))
	default:
		a.Say("setting.test-sent", "name", name)
	}
	return a.See("/admin/settings")
}

func showSetting(a *page.Ask, name string) settingView {
	now, _ := a.Office.Setting(name, a.Today)
	shape := a.Office.Shape(name)
	s := settingView{Name: name, Title: a.SettingTitle(name), From: a.Today.String(), Value: now.Value, Basis: now.Basis}
	if shape.Kind == office.PeriodKind {
		s.Value = settingValue(a.Words, now.Value)
	}
	s.Boxes = boxes(a, shape, now.Value)
	if hint := "setting.hint." + string(shape.Kind); a.Has(hint) {
		s.Hint = a.T(hint)
	}
	for _, r := range a.Office.Settings()[name] {
		row := settingRow{From: a.Date(r.From), Value: settingValue(a.Words, r.Value), Basis: r.Basis, Now: r == now}
		if s.Boxes != nil {
			row.Value = ticked(a, boxes(a, shape, r.Value))
		}
		if r.From == 0 {
			row.From = a.T("setting.always")
		}
		s.Rows = append(s.Rows, row)
	}
	return s
}

// boxes are what may be chosen for a setting, ticked as its value says; nil where nothing is chosen but typed.
func boxes(a *page.Ask, shape office.Shape, value string) (out []page.Option) {
	chosen := text.Listed(value)
	switch shape.Kind {
	case office.SomeKind:
		for _, c := range shape.Choices {
			out = append(out, page.Option{Value: c.Value, Label: a.L(c.Label), On: slices.Contains(chosen, c.Value)})
		}
	case office.PostsKind:
		for _, p := range a.Site.Engine.Posts() {
			out = append(out, page.Option{Value: string(p.ID), Label: a.L(p.Title), On: slices.Contains(chosen, string(p.ID))})
		}
	}
	return out
}

// ticked names those that are.
func ticked(a *page.Ask, all []page.Option) string {
	var names []string
	for _, o := range all {
		if o.On {
			names = append(names, o.Label)
		}
	}
	return strings.Join(names, a.T("list.comma"))
}

// matches tells whether each word stands somewhere in the setting or in its group's title.
func (s settingView) matches(words, group string) bool {
	all := []string{group, s.Name, s.Title}
	for _, r := range s.Rows {
		all = append(all, r.Value, r.Basis)
	}
	text := strings.ToLower(strings.Join(all, "\n"))
	return !slices.ContainsFunc(strings.Fields(strings.ToLower(words)), func(word string) bool { return !strings.Contains(text, word) })
}

// loose takes away what people write in a period or leave out: spaces, 个, and 天 for 日.
var loose = strings.NewReplacer(" ", "", "\u3000", "", "个", "", "天", "日")

// period is a period as the page writes it in the way that a setting holds it; what is none stays as it is.
func period(w page.Words, s string) string {
	typed := loose.Replace(s)
	n, err := strconv.Atoi(typed[:len(typed)-len(strings.TrimLeft(typed, "0123456789"))])
	if err != nil {
		return s
	}
	for _, u := range []calendar.Unit{calendar.Workdays, calendar.Days, calendar.Months} {
		if typed == loose.Replace(w.Units(n, u)) {
			return strconv.Itoa(n) + " " + string(u)
		}
	}
	return s
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
	row := office.SettingRow{Value: strings.TrimSpace(strings.Join(a.PostFormArray("value"), " ")), Basis: a.PostForm("basis")} // several of boxes
	row.From, _ = reading.Date(a.PostForm("from"))                                                                              // what is no day lies in the past
	if a.Office.Shape(name).Kind == office.PeriodKind {
		row.Value = period(a.Words, row.Value)
	}
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
