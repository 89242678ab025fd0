package api

import (
	"net/http"
	"strconv"

	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/desk"
	"dossier/engine/listing"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
	"dossier/engine/rules"
	"dossier/engine/takeover"
	"dossier/web/page"
)

// apiCaseView is a case as the API answers it.
type apiCaseView struct {
	ID        casefile.CaseID                        `json:"id"`
	Number    string                                 `json:"number"`
	Numbers   map[string]string                      `json:"numbers,omitempty"`
	Workflow  procedure.WorkflowID                   `json:"workflow"`
	Version   int                                    `json:"version"`
	State     procedure.StateID                      `json:"state"`
	Walks     map[procedure.WalkID]procedure.StateID `json:"walks"`
	Seq       uint64                                 `json:"seq"`
	Values    procedure.Values                       `json:"values,omitempty"`
	Officers  []office.PersonID                      `json:"officers,omitempty"`
	Parties   []apiParty                             `json:"parties"`
	Clocks    []apiClock                             `json:"clocks"`
	Actions   []apiAction                            `json:"actions"`
	Papers    []apiPaper                             `json:"papers"`
	Documents []apiDocument                          `json:"documents"`
	Files     []casefile.Attachment                  `json:"attachments"`
	Findings  []apiFinding                           `json:"findings"`
	Lacks     []apiLack                              `json:"lacks"`
	Linked    []casefile.CaseID                      `json:"linked,omitempty"`
}

// apiParty is a respondent: where they stand and, in yuan, what they still owe by a decision in force.
type apiParty struct {
	Name        string              `json:"name"`
	Place       procedure.StateID   `json:"place"`
	Outstanding string              `json:"outstanding"`
	Refund      string              `json:"refund,omitempty"` // what was paid above that
	Clocks      []procedure.ClockID `json:"clocks"`
	Papers      []int               `json:"papers"`
}

type apiClock struct {
	ID          procedure.ClockID `json:"id"`
	Due         calendar.Date     `json:"due,omitempty"`
	State       rules.ClockState  `json:"state"`
	Remaining   int               `json:"remaining"`
	Unit        calendar.Unit     `json:"unit"`
	Provisional bool              `json:"provisional"`
	Party       string            `json:"party,omitempty"`
	Rests       apiRests          `json:"rests_on"`
}

// apiRests is what a due date rests on: from which day, by which event, how long, with what in between, by which clauses.
type apiRests struct {
	Start   calendar.Date   `json:"start"`
	Begins  procedure.Label `json:"begins"`        // what that day is: 立案日
	Seq     uint64          `json:"seq,omitempty"` // of the event that told it
	Period  string          `json:"period,omitempty"`
	Extends []string        `json:"extended,omitempty"`
	Pauses  []apiPause      `json:"paused,omitempty"`
	Raw     calendar.Date   `json:"raw,omitempty"` // before it was rolled over days of rest
	Ended   calendar.Date   `json:"ended,omitempty"`
	Law     []string        `json:"law"`
}

type apiPause struct {
	From calendar.Date `json:"from"`
	To   calendar.Date `json:"to,omitempty"` // absent while it lasts
}

func apiClockOf(v *desk.CaseView, r rules.Running) apiClock {
	on := apiRests{Start: r.Start, Begins: desk.Begins(v.Edition, v.Case, r), Seq: r.StartSeq, Ended: r.Ended, Law: []string{}}
	if r.Run.Period.N != 0 {
		on.Period = r.Run.Period.String()
	}
	if r.Raw != r.Due {
		on.Raw = r.Raw
	}
	for _, p := range r.Run.Extend {
		on.Extends = append(on.Extends, p.String())
	}
	for _, p := range r.Run.Pauses {
		on.Pauses = append(on.Pauses, apiPause{p.From, p.To})
	}
	for _, c := range r.Def.Law.Cites {
		on.Law = append(on.Law, c.String())
	}
	return apiClock{r.ID, r.Due, r.State, r.Remaining, r.Unit, r.Provisional, r.Party(), on}
}

type apiAction struct {
	ID      procedure.ActionID `json:"id"`
	Walk    procedure.WalkID   `json:"walk,omitempty"`
	Form    procedure.FormID   `json:"form,omitempty"`
	Part    procedure.PartID   `json:"part,omitempty"`
	Gate    bool               `json:"gate,omitempty"`
	Missing []apiCondition     `json:"missing"`
}

