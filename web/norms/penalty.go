package norms

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"dossier/engine/calendar"
	"dossier/engine/change"
	"dossier/engine/penalty"
	"dossier/engine/refusal"
	"dossier/engine/search"
	"dossier/engine/text"
	reading "dossier/engine/typed"
	"dossier/web/page"
)

// penaltyView lists the standards of discretion that hold on a day, or computes by one of them, without a case.
type penaltyView struct {
	page.Base
	Q, On  string
	Acts   []penaltyAct
	Faults page.Faults

	Standard *standardView
	Asked    penaltyAsked
	Answer   *penaltyAnswer
}

type penaltyAct struct {
	Title     string
	Standards []standardLine
}

type standardLine struct {
	ID, Title, Law string
	Ranges         []string
	Doubt, Ended   string
}

// standardView is one standard with the words of its law.
type standardView struct {
	ID, Title, Doubt string
	Facts            []page.KnownView
	Laws             []provisionView
	Successors       []penalty.ID
	Times            []page.Option // its other times
	Loaded           []string      // when its act's file was renewed, by whom
	Circumstances    []circumstanceView
	Parties, Tiers   []page.Option
	PersonsOf        string // what is counted; "" where nothing is
	GainsOf          string
	Until            string // the last day of a sum that grows by the day; "" where none does
}

type provisionView struct{ Title, Text, Address string }

type circumstanceView struct {
	ID, Title, Sub, Doubt string
	On                    bool
}

// penaltyAsked is what was typed.
type penaltyAsked struct{ Persons, Gains, Amount, Who, Facts, Reason string }

// penaltyAnswer is what it costs.
type penaltyAnswer struct {
	Tier, Low, High, Proposed, Amount string
	Asked, Lawful                     bool
	Why, Working                      []string
	Tiers                             []tierView
	Mark                              string // where the figure lies in the picture, 0 to 1000
	Note                              string // the address of the note on paper
}

// tierView is one tier with its place in the picture of the range.
type tierView struct {
	Tier, Low, High, Class, X, Width string
	Now                              bool
}

func PenaltyPage(a *page.Ask) error {
	v := penaltyView{Base: a.Base(a.T("penalty.title"), "penalty"), Q: a.Query("q"), On: a.Query("on")}
	on := a.Today
	if v.On != "" {
		d, err := reading.Date(v.On)
		if err != nil {
			v.Faults = append(v.Faults, penaltyFault(a, "on", a.T("field.date", "field", a.T("penalty.on"))))
		} else {
			on = d
		}
	}
	v.On = on.String()
	id := penalty.ID(reading.Narrow(a.Query("standard")))
	if id == "" {
		v.Acts = acts(a, v.Q, on)
		return a.Draw(v.status(), "penalty", &v)
	}
	s, err := a.Office.Standards.At(id, on)
	if err != nil {
		v.Faults = append(v.Faults, penaltyRefused(a, err))
		v.Acts = acts(a, "", on)
		return a.Draw(http.StatusNotFound, "penalty", &v)
	}
	v.Title = s.Title
	q, wrong := Question(a, on)
	v.Faults = append(v.Faults, wrong...)
	v.Asked = penaltyAsked{a.Query("persons"), a.Query("gains"), a.Query("amount"), page.Cut(a.Query("who"), 100), page.Cut(a.Query("facts"), 500), page.Cut(a.Query("reason"), 500)}
	v.Standard = showStandard(a, s, q)
	act, _, _ := strings.Cut(string(s.ID), "/")
	loaded, err := change.StandardsLoaded(a.Site.Engine, act)
	if err != nil {
		return err
	}
	for _, l := range loaded {
		v.Standard.Loaded = append(v.Standard.Loaded, a.T("penalty.loaded-by", "day", a.Date(calendar.In(l.At)), "who", page.Or(a.Name(l.By), "—")))
	}
	if q.Tier != "" {
		answer, err := a.Office.Standards.Judge(q, Proportions(a.Words))
		if err != nil {
			v.Faults = append(v.Faults, penaltyRefused(a, err))
		}
		if len(v.Faults) == 0 {
			v.Answer = showAnswer(a, answer, q)
		}
	}
	return a.Draw(v.status(), "penalty", &v)
}

// Fault is what is wrong with a field; "" when nothing is.
func (v *penaltyView) Fault(path string) string {
	for _, f := range v.Faults {
		if f.Path == path {
			return f.Text
		}
	}
	return ""
}

// Grounded tells whether a circumstance is ticked.
func (v *penaltyView) Grounded() bool {
	return v.Fault("grounds") != "" || slices.ContainsFunc(v.Standard.Circumstances, func(c circumstanceView) bool { return c.On })
}

func (v *penaltyView) status() int {
	if len(v.Faults) > 0 {
		return http.StatusUnprocessableEntity
	}
	return http.StatusOK
}

// Proportions are the office's today: they are asked on the day that decides.
func Proportions(w page.Words) penalty.Rules {
	return penalty.Proportions(func(name string) string { return w.Office.Text(name, w.Today) })
}

