package ledger

import (
	"bytes"
	"encoding"
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"dossier/engine/calendar"
	"dossier/engine/procedure"
)

// Canonical is the one way in which events and snapshots are written: struct order, sorted keys, no escaping of HTML. It gives the
// bytes of encoding/json without going through reflection for every text of a form; what it doesn't know it leaves to it.
func Canonical(v any) ([]byte, error) {
	w := writers.Get().(*writer)
	defer writers.Put(w)
	w.b, w.err = w.b[:0], nil
	w.value(reflect.ValueOf(v))
	if w.err != nil {
		return nil, w.err
	}
	return bytes.Clone(w.b), nil
}

var writers = sync.Pool{New: func() any { return &writer{} }}

// writer writes JSON; err is the first fault.
type writer struct {
	b   []byte
	err error
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
	marshaler     = reflect.TypeFor[json.Marshaler]()
	textMarshaler = reflect.TypeFor[encoding.TextMarshaler]()
)

func makePlan(t reflect.Type) plan {
	switch t {
	case reflect.TypeFor[time.Time]():
		return (*writer).moment
	case reflect.TypeFor[calendar.Date]():
		return func(w *writer, v reflect.Value) { w.text(calendar.Date(v.Int()).String(), false) }
	case reflect.TypeFor[procedure.Value]():
		return func(w *writer, v reflect.Value) { x := v.Interface().(procedure.Value); w.field(&x) }
	case reflect.TypeFor[procedure.Values]():
		return func(w *writer, v reflect.Value) { w.fields(v.Interface().(procedure.Values)) }
	}
	if t.Implements(marshaler) || reflect.PointerTo(t).Implements(marshaler) {
		return (*writer).plainly
	}
	if t.Kind() != reflect.Pointer && t.Implements(textMarshaler) {
		return (*writer).texted
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
		return func(w *writer, v reflect.Value) { w.text(v.String(), false) }
	case reflect.Pointer:
		return func(w *writer, v reflect.Value) {
			if v.IsNil() {
				w.b = append(w.b, "null"...)
				return
			}
			w.value(v.Elem())
		}
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

func (w *writer) texted(v reflect.Value) {
	text, err := v.Interface().(encoding.TextMarshaler).MarshalText()
	if err != nil {
		w.fail(err)
		return
	}
	w.text(string(text), false)
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
		w.text(k.String(), false)
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
		w.text(name, false)
		out = append(out, member{string(w.b) + ":", i, option != "", sync.OnceValue(func() plan { return planOf(f.Type) })})
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

// fields writes the fields of a form's part, by name.
func (w *writer) fields(vs procedure.Values) {
	if vs == nil {
		w.b = append(w.b, "null"...)
		return
	}
	w.b = append(w.b, '{')
	var room [32]procedure.FieldID
	ids := slices.AppendSeq(room[:0], maps.Keys(vs))
	slices.Sort(ids)
	for i, id := range ids {
		if i > 0 {
			w.b = append(w.b, ',')
		}
		w.text(string(id), false)
		w.b = append(w.b, ':')
		v := vs[id]
		w.field(&v)
	}
	w.b = append(w.b, '}')
}

// field writes a value of a form as its own MarshalJSON does, HTML escaped.
func (w *writer) field(v *procedure.Value) {
	switch {
	case len(v.Rows) > 0:
		for i, row := range v.Rows {
			w.b = append(w.b, "[,"[min(i, 1)])
			if row == nil {
				w.b = append(w.b, "null"...)
				continue
			}
			w.b = append(w.b, '{')
			for j, k := range slices.Sorted(maps.Keys(row)) {
				if j > 0 {
					w.b = append(w.b, ',')
				}
				w.text(string(k), true)
				w.b = append(w.b, ':')
				w.text(row[k], true)
			}
			w.b = append(w.b, '}')
		}
		w.b = append(w.b, ']')
	case len(v.List) > 0:
		for i, x := range v.List {
			w.b = append(w.b, "[,"[min(i, 1)])
			w.text(x, true)
		}
		w.b = append(w.b, ']')
	default:
		w.text(v.Text, true)
	}
}

// text writes a text. What needs more than quotes is left to encoding/json.
func (w *writer) text(s string, html bool) {
	wide := false
	for i := range len(s) {
		c := s[i]
		if c < ' ' || c == '"' || c == '\\' || html && (c == '<' || c == '>' || c == '&') {
			w.escaped(s, html)
			return
		}
		wide = wide || c >= utf8.RuneSelf
	}
	if wide && (!utf8.ValidString(s) || strings.Contains(s, "\u2028") || strings.Contains(s, "\u2029")) {
		w.escaped(s, html)
		return
	}
	w.b = append(append(append(w.b, '"'), s...), '"')
}

func (w *writer) escaped(s string, html bool) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(html)
	w.fail(enc.Encode(s))
	w.b = append(w.b, bytes.TrimSuffix(b.Bytes(), []byte("\n"))...)
}

func (w *writer) fail(err error) {
	if w.err == nil {
		w.err = err
	}
}
