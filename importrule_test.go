// Package house_test holds the program to its floors: who may import whom, and why.
package house_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "dossier"

// room is a package: its floor, the rooms below that it may import, and why no others.
type room struct {
	name    string
	floor   int
	imports []string
	why     string
}

// The rooms of the engine in which a case is told, decided and kept; what stands above them may import any of them.
var (
	words  = []string{"engine/calendar", "engine/text", "engine/typed", "engine/penalty", "engine/procedure", "engine/charges", "engine/refusal", "engine/office", "engine/casefile"}
	core   = with(words, "engine/sight", "engine/ledger", "engine/rules", "engine/lacks", "engine/filling", "engine/decide", "engine/paper", "engine/listing")
	kernel = with(core, "engine")
)

// rooms stand from the bottom to the top: a room imports only rooms that stand before it.
var rooms = []room{
	{"engine/text", 1, nil, "words know nothing of cases"},
	{"engine/calendar", 1, []string{"engine/text"}, "days and working days know nothing of cases"},
	{"engine/search", 1, nil, "the keys of a name know nothing of cases"},
	{"engine/draw", 1, []string{"engine/calendar"}, "a random selection is arithmetic over its sheet: another program must be able to repeat it"},
	{"engine/secret", 1, nil, "passwords and tokens know nothing of cases; randomness and time are given"},
	{"engine/canonical", 1, nil, "how JSON is written knows nothing of what it says"},
	{"engine/heap", 1, nil, "how far memory may grow knows nothing of what is in it"},
	{"engine/tick", 1, nil, "when something is done knows nothing of what"},
	{"engine/typed", 1, []string{"engine/calendar"}, "what a sum, a day or a code looks like is the same in every case and at every door"},
	{"engine/strictyaml", 1, []string{"engine/text"}, "a reader of YAML knows nothing of what is written in it"},
	{"engine/penalty", 1, []string{"engine/calendar", "engine/text"}, "ranges and exact money know nothing of cases; their working is told in the catalogues' words"},

	{"engine/procedure", 2, []string{"engine/calendar", "engine/canonical", "engine/text", "engine/typed"}, "the words of a procedure know no case"},
	{"engine/charges", 2, []string{"engine/calendar", "engine/penalty", "engine/procedure", "engine/text"}, "rows of violations, what they add up to and how standards judge them, know no case"},
	{"engine/procedure/check", 2, []string{"engine/calendar", "engine/procedure", "engine/text", "engine/typed"}, "what is wrong with a procedure is seen without a case"},
	{"engine/procedure/diagram", 2, []string{"engine/procedure"}, "a drawing shows a procedure, never a case"},
	{"engine/grammar", 2, []string{"engine/calendar", "engine/procedure", "engine/procedure/check", "engine/strictyaml", "engine/text"}, "the words that procedures and forms share, between the engine and both"},
	{"engine/refusal", 2, []string{"engine/procedure", "engine/text"}, "why not, in words; it knows no case"},
	{"engine/office", 2, []string{"engine/calendar", "engine/penalty", "engine/procedure", "engine/text"}, "people, posts and settings by the day know no case"},
	{"engine/casefile", 2, []string{"engine/calendar", "engine/office", "engine/procedure"}, "what happened and the sum of it; it judges nothing"},
	{"engine/sight", 2, []string{"engine/calendar", "engine/casefile", "engine/office", "engine/procedure", "engine/refusal"}, "who may see a case, whatever may be done in it"},
	{"engine/ledger", 2, []string{"engine/canonical", "engine/casefile", "engine/office"}, "rows, chains and the store's interface; it knows no procedure"},
	{"engine/rules", 2, words, "what holds in a case on a day: it reads and changes nothing, and asks no store"},
	{"engine/filling", 2, with(words, "engine/rules", "engine/sight"), "what was typed into a form is read; who may take the action, and on what conditions, is not its business"},
	{"engine/lacks", 2, with(words, "engine/rules"), "what a file owes and lacks, asked of a view as a guard is; it changes nothing"},
	{"engine/decide", 2, with(words, "engine/filling", "engine/rules", "engine/lacks", "engine/secret"), "a command becomes events: pure, so no store, paper or index is its business"},
	{"engine/paper", 2, with(words, "engine/rules"), "what stands on a sheet, without an engine"},
	{"engine/listing", 2, with(words, "engine/ledger", "engine/rules", "engine/decide", "engine/search"), "the rows and keys of one case, without a store"},
	{"engine", 2, with(core, "engine/canonical"), "one pass: read, decide, draw, seal, commit; Store and Renderer are handed over by cmd; what people look at or keep is not its business"},
	{"engine/specimen", 2, with(kernel, "engine/search"), "samples and contact sheets"},
	{"engine/change", 2, kernel, "what the office changes under open cases"},
	{"engine/desk", 2, with(kernel, "engine/change", "engine/search", "engine/secret"), "what people look at and type; it commits nothing of a case"},
	{"engine/takeover", 2, with(kernel, "engine/change", "engine/desk"), "cases begun on paper"},
	{"engine/handover", 2, with(kernel, "engine/change", "engine/desk"), "cases that go to others"},
	{"engine/access", 2, with(kernel, "engine/change", "engine/desk", "engine/penalty", "engine/secret"), "people, settings, sign-in and tokens; it knows no case but by the kernel"},
	{"engine/verify", 2, with(kernel, "engine/access"), "the proof reads everything and changes nothing"},
	{"engine/lay", 2, with(kernel, "engine/secret"), "a large office to measure, laid down from a small one"},

	{"documents/fonts", 3, nil, "glyphs know nothing of forms"},
	{"documents/fonts/pack", 3, []string{"documents/fonts"}, "a tool that packs the fonts"},
	{"documents/layout", 3, []string{"documents/fonts"}, "paper knows nothing of cases: what stands on it is handed over as data"},
	{"documents", 3, []string{"documents/fonts", "documents/layout", "engine/calendar", "engine/grammar", "engine/paper", "engine/procedure", "engine/procedure/check",
		"engine/refusal", "engine/strictyaml", "engine/text"}, "it reads forms and draws sheets; it never asks a store or a procedure"},
	{"documents/bind", 3, with(kernel, "documents/fonts", "documents/layout", "engine/desk", "engine/strictyaml"),
		"it binds what the engine has issued; it asks the engine as a person does, and never a store"},
	{"documents/papers", 3, []string{"documents", "documents/layout", "engine/calendar", "engine/paper", "engine/procedure", "engine/rules", "engine/specimen", "engine/strictyaml"},
		"a tool that draws the contact sheet"},
	{"documents/sheet", 3, with(kernel, "engine/draw", "engine/takeover"), "spreadsheets in and out, of engine values"},
	{"store/rows", 3, []string{"engine/casefile", "engine/ledger"}, "how what a store holds is written as keys and values: one text for all of them"},
	{"store/group", 3, []string{"engine/casefile", "engine/ledger", "store/rows"}, "what every store does around its own writing: validity, and commits that share one"},
	{"store/bolt", 3, []string{"engine/casefile", "engine/ledger", "store/group", "store/rows"}, "a store keeps bytes and knows nothing of what they mean"},
	{"store/postgres", 3, []string{"engine/casefile", "engine/ledger", "engine/refusal", "store/group", "store/rows"}, "a store keeps bytes and knows nothing of what they mean"},
	{"store/storetest/pgserver", 3, nil, "a PostgreSQL server of a test's own; imported by tests only"},
	{"store/storetest", 3, []string{"engine/casefile", "engine/ledger"}, "the suite that holds every store to one text; imported by tests only"},
	{"engine/health", 3, []string{"engine", "engine/ledger", "engine/text"}, "what is wrong now, told to it and asked of it: it judges no case and sends nothing"},
	{"engine/registry", 3, with(kernel, "engine/change", "engine/desk", "engine/search"), "who is supervised, over engine values and records"},
	{"engine/plan", 3, with(kernel, "engine/change", "engine/desk", "engine/draw", "engine/registry"), "quotas and selection over engine values"},
	{"engine/review", 3, []string{"engine/calendar", "engine/casefile", "engine/charges", "engine/lacks", "engine/procedure", "engine/rules"}, "questions asked of a case as it stands; the rules are handed over"},
	{"engine/register", 3, with(kernel, "engine/penalty", "engine/search"), "the list and what carries it, turned round from engine values; its data is handed over"},
	{"engine/statistics", 3, with(kernel, "engine/change"), "figures over the rows that commits left; what they mean is handed over"},
	{"engine/selfcheck", 3, with(kernel, "engine/desk", "engine/review", "engine/statistics"), "what the rules found, kept until the file moves; it judges nothing itself"},
	{"seeds", 3, []string{"engine/calendar", "engine/office", "engine/penalty", "engine/plan", "engine/procedure", "engine/register", "engine/review", "engine/statistics", "engine/strictyaml", "engine/text"}, "data that an office starts with, read into engine values"},
	{"workflows", 3, []string{"engine/calendar", "engine/grammar", "engine/procedure", "engine/procedure/check", "engine/strictyaml", "engine/text", "seeds"},
		"it reads procedures by the posts that the program brings; forms are handed to it, so it never asks documents"},
	{"engine/alert", 3, with(kernel, "engine/change", "engine/desk"), "it reads what the engine left for it and sends"},

	{"store", 4, []string{"engine/casefile", "engine/ledger", "store/bolt", "store/postgres", "store/rows"}, "it only chooses the store that a URL names, and moves one into another"},
	{"seeds/scenario", 4, with(kernel, "engine/alert", "engine/change", "engine/desk", "engine/registry", "engine/specimen", "engine/strictyaml"),
		"it plays through the engine as people do, so it can make nothing impossible"},
	{"seeds/fixture", 4, with(kernel, "documents", "engine/registry", "seeds", "store/bolt", "workflows"), "an office for tests; imported by tests only"},
	{"seeds/demo", 4, with(kernel, "engine/change", "engine/draw", "engine/plan", "engine/registry", "engine/strictyaml", "seeds", "seeds/scenario"), "the demo county is scenarios, and whom it supervises; nothing else"},
	{"web/measure", 4, []string{"engine/health"}, "it counts in the program's own words: nothing of a case or a person is a label"},
	{"web/page", 4, with(kernel, "engine/access", "engine/alert", "engine/desk", "engine/health", "engine/plan", "engine/register", "engine/registry", "engine/review", "engine/selfcheck", "engine/statistics", "web/measure"), "what every page is made from: who asks, words, fields, rows and errors; no page is its business"},
	{"web/cases", 4, with(kernel, "engine/alert", "engine/change", "engine/desk", "engine/plan", "engine/registry", "engine/review", "engine/secret", "engine/selfcheck", "engine/verify", "web/page"), "one case as people read it; it changes none"},
	{"web/acting", 4, with(kernel, "documents/sheet", "engine/desk", "engine/register", "engine/secret", "engine/statistics", "engine/takeover", "web/cases", "web/page"), "forms that become one command each; what an action means is the engine's"},
	{"web/supervise", 4, with(kernel, "documents/sheet", "engine/desk", "engine/draw", "engine/plan", "engine/registry", "engine/secret", "web/cases", "web/page"), "whom the office supervises and how often, as pages"},
	{"web/figures", 4, with(kernel, "documents/sheet", "engine/alert", "engine/desk", "engine/plan", "engine/review", "engine/selfcheck", "engine/statistics", "web/cases", "web/page"), "what is counted and listed, as pages and sheets"},
	{"web/city", 4, with(kernel, "engine/statistics", "web/figures", "web/page"), "other bureaus, read as any program reads them: never their stores"},
	{"web/norms", 4, with(kernel, "engine/change", "engine/desk", "engine/register", "engine/search", "engine/statistics", "web/page"), "the list, the statutes and the standards, as pages; a case is looked at where it rests on them"},
	{"web/admin", 4, with(kernel, "engine/access", "engine/alert", "engine/change", "engine/desk", "engine/handover", "engine/health", "engine/procedure/diagram", "engine/secret", "web/cases", "web/page"), "what an office sets up: people, settings, calendar, procedures"},
	{"web/desks", 4, with(kernel, "engine/alert", "engine/desk", "engine/handover", "engine/plan", "engine/secret", "engine/statistics", "web/acting", "web/cases", "web/figures", "web/page", "web/supervise"), "what waits for whom"},
	{"web/api", 4, with(kernel, "engine/access", "engine/alert", "engine/desk", "engine/plan", "engine/procedure/diagram", "engine/register", "engine/registry", "engine/takeover", "web/cases", "web/desks", "web/figures", "web/norms", "web/page", "web/supervise"), "programs ask what people ask, by the same rooms"},
	{"web/bureaus", 4, []string{"engine/alert", "engine/strictyaml", "engine/text", "web/measure", "web/page"}, "whose host name a request bears; what a bureau is it doesn't know"},
	{"web", 4, with(kernel, "engine/access", "engine/health", "web/acting", "web/admin", "web/api", "web/cases", "web/city", "web/desks", "web/figures", "web/measure", "web/norms", "web/page", "web/supervise"), "every address, what it asks of whoever comes, and who comes: it decodes a request into one engine verb; never a store, paper or YAML"},

	{"cmd/dossier", 5, with(kernel, "engine/health", "web/measure", "documents", "documents/bind", "documents/sheet", "engine/access", "engine/alert", "engine/change", "engine/desk", "engine/handover",
		"engine/draw", "engine/heap", "engine/lay", "engine/penalty", "engine/plan", "engine/procedure/diagram", "engine/register", "engine/registry", "engine/secret", "engine/statistics", "engine/strictyaml", "engine/takeover", "engine/tick", "engine/verify", "seeds", "seeds/demo", "seeds/scenario", "store",
		"web", "web/bureaus", "web/figures", "web/page", "workflows"), "it wires the others together; paper and bytes stay behind documents and store"},
}

