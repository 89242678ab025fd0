package postgres_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"dossier/engine/ledger"
	"dossier/store/postgres"
	"dossier/store/storetest"
	"dossier/store/storetest/pgserver"
)

// schema is a store and where it is.
type schema struct {
	*postgres.Store
	url string
}

func (s schema) DamageBlob(sha string) error {
	_, err := s.sql(`update blobs set data = set_byte(data, length(data) / 2, get_byte(data, length(data) / 2) # 16) where sha = decode($1, 'hex')`, sha)
	return err
}

// sql runs a statement behind the store's back, and gives the first column of its first row.
func (s schema) sql(text string, args ...any) (answer string, err error) {
	base, name, _ := strings.Cut(s.url, "&schema=")
	ctx := context.Background()
	c, err := pgx.Connect(ctx, base)
	if err != nil {
		return "", err
	}
	defer c.Close(ctx)
	if _, err := c.Exec(ctx, "set search_path = "+name); err != nil {
		return "", err
	}
	rows, err := c.Query(ctx, text, args...)
	if err != nil {
		return "", err
	}
	defer rows.Close()
	if rows.Next() {
		vs, err := rows.Values()
		if err != nil || len(vs) == 0 {
			return "", err
		}
		answer = fmt.Sprint(vs[0])
	}
	rows.Close()
	return answer, rows.Err()
}

// openNew opens a store on a schema of its own and closes it when the test ends.
func openNew(t testing.TB) schema {
	t.Helper()
	url := pgserver.URL(t)
	return schema{openAt(t, url), url}
}

func openAt(t testing.TB, url string) *postgres.Store {
	t.Helper()
	s, err := postgres.Open(url, postgres.Options{Create: true, Owner: "a test"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return s
}

func TestStore(t *testing.T) {
	storetest.Run(t, func(t *testing.T) ledger.Store { return openNew(t) })
}
