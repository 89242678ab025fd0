// Package selfcheck keeps what the rules of the self-check find in the files of cases that ended, so that a year of them is
// counted without opening them again.
//
// What was found is no index that a commit keeps: the rules are data that any release may change, and most cases are never
// asked. It is found when somebody first asks, and kept beside the case's number with the sequence number that it had, and the
// version of the rules, schedules and settings that it was asked by: where one of them is another it is asked again. What may
// still change by the day alone (a clock that runs, though the case ended) is not kept.
package selfcheck

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"dossier/engine"
	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/decide"
	"dossier/engine/desk"
	"dossier/engine/lacks"
	"dossier/engine/ledger"
	"dossier/engine/listing"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/review"
	"dossier/engine/rules"
	"dossier/engine/statistics"
)

// KindFound is the record of what was found in a case; its id is the case's number, twelve digits wide.
const KindFound = "found"

// Found is what the rules say of one case.
type Found struct {
	Row     listing.Row `json:"row"`               // what is listed of it
	Points  int         `json:"points"`            // what is left of 100
	Broken  []string    `json:"broken,omitempty"`  // the rules that it breaks, each once
	Outcome string      `json:"outcome,omitempty"` // the numbers of its decisions that are published
}

// kept is what was found with what it rests on.
type kept struct {
	Found
	Seq uint64 `json:"seq"` // of the case
	By  string `json:"by"`

	day    calendar.Date // on which it was found, where another may find otherwise; 0 where none does
	record uint64        // the sequence number of its record
}

// Book answers what the rules find. It remembers what it answered, and follows the ledger for the cases that moved since.
type Book struct {
	Engine     *engine.Engine
	Rules      review.Book
	Statistics *statistics.Book // which tell what ended when
	Remember   int              // how many files are remembered from one question to the next; 0: mostRemembered

	mu    sync.Mutex
	begun bool
	mark  ledger.Mark
	by    string
	known map[casefile.CaseID]kept
}

// Query asks for the files of a procedure whose cases ended in a period.
type Query struct {
	Of       procedure.WorkflowID
	From, To calendar.Date
	Draw     int    // so many of them are drawn; 0: all
	Seed     string // by which
}

// Answer is what was found, the fewest points first, of the same points the newest case.
type Answer struct {
	Found []Found
	Drawn int // from how many cases they were drawn; 0: all are here
	Left  int // not looked at yet
}

// Files answers a query with those files that the person may see. It looks at cases until a moment; what it looked at is kept, so that asking again goes on.
func (b *Book) Files(ctx context.Context, who office.PersonID, q Query, until time.Time) (Answer, error) {
	parts, err := b.Statistics.Cases(statistics.Behind{Query: statistics.Query{From: q.From, To: q.To, Only: q.Of}, Measure: "cases-done", Total: true})
	if err != nil {
		return Answer{}, err
	}
	ids := make([]casefile.CaseID, len(parts))
	for i, p := range parts {
		ids[i] = p.Case
	}
	var out Answer
	if q.Draw > 0 {
		out.Drawn, ids = len(ids), drawn(ids, q.Seed, q.Draw)
	}
	out.Found, out.Left, err = b.of(ctx, ids, until)
	all := desk.Shown(b.Engine, who, listing.Row{Workflow: q.Of}) // of the procedure, but those that the person is kept from
	out.Found = slices.DeleteFunc(out.Found, func(f Found) bool {
		return slices.Contains(f.Row.Barred, who) || !all && !desk.Shown(b.Engine, who, f.Row)
	})
	slices.SortFunc(out.Found, func(x, y Found) int { return cmp.Or(cmp.Compare(x.Points, y.Points), cmp.Compare(y.Row.ID, x.Row.ID)) })
	return out, err
}

// drawn are as many of the cases as are wanted, by the seed: those whose SHA-256 over "seed/number" come first. Whoever
// knows the seed and the cases draws the same.
func drawn(ids []casefile.CaseID, seed string, n int) []casefile.CaseID {
	key := func(id casefile.CaseID) string {
		sum := sha256.Sum256([]byte(seed + "/" + strconv.FormatInt(int64(id), 10)))
		return string(sum[:])
	}
	out := slices.Clone(ids)
	slices.SortFunc(out, func(x, y casefile.CaseID) int { return cmp.Compare(key(x), key(y)) })
	return out[:min(n, len(out))]
}

// Feeds tells whether the action is the one of a review of files that lists those that were drawn.
func (b *Book) Feeds(of procedure.WorkflowID, action procedure.ActionID) bool {
	f := &b.Rules.Feed
	return f.Workflow == of && f.Action == action && of != ""
}

// Fed is what that action's form is filled with: the files of the query, and how they were chosen, in
// the words of note.
func (b *Book) Fed(ctx context.Context, who office.PersonID, q Query, note func(n, of int) string) (procedure.Values, error) {
	a, err := b.Files(ctx, who, q, b.Engine.Now().Add(time.Minute))
	if err != nil {
		return nil, err
	}
	f := &b.Rules.Feed
	var rows []procedure.Cells
	for _, x := range a.Found[:min(len(a.Found), Most)] {
		rows = append(rows, procedure.Cells{f.Number: x.Row.Number, f.Party: x.Row.Party, f.Outcome: x.Outcome, f.Closed: x.Row.EndDay.String()})
	}
	out := procedure.Values{f.Table: {Rows: rows}}
	if a.Drawn > 0 {
		out[f.How], out[f.Note] = procedure.TextValue(f.Drawn), procedure.TextValue(note(len(rows), a.Drawn))
	}
	return out, nil
}

// Most is how many files are listed, the worst of them.
const Most = 500

