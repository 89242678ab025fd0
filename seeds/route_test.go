package seeds

import (
	"strings"
	"testing"
)

// What people say at the window finds its place, whoever has it: the brigade, another section, another department.
func TestRoute(t *testing.T) {
	r := Register()
	for _, x := range []struct{ said, to, id string }{
		{"老板拖欠我三个月工资，一直不给", "劳动监察大队", "四(九)一(六)"},
		{"在工地干活，包工头跑路了，十几个人的工钱没着落", "劳动监察大队", "四(九)一(六)"},
		{"公司一直没签合同", "劳动监察大队", "四(九)一(二)"},
		{"单位不给交社保", "劳动监察大队", "四(九)一(七)"},
		{"饭店里有十四岁的童工", "劳动监察大队", "四(九)一(三)"},
		{"天天加班到半夜，不让休息", "劳动监察大队", "四(九)一(五)"},
		{"怀孕了还让上夜班", "劳动监察大队", "四(九)一(四)"},
		{"被辞退了，要经济补偿，想申请仲裁", "劳动人事争议仲裁院", ""},
		{"工伤待遇怎么办", "工伤保险待遇审核股", ""},
		{"住院的医药费怎么报销", "任县医疗（生育）保险待遇审核股", ""},
		{"失业金怎么领", "失业保险待遇审核股", ""},
		{"评职称的材料交到哪里", "科干与职称管理股", ""},
		{"残疾人想参加创业培训", "残联", "二2(2)"},
		{"社保费征收找谁", "税务局", "二1(3)"},
		{"中介收了押金还扣身份证", "人力资源交流服务中心", "四(四)二(一)5"},
		{"举报有人冒领养老金", "稽核部门", "四(八)二(一)(二)1"},
		{"培训机构没有上课，培训是假的", "就业培训中心", ""},
		{"转业干部安置", "人事与福利教育股", ""},
		{"参加招聘会找工作", "人力资源交流服务中心", "三1"},
	} {
		ways := r.Route(x.said)
		if len(ways) == 0 || ways[0].To != x.to || x.id != "" && ways[0].ID != x.id {
			t.Errorf("%s: %v, want %s %s", x.said, ways, x.to, x.id)
			continue
		}
		w := ways[0]
		if w.Ours != (x.to == "劳动监察大队") || w.Other != strings.HasPrefix(x.id, "二") || w.Other != (len(w.Bases) > 0) {
			t.Errorf("%s: ours %v, another's %v by %q", x.said, w.Ours, w.Other, w.Bases)
		}
		for i, a := range ways {
			for _, b := range ways[:i] {
				if a.To == b.To {
					t.Errorf("%s: %s twice", x.said, a.To)
				}
			}
		}
	}
	for _, said := range []string{"", "  ，。", "abc", "月亮上有没有兔子"} {
		if ways := r.Route(said); len(ways) != 0 {
			t.Errorf("%q leads to %v", said, ways)
		}
	}
}

// Each word that the routing takes for one of the list's stands in the list.
func TestRoutingSpeaksTheListsWords(t *testing.T) {
	r := Register()
	for _, g := range r.Routing.Words {
		for _, w := range g.List {
			there := false
			for _, e := range r.Entries() {
				there = there || strings.Contains(strings.Join(strings.Fields(e.Text), ""), w)
			}
			if !there {
				t.Errorf("%q is not in the list", w)
			}
		}
	}
}
