package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strconv"

	"dossier/engine/casefile"
	"dossier/engine/desk"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
	"dossier/store"
)

var printVerb = verb{help: `用法：dossier print 案件 文书 -o 文件.pdf

打印一份文书：已签发的，是归档的原件；尚未签发的，按现在填写的内容打印，标“草稿”。

  案件               案件的编号，或者其任一文书上的号
  文书               文书在案内的序号，或者表号（如 LJ04，取最近一份）
  -o, --output 文件  写到哪里；- 为标准输出
  --as 用户名        以谁的名义查看，默认系统操作员

例：
  dossier print 42 LJ04 -o 立案审批表.pdf
  dossier print 任人社监立字〔2026〕3号 1 -o 1.pdf
`, options: []string{"output", "as"}, run: printDocument}

// printDocument writes one document, or a paper as it stands.
func printDocument(ctx context.Context, p *process, a arguments) (err error) {
	words, err := a.words("print", "案件", "文书")
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
	h, err := p.open(a, store.Options{Owner: "dossier print"})
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
	pdf, err := h.paper(ctx, who, id, words[1])
	if err != nil {
		return err
	}
	if file == "-" {
		_, err = p.out.Write(pdf)
		return err
	}
	size, err := writeNew(p.path(file), func(w io.Writer) error { _, err := w.Write(pdf); return err }, nil)
	if err != nil {
		return err
	}
	if a.has("json") {
		return json.NewEncoder(p.out).Encode(map[string]any{"file": file, "size": size})
	}
	_, err = fmt.Fprintln(p.out, file)
	return err
}

// paper is a document by its number in the case, or the latest paper of a form.
func (h *house) paper(ctx context.Context, who office.PersonID, id casefile.CaseID, document string) ([]byte, error) {
	if n, err := strconv.Atoi(document); err == nil {
		return desk.DocumentPDF(ctx, h.Engine, who, id, n)
	}
	v, err := desk.View(h.Engine, who, id)
	if err != nil {
		return nil, err
	}
	for i := len(v.Case.Papers) - 1; i >= 0; i-- {
		switch x := v.Case.Papers[i]; {
		case x.Form != procedure.FormID(document):
		case x.Doc > 0:
			return desk.DocumentPDF(ctx, h.Engine, who, id, x.Doc)
		default:
			return desk.PaperPDF(ctx, h.Engine, who, id, x.P)
		}
	}
	return nil, &refusal.Error{Code: refusal.NotFound, Args: refusal.Args{"what": "document", "id": document}}
}
