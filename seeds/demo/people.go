// Package demo is the county that `dossier serve --demo` shows: the people of a bureau and some forty cases, told as
// scenarios (county/*.yaml) with dates counted from today and played through the engine, so that nothing in them is impossible.
package demo

import (
	"dossier/engine/calendar"
	"dossier/engine/office"
	"dossier/engine/procedure"
)

// People are the demo county's users, in the order in which they are shown. The caller sets their passwords.
func People() []office.Person {
	people := make([]office.Person, len(staff))
	for i, s := range staff {
		p := office.Person{ID: s.id, Name: s.name, Section: s.section, Phone: s.phone, Lang: "zh"}
		for _, post := range s.posts {
			p.Posts = append(p.Posts, office.Held{Post: post})
		}
		if s.certificate != "" {
			p.Certificates = []office.Certificate{
				{Number: "1305260" + s.certificate, From: renewed.Add(-5 * 366), To: renewed.Add(-1)},
				{Number: "1305262" + s.certificate, From: renewed, To: calendar.Of(2036, 12, 31)},
			}
		}
		people[i] = p
	}
	return people
}

// renewed is the day from which the officers' present certificates run.
var renewed = calendar.Of(2024, 1, 1)

const (
	brigade  = "劳动监察大队"
	audit    = "社会保险稽核股"
	finance  = "基金和财务股"
	training = "就业训练中心"
)

type worker struct {
	id          office.PersonID
	name        string
	section     string
	phone       string
	posts       []procedure.Actor
	certificate string // the last digits of the enforcement certificate's number
}

var staff = []worker{
	{"clerk", "王雅静", brigade, "0319-7512206", []procedure.Actor{"clerk"}, ""},
	{"officer", "李建勋", brigade, "0319-7512209", []procedure.Actor{"officer"}, "03117"},
	{"officer2", "赵晓彤", brigade, "0319-7512209", []procedure.Actor{"officer"}, "03121"},
	{"officer3", "马宏斌", brigade, "0319-7512210", []procedure.Actor{"officer"}, "03126"},
	{"officer4", "田丽华", brigade, "0319-7512210", []procedure.Actor{"officer"}, "03134"},
	{"reviewer", "钱守义", brigade, "0319-7512207", []procedure.Actor{"reviewer"}, "03108"},
	{"captain", "孙国强", brigade, "0319-7512201", []procedure.Actor{"captain"}, "03101"},
	{"deputy", "吴振海", brigade, "0319-7512202", []procedure.Actor{"deputy"}, "03104"},
	{"legal", "郑明远", "法制办公室", "0319-7512233", []procedure.Actor{"legal"}, "03140"},
	{"recorder", "冯玉洁", "局办公室", "0319-7512212", []procedure.Actor{"recorder"}, ""},
	{"leader", "周海涛", "局领导", "0319-7590061", []procedure.Actor{"leader"}, ""},
	{"chair", "陈立新", "局领导", "0319-7590060", []procedure.Actor{"chair"}, ""},
	{"audit", "褚文博", audit, "0319-7512241", []procedure.Actor{"audit"}, "03152"},
	{"audit2", "卫淑琴", audit, "0319-7512241", []procedure.Actor{"audit"}, "03155"},
	{"audithead", "蒋志宏", audit, "0319-7512240", []procedure.Actor{"audit-head"}, "03150"},
	{"fund", "沈雪梅", finance, "0319-7513585", []procedure.Actor{"fund"}, "03161"},
	{"fund2", "韩宝山", finance, "0319-7513585", []procedure.Actor{"fund"}, "03163"},
	{"fundhead", "杨素芬", finance, "0319-7513580", []procedure.Actor{"fund-head"}, "03160"},
	{"section", "朱永辉", "工伤保险待遇审核股", "0319-7512255", []procedure.Actor{"section"}, ""},
	{"trainer", "秦凤霞", training, "0319-7512268", []procedure.Actor{"training"}, ""},
	{"trainer2", "许卫东", training, "0319-7512268", []procedure.Actor{"training"}, ""},
	{"admin", "施博", "局办公室", "0319-7512215", []procedure.Actor{"admin"}, ""},
}
