// Package casefile is the file of one case: the events that happened, in order, and the Case that is their sum. Apply adds
// one event; it judges nothing, so that replaying old events never depends on today's rules.
package casefile

import (
	"slices"
	"time"

	"dossier/engine/calendar"
	"dossier/engine/office"
	"dossier/engine/procedure"
)

// CaseID is a case's plain number, given at intake.
type CaseID int64

// Case is the sum of its events: what [apply] makes of them. It is stored as a snapshot and can be rebuilt.
type Case struct {
	ID         CaseID                                `json:"id"`
	Workflow   procedure.WorkflowID                  `json:"workflow"`
	Version    int                                   `json:"version"`
	Edition    string                                `json:"edition"`           // hash of the procedure with its forms
	Seq        uint64                                `json:"seq"`               // of the last event
	Head       string                                `json:"head"`              // hash of the last event
	Numbers    map[string]string                     `json:"numbers,omitempty"` // "intake", "case" → as printed
	Walks      []WalkState                           `json:"walks"`             // the main walk first
	Places     []Place                               `json:"places,omitempty"`  // where each respondent stands, once each walks alone; the main walk's state is the earliest
	Days       []Day                                 `json:"days,omitempty"`
	Papers     []Paper                               `json:"papers,omitempty"`
	Issued     []Issued                              `json:"issued,omitempty"` // documents, n = index + 1
	Shared     procedure.Values                      `json:"shared,omitempty"` // the values of the case
	Roles      map[procedure.Actor][]office.PersonID `json:"roles,omitempty"`
	Assigned   []office.PersonID                     `json:"assigned,omitempty"` // who is or was given the case to investigate
	Barred     []office.PersonID                     `json:"barred,omitempty"`   // who was replaced and may not see the case any more
	LastBy     office.PersonID                       `json:"lastBy,omitempty"`   // who acted last
	Opener     office.PersonID                       `json:"opener"`
	Opened     time.Time                             `json:"opened"`
	Files      []Attachment                          `json:"files,omitempty"` // number = index + 1
	Findings   []Finding                             `json:"findings,omitempty"`
	Taken      []Taken                               `json:"taken,omitempty"`
	Marks      []string                              `json:"marks,omitempty"` // urgent, migrant
	Links      []Link                                `json:"links,omitempty"`
	Supervised calendar.Date                         `json:"supervised,omitempty"` // the day by which the leader wants an answer
	Ended      uint64                                `json:"ended,omitempty"`      // the event that brought the first end state
	EndDay     calendar.Date                         `json:"endDay,omitempty"`
}

// WalkState is where one walk stands.
type WalkState struct {
	ID    procedure.WalkID  `json:"id"`  // "main", "suspension", "evidence-2"
	Def   procedure.WalkID  `json:"def"` // the walk of the definition
	State procedure.StateID `json:"state"`
	Seq   uint64            `json:"seq"` // the event that brought it there
	Since calendar.Date     `json:"since"`
	Party string            `json:"party,omitempty"` // whose it is, of a side walk that is one a respondent
}

// Day is one setting of one fact.
type Day struct {
	Fact  procedure.FactID `json:"fact"`
	Key   string           `json:"key,omitempty"`   // of a fact kept per document or respondent: "3", "3/2"
	Day   calendar.Date    `json:"day"`             // the day that counts, shifted where the fact says so
	Raw   calendar.Date    `json:"raw,omitempty"`   // the day as recorded, where it differs
	Seq   uint64           `json:"seq"`             // the event that set it
	Void  uint64           `json:"void,omitempty"`  // the event that voided it
	Fixed uint64           `json:"fixed,omitempty"` // the event that last corrected it
	Off   []Off            `json:"off,omitempty"`   // for whom it is void, where it is not for all
}

