package calendar

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// File is the schedule as a file that [ParseSchedule] reads back: UTF-8 JSON, a holiday a line.
func (s Schedule) File() []byte {
	s = s.clone()
	var b bytes.Buffer
	fmt.Fprintf(&b, "{\n  \"year\": %d,\n  \"published\": %t,\n  \"notice\": %s,\n  \"source\": %s,\n  \"off\": [", s.Year, s.Published, written(s.Notice), written(s.Source))
	for i, h := range s.Off {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, "\n    {\"name\": %s, \"dates\": %s}", written(h.Name), writtenDays(h.Dates))
	}
	if len(s.Off) > 0 {
		b.WriteString("\n  ")
	}
	fmt.Fprintf(&b, "],\n  \"work\": %s", writtenDays(s.Work))
	if len(s.Floor) > 0 {
		fmt.Fprintf(&b, ",\n  \"statutory_floor\": %s", writtenDays(s.Floor))
	}
	b.WriteString("\n}\n")
	return b.Bytes()
}

// written is a text as JSON writes it, its signs as they are.
func written(text string) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(text) // a text is always written
	return string(bytes.TrimSuffix(b.Bytes(), []byte("\n")))
}

func writtenDays(days []Date) string {
	var b bytes.Buffer
	b.WriteByte('[')
	for i, d := range days {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(`"` + d.String() + `"`)
	}
	b.WriteByte(']')
	return b.String()
}
