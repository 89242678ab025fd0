package main

import (
	"context"
	"go/ast"
	"go/parser"
	gotoken "go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"dossier/engine/text"
	"dossier/seeds/fixture"
)

// within tells the messages that stand inside another.
func within(key string) bool {
	return strings.HasPrefix(key, "cause.") || key == "may" || key == "meant"
}

// TestCatalogue: every message of the command line is Chinese, as "what: where: what to do", and is said with all its arguments.
func TestCatalogue(t *testing.T) {
	if _, err := text.Read(wordsFile); err != nil {
		t.Fatal(err)
	}
	han, place := regexp.MustCompile(`\p{Han}`), regexp.MustCompile(`\{([a-z]+)\}`)
	for key, message := range catalogue {
		pieces := strings.Split(message, ": ")
		if !within(key) && (len(pieces) != 3 || pieces[0] == "" || pieces[2] == "") {
			t.Errorf("%s is not “what: where: what to do”: %s", key, message)
		}
		if key != "of-another" && !han.MatchString(message) {
			t.Errorf("%s is not Chinese: %s", key, message)
		}
	}
	used := map[string]bool{}
	for _, of := range []string{"cause.", "store."} { // said by a code
		for key := range catalogue {
			used[key] = used[key] || strings.HasPrefix(key, of)
		}
	}
	for name, file := range sources(t) {
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			fun, _ := call.Fun.(*ast.Ident)
			at, ok := map[string]int{"said": 0, "unreadable": 0, "failing": 1, "invalid": 2}[called(fun)]
			if !ok || call.Ellipsis.IsValid() {
				return true
			}
			key, ok := fixture.Literal(call.Args[at])
			if !ok {
				return true
			}
			used[key] = true
			given := []string{}
			for i := at + 1; i < len(call.Args); i += 2 {
				arg, _ := fixture.Literal(call.Args[i])
				given = append(given, arg)
			}
			takes := []string{}
			for _, m := range place.FindAllStringSubmatch(catalogue[key], -1) {
				takes = append(takes, m[1])
			}
			slices.Sort(given)
			slices.Sort(takes)
			if catalogue[key] == "" || !slices.Equal(given, slices.Compact(takes)) {
				t.Errorf("%s: %s takes %v, and is given %v", name, key, takes, given)
			}
			return true
		})
	}
	for key := range catalogue {
		if !used[key] {
			t.Errorf("nothing says %s", key)
		}
	}
}

// TestNoSentenceOfItsOwn: no command makes an error of an English sentence beside the catalogue.
func TestNoSentenceOfItsOwn(t *testing.T) {
	sentence := regexp.MustCompile(`[A-Za-z']+ [a-z']+ [a-z']+`)
	for name, file := range sources(t) {
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncDecl: // that ends a command without being told
				return n.Recv == nil || n.Name.Name != "Error"
			case *ast.CallExpr:
				if sel, ok := n.Fun.(*ast.SelectorExpr); ok && slices.Contains([]string{"Debug", "Info", "Warn", "Error"}, sel.Sel.Name) {
					return true // the log is for programs too: its messages are its keys
				}
				for _, arg := range n.Args {
					if s, ok := fixture.Literal(arg); ok && sentence.MatchString(s) {
						t.Errorf("%s says %q", name, s)
					}
				}
			}
			return true
		})
	}
}

// TestOperatorReadsChinese: what people get wrong most is answered in Chinese, with what to do.
func TestOperatorReadsChinese(t *testing.T) {
	empty, strange := t.TempDir(), t.TempDir()
	if err := os.WriteFile(filepath.Join(strange, "notes"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	words := regexp.MustCompile(`[A-Za-z']+ [a-z']+ [a-z']+`)
	ours := regexp.MustCompile(`dossier [a-z-]+( [a-z-]+)?|--[a-z-]+( [a-z0-9-]+)?`)
	for _, line := range []string{
		"serv", "deadline --fro 2026-01-01", "deadline", "deadline --from 2026-13-01 --for 60", "deadline --from 2026-01-05 --for sixty", "verify --data", "verify --json=1",
		"deadline --from 2026-01-05 --from 2026-01-06 --for x", "backup --data " + empty, "verify --data " + empty, "verify --data " + strange, "verify --store http://x", "verify --data a --store bolt:b",
		"restore /no/such.tar --data " + empty, "restore " + empty + " --data " + strange, "calendar", "calendar list next", "calendar check /no/such.json", "workflow", "workflow check", "workflow check /no/such.yaml", "workflow show none",
		"workflow schema none", "penalty", "penalty reg/30", "penalty none --tier 一般", "register --at none", "register --section none", "user", "user none", "token", "token none", "user list --data /no/such",
		"import cases", "import cases /no/such.xlsx --data /no/such", "export", "print 1", "bind 1", "serve --log-level none", "serve --log none", "serve --demo --listen 0.0.0.0:1",
		"completion none", "migrate-store", "play", "play /no/such.yaml", "play ..", "play none.yaml --data " + strange, "serve --data /proc/none", "serve --demo --data /proc/none", "statistics --from x --data " + empty, "draw", "demo --cases x", "check",
	} {
		code, out, said := dossier(t, strings.Fields(line)...)
		if code == 0 {
			if !slices.Contains([]string{"workflow", "play", "completion none"}, line) {
				t.Errorf("dossier %s goes: %s", line, out)
			}
			continue
		}
		first, _, _ := strings.Cut(said, "\n")
		bare := ours.ReplaceAllString(strings.TrimPrefix(first, "dossier: "), "")
		if !strings.HasPrefix(first, "dossier: ") || strings.Count(first, ": ") < 3 || words.MatchString(bare) || !regexp.MustCompile(`\p{Han}`).MatchString(first) || strings.ContainsAny(bare, "{}") {
			t.Errorf("dossier %s: %s", line, said)
		}
	}
}

// sources are the files of this package without its tests, by name.
func sources(t *testing.T) map[string]*ast.File {
	t.Helper()
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]*ast.File{}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		if out[name], err = parser.ParseFile(gotoken.NewFileSet(), name, nil, 0); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

func called(x *ast.Ident) string {
	if x == nil {
		return ""
	}
	return x.Name
}

// TestStopped: who stops a command is told what becomes of it, not what the system calls that.
func TestStopped(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	stop()
	p := newProgram(ctx)
	if code := p.run([]string{"demo", "--cases", "100", "--data", demoFolder(t)}); code != 1 || !strings.Contains(p.stderr.String(), "已经停下") || !strings.Contains(p.stderr.String(), "接着办") {
		t.Errorf("%d %s", code, p.stderr.String())
	}
}
