// Package layout sets the bureau's papers: table forms, prose documents, records of inquiry and the deadline
// sheet, as PDF files. Everything is data and Render is a pure function of it: the same document gives the same
// bytes. Lengths are millimetres where a field says so; measures follow GB/T 9704-2012.
package layout

import (
	"time"

	"dossier/documents/fonts"
)

// Document is one paper to be printed.
type Document struct {
	Title string // for the file's properties; printed is what the page says
	Code  string // the code that ties the paper to the record (凭据码); none on a draft
	Draft bool   // 草稿: the mark lies behind the text, the number's place says so, there is no code
	Made  time.Time
	Page  Page
}

// Page is what a document consists of: a Form, Prose, Record or DeadlineSheet.
type Page interface {
	compose(c *composer, doc Document)
}

// unmade dates a document that says no time, so that its bytes are stable.
var unmade = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// Render prints the document with the embedded fonts. The error is a *MissingRune if no font has a character.
func Render(doc Document) ([]byte, error) { return RenderWith(fonts.Standard(), doc) }

// RenderWith prints the document with an office's own choice of fonts.
func RenderWith(library *fonts.Library, doc Document) ([]byte, error) {
	c := &composer{fonts: library}
	if doc.Draft {
		doc.Code = ""
	}
	doc.Page.compose(c, doc)
	if c.missing != nil {
		return nil, c.missing
	}
	if doc.Draft {
		c.markDraft()
		if c.missing != nil {
			return nil, c.missing
		}
	}
	if doc.Made.IsZero() {
		doc.Made = unmade
	}
	return write(c.sheets, doc.Title, doc.Made.UTC())
}

// markDraft lays the words 草　稿 behind everything on each sheet.
func (c *composer) markDraft() {
	words := c.single("草　稿", style{face: fonts.SongBold, size: 130})
	for _, s := range c.sheets {
		behind := mark{kind: markDraft, x: 107 * mm, y: 136 * mm, gray: 0.87, line: words}
		s.marks = append([]mark{behind}, s.marks...)
	}
}

// unnumbered stands in the number's place on a draft.
const unnumbered = "（未编号）"
