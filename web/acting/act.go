package acting

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"dossier/engine/casefile"
	"dossier/engine/desk"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
	"dossier/engine/secret"
	"dossier/web/cases"
	"dossier/web/page"
)

// act is one action that a person is about to take: of a case, or the opening of a procedure (view nil).
type act struct {
	*page.Ask
	edition *procedure.Edition
	view    *desk.CaseView
	action  procedure.ActionID
	walk    procedure.WalkID
	typed   page.Typed
	of      casefile.CaseID // where the case itself can't be read
}

// actView is the form of one action.
type actView struct {
	page.Base
	Action   string // its title
	Lead     string // what it is done to
	CaseLink string
	CaseName string
	Clauses  []page.Clause
	Where    string // where the responsibility list says whose matter it is
	Why      string
	Missing  []page.Unmet
	Faults   page.Faults
	Unmet    []page.Unmet    // what refused it
	Moved    string          // the case has changed under the form
	News     *cases.NewsView // what has happened meanwhile
	ID       casefile.CaseID
	NewsAt   string // where the page's script asks what has happened
	Parts    []page.PartView
	OwnDay   bool
	Day      page.FieldView
	Lenders  []page.Option
	As       string // in whose name the reader acts, who may do it as a delegate alone
	Key      string
	Seq      uint64
	Walk     procedure.WalkID
	Paper    int
	BackTo   string
	Here     string // the form's own address
	Files    bool   // it takes files beside its fields
	FileBad  string
	Then     thenView
	Saved    string // when the input was kept
	Draft    string // where it is kept
	Rev      uint64
	Beside   []page.SavedView // other half-filled ones of this form
	Fresh    string           // where another one is begun
	Login    string           // where one signs in and comes back
	FileWas  string           // files that have to be chosen again
	Posted   bool             // drawn as the answer to what was sent
	Decision string
	Prints   bool // it fills a paper that can be seen before
	Alike    []alikeView
}

// opening finds the procedure that is to be opened.
func opening(a *page.Ask) (*act, error) {
	ed := a.Site.Engine.Workflow(procedure.WorkflowID(a.Param("workflow")))
	if ed == nil {
		return nil, a.NotFound()
	}
	a.Of(ed)
	return &act{Ask: a, edition: ed, action: ed.Def.Open.ID}, nil
}

// acting finds the case and the action that are to be acted on.
func acting(a *page.Ask) (*act, error) {
	view, err := a.CaseView()
	if err != nil {
		return nil, err
	}
	return &act{Ask: a, edition: view.Edition, view: view, action: procedure.ActionID(a.Param("action")), walk: procedure.WalkID(a.Query("walk"))}, nil
}

func (a *act) caseID() casefile.CaseID {
	if a.view == nil {
		return a.of
	}
	return a.view.Case.ID
}

// caseLink is the case's address and its name.
func (a *act) caseLink() (address, name string) {
	c := a.view.Case
	return fmt.Sprintf("/cases/%d", c.ID), strings.TrimSpace(c.Number() + " " + a.view.Party())
}

func (a *act) draft() desk.Draft {
	d := desk.Draft{Person: a.ID(), Case: a.caseID(), Action: a.action, Walk: a.walk, Slot: a.typed.Draft}
	if a.view == nil && a.edition != nil {
		d.Workflow = a.edition.Def.ID
	}
	return d
}

// address is where the form is.
func (a *act) address() string { return page.Address(a.draft()) }

func (a *act) blank(values procedure.Values) (*desk.Blank, error) {
	w := procedure.WorkflowID("")
	if a.view == nil {
		w = a.edition.Def.ID
	}
	return desk.BlankFor(a.Site.Engine, a.ID(), a.caseID(), w, a.action, a.walk, values)
}

func OpenPage(a *page.Ask) error {
	t, err := opening(a)
	if err != nil {
		return err
	}
	return t.page()
}

func ActPage(a *page.Ask) error {
	t, err := acting(a)
	if err != nil {
		return err
	}
	return t.page()
}

