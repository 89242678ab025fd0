package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"dossier/documents"
	"dossier/engine"
	"dossier/engine/registry"
	"dossier/seeds"
	"dossier/seeds/scenario"
	"dossier/store"
)

const playHelp = `用法：dossier play 文件... [--data 目录]

播放场景：在一个临时的空库里，按场景自己的日期一步一步地办，每步一行；遇到与场景所说不同的第一步就停下，退出码为1。

  --data 目录        连同那个目录里本局自己的程序、文书和岗位
  --json             全部播放以后输出JSON

例：
  dossier play testdata/labour-fine-paid.yaml
  dossier play --data /srv/dossier reward.yaml
`

// play plays each scenario on a store of its own.
func play(p *process, args []string) error {
	a, err := readArguments(args, []string{"data"}, []string{"json"})
	if err != nil {
		return err
	}
	if a.has("help") || len(a.rest) == 0 {
		_, err := io.WriteString(p.out, playHelp)
		return err
	}
	dir, err := a.office()
	if err != nil {
		return err
	}
	lib, err := readLibrary(ownFiles(dir))
	if err != nil {
		return err
	}
	played := []playedJSON{}
	for _, file := range a.rest {
		data, err := os.ReadFile(file)
		if err != nil {
			return unreadable("file-read", "why", cause(err), "where", file)
		}
		s, err := scenario.Read(file, data, p.today(), p.calendar)
		if err != nil {
			return err
		}
		var steps strings.Builder
		out := io.Writer(&steps)
		if !a.has("json") {
			out = p.out
			fmt.Fprintf(out, "— %s %s\n", file, s.Title)
		}
		if err := p.perform(s, lib, out); err != nil {
			return err
		}
		played = append(played, playedJSON{file, s.Title, strings.Split(strings.TrimSpace(steps.String()), "\n")})
	}
	if a.has("json") {
		return printJSON(p.out, played)
	}
	return nil
}

// playedJSON is one scenario that went as it says.
type playedJSON struct {
	File  string   `json:"file"`
	Title string   `json:"title"`
	Steps []string `json:"steps"`
}

// perform plays one scenario on a scratch store.
func (p *process) perform(s *scenario.Scenario, lib *library, out io.Writer) error {
	dir, err := os.MkdirTemp("", "dossier-play-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	st, err := store.Open("bolt:"+dir, store.Options{Create: true, Owner: "dossier play"})
	if err != nil {
		return err
	}
	defer st.Close()
	at := new(time.Time)
	e, err := engine.New(engine.Config{Store: st, Renderer: documents.NewRenderer(lib.blanks), Editions: lib.editions, Calendar: p.calendar,
		Settings: seeds.CountySettings(), Book: seeds.Standards(), Clauses: seeds.Clauses(), Now: func() time.Time { return *at }})
	if err != nil {
		return err
	}
	return scenario.Play(p.ctx, s, &scenario.Stage{Engine: e, At: at, Registry: registry.New(e, lib.kinds)}, out)
}
