package api

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"mime/multipart"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"dossier/engine/access"
	"dossier/engine/alert"
	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/decide"
	"dossier/engine/desk"
	"dossier/engine/listing"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/procedure/diagram"
	"dossier/engine/refusal"
	"dossier/engine/text"
	reading "dossier/engine/typed"
	"dossier/web/cases"
	"dossier/web/desks"
	"dossier/web/figures"
	"dossier/web/page"
)

//go:embed openapi.json
var openAPI []byte

// ApiRoutes is the JSON API. openapi.json describes each of these; a test compares the two.
func ApiRoutes(s *page.Site, g *gin.Engine) {
	g.GET("/api/openapi.json", func(c *gin.Context) { c.Data(http.StatusOK, "application/json; charset=utf-8", openAPI) })
	for _, r := range []struct {
		method, path string
		do           page.Handler
	}{
		{"GET", "/workflows", apiWorkflows},
		{"GET", "/workflows/:id", apiWorkflow},
		{"POST", "/cases", apiOpen},
		{"POST", "/cases/open-at", apiOpenAt},
		{"GET", "/cases", apiFind},
		{"GET", "/cases/:id", apiCase},
		{"POST", "/cases/:id/actions/:action", apiAct},
		{"POST", "/cases/:id/attachments", apiAttach},
		{"GET", "/cases/:id/events", apiEvents},
		{"GET", "/cases/:id/documents/:n", cases.DocumentFile},
		{"GET", "/cases/:id/papers/:p", cases.PaperFile},
		{"GET", "/registry/:kind", apiObjects},
		{"POST", "/registry/:kind", apiKeepObject},
		{"GET", "/plans", apiPlans},
		{"GET", "/plans/:id", apiPlanEntry},
		{"POST", "/plans/:id/checks", apiMakeChecks},
		{"GET", "/deadline", apiDeadline},
		{"GET", "/penalty", apiPenalty},
		{"GET", "/alerts", apiAlerts},
		{"GET", "/statistics", figures.ApiStatistics},
		{"GET", "/register", apiRegister},
		{"GET", "/register/:id", apiPlace},
	} {
		g.Handle(r.method, "/api/v1"+r.path, bearer(s, r.do))
	}
}

// bearer wraps a handler for whoever sends an API token.
func bearer(s *page.Site, h page.Handler) gin.HandlerFunc {
	return func(c *gin.Context) {
		a := s.Ask(c)
		if strings.HasPrefix(strings.ToLower(c.GetHeader("Accept-Language")), "en") {
			a.Language = text.EN
		}
		page.Limit(c, page.MaxText)
		if err := admit(s, a); err != nil {
			ApiFail(s, a, err)
			return
		}
		err := sound(c)
		if err == nil {
			err = h(a)
		}
		if err != nil {
			ApiFail(s, a, err)
		}
	}
}

// errUnknown is a request without a token that opens anything.
var errUnknown = errors.New("no token, or one that opens nothing")

