package penalty

import "dossier/engine/text"

// Code names why a question has no answer; it never changes.
type Code string

// The refusals. Each has its words in the catalogues as penalty.refused.CODE: "what is wrong: what to do".
const (
	UnknownStandard Code = "standard-unknown"
	NotInForce      Code = "standard-not-in-force"
	UnknownTier     Code = "tier-unknown"
	NoTier          Code = "tier-absent"     // a tier that the standard doesn't have
	Barred          Code = "tier-barred"     // a tier that a circumstance forbids
	Ungrounded      Code = "tier-ungrounded" // a tier that needs a circumstance
	NoParty         Code = "party-absent"    // a party that the standard doesn't punish
	PersonsMissing  Code = "persons-missing"
	PersonsInvalid  Code = "persons-invalid" // 0 or fewer, or too many
	GainsMissing    Code = "gains-missing"   // a multiple needs its sum
	GainsInvalid    Code = "gains-invalid"   // negative, or too much
	NoGains         Code = "gains-none"      // a fine that falls only on who has gains
	DaysInvalid     Code = "days-invalid"    // a sum that grows by the day ends before it begins, or never
	AmountInvalid   Code = "amount-invalid"
	UnknownGround   Code = "ground-unknown"
	Unproved        Code = "ground-unproved" // a circumstance without its evidence
	BadRules        Code = "rules-invalid"   // proportions that are none
)

// Refusal is why a question has no answer.
type Refusal struct {
	Code Code
	Path string // the value at fault: standard, tier, persons, grounds[0]
	Args text.Args
}

// Error is the refusal in English, as "what is wrong: what to do".
func (r *Refusal) Error() string { return r.In(text.EN) }

// In is the refusal in words.
func (r *Refusal) In(lang text.Lang) string {
	return text.T(lang, "penalty.refused."+string(r.Code), r.Args)
}

func refuse(code Code, path string, args ...any) *Refusal {
	r := &Refusal{Code: code, Path: path, Args: text.Args{}}
	for i := 0; i+1 < len(args); i += 2 {
		r.Args[args[i].(string)] = args[i+1]
	}
	return r
}
