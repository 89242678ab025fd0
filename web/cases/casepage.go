package cases

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"dossier/engine/casefile"
	"dossier/engine/desk"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/secret"
	"dossier/engine/verify"
	"dossier/web/page"
)

// caseView is one case: where it stands, what runs out, what one can do, what is missing, and all that happened.
type caseView struct {
	page.Base
	ID       casefile.CaseID
	Seq      uint64
	Party    string
	Cause    string
	Facts    []string // number, workers, sum, officers
	Marks    []string
	Light    page.Light
	Veil     casefile.Veil
	Reads    []readView // who read what is confidential, for whoever leads
	Stages   []stageView
	Clocks   []clockView
	Theirs   []clockView     // the parties' own time
	Over     []clockView     // those that have ended
	After    []page.LinkView // the papers of what was just done
	WhatIf   []string
	Ready    []actionView // can be done now
	Side     []actionView // can be done too: what begins or moves a side walk
	Blocked  []actionView // lack something
	More     []actionView // what every procedure has
	Waits    []string     // for whom the case waits, when it is not the reader
	Sides    []sideView
	Tabs     []page.Tab
	Story    []stepView
	Issued   []documentView
	Walkers  []walkerView // the respondents, where there are several
	Papers   []paperView
	Files    []fileView
	MayAdd   bool // may attach evidence
	Key      string
	Known    []page.KnownView
	Tables   []tableView
	Linked   []page.RowView
	Standing StandingView // what else there is of the party
	Findings []findingView
	Lacks    []lackView // what the file owes and can be made now
	Later    []lackView // what it owes beside that
	Scans    []lackView // issued papers without their signed scan
	Tellings            // the ledger of alerts
	MayNudge bool
	// Supervision is where the supervision order is printed, "" when there is nothing to supervise.
	Supervision string
	Proof       *proofView // the check of the record, for whoever is given the case to read
	Review      string     // where the file is checked, "" where its procedure has no rules
	Version     string
	NewsAt      string // where the page's script asks what has happened since
}

type stageView struct{ Class, Title, Sub string }

type actionView struct {
	Title, Address string
	Missing        []page.Unmet
	First          bool
	Gate           bool
	Walk           string
}

// walkerView is one of several respondents: where they stand, what runs for them and what they owe.
type walkerView struct {
	Name, Place, Since string
	Owes, Refund       string
	Clocks             []clockView
}

// walkers are the respondents as rows, as soon as there are two.
func walkers(a *page.Ask, view *desk.CaseView) []walkerView {
	if len(view.Parties) < 2 {
		return nil
	}
	var out []walkerView
	for _, p := range view.Parties {
		w := walkerView{Name: p.Name, Place: a.L(p.Title), Since: a.Since(p.Since)}
		if p.Owes {
			w.Owes = a.T("row.yuan", "sum", a.Money(procedure.FormatMoney(p.Outstanding)))
		}
		if p.Refund > 0 {
			w.Refund = a.T("party.refund", "sum", a.T("row.yuan", "sum", a.Money(procedure.FormatMoney(p.Refund))))
		}
		for _, r := range p.Clocks {
			if r.Open() {
				x := clock(a, view, r)
				x.Title = a.L(r.Def.Title)
				w.Clocks = append(w.Clocks, x)
			}
		}
		out = append(out, w)
	}
	return out
}

// proofView is what the check of the case's record found.
type proofView struct {
	Text   string
	Head   string
	Faults []string
}

// caseProof checks the record of a case that the reader was given to read.
func caseProof(a *page.Ask, v *caseView, view *desk.CaseView) error {
	if view.Veil < casefile.Shrouded {
		return nil
	}
	p, err := verify.One(a.Request.Context(), a.Site.Engine, view.Case.ID)
	if err != nil {
		return err
	}
	key := "proof.whole"
	if len(p.Flaws) > 0 {
		key = "proof.flawed"
	}
	v.Proof = &proofView{Text: a.T(key, "n", p.Events, "files", len(view.Case.Issued)+len(view.Case.Files), "day", a.Date(a.Today)), Head: p.Head}
	for _, f := range p.Flaws {
		v.Proof.Faults = append(v.Proof.Faults, a.L(f.Place)+a.T("colon")+a.L(f.What))
	}
	return nil
}

// readView is one reading of what is confidential in the case.
type readView struct{ At, Who, Way string }

type sideView struct{ Title, State, Since string }

