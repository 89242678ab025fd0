package bolt

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"go.etcd.io/bbolt"
	bberrors "go.etcd.io/bbolt/errors"

	"dossier/engine/ledger"
	"dossier/store/group"
)

// Options say how to open a folder.
type Options struct {
	Create bool   // make the store where there is none yet: the folder is missing, or holds only the office's own files
	Owner  string // what others are told of who has the folder: "dossier serve, http://127.0.0.1:8080"
	NoSync bool   // nothing is durable before Close, which syncs all of it: for filling a folder that can be made anew
}

// Store is an open folder. It is safe for concurrent use.
type Store struct {
	dir   string
	db    *database
	blobs blobs
	queue *group.Queue

	broken error // why nothing can be committed any more; write's own, as what follows
	room   room
}

var _ ledger.Store = (*Store)(nil)

// The files of a folder.
const (
	fileDatabase = "dossier.db"
	fileOwner    = "owner.json"
	dirBlobs     = "blobs"
	newPrefix    = fileDatabase + ".new-" // a database being made or restored
)

// mayStand reports whether a file may be in a folder before there is a store: the office's own, the file system's, and one that is being made.
func mayStand(name string) bool {
	return slices.Contains(ownFolders, name) || name == ownPosts || isEmpty(name) || strings.HasPrefix(name, newPrefix)
}

// isEmpty reports whether a folder that holds the file counts as empty all the same.
func isEmpty(name string) bool { return name == "lost+found" }

// Open opens the store in dir and owns the folder until Close. Every error holds an [*OpenError] for errors.As; after one, the folder is as it was.
func Open(dir string, opt Options) (*Store, error) {
	if err := prepare(dir, opt.Create); err != nil {
		return nil, err
	}
	db, err := openDatabase(filepath.Join(dir, fileDatabase))
	if errors.Is(err, bberrors.ErrTimeout) {
		return nil, owned(dir)
	}
	if err != nil {
		return nil, explain(filepath.Join(dir, fileDatabase), err)
	}
	db.NoSync = opt.NoSync
	s := &Store{dir: dir, db: db, blobs: blobs{dir: filepath.Join(dir, dirBlobs), noSync: opt.NoSync}}
	err = explain(db.Path(), s.whole())
	if err == nil {
		err = s.setUp(opt)
	}
	if err != nil {
		return nil, errors.Join(err, closeDatabase(db, err))
	}
	s.queue = group.Start(1, s.write)
	return s, nil
}

// setUp checks the format, says who owns the folder, and brings it up to date.
func (s *Store) setUp(opt Options) error {
	path := s.db.Path()
	from, err := format(s.db)
	if err != nil {
		return explain(path, err)
	}
	if from > Format {
		return newer(path, from)
	}
	if err := writeOwner(s.dir, opt.Owner); err != nil {
		return explain(s.dir, err)
	}
	err = explain(s.blobs.dir, s.blobs.begin())
	if err == nil {
		err = explain(path, migrate(s.db, from, migrations))
	}
	if err != nil {
		return errors.Join(err, s.disown())
	}
	return nil
}

func (s *Store) disown() error { return os.Remove(filepath.Join(s.dir, fileOwner)) }

// Close waits for what is being committed, and gives the folder up.
func (s *Store) Close() error {
	if !s.queue.Stop() {
		return nil
	}
	var err error
	if s.db.NoSync {
		err = errors.Join(s.blobs.sync(), s.db.Sync())
	}
	return errors.Join(err, s.disown(), closeDatabase(s.db, s.broken))
}

// prepare makes sure that there is a database in dir, and makes it when asked to.
func prepare(dir string, create bool) error {
	file := filepath.Join(dir, fileDatabase)
	info, err := os.Stat(file)
	switch {
	case err == nil && info.Mode().IsRegular() && info.Size() > 0:
		return nil
	case err == nil:
		return explain(file, fmt.Errorf("empty or not a file: %w", ledger.ErrDamaged))
	case !errors.Is(err, fs.ErrNotExist):
		return explain(file, err)
	}
	strange, err := stranger(dir, mayStand)
	missing := errors.Is(err, fs.ErrNotExist)
	if err != nil && !missing {
		return explain(dir, err)
	}
	if strange != "" {
		return &OpenError{Code: CodeNotOurs, Where: dir, Why: "the folder holds " + strange + " but no dossier database",
			Do: "name an empty folder, or the one that dossier made"}
	}
	if !create {
		return &OpenError{Code: CodeMissing, Where: dir, Why: "there is no dossier database", Do: "check the folder's name, or start with dossier serve, which makes one"}
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return explain(dir, err)
	}
	if err := createDatabase(dir); err != nil {
		if missing {
			err = errors.Join(err, os.Remove(dir))
		}
		return explain(dir, err)
	}
	return nil
}

