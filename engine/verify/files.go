package verify

import (
	"context"
	"sync"

	"dossier/engine/ledger"
)

// blobs are the files that something on record names, by their SHA-256, and what came of reading each: once, though several papers
// may be one file.
type blobs struct {
	mu     sync.Mutex
	proved map[string]error
}

func newBlobs() *blobs { return &blobs{proved: map[string]error{}} }

// prove reads a file where nobody did before.
func (b *blobs) prove(s ledger.Store, sha string) error {
	b.mu.Lock()
	err, known := b.proved[sha]
	b.mu.Unlock()
	if known {
		return err
	}
	if p, ok := s.(blobProver); ok {
		err = p.ProveBlob(sha)
	} else {
		_, err = s.Blob(sha)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.proved[sha] = err
	return err
}

// blobProver is a store that reads a file without giving its bytes; its errors are those of Blob.
type blobProver interface{ ProveBlob(sha string) error }

// blobLister is a store that can tell what files it keeps.
type blobLister interface {
	Blobs(f func(sha string) error) error
}

// strays are the files of a store that nothing on record names.
func (b *blobs) strays(ctx context.Context, s blobLister) (all []string, err error) {
	err = s.Blobs(func(sha string) error {
		if _, named := b.proved[sha]; !named {
			all = append(all, sha)
		}
		return ctx.Err()
	})
	return all, err
}
