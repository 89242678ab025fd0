package documents

import (
	"errors"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"dossier/documents/fonts"
	"dossier/documents/layout"
	"dossier/engine/calendar"
	"dossier/engine/paper"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
	"dossier/engine/text"
)

// Renderer draws the office's papers. It implements [engine.Renderer].
type Renderer struct {
	prints map[procedure.FormID]*Print
	own    *ownFonts // nil: ours alone
}

// NewRenderer draws with these blanks' layouts.
func NewRenderer(blanks map[procedure.FormID]*Blank) *Renderer {
	r := &Renderer{prints: map[procedure.FormID]*Print{}}
	for id, b := range blanks {
		if b.Print != nil {
			r.prints[id] = b.Print
		}
	}
	return r
}

// Render draws a sheet as PDF.
func (r *Renderer) Render(s paper.Sheet) ([]byte, error) {
	p := r.prints[s.Form.ID]
	if p == nil {
		p = arranged(s.Form)
	}
	d := &drawing{s: s, p: p}
	doc := layout.Document{Title: d.title(), Author: s.Bureau, Number: d.number(), Code: s.Code, Draft: s.Draft, Void: s.Void, Made: midnight(s.Day), Page: d.page()}
	if s.Code != "" {
		doc.Check = checkAt(d.value("setting-check-address"), s.Code)
	}
	if s.Reprint != 0 {
		doc.Copy = "重印　" + s.Reprint.Han()
	}
	pdf, err := layout.RenderWith(r.library(s), doc)
	var missing *layout.MissingRune
	if errors.As(err, &missing) {
		return nil, &refusal.Error{Code: refusal.FieldInvalid, Cause: err,
			Fields: []refusal.FieldFault{{Path: "", Code: refusal.FieldInvalid, Why: "field.rune", Args: refusal.Args{"runes": text.Runes([]rune{missing.Rune}), "field": s.Form.Title.ZH}}}}
	}
	return pdf, err
}

// Missing gives the characters of a text that no font has.
func (r *Renderer) Missing(s string) []rune { return fonts.Missing(s) }

// checkAt is what the square code of a paper says: where it is checked, or the code alone while the office has set no
// address.
func checkAt(address, code string) string {
	if u, err := url.Parse(address); err == nil && u.Host != "" && (u.Scheme == "https" || u.Scheme == "http") {
		return strings.TrimRight(address, "/") + "/check/" + code
	}
	return code
}

// CodeOf is the code that a paper's file bears; "" for none.
func CodeOf(file []byte) string { return layout.CodeOf(file) }

// midnight is when a day begins.
func midnight(d calendar.Date) time.Time {
	y, m, day := d.YMD()
	return time.Date(y, time.Month(m), day, 0, 0, 0, 0, shanghai)
}

// Inspect says what an uploaded file is; an *engine.Error when it is not what its name says.
func (r *Renderer) Inspect(name string, data []byte) (string, error) {
	kind, _, _ := strings.Cut(http.DetectContentType(data), ";")
	refuse := func(why string) (string, error) {
		return "", &refusal.Error{Code: refusal.FieldInvalid, Fields: []refusal.FieldFault{{Path: "file", Code: refusal.FieldInvalid, Why: why,
			Args: refusal.Args{"name": name, "type": kind}}}}
	}
	if len(data) == 0 {
		return refuse("file.empty")
	}
	allowed, ok := uploads[strings.ToLower(filepath.Ext(name))]
	if !ok {
		return refuse("file.kind")
	}
	if !slices.Contains(allowed, kind) {
		return refuse("file.not-what-it-says")
	}
	if why := inspectInside(kind, data); why != "" {
		return refuse(why)
	}
	return kind, nil
}
