package engine_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"dossier/engine"
	"dossier/engine/access"
	"dossier/engine/alert"
	"dossier/engine/change"
	"dossier/engine/desk"
	"dossier/engine/ledger"
	"dossier/engine/office"
	"dossier/engine/verify"
	"dossier/seeds/scenario"
	"dossier/store/bolt"
)

// archive is a folder with a played case in it, whose files the tests spoil.
type archive struct {
	dir   string
	at    time.Time
	awake bool // no case is kept whole: each event and snapshot has a row of its own, to be spoilt by itself
}

// awake is a store that is told of no case that it rests.
type awake struct{ ledger.Store }

func (s awake) Commit(ctx context.Context, c ledger.Commit) error {
	for i := range c.Cases {
		c.Cases[i].Rests = false
	}
	return s.Store.Commit(ctx, c)
}

// newArchive plays a scenario into a folder; "" plays none.
func newArchive(t *testing.T, dir, name string) *archive { return (&archive{dir: dir}).play(t, name) }

func (c *archive) play(t *testing.T, name string) *archive {
	t.Helper()
	if name == "" {
		return c
	}
	e, done := c.open(t)
	defer done()
	if err := scenario.Play(t.Context(), read(t, filepath.Join("..", "testdata", name)), &scenario.Stage{Engine: e, At: &c.at}, io.Discard); err != nil {
		t.Fatal(err)
	}
	told := []byte(`{"case":1,"to":"王稽","at":"2026-03-02T01:00:00Z"}`)
	keys, err := alert.Listings[alert.Kind].Keys("a1", told)
	if err != nil {
		t.Fatal(err)
	}
	if err := change.KeepRecords(t.Context(), e, ledger.RecordWrite{Kind: alert.Kind, ID: "a1", Data: told, Ledgered: true, Put: keys},
		ledger.RecordWrite{Kind: "outbox", ID: "a1-mail", Data: told, Put: []ledger.Key{{Index: "outbox", Key: "1", ID: "a1-mail"}}}); err != nil {
		t.Fatal(err)
	}
	return c
}

// open gives the engine on the folder; done closes it.
func (c *archive) open(t *testing.T) (e *engine.Engine, done func()) {
	t.Helper()
	editions, err := brought()
	if err != nil {
		t.Fatal(err)
	}
	s, err := bolt.Open(c.dir, bolt.Options{Create: true, Owner: t.Name()})
	if err != nil {
		t.Fatal(err)
	}
	var store ledger.Store = s
	if c.awake {
		store = awake{s}
	}
	e, err = engine.New(engine.Config{Store: store, Renderer: glyphless("☃"), Editions: editions, Calendar: cal, Settings: settings(),
		Now: func() time.Time { return c.at }, Listings: alert.Listings})
	if err != nil {
		t.Fatal(err)
	}
	return e, func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}

// verify proves the folder into a fresh store.
func (c *archive) verify(t *testing.T) *verify.Report {
	t.Helper()
	e, done := c.open(t)
	defer done()
	return prove(t, e)
}

