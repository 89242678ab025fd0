package main

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"dossier/documents"
	"dossier/engine/procedure"
	"dossier/engine/specimen"
)

// A contact sheet: so many pages in a row and in all, each so many pixels wide, drawn at so many dots to the inch before it
// is made small. A page can be told and a hole seen; who wants to read opens the paper.
const (
	columns   = 7
	perSheet  = 35
	thumbnail = 340
	resolve   = 150
	largest   = 900 << 10 // bytes of one file
)

// sheets draws the usual specimen of every form as contact sheets, those of each folder of forms apart: labour-1.jpg; then
// the extremes.
func sheets(blanks map[procedure.FormID]*documents.Blank, dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for _, folder := range folders(blanks) {
		var drawn [][]byte
		for _, id := range folder.forms {
			pdf, err := draft(blanks, blanks[id], specimen.UsualSpecimen)
			if err != nil {
				return err
			}
			drawn = append(drawn, pdf)
		}
		if err := contacts(drawn, dir, folder.name); err != nil {
			return err
		}
	}
	drawn, err := extremes(blanks)
	if err != nil {
		return err
	}
	return contacts(drawn, dir, "extremes")
}

// contacts writes the pages of these papers as NAME-1.jpg and so on.
func contacts(drawn [][]byte, dir, name string) error {
	var pages []image.Image
	for _, pdf := range drawn {
		more, err := pictures(pdf)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		pages = append(pages, more...)
	}
	for n := 1; len(pages) > 0; n++ {
		some := pages[:min(perSheet, len(pages))]
		pages = pages[len(some):]
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%s-%d.jpg", name, n)), encoded(montage(some)), 0o644); err != nil {
			return err
		}
	}
	return nil
}

type folder struct {
	name  string
	forms []procedure.FormID
}

// folders are the forms by the folders that they lie in, in the order of their names.
func folders(blanks map[procedure.FormID]*documents.Blank) []folder {
	var all []folder
	files := documents.Files(blanks)
	names := make([]string, 0, len(files))
	for name := range files {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		id := procedure.FormID(strings.TrimSuffix(path.Base(name), ".yaml"))
		if blanks[id] == nil || path.Base(name) == documents.ValuesFile {
			continue
		}
		if dir := path.Dir(name); len(all) == 0 || all[len(all)-1].name != dir {
			all = append(all, folder{name: dir})
		}
		last := &all[len(all)-1]
		last.forms = append(last.forms, id)
	}
	return all
}

// pictures are the pages of a PDF, drawn by poppler and made small.
func pictures(pdf []byte) ([]image.Image, error) {
	dir, err := os.MkdirTemp("", "papers-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	draw := exec.Command("pdftoppm", "-r", fmt.Sprint(resolve), "-gray", "-png", "-", filepath.Join(dir, "page"))
	draw.Stdin = bytes.NewReader(pdf)
	if told, err := draw.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("pdftoppm (make tools installs it): %w %s", err, told)
	}
	names, err := filepath.Glob(filepath.Join(dir, "page*"))
	if err != nil {
		return nil, err
	}
	slices.Sort(names)
	var all []image.Image
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		page, err := png.Decode(bytes.NewReader(data))
		if err != nil {
			return nil, err
		}
		all = append(all, small(page))
	}
	return all, nil
}

// small makes a page as wide as a thumbnail: each of its pixels is the mean of those that it covers.
func small(page image.Image) *image.Gray {
	b := page.Bounds()
	gray := image.NewGray(image.Rect(0, 0, b.Dx(), b.Dy()))
	draw.Draw(gray, gray.Bounds(), page, b.Min, draw.Src)
	out := image.NewGray(image.Rect(0, 0, thumbnail, thumbnail*b.Dy()/b.Dx()))
	w, h := out.Bounds().Dx(), out.Bounds().Dy()
	for y := range h {
		top, bottom := y*b.Dy()/h, (y+1)*b.Dy()/h
		for x := range w {
			left, right := x*b.Dx()/w, (x+1)*b.Dx()/w
			sum := 0
			for line := top; line < bottom; line++ {
				for _, dot := range gray.Pix[line*gray.Stride+left : line*gray.Stride+right] {
					sum += int(dot)
				}
			}
			out.Pix[y*out.Stride+x] = uint8(sum / max(1, (bottom-top)*(right-left)))
		}
	}
	return out
}

// montage lays pages in rows on gray.
func montage(pages []image.Image) *image.Gray {
	const between = 6
	high := 0
	for _, p := range pages {
		high = max(high, p.Bounds().Dy())
	}
	rows := (len(pages) + columns - 1) / columns
	out := image.NewGray(image.Rect(0, 0, between+min(columns, len(pages))*(thumbnail+between), between+rows*(high+between)))
	draw.Draw(out, out.Bounds(), image.NewUniform(color.Gray{Y: 150}), image.Point{}, draw.Src)
	for i, p := range pages {
		at := image.Pt(between+i%columns*(thumbnail+between), between+i/columns*(high+between))
		draw.Draw(out, p.Bounds().Add(at), p, image.Point{}, draw.Src)
	}
	return out
}

// encoded is a picture as JPEG, as good as a file of that size can be.
func encoded(m image.Image) []byte {
	var b bytes.Buffer
	for quality := 70; quality > 10; quality -= 10 {
		b.Reset()
		if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: quality}); err != nil || b.Len() <= largest {
			break
		}
	}
	return b.Bytes()
}
