package procedure

// Roles are what every case gives without an `assigns:`. The opener did `open`; the requester filled the first part of
// the open paper of the walk; who is barred may not see the case any more; an investigator is or was given the case.
var Roles = []Actor{"opener", "requester", Barred, Investigator}

// Barred is the role of who was replaced for an interest in the case: `bars:` gives it, and nothing takes it away.
const Barred Actor = "barred"

// Investigator is the role of who is or was assigned to the case, or took part in what the forms of `case: investigation`
// record: nobody judges what he investigated (apl 58, 64).
const Investigator Actor = "investigator"

// Parts gives all form parts that the action may fill.
func (a *Action) Parts() []FormPart {
	parts := a.Form.Values()
	for _, o := range a.Forms {
		parts = append(parts, o.Value)
	}
	return parts
}

// Texts gives ids as plain words.
func Texts[T ~string](ids []T) []string {
	words := make([]string, len(ids))
	for i, id := range ids {
		words[i] = string(id)
	}
	return words
}
