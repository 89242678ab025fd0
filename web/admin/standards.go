package admin

import (
	"cmp"
	"io"
	"net/http"
	"strconv"
	"strings"

	"dossier/engine/calendar"
	"dossier/engine/change"
	"dossier/engine/charges"
	"dossier/engine/penalty"
	"dossier/engine/refusal"
	"dossier/engine/text"
	"dossier/web/page"
)

// standardsView is where an act's file of standards is loaded: what it would change, and which open cases rest on that.
type standardsView struct {
	page.Base
	Acts    []actView
	Faults  []string
	Preview *renewalView
}

// actView is an act with the newest loading of its file.
type actView struct{ Title, Loaded string }

// renewalView is what a file would change. It is sent back as it was shown; what was altered on the way is refused.
type renewalView struct {
	Act, File, Sum, Was string
	Same                bool // the file is the one that counts
	Changed             bool // another file counts by now than when it was shown before
	Standards           []changedStandard
	Open                []restingView
}

type changedStandard struct{ ID, Was, Now string }

type restingView struct {
	Case                              int64
	Number, Party, Standard, Was, Now string
	Lawful                            bool // as it stands, by the new file
}

// StandardsPage tells which acts have standards, who renewed them when, and takes a file.
func StandardsPage(a *page.Ask) error { return drawStandards(a, http.StatusOK, nil) }

func drawStandards(a *page.Ask, status int, preview *renewalView, faults ...string) error {
	v := standardsView{Base: a.Base(a.T("standards.title"), "admin"), Faults: faults, Preview: preview}
	seen := map[string]bool{}
	for _, s := range a.Office.Standards.Standards() {
		act, _, _ := strings.Cut(string(s.ID), "/")
		if seen[act] {
			continue
		}
		seen[act] = true
		loaded, err := change.StandardsLoaded(a.Site.Engine, act)
		if err != nil {
			return err
		}
		x := actView{Title: s.Basis.Title + "（" + act + "）", Loaded: a.T("standards.brought")}
		if len(loaded) > 0 {
			x.Loaded = a.T("penalty.loaded-by", "day", a.Date(calendar.In(loaded[0].At)), "who", cmp.Or(a.Name(loaded[0].By), "—"))
		}
		v.Acts = append(v.Acts, x)
	}
	return a.Draw(status, "standards", &v)
}

// PreviewStandards shows what a file would change. Nothing is loaded yet.
func PreviewStandards(a *page.Ask) error {
	f, h, err := a.Request.FormFile("file")
	if err != nil {
		return drawStandards(a, http.StatusUnprocessableEntity, nil, a.T("calendar.no-file"))
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, 1<<20))
	if err != nil {
		return err
	}
	return previewStandards(a, h.Filename, string(data), false)
}

func previewStandards(a *page.Ask, name, file string, changed bool) error {
	act, err := change.StandardsAct(a.Site.Engine, name, file)
	if err != nil {
		return drawStandards(a, http.StatusUnprocessableEntity, nil, strings.Split(text.Told(a.Language, err), "\n")...)
	}
	r, err := change.PreviewStandards(a.Request.Context(), a.Site.Engine, a.ID(), act, file)
	if e := refusal.As(err); e != nil && e.Code == refusal.FieldInvalid {
		var lines []string
		for _, f := range a.Faults(e, nil) {
			lines = append(lines, f.Text)
		}
		return drawStandards(a, http.StatusUnprocessableEntity, nil, lines...)
	}
	if err != nil {
		return err
	}
	was, err := standardsNow(a, act)
	if err != nil {
		return err
	}
	v := &renewalView{Act: act, File: file, Sum: sumOf(file), Was: was, Same: r.Same || len(r.Changed) == 0, Changed: changed}
	for _, c := range r.Changed {
		v.Standards = append(v.Standards, changedStandard{string(c.ID), standardWords(a, c.Was), standardWords(a, c.Now)})
	}
	for _, x := range r.Open {
		v.Open = append(v.Open, restingView{int64(x.Row.ID), cmp.Or(x.Row.Number, x.Row.Intake, strconv.FormatInt(int64(x.Row.ID), 10)), x.Party, string(x.Standard), judgedWords(a, x.Was), judgedWords(a, x.Now), len(x.Now.Faults) == 0})
	}
	status := http.StatusOK
	if changed {
		status = http.StatusConflict
	}
	return drawStandards(a, status, v)
}

// standardsNow marks the file of an act that counts.
func standardsNow(a *page.Ask, act string) (string, error) {
	loaded, err := change.StandardsLoaded(a.Site.Engine, act)
	if err != nil || len(loaded) == 0 {
		return "", err
	}
	return sumOf(loaded[0].File), nil
}

// LoadStandards loads the file that the page previewed; when another counts by now, it is shown anew.
func LoadStandards(a *page.Ask) error {
	file := strings.ReplaceAll(a.PostForm("standards"), "\r\n", "\n") // as browsers send lines
	if sumOf(file) != a.PostForm("sum") {
		return drawStandards(a, http.StatusUnprocessableEntity, nil, a.T("calendar.altered"))
	}
	act, err := change.StandardsAct(a.Site.Engine, a.T("standards.file"), file)
	if err != nil {
		return drawStandards(a, http.StatusUnprocessableEntity, nil, strings.Split(text.Told(a.Language, err), "\n")...)
	}
	was, err := standardsNow(a, act)
	if err != nil {
		return err
	}
	if was != a.PostForm("was") && was != a.PostForm("sum") {
		return previewStandards(a, a.T("standards.file"), file, true)
	}
	r, err := change.LoadStandards(a.Request.Context(), a.Site.Engine, a.ID(), act, file)
	if e := refusal.As(err); e != nil && e.Code == refusal.CaseMovedOn {
		a.Office = a.Site.Engine.Office()
		return previewStandards(a, a.T("standards.file"), file, true)
	}
	if err != nil {
		return err
	}
	a.Say("standards.loaded", "act", act, "n", len(r.Changed), "open", len(r.Open))
	return a.See("/admin/standards")
}

// standardWords is when a standard holds and between which bounds, in a line.
func standardWords(a *page.Ask, s *penalty.Standard) string {
	if s == nil {
		return "—"
	}
	return a.Span(s) + a.T("list.comma") + s.Main().In(a.Language)
}

// judgedWords is a violation by a standard, in a line: its bounds, or what is wrong with it.
func judgedWords(a *page.Ask, j charges.Judged) string {
	var all []string
	if j.Change != nil {
		all = append(all, a.T("penalty.bounds", "low", a.Money(j.Applies.Low.String()), "high", a.Money(j.Applies.High.String())))
	}
	for _, f := range j.Faults {
		all = append(all, f.Said.In(a.Language))
	}
	return strings.Join(all, a.T("list.comma"))
}
