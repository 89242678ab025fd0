package cases

import (
	"slices"
	"strconv"
	"strings"

	"dossier/engine/casefile"
	"dossier/engine/change"
	"dossier/engine/desk"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/web/page"
)

// moveView is what a change does to one case, in words: a line a clock, and what else there is to know.
type moveView struct {
	ID       casefile.CaseID
	Address  string
	Number   string
	Party    string
	Officers string
	Lines    []moveLine // at least one, whose clock is "" when none moves
	Notes    []string
	Refused  []string // why the case can't be moved
	Choice   string   // what the form sends when the case is chosen
}

// Span is how many lines of a table the case takes.
func (m moveView) Span() int { return len(m.Lines) }

type moveLine struct {
	Clock, Was, Now string
	Dated           bool // the day itself is another, not only that it is provisional no more
}

// shownMoves is how many cases a page lists; the command line lists all.
const shownMoves = 500

// MovesView is a list of moves with its sums.
type MovesView struct {
	Cases  []moveView
	Firmed *MovesView // the cases in which nothing but days that are provisional no more is different, apart; nil for none
	Sum    string
	More   string // that there are cases beyond those that are listed
	Choose bool   // cases are chosen from the list

	listed              int
	Dated, Clocks, Firm int // cases and clocks whose day is another; clocks whose day is provisional no more
}

// ShowMoves puts moves into words; cases are chosen from a list that has all of them.
func ShowMoves(a *page.Ask, moves []change.Move, choose bool) MovesView {
	v, firmed := MovesView{Choose: choose}, MovesView{}
	for _, m := range moves {
		dated := 0
		for _, c := range m.Clocks {
			if c.Dated() {
				dated++
			} else if c.Was.Provisional && !c.Now.Provisional {
				v.Firm++
			}
		}
		v.Clocks += dated
		v.Dated += min(dated, 1)
		if !choose && dated == 0 && len(m.Clocks) > 0 && len(m.Opens)+len(m.Clears) == 0 && m.Acts.ZH == "" && m.Refused == nil {
			firmed.add(a, m)
		} else {
			v.add(a, m)
		}
	}
	if len(firmed.Cases) > 0 {
		v.Firmed = &firmed
	}
	return v
}

// add lists one more case, as far as a page lists them.
func (v *MovesView) add(a *page.Ask, m change.Move) {
	if v.listed++; v.listed <= shownMoves {
		v.Cases = append(v.Cases, Move(a, m))
		return
	}
	v.More = a.T("moves.more", "n", v.listed-shownMoves)
}

func Move(a *page.Ask, m change.Move) moveView {
	r := m.Row
	v := moveView{ID: r.ID, Address: "/cases/" + strconv.FormatInt(int64(r.ID), 10), Number: page.Or(r.Number, r.Intake), Party: page.Or(r.Party, a.T("row.no-party")),
		Officers: a.Names(r.Officers), Choice: strconv.FormatInt(int64(r.ID), 10) + "." + strconv.FormatUint(m.Seq, 10)}
	for _, c := range m.Clocks {
		v.Lines = append(v.Lines, moveLine{a.L(c.Title), stands(a.Words, c.Was), stands(a.Words, c.Now), c.Dated()})
	}
	slices.SortStableFunc(v.Lines, func(x, y moveLine) int { // what moves first
		switch {
		case x.Dated == y.Dated:
			return 0
		case x.Dated:
			return -1
		}
		return 1
	})
	if v.Lines == nil {
		v.Lines = []moveLine{{}}
	}
	v.Notes = findingNotes(a, m.Edition.Def, m.Opens, m.Clears, m.Restates)
	if m.Acts.ZH != "" {
		v.Notes = append(v.Notes, a.T("moves.acts", "action", a.L(m.Acts)))
	}
	if m.Refused != nil {
		for _, c := range m.Refused.Conditions {
			v.Refused = append(v.Refused, m.Refused.SayCondition(a.Language, c))
		}
	} else if len(m.Clocks)+len(v.Notes) == 0 {
		v.Notes = []string{a.T("moves.unchanged")}
	}
	return v
}

// findingNotes says which findings open, which go, and which are told otherwise.
func findingNotes(a *page.Ask, def *procedure.Definition, opens, clears, restates []casefile.Finding) []string {
	var notes []string
	add := func(key string, fs []casefile.Finding) {
		for _, f := range fs {
			if f.Answered == 0 {
				notes = append(notes, a.T(key, "action", a.ActionTitle(def, f.Action)))
			}
		}
	}
	add("moves.opens", opens)
	add("moves.clears", clears)
	add("moves.restates", restates)
	return notes
}

// stands is how a clock stands: its due day, marked where it is provisional, or what is left of one that is suspended.
func stands(w page.Words, s change.Standing) string {
	text := w.T("moves.none")
	switch {
	case s.Due != 0:
		return w.DueDay(s.Due, s.Provisional)
	case s.Unit != "":
		text = w.T("light.suspended", "left", w.Units(s.Left, s.Unit))
	}
	if s.Provisional {
		text += w.T("light.provisional")
	}
	return text
}

// changed says what a change of the office, or a new version of the procedure, changed in a case; "" of any other step.
func changed(a *page.Ask, def *procedure.Definition, s desk.Step) string {
	var causes, parts []string
	vs := s.Values
	switch {
	case s.Action == casefile.VersionMoved:
		causes = append(causes, a.T("story.version", "from", vs["from"].Text, "to", vs["to"].Text))
	case s.Action != casefile.Rechecked:
		return ""
	case len(vs["notice"].Strings()) > 0:
		causes = append(causes, a.T("story.notice", "notice", vs["notice"]))
	case len(vs["schedule"].Strings()) > 0:
		causes = append(causes, a.T("story.schedule", "year", vs["schedule"]))
	}
	for _, name := range vs["setting"].Strings() {
		causes = append(causes, a.T("story.setting", "name", a.SettingTitle(name)))
	}
	for _, id := range vs["person"].Strings() {
		causes = append(causes, a.T("story.person", "who", a.Name(office.PersonID(id))))
	}
	for _, c := range s.Clocks {
		parts = append(parts, a.L(c.Title)+" "+stands(a.Words, c.Was)+" → "+stands(a.Words, c.Now))
	}
	parts = append(parts, findingNotes(a, def, s.Opens, s.Clears, s.Restates)...)
	if reason := vs["reason"].Text; reason != "" {
		parts = append(parts, a.T("story.reason", "reason", reason))
	}
	cause, what := strings.Join(causes, a.T("list.comma")), strings.Join(parts, a.T("list.semicolon"))
	if cause == "" || what == "" {
		return cause + what
	}
	return a.T("story.because", "cause", cause, "what", what)
}
