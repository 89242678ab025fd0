package main

import (
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"dossier/documents"
	"dossier/engine/procedure"
	"dossier/engine/procedure/diagram"
	"dossier/engine/strictyaml"
	"dossier/engine/text"
	"dossier/seeds"
	"dossier/workflows"
)

// workflowHelp is what `dossier workflow --help` prints.
const workflowHelp = `用法：dossier workflow list [--data 目录]
      dossier workflow check 文件...
      dossier workflow show 程序 [--as mermaid|dot|json|yaml|svg] [--written-out]
      dossier workflow schema [procedure|form|values]

办案程序：程序自带的，写 --data 时连同那个目录里本局自己的。

  list               现在新立案件所依据的程序
  check              像编译器一样读程序和文书，每个错误写明文件、行、列和怎样改
  show               画出一个程序，默认 mermaid
  --written-out      与 --as yaml 同用：在几个环节都有的办理，在每个环节各写一遍
  schema             这种文件的JSON Schema，供编辑器使用
  --json             输出JSON；show --json 即 show --as json

例：
  dossier workflow check workflows/labour-case.yaml
  dossier workflow check 目录/posts.yaml 目录/documents/*.yaml 目录/workflows/*.yaml
  dossier workflow show labour-case --as dot | dot -Tsvg > labour-case.svg
  dossier workflow schema form > form.schema.json
`

// Workflow runs `dossier workflow`. The files that `check` names are opened through files, by their names as given;
// their faults are the fields of the *usageError that it answers. It needs no data.
func Workflow(args []string, out io.Writer, files fs.FS) error {
	a, err := readArguments(args, []string{"as", "data"}, []string{"json", "written-out"})
	if err != nil {
		return err
	}
	if a.has("help") || len(a.rest) == 0 {
		_, err := io.WriteString(out, workflowHelp)
		return err
	}
	as, err := a.one("as")
	if err != nil {
		return err
	}
	switch verb, rest := a.rest[0], a.rest[1:]; {
	case verb == "list" && len(rest) == 0:
		data, err := a.office()
		if err != nil {
			return err
		}
		return workflowList(out, data, a.has("json"))
	case verb == "check" && len(rest) > 0:
		return workflowCheck(out, files, rest, a.has("json"))
	case verb == "check":
		return unreadable("check-none")
	case verb == "show" && len(rest) == 1:
		return workflowShow(out, rest[0], as, a.has("json"), a.has("written-out"))
	case verb == "show":
		return unreadable("show-one")
	case verb == "schema" && len(rest) <= 1:
		return workflowSchema(out, rest)
	default:
		return unreadable("no-such-verb", "where", "workflow "+strings.Join(a.rest, " "), "offer", offer(verb, []string{"list", "check", "show", "schema"}))
	}
}

// faulty is the error of files with faults: the text tells them line by line, the fields one by one.
func faulty(faults text.Faults) error {
	if len(faults) == 0 {
		return nil
	}
	faults.Sort()
	faults = slices.Compact(faults) // a file that the program brings along may be checked under its own name
	e := &usageError{Code: "unreadable", Message: faults.In(text.ZH)}
	for _, f := range faults {
		e.Fields = append(e.Fields, fieldError{fmt.Sprintf("%s:%d:%d", f.File, f.Line, f.Col), "unreadable", f.Message.In(text.ZH) + f.Do(text.ZH)})
	}
	return e
}

// embeddedEditions reads what the program brings along.
func embeddedEditions() ([]*workflows.Edition, error) {
	forms, err := documents.Load(documents.Embedded())
	if err != nil {
		return nil, faulty(faultsOf(err))
	}
	editions, err := workflows.All(forms, nil)
	return editions, faulty(faultsOf(err))
}

// workflowLine is one procedure in `list --json` and `check --json`.
type workflowLine struct {
	File    string          `json:"file,omitempty"`
	ID      string          `json:"id"`
	Version int             `json:"version"`
	Title   procedure.Label `json:"title"`
	States  int             `json:"states,omitempty"`
	Walks   int             `json:"walks,omitempty"`
	Actions int             `json:"actions,omitempty"`
	Clocks  int             `json:"clocks,omitempty"`
	Forms   int             `json:"forms,omitempty"`
	Hash    string          `json:"hash"`
	Pending []string        `json:"pending,omitempty"`
}

func workflowLineOf(e *workflows.Edition) workflowLine {
	d := e.Definition
	line := workflowLine{ID: string(d.ID), Version: d.Version, Title: d.Title, Hash: e.Hash, Forms: len(d.Forms()),
		States: len(d.Main.States), Walks: len(d.Sides), Clocks: len(d.Clocks), Pending: workflows.Pending(d)}
	actions := map[procedure.ActionID]bool{}
	d.Each(func(_ *procedure.Walk, _ *procedure.State, a *procedure.Action) { actions[a.ID] = true })
	line.Actions = len(actions)
	for _, w := range d.Sides {
		line.States += len(w.States)
		line.Clocks += len(w.Clocks)
	}
	return line
}

func (l workflowLine) String() string {
	return fmt.Sprintf("%s 第%d版 %s：%d个环节，%d个旁支，%d个事项，%d个期限，%d种文书，%s",
		l.ID, l.Version, l.Title.ZH, l.States, l.Walks, l.Actions, l.Clocks, l.Forms, l.Hash[:12])
}

