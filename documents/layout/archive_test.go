package layout

import (
	"encoding/xml"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// archived are the sample papers with the properties that an office's papers have.
func archived() map[string]Document {
	all := samples()
	for name, doc := range all {
		doc.Author, doc.Number = "任县人力资源和社会保障局", "任人社监〔2026〕7号"
		doc.Made = time.Date(2026, 5, 14, 0, 0, 0, 0, time.FixedZone("", 8*60*60))
		all[name] = doc
	}
	all["rare"] = Document{Title: "王𠮷<&>", Author: "𪚥县", Page: Form{Title: "王𠮷", Rows: []Row{Long{Text: "𪚥、𮯠"}}}}
	return all
}

// tool runs a program over a file and gives what it says; a program that fails fails the test.
func tool(t *testing.T, name string, args ...string) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s (make tools installs it): %v\n%s", name, err, out)
	}
	return string(out)
}

// TestArchival holds every sample to what PDF/A-2u asks, as four readers of other makers see it.
func TestArchival(t *testing.T) {
	for name, doc := range archived() {
		t.Run(name, func(t *testing.T) {
			data := render(t, doc)
			file := filepath.Join(t.TempDir(), "paper.pdf")
			if err := os.WriteFile(file, data, 0o600); err != nil {
				t.Fatal(err)
			}
			if said := tool(t, "qpdf", "--check", file); strings.Contains(said, "WARNING") {
				t.Errorf("qpdf: %s", said)
			}
			lines := strings.Split(strings.TrimSpace(tool(t, "pdffonts", file)), "\n")
			if len(lines) != 3 || !regexp.MustCompile(`CID TrueType +Identity-H +yes yes yes`).MatchString(lines[2]) {
				t.Errorf("pdffonts: there must be one font, embedded, cut and mapped:\n%s", strings.Join(lines, "\n"))
			}
			info := tool(t, "pdfinfo", "-rawdates", file)
			for _, want := range []string{"Title: +" + regexp.QuoteMeta(doc.Title), "Author: +" + doc.Author, "Subject: +" + doc.Number, "Metadata Stream: yes", "PDF version: +1.7", "Encrypted: +no", "JavaScript: +no", "Form: +none"} {
				if strings.HasSuffix(want, "+") {
					continue
				}
				if !regexp.MustCompile(`(?m)^` + want).MatchString(info) {
					t.Errorf("pdfinfo doesn't say %q:\n%s", want, info)
				}
			}
			same(t, doc, tool(t, "pdfinfo", "-meta", file), info)
			root := tool(t, "mutool", "show", file, "trailer/Root")
			intent := tool(t, "mutool", "show", file, "trailer/Root/OutputIntents/1")
			for want, said := range map[string]string{"/Lang (zh-CN)": root, "/DisplayDocTitle true": root, "/S /GTS_PDFA1": intent, "/DestOutputProfile": intent} {
				if !strings.Contains(said, want) {
					t.Errorf("mutool finds no %s in %s", want, said)
				}
			}
			for _, never := range []string{"/JavaScript", "/Launch", "/EmbeddedFiles", "/AA ", "/LZWDecode", "/Helvetica", "/SMask", "/Encrypt"} {
				if strings.Contains(string(data), never) {
					t.Errorf("the file has %s, which an archive refuses", never)
				}
			}
			text := solid(tool(t, "mutool", "draw", "-q", "-F", "txt", file))
			for i, page := range read(t, data).pages() {
				for _, r := range page {
					if !strings.ContainsRune(text, r) {
						t.Errorf("mutool doesn't read %c of page %d", r, i+1)
					}
				}
			}
		})
	}
}

// same compares the metadata with the properties: an archive trusts the first, a reader shows the second.
func same(t *testing.T, doc Document, meta, info string) {
	t.Helper()
	var packet struct {
		About []struct {
			Part        int    `xml:"http://www.aiim.org/pdfa/ns/id/ part"`
			Conformance string `xml:"http://www.aiim.org/pdfa/ns/id/ conformance"`
			Title       string `xml:"title>Alt>li"`
			Creator     string `xml:"creator>Seq>li"`
			Description string `xml:"description>Alt>li"`
			Language    string `xml:"language>Bag>li"`
			Created     string `xml:"http://ns.adobe.com/xap/1.0/ CreateDate"`
			Producer    string `xml:"http://ns.adobe.com/pdf/1.3/ Producer"`
		} `xml:"RDF>Description"`
	}
	if err := xml.Unmarshal([]byte(meta), &packet); err != nil || len(packet.About) != 1 {
		t.Fatalf("the metadata can't be read (%v):\n%s", err, meta)
	}
	x := packet.About[0]
	if x.Part != 2 || x.Conformance != "U" || x.Title != doc.Title || x.Creator != doc.Author || x.Description != doc.Number || x.Language != "zh-CN" || x.Producer != producer {
		t.Errorf("the metadata says %+v of %q", x, doc.Title)
	}
	at, err := time.Parse(time.RFC3339, x.Created)
	if err != nil || !doc.Made.IsZero() && !at.Equal(doc.Made) || !strings.Contains(info, "D:"+at.Format("20060102150405-07'00'")) {
		t.Errorf("made at %s, the metadata says %s (%v), the properties\n%s", doc.Made, x.Created, err, info)
	}
}

// TestColours holds the profile to its own lengths; its colours were compared with another maker's sRGB.
func TestColours(t *testing.T) {
	data := (paper{t: t, objects: map[int][]byte{1: colours()[:len(colours())-len("\nendstream")]}}).stream(1)
	long := func(at int) int {
		return int(data[at])<<24 | int(data[at+1])<<16 | int(data[at+2])<<8 | int(data[at+3])
	}
	if long(0) != len(data) || string(data[36:40]) != "acsp" || string(data[12:24]) != "mntrRGB XYZ " {
		t.Fatalf("the profile's head is % x of %d bytes", data[:40], len(data))
	}
	for i := range long(128) {
		at := 132 + 12*i
		if from, size := long(at+4), long(at+8); from%4 != 0 || from < 132+12*long(128) || from+size > len(data) {
			t.Errorf("tag %s lies at %d, %d long, in %d bytes", data[at:at+4], from, size, len(data))
		}
	}
}
