package web

import (
	"fmt"
	"strings"

	"dossier/engine"
	"dossier/engine/calendar"
)

// stepView is one line of a case's history, as a sentence.
type stepView struct {
	Day      string
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
func (a *ask) story(view *engine.CaseView, steps []engine.Step) []stepView {
	vs := make([]stepView, 0, len(steps))
	for i := len(steps) - 1; i >= 0; i-- {
		vs = append(vs, a.step(view, steps[i]))
	}
	return vs
}

func (a *ask) step(view *engine.CaseView, s engine.Step) stepView {
	title := a.L(s.Title)
	if title == "" {
		title = a.actionTitle(view.Edition.Def, s.Action)
	}
	v := stepView{Day: a.Day(s.Day), Said: a.signer(s.Actor, s.For) + " " + title, Words: s.Opinion, Gone: s.Recalled}
	if v.Words == "" {
		v.Words = or(a.changed(view.Edition.Def, s), a.detail(view, s))
	}
	if s.From != s.To && a.L(s.To) != "" {
		v.Moved = a.T("story.moved", "state", a.L(s.To))
	}
	issued := map[engine.FormID]bool{}
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
			v.With = append(v.With, linkView{Text: "《" + a.titleIn(view.Edition, id) + "》"})
		}
	}
	for _, f := range s.Files {
		text := a.T("story.file", "n", f.N, "name", f.Name)
		if f.Proves != "" {
			text += "（" + f.Proves + "）"
		}
		v.With = append(v.With, linkView{text, fmt.Sprintf("/cases/%d/files/%d", view.Case.ID, f.N)})
	}
	if calendar.In(s.At) != s.Day {
		v.Recorded = a.T("story.recorded", "at", a.Moment(s.At))
	}
	return v
}

// detail is what a built-in action says: which day was corrected, to what, and why.
func (a *ask) detail(view *engine.CaseView, s engine.Step) string {
	form := engine.BuiltinForm(s.Action)
	if form == nil {
		return s.Values["reason"].Text
	}
	var out []string
	for i := range form.Parts[0].Fields {
		f := &form.Parts[0].Fields[i]
		v := s.Values[f.ID]
		if v.Empty() {
			continue
		}
		text := a.value(f, v)
		if f.ID == "name" {
			if fact := view.Edition.Def.Fact(engine.FactID(strings.SplitN(text, "#", 2)[0])); fact != nil {
				text = a.L(fact.Title)
			}
		}
		out = append(out, text)
	}
	return strings.Join(out, a.T("list.semicolon"))
}

func (a *ask) titleIn(ed *engine.Edition, id engine.FormID) string {
	if f := ed.Forms[id]; f != nil {
		return a.L(f.Title)
	}
	return string(id)
}
