package bind

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"sync"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// source is a PDF file whose pages are bound in.
type source struct {
	ctx   *model.Context
	pages []page
}

// page is one page of a source, with what it inherits.
type page struct {
	ref   int // its object in the source
	dict  types.Dict
	attrs model.InheritedPageAttrs
}

var (
	errEncrypted = errors.New("the file is encrypted")
	errNoPages   = errors.New("the file has no pages")
)

// settings keeps pdfcpu from reading and writing files of its own in the home of whoever runs the program.
var settings = sync.OnceFunc(api.DisableConfigDir)

// open reads a file. What somebody handed in may be damaged in ways that nobody foresaw: every fault is an error.
func open(data []byte, theirs bool) (s *source, err error) {
	settings()
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the file can't be read: %v", p)
		}
	}()
	conf := model.NewDefaultConfiguration()
	conf.ValidationMode = model.ValidationRelaxed
	conf.Offline = true
	read := api.ReadContext
	if theirs {
		read = api.ReadAndValidate
	}
	ctx, err := read(bytes.NewReader(data), conf)
	if err != nil {
		if strings.Contains(err.Error(), "password") || strings.Contains(err.Error(), "encrypt") {
			return nil, errEncrypted
		}
		return nil, err
	}
	if ctx.Encrypt != nil {
		return nil, errEncrypted
	}
	if err := ctx.EnsurePageCount(); err != nil {
		return nil, err
	}
	s = &source{ctx: ctx}
	for n := 1; n <= ctx.PageCount; n++ {
		d, ref, attrs, err := ctx.PageDict(n, false)
		if err != nil {
			return nil, err
		}
		if d == nil || ref == nil || attrs == nil || attrs.MediaBox == nil {
			return nil, fmt.Errorf("page %d of the file can't be read", n)
		}
		s.pages = append(s.pages, page{ref.ObjectNumber.Value(), d, *attrs})
	}
	if len(s.pages) == 0 {
		return nil, errNoPages
	}
	return s, nil
}

// Pages counts the pages of a file: a PDF's own, one of a picture, none of what is neither or can't be read.
func Pages(kind string, data []byte) int {
	switch {
	case strings.HasPrefix(kind, "image/"):
		return 1
	case kind != "application/pdf":
		return 0
	}
	s, err := open(data, true)
	if err != nil {
		return 0
	}
	return len(s.pages)
}

// dress is what is laid over a page: the operators of a page, for a box of that width and height as it is seen.
type dress func(i int, w, h float64) string

// add copies all pages of a source and gives their objects. Under each page goes its own content, over it what dress says.
func (w *writer) add(s *source, over dress) (pages []int, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the file can't be read: %v", p)
		}
	}()
	c := &copier{w: w, from: s.ctx, numbers: map[int]int{}}
	for _, p := range s.pages {
		n := w.promise()
		pages = append(pages, n)
		c.numbers[p.ref] = n
	}
	for i, p := range s.pages {
		if err := c.page(pages[i], p, func(wide, high float64) string { return over(i, wide, high) }); err != nil {
			return nil, err
		}
	}
	return pages, c.rest()
}

// copier copies the objects that pages lead to, each once, under new numbers.
type copier struct {
	w       *writer
	from    *model.Context
	numbers map[int]int // of the source → of the bound file
	waiting []int       // of the source: named, not yet copied
}

// page writes a page with its own box, turn and resources, which it may have had from its parents.
func (c *copier) page(n int, p page, over func(w, h float64) string) error {
	box := *p.attrs.MediaBox
	if crop := p.attrs.CropBox; crop != nil {
		box = types.Rectangle{}
		box.LL = types.Point{X: max(crop.LL.X, p.attrs.MediaBox.LL.X), Y: max(crop.LL.Y, p.attrs.MediaBox.LL.Y)}
		box.UR = types.Point{X: min(crop.UR.X, p.attrs.MediaBox.UR.X), Y: min(crop.UR.Y, p.attrs.MediaBox.UR.Y)}
	}
	turn := ((p.attrs.Rotate % 360) + 360) % 360
	d := types.Dict{}
	for k, v := range p.dict {
		switch k {
		case "Parent", "StructParents", "B", "PieceInfo", "Thumb", "AA", "Tabs", "Metadata", "Contents", "Dur", "Trans", "TemplateInstantiated":
		default:
			d[k] = v
		}
	}
	d["MediaBox"], d["Rotate"] = rectangle(box), types.Integer(turn)
	delete(d, "CropBox")
	if d["Resources"] == nil {
		d["Resources"] = p.attrs.Resources
	}
	body, err := c.value(d)
	if err != nil {
		return err
	}
	contents := fmt.Sprintf("%d 0 R ", c.w.save)
	own, err := c.from.Dereference(p.dict["Contents"])
	if err != nil {
		return err
	}
	switch own := own.(type) {
	case types.Array:
		for _, x := range own {
			part, err := c.value(x)
			if err != nil {
				return err
			}
			contents += part + " "
		}
	case types.StreamDict, *types.StreamDict:
		part, err := c.value(p.dict["Contents"])
		if err != nil {
			return err
		}
		contents += part + " "
	}
	dressed := c.w.promise()
	wide, high := box.Width(), box.Height()
	if turn%180 != 0 {
		wide, high = high, wide
	}
	c.w.stream(dressed, "", []byte("Q q "+upright(box, turn)+" cm\n"+over(wide, high)+"\nQ"))
	c.w.object(n, strings.TrimSuffix(body, ">>")+fmt.Sprintf(" /Parent %d 0 R /Contents [%s%d 0 R]>>", c.w.root, contents, dressed))
	return nil
}

