package layout

import (
	"strconv"
	"strings"
)

// filing is the form for approving that a case is filed, as it stands after approval.
func filing() Document {
	return Document{
		Title: "劳动保障监察立案审批表",
		Code:  "19-1-7K3F",
		Page: Form{
			Title:  "劳动保障监察立案审批表",
			Number: "任人社监立〔2026〕19号",
			Rows: []Row{
				Fields{Items: []Field{{Label: "案件来源", Value: "投诉"}, {Label: "受理日期", Value: "2026年1月5日"}}},
				Fields{Items: []Field{{Label: "案由", Value: "拖欠农民工工资"}, {Label: "人数和金额", Value: "8人　128\u00a0400.00元"}}},
				Fields{Items: []Field{{Label: "当事人", Value: "任县宏达建筑劳务有限公司"}}},
				Fields{Items: []Field{{Label: "地址", Value: "任县任城镇建设路116号"}}},
				Fields{Items: []Field{{Label: "统一社会信用代码", Value: "91130526MA0K9Q7T39"}, {Label: "法定代表人", Value: "陈宏达"}}},
				Fields{Items: []Field{{Label: "证件类型", Value: "居民身份证"}, {Label: "证件号码", Value: "130526197804120000"}}},
				Fields{Items: []Field{{Label: "联系人", Value: "郝錞（项目负责人）"}, {Label: "联系电话", Value: "0319-7590126"}}},
				Long{Label: "案件基本情况及涉嫌违反的法律法规", Text: "2026年1月5日，王福顺等8人投诉：2025年8月至12月，其在任县宏达建筑劳务有限公司承接的任县锦绣花园二期工程从事木工作业，工资共计128\u00a0400.00元，该公司以工程款未结清为由至今未付。投诉人提交了考勤表、工资结算单。\n该公司涉嫌违反《中华人民共和国劳动法》第五十条和《保障农民工工资支付条例》第三条第一款、第十二条的规定。"},
				Opinion{Label: "承办意见", Note: "（监察员）", Text: "投诉请求属于劳动保障监察事项，被投诉单位用工地在本县，违法行为发生在二年以内，有证据初步证明，建议立案调查。", Signers: []string{"李察", "赵办"}, Day: "2026年1月6日"},
				Opinion{Label: "审核意见", Note: "（审核人员）", Text: "所填内容与投诉登记表、考勤表、工资结算单相符，材料齐全，符合立案条件，同意报请批准。", Signers: []string{"钱审"}, Day: "2026年1月8日"},
				Opinion{Label: "审批意见", Note: "（大队长）", Text: "同意立案。指定李察、赵办为承办人员，由李察主办。", Signers: []string{"孙队"}, Day: "2026年1月9日"},
				Fields{Items: []Field{{Label: "立案日", Value: "2026年1月9日"}, {Label: "指定承办人及执法证号", Value: "李察（主办） 13052600117\n赵办（协办） 13052600123"}}},
				Fields{Items: []Field{{Label: "备注", Value: "投诉人名册及欠薪明细附后（1页）。"}}},
			},
		},
	}
}

// extension is the form for extending an investigation, before its gates.
func extension() Document {
	return Document{
		Title: "劳动保障监察延长调查期限审批表",
		Draft: true,
		Page: Form{
			Title: "劳动保障监察延长调查期限审批表",
			Rows: []Row{
				Fields{Items: []Field{{Label: "案号", Value: "任人社监立〔2026〕19号"}, {Label: "案由", Value: "拖欠农民工工资"}}},
				Fields{Items: []Field{{Label: "当事人", Value: "任县宏达建筑劳务有限公司"}}},
				Fields{Items: []Field{{Label: "立案日", Value: "2026年1月9日"}, {Label: "原到期日", Value: "2026年4月10日"}}},
				Fields{Items: []Field{{Label: "已用工作日", Value: "57个（截至4月7日）"}, {Label: "拟延长至", Value: "2026年5月26日"}}},
				Long{Label: "延长期限\n理由", Height: 65, Text: "一、涉案工程存在再分包，宏达公司与木工班组之间的结算单由班组长代签，8名农民工的工作量和工资标准须逐人核对，现已核对5人，尚有3人返乡，约定4月中旬返回接受询问。\n二、宏达公司称部分工资已由总承包单位代发，须向总承包单位调取农民工工资专用账户流水，调查询问书已于2026年4月1日送达，答复期限为4月15日。\n上述事项在原期限内不能完成。根据《劳动保障监察条例》第十七条，拟申请延长调查期限30个工作日。"},
				Opinion{Label: "承办意见", Note: "（承办人员）", Signers: []string{"", ""}},
				Opinion{Label: "审核意见", Note: "（大队长）"},
				Opinion{Label: "审批意见", Note: "（局领导）"},
				Fields{Items: []Field{{Label: "批准日", Day: true}, {Label: "告知投诉人\n日期", Day: true}}},
			},
		},
	}
}

