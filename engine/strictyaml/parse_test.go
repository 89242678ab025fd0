package strictyaml

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"dossier/engine/text"
)

// show writes a node so that a test can compare it: texts in Go quotes when
// they were quoted, bare otherwise, ~ for nothing.
func show(n *Node) string {
	switch n.Kind {
	case Null:
		return "~" + n.Text
	case Scalar:
		if n.Quoted {
			return strconv.Quote(n.Text)
		}
		return n.Text
	case List:
		var parts []string
		for _, item := range n.Items {
			parts = append(parts, show(item))
		}
		return "[" + strings.Join(parts, " ") + "]"
	default:
		var parts []string
		for _, k := range n.Keys {
			parts = append(parts, k.Name+":"+show(k.Value))
		}
		return "{" + strings.Join(parts, " ") + "}"
	}
}

func TestParse(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"scalars keep their text", "a: 18.10\nb: yes\nc: 0o17\nd: 1_000\ne: .inf\nf: 2026-01-05\ng: on\nh: 007\ni: +5\n", "{a:18.10 b:yes c:0o17 d:1_000 e:.inf f:2026-01-05 g:on h:007 i:+5}"},
		{"nulls", "a: ~\nb:\nc: null\nd: {e: , f: }\n", "{a:~~ b:~ c:~null d:{e:~ f:~}}"},
		{"quotes", "a: 'it''s'\nb: \"x\\ty\"\nc: \"18.10\"\nd: ''\n", `{a:"it's" b:"x\ty" c:"18.10" d:""}`},
		{"blocks", "a: |\n  一行\n  两行\nb: >-\n  fold\n  ed\nc: z\n", `{a:"一行\n两行\n" b:"fold ed" c:z}`},
		{"a plain text over lines", "why: the office\n  decides\n", "{why:the office decides}"},
		{"lists", "a: [丙, \"丁\", 'x']\nb:\n- c\n- - d\n  - e\n", `{a:[丙 "丁" "x"] b:[c [d e]]}`},
		{"citations", "- {do: x, law: [list/四(九)二(一)1, reg/17]}\n", "[{do:x law:[list/四(九)二(一)1 reg/17]}]"},
		{"choice", "to:\n  - {when: {is: {notice-covers: LJ19}}, state: decision}\n  - {else: none}\n", "{to:[{when:{is:{notice-covers:LJ19}} state:decision} {else:none}]}"},
		{"keys of every form", "1: a\n1.0: b\ntrue: c\n\"null\": d\nLJ13D.days: e\n中文: f\n", "{1:a 1.0:b true:c null:d LJ13D.days:e 中文:f}"},
		{"comments", "# head\na: x # y\nb: x#y\n# foot\n", "{a:x b:x#y}"},
		{"supplementary plane", "𬭚: 𠮷x\n", "{𬭚:𠮷x}"},
		{"windows line ends", "a: 1\r\nb:\r\n  - c\r\n", "{a:1 b:[c]}"},
		{"byte order mark", "\uFEFFa: 1\n", "{a:1}"},
		{"document marks", "---\na: 1\n...\n", "{a:1}"},
		{"empty", "", "~"},
		{"only a comment", "# nothing\n", "~"},
		{"a scalar alone", "word\n", "word"},
		{"an empty map and list", "a: {}\nb: []\n", "{a:{} b:[]}"},
		{"flow over lines", "a: [1,\n  2]\nb: {c: 1,\n  d: 2}\n", "{a:[1 2] b:{c:1 d:2}}"},
	} {
		t.Run(c.name, func(t *testing.T) {
			n, err := Parse("f", []byte(c.in))
			if err != nil {
				t.Fatal(err)
			}
			if got := show(n); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestPositions(t *testing.T) {
	in := `title: {zh: 案件, en: Case}
walk:
  - state: one
    actions:
      - do: x
        to: two
      - {do: y, 去: "three", law: [reg/17, ours]}
text: |
  long
empty:
folded: first
  second
list:
  -
  - a plain
    text
`
	root, err := Parse("f", []byte(in))
	if err != nil {
		t.Fatal(err)
	}
	r := NewReader("f")
	r.Keys(root, "title", "walk", "text", "empty", "folded", "list")
	for _, c := range []struct {
		path      string
		line, col int
	}{
		{"", 1, 1},
		{"title", 1, 8},
		{"title.zh", 1, 13},
		{"title.en", 1, 21},
		{"walk", 3, 3},
		{"walk[0]", 3, 5},
		{"walk[0].state", 3, 12},
		{"walk[0].actions", 5, 7},
		{"walk[0].actions[0].to", 6, 13},
		{"walk[0].actions[1]", 7, 9},
		{"walk[0].actions[1].去", 7, 20},
		{"walk[0].actions[1].law[1]", 7, 43},
		{"text", 8, 7},
		{"empty", 10, 7},
		{"folded", 11, 9},
		{"list[0]", 14, 4},
		{"list[1]", 15, 5},
		{"walk[0].actions[1].law[7]", 7, 34},
		{"walk[0].actions[1].guards[0].at-least", 7, 9},
		{"walk[9].state", 3, 3},
		{"absent.path", 1, 1},
	} {
		if line, col := r.At(c.path); line != c.line || col != c.col {
			t.Errorf("At(%q) = %d:%d, want %d:%d", c.path, line, col, c.line, c.col)
		}
	}
	if err := r.Err(); err != nil {
		t.Error(err)
	}
	if k := root.Get("walk").Items[0].Keys[1]; k.Name != "actions" || k.Line != 4 || k.Col != 5 {
		t.Errorf("key actions at %d:%d", k.Line, k.Col)
	}
	if root.Get("nothing").Get("deeper") != nil {
		t.Error("Get of a nil node is not nil")
	}
}

func TestRefused(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"anchor and alias", "a: &x 1\nb: *x\n", "f:1:4: an anchor|f:2:4: an alias"},
		{"tag", "c: !!str d\n", "f:1:4: a tag"},
		{"merge key", "a: 1\n<<: {b: c}\n", "f:2:1: a merge key"},
		{"directive", "%YAML 1.2\n---\na: 1\n", "f:1:1: a directive"},
		{"second document", "a: 1\n---\nb: 2\n", "f:2:1: a second document"},
		{"duplicate keys, both told", "a: 1\na: 2\nb: {x: 1, x: 2}\n", "f:2:1: a: key \"a\" is written twice (it stands in line 1|f:3:11: b.x: key \"x\" is written twice"},
		{"duplicate by another spelling", "a: 1\n\"a\": 2\n", "f:2:1: a: key \"a\" is written twice"},
		{"tab to indent", "a:\n\tb: 1\n", "f:2:1: a tab"},
		{"tab inside", "a: b\tc\n", "f:1:5: a tab"},
		{"control character", "a: b\x00\n", "f:1:5: control character U+0000"},
		{"lone carriage return", "a: b\rc: d\n", "f:1:5: control character U+000D"},
		{"not UTF-8", "a: 1\nb: \xd6\xd0\n", "f:2:4: byte 0xD6 is not UTF-8"},
		{"too deep in flow", "a: " + strings.Repeat("[", 65) + strings.Repeat("]", 65) + "\n", "f:1:67: more than 64"},
		{"too deep in blocks", strings.Repeat("- ", 65) + "x\n", "f:1:129: more than 64"},
		{"far too deep", strings.Repeat("[", 90_000), "f:1:65: more than 64"},
		{"too big", strings.Repeat("#", 4<<20+1), "f:1:1: the file has 4194305 bytes"},
		{"too many words", strings.Repeat("- a\n", 50_001), "f:1:1: the file has more than 100000 words and marks"},
		{"colon in a text", "why: so: so\n", "f:1:6: a second colon makes this a key (a text that contains"},
		{"bracket not closed", "a: [1\nb: 2\n", "f:2:1: a bracket is not closed, or a comma is missing (look for"},
		{"quote not closed", "a: 'x\n", "f:1:4: a quote is not closed"},
		{"reserved character", "a: @x\n", "f:1:4: it begins with a mark that YAML keeps for itself (a text"},
		{"list in a map", "- a\nb: 1\n", "f:2:1: this can't stand here (check the indentation"},
		{"question mark", "? a\n: b\n", "f:1:1: a question mark"},
		{"null as a key", "~: a\n", "f:1:1: ~: \"~\" can't be a key"},
		{"key without a value", "{a, b: c}\n", "f:1:2: a: key \"a\" has no value"},
		{"item swallowed by the text before it", "a:\n - b\n  - c\n", "a list item that is indented deeper"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Parse("f", []byte(c.in))
			var faults text.Faults
			if !errors.As(err, &faults) {
				t.Fatalf("error is %v, not Faults", err)
			}
			lines := strings.Split(err.Error(), "\n")
			wants := strings.Split(c.want, "|")
			if len(lines) != len(wants) {
				t.Fatalf("got %d faults, want %d:\n%v", len(lines), len(wants), err)
			}
			for i := range wants {
				if !strings.Contains(lines[i], wants[i]) {
					t.Errorf("got  %s\nwant %s", lines[i], wants[i])
				}
			}
		})
	}
	if _, err := Parse("f", []byte(strings.Repeat("[", 64)+strings.Repeat("]", 64))); err != nil {
		t.Errorf("64 deep is refused: %v", err)
	}
}

