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
)

// Appender is a value that writes its own JSON, the same bytes as its MarshalJSON would.
type Appender interface{ AppendJSON(b []byte) []byte }

// JSON is the JSON of a value: struct order, sorted keys, no escaping of HTML. It gives the bytes of encoding/json without its
// detours; what it doesn't know it leaves to it.
func JSON(v any) ([]byte, error) {
	text, err := Again(v, Text{})
	return text.JSON, err
}

// Text is a value as it was written, and where in it the maps stand that write themselves.
type Text struct {
	JSON []byte
	maps []span
}

// span is where a map was written: the bytes from one place to another.
type span struct {
	of       uintptr
	from, to int
}

// Again is JSON of a value that has maps in common with one that was written before and is still there: they are copied from
// its text. Maps that write themselves must not be changed once they were written, only replaced.
func Again(v any, was Text) (Text, error) {
	w := writers.Get().(*writer)
	defer writers.Put(w)
	w.b, w.err, w.was, w.at, w.maps = w.b[:0], nil, was, 0, w.maps[:0]
	w.value(reflect.ValueOf(v))
	w.was = Text{}
	if w.err != nil {
		return Text{}, w.err
	}
	return Text{bytes.Clone(w.b), slices.Clone(w.maps)}, nil
}

var writers = sync.Pool{New: func() any { return &writer{} }}

// writer writes JSON; err is the first fault.
type writer struct {
	b    []byte
	err  error
	was  Text
	at   int // of the maps of was, the one that is looked for first: they mostly come in the same order
	maps []span
}

// own lets a value write itself, a map only where it was not written before.
func (w *writer) own(v reflect.Value) {
	if v.Kind() != reflect.Map || v.Len() == 0 {
		w.b = method(v).(Appender).AppendJSON(w.b)
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
		w.b = method(v).(Appender).AppendJSON(w.b)
	}
	w.maps = append(w.maps, span{of, from, len(w.b)})
}

// plan is how values of a type are written.
type plan func(w *writer, v reflect.Value)

var plans sync.Map // reflect.Type → plan

func planOf(t reflect.Type) plan {
	if p, ok := plans.Load(t); ok {
		return p.(plan)
	}
	p := makePlan(t)
	plans.Store(t, p)
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
			return (*writer).table
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
		f.plan()(w, x)
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
