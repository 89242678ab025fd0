// Package postgres keeps a bureau in a schema of a PostgreSQL database, version 15 or later. It implements [engine.Store].
//
// Several processes may have the same schema open at once. A change is committed optimistically: each statement of its
// transaction names what was read, and the transaction ends when that has moved. Nothing is locked beforehand but, in
// memory, the names of records that are checked or written (see commit.go).
//
// The schema, format 3. Names and keys are bytea, so that they sort and compare as bytes in any database; [rows] draws the
// composed ones. Hashed data are bytea.
//
//	meta      product, format                  one row
//	cases     id → seq, snapshot               the newest state
//	events    id, seq → hash, data
//	records   key → seq, state, data           key: kind 0 id
//	versions  key, seq → data                  of ledgered records
//	counters  name → value                     the 64 bits of an unsigned number
//	entries   key → value                      key: index 0 key 0 id
//	ledger    n → hash, data                   n: see [engine.LedgerRow]
//	blobs     sha, n → data                    pieces of 256 KiB, n from 0
//	writers   id → commit, at, ahead           each connection that commits: the number of its last commit, and the milliseconds its clock is ahead of the server's
//	loading   the one row there is while dossier migrate-store fills the schema: whence, and how far it has come
//
// expect(got, want, code) ends a transaction whose counts differ.
package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// product stands in meta.
const product = "dossier"

// A migration brings a schema from the format before it to its own. Migrations only go forward, are never changed once
// released, and each has a test.
type migration struct{ what, sql string }

// migrations in order: the first makes format 1 of an empty schema, the last makes [Format].
var migrations = []migration{
	{"the tables", `
create table meta (product text not null, format bigint not null);
insert into meta values ('dossier', 0);

create table cases (id bigint primary key, seq bigint not null, snapshot bytea not null) with (fillfactor = 70);
create table events (id bigint, seq bigint, hash bytea not null, data bytea not null, primary key (id, seq));
create table records (key bytea primary key, seq bigint not null, state smallint not null, data bytea not null) with (fillfactor = 70);
create table versions (key bytea, seq bigint, data bytea not null, primary key (key, seq));
create table counters (name bytea primary key, value bigint not null) with (fillfactor = 50);
create table entries (key bytea primary key, value bytea not null) with (fillfactor = 90);
create table ledger (n bigint primary key, hash bytea not null, data bytea not null);
create table blobs (sha bytea, n int, data bytea not null, primary key (sha, n));
alter table blobs alter column data set storage external;
create table writers (id bigint generated always as identity primary key, commit bigint not null default 0, at timestamptz not null default now()) with (fillfactor = 50);
create table loading (whence text not null, place bytea not null default '');

create function expect(got bigint, want bigint, code text) returns void language plpgsql as $$
begin
	if got is distinct from want then
		raise exception 'expected %, found %', want, got using errcode = code;
	end if;
end $$;
`},
	{"the writers' clocks", `
alter table writers add column ahead bigint;
`},
	{"other search keys", `select`}, // a program that knows none but the former would write on in them
}

// Format is the newest format of the schema, which this version writes.
var Format = int64(len(migrations))

// What expect says, as SQLSTATE.
const (
	stateMoved  = "DS001" // something that was read has moved
	stateWriter = "DS002" // this writer's number or the schema's format is another
	stateClock  = "DS003" // the clock of whoever commits is another than the database's
)

// condition is what a schema is found to be.
type condition struct {
	format  int64 // 0: there is nothing yet
	loading string
}

// lookAt tells what the connection's schema is: errForeign when it holds what no Dossier made.
func lookAt(ctx context.Context, c *pgx.Conn, schema string) (condition, error) {
	var at condition
	var tables, meta int
	err := c.QueryRow(ctx, `select count(*), count(*) filter (where c.relname = 'meta') from pg_class c join pg_namespace n on n.oid = c.relnamespace
		where n.nspname = $1 and c.relkind in ('r', 'v', 'm', 'p', 'f')`, schema).Scan(&tables, &meta)
	if err != nil || tables == 0 {
		return at, err
	}
	if meta == 0 {
		return at, errForeign
	}
	var name string
	err = c.QueryRow(ctx, `select product::text, format::bigint from meta`).Scan(&name, &at.format)
	switch state := sqlState(err); {
	case state == "42703", state == "42846", state == "22P02", errors.Is(err, pgx.ErrNoRows), err == nil && name != product: // no such column, or one of another type
		return at, errForeign
	case state == "42P01": // a schema that one may not look into is passed over
		return at, errHidden
	}
	if err != nil || at.format == 0 {
		return at, err
	}
	err = c.QueryRow(ctx, `select coalesce((select whence from loading), '')`).Scan(&at.loading)
	return at, err
}

// migrate brings the schema up to date, made where it is missing. Of several processes one does it, the others wait.
func migrate(ctx context.Context, c *pgx.Conn, schema string, all []migration) error {
	for i := range all {
		err := pgx.BeginFunc(ctx, c, func(tx pgx.Tx) error {
			if _, err := tx.Exec(ctx, `select pg_advisory_xact_lock($1, $2)`, classOf(schema), lockMigration); err != nil {
				return err
			}
			if i == 0 {
				if err := makeSchema(ctx, tx, schema); err != nil {
					return err
				}
			}
			at, err := lookAt(ctx, c, schema)
			if err != nil || at.format > int64(i) {
				return err
			}
			if _, err := tx.Conn().PgConn().Exec(ctx, all[i].sql).ReadAll(); err != nil {
				return err
			}
			_, err = tx.Exec(ctx, `update meta set format = $1`, i+1)
			return err
		})
		if err != nil {
			return fmt.Errorf("migration %d (%s): %w", i+1, all[i].what, err)
		}
	}
	return nil
}

// makeSchema makes the schema where there is none. One that is there needs no right to make one.
func makeSchema(ctx context.Context, tx pgx.Tx, schema string) error {
	var there bool
	err := tx.QueryRow(ctx, `select exists (select from pg_namespace where nspname = $1)`, schema).Scan(&there)
	if err == nil && !there {
		_, err = tx.Exec(ctx, `create schema `+pgx.Identifier{schema}.Sanitize())
	}
	return err
}