// A tree made at random, written down and read again, is the same tree, and
// every plain text is where its position says.
func TestRoundTrip(t *testing.T) {
	for seed := range uint64(400) {
		rnd := rand.New(rand.NewPCG(seed, 7))
		var b strings.Builder
		want := writeNode(&b, rnd, 0, 4)
		root, err := Parse("f", []byte(b.String()))
		if err != nil {
			t.Fatalf("seed %d: %v\n%s", seed, err, b.String())
		}
		if got := show(root); got != want {
			t.Fatalf("seed %d\ngot  %s\nwant %s\n%s", seed, got, want, b.String())
		}
		lines := strings.Split(b.String(), "\n")
		walk(root, func(n *Node) {
			if n.Kind == Scalar && !n.Quoted && !strings.HasPrefix(string([]rune(lines[n.Line-1])[n.Col-1:]), n.Text) {
				t.Fatalf("seed %d: %q is not at %d:%d\n%s", seed, n.Text, n.Line, n.Col, b.String())
			}
		})
	}
}

func walk(n *Node, f func(*Node)) {
	f(n)
	for _, i := range n.Items {
		walk(i, f)
	}
	for _, k := range n.Keys {
		walk(k.Value, f)
	}
}

// writeNode writes a random block node at an indent and tells what show must answer.
func writeNode(b *strings.Builder, rnd *rand.Rand, indent, depth int) string {
	pad := strings.Repeat(" ", indent)
	var parts []string
	n := 1 + rnd.IntN(4)
	isMap := rnd.IntN(2) == 0
	for i := range n {
		head := pad + "-"
		if isMap {
			key := []string{"do", "键", "𠮷", "LJ04.x", "17"}[i] + strconv.Itoa(i)
			head = pad + key + ":"
			parts = append(parts, key+":")
		} else {
			parts = append(parts, "")
		}
		b.WriteString(head)
		if depth > 0 && rnd.IntN(3) == 0 {
			b.WriteString("\n")
			parts[i] += writeNode(b, rnd, indent+2, depth-1)
			continue
		}
		text, shown := writeInline(rnd, depth)
		b.WriteString(" " + text + "\n")
		parts[i] += shown
	}
	if isMap {
		return "{" + strings.Join(parts, " ") + "}"
	}
	return "[" + strings.Join(parts, " ") + "]"
}

