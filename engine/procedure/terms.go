package procedure

import (
	"slices"
)

// Terms say in a procedure's own words what lists, search, alerts and sums need to know of a case: its section `case:`.
// No other place knows the names of a procedure's fields and roles.
type Terms struct {
	Party    FieldID  `yaml:"party,required"` // the value of the case that is its party's name
	Parties  Column   `yaml:"parties"`        // the table of the parties, of a case that may have several, and its column of names
	Own      Own      `yaml:"particulars"`    // what is known of a party: the columns of that table, each with the value of the case that says it of an only party
	Person   Natural  `yaml:"person"`         // by what it is told that a party is a natural person
	Cause    FieldID  `yaml:"cause"`          // the value that says what the case is about
	Officers Actor    `yaml:"officers"`       // the role of who investigates
	InCharge Actor    `yaml:"in-charge"`      // the role of who is responsible
	Records  []FormID `yaml:"investigation"`  // forms of what investigators do: who fills one or is named in one took part
	Claims   Claims   `yaml:"claims"`
	Severity Severity `yaml:"severity"`
	Counted  Counted  `yaml:"counted"`

	Publicity Publicity `yaml:"publicity"`
}

// Column is a column of a table.
type Column struct {
	Table, Column FieldID
}

func (c Column) String() string { return string(c.Table) + "." + string(c.Column) }

// Own are a party's particulars: column of the parties' table → value of the case.
type Own map[FieldID]FieldID

// Natural is the particular, and its value, by which a party is a natural person.
type Natural struct {
	Column FieldID `yaml:"column,required"`
	Is     string  `yaml:"is,required"`
}

// Claims are what is demanded in the case for people, a row each: two columns of one table of the case.
type Claims struct {
	Owed Column `yaml:"owed,required"`
	Paid Column `yaml:"paid"`
}

// Counted say what statistics tell cases apart by, which of their days are milestones, and which sums are wages. What a
// procedure leaves out is not told apart, or not counted, of its cases. A case is received on the day of its opening and is
// done when its main walk ends, in every procedure.
type Counted struct {
	Source   FieldID  `yaml:"source"` // values of the case
	Category FieldID  `yaml:"category"`
	Industry FieldID  `yaml:"industry"`
	Township FieldID  `yaml:"township"`
	Handling FieldRef `yaml:"handling"` // what was decided; the sums of the severity stand on the same form
	Wages    FieldID  `yaml:"wages"`    // of these sums: what goes to those who claim
	Mark     string   `yaml:"mark"`     // a mark whose cases and sums are told apart
	Filed    FactID   `yaml:"filed"`
	Decided  FactID   `yaml:"decided"`
	MadeGood FactID   `yaml:"made-good"` // what was claimed was paid without a sum having been decided
}

// Publicity says which decisions are published, on which form that is entered, and by when; a procedure without a form
// publishes nothing.
type Publicity struct {
	Of         []FormID  `yaml:"of"`       // the decisions
	Chosen     FieldRef  `yaml:"chosen"`   // whether it is to be published: yes, no, or not yet decided
	Form       FormID    `yaml:"form"`     // on which the publication is entered, with its day
	At         FieldID   `yaml:"at"`       // its field of the address
	Tells      []FieldID `yaml:"tells"`    // its fields that are published, in order
	Clocks     []ClockID `yaml:"clocks"`   // by when
	Annulled   FactID    `yaml:"annulled"` // from when on it is to be withdrawn
	Withdrawn  FactID    `yaml:"withdrawn"`
	Withdrawal ClockID   `yaml:"withdrawal"` // by when
}

// Severity says which fields of a proposal, and of what is decided upon it, make it heavier.
type Severity struct {
	Kinds  []FieldID `yaml:"kinds"`  // a further kind is heavier
	Sums   []FieldID `yaml:"sums"`   // a higher sum is heavier
	Shares Column    `yaml:"shares"` // the table of what falls on one party where it is not what falls on each, and its column of parties
	Once   []FieldID `yaml:"once"`   // sums that several parties owe together: they fall on the first alone

	Violations Violations `yaml:"violations"`
	Major      []Grave    `yaml:"major"`
}

