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
	"net/http"
	"strings"
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
	address, turn := "http://"+l.Addr().String(), make(chan struct{}, 1)
	base := func(host string) string { return "http://" + host + address[strings.LastIndex(address, ":"):] }
	if a.has("https") {
		base = func(host string) string { return "https://" + host } // the proxy's
	}
	town := &bureaus.Town[*tenant]{Again: after(tryAgain), Last: after(lastAnswers),
		Build: func(b bureaus.Bureau, of int) *tenant {
			own := a
			own.values = maps.Clone(a.values)
			own.values["store"] = []string{b.URL}
			s := p.site(own, log.With("bureau", b.Host), measure.Of(b.Host))
			s.Bureau, s.conns, s.turn = b, max(2, mostConns/of), turn
			return &tenant{site: s, owner: "dossier serve, " + address, base: base(b.Host)}
		},
		Count: func(all []*tenant) http.Handler {
			var meters []*measure.Meter
			for _, t := range all {
				meters = append(meters, t.meter)
			}
			return measure.New(programVersion()).Handler(meters...)
		},
		Gone: func(t *tenant, fault error) { t.log.Info("the bureau isn't served any more", "err", fault) },
	}
	come, tried := town.Settle(ctx, all)
	said := make(chan error, 1)
	go func() {
		tried()
		said <- p.readyBureaus(a, address, firstTries(come)...)
	}()
	defer hangUp(ctx, func() {
		for _, t := range town.Tenants() {
			_ = t.reload(ctx)
		}
		all, err := readBureaus(file)
		if err != nil {
			log.Error("the file of the bureaus can't be read: all goes on as it was", "err", err)
			return
		}
		come, tried := town.Settle(ctx, all)
		log.Info("the file of the bureaus was read again", "bureaus", len(all), "new", len(come))
		if tried(); len(come) > 0 {
			_ = p.readyBureaus(a, "", firstTries(come)...)
		}
	})()
	err = listenUntil(ctx, l, town, log, func() {
		for _, t := range town.Tenants() {
			t.Ending()
		}
	})
	return errors.Join(err, town.End(), <-said)
}

func after(d time.Duration) func() <-chan time.Time {
	return func() <-chan time.Time { return time.After(d) }
}

// readBureaus reads the file, or says what is wrong with it.
func readBureaus(file string) ([]bureaus.Bureau, error) {
	all, err := bureaus.Read(file)
	if errors.As(err, new(*fs.PathError)) {
		return nil, unreadable("file-read", "why", cause(err), "where", file)
	}
	return all, err
}

// tenant is a bureau of several.
type tenant struct {
	*site
	owner, base string // what its store calls the process; how its addresses begin
	first       firstTry
}

// Settle opens the bureau, and says how that went.
func (t *tenant) Settle(ctx context.Context, first bool) error {
	link, err := t.settle(ctx, t.owner)
	said := firstTry{Host: t.Host}
	switch {
	case err != nil:
		said.Error = openingFault(err)
		t.log.Error("the bureau can't be opened: it is tried again", "err", err)
	case link != "":
		said.Setup = t.base + "/setup/" + link
	}
	if first {
		t.first = said
	} else if said.Setup != "" {
		_ = t.p.readyBureaus(t.a, "", said)
	}
	return err
}

func firstTries(of []*tenant) (all []firstTry) {
	for _, t := range of {
		all = append(all, t.first)
	}
	return all
}

// Close gives the data up.
func (t *tenant) Close() error { return t.close(nil) }

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