type apiPaper struct {
	P     int                `json:"p"`
	Form  procedure.FormID   `json:"form"`
	Walk  procedure.WalkID   `json:"walk,omitempty"`
	For   string             `json:"for,omitempty"`
	Party string             `json:"party,omitempty"`
	Open  bool               `json:"open"`
	Parts []procedure.PartID `json:"parts"`
}

type apiDocument struct {
	N      int              `json:"n"`
	Form   procedure.FormID `json:"form"`
	Number string           `json:"number"`
	SHA256 string           `json:"sha256"`
	Code   string           `json:"code"`
	Day    calendar.Date    `json:"day"`
	Void   bool             `json:"void,omitempty"`
	Mended bool             `json:"mended,omitempty"` // the party's name or particulars were mended since; the paper keeps what it said
	Party  string           `json:"party,omitempty"`
}

type apiFinding struct {
	Action  procedure.ActionID `json:"action"`
	Seq     uint64             `json:"seq"`
	Code    string             `json:"code"`
	Message string             `json:"message"`
	Fix     procedure.ActionID `json:"fix"`
	Party   string             `json:"party,omitempty"`
}

// apiLack is something that the file owes and that is not in it: a document of a form, or a fact; one of Or is as good.
type apiLack struct {
	Form   procedure.FormID   `json:"form,omitempty"`
	Fact   procedure.FactID   `json:"fact,omitempty"`
	Scan   int                `json:"scan,omitempty"` // the document of that form whose signed scan it is
	Or     []apiItem          `json:"or,omitempty"`
	Law    []string           `json:"law"`
	Party  string             `json:"party,omitempty"`
	Action procedure.ActionID `json:"action,omitempty"` // that makes it
}

type apiItem struct {
	Form procedure.FormID `json:"form,omitempty"`
	Fact procedure.FactID `json:"fact,omitempty"`
}

func apiLacks(a *page.Ask, v *desk.CaseView) []apiLack {
	out := []apiLack{}
	for _, l := range v.Lacks {
		items := l.Items()
		y := apiLack{Form: items[0].Form, Fact: items[0].Fact, Law: []string{}, Party: l.Party}
		for _, it := range items[1:] {
			y.Or = append(y.Or, apiItem(it))
		}
		for _, cite := range l.Law.Cites {
			y.Law = append(y.Law, cite.String())
		}
		if l.Action != nil {
			y.Action = l.Action.ID
		}
		out = append(out, y)
	}
	for _, m := range a.Unscanned(v) {
		y := apiLack{Form: m.At, Scan: m.N, Law: []string{}, Party: v.Case.Papers[v.Case.Document(m.N).P-1].Party(), Action: m.Rule.By}
		for _, cite := range m.Rule.Law.Cites {
			y.Law = append(y.Law, cite.String())
		}
		out = append(out, y)
	}
	return out
}

// apiView answers with a case as the token's person sees it now.
func apiView(a *page.Ask, status int, id casefile.CaseID) error {
	v, err := desk.View(a.Site.Engine, a.ID(), id)
	if err != nil {
		return err
	}
	a.Of(v.Edition)
	c := v.Case
	out := apiCaseView{ID: c.ID, Number: c.Number(), Numbers: c.Numbers, Workflow: c.Workflow, Version: c.Version, State: c.Main(),
		Walks: map[procedure.WalkID]procedure.StateID{}, Seq: c.Seq, Values: c.Shared, Officers: c.Roles[v.Edition.Def.Terms.Officers], Parties: []apiParty{}, Clocks: []apiClock{},
		Actions: []apiAction{}, Papers: []apiPaper{}, Documents: []apiDocument{}, Files: []casefile.Attachment{}, Findings: []apiFinding{}, Lacks: apiLacks(a, v)}
	for _, w := range c.Walks[1:] {
		out.Walks[w.ID] = w.State
	}
	for _, r := range v.Clocks {
		out.Clocks = append(out.Clocks, apiClockOf(v, r))
	}
	for _, p := range v.Parties {
		y := apiParty{Name: p.Name, Place: p.Place, Outstanding: procedure.FormatMoney(p.Outstanding), Clocks: []procedure.ClockID{}, Papers: append([]int{}, p.Papers...)}
		if p.Refund > 0 {
			y.Refund = procedure.FormatMoney(p.Refund)
		}
		for _, r := range p.Clocks {
			y.Clocks = append(y.Clocks, r.ID)
		}
		out.Parties = append(out.Parties, y)
	}
	for _, x := range v.Actions {
		y := apiAction{ID: x.Action, Walk: x.Walk, Gate: x.Decision != "", Missing: []apiCondition{}}
		if len(x.Forms) > 0 {
			y.Form, y.Part = x.Forms[0].Form, x.Forms[0].Part
		}
		for _, m := range x.Missing {
			z := apiCondition{Code: m.Code, Message: a.Condition(m).Text}
			for _, cite := range m.Law.Cites {
				z.Law = append(z.Law, cite.String())
			}
			y.Missing = append(y.Missing, z)
		}
		out.Actions = append(out.Actions, y)
	}
	for _, p := range c.Papers {
		y := apiPaper{P: p.P, Form: p.Form, Walk: p.Walk, For: p.For, Party: p.Party(), Open: p.Open, Parts: []procedure.PartID{}}
		for _, f := range p.Parts {
			if f.Past == 0 {
				y.Parts = append(y.Parts, f.Part)
			}
		}
		out.Papers = append(out.Papers, y)
	}
	for _, d := range c.Issued {
		out.Documents = append(out.Documents, apiDocument{d.N, d.Form, d.Number, d.SHA256, d.Code, d.Day, d.Void != 0, d.Mended != 0, c.Papers[d.P-1].Party()})
	}
	out.Files = append(out.Files, c.Files...)
	for _, f := range c.Findings {
		if f.Answered == 0 {
			u := a.Condition(refusal.Condition{Code: refusal.Code(f.Code), Args: f.Args})
			out.Findings = append(out.Findings, apiFinding{f.Action, f.Seq, f.Code, u.Text, f.Fix, f.Party})
		}
	}
	for _, r := range v.Linked {
		out.Linked = append(out.Linked, r.ID)
	}
	return a.Json(status, out)
}

