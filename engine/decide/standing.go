package decide

import (
	"maps"
	"slices"
	"strconv"
	"unicode/utf8"

	"dossier/engine/casefile"
	"dossier/engine/filling"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
	"dossier/engine/rules"
)

// Stands tells as what a person acts where one of these posts or roles is asked, and sets the scope's principal: in their
// own right when nobody is named, else as delegate, and of one who is named only of that one. It is the one answer, of
// built-in actions and all others: nobody acts for somebody who has not lent them a post that the action asks.
func (t *Sitting) Stands(s *rules.View, by []procedure.Actor, named office.PersonID) (procedure.Actor, bool) {
	p := t.Office.Person(s.Actor)
	if p == nil || !p.Active(t.Today) {
		return "", false
	}
	if named == "" {
		for _, a := range by {
			if p.Holds(a, t.Today) || slices.Contains(s.Role(a), s.Actor) {
				return a, true
			}
		}
	}
	for _, a := range by {
		for _, q := range t.Office.Lent(s.Actor, a, t.Today) {
			if named == "" || named == q {
				s.Behalf = q
				return a, true
			}
		}
	}
	return "", false
}

// Lenders are those for whom the person may act where one of these posts is asked, in the order in which they lent them.
func (t *Sitting) Lenders(s *rules.View, by []procedure.Actor) []office.PersonID {
	var ids []office.PersonID
	for _, a := range by {
		for _, q := range t.Office.Lent(s.Actor, a, t.Today) {
			if !slices.Contains(ids, q) {
				ids = append(ids, q)
			}
		}
	}
	return ids
}

// Limits of the members of a command that are names, in bytes: an id of a person is no longer than maxName, nor is one of an
// action or a walk.
const (
	MaxName  = 64
	maxKey   = 300
	maxFiles = 50
)

// Name tells whether a text may be the id of something: short, of printable characters.
func Name(s string) bool {
	return len(s) <= MaxName && printable(s)
}

func printable(s string) bool {
	for _, c := range s {
		if c < ' ' || c == 0x7f || c == utf8.RuneError {
			return false
		}
	}
	return true
}

// Sound refuses a command with a member that can name nothing, whatever the case: so nothing of it is looked up, kept or
// said again. What the members name is asked where the command is decided.
func Sound(cmd *casefile.Command) error {
	opens := cmd.Case == 0
	switch {
	case !Name(string(cmd.Actor)):
		return refusal.New(refusal.Forbidden, refusal.Args{"who": ""})
	case cmd.Case < 0:
		return refusal.New(refusal.NotFound, refusal.Args{"what": "case", "id": strconv.Itoa(int(cmd.Case))})
	case opens && !Name(string(cmd.Workflow)):
		return refusal.New(refusal.NotFound, refusal.Args{"what": "procedure", "id": ""})
	case !opens && cmd.Workflow != "":
		return refusal.New(refusal.Unreadable, refusal.Args{"what": "workflow"})
	case !Name(string(cmd.Action)) || !Name(string(cmd.Walk)) || opens && cmd.Walk != "" && cmd.Walk != procedure.Main:
		return refusal.New(refusal.UnknownAction, refusal.Args{"action": "", "state": ""})
	case !Name(string(cmd.For)):
		return refusal.New(refusal.NotYourGate, refusal.Args{"action": string(cmd.Action), "who": ""})
	case cmd.Paper < 0 || opens && cmd.Paper != 0:
		return refusal.New(refusal.NotFound, refusal.Args{"what": "paper", "id": strconv.Itoa(cmd.Paper)})
	case opens && cmd.Seq != 0:
		return refusal.New(refusal.Unreadable, refusal.Args{"what": "seq"})
	case len(cmd.Key) > maxKey || !printable(cmd.Key) || !Name(cmd.Form):
		return refusal.New(refusal.Unreadable, refusal.Args{"what": "key"})
	case len(cmd.Files) > maxFiles:
		return refusal.Field("file", "field.files", refusal.Args{"max": strconv.Itoa(maxFiles), "have": strconv.Itoa(len(cmd.Files))})
	}
	for _, f := range cmd.Files {
		switch {
		case !printable(f.Name) || utf8.RuneCountInString(f.Name) > filling.MaxText:
			return refusal.Field("file", "field.file-name", refusal.Args{"max": strconv.Itoa(filling.MaxText)})
		case !printable(f.Proves) || utf8.RuneCountInString(f.Proves) > filling.MaxText:
			return refusal.Field("proves", "field.file-name", refusal.Args{"max": strconv.Itoa(filling.MaxText)})
		}
	}
	for _, id := range slices.Sorted(maps.Keys(cmd.Values)) {
		v := cmd.Values[id]
		if !Name(string(id)) {
			return refusal.Field("", "field.unknown", refusal.Args{"field": CutName(string(id))})
		}
		for _, row := range v.Rows {
			for _, c := range slices.Sorted(maps.Keys(row)) {
				if !Name(string(c)) {
					return refusal.Field(string(id), "field.unknown", refusal.Args{"field": CutName(string(c))})
				}
			}
		}
	}
	return nil
}

// answers refuses files that answer a field which asks for none.
func answers(cmd *casefile.Command, ps []*procedure.Part) []refusal.FieldFault {
	var fs []refusal.FieldFault
	for _, f := range cmd.Files {
		asked := f.Field == "" || slices.ContainsFunc(ps, func(p *procedure.Part) bool {
			return slices.ContainsFunc(p.Fields, func(x procedure.Field) bool { return x.ID == f.Field && x.Type == procedure.File })
		})
		if !asked {
			fs = append(fs, refusal.FieldFault{Path: "file", Code: refusal.FieldInvalid, Why: "field.unknown", Args: refusal.Args{"field": CutName(string(f.Field))}})
		}
	}
	return fs
}

// CutName is as much of a name that names nothing as is said again.
func CutName(s string) string {
	if r := []rune(s); len(r) > MaxName {
		return string(r[:MaxName]) + "…"
	}
	return s
}

// byHand refuses a token: what a gate decides, and what takes back what one decided, a person does who has signed in. Tokens
// that were made for it in a demo folder may.
func byHand(cmd *casefile.Command, p *office.Person) *refusal.Error {
	if !cmd.Token || cmd.Gates {
		return nil
	}
	return refusal.New(refusal.Forbidden, refusal.Args{"who": p.Name, "action": string(cmd.Action), "token": "token"})
}

// signed tells whether the event with this number signed a gate.
func signed(c *casefile.Case, seq uint64) bool {
	return slices.ContainsFunc(c.Papers, func(p casefile.Paper) bool {
		return slices.ContainsFunc(p.Parts, func(x casefile.Filled) bool { return x.Seq == seq && x.Decision != "" })
	})
}