// Paper is a form being filled in this case.
type Paper struct {
	P     int              `json:"p"` // its number in the case, from 1
	Form  procedure.FormID `json:"form"`
	Walk  procedure.WalkID `json:"walk"`
	For   string           `json:"for,omitempty"` // the respondent, of a paper made per respondent
	Of    []string         `json:"of,omitempty"`  // whom it concerns, once each respondent walks alone; empty: all
	Open  bool             `json:"open"`          // may still be filled; false once issued or put away
	Doc   int              `json:"doc,omitempty"` // the document it became
	Parts []Filled         `json:"parts"`         // in the order in which they were filled
}

// Filled is one filling of one part of a paper.
type Filled struct {
	Part     procedure.PartID   `json:"part"`
	Seq      uint64             `json:"seq"`
	By       office.PersonID    `json:"by"`
	For      office.PersonID    `json:"for,omitempty"` // on whose behalf, when a delegate signs
	Day      calendar.Date      `json:"day"`
	Decision procedure.Decision `json:"decision,omitempty"`
	Values   procedure.Values   `json:"values,omitempty"`
	Past     uint64             `json:"past,omitempty"` // the event that made it history: a return, a new filling, a recall
}

// Issued is a document: a paper frozen, numbered and printed.
type Issued struct {
	N      int              `json:"n"`
	P      int              `json:"p"`
	Form   procedure.FormID `json:"form"`
	Number string           `json:"number"`
	SHA256 string           `json:"sha256"`
	Code   string           `json:"code"`
	Day    calendar.Date    `json:"day"`
	Seq    uint64           `json:"seq"`
	Void   uint64           `json:"void,omitempty"`
	Mended uint64           `json:"mended,omitempty"` // the event that mended what it says of its party
	Aside  bool             `json:"aside,omitempty"`  // void because a later decision set it aside: it was no error
}

// Attachment is a piece of evidence or a scan.
type Attachment struct {
	N          int             `json:"n"`
	Name       string          `json:"name"`
	Type       string          `json:"type"` // media type, as inspected
	Size       int64           `json:"size"`
	SHA256     string          `json:"sha256"`
	Proves     string          `json:"proves,omitempty"`
	Doc        int             `json:"doc,omitempty"`   // the signed scan of this document
	Pages      int             `json:"pages,omitempty"` // counted when it came in; 0: it has none, or they can't be counted
	By         office.PersonID `json:"by"`
	Day        calendar.Date   `json:"day"`
	Seq        uint64          `json:"seq"`
	Superseded uint64          `json:"superseded,omitempty"`
}

// Finding is an action already taken whose guard does not hold on the facts as they now are.
type Finding struct {
	Seq      uint64               `json:"seq"` // of the action
	Action   procedure.ActionID   `json:"action"`
	Guard    int                  `json:"guard"` // index in the action's guards; -1: a fact before its cause
	Code     string               `json:"code"`
	Law      []procedure.Citation `json:"law,omitempty"`
	Args     map[string]string    `json:"args,omitempty"`
	Fix      procedure.ActionID   `json:"fix"`
	Answered uint64               `json:"answered,omitempty"` // the event that answered it
	Party    string               `json:"party,omitempty"`    // whose it is, where the guard fails for one of several
}

// Taken is an action that was taken and was not recalled.
type Taken struct {
	Seq     uint64             `json:"seq"`
	Walk    procedure.WalkID   `json:"walk"`
	From    procedure.StateID  `json:"from,omitempty"`
	Action  procedure.ActionID `json:"action"`
	By      office.PersonID    `json:"by"`
	For     office.PersonID    `json:"for,omitempty"`
	Day     calendar.Date      `json:"day"`
	At      time.Time          `json:"at"`
	Undo    *Undo              `json:"undo,omitempty"`    // while it may still be recalled
	Parties []string           `json:"parties,omitempty"` // whom it moved, once each walks alone
}

// Undo is what a recall puts back.
type Undo struct {
	Walks  []WalkState                           `json:"walks,omitempty"`
	Places []Place                               `json:"places,omitempty"`
	Roles  map[procedure.Actor][]office.PersonID `json:"roles,omitempty"`
	Given  []office.PersonID                     `json:"given,omitempty"` // who had not been given the case before
	Shared procedure.Values                      `json:"shared,omitempty"`
	Marks  []string                              `json:"marks,omitempty"` // those that it put on
	Fixed  bool                                  `json:"fixed,omitempty"` // it issued, numbered or opened something: it stays
}

