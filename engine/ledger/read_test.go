package ledger_test

import (
	"encoding/json"
	"math/rand/v2"
	"reflect"
	"testing"

	"dossier/engine/canonical"
	"dossier/engine/casefile"
	"dossier/engine/ledger"
	"dossier/engine/listing"
)

// kinds are what is written by canonical, and one of types that nothing on record has.
var kinds = []func() any{
	func() any { return new(casefile.Case) },
	func() any { return new(casefile.Event) },
	func() any { return new(listing.Row) },
	func() any { return new(listing.Charge) },
	func() any { return new(map[string]any) },
	func() any { return new(odd) },
	func() any { return new(most) },
}

// most are fields as they stand in a case, and more of them at once.
type most struct {
	Small  int8
	Byte   uint8
	Truth  bool            `json:"truth,omitempty"`
	Table  map[string]most `json:"table,omitempty"`
	List   []most          `json:"list"`
	Lists  [][]string
	Named  map[casefile.CaseID]string
	At     *casefile.Taken  `json:"at,omitempty"`
	Both   **casefile.Event `json:"both,omitempty"`
	Hidden int              `json:"-"`
}

// same holds what is read from a text to what encoding/json reads from it.
func same(t *testing.T, data []byte) {
	t.Helper()
	for _, kind := range kinds {
		got, want := kind(), kind()
		gotErr, wantErr := canonical.Read(data, got), json.Unmarshal(data, want)
		if (gotErr == nil) != (wantErr == nil) || gotErr != nil && gotErr.Error() != wantErr.Error() {
			t.Fatalf("%T from %s: %v, want %v", got, data, gotErr, wantErr)
		}
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("%T from %s:\n%+v\nwant\n%+v", got, data, got, want)
		}
	}
}

// written are texts of every kind.
func written(t testing.TB, r *rand.Rand, n int) (texts [][]byte) {
	for range n {
		for _, kind := range kinds {
			v := kind()
			fill(r, reflect.ValueOf(v).Elem(), 0)
			data, err := ledger.Canonical(v)
			if err != nil {
				t.Fatal(err)
			}
			texts = append(texts, data)
		}
	}
	return texts
}

// What was written is read as encoding/json reads it, and so is what somebody made of it afterwards: values and errors.
func TestReadIsUnmarshal(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for _, data := range written(t, r, 150) {
		same(t, data)
		for range 6 {
			same(t, hurt(r, data))
		}
	}
	for _, data := range []string{``, ` `, `null`, `{}`, `[]`, `{}x`, `{} `, `{,}`, `{"n":1,}`, `{"case":1}`, `{"case":01}`, `{"case":-0}`, `{"case":1.0}`, `{"case":1e2}`, `{"case":"1"}`, `{"case":null}`,
		`{"case":9223372036854775807}`, `{"case":9223372036854775808}`, `{"seq":18446744073709551615}`, `{"seq":18446744073709551616}`, `{"seq":-1}`, `{"Small":127}`, `{"Small":128}`, `{"Small":-128}`, `{"Byte":256}`,
		`{"CASE":1}`, `{"case":1,"case":2}`, `{"seq":1,"case":2}`, `{"case":1,"unknown":{"a":[1]},"seq":2}`, `{"truth":true}`, `{"truth":tru}`, `{"truth":trues}`, `{"truth":1}`,
		`{"shared":null}`, `{"shared":{"a":null}}`, `{"shared":{"a":1,"b":true,"c":[1,false],"d":[]}}`, `{"shared":{"a":"x","a":["y"]}}`, `{"shared":{"a":[{"b":"c"},"d"]}}`, `{"shared":{"a":[null]}}`,
		`{"shared":{"a":[{"b":1,"b":"c"},{}]}}`, `{"shared":{"a":{"b":"c"}}}`, `{"shared":{"\u0061":"\ud83d\ude00\ud83d"}}`, `{"shared":{"a":"`, `{"shared":{"a":"\`, `{"shared":{"a":"\x"}}`, "{\"shared\":{\"a\":\"\n\"}}", "{\"shared\":{\"a\":\"\xff\"}}",
		`{"shared":[]}`, `{"day":""}`, `{"day":"2026-02-30"}`, `{"day":"2026-02-28"}`, `{"day":"\u0032026-02-28"}`, `{"day":20260228}`, `{"day":null}`, `{"at":"2026-02-28T08:00:00Z"}`, `{"at":"2026-02-28"}`, `{"at":null}`, `{"at":{}}`, `{"at":1}`,
		`{"open":null}`, `{"open":{"workflow":"a"}}`, `{"both":null}`, `{"both":{"seq":3}}`, `{"walks":null}`, `{"walks":[]}`, `{"walks":[{}]}`, `{"walks":[{},]}`, `{"walks":[null]}`, `{"walks":{}}`, `{"Lists":[null,[],["a"]]}`, `{"Named":{"1":"a"}}`, `{"Named":{"x":"a"}}`,
		`{"table":{"a":{"list":[{"Small":1}]},"a":{"Byte":2}}}`, `{"list":[{"truth":true},{}]}`, `{"list":[{"truth":true},3]}`, `{"-":1}`, `{"Hidden":1}`, `{"inner":1}`, `{"roles":{"captain":["a"],"captain":null}}`,
	} {
		same(t, []byte(data))
	}
}

// hurt changes a text in one place.
func hurt(r *rand.Rand, data []byte) []byte {
	if len(data) == 0 {
		return data
	}
	i := r.IntN(len(data))
	j := min(len(data), i+1+r.IntN(12))
	switch r.IntN(6) {
	case 0: // a bit
		out := append([]byte{}, data...)
		out[i] ^= 1 << r.IntN(8)
		return out
	case 1: // a sign that means something
		out := append([]byte{}, data...)
		out[i] = `{}[],:"\0-1tfn `[r.IntN(15)]
		return out
	case 2: // something is gone
		return append(append([]byte{}, data[:i]...), data[j:]...)
	case 3: // something stands twice
		return append(append([]byte{}, data[:j]...), data[i:]...)
	case 4: // something stands elsewhere
		k := r.IntN(i + 1)
		return append(append(append(append([]byte{}, data[:k]...), data[i:j]...), data[k:i]...), data[j:]...)
	}
	return data[:i]
}