// page shows the form, with what was kept of it before: what the address names (draft), else the latest. Values in the address
// (v.FIELD) fill it for the first time. The key by which a second press is known stands in the address: who goes back and
// presses again meets the page as it was drawn, whatever the browser kept of it.
func (a *act) page() error {
	a.typed = page.Decode(a.Request.URL.Query())
	if a.typed.Key == "" {
		return a.keyed()
	}
	all, err := desk.SavedOf(a.Site.Engine, a.draft())
	if err != nil {
		return err
	}
	i := slices.IndexFunc(all, func(s desk.Saved) bool { return a.typed.Draft == "" || s.Slot == a.typed.Draft })
	values, when := a.typed.Values, ""
	if len(values) == 0 {
		values = nil
	}
	if i >= 0 {
		saved := all[i]
		all = slices.Delete(all, i, i+1)
		values, when = saved.Values, a.T("act.saved", "at", a.Moment(saved.At))
		a.typed.Day, a.typed.For, a.typed.Draft, a.typed.Rev, a.typed.Chosen = saved.Day, saved.For, saved.Slot, saved.Rev, saved.Chosen
	} else {
		a.typed.Draft = ""
	}
	b, err := a.blank(values)
	if err != nil {
		if e := refusal.As(err); e != nil && i >= 0 {
			a.typed.Values = values
			return a.gone(e)
		}
		return err
	}
	if values == nil {
		preset(b)
		if err := a.fed(b); err != nil {
			return err
		}
	}
	v, err := a.form(b, values, nil, nil)
	if err != nil {
		return err
	}
	v.Saved = when
	for _, s := range all {
		v.Beside = append(v.Beside, page.SavedView{Title: a.draftName(b, s), At: a.Moment(s.At), Address: page.DraftAddress(s.Draft)})
	}
	if when != "" {
		v.Fresh = page.DraftAddress(desk.Draft{Person: a.ID(), Case: a.caseID(), Workflow: a.draft().Workflow, Action: a.action, Walk: a.walk, Slot: "new"})
	}
	v.Then = a.then(b, values)
	if err := a.noteForm(b); err != nil {
		return err
	}
	return a.Draw(http.StatusOK, "act", v)
}

// keyed leads to this page with a key of its own.
func (a *act) keyed() error {
	key, _, err := secret.New(a.Site.Engine.Random)
	if err != nil {
		return err
	}
	q := a.Request.URL.Query()
	q.Set("key", key)
	return a.See(a.Request.URL.Path + "?" + q.Encode())
}

// noteForm puts on record that the form showed its reader what is confidential.
func (a *act) noteForm(b *desk.Blank) error {
	for _, p := range b.Parts {
		for i := range p.Part.Fields {
			if f := &p.Part.Fields[i]; f.Secret && p.Known[f.ID] && a.view != nil {
				return desk.NoteRead(a.Request.Context(), a.Site.Engine, a.ID(), a.view, desk.ByForm)
			}
		}
	}
	return nil
}

// draftName is what tells a draft from others of its form: the party, else the first words of it.
func (a *act) draftName(b *desk.Blank, s desk.Saved) string {
	name := s.Values[a.edition.Def.Terms.Party].Text
	for _, p := range b.Parts {
		for i := range p.Part.Fields {
			f := &p.Part.Fields[i]
			if t := f.Type; name == "" && (t == procedure.Text || t == procedure.LongText) {
				name = strings.Join(strings.Fields(s.Values[f.ID].Text), " ")
			}
		}
	}
	if r := []rune(name); len(r) > 30 {
		name = string(r[:30]) + "…"
	}
	return page.Or(name, a.T("act.unnamed"))
}

