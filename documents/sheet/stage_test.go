package sheet_test

import (
	"crypto/rand"
	"encoding/json"
	"sync"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"dossier/documents"
	"dossier/engine"
	"dossier/engine/calendar"
	"dossier/engine/change"
	"dossier/engine/ledger"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/seeds"
	"dossier/store/bolt"
	"dossier/workflows"
)

// county are the procedures and forms that the program brings, read once.
var county = sync.OnceValues(func() ([]*procedure.Edition, error) {
	forms, err := documents.Load(documents.Embedded())
	if err != nil {
		return nil, err
	}
	loaded, err := workflows.All(forms, nil)
	if err != nil {
		return nil, err
	}
	var eds []*procedure.Edition
	for _, l := range loaded {
		ed := &procedure.Edition{Hash: l.Hash, Def: l.Definition, Forms: map[procedure.FormID]*procedure.Form{}}
		for _, id := range l.Definition.Forms() {
			ed.Forms[id] = forms[id]
		}
		eds = append(eds, ed)
	}
	return eds, nil
})

func editionOf(t testing.TB, id procedure.WorkflowID) *procedure.Edition {
	t.Helper()
	eds, err := county()
	if err != nil {
		t.Fatal(err)
	}
	for _, ed := range eds {
		if ed.Def.ID == id {
			return ed
		}
	}
	t.Fatalf("no procedure %s", id)
	return nil
}

// bureau is an office on 2 March 2026, a Monday, with a person for each post.
func bureau(t testing.TB) *engine.Engine {
	t.Helper()
	eds, err := county()
	if err != nil {
		t.Fatal(err)
	}
	st, err := bolt.Open(t.TempDir(), bolt.Options{Create: true, Owner: t.Name()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	now := time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC)
	e, err := engine.New(engine.Config{Store: st, Renderer: documents.NewRenderer(nil), Editions: eds, Calendar: calendar.New(seeds.Schedules()...),
		Settings: seeds.Settings(), Book: seeds.Standards(), Clauses: seeds.Clauses(), Now: func() time.Time { return now }, Random: rand.Reader})
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
