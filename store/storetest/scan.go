package storetest

import (
	"cmp"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

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
			page := both(t, s, q)
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

// scanLeads: behind each entry those are passed over whose keys begin as its own does up to its last slash, or are its own.
func scanLeads(t *testing.T, s ledger.Store) {
	var entries []string
	for id := range 40 { // 1 to 40, every third of "b", the first of "ab/c"
		entries = append(entries, fmt.Sprintf("a/%012d=%d", id+1, id+1))
		if id%3 == 0 {
			entries = append(entries, fmt.Sprintf("b/%012d=%d", id+1, id+1))
		}
	}
	entries = append(entries, "a=1", "a=2", "ab/c/x=7", "ab/c/y=8", "ab/c=9", "ab/\xc3\xbf=3", "中/1=5", "中/2=6", "=4", "/=1")
	number(t, s, "leads", entries...)
	number(t, s, "lead", "a/000000000001=1")
	number(t, s, "leads2", "a/000000000001=1")
	for _, c := range []struct {
		q    ledger.Scan
		want string
	}{
		{ledger.Scan{}, "=4 /=1 a=1 a/000000000001=1 ab/c=9 b/000000000001=1 中/1=5"},
		{ledger.Scan{Desc: true}, "中/2=6 b/000000000040=40 ab/ÿ=3 a/000000000040=40 a=2 /=1 =4"},
		{ledger.Scan{Prefix: "a", Desc: true}, "ab/ÿ=3 a/000000000040=40 a=2"},
		{ledger.Scan{Prefix: "a", Limit: 2}, "a=1 a/000000000001=1"},
		{ledger.Scan{Prefix: "a", From: "a/", To: "ab/c/y"}, "a/000000000001=1 ab/c=9"},
		{ledger.Scan{Prefix: "b/", Desc: true, From: "b/000000000039"}, "b/000000000037=37"},
		{ledger.Scan{Prefix: "ab/c/", Desc: true}, "ab/c/y=8"},
		{ledger.Scan{Prefix: "z", Desc: true}, ""},
	} {
		c.q.Index, c.q.Leads = "leads", true
		var got []string
		for _, e := range both(t, s, c.q) {
			got = append(got, e.Key.Key+"="+e.ID)
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%+v:\n got %q\nwant %q", c.q, got, c.want)
		}
	}
	// A cursor goes on right behind its entry.
	q := ledger.Scan{Index: "leads", Desc: true, Leads: true, Limit: 2, Prefix: "a"}
	page := must[[]ledger.Entry](t)(s.Scan(q))
	q.After = page[1].Cursor
	if page = must[[]ledger.Entry](t)(s.Scan(q)); len(page) == 0 || page[0].Key.Key != "a/000000000039" {
		t.Errorf("after a lead: %+v", page)
	}
}

// both gives a scan's entries, and holds their numbers to them.
func both(t *testing.T, s ledger.Store, q ledger.Scan) []ledger.Entry {
	t.Helper()
	es := must[[]ledger.Entry](t)(s.Scan(q))
	ns := must[[]uint64](t)(s.Numbers(q))
	same := len(ns) == len(es)
	for i := 0; same && i < len(es); i++ {
		n, err := strconv.ParseUint(es[i].ID, 10, 64)
		if err != nil || fmt.Sprint(n) != es[i].ID {
			n = 0
		}
		same = ns[i] == n
	}
	if !same {
		t.Fatalf("%+v: numbers %v of %d entries", q, ns, len(es))
	}
	return es
}

// number writes entries "key=id" without a value.
func number(t *testing.T, s ledger.Store, name string, entries ...string) {
	t.Helper()
	w := record("holder", name, 0, "")
	for _, e := range entries {
		at := strings.LastIndexByte(e, '=')
		w.Put = append(w.Put, ledger.Key{Index: name, Key: e[:at], ID: e[at+1:]})
	}
	commit(t, s, records(w))
}

// scanNumbered holds a store to a sorted list where keys end in numbers, ids are those numbers or almost, values are there or
// not, and entries come, change and go.
func scanNumbered(t *testing.T, s ledger.Store) {
	r := rand.New(rand.NewPCG(3, 4))
	const index = "n"
	random := func() ledger.Key {
		n := []int{0, 1, 9, 999, 1000, 1001, 1999, 2000, 123456, 999999999999, 1000000000000}[r.IntN(11)]
		if r.IntN(2) == 0 {
			n = r.IntN(3000)
		}
		if r.IntN(4) == 0 {
			n = 1500 + r.IntN(80)
		}
		k := ledger.Key{Index: index, Key: fmt.Sprintf("%s/%012d", []string{"", "a", "ab", "中", "a/b", "2026-01-02"}[r.IntN(6)], n), ID: fmt.Sprint(n)}
		switch r.IntN(20) {
		case 0:
			k.ID = "0" + k.ID
		case 1:
			k.Key = k.Key[:len(k.Key)-1-r.IntN(4)]
		case 2:
			k.Key += []string{"0", "/", "/000000000012", "x"}[r.IntN(4)]
		case 3, 4, 5:
			k.Value = []byte("value")
		case 6:
			k.ID = fmt.Sprint(r.IntN(3))
		}
		return k
	}
	row := func(k ledger.Key) string { return k.Key + "\x00" + k.ID }
	all := map[string]string{}
	var some []ledger.Key
	for round := range 40 {
		w := record("holder", index, uint64(round), "")
		seen := map[string]bool{}
		for range 100 {
			k := random()
			if len(some) > 0 && r.IntN(3) == 0 {
				k = some[r.IntN(len(some))]
			}
			if seen[row(k)] {
				continue
			}
			seen[row(k)] = true
			some = append(some, k)
			if r.IntN(4) == 0 {
				w.Drop = append(w.Drop, k)
				delete(all, row(k))
			} else {
				w.Put = append(w.Put, k)
				all[row(k)] = string(k.Value)
			}
		}
		commit(t, s, records(w))
		want := slices.Sorted(maps.Keys(all))
		var dumped []string
		if err := s.Dump(func(bucket string, key, value []byte) error {
			if row, ok := strings.CutPrefix(string(key), index+"\x00"); bucket == "index" && ok {
				if dumped = append(dumped, row); all[row] != string(value) {
					t.Errorf("%q has %q, want %q", row, value, all[row])
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(dumped, want) {
			t.Fatalf("dumped %d entries, want %d", len(dumped), len(want))
		}
		for range 20 {
			q := ledger.Scan{Index: index, Prefix: random().Key[:r.IntN(6)], From: random().Key, Limit: 1 + r.IntN(200), Desc: r.IntN(2) == 0}
			if !utf8.ValidString(q.Prefix) {
				q.Prefix = ""
			}
			if r.IntN(3) == 0 {
				q.From = ""
			}
			var got, wanted []string
			for {
				es := both(t, s, q)
				for _, e := range es {
					got = append(got, row(e.Key))
					q.After = e.Cursor
				}
				if len(es) < q.Limit {
					break
				}
			}
			for _, x := range want {
				key, _, _ := strings.Cut(x, "\x00")
				if strings.HasPrefix(key, q.Prefix) && (q.From == "" || !q.Desc && key >= q.From || q.Desc && key <= q.From) {
					wanted = append(wanted, x)
				}
			}
			if q.Desc {
				slices.Reverse(wanted)
			}
			if !slices.Equal(got, wanted) {
				t.Fatalf("%+v: %d entries, want %d\n got %q\nwant %q", q, len(got), len(wanted), got, wanted)
			}
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
