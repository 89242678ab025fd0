// Package canonical writes JSON in one way only, so that hashes can be made over it: the bytes of encoding/json, faster. Cases and
// events are written whole with each act, and read whole by each page. What was written so it reads faster, too.
package canonical

import (
	"bytes"
	"encoding"
	"encoding/json"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"
	"unsafe"
)

// Appender is a value that writes its own JSON, the same bytes as its MarshalJSON would.
type Appender interface{ AppendJSON(b []byte) []byte }

// JSON is the JSON of a value: struct order, sorted keys, no escaping of HTML. It gives the bytes of encoding/json without its
// detours; what it doesn't know it leaves to it.
func JSON(v any) ([]byte, error) {
	w := writers.Get().(*writer)
	defer writers.Put(w)
	return w.write(v, reflect.Value{}, Text{})
}

// Text is a struct as it was written, and where in it stand its maps and what its lists hold.
type Text struct {
	JSON  []byte
	maps  []span
	of    reflect.Value // the struct; none: nothing is known but the text
	lists [][]span      // by the number of its field: what a list holds
}

// span is where something was written: the bytes from one place to another.
type span struct {
	of       uintptr // a map
	from, to int
}

// Again is JSON of what v points to, a struct that has much in common with one that was written before: that is copied from its
// text. Common are maps, which must not be changed once they were written, only replaced; and what one of the struct's lists
// holds where it is the same bit for bit, for what it points to must not be changed either.
func Again(v any, was Text) (Text, error) {
	w := writers.Get().(*writer)
	defer writers.Put(w)
	of := reflect.ValueOf(v).Elem()
	w.lists = make([][]span, of.NumField())
	data, err := w.write(v, of, was)
	return Text{data, slices.Clone(w.maps), of, w.lists}, err
}

var writers = sync.Pool{New: func() any { return &writer{} }}

// writer writes JSON; err is the first fault.
type writer struct {
	b     []byte
	err   error
	of    reflect.Value // the struct that is written again, until it has begun
	was   Text
	at    int // of the maps of was, the one that is looked for first: they mostly come in the same order
	maps  []span
	lists [][]span
}

func (w *writer) write(v any, of reflect.Value, was Text) ([]byte, error) {
	w.b, w.err, w.of, w.was, w.at, w.maps = w.b[:0], nil, of, was, 0, w.maps[:0]
	w.value(reflect.ValueOf(v))
	w.was = Text{}
	if w.err != nil {
		return nil, w.err
	}
	return bytes.Clone(w.b), nil
}

// own lets a value write itself.
func (w *writer) own(v reflect.Value) { w.b = method(v).(Appender).AppendJSON(w.b) }

// once writes a map, or copies it where it was written before.
func (w *writer) once(v reflect.Value, write plan) {
	if v.Len() == 0 {
		write(w, v)
		return
	}
	of, from := v.Pointer(), len(w.b)
	for i := range w.was.maps {
		at := (w.at + i) % len(w.was.maps)
		if m := w.was.maps[at]; m.of == of {
			w.b, w.at = append(w.b, w.was.JSON[m.from:m.to]...), at+1
			break
		}
	}
	if len(w.b) == from {
		write(w, v)
	}
	w.maps = append(w.maps, span{of, from, len(w.b)})
}

// again writes a list of the struct that is written again.
func (w *writer) again(field int, v reflect.Value) {
	var had []span
	var was reflect.Value
	if w.was.of.IsValid() {
		had, was = w.was.lists[field], w.was.of.Field(field)
	}
	has := make([]span, v.Len())
	write := planOf(v.Type().Elem())
	w.b = append(w.b, '[')
	for i := range has {
		if i > 0 {
			w.b = append(w.b, ',')
		}
		from := len(w.b)
		if i < len(had) && same(v.Index(i), was.Index(i)) {
			w.copy(had[i])
		} else {
			write(w, v.Index(i))
		}
		has[i] = span{from: from, to: len(w.b)}
	}
	w.b, w.lists[field] = append(w.b, ']'), has
}

// copy copies a piece of the text before, with the maps in it.
func (w *writer) copy(x span) {
	by := len(w.b) - x.from
	w.b = append(w.b, w.was.JSON[x.from:x.to]...)
	for ; w.at < len(w.was.maps) && w.was.maps[w.at].to <= x.to; w.at++ {
		if m := w.was.maps[w.at]; m.from >= x.from {
			w.maps = append(w.maps, span{m.of, m.from + by, m.to + by})
		}
	}
}

