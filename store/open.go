// Package store opens the store that a URL names.
package store

import (
	"context"
	"errors"
	"strings"
	"time"

	"dossier/engine/ledger"
	"dossier/store/bolt"
	"dossier/store/postgres"
)

// Options say how to open a store.
type Options struct {
	Create bool             // make it where there is none yet
	Owner  string           // what others are told of who has it: the command and its address
	NoSync bool             // nothing is durable before Close: for filling a store that can be made anew
	Now    func() time.Time // this machine's clock, which a database server's must agree with; nil: it is not asked
	Conns  int              // by how many connections at most a database is read; 0: as many as the address or the machine says
}

// OpenError is why a store can't be opened, or not be worked with any more: what is wrong, where, and what to do.
type OpenError interface {
	error
	// OpenCode is stable: "owned", "unreachable", …
	OpenCode() string
	// OpenWhere is the file, the folder or the address.
	OpenWhere() string
}

// Code is the code of the OpenError that an error holds, "" for none.
func Code(err error) string {
	var e OpenError
	if errors.As(err, &e) {
		return e.OpenCode()
	}
	return ""
}

// Open opens the store of a URL: "bolt:DIR", or "postgres://USER@HOST/DATABASE?schema=NAME". Every error holds an [OpenError].
func Open(url string, opt Options) (ledger.Store, error) {
	if Shared(url) {
		s, err := postgres.Open(url, postgres.Options(opt))
		if err != nil {
			return nil, err
		}
		return s, nil
	}
	dir, ok := strings.CutPrefix(url, "bolt:")
	if !ok || dir == "" {
		return nil, badURL(url)
	}
	s, err := bolt.Open(dir, bolt.Options{Create: opt.Create, Owner: opt.Owner, NoSync: opt.NoSync})
	if err != nil {
		return nil, err
	}
	return s, nil
}

// Aside opens a copy of a folder's database in scratch, with the folder's files beside it, for reading what can't be written
// to: a backup medium, another user's folder. The folder is left as it is.
func Aside(dir, scratch string) (ledger.Store, error) {
	s, err := bolt.Aside(dir, scratch)
	if err != nil {
		return nil, err
	}
	return s, nil
}

// Shared tells whether several processes may have the store of the URL open at once.
func Shared(url string) bool {
	return strings.HasPrefix(url, "postgres://") || strings.HasPrefix(url, "postgresql://")
}

func badURL(url string) error {
	return &bolt.OpenError{Code: "bad-url", Where: url, Why: "this names no store",
		Do: "write bolt: and a folder, as in bolt:dossier-data, or postgres://USER@HOST/DATABASE"}
}

// Named is a URL as it may be shown: without a password.
func Named(url string) string {
	if Shared(url) {
		return postgres.Named(url)
	}
	return url
}

// Several is a store that several processes may have open at once.
type Several interface {
	// Hear calls f with what other processes commit, by the heads of their ledgers; lost is that anything may have been.
	Hear(ctx context.Context, f func(whats []string, lost bool))
	// OnDuty tells whether this process is the one that does what is done once for all of them.
	OnDuty(ctx context.Context) (bool, error)
	// Clock refuses this machine's clock where it is too far off the database's or another process's.
	Clock() error
}

var _ Several = (*postgres.Store)(nil)