// of is what the rules find in these cases.
func (b *Book) of(ctx context.Context, ids []casefile.CaseID, until time.Time) (found []Found, left int, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := b.follow(); err != nil {
		return nil, 0, err
	}
	if err := b.recall(ids); err != nil {
		return nil, 0, err
	}
	today := b.Engine.Today()
	var news []casefile.CaseID
	for _, id := range ids {
		k, known := b.known[id]
		if !known || k.day != 0 && k.day != today {
			if len(news) > 0 && b.Engine.Now().After(until) {
				left++
				continue
			}
			d, err := b.Engine.Pass(id)
			if err != nil {
				return nil, 0, err
			}
			record := k.record
			k = b.look(d, today)
			k.record = record
			b.known[id] = k
			news = append(news, id)
		}
		found = append(found, k.Found)
	}
	err = b.keep(ctx, news)
	if len(b.known) > cmp.Or(b.Remember, mostRemembered) {
		clear(b.known) // what is on record is read again
	}
	return found, left, err
}

// mostRemembered is how many files are remembered: half a kilobyte each.
const mostRemembered = 32768

// follow forgets what rests on something that has moved.
func (b *Book) follow() error {
	if b.begun {
		news, err := b.Engine.Since(b.mark)
		if err != nil {
			return err
		}
		b.mark, b.begun = news.To, !news.Lost && !news.Office
		for _, id := range news.Cases {
			delete(b.known, id)
		}
	}
	if !b.begun {
		mark, err := b.Engine.LastRow()
		if err != nil {
			return err
		}
		o := b.Engine.Office()
		data, err := ledger.Canonical([]any{b.Rules.Rules, o.Counted})
		if err != nil {
			return err
		}
		sum := sha256.Sum256(data)
		b.begun, b.mark, b.by, b.known = true, mark, hex.EncodeToString(sum[:8]), map[casefile.CaseID]kept{}
	}
	return nil
}

// recall reads what was kept of those cases that aren't remembered, where it still holds.
func (b *Book) recall(ids []casefile.CaseID) error {
	var want []casefile.CaseID
	for _, id := range ids {
		if _, known := b.known[id]; !known {
			want = append(want, id)
		}
	}
	if len(want) == 0 {
		return nil
	}
	slices.Sort(want)
	last := listing.Padded(want[len(want)-1])
	for after := listing.Padded(want[0] - 1); after < last; {
		rs, err := b.Engine.Store.Records(KindFound, after, 1000)
		if err != nil {
			return err
		}
		for _, r := range rs {
			after = r.ID
			id := casefile.CaseID(procedure.Int(strings.TrimLeft(r.ID, "0")))
			if _, asked := slices.BinarySearch(want, id); !asked {
				continue
			}
			k := kept{record: r.Seq}
			if err := json.Unmarshal(r.Data, &k); err != nil {
				return err
			}
			snap, err := b.Engine.Store.Case(id)
			if err != nil {
				return err
			}
			if k.Seq != snap.Seq || k.By != b.by {
				k.day = -1 // of no day: asked again
			}
			b.known[id] = k
		}
		if len(rs) < 1000 {
			break
		}
	}
	return nil
}

// look asks the rules of one case: as it stands today, and as it would if nothing more happened in it.
func (b *Book) look(d *decide.Docket, today calendar.Date) kept {
	k := kept{Seq: d.Read, By: b.by}
	k.Found = b.found(d, today)
	if later := b.found(d, today.Add(longAfter)); later.Points != k.Points || !slices.Equal(later.Broken, k.Broken) {
		k.day = today
	}
	return k
}

// longAfter is in how many days whatever a file may still miss by the day has been missed.
const longAfter = 3660

func (b *Book) found(d *decide.Docket, day calendar.Date) Found {
	s := rules.NewView(d.Edition, b.Engine.Office(), d.Case, day, day)
	r := review.Look(b.Rules.Of(d.Case.Workflow), &review.File{Case: d.Case, Edition: d.Edition, Clocks: s.Clocks(), Lacks: lacks.Due(s), Today: day}, s.Office.Calendar)
	row := listing.RowOf(s)
	f := Found{Row: listing.Row{ID: row.ID, Workflow: row.Workflow, Number: row.Number, Party: row.Party, Officers: row.Officers, Barred: row.Barred, Ended: row.Ended, EndDay: row.EndDay},
		Points: r.Points, Outcome: outcome(d)}
	for _, m := range r.Marks {
		if !slices.Contains(f.Broken, m.Rule.ID) {
			f.Broken = append(f.Broken, m.Rule.ID)
		}
	}
	return f
}

// outcome names the decisions of a case that are published, "" of none.
func outcome(d *decide.Docket) string {
	var numbers []string
	for _, x := range d.Case.Issued {
		if x.Void == 0 && slices.Contains(d.Edition.Def.Terms.Publicity.Of, x.Form) {
			numbers = append(numbers, x.Number)
		}
	}
	return strings.Join(numbers, "、")
}

// keep writes what was found, in commits of many. Where another server was faster, its is as good.
func (b *Book) keep(ctx context.Context, ids []casefile.CaseID) error {
	for len(ids) > 0 {
		var c ledger.Commit
		n := min(len(ids), 500)
		for _, id := range ids[:n] {
			k := b.known[id]
			if k.day != 0 {
				continue
			}
			w, err := engine.Record(KindFound, listing.Padded(id), k.record, k)
			if err != nil {
				return err
			}
			w.Ledgered = false // it proves nothing
			c.Records = append(c.Records, w)
			k.record++
			b.known[id] = k
		}
		ids = ids[n:]
		if len(c.Records) == 0 {
			continue
		}
		var moved *ledger.Conflict
		if err := b.Engine.Store.Commit(ctx, c); errors.As(err, &moved) {
			b.begun = false // read anew
		} else if err != nil {
			return err
		}
	}
	return nil
}
