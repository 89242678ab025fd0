package seeds

import (
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"dossier/engine/register"
)

// printed are the lines of the list's text as it was published, without the empty ones, from one line up to another.
func printed(t *testing.T, from, to string) []string {
	t.Helper()
	data, err := os.ReadFile("../testdata/list.txt")
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	in := false
	for line := range strings.Lines(string(data)) {
		line = strings.TrimSpace(line)
		switch {
		case line == from:
			in = true
		case to != "" && line == to:
			return lines
		}
		if in && line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

// The paragraphs of part four are the published text, character by character: each is some whole lines of it, joined.
func TestParagraphsAreThePublishedText(t *testing.T) {
	part := Register().Part("四")
	lines := printed(t, "四、事中事后监督管理制度", "")
	if head := part.ID + "、" + part.Title; lines[0] != head {
		t.Errorf("the heading is %q, printed %q", head, lines[0])
	}
	lines = lines[1:]
	for _, p := range part.Paragraphs {
		joined := ""
		for len(lines) > 0 && len(joined) < len(p.Text) {
			joined += lines[0]
			lines = lines[1:]
		}
		if joined != p.Text {
			t.Fatalf("%s is\n%s\nprinted\n%s", p.ID, p.Text, joined)
		}
	}
	if len(lines) > 0 {
		t.Errorf("printed, and not in the data: %q", lines)
	}
}

// column is one column of a printed table: its cells in the order of the rows, and how far they are found.
type column struct {
	cells  []string
	n, at  int
	begins []int // the line in which each cell begins
}

// A table is published as the lines of its cells, those of one column between those of another. The lines are the table's
// when each is the next of one of the columns and nothing is left.
type table struct {
	columns []*column
	lines   []string
}

// read takes the lines from the n-th on apart, the words of the n-th from the given place on.
func (x *table) read(n int, rest string) bool {
	if rest == "" {
		if n+1 == len(x.lines) {
			return !slices.ContainsFunc(x.columns, func(c *column) bool { return c.n < len(c.cells) })
		}
		return x.read(n+1, x.lines[n+1])
	}
	for end := len(rest); end > 0; end = strings.LastIndexByte(rest[:end], ' ') {
		piece := strings.TrimSpace(rest[:end])
		for _, c := range x.columns {
			was := *c
			if c.take(piece, n) {
				if x.read(n, strings.TrimSpace(rest[end:])) {
					return true
				}
				begins := c.begins
				*c = was
				c.begins = begins[:len(was.begins)]
			}
		}
	}
	return false
}

// take finds a piece at the column's present place.
func (c *column) take(piece string, line int) bool {
	if c.n == len(c.cells) || !strings.HasPrefix(c.cells[c.n][c.at:], piece) {
		return false
	}
	if c.at == 0 {
		c.begins = append(c.begins, line)
	}
	if c.at += len(piece); c.at == len(c.cells[c.n]) {
		c.n, c.at = c.n+1, 0
	}
	return true
}

// The tables of the first three parts are the published text too, cell by cell, and a row's cells stand together in it.
func TestTablesAreThePublishedText(t *testing.T) {
	r := Register()
	lost := []int{3, 6, 8, 12, 13} // numbers that the published text has lost
	head := func(p *register.Part) *column {
		return &column{cells: []string{p.ID + "、" + p.Title, strings.Join(p.Columns, " ")}}
	}

	one := r.Part("一")
	heads, numbers, duties, items, sections := head(one), &column{}, &column{}, &column{}, &column{}
	heads.cells = append([]string{r.List.Title}, heads.cells...)
	for _, d := range one.Duties {
		if !slices.Contains(lost, d.N) {
			numbers.cells = append(numbers.cells, (d.ID)[len(one.ID):])
		}
		duties.cells = append(duties.cells, d.Text)
		for _, i := range d.Items {
			items.cells = append(items.cells, i.Text)
			sections.cells = append(sections.cells, strings.Join(i.Sections, ""))
		}
	}
	x := table{[]*column{heads, numbers, duties, items, sections}, printed(t, r.List.Title, "二、与相关部门的职责边界")}
	if !x.read(0, x.lines[0]) {
		t.Fatal("part one is not the published text")
	}
	for i := range items.begins {
		if sections.begins[i] < items.begins[i] || i > 0 && items.begins[i] < sections.begins[i-1] {
			t.Errorf("row %d %q begins in line %d, its section %q in line %d", i, items.cells[i], items.begins[i], sections.cells[i], sections.begins[i])
		}
	}
	first := 0
	for d, duty := range one.Duties {
		last := first + len(duty.Items) - 1
		if at := duties.begins[d]; first > 0 && at < items.begins[first-1] || last+1 < len(items.begins) && at > items.begins[last+1] {
			t.Errorf("duty %d begins in line %d, its rows in lines %v", duty.N, at, items.begins[first:last+1])
		}
		first = last + 1
	}

	two := r.Part("二")
	numbers, texts, parties, shares, bases := &column{}, &column{}, &column{}, &column{}, &column{}
	for _, m := range two.Matters {
		numbers.cells = append(numbers.cells, m.ID[len(two.ID):])
		texts.cells = append(texts.cells, m.Text)
		for _, p := range m.Parties {
			parties.cells, shares.cells = append(parties.cells, p.Name), append(shares.cells, p.Share)
		}
		bases.cells = append(bases.cells, strings.Join(m.Bases, ""))
	}
	x = table{[]*column{head(two), numbers, texts, parties, shares, bases}, printed(t, "二、与相关部门的职责边界", "三、公共服务事项")}
	if !x.read(0, x.lines[0]) {
		t.Error("part two is not the published text")
	}

	three := r.Part("三")
	numbers, texts, shares, parties, sections = &column{}, &column{}, &column{}, &column{}, &column{}
	for _, s := range three.Services {
		numbers.cells = append(numbers.cells, s.ID[len(three.ID):])
		texts.cells = append(texts.cells, s.Text)
		shares.cells = append(shares.cells, s.Contents...)
		parties.cells = append(parties.cells, s.Period)
		sections.cells = append(sections.cells, s.Section)
	}
	x = table{[]*column{head(three), numbers, texts, shares, parties, sections}, printed(t, "三、公共服务事项", "四、事中事后监督管理制度")}
	if !x.read(0, x.lines[0]) {
		t.Error("part three is not the published text")
	}
}

// The list has as many rows, sections, matters and regimes as were counted in it by hand.
func TestListIsWhole(t *testing.T) {
	r := Register()
	one, rows, twice := r.Part("一"), 0, map[string]int{}
	for i, want := range []int{7, 9, 9, 9, 6, 7, 7, 4, 3, 11, 7, 5, 2, 1, 5} {
		if d := one.Duties[i]; d.N != i+1 || len(d.Items) != want {
			t.Errorf("duty %d has %d rows, want %d", d.N, len(d.Items), want)
		}
		for _, item := range one.Duties[i].Items {
			rows++
			twice[strings.TrimRight(item.Text, "；")]++
		}
	}
	if len(one.Duties) != 15 || rows != 92 {
		t.Errorf("%d duties with %d rows, want 15 with 92", len(one.Duties), rows)
	}
	again := 0
	for _, n := range twice {
		if n > 1 {
			again++
		}
	}
	if again != 3 {
		t.Errorf("%d texts stand under two duties, want 3", again)
	}
	if got := r.Sections(); len(got) != 19 || got[18] != "社会保险事业管理局" {
		t.Errorf("sections %q, want 18 and the one of the services", got)
	}
	two, three, four := r.Part("二"), r.Part("三"), r.Part("四")
	if len(two.Matters) != 2 || len(two.Matters[0].Parties) != 3 || len(two.Matters[1].Parties) != 2 || len(two.Matters[0].Bases) != 3 || len(two.Matters[1].Bases) != 1 {
		t.Errorf("matters %+v", two.Matters)
	}
	if len(three.Services) != 3 {
		t.Errorf("%d services", len(three.Services))
	}
	if got := four.Regimes(); len(got) != 10 || got[8].ID != "四(九)" {
		t.Errorf("regimes %v", got)
	}
	for id, part := range map[string]string{"四(九)二(二)": "60个工作日", "四(九)二(三)5": "5、批准", "四(四)二(一)6": "7、服务场所", "四(七)三(四)": "（三）举报", "四(八)二(一)(二)1": "冒领",
		"四(四)六(一)(10)": "擅自增加", "一9(2)": "培训制度", "二2(2)": "残联"} {
		text := ""
		for _, e := range r.At(id) {
			text += e.Text + e.Party
		}
		if !strings.Contains(text, part) {
			t.Errorf("%s says %q, want %q in it", id, text, part)
		}
	}
}

// The text of an article is there with the version that it is of; an article nobody saw has its gist and who told it.
func TestStatutes(t *testing.T) {
	for _, a := range Register().Acts {
		if a.Title == "" || a.Version == "" || a.InForce == 0 || len(a.Articles) == 0 {
			t.Errorf("%s: %q of %q, in force %v, %d articles", a.ID, a.Title, a.Version, a.InForce, len(a.Articles))
		}
		for _, x := range a.Articles {
			if len(x.Text) == 0 && (len(x.Gist) == 0 || x.Basis == "") || len(x.Text) > 0 && len(x.Gist) > 0 {
				t.Errorf("%s/%s has text %q, gist %q told by %q", a.ID, x.N, x.Text, x.Gist, x.Basis)
			}
		}
	}
}

// A fault of the data is told with its place and what to do.
func TestFaultsOfTheRegister(t *testing.T) {
	sound := map[string]string{
		"list/1.yaml":     "list: 清单\npart: 一\ntitle: 职责\nduties:\n  - duty: 1\n    text: 监察\n    items:\n      - {item: 查处, sections: [大队]}\n",
		"list/4.yaml":     "part: 四\ntitle: 制度\nparagraphs:\n  - 四(一): （一）监管\n  - 四(一)一: 一、对象\n",
		"list/s.yaml":     "silences:\n  - {at: 四(一)一, why: 只写对象}\n",
		"statutes/a.yaml": "act: apl\ntitle: 处罚法\nref: 2021年\nversion: 2021年\nin-force: 2021-07-15\narticles:\n  - 27:\n      - 移送。\n",
	}
	read := func(name, text string) error {
		files := fstest.MapFS{}
		for n, s := range sound {
			files[n] = &fstest.MapFile{Data: []byte(s)}
		}
		files[name] = &fstest.MapFile{Data: []byte(text)}
		_, err := readRegister(files)
		return err
	}
	if err := read("list/1.yaml", sound["list/1.yaml"]); err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct{ name, text, want string }{
		{"list/1.yaml", strings.Replace(sound["list/1.yaml"], "sections:", "section:", 1), `list/1.yaml:8:20: duties[0].items[0].section: no key "section" here`},
		{"list/4.yaml", strings.Replace(sound["list/4.yaml"], "四(一)一", "四/1", 1), "四/1: not the form of a place in the list"},
		{"list/4.yaml", sound["list/4.yaml"] + "    四(一)二: 二、内容\n", "list/4.yaml:6:"},
		{"list/s.yaml", strings.Replace(sound["list/s.yaml"], "四(一)一", "四(二)", 1), "四(二): no such place"},
		{"list/s.yaml", strings.Replace(sound["list/s.yaml"], "why:", "because:", 1), "list/s.yaml:2:"},
		{"statutes/a.yaml", strings.Replace(sound["statutes/a.yaml"], "2021-07-15", "2021年7月", 1), "statutes/a.yaml:5:11"},
		{"statutes/a.yaml", strings.Replace(sound["statutes/a.yaml"], "      - 移送。", "      gist: 移送", 1), `key "basis" is missing`},
		{"list/x.yaml", "parts: 五\n", `no key "parts" here`},
	} {
		if err := read(x.name, x.text); err == nil || !strings.Contains(err.Error(), x.want) {
			t.Errorf("%s\n%s\nfails with %v, want %q", x.name, x.text, err, x.want)
		}
	}
}

// A fault of the rules of the self-check is told with its place too.
func TestFaultsOfTheReviews(t *testing.T) {
	sound := "review: x\nrules:\n  - {rule: a, title: 超期, severity: slight, points: 2, law: [ours], why: 本局, check: {late: [filing]}, mend: 说明}\n"
	for _, x := range []struct{ from, to, want string }{
		{"", "", ""},
		{"slight", "small", "no such severity"},
		{"points: 2", "points: 0", "points that a rule can't cost"},
		{", why: 本局", "", "ours without a reason"},
		{"[ours]", "[nowhere]", "is no citation"},
		{"{late: [filing]}", "{tardy: [filing]}", `no key "tardy" here`},
		{"{late: [filing]}", "{late: [filing], open: true}", "a rule has one check"},
		{"{late: [filing]}", "{order: [a]}", "an order is of two facts"},
		{"{late: [filing]}", "{empty: [LJ16]}", "not a field"},
		{"{late: [filing]}", "{few: {at: LJ09.x}}", `key "least" is missing`},
		{"{late: [filing]}", "{within: {form: A, of: [B], period: soon}}", "x.yaml:3"},
		{"review: x", "review: y", "call the file y.yaml"},
	} {
		_, err := readReviews(fstest.MapFS{"review/x.yaml": {Data: []byte(strings.Replace(sound, x.from, x.to, 1))}})
		if x.want == "" && err != nil || x.want != "" && (err == nil || !strings.Contains(err.Error(), x.want)) {
			t.Errorf("%q for %q: %v, want %q", x.to, x.from, err, x.want)
		}
	}
}
