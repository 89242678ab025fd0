package page

import (
	"io/fs"
	"path"
	"regexp"
	"strings"
	"testing"
)

// All pages stand in one tree: each has its content, and no block has the name of another, which it would take the place of.
func TestEveryTemplate(t *testing.T) {
	names, err := fs.Glob(templateFiles, "templates/*.html")
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	tree, where := templates(), map[string]string{}
	for _, n := range names {
		data, err := templateFiles.ReadFile(n)
		if err != nil {
			t.Fatal(err)
		}
		page := strings.TrimSuffix(path.Base(n), ".html")
		for _, m := range regexp.MustCompile(`{{-? *define "([^"]*)"`).FindAllStringSubmatch(string(data), -1) {
			block := m[1]
			if block == "content" {
				block = contentOf(page)
			}
			if other, taken := where[block]; taken {
				t.Errorf("%s and %s both define %q", other, n, block)
			}
			if where[block] = n; tree.Lookup(block) == nil {
				t.Errorf("%s: %q is not there", n, block)
			}
		}
		if strings.HasPrefix(page, "_") != (where[contentOf(page)] == "") {
			t.Errorf("%s: only a page has content, and each has", n)
		}
	}
}
