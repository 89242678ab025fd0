package main

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"dossier/seeds"
)

func registered(t *testing.T, args ...string) string {
	t.Helper()
	var out bytes.Buffer
	if err := Register(args, &out); err != nil {
		t.Fatalf("%v: %v", args, err)
	}
	return out.String()
}

// Every paragraph of part four is carried by a procedure or has its reason why not, and every citation leads somewhere.
func TestTheListIsCarried(t *testing.T) {
	r := seeds.Register()
	tr, err := traced()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range r.Unknown(tr) {
		t.Errorf("%s is cited by %s and leads nowhere: mend the citation, or put the article's text into seeds/statutes/", c, tr.Of(c)[0].ID)
	}
	bare, stale := r.Gaps(tr)
	for _, id := range bare {
		t.Errorf("nothing carries %s: cite it where it is carried, or give the reason in seeds/list/silences.yaml", id)
	}
	for _, s := range stale {
		t.Errorf("%s is carried by now, or does not exist: take its reason %q out of seeds/list/silences.yaml", s.ID, s.Why)
	}
	for _, l := range []struct{ name, action string }{{"department", string(r.Routing.Department.Action)}, {"section", string(r.Routing.Section.Action)}} {
		letter := r.Routing.Department
		if l.name == "section" {
			letter = r.Routing.Section
		}
		found := false
		lib, err := brought()
		if err != nil {
			t.Fatal(err)
		}
		for _, ed := range lib.editions {
			if ed.Def.ID != letter.Workflow {
				continue
			}
			for _, s := range ed.Def.Main.States {
				if a := s.Action(letter.Action); a != nil {
					for _, p := range a.Form.Values() {
						form := ed.Forms[p.Form]
						found = form.Field(letter.To) != nil && form.Field(letter.Basis) != nil
					}
				}
			}
		}
		if !found {
			t.Errorf("the letter to a %s names an action or fields that %s doesn't have: %+v", l.name, letter.Workflow, letter)
		}
	}
}

// The document is what the command writes; it is made again after each change of the list or of a procedure.
func TestTraceabilityIsUpToDate(t *testing.T) {
	doc, err := os.ReadFile("../../docs/traceability.md")
	if err != nil {
		t.Fatal(err)
	}
	if registered(t, "--trace") != string(doc) {
		t.Error("docs/traceability.md is older than the procedures or the list: make it again with `go run ./cmd/dossier register --trace > docs/traceability.md`")
	}
	for _, part := range []string{"> 二、查处流程", "审批：批准立案", "《中华人民共和国行政处罚法》第六十四条", "不要求做什么：只写监管的对象", "未见条文原文"} {
		if !strings.Contains(string(doc), part) {
			t.Errorf("the document lacks %q", part)
		}
	}
}

func TestRegisterCommand(t *testing.T) {
	whole := registered(t)
	for _, part := range []string{"县人力资源和社会保障局责任清单\n\n一、部门职责\n一1\t", "一9(2)\t制定全县劳动保障监察员管理培训制度并组织实施；依法负责其他人力资源和社会保障的监督检查。［劳动监察大队］",
		"二2(2)\t残联：", "四(四)二(一)6\t7、服务场所"} {
		if !strings.Contains(whole, part) {
			t.Errorf("the list lacks %q", part)
		}
	}
	var list struct {
		Parts []struct {
			ID         string
			Duties     []struct{ Items []struct{ Sections []string } }
			Paragraphs []struct{ ID, Text string }
		}
	}
	if err := json.Unmarshal([]byte(registered(t, "--json")), &list); err != nil {
		t.Fatal(err)
	}
	if len(list.Parts) != 4 || len(list.Parts[0].Duties) != 15 || list.Parts[0].Duties[2].Items[8].Sections[1] != "工考办" || list.Parts[3].Paragraphs[0].ID != "四(一)" {
		t.Errorf("%d parts", len(list.Parts))
	}
	var found struct{ Found []struct{ ID, Text string } }
	if err := json.Unmarshal([]byte(registered(t, "--find", "童工", "--section", "劳动股", "--json")), &found); err != nil {
		t.Fatal(err)
	}
	if len(found.Found) != 1 || found.Found[0].ID != "一10(3)" {
		t.Errorf("found %+v", found.Found)
	}
	if got := registered(t, "--find", "没有的词", "--json"); strings.TrimSpace(got) != "{\n  \"found\": []\n}" {
		t.Errorf("nothing is %q", got)
	}
	if got := registered(t, "--at", "四（九）二（二）"); !strings.Contains(got, "60个工作日") || !strings.Contains(got, "劳动保障监察案件\t审批：批准延长") {
		t.Errorf("the place is %s", got)
	}
	var place struct {
		By      []struct{ Kind, Workflow, ID string }
		Silence struct {
			Why     string
			Pending bool
		}
	}
	if err := json.Unmarshal([]byte(registered(t, "--at", "四(一)一", "--json")), &place); err != nil || len(place.By) != 0 || place.Silence.Why == "" || place.Silence.Pending {
		t.Errorf("the place is %+v, %v", place, err)
	}
	if got := registered(t, "--route", "残疾人要参加创业培训"); !strings.HasPrefix(got, "残联\t责任清单二2（2）\t") || !strings.Contains(got, "依据：《残疾人就业条例》") {
		t.Errorf("the route is %s", got)
	}
}

func TestRegisterRefuses(t *testing.T) {
	for _, x := range []struct {
		args []string
		want string
	}{
		{[]string{"童工"}, "写 --find 童工"},
		{[]string{"--find", "a", "--at", "四"}, "只能问一个问题"},
		{[]string{"--at", "五(一)"}, "清单里没有这一处"},
		{[]string{"--section", "监察科"}, "清单里没有这个部门: --section 监察科: 写秘书股"},
		{[]string{"--find"}, "选项后面没有值"},
	} {
		err := Register(x.args, &bytes.Buffer{})
		if err == nil || !strings.Contains(err.Error(), x.want) {
			t.Errorf("%v: %v, want %q", x.args, err, x.want)
		}
	}
}
