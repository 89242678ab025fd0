package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"dossier/documents"
	"dossier/engine/desk"
	"dossier/store"
)

var checkVerb = verb{help: `用法：dossier check 凭据码|文件.pdf

核对一份文书是不是本机关签发的、现在还作不作数。给凭据码的，核对这个码；给文件的，还与归档的原件逐字节比对。

真的，退出码是 0；已经作废、已经重新制发、有改动或者查无此件的，退出码是 1。

例：
  dossier check 42-1-7K3F
  dossier check 行政处罚决定书.pdf
  dossier check 42-1-7K3F --json
`, run: checkPaper}

// checkPaper tells what the record says of a code or a file.
func checkPaper(ctx context.Context, p *process, a arguments) (err error) {
	words, err := a.words("check", "凭据码|文件.pdf")
	if err != nil {
		return err
	}
	var file []byte
	code := words[0]
	isFile := strings.HasSuffix(strings.ToLower(code), ".pdf") || strings.ContainsRune(code, os.PathSeparator)
	if isFile {
		if file, err = os.ReadFile(p.path(code)); err != nil {
			return unreadable("file-check", "why", cause(err), "where", code)
		}
	}
	h, err := p.open(a, store.Options{Owner: "dossier check"})
	if err != nil {
		return err
	}
	defer func() { err = h.close(err) }()
	var x desk.Checked
	if isFile {
		if code = documents.CodeOf(file); code == "" { // a paper of before files bore their code
			if code, err = desk.CodeOfFile(ctx, h.Engine, file); err != nil {
				return err
			}
		}
		x, err = desk.CheckFile(ctx, h.Engine, code, file)
	} else {
		x, err = desk.CheckCode(h.Engine, code)
	}
	if err != nil {
		return err
	}
	if err := p.tellChecked(x, a.has("json")); err != nil {
		return err
	}
	if x.Verdict != desk.Genuine || x.Altered {
		return toldError{}
	}
	return nil
}

// checkedJSON is a verdict as --json prints it.
type checkedJSON struct {
	Verdict string `json:"verdict"`
	Code    string `json:"code"`
	Title   string `json:"title,omitempty"`
	Number  string `json:"number,omitempty"`
	Office  string `json:"office,omitempty"`
	Issued  string `json:"issued,omitempty"`
	Since   string `json:"withdrawn,omitempty"`
	Mended  string `json:"mended,omitempty"` // when the party's name or particulars were mended; the paper keeps what it said
	Instead string `json:"instead,omitempty"`
	Altered bool   `json:"altered"`
}

// mendedOn says that a party's name or particulars were mended after the paper was issued, which is as it was issued.
func mendedOn(x desk.Checked) string {
	if x.Mended == 0 {
		return ""
	}
	return x.Mended.Han() + "更正了当事人的名称或者情况，本文书仍是签发时的写法"
}

var verdicts = map[desk.Verdict]string{desk.Genuine: "真实有效", desk.Withdrawn: "已经作废", desk.Replaced: "已经作废，另行制发", desk.NotOurs: "查无此件"}

func (p *process) tellChecked(x desk.Checked, asJSON bool) error {
	if asJSON {
		out := checkedJSON{Verdict: string(x.Verdict), Code: x.Code, Title: x.Title.ZH, Number: x.Number, Office: x.Bureau, Instead: x.Instead, Altered: x.Altered}
		if x.Day != 0 {
			out.Issued = x.Day.String()
		}
		if x.Since != 0 {
			out.Since = x.Since.String()
		}
		if x.Mended != 0 {
			out.Mended = x.Mended.String()
		}
		return json.NewEncoder(p.out).Encode(out)
	}
	var b strings.Builder
	b.WriteString(verdicts[x.Verdict])
	if x.Altered {
		b.WriteString("，但这个文件不是归档的原件：可能是扫描件、重印件，也可能有改动，以原件为准")
	}
	b.WriteString("\n")
	for _, row := range [][2]string{{"文书", x.Title.ZH}, {"文号", x.Number}, {"机关", x.Bureau}, {"签发", x.Day.Han()}, {"作废", x.Since.Han()}, {"更正", mendedOn(x)}, {"另发", x.Instead}, {"凭据码", x.Code}} {
		if row[1] != "" {
			fmt.Fprintf(&b, "%s　%s\n", row[0], row[1])
		}
	}
	_, err := fmt.Fprint(p.out, b.String())
	return err
}