// notice is the notice before a penalty, two pages of prose.
func notice() Document {
	return Document{
		Title: "劳动保障监察行政处罚告知书",
		Code:  "19-9-4M8Q",
		Page: Prose{
			Titles:    []string{"任县人力资源和社会保障局", "劳动保障监察行政处罚告知书"},
			Number:    "任人社监告〔2026〕7号",
			Addressee: "任县宏达建筑劳务有限公司：",
			Blocks: []Block{
				Paragraph{Text: "你单位涉嫌拖欠农民工工资一案，本局于2026年1月9日立案（任人社监立〔2026〕19号），现已调查终结。根据《中华人民共和国行政处罚法》第四十四条、《劳动保障监察条例》第十九条的规定，现将拟作出的行政处罚内容及事实、理由、依据和你单位依法享有的权利告知如下："},
				Subhead{Text: "一、违法事实", Level: 1},
				Paragraph{Text: "经查，你单位在任县锦绣花园二期工程劳务作业中，拖欠王福顺等8名农民工工资128\u00a0400.00元，欠薪期间为2025年8月至12月。2026年4月21日，本局向你单位送达《劳动保障监察限期改正指令书》（任人社监令〔2026〕11号），责令你单位在2026年5月6日前足额支付。经5月7日复查，你单位仍未支付。"},
				Paragraph{Text: "以上事实，有投诉登记表、考勤表、工资结算单、询问笔录、限期改正指令书及送达回证、复查笔录等证据证实。"},
				Subhead{Text: "二、处罚理由和依据", Level: 1},
				Paragraph{Text: "你单位拖欠农民工工资，违反了《中华人民共和国劳动法》第五十条和《保障农民工工资支付条例》第三条第一款、第十二条的规定；经责令改正拒不改正，属于《劳动保障监察条例》第三十条第一款第（三）项规定的行为。你单位系首次被责令改正，未引发群体性事件，裁量情节为一般。"},
				Subhead{Text: "三、拟作出的行政处罚", Level: 1},
				Paragraph{Text: "依据《劳动保障监察条例》第三十条第一款的规定，本局拟对你单位处以罚款人民币8\u00a0000.00元（大写：捌仟元整）。所欠工资由本局另行依法处理，支付义务不因处罚而免除。"},
				Subhead{Text: "四、你单位享有的权利", Level: 1},
				Paragraph{Text: "根据《中华人民共和国行政处罚法》第七条、第四十五条的规定，你单位有权进行陈述和申辩。陈述、申辩意见请于收到本告知书之日起5个工作日内，以书面或者口头方式向本局劳动保障监察大队提出；逾期未提出的，视为放弃陈述、申辩。本局不因你单位陈述、申辩而给予更重的处罚。"},
				Contact{Lines: []string{"联系人：李察、赵办　电话：0319-7590068", "地　址：任县任城镇人民路52号，劳动保障监察大队"}},
			},
			Signature: &Signature{Name: "任县人力资源和社会保障局", Day: "2026年5月14日", Seal: true},
		},
	}
}

