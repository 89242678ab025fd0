package desk

import (
	"slices"
	"time"

	"dossier/engine"
	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/change"
	"dossier/engine/listing"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
	"dossier/engine/rules"
)

// View is a case as the person may see it now.
func View(e *engine.Engine, who office.PersonID, id casefile.CaseID) (*CaseView, error) {
	d, t, veil, err := e.Look(who, id)
	if err != nil {
		return nil, err
	}
	s := rules.NewView(d.Edition, t.Office, d.Case, t.Today, t.Today)
	v := &CaseView{Case: d.Case, Edition: d.Edition, Veil: veil, Today: t.Today, Clocks: s.Clocks(), Stages: stageLine(d.Edition, d.Case)}
	if st := d.Edition.Def.Main.State(d.Case.Main()); st != nil {
		v.Title = st.Title
	}
	v.Lacks = lacksOf(s)
	v.Actions, v.Waits, v.Parties = available(e, t, d, who), listing.Waits(s), partyViews(s)
	for _, l := range d.Case.Links {
		if row, err := e.RowOf(l.Case); err == nil && (e.Admit(who, l.Case) == nil) {
			v.Linked = append(v.Linked, row)
		}
	}
	return v, nil
}

// stageLine is the stage line: each stage of the main walk once, in the order of the file, as far as this case goes.
func stageLine(ed *procedure.Edition, c *casefile.Case) []StageMark {
	var out []StageMark
	at := map[string]int{}
	visited, standing := map[procedure.StateID]calendar.Date{}, c.Standing(ed.Def)
	for _, t := range c.Taken {
		if t.Walk == procedure.Main && t.From != "" {
			visited[t.From] = t.Day
		}
	}
	for i := range ed.Def.Main.States {
		st := &ed.Def.Main.States[i]
		if st.Stage.ZH == "" {
			continue
		}
		j, ok := at[st.Stage.ZH]
		if !ok {
			j = len(out)
			at[st.Stage.ZH] = j
			out = append(out, StageMark{Label: st.Stage})
		}
		if slices.Contains(standing, st.ID) {
			out[j].Now = true
			out[j].Day = c.Walks[0].Since
			if c.Apart() {
				out[j].Parties = append(out[j].Parties, c.At(ed.Def, st.ID)...)
			}
		}
		if d, ok := visited[st.ID]; ok && !out[j].Now {
			out[j].Done = true
			out[j].Day = max(out[j].Day, d)
		}
	}
	now := slices.IndexFunc(out, func(m StageMark) bool { return m.Now })
	for i := range out {
		if out[i].Done && now >= 0 && i > now {
			out[i].Done = false // a return brought the case back
			out[i].Day = 0
		}
	}
	return out
}

// Available is an action that the viewer may choose now, with what is missing.
type Available struct {
	Action   procedure.ActionID
	Title    procedure.Label
	Walk     procedure.WalkID     // the walk's own id, "evidence-2"
	Forms    []procedure.FormPart // what it fills, as far as known before the form is filled
	Decision procedure.Decision
	Moves    bool // it leaves the state
	Builtin  bool
	For      office.PersonID // in whose name, where the viewer may do it as a delegate alone
	Law      procedure.Law
	Missing  []refusal.Condition
	Parties  []string // of several respondents: those who stand where it stands
}

// StageMark is one station of the stage line.
type StageMark struct {
	Label   procedure.Label
	Done    bool
	Now     bool
	Day     calendar.Date // when it was left, or entered for the present one
	Parties []string      // who stands there, once each respondent walks alone
}

// CaseView is a case as one person may see it.
type CaseView struct {
	Case    *casefile.Case
	Edition *procedure.Edition
	Veil    casefile.Veil   // what is hidden from this viewer (already blanked in Case)
	Title   procedure.Label // of the state
	Stages  []StageMark
	Clocks  []rules.Running
	Actions []Available
	Waits   []listing.Wait
	Linked  []listing.Row
	Parties []PartyView
	Lacks   []Lack
	Today   calendar.Date
}

// PartyView is one respondent of a case: where they stand, and what they owe.
type PartyView struct {
	Name        string
	Person      bool // not a unit
	Place       procedure.StateID
	Title       procedure.Label // of the place
	Since       calendar.Date
	Outstanding int64 // fen, of money that a decision in force says; late charges only where they are demanded
	Refund      int64 // fen, what was paid above that
	Owes        bool  // the procedure knows debts, and something was decided
	Clocks      []rules.Running
	Papers      []int // numbers of papers that are theirs
}

// Step is one line of a case's history.
type Step struct {
	Seq      uint64
	At       time.Time
	Day      calendar.Date
	Actor    office.PersonID
	For      office.PersonID
	As       procedure.Actor
	Token    string // by which API token it came
	Action   procedure.ActionID
	Title    procedure.Label
	Decision procedure.Decision
	Opinion  string
	From, To procedure.Label
	Papers   []procedure.FormID
	Says     []Said
	Issued   []casefile.Issued
	Files    []casefile.Attachment
	Clocks   []change.MovedClock // that a change of the office or of the procedure's version moved
	Opens    []casefile.Finding
	Clears   []casefile.Finding
	Restates []casefile.Finding
	Values   procedure.Values // of a built-in action
	Recalled bool
}

// Said is an answer that tells what a step did.
type Said struct {
	Field *procedure.Field
	Value procedure.Value
}

// Query asks for cases.
type Query struct {
	Text      string // number, part of a name, pinyin initials
	Workflow  procedure.WorkflowID
	State     procedure.StateID
	Officer   office.PersonID
	DueBefore calendar.Date // some due date of it is on or before this day
	Overdue   bool
	Waiting   office.PersonID // what waits for this person: gates and tasks
	Open      bool            // not ended
	Limit     int             // 0: 50
	After     string          // cursor of the page before
}

// Page is some cases and the cursor of the next page, "" at the end.
type Page struct {
	Rows []listing.Row
	Next string
}
