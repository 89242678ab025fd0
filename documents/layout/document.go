// Package layout sets the bureau's papers: table forms, prose documents, records of inquiry and the deadline
// sheet, as PDF files. Everything is data and Render is a pure function of it: the same document gives the same
// bytes. Lengths are millimetres where a field says so; measures follow GB/T 9704-2012.
package layout

import (
	"strings"
	"time"

	"dossier/documents/fonts"
)

// Document is one paper to be printed.
type Document struct {
	Title, Author, Number string    // for the file's properties; printed is what the page says
	Code                  string    // the code that ties the paper to the record (凭据码); none on a draft
	Check                 string    // what the square beside the code says on the first page: where it is checked; none when empty
	Draft                 bool      // 草稿: the mark lies behind the text, the number's place says so, there is no code
	Void                  bool      // 作废: the mark lies behind the text
	Behind                string    // other words that lie behind the text
	Copy                  string    // what the foot says of a reprint: 重印 2026年11月25日
	Made                  time.Time // the day, in its zone
	Page                  Page
}

// Page is what a document consists of: a Form, Prose, Record or DeadlineSheet.
type Page interface {
	compose(c *composer, doc Document)
}

// Render prints the document with the embedded fonts. The error is a *MissingRune if no font has a character.
func Render(doc Document) ([]byte, error) { return RenderWith(fonts.Standard(), doc) }

// RenderWith prints the document with an office's own choice of fonts.
func RenderWith(library *fonts.Library, doc Document) ([]byte, error) {
	c := &composer{fonts: library}
	if doc.Draft {
		doc.Code, doc.Check = "", ""
	}
	doc.Page.compose(c, doc)
	if c.missing != nil {
		return nil, c.missing
	}
	switch {
	case doc.Draft:
		c.slant("草　稿")
	case doc.Void:
		c.slant("作　废")
	case doc.Behind != "":
		c.slant(doc.Behind)
	}
	if c.missing != nil {
		return nil, c.missing
	}
	if doc.Made.IsZero() {
		doc.Made = unmade
	}
	return write(c.sheets, doc)
}

// slant lays a word behind everything on each sheet.
func (c *composer) slant(word string) {
	words := c.single(word, style{face: fonts.SongBold, size: 130})
	for _, s := range c.sheets {
		behind := mark{kind: markSlant, x: 107 * mm, y: 136 * mm, gray: 0.87, line: words}
		s.marks = append([]mark{behind}, s.marks...)
	}
}

// foot is what stands beside the page number.
func (doc Document) foot() string {
	var parts []string
	switch {
	case doc.Draft:
		parts = append(parts, "草稿，未签发，无凭据码")
	case doc.Code != "":
		parts = append(parts, "凭据码　"+doc.Code)
	}
	if doc.Copy != "" {
		parts = append(parts, doc.Copy)
	}
	return strings.Join(parts, "　")
}

// unnumbered stands in the number's place on a draft.
const unnumbered = "（未编号）"
