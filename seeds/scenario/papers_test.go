package scenario_test

import (
	"cmp"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"dossier/documents"
	"dossier/engine/calendar"
	"dossier/engine/paper"
	"dossier/engine/procedure"
	"dossier/seeds/fixture"
	"dossier/seeds/scenario"
)

// reader draws papers and reads each that is issued as a file reviewer does: what no paper may say is a fault of the test.
type reader struct {
	*documents.Renderer
	t    *testing.T
	said map[procedure.FormID]string // what was issued last of each form
}

func (r reader) Render(s paper.Sheet) ([]byte, error) {
	pdf, err := r.Renderer.Render(s)
	if !s.Draft && err == nil {
		r.said[s.Form.ID] = strings.Join(r.Words(s), "\n")
		for _, fault := range faults(s, r.Words(s)) {
			r.t.Errorf("%s %s: %s", s.Form.ID, s.Title, fault)
		}
		if n, last := fixture.LastPage(r.t, pdf, s.Code); n > 1 && len(last) < leastLines {
			r.t.Errorf("%s %s leaves %d lines on page %d: %q", s.Form.ID, s.Title, len(last), n, last)
		}
	}
	return pdf, err
}

// leastLines is how many lines turn over to a last page, at least: more than who signs.
const leastLines = 5

// never are what no word of an issued paper may be, and why.
var never = []struct {
	why  string
	what *regexp.Regexp
}{
	{"stands for nothing", regexp.MustCompile(`^(无|/|—|-|＿)。?$`)},
	{"leaves an alternative open", regexp.MustCompile(`（罚）|（单位）|（本人）|（起诉）|（分期）|属于罚款的|本决定没有罚款`)},
	{"parts two titles by a mark", regexp.MustCompile(`》、《`)},
	{"names no provision", regexp.MustCompile(`(违反|依照|按照|根据|属于)[^，。；《]*有关规定`)},
	{"has two marks for one", regexp.MustCompile(`[。，；：、][。，；、]`)},
	{"writes a day as a machine does", regexp.MustCompile(`\d{4}[-/]\d{1,2}[-/]\d{1,2}`)},
	{"is a sign-in name", regexp.MustCompile(`(^|、)[a-z][a-z-]+($|、|（)`)},
}

// intake is where a paper cites the number under which a case was taken in.
var intake = regexp.MustCompile(`案（[^）]*收〔`)

// gap is room for a pen in a text.
var gap = regexp.MustCompile(`＿+`)

// pens are the words beside which a person writes when the paper is handed over or answered.
var pens = regexp.MustCompile(`签名|盖章|接收时间|^＿+$`)

// faults are what a reviewer would mark on a paper.
func faults(s paper.Sheet, words []string) []string {
	var all []string
	for _, w := range words {
		for _, n := range never {
			if n.what.MatchString(w) {
				all = append(all, n.why+": "+w)
			}
		}
		if intake.MatchString(w) && !strings.Contains(s.CaseNumber, "收") {
			all = append(all, "cites an intake number though the case has its own: "+w)
		}
		if gap.MatchString(w) && !pens.MatchString(w) {
			all = append(all, "leaves a gap: "+w)
		}
	}
	if strings.HasSuffix(cmp.Or(s.Title, s.Form.Title.ZH), "送达回证") && !slices.ContainsFunc(words, cited.MatchString) {
		all = append(all, "names no paper by its title and number")
	}
	return append(all, twice(words)...)
}

// cited is a paper named by its title and number.
var cited = regexp.MustCompile(`《[^》]+》（[^（）]*〔\d{4}〕第?\d+号）`)

// said is a sum in capitals.
var said = regexp.MustCompile(`大写：([^）]+)`)

// twice are sums that a paper writes out in capitals more than once.
func twice(words []string) []string {
	var all []string
	seen := map[string]bool{}
	for _, w := range words {
		for _, m := range said.FindAllStringSubmatch(w, -1) {
			if seen[m[1]] && !strings.HasPrefix(m[1], "零") {
				all = append(all, "writes a sum out twice: "+m[1])
			}
			seen[m[1]] = true
		}
	}
	return all
}

