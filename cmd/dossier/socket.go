package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"dossier/store"
)

// socketName is where a serving process listens for the commands of others that find its folder owned.
const socketName = "dossier.sock"

// call is one command line that another process asks the owner to carry out.
type call struct {
	Args []string `json:"args"`
	Dir  string   `json:"dir"`          // the caller's working directory: the files that it names lie there
	In   []byte   `json:"in,omitempty"` // the password line of its standard input, where it gives one
}

// part is a piece of the answer: output, an error text, or at last the exit code.
type part struct {
	Out  []byte `json:"out,omitempty"`
	Err  []byte `json:"err,omitempty"`
	Done bool   `json:"done,omitempty"`
	Code int    `json:"code,omitempty"`
}

// insiders are the commands that the owner of a folder carries out for others. It serves and restores for nobody.
var insiders = []string{"verify", "backup", "user", "token", "print", "check", "bind", "calendar", "import", "export", "statistics", "reload"}

// listenInside opens the folder's socket, for its owner alone, and carries out what comes until the context ends.
func (p *process) listenInside(ctx context.Context, dir string, now func() *house, log *slog.Logger) (stop func(), err error) {
	if dir == "" {
		return func() {}, nil
	}
	name := filepath.Join(dir, socketName)
	_ = os.Remove(name) // of a process that was killed: the folder's lock is ours
	l, err := net.Listen("unix", name)
	if err != nil {
		log.Warn("commands of others can't be carried out while serving", "err", err)
		return func() {}, nil
	}
	if err := os.Chmod(name, 0o600); err != nil {
		return nil, errors.Join(err, l.Close())
	}
	var under sync.WaitGroup
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			under.Add(1)
			go func() {
				defer under.Done()
				defer c.Close()
				p.answer(ctx, now(), c)
			}()
		}
	}()
	return func() {
		l.Close()
		under.Wait()
	}, nil
}

// answer carries out one call on the open store and streams what it prints.
func (p *process) answer(ctx context.Context, h *house, c net.Conn) {
	_ = c.SetReadDeadline(time.Now().Add(10 * time.Second)) // the connection's own time, not the office's
	var ask call
	if err := json.NewDecoder(io.LimitReader(c, 1<<20)).Decode(&ask); err != nil {
		return
	}
	var mu sync.Mutex
	to := json.NewEncoder(c)
	send := func(x part) error {
		mu.Lock()
		defer mu.Unlock()
		return to.Encode(x)
	}
	inner := *p
	inner.ctx, inner.inside, inner.dir, inner.in = ctx, h, ask.Dir, bytes.NewReader(ask.In)
	inner.out = writer(func(b []byte) error { return send(part{Out: b}) })
	inner.err = writer(func(b []byte) error { return send(part{Err: b}) })
	code := 1
	if len(ask.Args) > 0 && slices.Contains(insiders, ask.Args[0]) {
		code = inner.run(ask.Args)
	}
	_ = send(part{Done: true, Code: code})
}

type writer func([]byte) error

func (w writer) Write(b []byte) (int, error) { return len(b), w(b) }

// handedOver lets the owner of the folder carry out the command, when there is one that listens. It tells whether it did,
// and the exit code.
func (p *process) handedOver(err error, a arguments, args []string) (code int, done bool) {
	if p.inside != nil || len(args) == 0 || store.Code(err) != "owned" || !slices.Contains(insiders, args[0]) {
		return 0, false
	}
	_, dir, err := a.place()
	if err != nil || dir == "" {
		return 0, false
	}
	c, err := net.Dial("unix", filepath.Join(dir, socketName))
	if err != nil {
		return 0, false
	}
	defer c.Close()
	wd, err := os.Getwd()
	if err != nil {
		return 0, false
	}
	ask := call{Args: args, Dir: wd}
	if a.has("password") {
		if ask.In, err = io.ReadAll(io.LimitReader(p.in, maxLine)); err != nil {
			return 0, false
		}
	}
	if err := json.NewEncoder(c).Encode(ask); err != nil {
		return 0, false
	}
	for from := json.NewDecoder(c); ; {
		var x part
		if err := from.Decode(&x); err != nil {
			return p.fail(unreadable("serving-broke", "where", dir), args), true
		}
		_, _ = p.out.Write(x.Out)
		_, _ = p.err.Write(x.Err)
		if x.Done {
			return x.Code, true
		}
	}
}

// path is a file that the command line names, seen from where the command was given.
func (p *process) path(name string) string {
	if p.dir == "" || name == "-" || filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(p.dir, name)
}

// same tells whether two names are of one folder.
func same(a, b string) bool {
	x, err := os.Stat(a)
	if err != nil {
		return false
	}
	y, err := os.Stat(b)
	return err == nil && os.SameFile(x, y)
}
