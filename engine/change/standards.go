package change

import (
	"context"
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"time"

	"dossier/engine"
	"dossier/engine/calendar"
	"dossier/engine/charges"
	"dossier/engine/decide"
	"dossier/engine/filling"
	"dossier/engine/ledger"
	"dossier/engine/listing"
	"dossier/engine/office"
	"dossier/engine/penalty"
	"dossier/engine/refusal"
	"dossier/engine/rules"
)

// Renewal is what an act's new file of standards changes.
type Renewal struct {
	Same    bool // the file is the one that was loaded last
	Changed []ChangedStandard
	Open    []Resting // violations of open cases that rest on what changes
}

// ChangedStandard is a standard, at one of its times, as it was and as it would be; nil where it isn't there.
type ChangedStandard struct {
	ID       penalty.ID
	From     calendar.Date
	Was, Now *penalty.Standard
}

// Resting is a violation of an open case, judged by the standards as they are and as they would be.
type Resting struct {
	Row      listing.Row
	Party    string
	Standard penalty.ID
	Was, Now charges.Judged
}

// PreviewStandards tells what loading an act's file of standards would change, and which open cases rest on that. Nothing is
// written. A standard that people were judged by can't vanish: its file ends it.
func PreviewStandards(ctx context.Context, e *engine.Engine, who office.PersonID, act, file string) (*Renewal, error) {
	w, same, err := standardsWrite(e, who, act, file)
	if err != nil || same {
		return &Renewal{Same: same}, err
	}
	return renewal(ctx, e, who, w)
}

// LoadStandards puts an act's file of standards on record in place of the one that counted so far.
func LoadStandards(ctx context.Context, e *engine.Engine, who office.PersonID, act, file string) (*Renewal, error) {
	w, same, err := standardsWrite(e, who, act, file)
	if err != nil || same {
		return &Renewal{Same: same}, err
	}
	r, err := renewal(ctx, e, who, w)
	if err != nil {
		return nil, err
	}
	return r, engine.MovedOn(KeepRecords(ctx, e, w))
}

// LoadedStandards is one version of an act's file, the newest first.
type LoadedStandards struct {
	By office.PersonID
	At time.Time
	engine.StandardsFile
}

// StandardsLoaded are the versions of an act's file that were loaded; none where the program's counts.
func StandardsLoaded(e *engine.Engine, act string) ([]LoadedStandards, error) {
	vs, err := e.Store.Versions(ledger.KindStandards, act)
	if err != nil && !errors.Is(err, ledger.ErrNotFound) {
		return nil, err
	}
	var all []LoadedStandards
	for _, v := range slices.Backward(vs) {
		var x LoadedStandards
		if err := json.Unmarshal(v.Data, &x); err != nil {
			return nil, err
		}
		all = append(all, x)
	}
	return all, nil
}

// StandardsAct reads a file of standards as it would stand beside the others, and tells of which act it is. Its error is what
// is wrong with the file, a line a fault.
func StandardsAct(e *engine.Engine, name, file string) (string, error) {
	act, err := e.Act(name, []byte(file))
	if err == nil {
		_, err = e.Renewed(map[string]string{act: file})
	}
	return act, err
}

func standardsWrite(e *engine.Engine, who office.PersonID, act, file string) (w ledger.RecordWrite, same bool, err error) {
	if err := e.Administers(who); err != nil {
		return w, false, err
	}
	var old engine.StandardsFile
	seq, err := e.Stored(ledger.KindStandards, act, &old)
	if err != nil {
		return w, false, err
	}
	f := engine.StandardsFile{File: file}
	w, err = engine.Record(ledger.KindStandards, act, seq, engine.Signed[engine.StandardsFile]{Data: f, By: who, At: e.Now()})
	return w, seq > 0 && f == old, err
}

func renewal(ctx context.Context, e *engine.Engine, who office.PersonID, w ledger.RecordWrite) (*Renewal, error) {
	old, next, err := offices(e, []ledger.RecordWrite{w})
	if err != nil {
		return nil, err
	}
	r := &Renewal{Changed: changed(old.Standards, next.Standards)}
	touched := map[penalty.ID]bool{}
	for _, c := range r.Changed {
		if touched[c.ID] = true; next.Standards.Near(c.ID, penalty.Unverified) == nil {
			return nil, &refusal.Error{Code: refusal.FieldInvalid, Fields: []refusal.FieldFault{{Path: string(c.ID), Code: refusal.FieldInvalid, Why: "standards.gone", Args: refusal.Args{"id": string(c.ID)}}}}
		}
	}
	err = eachOpen(ctx, e, "", func(d *decide.Docket) error {
		r.Open = append(r.Open, resting(e, d, old, next, touched)...)
		return nil
	})
	for i := range r.Open {
		if x := &r.Open[i]; veil(who, &x.Row) {
			x.Party = ""
		}
	}
	return r, err
}

// changed are the standards that aren't the same in both books.
func changed(was, now *penalty.Book) []ChangedStandard {
	var all []ChangedStandard
	at := func(id penalty.ID, from calendar.Date) *ChangedStandard {
		for i := range all {
			if all[i].ID == id && all[i].From == from {
				return &all[i]
			}
		}
		all = append(all, ChangedStandard{ID: id, From: from})
		return &all[len(all)-1]
	}
	for _, s := range was.Standards() {
		at(s.ID, s.From).Was = s
	}
	for _, s := range now.Standards() {
		at(s.ID, s.From).Now = s
	}
	return slices.DeleteFunc(all, func(c ChangedStandard) bool { return reflect.DeepEqual(c.Was, c.Now) })
}

// resting are the violations of an open case that rest on standards that change.
func resting(e *engine.Engine, d *decide.Docket, old, next *office.Office, touched map[penalty.ID]bool) []Resting {
	var all []Resting
	look := func(o *office.Office) *rules.View { return rules.NewView(d.Edition, o, d.Case, e.Today(), e.Today()) }
	was, now := look(old), look(next)
	t := was.Violations()
	if t.Table == "" {
		return nil
	}
	for _, r := range was.Charges().Rows {
		id := penalty.ID(r[t.Standard])
		if !touched[id] && !touched[penalty.ID(r[t.Applied])] {
			continue
		}
		all = append(all, Resting{listing.RowOf(was).On(e.Today()), r[t.Party], id, filling.Judge(was, r), filling.Judge(now, r)})
	}
	return all
}