// form draws the blank. Bad is what was wrong with what was sent; more gives extra rows to tables.
func (a *act) form(b *desk.Blank, values procedure.Values, bad *refusal.Error, more map[procedure.FieldID]int) (actView, error) {
	def := a.edition.Def
	title := a.L(b.Title)
	v := actView{Base: a.Base(title, "cases"), Action: title, Clauses: a.Clauses(b.Law), Where: a.whereAt(), Why: b.Law.Why, Seq: a.typed.Seq, Key: a.typed.Key,
		Walk: a.walk, Paper: a.typed.Paper, BackTo: a.typed.Back, Here: a.address(), Decision: string(b.Decision), Prints: len(b.Parts) > 0 && !b.Builtin,
		Files: b.Files}
	if a.view == nil {
		v.CaseLink, v.CaseName, v.Lead = "/cases/new", a.T("new.title"), a.L(def.Title)
	} else {
		v.CaseLink, v.CaseName = a.caseLink()
		v.Lead = a.L(a.view.Title)
		if a.action == "recall" {
			v.Lead = recalls(a.Ask, a.view)
		}
		if v.Seq == 0 {
			v.Seq = a.view.Case.Seq
		}
		v.ID, v.NewsAt = a.view.Case.ID, cases.NewsAt(a.view.Case.ID, v.Seq, a.action, a.walk)
	}
	if v.Key == "" {
		key, _, err := secret.New(a.Site.Engine.Random)
		if err != nil {
			return v, err
		}
		v.Key = key
	}
	v.Draft, v.Rev, v.Posted = page.Or(a.typed.Draft, slot(v.Key)), a.typed.Rev, a.Request.Method != http.MethodGet
	v.Login, v.FileWas = "/login?next="+url.QueryEscape(v.Here), strings.Join(a.typed.Chosen[""], a.T("list.comma"))
	for _, c := range b.Missing {
		v.Missing = append(v.Missing, a.Condition(c))
	}
	if values != nil {
		for i := range b.Parts { // what was typed stands as it was typed, and says no longer that it came from the record
			b.Parts[i].Values = overlay(b.Parts[i], values)
		}
	}
	if bad != nil {
		titles := map[string]string{}
		if !ownDay(b) {
			titles["fact"] = a.dayTitle(b)
		}
		for _, p := range b.Parts {
			for i := range p.Part.Fields {
				f := &p.Part.Fields[i]
				titles[string(f.ID)] = a.L(f.Title)
				a.rowTitles(titles, f, p.Values[f.ID].Rows, bad)
			}
		}
		v.Faults = a.Faults(bad, titles)
		v.FileBad = v.Faults.At("file")
		for _, c := range bad.Conditions {
			v.Unmet = append(v.Unmet, a.Condition(c))
		}
		if len(bad.Conditions)+len(bad.Fields) == 0 {
			v.Unmet = append(v.Unmet, page.Unmet{Code: bad.Code, Text: a.Told(bad.Code, bad.Args)})
		}
	}
	v.Parts = a.FieldsOf(b, v.Faults, more)
	for i := range v.Parts {
		for j := range v.Parts[i].Fields {
			f := &v.Parts[i].Fields[j]
			f.Again = strings.Join(a.typed.Chosen[procedure.FieldID(f.Field)], a.T("list.comma"))
		}
	}
	var err error
	if v.Alike, err = a.alike(b); err != nil {
		return v, err
	}
	v.OwnDay = ownDay(b)
	v.Day = page.FieldView{Kind: "line", ID: "f-fact", Name: "day", Label: a.dayTitle(b), Hint: a.T("act.day.hint"), Type: "date", Class: "short",
		Value: page.Or(a.typed.Day, a.Today.String()), Fault: v.Faults.At("fact")}
	v.Lenders = a.lenders(b.Lenders)
	if b.For != "" {
		v.As = a.T("act.as", "for", a.Name(b.For), "sign", a.Signer(a.ID(), b.For))
		if len(v.Lenders) == 1 {
			v.Lenders = nil // there is nothing to choose
		}
	}
	return v, nil
}

// rowTitles names the rows in which something is wrong by their number and the first thing that stands in them.
func (a *act) rowTitles(titles map[string]string, f *procedure.Field, rows []procedure.Cells, bad *refusal.Error) {
	for _, x := range bad.Fields {
		at, inRow := strings.CutPrefix(x.Path, string(f.ID)+"[")
		row, _, _ := strings.Cut(at, "]")
		n, err := strconv.Atoi(row)
		if !inRow || err != nil || n < 0 || n >= len(rows) || len(f.Columns) == 0 {
			continue
		}
		name := rows[n][f.Columns[0].ID]
		if f.Columns[0].Type != procedure.Text {
			name = ""
		} else if name != "" {
			name = " " + name
		}
		titles[x.Path] = a.T("fault.row", "table", a.L(f.Title), "n", n+1, "name", name)
	}
}