func rectangle(r types.Rectangle) types.Array {
	return types.Array{types.Float(r.LL.X), types.Float(r.LL.Y), types.Float(r.UR.X), types.Float(r.UR.Y)}
}

// upright maps a page as it is seen, from its lower left corner, to the page as it is kept.
func upright(b types.Rectangle, turn int) string {
	switch turn {
	case 90:
		return fmt.Sprintf("0 1 -1 0 %.2f %.2f", b.UR.X, b.LL.Y)
	case 180:
		return fmt.Sprintf("-1 0 0 -1 %.2f %.2f", b.UR.X, b.UR.Y)
	case 270:
		return fmt.Sprintf("0 -1 1 0 %.2f %.2f", b.LL.X, b.UR.Y)
	}
	return fmt.Sprintf("1 0 0 1 %.2f %.2f", b.LL.X, b.LL.Y)
}

// rest copies what was named until nothing is left.
func (c *copier) rest() error {
	for len(c.waiting) > 0 {
		n := c.waiting[0]
		c.waiting = c.waiting[1:]
		entry, ok := c.from.Find(n)
		var o types.Object
		if ok && !entry.Free {
			o = entry.Object
		}
		if err := c.object(c.numbers[n], o); err != nil {
			return err
		}
	}
	return nil
}

func (c *copier) object(n int, o types.Object) error {
	if p, ok := o.(*types.StreamDict); ok && p != nil {
		o = *p
	}
	if s, ok := o.(types.StreamDict); ok {
		d := types.Dict{}
		for k, v := range s.Dict {
			if k != "Length" {
				d[k] = v
			}
		}
		body, err := c.value(d)
		if err != nil {
			return err
		}
		if s.Raw == nil && len(s.Content) > 0 {
			if err := s.Encode(); err != nil {
				return err
			}
		}
		c.w.stream(n, strings.TrimSuffix(strings.TrimPrefix(body, "<<"), ">>"), s.Raw)
		return nil
	}
	body, err := c.value(o)
	if err != nil {
		return err
	}
	c.w.object(n, body)
	return nil
}

// does tells whether an entry of a dictionary makes a reader do something when it is clicked; a bound file does nothing.
func does(d types.Dict, key string) bool {
	if key != "A" && key != "AA" && key != "PA" {
		return false
	}
	kind, _ := d["Type"].(types.Name)
	sub, _ := d["Subtype"].(types.Name)
	return kind == "Annot" || slices.Contains([]types.Name{"Link", "Widget", "Screen", "RichMedia", "Movie"}, sub)
}

// value writes a value with its references renumbered.
func (c *copier) value(o types.Object) (string, error) {
	switch o := o.(type) {
	case nil:
		return "null", nil
	case types.IndirectRef:
		n := o.ObjectNumber.Value()
		to, ok := c.numbers[n]
		if !ok {
			to = c.w.promise()
			c.numbers[n] = to
			c.waiting = append(c.waiting, n)
		}
		return fmt.Sprintf("%d 0 R", to), nil
	case types.Dict:
		var b strings.Builder
		b.WriteString("<<")
		for _, k := range sortedKeys(o) {
			if does(o, k) {
				continue
			}
			v, err := c.value(o[k])
			if err != nil {
				return "", err
			}
			b.WriteString("/" + types.EncodeName(k) + " " + v)
		}
		return b.String() + ">>", nil
	case types.Array:
		var b strings.Builder
		b.WriteString("[")
		for i, x := range o {
			v, err := c.value(x)
			if err != nil {
				return "", err
			}
			if i > 0 {
				b.WriteString(" ")
			}
			b.WriteString(v)
		}
		return b.String() + "]", nil
	case types.Float:
		if math.IsNaN(float64(o)) || math.IsInf(float64(o), 0) {
			return "0", nil
		}
		return o.PDFString(), nil
	case types.StreamDict, *types.StreamDict:
		return "", errors.New("a stream stands inside another object")
	}
	return o.PDFString(), nil
}

func sortedKeys(d types.Dict) []string { return slices.Sorted(maps.Keys(d)) }

// pictures gives the pages of a source of our own a picture to draw, under the name Im.
func (s *source) pictures(object int) {
	for i := range s.pages {
		resources := types.Dict{}
		if own, err := s.ctx.DereferenceDict(s.pages[i].dict["Resources"]); err == nil {
			for k, v := range own {
				resources[k] = v
			}
		}
		resources["XObject"] = types.Dict{"Im": already(object)}
		s.pages[i].dict["Resources"] = resources
	}
}

// already is a reference to an object that the bound file has already, not to one of the source.
type already int

func (a already) Clone() types.Object { return a }
func (a already) String() string      { return a.PDFString() }
func (a already) PDFString() string   { return fmt.Sprintf("%d 0 R", int(a)) }
