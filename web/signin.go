package web

import (
	"html/template"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"dossier/engine/access"
	"dossier/engine/office"
	"dossier/engine/refusal"
)

const (
	sessionCookie = "dossier"
	deviceCookie  = "device" // a browser in which somebody has signed in before
	noticeCookie  = "notice"
)

func cookie(c *gin.Context) string {
	token, _ := c.Cookie(sessionCookie)
	return token
}

func (a *ask) secure() bool { return a.s.opt.Secure || a.Request.TLS != nil }

// keepSession gives the browser its session.
func (a *ask) keepSession(token string) {
	a.SetSameSite(http.SameSiteLaxMode)
	a.SetCookie(sessionCookie, token, 30*24*3600, "/", "", a.secure(), true)
}

// enter signs somebody in: a failure is told as it is, logged and counted.
func (a *ask) enter(name, password, code string) error {
	device, _ := a.Cookie(deviceCookie)
	token, err := access.SignIn(a.Request.Context(), a.s.engine, access.Knock{Name: name, Password: password, Code: code, From: a.RemoteIP(), Device: device})
	if err != nil {
		a.refusedEntry(name, err)
		return err
	}
	a.keepSession(token)
	a.who, err = access.Session(a.Request.Context(), a.s.engine, token)
	if err != nil || a.who == nil {
		return err
	}
	a.s.opt.Log.Info("signed in", "who", a.whoID(), "from", a.RemoteIP())
	if device, err = access.Recognise(a.Request.Context(), a.s.engine, a.id(), device); err != nil {
		return err
	}
	a.SetSameSite(http.SameSiteLaxMode)
	a.SetCookie(deviceCookie, device, 180*24*3600, "/", "", a.secure(), true)
	return nil
}

// refusedEntry logs and counts a sign-in that was refused.
func (a *ask) refusedEntry(name string, err error) {
	if e := refusal.As(err); e != nil {
		a.s.opt.Meter.Refused(string(e.Code))
		a.s.opt.Log.Warn("sign-in refused", "why", string(e.Code), "name", cut(name, 40), "from", a.RemoteIP(), "wait", e.Args["seconds"])
	}
}

// say leaves words for the next page that is drawn.
func (a *ask) say(key string, pairs ...any) {
	a.SetSameSite(http.SameSiteLaxMode)
	a.SetCookie(noticeCookie, url.QueryEscape(a.T(key, pairs...)), 60, "/", "", a.secure(), true)
}

// takeNotice gives what say left, once.
func (a *ask) takeNotice() string {
	said, err := a.Cookie(noticeCookie)
	if err != nil || said == "" {
		return ""
	}
	a.SetCookie(noticeCookie, "", -1, "/", "", a.secure(), true)
	words, err := url.QueryUnescape(said)
	if err != nil || len(words) > 1000 {
		return ""
	}
	return words
}

// loginView is the sign-in page.
type loginView struct {
	base
	Name   string
	Next   string
	Action string    // where it is sent: what waits for the sign-in, else the sign-in itself
	Carry  []carried // what goes on with it
	Files  []string  // files that can't
	Error  string
	Code   bool // the second step's code is asked
	Demo   []demoPerson
}

type demoPerson struct{ ID, Name, Posts string }

func (a *ask) loginView(next string) loginView {
	v := loginView{base: a.base(a.T("login.title"), "login"), Next: next, Action: "/login"}
	if a.s.opt.Demo {
		for _, post := range a.office.Posts() {
			for _, id := range a.office.Holders(post.ID, a.today) {
				x := demoPerson{string(id), a.Name(id), a.Post(post.ID)}
				if !slices.ContainsFunc(v.Demo, func(y demoPerson) bool { return y.ID == x.ID }) {
					v.Demo = append(v.Demo, x)
				}
			}
		}
	}
	return v
}

func loginPage(a *ask) error {
	if a.who != nil {
		return a.see("/")
	}
	return a.draw(http.StatusOK, "login", a.loginView(local(a.Query("next"))))
}

// askToSignIn sends a reader to the sign-in page and back.
func (s *site) askToSignIn(a *ask) {
	next := a.Request.URL.RequestURI()
	if a.Request.Method != http.MethodGet {
		next = "/"
		if strings.HasPrefix(a.Request.URL.Path, "/cases/") {
			next = a.Request.URL.Path
		}
	}
	a.Redirect(http.StatusSeeOther, "/login?next="+url.QueryEscape(next))
}

