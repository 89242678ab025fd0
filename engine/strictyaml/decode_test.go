package strictyaml

import (
	"encoding/json"
	"strings"
	"testing"

	"dossier/engine/text"
)

type animal struct {
	Name  string   `yaml:",key"`
	Legs  int      `yaml:"legs,required"`
	Tame  bool     `yaml:"tame"`
	Eats  []string `yaml:"eats"`
	Voice voice    `yaml:",inline"`
	Size  int      `yaml:"from to,by-hand"`
}

type voice struct {
	Sound string `yaml:"sound"`
}

type farm struct {
	Animals []animal               `yaml:"animals,required,keyed"`
	Prices  map[string]int         `yaml:"prices"`
	Barn    *voice                 `yaml:"barn"`
	Hill    struct{ Side []voice } `yaml:"hill,into=Side"`
}

// reads a farm, whose animals are as large as from and to are apart.
func readFarm(text string) (farm, error) {
	root, err := Parse("farm.yaml", []byte(text))
	if err != nil {
		return farm{}, err
	}
	d := NewDecoder("farm.yaml")
	After(d, func(n *Node, a *animal) { a.Size = d.Int(n.Get("to")) - d.Int(n.Get("from")) })
	After(d, func(_ *Node, v *voice) { v.Sound = strings.ToLower(v.Sound) })
	var f farm
	d.Into(root, &f)
	return f, d.Err()
}

func TestDecoder(t *testing.T) {
	f, err := readFarm("animals:\n  hen: {legs: 2, eats: corn, sound: CLUCK, from: 3, to: 5}\n  cow: {legs: 4, tame: true, eats: [grass, hay]}\nprices: {hen: 12}\nbarn: {sound: Creak}\nhill: [{sound: Wind}]\n")
	if err != nil {
		t.Fatal(err)
	}
	got, _ := json.Marshal(f)
	want := `{"Animals":[{"Name":"hen","Legs":2,"Tame":false,"Eats":["corn"],"Voice":{"Sound":"cluck"},"Size":2},` +
		`{"Name":"cow","Legs":4,"Tame":true,"Eats":["grass","hay"],"Voice":{"Sound":""},"Size":0}],"Prices":{"hen":12},"Barn":{"Sound":"creak"},"Hill":{"Side":[{"Sound":"wind"}]}}`
	if string(got) != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestDecoderTellsEveryFault(t *testing.T) {
	_, err := readFarm("animals:\n  hen: {eats: {corn: 1}, sond: cluck}\n  cow: four\nprices: [12]\nhill: {sound: Wind}\n")
	want := []string{`2:8: animals.hen: key "legs" is missing`, `2:15: animals.hen.eats: a list is wanted, a map stands here`,
		`2:26: animals.hen.sond: no key "sond" here (did you mean "sound"? allowed: legs, tame, eats, sound, from, to)`,
		`3:8: animals.cow: a map is wanted, a text stands here`, `4:9: prices: a map is wanted, a list stands here`, `5:7: hill: a list is wanted, a map stands here`}
	faults, _ := err.(text.Faults)
	if len(faults) != len(want) {
		t.Fatalf("%d faults, not %d:\n%v", len(faults), len(want), err)
	}
	for i, w := range want {
		if !strings.Contains(faults[i].Error(), w) {
			t.Errorf("got  %v\nwant %s", faults[i], w)
		}
	}
}

// Present leaves what is not written as it is.
func TestPresent(t *testing.T) {
	root, err := Parse("hen.yaml", []byte("{legs: 3, other: 1}"))
	if err != nil {
		t.Fatal(err)
	}
	d, hen := NewDecoder("hen.yaml"), animal{Legs: 2, Tame: true, Voice: voice{"cluck"}}
	d.Present(root, &hen)
	if hen.Legs != 3 || !hen.Tame || hen.Voice.Sound != "cluck" || d.Err() != nil {
		t.Errorf("%+v %v", hen, d.Err())
	}
}

func TestSchemaOfATree(t *testing.T) {
	var s map[string]any
	if err := json.Unmarshal(Schema[farm](NewDecoder(""), "a farm"), &s); err != nil {
		t.Fatal(err)
	}
	if s["title"] != "a farm" || s["additionalProperties"] != false || len(s["properties"].(map[string]any)) != 4 {
		t.Errorf("%v", s)
	}
	hen := s["$defs"].(map[string]any)["animal"].(map[string]any)
	if p := hen["properties"].(map[string]any); len(p) != 6 || p["sound"] == nil || p["from"] == nil {
		t.Errorf("an animal has %v", p)
	}
}