func apiCase(a *page.Ask) error {
	if a.Param("id") == "open-at" { // no case: an address that is posted to
		a.Header("Allow", http.MethodPost)
		return &refusal.Error{Code: refusal.WrongMethod, Args: refusal.Args{"method": a.Request.Method, "allow": http.MethodPost}}
	}
	id, err := a.CaseID()
	if err != nil {
		return err
	}
	view, err := desk.View(a.Site.Engine, a.ID(), id)
	if err != nil {
		return err
	}
	if err := desk.NoteRead(a.Request.Context(), a.Site.Engine, a.ID(), view, desk.ByAPI); err != nil {
		return err
	}
	return apiView(a, http.StatusOK, id)
}

// apiFind lists cases by the filters of the address, a page at a time.
func apiFind(a *page.Ask) error {
	q, _ := a.CaseQuery()
	if q.Workflow != "" {
		ed := a.Site.Engine.Workflow(q.Workflow)
		if ed == nil {
			return refusal.Parameter("workflow")
		}
		if q.State != "" && ed.Def.Main.State(q.State) == nil {
			return refusal.Parameter("state")
		}
	}
	found, err := desk.Find(a.Site.Engine, a.ID(), q)
	if err != nil {
		return err
	}
	if found.Rows == nil {
		found.Rows = []listing.Row{}
	}
	out := map[string]any{"cases": found.Rows}
	if found.Next != "" {
		out["next"] = found.Next
	}
	return a.Json(http.StatusOK, out)
}

// apiCommand is the body of an action. Workflow only opens; walk and paper are needed only where several are open.
type apiCommand struct {
	Workflow procedure.WorkflowID `json:"workflow"`
	Seq      uint64               `json:"seq"`
	Fact     day                  `json:"fact"`
	Values   procedure.Values     `json:"values"`
	For      office.PersonID      `json:"for"`
	Walk     procedure.WalkID     `json:"walk"`
	Paper    int                  `json:"paper"`
}

func apiOpen(a *page.Ask) error {
	var b apiCommand
	if err := body(a, &b); err != nil {
		return err
	}
	ed := a.Site.Engine.Workflow(b.Workflow)
	if ed == nil {
		return &refusal.Error{Code: refusal.NotFound, Args: refusal.Args{"what": "procedure", "id": string(b.Workflow)}}
	}
	a.Of(ed)
	on, err := b.Fact.of("fact")
	if err != nil {
		return err
	}
	out, err := a.Site.Engine.Do(a.Request.Context(), casefile.Command{Workflow: b.Workflow, Action: ed.Def.Open.ID, Actor: a.ID(), For: b.For, Day: on,
		Values: b.Values, Key: key(a), Token: true, Via: a.Token.Short(), Gates: a.Token.Gates})
	if err != nil {
		return err
	}
	a.Header("Location", "/api/v1/cases/"+strconv.FormatInt(int64(out.Case.ID), 10))
	return apiView(a, http.StatusCreated, out.Case.ID)
}