// The fields by which one signs in on the way to something else, beside those of the form that is carried through.
const (
	carriedName     = "sign-in.name"
	carriedPassword = "sign-in.password"
	carriedCode     = "sign-in.code"
)

// carried is one field of a form that was sent by nobody, on its way through the sign-in page.
type carried struct{ Name, Value string }

// signInOnTheWay answers a request of nobody: a reader is sent to sign in; a form that was sent is kept in the sign-in page
// itself and goes on from there, so that nothing that was typed is lost. It gives who has just signed in so, nil when the
// request has been answered.
func (s *server) signInOnTheWay(a *ask) *office.Person {
	if a.script() {
		a.String(http.StatusUnauthorized, a.T("act.out"))
		return nil
	}
	if a.Request.Method != http.MethodPost || a.parse() != nil || len(a.Request.PostForm) == 0 {
		s.askToSignIn(a)
		return nil
	}
	v := a.loginView("/")
	form := a.Request.PostForm
	v.Action, v.Name = a.Request.URL.RequestURI(), form.Get(carriedName)
	if v.Name != "" || form.Get(carriedPassword) != "" {
		err := a.enter(v.Name, form.Get(carriedPassword), form.Get(carriedCode))
		form.Del(carriedCode)
		form.Del(carriedName)
		form.Del(carriedPassword)
		if err == nil && a.who != nil {
			return a.who
		}
		e := refusal.As(err)
		if e == nil {
			s.fail(a, err)
			return nil
		}
		v.Error, v.Code = a.problem(e).Title, e.Code == access.CodeNeeded
	}
	if a.Request.MultipartForm != nil {
		for name, files := range a.Request.MultipartForm.File {
			for _, f := range files {
				if f.Filename != "" {
					v.Files = append(v.Files, cut(f.Filename, 200))
					v.Carry = append(v.Carry, carried{"chosen." + name, cut(f.Filename, 200)})
				}
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(form)) {
		for _, x := range form[name] {
			if name == "then" && x == "do" && len(v.Files) > 0 {
				x = "check" // the files have to be chosen again first
			}
			v.Carry = append(v.Carry, carried{name, x})
		}
	}
	if err := a.draw(http.StatusUnauthorized, "login", v); err != nil {
		s.fail(a, err)
	}
	return nil
}

func signIn(a *ask) error {
	v := a.loginView(local(a.PostForm("next")))
	v.Name = a.PostForm("name")
	err := a.enter(v.Name, a.PostForm("password"), a.PostForm("code"))
	if e := refusal.As(err); e != nil {
		told := a.problem(e)
		v.Error, v.Code = told.Title, e.Code == access.CodeNeeded
		if told.Status >= http.StatusTooManyRequests {
			a.Header("Retry-After", or(e.Args["seconds"], "5"))
		} else {
			told.Status = http.StatusUnprocessableEntity
		}
		return a.draw(told.Status, "login", v)
	}
	if err != nil {
		return err
	}
	return a.see(v.Next)
}

func signOut(a *ask) error {
	if err := access.SignOut(a.Request.Context(), a.s.engine, cookie(a.Context)); err != nil {
		return err
	}
	a.SetCookie(sessionCookie, "", -1, "/", "", a.secure(), true)
	return a.see("/login")
}

// setupView is the page behind a one-time link.
type setupView struct {
	base
	First    bool // makes the first administrator
	For      string
	ID, Name string
	Faults   faults
}

func setupPage(a *ask) error {
	id, err := access.LinkFor(a.s.engine, a.Param("token"))
	if err != nil {
		return err
	}
	v := setupView{base: a.base(a.T("setup.title"), "login"), First: id == "", For: a.Name(id), ID: string(id)}
	return a.draw(http.StatusOK, "setup", v)
}

func setUp(a *ask) error {
	token := a.Param("token")
	id, err := access.LinkFor(a.s.engine, token)
	if err != nil {
		return err
	}
	v := setupView{base: a.base(a.T("setup.title"), "login"), First: id == "", For: a.Name(id), ID: string(id), Name: a.PostForm("name")}
	if v.First {
		v.ID = strings.ToLower(strings.TrimSpace(a.PostForm("id")))
	}
	session := ""
	if a.PostForm("password") != a.PostForm("again") {
		err = &refusal.Error{Code: refusal.FieldInvalid, Fields: []refusal.FieldFault{{Path: "again", Code: refusal.FieldInvalid, Why: "field.password-again"}}}
	} else {
		session, err = access.SetUp(a.Request.Context(), a.s.engine, token, office.PersonID(v.ID), v.Name, a.PostForm("password"))
	}
	if e := refusal.As(err); e != nil && e.Code == refusal.FieldInvalid {
		v.Faults = a.faults(e, nil)
		return a.draw(http.StatusUnprocessableEntity, "setup", v)
	}
	if err != nil {
		return err
	}
	if session == "" { // their second step is asked at the door
		a.say("second.sign-in")
		return a.see("/login")
	}
	a.keepSession(session)
	return a.see("/")
}

// accountView is one's own page: the password, the posts, the tokens.
type accountView struct {
	base
	Faults faults
	Second secondView
}

// secondView is the second step on one's own page.
type secondView struct {
	On, Owed        bool
	Secret          string       // to be taken up by an authenticator
	Picture         template.URL // the same as a picture
	Codes           []string     // recovery codes, shown this once
	Fault, Password string
}

func accountPage(a *ask) error { return a.drawAccount(http.StatusOK, secondView{}, nil) }

func (a *ask) drawAccount(status int, v secondView, bad faults) error {
	var err error
	if v.On, err = access.HasSecond(a.s.engine, a.id()); err == nil {
		v.Owed, err = access.OwesSecond(a.s.engine, a.who)
	}
	if err != nil {
		return err
	}
	return a.draw(status, "account", accountView{a.base(a.T("account.title"), "account"), bad, v})
}

// secondStep turns one's own second step on, in two presses, or off.
func secondStep(a *ask) error {
	switch a.PostForm("then") {
	case "off":
		device, _ := a.Cookie(deviceCookie)
		err := access.DropSecond(a.Request.Context(), a.s.engine, a.id(), access.Knock{Name: string(a.id()), Password: a.PostForm("password"), From: a.RemoteIP(), Device: device})
		if e := refusal.As(err); e != nil && len(e.Fields) > 0 {
			return a.drawAccount(http.StatusUnprocessableEntity, secondView{Password: a.T("field.password-wrong")}, nil)
		}
		if err != nil {
			return err
		}
		a.say("second.off-done")
		return a.see("/account")
	case "keep":
		codes, err := access.KeepSecond(a.Request.Context(), a.s.engine, a.id(), a.PostForm("secret"), a.PostForm("code"))
		if e := refusal.As(err); e != nil && e.Code == refusal.FieldInvalid {
			made, err := access.SameSecond(a.s.engine, a.id(), cut(a.PostForm("secret"), 128))
			if err != nil {
				return err
			}
			return a.drawAccount(http.StatusUnprocessableEntity, secondView{Secret: made.Secret, Picture: template.URL(made.Picture), Fault: a.T("field.code")}, nil)
		}
		if err != nil {
			return err
		}
		return a.drawAccount(http.StatusOK, secondView{Codes: codes}, nil)
	}
	made, err := access.NewSecond(a.s.engine, a.id())
	if err != nil {
		return err
	}
	return a.drawAccount(http.StatusOK, secondView{Secret: made.Secret, Picture: template.URL(made.Picture)}, nil)
}

// owesSecond sends whoever owes a second step to where it is set up, from any other page.
func (s *server) owesSecond(a *ask) (bool, error) {
	switch a.Request.URL.Path {
	case "/account", "/account/second":
		return false, nil
	}
	owes, err := access.OwesSecond(s.engine, a.who)
	if !owes || err != nil {
		return false, err
	}
	a.say("second.owed")
	return true, a.see("/account")
}

func changePassword(a *ask) error {
	token := ""
	var err error
	if a.PostForm("password") != a.PostForm("again") {
		err = &refusal.Error{Code: refusal.FieldInvalid, Fields: []refusal.FieldFault{{Path: "again", Code: refusal.FieldInvalid, Why: "field.password-again"}}}
	} else {
		device, _ := a.Cookie(deviceCookie)
		token, err = access.SetPassword(a.Request.Context(), a.s.engine, access.Knock{Name: string(a.id()), Password: a.PostForm("old"), From: a.RemoteIP(), Device: device},
			a.PostForm("password"))
		if err != nil {
			a.refusedEntry(string(a.id()), err)
		}
	}
	if e := refusal.As(err); e != nil && e.Code == refusal.FieldInvalid {
		return a.drawAccount(http.StatusUnprocessableEntity, secondView{}, a.faults(e, nil))
	}
	if err != nil {
		return err
	}
	a.keepSession(token)
	a.say("account.changed")
	return a.see("/account")
}
