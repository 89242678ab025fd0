package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"time"

	"dossier/documents/sheet"
	"dossier/engine/draw"
	"dossier/engine/office"
	"dossier/engine/plan"
	"dossier/store"
)

var drawVerb = verb{help: `用法：dossier draw 计划 [--seed 日期/号码] [--population 名单.xlsx] --as 用户名

双随机抽取：从名单里抽检查对象，从本岗位人员里抽检查人员。办法和验算程序见 docs/draw.md，谁都可以重抽一遍核对。
计划是指标的名称，可以带期间，如 training-special、training-special-2026；不带期间的是本期。
先冻结抽取单，公布它的哈希值；再由旁人报号码，或者取当天公开的号码，填在 --seed 里抽取。
不带 --seed 也不带 --freeze、--redraw 的，列出这个计划已有的抽取，逐次重算核对。

  --as               以谁的名义抽取
  --seed             种子：日期/号码，如 2026-12-01/0417；只写号码的，日期是今天
  --stated           号码由谁报出，或者在哪里公布
  --freeze           只冻结抽取单，不抽取
  --population       检查对象名单（.xlsx），不给的取登记的监管对象；模板用 dossier export population-template 生成
  --count            抽几个，不给的按指标计算
  --trip             一组人员一次检查几个对象
  --recuse           回避：用户名=对象编号，可以多次
  --without          不能参加的检查人员，可以多次；重抽时也可以写对象编号
  --exempt           不受年度次数上限限制的理由
  --redraw           重抽上一次抽取的理由；--without 写明不再抽的，其余保留；不写的全部重抽
  -o 文件            把抽取单写到文件，供公布和验算

例：
  dossier draw training-special --population 名单.xlsx --freeze --as trainer -o 抽取单.txt
  dossier draw training-special --seed 2026-12-01/0417 --stated 驻局纪检组 --as trainer
  dossier draw training-special --redraw 停业 --without 91130526MA0F7K2Q3W --as trainer
  dossier draw training-special --json
`, options: []string{"as", "seed", "stated", "population", "count", "trip", "recuse", "without", "exempt", "redraw", "output"}, switches: []string{"freeze"}, run: drawCommand}

// drawnJSON is a draw as --json prints it.
type drawnJSON struct {
	Plan       string     `json:"plan"`
	N          int        `json:"n"`
	Hash       string     `json:"hash"` // SHA-256 of the sheet
	Population int        `json:"population"`
	Frozen     time.Time  `json:"frozen"`
	FrozenBy   string     `json:"frozenBy"`
	Again      int        `json:"redrawOf,omitempty"`
	Reason     string     `json:"reason,omitempty"`
	Seed       string     `json:"seed,omitempty"`
	Stated     string     `json:"stated,omitempty"`
	Drawn      *time.Time `json:"drawn,omitempty"`
	By         string     `json:"by,omitempty"`
	Picks      []pickJSON `json:"picks,omitempty"`
	Same       *bool      `json:"same,omitempty"` // drawn again, it is the same
}

type pickJSON struct {
	Object  string   `json:"object"`
	Name    string   `json:"name"`
	Risk    string   `json:"risk,omitempty"`
	Tickets int      `json:"tickets"`
	Stratum string   `json:"stratum,omitempty"`
	Kept    bool     `json:"kept,omitempty"`
	Team    []string `json:"team"`
	names   []string
}

// drawCommand freezes, draws, redraws, or lists what was drawn.
func drawCommand(ctx context.Context, p *process, a arguments) (err error) {
	h, err := p.open(a, store.Options{Owner: "dossier draw"})
	if err != nil {
		return err
	}
	defer func() { err = h.close(err) }()
	words, err := a.words("draw", "计划")
	if err != nil {
		return err
	}
	b := h.book()
	e, err := b.Find(words[0])
	if err != nil {
		return invalid("plan", "not-found", "no-plan", "where", words[0], "known", planNames(b))
	}
	who, err := h.person(a)
	if err != nil {
		return err
	}
	acts := a.has("seed") || a.has("freeze") || a.has("redraw")
	switch {
	case !acts:
		return p.listDraws(b, e, a)
	case who == "":
		return invalid("as", "required", "option-missing", "where", "--as", "do", "写 --as 和抽取人的用户名")
	}
	if err := p.draw(ctx, b, e, who, a); err != nil {
		return err
	}
	ds, err := b.Draws(e)
	if err != nil {
		return err
	}
	last := ds[len(ds)-1]
	if err := p.writeSheet(a, last.Sheet); err != nil {
		return err
	}
	return p.sayDraws(h, a, []plan.Drawn{last})
}

