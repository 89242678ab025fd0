package page

import (
	"errors"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"
)

// Away tells an error of a store that may be back in a moment: the database moves to another machine.
func Away(err error) bool {
	var e interface{ Unavailable() bool }
	return errors.As(err, &e) && e.Unavailable()
}

// Moment answers a plain "a moment, please", in both languages. It asks nothing of the store. A page comes back by itself; a
// form may be sent again: it carries its key, so that it counts once.
func (s *Site) Moment(c *gin.Context) {
	c.Header("Retry-After", "5")
	if strings.HasPrefix(c.Request.URL.Path, "/api/") {
		c.Data(http.StatusServiceUnavailable, "application/problem+json", []byte(`{"title":"the database is away for a moment: repeat the request with the same Idempotency-Key","status":503,"code":"unavailable"}`))
		return
	}
	again := ""
	if c.Request.Method == http.MethodGet {
		again = `<meta http-equiv="refresh" content="5">`
	}
	c.Data(http.StatusServiceUnavailable, "text/html; charset=utf-8", []byte(`<!doctype html><html lang="zh-CN"><meta charset="utf-8">`+
		`<meta name="viewport" content="width=device-width">`+again+`<title>请稍候</title>`+
		`<style>body{font:16px/1.7 system-ui,sans-serif;max-width:34rem;margin:15vh auto;padding:0 1rem;color:#1f2933}h1{font-size:1.5rem}[lang=en]{color:#52606d}</style>`+
		`<h1>请稍候</h1><p>数据库正在切换到另一台机器，一般几十秒。填写的内容没有丢：稍后刷新本页再提交一次即可，重复提交只算一次。</p>`+
		`<p lang="en">A moment, please: the database is moving to another machine, which takes some ten seconds. Nothing you typed is lost. `+
		`Reload this page and send it again; sent twice, it counts once.</p></html>`))
}
