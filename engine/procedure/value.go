package procedure

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"dossier/engine/canonical"
	"dossier/engine/typed"
)

// Fen is a money or number value in hundredths; a missing one is 0.
func Fen(v Value) int64 {
	if v.Text == "" {
		return 0
	}
	f, _ := ParseMoney(v.Text)
	return f
}

// First is the first of the procedure's line: who is in charge.
func (d *Definition) First() Actor {
	if len(d.Line) == 0 {
		return ""
	}
	return d.Line[0]
}

// Words are a value as people read it.
func Words(f *Field, v Value) string {
	var ws []string
	for _, x := range v.Strings() {
		for _, a := range f.Choices {
			if a.Value == x {
				x = a.Label.ZH
			}
		}
		ws = append(ws, x)
	}
	return strings.Join(ws, "、")
}

// ParseMoney reads a sum in yuan as it is kept, or as [typed.Money] reads what people type, as fen.
func ParseMoney(s string) (int64, error) {
	if yuan, dec, ok := strings.Cut(s, "."); ok && len(dec) == 2 && len(yuan) < 12 {
		if n, err := strconv.ParseUint(yuan+dec, 10, 63); err == nil && yuan != "" {
			return int64(n), nil
		}
	}
	fen, bad := typed.Money(s)
	if bad != nil {
		return 0, fmt.Errorf("%q is not a sum in yuan", s)
	}
	return fen, nil
}

// FormatMoney writes fen as yuan with two decimals, "128400.00", the way a money value is kept.
func FormatMoney(fen int64) string {
	sign := ""
	if fen < 0 {
		sign, fen = "-", -fen
	}
	return fmt.Sprintf("%s%d.%02d", sign, fen/100, fen%100)
}

func Int(s string) int {
	if s == "" { // so often that its error counts
		return 0
	}
	n, _ := strconv.Atoi(s)
	return n
}

// Cells is one row of a table value: column → text.
type Cells map[FieldID]string

// Value is what stands in one field: a text, a list of texts, or rows. The zero Value is an empty field.
// In JSON it is a string, an array of strings or an array of objects.
type Value struct {
	Text string
	List []string
	Rows []Cells
}

// Values are the fields of one form part, by name.
type Values map[FieldID]Value

// TextValue makes a value of one text.
func TextValue(s string) Value { return Value{Text: s} }

// Empty tells whether nothing stands in the field.
func (v Value) Empty() bool { return v.Text == "" && len(v.List) == 0 && len(v.Rows) == 0 }

// Has tells whether the text is the value, or one of the list.
func (v Value) Has(s string) bool {
	if v.Text == s && s != "" {
		return true
	}
	for _, x := range v.List {
		if x == s {
			return true
		}
	}
	return false
}

// Strings gives a text or a list as a list.
func (v Value) Strings() []string {
	if v.Text != "" {
		return []string{v.Text}
	}
	return v.List
}

func (v Value) String() string {
	if len(v.Rows) > 0 {
		return fmt.Sprintf("%d rows", len(v.Rows))
	}
	return strings.Join(v.Strings(), "、")
}

// Equal compares two values.
func (v Value) Equal(w Value) bool {
	a, _ := json.Marshal(v)
	b, _ := json.Marshal(w)
	return bytes.Equal(a, b)
}

// MarshalJSON writes the shortest of the three shapes.
func (v Value) MarshalJSON() ([]byte, error) {
	switch {
	case len(v.Rows) > 0:
		return json.Marshal(v.Rows)
	case len(v.List) > 0:
		return json.Marshal(v.List)
	}
	return json.Marshal(v.Text)
}

// AppendJSON writes what MarshalJSON writes.
func (v Value) AppendJSON(b []byte) []byte {
	switch {
	case len(v.Rows) > 0:
		for i, row := range v.Rows {
			b = append(b, "[,"[min(i, 1)])
			if row == nil {
				b = append(b, "null"...)
				continue
			}
			b = appendObject(b, row, func(b []byte, cell string) []byte { return canonical.AppendText(b, cell, true) }, true)
		}
		return append(b, ']')
	case len(v.List) > 0:
		for i, x := range v.List {
			b = canonical.AppendText(append(b, "[,"[min(i, 1)]), x, true)
		}
		return append(b, ']')
	}
	return canonical.AppendText(b, v.Text, true)
}

