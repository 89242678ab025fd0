package strictyaml

import (
	"reflect"
	"strings"
	"testing"

	"dossier/engine/text"
)

func TestReader(t *testing.T) {
	root, err := Parse("p.yaml", []byte(`workflow: labour-case
titel: x
version: 3
days: 007
often: "3"
fast: true
slow: yes
line: [captain, leader]
one: captain
odd: [a, {b: c}, ~]
empty:
`))
	if err != nil {
		t.Fatal(err)
	}
	r := NewReader("p.yaml")
	if !r.Keys(root, "workflow", "title", "version", "days", "often", "fast", "slow", "line", "one", "odd", "empty") {
		t.Error("the root is a map")
	}
	if r.Keys(root.Get("line"), "x") {
		t.Error("a list is not a map")
	}
	if got := r.String(root.Get("workflow")); got != "labour-case" {
		t.Errorf("String = %q", got)
	}
	if got := r.Int(root.Get("version")); got != 3 {
		t.Errorf("Int = %d", got)
	}
	if got := [...]int{r.Int(root.Get("days")), r.Int(root.Get("often")), r.Int(nil)}; got != [...]int{0, 0, 0} {
		t.Errorf("Int of what is no number = %v", got)
	}
	if !r.Bool(root.Get("fast")) || r.Bool(root.Get("slow")) || r.Bool(nil) {
		t.Error("Bool")
	}
	if got := r.Strings(root.Get("line")); !reflect.DeepEqual(got, []string{"captain", "leader"}) {
		t.Errorf("Strings = %q", got)
	}
	if got := r.Strings(root.Get("one")); !reflect.DeepEqual(got, []string{"captain"}) {
		t.Errorf("Strings = %q", got)
	}
	if got := r.Strings(root.Get("odd")); !reflect.DeepEqual(got, []string{"a"}) {
		t.Errorf("Strings = %q", got)
	}
	r.String(root.Get("empty"))
	r.Require(root, "workflow", "source", "empty")
	r.FaultAt("line[1].deeper", `no post "laeder"`, Offer("laeder", []string{"leader", "captain"}))
	want := `p.yaml:1:1: key "source" is missing
p.yaml:2:1: titel: no key "titel" here (did you mean "title"? allowed: workflow, title, version, days, often, fast, slow, line, one, odd, empty)
p.yaml:4:7: days: a whole number is wanted, not "007"
p.yaml:5:8: often: a whole number is wanted, not "3"
p.yaml:7:7: slow: true or false is wanted, not "yes"
p.yaml:8:7: line: a map is wanted, a list stands here
p.yaml:8:17: line[1].deeper: no post "laeder" (did you mean "leader"? allowed: leader, captain)
p.yaml:10:10: odd[1]: a text is wanted, a map stands here
p.yaml:10:18: odd[2]: a text is wanted, nothing stands here
p.yaml:11:7: empty: a text is wanted, nothing stands here
p.yaml:11:7: empty: key "empty" is empty`
	if got := r.Err(); got == nil || got.Error() != want {
		t.Errorf("got\n%v\nwant\n%s", got, want)
	}
}

func TestReaderWithoutNodes(t *testing.T) {
	r := NewReader("f")
	if err := r.Err(); err != nil {
		t.Error(err)
	}
	if line, col := r.At("a.b"); line != 0 || col != 0 {
		t.Errorf("At = %d:%d", line, col)
	}
	if r.Keys(nil) || r.String(nil) != "" || r.Strings(nil) != nil || r.Err() != nil {
		t.Error("a key that is not written has a fault")
	}
	r.Fault(nil, "nothing", "")
	if got := r.Err().Error(); got != "f: nothing" {
		t.Errorf("Error = %q", got)
	}
}

func TestGuess(t *testing.T) {
	allowed := []string{"intake", "filing-review", "investigating", "to", "立案", "调查终结", "LJ04"}
	for word, want := range map[string]string{
		"intak": "intake", "fling-review": "filing-review", "investigatign": "investigating", "Intake": "intake",
		"立按": "立案", "调查结终": "调查终结", "LJ05": "LJ04", "zzz": "", "": "", "closed": "", "ot": "to", "q": "",
	} {
		if got := Guess(word, allowed); got != want {
			t.Errorf("Guess(%q) = %q, want %q", word, got, want)
		}
	}
	if got := Offer("x", nil); got != "" {
		t.Errorf("Offer without allowed words = %q", got)
	}
	many := strings.Fields(strings.Repeat("word ", 30))
	if got := Offer("qqqq", many).In(text.EN); !strings.HasSuffix(got, " and 6 more") {
		t.Errorf("Offer = %q", got)
	}
}
