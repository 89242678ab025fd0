package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"dossier/documents"
	"dossier/documents/bind"
	"dossier/engine"
	"dossier/engine/alert"
	"dossier/engine/ledger"
	"dossier/engine/office"
	"dossier/engine/plan"
	"dossier/engine/procedure"
	"dossier/engine/registry"
	"dossier/engine/text"
	"dossier/seeds"
	"dossier/store"
)

// defaultData is the folder that is meant when none is named.
const defaultData = "dossier-data"

// dataHelp ends the help of every command that works on the office's data.
const dataHelp = `
  --data 目录        数据目录，默认 ./dossier-data
  --store 地址       数据库地址，如 bolt:/srv/dossier、postgres://dossier@db/dossier?schema=renxian，代替 --data
  --json             输出JSON
`

// verb is a command that works on the office's data: its help, what it takes beside --data, --store and --json, and what
// it does.
type verb struct {
	help     string
	options  []string // that take a value
	switches []string
	run      func(ctx context.Context, p *process, a arguments) error
}

// command makes a verb one of the program's commands.
func (v verb) command() command {
	return func(p *process, args []string) error {
		a, err := readArguments(args, append([]string{"data", "store"}, v.options...), append([]string{"json"}, v.switches...))
		if err != nil {
			return err
		}
		a.given = args
		if a.has("help") {
			_, err := p.out.Write([]byte(v.help + dataHelp))
			return err
		}
		return v.run(p.ctx, p, a)
	}
}

// named is the command of that name: where the folder is owned by a serving process, that process carries it out.
func (v verb) named(name ...string) command {
	run := v.run
	v.run = func(ctx context.Context, p *process, a arguments) error {
		err := run(ctx, p, a)
		if err == nil {
			return nil
		}
		if code, done := p.handedOver(err, a, slices.Concat(name, a.given)); done {
			return &handedError{code}
		}
		return err
	}
	return v.command()
}

// handedError ends a command that another process has carried out: all was said.
type handedError struct{ code int }

func (e *handedError) Error() string { return "carried out by the owner of the folder" }

// place is where the data are: a store's URL and, when that is a folder, its name.
func (a arguments) place() (url, dir string, err error) {
	dir, err = a.one("data")
	if err != nil {
		return "", "", err
	}
	if url, err = a.one("store"); err != nil {
		return "", "", err
	}
	switch {
	case url != "" && dir != "":
		return "", "", unreadable("two-places")
	case url != "":
		dir, _ = strings.CutPrefix(url, "bolt:")
		if dir == url {
			dir = ""
		}
		return url, dir, nil
	case dir == "":
		dir = defaultData
	}
	return "bolt:" + dir, dir, nil
}

// house is an open store with the engine that works on it.
type house struct {
	*engine.Engine
	store ledger.Store
	dir   string        // "" where the store is no folder
	host  string        // of the bureau, where the process serves several
	turn  chan struct{} // holds one token while a bureau of the process backs up: one after another; nil: it is alone
	lib   *library

	faulty error // what is wrong with the office's own files: the library is the last good one

	plans *plan.Book // one for all who ask: what it has read of the cases is read once
}

// registry is who is supervised.
func (h *house) registry() *registry.Registry { return registry.New(h.Engine, h.lib.kinds) }

// book is the office's quotas with what its record says of them.
func (h *house) book() *plan.Book {
	if h.plans == nil {
		h.plans = &plan.Book{Engine: h.Engine, Quotas: seeds.Quotas(), Units: plan.Units(h.registry())}
	}
	return h.plans
}

// close gives the store up; an error of before goes first.
func (h *house) close(err error) error { return errors.Join(err, h.store.Close()) }

// open opens the data that the arguments name, and the engine on them.
func (p *process) open(a arguments, opt store.Options) (*house, error) {
	s, dir, err := p.openStore(a, opt)
	if err != nil {
		return nil, err
	}
	if h := p.inside; h != nil {
		return &house{Engine: h.Engine, store: s, dir: dir, lib: h.lib}, nil
	}
	h, err := p.house(s, dir)
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return h, nil
}

// openStore opens the store that the arguments name; the process that serves it lends its own.
func (p *process) openStore(a arguments, opt store.Options) (s ledger.Store, dir string, err error) {
	url, dir, err := a.place()
	if err != nil {
		return nil, "", err
	}
	if h := p.inside; h != nil {
		if dir = p.path(dir); !same(dir, h.dir) {
			return nil, "", unreadable("other-folder", "where", dir)
		}
		return lent{h.store}, h.dir, nil
	}
	opt.Now = p.now
	s, err = store.Open(url, opt)
	return s, dir, err
}

// house makes the engine on an open store, with the procedures that the program brings, those of the folder, and those
// that cases on record rest on.
func (p *process) house(s ledger.Store, dir string) (*house, error) {
	lib, faulty, err := goodLibrary(dir)
	if err != nil {
		return nil, err
	}
	if faulty != nil {
		fmt.Fprintf(p.err, "dossier: %s\n%s\n", said("own-faulty", "where", dir), text.Told(text.ZH, faulty))
	}
	if err := lib.recall(s, p.err); err != nil {
		return nil, err
	}
	watched := s
	if p.watch != nil {
		watched = store.Watched{Store: s, Now: p.now, Tell: p.watch}
	}
	e, err := engine.New(engine.Config{Store: watched, Renderer: renderer(lib.blanks, dir), Editions: lib.editions, Calendar: p.calendar,
		Settings: seeds.Settings(), Groups: seeds.Groups(), Regimes: seeds.Quotas().Told(), Book: seeds.Standards(), Renewed: seeds.Renewed, Act: seeds.StandardsAct, Clauses: seeds.Clauses(), Now: p.now, Random: rand.Reader, Listings: alert.Listings, Blanks: formsOf(lib.blanks), Pages: bind.Pages})
	if err != nil {
		return nil, err
	}
	e.KeepTime()
	return &house{Engine: e, store: s, dir: dir, lib: lib, faulty: faulty}, nil
}

// renderer draws with the forms, and with the office's own fonts from the folder fonts beside the data.
func renderer(blanks map[procedure.FormID]*documents.Blank, dir string) *documents.Renderer {
	r := documents.NewRenderer(blanks)
	if dir != "" {
		r.WithFonts(os.DirFS(filepath.Join(dir, "fonts")))
	}
	return r
}

// lent is a store that belongs to the serving process: a command gives it back open.
type lent struct{ ledger.Store }

// Close gives the store back.
func (lent) Close() error { return nil }

// person is the user whom --as names; "" is the operator at the command line.
func (h *house) person(a arguments) (office.PersonID, error) {
	text, err := a.one("as")
	if err != nil || text == "" {
		return "", err
	}
	id := office.PersonID(text)
	if p := h.Office().Person(id); p == nil || !p.Active(h.Today()) {
		return "", unreadable("nobody", "where", "--as "+text)
	}
	return id, nil
}

// words are the words that belong to no option, as many as are named.
func (a arguments) words(command string, names ...string) ([]string, error) {
	if len(a.rest) != len(names) {
		return nil, unreadable("not-taken", "where", strings.TrimSpace(command+" "+strings.Join(a.rest, " ")),
			"usage", strings.TrimSpace(command+" "+strings.Join(names, " ")))
	}
	return a.rest, nil
}

// office is the folder whose own procedures and forms a command reads beside ours, "" without --data.
func (a arguments) office() (string, error) {
	dir, err := a.one("data")
	if err != nil || dir == "" {
		return "", err
	}
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return "", unreadable("no-folder", "where", "--data "+dir)
	}
	return dir, nil
}
