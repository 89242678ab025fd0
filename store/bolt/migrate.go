package bolt

import (
	"bytes"
	"errors"
	"fmt"

	"go.etcd.io/bbolt"

	"dossier/store/rows"
)

// A migration brings a database from the format before it to its own. Migrations only go forward, are never changed once
// released, and each has a test.
type migration struct {
	what string
	run  func(tx *bbolt.Tx) error
}

// migrations in order: the first makes format 1 of a new database, the last makes [Format].
var migrations = []migration{
	{"the buckets", createBuckets},
	{"rows of cases may be packed", func(*bbolt.Tx) error { return nil }}, // older rows stay as they are
	{"and in another way", func(*bbolt.Tx) error { return nil }},          // so that a program that can't read it doesn't open it
	{"entries of the index may be in blocks", func(tx *bbolt.Tx) error { return ignore(tx.CreateBucketIfNotExists(bucketBlocks)) }}, // older rows stay as they are
	{"cases that rest may be whole", func(*bbolt.Tx) error { return nil }},
}

// Format is the newest format of the database, which this version writes.
var Format = uint64(len(migrations))

func createBuckets(tx *bbolt.Tx) error {
	for _, name := range buckets {
		if _, err := tx.CreateBucket(name); err != nil {
			return err
		}
	}
	return nil
}

// format is the database's format: 0 for an empty database, an error for one that isn't Dossier's.
func format(db *database) (n uint64, err error) {
	err = view(db, func(tx *bbolt.Tx) error {
		meta := tx.Bucket(bucketMeta)
		if meta == nil {
			if name, _ := tx.Cursor().First(); name != nil {
				return errForeign
			}
			return nil
		}
		if !bytes.Equal(meta.Get(keyProduct), product) {
			return errForeign
		}
		n, _, err = rows.Leading(meta.Get(keyFormat))
		return err
	})
	return n, err
}

// migrate runs the migrations after format from, each in a transaction of its own that also writes its number.
func migrate(db *database, from uint64, all []migration) error {
	for i := from; i < uint64(len(all)); i++ {
		m := all[i]
		err := update(db, func(tx *bbolt.Tx) error {
			meta, err := tx.CreateBucketIfNotExists(bucketMeta)
			if err != nil {
				return err
			}
			if err := meta.Put(keyProduct, product); err != nil {
				return err
			}
			if err := m.run(tx); err != nil {
				return err
			}
			return meta.Put(keyFormat, rows.Number(i+1))
		})
		if err != nil {
			return fmt.Errorf("migration %d (%s): %w", i+1, m.what, err)
		}
	}
	return nil
}

// errForeign: a bbolt file that some other program wrote.
var errForeign = errors.New("another program's database")
