package bind

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	_ "image/gif"
	"image/jpeg"
	_ "image/png"

	_ "golang.org/x/image/bmp"
	_ "golang.org/x/image/webp"
)

// picture is a photograph as a PDF takes it: JPEG, never packed anew when it is one already, so that evidence stays what
// it was.
type picture struct {
	data       []byte
	wide, high int // pixels, as kept
	turn       int // clockwise degrees by which it is turned to stand upright
	mirrored   bool
	space      string // of its colours
	inverted   bool   // CMYK as Adobe writes it
}

// maxPixels is the largest picture that is unpacked because it isn't a JPEG.
const maxPixels = 50_000_000

var errLarge = errors.New("the picture is too large to be bound")

// readPicture reads a picture of any kind that an upload may be.
func readPicture(data []byte) (*picture, error) {
	conf, kind, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	if conf.Width < 1 || conf.Height < 1 {
		return nil, errors.New("the picture is empty")
	}
	if kind != "jpeg" {
		if conf.Width*conf.Height > maxPixels {
			return nil, errLarge
		}
		img, _, err := image.Decode(bytes.NewReader(data))
		if err != nil {
			return nil, err
		}
		flat := image.NewRGBA(img.Bounds()) // JPEG knows no transparency: what is seen through is white
		draw.Draw(flat, flat.Bounds(), image.White, image.Point{}, draw.Src)
		draw.Draw(flat, flat.Bounds(), img, img.Bounds().Min, draw.Over)
		var b bytes.Buffer
		if err := jpeg.Encode(&b, flat, &jpeg.Options{Quality: 90}); err != nil {
			return nil, err
		}
		return &picture{data: b.Bytes(), wide: conf.Width, high: conf.Height, space: "/DeviceRGB"}, nil
	}
	p := &picture{data: data, wide: conf.Width, high: conf.Height, space: "/DeviceRGB"}
	switch conf.ColorModel {
	case color.GrayModel:
		p.space = "/DeviceGray"
	case color.CMYKModel:
		p.space, p.inverted = "/DeviceCMYK", true
	}
	switch orientation(data) {
	case 2:
		p.mirrored = true
	case 3:
		p.turn = 180
	case 4:
		p.turn, p.mirrored = 180, true
	case 5:
		p.turn, p.mirrored = 270, true
	case 6:
		p.turn = 90
	case 7:
		p.turn, p.mirrored = 90, true
	case 8:
		p.turn = 270
	}
	return p, nil
}

// orientation is how a camera says it was held: EXIF 2.3, tag 0x0112, 1 to 8; 1 where it says nothing.
func orientation(jpeg []byte) int {
	for at := 2; at+4 <= len(jpeg) && jpeg[at] == 0xff; {
		marker, size := jpeg[at+1], int(binary.BigEndian.Uint16(jpeg[at+2:]))
		if marker == 0xda || size < 2 || at+2+size > len(jpeg) {
			break
		}
		if marker == 0xe1 {
			if tiff, ok := bytes.CutPrefix(jpeg[at+4:at+2+size], []byte("Exif\x00\x00")); ok {
				return held(tiff)
			}
		}
		at += 2 + size
	}
	return 1
}

// held reads the first directory of a TIFF block.
func held(tiff []byte) int {
	var order binary.ByteOrder = binary.BigEndian
	if bytes.HasPrefix(tiff, []byte("II")) {
		order = binary.LittleEndian
	}
	if len(tiff) < 8 {
		return 1
	}
	at := int64(order.Uint32(tiff[4:]))
	if at+2 > int64(len(tiff)) {
		return 1
	}
	for n := int64(order.Uint16(tiff[at:])); n > 0; n-- {
		entry := at + 2 + 12*(n-1)
		if entry+12 > int64(len(tiff)) || order.Uint16(tiff[entry:]) != 0x0112 {
			continue
		}
		if v := int(order.Uint16(tiff[entry+8:])); v >= 1 && v <= 8 {
			return v
		}
	}
	return 1
}

// place writes the picture as an object, and gives its number and the operators that draw it upright, as large as the
// room lets it, in its middle. A small one isn't made larger than 96 pixels an inch.
func (p *picture) place(w *writer, x, y, wide, high float64) (object int, draw string) {
	object = w.promise()
	entries := fmt.Sprintf("/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace %s /BitsPerComponent 8 /Filter /DCTDecode", p.wide, p.high, p.space)
	if p.inverted {
		entries += " /Decode [1 0 1 0 1 0 1 0]"
	}
	w.stream(object, entries, p.data)
	seenW, seenH := float64(p.wide), float64(p.high)
	if p.turn%180 != 0 {
		seenW, seenH = seenH, seenW
	}
	scale := min(wide/seenW, high/seenH, 72./96)
	pw, ph := seenW*scale, seenH*scale
	x, y = x+(wide-pw)/2, y+(high-ph)/2
	// The unit square of the picture, turned clockwise; then mirrored left to right before that.
	m := [6]float64{pw, 0, 0, ph, x, y}
	switch p.turn {
	case 90:
		m = [6]float64{0, -ph, pw, 0, x, y + ph}
	case 180:
		m = [6]float64{-pw, 0, 0, -ph, x + pw, y + ph}
	case 270:
		m = [6]float64{0, ph, -pw, 0, x + pw, y}
	}
	if p.mirrored { // (u, v) → (1−u, v) first
		m = [6]float64{-m[0], -m[1], m[2], m[3], m[4] + m[0], m[5] + m[1]}
	}
	return object, fmt.Sprintf("q %.3f %.3f %.3f %.3f %.3f %.3f cm /Im Do Q", m[0], m[1], m[2], m[3], m[4], m[5])
}
