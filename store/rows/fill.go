package rows

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"slices"
)

// Row is a row of a dump.
type Row struct {
	Bucket     string
	Key, Value []byte
}

// Source is what a store is moved out of. Nobody writes to it meanwhile.
type Source interface {
	// Dump calls f with every row in the order of a dump.
	Dump(f func(bucket string, key, value []byte) error) error
	// Blobs calls f with the SHA-256 of every blob, in order.
	Blobs(f func(sha string) error) error
	// Blob is a blob's bytes.
	Blob(sha string) ([]byte, error)
}

// Filling is a store that takes another's rows, and is nothing else until it has all of them: nobody else opens it.
type Filling interface {
	// Came is the last row that is durable here, its value aside, of a filling that was cut off; nil at the beginning.
	Came() *Row
	// Rows writes rows in the order of a dump, behind those that are there. They are kept together with how far it has come.
	Rows(rows []Row) error
	// PutBlob keeps a blob; one that is there is left.
	PutBlob(sha string, data []byte) error
	// Close ends the filling: as a store, durably, when it is whole; else to be gone on with.
	Close(whole bool) error
}

// Moved is how far a move has come.
type Moved struct {
	Rows, Blobs int
	Skipped     int // rows that were there already
}

const (
	togetherRows  = 5000    // rows that are kept together
	togetherBytes = 4 << 20 // or about so many bytes
)

// Move copies everything from one store into another: the blobs, then the rows behind those that came before. Progress is
// told after each batch.
func Move(ctx context.Context, from Source, to Filling, progress func(Moved)) (Moved, error) {
	m := mover{to: to, came: to.Came(), progress: progress}
	err := from.Blobs(func(sha string) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		data, err := from.Blob(sha)
		if err != nil {
			return err
		}
		if err := to.PutBlob(sha, data); err != nil {
			return err
		}
		if m.done.Blobs++; m.done.Blobs%100 == 0 {
			progress(m.done)
		}
		return nil
	})
	if err == nil {
		err = from.Dump(func(bucket string, key, value []byte) error {
			if err := ctx.Err(); err != nil {
				return err
			}
			return m.row(Row{bucket, key, value})
		})
	}
	if err == nil {
		err = m.flush()
	}
	return m.done, err
}

// mover is a move under way.
type mover struct {
	to       Filling
	came     *Row
	progress func(Moved)
	batch    []Row
	size     int
	done     Moved
}

func (m *mover) row(r Row) error {
	if m.came != nil && Compare(r, *m.came) <= 0 {
		m.done.Skipped++
		return nil
	}
	m.batch = append(m.batch, Row{r.Bucket, bytes.Clone(r.Key), bytes.Clone(r.Value)})
	if m.size += len(r.Key) + len(r.Value); len(m.batch) < togetherRows && m.size < togetherBytes {
		return nil
	}
	return m.flush()
}

func (m *mover) flush() error {
	if len(m.batch) == 0 {
		return nil
	}
	if err := m.to.Rows(m.batch); err != nil {
		return err
	}
	m.done.Rows += len(m.batch)
	m.batch, m.size = m.batch[:0], 0
	m.progress(m.done)
	return nil
}

// Compare orders rows as a dump does.
func Compare(a, b Row) int {
	if n := slices.Index(Buckets, a.Bucket) - slices.Index(Buckets, b.Bucket); n != 0 {
		return n
	}
	return bytes.Compare(a.Key, b.Key)
}

// Place is where a filling has come to, as one text; PlaceOf reads it.
func Place(r Row) []byte { return append(append([]byte(r.Bucket), 0), r.Key...) }

// PlaceOf is the row, its value aside, of which [Place] gave the text; nil for none.
func PlaceOf(text []byte) (*Row, error) {
	if len(text) == 0 {
		return nil, nil
	}
	bucket, key, ok := bytes.Cut(text, []byte{0})
	if !ok || !slices.Contains(Buckets, string(bucket)) {
		return nil, fmt.Errorf("%q is no place in a dump", text)
	}
	return &Row{Bucket: string(bucket), Key: key}, nil
}

// Digest is one hash over every row of a dump, hex.
func Digest(dump func(f func(bucket string, key, value []byte) error) error) (string, error) {
	sum := sha256.New()
	err := dump(func(bucket string, key, value []byte) error {
		head := []byte{byte(slices.Index(Buckets, bucket))}
		head = binary.BigEndian.AppendUint32(head, uint32(len(key)))
		head = binary.BigEndian.AppendUint32(head, uint32(len(value)))
		sum.Write(head)
		sum.Write(key)
		sum.Write(value)
		return nil
	})
	return hex.EncodeToString(sum.Sum(nil)), err
}
