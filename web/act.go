package web

import (
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"dossier/engine"
	"dossier/engine/calendar"
	"dossier/engine/secret"
)

// act is one action that a person is about to take: of a case, or the opening of a procedure (view nil).
type act struct {
	*ask
	edition *engine.Edition
	view    *engine.CaseView
	action  engine.ActionID
	walk    engine.WalkID
	typed   typed
}

// actView is the form of one action.
type actView struct {
	base
	Action   string // its title
	Lead     string // what it is done to
	CaseLink string
	CaseName string
	Law      string
	Why      string
	Missing  []unmet
	Faults   faults
	Unmet    []unmet // what refused it
	Moved    string  // the case has changed under the form
	Parts    []partView
	Day      fieldView
	Lenders  []option
	Key      string
	Seq      uint64
	Walk     engine.WalkID
	Paper    int
	BackTo   string
	Here     string // the form's own address
	Files    bool   // it takes files beside its fields
	FileBad  string
	Then     thenView
	Saved    string // when the input was kept
	Decision string
	Prints   bool // it fills a paper that can be seen before
}

// thenView is what the action would bring, and what else to know of it.
type thenView struct {
	Lines   []string
	Unmet   []unmet
	Similar []rowView
}

// opening finds the procedure that is to be opened.
func (a *ask) opening() (*act, error) {
	ed := a.s.engine.Workflow(engine.WorkflowID(a.Param("workflow")))
	if ed == nil {
		return nil, a.notFound()
	}
	a.of(ed)
	return &act{ask: a, edition: ed, action: ed.Def.Open.ID}, nil
}

// acting finds the case and the action that are to be acted on.
func (a *ask) acting() (*act, error) {
	view, err := a.caseView()
	if err != nil {
		return nil, err
	}
	return &act{ask: a, edition: view.Edition, view: view, action: engine.ActionID(a.Param("action")), walk: engine.WalkID(a.Query("walk"))}, nil
}

// caseView reads the case that the address names.
func (a *ask) caseView() (*engine.CaseView, error) {
	id, err := a.caseID()
	if err != nil {
		return nil, err
	}
	view, err := a.s.engine.View(a.Request.Context(), a.id(), id)
	if err == nil {
		a.of(view.Edition)
	}
	return view, err
}

func (a *ask) caseID() (engine.CaseID, error) {
	id, err := strconv.ParseInt(a.Param("id"), 10, 64)
	if err != nil || id < 1 {
		return 0, a.notFound()
	}
	return engine.CaseID(id), nil
}

func (a *act) caseID() engine.CaseID {
	if a.view == nil {
		return 0
	}
	return a.view.Case.ID
}

func (a *act) draft() engine.Draft {
	d := engine.Draft{Person: a.id(), Case: a.caseID(), Action: a.action, Walk: a.walk}
	if a.view == nil {
		d.Workflow = a.edition.Def.ID
	}
	return d
}

// address is where the form is.
func (a *act) address() string { return address(a.draft()) }

func (a *act) blank(values engine.Values) (*engine.Blank, error) {
	w := engine.WorkflowID("")
	if a.view == nil {
		w = a.edition.Def.ID
	}
	return a.s.engine.Blank(a.Request.Context(), a.id(), a.caseID(), w, a.action, a.walk, values)
}

func openPage(a *ask) error {
	t, err := a.opening()
	if err != nil {
		return err
	}
	return t.page()
}

func actPage(a *ask) error {
	t, err := a.acting()
	if err != nil {
		return err
	}
	return t.page()
}