func prove(t *testing.T, e *engine.Engine) *verify.Report {
	t.Helper()
	into, err := bolt.Open(t.TempDir(), bolt.Options{Create: true})
	if err != nil {
		t.Fatal(err)
	}
	defer into.Close()
	r, err := verify.Run(context.Background(), e, into, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// change opens the database behind the store's back.
func (c *archive) change(t *testing.T, bucket string, f func(b *bbolt.Bucket) error) {
	t.Helper()
	db, err := bbolt.Open(filepath.Join(c.dir, "dossier.db"), 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Update(func(tx *bbolt.Tx) error { return f(tx.Bucket([]byte(bucket))) }); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

// first finds the first row whose key has the prefix.
func first(b *bbolt.Bucket, prefix []byte) (k, v []byte) {
	k, v = b.Cursor().Seek(prefix)
	return bytes.Clone(k), bytes.Clone(v)
}

// flip changes one bit of a row's value: of the byte at, from the end when negative.
func flip(prefix []byte, at int) func(b *bbolt.Bucket) error {
	return func(b *bbolt.Bucket) error {
		k, v := first(b, prefix)
		if at < 0 {
			at += len(v)
		}
		v[at] ^= 1
		return b.Put(k, v)
	}
}

func be(ns ...uint64) []byte {
	var b []byte
	for _, n := range ns {
		b = binary.BigEndian.AppendUint64(b, n)
	}
	return b
}

func TestVerifyWhole(t *testing.T) {
	for name, cases := range map[string]int{played: 1, "audit-unpaid-referred.yaml": 2, "fund-silence.yaml": 1} {
		t.Run(name, func(t *testing.T) {
			r := newArchive(t, t.TempDir(), name).verify(t)
			for _, f := range r.Flaws {
				t.Errorf("%s: %s: %s", f.Code, f.Place.EN, f.What.EN)
			}
			if r.Cases != cases || r.Events < 5 || r.Blobs == 0 || r.Records == 0 || r.N == 0 || r.Rows != int(r.N) || len(r.Hash) != 64 {
				t.Errorf("%+v", r)
			}
		})
	}
}

func TestVerifyFindsOneChange(t *testing.T) {
	drop := func(prefix []byte) func(b *bbolt.Bucket) error {
		return func(b *bbolt.Bucket) error {
			k, _ := first(b, prefix)
			return b.Delete(k)
		}
	}
	add := func(key, value string) func(b *bbolt.Bucket) error {
		return func(b *bbolt.Bucket) error { return b.Put([]byte(key), []byte(value)) }
	}
	for _, test := range []struct {
		name, bucket string
		change       func(b *bbolt.Bucket) error
		place        string // of a flaw, in part
	}{
		{"an event's bytes", "cases", flip(be(1, 3), 100), "case 1, event 3"},
		{"an event's hash", "cases", flip(be(1, 3), 5), "case 1, event 3"},
		{"an event is gone", "cases", drop(be(1, 3)), "case 1, event 4"},
		{"a snapshot's bytes", "cases", flip(be(1, 1<<64-1), 40), "snapshot of case 1"},
		{"a snapshot's number", "cases", flip(be(1, 1<<64-1), 7), "snapshot of case 1"},
		{"a snapshot is gone", "cases", drop(be(1, 1<<64-1)), "snapshot of case 1"},
		{"a case that nobody opened", "cases", add(string(be(7, 1<<64-1)), "\x00\x00\x00\x00\x00\x00\x00\x01{}"), "snapshot of case 7"},
		{"a person's row", "records", flip([]byte("person"), 17), "record person/"},
		{"a person is marked deleted", "records", func(b *bbolt.Bucket) error {
			k, v := first(b, []byte("person"))
			v[8] |= 2
			return b.Put(k, v)
		}, "record person/"},
		{"a person is slipped in", "records", add("person\x00mallory", "\x00\x00\x00\x00\x00\x00\x00\x01\x01{}"), "record person/mallory"},
		{"a version's bytes", "versions", flip([]byte("person"), -3), "record person/"},
		{"a version is gone", "versions", drop([]byte("person")), "record person/"},
		{"a counter's value", "counters", flip([]byte("number"), 7), "counter number/"},
		{"the counter of cases", "counters", flip([]byte("case"), 7), "counter case"},
		{"a list's row", "index", flip([]byte("row"), 30), "index row of case 1"},
		{"an index entry is gone", "index", drop([]byte("state")), "index state of case 1"},
		{"an index entry is slipped in", "index", add("flow\x00insurance-audit/000000000009\x009", ""), "index flow of case 9"},
		{"a number in a block of entries", "blocks", flip([]byte("find"), 1), "index find of case"},
		{"a block of entries is gone", "blocks", drop([]byte("find")), "index find of case 1"},
		{"a block of entries is slipped in", "blocks", add("flow\x00insurance-audit/000000000", "\x00\x01\x00\x09"), "index flow of case 9"},
		{"a block of entries has no whole numbers", "blocks", add("find\x00x/000000000", "\x00\x01\x00"), "the database"},
		{"an alert's list entry", "index", flip([]byte("alert-of"), 3), "index alert-of of a1"},
		{"an alert's list entry is gone", "index", drop([]byte("alert-to")), "index alert-to of a1"},
		{"an alert is slipped in", "index", add("alert-of\x001/0/b\x00b", "{}"), "index alert-of of b"},
		{"an alert beside the ledger", "records", add("alert\x00b", "\x00\x00\x00\x00\x00\x00\x00\x01\x00{}"), "record alert/b"},
		{"a token beside the ledger", "records", add("token\x00b", "\x00\x00\x00\x00\x00\x00\x00\x01\x00{}"), "record token/b"},
		{"a ledger row's bytes", "ledger", flip(be(3), 60), "ledger row 3"},
		{"a ledger row's hash", "ledger", flip(be(3), 2), "ledger row 3"},
		{"the ledger's last row is gone", "ledger", func(b *bbolt.Bucket) error {
			k, _ := b.Cursor().Last()
			return b.Delete(k)
		}, "record alert/a1"},
		{"the ledger's last but one row is gone", "ledger", func(b *bbolt.Bucket) error {
			c := b.Cursor()
			c.Last()
			k, _ := c.Prev()
			return b.Delete(k)
		}, "case 1, event"},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := base(t)
			c.change(t, test.bucket, test.change)
			c.flawed(t, test.place)
		})
	}
}

// A case that is kept whole is as well proved: its pieces, and what says where its snapshot is.
func TestVerifyFindsOneChangeOfAWhole(t *testing.T) {
	whole := newArchive(t, t.TempDir(), played)
	for name, change := range map[string]func(b *bbolt.Bucket) error{
		"a piece's bytes":     flip(append(be(1, 0), 1), 100),
		"the number of steps": flip(append(be(1, 0), 0), 7),
		"the snapshot's row":  flip(be(1, 1<<64-1), 7),
		"a piece is gone":     func(b *bbolt.Bucket) error { return b.Delete(append(be(1, 0), 1)) },
		"no piece is left": func(b *bbolt.Bucket) error {
			for i := range byte(20) {
				if err := b.Delete(append(be(1, 0), i)); err != nil {
					return err
				}
			}
			return nil
		},
		"another's piece": func(b *bbolt.Bucket) error {
			_, v := first(b, append(be(1, 0), 1))
			return b.Put(append(be(2, 0), 0), v)
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := whole.copy(t)
			c.change(t, "cases", change)
			c.flawed(t, "case")
		})
	}
}

// What follows from the events is made again where nothing else is hurt; where an event, a record or a counter is, nothing
// is touched.
func TestRebuild(t *testing.T) {
	gone := func(prefix []byte) func(b *bbolt.Bucket) error {
		return func(b *bbolt.Bucket) error {
			k, _ := first(b, prefix)
			return b.Delete(k)
		}
	}
	hurt := func(c *archive, t *testing.T) {
		c.change(t, "cases", flip(be(1, 1<<64-1), 40))
		c.change(t, "index", flip([]byte("row"), 30))
		c.change(t, "index", gone([]byte("state")))
		c.change(t, "index", func(b *bbolt.Bucket) error { return b.Put([]byte("flow\x00insurance-audit/000000000009\x009"), nil) })
		c.change(t, "index", gone([]byte("alert-to")))
	}
	rebuild := func(c *archive, t *testing.T) (int, *verify.Report) {
		e, done := c.open(t)
		defer done()
		into, err := bolt.Open(t.TempDir(), bolt.Options{Create: true})
		if err != nil {
			t.Fatal(err)
		}
		defer into.Close()
		r, err := verify.Run(t.Context(), e, into, nil)
		if err != nil {
			t.Fatal(err)
		}
		n, err := verify.Rebuild(t.Context(), e, r)
		if err != nil {
			t.Fatal(err)
		}
		return n, r
	}
	t.Run("what is derived", func(t *testing.T) {
		c := base(t)
		hurt(c, t)
		if n, r := rebuild(c, t); n != 5 || r.Beyond != 0 || len(r.Flaws) != 5 {
			t.Errorf("made %d rows again; %d flaws, %d beyond: %+v", n, len(r.Flaws), r.Beyond, r.Flaws)
		}
		if r := c.verify(t); !r.Whole() {
			t.Errorf("afterwards: %+v", r.Flaws)
		}
	})
	for name, change := range map[string]func(c *archive, t *testing.T){
		"an event":          func(c *archive, t *testing.T) { c.change(t, "cases", flip(be(1, 3), 100)) },
		"a snapshot's seq":  func(c *archive, t *testing.T) { c.change(t, "cases", flip(be(1, 1<<64-1), 7)) },
		"a snapshot gone":   func(c *archive, t *testing.T) { c.change(t, "cases", gone(be(1, 1<<64-1))) },
		"a person":          func(c *archive, t *testing.T) { c.change(t, "records", flip([]byte("person"), 17)) },
		"a counter's value": func(c *archive, t *testing.T) { c.change(t, "counters", flip([]byte("number"), 7)) },
	} {
		t.Run(name, func(t *testing.T) {
			c := base(t)
			hurt(c, t)
			change(c, t)
			if n, r := rebuild(c, t); n != 0 || r.Beyond == 0 {
				t.Errorf("made %d rows again beside a worse fault; %d beyond", n, r.Beyond)
			}
		})
	}
}

// played is the scenario of the folder whose copies the tests spoil.
const played = "audit-loss-recovered.yaml"

var based struct {
	once    sync.Once
	dir     string
	archive *archive
}

// base is a copy of that folder, which is played once.
func base(t *testing.T) *archive {
	t.Helper()
	based.once.Do(func() {
		dir, err := os.MkdirTemp("", "dossier-verify-")
		if err != nil {
			t.Fatal(err)
		}
		based.dir = dir
		based.archive = (&archive{dir: dir, awake: true}).play(t, played)
	})
	if based.archive == nil {
		t.Fatal("the scenario wasn't played")
	}
	return based.archive.copy(t)
}

func TestMain(m *testing.M) {
	code := m.Run()
	if based.dir != "" {
		_ = os.RemoveAll(based.dir)
	}
	os.Exit(code)
}

func (c *archive) copy(t *testing.T) *archive {
	t.Helper()
	n := *c
	n.dir = filepath.Join(t.TempDir(), "copy")
	if err := os.CopyFS(n.dir, os.DirFS(c.dir)); err != nil {
		t.Fatal(err)
	}
	return &n
}

// flawed wants a flaw at the place, and few beside it.
func (c *archive) flawed(t *testing.T, place string) {
	t.Helper()
	r := c.verify(t)
	found := false
	for _, f := range r.Flaws {
		found = found || strings.Contains(f.Place.EN, place)
		if f.Place.ZH == "" || f.What.ZH == "" || f.What.EN == "" {
			t.Errorf("%+v says too little", f)
		}
	}
	if !found || len(r.Flaws) > 4 {
		t.Errorf("%d flaws, want one at %q: %+v", len(r.Flaws), place, r.Flaws)
	}
}

func TestVerifyBlobs(t *testing.T) {
	for _, test := range []struct {
		name   string
		change func(path string) error
	}{
		{"one bit", func(path string) error {
			data, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			data[len(data)/2] ^= 1
			return os.WriteFile(path, data, 0o600)
		}},
		{"gone", os.Remove},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := base(t)
			e, done := c.open(t)
			v, err := desk.View(e, office.System, 1)
			done()
			if err != nil || len(v.Case.Issued) == 0 {
				t.Fatal(err, "the case has no document")
			}
			sha := v.Case.Issued[0].SHA256
			if err := test.change(filepath.Join(c.dir, "blobs", sha[:2], sha)); err != nil {
				t.Fatal(err)
			}
			c.flawed(t, "case 1, document 1")
		})
	}
}

