package house_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/tools/go/packages"
)

// The program can be made for each platform of the Makefile: with the files that are chosen for it, without C, every name and
// type is there. What is then left to go wrong is the linker's; make static asks it too.
func TestPlatforms(t *testing.T) {
	makefile, err := os.ReadFile("Makefile")
	if err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile(`(?m)^PLATFORMS = (.*)$`).FindStringSubmatch(string(makefile))
	if m == nil {
		t.Fatal("the Makefile names no platforms")
	}
	for _, p := range strings.Fields(m[1]) {
		system, machine, _ := strings.Cut(p, "/")
		loaded, err := packages.Load(&packages.Config{
			Mode: packages.NeedName | packages.NeedImports | packages.NeedDeps | packages.NeedSyntax | packages.NeedTypes | packages.NeedFiles | packages.NeedCompiledGoFiles,
			Env:  append(os.Environ(), "CGO_ENABLED=0", "GOOS="+system, "GOARCH="+machine),
		}, "./cmd/dossier")
		if err != nil {
			t.Fatal(err)
		}
		packages.Visit(loaded, nil, func(pkg *packages.Package) {
			for _, e := range pkg.Errors {
				t.Errorf("%s: %v", p, e)
			}
		})
	}
}