// same tells whether two values of a type are the same bit for bit.
func same(a, b reflect.Value) bool {
	bits := func(v reflect.Value) []byte { return unsafe.Slice((*byte)(v.Addr().UnsafePointer()), v.Type().Size()) }
	return bytes.Equal(bits(a), bits(b))
}

// plan is how values of a type are written.
type plan func(w *writer, v reflect.Value)

var plans sync.Map // reflect.Type → plan

func planOf(t reflect.Type) plan { return once(&plans, t, makePlan) }

// once is the plan of a type, made the first time that it is asked for.
func once[P any](made *sync.Map, t reflect.Type, by func(reflect.Type) P) P {
	if p, ok := made.Load(t); ok {
		return p.(P)
	}
	p := by(t)
	made.Store(t, p)
	return p
}

var (
	appender      = reflect.TypeFor[Appender]()
	marshaler     = reflect.TypeFor[json.Marshaler]()
	textAppender  = reflect.TypeFor[encoding.TextAppender]()
	textMarshaler = reflect.TypeFor[encoding.TextMarshaler]()
)

func makePlan(t reflect.Type) plan {
	if t == reflect.TypeFor[time.Time]() {
		return (*writer).moment
	}
	if t.Kind() == reflect.Pointer {
		return func(w *writer, v reflect.Value) {
			if v.IsNil() {
				w.b = append(w.b, "null"...)
				return
			}
			w.value(v.Elem())
		}
	}
	switch to := reflect.PointerTo(t); {
	case t.Implements(appender) && t.Kind() == reflect.Map:
		return func(w *writer, v reflect.Value) { w.once(v, (*writer).own) }
	case t.Implements(appender):
		return (*writer).own
	case to.Implements(marshaler):
		return (*writer).plainly
	case t.Implements(textMarshaler) && t.Implements(textAppender):
		return (*writer).texted
	case to.Implements(textMarshaler):
		return (*writer).plainly
	}
	switch t.Kind() {
	case reflect.Bool:
		return func(w *writer, v reflect.Value) { w.b = strconv.AppendBool(w.b, v.Bool()) }
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return func(w *writer, v reflect.Value) { w.b = strconv.AppendInt(w.b, v.Int(), 10) }
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return func(w *writer, v reflect.Value) { w.b = strconv.AppendUint(w.b, v.Uint(), 10) }
	case reflect.String:
		if t == reflect.TypeFor[json.Number]() {
			return (*writer).plainly
		}
		return func(w *writer, v reflect.Value) { w.text(v.String()) }
	case reflect.Slice:
		if t.Elem().Kind() != reflect.Uint8 {
			return (*writer).list
		}
	case reflect.Map:
		if k := t.Key(); k.Kind() == reflect.String && !k.Implements(textMarshaler) {
			return func(w *writer, v reflect.Value) { w.once(v, (*writer).table) }
		}
	case reflect.Struct:
		if fields, ok := fieldsOf(t); ok {
			return func(w *writer, v reflect.Value) { w.object(v, fields) }
		}
	}
	return (*writer).plainly
}

// plainly leaves a value to encoding/json.
func (w *writer) plainly(v reflect.Value) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	var x any
	if v.IsValid() {
		x = v.Interface()
		if v.CanAddr() { // as encoding/json does: methods of the pointer count where there is one
			x = v.Addr().Interface()
		}
	}
	if err := enc.Encode(x); err != nil {
		w.fail(err)
		return
	}
	w.b = append(w.b, bytes.TrimSuffix(b.Bytes(), []byte("\n"))...)
}

func (w *writer) value(v reflect.Value) {
	if !v.IsValid() {
		w.b = append(w.b, "null"...)
		return
	}
	planOf(v.Type())(w, v)
}

func (w *writer) moment(v reflect.Value) {
	w.b = append(w.b, '"')
	b, err := v.Interface().(time.Time).AppendText(w.b)
	if err != nil {
		w.fail(err)
		return
	}
	w.b = append(b, '"')
}

