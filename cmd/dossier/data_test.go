package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"go.etcd.io/bbolt"

	"dossier/engine/access"
	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/change"
	"dossier/engine/desk"
	"dossier/engine/ledger"
	"dossier/engine/listing"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/specimen"
	"dossier/store"
	"dossier/workflows"
)

func TestBackupAndRestore(t *testing.T) {
	dir, elsewhere := demoFolder(t), t.TempDir()
	file := filepath.Join(elsewhere, "county.tar")
	must(t, "backup", file, "--data", dir)
	refused(t, []string{"不会覆盖"}, "backup", file, "--data", dir)
	refused(t, []string{"检查文件名"}, "backup", filepath.Join(elsewhere, "none", "x.tar"), "--data", dir)
	refused(t, []string{dir}, "restore", file, "--data", dir)
	again := filepath.Join(elsewhere, "again")
	must(t, "restore", file, "--data", again)
	head := func(dir string) string {
		var r reportJSON
		if err := json.Unmarshal([]byte(must(t, "verify", "--json", "--data", dir)), &r); err != nil || !r.Whole || r.Cases == 0 || r.Blobs == 0 {
			t.Fatalf("%+v %v", r, err)
		}
		return r.Head
	}
	if was, is := head(dir), head(again); was != is {
		t.Errorf("the head was %s, restored it is %s", was, is)
	}
	must(t, "verify", "--data", again, "--head", head(dir))
	other := "1:" + strings.Repeat("0", 64)
	if code, out, _ := dossier(t, "verify", "--data", again, "--head", other); code != 1 || !strings.Contains(out, "台账第1行") {
		t.Errorf("another head: %d %s", code, out)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	cut := filepath.Join(elsewhere, "cut.tar")
	if err := os.WriteFile(cut, data[:len(data)/2], 0o600); err != nil {
		t.Fatal(err)
	}
	third := filepath.Join(elsewhere, "third")
	refused(t, []string{"不是完整的备份"}, "restore", cut, "--data", third)
	if _, err := os.Stat(third); err == nil {
		t.Error("a backup that isn't whole left a folder")
	}
	if left, _ := filepath.Glob(filepath.Join(elsewhere, "*.part")); len(left) > 0 {
		t.Errorf("%v are left", left)
	}
}

func TestVerifyTellsWhere(t *testing.T) {
	dir := demoFolder(t)
	blobs, err := filepath.Glob(filepath.Join(dir, "blobs", "??", "*"))
	if err != nil || len(blobs) == 0 {
		t.Fatal(err, "no blobs")
	}
	if err := os.WriteFile(blobs[0], []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	code, out, errs := dossier(t, "verify", "--data", dir)
	if code != 1 || !strings.Contains(out, "核验不通过") || !strings.Contains(out, filepath.Base(blobs[0])[:12]) || strings.Contains(errs, "dossier:") {
		t.Errorf("%d %s %s", code, out, errs)
	}
	code, out, _ = dossier(t, "verify", "--data", dir, "--json")
	var r reportJSON
	if err := json.Unmarshal([]byte(out), &r); err != nil || code != 1 || r.Whole || len(r.Flaws) == 0 || r.Flaws[0].Code != "blob" {
		t.Errorf("%d %s %v", code, out, err)
	}
}

// A post of the office's own stands in its folder; nobody writes a program for it.
func TestOwnPosts(t *testing.T) {
	dir := demoFolder(t)
	if err := os.WriteFile(filepath.Join(dir, "posts.yaml"), []byte("posts:\n  - {post: warden, zh: 值守人员, en: Warden, section: 大队}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if out := must(t, "user", "posts", "--data", dir); !strings.Contains(out, "warden       值守人员　大队") || !strings.Contains(out, "officer      监察员　劳动监察大队　要有行政执法证") {
		t.Errorf("the posts:\n%s", out)
	}
	must(t, "user", "add", "yeban", "--name", "夜班", "--post", "warden", "--data", dir)
	if out := must(t, "user", "list", "--data", dir); !strings.Contains(out, "warden") {
		t.Errorf("nobody is the warden:\n%s", out)
	}
	if err := os.WriteFile(filepath.Join(dir, "posts.yaml"), []byte("posts:\n  - {post: captain, zh: 值守人员, en: Warden}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	// the fault is told with its place, and the posts that were last read without one go on
	if code, out, errs := dossier(t, "user", "list", "--data", dir); code != 0 || !strings.Contains(out, "warden") || !strings.Contains(errs, `posts.yaml:2:12: posts[0].post: 岗位“captain”写了两次`) {
		t.Errorf("a post twice: %d %s%s", code, out, errs)
	}
}

func TestUsers(t *testing.T) {
	dir := demoFolder(t)
	out := must(t, "user", "add", "liwei", "--name", "李维", "--post", "officer", "--post", "clerk", "--section", "大队",
		"--certificate", "1305:2024-01-01..2028-12-31", "--data", dir)
	if !strings.Contains(out, "/setup/") {
		t.Errorf("no link: %s", out)
	}
	var all []userLine
	if err := json.Unmarshal([]byte(must(t, "user", "list", "--json", "--data", dir)), &all); err != nil {
		t.Fatal(err)
	}
	found := false
	for _, u := range all {
		found = found || u.ID == "liwei" && u.Name == "李维" && len(u.Posts) == 2 && u.Disabled == 0
	}
	if !found {
		t.Errorf("%+v", all)
	}
	for _, test := range []struct {
		name string
		args []string
		want string
	}{
		{"taken", []string{"add", "liwei", "--name", "李维", "--post", "officer"}, "field.taken"},
		{"no name", []string{"add", "wang", "--post", "officer"}, "name"},
		{"no such post", []string{"add", "wang", "--name", "王", "--post", "king"}, "king"},
		{"no such certificate", []string{"add", "wang", "--name", "王", "--post", "officer", "--certificate", "13"}, "--certificate 13"},
		{"a password in sight", []string{"password", "liwei", "--password", "secret"}, "--password -"},
		{"nobody", []string{"password", "nobody"}, "nobody"},
		{"as nobody", []string{"disable", "liwei", "--as", "nobody"}, "--as nobody"},
		{"the last of a post", []string{"disable", "captain"}, "last-holder: 这是“大队长”的最后一位在岗人员"},
		{"a second step that nobody has", []string{"second-off", "liwei"}, "no-second-step: 李维没有启用两步登录"},
		{"as one who may not", []string{"disable", "liwei", "--as", "clerk"}, "forbidden"},
		{"no day", []string{"disable", "liwei", "--on", "tomorrow"}, "--on"},
	} {
		code, out, errs := dossier(t, append(append([]string{"user"}, test.args...), "--data", dir)...)
		if code != 1 || !strings.Contains(errs, test.want) {
			t.Errorf("%s: %d %s%s", test.name, code, out, errs)
		}
	}
	must(t, "user", "disable", "liwei", "--on", "2026-03-31", "--data", dir, "--as", "admin")
	if out := must(t, "user", "list", "--data", dir); !strings.Contains(out, "自2026年3月31日起停用") {
		t.Error(out)
	}
	p := newProgram(t.Context())
	p.in = strings.NewReader("一个很长的新密码\n")
	if code := p.run([]string{"user", "password", "captain", "--password", "-", "--data", dir}); code != 0 || strings.Contains(p.stdout.String(), "/setup/") {
		t.Errorf("%d %s%s", code, p.stdout.String(), p.stderr.String())
	}
	var made struct{ Token string }
	if err := json.Unmarshal([]byte(must(t, "token", "create", "--user", "captain", "--json", "--data", dir)), &made); err != nil || len(made.Token) < 40 {
		t.Errorf("%+v %v", made, err)
	}
	var lines []struct {
		ID, Person string
		Open       bool
	}
	if err := json.Unmarshal([]byte(must(t, "token", "list", "--user", "captain", "--json", "--data", dir)), &lines); err != nil || len(lines) != 1 || !lines[0].Open {
		t.Fatalf("%+v %v", lines, err)
	}
	must(t, "token", "revoke", lines[0].ID, "--data", dir)
	if out := must(t, "token", "list", "--data", dir); !strings.Contains(out, "已失效") {
		t.Error(out)
	}
	if out := must(t, "token", "create", "--user", "captain", "--gates", "--json", "--data", demoFolder(t)); !strings.Contains(out, "token") {
		t.Error(out)
	}
	refused2 := [][]string{{"--user", "nobody"}, {"--user", "captain", "--scope", "all"}, {"--user", "captain", "--days", "10000"}}
	for _, args := range refused2 {
		if code, _, errs := dossier(t, append(append([]string{"token", "create"}, args...), "--data", dir)...); code != 1 || errs == "" {
			t.Errorf("token %v: %d %s", args, code, errs)
		}
	}
	if out := must(t, "verify", "--data", dir); !strings.Contains(out, "核验通过") {
		t.Error(out)
	}
}

func TestPrint(t *testing.T) {
	dir, elsewhere := demoFolder(t), t.TempDir()
	p := newProgram(t.Context())
	h, err := p.open(arguments{values: map[string][]string{"data": {dir}}}, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var v *desk.CaseView
	for id := casefile.CaseID(1); v == nil || len(v.Case.Issued) == 0; id++ {
		if v, err = desk.View(h.Engine, office.System, id); err != nil {
			t.Fatal(err)
		}
	}
	blob, err := h.store.Blob(v.Case.Issued[0].SHA256)
	if err = h.close(err); err != nil {
		t.Fatal(err)
	}
	id := strings.TrimSpace(strings.Split(must(t, "print", v.Case.Number(), "1", "-o", filepath.Join(elsewhere, "1.pdf"), "--data", dir), "\n")[0])
	if got, err := os.ReadFile(id); err != nil || string(got) != string(blob) {
		t.Errorf("the document isn't the one on record: %v", err)
	}
	must(t, "print", v.Case.Number(), string(v.Case.Papers[0].Form), "-o", filepath.Join(elsewhere, "2.pdf"), "--data", dir)
	if out := must(t, "print", v.Case.Number(), "1", "-o", "-", "--data", dir); out != string(blob) {
		t.Error("on standard output it is another")
	}
	for _, args := range [][]string{{"999999", "1"}, {v.Case.Number(), "99"}, {v.Case.Number(), "NONE"}, {"没有这个号", "1"}} {
		code, _, errs := dossier(t, append(append([]string{"print"}, args...), "-o", filepath.Join(elsewhere, "3.pdf"), "--data", dir)...)
		if code != 1 || !strings.Contains(errs, "not-found") {
			t.Errorf("%v: %d %s", args, code, errs)
		}
	}
}

// A schedule that takes the May holiday away moves due dates; loading it again moves none.
func TestCalendarLoad(t *testing.T) {
	dir := demoFolder(t)
	s, _ := calendar.New(seedsOf(t)...).Schedule(2026)
	s.Off, s.Work = append(s.Off[:0:0], s.Off[:3]...), append(s.Work[:0:0], s.Work[:2]...)
	file := filepath.Join(t.TempDir(), "2026.json")
	data, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	if code, out, errs := dossier(t, "calendar", "check", file); code != 0 {
		t.Fatalf("%s%s", out, errs)
	}
	var moved, dry loadJSON
	if err := json.Unmarshal([]byte(must(t, "calendar", "load", file, "--dry-run", "--json", "--data", dir)), &dry); err != nil {
		t.Fatal(err)
	}
	if out := must(t, "calendar", "load", file, "--dry-run", "--data", dir); !strings.Contains(out, "什么也没有改") || !strings.Contains(out, " → ") {
		t.Error(out)
	}
	if err := json.Unmarshal([]byte(must(t, "calendar", "load", file, "--json", "--data", dir)), &moved); err != nil {
		t.Fatal(err)
	}
	if moved.Year != 2026 || len(moved.Moved) == 0 {
		t.Fatalf("%+v", moved)
	}
	if dry.DryRun = false; !reflect.DeepEqual(dry, moved) {
		t.Errorf("what was tried differs from what was done:\n%+v\n%+v", dry, moved)
	}
	for _, m := range moved.Moved {
		if m.Case == 0 || m.Clock == "" || m.From == m.To && m.FromLeft == nil {
			t.Errorf("%+v", m)
		}
	}
	if out := must(t, "calendar", "load", file, "--data", dir); !strings.Contains(out, "没有期限变动") {
		t.Error(out)
	}
	if of, ours := must(t, "calendar", "list", "2026"), must(t, "calendar", "list", "2026", "--data", dir); of == ours || len(ours) >= len(of) {
		t.Errorf("the folder's schedule is listed as\n%s", ours)
	}
	refused(t, []string{"--as nobody"}, "calendar", "load", file, "--as", "nobody", "--data", dir)
	if out := must(t, "verify", "--data", dir); !strings.Contains(out, "核验通过") {
		t.Error(out)
	}
}

func seedsOf(t *testing.T) []calendar.Schedule {
	t.Helper()
	var all []calendar.Schedule
	cal := newProgram(t.Context()).calendar
	for _, y := range cal.Years() {
		s, _ := cal.Schedule(y)
		all = append(all, s)
	}
	return all
}

// An office's own procedure takes the place of the program's under a higher version; cases go on with the bytes that they
// began on, whatever the file says later.
func TestOwnProcedure(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	serving(t, "--data", dir).stop()
	must(t, "user", "add", "boss", "--name", "施博", "--post", "admin", "--data", dir)
	l := embedded(t)
	own := filepath.Join(dir, "workflows")
	if err := os.MkdirAll(own, 0o755); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(own, string(l.Definition.ID)+".yaml")
	write := func(more string) {
		t.Helper()
		text := strings.Replace(string(l.Source), "\nversion: 1\n", "\nversion: 2\n", 1) + more
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	open := func() (*house, *program) {
		t.Helper()
		p := newProgram(t.Context())
		h, err := p.open(arguments{values: map[string][]string{"data": {dir}}}, store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if err := h.lib.keep(t.Context(), h.Engine); err != nil {
			t.Fatal(err)
		}
		return h, p
	}
	hash := func(more string) string {
		t.Helper()
		write(more)
		h, p := open()
		if out := must(t, "workflow", "list", "--data", dir); !strings.Contains(out, string(l.Definition.ID)+" 第2版") {
			t.Errorf("the folder's procedures are listed as\n%s", out)
		}
		ed := h.Workflow(l.Definition.ID)
		if err := h.close(nil); err != nil || ed.Def.Version != 2 || p.stderr.String() != "" {
			t.Fatalf("version %d: %v %s", ed.Def.Version, err, p.stderr.String())
		}
		return ed.Hash
	}
	first := hash("# one\n")
	second := hash("# two\n") // no case rests on the first: the file is as good as new
	if first == second {
		t.Fatal("other bytes, the same hash")
	}
	h, _ := open()
	opened(t, h, l.Definition.ID)
	if err := h.close(nil); err != nil {
		t.Fatal(err)
	}
	write("# three\n")
	h, p := open()
	if got := h.Workflow(l.Definition.ID).Hash; got != second {
		t.Errorf("new cases begin on %.12s, not on %.12s", got, second)
	}
	if !strings.Contains(p.stderr.String(), "version: 3") || !strings.Contains(p.stderr.String(), string(l.Definition.ID)) {
		t.Errorf("nothing is said of the changed file: %q", p.stderr.String())
	}
	if err := h.close(nil); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(file); err != nil { // the case goes on without the file, new ones begin on the program's own
		t.Fatal(err)
	}
	h, _ = open()
	if ed := h.Workflow(l.Definition.ID); ed.Hash != l.Hash {
		t.Errorf("without the file new cases begin on version %d", ed.Def.Version)
	}
	if _, err := desk.View(h.Engine, office.System, 1); err != nil {
		t.Error(err)
	}
	if err := h.close(nil); err != nil {
		t.Fatal(err)
	}
	if out := must(t, "verify", "--data", dir); !strings.Contains(out, "核验通过") {
		t.Error(out)
	}
	write("nonsense\n")
	code, out, errs := dossier(t, "verify", "--data", dir)
	if code != 0 || !strings.Contains(out, "核验通过") || !strings.Contains(errs, string(l.Definition.ID)+".yaml:") || !strings.Contains(errs, "和正在用的不同") {
		t.Errorf("a faulty file: %d %s", code, errs)
	}
}

// Version 1 of what the program brings is renewed in place until its release: a folder whose cases rest on older bytes of
// it is refused with a sentence, one whose cases don't goes on.
func TestDraftOfAVersion(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	serving(t, "--data", dir).stop()
	must(t, "user", "add", "boss", "--name", "施博", "--post", "admin", "--data", dir)
	l := embedded(t)
	open := func() (*house, error) {
		return newProgram(t.Context()).open(arguments{values: map[string][]string{"data": {dir}}}, store.Options{})
	}
	h, err := open()
	if err != nil {
		t.Fatal(err)
	}
	draft := strings.Repeat("0", 64)
	row, err := json.Marshal(procedure.KeptEdition{Workflow: l.Definition.ID, Version: l.Definition.Version, Files: draft})
	if err != nil {
		t.Fatal(err)
	}
	if err := change.KeepRecords(t.Context(), h.Engine, ledger.RecordWrite{Kind: procedure.KindEdition, ID: draft, Data: row, Ledgered: true}); err != nil {
		t.Fatal(err)
	}
	if err := h.close(nil); err != nil {
		t.Fatal(err)
	}
	if h, err = open(); err != nil {
		t.Fatalf("nothing rests on the draft: %v", err)
	}
	for _, ed := range h.Editions {
		if ed.Def.ID == l.Definition.ID {
			ed.Hash = draft // as the program that made the folder would have it
		}
	}
	opened(t, h, l.Definition.ID)
	h.Workflow(l.Definition.ID).Hash = l.Hash // other tests read it too
	if err := h.close(nil); err != nil {
		t.Fatal(err)
	}
	if _, err := open(); err == nil || !strings.Contains(err.Error(), "依据的是程序发布前的草稿: 程序"+string(l.Definition.ID)+"第1版: ") {
		t.Errorf("its cases rest on the draft: %v", err)
	}
}

// embedded is the shortest procedure that the program brings.
func embedded(t *testing.T) *workflows.Edition {
	t.Helper()
	all, err := embeddedEditions()
	if err != nil {
		t.Fatal(err)
	}
	best := all[0]
	for _, l := range all {
		if len(l.Source) < len(best.Source) {
			best = l
		}
	}
	return best
}

// opened opens a case of a procedure with sample values, by somebody who may.
func opened(t *testing.T, h *house, id procedure.WorkflowID) {
	t.Helper()
	u := office.Person{ID: "all", Name: "万能"}
	crew := map[procedure.Actor][]office.PersonID{}
	for _, post := range h.Posts() {
		post := post.ID
		u.Posts = append(u.Posts, office.Held{Post: post})
		crew[post] = []office.PersonID{u.ID}
	}
	u.Certificates = []office.Certificate{{Number: "1"}}
	if err := access.KeepPerson(t.Context(), h.Engine, "", u, "", 0); err != nil {
		t.Fatal(err)
	}
	cmd := casefile.Command{Workflow: id, Action: "open", Actor: u.ID, Day: h.Today()}
	values, files, err := specimen.Samples(h.Engine, cmd, crew)
	if err != nil {
		t.Fatal(err)
	}
	cmd.Values, cmd.Files = values, files
	if _, err := h.Do(t.Context(), cmd); err != nil {
		t.Fatal(err)
	}
}

// A token that passes gates is made in demo folders alone.
func TestGateTokensAreForDemos(t *testing.T) {
	dir := t.TempDir()
	s, err := store.Open("bolt:"+dir, store.Options{Create: true})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if code, _, errs := dossier(t, "token", "create", "--user", "liwei", "--gates", "--data", dir); code != 1 || !strings.Contains(errs, "演示县") {
		t.Errorf("%d %s", code, errs)
	}
}

// A folder that nobody may write to is proved all the same, and left as it is; what follows from the events is made again
// where it alone is hurt.
func TestVerifyReadOnlyAndRebuild(t *testing.T) {
	dir := demoFolder(t)
	names := func() (out []string) {
		err := filepath.WalkDir(dir, func(file string, d os.DirEntry, err error) error {
			if err != nil {
				return err
			}
			info, err := d.Info()
			if err == nil {
				out = append(out, fmt.Sprint(file, " ", info.ModTime()))
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	before := names()
	if out := must(t, "verify", "--read-only", "--data", dir); !strings.Contains(out, "核验通过") {
		t.Error(out)
	}
	if after := names(); !slices.Equal(before, after) {
		t.Error("proving a folder that is only read changed it")
	}
	if out := must(t, "rebuild", "--data", dir); !strings.Contains(out, "没有需要重新生成的") {
		t.Error(out)
	}
	db, err := bbolt.Open(filepath.Join(dir, "dossier.db"), 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	err = db.Update(func(tx *bbolt.Tx) error {
		b := tx.Bucket([]byte("index"))
		k, _ := b.Cursor().Seek([]byte("state"))
		return b.Delete(bytes.Clone(k))
	})
	if err = errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	if code, out, _ := dossier(t, "verify", "--data", dir); code != 1 || !strings.Contains(out, "核验不通过") {
		t.Errorf("an index entry is gone: %d %s", code, out)
	}
	if out := must(t, "rebuild", "--data", dir); !strings.Contains(out, "重新生成了1行") || !strings.Contains(out, "核验通过") {
		t.Error(out)
	}
	refused(t, []string{"没有案卷的数据库"}, "verify", "--read-only", "--data", t.TempDir())
}

// The upper bound of an act's standard is lowered by a file: the preview and the loading tell the same of the open cases, the
// folder then judges by it while the program's own stays, the file can't leave a standard out, and the record proves itself.
func TestPenaltyLoad(t *testing.T) {
	dir := demoFolder(t)
	own, err := os.ReadFile("../../seeds/standards/01-reg.yaml")
	if err != nil {
		t.Fatal(err)
	}
	write := func(name, text string) string {
		file := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	lower := strings.ReplaceAll(string(own), "unit: {fixed: [2000, 20000]}", "unit: {fixed: [2000, 4000]}")
	if lower == string(own) {
		t.Fatal("nothing to lower")
	}
	file := write("reg.yaml", lower)
	var dry, done renewalJSON
	if err := json.Unmarshal([]byte(must(t, "penalty", "load", file, "--preview", "--json", "--data", dir)), &dry); err != nil {
		t.Fatal(err)
	}
	if out := must(t, "penalty", "load", file, "--preview", "--data", dir); !strings.Contains(out, "什么也没有改") || !strings.Contains(out, "reg/30") {
		t.Error(out)
	}
	if err := json.Unmarshal([]byte(must(t, "penalty", "load", file, "--json", "--data", dir)), &done); err != nil {
		t.Fatal(err)
	}
	if dry.Preview = false; !reflect.DeepEqual(dry, done) {
		t.Errorf("what was tried differs from what was done:\n%+v\n%+v", dry, done)
	}
	if len(done.Changed) == 0 || len(done.Open) == 0 {
		t.Fatalf("%+v", done)
	}
	for _, x := range done.Open {
		if x.Case == 0 || x.Was == x.Now {
			t.Errorf("%+v", x)
		}
	}
	if out := must(t, "penalty", "reg/30", "--tier", "一般", "--data", dir); !strings.Contains(out, "2600") {
		t.Error(out)
	}
	if out := must(t, "penalty", "reg/30", "--tier", "一般"); !strings.Contains(out, "7400") {
		t.Error(out)
	}
	if out := must(t, "penalty", "load", file, "--data", dir); !strings.Contains(out, "没有变动") {
		t.Error(out)
	}
	if out := must(t, "penalty", "history", "reg/30", "--data", dir); !strings.Contains(out, "4000") || strings.Count(out, "载入") != 1 {
		t.Error(out)
	}
	at := strings.LastIndex(lower, "\n  - standard: 30\n")
	refused(t, []string{"reg/30"}, "penalty", "load", write("less.yaml", lower[:at+1]), "--data", dir)
	refused(t, []string{":5:"}, "penalty", "load", write("faulty.yaml", "act: reg\nfrom: 2004-12-01\nstandards:\n  - standard: 30\n    titel: x\n"), "--preview", "--data", dir)
	if out := must(t, "verify", "--data", dir); !strings.Contains(out, "核验通过") {
		t.Error(out)
	}
}

// A large county proves itself like any other, is the same for the same seed, and goes on where it was cut off.
func TestDemoCases(t *testing.T) {
	dir := demoFolder(t)
	var heads []string
	for _, steps := range [][]string{{"400", "600"}, {"600"}} {
		into := filepath.Join(t.TempDir(), "data")
		if err := os.CopyFS(into, os.DirFS(dir)); err != nil {
			t.Fatal(err)
		}
		for _, n := range steps {
			must(t, "demo", "--cases", n, "--data", into)
		}
		out := must(t, "verify", "--data", into)
		if !strings.Contains(out, "核验通过") || !strings.Contains(out, "600") {
			t.Fatal(out)
		}
		s, err := store.Open("bolt:"+into, store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Record(ledger.KindBrought, "program"); err != nil {
			t.Errorf("the first start would count all of them anew: %v", err)
		}
		snap, err := s.Case(600)
		flow, fault := s.Scan(ledger.Scan{Index: listing.IndexFlow, Prefix: "labour-case/"})
		if err := errors.Join(err, fault, s.Close()); err != nil {
			t.Fatal(err)
		}
		if len(flow) < 300 {
			t.Errorf("%d labour cases of 600: the large county is another than the small one", len(flow))
		}
		heads = append(heads, string(snap.Data))
	}
	if heads[0] != heads[1] {
		t.Errorf("the 600th case differs:\n%s\n%s", heads[0], heads[1])
	}
	refused(t, []string{"--cases"}, "demo", "--cases", "many", "--data", dir)
}