// AppendJSON writes the fields by their names.
func (vs Values) AppendJSON(b []byte) []byte {
	if vs == nil {
		return append(b, "null"...)
	}
	return appendObject(b, vs, func(b []byte, v Value) []byte { return v.AppendJSON(b) }, false)
}

// appendObject writes a map, its keys sorted.
func appendObject[T any](b []byte, m map[FieldID]T, value func([]byte, T) []byte, html bool) []byte {
	var room [32]FieldID
	ids := slices.AppendSeq(room[:0], maps.Keys(m))
	slices.Sort(ids)
	b = append(b, '{')
	for i, id := range ids {
		if i > 0 {
			b = append(b, ',')
		}
		b = value(append(canonical.AppendText(b, string(id), html), ':'), m[id])
	}
	return append(b, '}')
}

// ReadJSON reads what AppendJSON writes, as UnmarshalJSON does.
func (v *Value) ReadJSON(r *canonical.Reader) {
	if !r.Next('[') {
		v.Text = r.Text()
		return
	}
	if r.Next(']') {
		return
	}
	for more := true; more; more = r.More(']') {
		if !r.Next('{') {
			v.List = append(v.List, r.Text())
			continue
		}
		row := Cells{}
		if !r.Next('}') {
			for cell := true; cell; cell = r.More('}') {
				row[FieldID(r.Key())] = r.Text()
			}
		}
		v.Rows = append(v.Rows, row)
	}
	if len(v.Rows) > 0 && len(v.List) > 0 {
		r.Leave()
	}
}

// ReadJSON reads the fields by their names.
func (vs *Values) ReadJSON(r *canonical.Reader) {
	if r.Null() {
		return
	}
	if !r.Next('{') {
		r.Leave()
		return
	}
	*vs = Values{}
	if r.Next('}') {
		return
	}
	for more := true; more; more = r.More('}') {
		var v Value
		id := FieldID(r.Key())
		v.ReadJSON(r)
		(*vs)[id] = v
	}
}

// UnmarshalJSON reads a string, a number, a boolean, a list of strings or a list of objects.
func (v *Value) UnmarshalJSON(data []byte) error {
	*v = Value{}
	data = bytes.TrimSpace(data)
	if len(data) == 0 || bytes.Equal(data, []byte("null")) {
		return nil
	}
	switch data[0] {
	case '"':
		return json.Unmarshal(data, &v.Text)
	case '[':
		var raw []json.RawMessage
		if err := json.Unmarshal(data, &raw); err != nil {
			return err
		}
		for _, r := range raw {
			r = bytes.TrimSpace(r)
			if len(r) > 0 && r[0] == '{' {
				var cells map[FieldID]json.RawMessage
				if err := json.Unmarshal(r, &cells); err != nil {
					return err
				}
				row := Cells{}
				for _, k := range slices.Sorted(maps.Keys(cells)) {
					s, err := scalar(cells[k])
					if err != nil {
						return err
					}
					row[k] = s
				}
				v.Rows = append(v.Rows, row)
				continue
			}
			s, err := scalar(r)
			if err != nil {
				return err
			}
			v.List = append(v.List, s)
		}
		if len(v.Rows) > 0 && len(v.List) > 0 {
			return fmt.Errorf("a list holds either texts or rows, not both")
		}
		return nil
	case '{':
		return fmt.Errorf("a value is a text, a list of texts or a list of rows")
	}
	s, err := scalar(data)
	v.Text = s
	return err
}

// scalar reads a JSON string, number or boolean as text; true and false are yes and no.
func scalar(data json.RawMessage) (string, error) {
	var s string
	if len(data) > 0 && data[0] == '"' {
		err := json.Unmarshal(data, &s)
		return s, err
	}
	switch t := string(data); t {
	case "true":
		return "yes", nil
	case "false":
		return "no", nil
	case "null":
		return "", nil
	default:
		var n json.Number
		if err := json.Unmarshal(data, &n); err != nil {
			return "", fmt.Errorf("%s is not a text or a number", t)
		}
		return t, nil
	}
}
