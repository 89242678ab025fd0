package bind

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"dossier/documents/layout"
)

// theirs is a PDF file as others make them: a page tree of two levels with what pages inherit, content in two pieces, a
// page that is turned, a button that runs a script, a page that leads to another.
func theirs(rotate int) []byte {
	objects := []string{
		"<</Type /Catalog /Pages 2 0 R /OpenAction <</S /JavaScript /JS (app.alert\\(1\\))>>>>",
		"<</Type /Pages /Count 2 /Kids [3 0 R] /MediaBox [0 0 400 300] /Resources <</Font <</F1 6 0 R>>>>>>",
		fmt.Sprintf("<</Type /Pages /Parent 2 0 R /Count 2 /Kids [4 0 R 5 0 R] /Rotate %d>>", rotate),
		"<</Type /Page /Parent 3 0 R /Contents [7 0 R 8 0 R] /CropBox [10 10 390 290] /Annots [<</Type /Annot /Subtype /Link /Rect [0 0 9 9] /A <</S /JavaScript /JS (1)>>>>]>>",
		"<</Type /Page /Parent 3 0 R /Contents 9 0 R /Annots [<</Type /Annot /Subtype /Link /Rect [0 0 9 9] /Dest [4 0 R /Fit]>>]>>",
		"<</Type /Font /Subtype /Type1 /BaseFont /Helvetica>>",
		stream("BT /F1 18 Tf 60 150 Td (first half) Tj"),
		stream("ET q 0.5 0 0 0.5 0 0 cm Q 0.5 0 0 0.5 0 0 cm"),
		stream("BT /F1 18 Tf 60 150 Td (second) Tj ET"),
	}
	return file(objects)
}

func stream(s string) string { return fmt.Sprintf("<</Length %d>>\nstream\n%s\nendstream", len(s), s) }

// file puts objects together as a PDF file whose first is the catalogue.
func file(objects []string) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.4\n")
	at := make([]int, len(objects))
	for i, o := range objects {
		at[i] = b.Len()
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	xref := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, a := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", a)
	}
	fmt.Fprintf(&b, "trailer\n<</Size %d /Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, xref)
	return b.Bytes()
}

// book binds sources and pictures and gives the file.
func book(t testing.TB, fill func(w *writer) []int) []byte {
	t.Helper()
	var out bytes.Buffer
	w := newWriter(&out)
	var leaves []leaf
	for i, p := range fill(w) {
		leaves = append(leaves, leaf{p, fmt.Sprint("正-", i+1)})
	}
	if err := w.close(leaves, []mark{{title: "正卷", page: leaves[0].page, under: []mark{{title: "𠮷", page: leaves[0].page}}}}, facts{title: "案卷", made: time.Unix(0, 0).UTC()}); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func tool(t *testing.T, data []byte, name string, args ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "in.pdf")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	for i := range args {
		if args[i] == "FILE" {
			args[i] = path
		}
	}
	out, err := exec.CommandContext(t.Context(), name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s (make tools installs it): %v\n%s", name, err, out)
	}
	return string(out)
}

// TestTheirPages copies others' pages, whichever way they are turned: what was on them is there, they do nothing any more,
// and what is laid over stands where a reader sees it.
func TestTheirPages(t *testing.T) {
	for _, turn := range []int{0, 90, 180, 270, -90, 450} {
		s, err := open(theirs(turn), true)
		if err != nil {
			t.Fatal(err)
		}
		seen := [2]float64{}
		pdf := book(t, func(w *writer) []int {
			pages, err := w.add(s, func(i int, wide, high float64) string {
				if i == 0 {
					seen = [2]float64{wide, high}
				}
				return fmt.Sprintf("0 g %.0f %.0f 20 20 re f", wide-30, high-30) // a square at the upper right
			})
			if err != nil {
				t.Fatal(err)
			}
			return pages
		})
		if want := map[bool][2]float64{false: {380, 280}, true: {280, 380}}[turn%180 != 0]; seen != want {
			t.Errorf("turned %d: seen as %v, want %v", turn, seen, want)
		}
		if said := tool(t, pdf, "qpdf", "--check", "FILE"); strings.Contains(said, "WARNING") {
			t.Errorf("turned %d: %s", turn, said)
		}
		if text := tool(t, pdf, "mutool", "draw", "-q", "-F", "txt", "FILE"); strings.Count(text, "first half") != 1 {
			t.Errorf("turned %d: the text is %q", turn, text)
		}
		for _, never := range []string{"JavaScript", "OpenAction", "/CropBox"} {
			if bytes.Contains(pdf, []byte(never)) {
				t.Errorf("turned %d: the file has %s", turn, never)
			}
		}
		img := drawn(t, pdf, 1)
		for at, black := range map[image.Point]bool{{img.Bounds().Dx() - 20, 20}: true, {20, 20}: false, {20, img.Bounds().Dy() - 20}: false, {img.Bounds().Dx() - 20, img.Bounds().Dy() - 20}: false} {
			if y := color.GrayModel.Convert(img.At(at.X, at.Y)).(color.Gray).Y; (y < 100) != black {
				t.Errorf("turned %d: at %v it is %d", turn, at, y)
			}
		}
	}
}