// texted writes what a value writes as a text that needs nothing but quotes.
func (w *writer) texted(v reflect.Value) {
	at := len(w.b)
	b, err := method(v).(encoding.TextAppender).AppendText(append(w.b, '"'))
	w.fail(err)
	if text := b[at+1:]; plain(string(text), false) {
		w.b = append(b, '"')
		return
	}
	w.b = AppendText(b[:at], string(b[at+1:]), false)
}

// method is the value with its methods, without copying it where it stands somewhere.
func method(v reflect.Value) any {
	if v.CanAddr() {
		return v.Addr().Interface()
	}
	return v.Interface()
}

func (w *writer) list(v reflect.Value) {
	if v.IsNil() {
		w.b = append(w.b, "null"...)
		return
	}
	write := planOf(v.Type().Elem())
	w.b = append(w.b, '[')
	for i := range v.Len() {
		if i > 0 {
			w.b = append(w.b, ',')
		}
		write(w, v.Index(i))
	}
	w.b = append(w.b, ']')
}

func (w *writer) table(v reflect.Value) {
	if v.IsNil() {
		w.b = append(w.b, "null"...)
		return
	}
	keys := v.MapKeys()
	slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
	write := planOf(v.Type().Elem())
	w.b = append(w.b, '{')
	for i, k := range keys {
		if i > 0 {
			w.b = append(w.b, ',')
		}
		w.text(k.String())
		w.b = append(w.b, ':')
		write(w, v.MapIndex(k))
	}
	w.b = append(w.b, '}')
}

// member is a field of a struct.
type member struct {
	name  string // as it is written, with its colon
	at    int
	empty bool // left out where it is empty
	plan  func() plan
	read  func() readPlan
}

// fieldsOf are the fields of a struct; false for one that is left to encoding/json.
func fieldsOf(t reflect.Type) ([]member, bool) {
	var out []member
	for i := range t.NumField() {
		f := t.Field(i)
		tag := f.Tag.Get("json")
		name, option, _ := strings.Cut(tag, ",")
		switch {
		case f.Anonymous || option != "" && option != "omitempty":
			return nil, false
		case !f.IsExported() || tag == "-":
			continue
		case name == "":
			name = f.Name
		}
		var w writer
		w.text(name)
		out = append(out, member{string(w.b) + ":", i, option != "", sync.OnceValue(func() plan { return planOf(f.Type) }),
			sync.OnceValue(func() readPlan { return readPlanOf(f.Type) })})
	}
	return out, true
}

func (w *writer) object(v reflect.Value, fields []member) {
	again := w.of.IsValid()
	w.of = reflect.Value{}
	w.b = append(w.b, '{')
	first := true
	for i := range fields {
		f := &fields[i]
		x := v.Field(f.at)
		if f.empty && empty(x) {
			continue
		}
		if !first {
			w.b = append(w.b, ',')
		}
		first = false
		w.b = append(w.b, f.name...)
		if again && x.Kind() == reflect.Slice && x.Type().Elem().Kind() == reflect.Struct && !x.IsNil() {
			w.again(f.at, x)
		} else {
			f.plan()(w, x)
		}
	}
	w.b = append(w.b, '}')
}

// empty is what omitempty leaves out.
func empty(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Array, reflect.Map, reflect.Slice, reflect.String:
		return v.Len() == 0
	case reflect.Struct:
		return false
	}
	return v.IsZero()
}

func (w *writer) text(s string) { w.b = AppendText(w.b, s, false) }

// AppendText writes a text as JSON, with the signs of HTML escaped or not. What needs more than quotes is left to encoding/json.
func AppendText(b []byte, s string, html bool) []byte {
	if plain(s, html) {
		return append(append(append(b, '"'), s...), '"')
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(html)
	_ = enc.Encode(s) // a text can be written
	return append(b, bytes.TrimSuffix(out.Bytes(), []byte("\n"))...)
}

// plain tells whether a text needs nothing but quotes.
func plain(s string, html bool) bool {
	wide := false
	for i := range len(s) {
		c := s[i]
		if c < ' ' || c == '"' || c == '\\' || html && (c == '<' || c == '>' || c == '&') {
			return false
		}
		wide = wide || c >= utf8.RuneSelf
	}
	return !wide || utf8.ValidString(s) && !strings.Contains(s, "\u2028") && !strings.Contains(s, "\u2029")
}

func (w *writer) fail(err error) {
	if w.err == nil {
		w.err = err
	}
}
