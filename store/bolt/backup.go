package bolt

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"go.etcd.io/bbolt"

	"dossier/engine/ledger"
	"dossier/store/rows"
)

// A backup is a tar stream: dossier.db as one transaction sees it, then blobs/ab/abcdef… in the order of their names, then
// the office's own files (workflows/x.yaml, documents/y.yaml), then manifest.json, by which Restore knows that the stream is whole. The database comes first: blobs are written before the
// commit that names them and never removed, so all that it names are there when it has been read.

const fileManifest = "manifest.json"

// manifest ends a backup.
type manifest struct {
	Format   uint64   `json:"format"`
	Database string   `json:"database"` // SHA-256 of dossier.db, hex
	Blobs    int      `json:"blobs"`
	Damaged  []string `json:"damaged,omitempty"` // blobs that no longer matched their name when they were read

	Own map[string]string `json:"own,omitempty"` // the office's own files: "workflows/x.yaml" → SHA-256
}

// ownFolders and ownPosts are where the office's own procedures, forms and posts stand beside the database.
var ownFolders = []string{"workflows", "documents"}

const ownPosts = "posts.yaml"

// maxOwn is the most that one of the office's own files may hold, in bytes.
const maxOwn = 8 << 20

// ownFile tells whether a name in a backup is that of one of the office's own files, at whatever depth of its folders.
func ownFile(name string) bool {
	if name == ownPosts {
		return true
	}
	parts := strings.Split(name, "/")
	hidden := func(s string) bool {
		return s == "" || strings.HasPrefix(s, ".") || strings.Contains(s, "\\") || strings.ContainsFunc(s, func(r rune) bool { return r < ' ' })
	}
	return len(parts) > 1 && slices.Contains(ownFolders, parts[0]) && strings.HasSuffix(name, ".yaml") && !slices.ContainsFunc(parts, hidden)
}

// ownFiles are the names of the office's own files, in order.
func (s *Store) ownFiles() ([]string, error) {
	var names []string
	for _, root := range append(slices.Clone(ownFolders), ownPosts) {
		err := filepath.WalkDir(filepath.Join(s.dir, root), func(file string, f fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			name, err := filepath.Rel(s.dir, file)
			if name = filepath.ToSlash(name); err == nil && f.Type().IsRegular() && ownFile(name) {
				names = append(names, name)
			}
			return err
		})
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
	}
	return names, nil
}

// backupOwn writes the office's own files.
func (s *Store) backupOwn(out *tar.Writer, m *manifest) error {
	names, err := s.ownFiles()
	if err != nil {
		return err
	}
	for _, name := range names {
		data, err := os.ReadFile(filepath.Join(s.dir, filepath.FromSlash(name)))
		if err != nil {
			return err
		}
		if len(data) > maxOwn {
			return fmt.Errorf("%s holds more than %d bytes", name, maxOwn)
		}
		if m.Own == nil {
			m.Own = map[string]string{}
		}
		sum := sha256.Sum256(data)
		m.Own[name] = hex.EncodeToString(sum[:])
		if err := writeEntry(out, name, data); err != nil {
			return err
		}
	}
	return nil
}

// Backup writes a consistent copy of everything, while commits go on. With ErrDamaged the copy is whole and can be restored, but blobs in it
// were damaged before; any other error means that it is not whole.
func (s *Store) Backup(w interface{ Write([]byte) (int, error) }) error {
	out := tar.NewWriter(w)
	m := manifest{Format: Format}
	if err := s.backupDatabase(out, &m); err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	if err := s.backupBlobs(out, &m); err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	if err := s.backupOwn(out, &m); err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	data, err := json.Marshal(m)
	if err == nil {
		err = writeEntry(out, fileManifest, data)
	}
	if err = errors.Join(err, out.Close()); err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	if len(m.Damaged) > 0 {
		return fmt.Errorf("backup: %d blobs, the first %s: %w", len(m.Damaged), m.Damaged[0], ledger.ErrDamaged)
	}
	return nil
}

func (s *Store) backupDatabase(out *tar.Writer, m *manifest) error {
	sum := sha256.New()
	err := view(s.db, func(tx *bbolt.Tx) error {
		if err := out.WriteHeader(entry(fileDatabase, tx.Size())); err != nil {
			return err
		}
		_, err := tx.WriteTo(io.MultiWriter(out, sum))
		return err
	})
	m.Database = hex.EncodeToString(sum.Sum(nil))
	return err
}

func (s *Store) backupBlobs(out *tar.Writer, m *manifest) error {
	return s.blobs.each(func(sha string) error {
		data, err := os.ReadFile(s.blobs.path(sha))
		if err != nil {
			return err
		}
		if !rows.Names256(sha, data) {
			m.Damaged = append(m.Damaged, sha)
		}
		m.Blobs++
		return writeEntry(out, path.Join(dirBlobs, sha[:2], sha), data)
	})
}

func entry(name string, size int64) *tar.Header {
	return &tar.Header{Typeflag: tar.TypeReg, Name: name, Size: size, Mode: 0o600, Format: tar.FormatPAX}
}

func writeEntry(out *tar.Writer, name string, data []byte) error {
	if err := out.WriteHeader(entry(name, int64(len(data)))); err != nil {
		return err
	}
	_, err := out.Write(data)
	return err
}