func CasePage(a *page.Ask) error {
	view, err := a.CaseView()
	if err != nil {
		return err
	}
	steps, err := desk.History(a.Request.Context(), a.Site.Engine, a.ID(), view.Case.ID)
	if err != nil {
		return err
	}
	if err := desk.NoteRead(a.Request.Context(), a.Site.Engine, a.ID(), view, desk.ByPage); err != nil {
		return err
	}
	reads, err := desk.Reads(a.Site.Engine, a.ID(), view.Case.ID)
	if err != nil {
		return err
	}
	c, def := view.Case, view.Edition.Def
	v := caseView{ID: c.ID, Seq: c.Seq, Veil: view.Veil, Party: page.Or(view.Party(), a.L(def.Title)), Cause: CaseCause(a, view)}
	v.Base = a.Base(v.Party+" · "+v.Cause, "cases")
	v.NewsAt = NewsAt(c.ID, c.Seq, "", "")
	v.Version = a.T("case.version", "workflow", a.L(def.Title), "version", c.Version)
	v.Facts = caseFacts(a, view)
	if len(a.Site.Options.Reviews.Of(c.Workflow)) > 0 {
		v.Review = "/cases/" + strconv.FormatInt(int64(c.ID), 10) + "/review"
	}
	for _, m := range c.Marks {
		v.Marks = append(v.Marks, a.T("mark."+m))
	}
	v.Stages = stages(a, view)
	caseClocks(a, &v, view)
	if row, err := a.Site.Engine.RowOf(c.ID); err == nil { // the light that every list shows
		v.Light = a.Site.RowView(a.Words, row, false).Light
	}
	v.Walkers = walkers(a, view)
	caseActions(a, &v, view)
	for _, w := range c.Walks[1:] {
		d := def.Walk(w.Def)
		if d == nil {
			continue
		}
		if st := d.State(w.State); st != nil && !st.Rest && st != &d.States[0] {
			v.Sides = append(v.Sides, sideView{a.L(d.Title), a.L(st.Title), a.Since(w.Since)})
		}
	}
	caseWaits(a, &v, view)
	v.Story = story(a, view, steps)
	if v.Notice != "" && len(v.Story) > 0 {
		v.After = slices.DeleteFunc(slices.Clone(v.Story[0].With), func(l page.LinkView) bool { return l.Address == "" })
	}
	caseDocuments(a, &v, view)
	caseParties(a, &v, view)
	v.Linked = a.Site.RowViews(a.Words, view.Linked, false)
	if v.Standing, err = caseStanding(a, view); err != nil {
		return err
	}
	caseFindings(a, &v, view)
	caseLacks(a, &v, view)
	caseScans(a, &v, view)
	if err := caseProof(a, &v, view); err != nil {
		return err
	}
	if v.Key, _, err = secret.New(a.Site.Engine.Random); err != nil {
		return err
	}
	if err := caseAlerts(a, &v, view); err != nil {
		return err
	}
	v.Tabs = []page.Tab{
		{Title: a.T("case.story"), Address: "#story", Count: len(v.Story)},
		{Title: a.T("case.documents"), Address: "#documents", Count: len(v.Issued) + len(v.Papers)},
		{Title: a.T("case.files"), Address: "#files", Count: len(v.Files)},
		{Title: a.T("case.parties"), Address: "#parties", Count: partyCount(v.Tables)},
		{Title: a.T("case.linked"), Address: "#linked", Count: len(v.Linked)},
		{Title: a.T("case.findings"), Address: "#findings", Count: len(v.Findings)},
		{Title: a.T("case.alerts"), Address: "#alerts", Count: len(v.Told) + len(v.Kept)},
	}
	if len(v.Findings) > 0 {
		v.Tabs[5].Class = "amber"
	}
	for _, r := range reads {
		v.Reads = append(v.Reads, readView{a.Moment(r.At), a.Name(r.Who), a.T("read."+string(r.Way), "n", r.N)})
	}
	if len(v.Reads) > 0 {
		v.Tabs = append(v.Tabs, page.Tab{Title: a.T("case.reads"), Address: "#reads", Count: len(v.Reads)})
	}
	return a.Draw(http.StatusOK, "case", v)
}

func partyCount(ts []tableView) int {
	n := 0
	for _, t := range ts {
		n += len(t.Rows)
	}
	return n
}

// CaseCause is what the case is about: its cause where it has one, with the choice's own words.
func CaseCause(a *page.Ask, view *desk.CaseView) string {
	cause := view.Edition.Def.Terms.Cause
	v := view.Case.Shared[cause]
	if v.Empty() {
		return a.L(view.Edition.Def.Title)
	}
	return shared(a, view, cause, v)
}

