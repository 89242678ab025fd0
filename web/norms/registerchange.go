package norms

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"dossier/engine/desk"
	"dossier/engine/listing"
	"dossier/engine/procedure"
	"dossier/engine/register"
	"dossier/engine/text"
	"dossier/web/page"
)

// changeView is what a new text of a paragraph would touch: every place that rests on it, with its open cases.
type changeView struct {
	page.Base
	ID, Said  string
	Back      string
	Old, New  string
	Asked     bool
	Same      bool
	Pieces    []changedPiece
	Rests     []restView
	Nothing   bool
	Whole     bool // only the section above carries it, so what rests on that is told
	WholeSaid string
}

// changedPiece is a stretch of the two texts: kept, taken out or put in.
type changedPiece struct{ Text, Class string }

// restView is one place that rests on the paragraph.
type restView struct {
	Procedure string
	Kind      string
	Place     page.LinkView
	Open      int
	More      bool   // there are more than were counted
	Cases     string // where they are listed
}

// changeAt is where a new text of a place is tried.
func changeAt(id string) string { return "/register/change?" + url.Values{"at": {id}}.Encode() }

// ChangePage compares a new text with the list's and tells what rests on it. Nothing is kept: the list is the bureau's.
func ChangePage(a *page.Ask) error {
	r, err := a.Register()
	if err != nil {
		return err
	}
	id := page.Or(a.PostForm("at"), a.Query("at"))
	at := r.At(id)
	if len(at) == 0 {
		return a.NotFound()
	}
	v := changeView{Base: a.Base(a.T("change.title"), "admin"), ID: id, Said: text.Cite(text.List, id, a.Language), Back: page.PlaceAt(id)}
	v.Wide = true
	v.Base.Back = changeAt(id)
	var texts []string
	for _, e := range at {
		texts = append(texts, e.Text)
	}
	v.Old = strings.Join(texts, "\n")
	v.New = strings.TrimSpace(strings.ReplaceAll(page.Cut(a.PostForm("text"), maxClause), "\r\n", "\n"))
	v.Asked = a.Request.Method == http.MethodPost && v.New != ""
	if v.New == "" {
		v.New = v.Old
	}
	v.Same = v.New == v.Old
	if v.Asked && !v.Same {
		v.Pieces = changed([]rune(v.Old), []rune(v.New))
	}
	trace := a.Trace()
	s := r.Standing(trace, id)
	by := s.By
	if s.Through != "" {
		by, v.Whole, v.WholeSaid = trace.Of(register.Cite(s.Through)), true, text.Cite(text.List, s.Through, a.Language)
	}
	if v.Rests, err = rests(a, trace, by); err != nil {
		return err
	}
	v.Nothing = len(v.Rests) == 0
	return a.Draw(http.StatusOK, "registerchange", v)
}

// maxClause is how many characters a new text may have.
const maxClause = 3000

// mostCounted is how many open cases of a procedure are looked at for the sums.
const mostCounted = 2000

// rests are the places with their open cases: those that stand where an action can be taken, those in which a clock runs,
// else all open cases of the procedure.
func rests(a *page.Ask, t *register.Trace, by []register.Carrier) ([]restView, error) {
	var rests []restView
	for _, g := range t.Groups(by) {
		ed := a.Site.Engine.Workflow(g.Workflow)
		var rows []listing.Row
		more := false
		if ed != nil {
			var err error
			if rows, more, err = openCases(a, g.Workflow); err != nil {
				return nil, err
			}
		}
		for _, l := range g.Lines {
			for _, c := range l.Carriers {
				x := restView{Procedure: page.Or(a.L(g.Title), a.T("weave.no-procedure")), Kind: a.T("carrier." + string(l.Kind)), Place: page.LinkView{Text: c.Said(a.Language), Address: carrierAt(c)}, More: more}
				if ed != nil {
					for _, row := range rows {
						if touches(ed.Def, c, row) {
							x.Open++
						}
					}
					x.Cases = "/cases?" + url.Values{"workflow": {string(g.Workflow)}, "open": {"1"}}.Encode()
					if states := standing(ed.Def, c); len(states) == 1 {
						x.Cases += "&state=" + url.QueryEscape(string(states[0]))
					}
				}
				rests = append(rests, x)
			}
		}
	}
	return rests, nil
}

// openCases are the procedure's open cases that the reader may see.
func openCases(a *page.Ask, w procedure.WorkflowID) (rows []listing.Row, more bool, err error) {
	err = desk.Each(a.Site.Engine, a.ID(), desk.Query{Workflow: w, Open: true}, func(r listing.Row) bool {
		if more = len(rows) >= mostCounted; !more {
			rows = append(rows, r)
		}
		return !more
	})
	return rows, more, err
}

// touches tells whether an open case is at a place where the carrier matters to it.
func touches(d *procedure.Definition, c register.Carrier, row listing.Row) bool {
	switch c.Kind {
	case register.Gate, register.Action, register.Guard:
		return slices.Contains(standing(d, c), row.State)
	case register.Clock:
		return slices.ContainsFunc(row.Clocks, func(k listing.RowClock) bool { return string(k.ID) == c.ID })
	}
	return true
}

// standing are the states of the main walk in which an action can be taken; none for what is no action.
func standing(d *procedure.Definition, c register.Carrier) []procedure.StateID {
	if c.Kind != register.Gate && c.Kind != register.Action && c.Kind != register.Guard {
		return nil
	}
	var states []procedure.StateID
	add := func(id procedure.StateID) {
		if !slices.Contains(states, id) {
			states = append(states, id)
		}
	}
	d.Each(func(w *procedure.Walk, s *procedure.State, act *procedure.Action) {
		switch {
		case string(act.ID) != c.ID:
		case s == nil: // opening: the case stands where it leads
			for _, to := range act.To.Values() {
				add(to)
			}
		case w.ID == procedure.Main:
			add(s.ID)
		default:
			for i := range d.Main.States {
				if w.Lives(&d.Main.States[i]) {
					add(d.Main.States[i].ID)
				}
			}
		}
	})
	return states
}

// changed compares two texts character by character: what is kept, what is gone, what is new, in the order of reading.
func changed(old, now []rune) []changedPiece {
	common := make([][]uint16, len(old)+1) // the longest common part of what follows; a text is shorter than 65 536 characters
	for i := range common {
		common[i] = make([]uint16, len(now)+1)
	}
	for i := len(old) - 1; i >= 0; i-- {
		for j := len(now) - 1; j >= 0; j-- {
			if old[i] == now[j] {
				common[i][j] = common[i+1][j+1] + 1
			} else {
				common[i][j] = max(common[i+1][j], common[i][j+1])
			}
		}
	}
	var pieces []changedPiece
	add := func(class string, r rune) {
		if n := len(pieces); n > 0 && pieces[n-1].Class == class {
			pieces[n-1].Text += string(r)
		} else {
			pieces = append(pieces, changedPiece{string(r), class})
		}
	}
	i, j := 0, 0
	for i < len(old) || j < len(now) {
		switch {
		case i < len(old) && j < len(now) && old[i] == now[j]:
			add("", old[i])
			i, j = i+1, j+1
		case j == len(now) || i < len(old) && common[i+1][j] >= common[i][j+1]:
			add("gone", old[i])
			i++
		default:
			add("new", now[j])
			j++
		}
	}
	return pieces
}