// inquiry is a record of questions and answers that goes on over pages.
func inquiry() Document {
	rec := Record{
		Title:  "劳动保障监察询问笔录",
		Number: "案号　任人社监立〔2026〕19号",
		Head: []Row{
			Fields{Items: []Field{{Label: "询问时间", Value: "2026年1月20日9时05分至10时40分"}}},
			Fields{Items: []Field{{Label: "询问地点", Value: "任县人力资源和社会保障局劳动保障监察大队询问室"}}},
			Fields{Items: []Field{{Label: "询问人", Value: "李察　13052600117"}, {Label: "询问人", Value: "赵办　13052600123"}}},
			Fields{Items: []Field{{Label: "被询问人", Value: "王福顺"}, {Label: "性别", Value: "男"}, {Label: "年龄", Value: "46"}}},
			Fields{Items: []Field{{Label: "身份证号", Value: "132226198003150018"}, {Label: "联系电话", Value: "13800000000"}}},
			Fields{Items: []Field{{Label: "工作单位及职务", Value: "任县宏达建筑劳务有限公司木工"}}},
		},
		Signs: []string{"被询问人", "询问人", "记录人"},
		Lines: []Line{
			{Text: "我们是任县人力资源和社会保障局劳动保障监察员李察、赵办，现依法向你询问，请你如实回答。这是我们的执法证件，请过目。"},
			{Speaker: "问", Text: "你是否申请我们回避？"},
			{Speaker: "答", Text: "看过了，不申请回避。"},
		},
	}
	for range 7 {
		rec.Lines = append(rec.Lines,
			Line{Speaker: "问", Text: "你在锦绣花园二期工程的工作时间、工资标准和已领工资各是多少？"},
			Line{Speaker: "答", Text: "2025年8月3日进场，12月20日离场，干木工，每日280元，一共出勤112个工，应得31\u00a0360.00元，公司先后给过12\u00a0760.00元生活费，还欠18\u00a0600.00元。班组长有考勤表，我手机里有工资结算单的照片。"},
		)
	}
	rec.Lines = append(rec.Lines, Line{Speaker: "答", Text: "以上笔录我看过，与我说的一样。"})
	return Document{Title: rec.Title, Code: "19-3-8PQR", Page: rec}
}

// wages is a form with a table of workers over several pages.
func wages() Document {
	table := Table{
		Columns: []Column{{Title: "序号", Width: 12, Align: Center}, {Title: "姓名", Width: 22, Align: Center}, {Title: "身份证号", Width: 44, Align: Center},
			{Title: "欠薪期间"}, {Title: "应付（元）", Width: 24, Align: Right}, {Title: "差额（元）", Width: 24, Align: Right}},
		Sums: []string{"", "合计", "", "", "1\u00a0488\u00a0000.00", "1\u00a0488\u00a0000.00"},
	}
	for i := range 80 {
		table.Rows = append(table.Rows, []string{strconv.Itoa(i + 1), "王福顺", "132226198003150018", "2025年8月至12月", "18\u00a0600.00", "18\u00a0600.00"})
	}
	return Document{Title: "拖欠工资明细表", Code: "19-4-2ABC", Page: Form{
		Title:  "拖欠工资明细表",
		Number: "任人社监立〔2026〕19号",
		Rows: []Row{
			Fields{Items: []Field{{Label: "单位名称", Value: "任县宏达建筑劳务有限公司"}}},
			Heading{Text: "劳动者名单"},
			table,
			Fields{Items: []Field{{Label: "制表", Sign: true, Value: "李察"}, {Label: "日期", Day: true}}},
			Long{Label: "说明", Text: strings.Repeat("本表所列数额依据考勤表、工资结算单和双方询问笔录核定。", 12)},
		},
		Notes: []string{"本表一式两份，一份附卷，一份交被投诉单位。"},
	}}
}

// order is a decision with a table in the prose and a receipt to be signed.
func order() Document {
	table := Table{
		Columns: []Column{{Title: "姓名", Width: 30, Align: Center}, {Title: "期间"}, {Title: "应付（元）", Width: 34, Align: Right}},
		Sums:    []string{"合计", "", "372\u00a0000.00"},
	}
	for range 20 {
		table.Rows = append(table.Rows, []string{"王福顺", "2025年8月至12月", "18\u00a0600.00"})
	}
	return Document{Title: "劳动保障监察限期改正指令书", Code: "19-5-2ABC", Page: Prose{
		Titles:    []string{"任县人力资源和社会保障局", "劳动保障监察限期改正指令书"},
		Number:    "任人社监令〔2026〕11号",
		Addressee: "任县宏达建筑劳务有限公司：",
		Blocks: []Block{
			Paragraph{Text: "经查，你单位拖欠下列劳动者工资：\n" + strings.Repeat("上述事实有考勤表、工资结算单、询问笔录等证据证实。", 8)},
			Subhead{Text: "（一）工资明细", Level: 2},
			table,
			Blank{},
			Paragraph{Text: "附件：1.工资明细表", Flush: true},
			Paragraph{Text: "（此页无正文）", Align: Center},
			Paragraph{Text: strings.Repeat("责令你单位自收到本指令书之日起限期支付。", 6)},
		},
		Signature: &Signature{Name: "任县人力资源和社会保障局"},
		After:     []Block{Receipt{Title: "送达回证", Lines: []string{"收件人签名：　　　　　　　　年　　月　　日", "送达人签名：　　　　　　　　年　　月　　日"}}},
	}}
}
