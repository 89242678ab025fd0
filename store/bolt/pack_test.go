package bolt

import (
	"bytes"
	"crypto/rand"
	"errors"
	"strings"
	"testing"

	"go.etcd.io/bbolt"

	"dossier/engine/ledger"
	"dossier/store/rows"
)

// Whatever is packed comes back, and what comes from before there were frames is read as it stands.
func TestPack(t *testing.T) {
	noise := make([]byte, 3000)
	if _, err := rand.Read(noise); err != nil {
		t.Fatal(err)
	}
	event := []byte(`{"schema":1,"case":42,"seq":3,"prev":"` + strings.Repeat("0f", 32) + `","at":"2026-03-02T01:00:00Z","actor":"captain","action":"approve-filing","walk":"main","from":"filing","to":"investigating","day":"2026-03-02"}`)
	for _, plain := range [][]byte{nil, {'{'}, event, noise, frame, append(bytes.Clone(frame), noise...)} {
		kept := pack(plain)
		if len(kept) > len(plain) && !bytes.HasPrefix(plain, frame) {
			t.Errorf("%d bytes became %d", len(plain), len(kept))
		}
		if got, err := unpack(kept); err != nil || !bytes.Equal(got, plain) {
			t.Errorf("%.40q came back as %.40q (%v)", plain, got, err)
		}
	}
	if n := len(pack(event)); n > len(event)/2 {
		t.Errorf("an event of %d bytes takes %d", len(event), n)
	}
	if _, err := unpack(append(bytes.Clone(frame), "no frame at all"...)); !errors.Is(err, ledger.ErrDamaged) {
		t.Errorf("a broken frame: %v, want ErrDamaged", err)
	}
}

// A folder of format 1 has plain rows: they are read, and dumped, beside packed ones.
func TestPlainRows(t *testing.T) {
	s, err := Open(t.TempDir()+"/data", Options{Create: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	plain := []byte(`{"schema":1,"case":7,"seq":1,"action":"open"}`)
	hash := bytes.Repeat([]byte{1}, 32)
	if err := s.db.Update(func(tx *bbolt.Tx) error {
		b := tx.Bucket(bucketCases)
		return errors.Join(b.Put(rows.EventKey(7, 1), append(bytes.Clone(hash), plain...)), b.Put(rows.EventKey(7, 2), append(bytes.Clone(hash), pack(plain)...)),
			b.Put(rows.SnapshotKey(7), append(rows.Number(2), plain...)))
	}); err != nil {
		t.Fatal(err)
	}
	events, err := s.Events(7, 0, 0)
	if err != nil || len(events) != 2 || !bytes.Equal(events[0].Data, plain) || !bytes.Equal(events[1].Data, plain) {
		t.Errorf("events %v, %v", events, err)
	}
	if c, err := s.Case(7); err != nil || !bytes.Equal(c.Data, plain) {
		t.Errorf("case %q, %v", c.Data, err)
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
