package canonical

import (
	"encoding"
	"encoding/json"
	"reflect"
	"sync"
	"time"
	"unicode/utf8"
)

// Own is a value that reads its own JSON: what its UnmarshalJSON would make of it, of what its AppendJSON writes at least. It leaves
// anything else.
type Own interface{ ReadJSON(r *Reader) }

// Read reads JSON into v, a pointer to a zero value, as json.Unmarshal does: the same values, the same errors. What [JSON] writes
// is read by plans kept by type. Anything else (spaces, members in another order or unknown, a value that doesn't fit) is
// left to encoding/json, from the beginning.
func Read(data []byte, v any) error {
	r := readers.Get().(*Reader)
	defer readers.Put(r)
	r.b, r.at, r.left = data, 0, false
	to := reflect.ValueOf(v).Elem()
	readPlanOf(to.Type())(r, to)
	whole := !r.left && r.at == len(data)
	r.b = nil
	if whole {
		return nil
	}
	to.SetZero()
	return json.Unmarshal(data, v)
}

var readers = sync.Pool{New: func() any { return &Reader{} }}

// Reader reads what [JSON] wrote.
type Reader struct {
	b     []byte
	at    int
	left  bool         // to encoding/json
	words [1024]string // that were read before: codes and names come again and again
}

// Leave leaves the whole text to encoding/json; nothing more is read here.
func (r *Reader) Leave() { r.left = true }

// Next takes a sign, where it is the next.
func (r *Reader) Next(sign byte) bool {
	if r.left || r.at >= len(r.b) || r.b[r.at] != sign {
		return false
	}
	r.at++
	return true
}

// Null takes a null, where it is the next.
func (r *Reader) Null() bool { return r.word("null") }

func (r *Reader) word(s string) bool {
	if r.left || len(r.b)-r.at < len(s) || string(r.b[r.at:r.at+len(s)]) != s {
		return false
	}
	r.at += len(s)
	return true
}

// More takes the sign that stands behind one of several values: a comma, or the last, which ends them.
func (r *Reader) More(last byte) bool {
	if r.Next(',') {
		return true
	}
	if !r.Next(last) {
		r.Leave()
	}
	return false
}

// Key takes the name of a member, and its colon.
func (r *Reader) Key() string {
	s := r.Text()
	if !r.Next(':') {
		r.Leave()
	}
	return s
}

// Text takes a text.
func (r *Reader) Text() string {
	raw, plain := r.raw()
	if plain {
		return r.known(raw[1 : len(raw)-1])
	}
	var s string
	if r.left || json.Unmarshal(raw, &s) != nil {
		r.Leave()
		return ""
	}
	return s
}

// raw takes a text with its quotes; plain tells whether it is what stands between them.
func (r *Reader) raw() (raw []byte, plain bool) {
	from := r.at
	if !r.Next('"') {
		r.Leave()
		return nil, false
	}
	plain, wide := true, false
	for ; r.at < len(r.b); r.at++ {
		switch c := r.b[r.at]; {
		case c == '"':
			r.at++
			raw = r.b[from:r.at]
			return raw, plain && (!wide || utf8.Valid(raw))
		case c == '\\':
			plain = false
			r.at++
		case c < ' ':
			r.Leave()
			return nil, false
		case c >= utf8.RuneSelf:
			wide = true
		}
	}
	r.Leave()
	return nil, false
}

// known is a text, the one that was read before where it is short and still there.
func (r *Reader) known(b []byte) string {
	n := len(b)
	if n == 0 {
		return ""
	}
	if n > 48 {
		return string(b)
	}
	w := &r.words[(uint(n)*7+uint(b[0])+uint(b[n/3])*13+uint(b[n/2])*31+uint(b[n-1])*101)%uint(len(r.words))]
	if *w != string(b) {
		*w = string(b)
	}
	return *w
}

// readPlan is how values of a type are read, into one that is zero.
type readPlan func(r *Reader, v reflect.Value)

var readPlans sync.Map // reflect.Type → readPlan

func readPlanOf(t reflect.Type) readPlan { return once(&readPlans, t, makeReadPlan) }

var (
	own             = reflect.TypeFor[Own]()
	unmarshaler     = reflect.TypeFor[json.Unmarshaler]()
	textUnmarshaler = reflect.TypeFor[encoding.TextUnmarshaler]()
)

