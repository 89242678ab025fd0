package layout

import (
	"os"
	"testing"
)

func TestLook(t *testing.T) {
	for name, doc := range map[string]Document{"LJ04": filing(), "LJ13": extension(), "LJ19": notice(), "LJ08": inquiry(), "deadline": deadline()} {
		b, err := Render(doc)
		if err != nil {
			t.Fatal(name, err)
		}
		t.Log(name, len(b))
		os.WriteFile("/tmp/f/out/"+name+".pdf", b, 0o644)
	}
}
