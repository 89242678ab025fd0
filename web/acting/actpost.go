package acting

import (
	"fmt"
	"maps"
	"mime/multipart"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"dossier/engine"
	"dossier/engine/casefile"
	"dossier/engine/desk"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
	reading "dossier/engine/typed"
	"dossier/web/cases"
	"dossier/web/page"
)

func OpenForm(a *page.Ask) error {
	t, err := opening(a)
	if err != nil {
		return err
	}
	return t.post()
}

func ActForm(a *page.Ask) error {
	t, err := acting(a)
	if err != nil {
		return lost(a, err)
	}
	return t.post()
}

// read takes what was sent.
func (a *act) read() error {
	if err := a.Parse(); err != nil {
		return err
	}
	a.typed = page.Decode(a.Request.PostForm)
	var sent map[string][]*multipart.FileHeader
	if a.Request.MultipartForm != nil {
		sent = a.Request.MultipartForm.File
	}
	a.typed.Sent = page.SentHash(a.Request.PostForm, sent)
	if a.typed.Walk != "" {
		a.walk = a.typed.Walk
	}
	if a.Request.MultipartForm != nil {
		a.typed.Files = map[procedure.FieldID][]*multipart.FileHeader{}
		for name, fs := range sent {
			field := page.FileField(name)
			a.typed.Files[field] = append(a.typed.Files[field], fs...)
			for _, f := range fs {
				if f.Filename != "" {
					a.typed.Chosen[field] = append(a.typed.Chosen[field], page.Cut(f.Filename, 200))
				}
			}
		}
	}
	return nil
}

// command is what was sent as the engine takes it; it fails on a day that is none.
func (a *act) command(b *desk.Blank) (casefile.Command, error) {
	c := casefile.Command{Case: a.caseID(), Action: a.action, Actor: a.ID(), For: a.typed.For, Values: page.Shape(a.typed.Values, b.Parts),
		Walk: a.walk, Paper: a.typed.Paper, Seq: a.typed.Seq, Key: a.typed.Key, Form: a.typed.Sent}
	if a.view == nil {
		c.Workflow = a.edition.Def.ID
	}
	day, err := reading.Date(page.Or(a.typed.Day, a.Today.String()))
	if err != nil {
		return c, &refusal.Error{Code: refusal.FieldInvalid, Fields: []refusal.FieldFault{{Path: "fact", Code: refusal.FieldInvalid, Why: "field.date"}}}
	}
	c.Day = day
	if err := a.cases(b, c.Values); err != nil {
		return c, err
	}
	for _, field := range slices.Sorted(maps.Keys(a.typed.Files)) {
		for _, h := range a.typed.Files[field] {
			data, err := page.Content(h)
			if err != nil {
				return c, err
			}
			if h.Filename == "" || len(data) == 0 && h.Size == 0 {
				continue
			}
			c.Files = append(c.Files, casefile.Upload{Field: field, Name: page.Cut(h.Filename, 200), Data: data})
		}
	}
	return c, nil
}

// cases puts the ids of other cases in the place of the numbers that people write.
func (a *act) cases(b *desk.Blank, values procedure.Values) error {
	for _, p := range b.Parts {
		for i := range p.Part.Fields {
			f := &p.Part.Fields[i]
			text := values[f.ID].Text
			if f.Type != procedure.CaseRef || text == "" {
				continue
			}
			id, err := a.Site.Engine.Resolve(text)
			if err != nil || !a.Site.Engine.Sees(a.ID(), id) {
				return &refusal.Error{Code: refusal.FieldInvalid, Fields: []refusal.FieldFault{{Path: string(f.ID), Code: refusal.FieldInvalid, Why: "field.case-unknown",
					Args: refusal.Args{"text": page.Cut(text, 40)}}}}
			}
			values[f.ID] = procedure.TextValue(strconv.FormatInt(int64(id), 10))
		}
	}
	return nil
}