var digits = regexp.MustCompile(`^\d+$`)

// draw freezes a sheet, draws from the one that waits, or does both at once.
func (p *process) draw(ctx context.Context, b *plan.Book, e plan.Entry, who office.PersonID, a arguments) error {
	seed, stated, err := p.seed(a)
	if err != nil {
		return err
	}
	s, err := p.sheet(b, e, a)
	if err != nil {
		return err
	}
	if seed.Number == "" {
		_, err = b.Freeze(ctx, who, e, s)
	} else {
		_, err = b.Draw(ctx, who, e, s, seed, stated)
	}
	return err
}

// seed is the one that was stated; the zero Seed when none was.
func (p *process) seed(a arguments) (seed draw.Seed, stated string, err error) {
	text, err := a.one("seed")
	if err != nil {
		return seed, "", err
	}
	if stated, err = a.one("stated"); err != nil || !a.has("seed") {
		return seed, "", err
	}
	if a.has("freeze") {
		return seed, "", unreadable("freeze-and-seed")
	}
	if digits.MatchString(text) {
		text = p.today().String() + "/" + text
	}
	if seed, err = draw.ParseSeed(text); err != nil {
		return seed, "", invalid("seed", "seed-invalid", "seed", "where", "--seed "+text)
	}
	return seed, stated, nil
}

// sheet is what is to be drawn from; nil when it waits already, frozen.
func (p *process) sheet(b *plan.Book, e plan.Entry, a arguments) (*draw.Sheet, error) {
	if a.has("redraw") {
		reason, err := a.one("redraw")
		if err != nil {
			return nil, err
		}
		return b.Again(e, reason, a.values["without"]...)
	}
	ds, err := b.Draws(e)
	if err != nil {
		return nil, err
	}
	if a.has("seed") && len(ds) > 0 && ds[len(ds)-1].Seed == "" {
		for _, option := range []string{"population", "count", "trip", "recuse", "without", "exempt"} {
			if a.has(option) {
				return nil, unreadable("frozen", "where", "--"+option)
			}
		}
		return nil, nil
	}
	w, err := p.wanted(e, a)
	if err != nil {
		return nil, err
	}
	return b.Sheet(e, w)
}

// wanted reads what the draw is asked for.
func (p *process) wanted(e plan.Entry, a arguments) (w plan.Wanted, err error) {
	number := func(name string) int {
		text, e := a.one(name)
		if e != nil || text == "" {
			err = errors.Join(err, e)
			return 0
		}
		n, e := strconv.Atoi(text)
		if e != nil || n < 1 {
			err = errors.Join(err, unreadable("number", "where", "--"+name+" "+text))
		}
		return n
	}
	w.Count, w.Trip = number("count"), number("trip")
	exempt, e1 := a.one("exempt")
	file, e2 := a.one("population")
	if err = errors.Join(err, e1, e2); err != nil {
		return w, err
	}
	w.Exempt = exempt
	for _, id := range a.values["without"] {
		w.Without = append(w.Without, office.PersonID(id))
	}
	for _, r := range a.values["recuse"] {
		id, object, ok := strings.Cut(r, "=")
		if !ok {
			return w, unreadable("no-recusal", "where", "--recuse "+r)
		}
		if w.Recused == nil {
			w.Recused = map[office.PersonID][]string{}
		}
		w.Recused[office.PersonID(id)] = append(w.Recused[office.PersonID(id)], object)
	}
	if file == "" {
		return w, nil
	}
	data, err := readSheet(p.path(file))
	if err != nil {
		return w, err
	}
	marks := map[string]string{}
	for _, s := range e.Quota.Strata {
		marks[s.Title.ZH] = s.Mark
	}
	w.Units, err = sheet.Population(data, marks)
	return w, err
}

// listDraws draws again what was drawn, and says whether the same comes out.
func (p *process) listDraws(b *plan.Book, e plan.Entry, a arguments) error {
	ds, err := b.Draws(e)
	if err != nil {
		return err
	}
	if len(ds) > 0 {
		if err := p.writeSheet(a, ds[len(ds)-1].Sheet); err != nil {
			return err
		}
	}
	return p.sayDraws(&house{Engine: b.Engine}, a, ds)
}

