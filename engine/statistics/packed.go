package statistics

import (
	"encoding/binary"
	"slices"

	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/listing"
)

// facts are what is remembered of cases, each as a run of varints of some 50 bytes: a year of a million fits in memory, and
// the collector has nothing to follow in it.
type facts struct {
	chunks [][]byte
	at     []uint32 // by the case's number: chunk<<chunkBits | where in it; 0: nothing is known
	dead   int      // bytes of facts that others have taken the place of
	whole  int      // bytes in all
}

// A chunk takes facts until it is full. Where one fact is larger, it has a chunk of its own.
const (
	chunkBits = 16
	chunkSize = 1 << chunkBits
)

func (x *facts) has(id casefile.CaseID) bool {
	return id > 0 && int(id) < len(x.at) && x.at[id] != 0
}

// read puts what is known of a case into f, whose slices are used again; false: nothing is.
func (x *facts) read(id casefile.CaseID, f *fact) bool {
	if !x.has(id) {
		return false
	}
	unpack(x.packed(id), f)
	f.id = id
	return true
}

// packed begins with what is known of a case.
func (x *facts) packed(id casefile.CaseID) []byte {
	at := x.at[id]
	return x.chunks[at>>chunkBits][at&(chunkSize-1):]
}

// all goes through the facts in the order of their cases. Each holds until the next.
func (x *facts) all(yield func(*fact) bool) {
	var f fact
	for id := range casefile.CaseID(len(x.at)) {
		if x.read(id, &f) && !yield(&f) {
			return
		}
	}
}

func (x *facts) write(f *fact) {
	var old fact
	if x.has(f.id) {
		packed := x.packed(f.id)
		x.dead += len(packed) - len(unpack(packed, &old))
	}
	if int(f.id) >= len(x.at) {
		x.at = append(x.at, make([]uint32, int(f.id)+1-len(x.at))...)
	}
	x.place(f.id, pack(nil, f))
	if x.dead < chunkSize || x.dead < x.whole/4 {
		return
	}
	was := *x
	*x = facts{at: slices.Clone(was.at)}
	for id := range casefile.CaseID(len(was.at)) {
		if was.has(id) {
			packed := was.packed(id)
			x.place(id, packed[:len(packed)-len(unpack(packed, &old))])
		}
	}
}

// place puts a packed fact where there is room.
func (x *facts) place(id casefile.CaseID, packed []byte) {
	n := len(x.chunks) - 1
	if n < 0 || len(x.chunks[n])+len(packed) > chunkSize {
		x.chunks = append(x.chunks, make([]byte, 0, max(len(packed)+1, chunkSize)))
		if n++; n == 0 {
			x.chunks[0] = append(x.chunks[0], 0) // no fact begins at 0
		}
	}
	x.at[id] = uint32(n<<chunkBits | len(x.chunks[n]))
	x.chunks[n] = append(x.chunks[n], packed...)
	x.whole += len(packed)
}

// pack appends a fact. A day is written by its distance from the opening's, and one more, so that none is 0.
func pack(b []byte, f *fact) []byte {
	day := func(d calendar.Date) {
		if d == 0 {
			b = append(b, 0)
			return
		}
		n := int64(d - f.opened)
		b = binary.AppendUvarint(b, uint64(n<<1^n>>63)+1)
	}
	number := func(ns ...int64) {
		for _, n := range ns {
			b = binary.AppendVarint(b, n)
		}
	}
	for _, c := range f.class {
		b = binary.AppendUvarint(b, uint64(c))
	}
	number(int64(f.opened))
	day(f.filed)
	day(f.decided)
	day(f.ended)
	number(int64(f.workers), bit(f.marked), f.claimed, f.wages, f.fined, int64(len(f.runs)))
	for i := range f.runs {
		r := &f.runs[i]
		number(int64(r.clock), int64(r.used), int64(r.still))
		day(r.due)
		day(r.done)
	}
	number(int64(len(f.gates)))
	for i := range f.gates {
		g := &f.gates[i]
		number(int64(g.post), int64(g.took), bit(g.back))
		day(g.day)
	}
	number(int64(len(f.paid)))
	for i := range f.paid {
		p := &f.paid[i]
		number(p.Fen, bit(p.Wages))
		day(p.Day)
	}
	number(int64(len(f.charges)))
	for i := range f.charges {
		c := &f.charges[i]
		number(int64(c.class), c.fine, c.took)
	}
	return b
}

// unpack reads what pack wrote, and gives what is behind it.
func unpack(b []byte, f *fact) []byte {
	number := func() int64 {
		v, n := binary.Varint(b)
		b = b[n:]
		return v
	}
	day := func() calendar.Date {
		v, n := binary.Uvarint(b)
		if b = b[n:]; v == 0 {
			return 0
		}
		v--
		return f.opened + calendar.Date(int64(v>>1)^-int64(v&1))
	}
	for i := range f.class {
		v, n := binary.Uvarint(b)
		f.class[i], b = int32(v), b[n:]
	}
	f.opened = calendar.Date(number())
	f.filed, f.decided, f.ended = day(), day(), day()
	f.workers, f.marked, f.claimed, f.wages, f.fined = int32(number()), number() == 1, number(), number(), number()
	f.runs = f.runs[:0]
	for range number() {
		r := run{clock: int32(number()), used: int32(number()), still: int32(number())}
		r.due, r.done = day(), day()
		f.runs = append(f.runs, r)
	}
	f.gates = f.gates[:0]
	for range number() {
		g := gate{post: int32(number()), took: int32(number()), back: number() == 1}
		g.day = day()
		f.gates = append(f.gates, g)
	}
	f.paid = f.paid[:0]
	for range number() {
		p := listing.FactPaid{Fen: number(), Wages: number() == 1}
		p.Day = day()
		f.paid = append(f.paid, p)
	}
	f.charges = f.charges[:0]
	for range number() {
		f.charges = append(f.charges, charge{int32(number()), number(), number()})
	}
	return b
}
