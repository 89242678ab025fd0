package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"

	"dossier/documents"
	"dossier/engine/alert"
	"dossier/engine/health"
	"dossier/seeds"
	"dossier/store"
	"dossier/web"
	"dossier/web/measure"
	"dossier/web/page"
)

var reloadVerb = verb{help: `用法：dossier reload

重新读本局自己的文件（数据目录下的 workflows/、documents/、posts.yaml），不用重新启动。文件有错的，仍按原来的办理，并指出哪里有错。
没有服务在运行时只核对文件。发送 SIGHUP 是一样的。

例：
  dossier reload --data /srv/dossier
  systemctl reload dossier
`, run: reload}

// reload lets the process that serves the folder read the office's files again; where none serves it, they are only read.
func reload(ctx context.Context, p *process, a arguments) (err error) {
	if _, err := a.words("reload"); err != nil {
		return err
	}
	said := "文件没有错，启动服务时生效"
	if p.reload != nil {
		if err := p.reload(ctx); err != nil {
			return err
		}
		said = "已按本局现在的文件办理"
	} else {
		h, err := p.open(a, store.Options{Owner: "dossier reload"})
		if err != nil {
			return err
		}
		if err := errors.Join(h.faulty, h.close(nil)); err != nil {
			return err
		}
	}
	if a.has("json") {
		return json.NewEncoder(p.out).Encode(map[string]any{"reloaded": p.reload != nil})
	}
	_, err = fmt.Fprintln(p.out, said)
	return err
}

// site answers requests by a house, and puts another in its place while the server goes on.
type site struct {
	p     *process
	a     arguments
	log   *slog.Logger
	board *health.Board
	meter *measure.Meter
	mu    sync.Mutex // held by whoever puts a house in its place
	at    atomic.Pointer[atWork]
}

// atWork is a house at work.
type atWork struct {
	*house
	http.Handler
	stop   func() // ends its ticks
	ending func() // ends the requests that would go on for ever
}

// ServeHTTP answers by the house that is there now. What is under way when another comes goes on by the one before, on the
// same store.
func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.at.Load().ServeHTTP(w, r) }

// begin puts a house to work.
func (s *site) begin(h *house) error {
	h.watchFonts(s.board)
	alerts := &alert.Alerts{Engine: h.Engine}
	handler := web.New(h.Engine, page.Options{Alerts: alerts, Demo: s.a.has("demo"), Version: programVersion(), Log: s.log, Secure: s.a.has("https"), Board: s.board, Meter: s.meter,
		Reviews:  seeds.Reviews(),
		Measures: seeds.Measures(),
		Report:   seeds.ReportForm(),
		List:     seeds.Register(), Source: h.lib.source, Reload: s.reload,
		Registry: h.registry(), Plans: h.book(),
		Glyphs: documents.Glyphs{}, CodeOf: documents.CodeOf, Bind: binding(h.Engine)})
	stop, err := h.tick(alerts, s.log, s.board, s.meter)
	if err != nil {
		return err
	}
	s.at.Store(&atWork{h, handler, stop, alerts.Close})
	s.told(h.faulty)
	return nil
}

// told puts on the board how the office's own files were read.
func (s *site) told(fault error) { s.board.Set(health.Reload, "", fault, s.p.now()) }

// reload reads the office's own files again. Where they are at fault, all goes on as it was.
func (s *site) reload(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	was := s.at.Load()
	h, err := s.p.house(was.store, was.dir)
	if err == nil {
		err = h.faulty
	}
	if err == nil {
		err = h.lib.keep(ctx, h.Engine)
	}
	if err == nil {
		err = keepGood(h.dir)
	}
	if err != nil {
		s.told(err)
		return err
	}
	was.stop()
	defer was.ending()
	s.log.Info("the office's files were read again")
	return s.begin(h)
}

// close ends what the house does beside answering.
func (s *site) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.at.Load().stop()
}
