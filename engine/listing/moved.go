package listing

import (
	"dossier/engine/casefile"
	"dossier/engine/ledger"
	"dossier/engine/office"
	"dossier/engine/procedure"
)

// Moved is what to put and what to drop where a case stands by another office, and maybe after another event. What it is found by
// rests on no office: it is derived only where a name or number is another.
func Moved(ed *procedure.Edition, old *office.Office, before *casefile.Case, next *office.Office, after *casefile.Case) (put, drop []ledger.Key) {
	was := &Listed{standing: ordered(standing(ed, old, before)), names: naming(ed, before)}
	now := List(ed, next, after, was)
	if was.names != now.names {
		was.found = ordered(found(ed, before))
	}
	return now.Since(was)
}
