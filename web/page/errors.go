package page

import (
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"dossier/engine/access"
	"dossier/engine/calendar"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
)

// NotFound is that the address names nothing.
func (a *Ask) NotFound() error {
	return &refusal.Error{Code: refusal.NotFound, Args: refusal.Args{"id": a.Request.URL.Path}}
}

// problem is an error as a person reads it: what is wrong, and each unmet condition with its clause.
type problem struct {
	Status     int
	Code       refusal.Code
	Title      string
	Conditions []Unmet
	Fields     []Fault
}

// Unmet is one condition that is not met.
type Unmet struct {
	Code refusal.Code
	Text string
	Law  string

	Clauses []Clause
}

// Fault is what is wrong with one field of the page: ID is the input that it links to.
type Fault struct {
	Path string
	Code refusal.Code
	ID   string
	Text string
	Cell string // the same beside the field, where its name stands already
}

// Faults are a form's faults in the order of the error, for the summary on top and the words beside each field.
type Faults []Fault

// At is what is wrong with the field of that path, "" when nothing is.
func (fs Faults) At(path string) string {
	return fs.words(path, func(f Fault) string { return f.Text })
}

// Cell is what is wrong with a cell of a table, without the name of its row.
func (fs Faults) Cell(path string) string {
	return fs.words(path, func(f Fault) string { return f.Cell })
}

func (fs Faults) words(path string, of func(Fault) string) string {
	var texts []string
	for _, f := range fs {
		if f.Path == path {
			texts = append(texts, of(f))
		}
	}
	return strings.Join(texts, " ")
}

// Status is the HTTP status of an error code.
func Status(code refusal.Code) int {
	switch code {
	case refusal.Unreadable:
		return http.StatusBadRequest
	case refusal.NotYourGate, refusal.Forbidden:
		return http.StatusForbidden
	case refusal.NotFound:
		return http.StatusNotFound
	case refusal.WrongMethod:
		return http.StatusMethodNotAllowed
	case access.LinkInvalid:
		return http.StatusGone
	case refusal.CaseMovedOn:
		return http.StatusConflict
	case access.TryLater:
		return http.StatusTooManyRequests
	case access.Busy, refusal.ClockBack, refusal.ClockSkew:
		return http.StatusServiceUnavailable
	}
	return http.StatusUnprocessableEntity
}

// Problem puts an error into words.
func (w Words) Problem(e *refusal.Error) problem {
	p := problem{Status: Status(e.Code), Code: e.Code, Title: w.Told(e.Code, e.Told())}
	for _, c := range e.Conditions {
		p.Conditions = append(p.Conditions, w.Condition(c))
	}
	p.Fields = w.Faults(e, nil)
	return p
}

// Problem puts an error into words, and tells a program when to come again where the error says so.
func (a *Ask) Problem(e *refusal.Error) problem {
	p := a.Words.Problem(e)
	if p.Status == http.StatusTooManyRequests || p.Status == http.StatusServiceUnavailable {
		a.Header("Retry-After", Or(e.Args["seconds"], "5"))
	}
	return p
}

// Condition puts an unmet condition into words.
func (w Words) Condition(c refusal.Condition) Unmet {
	u := Unmet{Code: c.Code, Law: w.Cites(c.Law), Clauses: w.Clauses(c.Law)}
	key := c.Key()
	switch {
	case c.Text.ZH != "":
		u.Text = w.L(c.Text)
	case w.Has(key):
		u.Text = w.T(key, w.args(c.Args)...)
	default:
		u.Text = w.Told(c.Code, c.Args)
	}
	return u
}

// Told is an error code in words: the pages' own, else the engine's.
func (w Words) Told(code refusal.Code, args refusal.Args) string {
	key := refusal.Key(code, args)
	if w.Has("error." + key) {
		key = "error." + key
	}
	return w.T(key, w.args(args)...)
}

// Faults puts the faults of fields into words. Titles gives the field's label for the summary; nil leaves it out.
func (w Words) Faults(e *refusal.Error, titles map[string]string) Faults {
	var fs Faults
	for _, f := range e.Fields {
		title := Or(titles[f.Path], titles[top(f.Path)])
		args := refusal.Args{"field": Or(title, w.T("field.this"))}
		maps.Copy(args, f.Args)
		if name := Or(title, f.Path); name != "" && w.EN() {
			args["field"] = name // the engine names fields in Chinese
		}
		t := w.Told(f.Code, args)
		if f.Why != "" {
			t = w.T(f.Why, w.args(args)...)
		}
		if f.Said != nil {
			t = f.Said.In(w.Language)
		}
		cell := t
		if title != "" && !strings.Contains(t, title) {
			t = w.T("fault.of", "field", title, "fault", t)
		}
		fs = append(fs, Fault{Path: f.Path, Code: f.Code, ID: "f-" + f.Path, Text: t, Cell: cell})
	}
	return fs
}

// top is the field that a path begins with: "workers" of "workers[2].owed".
func top(path string) string {
	if i := strings.IndexAny(path, "[."); i >= 0 {
		return path[:i]
	}
	return path
}

// args are the arguments of a message as pairs, ids among them said in words.
func (w Words) args(args refusal.Args) []any {
	pairs := make([]any, 0, 2*len(args))
	for k, v := range args {
		said := w.arg(k, v)
		if args.Provisional(k) {
			said += w.T("light.provisional")
		}
		pairs = append(pairs, k, said)
	}
	return pairs
}

