package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"

	"dossier/documents/sheet"
	"dossier/engine/alert"
	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/desk"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
	"dossier/engine/takeover"
	"dossier/engine/text"
	"dossier/engine/tick"
	"dossier/engine/typed"
	"dossier/seeds"
	"dossier/store"
	"dossier/web/figures"
	"dossier/web/page"
)

var importVerb = verb{help: `用法：dossier import cases 文件.xlsx --as 用户名 [--dry-run] [--skip-bad] [--workflow 程序]
      dossier import 类别 文件.xlsx --as 用户名 [--dry-run] [--skip-bad]

把纸面上已经办理的案件从表格补录进来：一行一件，直接到现在的环节，日期和编号照纸面，期限按补录的日期算。
先逐行核对；有一行有误，就什么也不导入，并说明是哪一行哪一列、怎么改。同一行再次导入不会重复。
表格用 dossier export cases-template 生成的模板填写。

  --as               以谁的名义补录（大队长或者局领导）
  --dry-run          只核对，不导入
  --skip-bad         有误的行不导入，其余的导入
  --workflow         办案程序，默认是写有 usual: true 的（劳动保障监察）

类别是监管对象的一类，如 employer、hr-agency：把一张表的监管对象登记进来，已经登记的按表更新，内容相同的跳过。
模板用 dossier export 类别-template 生成。

例：
  dossier import employer 用人单位.xlsx --as officer --dry-run
  dossier export cases-template 补录.xlsx
  dossier import cases 补录.xlsx --as captain --dry-run
  dossier import cases 补录.xlsx --as captain
`, options: []string{"as", "workflow"}, switches: []string{"dry-run", "skip-bad"}, run: importCommand}

var exportVerb = verb{help: `用法：dossier export cases-template 文件.xlsx [--workflow 程序]
      dossier export 类别|类别-template 文件.xlsx
      dossier export population-template 文件.xlsx
      dossier export ledger-台账 文件.xlsx [--workflow 程序…] [--from 日期] [--to 日期]

类别是监管对象的一类，如 employer、hr-agency：导出全部在册对象，或者空白模板。
生成纸面案件补录表的模板：可选的内容有下拉列表，“填表说明”逐列说明怎么填、依据哪一条。
population-template 是双随机抽取的检查对象名单的模板。
ledger- 后面是一本台账：cases 案件、penalties 处罚、services 送达、evidence 证据、alerts 提醒；稽核、基金监督、检查各是 ledger-cases
加上它们的程序，几种程序写几次 --workflow。逐行写出，件数再多也不占内存；--as 写明的人看不到的案件不在其中。

  --workflow         办案程序，模板默认是写有 usual: true 的（劳动保障监察），台账默认是全部
  --from、--to       台账：接收日的起止，两天都算在内

例：
  dossier export cases-template 补录.xlsx
  dossier export cases-template 稽核补录.xlsx --workflow insurance-audit
  dossier export ledger-cases 检查台账.xlsx --workflow training-check --workflow agency-check --from 2026-01-01
`, options: []string{"as", "workflow", "from", "to"}, run: exportCommand}

// imports and exports are what can be read from a spreadsheet and written to one, by kind.
var (
	imports = map[string]func(context.Context, *process, *house, arguments, string) error{"cases": importCases}
	exports = map[string]func(*house, arguments) ([]byte, error){"cases-template": casesTemplate,
		"population-template": func(*house, arguments) ([]byte, error) { return sheet.PopulationTemplate() }}
)

// importCommand reads a spreadsheet of some kind.
func importCommand(ctx context.Context, p *process, a arguments) (err error) {
	words, err := a.words("import", "类别", "文件.xlsx")
	if err != nil {
		return err
	}
	h, err := p.open(a, store.Options{Owner: "dossier import"})
	if err != nil {
		return err
	}
	defer func() { err = h.close(err) }()
	if do := imports[words[0]]; do != nil {
		return do(ctx, p, h, a, words[1])
	}
	f, err := h.kind(words[0], slices.Collect(maps.Keys(imports)))
	if err != nil {
		return err
	}
	return importObjects(ctx, p, h, a, f, words[1])
}

// exportCommand writes a spreadsheet of some kind.
func exportCommand(ctx context.Context, p *process, a arguments) (err error) {
	words, err := a.words("export", "类别", "文件.xlsx")
	if err != nil {
		return err
	}
	h, err := p.open(a, store.Options{Owner: "dossier export"})
	if err != nil {
		return err
	}
	defer func() { err = h.close(err) }()
	write, err := h.writes(ctx, words[0], a)
	if err != nil {
		return err
	}
	if words[1] == "-" {
		return write(p.out)
	}
	size, err := writeNew(p.path(words[1]), func(w io.Writer) error { return write(&tick.Bytes{Far: p.far(), What: "已写出 ", Out: w}) }, nil)
	if err != nil {
		return err
	}
	if a.has("json") {
		return json.NewEncoder(p.out).Encode(map[string]any{"file": words[1], "size": size})
	}
	_, err = fmt.Fprintln(p.out, words[1])
	return err
}

