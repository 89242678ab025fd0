// Package store opens the store that a URL names.
package store

import (
	"strings"

	"dossier/engine/ledger"
	"dossier/store/bolt"
)

// Options say how to open a store.
type Options struct {
	Create bool   // make it where there is none yet
	Owner  string // what others are told of who has it: the command and its address
	NoSync bool   // nothing is durable before Close: for filling a store that can be made anew
}

// Open opens the store of a URL: "bolt:DIR". Errors are [*bolt.OpenError].
func Open(url string, opt Options) (ledger.Store, error) {
	dir, ok := strings.CutPrefix(url, "bolt:")
	if !ok || dir == "" {
		return nil, &bolt.OpenError{Code: "bad-url", Where: url, Why: "this names no store", Do: "write bolt: and a folder, as in bolt:dossier-data"}
	}
	s, err := bolt.Open(dir, bolt.Options(opt))
	if err != nil {
		return nil, err
	}
	return s, nil
}
