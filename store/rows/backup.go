package rows

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"path"
	"slices"
	"strings"

	"dossier/engine/ledger"
)

// A backup is a tar stream of one moment: rows/000001 and on, the rows of a dump one behind another, then blobs/ab/abcdef… in
// the order of their names, then manifest.json, by which whoever restores it knows that the stream is whole.
//
// A row is the number of its bucket (1 byte), the lengths of key and value (4 bytes each, big-endian), key, value.

const (
	fileManifest = "manifest.json"
	dirRows      = "rows/"
	partBytes    = 4 << 20  // of a part of the rows, about
	mostBytes    = 64 << 20 // of one entry, when it is read
)

// backupFormat is the format of a backup, which this version writes.
const backupFormat = 1

// manifest ends a backup.
type manifest struct {
	Format  int      `json:"format"`
	Rows    string   `json:"rows"` // SHA-256 of all parts, hex
	Parts   int      `json:"parts"`
	Blobs   int      `json:"blobs"`
	Damaged []string `json:"damaged,omitempty"` // blobs that no longer matched their name when they were read, and are left out
}

// Backup writes a copy of everything that the source holds. With ErrDamaged the copy is whole, but blobs were damaged before
// and are left out; any other error means that it is not whole.
func Backup(w io.Writer, from Source) error {
	b := backup{out: tar.NewWriter(w), sum: sha256.New(), has: manifest{Format: backupFormat}}
	err := from.Dump(b.row)
	if err == nil {
		err = b.part()
	}
	if err == nil {
		err = from.Blobs(func(sha string) error { return b.blob(sha, from.Blob) })
	}
	if err == nil {
		err = b.end()
	}
	if err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	if n := len(b.has.Damaged); n > 0 {
		return fmt.Errorf("backup: %d blobs, the first %s: %w", n, b.has.Damaged[0], ledger.ErrDamaged)
	}
	return nil
}

// backup is a backup being written.
type backup struct {
	out  *tar.Writer
	rows bytes.Buffer
	sum  hash.Hash
	has  manifest
}

func (b *backup) row(bucket string, key, value []byte) error {
	b.rows.WriteByte(byte(slices.Index(Buckets, bucket)))
	b.rows.Write(binary.BigEndian.AppendUint32(nil, uint32(len(key))))
	b.rows.Write(binary.BigEndian.AppendUint32(nil, uint32(len(value))))
	b.rows.Write(key)
	b.rows.Write(value)
	if b.rows.Len() < partBytes {
		return nil
	}
	return b.part()
}

// part writes the rows that have gathered.
func (b *backup) part() error {
	b.has.Parts++
	b.sum.Write(b.rows.Bytes())
	err := b.entry(fmt.Sprintf("%s%06d", dirRows, b.has.Parts), b.rows.Bytes())
	b.rows.Reset()
	return err
}

func (b *backup) blob(sha string, read func(string) ([]byte, error)) error {
	data, err := read(sha)
	if errors.Is(err, ledger.ErrDamaged) {
		b.has.Damaged = append(b.has.Damaged, sha)
		return nil
	}
	if err != nil {
		return err
	}
	b.has.Blobs++
	return b.entry(path.Join("blobs", sha[:2], sha), data)
}

func (b *backup) end() error {
	b.has.Rows = hex.EncodeToString(b.sum.Sum(nil))
	data, err := json.Marshal(b.has)
	if err == nil {
		err = b.entry(fileManifest, data)
	}
	return errors.Join(err, b.out.Close())
}

func (b *backup) entry(name string, data []byte) error {
	err := b.out.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: name, Size: int64(len(data)), Mode: 0o600, Format: tar.FormatPAX})
	if err == nil {
		_, err = b.out.Write(data)
	}
	return err
}

// ErrNotWhole: what was given is not a whole backup.
var ErrNotWhole = errors.New("not a whole backup")

func notWhole(why string) error { return fmt.Errorf("%s: %w", why, ErrNotWhole) }

// IsBackup tells whether a stream that begins with these bytes is a backup that [Restore] reads.
func IsBackup(start []byte) bool { return bytes.HasPrefix(start, []byte(dirRows)) }

// Restore reads a backup into an empty store. The store is whole, and closed as such, only when the backup was;
// ErrNotWhole when it isn't.
func Restore(r io.Reader, to Filling) error {
	in := restorer{in: tar.NewReader(r), to: to, sum: sha256.New()}
	err := in.run()
	return errors.Join(err, to.Close(err == nil))
}

// restorer is a backup being read.
type restorer struct {
	in  *tar.Reader
	to  Filling
	sum hash.Hash
	has manifest // what was counted on the way
}

func (r *restorer) run() error {
	for {
		h, err := r.in.Next()
		if err != nil {
			return notWhole("it ends before its manifest")
		}
		if h.Size > mostBytes && !strings.HasPrefix(h.Name, "blobs/") {
			return notWhole(fmt.Sprintf("%.100q is too long", h.Name))
		}
		data, err := io.ReadAll(r.in)
		if err != nil {
			return notWhole("it breaks off in " + h.Name)
		}
		switch sha := path.Base(h.Name); {
		case h.Name == fileManifest:
			return r.manifest(data)
		case h.Name == fmt.Sprintf("%s%06d", dirRows, r.has.Parts+1):
			err = r.part(data)
		case len(sha) == 64 && h.Name == path.Join("blobs", sha[:2], sha):
			r.has.Blobs++
			err = r.to.PutBlob(sha, data)
		default:
			return notWhole(fmt.Sprintf("it holds %.100q", h.Name))
		}
		if err != nil {
			return err
		}
	}
}

// part reads the rows of a part.
func (r *restorer) part(data []byte) error {
	r.has.Parts++
	r.sum.Write(data)
	var batch []Row
	for len(data) > 0 {
		if len(data) < 9 || int(data[0]) >= len(Buckets) {
			return notWhole("a row can't be read")
		}
		k, v := uint64(binary.BigEndian.Uint32(data[1:])), uint64(binary.BigEndian.Uint32(data[5:]))
		if uint64(len(data))-9 < k+v {
			return notWhole("a row breaks off")
		}
		batch = append(batch, Row{Buckets[data[0]], data[9 : 9+k], data[9+k : 9+k+v]})
		data = data[9+k+v:]
	}
	if len(batch) == 0 {
		return nil
	}
	return r.to.Rows(batch)
}

// manifest compares the last entry with what came.
func (r *restorer) manifest(data []byte) error {
	var m manifest
	if err := json.Unmarshal(data, &m); err != nil {
		return notWhole("its manifest can't be read")
	}
	if m.Format > backupFormat {
		return notWhole(fmt.Sprintf("it has format %d, and this version knows %d", m.Format, backupFormat))
	}
	if m.Rows != hex.EncodeToString(r.sum.Sum(nil)) || m.Parts != r.has.Parts || m.Blobs != r.has.Blobs {
		return notWhole("it holds other bytes than its manifest says")
	}
	return nil
}