// writes is what writes the sheet of that kind: a ledger as it goes, any other once it is whole.
func (h *house) writes(ctx context.Context, kind string, a arguments) (func(io.Writer) error, error) {
	if ledger, ok := strings.CutPrefix(kind, "ledger-"); ok {
		return h.ledger(ctx, ledger, a)
	}
	data, err := h.export(kind, a)
	return func(w io.Writer) error { _, err := w.Write(data); return err }, err
}

// ledger writes a ledger of the cases of the procedures that are named, of all where none is.
func (h *house) ledger(ctx context.Context, name string, a arguments) (func(io.Writer) error, error) {
	if !slices.Contains(figures.Names(), name) {
		return nil, unreadable("ledger", "where", "ledger-"+name, "known", "ledger-"+strings.Join(figures.Names(), "、ledger-"))
	}
	who, err := h.person(a)
	if err != nil {
		return nil, err
	}
	from, to := calendar.Date(0), h.Today()
	for _, day := range []struct {
		name string
		to   *calendar.Date
	}{{"from", &from}, {"to", &to}} {
		word, err := a.one(day.name)
		if err != nil {
			return nil, err
		}
		if word == "" {
			continue
		}
		if *day.to, err = typed.Date(word); err != nil {
			return nil, invalid(day.name, "date", "date", "where", "--"+day.name+" "+word)
		}
	}
	if to < from {
		return nil, invalid("to", "date", "backward", "where", "--from "+from.String()+" --to "+to.String())
	}
	qs := []desk.Query{{}}
	if of := a.values["workflow"]; len(of) > 0 {
		qs = nil
		for _, w := range of {
			if h.Workflow(procedure.WorkflowID(w)) == nil {
				return nil, unreadable("no-procedure", "where", "--workflow "+w)
			}
			qs = append(qs, desk.Query{Workflow: procedure.WorkflowID(w)})
		}
	}
	x := figures.Ledgers{Words: page.Words{Language: text.ZH, Today: h.Today(), Office: h.Office()}, Engine: h.Engine, Alerts: &alert.Alerts{Engine: h.Engine}, Who: cmp.Or(who, office.System), Context: ctx, Penalties: seeds.Quotas().Penalties}
	return func(w io.Writer) error { return x.Write(w, name, from, to, qs...) }, nil
}

// export makes the sheet of that kind.
func (h *house) export(kind string, a arguments) ([]byte, error) {
	if do := exports[kind]; do != nil {
		return do(h, a)
	}
	bare, template := strings.CutSuffix(kind, "-template")
	f, err := h.kind(bare, slices.Collect(maps.Keys(exports)))
	if err != nil {
		return nil, err
	}
	if template {
		return sheet.NewObjects(f).Template()
	}
	return h.exportObjects(f)
}

// layout is the sheet of cases of the procedure that the arguments name.
func (h *house) layout(a arguments) (*sheet.Cases, error) {
	name, err := a.one("workflow")
	if err != nil {
		return nil, err
	}
	ed := h.Workflow(procedure.WorkflowID(name))
	if name == "" {
		if ed = h.usual(); ed == nil {
			return nil, unreadable("which-procedure")
		}
	}
	if ed == nil {
		return nil, unreadable("no-procedure", "where", "--workflow "+name)
	}
	return sheet.NewCases(ed), nil
}

// usual is the procedure that is meant when none is named: the one that says so, or the only one; nil when there is none.
func (h *house) usual() *procedure.Edition {
	all := h.Workflows()
	if said := slices.DeleteFunc(slices.Clone(all), func(ed *procedure.Edition) bool { return !ed.Def.Usual }); len(said) > 0 {
		all = said
	}
	if len(all) == 1 {
		return all[0]
	}
	return nil
}

func casesTemplate(h *house, a arguments) ([]byte, error) {
	c, err := h.layout(a)
	if err != nil {
		return nil, err
	}
	return c.Template()
}

// importedJSON is what an import did, or would do.
type importedJSON struct {
	Rows     int           `json:"rows"`
	Bad      int           `json:"bad"`
	Before   int           `json:"before"` // imported before
	DryRun   bool          `json:"dryRun"`
	Imported []importedRow `json:"imported"`
	Flaws    []fieldError  `json:"flaws"`
	Left     []string      `json:"unread,omitempty"` // columns that mean nothing here
}