// stranger is the first file in dir that is not known; "" when there is none.
func stranger(dir string, known func(name string) bool) (string, error) {
	files, err := os.ReadDir(dir)
	for _, f := range files {
		if !known(f.Name()) {
			return f.Name(), nil
		}
	}
	return "", err
}

// createDatabase makes a whole database under another name and then gives it its own, unless somebody else was faster.
func createDatabase(dir string) error {
	f, err := os.CreateTemp(dir, newPrefix)
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	if err := f.Close(); err != nil {
		return err
	}
	db, err := openDatabase(f.Name())
	if err != nil {
		return err
	}
	err = migrate(db, 0, migrations)
	if err := errors.Join(err, closeDatabase(db, err)); err != nil {
		return err
	}
	if err := os.Link(f.Name(), filepath.Join(dir, fileDatabase)); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return syncDir(dir)
}

// database is an open database with the file that it stands in.
type database struct {
	*bbolt.DB
	file *os.File
}

// openDatabase opens and locks a database; bbolt's ErrTimeout when another process has it, ErrDamaged when it can't be one.
func openDatabase(path string) (db *database, err error) {
	db = &database{}
	defer func() {
		if err != nil && db.file != nil {
			_ = release(db.file) // after a panic bbolt leaves it open, and locked
		}
	}()
	defer guard(&err)
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	opt := &bbolt.Options{Timeout: 100 * time.Millisecond, FreelistType: bbolt.FreelistArrayType, NoStatistics: true}
	opt.OpenFile = func(name string, flag int, mode os.FileMode) (*os.File, error) {
		var err error
		db.file, err = os.OpenFile(name, flag, mode)
		return db.file, err
	}
	if runtime.GOOS != "windows" && strconv.IntSize == 64 {
		// Addresses only. A map that has to grow waits for every reader, so a backup would hold up the commits.
		opt.InitialMmapSize = 64 << 30
	}
	db.DB, err = bbolt.Open(path, 0o600, opt)
	var system *fs.PathError
	var number syscall.Errno
	if err == nil || errors.Is(err, bberrors.ErrTimeout) || errors.As(err, &system) || errors.As(err, &number) {
		return db, err
	}
	return db, fmt.Errorf("%w: %w", err, ledger.ErrDamaged)
}

// Owner is who has a folder.
type Owner struct {
	PID   int       `json:"pid"`
	Name  string    `json:"owner"` // Options.Owner
	Since time.Time `json:"-"`     // the time of the file, as the file system keeps it
}

func (o *Owner) String() string {
	s := fmt.Sprintf("process %d", o.PID)
	if o.Name != "" {
		s += " (" + o.Name + ")"
	}
	return s + " since " + o.Since.UTC().Format(time.RFC3339)
}

func writeOwner(dir, name string) error {
	data, err := json.Marshal(Owner{PID: os.Getpid(), Name: name})
	if err != nil {
		return err
	}
	return writeFile(filepath.Join(dir, fileOwner), data)
}

// owned is the error of a folder whose database is locked.
func owned(dir string) error {
	e := &OpenError{Code: CodeOwned, Where: dir, Why: "another program has the folder", Do: "stop that program, or name another folder"}
	path := filepath.Join(dir, fileOwner)
	data, err := os.ReadFile(path)
	if err != nil {
		return e
	}
	info, err := os.Stat(path)
	var o Owner
	if err != nil || json.Unmarshal(data, &o) != nil {
		return e
	}
	o.Since = info.ModTime()
	e.Owner, e.Why = &o, "the folder is in use by "+o.String()
	return e
}

func newer(path string, has uint64) error {
	return &OpenError{Code: CodeNewer, Where: path, Why: fmt.Sprintf("the database has format %d, and this version knows %d", has, Format),
		Do: "use the version of dossier that wrote it, or a later one"}
}
