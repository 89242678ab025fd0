package register_test

import (
	"slices"
	"strings"
	"testing"

	"dossier/engine/procedure"
	"dossier/engine/register"
)

func law(cites ...string) procedure.Law {
	var l procedure.Law
	for _, s := range cites {
		c, err := procedure.ParseCitation(s)
		if err != nil {
			panic(err)
		}
		l.Cites = append(l.Cites, c)
	}
	return l
}

// small is a list of one regime, and a procedure that carries part of it.
func small(t *testing.T, silences ...register.Silence) (*register.Register, *register.Trace) {
	t.Helper()
	r, err := register.New(register.List{Parts: []register.Part{
		{ID: "一", Duties: []register.Duty{{ID: "一1", N: 1, Text: "监察", Items: []register.Item{{ID: "一1(1)", Text: "查处 案件", Sections: []string{"大队"}}}}}},
		{ID: "四", Paragraphs: []register.Paragraph{
			{ID: "四(一)", Text: "（一）监管"}, {ID: "四(一)", Text: "为了监管："},
			{ID: "四(一)一", Text: "一、流程"}, {ID: "四(一)一(一)", Text: "（一）立案。"}, {ID: "四(一)一(一)1", Text: "1、五日内立案。"}, {ID: "四(一)一(一)10", Text: "10、批准。"},
			{ID: "四(一)二", Text: "二、处理"}, {ID: "四(一)二", Text: "送达决定。"}, {ID: "四(一)二(一)", Text: "（一）送达回证。"},
			{ID: "四(一)三", Text: "三、考核"}, {ID: "四(一)三", Text: "每年考核一次。"},
		}},
	}}, []register.Act{{ID: "apl", Title: "处罚法", Articles: []register.Article{{N: "64", Text: []string{"听证。"}}}}}, silences, register.Routing{})
	if err != nil {
		t.Fatal(err)
	}
	d := &procedure.Definition{ID: "case", Source: procedure.Citation{Act: "list", Ref: "四(一)"}, Title: procedure.Label{ZH: "案件"},
		Statutes: []procedure.Statute{{ID: "apl", Title: procedure.Label{ZH: "处罚法"}}},
		Facts:    []procedure.Fact{{ID: "filed", Title: procedure.Label{ZH: "立案日"}, Law: law("list/四(一)一(一)1")}},
		Clocks:   []procedure.Clock{{ID: "filing", Title: procedure.Label{ZH: "立案期限"}, Law: law("list/四(一)一(一)1", "apl/64(二)")}},
		Open:     procedure.Action{ID: "open", Title: procedure.Label{ZH: "登记"}},
		Main: procedure.Walk{ID: procedure.Main, States: []procedure.State{
			{ID: "a", Actions: []procedure.Action{{ID: "approve", Title: procedure.Label{ZH: "批准"}, Decision: procedure.Approve, Law: law("list/四(一)一(一)10", "ours"),
				Guards: []procedure.Guard{{GuardCall: procedure.GuardCall{Name: "officers"}, Law: law("list/四(一)一(一)10")}}}}},
			{ID: "b", Actions: []procedure.Action{{ID: "approve", Title: procedure.Label{ZH: "批准"}, Decision: procedure.Approve, Law: law("list/四(一)一(一)10")},
				{ID: "serve", Title: procedure.Label{ZH: "送达"}, Law: law("list/四(一)二")}}},
		}}}
	forms := map[procedure.FormID]*procedure.Form{"F1": {ID: "F1", Title: procedure.Label{ZH: "表"}, Law: law("list/四(一)九", "apl/99"),
		Parts: []procedure.Part{{Fields: []procedure.Field{{ID: "x", Title: procedure.Label{ZH: "格"}, Law: law("list/四(一)一(一)1")}}}}}}
	return r, register.NewTrace([]*procedure.Edition{{Def: d}}, forms,
		register.Cited{Carrier: register.Carrier{Kind: register.Quota, ID: "q", Title: procedure.Label{ZH: "每年一次"}}, Law: law("list/四(一)二")})
}

func told(cs []register.Carrier) string {
	var all []string
	for _, c := range cs {
		all = append(all, string(c.Kind)+" "+strings.TrimSpace(c.ID+" "+c.Name))
	}
	return strings.Join(all, ", ")
}

// What cites a clause is told once, whatever state it stands in, gates before clocks, clocks before facts.
func TestTrace(t *testing.T) {
	_, tr := small(t)
	for ref, want := range map[string]string{
		"list/四(一)":       "procedure case",
		"list/四(一)一(一)1":  "field F1 x, clock filing, fact filed",
		"list/四(一)一(一)10": "gate approve, guard approve officers",
		"list/四(一)二":      "quota q, action serve",
		"list/四(一)三":      "",
		"apl/64(二)":       "clock filing",
	} {
		if got := told(tr.Of(law(ref).Cites[0])); got != want {
			t.Errorf("%s is carried by %q, want %q", ref, got, want)
		}
	}
	if got := tr.Cites(); got[0].Act != "list" || got[len(got)-1].Act != "apl" {
		t.Errorf("cites %v", got)
	}
	if tr.Title("apl") != "处罚法" || tr.Title("list") != "" {
		t.Errorf("titles %q, %q", tr.Title("apl"), tr.Title("list"))
	}
}