type importedRow struct {
	Row    int             `json:"row"`
	Case   casefile.CaseID `json:"case,omitempty"`
	Number string          `json:"number,omitempty"`
	Party  string          `json:"party"`
	State  string          `json:"state"`
}

// importCases takes over the cases of a sheet: all of them, or with --skip-bad those that are right, or none.
func importCases(ctx context.Context, p *process, h *house, a arguments, file string) error {
	c, err := h.layout(a)
	if err != nil {
		return err
	}
	who, err := h.person(a)
	if err != nil {
		return err
	}
	if who == "" {
		return invalid("as", "required", "option-missing", "where", "--as", "do", "写 --as 和补录人的用户名")
	}
	data, err := readSheet(p.path(file))
	if err != nil {
		return err
	}
	s, err := c.Read(data, h.Office())
	if x := refusal.As(err); x != nil {
		return invalidTold("file", file, x.Fields[0].Why, x.SayField(text.ZH, x.Fields[0]))
	}
	if err != nil {
		return err
	}
	trials, err := c.Try(ctx, h.Engine, who, s, text.ZH)
	if err != nil {
		return err
	}
	done := importedJSON{Rows: len(trials), DryRun: a.has("dry-run"), Imported: []importedRow{}, Flaws: []fieldError{}, Left: s.Left}
	for _, t := range trials {
		for _, f := range t.Flaws {
			done.Flaws = append(done.Flaws, fieldError{Path: fmt.Sprintf("行%d.%s", t.N, f.Place), Code: "field-invalid", Message: f.Text})
		}
		switch {
		case t.Prior != 0:
			done.Before++
		case len(t.Flaws) > 0:
			done.Bad++
		}
	}
	stop := done.Bad > 0 && !a.has("skip-bad")
	if !a.has("json") {
		p.sayFlaws(s, trials, done)
	}
	if stop {
		return &usageError{Code: "field-invalid", Fields: done.Flaws,
			Message: said("rows-bad", "all", done.Rows, "bad", done.Bad, "where", file)}
	}
	trials = slices.DeleteFunc(trials, func(t sheet.Trial) bool { return !t.Good() })
	begun := make([]takeover.Begun, len(trials))
	for i, t := range trials {
		begun[i] = t.Begun
		begun[i].Actor = who
		done.Imported = append(done.Imported, importedRow{Row: t.N, Party: t.Party, State: t.State.ZH})
	}
	if !done.DryRun {
		outs, err := takeover.BeginAll(ctx, h.Engine, begun)
		if n := len(outs); err != nil {
			return failing(err, "row-refused", "n", trials[n].N, "where", file, "done", n, "why", reason(err))
		}
		for i, out := range outs {
			done.Imported[i].Case, done.Imported[i].Number = out.Case.ID, out.Case.Number()
		}
	}
	if a.has("json") {
		return json.NewEncoder(p.out).Encode(done)
	}
	p.sayImported(done)
	return nil
}

// readSheet reads a spreadsheet, not more of it than one may have.
func readSheet(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, unreadable("file-read", "why", cause(err), "where", name)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, sheet.MaxFile+1))
	if err != nil {
		return nil, unreadable("file-read", "why", cause(err), "where", name)
	}
	return data, nil
}

// sayFlaws tells each bad cell, and what was imported before.
func (p *process) sayFlaws(s *sheet.CaseSheet, trials []sheet.Trial, done importedJSON) {
	for _, t := range trials {
		if t.Prior != 0 {
			fmt.Fprintf(p.out, "行%d　%s　以前已经补录为第%d号案件\n", t.N, t.Party, t.Prior)
		}
		for _, f := range t.Flaws {
			fmt.Fprintf(p.out, "行%d「%s」　%s\n", t.N, f.Place, f.Text)
		}
	}
	if len(s.Left) > 0 {
		fmt.Fprintf(p.out, "没有读入的列：%s\n", strings.Join(s.Left, "、"))
	}
	fmt.Fprintf(p.out, "共%d行，无误%d行，有误%d行，以前已经补录%d行\n", done.Rows, done.Rows-done.Bad-done.Before, done.Bad, done.Before)
}

func (p *process) sayImported(done importedJSON) {
	for _, r := range done.Imported {
		id := ""
		if r.Case != 0 {
			id = "第" + strconv.Itoa(int(r.Case)) + "号案件　" + r.Number + "　"
		}
		fmt.Fprintf(p.out, "行%d　%s%s　%s\n", r.Row, id, r.Party, r.State)
	}
	if done.DryRun {
		fmt.Fprintf(p.out, "只作核对，没有导入；去掉 --dry-run 导入这%d行\n", len(done.Imported))
		return
	}
	fmt.Fprintf(p.out, "已导入%d件\n", len(done.Imported))
}
