package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dossier/documents/sheet"
	"dossier/engine/draw"
)

// populationSheet is a file that lists who may be checked.
func populationSheet(t *testing.T, titles string, rows ...string) string {
	t.Helper()
	g := sheet.Grid{Name: "名单"}
	for _, title := range strings.Fields(titles) {
		g.Columns = append(g.Columns, sheet.Column{Title: title})
	}
	for _, r := range rows {
		g.Rows = append(g.Rows, strings.Split(r, " "))
	}
	data, err := sheet.Write(g)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "名单.xlsx")
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// From a list to a draw that is drawn again; what is wrong changes nothing.
func TestDraw(t *testing.T) {
	dir := peopledFolder(t)
	args := func(more ...string) []string {
		return append([]string{"draw", "training-special", "--data", dir}, more...)
	}
	good := populationSheet(t, "编号 名称 信用风险等级 本年已检查次数 标记", "xa 甲校 A 0", "xb 乙校", "xc 丙校 C 1", "xd 丁校", "xe 戊校", "xf 己校", "xg 庚校")
	gbk := filepath.Join(t.TempDir(), "名单.csv")
	if err := os.WriteFile(gbk, []byte("\xb1\xe0\xba\xc5,\xc3\xfb\xb3\xc6\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name string
		args []string
		want string
	}{
		{"nobody", args("--seed", "7"), "--as"},
		{"no plan", []string{"draw", "training-specials", "--as", "trainer", "--seed", "7", "--data", dir}, "没有这个计划: training-specials: 写training-patrol"},
		{"not whose it is", args("--as", "clerk", "--freeze", "--population", good), "not-your-gate"},
		{"an empty registry", args("--as", "trainer", "--seed", "7"), "population-empty"},
		{"no seed", args("--as", "trainer", "--population", good, "--seed", "seven"), "2026-12-01/0417"},
		{"larger than its population", args("--as", "trainer", "--population", good, "--count", "8", "--seed", "7"), "population-too-small"},
		{"no number", args("--as", "trainer", "--population", good, "--count", "none", "--seed", "7"), "--count none"},
		{"one officer", args("--as", "trainer", "--population", good, "--without", "trainer2", "--without", "trainer3", "--seed", "7"), "staff-too-few"},
		{"recused from nobody", args("--as", "trainer", "--population", good, "--recuse", "trainer2=xz", "--seed", "7"), "not-in-population"},
		{"another header", args("--as", "trainer", "--population", populationSheet(t, "号 单位", "xa 甲校"), "--seed", "7"), "没有找到列名一行"},
		{"no code's column", args("--as", "trainer", "--population", populationSheet(t, "单位编码 名称", "xa 甲校"), "--seed", "7"), "缺少这些列：编号"},
		{"merged cells", args("--as", "trainer", "--population", populationSheet(t, "编号 名称", "xa 甲校", " 乙校"), "--seed", "7"), "行3.编号"},
		{"a failed formula", args("--as", "trainer", "--population", populationSheet(t, "编号 名称", "xa #REF!"), "--seed", "7"), "公式出错"},
		{"no number of visits", args("--as", "trainer", "--population", populationSheet(t, "编号 名称 本年已检查次数", "xa 甲校 两次"), "--seed", "7"), "行2.本年已检查次数"},
		{"a code twice", args("--as", "trainer", "--population", populationSheet(t, "编号 名称", "xa 甲校", "xa 乙校"), "--seed", "7"), "population-twice"},
		{"GBK", args("--as", "trainer", "--population", gbk, "--seed", "7"), "不是 .xlsx"},
		{"an empty list", args("--as", "trainer", "--population", populationSheet(t, "编号 名称"), "--seed", "7"), "没有填写任何一行"},
		{"nothing to redraw", args("--as", "trainer", "--redraw", "停业"), "not-drawn"},
	} {
		if code, _, errs := dossier(t, test.args...); code == 0 || !strings.Contains(errs, test.want) {
			t.Errorf("%s: %d %s, want %q", test.name, code, errs, test.want)
		}
	}
	if out := must(t, args()...); !strings.Contains(out, "还没有抽取过") {
		t.Errorf("what was refused is on record:\n%s", out)
	}

	text := filepath.Join(t.TempDir(), "抽取单.txt")
	out := must(t, args("--as", "trainer", "--population", good, "--freeze", "-o", text)...)
	data, err := os.ReadFile(text)
	if err != nil || !strings.Contains(out, draw.Hash(string(data))) || !strings.Contains(out, "还没有抽取") {
		t.Errorf("frozen: %s %v", out, err)
	}
	var drawn drawnJSON
	if err := json.Unmarshal([]byte(must(t, args("--as", "trainer", "--seed", "0417", "--stated", "纪检组", "--json")...)), &drawn); err != nil {
		t.Fatal(err)
	}
	if len(drawn.Picks) != 3 || drawn.Hash != draw.Hash(string(data)) || !*drawn.Same || drawn.Population != 7 || drawn.By != "秦凤霞" || !strings.HasSuffix(drawn.Seed, "/0417") {
		t.Errorf("%+v", drawn)
	}
	seed, err := draw.ParseSeed(drawn.Seed)
	if err != nil {
		t.Fatal(err)
	}
	r, err := draw.Draw(string(data), seed)
	if err != nil {
		t.Fatal(err)
	}
	for i, p := range r.Picks {
		if p.Object != drawn.Picks[i].Object {
			t.Errorf("the published sheet draws %s, the record has %s", p.Object, drawn.Picks[i].Object)
		}
	}
	if _, _, errs := dossier(t, args("--as", "trainer", "--seed", drawn.Seed, "--population", good)...); !strings.Contains(errs, "seed-used") {
		t.Errorf("twice with one seed: %s", errs)
	}
	out = must(t, args("--as", "trainer", "--redraw", "停业", "--without", drawn.Picks[0].Object, "--seed", "0418")...)
	if !strings.Contains(out, "重抽第1次：停业") || strings.Contains(out, drawn.Picks[0].Name) || strings.Count(out, "保留") != 2 {
		t.Errorf("redrawn:\n%s", out)
	}
	if out := must(t, args()...); strings.Count(out, "结果相同") != 2 {
		t.Errorf("drawn again:\n%s", out)
	}
	must(t, "verify", "--data", dir)
}
