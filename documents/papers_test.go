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

// says tells whether a layout has one of these in its words.
func (p *Print) says(any ...string) bool {
	return slices.ContainsFunc(words(reflect.ValueOf(*p)), func(w string) bool {
		return slices.ContainsFunc(any, func(x string) bool { return strings.Contains(w, x) })
	})
}

// onlyNamed are papers on which the officers are named only: who drafts them signs, or the case's line does.
var onlyNamed = []procedure.FormID{"HD05", "JC02", "JC03", "JD01", "JH02", "JH03"}

// TestSecondOfficerSigns: where a paper says which officers acted, there is a place for the second one's hand.
func TestSecondOfficerSigns(t *testing.T) {
	for _, b := range laid(t) {
		acted := false
		for _, part := range b.Form.Parts {
			for _, f := range part.Fields {
				acted = acted || f.Type == procedure.People && slices.ContainsFunc(f.From, func(k procedure.Known) bool { return k.Role != "" })
			}
		}
		if acted && !slices.Contains(onlyNamed, b.Form.ID) && pens(b.Print) < 2 {
			t.Errorf("%s names the officers who acted; only one signs", b.Form.ID)
		}
	}
}

// pens are how many officers sign a paper by its layout.
func pens(p *Print) int {
	n := 0
	for _, r := range allRows(p.Rows) {
		n = max(n, r.Pens)
		for _, c := range r.Cells {
			if c.Sign && c.Field != "" {
				n = max(n, 2) // the place takes as many names as the field has
			}
		}
	}
	for _, w := range words(reflect.ValueOf(*p)) {
		if strings.Contains(w, "人员签名") || strings.Contains(w, "送达人签名") {
			n = max(n, strings.Count(penned.ReplaceAllString(w, "|"), "|"))
		}
	}
	seen := map[string]int{}
	for _, s := range p.Signs {
		seen[s]++
		n = max(n, seen[s])
	}
	return n
}

// penned is room for one name.
var penned = regexp.MustCompile(`＿+`)

// allRows are rows with those that stand in others.
func allRows(rs []Row) (all []Row) {
	for _, r := range rs {
		all = append(append(all, r), allRows(r.Rows)...)
	}
	return all
}

// allBlocks are blocks with those that stand in others.
func allBlocks(bs []Block) (all []Block) {
	for _, b := range bs {
		all = append(append(all, b), allBlocks(b.Text)...)
	}
	return all
}

// TestPartyIsKnownByItsCode: what takes something from a party, or is about to, names it by a code that no other has. Who
// complained and the office's own agencies have none to name.
func TestPartyIsKnownByItsCode(t *testing.T) {
	rights := []string{"remedy", "remedy-first", "remedy-notice", "remedy-order", "statement-right", "suspended", "demand-how"}
	for _, b := range laid(t) {
		for _, part := range b.Form.Parts {
			for _, f := range part.Fields {
				if slices.Contains(rights, f.Fixed) && b.Print.Page == "prose" && b.Print.Addressee != "{informant}：" && !b.Print.says("{credit-code}") {
					t.Errorf("%s tells a party of %s and doesn't say its code", b.Form.ID, f.Fixed)
				}
			}
		}
	}
}

// TestReceiptIsAPaperOfItsOwn: a paper that a party gets is issued and printed before it is served; how it was served, who
// got it and who brought it stands on the receipt. A penalty on the spot is handed over where it is written.
func TestReceiptIsAPaperOfItsOwn(t *testing.T) {
	all := laid(t)
	receipt := all[slices.IndexFunc(all, func(b *Blank) bool { return b.Form.ID == "LJ27R" })].Form
	served := map[procedure.FieldID]string{}
	for _, f := range receipt.Parts[0].Fields {
		if f.ID != "paper" && f.ID != "respondent" {
			served[f.ID] = f.Title.ZH
		}
	}
	for _, b := range all {
		for _, part := range b.Form.Parts {
			for _, f := range part.Fields {
				if b.Print.Page == "prose" && b.Form.ID != "LJ24A" && served[f.ID] != "" && f.Shows == nil && strings.HasPrefix(f.Title.ZH, served[f.ID]) {
					t.Errorf("%s asks %s %s, which belongs to its receipt", b.Form.ID, f.ID, f.Title.ZH)
				}
			}
		}
	}
}

// TestAuditNoticesNameBasisAndRemedies: what changes a payment or orders a handling says under which provision, and where and
// until when a party can go against it.
func TestAuditNoticesNameBasisAndRemedies(t *testing.T) {
	for _, b := range laid(t) {
		if b.Form.ID != "JH06" && b.Form.ID != "JD06" {
			continue
		}
		if !b.Print.says("{basis}") {
			t.Errorf("%s doesn't say its basis", b.Form.ID)
		}
		if n := said(b, "suspended", "remedy-opinion"); n != 1 {
			t.Errorf("%s says where to go against it %d times", b.Form.ID, n)
		}
	}
}

// said is how many of these clauses a blank says.
func said(b *Blank, clauses ...string) (n int) {
	for _, part := range b.Form.Parts {
		for _, f := range part.Fields {
			if slices.Contains(clauses, f.Fixed) && b.Print.says("{"+string(f.ID)+"}") {
				n++
			}
		}
	}
	return n
}

// TestRemediesAreClauses: where and until when a party can go against a paper is said by the clauses alone, with their
// articles; no layout words it again.
func TestRemediesAreClauses(t *testing.T) {
	for _, b := range laid(t) {
		for _, what := range []string{"六十日内", "六个月内", "{setting-court}", "{setting-reconsideration-body}"} {
			if b.Print.says(what) {
				t.Errorf("%s says %s in its layout", b.Form.ID, what)
			}
		}
	}
}

// TestTablesOfWorkers: a table of people and their money numbers its rows and says how many they are and what they come to.
func TestTablesOfWorkers(t *testing.T) {
	found := 0
	for _, b := range laid(t) {
		check := func(table procedure.FieldID, cols []TableColumn, sums bool) {
			f := b.Form.Field(table)
			if f == nil || len(cols) == 0 {
				return
			}
			named, money := false, false
			for _, c := range f.Columns {
				named, money = named || c.ID == "name", money || c.Type == procedure.Money
			}
			if !named || !money {
				return
			}
			found++
			if cols[0].Field != RowNumber || !sums || !slices.ContainsFunc(cols, func(c TableColumn) bool { return c.Count != "" }) {
				t.Errorf("%s %s: no numbers, count or sums", b.Form.ID, table)
			}
		}
		for _, x := range allBlocks(slices.Concat(b.Print.Text, b.Print.After)) {
			check(x.Table, x.Columns, x.Sums)
		}
		for _, r := range allRows(b.Print.Rows) {
			check(r.Table, r.Columns, r.Sums)
		}
	}
	if found < 6 {
		t.Errorf("only %d tables of workers were found", found)
	}
}

// TestSpotDecisionNamesReconsiderationFirst: who is penalised on the spot seeks reconsideration before a suit (行政复议法23), and
// the decision says so; the other penalty decision leaves the choice.
func TestSpotDecisionNamesReconsiderationFirst(t *testing.T) {
	for _, b := range laid(t) {
		first, free := said(b, "remedy-first"), said(b, "remedy")
		if spot := b.Form.ID == "LJ24A"; spot && (first != 1 || free != 0) || b.Form.ID == "LJ24" && (first != 0 || free != 1) {
			t.Errorf("%s: reconsideration first %d, either way %d", b.Form.ID, first, free)
		}
	}
}
