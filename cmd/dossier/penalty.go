package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"dossier/engine/calendar"
	"dossier/engine/penalty"
	"dossier/engine/procedure"
	"dossier/engine/text"
	"dossier/engine/typed"
	"dossier/seeds"
)

const penaltyHelp = `用法：dossier penalty --list [--on 日期] [--json]
      dossier penalty 标准 --tier 档次 [选项]
      dossier penalty load 文件 [--preview] [--as 用户名]
      dossier penalty history 标准

处罚裁量：列出裁量标准；按标准和档次计算一项违法行为的罚款，写明区间、档次、算式和依据。

  --list             全部标准；给 --on 时只列那一天有效的
  --tier 档次        不予、减轻、从轻、一般、从重
  --on 日期          违法行为发生的日期，默认今天
  --until 日期       滞纳金算到哪一日，默认今天；--on 是欠缴之日
  --persons 人数     按人计算的标准要有
  --gains 金额       按倍数计算的标准要有：违法所得或者其他基数，单位元；没有违法所得的写 0
  --amount 金额      问另一个数额是否合法；不合法时退出码为 1
  --party 对象       unit（单位，默认）或者 person（责任人员）
  --ground 情形      案件有的情形，如 relieved，可以多次；--list 以后列出
  --json             输出JSON
  --data 目录        按这个目录里载入的标准算，不写就按程序自带的

例：
  dossier penalty --list
  dossier penalty reg/30 --tier 一般
  dossier penalty reg/23 --tier 从轻 --persons 3
  dossier penalty lcl/92.1 --tier 一般 --gains 128400.00 --json
  dossier penalty reg/30 --tier 一般 --amount 200000
`

// Penalty runs `dossier penalty`: the standards, or what one violation costs. today is the day of the act when --on is not
// given. An error of what was typed is a *usageError; a figure that isn't lawful is told and then a toldError.
func Penalty(args []string, out io.Writer, today calendar.Date, book *penalty.Book) error {
	a, err := readArguments(args, []string{"tier", "on", "until", "persons", "gains", "amount", "party", "ground"}, []string{"list", "json"})
	if err != nil {
		return err
	}
	if a.has("help") {
		_, err := io.WriteString(out, penaltyHelp)
		return err
	}
	if a.has("list") {
		return listPenalties(a, out, book)
	}
	q, err := readQuestion(a, today)
	if err != nil {
		return err
	}
	defaults := seeds.Settings()
	answer, err := book.Judge(q, penalty.Proportions(func(name string) string { return defaults[name][0].Value }))
	if err != nil {
		var refusal *penalty.Refusal
		if errors.As(err, &refusal) {
			return invalidTold(refusal.Path, whereAsked(refusal.Path), string(refusal.Code), refusal.In(text.ZH))
		}
		return err
	}
	if a.has("json") {
		err = json.NewEncoder(out).Encode(answer.Verdict(text.ZH))
	} else {
		_, err = io.WriteString(out, penaltyText(answer))
	}
	if err == nil && !answer.Lawful {
		err = toldError{}
	}
	return err
}

// whereAsked is where a value of the question stands on the command line.
func whereAsked(path string) string {
	name, _, indexed := strings.Cut(path, "[")
	switch {
	case path == "standard":
		return "dossier penalty 标准"
	case path == "rules":
		return "settings"
	case indexed:
		return "--" + strings.TrimSuffix(name, "s")
	}
	return "--" + name
}

