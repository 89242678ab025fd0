package main

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"dossier/engine"
	"dossier/engine/calendar"
	"dossier/store"
)

var calendarLoad = verb{help: `用法：dossier calendar load 文件 [--as 用户名]

载入新公布的年度放假安排：重新计算未结案件的期限，并列出有变动的期限。文件格式见 dossier calendar check。

例：
  dossier calendar load 2027.json
`, options: []string{"as"}, run: loadSchedule}

// calendarCommand is load on the office's data, and what needs none.
func calendarCommand(p *process, args []string) error {
	if len(args) > 0 && args[0] == "load" {
		return calendarLoad.named("calendar", "load")(p, args[1:])
	}
	return Calendar(args, p.out, p.today(), p.calendar)
}

// movedJSON is one due date that the schedule moved.
type movedJSON struct {
	Case   engine.CaseID  `json:"case"`
	Number string         `json:"number,omitempty"`
	Party  string         `json:"party,omitempty"`
	Clock  engine.ClockID `json:"clock"`
	From   calendar.Date  `json:"from"`
	To     calendar.Date  `json:"to"`
}

// loadSchedule puts a year's schedule on record and tells what it moved.
func loadSchedule(ctx context.Context, p *process, a arguments) (err error) {
	words, err := a.words("calendar load", "FILE")
	if err != nil {
		return err
	}
	s, err := checkSchedule(p.path(words[0]))
	if err != nil {
		return err
	}
	h, err := p.open(a, store.Options{Owner: "dossier calendar load"})
	if err != nil {
		return err
	}
	defer func() { err = h.close(err) }()
	who, err := h.person(a)
	if err != nil {
		return err
	}
	before, err := h.openRows(ctx)
	if err != nil {
		return err
	}
	if err := h.LoadSchedule(ctx, who, s); err != nil {
		return err
	}
	after, err := h.openRows(ctx)
	if err != nil {
		return err
	}
	moved := compareRows(before, after)
	if a.has("json") {
		return json.NewEncoder(p.out).Encode(map[string]any{"year": s.Year, "moved": moved})
	}
	fmt.Fprintf(p.out, "已载入%d年放假安排\n", s.Year)
	if len(moved) == 0 {
		fmt.Fprintln(p.out, "没有期限变动")
	}
	for _, m := range moved {
		fmt.Fprintf(p.out, "案件%d　%s　%s　%s：%s → %s\n", m.Case, m.Number, m.Party, h.clockTitle(after[m.Case].Workflow, m.Clock), m.From, m.To)
	}
	return nil
}

// openRows are the rows of all open cases.
func (h *house) openRows(ctx context.Context) (map[engine.CaseID]engine.Row, error) {
	rows := map[engine.CaseID]engine.Row{}
	q := engine.Query{Open: true, Limit: 500}
	for {
		page, err := h.Find(ctx, engine.System, q)
		if err != nil {
			return nil, err
		}
		for _, r := range page.Rows {
			rows[r.ID] = r
		}
		if page.Next == "" {
			return rows, nil
		}
		q.After = page.Next
	}
}

// compareRows are the due dates that differ, by case and clock.
func compareRows(before, after map[engine.CaseID]engine.Row) []movedJSON {
	moved := []movedJSON{}
	for _, id := range slices.Sorted(maps.Keys(before)) {
		for _, k := range after[id].Clocks {
			for _, old := range before[id].Clocks {
				if old.ID == k.ID && old.Due != k.Due && old.Start == k.Start {
					moved = append(moved, movedJSON{id, after[id].Number, after[id].Party, k.ID, old.Due, k.Due})
				}
			}
		}
	}
	return moved
}

// clockTitle is what a clock of a case is called; a later run of it has a number behind its id.
func (h *house) clockTitle(w engine.WorkflowID, id engine.ClockID) string {
	ed := h.Workflow(w)
	if ed == nil {
		return string(id)
	}
	c := ed.Def.Clock(id)
	if i := strings.LastIndexByte(string(id), '-'); c == nil && i > 0 {
		c = ed.Def.Clock(id[:i])
	}
	if c == nil || c.Title.ZH == "" {
		return string(id)
	}
	return c.Title.ZH
}
