package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Objects come in from a sheet, go out to one, and come in again as what they are; what is wrong brings nothing in.
func TestImportObjects(t *testing.T) {
	dir := peopledFolder(t)
	args := func(file string, more ...string) []string {
		return append([]string{"import", "training-institution", file, "--as", "trainer", "--data", dir}, more...)
	}
	const titles = "机构名称 统一社会信用代码 许可证编号 有效期起 有效期止 联系电话 顺口溜"
	good := populationSheet(t, titles, "甲校 91130526MA0F7K2Q3W 冀01 2024年1月1日 2027/1/1 0319-7518633 x", "乙校 91130526MA0C1D5E2Y 冀02 20240101 2027-01-01")
	for _, test := range []struct{ name, file, want string }{
		{"another header", populationSheet(t, "学校 代码", "甲校 1"), "没有找到列名一行"},
		{"columns missing", populationSheet(t, "机构名称 统一社会信用代码", "甲校 91130526MA0F7K2Q3W"), "许可证编号、有效期起、有效期止"},
		{"a column twice", populationSheet(t, titles+" 机构名称", "甲校"), "出现了两次"},
		{"one bad row", populationSheet(t, titles, "甲校 91130526MA0F7K2Q3W 冀01 2024-01-01 2027-01-01", "乙校 91130526MA0F7K2Q3X 冀02 明年 2027-01-01"), "2行里有1行有误"},
		{"a code twice", populationSheet(t, titles, "甲校 91130526MA0F7K2Q3W 冀01 2024-01-01 2027-01-01", "乙校 91130526MA0F7K2Q3W 冀02 2024-01-01 2027-01-01"), "2行里有1行有误"},
		{"a code as a number", populationSheet(t, titles, "甲校 9.11305E+17 冀01 2024-01-01 2027-01-01"), "1行里有1行有误"},
		{"a licence that ends before it begins", populationSheet(t, titles, "甲校 91130526MA0F7K2Q3W 冀01 2024-01-01 2023-01-01"), "1行里有1行有误"},
		{"a failed formula", populationSheet(t, titles, "#N/A 91130526MA0F7K2Q3W 冀01 2024-01-01 2027-01-01"), "1行里有1行有误"},
	} {
		if code, _, errs := dossier(t, args(test.file)...); code == 0 || !strings.Contains(errs, test.want) {
			t.Errorf("%s: %d %s, want %q", test.name, code, errs, test.want)
		}
	}
	if code, _, errs := dossier(t, "import", "ships", good, "--as", "trainer", "--data", dir); code == 0 || !strings.Contains(errs, "cases、employer、training-institution") {
		t.Errorf("no kind: %s", errs)
	}
	if code, _, errs := dossier(t, "import", "training-institution", good, "--as", "clerk", "--data", dir); code == 0 || !strings.Contains(errs, "not-your-gate") {
		t.Errorf("not whose it is: %s", errs)
	}
	if out := must(t, args(good, "--dry-run")...); !strings.Contains(out, "共2行，新登记2，更新0") || !strings.Contains(out, "没有读入的列：顺口溜") {
		t.Errorf("tried:\n%s", out)
	}
	var done takenJSON
	for _, want := range []takenJSON{{New: 2}, {Same: 2}} {
		if err := json.Unmarshal([]byte(must(t, args(good, "--json")...)), &done); err != nil || done.New != want.New || done.Same != want.Same {
			t.Errorf("%+v, want %+v: %v", done, want, err)
		}
	}
	file := filepath.Join(t.TempDir(), "导出.xlsx")
	must(t, "export", "training-institution", file, "--data", dir)
	if out := must(t, args(file)...); !strings.Contains(out, "相同2") {
		t.Errorf("what was exported comes in as\n%s", out)
	}
	must(t, "export", "training-institution-template", filepath.Join(t.TempDir(), "模板.xlsx"), "--data", dir)
	if out := must(t, "draw", "training-special", "--as", "trainer", "--seed", "1", "--data", dir); !strings.Contains(out, "2个对象") || !strings.Contains(out, "校　") {
		t.Errorf("drawn from the registry:\n%s", out)
	}

	// An office may add a kind of its own.
	own := filepath.Join(dir, "documents", "registry")
	if err := os.MkdirAll(own, 0o700); err != nil {
		t.Fatal(err)
	}
	form := "form: JG90\nversion: 1\nkind: ship\nkeeps: [clerk]\ntitle: {zh: 船舶, en: Ship}\nlaw: [list/四(九)一]\nparts:\n  - part: body\n    title: {zh: 登记, en: Record}\n    fields:\n" +
		"      - {field: name, zh: 船名, en: Name, type: text, required: true, sample: 任河一号}\n      - {field: tons, zh: 吨位, en: Tons, type: number}\n"
	if err := os.WriteFile(filepath.Join(own, "JG90.yaml"), []byte(form), 0o600); err != nil {
		t.Fatal(err)
	}
	if out := must(t, "import", "ship", populationSheet(t, "船名 吨位", "任河一号 90"), "--as", "clerk", "--data", dir); !strings.Contains(out, "新登记1") {
		t.Errorf("%s", out)
	}
	must(t, "verify", "--data", dir)
}