// post does what the pressed button says: the action itself, or a help in filling the form.
func (a *act) post() error {
	if err := a.read(); err != nil {
		return err
	}
	what, field, _ := strings.Cut(a.typed.Then, ":")
	if a.typed.Who != "" && a.typed.Who != a.ID() {
		return a.other()
	}
	if what == "do" || what == "save" {
		if done, err := a.already(what); done || err != nil {
			return err
		}
	}
	if what == "drop" {
		if err := a.drop(); err != nil {
			return err
		}
		if a.view != nil && a.typed.Seq == 0 { // from a form that can't be sent any more
			return a.See(fmt.Sprintf("/cases/%d", a.view.Case.ID))
		}
		return a.See(page.Or(a.typed.Back, a.address()))
	}
	b, err := a.blank(a.typed.Values)
	if err != nil {
		// The action is no longer there: what was typed is kept, and the page says what happened.
		if keep := a.keep(); keep != nil {
			return keep
		}
		if e := refusal.As(err); e != nil && a.view != nil {
			return a.gone(e)
		}
		return err
	}
	more := map[procedure.FieldID]int{}
	var unread *refusal.Error
	switch what {
	case "do":
		return a.do(b)
	case "save":
		if err := a.keep(); err != nil {
			return err
		}
		if a.Script() {
			return a.Json(http.StatusOK, map[string]any{"said": a.T("act.saved.auto", "at", a.Now.In(page.Shanghai).Format("15:04")),
				"draft": a.typed.Draft, "rev": strconv.FormatUint(a.typed.Rev, 10)})
		}
		a.Say("act.kept")
		return a.See(page.DraftAddress(a.draft()))
	case "row":
		more[procedure.FieldID(field)] = 5
	case "paste":
		unread = a.paste(b, procedure.FieldID(field))
		if err := a.keep(); err != nil {
			return err
		}
	}
	v, err := a.form(b, a.typed.Values, unread, more)
	if err != nil {
		return err
	}
	v.Then = a.then(b, a.typed.Values)
	return a.Draw(http.StatusOK, "act", v)
}

// already answers a second press of a page that was sent before: the person is led to what the first press did. Where they
// have changed something meanwhile, they are asked whether they mean another act; until they say so nothing is done.
func (a *act) already(what string) (bool, error) {
	id, sent, err := desk.Pressed(a.Site.Engine, a.ID(), a.typed.Key)
	if id == 0 || err != nil {
		return false, err
	}
	to := page.Or(page.Back(a.typed.Back), fmt.Sprintf("/cases/%d", id))
	switch {
	case what == "save" && a.Script():
		return true, a.Json(http.StatusOK, map[string]any{"said": a.T("act.already"), "draft": "", "rev": "0"})
	case what == "save" || sent == "" || sent == a.typed.Sent:
		a.Say("act.already")
		return true, a.See(to)
	}
	a.typed.Key, a.typed.Draft, a.typed.Rev, a.typed.Seq = "", "", 0, 0
	if a.view != nil {
		if err := a.refresh(); err != nil {
			return true, err
		}
	}
	return true, a.again(a.T("act.sent-before"))
}

// other answers a page that was drawn for somebody else than who is signed in now: nothing is done in the new person's name
// before they have seen it.
func (a *act) other() error {
	told := a.T("act.other", "was", a.Name(a.typed.Who), "now", a.Who.Name)
	if a.Script() {
		a.String(http.StatusConflict, told)
		return nil
	}
	a.typed.Key, a.typed.Draft, a.typed.Rev = "", "", 0
	return a.again(told)
}

// again draws the form with what was typed, and what is to be known before it is pressed again.
func (a *act) again(told string) error {
	b, err := a.blank(a.typed.Values)
	if err != nil {
		if e := refusal.As(err); e != nil && a.view != nil {
			if err := a.keep(); err != nil {
				return err
			}
			return a.gone(e)
		}
		return err
	}
	v, err := a.form(b, a.typed.Values, nil, nil)
	if err != nil {
		return err
	}
	v.Moved = told
	v.Then = a.then(b, a.typed.Values)
	return a.Draw(http.StatusConflict, "act", v)
}

// drop forgets what was kept of this form: of a page that names no slot, the latest.
func (a *act) drop() error {
	d := a.draft()
	if d.Slot == "" {
		all, err := desk.SavedOf(a.Site.Engine, d)
		if err != nil {
			return err
		}
		if len(all) > 0 {
			d = all[0].Draft
		}
	}
	return desk.DropSaved(a.Request.Context(), a.Site.Engine, d)
}

