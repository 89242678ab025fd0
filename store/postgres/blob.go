package postgres

import (
	"bytes"
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"dossier/engine/ledger"
	"dossier/store/rows"
)

// piece is how many bytes of a blob one row holds.
const piece = 256 << 10

// PutBlob keeps bytes under their SHA-256 (hex); an error when it isn't theirs. The bytes are durable when it returns, unless
// the store was opened with NoSync. What is there already is left, unless it is damaged: then it is mended.
func (s *Store) PutBlob(sha string, data []byte) error {
	sum, err := rows.Unhex(sha)
	if err != nil {
		return fmt.Errorf("put blob: %w", err)
	}
	if !rows.Names256(sha, data) {
		return fmt.Errorf("put blob: the bytes are not those of %s", sha)
	}
	pieces := slices.Collect(slices.Chunk(data, piece))
	if len(pieces) == 0 {
		pieces = [][]byte{{}} // no bytes are a blob too
	}
	ctx, cancel := context.WithTimeout(context.Background(), s.patience+readTime)
	defer cancel()
	err = s.patiently(ctx, func() error {
		b := &pgx.Batch{}
		b.Queue(`insert into blobs select $1, p.n - 1, p.data from unnest($2::bytea[]) with ordinality as p(data, n)
			on conflict (sha, n) do update set data = excluded.data where blobs.data <> excluded.data`, sum, pieces)
		b.Queue(`delete from blobs where sha = $1 and n >= $2`, sum, len(pieces))
		return s.lend(ctx, func(c *pgx.Conn) error { return c.SendBatch(ctx, b).Close() })
	})
	if err != nil {
		return fmt.Errorf("put blob: %w", explain(s.where, err))
	}
	return nil
}

// Blob reads bytes back; ErrNotFound; ErrDamaged when they no longer match their name.
func (r reader) Blob(sha string) ([]byte, error) {
	sum, err := rows.Unhex(sha)
	if err != nil {
		return nil, fmt.Errorf("blob: %w: %w", err, ledger.ErrNotFound)
	}
	pieces, err := list(r, `select data from blobs where sha = $1 order by n`, []any{sum}, pgx.RowTo[[]byte])
	if err == nil && len(pieces) == 0 {
		err = ledger.ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("blob %s: %w", sha, err)
	}
	data := bytes.Join(pieces, nil)
	if !rows.Names256(sha, data) {
		return nil, fmt.Errorf("blob %s: %w", sha, ledger.ErrDamaged)
	}
	return data, nil
}

// Blobs calls f with the SHA-256 of every blob, in order.
func (r reader) Blobs(f func(sha string) error) error {
	const page = 1000
	after := []byte{}
	for {
		shas, err := list(r, `select sha from blobs where sha > $1 and n = 0 order by sha limit $2`, []any{after, page}, pgx.RowTo[[]byte])
		if err != nil {
			return fmt.Errorf("blobs: %w", err)
		}
		for _, sha := range shas {
			if err := f(fmt.Sprintf("%x", sha)); err != nil {
				return err
			}
			after = sha
		}
		if len(shas) < page {
			return nil
		}
	}
}