// A reviewer who is shown such papers marks them: the test would see a fault.
func TestReviewerSeesFaults(t *testing.T) {
	for _, w := range []string{"无", "无。", "你（单位）", "行政处理（罚）告知书", "《社会保险法》、《社会保险稽核办法》", "违反了劳动保障监察的有关规定", "处理。。", "2026-03-02",
		"he-ji、zhou", "地址：＿＿＿＿", "工资一案（任人社监收〔2026〕1号）"} {
		if len(faults(paper.Sheet{Form: &procedure.Form{ID: "A01"}}, []string{w})) == 0 {
			t.Errorf("nothing is marked on %q", w)
		}
	}
	receipt := paper.Sheet{Form: &procedure.Form{ID: "A01", Title: procedure.Label{ZH: "决定书送达回证"}}}
	for words, want := range map[string]int{"处理决定": 1, "《处理决定书》": 1, "《处理决定书》（任人社检处字〔2026〕3号）": 0} {
		if got := len(faults(receipt, []string{words})); got != want {
			t.Errorf("%d faults are marked on a receipt of %s", got, words)
		}
	}
	for _, w := range []string{"收件人签名：＿＿＿＿", "无遗产可供执行", "《社会保险法》第八十八条、《社会保险经办条例》第四十六条", "xinlei-laowu@example.cn"} {
		if all := faults(paper.Sheet{Form: &procedure.Form{ID: "A01"}}, []string{w}); len(all) > 0 {
			t.Errorf("%q is marked: %v", w, all)
		}
	}
}

// issued plays a scenario and gives the words of what was issued last of each form; each pair of texts is changed before.
func issued(t *testing.T, file string, change ...string) map[procedure.FormID]string {
	t.Helper()
	data, err := os.ReadFile("../../testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	s, err := scenario.Read(file, []byte(strings.NewReplacer(change...).Replace(string(data))), calendar.Of(2026, 3, 2), cal)
	if err != nil {
		t.Fatal(err)
	}
	stage := newStage(t)
	if err := scenario.Play(t.Context(), s, stage, io.Discard); err != nil {
		t.Fatal(err)
	}
	return stage.Engine.Renderer.(reader).said
}

// Two decisions in one case share the facts; what is paid to the workers on top stands in the one, with its own basis, and
// the fine in the other.
func TestTwoDecisionsInOneCase(t *testing.T) {
	said := issued(t, "labour-compensation.yaml")
	for form, want := range map[procedure.FormID]struct{ has, not string }{
		"LJ23": {"责令你单位向劳动者加付赔偿金人民币", "第三十条的规定给予行政处罚"},
		"LJ24": {"依照《劳动保障监察条例》第三十条", "第二十六条"},
	} {
		if !strings.Contains(said[form], want.has) || strings.Contains(said[form], want.not) {
			t.Errorf("%s lacks %q or says %q:\n%s", form, want.has, want.not, said[form])
		}
	}
}

// A paper goes out in the name of the body whose seal it bears: that of its procedure, that of all, or the office.
func TestSealsBySetting(t *testing.T) {
	const file, head, office, insurers, district = "audit-loss-recovered.yaml", "\nsteps:\n", "任县人力资源和社会保障局", "任县社会保险事业管理局", "邢台市任泽区人力资源和社会保障局"
	for _, tt := range []struct{ settings, bears, not string }{
		{"", office, insurers},
		{"\nsettings: {seal/insurance-audit: " + insurers + "}", insurers, office},
		{"\nsettings: {seal: " + district + ", seal/labour-case: " + insurers + "}", district, insurers},
	} {
		said := issued(t, file, head, tt.settings+head)["JH10"]
		if !strings.Contains(said, tt.bears) || strings.Contains(said, tt.not) {
			t.Errorf("%q: the decision doesn't bear %s:\n%s", tt.settings, tt.bears, said)
		}
	}
}
