package admin

import (
	"net/http"
	"strings"

	"dossier/engine/procedure"
	"dossier/web/page"
)

// sourceView is a procedure's own text.
type sourceView struct {
	page.Base
	ID    string
	Lines []sourceLine
}

type sourceLine struct {
	N    int
	Text string
}

// SourcePage shows a procedure's text line by line, each with an address of its own.
func SourcePage(a *page.Ask) error {
	ed := a.Site.Engine.Workflow(procedure.WorkflowID(a.Param("id")))
	if ed == nil || a.Site.Options.Source == nil {
		return a.NotFound()
	}
	text, _ := a.Site.Options.Source(ed.Hash)
	if len(text) == 0 {
		return a.NotFound()
	}
	v := sourceView{Base: a.Base(a.L(ed.Def.Title), "admin"), ID: string(ed.Def.ID)}
	for i, line := range strings.Split(strings.TrimRight(string(text), "\n"), "\n") {
		v.Lines = append(v.Lines, sourceLine{i + 1, line})
	}
	v.Wide = true
	return a.Draw(http.StatusOK, "source", v)
}
