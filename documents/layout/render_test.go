package layout

import (
	"bytes"
	"errors"
	"strings"
	"sync"
	"testing"

	"dossier/documents/fonts"
)

// samples are the papers that the tests look at.
func samples() map[string]Document {
	return map[string]Document{
		"filing": filing(), "extension": extension(), "notice": notice(), "inquiry": inquiry(),
		"deadline": deadline(), "wages": wages(), "orders": order(),
	}
}

func render(t *testing.T, doc Document) []byte {
	t.Helper()
	file, err := Render(doc)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// TestTextIsWhatWasSet reads each sample back and finds its texts.
func TestTextIsWhatWasSet(t *testing.T) {
	for _, tt := range []struct {
		name  string
		doc   Document
		pages int
		want  []string // in this order over all pages
	}{
		{"filing", filing(), 1, []string{"劳动保障监察立案审批表", "任人社监立〔2026〕19号", "统一社会", "信用代码", "91130526MA0K9Q7T39",
			"工资共计128400.00元", "第三条第一款、第十二条的规定。", "（监察员）", "签名李察赵办", "2026年1月9日", "备注", "第1页共1页", "凭据码19-1-7K3F"}},
		{"extension", extension(), 1, []string{"草稿", "（未编号）", "延长期限理由", "年月日", "草稿，未签发，无凭据码"}},
		{"notice", notice(), 2, []string{"任人社监告〔2026〕7号", "一、违法事实", "期改正指令书》（任人社监令〔2026〕11号），责令", "四、你单位享有的权利",
			"任县人力资源和社会保障局2026年5月14日", "—2—"}},
		{"inquiry", inquiry(), 3, []string{"被询问人签名", "第1页共3页", "劳动保障监察询问笔录（续）", "第2页共3页", "（以下空白）", "第3页共3页"}},
		{"deadline", deadline(), 1, []string{"21+39=60，5月13日届满", "2026年1月", "12立案", "停20", "60", "图例", "制表李察复核钱审2026年3月16日"}},
		{"wages", wages(), 4, []string{"姓名", "第1页共4页", "（续）", "姓名", "合计", "1488000.001488000.00", "本表一式两份", "第4页共4页"}},
		{"orders", order(), 3, []string{"送达回证", "收件人签名"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			pages := read(t, render(t, tt.doc)).pages()
			if len(pages) != tt.pages {
				t.Errorf("got %d pages, want %d", len(pages), tt.pages)
			}
			rest := strings.Join(pages, "\f")
			for _, want := range tt.want {
				_, after, ok := strings.Cut(rest, want)
				if !ok {
					t.Errorf("%q is not found behind what came before it, in\n%s", want, rest)
					continue
				}
				rest = after
			}
		})
	}
}

// TestBytesAreStable renders each sample again and again, at once too, also with a font cut anew.
func TestBytesAreStable(t *testing.T) {
	for name, doc := range samples() {
		first := render(t, doc)
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				file, err := Render(doc)
				if err != nil || !bytes.Equal(file, first) {
					t.Errorf("%s: another rendering differs (%v)", name, err)
				}
			})
		}
		wg.Wait()
		cutter = fonts.NewCutter(32)
		if again := render(t, doc); !bytes.Equal(again, first) {
			t.Errorf("%s: the bytes depend on the kept fonts", name)
		}
	}
}

func TestMissingRune(t *testing.T) {
	for name, page := range map[string]Page{
		"form value":  Form{Title: "表", Rows: []Row{Fields{Items: []Field{{Label: "姓名", Value: "王😀"}}}}},
		"form label":  Form{Title: "表", Rows: []Row{Fields{Items: []Field{{Label: "😀", Value: "王"}}}}},
		"form title":  Form{Title: "😀"},
		"long text":   Form{Title: "表", Rows: []Row{Long{Text: "王😀"}}},
		"signer":      Form{Title: "表", Rows: []Row{Opinion{Signers: []string{"王😀"}}}},
		"table":       Form{Title: "表", Rows: []Row{Table{Columns: []Column{{Title: "甲"}}, Rows: [][]string{{"王😀"}}}}},
		"prose":       Prose{Blocks: []Block{Paragraph{Text: "王😀"}}},
		"signature":   Prose{Signature: &Signature{Name: "😀局"}},
		"record line": Record{Title: "笔录", Lines: []Line{{Speaker: "问", Text: "😀？"}}},
		"sheet":       DeadlineSheet{Title: "表", Notes: []string{"😀"}},
	} {
		_, err := Render(Document{Page: page})
		var missing *MissingRune
		if !errors.As(err, &missing) || missing.Rune != '😀' || !strings.Contains(missing.Text, "😀") {
			t.Errorf("%s: got %v, want the missing character by name", name, err)
		}
	}
}

func TestEmptyPagesRender(t *testing.T) {
	for _, page := range []Page{Form{}, Prose{}, Record{}, DeadlineSheet{}} {
		for _, draft := range []bool{false, true} {
			if n := len(read(t, render(t, Document{Page: page, Draft: draft})).pages()); n != 1 {
				t.Errorf("%T: got %d pages, want 1", page, n)
			}
		}
	}
}

// TestTargets holds the size that a one-page paper may have.
func TestTargets(t *testing.T) {
	if n := len(render(t, filing())); n > 64<<10 {
		t.Errorf("the filing form has %d bytes, more than 64 KB", n)
	}
}
