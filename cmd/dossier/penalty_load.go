package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"

	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/change"
	"dossier/engine/charges"
	"dossier/engine/penalty"
	"dossier/engine/text"
	"dossier/seeds"
	"dossier/store"
)

var penaltyLoad = verb{help: `用法：dossier penalty load 文件 [--preview] [--as 用户名]

载入一部法律的裁量标准，代替程序自带的同一部：列出变动的标准，和未结案件里按这些标准处理的违法行为，原来怎么算、现在怎么算。
文件格式见 seeds/standards/README.md。已经作出的决定不变；删去一条的不受理，请用 to 写明它的最后一日。
再载入以前的文件就退回以前的标准，每次载入都留在记录里。

  --preview  只列出会有哪些变动，什么也不改

例：
  dossier penalty load 01-reg.yaml --preview
  dossier penalty load 01-reg.yaml
`, options: []string{"as"}, switches: []string{"preview"}, run: loadStandards}

var penaltyHistory = verb{help: `用法：dossier penalty history 标准

一条裁量标准从哪天到哪天怎么规定，它所在的文件什么时候由谁载入。

例：
  dossier penalty history reg/30
`, run: standardHistory}

// penaltyCommand is load and history on the office's data, and what needs none; with --data the office's own standards count.
func penaltyCommand(p *process, args []string) error {
	if len(args) > 0 && args[0] == "load" {
		return penaltyLoad.named("penalty", "load")(p, args[1:])
	}
	if len(args) > 0 && args[0] == "history" {
		return penaltyHistory.named("penalty", "history")(p, args[1:])
	}
	i := slices.Index(args, "--data")
	if i < 0 || i+1 == len(args) {
		return Penalty(args, p.out, p.today(), seeds.Standards())
	}
	a, err := readArguments(args[i:i+2], []string{"data"}, nil)
	if err != nil {
		return err
	}
	h, err := p.open(a, store.Options{Owner: "dossier penalty"})
	if err != nil {
		return err
	}
	return h.close(Penalty(slices.Delete(slices.Clone(args), i, i+2), p.out, p.today(), h.Office().Standards))
}

// changedJSON is a standard that a file changes; absent where it isn't there.
type changedJSON struct {
	ID   penalty.ID    `json:"id"`
	From calendar.Date `json:"from,omitempty"`
	Was  string        `json:"was,omitempty"`
	Now  string        `json:"now,omitempty"`
}

// restingJSON is a violation of an open case that rests on a changed standard.
type restingJSON struct {
	Case     casefile.CaseID `json:"case"`
	Number   string          `json:"number,omitempty"`
	Party    string          `json:"party,omitempty"`
	Standard penalty.ID      `json:"standard"`
	Was      string          `json:"was"`
	Now      string          `json:"now"`
	Lawful   bool            `json:"lawful"` // as it stands, by the new standard
}

type renewalJSON struct {
	Act     string        `json:"act"`
	Preview bool          `json:"preview,omitempty"`
	Changed []changedJSON `json:"changed"`
	Open    []restingJSON `json:"open"`
}

func loadStandards(ctx context.Context, p *process, a arguments) (err error) {
	words, err := a.words("penalty load", "文件")
	if err != nil {
		return err
	}
	file := p.path(words[0])
	data, err := os.ReadFile(file)
	if err != nil {
		return unreadable("file-standards", "why", cause(err), "where", file)
	}
	h, err := p.open(a, store.Options{Owner: "dossier penalty load"})
	if err != nil {
		return err
	}
	defer func() { err = h.close(err) }()
	act, err := change.StandardsAct(h.Engine, file, string(data))
	if err != nil {
		return faulty(faultsOf(err))
	}
	who, err := h.person(a)
	if err != nil {
		return err
	}
	load := change.LoadStandards
	if a.has("preview") {
		load = change.PreviewStandards
	}
	r, err := load(ctx, h.Engine, who, act, string(data))
	if err != nil {
		return err
	}
	out := renewalJSON{Act: act, Preview: a.has("preview"), Changed: []changedJSON{}, Open: []restingJSON{}}
	for _, c := range r.Changed {
		out.Changed = append(out.Changed, changedJSON{c.ID, c.From, standardWords(c.Was), standardWords(c.Now)})
	}
	for _, x := range r.Open {
		out.Open = append(out.Open, restingJSON{x.Row.ID, x.Row.Number, x.Party, x.Standard, judgedWords(x.Was), judgedWords(x.Now), len(x.Now.Faults) == 0})
	}
	if a.has("json") {
		return json.NewEncoder(p.out).Encode(out)
	}
	switch {
	case r.Same:
		fmt.Fprintln(p.out, "与现行的文件相同，没有变动")
		return nil
	case out.Preview:
		fmt.Fprintln(p.out, "试算，什么也没有改")
	default:
		fmt.Fprintf(p.out, "已载入%s的裁量标准\n", act)
	}
	for _, c := range out.Changed {
		fmt.Fprintf(p.out, "%s　%s → %s\n", c.ID, orNone(c.Was), orNone(c.Now))
	}
	fmt.Fprintf(p.out, "未结案件里有%d项违法行为按这些标准处理\n", len(out.Open))
	for _, x := range out.Open {
		fmt.Fprintf(p.out, "案件%d　%s　%s　%s：%s → %s\n", x.Case, x.Number, x.Party, x.Standard, x.Was, x.Now)
	}
	return nil
}

func orNone(s string) string {
	if s == "" {
		return "无"
	}
	return s
}

// standardWords is when a standard holds and between which bounds, in a line.
func standardWords(s *penalty.Standard) string {
	if s == nil {
		return ""
	}
	to := "现在"
	if s.To != 0 {
		to = s.To.String()
	}
	return s.From.String() + "至" + to + "，" + s.Main().In(text.ZH)
}

// judgedWords is a violation by a standard, in a line: its bounds and its sum, or what is wrong with it.
func judgedWords(j charges.Judged) string {
	var all []string
	if j.Change != nil {
		all = append(all, j.Applies.Low.Plain()+"元至"+j.Applies.High.Plain()+"元")
	}
	for _, f := range j.Faults {
		all = append(all, f.Said.In(text.ZH))
	}
	return strings.Join(all, "，")
}

func standardHistory(_ context.Context, p *process, a arguments) (err error) {
	words, err := a.words("penalty history", "标准")
	if err != nil {
		return err
	}
	h, err := p.open(a, store.Options{Owner: "dossier penalty history"})
	if err != nil {
		return err
	}
	defer func() { err = h.close(err) }()
	id, refused := h.Office().Standards.Find(words[0])
	if refused != nil {
		return invalidTold("standard", "dossier penalty history "+words[0], string(refused.Code), refused.In(text.ZH))
	}
	for _, s := range h.Office().Standards.Standards() {
		if s.ID == id {
			fmt.Fprintf(p.out, "%s　%s　%s\n", s.ID, s.Title, standardWords(s))
		}
	}
	act, _, _ := strings.Cut(string(id), "/")
	loaded, err := change.StandardsLoaded(h.Engine, act)
	for _, l := range loaded {
		fmt.Fprintf(p.out, "%s　%s　载入\n", calendar.In(l.At), orNone(h.Office().Name(l.By)))
	}
	return err
}
