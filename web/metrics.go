package web

import (
	"log/slog"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"dossier/engine/access"
	"dossier/engine/health"
	"dossier/web/measure"
)

// observe counts and logs each request once it is answered.
func (s *server) observe(c *gin.Context) {
	begun, id := s.Engine.Now(), requestID()
	c.Header("X-Request-Id", id)
	c.Next()
	took := s.Engine.Now().Sub(begun)
	route := c.FullPath()
	if route == "" {
		route = "none"
	}
	method := c.Request.Method
	if !slices.Contains(methods, method) {
		method = "other" // a client's own words are no label
	}
	s.Options.Meter.Request(method, route, strconv.Itoa(c.Writer.Status()), took)
	level := slog.LevelInfo
	if c.Writer.Status() == http.StatusForbidden { // somebody reached for what is not theirs
		level = slog.LevelWarn
	}
	s.Options.Log.Log(c, level, "request", "id", id, "method", method, "route", route, "status", c.Writer.Status(), "who", c.GetString(whoKey), "took", took)
}

// whoKey is where a request keeps the user name of who made it, for the log: no name, number or party stands there.
const whoKey = "who"

// requestID names one request in the log and in its answer. It is no secret.
func requestID() string { return strconv.FormatUint(rand.Uint64(), 36) }

// methods are those that are counted by their names.
var methods = []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions}

// mayMeasure tells whether the counters are for who asks: this machine, or an API token.
func (s *server) mayMeasure(c *gin.Context) bool {
	if measure.Local(c.Request) {
		return true
	}
	scheme, token, _ := strings.Cut(c.GetHeader("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return false
	}
	p, _, err := access.Bearer(s.Engine, token)
	return err == nil && p != nil
}

// metricsPage writes the counts as Prometheus reads them.
func (s *server) metricsPage(c *gin.Context) {
	if !s.mayMeasure(c) {
		c.Header("WWW-Authenticate", `Bearer realm="dossier"`)
		c.String(http.StatusUnauthorized, "the counters are for this machine, or for an API token\n")
		return
	}
	s.Options.Meter.Handler().ServeHTTP(c.Writer, c.Request)
}

// counts are what is asked when somebody measures.
func (s *server) counts() measure.Counts {
	return measure.Counts{Cases: s.Engine.Totals, Board: s.Options.Board, Messages: s.Options.Alerts.Waiting,
		Backup: func() (time.Time, int64, bool) {
			b, err := health.LastBackup(s.Engine)
			return b.Made, b.Size, err == nil && !b.Made.IsZero()
		}}
}

// health says that the process runs.
func (s *server) health(c *gin.Context) { c.String(http.StatusOK, "ok\n") }

// ready says that the store can be read and nothing stops the work.
func (s *server) ready(c *gin.Context) {
	var stops []string
	for _, f := range s.Options.Board.Faults() {
		if f.Code.Stops() {
			stops = append(stops, string(f.Code))
		}
	}
	if len(stops) > 0 {
		c.String(http.StatusServiceUnavailable, strings.Join(stops, "\n")+"\n")
		return
	}
	if err := s.Engine.Reads(); err != nil {
		s.Options.Log.Error("not ready", "error", err)
		c.String(http.StatusServiceUnavailable, "the store can't be read\n")
		return
	}
	c.String(http.StatusOK, "ok\n")
}
