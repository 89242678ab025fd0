package cases

import (
	"fmt"
	"slices"
	"strings"

	"dossier/engine/calendar"
	"dossier/engine/desk"
	"dossier/engine/office"
	"dossier/engine/procedure"
	reading "dossier/engine/typed"
	"dossier/web/page"
)

// begunDetail is what a case begun on paper was told to be, in words: its state, its days, its numbers.
func begunDetail(a *page.Ask, ed *procedure.Edition, f *procedure.Field, v procedure.Value) string {
	var out []string
	for _, r := range v.Rows {
		if d, err := reading.Date(r["day"]); err == nil {
			title := string(r["name"])
			if fact := ed.Def.Fact(procedure.FactID(title)); fact != nil {
				title = a.L(fact.Title)
			}
			out = append(out, title+" "+a.Day(d))
		}
		for _, n := range ed.PaperForm().Numbers {
			if n.Value == r["kind"] {
				out = append(out, a.L(n.Label)+" "+r["number"])
			}
		}
	}
	switch {
	case len(v.Rows) > 0:
		return strings.Join(out, a.T("list.comma"))
	case f.ID == "state":
		return a.StateOf(procedure.StateID(v.Text))
	}
	return a.Value(f, v)
}

// stepView is one line of a case's history, as a sentence.
type stepView struct {
	Day      string
	At       string // the moment of its record
	Said     string // who did what
	Words    string // the opinion or the reason
	With     []page.LinkView
	Recorded string // when it was recorded, where that is another day
	Moved    string // which state it led to
	Gone     bool   // it was recalled
	Class    string
}

// story puts the history into sentences, the latest first.
func story(a *page.Ask, view *desk.CaseView, steps []desk.Step) []stepView {
	vs := make([]stepView, 0, len(steps))
	for i := len(steps) - 1; i >= 0; i-- {
		vs = append(vs, step(a, view, steps[i]))
	}
	return vs
}

func step(a *page.Ask, view *desk.CaseView, s desk.Step) stepView {
	title := a.L(s.Title)
	if title == "" {
		title = a.ActionTitle(view.Edition.Def, s.Action)
	}
	v := stepView{Day: a.Day(s.Day), At: a.Moment(s.At), Said: doer(a, s) + " " + title + said(a, view, s), Words: s.Opinion, Gone: s.Recalled}
	if v.Words == "" {
		v.Words = page.Or(changed(a, view.Edition.Def, s), detail(a, view, s))
	}
	if s.From != s.To && a.L(s.To) != "" {
		v.Moved = a.T("story.moved", "state", a.L(s.To))
	}
	issued := map[procedure.FormID]bool{}
	for _, d := range s.Issued {
		issued[d.Form] = true
		text := "《" + titleIn(a, view.Edition, d.Form) + "》"
		if d.Number != "" {
			text += " " + d.Number
		}
		v.With = append(v.With, page.LinkView{Text: text + " · " + a.T("document.code", "code", d.Code), Address: fmt.Sprintf("/cases/%d/documents/%d.pdf", view.Case.ID, d.N)})
	}
	for _, id := range s.Papers {
		if !issued[id] {
			issued[id] = true
			x := page.LinkView{Text: "《" + titleIn(a, view.Edition, id) + "》"}
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
		v.With = append(v.With, page.LinkView{Text: text, Address: fmt.Sprintf("/cases/%d/files/%d", view.Case.ID, f.N)})
	}
	if s.Token != "" {
		v.With = append(v.With, page.LinkView{Text: a.T("story.token", "id", s.Token)})
	}
	v.Recorded = a.T("story.at", "at", v.At)
	if calendar.In(s.At) != s.Day {
		v.Recorded = a.T("story.recorded", "at", v.At)
	}
	return v
}

// doer is who did a step; the reader is spoken to.
func doer(a *page.Ask, s desk.Step) string {
	if s.Actor == a.ID() && (s.For == "" || s.For == s.Actor) {
		return a.T("you")
	}
	return a.Signer(s.Actor, s.For)
}

// said tells of what was filled in a step with what, to whom and how: the paper that it names, the respondent, what was chosen,
// the sum.
func said(a *page.Ask, view *desk.CaseView, s desk.Step) string {
	var out []string
	for _, x := range s.Says {
		text := a.Value(x.Field, x.Value)
		if x.Field.Type == procedure.Document {
			d := view.Case.Document(procedure.Int(x.Value.Text))
			if d == nil {
				continue
			}
			text = strings.TrimSpace("《" + titleIn(a, view.Edition, d.Form) + "》 " + d.Number)
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
func detail(a *page.Ask, view *desk.CaseView, s desk.Step) string {
	form := procedure.BuiltinForm(s.Action)
	if form == nil {
		return s.Values["reason"].Text
	}
	var out []string
	if s.Action == "hand-over" {
		return handedTo(a, s.Values)
	}
	for i := range form.Parts[0].Fields {
		f := &form.Parts[0].Fields[i]
		v := s.Values[f.ID]
		if v.Empty() {
			continue
		}
		text := a.Value(f, v)
		if s.Action == "open-at" {
			text = begunDetail(a, view.Edition, f, v)
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
func handedTo(a *page.Ask, values procedure.Values) string {
	ids := []office.PersonID{}
	if charge := values["in-charge"].Text; charge != "" {
		ids = append(ids, office.PersonID(charge))
	}
	for _, s := range values["officers"].Strings() {
		if id := office.PersonID(s); !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return a.Officers(ids) + a.T("list.semicolon") + values["reason"].Text
}

func titleIn(a *page.Ask, ed *procedure.Edition, id procedure.FormID) string {
	if f := ed.Forms[id]; f != nil {
		return a.L(f.Title)
	}
	return string(id)
}
