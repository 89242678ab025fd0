package cases

import (
	"io"
	"net/http"
	"net/url"
	"os"
	"strconv"

	"dossier/web/page"
)

// BoundFile answers with the bound file. It is written to a temporary file first: a fault in its middle becomes an answer
// of its own, and memory doesn't grow with the evidence.
func BoundFile(a *page.Ask) error {
	id, err := a.CaseID()
	if err != nil {
		return err
	}
	if a.Site.Options.Bind == nil {
		return a.NotFound()
	}
	f, err := os.CreateTemp("", "dossier-bound-*.pdf")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	defer f.Close()
	if err := a.Site.Options.Bind(a.Request.Context(), a.ID(), id, f); err != nil {
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