// A tail that was cut off whole, so that what is left holds together, shows against the head that was printed.
func TestVerifyCutTail(t *testing.T) {
	c := newArchive(t, t.TempDir(), "")
	e, done := c.open(t)
	ctx := context.Background()
	keep := func(id string) {
		t.Helper()
		if err := change.KeepRecords(ctx, e, ledger.RecordWrite{Kind: ledger.KindPerson, ID: id, Data: []byte(`{"id":"` + id + `"}`), Ledgered: true}); err != nil {
			t.Fatal(err)
		}
	}
	keep("li")
	keep("wang")
	r := prove(t, e)
	n, hash := r.N, r.Hash
	if err := verify.HeldAgainst(e, r, n, hash); err != nil || !r.Whole() {
		t.Fatalf("%v %+v", err, r.Flaws)
	}
	done()
	c.change(t, "ledger", func(b *bbolt.Bucket) error { return b.Delete(be(2)) })
	c.change(t, "records", func(b *bbolt.Bucket) error { return b.Delete([]byte("person\x00wang")) })
	c.change(t, "versions", func(b *bbolt.Bucket) error { return b.Delete([]byte("person\x00wang\x00" + string(be(1)))) })
	e, done = c.open(t)
	defer done()
	r = prove(t, e)
	if !r.Whole() || r.N != 1 {
		t.Fatalf("what is left holds together, but: %+v", r)
	}
	if err := verify.HeldAgainst(e, r, n, hash); err != nil || len(r.Flaws) != 1 || r.Flaws[0].Code != "ledger-cut" {
		t.Errorf("%v %+v", err, r.Flaws)
	}
	again := prove(t, e)
	if err := verify.HeldAgainst(e, again, 1, hash); err != nil || len(again.Flaws) != 1 || again.Flaws[0].Code != "ledger-other" {
		t.Errorf("%v %+v", err, again.Flaws)
	}
}

