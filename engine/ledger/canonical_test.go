package ledger_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"dossier/engine/calendar"
	"dossier/engine/canonical"
	"dossier/engine/casefile"
	"dossier/engine/ledger"
	"dossier/engine/listing"
	"dossier/engine/penalty"
)

// What is written is what encoding/json writes, byte for byte, of whatever stands in a case, an event or a row: the hashes of
// everything on record rest on it.
func TestCanonicalIsJSON(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for n := range 3000 {
		for _, v := range []any{&casefile.Case{}, &casefile.Event{}, &listing.Row{}, &listing.Charge{}, &odd{}, &map[string]any{}} {
			fill(r, reflect.ValueOf(v).Elem(), 0)
			got, err := ledger.Canonical(v)
			if err != nil {
				t.Fatal(err)
			}
			var b bytes.Buffer
			enc := json.NewEncoder(&b)
			enc.SetEscapeHTML(false)
			if err := enc.Encode(v); err != nil {
				t.Fatal(err)
			}
			if want := bytes.TrimSuffix(b.Bytes(), []byte("\n")); !bytes.Equal(got, want) {
				t.Fatalf("%d, %T:\n%s\nwant\n%s", n, v, got, want)
			}
		}
	}
}

// A case that has much in common with the one before it is written as if nothing were known of that, time after time; what they
// have in common is copied from there.
func TestAgainIsJSON(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	copied := 0
	for range 700 {
		now := &casefile.Case{}
		fill(r, reflect.ValueOf(now).Elem(), 0)
		was, err := canonical.Again(now, canonical.Text{})
		if err != nil {
			t.Fatal(err)
		}
		for range 4 {
			before := now
			now = before.Clone()
			now.Seq, now.Shared = before.Seq+1, maps.Clone(before.Shared)
			if r.IntN(4) == 0 {
				slices.Reverse(now.Papers)
			}
			if n := len(now.Taken); n > 0 {
				fill(r, reflect.ValueOf(&now.Taken[r.IntN(n)]).Elem(), 0)
			}
			now.Days = append(now.Days, casefile.Day{Fact: "filed", Seq: now.Seq})
			fill(r, reflect.ValueOf(&now.Shared).Elem(), 0)
			fill(r, reflect.ValueOf(&now.Marks).Elem(), 0)
			want, err := ledger.Canonical(now)
			if err != nil {
				t.Fatal(err)
			}
			got, err := canonical.Again(now, was)
			if err != nil || !bytes.Equal(got.JSON, want) {
				t.Fatalf("%v\n%s\nwant\n%s", err, got.JSON, want)
			}
			was.JSON = bytes.ToUpper(was.JSON)
			if got, _ := canonical.Again(now, was); !bytes.Equal(got.JSON, want) {
				copied++
			}
			was = got
		}
	}
	if copied < 1000 {
		t.Errorf("the text before was used %d times", copied)
	}
}

// What the lists of a case hold is copied where it is the same, and nothing else of them.
func TestAgainCopiesLists(t *testing.T) {
	before := &casefile.Case{Taken: []casefile.Taken{{Action: "a"}, {Action: "b"}, {Action: "c"}}}
	was, err := canonical.Again(before, canonical.Text{})
	if err != nil {
		t.Fatal(err)
	}
	was.JSON = bytes.ToUpper(was.JSON)
	now := before.Clone()
	now.Taken[1].Action = "d"
	now.Taken = append(now.Taken, casefile.Taken{Action: "e"})
	got, err := canonical.Again(now, was)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{`"ACTION":"A"`, `"action":"d"`, `"ACTION":"C"`, `"action":"e"`} { // what was copied is in capitals
		if !bytes.Contains(got.JSON, []byte(text)) {
			t.Errorf("no %s in %s", text, got.JSON)
		}
	}
}

// odd are kinds of fields that no case has.
type odd struct {
	Name  json.Number `json:",omitempty"`
	Raw   *json.RawMessage
	Bytes []byte
	Float float64
	Named map[calendar.Date]string
	Quote int `json:"quote,string"`
	Wide  struct{ A, b int }
	Fen   penalty.Fen
	Day   *calendar.Date `json:"day,omitempty"`
	Two   [2]string
	Per   calendar.Period
	In    struct{ inner }
}

type inner struct {
	Z string
}

var texts = []string{"", "a", "任县宏达建筑有限公司", "甲 <公司> & \"乙\"", "一行\n又一行\t\\", "\u2028\u2029", "\xff坏", "𠮷\x00\x7f", "2026-03-02"}

// fill puts something into every field, or leaves it empty.
func fill(r *rand.Rand, v reflect.Value, deep int) {
	if r.IntN(3) == 0 || deep > 6 {
		return
	}
	if v.Type() == reflect.TypeFor[time.Time]() {
		v.Set(reflect.ValueOf(time.Unix(r.Int64N(1<<32), r.Int64N(2)*r.Int64N(1e9)).In(time.FixedZone("", 3600*r.IntN(9)))))
		return
	}
	if v.Type() == reflect.TypeFor[json.Number]() {
		v.SetString("1")
		return
	}
	if v.Type() == reflect.TypeFor[json.RawMessage]() {
		v.SetBytes([]byte(`{"a": 1, "b": "<"}`))
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Field(i).CanSet() {
				fill(r, v.Field(i), deep+1)
			}
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(r, v.Elem(), deep+1)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), r.IntN(3), 3))
		for i := range v.Len() {
			fill(r, v.Index(i), deep+1)
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		for range r.IntN(4) {
			k, x := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
			fill(r, k, deep)
			fill(r, x, deep+1)
			v.SetMapIndex(k, x)
		}
	case reflect.Interface:
		if v.NumMethod() == 0 {
			v.Set(reflect.ValueOf([]any{1.5, "甲<", true, nil, map[string]any{"b": 1, "a": []int{1}}}[r.IntN(5):][:1]))
		}
	case reflect.String:
		v.SetString(texts[r.IntN(len(texts))])
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		v.SetInt(r.Int64N(40000))
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		v.SetUint(r.Uint64N(200))
	}
}
