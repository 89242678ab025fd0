package bolt

import (
	"errors"
	"fmt"
	"io/fs"
	"runtime/debug"
	"strings"
	"syscall"

	"go.etcd.io/bbolt"

	"dossier/engine/ledger"
)

// Codes of an [OpenError].
const (
	CodeMissing   = "no-such-folder" // there is nothing to open, and Create was not asked for
	CodeNotOurs   = "not-ours"       // the folder holds something, but not a Dossier store
	CodeOwned     = "owned"          // another process has it
	CodeNewer     = "newer-format"   // a later version of the program wrote it
	CodeReadOnly  = "read-only"      // this user may not write there
	CodeFull      = "disk-full"      // no space, or over a quota or a limit
	CodeDamaged   = "damaged"        // the file can't be read as what it was
	CodeNotEmpty  = "not-empty"      // Restore wants an empty folder
	CodeHalf      = "half-moved"     // migrate-store has begun to fill the folder and not ended
	CodeBadBackup = "bad-backup"     // Restore was given something that is not a whole backup
	CodeUnknown   = "cannot-open"    // anything else that the system says
)

// OpenError says why a folder can't be opened, restored, or written any more, and what to do about it. Nothing was changed.
type OpenError struct {
	Code  string
	Where string // the file or folder
	Why   string // what is wrong
	Do    string // what to do
	Owner *Owner // who has the folder, with [CodeOwned], where it says so
	Err   error  // what the system said, if it did
}

func (e *OpenError) Error() string { return e.Why + ": " + e.Where + ": " + e.Do }

func (e *OpenError) Unwrap() error { return e.Err }

// OpenCode is the error's code.
func (e *OpenError) OpenCode() string { return e.Code }

// OpenWhere is the file, folder or address.
func (e *OpenError) OpenWhere() string { return e.Where }

// explain makes an OpenError of what the system or bbolt said about where; other OpenErrors pass, nil stays nil.
func explain(where string, err error) error {
	var known *OpenError
	switch {
	case err == nil || errors.As(err, &known):
		return err
	case full(err):
		return &OpenError{Code: CodeFull, Where: where, Err: err,
			Why: "there is no space left to write", Do: "free some space, then try again; nothing was changed"}
	case errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EROFS):
		return &OpenError{Code: CodeReadOnly, Where: where, Err: err,
			Why: "this user may not write here", Do: "let the user who runs dossier write to the folder, or name another one"}
	case errors.Is(err, syscall.ENOTDIR):
		return &OpenError{Code: CodeNotOurs, Where: where, Err: err,
			Why: "a file stands where a folder should", Do: "name a folder: an empty one, or the one that dossier made"}
	case errors.Is(err, errForeign):
		return &OpenError{Code: CodeNotOurs, Where: where, Err: err,
			Why: "the database is another program's", Do: "name an empty folder, or the one that dossier made"}
	case errors.Is(err, ledger.ErrDamaged):
		return &OpenError{Code: CodeDamaged, Where: where, Err: err,
			Why: "the file is damaged or is no dossier database", Do: "keep the folder as it is, and restore the last backup into an empty one"}
	}
	return &OpenError{Code: CodeUnknown, Where: where, Err: err, Why: err.Error(), Do: "see what the system says, then try again"}
}

// full reports that a write failed for want of space. bbolt passes some of these on as text only.
func full(err error) bool {
	if err == nil {
		return false
	}
	for _, no := range []syscall.Errno{syscall.ENOSPC, syscall.EDQUOT, syscall.EFBIG} {
		if errors.Is(err, no) || strings.HasPrefix(err.Error(), "file resize error: ") && strings.HasSuffix(err.Error(), no.Error()) {
			return true
		}
	}
	return false
}

// guard, deferred, turns a panic into ErrDamaged: a panic is how bbolt meets a damaged page, and, under
// SetPanicOnFault, how a disk that fails under the mapped file shows.
func guard(err *error) {
	if p := recover(); p != nil {
		*err = fmt.Errorf("%w: %v: %w", errPanicked, p, ledger.ErrDamaged)
	}
}

// view runs f in a transaction that sees what was committed before it began.
func view(db *database, f func(tx *bbolt.Tx) error) (err error) {
	defer guard(&err)
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	return db.View(f)
}

// update runs f in a transaction that is durable when update returns nil, and has left nothing otherwise.
func update(db *database, f func(tx *bbolt.Tx) error) (err error) {
	defer func() {
		if errors.Is(err, errPanicked) {
			err = fmt.Errorf("%w: %w", errStuck, err)
		}
	}()
	defer guard(&err)
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	return db.Update(f)
}

// closeDatabase closes a database whose last update said err. Of one that is stuck only the file, so that the folder is free again.
func closeDatabase(db *database, err error) error {
	if errors.Is(err, errStuck) {
		return release(db.file)
	}
	return db.Close()
}

var (
	errPanicked = errors.New("the database can't be read")
	// errStuck: a panic amid a write may leave bbolt's locks held, so that closing would wait for ever.
	errStuck = errors.New("the write broke off")
)