// drawn is a page as another program draws it, a point a pixel.
func drawn(t *testing.T, pdf []byte, page int) image.Image {
	t.Helper()
	out := filepath.Join(t.TempDir(), "page.png")
	tool(t, pdf, "mutool", "draw", "-q", "-r", "72", "-o", out, "FILE", fmt.Sprint(page))
	f, err := os.Open(out)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	img, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	return img
}

func TestRefusedFiles(t *testing.T) {
	sealed := filepath.Join(t.TempDir(), "sealed.pdf")
	tool(t, theirs(0), "qpdf", "--encrypt", "user", "owner", "256", "--", "FILE", sealed)
	data, err := os.ReadFile(sealed)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := open(data, true); !errors.Is(err, errEncrypted) {
		t.Errorf("an encrypted file: %v", err)
	}
	for name, data := range map[string][]byte{"nothing": nil, "no PDF": []byte("hello"), "half": theirs(0)[:300], "no pages": file([]string{"<</Type /Catalog /Pages 2 0 R>>", "<</Type /Pages /Count 0 /Kids []>>"}),
		"a tree that bites its tail": file([]string{"<</Type /Catalog /Pages 2 0 R>>", "<</Type /Pages /Count 1 /Kids [2 0 R] /MediaBox [0 0 9 9]>>"})} {
		if s, err := open(data, true); err == nil {
			t.Errorf("%s: %d pages", name, len(s.pages))
		}
	}
}

// corners is a picture with red, green, blue and white corners, as a JPEG that says how its camera was held.
func corners(t testing.TB, orientation int) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 160, 80))
	for y := range 80 {
		for x := range 160 {
			img.Set(x, y, []color.RGBA{{255, 0, 0, 255}, {0, 255, 0, 255}, {0, 0, 255, 255}, {255, 255, 255, 255}}[x/80+2*(y/40)])
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		t.Fatal(err)
	}
	if orientation == 0 {
		return b.Bytes()
	}
	exif := append([]byte("Exif\x00\x00MM\x00\x2a\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00"), byte(orientation), 0, 0, 0, 0, 0, 0)
	head := append([]byte{0xff, 0xd8, 0xff, 0xe1, 0, byte(len(exif) + 2)}, exif...)
	return append(head, b.Bytes()[2:]...)
}

