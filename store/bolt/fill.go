package bolt

import (
	"bytes"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"go.etcd.io/bbolt"
	bberrors "go.etcd.io/bbolt/errors"

	"dossier/engine/ledger"
	"dossier/store/rows"
)

// keyFilling in meta: whence the folder is being filled, while it is, and 0 and how far it has come.
var keyFilling = []byte("filling")

// filling is a folder that is being filled. It implements [rows.Filling].
type filling struct {
	s      *Store
	whence string
	came   *rows.Row
}

var _ rows.Filling = (*filling)(nil)

// Fill begins to fill a new folder, or goes on with one whose filling from the same place was cut off. One that was cut off
// from another place begins anew. Every error holds an [*OpenError].
func Fill(dir, whence, owner string) (rows.Filling, error) {
	if err := prepare(dir, true); err != nil {
		return nil, err
	}
	file := filepath.Join(dir, fileDatabase)
	db, err := openDatabase(file)
	if errors.Is(err, bberrors.ErrTimeout) {
		return nil, owned(dir)
	}
	if err != nil {
		return nil, explain(file, err)
	}
	s := &Store{dir: dir, db: db, blobs: blobs{dir: filepath.Join(dir, dirBlobs), noSync: true}}
	f := &filling{s: s, whence: whence}
	if err := f.begin(); err != nil {
		return nil, errors.Join(explain(file, err), closeDatabase(db, err))
	}
	if err := s.setUp(Options{Owner: owner}); err != nil {
		return nil, errors.Join(err, closeDatabase(db, err))
	}
	return f, nil
}

// begin finds out how far the filling has come, and marks the folder as one that is being filled.
func (f *filling) begin() error {
	from, err := format(f.s.db)
	if err != nil {
		return err
	}
	if from > Format {
		return newer(f.s.db.Path(), from)
	}
	return update(f.s.db, func(tx *bbolt.Tx) error {
		meta := tx.Bucket(bucketMeta)
		whence, place := fillingOf(meta)
		if whence == f.whence {
			var err error
			f.came, err = rows.PlaceOf(place)
			return err
		}
		for _, name := range append([][]byte{bucketBlocks}, buckets...) {
			b, err := tx.CreateBucketIfNotExists(name) // an earlier format has no blocks
			if err != nil {
				return err
			}
			if k, _ := b.Cursor().First(); k != nil && whence == "" {
				return &OpenError{Code: CodeNotEmpty, Where: f.s.dir, Why: "the folder holds a record of its own", Do: "name an empty folder, or one that is not there yet"}
			}
			if err := errors.Join(tx.DeleteBucket(name), ignore(tx.CreateBucket(name))); err != nil {
				return err
			}
		}
		return meta.Put(keyFilling, rows.Names(f.whence, ""))
	})
}

func ignore(_ *bbolt.Bucket, err error) error { return err }

// fillingOf is whence a folder is being filled, "" when it isn't, and how far it has come.
func fillingOf(meta *bbolt.Bucket) (whence string, place []byte) {
	v := meta.Get(keyFilling)
	for i, b := range v {
		if b == 0 {
			return string(v[:i]), rows.Keep(v[i+1:])
		}
	}
	return "", nil
}

// whole refuses a folder whose filling has not ended.
func (s *Store) whole() error {
	return view(s.db, func(tx *bbolt.Tx) error {
		meta := tx.Bucket(bucketMeta)
		if meta == nil {
			return nil
		}
		if whence, _ := fillingOf(meta); whence != "" {
			return &OpenError{Code: CodeHalf, Where: s.dir, Why: "dossier migrate-store has not come to its end here (from " + whence + ")",
				Do: "run the same dossier migrate-store again: it goes on where it was"}
		}
		return nil
	})
}

// Came is the last row that is durable here; nil at the beginning.
func (f *filling) Came() *rows.Row { return f.came }

// Rows writes rows in the order of a dump.
func (f *filling) Rows(batch []rows.Row) error {
	err := update(f.s.db, func(tx *bbolt.Tx) error {
		index, blocks := tx.Bucket(bucketIndex), tx.Bucket(bucketBlocks)
		index.FillPercent, blocks.FillPercent = 0.9, 0.9 // rows come in their order
		for _, r := range batch {
			if r.Bucket == rows.Index {
				names := strings.SplitN(string(r.Key), "\x00", 3)
				if len(names) < 3 {
					return fmt.Errorf("a row of the index with the key %.60q: %w", r.Key, ledger.ErrDamaged)
				}
				if err := putEntry(index, blocks, ledger.Key{Index: names[0], Key: names[1], ID: names[2], Value: r.Value}); err != nil {
					return err
				}
				continue
			}
			b := tx.Bucket([]byte(r.Bucket))
			if b == nil {
				return fmt.Errorf("no bucket %q", r.Bucket)
			}
			b.FillPercent = 0.9
			if err := fillRow(b, r); err != nil {
				return err
			}
		}
		return tx.Bucket(bucketMeta).Put(keyFilling, append(rows.Names(f.whence, ""), rows.Place(batch[len(batch)-1])...))
	})
	return explain(f.s.db.Path(), err)
}

// fillRow writes a row; with its snapshot, which comes last, a case becomes whole.
func fillRow(b *bbolt.Bucket, r rows.Row) error {
	if r.Bucket == rows.Cases {
		id, _, snapshot, err := rows.CaseKey(r.Key)
		if err == nil && snapshot && len(r.Value) > 8 {
			events, err := eventsIn(b, id, 0, 0)
			if folded := (&whole{events, r.Value[8:]}).fold(); err == nil && folded != nil && bytes.Equal(folded[:8], r.Value[:8]) {
				return putWhole(b, id, folded)
			}
		}
	}
	return b.Put(r.Key, packedRow(r))
}

// PutBlob keeps a blob; it is durable when the filling is closed.
func (f *filling) PutBlob(sha string, data []byte) error { return f.s.PutBlob(sha, data) }

// Close ends the filling: as a store when it is whole, else to be gone on with.
func (f *filling) Close(whole bool) error {
	var err error
	if whole {
		if err = explain(f.s.blobs.dir, f.s.blobs.sync()); err == nil {
			err = explain(f.s.db.Path(), update(f.s.db, func(tx *bbolt.Tx) error { return tx.Bucket(bucketMeta).Delete(keyFilling) }))
		}
	}
	return errors.Join(err, f.s.disown(), closeDatabase(f.s.db, nil))
}
