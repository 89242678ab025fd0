package web

import (
	"net/http"
	"strings"

	"dossier/engine/procedure"
)

// sourceView is a procedure's own text.
type sourceView struct {
	base
	ID    string
	Lines []sourceLine
}

type sourceLine struct {
	N    int
	Text string
}

// sourcePage shows a procedure's text line by line, each with an address of its own.
func sourcePage(a *ask) error {
	ed := a.s.engine.Workflow(procedure.WorkflowID(a.Param("id")))
	if ed == nil || a.s.opt.Source == nil {
		return a.notFound()
	}
	text, _ := a.s.opt.Source(ed.Hash)
	if len(text) == 0 {
		return a.notFound()
	}
	v := sourceView{base: a.base(a.L(ed.Def.Title), "admin"), ID: string(ed.Def.ID)}
	for i, line := range strings.Split(strings.TrimRight(string(text), "\n"), "\n") {
		v.Lines = append(v.Lines, sourceLine{i + 1, line})
	}
	v.Wide = true
	return a.draw(http.StatusOK, "source", v)
}
