package listing

import (
	"slices"
	"strconv"
	"strings"

	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/charges"
	"dossier/engine/ledger"
	"dossier/engine/office"
	"dossier/engine/penalty"
	"dossier/engine/procedure"
	"dossier/engine/rules"
)

// IndexCharge is what is known of how discretion is used: standard/day of the decision/case/row → [Charge] as JSON.
const IndexCharge = "charge"

// Charge is one violation that was decided on, without anybody's name but that of the officer in charge.
type Charge struct {
	Case     casefile.CaseID `json:"case"`
	Standard penalty.ID      `json:"standard"` // the one that was applied
	Tier     penalty.Tier    `json:"tier"`
	Party    penalty.Party   `json:"party,omitempty"`
	Day      calendar.Date   `json:"day"`             // of the act
	Until    calendar.Date   `json:"until,omitempty"` // the last day of a sum that grows by the day
	Decided  calendar.Date   `json:"decided"`
	Officer  office.PersonID `json:"officer,omitempty"`
	Persons  int             `json:"persons,omitempty"`
	Gains    int64           `json:"gains,omitempty"` // fen: what a multiple multiplies
	Fine     int64           `json:"fine,omitempty"`  // fen
	Grounds  []string        `json:"grounds,omitempty"`
	Reason   string          `json:"reason,omitempty"` // why the sum isn't the proposed one
}

// ChargesOf are the rows of the table of violations of a case that is decided.
func ChargesOf(s *rules.View) []Charge {
	ed, c := s.Edition, s.Case
	t := s.Violations()
	decided, _ := s.Latest(ed.Def.Terms.Counted.Decided)
	if t.Table == "" || decided.Day == 0 {
		return nil
	}
	var officer office.PersonID
	if all := casefile.Officers(ed, c); len(all) > 0 {
		officer = all[0]
	}
	workers, owed := casefile.Claims(ed.Def, c)
	var out []Charge
	for _, r := range s.Charges().Rows {
		x := Charge{Case: c.ID, Standard: penalty.ID(r[t.Standard]), Tier: penalty.Tier(r[t.Tier]), Party: penalty.Party(r[t.As]), Decided: decided.Day, Officer: officer,
			Persons: workers, Gains: owed, Grounds: strings.Fields(r[t.Grounds]), Reason: r[t.Reason]}
		if id := r[t.Applied]; id != "" {
			x.Standard = penalty.ID(id)
		}
		x.Day, _ = calendar.Parse(r[t.Day])
		x.Until, _ = calendar.Parse(r[t.Until])
		if n, err := strconv.Atoi(r[t.Persons]); err == nil {
			x.Persons = n
		}
		if g := r[t.Gains]; g != "" {
			x.Gains = procedure.Fen(procedure.TextValue(g))
		}
		if kinds := strings.Fields(r[t.Kinds]); slices.Contains(kinds, string(penalty.Fine)) {
			x.Fine = procedure.Fen(procedure.TextValue(r[t.Fine]))
		}
		out = append(out, x)
	}
	return out
}

// chargeKeys are the entries of a case in that index.
func chargeKeys(s *rules.View, id, n string) []ledger.Key {
	var ks []ledger.Key
	for i, x := range ChargesOf(s) {
		data, _ := ledger.Canonical(x)
		ks = append(ks, ledger.Key{Index: IndexCharge, Key: string(x.Standard) + "/" + x.Decided.String() + "/" + n + "/" + strconv.Itoa(i), ID: id, Value: data})
	}
	return ks
}

// ReadCharge reads an entry back.
func ReadCharge(row []byte) (Charge, error) {
	var x Charge
	err := ledger.Read(row, &x)
	return x, err
}

// Answer judges the row again by standards and proportions: between which sums its tier lay. Nil where the standard is gone.
func (x *Charge) Answer(book *penalty.Book, proportions penalty.Rules) *penalty.Answer {
	gains := penalty.Fen(x.Gains)
	q := penalty.Question{Standard: x.Standard, Tier: x.Tier, On: x.Day, Until: x.Until, Party: x.Party, Persons: &x.Persons, Gains: &gains, Trial: true, Override: charges.NoPenalty}
	if x.Persons == 0 {
		q.Persons = nil
	}
	a, err := book.Judge(q, proportions)
	if err != nil {
		return nil
	}
	return a
}
