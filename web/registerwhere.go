package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"dossier/engine/casefile"
	"dossier/engine/desk"
	"dossier/engine/register"
	"dossier/engine/text"
)

// whereView says where a matter belongs: what is ours, what is another section's, what is another department's.
type whereView struct {
	base
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

// wherePage routes a described matter.
func wherePage(a *ask) error {
	r, err := a.register()
	if err != nil {
		return err
	}
	v := whereView{base: a.base(a.T("where.title"), "register"), Matter: strings.TrimSpace(cut(a.Query("matter"), 1000))}
	v.Case, _ = strconv.ParseInt(a.Query("case"), 10, 64)
	if v.Case > 0 {
		view, err := desk.View(a.s.engine, a.id(), casefile.CaseID(v.Case))
		if err != nil {
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
			ours.Ways = append(ours.Ways, a.way(r, w, v.Case))
		case w.Other:
			others.Ways = append(others.Ways, a.way(r, w, v.Case))
		default:
			sections.Ways = append(sections.Ways, a.way(r, w, v.Case))
		}
	}
	for _, g := range []whereGroup{ours, sections, others} {
		if len(g.Ways) > 0 {
			v.Groups = append(v.Groups, g)
		}
	}
	return a.draw(http.StatusOK, "registerwhere", v)
}

// way is one way with what may be done on it: begin a case, or write the letter that sends the case on.
func (a *ask) way(r *register.Register, w register.Way, id int64) wayView {
	x := wayView{To: w.To, Entry: a.entry(w.Entry, ""), Words: strings.Join(w.Words, a.T("list.comma")), Bases: w.Bases}
	x.Entry.Text = marked(w.Text, strings.Join(w.Words, " "))
	letter, to := r.Routing.Section, a.T("where.tell", "to", w.To)
	x.Basis, x.DoText = a.T("where.basis.section", "cite", text.Cite(text.List, w.ID, a.lang), "text", w.Text, "to", w.To), a.T("where.do.tell")
	if w.Other {
		letter, to = r.Routing.Department, w.To
		x.Basis = a.T("where.basis.department", "cite", text.Cite(text.List, w.ID, a.lang), "matter", w.Under, "to", w.To, "share", strings.TrimRight(w.Text, "。"),
			"bases", strings.Join(w.Bases, ""))
		x.DoText = a.T("where.do.refer")
	}
	ed := a.s.engine.Workflow(letter.Workflow)
	switch {
	case w.Ours && id == 0 && ed != nil && a.opens(ed.Def):
		x.Do, x.DoText = "/cases/new/"+string(letter.Workflow), a.T("where.do.open")
	case !w.Ours && id > 0:
		x.Do = "/cases/" + strconv.FormatInt(id, 10) + "/do/" + string(letter.Action) + "?" +
			url.Values{"v." + string(letter.To): {to}, "v." + string(letter.Basis): {x.Basis}}.Encode()
	}
	return x
}

// whereAt is where the matter of a case is routed, from the form of an action that sends it on; "" from another.
func (a *act) whereAt() string {
	if a.list == nil || a.view == nil {
		return ""
	}
	for _, l := range []register.Letter{a.list.Routing.Department, a.list.Routing.Section} {
		if l.Workflow == a.edition.Def.ID && l.Action == a.action {
			return "/register/where?" + url.Values{"case": {strconv.FormatInt(int64(a.view.Case.ID), 10)}, "matter": {a.caseCause(a.view)}}.Encode()
		}
	}
	return ""
}
