package documents

import (
	"fmt"
	"slices"
	"strings"

	"dossier/engine/procedure"
	"dossier/engine/text"
)

// A paper that was issued has no gap: what a form needn't ask stands in a piece, a block or a row that is left out while
// it is empty, and what stands in the open must be asked.

// open checks the texts of a layout for places that may be empty when the paper is issued.
func (f *file) open() {
	p := f.print
	if p == nil {
		return
	}
	for i, t := range p.Titles {
		f.openText(fmt.Sprintf("print.titles[%d]", i), t, nil)
	}
	f.openText("print.addressee", p.Addressee, nil)
	for i, t := range p.Notes {
		f.openText(fmt.Sprintf("print.notes[%d]", i), t, nil)
	}
	f.openBlocks("print.text", p.Text, nil)
	f.openBlocks("print.after", p.After, nil)
	for i, x := range p.Lines {
		f.openText(fmt.Sprintf("print.lines[%d]", i), x.Para, tested(x.When, nil))
	}
	f.openRows("print.rows", p.Rows, nil)
}

func (f *file) openBlocks(path string, bs []Block, given []procedure.FieldID) {
	for i, b := range bs {
		at, given := fmt.Sprintf("%s[%d]", path, i), tested(b.When, given)
		if b.Optional {
			given = append(given, alone(b.texts()...)...)
		}
		for _, t := range b.own() {
			f.openText(at, t, given)
		}
		f.openBlocks(at+".text", b.Text, given)
	}
}

func (f *file) openRows(path string, rows []Row, given []procedure.FieldID) {
	for i, r := range rows {
		at, given := fmt.Sprintf("%s[%d]", path, i), tested(r.When, given)
		if r.Optional {
			given = append(given, alone(r.Body)...)
		}
		f.openText(at, r.Body, given)
		f.openRows(at+".rows", r.Rows, given)
	}
}

// tested are the fields that a condition asks for, beside those that are given anyway.
func tested(t *procedure.Test, given []procedure.FieldID) []procedure.FieldID {
	given = slices.Clone(given)
	if t == nil {
		return given
	}
	given = append(given, asked)
	for _, x := range t.Fields {
		if !slices.Contains(x.Values, "none") {
			given = append(given, x.Field)
		}
	}
	return given
}

// own are the texts of a block, texts also those of the blocks in it.
func (b Block) own() []string {
	return append([]string{b.Para, b.Head, b.Head2}, append(slices.Clone(b.Contact), b.Lines...)...)
}

func (b Block) texts() []string {
	ts := b.own()
	for _, x := range b.Text {
		ts = append(ts, x.texts()...)
	}
	return ts
}

// alone is the field that alone has places in these texts: where they are left out without it, it is given.
func alone(texts ...string) []procedure.FieldID {
	ids := []procedure.FieldID{asked}
	for _, t := range texts {
		for _, m := range place.FindAllStringSubmatch(t, -1) {
			ids = append(ids, procedure.FieldID(m[1]))
		}
	}
	if slices.Sort(ids); len(slices.Compact(ids)) == 2 {
		return ids
	}
	return []procedure.FieldID{asked}
}

// asked stands among the given fields where a condition holds: a field that is asked only at times is taken to be asked then.
const asked procedure.FieldID = ""

// openText checks what stands outside a text's pieces.
func (f *file) openText(path, t string, given []procedure.FieldID) {
	for piece.MatchString(t) {
		t = piece.ReplaceAllString(t, "")
	}
	for _, m := range place.FindAllStringSubmatch(t, -1) {
		if id := procedure.FieldID(m[1]); m[2] != "lines" && m[2] != "boxes" && !slices.Contains(given, id) && f.mayBeEmpty(id, slices.Contains(given, asked)) {
			f.FaultAt(path, text.Say("field %q may be empty when the paper is issued", id),
				"make it required, or put what depends on it in a piece [ … ] or in an optional block: they are left out without it")
		}
	}
}

// mayBeEmpty tells whether a field has no value on some papers: it needn't be filled, is asked only at times, or shows what
// needn't be known.
func (f *file) mayBeEmpty(id procedure.FieldID, here bool) bool {
	name, _, _ := strings.Cut(string(id), ".")
	x := f.form.Field(procedure.FieldID(name))
	switch {
	case x == nil:
		return false // a word of the paper, or of the part that signs
	case x.Shows != nil:
		return x.Shows.Party != "" || x.Shows.Over != "" || x.When != nil && !here
	case x.Type == procedure.YesNo || x.Type == procedure.Choices:
		return false
	}
	return !x.Required || x.When != nil && !here
}
