package web

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/desk"
	"dossier/engine/listing"
	"dossier/engine/procedure"
	"dossier/engine/rules"
	"dossier/engine/secret"
)

// approvalsView is what waits for the reader's decision, a card each, what runs out first on top.
type approvalsView struct {
	base
	Matters []matterView
	One     bool // only the case that the address names
}

// matterView is one paper that waits at a gate.
type matterView struct {
	ID       casefile.CaseID
	Number   string
	Light    light
	Title    string
	Party    string
	Facts    []knownView
	Clock    string
	Paper    linkView
	Earlier  []string // opinions that were signed before
	Opinion  *fieldView
	Gates    []gateView
	Asks     bool // it asks more than an opinion: the form of its own is needed
	Missing  []unmet
	Key      string
	Seq      uint64
	Walk     procedure.WalkID
	Sign     string
	CaseLink string
}

type gateView struct {
	Title, Address string
	Approve        bool
}

// maxMatters is how many cards a page has; each is a case that must be read.
const maxMatters = 20

func approvalsPage(a *ask) error {
	d, err := desk.Of(a.s.engine, a.id())
	if err != nil {
		return err
	}
	v := approvalsView{base: a.base(a.T("approvals.title"), "approvals")}
	only, _ := strconv.ParseInt(a.Query("case"), 10, 64)
	v.One = only > 0
	seen := map[casefile.CaseID]bool{}
	for _, r := range append(append([]listing.Row{}, d.Gates...), d.Lent...) {
		if seen[r.ID] || v.One && r.ID != casefile.CaseID(only) || len(v.Matters) >= maxMatters {
			continue
		}
		seen[r.ID] = true
		ms, err := a.matters(r)
		if err != nil {
			return err
		}
		v.Matters = append(v.Matters, ms...)
	}
	return a.draw(http.StatusOK, "approvals", v)
}

// matters are the gates of one case at which the reader may decide, one for each walk.
func (a *ask) matters(r listing.Row) ([]matterView, error) {
	view, err := desk.View(a.s.engine, a.id(), r.ID)
	if err != nil {
		return nil, err
	}
	a.of(view.Edition)
	byWalk := map[procedure.WalkID][]desk.Available{}
	var walks []procedure.WalkID
	for _, x := range view.Actions {
		if x.Decision == "" || x.Builtin {
			continue
		}
		if byWalk[x.Walk] == nil {
			walks = append(walks, x.Walk)
		}
		byWalk[x.Walk] = append(byWalk[x.Walk], x)
	}
	var ms []matterView
	for _, w := range walks {
		m, err := a.matter(r, view, w, byWalk[w])
		if err != nil {
			return nil, err
		}
		ms = append(ms, m)
	}
	return ms, nil
}

func (a *ask) matter(r listing.Row, view *desk.CaseView, walk procedure.WalkID, gates []desk.Available) (matterView, error) {
	def := view.Edition.Def
	row := a.s.rowView(a.words, r, true)
	m := matterView{ID: r.ID, Number: row.Number, Light: row.Light, Party: row.Party + " · " + row.Facts, Seq: view.Case.Seq, Walk: sideOnly(walk),
		CaseLink: fmt.Sprintf("/cases/%d", r.ID), Sign: a.T("approvals.sign", "who", a.signer(a.id(), gates[0].For), "day", a.Date(a.today))}
	var against []string
	for _, g := range gates {
		if g.Decision != procedure.Approve {
			if word := a.T("decision." + string(g.Decision)); !slices.Contains(against, word) {
				against = append(against, word)
			}
		}
	}
	if len(against) > 0 {
		m.Sign = a.T("approvals.reason", "what", strings.Join(against, a.T("list.and"))) + m.Sign
	}
	if state := view.Case.Walk(walk); state != nil {
		m.Title = a.s.stateTitle(a.words, r.Workflow, walk, state.State)
	}
	if d := walkOf(def, walk); walk != procedure.Main && d != nil {
		m.Title = a.L(d.Title) + " · " + m.Title
	}
	if lit := rowClock(r); lit != nil { // the clock of the light, no other
		for _, c := range view.Clocks {
			if c.ID == lit.ID {
				m.Clock = a.clockUse(c)
				break
			}
		}
	}
	key, _, err := secret.New(a.s.engine.Random)
	if err != nil {
		return m, err
	}
	m.Key = key
	for _, g := range gates {
		m.Gates = append(m.Gates, gateView{Title: a.L(g.Title), Approve: g.Decision == procedure.Approve,
			Address: address(desk.Draft{Case: r.ID, Action: g.Action, Walk: sideOnly(walk)})})
	}
	a.paperOf(&m, view, walk)
	if err := a.asked(&m, view, walk, gates); err != nil {
		return m, err
	}
	return m, nil
}

