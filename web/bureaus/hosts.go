package bureaus

import (
	"bytes"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"

	"dossier/web/measure"
)

// Hosts gives each request to the bureau whose host name it was sent to. It is used concurrently.
type Hosts struct {
	mu      sync.RWMutex
	names   []string // in the order of the file
	at      map[string]*door
	metrics http.Handler
}

// door is where a bureau is asked.
type door struct {
	bureau http.Handler   // nil: it can't be opened now
	under  sync.WaitGroup // the requests that it is answering
}

// Name has these bureaus from now on, and counts by metrics, for this machine alone. One that is new isn't open yet; one that is there no
// more is closed first.
func (h *Hosts) Name(bureaus []Bureau, metrics http.Handler) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.metrics = metrics
	was := h.at
	h.names, h.at = nil, map[string]*door{}
	for _, b := range bureaus {
		h.names = append(h.names, b.Host)
		if h.at[b.Host] = was[b.Host]; h.at[b.Host] == nil {
			h.at[b.Host] = &door{}
		}
	}
}

// Open lets a bureau answer from now on, where it still has a name here.
func (h *Hosts) Open(host string, bureau http.Handler) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if d := h.at[host]; d != nil {
		d.bureau = bureau
	}
}

// Close lets a bureau answer no more; idle is closed once it has answered what it was asked before.
func (h *Hosts) Close(host string) (idle <-chan struct{}) {
	h.mu.Lock()
	defer h.mu.Unlock()
	d, done := h.at[host], make(chan struct{})
	delete(h.at, host)
	h.names = slices.DeleteFunc(h.names, func(n string) bool { return n == host })
	go func() {
		if d != nil {
			d.under.Wait()
		}
		close(done)
	}()
	return done
}

// enter is the bureau of a name, held until leave is called; nil where it isn't open. known: there is such a name.
func (h *Hosts) enter(name string) (bureau http.Handler, leave func(), known bool) {
	h.mu.RLock()
	defer h.mu.RUnlock()
	d := h.at[name]
	if d == nil || d.bureau == nil {
		return nil, nil, d != nil
	}
	d.under.Add(1)
	return d.bureau, d.under.Done, true
}

// ServeHTTP goes by the host name alone. What asks for none of the bureaus learns nothing of them: it may ask whether the
// process runs and is ready, and from this machine what is counted.
func (h *Hosts) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name := hostOf(r.Host)
	bureau, leave, known := h.enter(name)
	switch {
	case bureau != nil:
		defer leave()
		bureau.ServeHTTP(w, r)
	case r.URL.Path == "/healthz":
		plain(w, http.StatusOK, "ok\n")
	case known && r.URL.Path == "/readyz":
		plain(w, http.StatusServiceUnavailable, closed+"\n")
	case known:
		w.Header().Set("Retry-After", "30")
		say(w, r, http.StatusServiceUnavailable, "unavailable", "暂时打不开", "本局的数据现在打不开，程序每半分钟再试一次，打开以后照常办理。请告诉管理员。",
			"This bureau can't be opened", "Its data can't be opened now. The program tries again every half minute. Please tell the administrator.")
	case r.URL.Path == "/readyz":
		h.ready(w, r)
	case r.URL.Path == "/metrics" && measure.Local(r):
		h.mu.RLock()
		metrics := h.metrics
		h.mu.RUnlock()
		metrics.ServeHTTP(w, r)
	default:
		say(w, r, http.StatusNotFound, "not-found", "没有这个单位", "这个网址不属于任何一个单位。请核对网址，或者问本局的管理员。",
			"No bureau here", "No bureau has this address. Please check it, or ask your administrator.")
	}
}

// closed is what /readyz says of a bureau that can't be opened.
const closed = "not open"

// hostOf is the name in a Host header: small letters, without a port.
func hostOf(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	return strings.ToLower(strings.TrimSuffix(host, "."))
}

// ready says of each bureau what it says of itself; it is well when all are.
func (h *Hosts) ready(w http.ResponseWriter, r *http.Request) {
	var b strings.Builder
	status := http.StatusOK
	h.mu.RLock()
	names := slices.Clone(h.names)
	h.mu.RUnlock()
	for _, name := range names {
		ask := r.Clone(r.Context())
		ask.Host = name
		answer := kept{header: http.Header{}, status: http.StatusOK}
		h.ServeHTTP(&answer, ask)
		if answer.status != http.StatusOK {
			status = http.StatusServiceUnavailable
		}
		fmt.Fprintf(&b, "%s: %s\n", name, strings.Join(strings.Fields(answer.body.String()), " "))
	}
	plain(w, status, b.String())
}

// kept is an answer that is looked at.
type kept struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (k *kept) Header() http.Header         { return k.header }
func (k *kept) WriteHeader(status int)      { k.status = status }
func (k *kept) Write(b []byte) (int, error) { return k.body.Write(b) }

func plain(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(text))
}

// say answers in words, in both languages: whose language it is no bureau can tell.
func say(w http.ResponseWriter, r *http.Request, status int, code, title, text, titleEN, textEN string) {
	head := w.Header()
	head.Set("Cache-Control", "no-store")
	head.Set("X-Content-Type-Options", "nosniff")
	head.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'")
	if strings.HasPrefix(r.URL.Path, "/api/") {
		head.Set("Content-Type", "application/problem+json")
		w.WriteHeader(status)
		fmt.Fprintf(w, `{"title":%q,"detail":%q,"status":%d,"code":%q}`, titleEN, textEN, status, code)
		return
	}
	head.Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	fmt.Fprintf(w, `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>%s</title>`+
		`<style>body{font:16px/1.7 system-ui,sans-serif;max-width:34rem;margin:15vh auto;padding:0 1rem;color:#1f2933}h1{font-size:1.5rem}[lang=en]{color:#52606d}</style>`+
		`<h1>%s</h1><p>%s</p><p lang="en"><b>%s.</b> %s</p></html>`, title, title, text, titleEN, textEN)
}