func caseFacts(a *page.Ask, view *desk.CaseView) []string {
	c := view.Case
	facts := []string{page.Or(c.Number(), a.T("case.no-number"))}
	terms := view.Edition.Def.Terms
	if n, left := casefile.Claims(view.Edition.Def, c); n > 0 {
		facts = append(facts, a.T("row.workers", "n", n))
		if left > 0 {
			facts = append(facts, a.T("row.owing", "sum", a.Money(procedure.FormatMoney(left))))
		}
	}
	first := c.Roles[terms.InCharge]
	if len(first) > 0 {
		facts = append(facts, a.T("case.in-charge", "names", a.Names(first)))
	}
	var others []office.PersonID
	for _, p := range c.Roles[terms.Officers] {
		if !c.Holds(p, terms.InCharge) {
			others = append(others, p)
		}
	}
	if len(others) > 0 {
		facts = append(facts, a.T("case.with", "names", a.Names(others)))
	}
	if c.Supervised != 0 {
		facts = append(facts, a.T("case.supervised", "day", a.Day(c.Supervised)))
	}
	return facts
}

func stages(a *page.Ask, view *desk.CaseView) []stageView {
	var vs []stageView
	for _, s := range view.Stages {
		v := stageView{Title: a.L(s.Label), Sub: a.Day(s.Day)}
		switch {
		case s.Now:
			v.Class = "now"
			if s.Day != 0 && !view.Edition.Def.Main.State(view.Case.Main()).End {
				v.Sub = a.T("day.today")
				if n := a.Office.Calendar.Count(s.Day, a.Today); n > 0 {
					v.Sub = a.T("case.stage-since", "n", n)
				}
			}
		case s.Done:
			v.Class, v.Title = "done", "✓ "+v.Title
		}
		vs = append(vs, v)
	}
	return vs
}

// caseActions parts what can be done now from what lacks something and from what every procedure has.
func caseActions(a *page.Ask, v *caseView, view *desk.CaseView) {
	for _, x := range view.Actions {
		t := actionView{Title: a.L(x.Title), Gate: x.Decision != "",
			Address: page.Address(desk.Draft{Case: view.Case.ID, Action: x.Action, Walk: SideOnly(x.Walk)})}
		if x.For != "" {
			t.Title = a.T("signed.for", "who", t.Title, "for", a.Name(x.For))
		}
		for _, c := range x.Missing {
			t.Missing = append(t.Missing, a.Condition(c))
		}
		if x.Walk != procedure.Main && x.Walk != "" {
			if d := page.WalkOf(view.Edition.Def, x.Walk); d != nil {
				t.Walk = a.L(d.Title)
			}
		}
		switch {
		case x.Builtin:
			switch x.Action {
			case "attach":
				v.MayAdd = true
			case "recall":
				if n := len(view.Case.Taken); n > 0 {
					t.Title = a.T("case.recall", "action", a.ActionTitle(view.Edition.Def, view.Case.Taken[n-1].Action))
				}
			}
			v.More = append(v.More, t)
		case len(t.Missing) > 0:
			v.Blocked = append(v.Blocked, t)
		case t.Walk != "" && !t.Gate:
			v.Side = append(v.Side, t)
		default:
			t.First = len(v.Ready) == 0
			v.Ready = append(v.Ready, t)
		}
	}
}

// caseWaits says whose turn it is, unless it is the reader's.
func caseWaits(a *page.Ask, v *caseView, view *desk.CaseView) {
	for _, w := range view.Waits {
		mine := func(p procedure.Actor) bool { return slices.Contains(a.Office.Holders(p, a.Today), a.ID()) }
		if slices.Contains(w.People, a.ID()) || len(w.People) == 0 && slices.ContainsFunc(w.Posts, mine) {
			continue
		}
		def := page.WalkOf(view.Edition.Def, w.Walk)
		if def == nil || def.State(w.State) == nil {
			continue
		}
		who := a.Names(w.People)
		if who == "" {
			var posts []string
			for _, p := range w.Posts {
				posts = append(posts, a.Post(p)+holders(a, p))
			}
			who = strings.Join(posts, a.T("list.comma"))
		}
		if who != "" {
			state := page.Or(a.Step(def.State(w.State), w.Gate), a.L(def.State(w.State).Title))
			if len(w.Parties) > 0 {
				state = a.T("party.at", "party", strings.Join(w.Parties, a.T("list.comma")), "state", state)
			}
			v.Waits = append(v.Waits, a.T("case.waits", "who", who, "state", state, "since", a.Since(w.Since)))
		}
	}
}

// holders are the people of a post in brackets, "" when it is vacant.
func holders(a *page.Ask, post procedure.Actor) string {
	if names := a.Names(a.Office.Holders(post, a.Today)); names != "" {
		return a.T("case.holders", "names", names)
	}
	return ""
}

// SideOnly leaves the main walk out of an address.
func SideOnly(w procedure.WalkID) procedure.WalkID {
	if w == procedure.Main {
		return ""
	}
	return w
}