// penaltyFault is a fault of a field of the form.
func penaltyFault(a *page.Ask, path, words string) page.Fault {
	return page.Fault{Path: path, Code: refusal.FieldInvalid, ID: "f-" + path, Text: words}
}

func penaltyRefused(a *page.Ask, err error) page.Fault {
	var r *penalty.Refusal
	if !errors.As(err, &r) {
		return penaltyFault(a, "standard", err.Error())
	}
	path, _, _ := strings.Cut(r.Path, "[")
	return penaltyFault(a, path, r.In(a.Language))
}

// Question reads what is asked of a standard: a case is not there, so that a tier may be tried before its evidence is.
func Question(a *page.Ask, on calendar.Date) (penalty.Question, page.Faults) {
	q := penalty.Question{Standard: penalty.ID(reading.Narrow(a.Query("standard"))), On: on, Until: a.Today, Party: penalty.Party(a.Query("party")), Trial: true}
	var fs page.Faults
	if t := a.Query("tier"); t != "" {
		var known bool
		if q.Tier, known = penalty.ParseTier(t); !known {
			q.Tier = penalty.Tier(page.Cut(t, 20)) // which the room refuses with those that there are
		}
	}
	if s := a.Query("until"); s != "" {
		d, err := reading.Date(s)
		if err != nil {
			fs = append(fs, penaltyFault(a, "until", a.T("field.date", "field", a.T("penalty.until-day"))))
			d = a.Today // so that what else is wrong is told too
		}
		q.Until = d
	}
	if s := strings.TrimSpace(a.Query("persons")); s != "" {
		n, bad := reading.Number(s)
		if bad != nil {
			fs = append(fs, penaltyFault(a, "persons", a.T("penalty.number", "text", page.Cut(s, 20))))
			n = 1 // so that what else is wrong is told too
		}
		q.Persons = &n
	}
	for _, sum := range []struct {
		name string
		to   **penalty.Fen
	}{{"gains", &q.Gains}, {"amount", &q.Amount}} {
		s := strings.TrimSpace(a.Query(sum.name))
		if s == "" {
			continue
		}
		n, bad := reading.Money(s)
		if bad != nil {
			fs = append(fs, penaltyFault(a, sum.name, a.Fault(bad, a.T("penalty."+sum.name))))
			n = 1
		}
		fen := penalty.Fen(n)
		*sum.to = &fen
	}
	for _, id := range a.QueryArray("ground") {
		q.Grounds = append(q.Grounds, penalty.Ground{ID: id})
	}
	return q, fs
}

// acts are the standards that hold on a day and fit the words, act by act.
func acts(a *page.Ask, q string, on calendar.Date) []penaltyAct {
	var acts []penaltyAct
	for _, s := range a.Office.Standards.Standards() {
		if !s.Holds(on) || q != "" && !search.Match(findable(s), q) {
			continue
		}
		if n := len(acts); n == 0 || acts[n-1].Title != s.Basis.Title {
			acts = append(acts, penaltyAct{Title: s.Basis.Title})
		}
		l := standardLine{ID: string(s.ID), Title: s.Title, Law: s.Basis.In(a.Language), Doubt: s.Unverified}
		for _, p := range s.Parties() {
			r := s.Range(p).In(a.Language)
			if len(s.Parties()) > 1 || p == penalty.Person {
				r = a.T("penalty.of", "party", p.In(a.Language), "range", r)
			}
			l.Ranges = append(l.Ranges, r)
		}
		if s.To != 0 {
			l.Ended = a.T("penalty.ended", "day", a.Date(s.To))
		}
		at := &acts[len(acts)-1]
		at.Standards = append(at.Standards, l)
	}
	return acts
}

// findable is what a standard is found by, one line each.
func findable(s *penalty.Standard) string {
	lines := []string{string(s.ID), s.Title, s.Basis.Title + s.Basis.In(text.ZH), s.Basis.Text}
	for _, p := range s.Violated {
		lines = append(lines, p.In(text.ZH), p.Text)
	}
	return strings.Join(lines, "\n")
}

