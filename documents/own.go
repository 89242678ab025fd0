package documents

import (
	"errors"
	"io/fs"
	"path"
	"slices"
	"sync"

	"dossier/documents/fonts"
	"dossier/engine/paper"
)

// ownFaces are the settings that name an office's own font files, each for the face that it takes the place of. Ours print
// what they lack.
var ownFaces = []struct {
	setting string
	face    fonts.Face
}{{"font/text", fonts.Song}, {"font/title", fonts.SongBold}, {"font/heading", fonts.Hei}, {"font/signature", fonts.Kai}}

// ownFonts are the font files of the office, opened when a paper first asks for them.
type ownFonts struct {
	dir  fs.FS                        // nil: the office has none
	tell func(file string, err error) // how each file that a setting names stands

	mu        sync.Mutex
	open      map[string]*fonts.Font
	libraries map[[4]string]*fonts.Library
	told      [4]string // the names of the last sheet
}

// WithFonts draws with the office's own fonts in this folder, where a setting names one: font/text, font/title,
// font/heading, font/signature.
func (r *Renderer) WithFonts(dir fs.FS) *Renderer {
	r.own = &ownFonts{dir: dir, tell: func(string, error) {}, open: map[string]*fonts.Font{}, libraries: map[[4]string]*fonts.Library{}}
	return r
}

// TellFonts has somebody told how the office's font files stand, whenever one is opened for a paper: with err the paper is
// printed with ours, which nobody would notice before the seal is on it.
func (r *Renderer) TellFonts(tell func(file string, err error)) {
	if r.own != nil {
		r.own.tell = tell
	}
}

// library is what a sheet is printed with: by the settings of its day.
func (r *Renderer) library(s paper.Sheet) *fonts.Library {
	var names [4]string
	if r.own != nil && s.Settings != nil {
		for i, f := range ownFaces {
			names[i] = s.Settings(f.setting)
		}
	}
	if r.own == nil {
		return fonts.Standard()
	}
	r.own.mu.Lock()
	defer r.own.mu.Unlock()
	for _, gone := range r.own.told { // no setting names it any more: nothing is amiss
		if gone != "" && !slices.Contains(names[:], gone) {
			r.own.tell(gone, nil)
		}
	}
	r.own.told = names
	if names == [4]string{} {
		return fonts.Standard()
	}
	if l := r.own.libraries[names]; l != nil {
		return l
	}
	l, whole := fonts.Standard(), true
	for i, f := range ownFaces {
		if names[i] == "" {
			continue
		}
		font, err := r.own.font(names[i])
		if r.own.tell(names[i], err); err != nil {
			whole = false // asked for again with the next paper: the file may be back
			continue
		}
		l = l.Replace(f.face, font)
	}
	if whole {
		r.own.libraries[names] = l
	}
	return l
}

// font is a font file of the folder, parsed once.
func (o *ownFonts) font(name string) (*fonts.Font, error) {
	if o.open[name] != nil {
		return o.open[name], nil
	}
	if o.dir == nil || path.Base(name) != name {
		return nil, fs.ErrNotExist
	}
	data, err := fs.ReadFile(o.dir, name)
	if err != nil {
		return nil, err
	}
	f, err := fonts.Parse(name, data)
	if err == nil {
		o.open[name] = f
	}
	return f, err
}

// Font reads a font file of the office's folder anew. It tells why no paper can be printed with it, as a word of the
// catalogues, and which of the usual characters (those of GB 2312) it lacks.
func (r *Renderer) Font(name string) (lacks []rune, why string) {
	if r.own == nil {
		return nil, "font.file"
	}
	r.own.mu.Lock()
	defer r.own.mu.Unlock()
	delete(r.own.open, name)
	clear(r.own.libraries)
	f, err := r.own.font(name)
	if err == nil {
		r.own.tell(name, nil) // one that can't be used isn't kept, so that nothing is printed without it
	}
	switch {
	case errors.Is(err, fonts.ErrLicence):
		return nil, "font.licence"
	case errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrInvalid):
		return nil, "font.file"
	case err != nil:
		return nil, "font.kind"
	}
	for _, c := range fonts.Usual() {
		if _, ok := f.Glyph(c); !ok {
			lacks = append(lacks, c)
		}
	}
	return lacks, ""
}
