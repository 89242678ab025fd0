package web

import (
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
	Name  string
	Next  string
	Error string
	Demo  []demoPerson
}

type demoPerson struct{ ID, Name, Posts string }

func (a *ask) loginView(next string) loginView {
	v := loginView{base: a.base(a.T("login.title"), "login"), Next: next}
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

// askToSignIn sends a reader to the sign-in page and back; a form that was sent without a session is not lost to the
// browser's own history, and what a script saved is there again.
func (s *server) askToSignIn(a *ask) {
	next := a.Request.URL.RequestURI()
	if a.Request.Method != http.MethodGet {
		next = "/"
		if strings.HasPrefix(a.Request.URL.Path, "/cases/") {
			next = a.Request.URL.Path
		}
	}
	a.Redirect(http.StatusSeeOther, "/login?next="+url.QueryEscape(next))
}

func signIn(a *ask) error {
	v := a.loginView(local(a.PostForm("next")))
	v.Name = a.PostForm("name")
	token, err := access.SignIn(a.Request.Context(), a.s.engine, v.Name, a.PostForm("password"))
	if e := refusal.As(err); e != nil && (e.Code == access.SignInFailed || e.Code == access.TryLater) {
		v.Error = a.problem(e).Title
		return a.draw(http.StatusUnprocessableEntity, "login", v)
	}
	if err != nil {
		return err
	}
	a.keepSession(token)
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
	a.keepSession(session)
	return a.see("/")
}

// accountView is one's own page: the password, the posts, the tokens.
type accountView struct {
	base
	Faults faults
}

func accountPage(a *ask) error {
	return a.draw(http.StatusOK, "account", accountView{base: a.base(a.T("account.title"), "account")})
}

func changePassword(a *ask) error {
	token := ""
	var err error
	if a.PostForm("password") != a.PostForm("again") {
		err = &refusal.Error{Code: refusal.FieldInvalid, Fields: []refusal.FieldFault{{Path: "again", Code: refusal.FieldInvalid, Why: "field.password-again"}}}
	} else {
		token, err = access.SetPassword(a.Request.Context(), a.s.engine, a.id(), a.PostForm("old"), a.PostForm("password"))
	}
	if e := refusal.As(err); e != nil && e.Code == refusal.FieldInvalid {
		return a.draw(http.StatusUnprocessableEntity, "account", accountView{a.base(a.T("account.title"), "account"), a.faults(e, nil)})
	}
	if err != nil {
		return err
	}
	a.keepSession(token)
	a.say("account.changed")
	return a.see("/account")
}