// arg is one argument in words: what it names in the procedure, a day, a period, a sum; anything else as it is.
func (w Words) arg(name, value string) string {
	if d, err := calendar.Parse(value); err == nil {
		return w.Date(d)
	}
	if name == "post" || name == "role" || name == "by" || name == "posts" {
		return w.each(value, func(id string) string { return w.Post(procedure.Actor(id)) })
	}
	if p, err := calendar.ParsePeriod(value); err == nil && name == "period" {
		return w.Units(p.N, p.Unit)
	}
	if w.def == nil {
		return value
	}
	switch name {
	case "action":
		return w.ActionTitle(w.def, procedure.ActionID(value))
	case "clock":
		if c := w.def.Clock(procedure.ClockID(value)); c != nil {
			return w.L(c.Title)
		}
	case "walk":
		if x := WalkOf(w.def, procedure.WalkID(value)); x != nil {
			return w.L(x.Title)
		}
	case "state":
		return w.StateOf(procedure.StateID(value))
	case "facts", "cause":
		return w.each(value, func(id string) string {
			if f := w.def.Fact(procedure.FactID(id)); f != nil {
				return w.L(f.Title)
			}
			return id
		})
	case "form":
		if f := w.forms[procedure.FormID(value)]; f != nil {
			return w.L(f.Title)
		}
	case "part":
		for _, id := range slices.Sorted(maps.Keys(w.forms)) {
			if p := w.forms[id].Part(procedure.PartID(value)); p != nil {
				return w.L(p.Title)
			}
		}
	}
	return value
}

// each puts the ids of a list, parted by spaces or 、, into words. What has other characters than ids is words already.
func (w Words) each(list string, say func(id string) string) string {
	ids := strings.FieldsFunc(list, func(r rune) bool { return r == ' ' || r == '、' })
	for i, id := range ids {
		if said := say(id); said != id {
			ids[i] = said
		}
	}
	return strings.Join(ids, w.T("list.comma"))
}

// StateOf is the title of a state, whichever walk has it.
func (w Words) StateOf(id procedure.StateID) string {
	walks := []*procedure.Walk{&w.def.Main}
	for i := range w.def.Sides {
		walks = append(walks, &w.def.Sides[i])
	}
	for _, x := range walks {
		if st := x.State(id); st != nil {
			return w.L(st.Title)
		}
	}
	return string(id)
}

// errorView is a page that says what went wrong and what to do.
type errorView struct {
	Base
	Problem problem
	Again   string // where to go on
}

// Fail answers an error: what the engine refuses in its own words, a body that is too large or unreadable as such, and
// anything else as a plain 500 that is logged with the call.
func (s *Site) Fail(a *Ask, err error) {
	var long *http.MaxBytesError
	e := refusal.As(err)
	v := errorView{Again: "/"}
	switch {
	case e != nil:
		v.Problem = a.Problem(e)
		if e.Code == refusal.CaseMovedOn && strings.HasPrefix(a.Request.URL.Path, "/cases/") {
			v.Again = "/cases/" + a.Param("id")
		}
	case errors.As(err, &long), errors.Is(err, ErrTooLong):
		v.Problem = problem{Status: http.StatusRequestEntityTooLarge, Title: a.T("error.too-long")}
	case a.Request.Context().Err() != nil:
		return // nobody is there any more
	case Away(err):
		s.Options.Log.Warn("the store is away", "path", a.Request.URL.Path, "error", err)
		s.Moment(a.Context)
		return
	default:
		s.Options.Log.Error("request", "method", a.Request.Method, "path", a.Request.URL.Path, "who", a.WhoID(), "error", err)
		s.Broken(a.Context)
		return
	}
	v.Base = a.Base(v.Problem.Title, "")
	if err := a.Draw(v.Problem.Status, "error", v); Away(err) {
		s.Moment(a.Context)
	} else if err != nil {
		s.Options.Log.Error("error page", "path", a.Request.URL.Path, "error", err)
		s.Broken(a.Context)
	}
}

func (a *Ask) WhoID() string {
	if a.Who == nil {
		return ""
	}
	return string(a.Who.ID)
}

// ErrTooLong is a form that is larger than what is taken.
var ErrTooLong = errors.New("form too long")

// Broken answers a plain 500, in both languages, without anything of the fault.
func (s *Site) Broken(c *gin.Context) {
	if strings.HasPrefix(c.Request.URL.Path, "/api/") {
		c.Data(http.StatusInternalServerError, "application/problem+json", []byte(`{"title":"internal error","status":500,"code":"internal"}`))
		return
	}
	c.Data(http.StatusInternalServerError, "text/html; charset=utf-8", []byte(`<!doctype html><html lang="zh-CN"><meta charset="utf-8">`+
		`<meta name="viewport" content="width=device-width"><title>500</title><h1>出错了</h1><p>系统没能完成这一步，什么也没有改动。请稍后再试；`+
		`仍然不行请告诉管理员发生的时间。</p><p lang="en">Something went wrong on our side and nothing was changed. Please try again; if it `+
		`keeps happening, tell the administrator when it did.</p><p><a href="/">返回 · Back</a></p></html>`))
}
