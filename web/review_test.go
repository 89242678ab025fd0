package web_test

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"dossier/engine/casefile"
	"dossier/engine/change"
	"dossier/engine/ledger"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/selfcheck"
	"dossier/engine/specimen"
	"dossier/web"
	"dossier/web/page"
)

// A file is checked as it stands: what is broken with where, what mends it one press away; mended, it is in order.
func TestSelfCheckOfACase(t *testing.T) {
	b := newBureau(t)
	id := b.investigated("任县甲建筑有限公司")
	v := b.visit("officer")
	at := caseAt(id) + "/review"
	if got := v.get(caseAt(id)).want(http.StatusOK).links(at); len(got) != 1 {
		t.Fatalf("the case leads to its self-check by %v", got)
	}
	p := v.get(at).want(http.StatusOK).says("h1", "案卷自检").says("div.title", "98 分")
	p.says("ul.broken", "审批表没有签名的扫描件").says("ul.broken", "劳动保障监察立案审批表 任人社监立").says("ul.broken", "补救：上传签名的扫描件").says("span.light", "案卷不整齐")
	if got := p.links(caseAt(id) + "/do/attach"); len(got) != 1 {
		t.Errorf("mended by %v", got)
	}
	p.says("details", "没有：立案超过法定期限")

	b.now.set(b.now.time().Add(200 * 24 * time.Hour))
	v = b.visit("officer")
	p = v.get(at).want(http.StatusOK).says("ul.broken", "调查超过期限，没有按时延长或者终结").says("ul.broken", "还没有办结").says("span.light", "缺法定步骤或者文书").says("details.clause", "60个工作日内完成")
	if strings.Contains(p.text("main"), "{") || strings.Contains(p.text("main"), "review.") {
		t.Errorf("words are missing: %s", p.text("main"))
	}

	fund := b.visit("fund")
	fund.get(at).want(http.StatusNotFound)
	v.get("/cases/99/review").want(http.StatusNotFound)
}

// A program without rules has no such pages, and no link to one.
func TestNoSelfCheckWithoutRules(t *testing.T) {
	b := newBureau(t)
	id := b.opened("任县甲建筑有限公司")
	bare := httptest.NewServer(web.New(b.Engine, page.Options{Log: slog.New(slog.DiscardHandler)}))
	defer bare.Close()
	v := b.visit("")
	v.base = bare.URL
	v.post("/login", url.Values{"name": {"clerk"}, "password": {password}})
	if got := v.get(caseAt(id)).want(http.StatusOK).links(caseAt(id) + "/review"); len(got) != 0 {
		t.Errorf("leads to %v", got)
	}
	v.get(caseAt(id) + "/review").want(http.StatusNotFound)
	v.get("/review").want(http.StatusNotFound)
	p := v.get("/admin/procedures").want(http.StatusOK)
	if got := append(p.links("/review"), p.links("/register")...); len(got) != 0 {
		t.Errorf("leads to %v", got)
	}
}

// Files that were drawn go into the review of files that waits for its list, with the seed; nothing is typed twice.
func TestDrawnFilesFeedAReview(t *testing.T) {
	b := newBureau(t)
	b.do("clerk", b.opened("任县甲建筑有限公司"), "refer", nil)
	data, err := json.Marshal(office.Person{ID: "legal", Name: "郑法", Password: b.Office().Person("admin").Password, Posts: []office.Held{{Post: "legal"}}})
	if err == nil {
		err = change.KeepRecords(t.Context(), b.Engine, ledger.RecordWrite{Kind: ledger.KindPerson, ID: "legal", Data: data, Ledgered: true})
	}
	if err != nil {
		t.Fatal(err)
	}
	c := casefile.Command{Workflow: "file-review", Action: "open", Actor: "legal"}
	if c.Values, _, err = specimen.Samples(b.Engine, c, map[procedure.Actor][]office.PersonID{"legal": {"legal"}}); err != nil {
		t.Fatal(err)
	}
	out, err := b.Do(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	of := out.Case.ID
	if got := b.visit("captain").get("/review?draw=1&seed=0417").want(http.StatusOK).links(caseAt(of) + "/do/select-files"); len(got) != 0 {
		t.Errorf("who may not submit the files is led to it by %v", got)
	}
	v := b.visit("legal")
	got := v.get("/review?draw=1&seed=0417").want(http.StatusOK).says("p.then", "把这1件填进评查").links(caseAt(of) + "/do/select-files?")
	if len(got) != 1 {
		t.Fatalf("the review is fed by %v", got)
	}
	form := v.get(got[0]).want(http.StatusOK).form(caseAt(of) + "/do/select-files")
	if form.Get("t.case-files.0.party") != "任县甲建筑有限公司" || form.Get("t.case-files.0.closed-on") != "2026-03-02" || form.Get("v.drawn-from") != "从1件中按号码0417抽取1件" || !slices.Contains(form["v.chosen-how"], "drawn") {
		t.Errorf("filled with %v", form)
	}
}

// The cases that ended in a period, the worst first, with where their faults are.
func TestSelfCheckOfAPeriod(t *testing.T) {
	b := newBureau(t)
	id := b.opened("任县甲建筑有限公司")
	b.do("clerk", id, "refer", nil)
	b.opened("任县乙建筑有限公司")
	v := b.visit("captain")
	p := v.get("/review").want(http.StatusOK).says("h1", "案卷自检").says("div.title", "1 件，平均 96.0 分").says("table", "任县甲建筑有限公司").says("nav.tabs", "案卷自检")
	if got := p.links(caseAt(id) + "/review"); len(got) != 1 || strings.Contains(p.text("table"), "任县乙") {
		t.Errorf("the cases are %s", p.text("table"))
	}
	v.get(caseAt(id)+"/review").want(http.StatusOK).says("ul.broken", "缺少应当入卷的文书或者记录").says("ul.broken", "没有") // whoever complained was told nothing
	v.get("/review?draw=1&seed=0417").want(http.StatusOK).says("p.then", "从1件中按号码0417抽取了1件").says("table", "任县甲建筑有限公司")
	v.get("/review?from=2026-01-01&to=2026-01-31").want(http.StatusOK).says("main", "这段时间没有办结的案件")
	for query, want := range map[string]string{"from=2026-03-05&to=2026-03-01": "截止日早于起始日", "from=soon": "soon", "workflow=none": "没有这种案件的自检规则"} {
		v.get("/review?"+query).want(http.StatusUnprocessableEntity).says("p.fault", want)
	}
	b.visit("fund").get("/review").want(http.StatusOK).says("main", "没有办结的案件") // who sees none of the cases

	// Once no day alone changes it any more, what was found is kept until the file moves.
	b.now.set(b.now.time().AddDate(0, 2, 0))
	v = b.visit("captain")
	kept := func() []ledger.Record {
		t.Helper()
		v.get("/review").want(http.StatusOK).says("table", "任县甲建筑有限公司")
		all, err := b.Engine.Store.Records(selfcheck.KindFound, "", 0)
		if err != nil || len(all) != 1 {
			t.Fatalf("%d kept, %v", len(all), err)
		}
		return all
	}
	first := kept()
	if kept()[0].Seq != first[0].Seq {
		t.Error("kept again though nothing moved")
	}
	b.do("captain", id, "note", procedure.Values{"text": procedure.TextValue("已经说明原因")})
	if again := kept(); again[0].Seq != first[0].Seq+1 {
		t.Errorf("kept %s after %s", again[0].Data, first[0].Data)
	}
}
