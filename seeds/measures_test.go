package seeds

import (
	"strings"
	"testing"
	"testing/fstest"

	"dossier/engine/statistics"
)

// Every figure that is counted has its meaning, in the order of the file, and each cites its law.
func TestMeasures(t *testing.T) {
	if got, want := len(Measures()), len(statistics.Counted()); got != want {
		t.Errorf("%d meanings, %d figures", got, want)
	}
	for _, m := range Measures() {
		if m.Title.EN == "" || m.Means.ZH == "" || m.Means.EN == "" || len(m.Law.Cites) == 0 {
			t.Errorf("%s lacks something: %+v", m.ID, m)
		}
	}
}

func TestFaultyMeasures(t *testing.T) {
	line := "  - {measure: cases-received, zh: 收案, en: Received, unit: cases, means: {zh: 一, en: one}, law: [reg/1]}\n"
	for _, x := range []struct{ text, want string }{
		{line, "nothing says what is meant by cases-filed"},
		{line + line, `nothing counts "cases-received", or it stands before`},
		{strings.Replace(line, "unit: cases", "unit: case", 1), `no unit "case"`},
		{strings.Replace(line, "reg/1", "ours", 1), "ours without a reason"},
		{strings.Replace(line, "measure: cases-received", "measure: cases-recieved", 1), `did you mean "cases-received"`},
		{"  - [1]\n", "measures.yaml"},
	} {
		_, err := readMeasures(fstest.MapFS{"measures.yaml": {Data: []byte("measures:\n" + x.text)}})
		if err == nil || !strings.Contains(err.Error(), x.want) {
			t.Errorf("%s: %v, want %s", x.text, err, x.want)
		}
	}
}
