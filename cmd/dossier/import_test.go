package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dossier/documents/sheet"
)

// paperSheet is a file of cases begun on paper: the titles of what every case needs, and rows.
func paperSheet(t *testing.T, rows ...[]string) string {
	t.Helper()
	g := sheet.Grid{Name: "案件", Rows: rows}
	for _, title := range []string{"当事人名称", "现在的环节", "接收日", "立案日", "案号", "承办人员", "案件来源", "当事人类别", "统一社会信用代码", "地址", "法定代表人（负责人）", "联系人",
		"联系电话", "案由", "案件基本情况", "是否拖欠农民工工资", "违法行为是否仍在持续", "备注"} {
		g.Columns = append(g.Columns, sheet.Column{Title: title})
	}
	data, err := sheet.Write(g)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "补录.xlsx")
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func paperRow(party, filed, number string) []string {
	return []string{party, "调查", "2026年1月5日", filed, number, "officer、officer2", "投诉", "单位", "91130526MA0F7K2Q3W", "任县任城镇昌平大街118号", "郭新磊", "田敏", "0319-7518633",
		"拖欠农民工工资", "完工后一直没有结清工资。", "是", "是", "第3柜"}
}

func TestImportCases(t *testing.T) {
	dir := demoFolder(t)
	file := paperSheet(t, paperRow("任县甲公司", "2026-01-09", "旧立〔2026〕1号"), paperRow("任县乙公司", "2026-01-02", "旧立〔2026〕2号"), paperRow("任县丙公司", "2026/1/9", "旧立〔2026〕3号"))
	args := func(more ...string) []string {
		return append([]string{"import", "cases", file, "--as", "captain", "--data", dir}, more...)
	}
	count := func() int {
		t.Helper()
		var r reportJSON
		if err := json.Unmarshal([]byte(must(t, "verify", "--json", "--data", dir)), &r); err != nil || !r.Whole {
			t.Fatalf("%+v %v", r, err)
		}
		return int(r.Cases)
	}
	before := count()
	code, out, errs := dossier(t, args()...)
	if code != 1 || !strings.Contains(out, "行3「立案日」") || !strings.Contains(out, "早于接收日") || !strings.Contains(out, "没有读入的列：备注") || !strings.Contains(errs, "--skip-bad") {
		t.Errorf("a bad row: %d\n%s%s", code, out, errs)
	}
	code, out, _ = dossier(t, args("--json")...)
	var failed struct {
		Error struct {
			Code   string
			Fields []fieldError
		}
	}
	if err := json.Unmarshal([]byte(out), &failed); err != nil || code != 1 || failed.Error.Code != "field-invalid" || len(failed.Error.Fields) != 1 || failed.Error.Fields[0].Path != "行3.立案日" {
		t.Errorf("%d %s %v", code, out, err)
	}
	if out := must(t, args("--dry-run", "--skip-bad")...); !strings.Contains(out, "共3行，无误2行，有误1行") || !strings.Contains(out, "没有导入") {
		t.Error(out)
	}
	if n := count(); n != before {
		t.Fatalf("%d cases where nothing was to be imported", n-before)
	}
	var done importedJSON
	if err := json.Unmarshal([]byte(must(t, args("--skip-bad", "--json")...)), &done); err != nil || len(done.Imported) != 2 || done.Bad != 1 || done.Imported[0].Case == 0 {
		t.Errorf("%+v %v", done, err)
	}
	if out := must(t, args("--skip-bad")...); !strings.Contains(out, "已导入0件") || !strings.Contains(out, fmt.Sprintf("行2　任县甲公司　以前已经补录为第%d号案件", done.Imported[0].Case)) {
		t.Error(out)
	}
	if n := count(); n != before+2 {
		t.Errorf("%d cases more, want 2", n-before)
	}
}

