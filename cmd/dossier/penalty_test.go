package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"dossier/engine/typed"
	"dossier/seeds"
)

// penal runs dossier penalty on 18 March 2026; words are apart by spaces.
func penal(words string) (string, error) {
	var out bytes.Buffer
	err := Penalty(strings.Fields(words), &out, today, seeds.Standards())
	return out.String(), err
}

func TestPenaltyJSON(t *testing.T) {
	for _, x := range []struct {
		words, low, high string
		lawful           bool
		why              string
	}{
		{"reg/30 --tier 一般", "7400.00", "14600.00", true, "《劳动保障监察条例》第三十条第一款"},
		{"reg/30 --tier usual --amount 8000", "7400.00", "14600.00", true, ""},
		{"reg/30 --tier 一般 --amount 200000", "7400.00", "14600.00", false, "高于法定上限20000元"},
		{"reg/30 --tier 从轻 --amount 1999.99", "2000.00", "7400.00", false, "低于法定下限2000元"},
		{"reg/30 --tier 不予", "0.00", "0.00", true, "第三十三条"},
		{"reg/30 --tier 不予 --ground minor-corrected", "0.00", "0.00", true, "没有造成危害后果，《中华人民共和国行政处罚法》第三十三条第一款"},
		{"reg/30 --tier 减轻", "1000.00", "1999.99", true, "第三十二条"},
		{"reg/23 --tier 从轻 --persons 3", "3000.00", "6600.00", true, ""},
		{"lcl/92.1 --tier 一般 --gains 128,400.00", "282480.00", "487920.00", true, "没收违法所得"},
		{"lcl/92.1 --tier 从重 --gains 0", "35000.00", "50000.00", true, "也可以不罚"},
		{"lcl/92.2 --tier 一般 --persons 2", "13000.00", "17000.00", true, "逾期不改正的，才能罚款"},
		{"agency/25.4 --tier 一般 --on 2015-03-02", "4400.00", "7600.00", true, "依据待核"},
		{"wage/54 --party=person --tier 从轻", "10000.00", "16000.00", true, ""},
		{"ｒｅｇ/２３ --tier 从轻 --persons ３", "3000.00", "6600.00", true, ""},
		{"lcl/92.1 --tier 一般 --gains １２８４００．００", "282480.00", "487920.00", true, ""},
		{"reg/30 --tier 一般 --amount ￥８，０００", "7400.00", "14600.00", true, ""},
		{"sil/86.1 --tier 一般 --gains 12345.67 --on 2026-01-16", "382.71", "382.71", true, "欠缴数额"},
		{"sil/86.1 --tier 一般 --gains 12345.67 --on 2026-01-16 --until 2026-03-01 --amount 277.78", "277.77", "277.77", false, "高于法定上限277.77元"},
		{"reg/26 --tier 一般 --gains 1000", "650.00", "850.00", true, "逾期不支付的，才能责令加付"},
	} {
		out, err := penal(x.words + " --json")
		var told toldError
		if x.lawful && err != nil || !x.lawful && !errors.As(err, &told) {
			t.Errorf("%s: %v", x.words, err)
		}
		var got struct {
			Standard, Tier, Low, High, Proposed string
			Lawful                              bool
			Why, Working                        []string
		}
		if err := json.Unmarshal([]byte(out), &got); err != nil {
			t.Errorf("%s: %v in %s", x.words, err, out)
			continue
		}
		if got.Low != x.low || got.High != x.high || got.Proposed != x.low || got.Lawful != x.lawful || len(got.Working) == 0 ||
			!strings.Contains(strings.Join(got.Why, "\n"), x.why) || !strings.HasPrefix(typed.Narrow(x.words), got.Standard) {
			t.Errorf("%s: %s", x.words, out)
		}
	}
}

func TestPenaltyList(t *testing.T) {
	out, err := penal("--list --json")
	if err != nil {
		t.Fatal(err)
	}
	var list []struct {
		ID, Title, Basis, Violated, From string
		To                               *string
		Range                            struct{ Kind, Low, High string }
		Tiers, Kinds                     []string
	}
	if err := json.Unmarshal([]byte(out), &list); err != nil {
		t.Fatal(err)
	}
	ids := map[string]int{}
	for i, s := range list {
		ids[s.ID] = i
		if s.Title == "" || s.Basis == "" || s.Violated == "" || s.From == "" || s.Range.Kind == "" || s.Range.High == "" || len(s.Tiers) == 0 || len(s.Kinds) == 0 {
			t.Errorf("%+v lacks a part", s)
		}
	}
	thirty, agency := list[ids["reg/30"]], list[ids["agency/25.4"]]
	if thirty.Range.Kind != "fixed" || thirty.Range.Low != "2000.00" || thirty.Range.High != "20000.00" || thirty.To != nil ||
		!slices.Equal(thirty.Tiers, []string{"不予", "减轻", "从轻", "一般", "从重"}) || !slices.Equal(thirty.Kinds, []string{"fine"}) || !strings.Contains(thirty.Basis, "2000元以上2万元以下") {
		t.Errorf("%+v", thirty)
	}
	if agency.To == nil || *agency.To != "2018-09-30" {
		t.Errorf("%+v", agency)
	}
	if r := list[ids["lcl/92.1"]].Range; r.Kind != "multiple" || r.Low != "1" || r.High != "5" {
		t.Errorf("%+v", r)
	}
	if len(list) < 30 {
		t.Errorf("%d standards", len(list))
	}
	if out, err := penal("--list --on 2026-03-18"); err != nil || strings.Contains(out, "agency/25.4") || !strings.Contains(out, "reg/30") || !strings.Contains(out, "relieved") {
		t.Errorf("%v\n%s", err, out)
	}
}