// page shows the form, with what was kept of it before. Values in the address (v.FIELD) fill it for the first time.
func (a *act) page() error {
	saved, err := a.s.engine.SavedInput(a.draft())
	if err != nil {
		return err
	}
	a.typed = decode(a.Request.URL.Query())
	values, when := a.typed.Values, ""
	if len(values) == 0 {
		values = nil
	}
	if saved != nil {
		values, when = saved.Values, a.T("act.saved", "at", a.Moment(saved.At))
		a.typed.Day, a.typed.For = saved.Day, saved.For
	}
	b, err := a.blank(values)
	if err != nil {
		return err
	}
	v, err := a.form(b, values, nil, nil)
	if err != nil {
		return err
	}
	v.Saved = when
	v.Then = a.then(b, values)
	return a.draw(http.StatusOK, "act", v)
}

// form draws the blank. Bad is what was wrong with what was sent; more gives extra rows to tables.
func (a *act) form(b *engine.Blank, values engine.Values, bad *engine.Error, more map[engine.FieldID]int) (actView, error) {
	def := a.edition.Def
	title := a.L(b.Title)
	v := actView{base: a.base(title, "cases"), Action: title, Law: a.Cites(b.Law), Why: b.Law.Why, Seq: a.typed.Seq, Key: a.typed.Key,
		Walk: a.walk, Paper: a.typed.Paper, BackTo: a.typed.Back, Here: a.address(), Decision: string(b.Decision), Prints: len(b.Parts) > 0 && !b.Builtin,
		Files: b.Files}
	if a.view == nil {
		v.CaseLink, v.CaseName, v.Lead = "/cases/new", a.T("new.title"), a.L(def.Title)
	} else {
		v.CaseLink = fmt.Sprintf("/cases/%d", a.view.Case.ID)
		v.CaseName = strings.TrimSpace(a.view.Case.Number() + " " + a.view.Case.Shared["employer"].Text)
		v.Lead = a.L(a.view.Title)
		if v.Seq == 0 {
			v.Seq = a.view.Case.Seq
		}
	}
	if v.Key == "" {
		key, _, err := secret.New(a.s.engine.Random)
		if err != nil {
			return v, err
		}
		v.Key = key
	}
	for _, c := range b.Missing {
		v.Missing = append(v.Missing, a.condition(c))
	}
	if values != nil {
		for i := range b.Parts { // what was typed stands as it was typed, and says no longer that it came from the record
			b.Parts[i].Values = overlay(b.Parts[i], values)
		}
	}
	if bad != nil {
		titles := map[string]string{"day": a.dayTitle(b)}
		for _, p := range b.Parts {
			for i := range p.Part.Fields {
				titles[string(p.Part.Fields[i].ID)] = a.L(p.Part.Fields[i].Title)
			}
		}
		v.Faults = a.faults(bad, titles)
		v.FileBad = v.Faults.At("file")
		for _, c := range bad.Conditions {
			v.Unmet = append(v.Unmet, a.condition(c))
		}
		if len(bad.Conditions)+len(bad.Fields) == 0 {
			v.Unmet = append(v.Unmet, unmet{Code: bad.Code, Text: a.told(bad.Code, bad.Args)})
		}
	}
	v.Parts = a.fieldsOf(b, v.Faults, more)
	v.Day = fieldView{Kind: "line", ID: "f-day", Name: "day", Label: a.dayTitle(b), Hint: a.T("act.day.hint"), Type: "date", Class: "short",
		Value: or(a.typed.Day, a.today.String()), Fault: v.Faults.At("day")}
	v.Lenders = a.lenders()
	return v, nil
}

