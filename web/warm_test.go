package web_test

import (
	"context"
	"errors"
	"net/http/httptest"
	"reflect"
	"sync"
	"testing"
	"time"

	"dossier/engine"
	"dossier/engine/calendar"
	"dossier/engine/ledger"
	"dossier/engine/listing"
	"dossier/engine/plan"
	"dossier/engine/selfcheck"
	"dossier/engine/statistics"
	"dossier/seeds"
	"dossier/web"
	"dossier/web/page"
)

// scans is a store that counts what is scanned of it, by index.
type scans struct {
	ledger.Store
	sync.Mutex
	n map[string]int
}

func (s *scans) Scan(q ledger.Scan) ([]ledger.Entry, error) {
	s.Lock()
	defer s.Unlock()
	s.n[q.Index]++
	return s.Store.Scan(q)
}

func (s *scans) Records(kind, after string, limit int) ([]ledger.Record, error) {
	s.Lock()
	defer s.Unlock()
	s.n[kind]++
	return s.Store.Records(kind, after, limit)
}

// A self-check that remembers fewer files than it is asked about reads on record what it found, and finds the same.
func TestSelfCheckRemembersNoMore(t *testing.T) {
	b := newBureau(t)
	for _, name := range []string{"任县甲建筑有限公司", "任县乙建筑有限公司", "任县丙建筑有限公司"} {
		b.do("clerk", b.opened(name), "refer", nil)
	}
	b.now.set(b.now.time().AddDate(0, 2, 0))
	store := &scans{Store: b.Store, n: map[string]int{}}
	c := b.Config
	c.Store = store
	e, err := engine.New(c)
	if err != nil {
		t.Fatal(err)
	}
	q := selfcheck.Query{Of: "labour-case", From: calendar.Of(2026, 1, 1), To: calendar.Of(2026, 12, 31)}
	var want []selfcheck.Found
	for _, remember := range []int{0, 2} {
		book := &selfcheck.Book{Engine: e, Rules: seeds.Reviews(), Statistics: statistics.New(e, nil), Remember: remember}
		for n := range 3 {
			store.n[selfcheck.KindFound] = 0
			a, err := book.Files(t.Context(), "captain", q, e.Now().Add(time.Minute))
			if err != nil || len(a.Found) != 3 || a.Left != 0 {
				t.Fatalf("%+v, %v", a, err)
			}
			if want == nil {
				want = a.Found
			}
			if !reflect.DeepEqual(a.Found, want) {
				t.Errorf("remembering %d: %+v, want %+v", remember, a.Found, want)
			}
			if read := store.n[selfcheck.KindFound]; (read > 0) != (n == 0 || remember > 0) {
				t.Errorf("remembering %d, the %d-th time: %d readings", remember, n, read)
			}
		}
	}
}

// Pages that were warmed say what they say cold, after a commit too, and read nothing of the years again.
func TestWarm(t *testing.T) {
	b := newBureau(t)
	b.trainers()
	b.opened("任县甲建筑有限公司")
	b.atGate("任县乙建筑有限公司")
	store := &scans{Store: b.Store, n: map[string]int{}}
	restart := func() web.Handler {
		c := b.Config
		c.Store = store
		e, err := engine.New(c)
		if err != nil {
			t.Fatal(err)
		}
		b.srv.Close()
		b.Engine = e
		h := web.New(e, page.Options{Measures: seeds.Measures(), Registry: b.registry, Plans: &plan.Book{Engine: e, Quotas: seeds.Quotas(), Units: plan.Units(b.registry)}})
		b.srv = httptest.NewServer(h)
		store.n = map[string]int{}
		return h
	}
	years := func() int { return store.n[listing.IndexFact] + store.n[listing.IndexVisit] }
	look := func() (texts []string) {
		t.Helper()
		v := b.visit("captain")
		for _, at := range []string{"/", "/county", "/statistics", "/plans", "/cases"} {
			texts = append(texts, v.get(at).want(200).text("main"))
		}
		return texts
	}
	same := func(when string, warm, cold []string) {
		t.Helper()
		for i := range cold {
			if warm[i] != cold[i] {
				t.Errorf("%s:\n%s\ncold:\n%s", when, warm[i], cold[i])
			}
		}
	}
	restart()
	cold := look()
	if years() == 0 {
		t.Fatal("cold pages read no year")
	}
	if err := restart().Warm(t.Context()); err != nil {
		t.Fatal(err)
	}
	read := years()
	warm := look()
	if years() != read || read == 0 {
		t.Errorf("warmed by %d scans, the pages made %d", read, years()-read)
	}
	same("warmed", warm, cold)
	b.opened("任县丙建筑有限公司")
	warm = look()
	restart()
	same("after a commit", warm, look())

	over, stop := context.WithCancel(t.Context())
	stop()
	if err := restart().Warm(over); !errors.Is(err, context.Canceled) || years() != 0 {
		t.Errorf("stopped before it began: %v, %d scans", err, years())
	}
}