// apiOpenAt takes over a case begun on paper: opened and put where it stands in one act.
func apiOpenAt(a *page.Ask) error {
	var b struct {
		Workflow procedure.WorkflowID `json:"workflow"`
		Received day                  `json:"received"`
		Values   procedure.Values     `json:"values"`
		At       procedure.Values     `json:"at"`
	}
	if err := body(a, &b); err != nil {
		return err
	}
	ed := a.Site.Engine.Workflow(b.Workflow)
	if ed == nil {
		return &refusal.Error{Code: refusal.NotFound, Args: refusal.Args{"what": "procedure", "id": string(b.Workflow)}}
	}
	a.Of(ed)
	received, err := b.Received.of("received")
	if err != nil {
		return err
	}
	told := takeover.Begun{Workflow: b.Workflow, Actor: a.ID(), Received: received, Opening: b.Values, At: b.At, Via: a.Token.Short()}
	if key := key(a); key != "" {
		told.Key = "api/" + string(a.ID()) + "/" + key
	}
	out, err := takeover.Begin(a.Request.Context(), a.Site.Engine, told)
	if err != nil {
		return err
	}
	a.Header("Location", "/api/v1/cases/"+strconv.FormatInt(int64(out.Case.ID), 10))
	return apiView(a, http.StatusCreated, out.Case.ID)
}

func apiAct(a *page.Ask) error {
	id, err := a.CaseID()
	if err != nil {
		return err
	}
	var b apiCommand
	if err := body(a, &b); err != nil {
		return err
	}
	if b.Workflow != "" {
		return &refusal.Error{Code: refusal.Unreadable, Args: refusal.Args{"what": "workflow"}}
	}
	on, err := b.Fact.of("fact")
	if err != nil {
		return err
	}
	return apiDo(a, casefile.Command{Case: id, Action: procedure.ActionID(a.Param("action")), Actor: a.ID(), For: b.For, Day: on, Values: b.Values,
		Walk: b.Walk, Paper: b.Paper, Seq: b.Seq, Key: key(a)})
}

// apiDo takes an action on a case and answers with the case.
func apiDo(a *page.Ask, c casefile.Command) error {
	ctx := a.Request.Context()
	if v, err := desk.View(a.Site.Engine, a.ID(), c.Case); err == nil { // for the words of what refuses it
		a.Of(v.Edition)
	}
	c.Token, c.Via, c.Gates = true, a.Token.Short(), a.Token.Gates
	out, err := a.Site.Engine.Do(ctx, c)
	if err != nil {
		return err
	}
	return apiView(a, http.StatusOK, out.Case.ID)
}

// apiAttach takes files in the parts named file, and the values of the action in parts of their names.
func apiAttach(a *page.Ask) error {
	id, err := a.CaseID()
	if err != nil {
		return err
	}
	if err := a.Parse(); err != nil {
		return err
	}
	if a.Request.MultipartForm == nil {
		return &refusal.Error{Code: refusal.Unreadable, Args: refusal.Args{"what": "multipart/form-data"}}
	}
	c := casefile.Command{Case: id, Action: "attach", Actor: a.ID(), Values: procedure.Values{}, Key: key(a)}
	for name, vs := range a.Request.MultipartForm.Value {
		if name == "fact" {
			if c.Day, err = day(vs[0]).of("fact"); err != nil {
				return err
			}
			continue
		}
		c.Values[procedure.FieldID(name)] = page.Listed(vs)
	}
	for _, h := range a.Request.MultipartForm.File["file"] {
		data, err := page.Content(h)
		if err != nil {
			return err
		}
		c.Files = append(c.Files, casefile.Upload{Name: page.Cut(h.Filename, 200), Data: data})
	}
	return apiDo(a, c)
}

// apiEvents are the case's events after a sequence number, as they are chained.
func apiEvents(a *page.Ask) error {
	id, err := a.CaseID()
	if err != nil {
		return err
	}
	after, _ := strconv.ParseUint(a.Query("after"), 10, 64)
	view, err := desk.View(a.Site.Engine, a.ID(), id)
	if err != nil {
		return err
	}
	if err := desk.NoteRead(a.Request.Context(), a.Site.Engine, a.ID(), view, desk.ByEvents); err != nil {
		return err
	}
	evs, err := desk.Events(a.Site.Engine, a.ID(), id, after)
	if err != nil {
		return err
	}
	return a.Json(http.StatusOK, map[string]any{"events": evs})
}
