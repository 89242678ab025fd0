package page

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"dossier/engine/text"
	"dossier/seeds/fixture"
)

// latin are the words that stay Latin on Chinese pages: kinds of files and protocols.
var latin = regexp.MustCompile(`\b(PDF|JSON|YAML|API|HTTPS?|Excel|UTF|TrueType|PostScript)\b|\.[a-z]+|https?://\S+|[a-z.]+@\S+|[A-Z]+_[A-Z_]+`)

// technical are messages that name a file, a folder, a command or a program by its own name.
var technical = []string{"api.unauthorized", "calendar.format.lead", "fault.damaged", "fault.font", "field.folder", "field.host", "field.parameter", "field.period", "field.url", "font.file", "penalty.q.hint", "procedures.reload.hint", "second.take",
	"statistics.damaged"}

// shapes are numbers as papers print them, whatever the language.
var shapes = []string{"field.number-shape", "import.file", "setting.hint.number"}

// scripted are messages whose places the page's own script fills.
var scripted = []string{"phone.unsent", "phone.photos"}

// TestEveryMessageIsWhole walks every message of both catalogues with all its arguments: nothing stays open, no key stands for
// its words, and a page speaks one language.
func TestEveryMessageIsWhole(t *testing.T) {
	han, english := regexp.MustCompile(`\p{Han}`), regexp.MustCompile(`[A-Za-z]{3,}`)
	quoted := regexp.MustCompile("`[^`]*`|“[^”]*”|<[^>]*>")
	keys := text.Keys(text.ZH)
	for key := range catalogues[text.ZH] {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	for _, lang := range []text.Lang{text.ZH, text.EN} {
		w := Words{Language: lang}
		for _, key := range keys {
			places := text.Arguments(lang, key)
			if s, ours := catalogues[lang][key]; ours {
				places = nil
				for _, p := range placeholder.FindAllString(s, -1) {
					places = append(places, strings.Trim(p, "{}"))
				}
			}
			var args []any
			for _, p := range places {
				args = append(args, p, "§"+strconv.Itoa(slices.Index(places, p))+"§")
			}
			said := w.T(key, args...)
			for i := range places {
				if first := slices.Index(places, places[i]); !strings.Contains(said, "§"+strconv.Itoa(first)+"§") {
					t.Errorf("%s %s: nothing stands for {%s}: %s", lang, key, places[i], said)
				}
			}
			rest := regexp.MustCompile(`§\d+§`).ReplaceAllString(said, "")
			bare := quoted.ReplaceAllString(rest, "")
			switch {
			case said == key && strings.ContainsAny(key, ".-"):
				t.Errorf("%s %s: the key stands for its words", lang, key)
			case strings.ContainsAny(bare, "{}") && !slices.Contains(shapes, key):
				t.Errorf("%s %s: something stays open: %s", lang, key, said)
			case lang == text.EN && han.MatchString(bare) && !slices.Contains(shapes, key):
				t.Errorf("%s %s: Chinese in English: %s", lang, key, said)
			case lang == text.ZH && english.MatchString(latin.ReplaceAllString(bare, "")) && !slices.Contains(technical, key) && !strings.HasPrefix(key, "setting.hint."):
				t.Errorf("%s %s: English in Chinese: %s", lang, key, said)
			}
		}
	}
}

// TestEveryCallFillsItsMessage reads the pages' code and templates: whoever says a message by its whole key gives each argument
// that it takes.
func TestEveryCallFillsItsMessage(t *testing.T) {
	n := 0
	holds := func(where, key string, given []string) {
		words, ours := catalogues[text.ZH][key]
		if !ours || slices.Contains(scripted, key) {
			return // the engine's messages have tests of their own
		}
		n++
		for _, p := range placeholder.FindAllString(words, -1) {
			if name := strings.Trim(p, "{}"); !slices.Contains(given, name) {
				t.Errorf("%s says %s without {%s}", where, key, name)
			}
		}
	}
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		files := token.NewFileSet()
		f, err := parser.ParseFile(files, path, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(f, func(x ast.Node) bool {
			call, is := x.(*ast.CallExpr)
			if !is || len(call.Args) == 0 || call.Ellipsis.IsValid() {
				return true
			}
			sel, is := call.Fun.(*ast.SelectorExpr)
			if !is || sel.Sel.Name != "T" && sel.Sel.Name != "Say" {
				return true
			}
			key, is := fixture.Literal(call.Args[0])
			if !is {
				return true
			}
			var given []string
			for i := 1; i < len(call.Args); i += 2 {
				name, is := fixture.Literal(call.Args[i])
				if !is {
					return true
				}
				given = append(given, name)
			}
			holds(files.Position(call.Pos()).String(), key, given)
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	said, pair := regexp.MustCompile(`\bT "([a-z.-]+)"((?: "[a-z-]+" (?:\([^()]*(?:\([^()]*\)[^()]*)*\)|[^ }()]+))*)`), regexp.MustCompile(` "([a-z-]+)" `)
	names, err := fs.Glob(os.DirFS("templates"), "*.html")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		data, err := os.ReadFile(filepath.Join("templates", name))
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range said.FindAllStringSubmatch(string(data), -1) {
			var given []string
			for _, p := range pair.FindAllStringSubmatch(m[2], -1) {
				given = append(given, p[1])
			}
			holds(name, m[1], given)
		}
	}
	if n < 500 {
		t.Errorf("only %d messages are said", n)
	}
}
