package norms

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"dossier/engine/casefile"
	"dossier/engine/desk"
	"dossier/engine/register"
	"dossier/engine/text"
	"dossier/web/page"
)

// whereView says where a matter belongs: what is ours, what is another section's, what is another department's.
type whereView struct {
	page.Base
	Matter   string
	Case     int64  // the case whose matter it is, 0 before it is registered
	CaseName string // as the link back calls it
	Asked    bool
	Groups   []whereGroup
}

// whereGroup is the ways of one kind.
type whereGroup struct {
	Title, Lead string
	Ways        []wayView
}

type wayView struct {
	To     string
	Entry  entryView
	Words  string
	Bases  []string
	Basis  string // the sentence that the letter rests on
	Do     string // where the letter is written, or the case begun; "" where the reader can do neither
	DoText string
}

// WherePage routes a described matter.
func WherePage(a *page.Ask) error {
	r, err := a.Register()
	if err != nil {
		return err
	}
	v := whereView{Base: a.Base(a.T("where.title"), "admin"), Matter: strings.TrimSpace(page.Cut(a.Query("matter"), 1000))}
	v.Case, _ = strconv.ParseInt(a.Query("case"), 10, 64)
	var view *desk.CaseView
	if v.Case > 0 {
		if view, err = desk.View(a.Site.Engine, a.ID(), casefile.CaseID(v.Case)); err != nil {
			return err
		}
		v.CaseName = view.Case.Number() + " " + view.Party()
	}
	v.Asked = v.Matter != ""
	ours := whereGroup{Title: a.T("where.ours"), Lead: a.T("where.ours.lead")}
	sections := whereGroup{Title: a.T("where.sections"), Lead: a.T("where.sections.lead")}
	others := whereGroup{Title: a.T("where.others"), Lead: a.T("where.others.lead")}
	for _, w := range r.Route(v.Matter) {
		switch {
		case w.Ours:
			ours.Ways = append(ours.Ways, way(a, r, w, view))
		case w.Other:
			others.Ways = append(others.Ways, way(a, r, w, view))
		default:
			sections.Ways = append(sections.Ways, way(a, r, w, view))
		}
	}
	for _, g := range []whereGroup{ours, sections, others} {
		if len(g.Ways) > 0 {
			v.Groups = append(v.Groups, g)
		}
	}
	return a.Draw(http.StatusOK, "registerwhere", v)
}

// way is one way with what may be done on it: begin a case, or, where the case stands where it can be sent on, write the
// letter.
func way(a *page.Ask, r *register.Register, w register.Way, view *desk.CaseView) wayView {
	x := wayView{To: w.To, Entry: entry(a.Words, w.Entry, ""), Words: strings.Join(w.Words, a.T("list.comma")), Bases: w.Bases}
	x.Entry.Text = marked(w.Text, strings.Join(w.Words, " "))
	letter, to := r.Routing.Section, a.T("where.tell", "to", w.To)
	x.Basis, x.DoText = a.T("where.basis.section", "cite", text.Cite(text.List, w.ID, a.Language), "text", w.Text, "to", w.To), a.T("where.do.tell")
	if w.Other {
		letter, to = r.Routing.Department, w.To
		x.Basis = a.T("where.basis.department", "cite", text.Cite(text.List, w.ID, a.Language), "matter", w.Under, "to", w.To, "share", strings.TrimRight(w.Text, "。"),
			"bases", strings.Join(w.Bases, ""))
		x.DoText = a.T("where.do.refer")
	}
	ed := a.Site.Engine.Workflow(letter.Workflow)
	switch {
	case w.Ours && view == nil && ed != nil && a.Opens(ed.Def):
		x.Do, x.DoText = "/cases/new/"+string(letter.Workflow), a.T("where.do.open")
	case !w.Ours && view != nil && view.Case.Workflow == letter.Workflow &&
		slices.ContainsFunc(view.Actions, func(x desk.Available) bool { return x.Action == letter.Action }):
		x.Do = "/cases/" + strconv.FormatInt(int64(view.Case.ID), 10) + "/do/" + string(letter.Action) + "?" +
			url.Values{"v." + string(letter.To): {to}, "v." + string(letter.Basis): {x.Basis}}.Encode()
	}
	return x
}
