package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"dossier/documents"
	"dossier/engine/access"
	"dossier/engine/alert"
	"dossier/engine/health"
	"dossier/engine/ledger"
	"dossier/engine/tick"
	"dossier/seeds"
	"dossier/store"
	"dossier/web"
	"dossier/web/bureaus"
	"dossier/web/measure"
	"dossier/web/page"
)

var reloadVerb = verb{help: `用法：dossier reload

重新读本局自己的文件（数据目录下的 workflows/、documents/、posts.yaml），不用重新启动。文件有错的，仍按原来的办理，并指出哪里有错。
没有服务在运行时只核对文件。发送 SIGHUP 是一样的。

  --bureaus 文件     核对几个局的文件（serve --bureaus）；正在运行的服务收到 SIGHUP 时改用它：
                     新写的局打开，去掉的局办完手上的请求后关闭，改了的局重新打开；文件有错的，仍按原来的

例：
  dossier reload --data /srv/dossier
  dossier reload --bureaus /etc/dossier/bureaus.yaml && systemctl reload dossier
`, options: []string{"bureaus"}, run: reload}

// reload lets the process that serves the folder read the office's files again; where none serves it, they are only read.
func reload(ctx context.Context, p *process, a arguments) (err error) {
	if _, err := a.words("reload"); err != nil {
		return err
	}
	said, file := "文件没有错，启动服务时生效", ""
	if file, err = a.one("bureaus"); err != nil {
		return err
	} else if file != "" && (a.has("data") || a.has("store")) {
		return unreadable("bureaus-alone")
	} else if file != "" {
		if _, err := readBureaus(p.path(file)); err != nil {
			return err
		}
		said = "文件没有错，服务启动时或者收到 SIGHUP（systemctl reload dossier）时生效"
	} else if p.reload != nil {
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
		return json.NewEncoder(p.out).Encode(map[string]any{"reloaded": file == "" && p.reload != nil})
	}
	_, err = fmt.Fprintln(p.out, said)
	return err
}

// site is a bureau that this process serves: it answers requests by a house, and puts another in its place while the server
// goes on.
type site struct {
	bureaus.Bureau // what the file of several says of it
	p              *process
	a              arguments
	log            *slog.Logger
	board          *health.Board
	meter          *measure.Meter
	conns          int           // see [store.Options]
	turn           chan struct{} // see [house]
	store          ledger.Store  // nil: it isn't open
	ends           []func()      // what close does before it gives the store up, the last first
	mu             sync.Mutex    // held by whoever puts a house in its place
	at             atomic.Pointer[atWork]
}

// atWork is a house at work.
type atWork struct {
	*house
	http.Handler
	stop   func() // ends what it does beside answering
	ending func() // ends the requests that would go on for ever
}

// ServeHTTP answers by the house that is there now. What is under way when another comes goes on by the one before, on the
// same store.
func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.at.Load().ServeHTTP(w, r) }

// Ending ends the requests that would go on for ever.
func (s *site) Ending() {
	if at := s.at.Load(); at != nil {
		at.ending()
	}
}

// site makes the bureau whose data the arguments name; it isn't open yet.
func (p *process) site(a arguments, log *slog.Logger, meter *measure.Meter) *site {
	own := *p
	s := &site{p: &own, a: a, log: log, meter: meter}
	s.board = &health.Board{Told: func(f health.Fault, ended bool) {
		if ended {
			log.Info("well again", "fault", f.Code, "what", f.What)
			return
		}
		log.Error("fault", "fault", f.Code, "what", f.What, "err", f.Says)
	}}
	own.watch = func(op string, took time.Duration, err error) {
		meter.Store(op, took, err)
		storeFault(s.board, err, own.now())
	}
	own.reload = s.reload
	return s
}

// settle opens the data and puts the house to work. link lets the first administrator in, "" where there is one. What it has
// opened, close ends.
func (s *site) settle(ctx context.Context, owner string) (link string, err error) {
	h, err := s.p.openServed(s.a, store.Options{Create: true, Owner: owner, Conns: s.conns})
	if err != nil {
		return "", err
	}
	s.store = h.store
	defer func() {
		if err != nil {
			err = s.close(err)
		}
	}()
	brought, err := bring(ctx, h, s.log, s.board)
	if err != nil {
		return "", err
	}
	s.ends = append(s.ends, brought)
	if link, err = access.FirstLink(ctx, h.Engine); err != nil {
		return "", err
	}
	if err := s.begin(h); err != nil {
		return "", err
	}
	s.ends = append(s.ends, s.rest)
	inside, err := s.p.listenInside(ctx, h.dir, func() *house { return s.at.Load().house }, s.log)
	if err != nil {
		return "", err
	}
	s.ends = append(s.ends, inside)
	return link, nil
}

// begin puts a house to work.
func (s *site) begin(h *house) error {
	h.watchFonts(s.board)
	h.host, h.turn = s.Host, s.turn
	alerts := &alert.Alerts{Engine: h.Engine, Secrets: s.Secrets}
	handler := web.New(h.Engine, page.Options{Alerts: alerts, Demo: s.a.has("demo"), Version: programVersion(), Log: s.log, Secure: s.a.has("https"), Board: s.board, Meter: s.meter,
		Reviews:  seeds.Reviews(),
		Measures: seeds.Measures(),
		Report:   seeds.ReportForm(),
		List:     seeds.Register(), Source: h.lib.source, Reload: s.reload,
		Registry: h.registry(), Plans: h.book(), Counties: s.Counties,
		Glyphs: documents.Glyphs{}, CodeOf: documents.CodeOf, Bind: binding(h.Engine)})
	stop, err := h.tick(alerts, s.log, s.board, s.meter)
	if err != nil {
		return err
	}
	cold := tick.Behind(handler.Warm, func(err error) { s.log.Warn("what the first pages ask for can't be read", "err", err) })
	s.at.Store(&atWork{h, handler, func() { cold(); stop() }, alerts.Close})
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
	if was == nil {
		return nil // they will be read when it is opened
	}
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
		s.log.Error("the office's files can't be read: all goes on as it was", "err", err)
		return err
	}
	was.stop()
	defer was.ending()
	s.log.Info("the office's files were read again")
	return s.begin(h)
}

// rest ends what the house does beside answering.
func (s *site) rest() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.at.Load().stop()
}

// close ends everything and gives the store up; an error of before goes first.
func (s *site) close(err error) error {
	for _, end := range slices.Backward(s.ends) {
		end()
	}
	s.ends = nil
	return errors.Join(err, s.store.Close())
}
