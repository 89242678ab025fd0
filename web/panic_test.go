package web

import (
	"bytes"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gin-gonic/gin"

	"dossier/engine"
	"dossier/web/page"
)

// TestPanicIsLoggedAndToldPlainly: whoever asks sees a plain page or problem, the log has the stack.
func TestPanicIsLoggedAndToldPlainly(t *testing.T) {
	var log bytes.Buffer
	s := &server{page.New(&engine.Engine{Config: engine.Config{Now: time.Now}}, page.Options{Log: slog.New(slog.NewTextHandler(&log, nil))})}
	g := s.routes()
	boom := func(*gin.Context) { panic("secret detail") }
	g.GET("/boom", boom)
	g.GET("/api/boom", boom)
	for path, kind := range map[string]string{"/boom": "text/html", "/api/boom": "application/problem+json"} {
		w := httptest.NewRecorder()
		g.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
		body := w.Body.String()
		if w.Code != 500 || !strings.HasPrefix(w.Header().Get("Content-Type"), kind) || strings.Contains(body, "secret detail") || strings.Contains(body, "goroutine") {
			t.Errorf("%s: %d %s %s", path, w.Code, w.Header().Get("Content-Type"), body)
		}
	}
	if !strings.Contains(log.String(), "secret detail") || !strings.Contains(log.String(), "panic_test.go") {
		t.Errorf("the log has %s", log.String())
	}
}
