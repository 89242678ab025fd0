package cases

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"dossier/engine/casefile"
	"dossier/engine/desk"
	"dossier/web/page"
)

// DocumentFile answers with an issued document, as it was issued.
func DocumentFile(a *page.Ask) error {
	id, n, err := caseAnd(a, "n")
	if err != nil {
		return err
	}
	data, err := desk.DocumentPDF(a.Request.Context(), a.Site.Engine, a.ID(), id, n)
	if err != nil {
		return err
	}
	a.Pdf(data, strconv.FormatInt(int64(id), 10)+"-"+strconv.Itoa(n))
	return nil
}

// CopyFile answers with an issued document printed again, which says so.
func CopyFile(a *page.Ask) error {
	id, n, err := caseAnd(a, "n")
	if err != nil {
		return err
	}
	data, err := desk.CopyPDF(a.Request.Context(), a.Site.Engine, a.ID(), id, n)
	if err != nil {
		return err
	}
	a.Pdf(data, a.T("document.copy-file", "case", id, "n", n))
	return nil
}

// PaperFile answers with a paper that is not yet issued, marked as a draft.
func PaperFile(a *page.Ask) error {
	id, p, err := caseAnd(a, "p")
	if err != nil {
		return err
	}
	data, err := desk.PaperPDF(a.Request.Context(), a.Site.Engine, a.ID(), id, p)
	if err != nil {
		return err
	}
	a.Pdf(data, a.T("paper.file", "case", id, "p", p))
	return nil
}

// EvidenceFile answers with an attachment: pictures and PDF in the browser, anything else as a download.
func EvidenceFile(a *page.Ask) error {
	id, n, err := caseAnd(a, "n")
	if err != nil {
		return err
	}
	f, data, err := desk.File(a.Request.Context(), a.Site.Engine, a.ID(), id, n)
	if err != nil {
		return err
	}
	if f.Type == "application/pdf" {
		a.Pdf(data, strings.TrimSuffix(f.Name, ".pdf"))
		return nil
	}
	how := "attachment"
	if strings.HasPrefix(f.Type, "image/") && f.Type != "image/svg+xml" {
		how = "inline"
	}
	h := a.Writer.Header()
	h.Set("Content-Security-Policy", "default-src 'none'; img-src 'self'; sandbox")
	h.Set("Content-Disposition", how+"; filename*=UTF-8''"+url.PathEscape(f.Name))
	a.Data(http.StatusOK, f.Type, data)
	return nil
}

// caseAnd reads the case and a number beside it from the address; "3.pdf" is 3.
func caseAnd(a *page.Ask, name string) (casefile.CaseID, int, error) {
	id, err := a.CaseID()
	if err != nil {
		return 0, 0, err
	}
	n, err := strconv.Atoi(strings.TrimSuffix(a.Param(name), ".pdf"))
	if err != nil || n < 1 {
		return 0, 0, a.NotFound()
	}
	return id, n, nil
}
