package bolt

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync/atomic"

	"dossier/engine"
)

// blobs is the folder of the blobs.
type blobs struct {
	dir  string
	made [256]atomic.Bool // folders ab/ that this process knows to be durable, by number
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

// PutBlob keeps bytes under their SHA-256 (hex); an error when it isn't theirs. The bytes are durable when it returns.
// What is there already is left, unless it is damaged: then it is mended.
func (s *Store) PutBlob(sha string, data []byte) error {
	sum, err := unhex(sha)
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
	if old, err := os.ReadFile(path); err == nil && bytes.Equal(old, data) {
		// Whoever wrote it may not have come to sync it.
		return errors.Join(syncPath(path, os.O_RDWR), syncDir(filepath.Dir(path)), b.mkdir(sha))
	}
	if err := b.mkdir(sha); err != nil {
		return err
	}
	return writeFileVia(b.tmp(), path, data)
}

// each calls f with the SHA-256 of every blob, in order.
func (b *blobs) each(f func(sha string) error) error {
	for n := range b.made {
		files, err := os.ReadDir(filepath.Join(b.dir, hex.EncodeToString([]byte{byte(n)})))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		for _, file := range files {
			if _, err := unhex(file.Name()); err != nil {
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
func (s *Store) Blob(sha string) ([]byte, error) {
	sum, err := unhex(sha)
	if err != nil {
		return nil, fmt.Errorf("blob: %w: %w", err, engine.ErrNotFound)
	}
	data, err := os.ReadFile(s.blobs.path(sha))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("blob %s: %w", sha, engine.ErrNotFound)
	}
	if err != nil {
		return nil, fmt.Errorf("blob: %w", err)
	}
	if has := sha256.Sum256(data); !bytes.Equal(has[:], sum) {
		return nil, fmt.Errorf("blob %s: %w", sha, engine.ErrDamaged)
	}
	return data, nil
}
