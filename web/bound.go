package web

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"os"
	"strconv"

	"dossier/engine/casefile"
	"dossier/engine/office"
)

// Bind writes the bound file of a case, as the person may see it.
type Bind func(ctx context.Context, who office.PersonID, id casefile.CaseID, out io.Writer) error

// boundFile answers with the bound file. It is written to a temporary file first: a fault in its middle becomes an answer
// of its own, and memory doesn't grow with the evidence.
func boundFile(a *ask) error {
	id, err := a.caseID()
	if err != nil {
		return err
	}
	if a.s.opt.Bind == nil {
		return a.notFound()
	}
	f, err := os.CreateTemp("", "dossier-bound-*.pdf")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	defer f.Close()
	if err := a.s.opt.Bind(a.Request.Context(), a.id(), id, f); err != nil {
		return err
	}
	size, err := f.Seek(0, io.SeekCurrent)
	if err != nil {
		return err
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return err
	}
	h := a.Writer.Header()
	h.Set("Content-Security-Policy", "frame-ancestors 'none'") // the browser's own viewer needs its styles
	h.Set("Content-Disposition", "inline; filename*=UTF-8''"+url.PathEscape(a.T("bound.file", "case", strconv.Itoa(int(id))))+".pdf")
	a.DataFromReader(http.StatusOK, size, "application/pdf", f, nil)
	return nil
}
