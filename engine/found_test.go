package engine_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"dossier/engine"
	"dossier/engine/casefile"
	"dossier/engine/change"
	"dossier/engine/desk"
	"dossier/engine/ledger"
	"dossier/engine/listing"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/search"
)

// named opens a case of each of these parties.
func (s *stage) named(t testing.TB, employers ...string) {
	t.Helper()
	for _, name := range employers {
		s.do(t, 0, "clerk", "", func(c *casefile.Command) {
			c.Workflow = "papers"
			c.Values["employer"] = procedure.TextValue(name)
			c.Values["respondents"] = procedure.Value{Rows: []procedure.Cells{{"name": name}}}
		})
	}
}

// found are the cases that a search gives, from page to page.
func found(t testing.TB, e *engine.Engine, who office.PersonID, q desk.Query) (ids []casefile.CaseID) {
	t.Helper()
	for {
		page, err := desk.Find(e, who, q)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range page.Rows {
			ids = append(ids, r.ID)
		}
		if q.After = page.Next; q.After == "" {
			return ids
		}
	}
}

// TestFoundByParts: a search gives what a look at every row gives, the newest first, whoever asks and however long the pages.
func TestFoundByParts(t *testing.T) {
	s := staffed(t)
	s.hire(t, map[office.PersonID]procedure.Actor{"former": "officer"})
	r := rand.New(rand.NewPCG(5, 6))
	parts := []string{"任县", "宏达", "重庆", "长乐", "建筑", "食品", "银行", "有限", "公司", "abc", "19", "9", "店", "单", "𠮷田"}
	var names []string
	for range 60 {
		name := "任县"
		for range 1 + r.IntN(4) {
			name += parts[r.IntN(len(parts))]
		}
		names = append(names, name)
	}
	s.named(t, names...)
	for id := casefile.CaseID(1); id <= 60; id++ {
		if id%3 == 0 {
			s.take(t, id, filed...)
		}
		if id%15 == 0 {
			s.do(t, id, "captain", "hand-over", with("officers=former,officer2", "in-charge=former"), why)
		}
	}
	s.change(t, "former", func(p *office.Person) { p.Posts[0].Post = "admin" })
	for range 300 {
		line := []rune(names[r.IntN(len(names))])
		if r.IntN(5) == 0 {
			line = []rune("〔2026〕19号")
		}
		from := r.IntN(len(line))
		text := string(line[from : from+1+r.IntN(min(4, len(line)-from))])
		text = strings.NewReplacer("宏", "h", "有", "y", "重", []string{"c", "z"}[r.IntN(2)]).Replace(text)
		if r.IntN(4) == 0 {
			text += " " + parts[r.IntN(len(parts))]
		}
		q := desk.Query{Text: text, Limit: 1 + r.IntN(20), Open: r.IntN(4) == 0}
		if r.IntN(4) == 0 {
			q.Workflow = "papers"
		}
		if r.IntN(4) == 0 {
			q.Officer = "officer"
		}
		for _, who := range []office.PersonID{"captain", "former", "outsider", office.System} {
			var want []casefile.CaseID
			for id := casefile.CaseID(60); id > 0; id-- {
				row, err := s.RowOf(id)
				if err != nil {
					t.Fatal(err)
				}
				lines := strings.Join(append([]string{row.Number, row.Intake, row.Party}, row.Parties...), "\n")
				if search.Match(lines, text) && desk.Shown(s.Engine, who, row) && (q.Officer == "" || slices.Contains(row.Officers, q.Officer)) {
					want = append(want, id)
				}
			}
			got := found(t, s.Engine, who, q)
			if exact, err := s.Resolve(text); err == nil { // stands on top
				got = slices.DeleteFunc(got, func(id casefile.CaseID) bool { return id == exact })
				want = slices.DeleteFunc(want, func(id casefile.CaseID) bool { return id == exact })
			}
			if !slices.Equal(got, want) {
				t.Fatalf("%s finds by %+v\n     %v\nwant %v", who, q, got, want)
			}
		}
	}
}

// rowsRead counts the entries that a store gives of each index.
type rowsRead struct {
	ledger.Store
	n map[string]int
}

func (s rowsRead) Scan(q ledger.Scan) ([]ledger.Entry, error) {
	es, err := s.Store.Scan(q)
	s.n[q.Index] += len(es)
	return es, err
}

func (s rowsRead) Numbers(q ledger.Scan) ([]uint64, error) {
	ns, err := s.Store.Numbers(q)
	s.n[q.Index] += len(ns)
	return ns, err
}

// TestSearchReads: a page of hits reads about as many rows as it shows, whether a word stands in every name or whoever looks may
// see few of those cases.
func TestSearchReads(t *testing.T) {
	s := staffed(t)
	s.hire(t, map[office.PersonID]procedure.Actor{"former": "officer"})
	names := make([]string, 400)
	for i := range names {
		names[i] = fmt.Sprintf("任县第%d公司", i+1)
	}
	s.named(t, names...)
	for _, id := range []casefile.CaseID{7, 200} {
		s.take(t, id, filed...)
		s.do(t, id, "captain", "hand-over", with("officers=former,officer2", "in-charge=former"), why)
	}
	s.change(t, "former", func(p *office.Person) { p.Posts[0].Post = "admin" })
	for _, tt := range []struct {
		who               office.PersonID
		text              string
		hits, rows, terms int // at most so many rows, and keys of names and numbers
	}{
		{"captain", "任县", 10, 12, 200},
		{"captain", "县", 10, 12, 200},
		{"captain", "任县 公司", 10, 12, 200},
		{"captain", "rx", 10, 12, 200},
		{"captain", "r", 10, 12, 200},
		{"captain", "2026", 10, 12, 400},
		{"former", "任县", 2, 2, 200},
		{"former", "公", 2, 2, 200},
		{"outsider", "任县", 0, 0, 20},
		{"captain", "第77公", 1, 4, 200},
	} {
		n := map[string]int{}
		whole := s.Store
		s.Store = rowsRead{whole, n}
		page, err := desk.Find(s.Engine, tt.who, desk.Query{Text: tt.text, Limit: 10})
		s.Store = whole
		if err != nil || len(page.Rows) != tt.hits || n[listing.IndexRow] > tt.rows || n[listing.IndexSearch] > tt.terms {
			t.Errorf("%s by %q: %d hits by %v (%v); want %d by %d rows and %d keys at most", tt.who, tt.text, len(page.Rows), n, err, tt.hits, tt.rows, tt.terms)
		}
	}
}

