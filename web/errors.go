package web

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

// notFound is that the address names nothing.
func (a *ask) notFound() error {
	return &refusal.Error{Code: refusal.NotFound, Args: refusal.Args{"id": a.Request.URL.Path}}
}

// problem is an error as a person reads it: what is wrong, and each unmet condition with its clause.
type problem struct {
	Status     int
	Code       refusal.Code
	Title      string
	Conditions []unmet
	Fields     []fault
}

// unmet is one condition that is not met.
type unmet struct {
	Code refusal.Code
	Text string
	Law  string

	Clauses []clause
}

// fault is what is wrong with one field of the page: ID is the input that it links to.
type fault struct {
	Path string
	Code refusal.Code
	ID   string
	Text string
}

// faults are a form's faults in the order of the error, for the summary on top and the words beside each field.
type faults []fault

// At is what is wrong with the field of that path, "" when nothing is.
func (fs faults) At(path string) string {
	var texts []string
	for _, f := range fs {
		if f.Path == path {
			texts = append(texts, f.Text)
		}
	}
	return strings.Join(texts, " ")
}

// status is the HTTP status of an error code.
func status(code refusal.Code) int {
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
	case access.Busy, refusal.ClockBack:
		return http.StatusServiceUnavailable
	}
	return http.StatusUnprocessableEntity
}

// problem puts an error into words.
func (w words) problem(e *refusal.Error) problem {
	p := problem{Status: status(e.Code), Code: e.Code, Title: w.told(e.Code, e.Told())}
	for _, c := range e.Conditions {
		p.Conditions = append(p.Conditions, w.condition(c))
	}
	p.Fields = w.faults(e, nil)
	return p
}

// condition puts an unmet condition into words.
func (w words) condition(c refusal.Condition) unmet {
	u := unmet{Code: c.Code, Law: w.Cites(c.Law), Clauses: w.Clauses(c.Law)}
	key := "guard." + string(c.Code)
	if few := key + "-few"; c.Args["who"] == "" && w.has(few) { // too few, but nobody of them is wrong
		key = few
	}
	switch {
	case c.Text.ZH != "":
		u.Text = w.L(c.Text)
	case w.has(key):
		u.Text = w.T(key, w.args(c.Args)...)
	default:
		u.Text = w.told(c.Code, c.Args)
	}
	return u
}

// told is an error code in words: the pages' own, else the engine's.
func (w words) told(code refusal.Code, args refusal.Args) string {
	key := refusal.Key(code, args)
	if w.has("error." + key) {
		key = "error." + key
	}
	return w.T(key, w.args(args)...)
}

// faults puts the faults of fields into words. Titles gives the field's label for the summary; nil leaves it out.
func (w words) faults(e *refusal.Error, titles map[string]string) faults {
	var fs faults
	for _, f := range e.Fields {
		title := or(titles[f.Path], titles[top(f.Path)])
		args := refusal.Args{"field": or(title, w.T("field.this"))}
		maps.Copy(args, f.Args)
		if name := or(title, f.Path); name != "" && w.EN() {
			args["field"] = name // the engine names fields in Chinese
		}
		t := w.told(f.Code, args)
		if f.Why != "" {
			t = w.T(f.Why, w.args(args)...)
		}
		if f.Said != nil {
			t = f.Said.In(w.lang)
		}
		if title != "" && !strings.Contains(t, title) {
			t = w.T("fault.of", "field", title, "fault", t)
		}
		fs = append(fs, fault{Path: f.Path, Code: f.Code, ID: "f-" + f.Path, Text: t})
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
func (w words) args(args refusal.Args) []any {
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

// arg is one argument in words: what it names in the procedure, a day, a sum; anything else as it is.
func (w words) arg(name, value string) string {
	if d, err := calendar.Parse(value); err == nil {
		return w.Date(d)
	}
	if name == "post" || name == "role" || name == "by" || name == "posts" {
		return w.each(value, func(id string) string { return w.Post(procedure.Actor(id)) })
	}
	if w.def == nil {
		return value
	}
	switch name {
	case "action":
		return w.actionTitle(w.def, procedure.ActionID(value))
	case "clock":
		if c := w.def.Clock(procedure.ClockID(value)); c != nil {
			return w.L(c.Title)
		}
	case "walk":
		if x := walkOf(w.def, procedure.WalkID(value)); x != nil {
			return w.L(x.Title)
		}
	case "state":
		return w.stateOf(procedure.StateID(value))
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
func (w words) each(list string, say func(id string) string) string {
	ids := strings.FieldsFunc(list, func(r rune) bool { return r == ' ' || r == '、' })
	for i, id := range ids {
		if said := say(id); said != id {
			ids[i] = said
		}
	}
	return strings.Join(ids, w.T("list.comma"))
}

// stateOf is the title of a state, whichever walk has it.
func (w words) stateOf(id procedure.StateID) string {
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
	base
	Problem problem
	Again   string // where to go on
}

// fail answers an error: what the engine refuses in its own words, a body that is too large or unreadable as such, and
// anything else as a plain 500 that is logged with the call.
func (s *server) fail(a *ask, err error) {
	var long *http.MaxBytesError
	e := refusal.As(err)
	v := errorView{Again: "/"}
	switch {
	case e != nil:
		v.Problem = a.problem(e)
		if e.Code == refusal.CaseMovedOn && strings.HasPrefix(a.Request.URL.Path, "/cases/") {
			v.Again = "/cases/" + a.Param("id")
		}
	case errors.As(err, &long), errors.Is(err, errTooLong):
		v.Problem = problem{Status: http.StatusRequestEntityTooLarge, Title: a.T("error.too-long")}
	case a.Request.Context().Err() != nil:
		return // nobody is there any more
	case away(err):
		s.opt.Log.Warn("the store is away", "path", a.Request.URL.Path, "error", err)
		s.moment(a.Context)
		return
	default:
		s.opt.Log.Error("request", "method", a.Request.Method, "path", a.Request.URL.Path, "who", a.whoID(), "error", err)
		s.broken(a.Context)
		return
	}
	v.base = a.base(v.Problem.Title, "")
	if err := a.draw(v.Problem.Status, "error", v); away(err) {
		s.moment(a.Context)
	} else if err != nil {
		s.opt.Log.Error("error page", "path", a.Request.URL.Path, "error", err)
		s.broken(a.Context)
	}
}

func (a *ask) whoID() string {
	if a.who == nil {
		return ""
	}
	return string(a.who.ID)
}

// errTooLong is a form that is larger than what is taken.
var errTooLong = errors.New("form too long")

// broken answers a plain 500, in both languages, without anything of the fault.
func (s *server) broken(c *gin.Context) {
	if strings.HasPrefix(c.Request.URL.Path, "/api/") {
		c.Data(http.StatusInternalServerError, "application/problem+json", []byte(`{"title":"internal error","status":500,"code":"internal"}`))
		return
	}
	c.Data(http.StatusInternalServerError, "text/html; charset=utf-8", []byte(`<!doctype html><html lang="zh-CN"><meta charset="utf-8">`+
		`<meta name="viewport" content="width=device-width"><title>500</title><h1>出错了</h1><p>系统没能完成这一步，什么也没有改动。请稍后再试；`+
		`仍然不行请告诉管理员发生的时间。</p><p lang="en">Something went wrong on our side and nothing was changed. Please try again; if it `+
		`keeps happening, tell the administrator when it did.</p><p><a href="/">返回 · Back</a></p></html>`))
}