func with(rooms []string, more ...string) []string { return slices.Concat(rooms, more) }

// libraries are the third-party modules, each with the one room that imports it, and those within it. Tests and golang.org/x are aside.
var libraries = map[string]string{
	"github.com/gin-gonic/gin":            "web",
	"github.com/goccy/go-yaml":            "engine/strictyaml",
	"github.com/jackc/pgx":                "store/postgres",
	"github.com/jung-kurt/gofpdf":         "documents/layout",
	"github.com/looplab/fsm":              "engine/decide",
	"github.com/mozillazg/go-pinyin":      "engine/search",
	"github.com/pdfcpu/pdfcpu":            "documents/bind",
	"github.com/pquerna/otp":              "engine/secret",
	"github.com/robfig/cron":              "engine/tick",
	"github.com/trustelem/zxcvbn":         "engine/secret",
	"github.com/wneessen/go-mail":         "engine/alert",
	"github.com/xuri/excelize":            "documents/sheet",
	"github.com/prometheus/client_golang": "web/measure",
	"go.etcd.io/bbolt":                    "store/bolt",
	"github.com/klauspost/compress":       "store/bolt",
	"rsc.io/qr":                           "documents/layout",
}

// source is one Go file that is no test.
type source struct {
	file string
	room string
	tree *ast.File
}