// overlay is a part's values with those that were typed over them.
func overlay(p engine.BlankPart, typed engine.Values) engine.Values {
	out := engine.Values{}
	for i := range p.Part.Fields {
		id := p.Part.Fields[i].ID
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
func (a *act) dayTitle(b *engine.Blank) string {
	var names []string
	for _, f := range b.Facts {
		names = append(names, a.L(f))
	}
	if len(names) == 0 {
		return a.T("act.day")
	}
	return strings.Join(names, a.T("list.comma"))
}

// lenders are those on whose behalf the person may act today.
func (a *act) lenders() []option {
	var os []option
	for _, d := range a.office.Delegations() {
		if d.To == a.id() && d.Start <= a.today && a.today <= d.End && d.Ended == 0 {
			os = append(os, option{Value: string(d.From), Label: a.Name(d.From), Sub: a.Post(d.Post), On: a.typed.For == d.From})
		}
	}
	return os
}

func openForm(a *ask) error {
	t, err := a.opening()
	if err != nil {
		return err
	}
	return t.post()
}

func actForm(a *ask) error {
	t, err := a.acting()
	if err != nil {
		return err
	}
	return t.post()
}

// read takes what was sent.
func (a *act) read() error {
	if err := a.parse(); err != nil {
		return err
	}
	a.typed = decode(a.Request.PostForm)
	if a.typed.Walk != "" {
		a.walk = a.typed.Walk
	}
	if a.Request.MultipartForm != nil {
		a.typed.Files = map[engine.FieldID][]*multipart.FileHeader{}
		for name, fs := range a.Request.MultipartForm.File {
			field := engine.FieldID(strings.TrimPrefix(strings.TrimPrefix(name, "file"), "."))
			if field == "camera" {
				field = "" // taken on the spot, as good as chosen
			}
			a.typed.Files[field] = append(a.typed.Files[field], fs...)
		}
	}
	return nil
}

// parse reads the body of a form, with files or without: errTooLong, or unreadable. Of text it takes 10 MB beside what it
// holds of files in memory.
func (a *ask) parse() error {
	err := a.Request.ParseForm()
	if err == nil {
		if err = a.Request.ParseMultipartForm(1 << 20); errors.Is(err, http.ErrNotMultipart) {
			err = nil
		}
	}
	var long *http.MaxBytesError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &long), errors.Is(err, multipart.ErrMessageTooLarge):
		return errTooLong
	}
	return &engine.Error{Code: engine.Unreadable, Args: engine.Args{"what": a.T("error.form")}, Cause: err}
}

// command is what was sent as the engine takes it; it fails on a day that is none.
func (a *act) command(b *engine.Blank) (engine.Command, error) {
	c := engine.Command{Case: a.caseID(), Action: a.action, Actor: a.id(), For: a.typed.For, Values: shape(a.typed.Values, b.Parts),
		Walk: a.walk, Paper: a.typed.Paper, Seq: a.typed.Seq, Key: a.typed.Key}
	if a.view == nil {
		c.Workflow = a.edition.Def.ID
	}
	day, err := calendar.Parse(or(a.typed.Day, a.today.String()))
	if err != nil {
		return c, &engine.Error{Code: engine.FieldInvalid, Fields: []engine.FieldFault{{Path: "day", Code: engine.FieldInvalid, Why: "field.date"}}}
	}
	c.Day = day
	for field, headers := range a.typed.Files {
		for _, h := range headers {
			data, err := content(h)
			if err != nil {
				return c, err
			}
			if h.Filename == "" || len(data) == 0 && h.Size == 0 {
				continue
			}
			c.Files = append(c.Files, engine.Upload{Field: field, Name: cut(h.Filename, 200), Proves: a.typed.Values["proves"].Text, Data: data})
		}
	}
	return c, nil
}

// content reads an uploaded file, at most as much as one may have.
func content(h *multipart.FileHeader) ([]byte, error) {
	if h.Size > maxFile {
		return nil, errTooLong
	}
	f, err := h.Open()
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, maxFile))
}

