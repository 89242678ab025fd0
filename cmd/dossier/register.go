package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"dossier/engine/register"
	"dossier/engine/text"
	"dossier/seeds"
)

const registerHelp = `用法：dossier register [选项]

责任清单：各部分、各项的编号和原文，以及程序里由什么承担。

  不带选项           整份清单，每一项前面是编号
  --find 词语        找出含有这些词语的各项，可以用拼音首字母
  --section 科室     只列这个科室的各项
  --at 编号          一项的原文，承担它的审批、事项、期限、文书，或者没有承担的理由
  --route 事项       群众说的一件事归哪个科室或者哪个部门
  --trace            清单和程序的对照，就是 docs/traceability.md
  --json             输出JSON

例：
  dossier register --find 童工
  dossier register --section 劳动监察大队
  dossier register --at "四(九)二(二)"
  dossier register --route "老板拖欠三个月工资"
  dossier register --trace > docs/traceability.md
`

// Register runs `dossier register`. It needs no data: the list and the procedures are those that the program brings.
func Register(args []string, out io.Writer) error {
	a, err := readArguments(args, []string{"find", "section", "at", "route"}, []string{"trace", "json"})
	if err != nil {
		return err
	}
	if a.has("help") {
		_, err := io.WriteString(out, registerHelp)
		return err
	}
	if len(a.rest) > 0 {
		return unreadable("stray", "where", strings.Join(a.rest, " "), "do", "写 --find "+strings.Join(a.rest, " "))
	}
	var asked []string
	for _, name := range []string{"find", "at", "route", "trace"} {
		if a.has(name) {
			asked = append(asked, "--"+name)
		}
	}
	if len(asked) > 1 {
		return unreadable("several", "where", strings.Join(asked, " "))
	}
	r := seeds.Register()
	section, err := a.one("section")
	if err != nil {
		return err
	}
	switch {
	case a.has("at"):
		id, err := a.one("at")
		if err != nil {
			return err
		}
		return registerAt(out, r, id, a.has("json"))
	case a.has("route"):
		matter, err := a.one("route")
		if err != nil {
			return err
		}
		return registerRoute(out, r, matter, a.has("json"))
	case a.has("trace"):
		t, err := traced()
		if err != nil {
			return err
		}
		_, err = out.Write(register.Weave(r, t))
		return err
	case a.has("find") || section != "":
		query, err := a.one("find")
		if err != nil {
			return err
		}
		return registerFind(out, r, query, section, a.has("json"))
	case a.has("json"):
		return printJSON(out, r.List)
	}
	return registerWhole(out, r)
}

// traced is what carries each clause, in the procedures and forms that the program brings.
func traced() (*register.Trace, error) {
	lib, err := brought()
	if err != nil {
		return nil, err
	}
	return register.NewTrace(lib.editions, formsOf(lib.blanks), slices.Concat(register.Standards(seeds.Standards()), seeds.Register().Beside)...), nil
}

// registerWhole prints the list, each place with its id.
func registerWhole(out io.Writer, r *register.Register) error {
	var b strings.Builder
	fmt.Fprintln(&b, r.List.Title)
	for _, p := range r.List.Parts {
		fmt.Fprintf(&b, "\n%s、%s\n", p.ID, p.Title)
		for _, e := range r.Entries() {
			if e.Part == p.ID {
				writeEntry(&b, e)
			}
		}
	}
	_, err := io.WriteString(out, b.String())
	return err
}

func writeEntry(b *strings.Builder, e register.Entry) {
	fmt.Fprintf(b, "%s\t", e.ID)
	if e.Party != "" {
		fmt.Fprintf(b, "%s：", e.Party)
	}
	b.WriteString(e.Text)
	if len(e.Sections) > 0 {
		fmt.Fprintf(b, "［%s］", strings.Join(e.Sections, "、"))
	}
	b.WriteString("\n")
}

func registerFind(out io.Writer, r *register.Register, query, section string, asJSON bool) error {
	if section != "" {
		if !slices.Contains(r.Sections(), section) {
			return invalid("section", "not-found", "section", "where", "--section "+section, "known", r.Sections())
		}
	}
	found := r.Find(query, section)
	if asJSON {
		if found == nil {
			found = []register.Entry{}
		}
		return printJSON(out, map[string]any{"found": found})
	}
	var b strings.Builder
	for _, e := range found {
		writeEntry(&b, e)
	}
	if len(found) == 0 {
		fmt.Fprintf(&b, "清单里没有含“%s”的项\n", query)
	}
	_, err := io.WriteString(out, b.String())
	return err
}

// registerAt prints one place with what carries it.
func registerAt(out io.Writer, r *register.Register, id string, asJSON bool) error {
	id = strings.NewReplacer("（", "(", "）", ")", "list/", "").Replace(id)
	if !r.Has(id) {
		return invalid("at", "not-found", "list-place", "where", "--at "+id)
	}
	t, err := traced()
	if err != nil {
		return err
	}
	place := r.Place(t, id)
	if asJSON {
		return printJSON(out, place)
	}
	var b strings.Builder
	for _, e := range place.Text {
		writeEntry(&b, e)
		if e.Note != "" {
			fmt.Fprintf(&b, "\t注：%s\n", e.Note)
		}
	}
	for _, g := range t.Groups(place.By) {
		for _, l := range g.Lines {
			for _, c := range l.Carriers {
				fmt.Fprintf(&b, "\t%s\t%s：%s\n", cmp.Or(g.Title.ZH, "—"), text.T(text.ZH, "carrier."+string(l.Kind)), c.Said(text.ZH))
			}
		}
	}
	switch {
	case place.Through != "":
		fmt.Fprintf(&b, "\t%s\n", text.T(text.ZH, "weave.through", "at", text.Cite(text.List, place.Through, text.ZH)))
	case place.Silence != nil:
		fmt.Fprintf(&b, "\t%s\n", place.Silence.Why)
	}
	_, err = io.WriteString(out, b.String())
	return err
}

// registerRoute prints where a matter belongs.
func registerRoute(out io.Writer, r *register.Register, matter string, asJSON bool) error {
	ways := r.Route(matter)
	if asJSON {
		if ways == nil {
			ways = []register.Way{}
		}
		return printJSON(out, map[string]any{"ways": ways})
	}
	var b strings.Builder
	for _, w := range ways {
		fmt.Fprintf(&b, "%s\t%s\t%s\n", w.To, text.Cite(text.List, w.ID, text.ZH), w.Text)
		for _, basis := range w.Bases {
			fmt.Fprintf(&b, "\t依据：%s\n", basis)
		}
	}
	if len(ways) == 0 {
		b.WriteString("清单里没有相近的事项\n")
	}
	_, err := io.WriteString(out, b.String())
	return err
}