// Link ties two cases to each other.
type Link struct {
	Case CaseID             `json:"case"`
	How  string             `json:"how"` // "opened", "opened-by", "merged-into", "split-from", "related"
	By   procedure.ActionID `json:"by,omitempty"`
}

// Main is the state of the main walk.
func (c *Case) Main() procedure.StateID { return c.Walks[0].State }

// Walk finds a walk of the case by its own id; nil when it never began.
func (c *Case) Walk(id procedure.WalkID) *WalkState {
	for i := range c.Walks {
		if c.Walks[i].ID == id {
			return &c.Walks[i]
		}
	}
	return nil
}

// Paper finds a paper by its number.
func (c *Case) Paper(p int) *Paper {
	if p < 1 || p > len(c.Papers) {
		return nil
	}
	return &c.Papers[p-1]
}

// Document finds an issued document by its number in the case.
func (c *Case) Document(n int) *Issued {
	if n < 1 || n > len(c.Issued) {
		return nil
	}
	return &c.Issued[n-1]
}

// Holds tells whether the person has the role in this case.
func (c *Case) Holds(p office.PersonID, role procedure.Actor) bool {
	for _, x := range c.Roles[role] {
		if x == p {
			return true
		}
	}
	return false
}

// Number is the case's best printed number: the case number, else the intake number.
func (c *Case) Number() string {
	if n := c.Numbers["case"]; n != "" {
		return n
	}
	return c.Numbers["intake"]
}

// Current is the filling of the part that stands, nil when there is none.
func (p *Paper) Current(part procedure.PartID) *Filled {
	for i := len(p.Parts) - 1; i >= 0; i-- {
		if p.Parts[i].Part == part && p.Parts[i].Past == 0 {
			return &p.Parts[i]
		}
	}
	return nil
}

// Value is the value that stands in a field of the paper.
func (p *Paper) Value(f procedure.FieldID) (procedure.Value, bool) {
	for i := len(p.Parts) - 1; i >= 0; i-- {
		if p.Parts[i].Past != 0 {
			continue
		}
		if v, ok := p.Parts[i].Values[f]; ok {
			return v, true
		}
	}
	return procedure.Value{}, false
}

// PastAt tells whether the filling was history before the event upto.
func (f *Filled) PastAt(upto uint64) bool { return f.Past != 0 && f.Past < upto }

// Officers are who has the case in hand, who is in charge first.
func Officers(ed *procedure.Edition, c *Case) []office.PersonID {
	var ids []office.PersonID
	for _, role := range []procedure.Actor{ed.Def.First(), ed.Def.Terms.Officers} {
		for _, p := range c.Roles[role] {
			if !slices.Contains(ids, p) {
				ids = append(ids, p)
			}
		}
	}
	return ids
}

// LastDay is the latest day on which something was done in the case.
func (c *Case) LastDay() calendar.Date {
	var day calendar.Date
	for _, t := range c.Taken {
		day = max(day, t.Day)
	}
	return day
}

// PersonIDs are the people that a value names, each once.
func PersonIDs(v procedure.Value) []office.PersonID {
	var ids []office.PersonID
	seen := map[string]bool{}
	for _, x := range v.Strings() {
		if !seen[x] {
			seen[x] = true
			ids = append(ids, office.PersonID(x))
		}
	}
	return ids
}

// Cause is the printed word of what the case is about: a choice's label, else the text.
func Cause(ed *procedure.Edition, c *Case) string {
	cause := ed.Def.Terms.Cause
	v := c.Shared[cause]
	for _, id := range ed.Named() {
		if form := ed.Forms[id]; form != nil {
			if fd := form.Field(cause); fd != nil && fd.Shared {
				return procedure.Words(fd, v)
			}
		}
	}
	return v.String()
}
