package web_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"dossier/engine"
	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/desk"
	"dossier/engine/office"
	"dossier/engine/procedure"
)

// newVersion opens the office anew with a version of the labour case in which the filing may take eight working days.
func (b *bureau) newVersion() {
	b.t.Helper()
	now := b.Workflow("labour-case")
	def := *now.Def
	def.Version++
	def.Clocks = slices.Clone(def.Clocks)
	i := slices.IndexFunc(def.Clocks, func(c procedure.Clock) bool { return c.ID == "filing" })
	def.Clocks[i].Within.Period = &calendar.Period{N: 8, Unit: calendar.Workdays}
	next := &procedure.Edition{Hash: strings.Repeat("0", 64), Def: &def, Forms: now.Forms}
	b.restart(func(c *engine.Config) { c.Editions = append(slices.Clone(c.Editions), next) })
}

// The cases on the older version are listed with their old and new due days; the chosen ones move, each with a record; one
// that has moved on since, or is there already, doesn't stop the others.
func TestMoveCasesToANewVersion(t *testing.T) {
	b := newBureau(t)
	one, two, three := b.atGate("任县宏达建筑劳务有限公司"), b.opened("任县锦绣餐饮有限公司"), b.opened("任县拖延建筑有限公司")
	old := b.Workflow("labour-case").Def.Version
	b.newVersion()
	v := b.visit("admin")
	link := "/admin/procedures/labour-case/cases"
	v.get("/admin/procedures/labour-case").want(200).says("p.then", "3")
	if p := b.visit("captain").get("/admin/procedures/labour-case").want(200); len(p.all("p.then")) != 0 {
		t.Error("the captain is asked to move cases")
	}
	p := v.get(link).want(200).says("table.moves", "任县宏达建筑劳务有限公司").says("table.moves", "立案3月9日3月12日")
	var choices []string
	for _, n := range p.all("input[name=case]") {
		choices = append(choices, attr(n, "value"))
	}
	if len(choices) != 3 {
		t.Fatalf("choices %q", choices)
	}
	v.post(link, url.Values{"reason": {"修订"}}).want(422).says("div#summary", "请选择案件")
	v.post(link, url.Values{"case": choices[:1]}).want(422).says("div#summary", "请写理由")

	b.do("clerk", two, "submit-filing", nil) // meanwhile
	chosen := url.Values{"case": append(slices.Clone(choices[:2]), choices[0], "x", "99.1"), "reason": {"责任清单修订"}}
	v.post(link, chosen).want(200).says("section#done", "已转到新版").says("section#done", "没有转，请再核对").says("section#done", "不能转")
	v.post(link, chosen).want(200).says("section#done", "已经在新版") // a second press
	if got := b.versions(one, two, three); !slices.Equal(got, []int{old + 1, old, old}) {
		t.Errorf("versions %v", got)
	}
	b.visit("captain").get(caseAt(one)).want(200).says("ul.story", fmt.Sprintf("施管 转到新版程序：第%d版 → 第%d版，立案 3月9日 → 3月12日；理由：责任清单修订", old, old+1)).says("span.due", "3月12日").
		says("ul.story", "钱审 审核通过")
	v.post(link, url.Values{"all": {"1"}, "reason": {"责任清单修订"}}).want(200).says("p.empty", "没有按旧版办理")
	if got := b.versions(one, two, three); !slices.Equal(got, []int{old + 1, old + 1, old + 1}) {
		t.Errorf("versions %v", got)
	}
	v.get("/admin/procedures/none/cases").want(404)
}

func (b *bureau) versions(ids ...casefile.CaseID) []int {
	b.t.Helper()
	var ns []int
	for _, id := range ids {
		view, err := desk.View(b.Engine, office.System, id)
		if err != nil {
			b.t.Fatal(err)
		}
		ns = append(ns, view.Case.Version)
	}
	return ns
}