// What can't be asked leaves with exit code 1, an error of the command line's shape, and nothing else.
func TestPenaltyRefused(t *testing.T) {
	for _, x := range []struct{ words, path, code, says string }{
		{"reg/31 --tier 一般", "standard", "standard-unknown", "是不是“reg/30”"},
		{"reg/30 --tier 特重", "tier", "tier-unknown", ""},
		{"reg/30", "tier", "required", "写 --tier"},
		{"--tier 一般", "standard", "required", ""},
		{"reg/26 --tier 减轻 --gains 100", "tier", "tier-absent", ""},
		{"reg/30 --tier 一般 --ground relieved", "tier", "tier-barred", "第三十二条"},
		{"reg/30 --tier 从轻 --ground minor-corrected", "tier", "tier-barred", "第三十三条"},
		{"reg/30 --tier 从轻 --ground relived", "grounds[0]", "ground-unknown", "是不是“relieved”"},
		{"reg/23 --tier 一般", "persons", "persons-missing", ""},
		{"reg/23 --tier 一般 --persons 0", "persons", "persons-invalid", ""},
		{"reg/23 --tier 一般 --persons -1", "persons", "persons-invalid", ""},
		{"reg/23 --tier 一般 --persons 1.5", "persons", "number", ""},
		{"sil/88 --tier 一般", "gains", "gains-missing", ""},
		{"sil/88 --tier 一般 --gains 0", "gains", "gains-missing", ""},
		{"sil/86.1 --tier 一般 --on 2026-01-16", "gains", "gains-missing", ""},
		{"sil/86.1 --tier 一般 --gains 5 --on 2026-01-16 --until 2026-01-15", "until", "days-invalid", ""},
		{"sil/86.1 --tier 一般 --gains 5 --on 2026-01-16 --until soon", "until", "date", ""},
		{"sil/88 --tier 一般 --gains -5", "gains", "money", ""},
		{"sil/88 --tier 一般 --gains 5.001", "gains", "money", "最多两位小数"},
		{"reg/30 --tier 一般 --amount -1", "amount", "money", ""},
		{"reg/30 --tier 一般 --amount 8000.005", "amount", "money", ""},
		{"reg/30 --tier 一般 --on 2001-01-01", "on", "standard-not-in-force", ""},
		{"reg/30 --tier 一般 --on 2026-02-30", "on", "date", ""},
		{"agency/25.4 --tier 一般", "on", "standard-not-in-force", "epl/65、hrm/43"},
		{"reg/30 --tier 一般 --party person", "party", "party-absent", ""},
		{"reg/30 --tier 一般 --party worker", "party", "party", ""},
		{"--list --on soon", "on", "date", ""},
	} {
		out, err := penal(x.words)
		var use *usageError
		if !errors.As(err, &use) || use.Code != "field-invalid" || use.Fields[0].Path != x.path || use.Fields[0].Code != x.code ||
			!strings.Contains(use.Message, x.says) || strings.Count(use.Message, ": ") < 2 || out != "" {
			t.Errorf("%s: %v %q", x.words, err, out)
		}
	}
	for _, words := range []string{"reg/30 reg/23 --tier 一般", "--list reg/30", "reg/30 --tier 一般 --tier 从重", "reg/30 --tier", "reg/30 --fine 5"} {
		var use *usageError
		if _, err := penal(words); !errors.As(err, &use) || use.Code != "unreadable" {
			t.Errorf("%s: %v", words, err)
		}
	}
}

// The command as it is typed: exit codes, JSON also where it is refused.
func TestPenaltyCommand(t *testing.T) {
	if out := must(t, "penalty", "reg/30", "--tier", "一般"); !strings.Contains(out, "数　额　7400.00元至14600.00元，建议7400.00元") || !strings.Contains(out, "2000 + (20000 − 2000) × 30%") {
		t.Error(out)
	}
	must(t, "penalty", "--help")
	code, out, _ := dossier(t, "penalty", "reg/30", "--tier", "一般", "--amount", "200000", "--json")
	if code != 1 || !strings.Contains(out, `"lawful":false`) || strings.Count(out, "\n") != 1 {
		t.Errorf("%d %s", code, out)
	}
	code, out, _ = dossier(t, "penalty", "reg/31", "--tier", "一般", "--json")
	if code != 1 || !strings.HasPrefix(out, `{"error":{"code":"field-invalid","fields":[{"path":"standard","code":"standard-unknown"`) {
		t.Errorf("%d %s", code, out)
	}
	if code, out, _ := dossier(t, "penalty", "reg/30", "--tier", "一般", "--amount", "200000"); code != 1 || !strings.Contains(out, "不合法") {
		t.Errorf("%d %s", code, out)
	}
}
