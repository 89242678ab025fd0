package documents

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"dossier/engine/procedure"
	"dossier/engine/specimen"
)

// laid are the embedded forms that have a layout, in the order of their codes.
func laid(t *testing.T) []*Blank {
	t.Helper()
	blanks, err := Blanks(Embedded())
	if err != nil {
		t.Fatal(err)
	}
	var all []*Blank
	for _, b := range blanks {
		if b.Print != nil {
			all = append(all, b)
		}
	}
	slices.SortFunc(all, func(a, b *Blank) int { return strings.Compare(string(a.Form.ID), string(b.Form.ID)) })
	return all
}

// raw is a word of the file's own language that has no place on paper: yes, fine, complaint.
var raw = regexp.MustCompile(`[a-z]{2,}`)

// strokes are how many of them for the pen the texts of a layout have.
func strokes(p *Print) map[int]bool {
	own := map[int]bool{0: true}
	for _, w := range words(reflect.ValueOf(*p)) {
		own[strings.Count(w, "＿")] = true
	}
	return own
}

// TestUsualPaperSpeaksChinese looks for values that are printed as they are stored, and for places left open that are not
// for a pen.
func TestUsualPaperSpeaksChinese(t *testing.T) {
	for _, b := range laid(t) {
		s := specimen.SpecimenSheet(b.Form, specimen.UsualSpecimen)
		s.Settings = func(string) string { return "本局设定" }
		d := &drawing{s: s, p: b.Print}
		own := strokes(b.Print)
		for _, w := range words(reflect.ValueOf(d.page())) {
			if raw.MatchString(w) && !strings.Contains(w, "@") || !own[strings.Count(w, "＿")] {
				t.Errorf("%s prints %q", b.Form.ID, w)
			}
		}
	}
}

// A form of which only what must be filled is filled has no gap but for the pen.
func TestOnlyWhatIsRequired(t *testing.T) {
	for _, b := range laid(t) {
		s := specimen.SpecimenSheet(b.Form, specimen.BareSpecimen)
		s.Settings = func(string) string { return "本局设定" }
		d := &drawing{s: s, p: b.Print}
		own := strokes(b.Print)
		for _, w := range words(reflect.ValueOf(d.page())) {
			if !own[strings.Count(w, "＿")] {
				t.Errorf("%s leaves a gap: %q", b.Form.ID, w)
			}
		}
	}
}

// TestPapersAreDrawn draws each form at its extremes, empty and long.
func TestPapersAreDrawn(t *testing.T) {
	all := map[procedure.FormID]*Blank{}
	for _, b := range laid(t) {
		all[b.Form.ID] = b
	}
	r := NewRenderer(all)
	for id, b := range all {
		for _, kind := range []specimen.Specimen{specimen.EmptySpecimen, specimen.LongSpecimen} {
			if _, err := r.Render(specimen.SpecimenSheet(b.Form, kind)); err != nil {
				t.Errorf("%s %s: %v", id, kind, err)
			}
		}
	}
}

// grid is the shape of a table page without its words.
func grid(rows []Row) string {
	var b strings.Builder
	for _, r := range rows {
		var columns []float64
		for _, c := range r.Columns {
			columns = append(columns, c.Width)
		}
		fmt.Fprintf(&b, "|%v %d%v %v%v %v %v %v", r.When != nil || r.Optional, len(r.Cells), r.Widths, r.Long != "", r.Height, r.Opinion, columns, r.Heading+r.Body != "")
		if r.Rows != nil {
			b.WriteString("(" + grid(r.Rows) + ")")
		}
	}
	return b.String()
}

// TestEachFormHasItsOwnGrid: an office tells its forms apart from afar. Two that share a grid on purpose say so.
func TestEachFormHasItsOwnGrid(t *testing.T) {
	seen := map[string]*Blank{}
	for _, b := range laid(t) {
		g := b.Print.Page + grid(b.Print.Rows)
		other := seen[g]
		seen[g] = b
		if other == nil || b.Print.Page == "prose" || b.Print.Twin == other.Form.ID || other.Print.Twin == b.Form.ID ||
			b.Print.Twin != "" && b.Print.Twin == other.Print.Twin {
			continue
		}
		t.Errorf("%s and %s share a grid", other.Form.ID, b.Form.ID)
	}
}
