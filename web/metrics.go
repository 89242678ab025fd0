package web

import (
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"slices"
	"sort"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/gin-gonic/gin"

	"dossier/engine/access"
	"dossier/engine/ledger"
)

// metrics counts the requests that were answered, by route and status.
type metrics struct {
	mu     sync.Mutex
	counts map[answered]int64
	took   map[string]time.Duration // by route
	doors  map[string]int64         // sign-ins that were refused, by code
}

// refused counts a sign-in that was refused.
func (m *metrics) refused(code string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.doors[code]++
}

type answered struct {
	method, route string
	status        int
}

func newMetrics() *metrics {
	return &metrics{counts: map[answered]int64{}, took: map[string]time.Duration{}, doors: map[string]int64{}}
}

// observe counts and logs each request once it is answered.
func (s *server) observe(c *gin.Context) {
	begun, id := s.engine.Now(), requestID()
	c.Header("X-Request-Id", id)
	c.Next()
	took := s.engine.Now().Sub(begun)
	route := c.FullPath()
	if route == "" {
		route = "none"
	}
	method := c.Request.Method
	if !slices.Contains(methods, method) {
		method = "other" // a client's own words are no label
	}
	s.metrics.mu.Lock()
	s.metrics.counts[answered{method, route, c.Writer.Status()}]++
	s.metrics.took[route] += took
	s.metrics.mu.Unlock()
	level := slog.LevelInfo
	if c.Writer.Status() == http.StatusForbidden { // somebody reached for what is not theirs
		level = slog.LevelWarn
	}
	s.opt.Log.Log(c, level, "request", "id", id, "method", method, "route", route, "status", c.Writer.Status(), "who", c.GetString(whoKey), "took", took)
}

// whoKey is where a request keeps the user name of who made it, for the log: no name, number or party stands there.
const whoKey = "who"

// requestID names one request in the log and in its answer. It is no secret.
func requestID() string { return strconv.FormatUint(rand.Uint64(), 36) }

// methods are those that are counted by their names.
var methods = []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions}

// mayMeasure tells whether the counters are for who asks: this machine, or an API token.
func (s *server) mayMeasure(c *gin.Context) bool {
	if ip := net.ParseIP(c.RemoteIP()); ip != nil && ip.IsLoopback() && c.GetHeader("X-Forwarded-For") == "" && c.GetHeader("Forwarded") == "" {
		return true
	}
	scheme, token, _ := strings.Cut(c.GetHeader("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return false
	}
	p, _, err := access.Bearer(s.engine, token)
	return err == nil && p != nil
}

// metricsPage writes the counts as Prometheus reads them.
func (s *server) metricsPage(c *gin.Context) {
	if !s.mayMeasure(c) {
		c.Header("WWW-Authenticate", `Bearer realm="dossier"`)
		c.String(http.StatusUnauthorized, "the counters are for this machine, or for an API token\n")
		return
	}
	var lines []string
	s.metrics.mu.Lock()
	for a, n := range s.metrics.counts {
		lines = append(lines, fmt.Sprintf("dossier_http_requests_total{method=%q,route=%q,status=\"%d\"} %d", a.method, a.route, a.status, n))
	}
	for r, d := range s.metrics.took {
		lines = append(lines, fmt.Sprintf("dossier_http_request_seconds_sum{route=%q} %g", r, d.Seconds()))
	}
	var doors []string
	for code, n := range s.metrics.doors {
		doors = append(doors, fmt.Sprintf("dossier_sign_ins_refused_total{why=%q} %d", code, n))
	}
	s.metrics.mu.Unlock()
	sort.Strings(doors)
	sort.Strings(lines)
	split := sort.SearchStrings(lines, "dossier_http_requests")
	head := func(name, kind, help string) string {
		return "# HELP " + name + " " + help + "\n# TYPE " + name + " " + kind + "\n"
	}
	text := head("dossier_info", "gauge", "The program.") + fmt.Sprintf("dossier_info{version=%q} 1\n", s.opt.Version) +
		head("dossier_http_request_seconds_sum", "counter", "Time spent answering, by route.") + joined(lines[:split]) +
		head("dossier_http_requests_total", "counter", "Requests answered, by method, route and status.") + joined(lines[split:]) +
		head("dossier_sign_ins_refused_total", "counter", "Sign-ins that were refused, by the reason.") + joined(doors)
	c.Data(http.StatusOK, "text/plain; version=0.0.4; charset=utf-8", []byte(text))
}

func joined(lines []string) string {
	if len(lines) == 0 {
		return ""
	}
	return strings.Join(lines, "\n") + "\n"
}

// health says that the process runs.
func (s *server) health(c *gin.Context) { c.String(http.StatusOK, "ok\n") }

// ready says that the store can be read.
func (s *server) ready(c *gin.Context) {
	if _, err := s.engine.Store.Record(ledger.KindPerson, "-"); err != nil && !errors.Is(err, ledger.ErrNotFound) {
		s.opt.Log.Error("not ready", "error", err)
		c.String(http.StatusServiceUnavailable, "the store can't be read\n")
		return
	}
	c.String(http.StatusOK, "ok\n")
}
