package storetest

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"dossier/engine/ledger"
)

// index writes entries "key=id" to an index, by one case each.
func index(t *testing.T, s ledger.Store, name string, entries ...string) {
	t.Helper()
	var c ledger.Commit
	w := record("holder", name, 0, "")
	for _, e := range entries {
		key, id, _ := strings.Cut(e, "=")
		w.Put = append(w.Put, ledger.Key{Index: name, Key: key, ID: id, Value: []byte("v" + e)})
	}
	c.Records = append(c.Records, w)
	commit(t, s, c)
}

func scan(t *testing.T, s ledger.Store, q ledger.Scan) []string {
	t.Helper()
	list := []string{}
	for _, e := range must[[]ledger.Entry](t)(s.Scan(q)) {
		list = append(list, e.Key.Key+"="+e.ID)
		if e.Index != q.Index || string(e.Value) != "v"+e.Key.Key+"="+e.ID || e.Cursor == "" {
			t.Errorf("entry %+v", e)
		}
	}
	return list
}

func scanBounds(t *testing.T, s ledger.Store) {
	index(t, s, "due", "2026-01-05=1", "2026-01-05=10", "2026-01-05=2", "2026-01-06=3", "2026-02-01=4", "2027-01-01=5")
	index(t, s, "du", "x=1")
	index(t, s, "due2", "x=1")
	index(t, s, "name", "=0", "a=1", "a\x01=2", "ab=3", "李=4", "李伟=5", "李\U00020BB7=6", "杨=7")
	for _, c := range []struct {
		q    ledger.Scan
		want string
	}{
		{ledger.Scan{Index: "due"}, "2026-01-05=1 2026-01-05=10 2026-01-05=2 2026-01-06=3 2026-02-01=4 2027-01-01=5"},
		{ledger.Scan{Index: "due", Desc: true}, "2027-01-01=5 2026-02-01=4 2026-01-06=3 2026-01-05=2 2026-01-05=10 2026-01-05=1"},
		{ledger.Scan{Index: "due", Prefix: "2026-01"}, "2026-01-05=1 2026-01-05=10 2026-01-05=2 2026-01-06=3"},
		{ledger.Scan{Index: "due", Prefix: "2026-01", Desc: true, Limit: 2}, "2026-01-06=3 2026-01-05=2"},
		{ledger.Scan{Index: "due", From: "2026-01-06"}, "2026-01-06=3 2026-02-01=4 2027-01-01=5"},
		{ledger.Scan{Index: "due", To: "2026-01-06"}, "2026-01-05=1 2026-01-05=10 2026-01-05=2"},
		{ledger.Scan{Index: "due", From: "2026-01-05", To: "2026-01-06", Limit: 1}, "2026-01-05=1"},
		{ledger.Scan{Index: "due", From: "2026-01-05", Desc: true}, "2026-01-05=2 2026-01-05=10 2026-01-05=1"},
		{ledger.Scan{Index: "due", From: "2026-02-01", To: "2026-01-05", Desc: true}, "2026-02-01=4 2026-01-06=3"},
		{ledger.Scan{Index: "due", Prefix: "2026-01-05", From: "2026-01-04", To: "2028"}, "2026-01-05=1 2026-01-05=10 2026-01-05=2"},
		{ledger.Scan{Index: "due", Prefix: "2026", From: "2030", Desc: true, Limit: 1}, "2026-02-01=4"},
		{ledger.Scan{Index: "due", From: "2027", To: "2026"}, ""},
		{ledger.Scan{Index: "due", Prefix: "2025"}, ""},
		{ledger.Scan{Index: "none", Desc: true}, ""},
		{ledger.Scan{Index: "name", Limit: 4}, "=0 a=1 a\x01=2 ab=3"},
		{ledger.Scan{Index: "name", From: "a", Desc: true}, "a=1 =0"},
		{ledger.Scan{Index: "name", To: "a", Desc: true, Prefix: "a"}, "ab=3 a\x01=2"},
		{ledger.Scan{Index: "name", Prefix: "李"}, "李=4 李伟=5 李\U00020BB7=6"},
		{ledger.Scan{Index: "name", From: "李", To: "李伟"}, "李=4"},
		{ledger.Scan{Index: "name", Prefix: "\xff"}, ""},
	} {
		if got := strings.Join(scan(t, s, c.q), " "); got != c.want {
			t.Errorf("%+v:\n got %q\nwant %q", c.q, got, c.want)
		}
	}
	if es, err := s.Scan(ledger.Scan{Index: "due", After: "not a cursor"}); err == nil {
		t.Errorf("a cursor that no store made: %d entries", len(es))
	}
}

