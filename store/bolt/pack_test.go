package bolt

import (
	"bytes"
	"crypto/rand"
	"errors"
	"strings"
	"testing"

	"go.etcd.io/bbolt"

	"dossier/engine/casefile"
	"dossier/engine/ledger"
	"dossier/store/rows"
)

// Whatever is packed comes back, either way.
func TestPack(t *testing.T) {
	noise := make([]byte, 3000)
	if _, err := rand.Read(noise); err != nil {
		t.Fatal(err)
	}
	event := []byte(`{"schema":1,"case":42,"seq":3,"prev":"` + strings.Repeat("0f", 32) + `","at":"2026-03-02T01:00:00Z","actor":"captain","action":"approve-filing","walk":"main","from":"filing","to":"investigating","day":"2026-03-02"}`)
	for _, how := range []func([]byte) []byte{pack, press} {
		for _, plain := range [][]byte{nil, {'{'}, event, noise, frame, append(bytes.Clone(frame), noise...), block, append(bytes.Clone(block), noise...)} {
			kept := how(plain)
			if len(kept) > len(plain) && !isPacked(plain) {
				t.Errorf("%d bytes became %d", len(plain), len(kept))
			}
			if got, err := unpack(kept); err != nil || !bytes.Equal(got, plain) {
				t.Errorf("%.40q came back as %.40q (%v)", plain, got, err)
			}
		}
		if n := len(how(event)); n > len(event)/2 {
			t.Errorf("an event of %d bytes takes %d", len(event), n)
		}
	}
	for _, broken := range []string{string(frame) + "no frame at all", string(block), string(block) + "no block at all", string(block) + "\xff\xff\xff\x7f"} {
		if _, err := unpack([]byte(broken)); !errors.Is(err, ledger.ErrDamaged) {
			t.Errorf("%q: %v, want ErrDamaged", broken, err)
		}
	}
}

// A folder of format 1 has plain rows, one of format 2 frames: they are read, and dumped, beside blocks.
func TestOlderRows(t *testing.T) {
	s, err := Open(t.TempDir()+"/data", Options{Create: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	plain := []byte(`{"schema":1,"case":7,"seq":1,"prev":"","at":"2026-03-02T01:00:00Z","actor":"captain","action":"approve-filing","walk":"main","from":"filing","to":"investigating","day":"2026-03-02"}`)
	kept := [][]byte{plain, press(plain), pack(plain)}
	hash := bytes.Repeat([]byte{1}, 32)
	if err := s.db.Update(func(tx *bbolt.Tx) error {
		b := tx.Bucket(bucketCases)
		var err error
		for i, data := range kept {
			err = errors.Join(err, b.Put(rows.EventKey(7, uint64(i+1)), append(bytes.Clone(hash), data...)),
				b.Put(rows.SnapshotKey(casefile.CaseID(i+1)), append(rows.Number(1), data...)))
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	events, err := s.Events(7, 0, 0)
	if err != nil || len(events) != len(kept) {
		t.Fatalf("events %v, %v", events, err)
	}
	for i, e := range events {
		if !bytes.Equal(e.Data, plain) {
			t.Errorf("event %d: %q", i+1, e.Data)
		}
		if c, err := s.Case(casefile.CaseID(i + 1)); err != nil || !bytes.Equal(c.Data, plain) {
			t.Errorf("case %d: %q, %v", i+1, c.Data, err)
		}
	}
	if err := s.Dump(func(bucket string, _, value []byte) error {
		if bucket == rows.Cases && !bytes.HasSuffix(value, plain) {
			t.Errorf("dumped %q", value)
		}
		return nil
	}); err != nil {
		t.Error(err)
	}
}
