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
	"dossier/web/page"
)

func cookie(c *gin.Context) string {
	token, _ := c.Cookie(page.SessionCookie)
	return token
}

// keepSession gives the browser its session.
func keepSession(a *page.Ask, token string) {
	a.SetSameSite(http.SameSiteLaxMode)
	a.SetCookie(page.SessionCookie, token, 30*24*3600, "/", "", a.Secure(), true)
}

// enter signs somebody in: a failure is told as it is, logged and counted.
func enter(a *page.Ask, name, password, code string) error {
	device, _ := a.Cookie(page.DeviceCookie)
	token, err := access.SignIn(a.Request.Context(), a.Site.Engine, access.Knock{Name: name, Password: password, Code: code, From: a.RemoteIP(), Device: device})
	if err != nil {
		refusedEntry(a, name, err)
		return err
	}
	keepSession(a, token)
	a.Who, err = access.Session(a.Request.Context(), a.Site.Engine, token)
	if err != nil || a.Who == nil {
		return err
	}
	a.Site.Options.Log.Info("signed in", "who", a.WhoID(), "from", a.RemoteIP())
	if device, err = access.Recognise(a.Request.Context(), a.Site.Engine, a.ID(), device); err != nil {
		return err
	}
	a.SetSameSite(http.SameSiteLaxMode)
	a.SetCookie(page.DeviceCookie, device, 180*24*3600, "/", "", a.Secure(), true)
	return nil
}

// refusedEntry logs and counts a sign-in that was refused.
func refusedEntry(a *page.Ask, name string, err error) {
	if e := refusal.As(err); e != nil {
		a.Site.Options.Meter.Refused(string(e.Code))
		a.Site.Options.Log.Warn("sign-in refused", "why", string(e.Code), "name", page.Cut(name, 40), "from", a.RemoteIP(), "wait", e.Args["seconds"])
	}
}

