package verify

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/decide"
	"dossier/engine/ledger"
	"dossier/engine/office"
	"dossier/engine/procedure"
)

// version is one version of a delegation or a person with the time at which it was written, zero where it doesn't say.
type version[T any] struct {
	Data T
	At   time.Time
}

// inForce are the versions that may have stood when something was recorded: the last one written before, and where versions
// don't say when they were written, all that could be it.
func inForce[T any](versions []version[T], at time.Time) []T {
	var out []T
	for i, v := range versions {
		last := i == len(versions)-1
		if !v.At.After(at) && (last || versions[i+1].At.IsZero() || !versions[i+1].At.Before(at)) {
			out = append(out, v.Data)
		}
	}
	return out
}

// standing is who was ever on record, and who lent what to whom.
type standing struct {
	people map[office.PersonID][]version[office.Person]
	lent   map[string][]version[office.Delegation]
	blind  bool // a delegation can't be read: who stood in for whom is not asked
}

// standingOf gathers it of the records that the ledger names.
func standingOf(s ledger.Store, r *Report, heads map[string][]ledger.LedgerHead) (*standing, error) {
	all := &standing{people: map[office.PersonID][]version[office.Person]{}, lent: map[string][]version[office.Delegation]{}}
	for _, what := range slices.Sorted(maps.Keys(heads)) {
		kind, id, _ := strings.Cut(what, "/")
		var err error
		switch kind {
		case ledger.KindPerson:
			all.people[office.PersonID(id)], err = versionsOf[office.Person](s, r, kind, id)
		case ledger.KindDelegation:
			all.lent[id], err = versionsOf[office.Delegation](s, r, kind, id)
		}
		if err != nil {
			return nil, err
		}
		all.blind = all.blind || kind == ledger.KindDelegation && len(all.lent[id]) == 0
	}
	return all, nil
}

// versionsOf reads the versions of a record that can be read; those that can't are told where records are proved.
func versionsOf[T any](s ledger.Store, r *Report, kind, id string) ([]version[T], error) {
	rs, err := s.Versions(kind, id)
	if err != nil {
		return nil, r.damaged(err, procedure.Label{ZH: "记录" + kind + "/" + id, EN: "record " + kind + "/" + id})
	}
	var out []version[T]
	for _, x := range rs {
		var w version[T]
		var mark struct{ At time.Time }
		if json.Unmarshal(x.Data, &w.Data) != nil || json.Unmarshal(x.Data, &mark) != nil {
			continue
		}
		w.At = mark.At
		out = append(out, w)
	}
	return out, nil
}

// stood tells an event that could not have been decided: by nobody who is on record, or for somebody who had lent the actor
// no post by which it was done.
func (s *standing) stood(r *Report, place procedure.Label, ev *casefile.Event) {
	if ev.Actor == office.System && ev.For == "" {
		return
	}
	who := decide.CutName(string(ev.Actor))
	if _, known := s.people[ev.Actor]; !known {
		r.fault("actor", place, procedure.Label{ZH: fmt.Sprintf("办理人“%s”不在人员记录中", who), EN: fmt.Sprintf("nobody on record is called %q, who did it", who)})
		return
	}
	if ev.For == "" || s.blind {
		return
	}
	on := calendar.In(ev.At)
	for _, versions := range s.lent {
		for _, d := range inForce(versions, ev.At) {
			if d.From != ev.For || d.To != ev.Actor || d.Post != ev.As || on < d.Start || on > d.End || d.Ended != 0 && on >= d.Ended {
				continue
			}
			versions, known := s.people[ev.For]
			if known && len(versions) == 0 || slices.ContainsFunc(inForce(versions, ev.At), func(p office.Person) bool { return p.Holds(d.Post, on) }) {
				return
			}
		}
	}
	whom := decide.CutName(string(ev.For))
	r.fault("on-behalf", place, procedure.Label{ZH: fmt.Sprintf("%s代“%s”办理，而“%s”当时没有把这一步要求的岗位委托给他", who, whom, whom),
		EN: fmt.Sprintf("%s did it for %q, who had not lent them a post that it asks for", who, whom)})
}
