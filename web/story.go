package web

import (
	"fmt"
	"slices"
	"strings"

	"dossier/engine/calendar"
	"dossier/engine/desk"
	"dossier/engine/office"
	"dossier/engine/procedure"
)

// stepView is one line of a case's history, as a sentence.
type stepView struct {
	Day      string
	At       string // the moment of its record
	Said     string // who did what
	Words    string // the opinion or the reason
	With     []linkView
	Recorded string // when it was recorded, where that is another day
	Moved    string // which state it led to
	Gone     bool   // it was recalled
	Class    string
}

type linkView struct{ Text, Address string }

// story puts the history into sentences, the latest first.
func (a *ask) story(view *desk.CaseView, steps []desk.Step) []stepView {
	vs := make([]stepView, 0, len(steps))
	for i := len(steps) - 1; i >= 0; i-- {
		vs = append(vs, a.step(view, steps[i]))
	}
	return vs
}

func (a *ask) step(view *desk.CaseView, s desk.Step) stepView {
	title := a.L(s.Title)
	if title == "" {
		title = a.actionTitle(view.Edition.Def, s.Action)
	}
	v := stepView{Day: a.Day(s.Day), At: a.Moment(s.At), Said: a.doer(s) + " " + title + a.said(view, s), Words: s.Opinion, Gone: s.Recalled}
	if v.Words == "" {
		v.Words = or(a.changed(view.Edition.Def, s), a.detail(view, s))
	}
	if s.From != s.To && a.L(s.To) != "" {
		v.Moved = a.T("story.moved", "state", a.L(s.To))
	}
	issued := map[procedure.FormID]bool{}
	for _, d := range s.Issued {
		issued[d.Form] = true
		text := "《" + a.titleIn(view.Edition, d.Form) + "》"
		if d.Number != "" {
			text += " " + d.Number
		}
		v.With = append(v.With, linkView{text + " · " + a.T("document.code", "code", d.Code), fmt.Sprintf("/cases/%d/documents/%d.pdf", view.Case.ID, d.N)})
	}
	for _, id := range s.Papers {
		if !issued[id] {
			issued[id] = true
			x := linkView{Text: "《" + a.titleIn(view.Edition, id) + "》"}
			for _, p := range view.Case.Papers {
				if p.Form == id && p.Open {
					x.Address = fmt.Sprintf("/cases/%d/papers/%d.pdf", view.Case.ID, p.P)
				}
			}
			v.With = append(v.With, x)
		}
	}
	for _, f := range s.Files {
		text := a.T("story.file", "n", f.N, "name", f.Name)
		if f.Proves != "" {
			text += "（" + f.Proves + "）"
		}
		v.With = append(v.With, linkView{text, fmt.Sprintf("/cases/%d/files/%d", view.Case.ID, f.N)})
	}
	if s.Token != "" {
		v.With = append(v.With, linkView{Text: a.T("story.token", "id", s.Token)})
	}
	v.Recorded = a.T("story.at", "at", v.At)
	if calendar.In(s.At) != s.Day {
		v.Recorded = a.T("story.recorded", "at", v.At)
	}
	return v
}

// doer is who did a step; the reader is spoken to.
func (a *ask) doer(s desk.Step) string {
	if s.Actor == a.id() && (s.For == "" || s.For == s.Actor) {
		return a.T("you")
	}
	return a.signer(s.Actor, s.For)
}

// said tells of what was filled in a step with what, to whom and how: the paper that it names, the respondent, what was chosen,
// the sum.
func (a *ask) said(view *desk.CaseView, s desk.Step) string {
	var out []string
	for _, x := range s.Says {
		text := a.value(x.Field, x.Value)
		if x.Field.Type == procedure.Document {
			d := view.Case.Document(procedure.Int(x.Value.Text))
			if d == nil {
				continue
			}
			text = strings.TrimSpace("《" + a.titleIn(view.Edition, d.Form) + "》 " + d.Number)
		}
		if text != "" && !slices.Contains(out, text) {
			out = append(out, text)
		}
	}
	if len(out) == 0 {
		return ""
	}
	return a.T("story.says", "what", strings.Join(out, a.T("list.comma")))
}

// detail is what a built-in action says: which day was corrected, to what, and why.
func (a *ask) detail(view *desk.CaseView, s desk.Step) string {
	form := procedure.BuiltinForm(s.Action)
	if form == nil {
		return s.Values["reason"].Text
	}
	var out []string
	if s.Action == "hand-over" {
		return a.handedTo(s.Values)
	}
	for i := range form.Parts[0].Fields {
		f := &form.Parts[0].Fields[i]
		v := s.Values[f.ID]
		if v.Empty() {
			continue
		}
		text := a.value(f, v)
		if s.Action == "open-at" {
			text = a.begunDetail(view.Edition, f, v)
		}
		if f.ID == "name" {
			if fact := view.Edition.Def.Fact(procedure.FactID(strings.SplitN(text, "#", 2)[0])); fact != nil {
				text = a.L(fact.Title)
			}
		}
		out = append(out, text)
	}
	return strings.Join(out, a.T("list.semicolon"))
}

// handedTo says who has the case after a hand-over, and why.
func (a *ask) handedTo(values procedure.Values) string {
	ids := []office.PersonID{}
	if charge := values["in-charge"].Text; charge != "" {
		ids = append(ids, office.PersonID(charge))
	}
	for _, s := range values["officers"].Strings() {
		if id := office.PersonID(s); !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return a.officers(ids) + a.T("list.semicolon") + values["reason"].Text
}

func (a *ask) titleIn(ed *procedure.Edition, id procedure.FormID) string {
	if f := ed.Forms[id]; f != nil {
		return a.L(f.Title)
	}
	return string(id)
}
