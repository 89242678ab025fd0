package page

import (
	"net/http"
	"strings"

	"dossier/engine/office"
	"dossier/engine/text"

	"github.com/gin-gonic/gin"
)

const langCookie = "lang"

// SetLang switches the language and goes back to where the switch was pressed.
func SetLang(a *Ask) error {
	to := text.ZH
	if a.PostForm("to") == string(text.EN) {
		to = text.EN
	}
	a.SetSameSite(http.SameSiteLaxMode)
	a.SetCookie(langCookie, string(to), 365*24*3600, "/", "", a.Secure(), true)
	return a.See(Local(a.PostForm("back")))
}

// Local is an address of this site, "/" when it would lead anywhere else.
func Local(address string) string {
	if !strings.HasPrefix(address, "/") || strings.HasPrefix(address, "//") || strings.ContainsAny(address, "\\\r\n\t") {
		return "/"
	}
	return address
}

// Lang is the language of an answer: the cookie's, else the person's own, else Chinese.
func (s *Site) Lang(c *gin.Context, p *office.Person) text.Lang {
	said, err := c.Cookie(langCookie)
	if err != nil && p != nil {
		said = p.Lang
	}
	if said == string(text.EN) {
		return text.EN
	}
	return text.ZH
}