// Violations is the table of a proposal that has a row for each violation of each party, judged by the office's standards of
// discretion. What a column of it is called as a field of the form (fine, confiscation, kinds) is added up from the rows.
type Violations struct {
	Form         FormID  `yaml:"form,required"`
	Table        FieldID `yaml:"table,required"`
	Needed       *Test   `yaml:"needed,required"` // of which party a row is needed
	Ended        FieldID `yaml:"ended"`           // the value of the case that is the day of the act, where a row names none
	Party        FieldID `yaml:"party,required"`
	As           FieldID `yaml:"as,required"` // punished as the employer, or as the person in charge
	Standard     FieldID `yaml:"standard,required"`
	Day          FieldID `yaml:"day,required"`
	Persons      FieldID `yaml:"persons,required"`
	Gains        FieldID `yaml:"gains,required"`
	Grounds      FieldID `yaml:"grounds,required"`
	Evidence     FieldID `yaml:"evidence,required"`
	Tier         FieldID `yaml:"tier,required"`
	Kinds        FieldID `yaml:"kinds,required"`
	Fine         FieldID `yaml:"fine,required"`
	Confiscation FieldID `yaml:"confiscation,required"`
	Compensation FieldID `yaml:"compensation,required"` // no column: the fine of rows that bring the additional compensation, which goes to the workers
	LateFee      FieldID `yaml:"late-fee"`              // no column either: of rows that bring a late fee, which goes to the fund
	Until        FieldID `yaml:"until"`                 // the last day of a sum that grows by the day
	Act          FieldID `yaml:"act,required"`          // rows of one act bear the same word
	Ordered      FieldID `yaml:"ordered,required"`      // the last day of an order to correct that wasn't obeyed
	Reason       FieldID `yaml:"reason,required"`       // why the sum isn't the proposed one
	Override     FieldID `yaml:"override,required"`     // who lets a standard be used that isn't in force, and why
	Applied      FieldID `yaml:"applied,required"`      // computed: the standard that applies, which may be a later and lighter one
	Working      FieldID `yaml:"working,required"`      // computed: how the sum came about
}

// Adds tells whether a field of the form is added up from the rows.
func (v *Violations) Adds(f FieldID) bool {
	return v.Table != "" && (f == v.Fine || f == v.Confiscation || f == v.Compensation || f == v.LateFee || f == v.Kinds)
}

// Columns are the table's columns by their words.
func (v *Violations) Columns() map[string]FieldID {
	all := map[string]FieldID{"party": v.Party, "as": v.As, "standard": v.Standard, "day": v.Day, "persons": v.Persons, "gains": v.Gains,
		"grounds": v.Grounds, "evidence": v.Evidence, "tier": v.Tier, "kinds": v.Kinds, "fine": v.Fine, "confiscation": v.Confiscation, "act": v.Act,
		"ordered": v.Ordered, "reason": v.Reason, "override": v.Override, "applied": v.Applied, "working": v.Working}
	if v.Until != "" {
		all["until"] = v.Until
	}
	return all
}

// ViolationWord names what is told of the rows together: a column of the table that is added up, or what the standards say.
type ViolationWord string

