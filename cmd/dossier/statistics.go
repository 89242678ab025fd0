package main

import (
	"context"
	"fmt"
	"strings"

	"dossier/engine/calendar"
	"dossier/engine/plan"
	"dossier/engine/procedure"
	"dossier/engine/statistics"
	"dossier/engine/text"
	"dossier/seeds"
	"dossier/store"
)

var statisticsVerb = verb{help: `用法：dossier statistics [--from 日期] [--to 日期] [--by 分类] [--workflow 程序]

一段时间的统计：收案、立案、决定、办结，工资和罚没，各期限的办理情况，各岗位的审批情况，按标准和档次的处罚，连同上年同期；
检查、专项行动和书面审查对照指标的完成情况（区间内有一天的各期）。
不写日期的，是今年一月一日到今天。数字全部出自案卷，没有另外的台账；金额在 JSON 里以分为单位。

  --from、--to       起止日期，两天都算在内
  --by               分类：workflow 程序、source 来源、category 监察事项、industry 行业、township 乡镇、
                     handling 处理、outcome 结果、officer 主办、month 月、quarter 季度、year 年
  --workflow         只统计这一种程序

例：
  dossier statistics --from 2026-01-01 --to 2026-12-31 --by source --json
`, options: []string{"from", "to", "by", "workflow"}, run: statisticsCommand}

func statisticsCommand(_ context.Context, p *process, a arguments) (err error) {
	if _, err := a.words("statistics"); err != nil {
		return err
	}
	year, _, _ := p.today().YMD()
	q := statistics.Query{From: calendar.Of(year, 1, 1), To: p.today()}
	for _, day := range []struct {
		name string
		to   *calendar.Date
	}{{"from", &q.From}, {"to", &q.To}} {
		word, err := a.one(day.name)
		if err != nil {
			return err
		}
		if word == "" {
			continue
		}
		if *day.to, err = calendar.Parse(word); err != nil {
			return invalid(day.name, "date", "date", "where", "--"+day.name+" "+word)
		}
	}
	by, err := a.one("by")
	if err != nil {
		return err
	}
	only, err := a.one("workflow")
	if err != nil {
		return err
	}
	q.By, q.Only = statistics.Dimension(by), procedure.WorkflowID(only)
	h, err := p.open(a, store.Options{Owner: "dossier statistics"})
	if err != nil {
		return err
	}
	defer func() { err = h.close(err) }()
	told, err := statistics.New(h.Engine, seeds.Measures()).Told(q, text.ZH)
	if err != nil {
		return err
	}
	quotas, err := h.book().Between(q.From, q.To, text.ZH)
	if err != nil {
		return err
	}
	if a.has("json") {
		return printJSON(p.out, struct {
			*statistics.Told
			Quotas []plan.Told `json:"quotas"` // of checks, campaigns and written review
		}{told, quotas})
	}
	_, err = fmt.Fprint(p.out, statisticsText(told), quotasText(quotas))
	return err
}

// quotasText is what was checked against what the quotas ask.
func quotasText(quotas []plan.Told) string {
	var b strings.Builder
	for _, x := range quotas {
		fmt.Fprintf(&b, "指标 %s %s（%s至%s，%s）\t完成 %d，应完成 %d\n", x.Regime, x.Title, x.From, x.To, x.Whom, x.Done, x.Of)
	}
	return b.String()
}

// statisticsText is an answer for the terminal.
func statisticsText(t *statistics.Told) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s至%s\n", t.From.Han(), t.To.Han())
	for _, c := range t.Total {
		fmt.Fprintf(&b, "  %s\t%s\t上年同期 %s\n", c.Title, c.Unit.Value(c.N), c.Unit.Value(c.Before))
	}
	for _, r := range t.Rows {
		fmt.Fprintf(&b, "%s\n", r.Title)
		for _, c := range t.Total {
			if n := r.Cells[c.Measure]; n != 0 {
				fmt.Fprintf(&b, "  %s\t%s\n", c.Title, c.Unit.Value(n))
			}
		}
	}
	for _, c := range t.Clocks {
		fmt.Fprintf(&b, "期限 %s\t办结 %d\t按期 %d\t超期 %d\t中位数 %d\n", c.Title, c.Done, c.InTime, c.Late, c.Median)
	}
	for _, x := range t.Fines {
		fmt.Fprintf(&b, "处罚 %s %s\t%d项\t罚款 %s\t没收 %s\n", x.Title, x.Tier.In(text.ZH), x.N, statistics.Money.Value(x.Fine), statistics.Money.Value(x.Took))
	}
	for _, g := range t.Gates {
		fmt.Fprintf(&b, "审批 %s\t签批 %d\t退回 %d\t中位数 %d日\n", g.Title, g.Signed, g.Returned, g.Median)
	}
	if len(t.Damaged) > 0 {
		fmt.Fprintf(&b, "有%d件读不出来，没有计入：%v。请用 dossier verify 查明。\n", len(t.Damaged), t.Damaged)
	}
	return b.String()
}
