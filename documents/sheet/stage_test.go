package sheet_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"dossier/documents"
	"dossier/engine"
	"dossier/engine/calendar"
	"dossier/engine/change"
	"dossier/engine/ledger"
	"dossier/engine/office"
	"dossier/seeds/fixture"
)

// bureau is an office on 2 March 2026, a Monday, with a person for each post.
func bureau(t testing.TB) *engine.Engine {
	t.Helper()
	now := time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC)
	config := fixture.Config(fixture.Bolt(t), func() time.Time { return now }, fixture.Brought(t).Editions...)
	config.Renderer = documents.NewRenderer(nil)
	e, err := engine.New(config)
	if err != nil {
		t.Fatal(err)
	}
	var ws []ledger.RecordWrite
	for _, p := range []office.Person{
		{ID: "clerk", Name: "王窗", Posts: []office.Held{{Post: "clerk"}}}, {ID: "captain", Name: "孙队", Posts: []office.Held{{Post: "captain"}}},
		{ID: "officer", Name: "李察", Posts: []office.Held{{Post: "officer"}}}, {ID: "officer2", Name: "赵办", Posts: []office.Held{{Post: "officer"}}},
		{ID: "officer3", Name: "李察", Posts: []office.Held{{Post: "officer"}}}, {ID: "officer4", Name: "周无证", Posts: []office.Held{{Post: "officer"}}},
	} {
		if p.Posts[0].Post == "officer" && p.ID != "officer4" {
			p.Certificates = []office.Certificate{{Number: "1305260" + string(p.ID), From: calendar.Of(2024, 1, 1), To: calendar.Of(2029, 12, 31)}}
		}
		if p.ID == "officer3" {
			p.Name = "钱察"
		}
		data, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		ws = append(ws, ledger.RecordWrite{Kind: ledger.KindPerson, ID: string(p.ID), Data: data, Ledgered: true})
	}
	if err := change.KeepRecords(t.Context(), e, ws...); err != nil {
		t.Fatal(err)
	}
	return e
}

// written is a spreadsheet of these sheets: name → rows of cells.
func written(t testing.TB, pages map[string][][]any, order ...string) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	for i, name := range order {
		if i == 0 {
			if err := f.SetSheetName("Sheet1", name); err != nil {
				t.Fatal(err)
			}
		} else if _, err := f.NewSheet(name); err != nil {
			t.Fatal(err)
		}
		for r, row := range pages[name] {
			at, err := excelize.CoordinatesToCellName(1, r+1)
			if err == nil {
				err = f.SetSheetRow(name, at, &row)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	b, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// titles of the columns that the tests' sheets have, and a row that is right, but for its party and its number.
var titles = []any{"序号", "当事人名称", "现在的环节", "接收日", "案号", "承办人员", "案件来源", "当事人类别", "统一社会信用代码", "地址", "法定代表人（负责人）", "联系人", "联系电话",
	"案由", "案件基本情况", "是否拖欠农民工工资", "违法行为是否仍在持续", "违法行为终了日", "立案日"}

func right(key, party, number string) []any {
	return []any{key, party, "调查", "2026年1月5日", number, "李察、赵办", "投诉", "单位", "91130526MA0F7K2Q3W", "任县任城镇昌平大街118号", "郭新磊", "田敏", "0319-7518633",
		"拖欠农民工工资", "完工后一直没有结清工资。", "是", "否", "2025-12-20", "2026/1/9"}
}