// The words of {violations: WORD}.
const (
	TellFine         ViolationWord = "fine"
	TellConfiscation ViolationWord = "confiscation"
	TellCompensation ViolationWord = "compensation"
	TellLateFee      ViolationWord = "late-fee"
	TellKinds        ViolationWord = "kinds"
	TellBasis        ViolationWord = "basis"             // the provisions punished under
	TellViolated     ViolationWord = "violated"          // the provisions broken
	TellPunished     ViolationWord = "violated-punished" // those of them that are punished
	TellHandled      ViolationWord = "violated-handled"  // those that bring the additional compensation
	TellHandling     ViolationWord = "handling-basis"    // the provisions that set it
	TellLateBroken   ViolationWord = "late-fee-violated" // those that bring a late fee
	TellLateBasis    ViolationWord = "late-fee-basis"    // the provisions that set it
	TellLateDays     ViolationWord = "late-fee-days"     // a line a row: of which sum, from when to when, at which rate
	TellOutcome      ViolationWord = "outcome"           // a line a row: who, what, tier, sum
	TellWorking      ViolationWord = "working"           // the same with the working
	TellReasons      ViolationWord = "reasons"           // the circumstances and reasons of the tiers
	TellLicence      ViolationWord = "licence"           // what becomes of licences
	TellApplied      ViolationWord = "applied"           // in a column: the standard that applies
)

// ViolationWords are all of them.
var ViolationWords = []ViolationWord{TellFine, TellConfiscation, TellCompensation, TellLateFee, TellKinds, TellBasis, TellViolated, TellPunished, TellHandled, TellHandling, TellLateBroken, TellLateBasis, TellLateDays, TellOutcome, TellWorking, TellReasons, TellLicence, TellApplied}

// Grave is one way in which a proposal is major: the test holds, and the sum, if there is one, comes to what the office set.
type Grave struct {
	When    *Test   `yaml:"when,required"`
	Sum     FieldID `yaml:"sum"`
	Setting string  `yaml:"from,by-hand"`
	Person  string  `yaml:"person,by-hand"` // the setting of a party that is a person; "" is the same
}

// Supervision is the order that `supervise` fills: its form, and the form's fields that take the day by which an answer is
// wanted, and what is asked.
type Supervision struct {
	Form     FormID  `yaml:"form,required"`
	Day      FieldID `yaml:"day,required"`
	Reason   FieldID `yaml:"reason,required"`
	Unissued bool    `yaml:"issued,by-hand"` // issued: false — printed for the pen only
}

// Item is a paper or a day that a file can hold. Exactly one of its fields is set.
type Item struct {
	Form FormID `yaml:"form"` // a document of this form, issued
	Fact FactID `yaml:"fact"`
}

// Owed is what must lie in the file when the action into the last state is taken: shown as lacking from the start, and a
// finding at the end. Its test names the forms whose fields it asks, for no form is filled here.
type Owed struct {
	Item `yaml:",inline"`
	Any  []Item   `yaml:"any"` // one of these
	When *Test    `yaml:"when"`
	Gate ActionID `yaml:"gate"` // the action that waits for it
	Law  Law      `yaml:",inline"`
}

// Items are the papers or days of which one is enough.
func (o *Owed) Items() []Item {
	if len(o.Any) > 0 {
		return o.Any
	}
	return []Item{o.Item}
}

// Debt is something owed with the place where it stands: by every case where that is the head (no state), else by those
// whose way leads over the state.
type Debt struct {
	*Owed
	Walk  WalkID
	State StateID // "" of the head
}

// Assigned is the field from which an action gives a role, "" when it doesn't.
func (a *Action) Assigned(role Actor) FieldID {
	if role == "" {
		return ""
	}
	return a.Assigns[role]
}

// DebtNames are the sums that a form may show as owed: those that the procedure's nothing-owed guards name, and total.
func (d *Definition) DebtNames() []string {
	names := []string{"total"}
	for _, x := range d.Liabilities() {
		for _, o := range x.Owed {
			if !slices.Contains(names, string(o.Field)) {
				names = append(names, string(o.Field))
			}
		}
	}
	return names
}

// Values are what the order's form is given of the day by which an answer is wanted, and of what is asked.
func (s *Supervision) Values(day, reason Value) Values {
	return Values{s.Day: day, s.Reason: reason}
}
