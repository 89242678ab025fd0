package storetest

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"dossier/engine/ledger"
)

func sha(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

func blobs(t *testing.T, s ledger.Store) {
	for _, data := range [][]byte{nil, []byte("%PDF-"), bytes.Repeat([]byte("scan\x00"), 1<<20)} {
		for range 2 { // the second time is nothing
			if err := s.PutBlob(sha(data), data); err != nil {
				t.Fatal(err)
			}
			got := must[[]byte](t)(blob(t, s, sha(data)))
			if !bytes.Equal(got, data) {
				t.Errorf("%d bytes came back, want %d", len(got), len(data))
			}
		}
	}
	if err := s.PutBlob(sha([]byte("a")), []byte("b")); err == nil {
		t.Error("bytes were kept under another's name")
	}
	for _, name := range []string{"", "ab", "../../etc/passwd", strings.Repeat("g", 64), strings.ToUpper(sha([]byte("%PDF-"))), sha([]byte("none"))} {
		_, err := blob(t, s, name)
		notFound(t, "blob "+name, err)
		if err := s.PutBlob(name, []byte("x")); err == nil {
			t.Errorf("put %q was accepted", name)
		}
	}
	crowd(16, func(i int) {
		data := []byte(fmt.Sprint(i / 2))
		if err := s.PutBlob(sha(data), data); err != nil {
			t.Error(err)
		}
		if got, err := s.Blob(sha(data)); err != nil || !bytes.Equal(got, data) {
			t.Errorf("blob %d: %q, %v", i, got, err)
		}
	})
}

// blob reads a blob. Where a store can prove it without giving its bytes, that says the same.
func blob(t *testing.T, s ledger.Store, name string) ([]byte, error) {
	t.Helper()
	data, err := s.Blob(name)
	if p, ok := s.(interface{ ProveBlob(sha string) error }); ok {
		equal(t, "proved", fmt.Sprint(p.ProveBlob(name)), fmt.Sprint(err))
	}
	return data, err
}

func damagedBlob(t *testing.T, s ledger.Store) {
	d, ok := s.(Damager)
	if !ok {
		t.Fatalf("open gave a %T, which is no Damager", s)
	}
	data := []byte("the decision, signed")
	name := sha(data)
	if err := s.PutBlob(name, data); err != nil {
		t.Fatal(err)
	}
	if err := d.DamageBlob(name); err != nil {
		t.Fatal(err)
	}
	if got, err := blob(t, s, name); !errors.Is(err, ledger.ErrDamaged) || got != nil {
		t.Errorf("blob: %q, %v, want ErrDamaged and no bytes", got, err)
	}
	if err := s.Backup(&bytes.Buffer{}); !errors.Is(err, ledger.ErrDamaged) {
		t.Errorf("backup: %v, want ErrDamaged", err)
	}
	if err := s.PutBlob(name, data); err != nil {
		t.Fatal(err)
	}
	equal(t, "blob", string(must[[]byte](t)(blob(t, s, name))), string(data))
}

// dump pins the shape that verify and migration read.
func dump(t *testing.T, s ledger.Store) {
	b, a := next(0x0102, ledger.Sealed{}, 2), next(3, ledger.Sealed{}, 1)
	a.Put = []ledger.Key{{Index: "due", Key: "2026", ID: "3", Value: []byte("v")}, {Index: "due", Key: "20", ID: "9"}}
	c := cases(b, a)
	p, gone := record("person", "li", 0, "p"), record("person", "gone", 0, "g")
	p.Ledgered, gone.Ledgered = true, true
	c.Records = []ledger.RecordWrite{p, gone, record("session", "x", 0, "s"), record("session", "y", 0, "s")}
	c.Counters = []ledger.CounterWrite{{Name: "n", Value: 258}, {Name: "m", Value: 1}}
	commit(t, s, c)
	gone.Read, gone.Delete, gone.Data = 1, true, nil
	commit(t, s, records(gone, ledger.RecordWrite{Kind: "session", ID: "y", Read: 1, Delete: true}))

	n := func(n int) string { return "\x00\x00\x00\x00\x00\x00" + string([]byte{byte(n >> 8), byte(n)}) }
	raw := func(hash string) string { return string(must[[]byte](t)(hex.DecodeString(hash))) }
	sealed := func(e ledger.Sealed) string { return raw(e.Hash) + string(e.Data) }
	end := "\xff\xff\xff\xff\xff\xff\xff\xff"
	var want strings.Builder
	add := func(bucket, key, value string) { fmt.Fprintf(&want, "%s %q %q\n", bucket, key, value) }
	add("cases", n(3)+n(1), sealed(a.Events[0]))
	add("cases", n(3)+end, n(1)+string(a.Snapshot))
	add("cases", n(0x0102)+n(1), sealed(b.Events[0]))
	add("cases", n(0x0102)+n(2), sealed(b.Events[1]))
	add("cases", n(0x0102)+end, n(2)+string(b.Snapshot))
	add("records", "person\x00gone", n(2)+"\x03")
	add("records", "person\x00li", n(1)+"\x01"+`"p"`)
	add("records", "session\x00x", n(1)+"\x00"+`"s"`)
	add("versions", "person\x00gone\x00"+n(1), `"g"`)
	add("versions", "person\x00gone\x00"+n(2), "")
	add("versions", "person\x00li\x00"+n(1), `"p"`)
	add("counters", "m", n(1))
	add("counters", "n", n(258))
	add("index", "due\x0020\x009", "")
	add("index", "due\x002026\x003", "v")
	row, data, err := ledger.NextRow(1, "", c.Heads())
	if err != nil {
		t.Fatal(err)
	}
	add("ledger", n(1), raw(row.Hash)+string(data))
	last := records(gone)
	row, data, err = ledger.NextRow(2, row.Hash, last.Heads())
	if err != nil {
		t.Fatal(err)
	}
	add("ledger", n(2), raw(row.Hash)+string(data))
	if got := dumped(t, s); got != want.String() {
		t.Errorf("dump:\n%s\nwant:\n%s", got, want.String())
	}
	var few strings.Builder
	for r := range ledger.DumpBut(s, func(bucket string, key []byte) bool { return bucket != "cases" || key[15] == 1 }, &err) {
		fmt.Fprintf(&few, "%s %q %q\n", r.Bucket, r.Key, r.Value)
	}
	all := slices.Collect(strings.Lines(want.String()))
	equal(t, "dump without what is known", few.String(), all[1]+all[3]+all[4])
	if err != nil {
		t.Error(err)
	}
	stop := errors.New("enough")
	if err := s.Dump(func(string, []byte, []byte) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("dump: %v, want what the function said", err)
	}
}
