package page

import (
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"dossier/engine/casefile"
	"dossier/engine/desk"
	"dossier/engine/refusal"
)

// CaseView reads the case that the address names.
func (a *Ask) CaseView() (*desk.CaseView, error) {
	id, err := a.CaseID()
	if err != nil {
		return nil, err
	}
	view, err := desk.View(a.Site.Engine, a.ID(), id)
	if err == nil {
		a.Of(view.Edition)
	}
	return view, err
}

func (a *Ask) CaseID() (casefile.CaseID, error) {
	id, err := strconv.ParseInt(a.Param("id"), 10, 64)
	if err != nil || id < 1 {
		return 0, a.NotFound()
	}
	return casefile.CaseID(id), nil
}

// Parse reads the body of a form, with files or without: errTooLong, or unreadable. Of text it takes 10 MB beside what it
// holds of files in memory.
func (a *Ask) Parse() error {
	err := a.Request.ParseForm()
	if err == nil {
		if err = a.Request.ParseMultipartForm(1 << 20); errors.Is(err, http.ErrNotMultipart) {
			err = nil
		}
	}
	var long *http.MaxBytesError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &long), errors.Is(err, multipart.ErrMessageTooLarge):
		return ErrTooLong
	}
	return &refusal.Error{Code: refusal.Unreadable, Args: refusal.Args{"what": a.T("error.form")}, Cause: err}
}

// Content reads an uploaded file, at most as much as one may have.
func Content(h *multipart.FileHeader) ([]byte, error) {
	if h.Size > maxFile {
		return nil, ErrTooLong
	}
	f, err := h.Open()
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, maxFile))
}

// Script tells whether the page's own script asks.
func (a *Ask) Script() bool { return a.GetHeader("X-Requested-With") == "script" }

// Back is where to go after the action, when that is a page of this site.
func Back(address string) string {
	if address == "" {
		return ""
	}
	return Local(address)
}

// Pdf answers with a paper that the browser shows.
func (a *Ask) Pdf(data []byte, name string) {
	h := a.Writer.Header()
	h.Set("Content-Security-Policy", "frame-ancestors 'self'") // the browser's own viewer needs its styles
	h.Set("X-Frame-Options", "SAMEORIGIN")                     // a paper stands beside its scan
	h.Set("Content-Disposition", "inline; filename*=UTF-8''"+url.PathEscape(name)+".pdf")
	a.Data(http.StatusOK, "application/pdf", data)
}

// Framing lets the page show papers of this site within itself.
func (a *Ask) Framing() {
	h := a.Writer.Header()
	h.Set("Content-Security-Policy", "frame-src 'self'; "+h.Get("Content-Security-Policy"))
}

// Limit bounds the body; reading past the bound fails with *http.MaxBytesError.
func Limit(c *gin.Context, bytes int64) {
	if strings.HasPrefix(c.Request.Header.Get("Content-Type"), "multipart/form-data") {
		bytes = maxFile + MaxText
	}
	c.Request.Body = http.MaxBytesReader(c.Writer, c.Request.Body, bytes)
}

func CaseLink(id casefile.CaseID) string { return "/cases/" + strconv.FormatInt(int64(id), 10) }

const (
	SessionCookie = "dossier"
	DeviceCookie  = "device" // a browser in which somebody has signed in before
	noticeCookie  = "notice"
)

func (a *Ask) Secure() bool { return a.Site.Options.Secure || a.Request.TLS != nil }

// Say leaves words for the next page that is drawn.
func (a *Ask) Say(key string, pairs ...any) {
	a.SetSameSite(http.SameSiteLaxMode)
	a.SetCookie(noticeCookie, url.QueryEscape(a.T(key, pairs...)), 60, "/", "", a.Secure(), true)
}

// takeNotice gives what say left, once.
func (a *Ask) takeNotice() string {
	said, err := a.Cookie(noticeCookie)
	if err != nil || said == "" {
		return ""
	}
	a.SetCookie(noticeCookie, "", -1, "/", "", a.Secure(), true)
	words, err := url.QueryUnescape(said)
	if err != nil || len(words) > 1000 {
		return ""
	}
	return words
}

// The most that a request's body may hold, in bytes. A request with files may be as long as the files allowed in it.
const (
	MaxText = 10 << 20
	maxFile = 50 << 20
)