// A schedule that is loaded later moves due dates, and the lists with them; nothing of it is a flaw.
func TestVerifyAfterRecount(t *testing.T) {
	c := base(t)
	e, done := c.open(t)
	defer done()
	ctx := context.Background()
	s, _ := e.Office().Calendar.Schedule(2026)
	s.Off = nil
	s.Work = nil
	data, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	if err := change.KeepRecords(ctx, e, ledger.RecordWrite{Kind: ledger.KindSchedule, ID: "2026", Data: data, Ledgered: true}); err != nil {
		t.Fatal(err)
	}
	if err := change.KeepRecords(ctx, e, ledger.RecordWrite{Kind: ledger.KindPerson, ID: "li", Data: []byte(`{"id":"li"}`), Ledgered: true},
		ledger.RecordWrite{Kind: access.KindSession, ID: "x", Data: []byte(`{}`)}); err != nil {
		t.Fatal(err)
	}
	if err := change.KeepRecords(ctx, e, ledger.RecordWrite{Kind: ledger.KindPerson, ID: "li", Read: 1, Delete: true, Ledgered: true}); err != nil {
		t.Fatal(err)
	}
	if err := change.KeepRecords(ctx, e, ledger.RecordWrite{Kind: ledger.KindPerson, ID: "li", Data: []byte(`{"id":"li","name":"李"}`), Ledgered: true}); err != nil {
		t.Fatal(err)
	}
	c.at = c.at.AddDate(1, 0, 0) // a year later the same entries follow
	if r := prove(t, e); !r.Whole() {
		t.Errorf("%+v", r.Flaws)
	}
}

// A file that nothing on record names is told, and no fault: something was cut off before it was on record. Files that
// something names are not among them.
func TestVerifyTellsStrayFiles(t *testing.T) {
	c := newArchive(t, t.TempDir(), played)
	if r := c.verify(t); !r.Whole() || len(r.Strays) > 0 {
		t.Fatalf("%v %v", r.Flaws, r.Strays)
	}
	e, done := c.open(t)
	sum := sha256.Sum256([]byte("cut off"))
	sha := hex.EncodeToString(sum[:])
	if err := e.Store.PutBlob(sha, []byte("cut off")); err != nil {
		t.Fatal(err)
	}
	done()
	r := c.verify(t)
	if !r.Whole() || len(r.Strays) != 1 || r.Strays[0] != sha {
		t.Fatalf("%v %v", r.Flaws, r.Strays)
	}
	e, done = c.open(t)
	if err := e.Store.(*bolt.Store).DropBlob(sha); err != nil {
		t.Fatal(err)
	}
	done()
	if r := c.verify(t); !r.Whole() || len(r.Strays) > 0 {
		t.Errorf("%v %v", r.Flaws, r.Strays)
	}
}