func makeReadPlan(t reflect.Type) readPlan {
	if t == reflect.TypeFor[time.Time]() {
		return (*Reader).moment
	}
	switch to := reflect.PointerTo(t); {
	case to.Implements(own):
		return func(r *Reader, v reflect.Value) { v.Addr().Interface().(Own).ReadJSON(r) }
	case to.Implements(unmarshaler):
		return leave
	case to.Implements(textUnmarshaler):
		return (*Reader).texted
	}
	switch t.Kind() {
	case reflect.Bool:
		return (*Reader).truth
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return (*Reader).whole
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return (*Reader).count
	case reflect.String:
		if t != reflect.TypeFor[json.Number]() {
			return func(r *Reader, v reflect.Value) { v.SetString(r.Text()) }
		}
	case reflect.Pointer:
		return func(r *Reader, v reflect.Value) {
			if !r.Null() {
				v.Set(reflect.New(t.Elem()))
				readPlanOf(t.Elem())(r, v.Elem())
			}
		}
	case reflect.Slice:
		if t.Elem().Kind() != reflect.Uint8 {
			return (*Reader).list
		}
	case reflect.Map:
		if k := t.Key(); k.Kind() == reflect.String && !reflect.PointerTo(k).Implements(textUnmarshaler) {
			return (*Reader).table
		}
	case reflect.Struct:
		if fields, ok := fieldsOf(t); ok {
			return func(r *Reader, v reflect.Value) { r.object(v, fields) }
		}
	}
	return leave
}

func leave(r *Reader, _ reflect.Value) { r.Leave() }

func (r *Reader) moment(v reflect.Value) {
	raw, _ := r.raw()
	if r.left || v.Addr().Interface().(*time.Time).UnmarshalJSON(raw) != nil {
		r.Leave()
	}
}

func (r *Reader) texted(v reflect.Value) {
	raw, plain := r.raw()
	if !plain || v.Addr().Interface().(encoding.TextUnmarshaler).UnmarshalText(raw[1:len(raw)-1]) != nil {
		r.Leave()
	}
}

func (r *Reader) truth(v reflect.Value) {
	switch {
	case r.word("true"):
		v.SetBool(true)
	case !r.word("false"):
		r.Leave()
	}
}

func (r *Reader) whole(v reflect.Value) {
	minus := r.Next('-')
	n := int64(r.digits())
	if minus {
		n = -n
	}
	if v.OverflowInt(n) {
		r.Leave()
		return
	}
	v.SetInt(n)
}

func (r *Reader) count(v reflect.Value) {
	n := r.digits()
	if v.OverflowUint(n) {
		r.Leave()
		return
	}
	v.SetUint(n)
}

// digits takes a number of at most 18 digits.
func (r *Reader) digits() (n uint64) {
	from := r.at
	for ; r.at < len(r.b) && '0' <= r.b[r.at] && r.b[r.at] <= '9'; r.at++ {
		n = 10*n + uint64(r.b[r.at]-'0')
	}
	if d := r.at - from; d == 0 || d > 18 || d > 1 && r.b[from] == '0' {
		r.Leave()
		return 0
	}
	return n
}

func (r *Reader) list(v reflect.Value) {
	if r.Null() {
		return
	}
	if !r.Next('[') {
		r.Leave()
		return
	}
	if r.Next(']') {
		v.Set(reflect.MakeSlice(v.Type(), 0, 0))
		return
	}
	read := readPlanOf(v.Type().Elem())
	for n, more := 0, true; more; n++ {
		if n == v.Cap() {
			v.Grow(1)
		}
		v.SetLen(n + 1)
		read(r, v.Index(n))
		more = r.More(']')
	}
}

func (r *Reader) table(v reflect.Value) {
	if r.Null() {
		return
	}
	if !r.Next('{') {
		r.Leave()
		return
	}
	t := v.Type()
	v.Set(reflect.MakeMap(t))
	if r.Next('}') {
		return
	}
	k, x, read := reflect.New(t.Key()).Elem(), reflect.New(t.Elem()).Elem(), readPlanOf(t.Elem())
	for more := true; more; more = r.More('}') {
		k.SetString(r.Key())
		x.SetZero()
		read(r, x)
		v.SetMapIndex(k, x)
	}
}

// object reads a struct whose members stand in its order, each once.
func (r *Reader) object(v reflect.Value, fields []member) {
	if !r.Next('{') {
		r.Leave()
		return
	}
	if r.Next('}') {
		return
	}
	for i := range fields {
		f := &fields[i]
		if !r.word(f.name) {
			continue
		}
		f.read()(r, v.Field(f.at))
		if !r.More('}') {
			return
		}
	}
	r.Leave()
}
