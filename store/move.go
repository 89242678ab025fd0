package store

import (
	"bufio"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"strings"

	"dossier/engine/ledger"
	"dossier/store/bolt"
	"dossier/store/postgres"
	"dossier/store/rows"
)

// Moved is how far a move has come.
type Moved = rows.Moved

// Move copies everything that a store holds into the empty store of a URL. whence says what it is copied from, and as of
// when: a move that was cut off goes on when the same is moved again, and begins anew when it is another. Progress is told
// after each batch. Nobody writes to the source meanwhile.
func Move(ctx context.Context, from ledger.Store, whence, url, owner string, progress func(Moved)) (Moved, error) {
	source, ok := from.(rows.Source)
	if !ok {
		return Moved{}, errors.New("this store can't be moved out of")
	}
	to, err := fill(url, whence, owner)
	if err != nil {
		return Moved{}, err
	}
	done, err := rows.Move(ctx, source, to, progress)
	return done, errors.Join(err, to.Close(err == nil))
}

// fill begins to fill the empty store of a URL.
func fill(url, whence, owner string) (rows.Filling, error) {
	if Shared(url) {
		return postgres.Fill(url, whence, owner)
	}
	dir, ok := strings.CutPrefix(url, "bolt:")
	if !ok || dir == "" {
		return nil, badURL(url)
	}
	return bolt.Fill(dir, whence, owner)
}

// Restore writes a backup into the empty store of a URL, and checks that it is whole. A backup of a folder is restored into a
// folder; one of a database into either.
func Restore(r io.Reader, url string) error {
	in := bufio.NewReaderSize(r, 1<<20)
	start, err := in.Peek(16)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	dir, folder := strings.CutPrefix(url, "bolt:")
	if !rows.IsBackup(start) {
		if !folder {
			return &bolt.OpenError{Code: bolt.CodeBadBackup, Where: Named(url), Why: "this is the backup of a folder, or none at all",
				Do: "restore it into a folder with --data, then dossier migrate-store --from bolt:DIR --to " + Named(url)}
		}
		return bolt.Restore(in, dir)
	}
	one := make([]byte, 8) // no restore goes on where another was cut off
	if _, err := rand.Read(one); err != nil {
		return err
	}
	to, err := fill(url, fmt.Sprintf("a backup, %x", one), "dossier restore")
	if err != nil {
		return err
	}
	if err := rows.Restore(in, to); err != nil {
		return &bolt.OpenError{Code: bolt.CodeBadBackup, Where: Named(url), Why: "the backup is not whole (" + err.Error() + ")", Err: err,
			Do: "take another backup; nothing opens what was written so far, and another restore begins anew"}
	}
	return nil
}

// Alone refuses a store to which other processes write.
func Alone(s ledger.Store) error {
	if p, ok := s.(*postgres.Store); ok {
		return p.Alone()
	}
	return nil // a folder has one owner
}

// Still gives a store as it is at one moment, while commits go on and are not in it. dir is a folder that it may make. The
// store must stay open as long.
func Still(s ledger.Store, dir string) (ledger.Store, error) {
	still, ok := s.(interface {
		Still(dir string) (ledger.Store, error)
	})
	if !ok {
		return nil, errors.New("this store can't be read as of one moment")
	}
	return still.Still(dir)
}

// Digest is one hash over every row of a store: two that give the same one hold the same.
func Digest(s ledger.Store) (string, error) { return rows.Digest(s.Dump) }
