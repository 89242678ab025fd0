package bureaus

import (
	"bytes"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"

	"dossier/web/measure"
)

// Hosts gives each request to the bureau whose host name it was sent to. It is used concurrently.
type Hosts struct {
	Metrics http.Handler // what all of them count, for this machine alone

	names []string // in the order of the file
	mu    sync.RWMutex
	at    map[string]http.Handler // nil: it can't be opened now
}

// NewHosts has none of the bureaus open yet.
func NewHosts(bureaus []Bureau) *Hosts {
	h := &Hosts{at: map[string]http.Handler{}}
	for _, b := range bureaus {
		h.names = append(h.names, b.Host)
		h.at[b.Host] = nil
	}
	return h
}

// Open lets a bureau answer from now on.
func (h *Hosts) Open(host string, bureau http.Handler) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.at[host] = bureau
}

// ServeHTTP goes by the host name alone. What asks for none of the bureaus learns nothing of them: it may ask whether the
// process runs and is ready, and from this machine what is counted.
func (h *Hosts) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name := hostOf(r.Host)
	h.mu.RLock()
	bureau, known := h.at[name]
	h.mu.RUnlock()
	switch {
	case bureau != nil:
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
		h.Metrics.ServeHTTP(w, r)
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
	for _, name := range h.names {
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
