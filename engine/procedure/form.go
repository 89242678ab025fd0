package procedure

import (
	"slices"
	"strconv"
	"strings"
)

// Form is a blank: what is asked, in parts, and where each answer comes from. How it is laid out on paper is the
// business of the documents room; page, validation, API and sample values all read this one definition.
type Form struct {
	ID      FormID         `yaml:"form,required"`
	Version int            `yaml:"version,required"`
	Title   Label          `yaml:"title,required"`
	Called  Choice[string] `yaml:"called,word=called"` // its name in one case, where the title leaves it open: 告知书 of a penalty, or of a handling
	Number  string         `yaml:"number"`             // "" carries the case's number; "case": is numbered by the case number itself; else the 代字 type: 告, 罚
	Kind    string         `yaml:"kind"`               // of the registry's objects that it describes, "" of any other form
	Key     []FieldID      `yaml:"key"`                // objects in which all of these are the same are one; none: the credit code, else the name
	Keeps   []Actor        `yaml:"keeps"`              // the posts that keep those objects
	Law     Law            `yaml:",inline"`
	OwnRow  bool           `yaml:"own-row"` // of a lettered form: the catalogue of documents has a row of its own for it, beside that of the form without the letter
	Parts   []Part         `yaml:"parts,required"`
	Hash    string         // SHA-256 of the file's bytes, hex
}

// PaperWords are the words that every paper knows beside its form's fields: what is typed can't bear their names, for the
// paper would print its own.
var PaperWords = []string{"number", "case-number", "party", "cause", "day", "bureau", "brigade", "procedure", "title"}

// SigningWords are the words that a layout may ask of a part beside its fields, as in {approval.signers}: who signed it,
// and when.
var SigningWords = []string{"signers", "signed-on"}

// SettingWord begins the words by which a layout asks what the office set: {setting-phone}.
const SettingWord = "setting-"

// PaperWord tells whether a layout means a word of the paper by the name.
func PaperWord(id FieldID) bool {
	return slices.Contains(PaperWords, string(id)) || slices.Contains(SigningWords, string(id)) || strings.HasPrefix(string(id), SettingWord)
}

// Part is what one person fills in one action.
type Part struct {
	ID     PartID  `yaml:"part,required"`
	Title  Label   `yaml:"title"`
	Fields []Field `yaml:"fields,required"`
}

// FieldType says how a value is written and read.
type FieldType string

const (
	Text       FieldType = "text"        // one line
	LongText   FieldType = "long"        // several paragraphs
	DateType   FieldType = "date"        // 2026-01-05
	DateTime   FieldType = "datetime"    // 2026-01-05 14:30, local time
	Money      FieldType = "money"       // yuan with two decimals, kept exactly: "128400.00"
	Number     FieldType = "number"      // a whole number
	YesNo      FieldType = "yes-no"      // "yes" or "no"
	ChoiceType FieldType = "choice"      // one of Choices
	Choices    FieldType = "choices"     // some of Choices
	PersonType FieldType = "person"      // a user's id
	People     FieldType = "people"      // several
	IDNumber   FieldType = "id-number"   // 居民身份证, GB 11643 check character
	CreditCode FieldType = "credit-code" // 统一社会信用代码, GB 32100 check character
	Phone      FieldType = "phone"
	File       FieldType = "file"       // an attachment's number in the case
	Table      FieldType = "table"      // rows of Columns
	Document   FieldType = "document"   // an issued document: its n
	Respondent FieldType = "respondent" // a party of the case
	CaseRef    FieldType = "case"       // another case: its id
	Standard   FieldType = "standard"   // a standard of discretion: its id, reg/30
	Grounds    FieldType = "grounds"    // circumstances of the standards: their ids
	Evidence   FieldType = "evidence"   // files and issued papers of the case: their ids as proofs
)

// Several tells whether a cell of a table holds several of them, parted by spaces.
func (t FieldType) Several() bool { return t == Choices || t == Grounds || t == Evidence }

// ProofID names a thing in a case that proves something.
type ProofID string

// FileProof and PaperProof name a file and an issued paper by their numbers in the case.
func FileProof(n int) ProofID  { return ProofID("file-" + strconv.Itoa(n)) }
func PaperProof(n int) ProofID { return ProofID("paper-" + strconv.Itoa(n)) }

