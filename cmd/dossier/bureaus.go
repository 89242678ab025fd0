package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"maps"
	"net"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"

	"dossier/store"
	"dossier/web/bureaus"
	"dossier/web/measure"
)

// tryAgain is how long a bureau that can't be opened waits for the next try.
var tryAgain = 30 * time.Second

// mostConns is by how many connections all bureaus together read databases; each has two at least.
const mostConns = 40

// firstTry is how the first try to open a bureau went.
type firstTry struct {
	Host  string `json:"host"`
	Setup string `json:"setup,omitempty"` // lets its first administrator in
	Error string `json:"error,omitempty"`
}

// serveBureaus serves each bureau of the file by its host name until the program is told to stop. One that can't be opened
// keeps none of the others waiting, and is tried again. SIGHUP reads the file again, and the offices' own files.
func (p *process) serveBureaus(ctx context.Context, l net.Listener, a arguments, log *slog.Logger, file string) error {
	all, err := readBureaus(file)
	if err != nil {
		return err
	}
	t := &town{process: p, ctx: ctx, a: a, log: log, file: file, address: "http://" + l.Addr().String(), at: map[string]*tenant{}, turn: make(chan struct{}, 1)}
	first := t.settle(all)
	said := make(chan error, 1)
	go func() { said <- p.readyBureaus(a, t.address, first()...) }()
	defer hangUp(ctx, func() {
		for _, s := range t.sites() {
			s.again(ctx)
		}
		if err := t.reread(); err != nil {
			log.Error("the file of the bureaus can't be read: all goes on as it was", "err", err)
		}
	})()
	err = listenUntil(ctx, l, &t.hosts, log, func() {
		for _, s := range t.sites() {
			s.ending()
		}
	})
	return errors.Join(err, t.end(), <-said)
}

// readBureaus reads the file, or says what is wrong with it.
func readBureaus(file string) ([]bureaus.Bureau, error) {
	all, err := bureaus.Read(file)
	if errors.As(err, new(*fs.PathError)) {
		return nil, unreadable("file-read", "why", cause(err), "where", file)
	}
	return all, err
}

// town is the bureaus that this process serves, as their file last named them without a fault.
type town struct {
	*process
	ctx     context.Context
	a       arguments
	log     *slog.Logger
	file    string
	address string
	hosts   bureaus.Hosts
	turn    chan struct{} // see [house]

	mu sync.Mutex         // held by whoever changes who is here
	at map[string]*tenant // by their hosts; nil: the end has come
}

// tenant is a bureau that is served, or tried.
type tenant struct {
	*site
	leave chan struct{} // closed when it has to go
	gone  chan struct{} // closed when its store is given up
	fault error         // of that
}

// sites are the bureaus that are here.
func (t *town) sites() []*site {
	t.mu.Lock()
	defer t.mu.Unlock()
	var all []*site
	for _, host := range slices.Sorted(maps.Keys(t.at)) {
		all = append(all, t.at[host].site)
	}
	return all
}

// reread reads the file again: a bureau that it names no more, or otherwise, goes once what it is answering is answered; one that is new comes. A
// file that is at fault changes nothing.
func (t *town) reread() error {
	all, err := readBureaus(t.file)
	if err != nil {
		return err
	}
	tries := t.settle(all)()
	t.log.Info("the file of the bureaus was read again", "bureaus", len(all), "new", len(tries))
	if len(tries) > 0 {
		err = t.readyBureaus(t.a, "", tries...)
	}
	return err
}