// post does what the pressed button says: the action itself, or a help in filling the form.
func (a *act) post() error {
	if err := a.read(); err != nil {
		return err
	}
	ctx := a.Request.Context()
	what, field, _ := strings.Cut(a.typed.Then, ":")
	b, err := a.blank(a.typed.Values)
	if err != nil {
		// The action is no longer there: what was typed is kept, and the error says what happened.
		if keep := a.keep(); keep != nil {
			return keep
		}
		return err
	}
	more := map[engine.FieldID]int{}
	switch what {
	case "do":
		return a.do(b)
	case "save":
		if err := a.keep(); err != nil {
			return err
		}
		if a.GetHeader("X-Requested-With") == "script" {
			a.String(http.StatusOK, a.T("act.saved.auto", "at", a.now.In(shanghai).Format("15:04")))
			return nil
		}
		a.say("act.kept")
		return a.see(a.address())
	case "drop":
		if err := a.s.engine.DropSaved(ctx, a.draft()); err != nil {
			return err
		}
		return a.see(or(a.typed.Back, a.address()))
	case "row":
		more[engine.FieldID(field)] = 5
	case "paste":
		a.paste(b, engine.FieldID(field))
		if err := a.keep(); err != nil {
			return err
		}
	}
	v, err := a.form(b, a.typed.Values, nil, more)
	if err != nil {
		return err
	}
	v.Then = a.then(b, a.typed.Values)
	return a.draw(http.StatusOK, "act", v)
}

// paste puts pasted lines under the rows of a table.
func (a *act) paste(b *engine.Blank, id engine.FieldID) {
	for _, p := range b.Parts {
		for i := range p.Part.Fields {
			if f := &p.Part.Fields[i]; f.ID == id && f.Type == engine.Table {
				rows := append(a.typed.Values[id].Rows, pasted(a.typed.Paste[id], f.Columns)...)
				a.typed.Values[id] = engine.Value{Rows: rows[:min(len(rows), maxTableRows)]}
			}
		}
	}
}

func (a *act) keep() error {
	return a.s.engine.Save(a.Request.Context(), engine.Saved{Draft: a.draft(), Day: a.typed.Day, For: a.typed.For, Values: a.typed.Values})
}

// do takes the action. What refuses it is told on the form, with everything typed still there.
func (a *act) do(b *engine.Blank) error {
	ctx := a.Request.Context()
	c, err := a.command(b)
	var out *engine.Outcome
	if err == nil {
		out, err = a.s.engine.Do(ctx, c)
	}
	if err == nil {
		if err := a.s.engine.DropSaved(ctx, a.draft()); err != nil {
			return err
		}
		a.sayDone(b, out)
		return a.see(or(back(a.typed.Back), fmt.Sprintf("/cases/%d", out.Case.ID)))
	}
	e := engine.As(err)
	if e == nil {
		return err
	}
	code := status(e.Code)
	moved := ""
	if e.Code == engine.CaseMovedOn {
		moved, a.typed.Seq = a.told(e.Code, e.Args), 0
		e = nil
	} else if code != http.StatusUnprocessableEntity {
		if err := a.keep(); err != nil {
			return err
		}
		return err
	}
	v, ferr := a.form(b, a.typed.Values, e, nil)
	if ferr != nil {
		return ferr
	}
	v.Moved = moved
	return a.draw(code, "act", v)
}

// back is where to go after the action, when that is a page of this site.
func back(address string) string {
	if address == "" {
		return ""
	}
	return local(address)
}

func (a *act) sayDone(b *engine.Blank, out *engine.Outcome) {
	var issued []string
	for _, d := range out.Issued {
		issued = append(issued, strings.TrimSpace("《"+a.formTitle(b, d.Form)+"》 "+d.Number))
	}
	if len(issued) > 0 {
		a.say("act.done.issued", "action", a.L(b.Title), "documents", strings.Join(issued, a.T("list.comma")))
		return
	}
	a.say("act.done", "action", a.L(b.Title))
}

func previewOpening(a *ask) error {
	t, err := a.opening()
	if err != nil {
		return err
	}
	return t.preview()
}

func previewAct(a *ask) error {
	t, err := a.acting()
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
	data, err := a.s.engine.Preview(a.Request.Context(), c)
	if err != nil {
		return err
	}
	a.pdf(data, a.L(b.Title))
	return nil
}

