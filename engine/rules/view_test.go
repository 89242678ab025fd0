package rules

import (
	"testing"

	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/office"
	"dossier/engine/procedure"
)

// What FORM.field means while a paper is filled, signed, returned, issued, voided, and seen from an earlier event.
func TestValue(t *testing.T) {
	form := &procedure.Form{ID: "F", Parts: []procedure.Part{
		{ID: "body", Fields: []procedure.Field{{ID: "sum", Type: procedure.Money}, {ID: "note", Type: procedure.Text}}},
		{ID: "approval", Fields: []procedure.Field{{ID: "opinion", Type: procedure.LongText}, {ID: "sum", Type: procedure.Money}}}}}
	ed := &procedure.Edition{Def: &procedure.Definition{}, Forms: map[procedure.FormID]*procedure.Form{"F": form}}
	part := func(p procedure.PartID, seq, past uint64, sum string) casefile.Filled {
		x := casefile.Filled{Part: p, Seq: seq, Past: past, Values: procedure.Values{}}
		if sum != "" {
			x.Values["sum"] = procedure.TextValue(sum)
		}
		return x
	}
	paper := func(doc int, parts ...casefile.Filled) casefile.Paper {
		return casefile.Paper{Form: "F", Doc: doc, Open: doc == 0, Parts: parts}
	}
	issued := func(seq, void uint64) casefile.Issued { return casefile.Issued{Form: "F", Seq: seq, Void: void} }
	body := part("body", 1, 0, "1.00")
	tests := []struct {
		name   string
		papers []casefile.Paper
		docs   []casefile.Issued
		upto   uint64 // 0: now
		fills  bool   // the action itself fills the form, with the sum 9.00
		want   string
	}{
		{name: "no paper"},
		{name: "filled", papers: []casefile.Paper{paper(0, body)}, want: "1.00"},
		{name: "filled anew", papers: []casefile.Paper{paper(0, part("body", 1, 2, "1.00"), part("body", 2, 0, "2.00"))}, want: "2.00"},
		{name: "signed with another sum", papers: []casefile.Paper{paper(0, body, part("approval", 2, 0, "2.00"))}, want: "2.00"},
		{name: "signed with the sum left open", papers: []casefile.Paper{paper(0, body, part("approval", 2, 0, ""))}},
		{name: "returned: what the gate wrote does not count", papers: []casefile.Paper{paper(0, body, part("approval", 2, 2, "2.00"))}, want: "1.00"},
		{name: "issued", papers: []casefile.Paper{paper(1, body)}, docs: []casefile.Issued{issued(3, 0)}, want: "1.00"},
		{name: "voided: nothing is left", papers: []casefile.Paper{paper(1, body)}, docs: []casefile.Issued{issued(3, 4)}},
		{name: "voided: the document before it counts again", papers: []casefile.Paper{paper(1, body), paper(2, part("body", 4, 0, "2.00"))},
			docs: []casefile.Issued{issued(3, 0), issued(5, 6)}, want: "1.00"},
		{name: "the latest document", papers: []casefile.Paper{paper(1, body), paper(2, part("body", 4, 0, "2.00"))},
			docs: []casefile.Issued{issued(3, 0), issued(5, 0)}, want: "2.00"},
		{name: "an open paper is later than a document", papers: []casefile.Paper{paper(1, body), paper(0, part("body", 4, 0, "2.00"))},
			docs: []casefile.Issued{issued(3, 0)}, want: "2.00"},
		{name: "an open paper of which all is history", papers: []casefile.Paper{paper(1, body), paper(0, part("body", 4, 5, "2.00"))},
			docs: []casefile.Issued{issued(3, 0)}, want: "1.00"},
		{name: "seen from before it was filled", papers: []casefile.Paper{paper(0, part("body", 4, 0, "2.00"))}, upto: 4},
		{name: "seen from before it was filled anew", papers: []casefile.Paper{paper(0, part("body", 1, 4, "1.00"), part("body", 4, 0, "2.00"))}, upto: 4, want: "1.00"},
		{name: "seen from before it was returned", papers: []casefile.Paper{paper(0, body, part("approval", 2, 5, "2.00"))}, upto: 4, want: "2.00"},
		{name: "seen from before it was voided", papers: []casefile.Paper{paper(1, body)}, docs: []casefile.Issued{issued(3, 6)}, upto: 5, want: "1.00"},
		{name: "seen from before it was issued", papers: []casefile.Paper{paper(1, body)}, docs: []casefile.Issued{issued(5, 0)}, upto: 4, want: "1.00"},
		{name: "what the action itself fills", papers: []casefile.Paper{paper(0, body)}, fills: true, want: "9.00"},
	}
	for _, x := range tests {
		t.Run(x.name, func(t *testing.T) {
			c := &casefile.Case{Walks: []casefile.WalkState{{}}, Papers: x.papers, Issued: x.docs}
			for i := range c.Issued {
				c.Issued[i].N = i + 1
			}
			s := NewView(ed, office.NewOffice("", calendar.New(), nil, nil, nil), c, 1, 1)
			if x.upto != 0 {
				s.Upto = x.upto
			}
			if x.fills {
				s.Fills, s.Values = []procedure.FormPart{{Form: "F", Part: "body"}}, procedure.Values{"sum": procedure.TextValue("9.00")}
			}
			if v, _ := s.Value("F", "sum"); v.Text != x.want {
				t.Errorf("F.sum is %q, want %q", v.Text, x.want)
			}
			if v, ok := s.Value("G", "sum"); ok {
				t.Errorf("another form has %q", v.Text)
			}
		})
	}
}
