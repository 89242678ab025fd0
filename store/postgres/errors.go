package postgres

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"dossier/engine/ledger"
)

// Codes of an [OpenError].
const (
	CodeBadURL      = "bad-url"      // the address can't be read
	CodeUnreachable = "unreachable"  // no server answers there, or it has gone away
	CodeRefused     = "refused"      // the server doesn't let this user in
	CodeNoRights    = "no-rights"    // the user may not read or write there
	CodeMissing     = "no-database"  // there is no such database, or no schema in it and Create was not asked for
	CodeOwned       = "owned"        // other processes write to the schema
	CodeNotOurs     = "not-ours"     // the schema is another program's
	CodeNewer       = "newer-format" // a later version of the program wrote it
	CodeOldServer   = "old-server"   // PostgreSQL before version 15
	CodeReadOnly    = "read-only"    // a standby, or a server told to be read-only
	CodeFull        = "disk-full"    // the server has no space
	CodeHalf        = "half-moved"   // migrate-store has begun to fill the schema and not ended
	CodeNotEmpty    = "not-empty"    // a restore wants an empty schema
	CodeBadBackup   = "bad-backup"   // a restore was given something that is not a whole backup
	CodeClock       = "clock-skew"   // the clocks of this machine and of the server differ
	CodeUnknown     = "cannot-open"  // anything else that the server says
)

// OpenError says why a schema can't be opened, or not be worked with any more, and what to do about it. Nothing was changed,
// unless it says so.
type OpenError struct {
	Code  string
	Where string // the address, without a password
	Why   string // what is wrong
	Do    string // what to do
	Err   error  // what the server or the system said
}

func (e *OpenError) Error() string { return e.Why + ": " + e.Where + ": " + e.Do }

func (e *OpenError) Unwrap() error { return e.Err }

// OpenCode is the error's code.
func (e *OpenError) OpenCode() string { return e.Code }

// OpenWhere is the file, folder or address.
func (e *OpenError) OpenWhere() string { return e.Where }

// Unavailable tells that the database may be back in a moment: the same can be tried again then.
func (e *OpenError) Unavailable() bool { return e.Code == CodeUnreachable || e.Code == CodeReadOnly }

var (
	// errForeign: a schema that some other program made.
	errForeign = errors.New("another program's schema")
	// errHidden: a schema that this user may not use.
	errHidden = errors.New("permission denied for the schema")
	// errReadOnly: a server that takes no changes.
	errReadOnly = errors.New("read-only")
	// errGone: the connection ended while something was under way.
	errGone = errors.New("the connection has ended")
	// errOutcome: the connection broke off while a commit was under way, and what became of it could not be asked.
	errOutcome = errors.New("whether it was recorded is not known: repeat it with the same key, and it is done once")
)

// sqlState is the code that the server gave an error, "" for none.
func sqlState(err error) string {
	var e *pgconn.PgError
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

// lost tells an error after which the connection is not good for anything: another try needs another one.
func lost(err error) bool {
	if err == nil || errors.Is(err, ledger.ErrNotFound) || errors.Is(err, ledger.ErrDamaged) {
		return false
	}
	state := sqlState(err)
	switch {
	case strings.HasPrefix(state, "57P"), strings.HasPrefix(state, "08"), state == "25006": // shut down or starting; a primary no more
		return true
	case state != "":
		return false
	}
	var op net.Error
	var connect *pgconn.ConnectError
	return errors.Is(err, errGone) || errors.As(err, &op) || errors.As(err, &connect) || pgconn.SafeToRetry(err) || errors.Is(err, context.DeadlineExceeded)
}

// gone marks an error after which the connection turns out to be closed.
func gone(c *pgx.Conn, err error) error {
	if err != nil && c.IsClosed() {
		return fmt.Errorf("%w: %w", errGone, err)
	}
	return err
}

// explain makes an OpenError of what the server or the system said; other OpenErrors pass, nil stays nil.
func explain(where string, err error) error {
	var known *OpenError
	if err == nil || errors.As(err, &known) {
		return err
	}
	e := &OpenError{Where: where, Err: err}
	said := func(code, why, do string) error {
		e.Code, e.Why, e.Do = code, why, do
		return e
	}
	state := sqlState(err)
	switch {
	case errors.Is(err, errForeign):
		return said(CodeNotOurs, "the schema is another program's", "name another schema with ?schema=NAME; dossier makes it")
	case state == "3D000":
		return said(CodeMissing, "there is no such database", "let the server's keeper make it (create database), or check the name in the address")
	case state == "28000" || state == "28P01":
		return said(CodeRefused, "the server doesn't let this user in", "check the user and the password (PGPASSWORD, ~/.pgpass), and the server's pg_hba.conf")
	case state == "42501" || errors.Is(err, errHidden):
		return said(CodeNoRights, "this user may not do that in the database ("+server(err)+")",
			"let the server's keeper grant it: create on the database for a new schema, or make the schema with this user as its owner")
	case state == "25006" || errors.Is(err, errReadOnly):
		return said(CodeReadOnly, "the server takes no changes: it is a standby, or set to be read-only",
			"name all servers in the address with target_session_attrs=read-write (postgres://a,b/dossier?target_session_attrs=read-write)")
	case state == "53100":
		return said(CodeFull, "the database server has no space left", "free some space on the server, then try again; nothing was changed")
	case state == "53300":
		return said(CodeUnreachable, "the server has no connection left for dossier", "raise max_connections, or lower pool_max_conns in the addresses of the servers")
	case lost(err):
		return said(CodeUnreachable, "the database server doesn't answer ("+plain(err)+")", "check that it runs and that the address, the port and the firewall are right")
	}
	return said(CodeUnknown, server(err), "see what the server's log says, then try again")
}

// server is what the server said of an error, in one line.
func server(err error) string {
	var e *pgconn.PgError
	if errors.As(err, &e) {
		return fmt.Sprintf("%s, %s", e.Message, e.Code)
	}
	return err.Error()
}

// plain is the innermost cause of an error, without the address that it repeats.
func plain(err error) string {
	for _, end := range []string{"connection refused", "no such host", "no such file or directory", "permission denied", "network is unreachable",
		"no route to host", "context deadline exceeded", "the database system is starting up", "the database system is shutting down",
		"terminating connection"} {
		if strings.Contains(err.Error(), end) {
			if end == "context deadline exceeded" {
				return "no answer in time"
			}
			return end
		}
	}
	text := strings.ReplaceAll(err.Error(), "\n", " ")
	if i := strings.LastIndex(text, ": "); i >= 0 {
		return text[i+2:]
	}
	return text
}