// A paragraph is carried by what cites it or the section it lies in, never by what cites the whole regime.
func TestStanding(t *testing.T) {
	r, tr := small(t, register.Silence{ID: "四(一)", Why: "其余"}, register.Silence{ID: "四(一)二(一)", Why: "回证另办"}, register.Silence{ID: "四(一)三", Why: "考核另办", Pending: true})
	for id, want := range map[string]string{"四(一)二": "by", "四(一)二(一)": "silent 回证另办", "四(一)一(一)1": "by", "四(一)一(一)": "silent 其余", "四(一)三": "silent 考核另办", "四(一)": "by"} {
		s, got := r.Standing(tr, id), ""
		switch {
		case len(s.By) > 0:
			got = "by"
		case s.Through != "":
			got = "through " + s.Through
		case s.Silence != nil:
			got = "silent " + s.Silence.Why
		}
		if got != want {
			t.Errorf("%s stands %q, want %q", id, got, want)
		}
	}
}

// Without a nearer reason the section carries what lies within it.
func TestThrough(t *testing.T) {
	r, tr := small(t, register.Silence{ID: "四(一)", Why: "其余"})
	if s := r.Standing(tr, "四(一)二(一)"); s.Through != "四(一)二" || s.Silence != nil || !s.Carried() {
		t.Errorf("%+v", s)
	}
}

// A gap is a paragraph without a carrier and without a reason; a reason for what is carried is stale. Headings ask for nothing.
func TestGaps(t *testing.T) {
	r, tr := small(t)
	if bare, stale := r.Gaps(tr); !slices.Equal(bare, []string{"四(一)三"}) || len(stale) != 0 {
		t.Errorf("gaps %v, stale %v", bare, stale)
	}
	r, tr = small(t, register.Silence{ID: "四(一)三", Why: "另办"}, register.Silence{ID: "四(一)一(一)1", Why: "不再成立"})
	if bare, stale := r.Gaps(tr); len(bare) != 0 || len(stale) != 1 || stale[0].ID != "四(一)一(一)1" {
		t.Errorf("gaps %v, stale %v", bare, stale)
	}
	if got := r.Unknown(tr); len(got) != 2 || got[0].String() != "list/四(一)九" || got[1].String() != "apl/99" {
		t.Errorf("unknown %v", got)
	}
}

func TestPlaces(t *testing.T) {
	for _, x := range []struct {
		id, above string
		want      bool
	}{
		{"四(九)二(二)", "四(九)", true}, {"四(九)二(二)", "四(九)二(二)", true}, {"四(九)二(三)15", "四(九)二(三)1", false}, {"四(九)二(三)1", "四(九)二(三)", true},
		{"四(九)二", "四(九)二(二)", false}, {"一10(2)", "一1", false}, {"一1(2)", "一1", true}, {"四(十)一", "四(十)", true}, {"四(四)六(一)(10)", "四(四)六(一)", true},
	} {
		if got := register.Within(x.id, x.above); got != x.want {
			t.Errorf("%s within %s: %v", x.id, x.above, got)
		}
	}
	for id, want := range map[string]string{"四(四)六(一)(10)": "四(四)六(一) 四(四)六 四(四) 四", "四(九)二(三)15": "四(九)二(三) 四(九)二 四(九) 四", "一10(2)": "一10 一", "四": ""} {
		if got := strings.Join(register.Above(id), " "); got != want {
			t.Errorf("above %s: %q, want %q", id, got, want)
		}
	}
	for id, want := range map[string]string{"四(九)二(二)": "四(九)", "四(九)": "四(九)", "一10(2)": "", "四": "", "二": ""} {
		if got := register.Regime(id); got != want {
			t.Errorf("regime of %s: %q, want %q", id, got, want)
		}
	}
}

// A word is found in the text across the spaces of the print, in the id and in the section, by initials too.
func TestFind(t *testing.T) {
	r, _ := small(t)
	for _, x := range []struct{ query, section, want string }{
		{"查处案件", "", "一1(1)"}, {"ccaj", "", "一1(1)"}, {"大队 查处", "", "一1(1)"}, {"四(一)二(一)", "", "四(一)二(一)"}, {"", "大队", "一1(1)"}, {"立案", "大队", ""}, {"没有的话", "", ""}, {"立案 五日", "", "四(一)一(一)1"},
	} {
		var got []string
		for _, e := range r.Find(x.query, x.section) {
			got = append(got, e.ID)
		}
		if strings.Join(got, " ") != x.want {
			t.Errorf("%q in %q finds %v, want %s", x.query, x.section, got, x.want)
		}
	}
}

func TestArticle(t *testing.T) {
	r, _ := small(t)
	for cite, want := range map[string]string{"apl/64": "听证。", "apl/64.1(二)": "听证。", "apl/63": "", "reg/64": ""} {
		_, a := r.Article(law(cite).Cites[0])
		if got := a != nil; got != (want != "") || a != nil && a.Text[0] != want {
			t.Errorf("%s: %v", cite, a)
		}
	}
}