// Restore writes a backup into dir, which must be missing or empty, and checks that it is whole. Every error holds an
// [*OpenError]; after one, dir is as empty as before. The store appears at the very end, so that a restore that was cut off leaves nothing that opens.
func Restore(r io.Reader, dir string) error {
	strange, err := stranger(dir, isEmpty)
	missing := errors.Is(err, fs.ErrNotExist)
	switch {
	case err != nil && !missing:
		return explain(dir, err)
	case strange != "":
		return &OpenError{Code: CodeNotEmpty, Where: dir, Why: "the folder holds " + strange, Do: "name an empty folder, or one that is not there yet"}
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return explain(dir, err)
	}
	in := restorer{in: tar.NewReader(r), dir: dir, blobs: blobs{dir: filepath.Join(dir, dirBlobs)}}
	if err := in.run(); err != nil {
		err = errors.Join(explain(dir, err), os.RemoveAll(in.blobs.dir), os.RemoveAll(in.file))
		for _, own := range append(slices.Clone(ownFolders), ownPosts) {
			err = errors.Join(err, os.RemoveAll(filepath.Join(dir, own)))
		}
		if missing {
			err = errors.Join(err, os.Remove(dir))
		}
		return err
	}
	return nil
}

// restorer is a backup being read.
type restorer struct {
	in    *tar.Reader
	dir   string
	blobs blobs
	file  string   // the database, under its first name
	has   manifest // what was counted on the way
}

func (r *restorer) run() error {
	if err := r.blobs.begin(); err != nil {
		return err
	}
	if err := r.database(); err != nil {
		return err
	}
	for {
		h, err := r.in.Next()
		if err != nil {
			return notWhole("it ends before its manifest")
		}
		if h.Name == fileManifest {
			break
		}
		read := r.blob
		if ownFile(h.Name) {
			read = r.own
		}
		if err := read(h.Name); err != nil {
			return err
		}
	}
	if err := r.manifest(); err != nil {
		return err
	}
	if err := r.openable(); err != nil {
		return err
	}
	if err := os.Rename(r.file, filepath.Join(r.dir, fileDatabase)); err != nil {
		return err
	}
	return errors.Join(syncDir(r.dir), syncDir(filepath.Dir(r.dir)))
}

// database reads the first entry.
func (r *restorer) database() error {
	h, err := r.in.Next()
	if err != nil || h.Name != fileDatabase {
		return notWhole("it doesn't begin with " + fileDatabase)
	}
	f, err := os.CreateTemp(r.dir, newPrefix)
	if err != nil {
		return err
	}
	r.file = f.Name()
	sum := sha256.New()
	_, err = io.Copy(io.MultiWriter(f, sum), source{r.in})
	if err == nil {
		err = f.Sync()
	}
	r.has.Database = hex.EncodeToString(sum.Sum(nil))
	return errors.Join(err, f.Close())
}

func (r *restorer) blob(name string) error {
	sha := path.Base(name)
	if _, err := rows.Unhex(sha); err != nil || name != path.Join(dirBlobs, sha[:2], sha) {
		return notWhole(fmt.Sprintf("it holds %.100q", name))
	}
	data, err := io.ReadAll(source{r.in})
	if err != nil {
		return err
	}
	if !rows.Names256(sha, data) {
		r.has.Damaged = append(r.has.Damaged, sha)
	}
	r.has.Blobs++
	return r.blobs.put(sha, data)
}

// own reads one of the office's own files.
func (r *restorer) own(name string) error {
	data, err := io.ReadAll(io.LimitReader(source{r.in}, maxOwn+1))
	if err != nil {
		return err
	}
	if _, twice := r.has.Own[name]; twice || len(data) > maxOwn {
		return notWhole(fmt.Sprintf("it holds %.100q twice, or too much of it", name))
	}
	if r.has.Own == nil {
		r.has.Own = map[string]string{}
	}
	sum := sha256.Sum256(data)
	r.has.Own[name] = hex.EncodeToString(sum[:])
	file := filepath.Join(r.dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return err
	}
	if err := os.WriteFile(file, data, 0o600); err != nil {
		return err
	}
	return errors.Join(syncPath(file, os.O_RDWR), syncDir(filepath.Dir(file)))
}

// manifest compares the last entry with what came.
func (r *restorer) manifest() error {
	data, err := io.ReadAll(source{r.in})
	if err != nil {
		return err
	}
	var m manifest
	if err := json.Unmarshal(data, &m); err != nil {
		return notWhole("its manifest can't be read")
	}
	if m.Format > Format {
		return newer("the backup", m.Format)
	}
	r.has.Format = m.Format
	has, err := json.Marshal(r.has)
	if err != nil {
		return err
	}
	if want, err := json.Marshal(m); err != nil || !bytes.Equal(has, want) {
		return notWhole("it holds other bytes than its manifest says")
	}
	return nil
}

// openable opens the database once under its first name.
func (r *restorer) openable() error {
	db, err := openDatabase(r.file)
	if err != nil {
		return err
	}
	_, err = format(db)
	return errors.Join(err, db.Close())
}

// source tells a stream that breaks off from a disk that fails.
type source struct{ io.Reader }

func (s source) Read(p []byte) (int, error) {
	n, err := s.Reader.Read(p)
	if err != nil && err != io.EOF {
		err = notWhole(err.Error())
	}
	return n, err
}

func notWhole(why string) error {
	return &OpenError{Code: CodeBadBackup, Where: "the backup", Why: "the backup is not whole: " + why, Do: "use another backup; nothing was restored"}
}
