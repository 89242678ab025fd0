package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"

	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/change"
	"dossier/engine/procedure"
	"dossier/store"
)

var calendarLoad = verb{help: `用法：dossier calendar load 文件 [--dry-run] [--as 用户名]

载入新公布的年度放假安排：重新计算未结案件的期限，在有变动的案件上留下记录，并列出变动。文件格式见 dossier calendar check。
载入以前的文件，就退回以前的安排，两次载入都留在记录里。

  --dry-run  只列出哪些期限会变动，什么也不改

例：
  dossier calendar load 2027.json --dry-run
  dossier calendar load 2027.json
`, options: []string{"as"}, switches: []string{"dry-run"}, run: loadSchedule}

// calendarList is list as the office's data hold the schedules.
var calendarList = verb{help: calendarHelp, run: func(_ context.Context, p *process, a arguments) error {
	words, err := a.words("calendar list", "年份")
	if err != nil {
		return err
	}
	h, err := p.open(a, store.Options{Owner: "dossier calendar list"})
	if err != nil {
		return err
	}
	args := append([]string{"list"}, words...)
	if a.has("json") {
		args = append(args, "--json")
	}
	return h.close(Calendar(args, p.out, p.today(), h.Office().Calendar))
}}

// calendarCommand is load and list on the office's data, and what needs none.
func calendarCommand(p *process, args []string) error {
	if len(args) > 0 && args[0] == "list" && slices.Contains(args, "--data") {
		return calendarList.named("calendar", "list")(p, args[1:])
	}
	if len(args) > 0 && args[0] == "load" {
		return calendarLoad.named("calendar", "load")(p, args[1:])
	}
	return Calendar(args, p.out, p.today(), p.calendar)
}

// movedJSON is one clock that the schedule moved: its due dates, or of one that is suspended what is left, in its own unit.
type movedJSON struct {
	Case        casefile.CaseID   `json:"case"`
	Number      string            `json:"number,omitempty"`
	Party       string            `json:"party,omitempty"`
	Clock       procedure.ClockID `json:"clock"`
	From        calendar.Date     `json:"from,omitempty"`
	To          calendar.Date     `json:"to,omitempty"`
	FromLeft    *int              `json:"fromLeft,omitempty"`
	ToLeft      *int              `json:"toLeft,omitempty"`
	Provisional bool              `json:"provisional"` // as it stands afterwards
}

// findingJSON is a finding that opens or goes.
type findingJSON struct {
	Case   casefile.CaseID    `json:"case"`
	Action procedure.ActionID `json:"action"`
	Code   string             `json:"code"`
}

// loadJSON is what loading a schedule did, or would do.
type loadJSON struct {
	Year   int           `json:"year"`
	DryRun bool          `json:"dryRun,omitempty"`
	Moved  []movedJSON   `json:"moved"`
	Firm   int           `json:"firm"` // clocks whose date stays and is provisional no more
	Opens  []findingJSON `json:"opens,omitempty"`
	Clears []findingJSON `json:"clears,omitempty"`
}

// loadSchedule puts a year's schedule on record and tells what it moved; with --dry-run it only tells.
func loadSchedule(ctx context.Context, p *process, a arguments) (err error) {
	words, err := a.words("calendar load", "文件")
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
	if !a.has("json") {
		for _, d := range s.Doubts() {
			fmt.Fprintln(p.out, "请核对："+wordsOf(d))
		}
	}
	var moves []change.Move
	dry := a.has("dry-run")
	if dry {
		moves, err = change.PreviewSchedule(ctx, h.Engine, who, s)
	} else {
		moves, err = change.LoadSchedule(ctx, h.Engine, who, s)
	}
	if err != nil {
		return err
	}
	if a.has("json") {
		return json.NewEncoder(p.out).Encode(loaded(s.Year, dry, moves))
	}
	tellLoaded(p.out, s.Year, dry, moves)
	return nil
}

func loaded(year int, dry bool, moves []change.Move) loadJSON {
	out := loadJSON{Year: year, DryRun: dry, Moved: []movedJSON{}}
	left := func(s change.Standing) *int {
		if s.Due != 0 || s.Unit == "" {
			return nil
		}
		return &s.Left
	}
	for _, m := range moves {
		for _, c := range m.Clocks {
			switch {
			case c.Dated():
				out.Moved = append(out.Moved, movedJSON{m.Row.ID, m.Row.Number, m.Row.Party, c.ID, c.Was.Due, c.Now.Due, left(c.Was), left(c.Now), c.Now.Provisional})
			case c.Was.Provisional:
				out.Firm++
			}
		}
		for _, f := range m.Opens {
			out.Opens = append(out.Opens, findingJSON{m.Row.ID, f.Action, f.Code})
		}
		for _, f := range m.Clears {
			out.Clears = append(out.Clears, findingJSON{m.Row.ID, f.Action, f.Code})
		}
	}
	return out
}

func tellLoaded(w io.Writer, year int, dry bool, moves []change.Move) {
	sum := loaded(year, dry, moves)
	if dry {
		fmt.Fprintf(w, "试算%d年放假安排，什么也没有改\n", year)
	} else {
		fmt.Fprintf(w, "已载入%d年放假安排\n", year)
	}
	if len(sum.Moved) == 0 {
		fmt.Fprintln(w, "没有期限变动")
	}
	for _, m := range moves {
		head := fmt.Sprintf("案件%d　%s　%s　", m.Row.ID, m.Row.Number, m.Row.Party)
		for _, c := range m.Clocks {
			if c.Dated() {
				fmt.Fprintf(w, "%s%s：%s → %s\n", head, c.Title.ZH, stands(c.Was), stands(c.Now))
			}
		}
		for _, f := range m.Opens {
			fmt.Fprintf(w, "%s新增待纠正：%s\n", head, actionTitle(m.Edition, f.Action))
		}
		for _, f := range m.Clears {
			fmt.Fprintf(w, "%s消除待纠正：%s\n", head, actionTitle(m.Edition, f.Action))
		}
		if m.Acts.ZH != "" {
			fmt.Fprintf(w, "%s期满自动办理：%s\n", head, m.Acts.ZH)
		}
	}
	if sum.Firm > 0 {
		fmt.Fprintf(w, "另有%d个期限日期不变，不再是暂定\n", sum.Firm)
	}
}

// stands is how a clock stands, for a person.
func stands(s change.Standing) string {
	text := "无"
	switch {
	case s.Due != 0:
		text = s.Due.String()
	case s.Unit != "":
		text = "中止，剩" + calendar.Period{N: s.Left, Unit: s.Unit}.Han()
	}
	if s.Provisional {
		text += "（暂定）"
	}
	return text
}

// actionTitle is what an action is called.
func actionTitle(ed *procedure.Edition, id procedure.ActionID) string {
	title := string(id)
	ed.Def.Each(func(_ *procedure.Walk, _ *procedure.State, a *procedure.Action) {
		if a.ID == id && a.Title.ZH != "" {
			title = a.Title.ZH
		}
	})
	return title
}
