package web

import (
	"net/http"
	"strconv"
	"strings"

	"dossier/engine/casefile"
	"dossier/engine/change"
	"dossier/engine/desk"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
)

// versionView lists the open cases that rest on an older version of a procedure, with what moving them to the present one
// would change; or, after that was asked, what became of each.
type versionView struct {
	base
	ID, Procedure string
	Version       int
	Moves         movesView
	Done          []doneView
	Reason        string
	Faults        faults
}

// doneView is what became of one case.
type doneView struct {
	Address, Number string
	Class, Text     string
	Why             []string
}

func versionPage(a *ask) error {
	v, _, err := a.versionView()
	if err != nil {
		return err
	}
	return a.draw(http.StatusOK, "version", v)
}

// versionView is the page with what moving each case would change, and the moves themselves.
func (a *ask) versionView() (versionView, []change.Move, error) {
	id := procedure.WorkflowID(a.Param("id"))
	moves, err := change.PreviewVersion(a.Request.Context(), a.s.engine, a.id(), id)
	if err != nil {
		return versionView{}, nil, err
	}
	ed := a.s.engine.Workflow(id)
	v := versionView{base: a.base(a.T("version.title", "n", ed.Def.Version), "admin"), ID: string(id), Procedure: a.L(ed.Def.Title), Version: ed.Def.Version,
		Moves: a.movesView(moves, true)}
	return v, moves, nil
}

// moveCases moves the cases that were chosen, or all that can be moved, one by one: what one of them refuses doesn't stop the
// others. A case that has moved on since the page was drawn is left for another look.
func moveCases(a *ask) error {
	before, moves, err := a.versionView()
	if err != nil {
		return err
	}
	chosen := a.PostFormArray("case")
	if a.PostForm("all") != "" {
		for _, m := range moves {
			if m.Refused == nil {
				chosen = append(chosen, a.move(m).Choice)
			}
		}
	}
	before.Reason = strings.TrimSpace(a.PostForm("reason"))
	wrong := func(path, text string) {
		before.Faults = append(before.Faults, fault{Path: path, ID: "f-" + path, Text: text})
	}
	if len(chosen) == 0 {
		wrong("case", a.T("version.choose"))
	}
	if before.Reason == "" {
		wrong("reason", a.T("version.reason-missing"))
	}
	if before.Faults != nil {
		return a.draw(http.StatusUnprocessableEntity, "version", before)
	}
	var done []doneView
	seen := map[casefile.CaseID]bool{}
	for _, choice := range chosen {
		id, seq, ok := readChoice(choice)
		if !ok || seen[id] {
			continue
		}
		seen[id] = true
		x, err := a.moveCase(id, seq, before.Reason)
		if err != nil {
			return err
		}
		done = append(done, x)
	}
	v, _, err := a.versionView()
	if err != nil {
		return err
	}
	v.Done = done
	return a.draw(http.StatusOK, "version", v)
}

// moveCase moves one case and tells what became of it. An error is one that stops the others too.
func (a *ask) moveCase(id casefile.CaseID, seq uint64, reason string) (doneView, error) {
	n := strconv.FormatInt(int64(id), 10)
	x := doneView{Address: "/cases/" + n, Number: n, Class: "calm", Text: a.T("version.moved")}
	if view, err := desk.View(a.s.engine, office.System, id); err == nil && view.Case.Workflow == procedure.WorkflowID(a.Param("id")) {
		x.Number = view.Case.Number()
	} else {
		x.Class, x.Text = "red", a.T("version.refused")
		return x, nil
	}
	moved, err := change.MoveVersion(a.Request.Context(), a.s.engine, a.id(), id, seq, reason)
	e := refusal.As(err)
	switch {
	case err == nil && !moved:
		x.Class, x.Text = "still", a.T("version.there")
	case err == nil:
	case e == nil || e.Code == refusal.Forbidden || e.Code == refusal.FieldInvalid:
		return x, err
	case e.Code == refusal.CaseMovedOn:
		x.Class, x.Text = "amber", a.T("version.moved-on")
	default:
		x.Class, x.Text = "red", a.T("version.refused")
		for _, c := range e.Conditions {
			x.Why = append(x.Why, e.SayCondition(a.lang, c))
		}
	}
	return x, nil
}

// readChoice reads what the form sends of a chosen case: its number and the last event that the page knew of it.
func readChoice(text string) (casefile.CaseID, uint64, bool) {
	left, right, _ := strings.Cut(text, ".")
	id, err := strconv.ParseInt(left, 10, 64)
	seq, bad := strconv.ParseUint(right, 10, 64)
	return casefile.CaseID(id), seq, err == nil && bad == nil
}