// While a server owns the folder it carries the import out.
func TestImportWhileServing(t *testing.T) {
	dir := demoFolder(t)
	s := serving(t, "--demo", "--data", dir)
	file := paperSheet(t, paperRow("任县丁公司", "2026-01-09", "旧立〔2026〕4号"))
	if out := must(t, "import", "cases", file, "--as", "captain", "--data", dir); !strings.Contains(out, "已导入1件") {
		t.Error(out)
	}
	template := filepath.Join(t.TempDir(), "模板.xlsx")
	must(t, "export", "cases-template", template, "--data", dir)
	if data, err := os.ReadFile(template); err != nil || !strings.HasPrefix(string(data), "PK") {
		t.Error(err)
	}
	refused(t, []string{"没有填写任何一行"}, "import", "cases", template, "--as", "captain", "--data", dir)
	s.stop()
}

// Each ledger of the demo county is a sheet; the procedures that are named narrow it, and what can't be is told before a file is made.
func TestExportLedgers(t *testing.T) {
	dir := demoFolder(t)
	rows := func(args ...string) int {
		t.Helper()
		file := filepath.Join(t.TempDir(), "台账.xlsx")
		must(t, append([]string{"export", args[0], file, "--data", dir}, args[1:]...)...)
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		book, err := sheet.Read(data)
		if err != nil || len(book.Pages) != 1 {
			t.Fatalf("%v: %v", args, err)
		}
		return len(book.Pages[0].Rows) - 1
	}
	all := rows("ledger-cases")
	labour, checks := rows("ledger-cases", "--workflow", "labour-case"), rows("ledger-cases", "--workflow", "training-check", "--workflow", "agency-check")
	if labour == 0 || checks == 0 || labour+checks >= all {
		t.Errorf("%d cases, %d of labour, %d checks", all, labour, checks)
	}
	if n := rows("ledger-cases", "--to", "2020-01-01"); n != 0 {
		t.Errorf("%d cases of before", n)
	}
	for name, least := range map[string]int{"penalties": 1, "services": 1, "evidence": 0, "alerts": 0} { // the demo county has no files yet
		if n := rows("ledger-" + name); n < least {
			t.Errorf("the ledger of %s has %d rows", name, n)
		}
	}
	if n := rows("ledger-cases", "--as", "fund"); n >= all {
		t.Errorf("who sees some cases has %d of %d", n, all)
	}
	for _, x := range []struct {
		want string
		args []string
	}{
		{"ledger-cats", []string{"export", "ledger-cats", "x.xlsx"}},
		{"--workflow none", []string{"export", "ledger-cases", "x.xlsx", "--workflow", "none"}},
		{"结束日期早于开始日期", []string{"export", "ledger-cases", "x.xlsx", "--from", "2026-03-05", "--to", "2026-03-01"}},
		{"--from soon", []string{"export", "ledger-cases", "x.xlsx", "--from", "soon"}},
	} {
		refused(t, []string{x.want}, append(x.args, "--data", dir)...)
	}
}

func TestImportRefuses(t *testing.T) {
	dir := demoFolder(t)
	good := paperSheet(t, paperRow("任县戊公司", "2026-01-09", "旧立〔2026〕5号"))
	text := filepath.Join(t.TempDir(), "a.xlsx")
	if err := os.WriteFile(text, []byte("序号,当事人"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name string
		args []string
		want string
	}{
		{"nobody", []string{"import", "cases", good}, "--as"},
		{"no such kind", []string{"import", "cats", good, "--as", "captain"}, "cats"},
		{"no such kind to export", []string{"export", "cats", "x.xlsx"}, "cats"},
		{"no such procedure", []string{"import", "cases", good, "--as", "captain", "--workflow", "none"}, "--workflow none"},
		{"no such file", []string{"import", "cases", "none.xlsx", "--as", "captain"}, "none.xlsx"},
		{"no sheet", []string{"import", "cases", text, "--as", "captain"}, "xlsx"},
		{"another procedure's", []string{"import", "cases", good, "--as", "captain", "--workflow", "training-check"}, "缺少这些列"},
	} {
		t.Run(test.name, func(t *testing.T) { refused(t, []string{test.want}, append(test.args, "--data", dir)...) })
	}
	if code, _, errs := dossier(t, "import", "cases", good, "--as", "clerk", "--data", dir); code != 1 || !strings.Contains(errs, "not-your-gate") {
		t.Errorf("a clerk: %d %s", code, errs)
	}
}
