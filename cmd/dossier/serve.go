package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"dossier/documents"
	"dossier/engine/alert"
	"dossier/engine/change"
	"dossier/engine/health"
	"dossier/engine/paper"
	"dossier/seeds/demo"
	"dossier/store"
	"dossier/web/measure"
)

// defaultListen is where the pages are when nothing else is said.
const defaultListen = "127.0.0.1:8080"

var serveVerb = verb{help: `用法：dossier serve [--listen 地址:端口] [--demo]，dossier serve --bureaus 文件

打开网页与接口。就绪后打印地址，按 Ctrl+C 停止。首次运行打印一个一小时内有效的一次性链接，用来设置第一位管理员。

  --listen           默认 127.0.0.1:8080，只有本机能打开；对外服务请放在支持 HTTPS 的反向代理之后
  --https            由反向代理提供 HTTPS 的，加上这一项
  --log text|json    运行日志的格式，写到标准错误，默认 text
  --log-level 级别   debug、info、warn、error，默认 info：info 每个请求一行
  --bureaus 文件     一个进程服务几个局，各有各的网址和数据；文件的写法见 docs/operate.md 第八节
  --demo             空目录里先铺开一个演示县：各岗位人员、各环节案件；只能在本机打开；再次启动保留已有内容

例：
  dossier serve --demo
  dossier serve --data /srv/dossier --listen 10.1.2.3:8080 --https
  dossier serve --bureaus /etc/dossier/bureaus.yaml --https
`, options: []string{"listen", "log", "log-level", "bureaus"}, switches: []string{"demo", "https"}, run: serve}

// serve answers requests until the program is told to stop.
func serve(ctx context.Context, p *process, a arguments) (err error) {
	if _, err := a.words("serve"); err != nil {
		return err
	}
	listen, err := a.one("listen")
	if err != nil {
		return err
	}
	if listen == "" {
		listen = defaultListen
	}
	if a.has("bureaus") && (a.has("data") || a.has("store") || a.has("demo")) {
		return unreadable("bureaus-alone")
	}
	if a.has("demo") && !loopback(listen) {
		return unreadable("demo-listen", "where", "--listen "+listen)
	}
	log, err := p.log(a)
	if err != nil {
		return err
	}
	// The address is taken first: a second start fails before it touches the data.
	l, err := net.Listen("tcp", listen)
	if err != nil {
		return unreadable("listen", "why", cause(err), "where", "--listen "+listen)
	}
	defer l.Close()
	address := "http://" + l.Addr().String()
	if file, err := a.one("bureaus"); file != "" || err != nil {
		if err != nil {
			return err
		}
		return p.serveBureaus(ctx, l, a, log, file)
	}
	at := p.site(a, log, measure.New(programVersion()))
	at.Secrets = alert.Secrets{MailPassword: os.Getenv("DOSSIER_MAIL_PASSWORD"), WeCom: os.Getenv("DOSSIER_WECOM_SECRET"), DingTalk: os.Getenv("DOSSIER_DINGTALK_SECRET")}
	link, err := at.settle(ctx, "dossier serve, "+address)
	if err != nil {
		return err
	}
	defer func() { err = at.close(err) }()
	defer hangUp(ctx, func() { _ = at.reload(ctx) })()
	if err := p.ready(a, address, link); err != nil {
		return err
	}
	return listenUntil(ctx, l, at, log, at.Ending)
}

// hangUp lets SIGHUP read again what there is to read.
func hangUp(ctx context.Context, again func()) (stop func()) {
	hup := make(chan os.Signal, 1)
	signal.Notify(hup, syscall.SIGHUP)
	go func() {
		for {
			select {
			case <-ctx.Done():
				return
			case <-hup:
			}
			again()
		}
	}()
	return func() { signal.Stop(hup) }
}

// soon is how long the first answer waits for what the program brings to be on record: a small office never sees it missing.
const soon = 100 * time.Millisecond

// bring puts on record what this program brings. Where it brings another schedule or setting than the program before, each case
// is counted anew: in a large office that goes on behind the first answers. Pages and acts go by what is on record until all is counted.
// What fails later stands on the board; a later start tries again, and counts from the beginning. end stops it and waits.
func bring(ctx context.Context, h *house, log *slog.Logger, board *health.Board) (end func(), err error) {
	ctx, cancel := context.WithCancel(ctx)
	done, began := make(chan struct{}), h.Now()
	var failed error
	go func() {
		defer close(done)
		var moves []change.Move
		if moves, failed = change.Bring(ctx, h.Engine); failed == nil {
			failed = change.IndexAnew(ctx, h.Engine)
		}
		if ctx.Err() == nil {
			board.Set(health.Pass, "bring", failed, h.Now())
		}
		if failed == nil && (len(moves) > 0 || h.Now().Sub(began) > soon) {
			log.Info("what this program brings is on record: due days have moved", "cases", len(moves))
		}
	}()
	end = func() { cancel(); <-done }
	select {
	case <-done:
		cancel()
		return end, failed
	case <-time.After(soon):
		log.Info("this program brings other settings, schedules or keys than the one before: cases are counted anew; acts go by those of before until then")
		return end, nil
	}
}

