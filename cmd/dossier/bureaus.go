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
// keeps none of the others waiting, and is tried again.
func (p *process) serveBureaus(ctx context.Context, l net.Listener, a arguments, log *slog.Logger, file string) error {
	all, err := bureaus.Read(file)
	if errors.As(err, new(*fs.PathError)) {
		return unreadable("file-read", "why", cause(err), "where", file)
	}
	if err != nil {
		return err
	}
	address, hosts, done := "http://"+l.Addr().String(), bureaus.NewHosts(all), make(chan struct{})
	scheme, port := "http://", address[strings.LastIndex(address, ":"):]
	if a.has("https") {
		scheme, port = "https://", "" // the proxy's
	}
	var tried, served sync.WaitGroup
	tries, faults := make([]firstTry, len(all)), make([]error, len(all)+1)
	var sites []*site
	var meters []*measure.Meter
	for i, b := range all {
		own := a
		own.values = maps.Clone(a.values)
		own.values["store"] = []string{b.URL}
		s := p.site(own, log.With("bureau", b.Host), measure.Of(b.Host))
		s.Bureau, s.conns = b, max(2, mostConns/len(all))
		sites, meters = append(sites, s), append(meters, s.meter)
		tried.Add(1)
		served.Go(func() {
			for first := true; ctx.Err() == nil || first; first = false {
				link, err := s.settle(ctx, "dossier serve, "+address)
				t := firstTry{Host: b.Host}
				switch {
				case err != nil:
					t.Error = openingFault(err)
					s.log.Error("the bureau can't be opened: it is tried again", "err", err)
				case link != "":
					t.Setup = scheme + b.Host + port + "/setup/" + link
				}
				if first {
					tries[i] = t
					tried.Done()
				} else if t.Setup != "" {
					_ = p.readyBureaus(a, "", t)
				}
				if err == nil {
					hosts.Open(b.Host, s)
					<-done
					faults[i] = s.close(nil)
					return
				}
				select {
				case <-ctx.Done():
				case <-time.After(tryAgain):
				}
			}
		})
	}
	hosts.Metrics = measure.New(programVersion()).Handler(meters...)
	defer hangUp(ctx, sites...)()
	served.Go(func() {
		tried.Wait()
		faults[len(all)] = p.readyBureaus(a, address, tries...)
	})
	err = listenUntil(ctx, l, hosts, log, func() {
		for _, s := range sites {
			s.ending()
		}
	})
	close(done)
	served.Wait()
	return errors.Join(append(faults, err)...)
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