func (p *process) writeSheet(a arguments, text string) error {
	name, err := a.one("output")
	if err != nil || name == "" {
		return err
	}
	_, err = writeNew(p.path(name), func(w io.Writer) error { _, err := io.WriteString(w, text); return err }, nil)
	return err
}

// sayDraws tells the draws, or prints them as JSON: one of them alone, or all in a list.
func (p *process) sayDraws(h *house, a arguments, ds []plan.Drawn) error {
	bureau := h.Office()
	out := []drawnJSON{}
	failed := false
	for _, d := range ds {
		s, err := draw.Parse(d.Sheet)
		if err != nil {
			return err
		}
		x := drawnJSON{Plan: d.Entry, N: d.N, Hash: d.Hash, Population: len(s.Objects), Frozen: d.Frozen, FrozenBy: bureau.Name(d.FrozenBy), Again: d.Again, Reason: s.Reason,
			Seed: d.Seed, Stated: d.Stated}
		if d.Seed != "" {
			same := d.Same()
			x.Drawn, x.By, x.Same = &d.Drawn, bureau.Name(d.By), &same
			failed = failed || !same
		}
		for _, pick := range d.Picks {
			o, tickets := s.Find(pick.Object)
			row := pickJSON{Object: o.ID, Name: o.Name, Risk: o.Risk, Tickets: tickets, Stratum: pick.Stratum, Kept: pick.Kept, Team: pick.Team}
			for _, id := range pick.Team {
				row.names = append(row.names, bureau.Name(office.PersonID(id)))
			}
			x.Picks = append(x.Picks, row)
		}
		out = append(out, x)
	}
	if a.has("json") {
		var v any = map[string]any{"draws": out}
		if a.has("seed") || a.has("freeze") || a.has("redraw") {
			v = out[0]
		}
		if err := json.NewEncoder(p.out).Encode(v); err != nil {
			return err
		}
	} else {
		for _, x := range out {
			p.sayDraw(x)
		}
		if len(out) == 0 {
			fmt.Fprintln(p.out, "还没有抽取过")
		}
	}
	if failed {
		return toldError{}
	}
	return nil
}

func (p *process) sayDraw(x drawnJSON) {
	fmt.Fprintf(p.out, "%s　第%d次", x.Plan, x.N)
	if x.Again > 0 {
		fmt.Fprintf(p.out, "　重抽第%d次：%s", x.Again, x.Reason)
	}
	fmt.Fprintf(p.out, "\n抽取单　%d个对象　SHA-256 %s\n　　　　%s于%s冻结\n", x.Population, x.Hash, x.FrozenBy, local(x.Frozen))
	if x.Seed == "" {
		fmt.Fprintln(p.out, "还没有抽取：请旁人报一个号码，再用 --seed 抽取")
		return
	}
	fmt.Fprintf(p.out, "种子　　%s", x.Seed)
	if x.Stated != "" {
		fmt.Fprintf(p.out, "　%s", x.Stated)
	}
	fmt.Fprintf(p.out, "\n　　　　%s于%s抽取\n", x.By, local(*x.Drawn))
	for i, r := range x.Picks {
		fmt.Fprintf(p.out, "%3d  %s　%s　%s", i+1, r.Object, r.Name, strings.Join(r.names, "、"))
		if r.Tickets > 1 {
			fmt.Fprintf(p.out, "　等级%s，%d支签", r.Risk, r.Tickets)
		}
		if r.Kept {
			fmt.Fprint(p.out, "　保留")
		}
		fmt.Fprintln(p.out)
	}
	if *x.Same {
		fmt.Fprintln(p.out, "重算一遍，结果相同")
	} else {
		fmt.Fprintln(p.out, "重算一遍，结果不同：记录被改动过，或者办法变了")
	}
}

// local is an instant as the office's clock shows it.
func local(t time.Time) string { return t.In(time.FixedZone("", 8*3600)).Format("2006-01-02 15:04:05") }

func planNames(b *plan.Book) []string {
	var names []string
	for _, q := range b.Quotas.All() {
		if b.On(q.Regime()) {
			names = append(names, q.Name())
		}
	}
	return names
}