// TestPictures draws one picture as eight ways of holding the camera keep it; each is seen as it should be.
func TestPictures(t *testing.T) {
	// The corners as they are seen, from the upper left: r g / b w is how the picture is kept.
	for orientation, want := range []string{"rgbw", "rgbw", "grwb", "wbgr", "bwrg", "rbgw", "brwg", "wgbr", "gwrb"} {
		p, err := readPicture(corners(t, orientation))
		if err != nil {
			t.Fatal(err)
		}
		plate, err := layout.Render(layout.Document{Page: layout.Plate{Title: "附件1", Lines: []string{"证明：现场"}}})
		if err != nil {
			t.Fatal(err)
		}
		x, y, wide, high := layout.PlateRoom()
		pdf := book(t, func(w *writer) []int {
			s, err := open(plate, false)
			if err != nil {
				t.Fatal(err)
			}
			object, draw := p.place(w, x, y, wide, high)
			s.pictures(object)
			pages, err := w.add(s, func(int, float64, float64) string { return draw })
			if err != nil {
				t.Fatal(err)
			}
			return pages
		})
		if !bytes.Contains(pdf, p.data) {
			t.Errorf("orientation %d: the picture was packed anew", orientation)
		}
		img := drawn(t, pdf, 1)
		w, h := 120., 60. // a point is 4/3 pixels
		if len(want) == 4 && orientation >= 5 {
			w, h = h, w
		}
		midX, midY := x+wide/2, 841.89-(y+high/2)
		got := ""
		for _, at := range [][2]float64{{-0.3, -0.3}, {0.3, -0.3}, {-0.3, 0.3}, {0.3, 0.3}} {
			r, g, b, _ := img.At(int(midX+at[0]*w), int(midY+at[1]*h)).RGBA()
			switch {
			case r > 0x9000 && g > 0x9000 && b > 0x9000:
				got += "w"
			case r > 0x9000:
				got += "r"
			case g > 0x9000:
				got += "g"
			default:
				got += "b"
			}
		}
		if got != want {
			t.Errorf("orientation %d is seen as %s, want %s", orientation, got, want)
		}
	}
}

func TestOtherPictures(t *testing.T) {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewNRGBA(image.Rect(0, 0, 30, 20))); err != nil {
		t.Fatal(err)
	}
	p, err := readPicture(b.Bytes())
	if err != nil || p.wide != 30 || p.high != 20 {
		t.Fatalf("%+v, %v", p, err)
	}
	if img, err := jpeg.Decode(bytes.NewReader(p.data)); err != nil || color.GrayModel.Convert(img.At(3, 3)).(color.Gray).Y < 250 {
		t.Errorf("what is seen through isn't white (%v)", err)
	}
	for _, data := range [][]byte{nil, []byte("GIF89a"), corners(t, 0)[:40]} {
		if _, err := readPicture(data); err == nil {
			t.Errorf("%d bytes are read as a picture", len(data))
		}
	}
}

func FuzzOrientation(f *testing.F) {
	f.Add(corners(f, 6))
	f.Add(corners(f, 0))
	f.Fuzz(func(t *testing.T, data []byte) {
		if o := orientation(data); o < 1 || o > 8 {
			t.Errorf("orientation %d", o)
		}
	})
}

func FuzzOpen(f *testing.F) {
	f.Add(theirs(90))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := open(data, true)
		if err != nil {
			return
		}
		w := newWriter(&bytes.Buffer{})
		_, _ = w.add(s, func(int, float64, float64) string { return "" }) // an error is right; a panic is not
	})
}

// BenchmarkBook binds 300 pages, 60 of them photographs of 3 MB: the target is 3 s.
func BenchmarkBook(b *testing.B) {
	page, err := layout.Render(layout.Document{Title: "询问笔录", Page: layout.Prose{Blocks: []layout.Block{layout.Paragraph{Text: strings.Repeat("工资标准和已领工资各是多少？", 30)}}}})
	if err != nil {
		b.Fatal(err)
	}
	photo := append(corners(b, 6), make([]byte, 3<<20)...)
	b.ReportAllocs()
	for b.Loop() {
		var size counter
		w := newWriter(&size)
		var leaves []leaf
		keep := func(pages []int, err error) {
			if err != nil {
				b.Fatal(err)
			}
			for _, p := range pages {
				leaves = append(leaves, leaf{p, "正"})
			}
		}
		for i := range 300 {
			s, err := open(page, false)
			if err != nil {
				b.Fatal(err)
			}
			draw := ""
			if i%5 == 0 {
				p, err := readPicture(photo)
				if err != nil {
					b.Fatal(err)
				}
				var object int
				object, draw = p.place(w, 0, 0, 400, 400)
				s.pictures(object)
			}
			keep(w.add(s, func(int, float64, float64) string { return draw }))
		}
		if err := w.close(leaves, []mark{{title: "正卷", page: leaves[0].page}}, facts{}); err != nil {
			b.Fatal(err)
		}
	}
}

type counter int

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}
