package bolt

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/bits"
	"slices"
	"strconv"

	"go.etcd.io/bbolt"

	"dossier/engine/ledger"
	"dossier/store/rows"
)

// Index entries without a value that differ in nothing but the number at their key's end, which is their id, are kept together,
// a thousand numbers a row (a block): "index 0 key/000000012" → 345, 346, … stands for the entries key/000000012345 of 12345,
// key/000000012346 of 12346. Alone, each would take some 40 bytes. What leaves the store are entries. In the bucket index they
// may stand as well, as all did before format 4; where one stands in both it is one.

const (
	digits      = 12   // of a number, as it ends a key
	blockDigits = 9    // of these, those that a block has in common
	blockSize   = 1000 // numbers that a block may have

	mostListed = 62 // numbers that are listed, 2 bytes each; more are bits
	bitmapSize = blockSize / 8
)

// blocked gives the block that an entry is kept in, as its key ("index 0 …"), and its number there. No key with a second slash
// has one, so that no block's key goes on as another's entries do.
func blocked(k ledger.Key) (block []byte, n int, ok bool) {
	at := len(k.Key) - digits
	if len(k.Value) > 0 || at < 1 || len(k.ID) == 0 || k.ID[0] == '0' || len(k.ID) > digits {
		return nil, 0, false
	}
	for i := range at {
		if (k.Key[i] == '/') != (i == at-1) {
			return nil, 0, false
		}
	}
	for i := range digits {
		c := byte('0')
		if j := i - (digits - len(k.ID)); j >= 0 {
			c = k.ID[j]
		}
		if c < '0' || c > '9' || k.Key[at+i] != c {
			return nil, 0, false
		}
	}
	n, err := strconv.Atoi(k.Key[at+blockDigits:])
	return rows.Names(k.Index, k.Key[:at+blockDigits]), n, err == nil
}

// numbered is the row of a block's number as it stands in a dump: index 0 key 0 id.
func numbered(block []byte, n int) []byte {
	row := make([]byte, 0, len(block)+2*digits)
	row = append(append(row, block...), byte('0'+n/100), byte('0'+n/10%10), byte('0'+n%10))
	id := bytes.TrimLeft(row[len(row)-digits:], "0")
	return append(append(row, 0), id...)
}

// sound tells what is wrong with a block.
func sound(block, v []byte) error {
	end := bytes.LastIndexByte(block, '/') + 1
	ok := end > 0 && len(block) == end+blockDigits && len(v) > 0 && (len(v) == bitmapSize || len(v)%2 == 0 && len(v) <= 2*mostListed)
	for i := end; ok && i < len(block); i++ {
		ok = block[i] >= '0' && block[i] <= '9'
	}
	if ok && len(v) == bitmapSize {
		ok = bytes.Count(v, []byte{0}) < bitmapSize
	} else {
		for last := -1; ok && len(v) > 0; v = v[2:] {
			n := int(binary.BigEndian.Uint16(v))
			ok, last = n > last && n < blockSize, n
		}
	}
	if !ok {
		return fmt.Errorf("block %.60q: %w", block, ledger.ErrDamaged)
	}
	return nil
}

// numbers are those of a block, rising.
func numbers(block, v []byte) (ns []int, err error) {
	if err := sound(block, v); err != nil {
		return nil, err
	}
	if len(v) < bitmapSize {
		for ; len(v) > 0; v = v[2:] {
			ns = append(ns, int(binary.BigEndian.Uint16(v)))
		}
		return ns, nil
	}
	for i, b := range v {
		for ; b != 0; b &= b - 1 {
			ns = append(ns, 8*i+bits.TrailingZeros8(b))
		}
	}
	return ns, nil
}

// with is a block's bytes once a number is in it, or no more; nil for none, and the same bytes where nothing changes.
func with(v []byte, n int, there bool) []byte {
	if len(v) == bitmapSize {
		if bit := byte(1) << (n % 8); (v[n/8]&bit != 0) != there {
			v = bytes.Clone(v)
			v[n/8] ^= bit
			if !there && bytes.Count(v, []byte{0}) == bitmapSize {
				return nil
			}
		}
		return v
	}
	at := 0
	for at < len(v) && int(binary.BigEndian.Uint16(v[at:])) < n {
		at += 2
	}
	found := at < len(v) && int(binary.BigEndian.Uint16(v[at:])) == n
	switch {
	case found == there:
		return v
	case there && len(v) < 2*mostListed:
		return slices.Insert(bytes.Clone(v), at, byte(n>>8), byte(n))
	case !there:
		return slices.Concat(v[:at], v[at+2:])
	}
	all := make([]byte, bitmapSize)
	for all[n/8] |= 1 << (n % 8); len(v) > 0; v = v[2:] {
		n := binary.BigEndian.Uint16(v)
		all[n/8] |= 1 << (n % 8)
	}
	return all
}

// setNumber puts a number into a block, or takes it out.
func setNumber(blocks *bbolt.Bucket, block []byte, n int, there bool) error {
	v := blocks.Get(block)
	if err := sound(block, v); v != nil && err != nil {
		return err
	}
	now := with(v, n, there)
	switch {
	case bytes.Equal(now, v):
		return nil
	case len(now) == 0:
		return blocks.Delete(block)
	}
	return blocks.Put(block, now)
}