// watchFonts puts on the board how the font files stand that settings name: now, and whenever one is opened for a paper.
func (h *house) watchFonts(board *health.Board) {
	r, ok := h.Engine.Renderer.(*documents.Renderer)
	if !ok {
		return
	}
	r.TellFonts(func(file string, err error) { board.Set(health.Font, file, err, h.Now()) })
	for name := range h.Office().Settings() {
		if file := h.Office().Text(name, h.Today()); file != "" && strings.HasPrefix(name, paper.FontSetting) {
			r.Font(file)
		}
	}
}

// storeFault puts what a call of the store ended with on the board: a write that went well ends what kept writes from it.
func storeFault(board *health.Board, err error, at time.Time) {
	is := health.Of(err)
	for _, code := range []health.Code{health.Full, health.Away, health.Damaged, health.Skew} {
		switch {
		case code == is:
			board.Set(code, "", err, at)
		case err == nil && code != health.Damaged: // what is damaged stays so
			board.Set(code, "", nil, at)
		}
	}
}

// log is the running log as --log and --log-level ask for it.
func (p *process) log(a arguments) (*slog.Logger, error) {
	form, err := a.one("log")
	if err != nil {
		return nil, err
	}
	word, err := a.one("log-level")
	if err != nil {
		return nil, err
	}
	opt := &slog.HandlerOptions{}
	if word != "" {
		var level slog.Level
		if level.UnmarshalText([]byte(word)) != nil {
			return nil, unreadable("log-level", "where", "--log-level "+word)
		}
		opt.Level = level
	}
	switch form {
	case "", "text":
		return slog.New(slog.NewTextHandler(p.err, opt)), nil
	case "json":
		return slog.New(slog.NewJSONHandler(p.err, opt)), nil
	}
	return nil, unreadable("log-form", "where", "--log "+form)
}

// openServed opens the data for serving: with --demo the demo county, filled where the folder is empty; without, a folder
// that isn't one.
func (p *process) openServed(a arguments, opt store.Options) (*house, error) {
	if a.has("demo") {
		return p.openDemo(a, opt)
	}
	h, err := p.open(a, opt)
	if err != nil {
		return nil, err
	}
	there, err := countyOf(h.store)
	if err == nil && there != nil {
		err = unreadable("demo-folder", "where", cmp.Or(h.dir, "--store"))
	}
	if err != nil {
		return nil, h.close(err)
	}
	return h.settled(p.ctx)
}

// settled puts what the house reads on record, and keeps it as the last that was good.
func (h *house) settled(ctx context.Context) (*house, error) {
	err := h.lib.keep(ctx, h.Engine)
	if err == nil && h.faulty == nil {
		err = keepGood(h.dir)
	}
	if err != nil {
		return nil, h.close(err)
	}
	return h, nil
}

// loopback tells whether an address to listen on can be reached from this machine only.
func loopback(listen string) bool {
	host, _, err := net.SplitHostPort(listen)
	if err != nil {
		return false
	}
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// ready says where the pages are, and who can sign in.
func (p *process) ready(a arguments, address, link string) error {
	if a.has("json") {
		out := map[string]any{"address": address}
		if link != "" {
			out["setup"] = address + "/setup/" + link
		}
		return json.NewEncoder(p.out).Encode(out)
	}
	var b strings.Builder
	if a.has("demo") {
		fmt.Fprintf(&b, "演示县的人员，密码都是 %s：\n", demoPassword)
		for _, u := range demo.People() {
			fmt.Fprintf(&b, "  %-10s %s　%s\n", u.ID, u.Name, u.Section)
		}
		b.WriteString("\n")
	}
	if link != "" {
		fmt.Fprintf(&b, "还没有管理员，请在一小时内打开：\n  %s/setup/%s\n\n", address, link)
	}
	fmt.Fprintf(&b, "案卷已就绪：%s\n", address)
	_, err := p.out.Write([]byte(b.String()))
	return err
}

// lastAnswers is how long what is being answered is waited for.
const lastAnswers = 20 * time.Second

// listenUntil answers requests until the context ends, then lets those under way come to their end; ending ends those that
// would go on for ever.
func listenUntil(ctx context.Context, l net.Listener, handler http.Handler, log *slog.Logger, ending func()) error {
	s := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 5 * time.Minute, WriteTimeout: 5 * time.Minute,
		IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn)}
	s.RegisterOnShutdown(ending)
	failed := make(chan error, 1)
	go func() { failed <- s.Serve(l) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	last, cancel := context.WithTimeout(context.Background(), lastAnswers)
	defer cancel()
	if err := s.Shutdown(last); err != nil {
		return errors.Join(failing(err, "cut-off", "fault", err), s.Close())
	}
	return nil
}
