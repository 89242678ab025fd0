package page

import (
	"net/url"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"dossier/engine/desk"
	"dossier/engine/procedure"
)

func TestDecode(t *testing.T) {
	for _, tt := range []struct {
		name, form string
		want       procedure.Values
	}{
		{"a text", "v.employer=宏达", procedure.Values{"employer": {Text: "宏达"}}},
		{"a field that is there and empty", "v.employer=", procedure.Values{"employer": {}}},
		{"a list, its mark beside it", "v.officers=&v.officers=a&v.officers=b", procedure.Values{"officers": {List: []string{"a", "b"}}}},
		{"a list of one", "v.officers=&v.officers=a", procedure.Values{"officers": {Text: "a"}}},
		{"nothing of a list", "v.officers=", procedure.Values{"officers": {}}},
		{"rows in the order of their numbers, empty ones left out", "t.w=&t.w.10.name=c&t.w.2.name=b&t.w.3.name=&t.w.2.owed=1",
			procedure.Values{"w": {Rows: []procedure.Cells{{"name": "b", "owed": "1"}, {"name": "c"}}}}},
		{"a table without rows", "t.w=", procedure.Values{"w": {Rows: []procedure.Cells{}}}},
		{"what has no shape", "t.w.x.name=a&t.w.-1.name=a&t.w.99999.name=a&t..1.a=b&v.=x&x=y&t.w.1=a", procedure.Values{"w": {Rows: []procedure.Cells{}}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			form, err := url.ParseQuery(tt.form)
			if err != nil {
				t.Fatal(err)
			}
			if got := Decode(form).Values; !reflect.DeepEqual(got, tt.want) {
				t.Errorf("have %v, want %v", got, tt.want)
			}
		})
	}
	got := Decode(url.Values{"day": {"2026-01-05"}, "seq": {"7"}, "key": {"k"}, "walk": {"evidence-2"}, "paper": {"3"}, "for": {"leader"}, "then": {"do"}, "back": {"/"}})
	if got.Day != "2026-01-05" || got.Seq != 7 || got.Key != "k" || got.Walk != "evidence-2" || got.Paper != 3 || got.For != "leader" || got.Then != "do" || got.Back != "/" {
		t.Errorf("have %+v", got)
	}
}

func TestPasted(t *testing.T) {
	columns := []procedure.Field{{ID: "name", Title: procedure.Label{ZH: "名称或者姓名", EN: "Name"}, Type: procedure.Text}, {ID: "owed", Title: procedure.Label{ZH: "应付"}, Type: procedure.Money},
		{ID: "left", Title: procedure.Label{ZH: "差额"}, Shows: &procedure.Show{}}, {ID: "paid", Title: procedure.Label{ZH: "已付"}, Type: procedure.Money},
		{ID: "kind", Title: procedure.Label{ZH: "类别（单位或者个人）"}, Type: procedure.ChoiceType, Choices: []procedure.Allowed{{Value: "unit", Label: procedure.Label{ZH: "单位"}}}}}
	for _, tt := range []struct {
		name, lines string
		want        []procedure.Cells
	}{
		{"in the order of the columns that are asked", "王某\t1\t2", []procedure.Cells{{"name": "王某", "owed": "1.00", "paid": "2.00"}}},
		{"with a first line of names", "已付\t姓名\t备注\r\n2\t王某\t好\r\n", []procedure.Cells{{"paid": "2.00", "name": "王某"}}},
		{"names with more than the column's", "姓名\t应付（元）\n王某\t2", []procedure.Cells{{"name": "王某", "owed": "2.00"}}},
		{"a choice by its words", "名称\t类别\n某公司\t单位\n李某\t自然人", []procedure.Cells{{"name": "某公司", "kind": "unit"}, {"name": "李某", "kind": "自然人"}}},
		{"amounts as a spreadsheet shows them", "王某\t\"18,600.00\"\t￥9\u00a0000元", []procedure.Cells{{"name": "王某", "owed": "18600.00", "paid": "9000.00"}}},
		{"what is no sum", "王某\t8600，50\t2万元", []procedure.Cells{{"name": "王某", "owed": "8600，50", "paid": "2万元"}}},
		{"more cells than columns, empty lines", "\n\na\t1\t2\t\t4\n\n", []procedure.Cells{{"name": "a", "owed": "1.00", "paid": "2.00"}}},
		{"a row of data that holds the columns' words", "某公司\t实际应付多少，已付多少，双方一直没有对清\t3", []procedure.Cells{{"name": "某公司", "owed": "实际应付多少，已付多少，双方一直没有对清", "paid": "3.00"}}},
		{"a name that is no column", "姓名", []procedure.Cells{{"name": "姓名"}}},
		{"nothing", " \n\t\n", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got, _ := Pasted(tt.lines, columns); !reflect.DeepEqual(got, tt.want) {
				t.Errorf("have %v, want %v", got, tt.want)
			}
		})
	}
	if _, left := Pasted("姓名\t实发\t已付\n王某\t1\t2", columns); !reflect.DeepEqual(left, []string{"实发"}) {
		t.Errorf("not read: %v", left)
	}
	if _, left := Pasted("王某\t1\t2", columns); left != nil {
		t.Errorf("no names, and not read: %v", left)
	}
	if rows, _ := Pasted(strings.Repeat("a\t1\n", MaxTableRows+100), columns); len(rows) != MaxTableRows {
		n := len(rows)
		t.Errorf("%d rows", n)
	}
}

