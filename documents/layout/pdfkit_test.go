//go:build pdfkit

package layout

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"dossier/documents/fonts"
)

// TestBesidePdfkit draws a notice and a record of 60 pages by turns with us and with pdfkit, from the same text in the same
// font, and writes the table of docs/performance.md. `make bench-paper` builds and runs it, with pdfkit in the folder
// that PDFKIT names.
func TestBesidePdfkit(t *testing.T) {
	dir := os.Getenv("PDFKIT")
	if dir == "" {
		t.Fatal("PDFKIT names no folder: run make bench-paper")
	}
	const block = 0x4e00
	font, err := fonts.WebFont(block)
	if err != nil {
		t.Fatal(err)
	}
	var said []rune // what the font has, so that both find each character
	for r := rune(block); r < block+fonts.WebBlock; r++ {
		said = append(said, r)
	}
	text := strings.Repeat(string(said), 2)[:3*400] // a paragraph of 400
	script, err := os.ReadFile("testdata/pdfkit.js")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "draw.js"), script, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "font.ttf"), font, 0o644); err != nil {
		t.Fatal(err)
	}
	table := "| what | ours, ms | pdfkit, ms | ratio |\n|---|---|---|---|\n"
	for _, tt := range []struct {
		name       string
		paragraphs int
	}{{"a notice", 1}, {"60 pages", 88}} {
		var blocks []Block
		var all []string
		for range tt.paragraphs {
			blocks, all = append(blocks, Paragraph{Text: text, Flush: true}), append(all, text)
		}
		doc := Document{Title: "书", Page: Prose{Blocks: blocks}}
		given, err := json.Marshal(all)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "text.json"), given, 0o644); err != nil {
			t.Fatal(err)
		}
		ours, theirs := time.Duration(1<<62), time.Duration(1<<62)
		for range 5 { // by turns; of each the best of ten
			for range 10 {
				from := time.Now()
				if _, err := Render(doc); err != nil {
					t.Fatal(err)
				}
				ours = min(ours, time.Since(from))
			}
			told, err := exec.CommandContext(t.Context(), "node", filepath.Join(dir, "draw.js")).Output()
			if err != nil {
				t.Fatal(err)
			}
			var ms float64
			if _, err := fmt.Sscan(string(told), &ms); err != nil {
				t.Fatal(err)
			}
			theirs = min(theirs, time.Duration(ms*float64(time.Millisecond)))
		}
		table += fmt.Sprintf("| %s | %.2f | %.2f | %.2f |\n", tt.name, ours.Seconds()*1000, theirs.Seconds()*1000, ours.Seconds()/theirs.Seconds())
	}
	t.Log("\n" + table)
	page, err := os.ReadFile(os.Getenv("TABLE"))
	if err != nil {
		t.Fatal(err)
	}
	before, rest, begun := strings.Cut(string(page), "<!-- paper -->\n")
	_, after, ended := strings.Cut(rest, "<!-- paper end -->\n")
	if !begun || !ended {
		t.Fatal("the page has no place for the table")
	}
	out := before + "<!-- paper -->\n" + time.Now().Format("2006-01-02") + "\n\n" + table + "<!-- paper end -->\n" + after
	if err := os.WriteFile(os.Getenv("TABLE"), []byte(out), 0o644); err != nil {
		t.Fatal(err)
	}
}
