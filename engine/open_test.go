package engine_test

import (
	"encoding/json"
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"dossier/engine"
	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/change"
	"dossier/engine/desk"
	"dossier/engine/ledger"
	"dossier/engine/listing"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
	"dossier/engine/specimen"
)

// openOnRecord holds the rows that an engine keeps of open cases to those that a scan of the indexes gives.
func openOnRecord(t *testing.T, what string, e *engine.Engine) {
	t.Helper()
	lists := map[string][]*listing.Row{} // "open", "of/officer", "wait/captain"
	for index, name := range map[string]string{listing.IndexOpen: "open", listing.IndexOfficer: "of", listing.IndexWait: "wait"} {
		es, err := e.Store.Scan(ledger.Scan{Index: index})
		if err != nil {
			t.Fatal(err)
		}
		for _, en := range es {
			r := &listing.Row{}
			if err := json.Unmarshal(en.Value, r); err != nil {
				t.Fatal(err)
			}
			key := name
			if i := strings.IndexByte(en.Key.Key, '/'); i > 0 {
				key += "/" + en.Key.Key[:i]
			}
			if index != listing.IndexOfficer || !r.Ended {
				seen := r.On(e.Today())
				lists[key] = append(lists[key], &seen)
			}
		}
	}
	open, err := e.Open()
	if err != nil {
		t.Fatal(err)
	}
	hold := func(key string, kept []*listing.Row) {
		t.Helper()
		same(t, what+", "+key, canonicalRows(t, kept), canonicalRows(t, lists[key]))
	}
	hold("open", open.All())
	counted, err := engine.Counted(e, "those that wait", waiting)
	if fresh := waiting(open.All()); err != nil || counted != fresh {
		t.Errorf("%s: %d were counted, there are %d: %v", what, counted, fresh, err)
	}
	for _, p := range e.Office().People() {
		hold("of/"+string(p.ID), open.Of(p.ID))
		hold("wait/@"+string(p.ID), open.Waiting("@"+string(p.ID)))
	}
	for _, post := range e.Posts() {
		hold("wait/"+string(post.ID), open.Waiting(string(post.ID)))
	}
}

// waiting is a sum over who waits since when.
func waiting(rows []*listing.Row) (n int) {
	for _, r := range rows {
		for _, w := range r.Waits {
			n += int(r.ID) * int(w.Since%997)
		}
	}
	return n
}

// canonicalRows are rows as they are written.
func canonicalRows(t *testing.T, rows []*listing.Row) []string {
	t.Helper()
	out := []string{}
	for _, r := range rows {
		data, err := ledger.Canonical(r)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, string(data))
	}
	return out
}

// TestKeptOpenRowsAreThoseOnRecord: after random acts, changes of the office and days, on whichever of two servers, each keeps of
// open cases what a scan gives, however seldom it was asked.
func TestKeptOpenRowsAreThoseOnRecord(t *testing.T) {
	s := newStage(t, scratch)
	posts := map[office.PersonID]procedure.Actor{"clerk": "clerk", "officer": "officer", "officer2": "officer", "reviewer": "reviewer", "captain": "captain", "leader": "leader"}
	s.hire(t, posts)
	crew := map[procedure.Actor][]office.PersonID{}
	var people []office.PersonID
	for p := range posts {
		people = append(people, p)
	}
	slices.Sort(people)
	for _, p := range people {
		crew[posts[p]] = append(crew[posts[p]], p)
	}
	other, err := engine.New(s.Config)
	if err != nil {
		t.Fatal(err)
	}
	servers := []*engine.Engine{s.Engine, other}
	r := rand.New(rand.NewPCG(19, 2))
	acted, ended := 0, 0
	act := func(e *engine.Engine, cmd casefile.Command) {
		t.Helper()
		values, files, err := specimen.Samples(e, cmd, crew)
		if err == nil {
			for i := range files {
				files[i].Data = []byte("file")
			}
			cmd.Values, cmd.Files = values, files
			var out *engine.Outcome
			if out, err = e.Do(t.Context(), cmd); err == nil {
				if acted++; out.Case.Ended != 0 {
					ended++
				}
			}
		}
		if err != nil && refusal.As(err) == nil {
			t.Fatalf("%s in case %d: %v", cmd.Action, cmd.Case, err)
		}
	}
	for range 1200 {
		e := servers[r.IntN(len(servers))]
		n := s.cases(t)
		switch x := r.IntN(20); {
		case x == 0:
			s.on(s.Today().Add(1 + r.IntN(9)))
			if _, err := e.Sweep(t.Context()); err != nil {
				t.Fatal(err)
			}
		case x == 1:
			year := of2027()
			if r.IntN(2) == 0 {
				year = of2027(calendar.Of(2027, 1, 1))
			}
			if _, err := change.LoadSchedule(t.Context(), e, "", year); err != nil {
				var c *ledger.Conflict
				if !errors.As(err, &c) && refusal.As(err) == nil {
					t.Fatal(err)
				}
			}
		case x == 2:
			if err := s.ReloadOffice(); err != nil {
				t.Fatal(err)
			}
			s.restaff(t, "officer2", func(p *office.Person) { p.Name += "换" })
		case x < 6 || n == 0:
			flows := e.Workflows()
			act(e, casefile.Command{Workflow: flows[r.IntN(len(flows))].Def.ID, Actor: "clerk"})
		default:
			id := casefile.CaseID(1 + r.IntN(int(n)))
			who := people[r.IntN(len(people))]
			v, err := desk.View(e, who, id)
			if err != nil || len(v.Actions) == 0 {
				continue
			}
			a := v.Actions[r.IntN(len(v.Actions))]
			act(e, casefile.Command{Case: id, Action: a.Action, Walk: a.Walk, Actor: who, Values: procedure.Values{}})
		}
		if e := servers[r.IntN(len(servers))]; r.IntN(3) > 0 {
			openOnRecord(t, "on the way", e)
		}
		if t.Failed() {
			return
		}
	}
	for _, e := range servers {
		openOnRecord(t, "at the end", e)
	}
	if t.Logf("%d acts, %d in cases that have ended, %d cases", acted, ended, s.cases(t)); acted < 80 || ended < 3 {
		t.Error("next to nothing happened")
	}
}