func TestShapeFitsTheFieldsThatAreAsked(t *testing.T) {
	parts := []desk.BlankPart{{Form: &procedure.Form{}, Part: &procedure.Part{Fields: []procedure.Field{{ID: "officers", Type: procedure.People}, {ID: "note", Type: procedure.Text},
		{ID: "day", Shows: &procedure.Show{}}, {ID: "w", Type: procedure.Table}}}}}
	got := Shape(procedure.Values{"officers": {Text: "a"}, "note": {Text: "x"}, "day": {Text: "no"}, "other": {Text: "no"}, "w": {Text: "no"}}, parts)
	want := procedure.Values{"officers": {List: []string{"a"}}, "note": {Text: "x"}, "w": {}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("have %v, want %v", got, want)
	}
}

func TestLocal(t *testing.T) {
	for address, want := range map[string]string{"/cases?x=1": "/cases?x=1", "//evil": "/", "https://evil": "/", "": "/", "/\\evil": "/", "/a\nb": "/", "cases": "/"} {
		if got := Local(address); got != want {
			t.Errorf("%q: %q, want %q", address, got, want)
		}
	}
}

// FuzzDecode: whatever is sent, rows stay within bounds, and what was decoded can be sent again and is the same.
func FuzzDecode(f *testing.F) {
	for _, s := range []string{"v.a=1&v.a=2", "t.w.0.a=1&t.w.5.b=2&paste.w=a%09b", "day=2026-02-30&seq=x&then=row%3Aw", "t.w.1e3.a=1&v..=x&t.%ff.1.%fe=%fd"} {
		f.Add(s)
	}
	columns := []procedure.Field{{ID: "a", Title: procedure.Label{ZH: "甲"}}, {ID: "b", Title: procedure.Label{ZH: "乙"}, Type: procedure.Money}}
	f.Fuzz(func(t *testing.T, query string) {
		form, err := url.ParseQuery(query)
		if err != nil {
			return
		}
		got := Decode(form)
		again := url.Values{}
		for id, v := range got.Values {
			if len(v.Rows) > MaxTableRows {
				t.Fatalf("%d rows", len(v.Rows))
			}
			for i, row := range v.Rows {
				for column, text := range row {
					again.Set("t."+string(id)+"."+strconv.Itoa(i)+"."+string(column), text)
				}
			}
			if len(v.Rows) == 0 {
				again["v."+string(id)] = append([]string{""}, v.Strings()...)
			}
		}
		for id, v := range Decode(again).Values {
			if was := got.Values[id]; len(was.Rows) > 0 && !strings.Contains(string(id), ".") && !reflect.DeepEqual(v.Rows, was.Rows) {
				t.Fatalf("%q: %v became %v", id, was, v)
			}
		}
		for _, lines := range got.Paste {
			rows, _ := Pasted(lines, columns)
			for _, row := range rows {
				for column, cell := range row {
					if column != "a" && column != "b" || utf8.ValidString(lines) && !utf8.ValidString(cell) {
						t.Fatalf("%q in %q", cell, column)
					}
				}
			}
		}
	})
}
