package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/jpeg"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"dossier/engine/casefile"
	"dossier/engine/desk"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/store"
)

// attach gives a case files as its officer would.
func attach(t *testing.T, dir string, id casefile.CaseID, document string, files ...casefile.Upload) {
	t.Helper()
	h, err := newProgram(t.Context()).open(arguments{values: map[string][]string{"data": {dir}}}, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	v, err := desk.View(h.Engine, office.System, id)
	if err != nil {
		t.Fatal(err)
	}
	values := procedure.Values{"proves": procedure.TextValue("拖欠工资的事实")}
	if document != "" {
		values["document"] = procedure.TextValue(document)
	}
	_, err = h.Do(t.Context(), casefile.Command{Case: id, Action: "attach", Actor: v.Case.Roles["officer-in-charge"][0], Values: values, Files: files})
	if err = h.close(err); err != nil {
		t.Fatal(err)
	}
}

func printed(t *testing.T, name string, args ...string) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s (make tools installs it): %v\n%s", name, err, out)
	}
	return string(out)
}

// TestBind binds a case of the demo county with evidence of every kind, and reads the file as its reviewer does: from the
// contents to the page.
func TestBind(t *testing.T) {
	dir, elsewhere := demoFolder(t), t.TempDir()
	var photo bytes.Buffer
	if err := jpeg.Encode(&photo, image.NewGray(image.Rect(0, 0, 400, 300)), nil); err != nil {
		t.Fatal(err)
	}
	scan := must(t, "print", "1", "1", "-o", "-", "--data", dir)
	attach(t, dir, 1, "", casefile.Upload{Name: "现场照片.jpg", Data: photo.Bytes()}, casefile.Upload{Name: "工资表.pdf", Data: []byte(scan)},
		casefile.Upload{Name: "坏文件.pdf", Data: []byte("%PDF-1.4\n%%EOF\n")}, casefile.Upload{Name: "说明.txt", Data: []byte("说明")})
	attach(t, dir, 1, "1", casefile.Upload{Name: "签字.jpg", Data: photo.Bytes()})

	file := filepath.Join(elsewhere, "bound.pdf")
	var told struct {
		Pages, Documents, Attachments int
		Unbound                       []string
	}
	if err := json.Unmarshal([]byte(must(t, "bind", "1", "-o", file, "--json", "--data", dir)), &told); err != nil {
		t.Fatal(err)
	}
	if told.Attachments != 5 || len(told.Unbound) != 2 || !strings.Contains(told.Unbound[0]+told.Unbound[1], "坏文件：文件损坏") || !strings.Contains(told.Unbound[0]+told.Unbound[1], "说明：不能打印") {
		t.Errorf("told %+v", told)
	}
	if out := printed(t, "qpdf", "--check", file); strings.Contains(out, "WARNING") {
		t.Error(out)
	}
	if out := printed(t, "pdfinfo", file); !regexp.MustCompile(fmt.Sprintf(`Pages: +%d\n`, told.Pages)).MatchString(out) || !regexp.MustCompile(`案卷　任人社监立〔20\d\d〕1号`).MatchString(out) {
		t.Error(out)
	}
	pages := strings.Split(printed(t, "pdftotext", "-layout", file, "-"), "\f")
	solid := func(s string) string { return strings.Join(strings.Fields(s), "") }
	contents := 0
	at := map[string]int{} // title → page in the file
	volume := ""
	order := []string{}
	for _, m := range regexp.MustCompile(`(?m)^[-+|](\t+)"(.*)"\t#page=(\d+)`).FindAllStringSubmatch(printed(t, "mutool", "show", file, "outline"), -1) {
		page, err := strconv.Atoi(m[3])
		if err != nil {
			t.Fatal(err)
		}
		switch {
		case len(m[1]) == 1:
			volume = m[2]
			order = append(order, volume)
		case m[2] == "卷内文件目录":
			contents = page
		case len(m[1]) == 3:
			at[volume+m[2]] = page
			title, _, _ := strings.Cut(m[2], "（")
			if !strings.Contains(solid(pages[page-1]), solid(title)) && !strings.Contains(m[2], "工资表") && !strings.Contains(m[2], "签字件") && !strings.Contains(m[2], "期限计算表") {
				t.Errorf("page %d should begin %s:\n%s", page, m[2], pages[page-1])
			}
		}
	}
	if strings.Join(order, "、") != "正卷、副卷" || len(at) < 10 {
		t.Errorf("bound are %v with %d papers", order, len(at))
	}
	for title, want := range map[string]string{"正卷劳动保障监察立案审批表": "", "正卷现场照片": "证明：拖欠工资的事实", "正卷坏文件": "文件损坏，不能装订", "正卷说明": "不能打印的材料", "副卷劳动保障监察案件处理报批表": "处理报批表"} {
		page := at[title]
		if page == 0 || !strings.Contains(solid(pages[page-1]), solid(want)) {
			t.Errorf("%s at page %d doesn't say %s", title, page, want)
		}
	}
	if contents == 0 || !strings.Contains(solid(strings.Join(pages, "")), "签字件") {
		t.Error("the contents don't name the signed scan")
	}

	again := filepath.Join(elsewhere, "again.pdf")
	must(t, "bind", "1", "-o", again, "--data", dir)
	a, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if b, err := os.ReadFile(again); err != nil || !bytes.Equal(a, b) {
		t.Errorf("bound again it is another file (%v)", err)
	}
	inner := filepath.Join(elsewhere, "inner.pdf")
	must(t, "bind", "1", "-o", inner, "--volume", "inner", "--from", "2020-01-01", "--to", "2026-12-31", "--data", dir)
	if text := solid(printed(t, "pdftotext", "-layout", inner, "-")); strings.Contains(text, "劳动保障监察投诉登记表") || strings.Contains(text, "劳动保障监察立案审批表") || !strings.Contains(text, "副卷（节选") {
		t.Error("the inner volume has papers of the other")
	}
	for _, x := range [][]string{{"1", "--volume", "third"}, {"1", "--from", "soon"}, {"1", "--from", "2026-02-01", "--to", "2026-01-01"}} {
		refused(t, nil, append(append([]string{"bind"}, x...), "-o", filepath.Join(elsewhere, "x.pdf"), "--data", dir)...)
	}
	if code, _, errs := dossier(t, "bind", "999999", "-o", filepath.Join(elsewhere, "x.pdf"), "--data", dir); code != 1 || !strings.Contains(errs, "not-found") {
		t.Errorf("%d %s", code, errs)
	}
	refused(t, []string{"-o 文件.pdf"}, "bind", "1", "--data", dir)
}
