package layout

import (
	"bytes"
	"os/exec"
	"strings"
	"testing"

	"dossier/documents/fonts"
)

// TestEveryNamePrints prints each ideograph of GB 18030-2022 level 3 once and reads the papers as another program does.
func TestEveryNamePrints(t *testing.T) {
	var part []rune
	check := func() {
		if len(part) == 0 {
			return
		}
		file := render(t, Document{Title: string(part[0]), Page: Prose{Blocks: []Block{Paragraph{Text: string(part), Flush: true}}}})
		cmd := exec.Command("pdftotext", "-enc", "UTF-8", "-", "-")
		cmd.Stdin = bytes.NewReader(file)
		out, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		found := map[rune]int{}
		for _, r := range string(out) {
			found[r]++
		}
		for _, r := range part {
			if found[r] == 0 {
				t.Errorf("%c (U+%04X) is not found on its paper", r, r)
			}
		}
		part = part[:0]
	}
	for r := range fonts.Ideographs() {
		if part = append(part, r); len(part) == 30_000 {
			check()
		}
	}
	check()
}

// TestRareNamesEverywhere has names of rare characters in each kind of place, and finds them as they were written.
func TestRareNamesEverywhere(t *testing.T) {
	const name = "𠮷𪚥𫖯𫞩𬀩𮯠"
	for _, page := range []Page{
		Form{Title: name, Rows: []Row{Fields{Items: []Field{{Label: "姓名", Value: name}}}, Opinion{Signers: []string{name}, Day: "2026年1月1日"}}},
		Prose{Titles: []string{name}, Addressee: name + "：", Blocks: []Block{Subhead{Text: name, Level: 1}, Table{Columns: []Column{{Title: name}}, Rows: [][]string{{name}}}}},
		Record{Title: name, Lines: []Line{{Speaker: "问", Text: name}}, Signs: []string{name}},
	} {
		text := strings.Join(read(t, render(t, Document{Title: name, Page: page})).pages(), "")
		if n := strings.Count(text, name); n < 2 {
			t.Errorf("%T: found %d times in %q", page, n, text)
		}
	}
}