// paste puts pasted lines under the rows of a table, and tells which of their columns it has no place for.
func (a *act) paste(b *desk.Blank, id procedure.FieldID) *refusal.Error {
	for _, p := range b.Parts {
		for i := range p.Part.Fields {
			if f := &p.Part.Fields[i]; f.ID == id && f.Type == procedure.Table {
				pasted, left := page.Pasted(a.typed.Paste[id], f.Columns)
				rows := append(a.typed.Values[id].Rows, pasted...)
				a.typed.Values[id] = procedure.Value{Rows: rows[:min(len(rows), page.MaxTableRows)]}
				return a.Unread(id, left)
			}
		}
	}
	return nil
}

// keep saves what is typed, and the page goes on where it was kept.
func (a *act) keep() error {
	if a.typed.Draft == "" {
		a.typed.Draft = slot(a.typed.Key)
	}
	kept, err := desk.Save(a.Request.Context(), a.Site.Engine, desk.Saved{Draft: a.draft(), Day: a.typed.Day, For: a.typed.For, Values: a.typed.Values,
		Chosen: a.typed.Chosen, Page: slot(a.typed.Key), Rev: a.typed.Rev})
	if err == nil {
		a.typed.Draft, a.typed.Rev = kept.Slot, kept.Rev
	}
	return err
}

// slot is where a page keeps what is typed in it: the page's own key names it.
func slot(key string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r == '-' || r == '_' {
			return r
		}
		return -1
	}, key[:min(len(key), 12)])
}

// do takes the action. What refuses it is told on the form, with everything typed still there.
func (a *act) do(b *desk.Blank) error {
	ctx := a.Request.Context()
	c, err := a.command(b)
	var out *engine.Outcome
	if err == nil {
		out, err = a.Site.Engine.Do(ctx, c)
	}
	if err == nil {
		if err := desk.DropSaved(ctx, a.Site.Engine, a.draft()); err != nil {
			return err
		}
		a.sayDone(b, out)
		return a.See(page.Or(page.Back(a.typed.Back), fmt.Sprintf("/cases/%d", out.Case.ID)))
	}
	e := refusal.As(err)
	if e == nil {
		return err
	}
	code := page.Status(e.Code)
	var moved string
	var news *cases.NewsView
	switch {
	case e.Code == refusal.CaseMovedOn:
		if err := a.keep(); err != nil {
			return err
		}
		if a.view == nil {
			return e
		}
		moved = a.Told(e.Code, e.Args)
		if news, err = cases.NewsOf(a.Ask, a.caseID(), a.typed.Seq, "", ""); err != nil {
			return err
		}
		if err := a.refresh(); err != nil {
			return err
		}
		if b, err = a.blank(a.typed.Values); err != nil {
			return err
		}
		e, a.typed.Seq = nil, 0
	case code != http.StatusUnprocessableEntity || e.Code == refusal.UnknownAction:
		if err := a.keep(); err != nil {
			return err
		}
		if a.view == nil {
			return e
		}
		return a.gone(e)
	}
	v, err := a.form(b, a.typed.Values, e, nil)
	if err != nil {
		return err
	}
	v.Moved, v.News = moved, news
	return a.Draw(code, "act", v)
}

// refresh reads the case anew, so that the form that comes back is drawn from what is there now.
func (a *act) refresh() error {
	view, err := a.Ask.CaseView()
	if err == nil {
		a.view, a.edition = view, view.Edition
	}
	return err
}

func (a *act) sayDone(b *desk.Blank, out *engine.Outcome) {
	var issued []string
	for _, d := range out.Issued {
		issued = append(issued, strings.TrimSpace("《"+a.FormTitle(b, d.Form)+"》 "+d.Number))
	}
	if len(issued) > 0 {
		a.Say("act.done.issued", "action", a.L(b.Title), "documents", strings.Join(issued, a.T("list.comma")))
		return
	}
	a.Say("act.done", "action", a.L(b.Title))
}

func PreviewOpening(a *page.Ask) error {
	t, err := opening(a)
	if err != nil {
		return err
	}
	return t.preview()
}

func PreviewAct(a *page.Ask) error {
	t, err := acting(a)
	if err != nil {
		return err
	}
	return t.preview()
}

// preview answers with the paper as it would print, marked as a draft.
func (a *act) preview() error {
	if err := a.read(); err != nil {
		return err
	}
	b, err := a.blank(a.typed.Values)
	if err != nil {
		return err
	}
	c, err := a.command(b)
	if err != nil {
		return err
	}
	c.Key = ""
	data, err := desk.Preview(a.Site.Engine, c)
	if err != nil {
		return err
	}
	a.Pdf(data, a.L(b.Title))
	return nil
}
