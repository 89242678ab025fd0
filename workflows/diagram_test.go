package workflows_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"dossier/engine/procedure"
	"dossier/engine/procedure/diagram"
)

func TestDrawingsOfTheSoundProcedure(t *testing.T) {
	d := sound(t).Definition
	for _, as := range diagram.DiagramFormats {
		t.Run(as, func(t *testing.T) {
			drawn, err := diagram.Diagram(d, as)
			if err != nil {
				t.Fatal(err)
			}
			if as == "json" {
				var b bytes.Buffer
				if err := json.Indent(&b, drawn, "", "  "); err != nil {
					t.Fatal(err)
				}
				drawn = append(b.Bytes(), '\n')
			}
			golden(t, "../testdata/sound/sound."+as, string(drawn))
		})
	}
}

func TestUnknownDrawingIsRefused(t *testing.T) {
	if drawn, err := diagram.Diagram(sound(t).Definition, "png"); err == nil || drawn != nil {
		t.Errorf("drew %d bytes, %v", len(drawn), err)
	}
}

// Every drawing of every procedure shows each state and each action that leads somewhere.
func TestDrawingsShowEverything(t *testing.T) {
	_, editions := theOffice(t)
	for _, e := range editions {
		for _, as := range diagram.DiagramFormats {
			t.Run(string(e.Definition.ID)+"/"+as, func(t *testing.T) {
				drawn, err := diagram.Diagram(e.Definition, as)
				if err != nil {
					t.Fatal(err)
				}
				text := string(drawn)
				e.Definition.Each(func(_ *procedure.Walk, s *procedure.State, a *procedure.Action) {
					if s != nil && !strings.Contains(text, string(s.ID)) {
						t.Errorf("state %s isn't drawn", s.ID)
					}
					if s != nil && !strings.Contains(text, a.Title.ZH) {
						t.Errorf("action %s isn't drawn", a.ID)
					}
				})
				again, err := diagram.Diagram(e.Definition, as)
				if err != nil || !bytes.Equal(drawn, again) {
					t.Error("drawn twice, drawn differently")
				}
				switch as {
				case "json":
					if !json.Valid(drawn) {
						t.Error("no JSON")
					}
				case "svg":
					wellFormed(t, drawn)
				}
			})
		}
	}
}

func TestPictureSpeaksEnglishWhereTheFileDoes(t *testing.T) {
	text := string(diagram.SVG(sound(t).Definition, true))
	for _, want := range []string{"<title>Inspection</title>", ">Filing</text>", ">Silence</text>", ">Request</text>"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q isn't in the picture", want)
		}
	}
}

// wellFormed reads a picture as XML and looks for what a page must not take in.
func wellFormed(t *testing.T, picture []byte) {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(picture))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatalf("no XML: %v", err)
		}
		if start, ok := token.(xml.StartElement); ok {
			if name := start.Name.Local; name == "script" || name == "style" || name == "foreignObject" {
				t.Errorf("a %s in the picture", name)
			}
			for _, attr := range start.Attr {
				if strings.HasPrefix(attr.Name.Local, "on") || attr.Name.Local == "href" {
					t.Errorf("attribute %s in the picture", attr.Name.Local)
				}
			}
		}
	}
}

// What is lit is marked wherever it stands; the rest of the picture is as it was.
func TestLitActions(t *testing.T) {
	d := sound(t).Definition
	var id procedure.ActionID
	d.Each(func(w *procedure.Walk, s *procedure.State, a *procedure.Action) {
		if s != nil && id == "" {
			id = a.ID
		}
	})
	plain, lit := string(diagram.SVG(d, false)), string(diagram.SVG(d, false, id))
	if strings.Contains(plain, `id="lit"`) || strings.Count(lit, `id="lit"`) != 1 {
		t.Errorf("%s is lit %d times, %d in the plain picture", id, strings.Count(lit, `id="lit"`), strings.Count(plain, `id="lit"`))
	}
	if strings.Count(lit, "<text") != strings.Count(plain, "<text") {
		t.Error("lighting changes the words")
	}
}