// FieldTypes lists them all, for the loader and its hints.
var FieldTypes = []FieldType{Text, LongText, DateType, DateTime, Money, Number, YesNo, ChoiceType, Choices, PersonType,
	People, IDNumber, CreditCode, Phone, File, Table, Document, Respondent, CaseRef, Standard, Grounds, Evidence}

// Option of a choice field.
type Allowed struct {
	Value string
	Label Label
}

// Field is one blank of a form.
type Field struct {
	ID         FieldID        `yaml:"field,required"`
	Title      Label          `yaml:",inline"`
	Hint       Label          `yaml:"hint,by-hand"`
	Type       FieldType      `yaml:"type"`
	Choices    []Allowed      `yaml:"choices"`
	Columns    []Field        `yaml:"columns"` // of a table: text, number, money, date, id-number, choice
	Required   bool           `yaml:"required"`
	When       *Test          `yaml:"when"`       // asked only if it holds
	Max        int            `yaml:"max"`        // characters, 0: the type's own limit (text 200, long 20 000); the largest number, 0: none
	Min        int            `yaml:"min"`        // of a number, of people, of rows
	NotBefore  Edge           `yaml:"not-before"` // a day: the first that it may be
	NotAfter   Edge           `yaml:"not-after"`  // a day: the last that it may be
	Shared     bool           `yaml:"shared"`     // a value of the case: asked once, known to every form that has a field of this name
	Opinion    bool           `yaml:"opinion"`    // what the person says who signs at a gate
	Secret     bool           `yaml:"secret"`     // the informant's identity: masked for whoever need not know it
	Shows      *Show          `yaml:"shows"`      // computed, never asked: a fact, a clock, a sum, …
	Fixed      string         `yaml:"fixed"`      // a clause that a statute dictates: made of the office's clauses and settings, never asked
	From       []Known        `yaml:"from"`       // prefilled from the first of these that is known
	Sample     Choice[Sample] `yaml:"sample,by-hand"`
	Of         []FormID       `yaml:"of"`         // of a document field: the forms it may name
	Among      FieldID        `yaml:"among"`      // a person: one of those in that field
	Phrases    []string       `yaml:"phrases"`    // ready sentences that a text offers
	Provisions []string       `yaml:"provisions"` // the acts whose articles a text cites: it offers them with their words, and wants each cited with its article
	Law        Law            `yaml:",inline"`
	Heading    Label          // what stands over it and those that follow, where a long form is typed
}

// Edge is how far a day may lie: [EdgeToday], [EdgeDay], [EdgeNext], a period after that day ("24 months"), or a field beside it.
type Edge string

const (
	EdgeToday Edge = "today" // the day on which it is typed
	EdgeDay   Edge = "day"   // the day of what is recorded
	EdgeNext  Edge = "next"  // the day after it: what a paper fixes lies after the paper
)

// Bounds tells whether a number lies within the field's bounds.
func (f *Field) Bounds(n int) bool { return n >= f.Min && (f.Max == 0 || n <= f.Max) }

// Show is what a computed field displays. Exactly one of its fields is set.
type Show struct {
	Fact     FactID        `yaml:"fact"`        // {fact: filed}: its day
	Due      ClockID       `yaml:"due"`         // {due: investigation}
	Left     ClockID       `yaml:"left"`        // {left: investigation}: remaining, in the clock's unit
	Used     ClockID       `yaml:"used"`        // {used: investigation}
	Number   string        `yaml:"number"`      // {number: case|intake}
	Sum      string        `yaml:"sum,by-hand"` // {sum: workers.owed}: of a table's column
	Count    FieldID       `yaml:"count"`       // {count: workers}
	Total    FieldRef      `yaml:"total"`       // {total: HD02.workers}: a number or money of all papers of a form, added up
	Papers   FormID        `yaml:"papers"`      // {papers: HD02}: how many papers of a form were filled
	Value    FieldRef      `yaml:"value"`       // {value: LJ16.fine}
	Role     Actor         `yaml:"role"`        // {role: assigned-officers}: names with certificate numbers
	Setting  string        `yaml:"setting"`     // {setting: bureau}
	Owed     string        `yaml:"owed"`        // {owed: total}, or one of the procedure's debts by its field
	Party    FieldID       `yaml:"party"`       // {party: sex}: of the respondent whose paper it is, a column of the case's table of them
	Tells    ViolationWord `yaml:"violations"`  // {violations: fine}: of the rows that the office's standards judge
	Clause   string        // of a fixed field: the office's clause
	Over     string        `yaml:"overpaid"`     // {overpaid: …}: what was paid above what is owed
	Less     []FieldID     `yaml:"less"`         // of a table's column: the first column less the second
	Contents bool          `yaml:"contents"`     // {contents: true}: a table of the documents issued so far, in order
	Issued   []FormID      `yaml:"issued"`       // {issued: [LJ23, LJ24]}: of each form the latest paper in force, by title and number
	Newest   []FormID      `yaml:"newest"`       // {newest: [JC07, TS07]}: of all these forms the paper in force that was issued last
	Certs    FieldID       `yaml:"certificates"` // {certificates: inspectors}: the people of that field with their certificate numbers
}

