package bolt

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"go.etcd.io/bbolt"
)

func newDatabase(t *testing.T) *database {
	t.Helper()
	db, err := openDatabase(filepath.Join(t.TempDir(), fileDatabase))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

// migrated tests what each migration makes of a database of the format before it.
var migrated = []func(t *testing.T, tx *bbolt.Tx){
	func(t *testing.T, tx *bbolt.Tx) {
		for _, name := range buckets {
			if tx.Bucket(name) == nil {
				t.Errorf("no bucket %s", name)
			}
		}
	},
	func(*testing.T, *bbolt.Tx) {}, // a row that isn't packed is read as before: TestOlderRows
	func(*testing.T, *bbolt.Tx) {}, // so is one that is packed as it was: TestOlderRows
	func(t *testing.T, tx *bbolt.Tx) {
		if tx.Bucket(bucketBlocks) == nil {
			t.Error("no bucket for blocks")
		}
	},
	func(*testing.T, *bbolt.Tx) {}, // one that isn't whole is read as before: TestOlderRows
}

func TestMigrations(t *testing.T) {
	if len(migrated) != len(migrations) {
		t.Fatalf("%d migrations have %d tests", len(migrations), len(migrated))
	}
	db := newDatabase(t)
	for i, test := range migrated {
		if err := migrate(db, uint64(i), migrations[:i+1]); err != nil {
			t.Fatal(err)
		}
		if n, err := format(db); err != nil || n != uint64(i+1) {
			t.Fatalf("format %d (%v) after migration %d", n, err, i+1)
		}
		if err := db.View(func(tx *bbolt.Tx) error { test(t, tx); return nil }); err != nil {
			t.Fatal(err)
		}
	}
}

// A migration that fails leaves the format before it; the next start runs it again, and none twice.
func TestMigrateStopsAndGoesOn(t *testing.T) {
	db := newDatabase(t)
	var ran []string
	step := func(name string, fail bool) migration {
		return migration{name, func(tx *bbolt.Tx) error {
			ran = append(ran, name)
			_, err := tx.CreateBucket([]byte(name))
			if fail {
				err = errors.Join(err, errors.New("no"))
			}
			return err
		}}
	}
	if err := migrate(db, 0, []migration{step("a", false), step("b", true), step("c", false)}); err == nil || !strings.Contains(err.Error(), "migration 2 (b)") {
		t.Fatalf("migrate: %v, want the second to fail", err)
	}
	n, err := format(db)
	if err != nil || n != 1 {
		t.Fatalf("format %d (%v), want 1", n, err)
	}
	if err := migrate(db, n, []migration{step("a", false), step("b", false), step("c", false)}); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(ran, " "); got != "a b b c" {
		t.Errorf("ran %s, want a b b c", got)
	}
	if n, err := format(db); err != nil || n != 3 {
		t.Errorf("format %d (%v), want 3", n, err)
	}
}