// clockUse says when a clock is due and how much of it is used: never less than nothing, and nothing of a date that a person
// fixed or of a clock whose remainder is told in another unit.
func (a *ask) clockUse(c rules.Running) string {
	due := or(a.dueDay(c.Due, c.Provisional), a.T("clock.undue"))
	all := length(c.Run)
	used := all - c.Remaining
	if all == 0 || used < 0 || c.Unit != c.Run.Period.Unit || c.Unit == calendar.Months {
		return a.T("approvals.dated", "clock", a.clockTitle(c), "due", due)
	}
	return a.T("approvals.clock", "clock", a.clockTitle(c), "due", due, "used", used, "of", a.Units(all, c.Unit))
}

// paperOf shows the paper that the gate signs: what was asked for, and what was said to it before.
func (a *ask) paperOf(m *matterView, view *desk.CaseView, walk procedure.WalkID) {
	for i := len(view.Case.Papers) - 1; i >= 0; i-- {
		p := &view.Case.Papers[i]
		form := view.Edition.Forms[p.Form]
		if !p.Open || p.Walk != walk || form == nil {
			continue
		}
		m.Paper = linkView{a.T("approvals.paper", "title", a.L(form.Title)), fmt.Sprintf("/cases/%d/papers/%d.pdf", view.Case.ID, p.P)}
		for _, filled := range p.Parts {
			part := form.Part(filled.Part)
			if filled.Past != 0 || part == nil {
				continue
			}
			if form.First(filled.Part) {
				m.Facts = a.deciding(part, filled.Values)
				continue
			}
			m.Earlier = append(m.Earlier, a.T("approvals.said", "who", a.signer(filled.By, filled.For), "day", a.Day(filled.Day),
				"words", or(part.Said(filled.Values), a.L(part.Title))))
		}
		return
	}
}

// deciding are the three answers of a paper's first part that say most: long texts and sums before short ones.
func (a *ask) deciding(part *procedure.Part, values procedure.Values) []knownView {
	var long, short []knownView
	for i := range part.Fields {
		f := &part.Fields[i]
		v := values[f.ID]
		if v.Empty() || f.Type == procedure.Table || f.Type == procedure.File || f.Secret {
			continue
		}
		k := knownView{a.L(f.Title), a.value(f, v)}
		if f.Type == procedure.LongText || f.Type == procedure.Money || f.ID == "reason" {
			long = append(long, k)
		} else {
			short = append(short, k)
		}
	}
	all := append(long, short...)
	return all[:min(3, len(all))]
}

// asked puts the opinion on the card when the gate asks nothing else that must be given.
func (a *ask) asked(m *matterView, view *desk.CaseView, walk procedure.WalkID, gates []desk.Available) error {
	for _, g := range gates {
		b, err := desk.BlankFor(a.s.engine, a.id(), view.Case.ID, "", g.Action, walk, nil)
		if err != nil {
			return err
		}
		if g.Decision == procedure.Approve {
			for _, c := range b.Missing {
				m.Missing = append(m.Missing, a.condition(c))
			}
		}
		for _, p := range b.Parts {
			for i := range p.Part.Fields {
				f := &p.Part.Fields[i]
				switch {
				case f.Shows != nil:
				case f.Opinion:
					if m.Opinion == nil {
						x := a.fieldOf(f, p, b, nil, 0)
						x.ID, x.Kind = "opinion-"+strconv.FormatInt(int64(m.ID), 10)+string(walk), "area"
						m.Opinion = &x
					}
				case f.Required && p.Values[f.ID].Empty(), !p.Values[f.ID].Empty() && !p.Known[f.ID]:
					m.Asks = true
				}
			}
		}
	}
	if m.Opinion != nil {
		m.Opinion.Value = strings.TrimSpace(m.Opinion.Value)
	}
	return nil
}
