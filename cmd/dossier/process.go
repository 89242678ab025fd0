package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"

	"dossier/engine/calendar"
	"dossier/engine/refusal"
	"dossier/engine/text"
	"dossier/engine/tick"
	"dossier/store"
)

const help = `dossier 案卷：劳动保障监察案件办理系统

先看演示：
  dossier serve --demo    打开一个演示县，按提示的地址在浏览器登录

命令（每个命令都有 --help）：
  serve      网页与接口                  deadline   计算一个到期日
  user       人员                        calendar   放假安排：列出、检查、载入
  token      接口令牌                    workflow   办案程序：列出、检查、画图
  print      打印文书                    play       播放场景文件
  check      核对文书真伪                bind       装订案卷
  backup     备份                        verify     核验记录
  restore    恢复到空目录                version    版本
  import     补录纸面案件的表格          export     表格的模板
  penalty    处罚裁量：标准、幅度、算式
  register   责任清单：查找、对照
  draw       双随机抽取                  statistics 统计
  demo       铺开一个大的演示县          reload     重新读本局的文件
  migrate-store  迁到另一种数据库        rebuild    重新生成索引和快照
  completion 命令行补全
`

// command is one of the program's commands.
type command func(p *process, args []string) error

// anywhere opens files by the names that a person types: beside the process, above it, or from the root.
type anywhere struct{ *process }

func (a anywhere) Open(name string) (fs.File, error) { return os.Open(a.path(name)) }

// process is what a command runs in.
type process struct {
	commands map[string]command // the program's, by name
	ctx      context.Context    // ends when the program is told to stop
	in       io.Reader
	out, err io.Writer
	now      func() time.Time
	calendar *calendar.Calendar
	watch    func(op string, took time.Duration, err error) // told of the store's writes by the process that serves; nil: nobody is
	inside   *house                                         // the open house that a command of another process is carried out in
	dir      string                                         // where that process is
	reload   func(context.Context) error                    // reads the office's own files again, in the process that serves; nil in others
}

// far says on standard error how far a long command is.
func (p *process) far() *tick.Far { return tick.NewFar(p.err, p.now) }

func (p *process) today() calendar.Date { return calendar.In(p.now()) }

// run carries out one command line and gives its exit code.
func (p *process) run(args []string) (code int) {
	defer func() {
		if fault := recover(); fault != nil {
			code = p.fail(failing(nil, "program", "fault", fault, "where", strings.Join(args, " ")), args)
		}
	}()
	if len(args) == 0 || args[0] == "help" || args[0] == "--help" || args[0] == "-h" {
		fmt.Fprint(p.out, help)
		return 0
	}
	c, ok := p.commands[args[0]]
	if !ok {
		var names []string
		for n := range p.commands {
			names = append(names, n)
		}
		slices.Sort(names)
		return p.fail(unreadable("no-command", "where", args[0], "offer", offer(args[0], names)), args)
	}
	if err := c(p, args[1:]); err != nil {
		var over *handedError
		if errors.As(err, &over) {
			return over.code
		}
		return p.fail(err, args[1:])
	}
	return 0
}

// toldError is a failure of which everything has been said.
type toldError struct{}

func (toldError) Error() string { return "failed" }

// fail prints an error for the person, as JSON when that was asked.
func (p *process) fail(err error, args []string) int {
	code, message, fields := "failed", "", any(nil)
	var use *usageError
	var open store.OpenError
	var told toldError
	var path *fs.PathError
	var speaks text.Spoken
	switch e := refusal.As(err); {
	case errors.As(err, &told):
		return 1
	case errors.As(err, &open):
		code, message = open.OpenCode(), unopened(open)
	case e != nil:
		code, message = string(e.Code), refusalTold(e)
		if len(e.Fields) > 0 {
			fields = fieldErrors(e)
		}
	case errors.As(err, &use):
		code, message = use.Code, use.Message
		if len(use.Fields) > 0 {
			fields = use.Fields
		}
	case errors.As(err, &speaks):
		message = speaks.In(text.ZH) // each fault says its own place
	case errors.As(err, &path):
		message = said("file-write", "why", cause(err), "where", path.Path)
	case errors.Is(err, context.Canceled):
		message = said("stopped", "where", strings.Join(args, " "))
	default:
		message = said("failed", "fault", err, "where", strings.Join(args, " "))
	}
	if slices.Contains(args, "--json") {
		body := map[string]any{"code": code, "message": message}
		if fields != nil {
			body["fields"] = fields
		}
		_ = json.NewEncoder(p.out).Encode(map[string]any{"error": body})
		return 1
	}
	fmt.Fprintln(p.err, "dossier: "+message)
	return 1
}

// refusalTold is a refusal as the command line tells it: its code, then what is wrong and what to do, each thing with its place or
// its clauses.
func refusalTold(e *refusal.Error) string {
	var parts []string
	for _, c := range e.Conditions {
		part := string(c.Code) + ": " + e.SayCondition(text.ZH, c)
		for _, cite := range c.Law.Cites {
			part += " " + cite.String()
		}
		parts = append(parts, part)
	}
	for _, f := range e.Fields {
		parts = append(parts, f.Path+": "+e.SayField(text.ZH, f))
	}
	if len(parts) == 0 {
		parts = []string{e.Say(text.ZH)}
	}
	message := strings.Join(parts, "; ")
	if len(e.Conditions) == 1 && len(e.Fields) == 0 && e.Conditions[0].Code == e.Code {
		return message
	}
	return string(e.Code) + ": " + message
}

// fieldErrors are the values at fault.
func fieldErrors(e *refusal.Error) []fieldError {
	fs := make([]fieldError, len(e.Fields))
	for i, f := range e.Fields {
		args := text.Args{}
		for k, v := range f.Args {
			args[k] = v
		}
		if f.Said != nil {
			args["what"] = f.Said
		}
		fs[i] = fieldError{Path: f.Path, Code: string(f.Code), Message: text.T(text.ZH, f.Why, args)}
	}
	return fs
}
