package demo

import (
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"slices"

	"dossier/engine"
	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/change"
	"dossier/engine/ledger"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/seeds"
	"dossier/seeds/scenario"
)

//go:embed county/*.yaml
var county embed.FS

// Fill makes the people users, all with the password of this hash (argon2id), and plays the county's cases up to the last
// working day before today. The stage's store is empty; its clock is left where the last case ended.
func Fill(ctx context.Context, stage *scenario.Stage, today calendar.Date, cal *calendar.Calendar, passwordHash string) error {
	_, err := fill(ctx, stage, today, cal, passwordHash)
	return err
}

// played is one case file and the cases that it made.
type played struct {
	*scenario.Scenario
	cases map[string]casefile.CaseID
}

func fill(ctx context.Context, stage *scenario.Stage, today calendar.Date, cal *calendar.Calendar, passwordHash string) ([]played, error) {
	stories, err := stories(today, cal)
	if err != nil {
		return nil, err
	}
	users, err := hire(ctx, stage.Engine, passwordHash)
	if err != nil {
		return nil, err
	}
	cases, err := scenario.Cases(ctx, stories, stage, users)
	if err != nil {
		return nil, fmt.Errorf("demo county: %w", err)
	}
	all := make([]played, len(stories))
	for i, s := range stories {
		all[i] = played{s, cases[i]}
	}
	return all, nil
}

// stories reads the case files, in the order of their names. A post that a file doesn't name is held by the county's people.
func stories(today calendar.Date, cal *calendar.Calendar) ([]*scenario.Scenario, error) {
	files, err := fs.Glob(county, "county/*.yaml")
	if err != nil {
		return nil, err
	}
	slices.Sort(files)
	posts := map[procedure.Actor][]string{}
	for _, p := range People() {
		for _, h := range p.Posts {
			posts[h.Post] = append(posts[h.Post], p.Name)
		}
	}
	var ss []*scenario.Scenario
	for _, f := range files {
		data, err := county.ReadFile(f)
		if err != nil {
			return nil, err
		}
		s, err := scenario.Read(f, data, today, cal)
		if err != nil {
			return nil, err
		}
		s.Fill = true
		for p, names := range posts {
			if _, named := s.People[p]; !named {
				s.People[p] = names
			}
		}
		ss = append(ss, s)
	}
	return ss, nil
}

// hire writes the people, and what the county has set, and gives the users by their names.
func hire(ctx context.Context, e *engine.Engine, passwordHash string) (map[string]office.PersonID, error) {
	users := map[string]office.PersonID{}
	var ws []ledger.RecordWrite
	for _, p := range People() {
		p.Password = passwordHash
		data, err := json.Marshal(p)
		if err != nil {
			return nil, err
		}
		users[p.Name] = p.ID
		ws = append(ws, ledger.RecordWrite{Kind: ledger.KindPerson, ID: string(p.ID), Data: data, Ledgered: true})
	}
	set := seeds.DemoSettings()
	for _, name := range slices.Sorted(maps.Keys(set)) {
		data, err := json.Marshal(set[name])
		if err != nil {
			return nil, err
		}
		ws = append(ws, ledger.RecordWrite{Kind: ledger.KindSetting, ID: name, Data: data, Ledgered: true})
	}
	return users, change.KeepRecords(ctx, e, ws...)
}
