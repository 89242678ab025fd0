package web_test

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"dossier/documents/sheet"
	"dossier/engine"
	"dossier/engine/calendar"
	"dossier/engine/ledger"
	"dossier/engine/listing"
	"dossier/engine/statistics"
	"dossier/engine/text"
	"dossier/seeds"
	"dossier/seeds/fixture"
)

// The figures of a period, each of which opens its cases; what moves is counted in the next answer.
func TestStatistics(t *testing.T) {
	b := newBureau(t)
	v := b.visit("captain")
	v.get("/statistics").want(http.StatusOK).says("main", "这段时间没有登记过案件").says("nav.nav", "统计")
	id := b.opened("任县甲建筑有限公司")
	b.opened("任县乙建筑有限公司")
	p := v.get("/statistics?by=source").want(http.StatusOK).says("h1", "统计").says("main", "接收日在本期内的案件").says("main", "责任清单四（九）二（一）1").says("svg.chart", "投诉")
	if got := p.text("main"); !strings.Contains(got, "收案（件）20") {
		t.Errorf("received: %s", got)
	}
	links := p.links("/statistics/cases")
	if len(links) == 0 {
		t.Fatal("no figure opens its cases")
	}
	v.get(links[0]).want(http.StatusOK).says("main", "任县甲建筑有限公司").says("main", "任县乙建筑有限公司").says("h1", "收案").says("div.title", "2件案件")
	b.do("clerk", id, "refer", nil)
	p = v.get("/statistics?by=outcome").want(http.StatusOK).says("main", "没有办结").says("main", "移送")
	behind := ""
	for _, a := range p.links("/statistics/cases") {
		if u, err := url.Parse(a); err == nil && u.Query().Get("measure") == "cases-done" && u.Query().Get("row") == "" {
			behind = a
		}
	}
	if got := v.get(behind).want(http.StatusOK).text("main"); !strings.Contains(got, "任县甲") || strings.Contains(got, "任县乙") {
		t.Errorf("done: %s", got)
	}
	b.visit("fund").get(behind).want(http.StatusOK).says("p.then", "另有1件您不能查看") // who sees none of the cases
	// the quotas of the period, each with its periods; the programs read the same
	if got := v.get("/statistics").links("/plans/training-"); len(got) == 0 {
		t.Error("no quota leads to its plan")
	}
	if got := v.get("/statistics?workflow=labour-case").want(http.StatusOK).links("/plans/training-"); len(got) > 0 {
		t.Errorf("a quota of one procedure: %v", got)
	}
	v.get("/statistics/cases?measure=colour").want(http.StatusNotFound)
	if p := v.get("/statistics/cases?measure=clock&clock=x&column=late").want(http.StatusOK); !strings.Contains(p.text("main"), "没有计入") {
		t.Error(p.text("main"))
	}
	p = v.get("/statistics/figures.xlsx?by=source").want(http.StatusOK)
	book, err := sheet.Read([]byte(p.body))
	if err != nil || len(book.Pages) != 6 {
		t.Errorf("%d sheets, %v", len(book.Pages), err)
	}
}

// torn is a store of which one case's row that statistics read is damaged.
type torn struct {
	ledger.Store
	id string
}

func (s torn) Scan(q ledger.Scan) ([]ledger.Entry, error) {
	es, err := s.Store.Scan(q)
	for i := range es {
		if q.Index == listing.IndexFact && es[i].ID == s.id {
			es[i].Value = es[i].Value[:len(es[i].Value)/2]
		}
	}
	return es, err
}

// A case that can't be read is named and not counted; the others are.
func TestStatisticsOverADamagedCase(t *testing.T) {
	b := newBureau(t)
	b.opened("任县甲建筑有限公司")
	hurt := b.opened("任县乙建筑有限公司")
	e, err := engine.New(fixture.Config(torn{b.Engine.Store, strconv.FormatInt(int64(hurt), 10)}, b.now.time, fixture.Brought(t).Editions...))
	if err != nil {
		t.Fatal(err)
	}
	told, err := statistics.New(e, seeds.Measures()).Told(statistics.Query{From: calendar.Of(2026, 1, 1), To: calendar.Of(2026, 12, 31)}, text.ZH)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(told.Damaged, []int64{int64(hurt)}) || told.Total[0].N != 1 {
		t.Errorf("damaged %v, %s %d", told.Damaged, told.Total[0].Title, told.Total[0].N)
	}
}

// A question that has no answer says what is wrong with it and what to ask.
func TestStatisticsOfNothing(t *testing.T) {
	v := newBureau(t).visit("captain")
	for query, want := range map[string]string{"from=2026-03-05&to=2026-03-01": "早于开始日期", "from=soon": "soon", "by=colour": "没有“colour”这种分类", "workflow=none": "没有“none”这个程序"} {
		v.get("/statistics?"+query).want(http.StatusUnprocessableEntity).says("p.fault", want)
		v.get("/statistics/figures.xlsx?" + query).want(http.StatusUnprocessableEntity)
	}
}
