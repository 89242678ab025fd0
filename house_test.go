package house_test

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/tools/go/packages"
)

// mostLines is how long a room may be without its tests: what can be read in one sitting.
const mostLines = 3000

// longer are the rooms that are longer all the same, with the reason.
var longer = map[string]int{
	module + "/cmd/dossier":      6700, // one command a file; what each wires together is told by no other
	module + "/documents/layout": 3100, // what stands on a page, and the page in the archive's form
	module + "/engine/rules":     3260, // who may judge, what a violation costs and what a paper names came in together; what is owed moves out next
}

// mostTied is how many files of a room may need one another in a circle.
const mostTied = 8

// program is every room of the program, read once with its types.
var program = sync.OnceValues(func() ([]*packages.Package, error) {
	return packages.Load(&packages.Config{Mode: packages.NeedName | packages.NeedFiles | packages.NeedSyntax | packages.NeedTypes | packages.NeedTypesInfo | packages.NeedImports | packages.NeedDeps},
		module+"/...")
})

// A room fits a head: it isn't long, and its files don't all need one another.
func TestRoomsFitAHead(t *testing.T) {
	loaded, err := program()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range loaded {
		lines := 0
		for _, f := range p.GoFiles {
			data, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			lines += bytes.Count(data, []byte("\n"))
		}
		if most := max(mostLines, longer[p.PkgPath]); lines > most {
			t.Errorf("%s has %d lines, at most %d: what in it is another subject?", p.PkgPath, lines, most)
		}
		for _, c := range circles(needs(p)) {
			if len(c) > mostTied {
				t.Errorf("%s: %d files need one another, at most %d: %s", p.PkgPath, len(c), mostTied, strings.Join(c, " "))
			}
		}
	}
}

// storeless are the rooms that are handed an engine and, with those within them, may not reach the store through it.
var storeless = []string{"web", "documents/bind", "documents/sheet", "seeds/demo"}

// TestStoreStaysInTheEngine: who is handed an engine asks it, and never the store that it keeps.
func TestStoreStaysInTheEngine(t *testing.T) {
	loaded, err := program()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range loaded {
		if !slices.ContainsFunc(storeless, func(r string) bool {
			return p.PkgPath == module+"/"+r || strings.HasPrefix(p.PkgPath, module+"/"+r+"/")
		}) {
			continue
		}
		for x, tv := range p.TypesInfo.Types {
			if tv.Type != nil && tv.Type.String() == module+"/engine/ledger.Store" {
				t.Errorf("%s reaches the store: let the engine do what it needs", p.Fset.Position(x.Pos()))
			}
		}
	}
}

// needs gives for each file of a package the other files of it that declare what the file names.
func needs(p *packages.Package) map[string][]string {
	file := func(x interface{ Pos() token.Pos }) string { return filepath.Base(p.Fset.Position(x.Pos()).Filename) }
	edges := map[string][]string{}
	for _, f := range p.Syntax {
		from := file(f)
		edges[from] = nil
		ast.Inspect(f, func(n ast.Node) bool {
			id, ok := n.(*ast.Ident)
			if !ok {
				return true
			}
			o := p.TypesInfo.Uses[id]
			if o == nil || o.Pkg() != p.Types {
				return true
			}
			if to := file(o); to != from && !slices.Contains(edges[from], to) {
				edges[from] = append(edges[from], to)
			}
			return true
		})
	}
	return edges
}

// circles are the groups of files that reach one another, by the shortest test of it: there and back.
func circles(edges map[string][]string) [][]string {
	reach := map[string]map[string]bool{}
	for from := range edges {
		seen := map[string]bool{}
		todo := slices.Clone(edges[from])
		for len(todo) > 0 {
			at := todo[0]
			todo = todo[1:]
			if !seen[at] {
				seen[at] = true
				todo = append(todo, edges[at]...)
			}
		}
		reach[from] = seen
	}
	var out [][]string
	done := map[string]bool{}
	for _, from := range slices.Sorted(maps.Keys(edges)) {
		var c []string
		for to := range reach[from] {
			if reach[to][from] && !done[to] {
				c = append(c, to)
				done[to] = true
			}
		}
		if len(c) > 1 {
			slices.Sort(c)
			out = append(out, c)
		}
	}
	return out
}

func TestCircles(t *testing.T) {
	got := circles(map[string][]string{"a": {"b"}, "b": {"c"}, "c": {"a", "d"}, "d": {"e"}, "e": {"d"}, "f": {"a"}})
	if want := "[[a b c] [d e]]"; fmt.Sprint(got) != want {
		t.Errorf("%v, want %s", got, want)
	}
}

// table is the table of rooms as docs/architecture.md tells it.
func table() string {
	var b strings.Builder
	b.WriteString("| room | floor | why it knows no more |\n|---|---|---|\n")
	for _, r := range rooms {
		fmt.Fprintf(&b, "| `%s` | %d | %s |\n", r.name, r.floor, r.why)
	}
	return b.String()
}

// The house tells itself: the table in docs/architecture.md is the one that is held. UPDATE=1 writes it again.
func TestArchitectureTellsTheRooms(t *testing.T) {
	const file, begin, end = "docs/architecture.md", "<!-- rooms -->\n", "<!-- end -->"
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	head, rest, found := strings.Cut(string(data), begin)
	told, tail, closed := strings.Cut(rest, end)
	if !found || !closed {
		t.Fatalf("%s has no table between %q and %q", file, begin, end)
	}
	if told == table() {
		return
	}
	if os.Getenv("UPDATE") == "" {
		t.Fatalf("%s tells another table of rooms than importrule_test.go: UPDATE=1 go test . -run Architecture", file)
	}
	if err := os.WriteFile(file, []byte(head+begin+table()+end+tail), 0o644); err != nil {
		t.Fatal(err)
	}
}

// A rule for a room that doesn't exist is no rule.
func TestEveryRoomIsThere(t *testing.T) {
	for _, r := range rooms {
		if files, err := filepath.Glob(filepath.Join(filepath.FromSlash(r.name), "*.go")); err != nil || len(files) == 0 {
			t.Errorf("the table has a rule for %s, which isn't there", r.name)
		}
	}
}