// workflowList prints a line per procedure, of the folder where one is named.
func workflowList(out io.Writer, data string, asJSON bool) error {
	editions, err := embeddedEditions()
	if data != "" {
		var lib *library
		if lib, err = readProcedures(ownFiles(data)); err == nil {
			editions = nil
			for _, ed := range lib.editions {
				editions = append(editions, lib.sources[ed.Hash])
			}
		}
	}
	if err != nil {
		return err
	}
	lines := make([]workflowLine, len(editions))
	for i, e := range editions {
		lines[i] = workflowLineOf(e)
	}
	if asJSON {
		return printJSON(out, lines)
	}
	for _, l := range lines {
		if _, err := fmt.Fprintln(out, l); err != nil {
			return err
		}
	}
	return nil
}

// releasedList holds the hashes of the released versions; it is there where the program is made.
const releasedList = "testdata/released.sum"

// workflowCheck reads posts, procedures and forms, the forms before the procedures, so that a bureau's own forms are checked together with its
// procedures. The guards that aren't written yet are notes, not faults.
func workflowCheck(out io.Writer, files fs.FS, names []string, asJSON bool) error {
	forms, err := documents.Load(documents.Embedded())
	faults := faultsOf(err)
	texts := map[string][]byte{}
	var procedures, blanks, others []string
	var posts []procedure.Post
	for _, name := range names {
		data, err := fs.ReadFile(files, name)
		if err != nil {
			return unreadable("file-read", "why", cause(err), "where", name)
		}
		texts[name] = data
		root, err := strictyaml.Parse(name, data)
		switch {
		case err == nil && root.Get("form") != nil:
			blanks = append(blanks, name)
			values := path.Join(path.Dir(name), documents.ValuesFile)
			if beside, err := fs.ReadFile(files, values); err == nil && texts[values] == nil {
				texts[values] = beside
				blanks = append(blanks, values)
			}
		case err == nil && root.Get("values") != nil:
			if !slices.Contains(blanks, name) {
				blanks = append(blanks, name)
			}
		case err == nil && root.Get("posts") != nil:
			own, err := seeds.ReadPosts(name, data, append(seeds.Posts(), posts...)...)
			faults = append(faults, faultsOf(err)...)
			posts = append(posts, own...)
			others = append(others, name)
		default:
			procedures = append(procedures, name)
		}
	}
	faults = append(faults, documents.Check(blanks, texts, forms)...)
	editions, err := workflows.All(forms, nil)
	faults = append(faults, faultsOf(err)...)
	checked := map[string]*workflows.Edition{}
	for _, name := range procedures {
		e, err := workflows.Open(name, texts[name], forms, posts...)
		faults = append(faults, faultsOf(err)...)
		if err == nil {
			checked[name] = e
			editions = append(editions, e)
		}
	}
	var lines []workflowLine
	for _, name := range procedures {
		e := checked[name]
		if e == nil {
			continue
		}
		if len(faults) == 0 { // else a procedure that isn't there may be one that couldn't be read
			faults = append(faults, faultsOf(e.Against(name, editions, forms))...)
		}
		line := workflowLineOf(e)
		line.File = name
		lines = append(lines, line)
	}
	if list, err := fs.ReadFile(files, releasedList); err == nil { // beside the sources that a release is made of
		faults = append(faults, faultsOf(workflows.Released(releasedList, list, slices.Collect(maps.Values(checked))))...)
	}
	if err := faulty(faults); err != nil {
		return err
	}
	if asJSON {
		return printJSON(out, lines)
	}
	for _, l := range lines {
		fmt.Fprintf(out, "%s: %s\n", l.File, l)
		for _, p := range l.Pending {
			fmt.Fprintf(out, "%s: 提示，尚未开通: %s\n", l.File, p)
		}
	}
	for _, name := range append(blanks, others...) {
		fmt.Fprintf(out, "%s: 没有错误\n", name)
	}
	return nil
}

// workflowShow prints one procedure, drawn or as its own text, which may be written out. With --json it is the whole
// definition.
func workflowShow(out io.Writer, id, as string, asJSON, writtenOut bool) error {
	editions, err := embeddedEditions()
	if err != nil {
		return err
	}
	switch {
	case writtenOut && as != "yaml":
		return unreadable("written-out")
	case as == "" && asJSON:
		as = "json"
	case as == "":
		as = "mermaid"
	}
	var ids []string
	for _, e := range editions {
		ids = append(ids, string(e.Definition.ID))
		if string(e.Definition.ID) != id {
			continue
		}
		drawn := e.Source
		if writtenOut {
			drawn = e.WrittenOut()
		}
		if as != "yaml" {
			if drawn, err = diagram.Diagram(e.Definition, as); err != nil {
				return unreadable("drawing", "where", "--as "+as, "offer", offer(as, append(slices.Clone(diagram.DiagramFormats), "yaml")))
			}
		}
		_, err = out.Write(drawn)
		return err
	}
	return unreadable("procedure-offer", "where", id, "offer", offer(id, ids))
}

// workflowSchema prints the schema of a kind of file.
func workflowSchema(out io.Writer, rest []string) error {
	kinds := map[string]func() []byte{"procedure": workflows.Schema, "form": documents.Schema, "values": documents.ValuesSchema}
	kind := append(rest, "procedure")[0]
	schema := kinds[kind]
	if schema == nil {
		return unreadable("schema", "where", kind, "offer", offer(kind, slices.Sorted(maps.Keys(kinds))))
	}
	_, err := out.Write(schema())
	return err
}

// faultsOf gives the faults of an error; of another error the one fault that it is; of none, none.
func faultsOf(err error) text.Faults {
	if err == nil {
		return nil
	}
	if faults, ok := err.(text.Faults); ok {
		return faults
	}
	return text.Faults{{Message: text.Said(err.Error())}}
}

// printJSON writes one JSON value for people and programs.
func printJSON(out io.Writer, v any) error {
	e := json.NewEncoder(out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}