// pdf answers with a paper that the browser shows.
func (a *ask) pdf(data []byte, name string) {
	h := a.Writer.Header()
	h.Set("Content-Security-Policy", "frame-ancestors 'none'") // the browser's own viewer needs its styles
	h.Set("Content-Disposition", "inline; filename*=UTF-8''"+url.PathEscape(name)+".pdf")
	a.Data(http.StatusOK, "application/pdf", data)
}

// then is what the action would bring with the values that there are; when they don't do yet, what is missing beside them.
func (a *act) then(b *engine.Blank, values engine.Values) thenView {
	var v thenView
	ctx := a.Request.Context()
	all := engine.Values{}
	for _, p := range b.Parts {
		for id, x := range overlay(p, values) {
			all[id] = x
		}
	}
	if a.view == nil {
		if employer := strings.TrimSpace(all["employer"].Text); employer != "" {
			if rows, err := a.s.engine.Similar(ctx, a.id(), a.edition.Def.ID, employer); err == nil {
				v.Similar = a.s.rowViews(a.words, rows, false)
			}
		}
	}
	typed := a.typed
	a.typed.Values, a.typed.Files = all, nil
	c, err := a.command(b)
	a.typed = typed
	if err != nil {
		return v
	}
	c.Key, c.Seq = "", 0
	f, err := a.s.engine.Foresee(ctx, c)
	if err != nil || f == nil {
		return v // it is only a help; the action itself will say what is wrong
	}
	if f.Err != nil {
		for _, u := range f.Err.Conditions {
			v.Unmet = append(v.Unmet, a.condition(u))
		}
		if len(v.Unmet) == 0 {
			v.Lines = append(v.Lines, a.T("then.later"))
		}
		return v
	}
	v.Lines = a.foreseen(f)
	return v
}

// foreseen says in sentences what would change.
func (a *act) foreseen(f *engine.Foreseen) []string {
	var lines []string
	if f.State.ZH != "" && (a.view == nil || f.State != a.view.Title) {
		lines = append(lines, a.T("then.state", "state", a.L(f.State)))
	}
	before := map[engine.ClockID]engine.Running{}
	for _, c := range f.Before {
		before[c.ID] = c
	}
	for _, c := range f.Clocks {
		old, was := before[c.ID]
		title, due := a.clockTitle(c), a.Day(c.Due)
		if c.Provisional {
			due += a.T("light.provisional")
		}
		switch {
		case c.State == engine.SuspendedClock && (!was || old.State != engine.SuspendedClock):
			lines = append(lines, a.T("then.suspended", "clock", title, "left", a.Units(c.Remaining, c.Unit)))
		case c.Open() && (!was || !old.Open()):
			lines = append(lines, a.T("then.starts", "clock", title, "due", due, "left", a.Units(c.Remaining, c.Unit)))
		case c.Open() && was && c.Due != old.Due:
			lines = append(lines, a.T("then.moves", "clock", title, "was", or(a.Day(old.Due), a.T("then.undue")), "due", due))
		case !c.Open() && was && old.Open():
			lines = append(lines, a.T("then.ends", "clock", title))
		}
	}
	if len(lines) == 0 {
		lines = append(lines, a.T("then.nothing"))
	}
	return lines
}

// clockTitle is what a clock is called; of the second run on, with its number.
func (w words) clockTitle(c engine.Running) string {
	t := string(c.ID)
	if c.Def != nil {
		t = w.L(c.Def.Title)
		if n := strings.TrimPrefix(string(c.ID), string(c.Def.ID)+"-"); n != string(c.ID) {
			t += " " + n
		}
	}
	return t
}

// PreviewAt is where the form is sent to be seen as paper.
func (v actView) PreviewAt() string {
	path, query, _ := strings.Cut(v.Here, "?")
	if query != "" {
		return path + "/preview?" + query
	}
	return path + "/preview"
}

// Row is the number that people give to the row with an index.
func (w words) Row(i int) int { return i + 1 }
