package web

import (
	"errors"
	"fmt"
	"net/http"
	"sort"
	"strings"
	"sync"
	"time"

	"github.com/gin-gonic/gin"

	"dossier/engine/ledger"
)

// metrics counts the requests that were answered, by route and status.
type metrics struct {
	mu     sync.Mutex
	counts map[answered]int64
	took   map[string]time.Duration // by route
}

type answered struct {
	method, route string
	status        int
}

func newMetrics() *metrics {
	return &metrics{counts: map[answered]int64{}, took: map[string]time.Duration{}}
}

// observe counts and logs each request once it is answered.
func (s *server) observe(c *gin.Context) {
	begun := s.engine.Now()
	c.Next()
	took := s.engine.Now().Sub(begun)
	route := c.FullPath()
	if route == "" {
		route = "none"
	}
	s.metrics.mu.Lock()
	s.metrics.counts[answered{c.Request.Method, route, c.Writer.Status()}]++
	s.metrics.took[route] += took
	s.metrics.mu.Unlock()
	s.opt.Log.Debug("request", "method", c.Request.Method, "route", route, "status", c.Writer.Status(), "took", took)
}

// metricsPage writes the counts as Prometheus reads them.
func (s *server) metricsPage(c *gin.Context) {
	var lines []string
	s.metrics.mu.Lock()
	for a, n := range s.metrics.counts {
		lines = append(lines, fmt.Sprintf("dossier_http_requests_total{method=%q,route=%q,status=\"%d\"} %d", a.method, a.route, a.status, n))
	}
	for r, d := range s.metrics.took {
		lines = append(lines, fmt.Sprintf("dossier_http_request_seconds_sum{route=%q} %g", r, d.Seconds()))
	}
	s.metrics.mu.Unlock()
	sort.Strings(lines)
	split := sort.SearchStrings(lines, "dossier_http_requests")
	head := func(name, kind, help string) string {
		return "# HELP " + name + " " + help + "\n# TYPE " + name + " " + kind + "\n"
	}
	text := head("dossier_info", "gauge", "The program.") + fmt.Sprintf("dossier_info{version=%q} 1\n", s.opt.Version) +
		head("dossier_http_request_seconds_sum", "counter", "Time spent answering, by route.") + joined(lines[:split]) +
		head("dossier_http_requests_total", "counter", "Requests answered, by method, route and status.") + joined(lines[split:])
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