// settle has these bureaus and no others; those that are new are opened beside one another, and first waits for how that went.
func (t *town) settle(all []bureaus.Bureau) (first func() []firstTry) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.at == nil {
		return func() []firstTry { return nil }
	}
	var going sync.WaitGroup
	for host, here := range t.at {
		if !slices.ContainsFunc(all, func(b bureaus.Bureau) bool { return reflect.DeepEqual(b, here.Bureau) }) {
			delete(t.at, host)
			going.Go(func() { t.remove(here) })
		}
	}
	going.Wait() // its folder may be another's from now on
	var tries []chan firstTry
	var meters []*measure.Meter
	var come []func()
	for _, b := range all {
		if t.at[b.Host] == nil {
			own := t.a
			own.values = maps.Clone(t.a.values)
			own.values["store"] = []string{b.URL}
			s := t.site(own, t.log.With("bureau", b.Host), measure.Of(b.Host))
			s.Bureau, s.conns, s.turn = b, max(2, mostConns/len(all)), t.turn
			here, tried := &tenant{site: s, leave: make(chan struct{}), gone: make(chan struct{})}, make(chan firstTry, 1)
			t.at[b.Host], tries = here, append(tries, tried)
			come = append(come, func() { t.live(here, tried) })
		}
		meters = append(meters, t.at[b.Host].meter)
	}
	t.hosts.Name(all, measure.New(programVersion()).Handler(meters...))
	for _, live := range come {
		go live()
	}
	return func() []firstTry {
		var said []firstTry
		for _, tried := range tries {
			said = append(said, <-tried)
		}
		return said
	}
}

// live opens a bureau, and tries again where it can't, until it has to leave. How the first try went is told.
func (t *town) live(here *tenant, tried chan<- firstTry) {
	defer close(here.gone)
	ctx, cancel := context.WithCancel(t.ctx)
	defer cancel()
	scheme, port := "http://", t.address[strings.LastIndex(t.address, ":"):]
	if t.a.has("https") {
		scheme, port = "https://", "" // the proxy's
	}
	for first := true; ; first = false {
		link, err := here.settle(ctx, "dossier serve, "+t.address)
		said := firstTry{Host: here.Host}
		switch {
		case err != nil:
			said.Error = openingFault(err)
			here.log.Error("the bureau can't be opened: it is tried again", "err", err)
		case link != "":
			said.Setup = scheme + here.Host + port + "/setup/" + link
		}
		if err == nil {
			t.hosts.Open(here.Host, here)
		}
		if first {
			tried <- said
		} else if said.Setup != "" {
			_ = t.readyBureaus(t.a, "", said)
		}
		if err == nil {
			<-here.leave
			here.fault = here.close(nil)
			return
		}
		select {
		case <-here.leave:
			return
		case <-time.After(tryAgain):
		}
	}
}

// remove ends a bureau once what it is answering is answered.
func (t *town) remove(here *tenant) {
	idle := t.hosts.Close(here.Host)
	here.ending()
	select {
	case <-idle:
	case <-time.After(lastAnswers):
	}
	close(here.leave)
	<-here.gone
	if here.fault != nil {
		here.log.Error("the bureau isn't served any more, and did not end well", "err", here.fault)
		return
	}
	here.log.Info("the bureau isn't served any more")
}

// end gives every store up; nothing is answered any more.
func (t *town) end() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	var faults error
	for _, here := range t.at {
		close(here.leave)
	}
	for _, here := range t.at {
		<-here.gone
		faults = errors.Join(faults, here.fault)
	}
	t.at = nil
	return faults
}

// openingFault is why a bureau can't be opened, as its operator reads it.
func openingFault(err error) string {
	if open := store.OpenError(nil); errors.As(err, &open) {
		return unopened(open)
	}
	return reason(err)
}

// readyBureaus says where they are, who of them can't be opened, and who can sign in; without an address it says the latter alone.
func (p *process) readyBureaus(a arguments, address string, tries ...firstTry) error {
	if a.has("json") {
		return json.NewEncoder(p.out).Encode(map[string]any{"address": address, "bureaus": tries})
	}
	var b strings.Builder
	for _, t := range tries {
		switch {
		case t.Error != "":
			fmt.Fprintf(&b, "%s 打不开，每半分钟再试一次：%s\n", t.Host, t.Error)
		case t.Setup != "":
			fmt.Fprintf(&b, "%s 还没有管理员，请在一小时内打开：\n  %s\n", t.Host, t.Setup)
		}
	}
	if address != "" {
		fmt.Fprintf(&b, "案卷已就绪：%s\n", address)
	}
	_, err := p.out.Write([]byte(b.String()))
	return err
}
