package cases

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"dossier/engine/calendar"
	"dossier/engine/desk"
	"dossier/web/page"
)

// maxChecked is how long a file may be that anybody hands in to be compared, in bytes.
const maxChecked = 20 << 20

// checkView tells whoever holds a paper what the record says of it: no sign-in, and no more than the paper itself shows.
type checkView struct {
	page.Base
	Code    string // as typed
	Asked   bool
	Class   string // of the verdict's light
	Verdict string
	Told    string
	Facts   []page.KnownView
	Paper   string // where the paper is, for who is signed in
	Fault   string
}

func showCheck(a *page.Ask) checkView { return checkView{Base: a.Base(a.T("check.title"), "check")} }

func CheckStart(a *page.Ask) error { return a.Draw(http.StatusOK, "check", showCheck(a)) }

func CheckCode(a *page.Ask) error {
	if wait := a.Site.Checks.Wait(a.ClientIP(), a.Now); wait > 0 {
		return busy(a, wait)
	}
	x, err := desk.CheckCode(a.Site.Engine, a.Param("code"))
	if err != nil {
		return err
	}
	return verdict(a, x)
}

// CheckForm takes a code, and goes to its address; or a file, which is compared with the one that was issued.
func CheckForm(a *page.Ask) error {
	a.Request.Body = http.MaxBytesReader(a.Writer, a.Request.Body, maxChecked)
	if wait := a.Site.Checks.Wait(a.ClientIP(), a.Now); wait > 0 {
		return busy(a, wait)
	}
	head, err := a.FormFile("file")
	var long *http.MaxBytesError
	switch {
	case errors.As(err, &long):
		return checkFault(a, a.T("check.too-long", "mb", maxChecked>>20))
	case err != nil || head.Size == 0:
		if code := a.PostForm("code"); code != "" {
			return a.See("/check/" + url.PathEscape(code))
		}
		return checkFault(a, a.T("check.nothing"))
	}
	f, err := head.Open()
	if err != nil {
		return err
	}
	defer f.Close()
	data, err := io.ReadAll(f)
	if err != nil {
		return err
	}
	code := ""
	if a.Site.Options.CodeOf != nil {
		code = a.Site.Options.CodeOf(data)
	}
	if code == "" {
		return checkFault(a, a.T("check.no-code"))
	}
	x, err := desk.CheckFile(a.Request.Context(), a.Site.Engine, code, data)
	if err != nil {
		return err
	}
	return verdict(a, x)
}

func checkFault(a *page.Ask, why string) error {
	v := showCheck(a)
	v.Fault = why
	return a.Draw(http.StatusUnprocessableEntity, "check", v)
}

func busy(a *page.Ask, wait time.Duration) error {
	a.Header("Retry-After", strconv.Itoa(int(wait.Seconds())+1))
	v := showCheck(a)
	v.Fault = a.T("check.busy", "minutes", int(wait.Minutes())+1)
	return a.Draw(http.StatusTooManyRequests, "check", v)
}

// verdict draws what was found.
func verdict(a *page.Ask, x desk.Checked) error {
	v := showCheck(a)
	v.Code, v.Asked = x.Code, true
	v.Class = map[desk.Verdict]string{desk.Genuine: "green", desk.Withdrawn: "red", desk.Replaced: "red", desk.NotOurs: "red"}[x.Verdict]
	v.Verdict, v.Told = a.T("check."+string(x.Verdict)), a.T("check."+string(x.Verdict)+".told", "number", x.Instead)
	status := http.StatusOK
	if x.Verdict == desk.NotOurs {
		status = http.StatusNotFound
	}
	if x.Altered {
		v.Class, v.Verdict, v.Told = "amber", a.T("check.altered"), a.T("check.altered.told", "verdict", v.Verdict)
	}
	for _, f := range []page.KnownView{{Label: a.T("check.paper"), Value: a.L(x.Title)}, {Label: a.T("check.number"), Value: x.Number}, {Label: a.T("check.office"), Value: x.Bureau},
		{Label: a.T("check.issued"), Value: a.Date(x.Day)}, {Label: a.T("check.since"), Value: a.Date(x.Since)}, {Label: a.T("check.mended"), Value: mended(a, x.Mended)}, {Label: a.T("check.code"), Value: x.Code}} {
		if f.Value != "" {
			v.Facts = append(v.Facts, f)
		}
	}
	if a.Who != nil && x.Case != 0 {
		v.Paper = "/cases/" + strconv.Itoa(int(x.Case)) + "/documents/" + strconv.Itoa(x.N)
	}
	return a.Draw(status, "check", v)
}

// mended says that what a paper says of its party was mended in the case since: the paper keeps what it said.
func mended(a *page.Ask, day calendar.Date) string {
	if day == 0 {
		return ""
	}
	return a.T("check.mended.told", "day", a.Date(day))
}
