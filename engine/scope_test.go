package engine

import (
	"testing"

	"dossier/engine/calendar"
)

// What FORM.field means while a paper is filled, signed, returned, issued, voided, and seen from an earlier event.
func TestValue(t *testing.T) {
	form := &Form{ID: "F", Parts: []Part{
		{ID: "body", Fields: []Field{{ID: "sum", Type: Money}, {ID: "note", Type: Text}}},
		{ID: "approval", Fields: []Field{{ID: "opinion", Type: LongText}, {ID: "sum", Type: Money}}}}}
	ed := &Edition{Def: &Definition{}, Forms: map[FormID]*Form{"F": form}}
	part := func(p PartID, seq, past uint64, sum string) Filled {
		x := Filled{Part: p, Seq: seq, Past: past, Values: Values{}}
		if sum != "" {
			x.Values["sum"] = TextValue(sum)
		}
		return x
	}
	paper := func(doc int, parts ...Filled) Paper { return Paper{Form: "F", Doc: doc, Open: doc == 0, Parts: parts} }
	issued := func(seq, void uint64) Issued { return Issued{Form: "F", Seq: seq, Void: void} }
	body := part("body", 1, 0, "1.00")
	tests := []struct {
		name   string
		papers []Paper
		docs   []Issued
		upto   uint64 // 0: now
		fills  bool   // the action itself fills the form, with the sum 9.00
		want   string
	}{
		{name: "no paper"},
		{name: "filled", papers: []Paper{paper(0, body)}, want: "1.00"},
		{name: "filled anew", papers: []Paper{paper(0, part("body", 1, 2, "1.00"), part("body", 2, 0, "2.00"))}, want: "2.00"},
		{name: "signed with another sum", papers: []Paper{paper(0, body, part("approval", 2, 0, "2.00"))}, want: "2.00"},
		{name: "signed with the sum left open", papers: []Paper{paper(0, body, part("approval", 2, 0, ""))}},
		{name: "returned: what the gate wrote does not count", papers: []Paper{paper(0, body, part("approval", 2, 2, "2.00"))}, want: "1.00"},
		{name: "issued", papers: []Paper{paper(1, body)}, docs: []Issued{issued(3, 0)}, want: "1.00"},
		{name: "voided: nothing is left", papers: []Paper{paper(1, body)}, docs: []Issued{issued(3, 4)}},
		{name: "voided: the document before it counts again", papers: []Paper{paper(1, body), paper(2, part("body", 4, 0, "2.00"))},
			docs: []Issued{issued(3, 0), issued(5, 6)}, want: "1.00"},
		{name: "the latest document", papers: []Paper{paper(1, body), paper(2, part("body", 4, 0, "2.00"))},
			docs: []Issued{issued(3, 0), issued(5, 0)}, want: "2.00"},
		{name: "an open paper is later than a document", papers: []Paper{paper(1, body), paper(0, part("body", 4, 0, "2.00"))},
			docs: []Issued{issued(3, 0)}, want: "2.00"},
		{name: "an open paper of which all is history", papers: []Paper{paper(1, body), paper(0, part("body", 4, 5, "2.00"))},
			docs: []Issued{issued(3, 0)}, want: "1.00"},
		{name: "seen from before it was filled", papers: []Paper{paper(0, part("body", 4, 0, "2.00"))}, upto: 4},
		{name: "seen from before it was filled anew", papers: []Paper{paper(0, part("body", 1, 4, "1.00"), part("body", 4, 0, "2.00"))}, upto: 4, want: "1.00"},
		{name: "seen from before it was returned", papers: []Paper{paper(0, body, part("approval", 2, 5, "2.00"))}, upto: 4, want: "2.00"},
		{name: "seen from before it was voided", papers: []Paper{paper(1, body)}, docs: []Issued{issued(3, 6)}, upto: 5, want: "1.00"},
		{name: "seen from before it was issued", papers: []Paper{paper(1, body)}, docs: []Issued{issued(5, 0)}, upto: 4, want: "1.00"},
		{name: "what the action itself fills", papers: []Paper{paper(0, body)}, fills: true, want: "9.00"},
	}
	for _, x := range tests {
		t.Run(x.name, func(t *testing.T) {
			c := &Case{Walks: []WalkState{{}}, Papers: x.papers, Issued: x.docs}
			for i := range c.Issued {
				c.Issued[i].N = i + 1
			}
			s := newScope(ed, NewOffice("", calendar.New(), nil, nil, nil), c, 1, 1)
			if x.upto != 0 {
				s.upto = x.upto
			}
			if x.fills {
				s.fills, s.values = []FormPart{{Form: "F", Part: "body"}}, Values{"sum": TextValue("9.00")}
			}
			if v, _ := s.value("F", "sum"); v.Text != x.want {
				t.Errorf("F.sum is %q, want %q", v.Text, x.want)
			}
			if v, ok := s.value("G", "sum"); ok {
				t.Errorf("another form has %q", v.Text)
			}
		})
	}
}
