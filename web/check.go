package web

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"time"

	"dossier/engine/desk"
)

// maxChecked is how long a file may be that anybody hands in to be compared, in bytes.
const maxChecked = 20 << 20

// checkView tells whoever holds a paper what the record says of it: no sign-in, and no more than the paper itself shows.
type checkView struct {
	base
	Code    string // as typed
	Asked   bool
	Class   string // of the verdict's light
	Verdict string
	Told    string
	Facts   []knownView
	Paper   string // where the paper is, for who is signed in
	Fault   string
}

func (a *ask) checkView() checkView { return checkView{base: a.base(a.T("check.title"), "check")} }

func checkStart(a *ask) error { return a.draw(http.StatusOK, "check", a.checkView()) }

func checkCode(a *ask) error {
	if wait := a.s.checks.wait(a.ClientIP(), a.now); wait > 0 {
		return a.busy(wait)
	}
	x, err := desk.CheckCode(a.s.engine, a.Param("code"))
	if err != nil {
		return err
	}
	return a.verdict(x)
}

// checkForm takes a code, and goes to its address; or a file, which is compared with the one that was issued.
func checkForm(a *ask) error {
	a.Request.Body = http.MaxBytesReader(a.Writer, a.Request.Body, maxChecked)
	if wait := a.s.checks.wait(a.ClientIP(), a.now); wait > 0 {
		return a.busy(wait)
	}
	head, err := a.FormFile("file")
	var long *http.MaxBytesError
	switch {
	case errors.As(err, &long):
		return a.checkFault(a.T("check.too-long", "mb", maxChecked>>20))
	case err != nil || head.Size == 0:
		if code := a.PostForm("code"); code != "" {
			return a.see("/check/" + url.PathEscape(code))
		}
		return a.checkFault(a.T("check.nothing"))
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
	if a.s.opt.CodeOf != nil {
		code = a.s.opt.CodeOf(data)
	}
	if code == "" {
		return a.checkFault(a.T("check.no-code"))
	}
	x, err := desk.CheckFile(a.Request.Context(), a.s.engine, code, data)
	if err != nil {
		return err
	}
	return a.verdict(x)
}

func (a *ask) checkFault(why string) error {
	v := a.checkView()
	v.Fault = why
	return a.draw(http.StatusUnprocessableEntity, "check", v)
}

func (a *ask) busy(wait time.Duration) error {
	a.Header("Retry-After", strconv.Itoa(int(wait.Seconds())+1))
	v := a.checkView()
	v.Fault = a.T("check.busy", "minutes", int(wait.Minutes())+1)
	return a.draw(http.StatusTooManyRequests, "check", v)
}

// verdict draws what was found.
func (a *ask) verdict(x desk.Checked) error {
	v := a.checkView()
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
	for _, f := range []knownView{{a.T("check.paper"), a.L(x.Title)}, {a.T("check.number"), x.Number}, {a.T("check.office"), x.Bureau},
		{a.T("check.issued"), a.Date(x.Day)}, {a.T("check.since"), a.Date(x.Since)}, {a.T("check.code"), x.Code}} {
		if f.Value != "" {
			v.Facts = append(v.Facts, f)
		}
	}
	if a.who != nil && x.Case != 0 {
		v.Paper = "/cases/" + strconv.Itoa(int(x.Case)) + "/documents/" + strconv.Itoa(x.N)
	}
	return a.draw(status, "check", v)
}

// Anybody may ask, so nobody asks often: codes can be guessed.
const (
	checksFree   = 60
	checksWindow = 10 * time.Minute
	checksKept   = 10_000 // addresses that are remembered
)

// checks counts what each address has asked in the present window.
type checks struct {
	mu    sync.Mutex
	begun time.Time
	asked map[string]int
}

// wait counts one question and tells how long its asker has to wait; 0 to go on.
func (c *checks) wait(address string, now time.Time) time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	if now.Sub(c.begun) >= checksWindow || now.Before(c.begun) || len(c.asked) >= checksKept {
		c.begun, c.asked = now, map[string]int{}
	}
	c.asked[address]++
	if c.asked[address] <= checksFree {
		return 0
	}
	return c.begun.Add(checksWindow).Sub(now)
}
