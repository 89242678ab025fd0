package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"

	"dossier/documents/bind"
	"dossier/engine"
	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/office"
	"dossier/engine/typed"
	"dossier/store"
	"dossier/web/page"
)

var bindVerb = verb{help: `用法：dossier bind 案件 -o 文件.pdf [--volume main|inner] [--from 日期] [--to 日期]

把一个案件装订成卷：封面、卷内文件目录、文书、证据、期限计算表、备考表，编好页号和书签。正卷在前，内部的审批、
审核、讨论另成副卷，各自完整。案件办结以前，每页都注明是草稿。

  案件               案件的编号，或者其任一文书上的号
  -o, --output 文件  写到哪里；- 为标准输出
  --volume           只要正卷（main）或者副卷（inner），默认都要
  --from、--to       只装订日期在这一段时间里的
  --as 用户名        以谁的名义装订，默认系统操作员

例：
  dossier bind 42 -o 案卷.pdf
  dossier bind 任人社监立字〔2026〕3号 -o 正卷.pdf --volume main
  dossier bind 42 -o 一月.pdf --from 2026-01-01 --to 2026-01-31
`, options: []string{"output", "as", "volume", "from", "to"}, run: bindCase}

// bindCase writes the bound file of a case.
func bindCase(ctx context.Context, p *process, a arguments) (err error) {
	words, err := a.words("bind", "案件")
	if err != nil {
		return err
	}
	file, err := a.one("output")
	if err != nil {
		return err
	}
	if file == "" {
		return invalid("output", "required", "no-output")
	}
	opt, err := bindOptions(a)
	if err != nil {
		return err
	}
	h, err := p.open(a, store.Options{Owner: "dossier bind"})
	if err != nil {
		return err
	}
	defer func() { err = h.close(err) }()
	who, err := h.person(a)
	if err != nil {
		return err
	}
	if who == "" {
		who = office.System
	}
	id, err := h.Resolve(words[0])
	if err != nil {
		return err
	}
	if file == "-" {
		_, err := bind.File(ctx, h.Engine, who, id, opt, p.out)
		return err
	}
	var done bind.Bound
	size, err := writeNew(p.path(file), func(w io.Writer) (err error) {
		done, err = bind.File(ctx, h.Engine, who, id, opt, w)
		return err
	}, nil)
	if err != nil {
		return err
	}
	if a.has("json") {
		unbound := done.Unbound
		if unbound == nil {
			unbound = []string{}
		}
		return json.NewEncoder(p.out).Encode(map[string]any{"file": file, "size": size, "pages": done.Pages, "documents": done.Documents, "attachments": done.Files, "unbound": unbound})
	}
	for _, u := range done.Unbound {
		fmt.Fprintln(p.err, "未能装订：", u)
	}
	_, err = fmt.Fprintf(p.out, "%s　%d页，文书%d件，附件%d件\n", file, done.Pages, done.Documents, done.Files)
	return err
}

// bindOptions reads which volume and which time.
func bindOptions(a arguments) (opt bind.Options, err error) {
	volume, err := a.one("volume")
	if err != nil {
		return opt, err
	}
	volumes := map[string]bind.Volume{"": bind.Both, "main": bind.Main, "inner": bind.Inner}
	v, ok := volumes[volume]
	if !ok {
		return opt, unreadable("volume", "where", "--volume "+volume)
	}
	opt.Volume = v
	for _, x := range []struct {
		name string
		to   *calendar.Date
	}{{"from", &opt.From}, {"to", &opt.To}} {
		name, to := x.name, x.to
		text, err := a.one(name)
		if err != nil {
			return opt, err
		}
		if text == "" {
			continue
		}
		if *to, err = typed.Date(text); err != nil {
			return opt, unreadable("date", "where", "--"+name+" "+text)
		}
	}
	if opt.From != 0 && opt.To != 0 && opt.From > opt.To {
		return opt, unreadable("backward", "where", "--to "+opt.To.String())
	}
	return opt, nil
}

// binding is the bound file as pages offer it: both volumes, whole.
func binding(e *engine.Engine) page.Bind {
	return func(ctx context.Context, who office.PersonID, id casefile.CaseID, out io.Writer) error {
		_, err := bind.File(ctx, e, who, id, bind.Options{}, out)
		return err
	}
}
