package scenario

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"dossier/engine"
	"dossier/engine/desk"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
	"dossier/engine/rules"
	"dossier/engine/text"
)

// Difference is a step whose outcome is not what the scenario expects.
type Difference struct {
	File      string
	Line, Col int
	Step      int
	What      string // the key of the scenario that says so
	Want, Got any    // [text.Words] and refusals speak, anything else is shown as it is
}

// Error is the difference in English, as programs log it.
func (d *Difference) Error() string { return d.In(text.EN) }

// In is the difference with its place: what was wanted, and what there is.
func (d *Difference) In(l text.Lang) string {
	got := d.Got
	if e, ok := got.(*refusal.Error); ok {
		got = inWords(l, e)
	}
	return fmt.Sprintf("%s:%d:%d: ", d.File, d.Line, d.Col) + text.Say("step %s: %s: want %s, have %s", d.Step, d.What, d.Want, got).In(l)
}

// any tells whether something is expected that only the case can answer.
func (e Expect) any() bool {
	return e.State != "" || len(e.Walks)+len(e.Places)+len(e.Due)+len(e.Remaining)+len(e.Provisional)+len(e.Documents)+len(e.Findings)+len(e.Lacks)+len(e.Alerts) > 0 || e.NoFindings || e.NoLacks
}

// check holds the case after the step to what is expected.
func (p *player) check(ctx context.Context, st Step, done *engine.Outcome, differ func(what string, want, got any) error) (*desk.CaseView, error) {
	id := p.cases[st.Case]
	if id == 0 {
		return nil, nil
	}
	v, err := desk.View(p.stage.Engine, office.System, id)
	if err != nil {
		return nil, err
	}
	e := st.Expect
	if e.State != "" && v.Case.Main() != e.State {
		return v, differ("state", e.State, v.Case.Main())
	}
	for _, walk := range slices.Sorted(maps.Keys(e.Walks)) {
		want := e.Walks[walk]
		got := ""
		if w := v.Case.Walk(walk); w != nil {
			got = string(w.State)
		} else if def := v.Edition.Def.Walk(walk); def != nil {
			got = string(def.States[0].ID)
		}
		if got != string(want) {
			return v, differ("walks."+string(walk), want, got)
		}
	}
	for _, who := range slices.Sorted(maps.Keys(e.Places)) {
		want := e.Places[who]
		got := "no respondent of that name"
		for _, p := range v.Parties {
			if p.Name == who {
				got = string(p.Place)
			}
		}
		if got != string(want) {
			return v, differ("places."+who, want, got)
		}
	}
	for _, clock := range slices.Sorted(maps.Keys(e.Due)) {
		want := e.Due[clock]
		if got := due(v, clock); got != want {
			return v, differ("due."+string(clock), want, got)
		}
	}
	for _, clock := range slices.Sorted(maps.Keys(e.Remaining)) {
		want := e.Remaining[clock]
		got := "none"
		for _, r := range v.Clocks {
			if r.ID == clock {
				got = fmt.Sprint(r.Remaining)
			}
		}
		if got != fmt.Sprint(want) {
			return v, differ("remaining."+string(clock), want, got)
		}
	}
	for _, clock := range e.Provisional {
		if !slices.ContainsFunc(v.Clocks, func(r rules.Running) bool { return r.ID == clock && r.Provisional }) {
			return v, differ("provisional", clock, text.Words("not provisional"))
		}
	}
	var issued []string
	if done != nil {
		for _, d := range done.Issued {
			issued = append(issued, string(d.Form))
		}
	}
	for _, want := range e.Documents {
		if !slices.ContainsFunc(issued, func(form string) bool { return ofRow(form, string(want), v.Edition.Forms) }) {
			return v, differ("documents", want, "["+strings.Join(issued, " ")+"]")
		}
	}
	var open []string
	for _, f := range v.Case.Findings {
		if f.Answered == 0 {
			open = append(open, string(f.Action))
		}
	}
	if e.NoFindings && len(open) > 0 {
		return v, differ("findings", "[]", "["+strings.Join(open, " ")+"]")
	}
	for _, want := range e.Findings {
		if !slices.Contains(open, string(want)) {
			return v, differ("findings", want, "["+strings.Join(open, " ")+"]")
		}
	}
	if err := e.lacks(v, differ); err != nil {
		return v, err
	}
	return v, p.alerted(ctx, id, e.Alerts, differ)
}

// lacks holds what the file still lacks to what is expected.
func (e Expect) lacks(v *desk.CaseView, differ func(what string, want, got any) error) error {
	var have []string
	for _, l := range v.Lacks {
		for _, it := range l.Items() {
			have = append(have, string(it.Form)+string(it.Fact))
		}
	}
	if e.NoLacks && len(have) > 0 {
		return differ("lacks", "[]", "["+strings.Join(have, " ")+"]")
	}
	for _, want := range e.Lacks {
		if !slices.Contains(have, want) {
			return differ("lacks", want, "["+strings.Join(have, " ")+"]")
		}
	}
	return nil
}

// ofRow tells whether a form is the wanted one, or one of those that share its row of the catalogue and have no code of
// their own there: LJ20 is said of LJ20W too, LJ11 of LJ11A; but LJ24 is not said of LJ24N.
func ofRow(form, want string, forms map[procedure.FormID]*procedure.Form) bool {
	rest, ok := strings.CutPrefix(form, want)
	if !ok || rest == "" {
		return ok
	}
	return len(rest) == 1 && rest[0] >= 'A' && rest[0] <= 'Z' && (forms[procedure.FormID(want)] == nil || !forms[procedure.FormID(form)].OwnRow)
}

// due is the due date that a clock shows: none when it is over, not begun, or suspended.
func due(v *desk.CaseView, clock procedure.ClockID) string {
	for _, r := range v.Clocks {
		if r.ID == clock && (r.State == rules.RunningClock || r.State == rules.OverdueClock) && r.Due != 0 {
			return r.Due.String()
		}
	}
	return "none"
}
