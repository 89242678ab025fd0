package house_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"dossier/engine/text"
)

// Where a file's faults are told: the argument from which on a call takes words.
var tellers = map[string]int{"Say": 0, "Words": 0, "Fault": 1, "FaultAt": 1, "fault": 1, "refuse": 1, "unknown": 1, "named": 1, "word": 1, "bind": 2, "bindKnown": 2,
	"only": 3, "reach": 3, "flag": 2, "wrong": 0}

// TestFaultsSpeakChinese holds what loaders say of a file's faults to the catalogue: each form has its Chinese one with the same
// places, none is put together by hand, and nothing in the catalogue is told by nobody.
func TestFaultsSpeakChinese(t *testing.T) {
	data, err := os.ReadFile("engine/text/faults.txt")
	if err != nil {
		t.Fatal(err)
	}
	told, written := map[string]bool{}, map[string]bool{}
	for day := range time.Saturday + 1 {
		written[day.String()] = true
	}
	files := token.NewFileSet()
	for _, src := range sources(t) {
		name := src.file
		if !slices.ContainsFunc([]string{"engine/strictyaml/", "engine/calendar/", "engine/procedure/guards.go", "engine/procedure/check/", "engine/grammar/", "workflows/", "documents/", "seeds/", "web/bureaus/"},
			func(at string) bool { return strings.HasPrefix(name, at) }) || strings.HasPrefix(name, "documents/sheet/") {
			continue
		}
		f, err := parser.ParseFile(files, name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		tell := func(e ast.Expr) {
			switch e := e.(type) {
			case *ast.BinaryExpr:
				if e.Op != token.ADD {
					return
				}
				t.Errorf("%s: words put together by hand: use text.Say", files.Position(e.Pos()))
			case *ast.BasicLit:
				if form, err := strconv.Unquote(e.Value); err == nil && form != "" {
					told[form] = true
				}
			}
		}
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.BasicLit:
				if s, err := strconv.Unquote(n.Value); err == nil {
					written[s] = true
				}
			case *ast.CallExpr:
				name := ""
				switch f := n.Fun.(type) {
				case *ast.Ident:
					name = f.Name
				case *ast.SelectorExpr:
					name = f.Sel.Name
				}
				from, ok := tellers[name]
				if !ok {
					return true
				}
				if name == "Say" {
					tell(n.Args[0])
					return true
				}
				for i, a := range n.Args {
					if i >= from && len(n.Args) > 1 {
						tell(a)
					}
				}
			case *ast.KeyValueExpr:
				if k, ok := n.Key.(*ast.Ident); ok && (k.Name == "Message" || k.Name == "Hint") {
					tell(n.Value)
				}
			}
			return true
		})
	}
	for form := range told {
		if text.Words(form).In(text.ZH) == form {
			t.Errorf("engine/text/faults.txt has no %q", form)
		}
	}
	for line := range strings.Lines(string(data)) {
		if form := strings.TrimSuffix(line, "\n"); form != "" && !strings.HasPrefix(form, "  ") && !written[form] {
			t.Errorf("engine/text/faults.txt: nobody tells %q", form)
		}
	}
}