func showStandard(a *page.Ask, s *penalty.Standard, q penalty.Question) *standardView {
	v := &standardView{ID: string(s.ID), Title: s.Title, Doubt: s.Unverified, Successors: s.Successors}
	fact := func(key, value string) {
		if value != "" {
			v.Facts = append(v.Facts, page.KnownView{Label: a.T(key), Value: value})
		}
	}
	if s.Handling() {
		fact("penalty.handled", s.Basis.In(a.Language))
	} else {
		fact("penalty.basis", s.Basis.In(a.Language))
	}
	fact("penalty.violated", penalty.Provisions(s.Violated).In(a.Language))
	for _, p := range s.Parties() {
		fact("penalty.range-of."+string(p), s.Range(p).In(a.Language))
	}
	if s.NoGains != nil {
		fact("penalty.no-gains", s.NoGains.In(a.Language))
	}
	kinds := make([]string, len(s.Kinds))
	for i, k := range s.Kinds {
		kinds[i] = k.In(a.Language)
	}
	fact("penalty.kinds", strings.Join(kinds, a.T("list.comma")))
	fact("penalty.licence", s.Licence)
	fact("penalty.order-first", s.OrderFirst)
	fact("penalty.note", s.Note)
	fact("penalty.validity", a.Span(s))
	for _, x := range a.Office.Standards.Standards() {
		if x.ID == s.ID && x != s {
			day := x.From
			if day == penalty.Unverified {
				day = x.To
			}
			v.Times = append(v.Times, page.Option{Value: day.String(), Label: a.Span(x), Sub: x.Main().In(a.Language)})
		}
	}
	v.Laws = provisions(a, s)
	party := q.Party
	if party == "" || s.Range(party) == nil {
		party = s.Parties()[0]
	}
	if len(s.Parties()) > 1 {
		for _, p := range s.Parties() {
			v.Parties = append(v.Parties, page.Option{Value: string(p), Label: p.In(a.Language), On: p == party})
		}
	}
	for _, p := range s.Parties() {
		switch r := s.Range(p); {
		case r.Kind == penalty.PerPerson:
			v.PersonsOf = r.Of
		case r.Kind == penalty.Multiple:
			v.GainsOf = r.Of
		case r.Kind == penalty.Daily:
			v.GainsOf, v.Until = r.Of, q.Until.String()
		case r.IfGains:
			v.GainsOf = a.T("penalty.illegal-gains")
		}
	}
	if s.NoGains != nil {
		v.GainsOf = a.T("penalty.gains.zero", "of", v.GainsOf)
	}
	for _, t := range s.Tiers(*s.Range(party)) {
		v.Tiers = append(v.Tiers, page.Option{Value: string(t), Label: t.In(a.Language), On: t == q.Tier})
	}
	if s.Handling() {
		return v
	}
	v.Circumstances = circumstances(a, s.ID, q)
	return v
}

// provisions are what a standard punishes under and what is broken, each with its text and where the statute is read.
func provisions(a *page.Ask, s *penalty.Standard) (out []provisionView) {
	laws := append([]penalty.Provision{s.Basis}, s.Violated...)
	for i, p := range laws {
		if i == 0 || p != s.Basis {
			title := p.In(a.Language)
			if p.Item != "" {
				title += a.T("penalty.item", "item", p.Item)
			}
			law := provisionView{Title: title, Text: p.Text}
			if a.List != nil && !p.Own {
				article, _, _ := strings.Cut(strings.ReplaceAll(p.Ref, "(", "."), ".")
				law.Address = "/register/law/" + p.Act + "#" + article
			}
			out = append(out, law)
		}
	}
	return out
}

// circumstances are those that may move the tier, with what each allows or obliges to.
func circumstances(a *page.Ask, id penalty.ID, q penalty.Question) (out []circumstanceView) {
	for _, c := range a.Office.Standards.Circumstances(id) {
		tiers := make([]string, len(c.Tiers))
		for i, t := range c.Tiers {
			tiers[i] = t.In(a.Language)
		}
		key := "penalty.allows"
		if c.Must {
			key = "penalty.obliges"
		}
		out = append(out, circumstanceView{ID: c.ID, Title: c.Title, Doubt: c.Unverified,
			Sub: a.T(key, "tiers", strings.Join(tiers, a.T("list.or")), "law", c.Law.In(a.Language), "evidence", c.Evidence),
			On:  slices.ContainsFunc(q.Grounds, func(g penalty.Ground) bool { return g.ID == c.ID })})
	}
	return out
}

func showAnswer(a *page.Ask, x *penalty.Answer, q penalty.Question) *penaltyAnswer {
	figure := figure(x, q)
	sum := func(f penalty.Fen) string { return a.Money(f.String()) }
	v := &penaltyAnswer{Tier: x.Tier.In(a.Language), Low: sum(x.Low), High: sum(x.High), Proposed: sum(x.Proposed), Amount: sum(figure), Asked: q.Amount != nil, Lawful: x.Lawful,
		Why: penalty.Sentences(x.Why, a.Language), Working: penalty.Sentences(x.Working, a.Language), Note: "/penalty/note.pdf?" + a.Request.URL.RawQuery}
	place := func(f penalty.Fen) int64 {
		if x.Most == 0 {
			return 0
		}
		return min(int64(f)*1000/int64(x.Most), 1000)
	}
	v.Mark = strconv.FormatInt(place(figure), 10)
	q.Amount, q.Grounds = nil, nil
	for _, t := range x.Standard.Tiers(x.Range) {
		q.Tier = t
		other, err := a.Office.Standards.Judge(q, Proportions(a.Words))
		if err != nil {
			continue // this tier can't be had for what was asked
		}
		v.Tiers = append(v.Tiers, tierView{Tier: t.In(a.Language), Low: sum(other.Low), High: sum(other.High), Class: string(t), Now: t == x.Tier,
			X: fmt.Sprint(place(other.Low)), Width: fmt.Sprint(place(other.High) - place(other.Low))})
	}
	return v
}

// figure is the one that was asked about, else the one that is proposed.
func figure(x *penalty.Answer, q penalty.Question) penalty.Fen {
	if q.Amount != nil {
		return *q.Amount
	}
	return x.Proposed
}