// loginView is the sign-in page.
type loginView struct {
	page.Base
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

func showLogin(a *page.Ask, next string) loginView {
	v := loginView{Base: a.Base(a.T("login.title"), "login"), Next: next, Action: "/login"}
	if a.Site.Options.Demo {
		for _, post := range a.Office.Posts() {
			for _, id := range a.Office.Holders(post.ID, a.Today) {
				x := demoPerson{string(id), a.Name(id), a.Post(post.ID)}
				if !slices.ContainsFunc(v.Demo, func(y demoPerson) bool { return y.ID == x.ID }) {
					v.Demo = append(v.Demo, x)
				}
			}
		}
	}
	return v
}

func loginPage(a *page.Ask) error {
	if a.Who != nil {
		return a.See("/")
	}
	return a.Draw(http.StatusOK, "login", showLogin(a, page.Local(a.Query("next"))))
}

// askToSignIn sends a reader to the sign-in page and back.
func askToSignIn(s *page.Site, a *page.Ask) {
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
func (s *server) signInOnTheWay(a *page.Ask) *office.Person {
	if a.Script() {
		a.String(http.StatusUnauthorized, a.T("act.out"))
		return nil
	}
	if a.Request.Method != http.MethodPost || a.Parse() != nil || len(a.Request.PostForm) == 0 {
		askToSignIn(s.Site, a)
		return nil
	}
	v := showLogin(a, "/")
	form := a.Request.PostForm
	v.Action, v.Name = a.Request.URL.RequestURI(), form.Get(carriedName)
	if v.Name != "" || form.Get(carriedPassword) != "" {
		err := enter(a, v.Name, form.Get(carriedPassword), form.Get(carriedCode))
		form.Del(carriedCode)
		form.Del(carriedName)
		form.Del(carriedPassword)
		if err == nil && a.Who != nil {
			return a.Who
		}
		e := refusal.As(err)
		if e == nil {
			s.Fail(a, err)
			return nil
		}
		v.Error, v.Code = a.Problem(e).Title, e.Code == access.CodeNeeded
	}
	if a.Request.MultipartForm != nil {
		for name, files := range a.Request.MultipartForm.File {
			for _, f := range files {
				if f.Filename != "" {
					v.Files = append(v.Files, page.Cut(f.Filename, 200))
					v.Carry = append(v.Carry, carried{"chosen." + name, page.Cut(f.Filename, 200)})
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
	if err := a.Draw(http.StatusUnauthorized, "login", v); err != nil {
		s.Fail(a, err)
	}
	return nil
}

func signIn(a *page.Ask) error {
	v := showLogin(a, page.Local(a.PostForm("next")))
	v.Name = a.PostForm("name")
	err := enter(a, v.Name, a.PostForm("password"), a.PostForm("code"))
	if e := refusal.As(err); e != nil {
		told := a.Problem(e)
		v.Error, v.Code = told.Title, e.Code == access.CodeNeeded
		if told.Status < http.StatusTooManyRequests {
			told.Status = http.StatusUnprocessableEntity
		}
		return a.Draw(told.Status, "login", v)
	}
	if err != nil {
		return err
	}
	return a.See(v.Next)
}

func signOut(a *page.Ask) error {
	if err := access.SignOut(a.Request.Context(), a.Site.Engine, cookie(a.Context)); err != nil {
		return err
	}
	a.SetCookie(page.SessionCookie, "", -1, "/", "", a.Secure(), true)
	return a.See("/login")
}

// setupView is the page behind a one-time link.
type setupView struct {
	page.Base
	First    bool // makes the first administrator
	For      string
	ID, Name string
	Faults   page.Faults
}

func setupPage(a *page.Ask) error {
	id, err := access.LinkFor(a.Site.Engine, a.Param("token"))
	if err != nil {
		return err
	}
	v := setupView{Base: a.Base(a.T("setup.title"), "login"), First: id == "", For: a.Name(id), ID: string(id)}
	return a.Draw(http.StatusOK, "setup", v)
}

func setUp(a *page.Ask) error {
	token := a.Param("token")
	id, err := access.LinkFor(a.Site.Engine, token)
	if err != nil {
		return err
	}
	v := setupView{Base: a.Base(a.T("setup.title"), "login"), First: id == "", For: a.Name(id), ID: string(id), Name: a.PostForm("name")}
	if v.First {
		v.ID = strings.ToLower(strings.TrimSpace(a.PostForm("id")))
	}
	session := ""
	if a.PostForm("password") != a.PostForm("again") {
		err = &refusal.Error{Code: refusal.FieldInvalid, Fields: []refusal.FieldFault{{Path: "again", Code: refusal.FieldInvalid, Why: "field.password-again"}}}
	} else {
		session, err = access.SetUp(a.Request.Context(), a.Site.Engine, token, office.PersonID(v.ID), v.Name, a.PostForm("password"))
	}
	if e := refusal.As(err); e != nil && e.Code == refusal.FieldInvalid {
		v.Faults = a.Faults(e, nil)
		return a.Draw(http.StatusUnprocessableEntity, "setup", v)
	}
	if err != nil {
		return err
	}
	if session == "" { // their second step is asked at the door
		a.Say("second.sign-in")
		return a.See("/login")
	}
	keepSession(a, session)
	return a.See("/")
}

// accountView is one's own page: the password, the posts, the tokens.
type accountView struct {
	page.Base
	Faults page.Faults
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

func accountPage(a *page.Ask) error { return drawAccount(a, http.StatusOK, secondView{}, nil) }

func drawAccount(a *page.Ask, status int, v secondView, bad page.Faults) error {
	var err error
	if v.On, err = access.HasSecond(a.Site.Engine, a.ID()); err == nil {
		v.Owed, err = access.OwesSecond(a.Site.Engine, a.Who)
	}
	if err != nil {
		return err
	}
	return a.Draw(status, "account", accountView{a.Base(a.T("account.title"), "account"), bad, v})
}

// secondStep turns one's own second step on, in two presses, or off.
func secondStep(a *page.Ask) error {
	switch a.PostForm("then") {
	case "off":
		device, _ := a.Cookie(page.DeviceCookie)
		err := access.DropSecond(a.Request.Context(), a.Site.Engine, a.ID(), access.Knock{Name: string(a.ID()), Password: a.PostForm("password"), From: a.RemoteIP(), Device: device})
		if e := refusal.As(err); e != nil && len(e.Fields) > 0 {
			return drawAccount(a, http.StatusUnprocessableEntity, secondView{Password: a.T("field.password-wrong")}, nil)
		}
		if err != nil {
			return err
		}
		a.Say("second.off-done")
		return a.See("/account")
	case "keep":
		codes, err := access.KeepSecond(a.Request.Context(), a.Site.Engine, a.ID(), a.PostForm("secret"), a.PostForm("code"))
		if e := refusal.As(err); e != nil && e.Code == refusal.FieldInvalid {
			made, err := access.SameSecond(a.Site.Engine, a.ID(), page.Cut(a.PostForm("secret"), 128))
			if err != nil {
				return err
			}
			return drawAccount(a, http.StatusUnprocessableEntity, secondView{Secret: made.Secret, Picture: template.URL(made.Picture), Fault: a.T("field.code")}, nil)
		}
		if err != nil {
			return err
		}
		return drawAccount(a, http.StatusOK, secondView{Codes: codes}, nil)
	}
	made, err := access.NewSecond(a.Site.Engine, a.ID())
	if err != nil {
		return err
	}
	return drawAccount(a, http.StatusOK, secondView{Secret: made.Secret, Picture: template.URL(made.Picture)}, nil)
}

// owesSecond sends whoever owes a second step to where it is set up, from any other page.
func (s *server) owesSecond(a *page.Ask) (bool, error) {
	switch a.Request.URL.Path {
	case "/account", "/account/second":
		return false, nil
	}
	owes, err := access.OwesSecond(s.Engine, a.Who)
	if !owes || err != nil {
		return false, err
	}
	a.Say("second.owed")
	return true, a.See("/account")
}

func changePassword(a *page.Ask) error {
	token := ""
	var err error
	if a.PostForm("password") != a.PostForm("again") {
		err = &refusal.Error{Code: refusal.FieldInvalid, Fields: []refusal.FieldFault{{Path: "again", Code: refusal.FieldInvalid, Why: "field.password-again"}}}
	} else {
		device, _ := a.Cookie(page.DeviceCookie)
		token, err = access.SetPassword(a.Request.Context(), a.Site.Engine, access.Knock{Name: string(a.ID()), Password: a.PostForm("old"), From: a.RemoteIP(), Device: device},
			a.PostForm("password"))
		if err != nil {
			refusedEntry(a, string(a.ID()), err)
		}
	}
	if e := refusal.As(err); e != nil && e.Code == refusal.FieldInvalid {
		return drawAccount(a, http.StatusUnprocessableEntity, secondView{}, a.Faults(e, nil))
	}
	if err != nil {
		return err
	}
	keepSession(a, token)
	a.Say("account.changed")
	return a.See("/account")
}
