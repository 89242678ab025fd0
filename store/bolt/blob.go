package bolt

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"

	"dossier/engine/ledger"
	"dossier/store/rows"
)

// blobs is the folder of the blobs.
type blobs struct {
	dir    string
	noSync bool             // what is written is synced by sync alone
	made   [256]atomic.Bool // folders ab/ that this process knows to be durable, by number
	naming sync.Mutex       // names are given and changed one after another: many who wait for a folder in the kernel spin there
}

// path is where a blob stands. sha is 64 hex digits.
func (b *blobs) path(sha string) string { return filepath.Join(b.dir, sha[:2], sha) }

func (b *blobs) tmp() string { return filepath.Join(b.dir, "tmp") }

// begin makes the folder, and removes what a crash left half written.
func (b *blobs) begin() error {
	if err := os.RemoveAll(b.tmp()); err != nil {
		return err
	}
	if err := os.MkdirAll(b.tmp(), 0o700); err != nil {
		return err
	}
	return errors.Join(syncDir(b.dir), syncDir(filepath.Dir(b.dir)))
}

// PutBlob keeps bytes under their SHA-256 (hex); an error when it isn't theirs. The bytes are durable when it returns, unless
// the store was opened with NoSync.
// What is there already is left, unless it is damaged: then it is mended.
func (s *Store) PutBlob(sha string, data []byte) error {
	sum, err := rows.Unhex(sha)
	if err != nil {
		return fmt.Errorf("put blob: %w", err)
	}
	if has := sha256.Sum256(data); !bytes.Equal(has[:], sum) {
		return fmt.Errorf("put blob: the bytes are %x, not %s", has, sha)
	}
	if err := s.blobs.put(sha, data); err != nil {
		return fmt.Errorf("put blob: %w", explain(s.blobs.dir, err))
	}
	return nil
}

func (b *blobs) put(sha string, data []byte) error {
	path := b.path(sha)
	if b.noSync {
		return b.write(path, data)
	}
	if old, err := os.ReadFile(path); err == nil && bytes.Equal(old, data) {
		// Whoever wrote it may not have come to sync it.
		return errors.Join(syncPath(path, os.O_RDWR), syncDir(filepath.Dir(path)), b.mkdir(sha))
	}
	if err := b.mkdir(sha); err != nil {
		return err
	}
	return writeFileVia(b.tmp(), path, data, &b.naming)
}

// write keeps a blob without syncing it.
func (b *blobs) write(path string, data []byte) error {
	if err := os.Mkdir(filepath.Dir(path), 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	f, err := os.CreateTemp(b.tmp(), filepath.Base(path)+".")
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}

// sync makes every blob durable.
func (b *blobs) sync() error {
	dirs := map[string]bool{b.dir: true}
	err := b.each(func(sha string) error {
		dirs[filepath.Dir(b.path(sha))] = true
		return syncPath(b.path(sha), os.O_RDWR)
	})
	for dir := range dirs {
		err = errors.Join(err, syncDir(dir))
	}
	return err
}

// each calls f with the SHA-256 of every blob, in order.
func (b *blobs) each(f func(sha string) error) error {
	for n := range b.made {
		files, err := os.ReadDir(filepath.Join(b.dir, hex.EncodeToString([]byte{byte(n)})))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		for _, file := range files {
			if _, err := rows.Unhex(file.Name()); err != nil {
				continue // not ours
			}
			if err := f(file.Name()); err != nil {
				return err
			}
		}
	}
	return nil
}

// mkdir makes the folder of a blob durable.
func (b *blobs) mkdir(sha string) error {
	n, err := hex.DecodeString(sha[:2])
	if err != nil || b.made[n[0]].Load() {
		return err
	}
	if err := os.Mkdir(filepath.Join(b.dir, sha[:2]), 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	if err := syncDir(b.dir); err != nil {
		return err
	}
	b.made[n[0]].Store(true)
	return nil
}

// Blob reads bytes back; ErrNotFound; ErrDamaged when they no longer match their name.
func (s *Store) Blob(sha string) (data []byte, err error) {
	err = s.blobs.held(sha, func(path string) (has [sha256.Size]byte, err error) {
		data, err = os.ReadFile(path)
		return sha256.Sum256(data), err
	})
	if err != nil {
		return nil, err
	}
	return data, nil
}

// ProveBlob is Blob without the bytes: they are read piece by piece.
func (s *Store) ProveBlob(sha string) error {
	return s.blobs.held(sha, func(path string) (has [sha256.Size]byte, err error) {
		f, err := os.Open(path)
		if err != nil {
			return has, err
		}
		piece, h := pieces.Get().(*[64 << 10]byte), sha256.New()
		defer pieces.Put(piece)
		for n := 0; err == nil; {
			n, err = f.Read(piece[:])
			h.Write(piece[:n])
		}
		if errors.Is(err, io.EOF) {
			err = nil
		}
		h.Sum(has[:0])
		return has, errors.Join(err, f.Close())
	})
}

var pieces = sync.Pool{New: func() any { return new([64 << 10]byte) }}

// held holds what is read from a blob's file to its name.
func (b *blobs) held(sha string, read func(path string) ([sha256.Size]byte, error)) error {
	sum, err := rows.Unhex(sha)
	if err != nil {
		return fmt.Errorf("blob: %w: %w", err, ledger.ErrNotFound)
	}
	has, err := read(b.path(sha))
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("blob %s: %w", sha, ledger.ErrNotFound)
	}
	if err != nil {
		return fmt.Errorf("blob: %w", err)
	}
	if !bytes.Equal(has[:], sum) {
		return fmt.Errorf("blob %s: %w", sha, ledger.ErrDamaged)
	}
	return nil
}

// Blobs calls f with the SHA-256 of everything that is kept, in order.
func (s *Store) Blobs(f func(sha string) error) error { return s.blobs.each(f) }

// DropBlob forgets bytes. Whoever calls it knows that nothing names them, and that nothing that does is on its way.
func (s *Store) DropBlob(sha string) error {
	if _, err := rows.Unhex(sha); err != nil {
		return fmt.Errorf("drop blob: %w", err)
	}
	err := os.Remove(s.blobs.path(sha))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return errors.Join(err, syncDir(filepath.Dir(s.blobs.path(sha))))
}
