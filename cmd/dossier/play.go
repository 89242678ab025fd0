package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"dossier/documents"
	"dossier/engine"
	"dossier/engine/calendar"
	"dossier/engine/ledger"
	"dossier/engine/procedure"
	"dossier/seeds"
	"dossier/seeds/scenario"
	"dossier/store"
	"dossier/workflows"
)

const playHelp = `dossier play FILE...   plays scenarios on a scratch store with their own dates

A line per step, with --json one value when all are played; exits 1 at the first step that differs from what the scenario expects.

Example
  dossier play testdata/fine-paid.yaml
`

// play plays each scenario on a store of its own.
func play(p *process, args []string) error {
	asJSON := slices.Contains(args, "--json")
	args = slices.DeleteFunc(slices.Clone(args), func(a string) bool { return a == "--json" })
	if len(args) == 0 || args[0] == "--help" || args[0] == "-h" {
		fmt.Fprint(p.out, playHelp)
		return nil
	}
	editions, err := editions()
	if err != nil {
		return err
	}
	played := []playedJSON{}
	for _, file := range args {
		data, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		s, err := scenario.Read(file, data, p.today(), p.calendar)
		if err != nil {
			return err
		}
		var steps strings.Builder
		out := io.Writer(&steps)
		if !asJSON {
			out = p.out
			fmt.Fprintf(out, "— %s %s\n", file, s.Title)
		}
		if err := p.perform(s, editions, out); err != nil {
			return err
		}
		played = append(played, playedJSON{file, s.Title, strings.Split(strings.TrimSpace(steps.String()), "\n")})
	}
	if asJSON {
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
func (p *process) perform(s *scenario.Scenario, editions []*procedure.Edition, out io.Writer) error {
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
	stage, err := newStage(st, editions, p.calendar)
	if err != nil {
		return err
	}
	return scenario.Play(context.Background(), s, stage, out)
}

// newStage makes an engine whose time is set by the player.
func newStage(st ledger.Store, editions []*procedure.Edition, cal *calendar.Calendar) (*scenario.Stage, error) {
	blanks, err := documents.Blanks(documents.Embedded())
	if err != nil {
		return nil, err
	}
	at := new(time.Time)
	e, err := engine.New(engine.Config{Store: st, Renderer: documents.NewRenderer(blanks), Editions: editions, Calendar: cal,
		Settings: seeds.Settings(), Book: seeds.Standards(), Renewed: seeds.Renewed, Clauses: seeds.Clauses(), Now: func() time.Time { return *at }})
	if err != nil {
		return nil, err
	}
	return &scenario.Stage{Engine: e, At: at}, nil
}

// editions are the procedures that the program brings, with their forms.
func editions() ([]*procedure.Edition, error) {
	forms, err := documents.Load(documents.Embedded())
	if err != nil {
		return nil, err
	}
	loaded, err := workflows.All(forms, nil)
	if err != nil {
		return nil, err
	}
	var eds []*procedure.Edition
	for _, l := range loaded {
		ed := &procedure.Edition{Hash: l.Hash, Def: l.Definition, Forms: map[procedure.FormID]*procedure.Form{}}
		for _, id := range l.Definition.Forms() {
			ed.Forms[id] = forms[id]
		}
		eds = append(eds, ed)
	}
	return eds, nil
}