// former puts what cases are found by into the form of before: each term of a search was a key of its own, and those that
// are now are their beginnings.
func former(t testing.TB, s ledger.Store) {
	t.Helper()
	var w ledger.RecordWrite
	q := ledger.Scan{Index: listing.IndexSearch}
	put := map[string]bool{}
	for {
		es, err := s.Scan(q)
		if err != nil {
			t.Fatal(err)
		}
		for _, en := range es {
			q.After = en.Cursor
			w.Drop = append(w.Drop, en.Key)
			term, number, _ := strings.Cut(en.Key.Key, "/")
			for end := len(term); end > 0; {
				k := ledger.Key{Index: listing.FormerSearch, Key: term[:end] + "/" + number, ID: en.ID}
				if !put[k.Key] {
					put[k.Key] = true
					w.Put = append(w.Put, k)
				}
				if strings.HasPrefix(term, "=") {
					w.Put = append(w.Put, ledger.Key{Index: listing.FormerParty, Key: term[1:] + "/" + number, ID: en.ID})
					break
				}
				_, size := utf8.DecodeLastRuneInString(term[:end])
				end -= size
			}
		}
		if len(es) < 1000 {
			break
		}
	}
	w.Kind, w.ID, w.Data = "made", "former", []byte("{}")
	if err := s.Commit(t.Context(), ledger.Commit{Records: []ledger.RecordWrite{w}}); err != nil {
		t.Fatal(err)
	}
}

// cutOff is a store that lets one commit through, counts its cases, and ends what goes on.
type cutOff struct {
	ledger.Store
	end   func()
	cases *int
}

func (s cutOff) Commit(ctx context.Context, c ledger.Commit) error {
	*s.cases += len(c.Cases)
	s.end()
	return s.Store.Commit(context.WithoutCancel(ctx), c)
}

// TestIndexAnew: a folder in which cases are found by keys of a former format is indexed anew, however often that is cut off.
// All the while its cases are found, acts go on, the record proves itself, and what is done is not done again.
func TestIndexAnew(t *testing.T) {
	s := staffed(t)
	names := make([]string, 130)
	for i := range names {
		names[i] = fmt.Sprintf("任县第%d公司", i+1)
	}
	s.named(t, names...)
	former(t, s.store)
	cases, rounds := 0, 0
	for ; ; rounds++ {
		e, err := engine.New(s.Config) // as another program
		if err != nil {
			t.Fatal(err)
		}
		is, err := e.Former()
		if err != nil {
			t.Fatal(err)
		}
		if rounds == 1 { // the name of one that has been done and of one that has not changes, and a new one comes
			for _, id := range []casefile.CaseID{2, 120} {
				s.do(t, id, "clerk", "submit", with(fmt.Sprintf("employer=任县新名%d店", id)))
			}
			s.named(t, "任县新来公司")
		}
		if rounds < 4 || !is {
			want := map[string]int{"任县": 130, "公司": 130, "gs": 130, "第77公": 1, "d77": 1, "任县第130公司": 1}
			if rounds > 0 {
				want = map[string]int{"任县": 131, "gs": 129, "新来": 1, "新名2": 1, "新名120": 1, "xm12": 1, "第77公": 1}
			}
			for text, n := range want {
				if got := found(t, e, "captain", desk.Query{Text: text, Limit: 50}); len(got) != n {
					t.Errorf("round %d: %q finds %d, want %d", rounds, text, len(got), n)
				}
			}
			if rows, err := desk.OfParty(e, "captain", "任县第77公司"); err != nil || len(rows) != 1 {
				t.Errorf("round %d: the party has %d cases, %v", rounds, len(rows), err)
			}
			if r := prove(t, e); !r.Whole() {
				t.Fatalf("round %d: %+v", rounds, r.Flaws)
			}
		}
		if !is {
			break
		}
		ctx, cancel := context.WithCancel(t.Context())
		e.Store = cutOff{s.store, cancel, &cases}
		if err := change.IndexAnew(ctx, e); err != nil && !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		cancel()
	}
	if rounds < 6 || cases != 131 {
		t.Errorf("%d cases in %d rounds, want 131 in more than 5", cases, rounds)
	}
	for _, index := range []string{listing.FormerSearch, listing.FormerParty} {
		if es, err := s.store.Scan(ledger.Scan{Index: index}); err != nil || len(es) > 0 {
			t.Errorf("%d entries of %s are left (%v)", len(es), index, err)
		}
	}
	if rs, err := s.store.Records("indexing", "", 0); err != nil || len(rs) > 0 {
		t.Errorf("%v is left (%v)", rs, err)
	}
	if err := change.IndexAnew(t.Context(), s.Engine); err != nil {
		t.Error(err)
	}
}
