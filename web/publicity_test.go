package web_test

import (
	"archive/zip"
	"io"
	"net/http"
	"strings"
	"testing"

	"dossier/engine/procedure"
)

// What is published by when; an office without a decision reads what will stand there.
func TestPublicity(t *testing.T) {
	v := newBureau(t).visit("captain")
	v.get("/publicity").want(http.StatusOK).says("main", "没有需要公示的决定").says("nav.tabs", "执法公示")
	v.get("/publicity?from=2026-03-05&to=2026-03-01").want(http.StatusUnprocessableEntity).says("p.fault", "早于开始日期")
	v.get("/publicity?from=soon").want(http.StatusUnprocessableEntity).says("p.fault", "soon")
	v.get("/publicity/list.xlsx").want(http.StatusOK)
}

// A decision stands there from its day on: nobody decided yet, decided by whom, published where, or too late; who decides not
// to publish is named too.
func TestPublicityOfADecision(t *testing.T) {
	b := newBureau(t)
	id, other := b.investigated("任县甲建筑有限公司"), b.investigated("任县乙纺织有限公司")
	b.do("officer", id, "penalise-on-the-spot", nil)
	b.do("officer", other, "penalise-on-the-spot", nil)
	v := b.visit("leader")
	v.get("/publicity").want(http.StatusOK).says("table", "还没有决定是否公开").says("table", "2026年3月11日") // seven working days
	if got := v.get(caseAt(id)).want(http.StatusOK).links(caseAt(id) + "/do/decide-publication"); len(got) == 0 {
		t.Error("the leader isn't led to the decision")
	}
	b.do("leader", id, "decide-publication", nil)
	b.do("leader", other, "decide-publication", procedure.Values{"publish": procedure.TextValue("no")})
	v.get("/publicity").says("table", "等待公示").says("table", "周局2026年3月2日决定公开").says("table", "周局2026年3月2日决定不公开")
	b.do("officer", id, "publish-penalty", procedure.Values{"violation": procedure.TextValue("拖欠张某（130526198001011234，电话13803191234）工资")})
	v.get("/publicity").says("table", "已公示").says("table", "任县人民政府网站")
	list := v.get("/publicity/list.xlsx").want(http.StatusOK).body
	z, err := zip.NewReader(strings.NewReader(list), int64(len(list)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open("xl/worksheets/sheet1.xml")
	if err != nil {
		t.Fatal(err)
	}
	rows, err := io.ReadAll(f)
	if err != nil || !strings.Contains(string(rows), "拖欠张某（130*************34，电话138******34）工资") || strings.Contains(string(rows), "任县乙纺织有限公司") {
		t.Errorf("published: %s, %v", rows, err)
	}
}
