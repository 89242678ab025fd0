package bind

import (
	"fmt"
	"slices"
	"strings"

	"dossier/documents/layout"
	"dossier/engine/calendar"
	"dossier/engine/procedure"
)

// coverPage is the cover of a volume, worked out from the record.
func (b *binder) coverPage(volume string, pages int) layout.Document {
	field := func(label, value string) layout.Field { return layout.Field{Label: label, Value: value} }
	row := func(height float64, items ...layout.Field) layout.Fields {
		widths := []float64{36, 120}
		if len(items) == 2 {
			widths = []float64{36, 42, 28, 50}
		}
		return layout.Fields{Items: items, Widths: widths, Height: height}
	}
	var officers []string
	for _, id := range b.c.Roles[procedure.Actor(b.order.cover["officers"])] {
		officers = append(officers, b.office.Name(id))
	}
	title := strings.TrimSuffix(b.view.Edition.Def.Title.ZH, "案件") + "案卷"
	page := layout.Form{Title: title, Rows: []layout.Row{
		layout.Heading{Text: b.bureau()},
		row(16, field("卷别", volume+b.part())),
		row(18, field("案号", b.number())),
		row(18, field("案由", b.field("cause"))),
		row(24, field("当事人", strings.Join(b.parties(), "、"))),
		row(18, field("承办人员", strings.Join(officers, "、"))),
		row(18, field("立案日期", b.filed().Han()), field("办结日期", b.c.EndDay.Han())),
		row(50, field("处理结果", b.field("result"))),
		row(18, field("保管期限", b.field("retention")), field("归档号", b.field("archive-number"))),
		row(18, field("本卷页数", fmt.Sprintf("%d页", pages)), field("装订日期", b.view.Today.Han())),
	}}
	return layout.Document{Title: title, Page: page}
}

// part tells on the cover that the volume is not whole.
func (b *binder) part() string {
	switch from, to := b.opt.From.Han(), b.opt.To.Han(); {
	case from != "" && to != "":
		return "（节选，" + from + "至" + to + "）"
	case from != "":
		return "（节选，" + from + "以后）"
	case to != "":
		return "（节选，" + to + "以前）"
	}
	return ""
}

// field is what the cover shows of a field of the case: as it was last written, in the form's own words.
func (b *binder) field(key string) string {
	id := procedure.FieldID(b.order.cover[key])
	v := b.c.Shared[id]
	text := v.String()
	for _, p := range b.c.Papers {
		for _, part := range p.Parts {
			x, ok := part.Values[id]
			if !ok || part.Past != 0 || x.Empty() {
				continue
			}
			text = x.String()
			form := b.view.Edition.Forms[p.Form]
			if form == nil || form.Field(id) == nil {
				continue
			}
			for _, choice := range form.Field(id).Choices {
				if choice.Value == text {
					text = choice.Label.ZH
				}
			}
		}
	}
	return text
}

// parties are all respondents of the case.
func (b *binder) parties() []string {
	names := []string{b.field("party")}
	for _, p := range b.c.Papers {
		if p.For != "" && p.For != names[0] && !slices.Contains(names, p.For) {
			names = append(names, p.For)
		}
	}
	return names
}

func (b *binder) filed() calendar.Date {
	day := calendar.Date(0)
	for _, d := range b.c.Days {
		if d.Fact == procedure.FactID(b.order.cover["filed"]) && d.Void == 0 {
			day = d.Day
		}
	}
	return day
}

// contentsPage lists what is in the volume, with the page on which each begins.
func (b *binder) contentsPage(all []*entry) layout.Document {
	t := layout.Table{Columns: []layout.Column{{Title: "序号", Width: 10, Align: layout.Center}, {Title: "文号", Width: 34}, {Title: "责任者", Width: 26}, {Title: "题名", Width: 42},
		{Title: "日期", Width: 18, Align: layout.Center}, {Title: "页号", Width: 12, Align: layout.Center}, {Title: "备注", Width: 14}}}
	for i, x := range all {
		page := fmt.Sprint(x.from)
		if i == len(all)-1 && x.pages > 1 { // of the last, from where to where
			page = fmt.Sprintf("%d-%d", x.from, x.from+x.pages-1)
		}
		t.Rows = append(t.Rows, []string{fmt.Sprint(i + 1), x.number, x.author, x.title, compact(x.day), page, x.note})
	}
	return layout.Document{Title: "卷内文件目录", Page: layout.Form{Title: "卷内文件目录", Rows: []layout.Row{
		layout.Fields{Items: []layout.Field{{Label: "案号", Value: b.number()}, {Label: "案由", Value: b.field("cause")}}, Widths: []float64{18, 64, 18, 56}}, t}}}
}

// compact is a day as archives write it: 20260109.
func compact(d calendar.Date) string { return strings.ReplaceAll(d.String(), "-", "") }

// grouped parts a long number so that it can be read out, and broken over lines.
func grouped(hash string) string {
	var b strings.Builder
	for i, r := range hash {
		if i > 0 && i%8 == 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// notePage says of the volume what its keeper must know, and ties it to the record.
func (b *binder) notePage(volume string, all []*entry, pages int) layout.Document {
	files := 0
	for _, x := range all {
		if x.file != nil {
			files++
		}
	}
	lines := []string{fmt.Sprintf("本%s共%d件，%d页，其中附件%d件；页号、目录由系统按记录生成。", volume, len(all), pages, files)}
	var void []string
	drafts := 0
	for _, d := range b.c.Issued {
		if d.Void != 0 {
			void = append(void, d.Number)
		}
	}
	for _, p := range b.c.Papers {
		if p.Open {
			drafts++
		}
	}
	if len(void) > 0 {
		lines = append(lines, fmt.Sprintf("作废文书%d件，未装入：%s。", len(void), strings.Join(void, "、")))
	}
	if drafts > 0 {
		lines = append(lines, fmt.Sprintf("尚未签发的文书%d件，未装入。", drafts))
	}
	for _, u := range b.bound.Unbound {
		lines = append(lines, u+"。")
	}
	if s := b.part(); s != "" {
		lines = append(lines, "本卷为"+strings.Trim(s, "（）")+"，不是全卷。")
	}
	if b.draft {
		lines = append(lines, unfinished+"。")
	}
	page := layout.Form{Title: "卷内备考表", Rows: []layout.Row{
		layout.Fields{Items: []layout.Field{{Label: "案号", Value: b.number()}, {Label: "案由", Value: b.field("cause")}}, Widths: []float64{22, 68, 18, 48}},
		layout.Heading{Text: "本卷情况说明"},
		layout.Long{Text: strings.Join(lines, "\n"), Height: 110},
		layout.Heading{Text: "记录"},
		layout.Long{Text: fmt.Sprintf("本卷按案件记录第1至%d步装订，记录链头：%s。用 dossier verify 可以核验记录没有改动；右下角二维码为案件编号、步数和链头。", b.c.Seq, grouped(b.c.Head))},
		layout.Fields{Items: []layout.Field{{Label: "立卷人", Sign: true}, {Label: "检查人", Sign: true}, {Label: "立卷时间", Day: true}}, Widths: []float64{18, 32, 18, 32, 20, 36}, Height: 24},
	}}
	return layout.Document{Title: "卷内备考表", Check: fmt.Sprintf("%d %d:%s", b.c.ID, b.c.Seq, b.c.Head), Page: page}
}