// recalls says which step a recall takes back, "" when there is none.
func recalls(a *page.Ask, view *desk.CaseView) string {
	taken := view.Case.Taken
	if len(taken) == 0 {
		return ""
	}
	x := taken[len(taken)-1]
	return a.T("act.recalls", "who", a.Signer(x.By, x.For), "day", a.Day(x.Day), "action", a.ActionTitle(view.Edition.Def, x.Action))
}

// preset chooses what leaves no choice: the only document, or the only party, that a required field may name.
func preset(b *desk.Blank) {
	for _, p := range b.Parts {
		for i := range p.Part.Fields {
			f := &p.Part.Fields[i]
			if !f.Required || !p.Values[f.ID].Empty() {
				continue
			}
			switch f.Type {
			case procedure.Document:
				if ds := page.Named(f, b.Documents); len(ds) == 1 {
					p.Values[f.ID] = procedure.Value{List: []string{strconv.Itoa(ds[0].N)}}
				}
			case procedure.Respondent:
				if len(b.Respondents) == 1 {
					p.Values[f.ID] = procedure.Value{List: b.Respondents}
				}
			}
		}
	}
}

// fed fills what is on record elsewhere into the form that tells it: the year's checks, the files that a review drew.
func (a *act) fed(b *desk.Blank) error {
	if a.view == nil {
		return nil
	}
	values, err := a.Site.Options.Plans.Fed(a.ID(), a.view, a.action)
	if err != nil {
		return err
	}
	if a.Site.SelfCheck.Feeds(a.view.Case.Workflow, a.action) && a.Query("workflow") != "" {
		q, faults := cases.Reviewing(a.Ask)
		if len(faults) > 0 {
			return nil
		}
		if values, err = a.Site.SelfCheck.Fed(a.Request.Context(), a.ID(), q, func(n, of int) string { return a.T("reviews.drawn-from", "n", n, "of", of, "seed", q.Seed) }); err != nil {
			return err
		}
	}
	for _, p := range b.Parts {
		for id, v := range values {
			if _, there := p.Asked[id]; there && p.Values[id].Empty() {
				p.Values[id], p.Asked[id] = v, true
			}
		}
	}
	return nil
}

// overlay is a part's values with those that were typed over them.
func overlay(p desk.BlankPart, typed procedure.Values) procedure.Values {
	out := procedure.Values{}
	for i := range p.Part.Fields {
		id := p.Part.Fields[i].ID
		if p.Kept[id] {
			continue
		}
		v, said := typed[id]
		if !said {
			v = p.Values[id]
		} else if !v.Equal(p.Values[id]) {
			delete(p.Known, id)
		}
		if !v.Empty() {
			out[id] = v
		}
	}
	return out
}

// dayTitle is what the fact day is called: by the facts that the action sets.
func (a *act) dayTitle(b *desk.Blank) string {
	var names []string
	for _, f := range b.Facts {
		names = append(names, a.L(f))
	}
	if len(names) == 0 {
		return a.T("act.day")
	}
	return strings.Join(names, a.T("list.comma"))
}

// lenders are those on whose behalf the person may do this today.
func (a *act) lenders(ids []office.PersonID) []page.Option {
	var os []page.Option
	for _, id := range ids {
		os = append(os, page.Option{Value: string(id), Label: a.Name(id), Sub: a.FirstPost(a.Office.Person(id)), On: a.typed.For == id})
	}
	return os
}

// PreviewAt is where the form is sent to be seen as paper.
func (v actView) PreviewAt() string {
	path, query, _ := strings.Cut(v.Here, "?")
	if query != "" {
		return path + "/preview?" + query
	}
	return path + "/preview"
}

// ownDay tells whether the form asks for a day of its own by the name of the action's: a correction, an order's answer. Such
// an action is done on the day on which it is recorded.
func ownDay(b *desk.Blank) bool {
	for _, p := range b.Parts {
		for i := range p.Part.Fields {
			if b.Builtin && p.Part.Fields[i].ID == "day" {
				return true
			}
		}
	}
	return false
}