// Known is a source of a prefilled value. Exactly one of its fields is set.
type Known struct {
	Value   FieldRef `yaml:"value"` // FORM.field of the latest paper
	Shared  FieldID  `yaml:"case"`  // {case: employer}
	Fact    FactID   `yaml:"fact"`
	Role    Actor    `yaml:"role"`
	Setting string   `yaml:"setting"`
	Owed    string   `yaml:"owed"`        // what is still owed by this case, as of Show
	Sum     string   `yaml:"sum,by-hand"` // "workers.difference": of a column of a table of the case
	Today   bool
	Day     bool // the fact day of the action
	Me      bool // who acts
}

// Sample is the value that `fill: true` writes. Exactly one way is set.
type Sample struct {
	Text     string              // as typed
	List     []string            // of a list field
	Rows     []map[string]string // of a table
	Days     *int                // a date that many days from the action's fact day
	Workdays *int                // the same in working days
	People   string              // the scenario's people of that post
	Except   FieldRef            // of people: without who is named there
	Similar  bool                // of a case: another open one, of the same party first
	All      bool                // everything that may be named here: all documents, all respondents
	Known    *Known
	File     string // a needed file is attached under this name
}

// Part finds a part of the form.
func (f *Form) Part(id PartID) *Part {
	for i := range f.Parts {
		if f.Parts[i].ID == id {
			return &f.Parts[i]
		}
	}
	return nil
}

// Opinion is the field of what the person says who signs at a gate; nil in a part that isn't signed at one.
func (p *Part) Opinion() *Field {
	for i := range p.Fields {
		if p.Fields[i].Opinion {
			return &p.Fields[i]
		}
	}
	return nil
}

// Said is the opinion among the part's values, "" where there is none.
func (p *Part) Said(values Values) string {
	if f := p.Opinion(); f != nil {
		return values[f.ID].Text
	}
	return ""
}

// Field finds a field in any part.
func (f *Form) Field(id FieldID) *Field {
	for i := range f.Parts {
		for j := range f.Parts[i].Fields {
			if f.Parts[i].Fields[j].ID == id {
				return &f.Parts[i].Fields[j]
			}
		}
	}
	return nil
}

// First tells whether the part is the form's first, which opens a new paper.
func (f *Form) First(id PartID) bool { return len(f.Parts) > 0 && f.Parts[0].ID == id }

// TextLimits are the characters that a text may have where the field says nothing.
var TextLimits = map[FieldType]int{Text: 200, LongText: 20_000}

func ChoiceValues(f *Field) []string {
	values := make([]string, len(f.Choices))
	for i, a := range f.Choices {
		values[i] = a.Value
	}
	return values
}

// ColumnType is the type of a table's column; a difference has the type of the typed column that it takes from.
func (f *Field) ColumnType(id FieldID) FieldType {
	for i := range f.Columns {
		if col := &f.Columns[i]; col.ID == id {
			if col.Shows == nil || len(col.Shows.Less) == 0 {
				return col.Type
			}
			id = col.Shows.Less[0]
			break
		}
	}
	for i := range f.Columns {
		if f.Columns[i].ID == id {
			return f.Columns[i].Type
		}
	}
	return ""
}