// scanModel compares random scans of random short keys with a list.
func scanModel(t *testing.T, s ledger.Store) {
	r := rand.New(rand.NewPCG(1, 2))
	word := func() string {
		b := make([]rune, r.IntN(4))
		for i := range b {
			b[i] = []rune("\x01abz中\U0010FFFF")[r.IntN(6)]
		}
		return string(b)
	}
	type pair struct{ key, id string }
	set := map[pair]bool{}
	var entries []string
	for range 300 {
		p := pair{word(), word()}
		if !set[p] {
			set[p] = true
			entries = append(entries, p.key+"="+p.id)
		}
	}
	index(t, s, "m", entries...)
	var all []pair
	for p := range set {
		all = append(all, p)
	}
	slices.SortFunc(all, func(a, b pair) int { return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.id, b.id)) })
	for range 2000 {
		q := ledger.Scan{Index: "m", Prefix: word(), From: word(), To: word(), Limit: 1 + r.IntN(40), Desc: r.IntN(2) == 0}
		if r.IntN(2) == 0 {
			q.Prefix = ""
		}
		want := []string{}
		for i := range all {
			p := all[i]
			below, above := p.key < q.From, q.To != "" && p.key >= q.To
			if q.Desc {
				p = all[len(all)-1-i]
				below, above = q.From != "" && p.key > q.From, q.To != "" && p.key <= q.To
			}
			if strings.HasPrefix(p.key, q.Prefix) && !below && !above {
				want = append(want, p.key+"="+p.id)
			}
		}
		// page through the whole answer
		var got []string
		for {
			page := must[[]ledger.Entry](t)(s.Scan(q))
			for _, e := range page {
				got = append(got, e.Key.Key+"="+e.ID)
				q.After = e.Cursor
			}
			if len(page) < q.Limit {
				break
			}
		}
		if !slices.Equal(got, want) {
			t.Fatalf("%+v:\n got %q\nwant %q", q, got, want)
		}
	}
}

func scanPages(t *testing.T, s ledger.Store) {
	const n = 10_000
	var entries []string
	for i := range n {
		entries = append(entries, fmt.Sprintf("key%d=%05d", i/7%50, i))
	}
	index(t, s, "big", entries...)
	index(t, s, "bih", "key0=1")
	slices.SortFunc(entries, func(a, b string) int {
		ka, ia, _ := strings.Cut(a, "=")
		kb, ib, _ := strings.Cut(b, "=")
		return cmp.Or(cmp.Compare(ka, kb), cmp.Compare(ia, ib))
	})
	equal(t, "a scan without a limit", len(scan(t, s, ledger.Scan{Index: "big"})), 1000)
	for _, desc := range []bool{false, true} {
		for _, limit := range []int{7, 333, 1000, n, 2 * n} {
			var got []string
			for q := (ledger.Scan{Index: "big", Limit: limit, Desc: desc}); ; {
				page := must[[]ledger.Entry](t)(s.Scan(q))
				for _, e := range page {
					got = append(got, e.Key.Key+"="+e.ID)
				}
				if len(page) == 0 {
					break
				}
				q.After = page[len(page)-1].Cursor
			}
			if desc {
				slices.Reverse(got)
			}
			if !slices.Equal(got, entries) {
				t.Errorf("desc %v, pages of %d: %d entries, not the %d in their order", desc, limit, len(got), n)
			}
		}
	}
}

func scanCursor(t *testing.T, s ledger.Store) {
	index(t, s, "x", "a=1", "b=2", "c=3", "d=4")
	for _, desc := range []bool{false, true} {
		page := must[[]ledger.Entry](t)(s.Scan(ledger.Scan{Index: "x", Limit: 2, Desc: desc}))
		w := record("drop", fmt.Sprint(desc), 0, "")
		w.Drop = []ledger.Key{page[1].Key}
		commit(t, s, records(w))
		rest := scan(t, s, ledger.Scan{Index: "x", After: page[1].Cursor, Desc: desc})
		want := []string{"c=3", "d=4"}
		if desc {
			want = []string{"a=1"} // b went in the round before
		}
		equal(t, fmt.Sprintf("after the cursor, desc %v", desc), rest, want)
	}
}
