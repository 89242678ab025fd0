package layout

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