// putEntry puts an index entry where it belongs, and nowhere else.
func putEntry(index, blocks *bbolt.Bucket, k ledger.Key) error {
	row := rows.IndexKey(k.Index, k.Key, k.ID)
	if block, n, ok := blocked(ledger.Key{Index: k.Index, Key: k.Key, ID: k.ID}); ok {
		if err := setNumber(blocks, block, n, len(k.Value) == 0); err != nil {
			return err
		}
		if len(k.Value) == 0 {
			return index.Delete(row)
		}
	}
	return index.Put(row, k.Value)
}

func dropEntry(index, blocks *bbolt.Bucket, k ledger.Key) error {
	k.Value = nil
	if block, n, ok := blocked(k); ok {
		if err := setNumber(blocks, block, n, false); err != nil {
			return err
		}
	}
	return index.Delete(rows.IndexKey(k.Index, k.Key, k.ID))
}

// entries goes through the index's entries, those of both buckets as one, in either direction.
type entries struct {
	desc       bool
	alone      *bbolt.Cursor
	row, value []byte // where alone stands; nil: at its end
	blocks     *bbolt.Cursor
	block      []byte
	left       []int  // of the block, in the order in which they come; the first is the one that it stands at
	one        []byte // the row of that; nil: at the end
	err        error
}

func entriesOf(tx *bbolt.Tx, desc bool) *entries {
	return &entries{desc: desc, alone: tx.Bucket(bucketIndex).Cursor(), blocks: tx.Bucket(bucketBlocks).Cursor()}
}

// seek goes to the first entry that is not before a row, or, descending, to the last before it.
func (e *entries) seek(to []byte) {
	if e.desc {
		e.row, e.value = before(e.alone, to)
		e.load(before(e.blocks, to))
	} else {
		e.row, e.value = e.alone.Seek(to)
		e.load(e.blocks.Seek(within(to)))
	}
	for e.one != nil && (bytes.Compare(e.one, to) < 0) != e.desc {
		e.stepBlock()
	}
}

// within is the key of the block that a row may stand in, the row itself where it can't.
func within(row []byte) []byte {
	if at := bytes.IndexByte(row, '/'); at >= 0 && len(row) > at+1+blockDigits {
		return row[:at+1+blockDigits]
	}
	return row
}

// before goes to the last row before one.
func before(c *bbolt.Cursor, to []byte) (k, v []byte) {
	if k, _ := c.Seek(to); k == nil {
		return c.Last()
	}
	return c.Prev()
}

// load stands at the first entry of a block.
func (e *entries) load(block, v []byte) {
	e.block, e.one = block, nil
	if block == nil {
		return
	}
	if e.left, e.err = numbers(block, v); e.err != nil {
		e.block = nil
		return
	}
	if e.desc {
		slices.Reverse(e.left)
	}
	e.one = numbered(block, e.left[0])
}

func (e *entries) stepBlock() {
	if e.left = e.left[1:]; len(e.left) > 0 {
		e.one = numbered(e.block, e.left[0])
		return
	}
	e.load(step(e.blocks, e.desc))
}

// run adds the numbers of the block that it stands in, from where it stands, most of them at most, up to the last within the
// span, and stands there. It gives that one's row, and how many they are: 0 where it stands in no block, or an entry by itself
// comes between.
func (e *entries) run(r rows.Span, most int, to *[]uint64) (row []byte, n int) {
	if e.one == nil || e.row != nil && e.order() <= 0 {
		return nil, 0
	}
	n = min(len(e.left), most)
	for ; n > 0; n /= 2 {
		row = numbered(e.block, e.left[n-1])
		alone := e.row == nil || (bytes.Compare(e.row, row) > 0) != e.desc
		if alone && r.Holds(row) {
			break
		}
	}
	if n == 0 {
		return nil, 0
	}
	base, err := strconv.ParseUint(string(e.block[len(e.block)-blockDigits:]), 10, 64)
	if err != nil {
		return nil, 0
	}
	for _, x := range e.left[:n] {
		*to = append(*to, base*blockSize+uint64(x))
	}
	e.left, e.one = e.left[n-1:], row
	return row, n
}

// at is where it stands: the row and its value; nil at the end.
func (e *entries) at() (row, value []byte) {
	if e.one == nil || e.row != nil && e.order() <= 0 {
		return e.row, e.value
	}
	return e.one, nil
}

// order tells which of the two comes first; 0: they are one.
func (e *entries) order() int {
	if e.desc {
		return bytes.Compare(e.one, e.row)
	}
	return bytes.Compare(e.row, e.one)
}

func (e *entries) step() {
	switch {
	case e.one == nil:
		e.row, e.value = step(e.alone, e.desc)
	case e.row == nil:
		e.stepBlock()
	default:
		order := e.order()
		if order <= 0 {
			e.row, e.value = step(e.alone, e.desc)
		}
		if order >= 0 {
			e.stepBlock()
		}
	}
}

func step(c *bbolt.Cursor, desc bool) (k, v []byte) {
	if desc {
		return c.Prev()
	}
	return c.Next()
}
