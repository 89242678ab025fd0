package acting

import (
	"net/http"
	"strings"

	"dossier/engine/procedure"
	"dossier/engine/refusal"
	"dossier/web/cases"
	"dossier/web/page"
)

// movedView tells that a form can't be sent any more, why, what happened meanwhile, and what was typed in it.
type movedView struct {
	page.Base
	Action   string
	CaseLink string
	CaseName string
	Told     string
	News     *cases.NewsView
	Typed    []page.KnownView
	Files    bool // files were chosen too, which are not kept
	Here     string
	Draft    string
	May      bool // the case can be opened
}

// gone answers a form whose action can't be taken any more: the case has moved on, or the person has no part in it now. What
// was typed is kept as saved input, and shown; a person who may not see the case any more sees what they typed and nothing
// of the case.
func (a *act) gone(e *refusal.Error) error {
	code := page.Status(e.Code)
	if e.Code == refusal.UnknownAction {
		code = http.StatusConflict
	}
	v := movedView{Told: a.Told(e.Code, e.Args), Here: a.address(), Draft: a.typed.Draft, Typed: a.typedWords()}
	for _, fs := range a.typed.Files {
		for _, f := range fs {
			v.Files = v.Files || f.Filename != ""
		}
	}
	if e.Code == refusal.UnknownAction && a.edition != nil && a.typed.Seq != 0 {
		v.Told = a.T("moved.told", "action", a.ActionTitle(a.edition.Def, a.action))
	}
	if a.edition != nil {
		v.Action = a.ActionTitle(a.edition.Def, a.action)
	}
	v.Base = a.Base(page.Or(v.Action, a.T("moved.title")), "cases")
	if a.view != nil {
		v.May = true
		v.CaseLink, v.CaseName = a.caseLink()
		if a.typed.Seq != 0 {
			var err error
			if v.News, err = cases.NewsOf(a.Ask, a.view.Case.ID, a.typed.Seq, "", ""); err != nil {
				return err
			}
		}
	}
	return a.Draw(code, "moved", v)
}

// lost answers a form of a case that the person can't open any more.
func lost(a *page.Ask, err error) error {
	e := refusal.As(err)
	id, bad := a.CaseID()
	if e == nil || e.Code != refusal.NotFound || bad != nil {
		return err
	}
	t := &act{Ask: a, action: procedure.ActionID(a.Param("action")), walk: procedure.WalkID(a.Query("walk")), of: id}
	if err := t.read(); err != nil {
		return err
	}
	if len(t.typed.Values) == 0 {
		return e
	}
	if t.typed.Then != "drop" {
		if err := t.keep(); err != nil {
			return err
		}
	}
	return t.gone(e)
}

// typedWords are the fields that were typed, with what stands in them. They are read as the action's forms name them,
// whichever of its forms asked.
func (a *act) typedWords() []page.KnownView {
	var vs []page.KnownView
	seen := map[procedure.FieldID]bool{}
	for _, f := range a.fieldsOfAction() {
		v := a.typed.Values[f.ID]
		if seen[f.ID] || v.Empty() || f.Shared && a.view == nil { // what is the case's own is not theirs to see any more
			continue
		}
		seen[f.ID] = true
		text := a.Value(f, v)
		for _, row := range v.Rows {
			var cells []string
			for _, c := range f.Columns {
				if row[c.ID] != "" {
					cells = append(cells, row[c.ID])
				}
			}
			text += strings.Join(cells, " · ") + "\n"
		}
		vs = append(vs, page.KnownView{Label: a.L(f.Title), Value: strings.TrimSpace(text)})
	}
	return vs
}

// fieldsOfAction are the fields of every form part that the action may fill, in the case's edition or, where that can't be
// read, in the present ones.
func (a *act) fieldsOfAction() []*procedure.Field {
	var fs []*procedure.Field
	add := func(p *procedure.Part) {
		for i := range p.Fields {
			fs = append(fs, &p.Fields[i])
		}
	}
	if form := procedure.BuiltinForm(a.action); form != nil {
		add(&form.Parts[0])
		return fs
	}
	eds := a.Site.Engine.Workflows()
	if a.edition != nil {
		eds = []*procedure.Edition{a.edition}
	}
	for _, ed := range eds {
		ed.Def.Each(func(_ *procedure.Walk, _ *procedure.State, x *procedure.Action) {
			if x.ID != a.action {
				return
			}
			fps := x.Form.Values()
			for _, o := range x.Forms {
				fps = append(fps, o.Value)
			}
			for _, fp := range fps {
				if f := ed.Forms[fp.Form]; f != nil && f.Part(fp.Part) != nil {
					add(f.Part(fp.Part))
				}
			}
		})
	}
	return fs
}