// sources are the program's Go files, tests aside.
func sources(t *testing.T) []source {
	t.Helper()
	var all []source
	err := filepath.WalkDir(".", func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := d.Name()
		switch {
		case d.IsDir() && file != "." && (strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_") || name == "testdata"):
			return filepath.SkipDir
		case d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go"):
			return nil
		}
		tree, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		all = append(all, source{filepath.ToSlash(file), path.Dir(filepath.ToSlash(file)), tree})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func find(name string) (room, int) {
	i := slices.IndexFunc(rooms, func(r room) bool { return r.name == name })
	if i < 0 {
		return room{}, i
	}
	return rooms[i], i
}

// broken are the rules that an import breaks, with the reason; "" when it breaks none.
func broken(from, imported string) string {
	r, at := find(from)
	if at < 0 {
		return "has no floor: give it a place in the table of importrule_test.go"
	}
	if to, own := strings.CutPrefix(imported, module+"/"); own {
		if slices.Contains(r.imports, to) {
			return ""
		}
		return fmt.Sprintf("imports %s: room %s on floor %d may import only %s, because %s", to, from, r.floor, list(r.imports), r.why)
	}
	host, _, _ := strings.Cut(imported, "/")
	if !strings.Contains(host, ".") || host == "golang.org" {
		return "" // the standard library, and golang.org/x
	}
	for lib, owner := range libraries {
		if imported == lib || strings.HasPrefix(imported, lib+"/") {
			if from == owner || strings.HasPrefix(from, owner+"/") {
				return ""
			}
			return fmt.Sprintf("imports %s: each library is imported by one room and what stands within it, this one by %s", lib, owner)
		}
	}
	return fmt.Sprintf("imports %s, a library that belongs to no room: give it one in importrule_test.go", imported)
}

func list(names []string) string {
	if len(names) == 0 {
		return "the standard library"
	}
	return strings.Join(names, ", ")
}

func TestImports(t *testing.T) {
	for _, s := range sources(t) {
		for _, i := range s.tree.Imports {
			imported, err := strconv.Unquote(i.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			if why := broken(s.room, imported); why != "" {
				t.Errorf("%s %s", s.file, why)
			}
		}
	}
}

// The table itself: a room may import only rooms that stand below it, and a floor is never above the next.
func TestFloors(t *testing.T) {
	for i, r := range rooms {
		if r.why == "" {
			t.Errorf("%s has no reason", r.name)
		}
		if i > 0 && r.floor < rooms[i-1].floor {
			t.Errorf("%s is on floor %d and stands after one on floor %d", r.name, r.floor, rooms[i-1].floor)
		}
		for _, name := range r.imports {
			if _, at := find(name); at < 0 || at >= i {
				t.Errorf("%s may import %s, which doesn't stand below it", r.name, name)
			}
		}
	}
}

// What must be refused is refused.
func TestBroken(t *testing.T) {
	for _, test := range []struct {
		from, imported string
		want           string // part of the reason; "" for none
	}{
		{"web", "dossier/engine", ""},
		{"web", "net/http", ""},
		{"engine/secret", "golang.org/x/crypto/argon2", ""},
		{"store/bolt", "go.etcd.io/bbolt/errors", ""},
		{"web", "dossier/store/bolt", "never a store"},
		{"engine", "dossier/documents", "handed over by cmd"},
		{"engine/calendar", "dossier/engine", "know nothing of cases"},
		{"workflows", "dossier/documents", "forms are handed to it"},
		{"web", "github.com/jung-kurt/gofpdf", "by documents/layout"},
		{"engine", "github.com/goccy/go-yaml/parser", "by engine/strictyaml"},
		{"web", "github.com/somebody/something", "belongs to no room"},
		{"attic", "fmt", "has no floor"},
	} {
		why := broken(test.from, test.imported)
		if test.want == "" && why != "" || !strings.Contains(why, test.want) {
			t.Errorf("%s → %s: %q, want %q", test.from, test.imported, why, test.want)
		}
	}
}

// Time is a value: only cmd reads the wall clock.
func TestWallClock(t *testing.T) {
	read := []string{"Now", "Since", "Until", "After", "Tick", "NewTimer", "NewTicker", "AfterFunc"}
	for _, s := range sources(t) {
		if s.room == "cmd/dossier" {
			continue
		}
		ast.Inspect(s.tree, func(n ast.Node) bool {
			x, ok := n.(*ast.SelectorExpr)
			if !ok || !slices.Contains(read, x.Sel.Name) {
				return true
			}
			if p, ok := x.X.(*ast.Ident); ok && p.Name == "time" {
				t.Errorf("%s reads the wall clock (time.%s): only cmd does; take the time as a value", s.file, x.Sel.Name)
			}
			return true
		})
	}
}
