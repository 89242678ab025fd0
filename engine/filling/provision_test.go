package filling

import "testing"

// A text of provisions cites every act with its article.
func TestProvisionsAreCited(t *testing.T) {
	for s, want := range map[string]string{
		"《中华人民共和国劳动合同法》第三十条":           "",
		"《劳动法》第五十条、《劳动合同法》第三十条":        "",
		"《中华人民共和国行政处罚法》（2021年修订）第三十三条": "",
		"《社会保险稽核事项监管制度》五（五）":           "",
		"劳动合同法第三十条":                    "",
		"《劳动法》《劳动合同法》第三十条":             "《劳动法》",
		"《中华人民共和国行政处罚法》（2021年修订）":      "《中华人民共和国行政处罚法》（2021年修订）",
		"劳动保障监察的有关规定":                  "有关规定",
		"《劳动法》第五十条和相关法律、法规的规定":         "相关法律、法规的规定",
		"拖欠工资": "拖欠工资",
	} {
		if got := uncited(s); got != want {
			t.Errorf("%s: %q, want %q", s, got, want)
		}
	}
}
