// Package measure counts what an operator's monitoring asks for, as Prometheus reads it: requests, the store's latency, the
// passes of time, cases and the ledger, messages, faults, the last backup, and the Go runtime.
//
// Labels are the program's own words alone: routes, codes, kinds. Nothing of a case, a person or a client's request is one.
package measure

import (
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"dossier/engine/health"
)

// Counts are what is asked when somebody measures, each at that moment; a nil one is left out.
type Counts struct {
	Cases    func() (cases, rows uint64, err error) // cases on record, rows of the ledger
	Messages func() (waiting, dead int, err error)
	Board    *health.Board
	Backup   func() (at time.Time, size int64, ok bool) // the last whole backup
}

// Meter counts. It is used concurrently.
type Meter struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	took     *prometheus.HistogramVec
	doors    *prometheus.CounterVec
	store    *prometheus.HistogramVec
	passes   *prometheus.CounterVec
	passTook *prometheus.HistogramVec
	into     prometheus.Registerer // the registry, for what names the bureau
	counts   atomic.Pointer[Counts]
}

// New makes a meter of the program, with its version and what the Go runtime takes.
func New(version string) *Meter {
	m := Of("")
	info := prometheus.NewGauge(prometheus.GaugeOpts{Name: "dossier_info", Help: "The program.", ConstLabels: prometheus.Labels{"version": version}})
	info.Set(1)
	m.registry.MustRegister(info, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Of makes the meter of one bureau of several that a process serves: each of its counts names it. "" names none.
func Of(bureau string) *Meter {
	registry := prometheus.NewRegistry()
	m := &Meter{registry: registry, into: registry,
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "dossier_http_requests_total", Help: "Requests answered, by method, route and status."}, []string{"method", "route", "status"}),
		took:     prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "dossier_http_request_seconds", Help: "Time spent answering, by route.", Buckets: times}, []string{"route"}),
		doors:    prometheus.NewCounterVec(prometheus.CounterOpts{Name: "dossier_sign_ins_refused_total", Help: "Sign-ins that were refused, by the reason."}, []string{"why"}),
		store:    prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "dossier_store_seconds", Help: "Time of the store's commits and kept files, by kind.", Buckets: times}, []string{"op", "well"}),
		passes:   prometheus.NewCounterVec(prometheus.CounterOpts{Name: "dossier_pass_done_total", Help: "What the passes of time did, by pass."}, []string{"pass"}),
		passTook: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "dossier_pass_seconds", Help: "Time of each pass, by pass and whether it went well.", Buckets: times}, []string{"pass", "well"}),
	}
	if bureau != "" {
		m.into = prometheus.WrapRegistererWith(prometheus.Labels{"bureau": bureau}, registry)
	}
	m.into.MustRegister(m.requests, m.took, m.doors, m.store, m.passes, m.passTook)
	return m
}

// times are the bounds of durations, in seconds: from a commit without a paper to a request that people give up.
var times = []float64{.001, .005, .02, .05, .1, .25, 1, 5, 30}

// Ask lets the counts be asked whenever somebody measures, in the place of those before.
func (m *Meter) Ask(c Counts) {
	if m.counts.Swap(&c) == nil {
		m.into.MustRegister(asked{&m.counts})
	}
}

// Request counts one request that was answered.
func (m *Meter) Request(method, route, status string, took time.Duration) {
	m.requests.WithLabelValues(method, route, status).Inc()
	m.took.WithLabelValues(route).Observe(took.Seconds())
}

// Refused counts a sign-in that was refused.
func (m *Meter) Refused(why string) { m.doors.WithLabelValues(why).Inc() }

// Store counts one call of the store.
func (m *Meter) Store(op string, took time.Duration, err error) {
	m.store.WithLabelValues(op, well(err)).Observe(took.Seconds())
}

// Pass counts one pass and what it did.
func (m *Meter) Pass(name string, n int, took time.Duration, err error) {
	m.passes.WithLabelValues(name).Add(float64(n))
	m.passTook.WithLabelValues(name, well(err)).Observe(took.Seconds())
}

func well(err error) string {
	if err != nil {
		return "no"
	}
	return "yes"
}

// Handler answers what was measured, and what these others measured beside it.
func (m *Meter) Handler(beside ...*Meter) http.Handler {
	all := prometheus.Gatherers{m.registry}
	for _, b := range beside {
		all = append(all, b.registry)
	}
	return promhttp.HandlerFor(all, promhttp.HandlerOpts{ErrorHandling: promhttp.ContinueOnError})
}

// Local tells whether a request comes from this machine itself, and not through a proxy on it.
func Local(r *http.Request) bool {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	ip := net.ParseIP(host)
	return err == nil && ip != nil && ip.IsLoopback() && r.Header.Get("X-Forwarded-For") == "" && r.Header.Get("Forwarded") == ""
}

// asked is what is counted only when somebody asks.
type asked struct{ counts *atomic.Pointer[Counts] }

var (
	casesDesc   = prometheus.NewDesc("dossier_cases", "Cases on record.", nil, nil)
	rowsDesc    = prometheus.NewDesc("dossier_ledger_rows", "Rows of the ledger: acts, and records of the office.", nil, nil)
	waitingDesc = prometheus.NewDesc("dossier_messages", "Messages that wait to be sent, and those that were given up.", []string{"state"}, nil)
	faultDesc   = prometheus.NewDesc("dossier_fault", "What is wrong now: 1 while it lasts.", []string{"code", "what"}, nil)
	backupDesc  = prometheus.NewDesc("dossier_backup_timestamp_seconds", "When the last whole backup was made.", nil, nil)
	sizeDesc    = prometheus.NewDesc("dossier_backup_bytes", "The size of the last whole backup.", nil, nil)
)

func (a asked) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{casesDesc, rowsDesc, waitingDesc, faultDesc, backupDesc, sizeDesc} {
		to <- d
	}
}

func (asks asked) Collect(to chan<- prometheus.Metric) {
	a := asks.counts.Load()
	tell := func(d *prometheus.Desc, v float64, labels ...string) {
		to <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	if a.Cases != nil {
		if cases, rows, err := a.Cases(); err == nil {
			tell(casesDesc, float64(cases))
			tell(rowsDesc, float64(rows))
		}
	}
	if a.Messages != nil {
		if waiting, dead, err := a.Messages(); err == nil {
			tell(waitingDesc, float64(waiting), "waiting")
			tell(waitingDesc, float64(dead), "dead")
		}
	}
	for _, f := range a.Board.Faults() {
		tell(faultDesc, 1, string(f.Code), f.What)
	}
	if a.Backup != nil {
		if at, size, ok := a.Backup(); ok {
			tell(backupDesc, float64(at.Unix()))
			tell(sizeDesc, float64(size))
		}
	}
}