// readQuestion reads the options' values.
func readQuestion(a arguments, today calendar.Date) (penalty.Question, error) {
	q := penalty.Question{On: today, Until: today, Trial: true}
	switch {
	case len(a.rest) == 0:
		return q, invalid("standard", "required", "option-missing", "where", "dossier penalty 标准", "do", "写 dossier penalty --list 列出的标准之一，如 reg/30")
	case len(a.rest) > 1:
		return q, unreadable("stray", "where", a.rest[1], "do", "只写一项标准，选项写在它后面")
	case !a.has("tier"):
		return q, invalid("tier", "required", "option-missing", "where", "--tier", "do", "写 --tier 一般")
	}
	q.Standard = penalty.ID(typed.Narrow(a.rest[0]))
	words := map[string]string{}
	for _, name := range []string{"tier", "on", "until", "persons", "gains", "amount", "party"} {
		value, err := a.one(name)
		if err != nil {
			return q, err
		}
		words[name] = value
	}
	q.Tier, _ = penalty.ParseTier(words["tier"])
	if q.Tier == "" {
		q.Tier = penalty.Tier(words["tier"]) // which the room refuses with those that there are
	}
	var err error
	for _, day := range []struct {
		name string
		to   *calendar.Date
	}{{"on", &q.On}, {"until", &q.Until}} {
		if !a.has(day.name) {
			continue
		}
		if *day.to, err = typed.Date(words[day.name]); err != nil {
			return q, invalid(day.name, "date", "date", "where", "--"+day.name+" "+words[day.name])
		}
	}
	if a.has("persons") {
		n, bad := typed.Number(words["persons"])
		if bad != nil {
			return q, invalid("persons", "number", "persons", "where", "--persons "+words["persons"])
		}
		q.Persons = &n
	}
	for _, sum := range []struct {
		name string
		to   **penalty.Fen
	}{{"gains", &q.Gains}, {"amount", &q.Amount}} {
		if !a.has(sum.name) {
			continue
		}
		n, err := procedure.ParseMoney(words[sum.name])
		if err != nil {
			return q, invalid(sum.name, "money", "money", "where", "--"+sum.name+" "+words[sum.name])
		}
		fen := penalty.Fen(n)
		*sum.to = &fen
	}
	q.Party = penalty.Party(words["party"])
	if a.has("party") && q.Party != penalty.Unit && q.Party != penalty.Person {
		return q, invalid("party", "party", "neither-party", "where", "--party "+words["party"])
	}
	for _, id := range a.values["ground"] {
		q.Grounds = append(q.Grounds, penalty.Ground{ID: id})
	}
	return q, nil
}

// listPenalties prints the standards, those of one day where --on is given.
func listPenalties(a arguments, out io.Writer, book *penalty.Book) error {
	if len(a.rest) > 0 {
		return unreadable("stray", "where", a.rest[0], "do", "只写 dossier penalty --list，或者写标准而不写 --list")
	}
	day, err := a.one("on")
	if err != nil {
		return err
	}
	var on calendar.Date
	if a.has("on") {
		if on, err = typed.Date(day); err != nil {
			return invalid("on", "date", "date", "where", "--on "+day)
		}
	}
	listings := []penalty.Listing{}
	var b strings.Builder
	for _, s := range book.Standards() {
		if on != 0 && !s.Holds(on) {
			continue
		}
		listings = append(listings, s.Listing())
		fmt.Fprintf(&b, "%-12s %s\n             %s：%s\n", s.ID, s.Title, s.Basis.In(text.ZH), s.Main().In(text.ZH))
		if s.To != 0 {
			fmt.Fprintf(&b, "             到%s为止\n", s.To.Han())
		}
		if s.Unverified != "" {
			fmt.Fprintf(&b, "             依据待核：%s\n", s.Unverified)
		}
	}
	if a.has("json") {
		return json.NewEncoder(out).Encode(listings)
	}
	b.WriteString("\n情形（--ground）\n")
	for _, c := range book.Circumstances("") {
		fmt.Fprintf(&b, "%-18s %s：%s\n", c.ID, strings.Join(penalty.Names(c.Tiers), "、"), c.Title)
	}
	_, err = io.WriteString(out, b.String())
	return err
}

// penaltyText is an answer for a person.
func penaltyText(a *penalty.Answer) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s　%s（%s，%s）\n", a.Standard.ID, a.Standard.Title, a.Party.In(text.ZH), a.Tier.In(text.ZH))
	fmt.Fprintf(&b, "数　额　%s元至%s元，建议%s元\n", a.Low, a.High, a.Proposed)
	if !a.Lawful {
		b.WriteString("结　论　不合法\n")
	}
	for _, part := range []struct {
		title string
		lines []penalty.Line
	}{{"算　式", a.Working}, {"说　明", a.Why}} {
		for i, line := range penalty.Sentences(part.lines, text.ZH) {
			head := part.title
			if i > 0 {
				head = "　　　"
			}
			fmt.Fprintf(&b, "%s　%s\n", head, line)
		}
	}
	return b.String()
}
