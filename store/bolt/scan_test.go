package bolt_test

import (
	"errors"
	"testing"

	"dossier/engine/casefile"
	"dossier/engine/ledger"
	"dossier/store/bolt"
)

// FuzzScan tries any text as a cursor and as bounds: entries come in order and from their own index, or the cursor is not found.
func FuzzScan(f *testing.F) {
	s, err := bolt.Open(f.TempDir(), bolt.Options{Create: true})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { s.Close() })
	for id := casefile.CaseID(1); id <= 5; id++ {
		if err := tryCommit(s, id, 0, string(rune('a'+id))); err != nil {
			f.Fatal(err)
		}
	}
	f.Add("", "", "", "", false)
	f.Add("YQAx", "c", "", "\x00", true)
	f.Add("_w", "\xff", "\xff", "", false)
	f.Fuzz(func(t *testing.T, after, prefix, from, to string, desc bool) {
		es, err := s.Scan(ledger.Scan{Index: "state", After: after, Prefix: prefix, From: from, To: to, Desc: desc})
		if err != nil && !errors.Is(err, ledger.ErrNotFound) {
			t.Fatal(err)
		}
		for i, e := range es {
			if e.Index != "state" || len(e.Key.Key) != 1 || e.ID != "1" {
				t.Errorf("entry %+v", e)
			}
			if i > 0 && (es[i-1].Key.Key < e.Key.Key) == desc {
				t.Errorf("%q before %q", es[i-1].Key.Key, e.Key.Key)
			}
		}
	})
}
