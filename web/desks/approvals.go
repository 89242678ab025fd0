package desks

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
	"dossier/web/cases"
	"dossier/web/page"
)

// approvalsView is what waits for the reader's decision, a card each, what runs out first on top.
type approvalsView struct {
	page.Base
	Matters  []matterView
	Together []togetherView
	Left     []string // why some of those that were picked were not approved
	One      bool     // only the case that the address names
}

// matterView is one paper that waits at a gate.
type matterView struct {
	ID       casefile.CaseID
	Number   string
	Light    page.Light
	Title    string
	Party    string
	Facts    []page.KnownView
	Clock    string
	Paper    page.LinkView
	Earlier  []string // opinions that were signed before
	Opinion  *page.FieldView
	Gates    []gateView
	Asks     bool // it asks more than an opinion: the form of its own is needed
	Missing  []page.Unmet
	Key      string
	Seq      uint64
	Walk     procedure.WalkID
	Sign     string
	CaseLink string
	kind     string
}

type gateView struct {
	Title, Address string
	Approve        bool
	action         procedure.ActionID
}

// maxMatters is how many cards a page has; each is a case that must be read.
const maxMatters = 20

func ApprovalsPage(a *page.Ask) error {
	v, err := approvals(a)
	if err != nil {
		return err
	}
	return a.Draw(http.StatusOK, "approvals", v)
}

func approvals(a *page.Ask) (v approvalsView, err error) {
	d, err := desk.Of(a.Site.Engine, a.ID())
	if err != nil {
		return v, err
	}
	v = approvalsView{Base: a.Base(a.T("approvals.title"), "approvals")}
	only, _ := strconv.ParseInt(a.Query("case"), 10, 64)
	v.One = only > 0
	seen := map[casefile.CaseID]bool{}
	for _, r := range append(append([]listing.Row{}, d.Gates...), d.Lent...) {
		if seen[r.ID] || v.One && r.ID != casefile.CaseID(only) || len(v.Matters) >= maxMatters {
			continue
		}
		seen[r.ID] = true
		ms, err := matters(a, r)
		if err != nil {
			return v, err
		}
		v.Matters = append(v.Matters, ms...)
	}
	v.Together = together(v.Matters)
	return v, nil
}

// matters are the gates of one case at which the reader may decide, one for each walk.
func matters(a *page.Ask, r listing.Row) ([]matterView, error) {
	view, err := desk.View(a.Site.Engine, a.ID(), r.ID)
	if err != nil {
		return nil, err
	}
	a.Of(view.Edition)
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
		m, err := matter(a, r, view, w, byWalk[w])
		if err != nil {
			return nil, err
		}
		ms = append(ms, m)
	}
	return ms, nil
}

func matter(a *page.Ask, r listing.Row, view *desk.CaseView, walk procedure.WalkID, gates []desk.Available) (matterView, error) {
	def := view.Edition.Def
	row := a.Site.RowView(a.Words, r, true)
	m := matterView{ID: r.ID, Number: row.Number, Light: row.Light, Party: row.Party + " · " + row.Facts, Seq: view.Case.Seq, Walk: cases.SideOnly(walk),
		CaseLink: fmt.Sprintf("/cases/%d", r.ID), Sign: a.T("approvals.sign", "who", a.Signer(a.ID(), gates[0].For), "day", a.Date(a.Today))}
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
		m.Title = a.Site.StateTitle(a.Words, r.Workflow, walk, state.State)
	}
	if d := page.WalkOf(def, walk); walk != procedure.Main && d != nil {
		m.Title = a.L(d.Title) + " · " + m.Title
	}
	if lit := page.RowClock(&r); lit != nil { // the clock of the light, no other
		for _, c := range view.Clocks {
			if c.ID == lit.ID {
				m.Clock = clockUse(a, c)
				break
			}
		}
	}
	key, _, err := secret.New(a.Site.Engine.Random)
	if err != nil {
		return m, err
	}
	m.Key = key
	for _, g := range gates {
		m.Gates = append(m.Gates, gateView{Title: a.L(g.Title), Approve: g.Decision == procedure.Approve, action: g.Action,
			Address: page.Address(desk.Draft{Case: r.ID, Action: g.Action, Walk: cases.SideOnly(walk)})})
	}
	paperOf(a, &m, view, walk)
	if err := asked(a, &m, view, walk, gates); err != nil {
		return m, err
	}
	for _, g := range gates {
		m.kind = page.Or(m.kind, kind(view, g, &m))
	}
	return m, nil
}

// clockUse says when a clock is due and how much of it is used: never less than nothing, and nothing of a date that a person
// fixed or of a clock whose remainder is told in another unit.
func clockUse(a *page.Ask, c rules.Running) string {
	due := page.Or(a.DueDay(c.Due, c.Provisional), a.T("clock.undue"))
	all := cases.Length(c.Run)
	used := all - c.Remaining
	if all == 0 || used < 0 || c.Unit != c.Run.Period.Unit || c.Unit == calendar.Months {
		return a.T("approvals.dated", "clock", a.ClockTitle(c), "due", due)
	}
	return a.T("approvals.clock", "clock", a.ClockTitle(c), "due", due, "used", used, "of", a.Units(all, c.Unit))
}

// paperOf shows the paper that the gate signs: what was asked for, and what was said to it before.
func paperOf(a *page.Ask, m *matterView, view *desk.CaseView, walk procedure.WalkID) {
	for i := len(view.Case.Papers) - 1; i >= 0; i-- {
		p := &view.Case.Papers[i]
		form := view.Edition.Forms[p.Form]
		if !p.Open || p.Walk != walk || form == nil {
			continue
		}
		m.Paper = page.LinkView{Text: a.T("approvals.paper", "title", a.L(form.Title)), Address: fmt.Sprintf("/cases/%d/papers/%d.pdf", view.Case.ID, p.P)}
		for _, filled := range p.Parts {
			part := form.Part(filled.Part)
			if filled.Past != 0 || part == nil {
				continue
			}
			if form.First(filled.Part) {
				m.Facts = deciding(a, part, filled.Values)
				continue
			}
			m.Earlier = append(m.Earlier, a.T("approvals.said", "who", a.Signer(filled.By, filled.For), "day", a.Day(filled.Day),
				"words", page.Or(part.Said(filled.Values), a.L(part.Title))))
		}
		return
	}
}

// deciding are the three answers of a paper's first part that say most: long texts and sums before short ones.
func deciding(a *page.Ask, part *procedure.Part, values procedure.Values) []page.KnownView {
	var long, short []page.KnownView
	for i := range part.Fields {
		f := &part.Fields[i]
		v := values[f.ID]
		if v.Empty() || f.Type == procedure.Table || f.Type == procedure.File || f.Secret {
			continue
		}
		k := page.KnownView{Label: a.L(f.Title), Value: a.Value(f, v)}
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
func asked(a *page.Ask, m *matterView, view *desk.CaseView, walk procedure.WalkID, gates []desk.Available) error {
	for _, g := range gates {
		b, err := desk.BlankFor(a.Site.Engine, a.ID(), view.Case.ID, "", g.Action, walk, nil)
		if err != nil {
			return err
		}
		if g.Decision == procedure.Approve {
			for _, c := range b.Missing {
				m.Missing = append(m.Missing, a.Condition(c))
			}
		}
		for _, p := range b.Parts {
			for i := range p.Part.Fields {
				f := &p.Part.Fields[i]
				switch {
				case f.Shows != nil:
				case f.Opinion:
					if m.Opinion == nil {
						x := a.FieldOf(f, p, b, nil, 0)
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
