package rules

import (
	"slices"

	"dossier/engine/casefile"
	"dossier/engine/procedure"
)

// owed is what this case still owes: kind names a field of one of the procedure's debts and means that debt whole; "total"
// is all of them.
func (s *View) owed(kind string) int64 {
	var sum int64
	for _, d := range s.Edition.Liabilities() {
		if d.Named(kind) {
			sum += s.owes(d)
		}
	}
	return sum
}

// Documents are those issued that count from this point of view.
func (s *View) Documents() []casefile.Issued {
	var all []casefile.Issued
	for _, d := range s.Case.Issued {
		if s.InForce(d) {
			all = append(all, d)
		}
	}
	return all
}

// Nameable are the documents that the field may name.
func (s *View) Nameable(f *procedure.Field) []casefile.Issued {
	return slices.DeleteFunc(s.Documents(), func(d casefile.Issued) bool { return len(f.Of) > 0 && !slices.Contains(f.Of, d.Form) })
}

// Unserved are the documents that the field may name; of an action that sets facts kept per document, those for which
// such a fact is still to be set, or all when none is left.
func (s *View) Unserved(f *procedure.Field) []casefile.Issued {
	all := s.Nameable(f)
	left := slices.DeleteFunc(slices.Clone(all), s.isServed)
	if len(left) == 0 {
		return all
	}
	return left
}