// admit finds whose token it is and whether its scope will do.
func admit(s *page.Site, a *page.Ask) error {
	scheme, token, _ := strings.Cut(a.GetHeader("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") || token == "" {
		return errUnknown
	}
	p, t, err := access.Bearer(s.Engine, token)
	if err != nil {
		return err
	}
	if p == nil {
		return errUnknown
	}
	a.Who, a.Token = p, t
	if a.Request.Method != http.MethodGet && t.Scope != access.WriteScope {
		return &refusal.Error{Code: refusal.Forbidden, Args: refusal.Args{"who": p.Name, "token": "scope"}}
	}
	return nil
}

// apiProblem is an error as RFC 9457 has it.
type apiProblem struct {
	Type       string         `json:"type"`
	Title      string         `json:"title"`
	Status     int            `json:"status"`
	Code       string         `json:"code"`
	Detail     string         `json:"detail,omitempty"`
	Fields     []apiFault     `json:"fields,omitempty"`
	Conditions []apiCondition `json:"conditions,omitempty"`
}

type apiFault struct {
	Path    string       `json:"path"`
	Code    refusal.Code `json:"code"`
	Message string       `json:"message"`
}

type apiCondition struct {
	Code    refusal.Code `json:"code"`
	Message string       `json:"message"`
	Law     []string     `json:"law,omitempty"` // citations as written: list/四(九)二(二)
}

// ApiFail answers an error as a problem.
func ApiFail(s *page.Site, a *page.Ask, err error) {
	var long *http.MaxBytesError
	e := refusal.As(err)
	p := apiProblem{Type: "about:blank"}
	switch {
	case errors.Is(err, errUnknown):
		a.Header("WWW-Authenticate", `Bearer realm="dossier"`)
		p.Status, p.Code, p.Title = http.StatusUnauthorized, "unauthorized", a.T("api.unauthorized")
	case e != nil:
		told := a.Problem(e)
		p.Status, p.Code, p.Title = told.Status, string(e.Code), told.Title
		for i, c := range told.Conditions {
			x := apiCondition{Code: c.Code, Message: c.Text}
			for _, cite := range e.Conditions[i].Law.Cites {
				x.Law = append(x.Law, cite.String())
			}
			p.Conditions = append(p.Conditions, x)
		}
		for _, f := range told.Fields {
			p.Fields = append(p.Fields, apiFault{f.Path, f.Code, f.Text})
		}
	case errors.As(err, &long), errors.Is(err, page.ErrTooLong), errors.Is(err, multipart.ErrMessageTooLarge):
		p.Status, p.Code, p.Title = http.StatusRequestEntityTooLarge, "too-long", a.T("error.too-long")
	case a.Request.Context().Err() != nil:
		return
	case page.Away(err):
		s.Options.Log.Warn("the store is away", "path", a.Request.URL.Path, "error", err)
		s.Moment(a.Context)
		return
	default:
		s.Options.Log.Error("api", "method", a.Request.Method, "path", a.Request.URL.Path, "who", a.WhoID(), "error", err)
		s.Broken(a.Context)
		return
	}
	a.Reply(p.Status, "application/problem+json", p)
}

// body reads a JSON body strictly: what is not known, stands after it or is written twice is unreadable, a value that is none of the kinds
// that fields have is told under its field.
func body(a *page.Ask, v any) error {
	data, err := io.ReadAll(a.Request.Body)
	if err != nil {
		return err
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	err = dec.Decode(v)
	if err == nil {
		if _, more := dec.Token(); !errors.Is(more, io.EOF) {
			err = errMore
		}
	}
	bad := &refusal.Error{Code: refusal.Unreadable, Cause: err}
	if err == nil {
		name := twice(json.NewDecoder(bytes.NewReader(data)))
		if name == "" {
			return nil
		}
		bad.Args = refusal.Args{"what": a.T("api.twice", "name", page.Cut(name, 60))}
	} else if field := shapeless(data); field != "" {
		named := refusal.Args{"field": "“" + page.Cut(field, 60) + "”"}
		bad.Args = refusal.Args{"what": a.T("api.shape", "field", named["field"])}
		bad.Fields = []refusal.FieldFault{{Path: field, Code: refusal.FieldInvalid, Why: "api.shape", Args: named}}
	} else {
		bad.Args = refusal.Args{"what": unread(a, err)}
	}
	return bad
}

// shapeless is the first field of a body's values whose value is none that a field takes; "" when it isn't that.
func shapeless(data []byte) string {
	var b struct{ Values, At map[string]json.RawMessage }
	if json.Unmarshal(data, &b) != nil {
		return ""
	}
	for _, values := range []map[string]json.RawMessage{b.Values, b.At} {
		for _, field := range slices.Sorted(maps.Keys(values)) {
			if json.Unmarshal(values[field], new(procedure.Value)) != nil {
				return field
			}
		}
	}
	return ""
}

// twice is the name of a member that stands twice in one object of the value that comes next; "" when none does.
func twice(dec *json.Decoder) string {
	begins, err := dec.Token()
	if _, nested := begins.(json.Delim); err != nil || !nested {
		return ""
	}
	members := map[string]bool{}
	for dec.More() {
		if begins == json.Delim('{') {
			name, _ := dec.Token()
			member := strings.ToLower(fmt.Sprint(name)) // as they are read
			if members[member] {
				return member
			}
			members[member] = true
		}
		if name := twice(dec); name != "" {
			return name
		}
	}
	_, _ = dec.Token()
	return ""
}

// errMore is a body that goes on after its value.
var errMore = errors.New("more than one JSON value")

// unread is why a body is not what is asked, in the language of whoever sent it.
func unread(a *page.Ask, err error) string {
	var form *json.SyntaxError
	var kind *json.UnmarshalTypeError
	field, unknown := strings.CutPrefix(err.Error(), "json: unknown field ")
	switch {
	case unknown:
		return a.T("api.unknown-member", "name", page.Cut(strings.Trim(field, `"`), 60))
	case errors.As(err, &form):
		return a.T("api.no-json", "at", form.Offset)
	case errors.As(err, &kind) && kind.Field == "":
		return a.T("api.no-object")
	case errors.As(err, &kind):
		return a.T("api.other-type", "name", page.Cut(kind.Field, 60))
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return a.T("api.cut-off")
	case errors.Is(err, errMore):
		return a.T("api.more")
	}
	return a.T("api.no-object")
}

const (
	keyHeader = "Idempotency-Key"
	maxKey    = 100
)

// key is the request's idempotency key.
func key(r interface{ GetHeader(string) string }) string { return r.GetHeader(keyHeader) }

// day is a day as a body says it, in whatever writing a page reads.
type day string

// of reads the day of a member; 0 where it isn't told.
func (d day) of(member string) (calendar.Date, error) {
	if d == "" {
		return 0, nil
	}
	at, err := reading.Date(string(d))
	if err != nil {
		return 0, &refusal.Error{Code: refusal.FieldInvalid, Fields: []refusal.FieldFault{{Path: member, Code: refusal.FieldInvalid, Why: "field.date",
			Args: refusal.Args{"field": "“" + member + "”"}}}}
	}
	return at, nil
}

// apiWorkflows lists the procedures.
func apiWorkflows(a *page.Ask) error {
	type workflow struct {
		ID      procedure.WorkflowID `json:"id"`
		Version int                  `json:"version"`
		Title   procedure.Label      `json:"title"`
		Source  string               `json:"source"`
		Hash    string               `json:"hash"`
	}
	list := []workflow{}
	for _, ed := range a.Site.Engine.Workflows() {
		list = append(list, workflow{ed.Def.ID, ed.Def.Version, ed.Def.Title, ed.Def.Source.String(), ed.Hash})
	}
	return a.Json(http.StatusOK, map[string]any{"workflows": list})
}

// apiWorkflow is one procedure, whole, with its forms.
func apiWorkflow(a *page.Ask) error {
	ed := a.Site.Engine.Workflow(procedure.WorkflowID(a.Param("id")))
	if ed == nil {
		return &refusal.Error{Code: refusal.NotFound, Args: refusal.Args{"id": a.Param("id")}}
	}
	whole, err := diagram.Whole(ed, func(id procedure.ActionID) *procedure.Form {
		f := decide.BuiltinForm(ed, id)
		if id == "open-at" { // what its opening knew is told with it
			f.Parts = append(f.Parts, procedure.Part{ID: "opening", Fields: ed.PaperForm().Opening})
		}
		return f
	})
	if err != nil {
		return err
	}
	return a.Json(http.StatusOK, json.RawMessage(whole))
}

// apiTold is one line of the ledger of alerts.
type apiTold struct {
	ID          string               `json:"id"`
	Case        casefile.CaseID      `json:"case"`
	Number      string               `json:"number"`
	Workflow    procedure.WorkflowID `json:"workflow"`
	Clock       procedure.ClockID    `json:"clock"`
	Threshold   int                  `json:"threshold"`
	Due         string               `json:"due"`
	Provisional bool                 `json:"provisional,omitempty"`
	Red         bool                 `json:"red"`
	As          procedure.Actor      `json:"as"`
	By          office.PersonID      `json:"by,omitempty"`
	At          string               `json:"at"` // RFC 3339, UTC
	Message     string               `json:"message"`
	Rule        string               `json:"rule,omitempty"`
	Law         []string             `json:"law,omitempty"`
	Superseded  bool                 `json:"superseded,omitempty"`
	Seen        string               `json:"seen,omitempty"`
}

// ledger is what the token's person was told, newest first.
func ledger(a *page.Ask) ([]apiTold, error) {
	all, err := a.Site.Options.Alerts.Of(a.Request.Context(), a.ID(), desks.LedgerPage)
	w := alert.Words{Lang: a.Language, Engine: a.Site.Engine}
	list := []apiTold{}
	for _, t := range all {
		x := apiTold{ID: t.ID, Case: t.Case, Number: t.Number, Workflow: t.Workflow, Clock: t.Clock, Threshold: t.Threshold, Due: t.Due.String(),
			Provisional: t.Provisional, Red: t.Red, As: t.As, By: t.By, At: t.At.Format(time.RFC3339), Message: w.Sentence(t), Rule: w.Rule(t),
			Superseded: t.Superseded}
		for _, c := range t.Law {
			x.Law = append(x.Law, c.String())
		}
		if !t.Seen.IsZero() {
			x.Seen = t.Seen.Format(time.RFC3339)
		}
		list = append(list, x)
	}
	return list, err
}

// apiAlerts are what the token's person was told, and the clocks of the cases that wait for the token's person and are overdue or due within three units.
func apiAlerts(a *page.Ask) error {
	type alert struct {
		Case        casefile.CaseID   `json:"case"`
		Number      string            `json:"number"`
		Clock       procedure.ClockID `json:"clock"`
		Due         string            `json:"due"`
		Remaining   int               `json:"remaining"`
		Unit        string            `json:"unit"`
		State       string            `json:"state"` // overdue, due, soon
		Provisional bool              `json:"provisional,omitempty"`
	}
	d, err := desk.Of(a.Site.Engine, a.ID())
	if err != nil {
		return err
	}
	list := []alert{}
	seen := map[casefile.CaseID]bool{}
	for _, rows := range [][]listing.Row{d.Gates, d.Tasks, d.Lent} {
		for _, r := range rows {
			if seen[r.ID] {
				continue
			}
			seen[r.ID] = true
			for _, c := range r.Clocks {
				if c.Window || c.Due == 0 {
					continue
				}
				n, unit := a.Left(c.Due, c.Unit)
				x := alert{r.ID, r.Number, c.ID, c.Due.String(), n, string(unit), "", c.Provisional}
				switch {
				case c.Due < a.Today:
					x.State = "overdue"
				case c.Due == a.Today:
					x.State = "due"
				case n <= page.Soon:
					x.State = "soon"
				default:
					continue
				}
				list = append(list, x)
			}
		}
	}
	ledger, err := ledger(a)
	if err != nil {
		return err
	}
	return a.Json(http.StatusOK, map[string]any{"alerts": list, "ledger": ledger})
}
