package admin

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
	"dossier/web/cases"
	"dossier/web/page"
)

// versionView lists the open cases that rest on an older version of a procedure, with what moving them to the present one
// would change; or, after that was asked, what became of each.
type versionView struct {
	page.Base
	ID, Procedure string
	Version       int
	Moves         cases.MovesView
	Done          []doneView
	Reason        string
	Faults        page.Faults
}

// doneView is what became of one case.
type doneView struct {
	Address, Number string
	Class, Text     string
	Why             []string
}

func VersionPage(a *page.Ask) error {
	v, _, err := showVersion(a)
	if err != nil {
		return err
	}
	return a.Draw(http.StatusOK, "version", v)
}

// showVersion is the page with what moving each case would change, and the moves themselves.
func showVersion(a *page.Ask) (versionView, []change.Move, error) {
	id := procedure.WorkflowID(a.Param("id"))
	moves, err := change.PreviewVersion(a.Request.Context(), a.Site.Engine, a.ID(), id)
	if err != nil {
		return versionView{}, nil, err
	}
	ed := a.Site.Engine.Workflow(id)
	v := versionView{Base: a.Base(a.T("version.title", "n", ed.Def.Version), "admin"), ID: string(id), Procedure: a.L(ed.Def.Title), Version: ed.Def.Version,
		Moves: cases.ShowMoves(a, moves, true)}
	return v, moves, nil
}

// MoveCases moves the cases that were chosen, or all that can be moved, one by one: what one of them refuses doesn't stop the
// others. A case that has moved on since the page was drawn is left for another look.
func MoveCases(a *page.Ask) error {
	before, moves, err := showVersion(a)
	if err != nil {
		return err
	}
	chosen := a.PostFormArray("case")
	if a.PostForm("all") != "" {
		for _, m := range moves {
			if m.Refused == nil {
				chosen = append(chosen, cases.Move(a, m).Choice)
			}
		}
	}
	before.Reason = strings.TrimSpace(a.PostForm("reason"))
	wrong := func(path, text string) {
		before.Faults = append(before.Faults, page.Fault{Path: path, ID: "f-" + path, Text: text})
	}
	if len(chosen) == 0 {
		wrong("case", a.T("version.choose"))
	}
	if before.Reason == "" {
		wrong("reason", a.T("version.reason-missing"))
	}
	if before.Faults != nil {
		return a.Draw(http.StatusUnprocessableEntity, "version", before)
	}
	var done []doneView
	seen := map[casefile.CaseID]bool{}
	for _, choice := range chosen {
		id, seq, ok := readChoice(choice)
		if !ok || seen[id] {
			continue
		}
		seen[id] = true
		x, err := moveCase(a, id, seq, before.Reason)
		if err != nil {
			return err
		}
		done = append(done, x)
	}
	v, _, err := showVersion(a)
	if err != nil {
		return err
	}
	v.Done = done
	return a.Draw(http.StatusOK, "version", v)
}

// moveCase moves one case and tells what became of it. An error is one that stops the others too.
func moveCase(a *page.Ask, id casefile.CaseID, seq uint64, reason string) (doneView, error) {
	n := strconv.FormatInt(int64(id), 10)
	x := doneView{Address: "/cases/" + n, Number: n, Class: "calm", Text: a.T("version.moved")}
	if view, err := desk.View(a.Site.Engine, office.System, id); err == nil && view.Case.Workflow == procedure.WorkflowID(a.Param("id")) {
		x.Number = view.Case.Number()
	} else {
		x.Class, x.Text = "red", a.T("version.refused")
		return x, nil
	}
	moved, err := change.MoveVersion(a.Request.Context(), a.Site.Engine, a.ID(), id, seq, reason)
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
			x.Why = append(x.Why, e.SayCondition(a.Language, c))
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