func writeInline(rnd *rand.Rand, depth int) (text, shown string) {
	words := []string{"18.10", "yes", "list/四(九)二(一)1", "工作日", "𬭚", "60 workdays", "true", "-3", "a#b"}
	switch k := rnd.IntN(6); {
	case k == 0 && depth > 0:
		a, sa := writeInline(rnd, depth-1)
		c, sc := writeInline(rnd, depth-1)
		return "[" + a + ", " + c + "]", "[" + sa + " " + sc + "]"
	case k == 1 && depth > 0:
		a, sa := writeInline(rnd, depth-1)
		return "{x: " + a + ", 二: y}", "{x:" + sa + " 二:y}"
	case k == 2:
		w := words[rnd.IntN(len(words))] + ": #, \\ \" \n"
		return strconv.Quote(w), strconv.Quote(w)
	case k == 3:
		return "~", "~~"
	default:
		w := words[rnd.IntN(len(words))]
		return w, w
	}
}

// A file as large as is allowed is read in reasonable time whatever stands in it.
func TestLargeFiles(t *testing.T) {
	for name, unit := range map[string]string{"comments": "# x\n", "items": "- {a: b, c: [d, e]}\n", "brackets": "[]", "quotes": `"`, "lines": "word\n", "colons": "a: "} {
		data := []byte(strings.Repeat(unit, 100_000/len(unit)))
		start := time.Now()
		_, err := Parse("f", data)
		if d := time.Since(start); d > 10*time.Second {
			t.Errorf("%s: 100 kB took %v (%v)", name, d, err != nil)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"a: 1\n", "- a\n- {b: c}\n", "a: |\n  x\n", "a: &x 1", "? a\n: b", "a: [1, 2", "a:\n\tb", "'", "\"\\u", "{a: {b: [c]}}", "a: b\n  c\n", "...\n---", "%x", "a: >+\n\n\n", "!!a b", "- - - a\n    - b", "\xff"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		root, err := Parse("f", data)
		plain := strings.ReplaceAll(strings.TrimPrefix(string(data), "\uFEFF"), "\r\n", "\n")
		lines := strings.Split(plain, "\n")
		in := func(line, col int) error {
			if line < 1 || line > len(lines) || col < 1 || col > utf8.RuneCountInString(lines[line-1])+1 {
				return fmt.Errorf("%d:%d is outside of %q", line, col, data)
			}
			return nil
		}
		var faults text.Faults
		if err != nil {
			if !errors.As(err, &faults) || len(faults) == 0 {
				t.Fatalf("error %v is not Faults", err)
			}
			for _, fault := range faults {
				if err := in(fault.Line, fault.Col); err != nil {
					t.Fatal(fault, err)
				}
			}
			return
		}
		walk(root, func(n *Node) {
			if err := in(n.Line, n.Col); err != nil {
				t.Fatal(n.Path, err)
			}
			for _, k := range n.Keys {
				if err := in(k.Line, k.Col); err != nil {
					t.Fatal(k.Name, err)
				}
			}
		})
	})
}

// What Write prints reads as the same values.
func FuzzWrite(f *testing.F) {
	for _, s := range []string{"a: b", "a: [x, {b: 'none'}, \"#\"]\nc:\n  - d: 1\n    e: [f, g]\n  - - h\n    - i\n", "|\n  one\n  two\n", "a: ~\nb: []\nc: {}", "x: 甲：乙, 丙"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		n, err := Parse("a.yaml", []byte(text))
		if err != nil {
			return
		}
		out := Write(n)
		again, err := Parse("b.yaml", out)
		if err != nil {
			t.Fatalf("%q is written as %q: %v", text, out, err)
		}
		if a, b := values(n), values(again); a != b {
			t.Errorf("%q is written as %q:\n%s\n%s", text, out, a, b)
		}
	})
}

// values tells a node's values without their places.
func values(n *Node) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%v %q %v", n.Kind, n.Text, n.Kind == Scalar && n.Quoted && (n.Text == "none" || n.Text == "all"))
	if n.Kind == Null {
		return "nothing"
	}
	for _, x := range n.Items {
		b.WriteString("[" + values(x) + "]")
	}
	for _, k := range n.Keys {
		b.WriteString("{" + k.Name + ": " + values(k.Value) + "}")
	}
	return b.String()
}
