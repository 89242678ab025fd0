package layout

import (
	"regexp"
	"strconv"
	"strings"
	"testing"

	"rsc.io/qr"
)

// TestSquare reads the square code off the first page, module by module, and finds what it should say.
func TestSquare(t *testing.T) {
	const at = "https://ldjc.example.gov.cn/check/19-1-7K3F"
	for name, doc := range map[string]Document{"form": filing(), "prose": notice(), "record": inquiry()} {
		doc.Check = at
		p := read(t, render(t, doc))
		contents := kids.FindSubmatch(p.objects[1])[1]
		for i, kid := range ref.FindAllSubmatch(contents, -1) {
			page := string(p.stream(number(t, content.FindSubmatch(p.objects[number(t, kid[1])])[1])))
			_, path, found := strings.Cut(page, "0 g ")
			path, _, _ = strings.Cut(path, " f\n")
			boxes := regexp.MustCompile(`(-?[\d.]+) (-?[\d.]+) (-?[\d.]+) (-?[\d.]+) re`).FindAllStringSubmatch(path, -1)
			if found = found && len(boxes) > 50; found != (i == 0) {
				t.Fatalf("%s, page %d: %d boxes", name, i+1, len(boxes))
			}
			if !found {
				continue
			}
			want, err := qr.Encode(at, qr.M)
			if err != nil {
				t.Fatal(err)
			}
			left, top, _ := corner(t, boxes)
			step := squareSize / float64(want.Size)
			for y := range want.Size {
				for x := range want.Size {
					px, py, black := left+(float64(x)+0.5)*step, top-(float64(y)+0.5)*step, false
					for _, b := range boxes {
						bx, by, w, h := float(t, b[1]), float(t, b[2]), float(t, b[3]), float(t, b[4])
						black = black || bx <= px && px <= bx+w && by <= py && py <= by+h
					}
					if black != want.Black(x, y) {
						t.Fatalf("%s: module %d, %d is black: %v", name, x, y, black)
					}
				}
			}
		}
	}
	if draft := filing(); draft.Code != "" {
		draft.Draft, draft.Check = true, at
		if strings.Contains(string(render(t, draft)), codeOpens) {
			t.Error("a draft bears a code")
		}
	}
}

// corner is the upper left corner of all boxes.
func corner(t *testing.T, boxes [][]string) (left, top float64, n int) {
	left = 1e9
	for _, b := range boxes {
		left, top, n = min(left, float(t, b[1])), max(top, float(t, b[2])+float(t, b[4])), n+1
	}
	return left, top, n
}

func float(t *testing.T, s string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestCodeOf(t *testing.T) {
	doc := filing()
	if got := CodeOf(render(t, doc)); got != doc.Code || got == "" {
		t.Errorf("got %q, want %q", got, doc.Code)
	}
	for _, file := range []string{"", "%PDF-1.4", codeOpens, codeOpens + strings.Repeat("1", 90) + codeCloses} {
		if got := CodeOf([]byte(file)); got != "" {
			t.Errorf("%q bears %q", file, got)
		}
	}
}