// What stands in cases and events is not left to encoding/json: reading it takes less than half of the pieces of memory.
func TestWrittenIsReadByPlans(t *testing.T) {
	for data, kind := range map[string]func() any{
		`{"schema":1,"case":42,"seq":7,"prev":"9f2c","at":"2026-03-02T01:02:03Z","actor":"李察","as":"officer","action":"decide","walk":"main","from":"heard","to":"decided","day":"2026-03-02","calendar":"cn-2026",` +
			`"days":[{"fact":"decided","day":"2026-03-02"}],"papers":[{"p":3,"form":"LD12","part":"body","values":{"facts":"查实：\n\"任县宏达\" 拖欠 \u003c六人\u003e","officers":["李察","赵办"],"owed":[{"name":"张三","sum":"1200.00"},{"name":"李四"}]}}],` +
			`"issued":[{"n":1,"p":3,"form":"LD12","number":"1","sha256":"aa","code":"b","day":"2026-03-02","seq":7}],"roles":{"captain":["周队"]},"numbers":{"case":"（2026）第1号"},"ends":true,"findings":[{"seq":3,"action":"a","guard":-1,"code":"c","law":[{}],"args":{"a":"b"},"fix":"f"}]}`: kinds[1],
		`{"id":42,"workflow":"labour","version":3,"edition":"9f2c","seq":7,"head":"00","walks":[{"id":"main","def":"main","state":"decided","seq":7,"since":"2026-03-02"}],"papers":[{"p":1,"form":"LD01","walk":"main","open":false,"parts":null}],` +
			`"opener":"李察","opened":"2026-03-01T01:02:03Z","taken":[{"seq":1,"walk":"main","action":"open","by":"李察","day":"2026-03-01","at":"2026-03-01T01:02:03Z","undo":{"fixed":true}}]}`: kinds[0],
	} {
		own := testing.AllocsPerRun(5, func() { _ = canonical.Read([]byte(data), kind()) })
		theirs := testing.AllocsPerRun(5, func() { _ = json.Unmarshal([]byte(data), kind()) })
		if own > theirs/2 {
			t.Errorf("%.0f pieces, encoding/json %.0f: %s", own, theirs, data)
		}
		same(t, []byte(data))
	}
}

func FuzzRead(f *testing.F) {
	for _, data := range written(f, rand.New(rand.NewPCG(9, 10)), 20) {
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) { same(t, data) })
}
