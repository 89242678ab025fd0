// Package takeover takes over cases that were begun on paper (补录): each is rehearsed without keeping anything, with all its
// faults at once, and begun in one commit with its opening and where it stands.
package takeover

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"

	"dossier/engine"
	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/decide"
	"dossier/engine/desk"
	"dossier/engine/filling"
	"dossier/engine/ledger"
	"dossier/engine/listing"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
	"dossier/engine/rules"
	"dossier/engine/sight"
	"dossier/engine/typed"
)

// KindBegun is the record that a case begun on paper was taken over. Its id is the [Begun.Key]; it never expires, so that
// the same row taken over again makes no second case.
const KindBegun = "begun"

// Begun is a case begun on paper, told at once: what its opening knew, and where it stands.
type Begun struct {
	Workflow procedure.WorkflowID
	Actor    office.PersonID
	Received calendar.Date     // the day of the opening
	Opening  procedure.Values  // of [PaperForm.Opening]
	At       procedure.Values  // of open-at: state, facts, numbers, officers, in-charge
	Files    []casefile.Upload // its scans
	Via      string            // the token by which it came, "" by hand
	Key      string            // what tells this case from every other: a hash of all that is told; "" asks nothing
}

// Rehearsal is what taking over a case begun on paper would bring, or why it can't be.
//
// The paths of Err's fields are "received", a field of the opening ("employer", "workers[2].owed"), "state",
// "facts.FACT", "numbers.KIND", "officers" and "in-charge".
type Rehearsal struct {
	Err     *refusal.Error
	Prior   casefile.CaseID // the case that was made of the very same before; nothing is done again
	State   procedure.Label
	Ended   bool
	Clocks  []rules.Running
	Similar []listing.Row // open cases of the same party
}

type begunRow struct {
	Case casefile.CaseID `json:"case"`
	Body string          `json:"body,omitempty"` // a hash of what was told with the key
}

// body is a hash of all that is told, but for who tells it.
func (b Begun) body() string {
	return engine.BodyOf(casefile.Command{Workflow: b.Workflow, Day: b.Received, Values: procedure.Values{"opening": {Text: digest(b.Opening)}, "at": {Text: digest(b.At)}}, Files: b.Files})
}

func digest(v procedure.Values) string {
	data, _ := json.Marshal(v)
	return string(data)
}

// Rehearse tries each of the cases without keeping anything: everything that is wrong with each is told at once, a number
// or a whole case that stands twice among them too.
func Rehearse(ctx context.Context, e *engine.Engine, all []Begun) ([]Rehearsal, error) {
	out := make([]Rehearsal, len(all))
	keys, numbers := map[string]int{}, map[string]int{}
	for i, b := range all {
		r := &out[i]
		prior, err := prior(e, b.Key)
		if err != nil {
			return nil, err
		}
		if r.Prior = prior.Case; prior.Case != 0 {
			continue
		}
		t := e.Sit()
		d, err := decideBegun(e, t, b)
		bad := refusal.As(err)
		if err != nil && (bad == nil || len(bad.Conditions)+len(bad.Fields) == 0) { // not of this row: who may not, may not take over any
			return nil, e.Named(err, casefile.Command{Workflow: b.Workflow})
		}
		if bad == nil {
			bad = &refusal.Error{}
		}
		if first, twice := keys[b.Key]; twice && b.Key != "" {
			bad.Conditions = append(bad.Conditions, refusal.Condition{Code: "same-row", Args: refusal.Args{"n": strconv.Itoa(first + 1)}})
			bad.Code = refusal.ConditionUnmet
		}
		keys[b.Key] = i
		for kind, n := range engine.Told(b.At["numbers"], "kind", "number") {
			if _, twice := numbers[kind+typed.SameNumber(n)]; twice {
				bad.Fields = append(bad.Fields, refusal.FieldFault{Path: "numbers." + kind, Code: refusal.FieldInvalid, Why: "field.number-twice", Args: refusal.Args{"number": n}})
			}
			numbers[kind+typed.SameNumber(n)] = i
		}
		bad.Edition = e.Workflow(b.Workflow)
		if bad.Code == "" {
			bad = bad.Settle()
		}
		if r.Err = bad; bad != nil {
			continue
		}
		s := rules.NewView(d.Edition, t.Office, d.Case, t.Today, t.Today)
		r.Clocks, r.Ended = s.Clocks(), d.Case.Ended != 0
		if st := d.Edition.Def.Main.State(d.Case.Main()); st != nil {
			r.State = st.Title
		}
		if r.Similar, err = desk.Similar(e, b.Actor, b.Workflow, casefile.Party(d.Edition.Def, d.Case)); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// atOnce is how many cases go into one commit: beyond it a commit grows as much as they do.
const atOnce = 100

// BeginAll takes over cases begun on paper in their order, many in one commit. done is what became of each; an error is that of
// the case behind them, and those after it are not begun.
func BeginAll(ctx context.Context, e *engine.Engine, all []Begun) (done []*engine.Outcome, err error) {
	for part := range slices.Chunk(all, atOnce) {
		out, err := begin(ctx, e, part)
		if err != nil && len(part) > 1 { // which of them it was is told by taking them one by one
			for _, b := range part {
				if out, err = begin(ctx, e, []Begun{b}); err != nil {
					return done, err
				}
				done = append(done, out...)
			}
			continue
		}
		if err != nil {
			return done, err
		}
		done = append(done, out...)
	}
	return done, nil
}

// Begin takes over a case begun on paper: it is opened and put where it stands in one commit, or refused with an *Error
// as [Rehearse] tells it. A key that came before answers the case that it made.
func Begin(ctx context.Context, e *engine.Engine, b Begun) (*engine.Outcome, error) {
	out, err := begin(ctx, e, []Begun{b})
	if err != nil {
		return nil, err
	}
	return out[0], nil
}

// begin takes over cases of one procedure in one commit, all of them or none.
func begin(ctx context.Context, e *engine.Engine, all []Begun) ([]*engine.Outcome, error) {
	for i := range all {
		cmd := casefile.Command{Files: slices.Clone(all[i].Files)}
		if err := e.Receive(&cmd); err != nil {
			return nil, err
		}
		all[i].Files = cmd.Files
	}
	out := make([]*engine.Outcome, len(all))
	dockets := make([]*decide.Docket, len(all))
	err := e.Commit(ctx, func(t *decide.Sitting) (entry engine.Entry, err error) {
		for i, b := range all {
			row, err := prior(e, b.Key)
			if err != nil {
				return entry, err
			}
			if out[i] = (&engine.Outcome{Replayed: row.Case != 0}); row.Case != 0 {
				if dockets[i], err = before(e, t, b, row); err != nil {
					return entry, err
				}
				continue
			}
			d, err := decideBegun(e, t, b)
			if err != nil {
				return entry, err
			}
			dockets[i], entry.Dockets, entry.Files = d, append(entry.Dockets, d), append(entry.Files, b.Files...)
			if b.Key != "" {
				data, err := json.Marshal(begunRow{d.Case.ID, b.body()})
				if err != nil {
					return entry, err
				}
				entry.Records = append(entry.Records, ledger.RecordWrite{Kind: KindBegun, ID: b.Key, Data: data})
			}
		}
		return entry, nil
	})
	if err != nil {
		return nil, e.Named(engine.MovedOn(err), casefile.Command{Workflow: all[0].Workflow})
	}
	for i, d := range dockets {
		out[i].Case, out[i].Edition = d.Case, d.Edition
		for _, ev := range d.Events {
			out[i].Events = append(out[i].Events, *ev)
		}
	}
	return out, nil
}

// before is the case that the same key made, where the very same is told again by somebody who may see it.
func before(e *engine.Engine, t *decide.Sitting, b Begun, row begunRow) (*decide.Docket, error) {
	if row.Body != "" && row.Body != b.body() {
		return nil, refusal.New(refusal.KeyReused, nil)
	}
	d, err := e.Read(row.Case)
	if err == nil && !sight.Sees(d.Edition, t.Office, d.Case, b.Actor, t.Today) {
		err = sight.Unseen(row.Case)
	}
	return d, err
}

// prior is the case that was made under the key, 0 when none was.
func prior(e *engine.Engine, key string) (row begunRow, err error) {
	if key == "" {
		return row, nil
	}
	r, err := e.Store.Record(KindBegun, key)
	if errors.Is(err, ledger.ErrNotFound) {
		return row, nil
	}
	if err == nil {
		err = json.Unmarshal(r.Data, &row)
	}
	return row, err
}

// decideBegun decides the two events of a case begun on paper, its opening and where it stands, as one.
//
// Who takes it over is the one who may put a case where it stands (the second of the procedure's line, or those after);
// the opening asks for no other post, for it was done on paper. Nothing is issued: the paper is, and its scan is attached.
func decideBegun(e *engine.Engine, t *decide.Sitting, b Begun) (*decide.Docket, error) {
	ed := e.Workflow(b.Workflow)
	if ed == nil {
		return nil, refusal.New(refusal.NotFound, refusal.Args{"what": "procedure", "id": string(b.Workflow)})
	}
	bad := &refusal.Error{Edition: ed}
	day := b.Received
	switch {
	case day == 0:
		bad.Fields = append(bad.Fields, refusal.FieldFault{Path: "received", Code: refusal.FieldInvalid, Why: "field.required", Args: refusal.Args{"field": ed.PaperForm().Received.ZH}})
		day = earliest(b.At["facts"], t.Today)
	default:
		bad.Fields = append(bad.Fields, filling.FactDay(rules.NewView(ed, t.Office, nil, day, t.Today), "received", day)...)
	}
	if err := decide.Sound((&casefile.Command{Workflow: b.Workflow, Actor: b.Actor, Day: b.Received, Values: b.At, Files: b.Files})); err != nil {
		return nil, err
	}
	n, err := t.Next(ledger.CounterCase)
	if err != nil {
		return nil, err
	}
	first, opened, faults, err := opening(t, ed, b, casefile.CaseID(n), day)
	if err != nil {
		return nil, err
	}
	bad.Fields = append(bad.Fields, faults...)
	cmd := &casefile.Command{Case: casefile.CaseID(n), Action: "open-at", Actor: b.Actor, Values: b.At, Files: b.Files, Token: b.Via != "", Via: b.Via}
	after, second, err := t.Builtin(ed, opened, cmd)
	if err != nil {
		x := refusal.As(err)
		if x == nil || len(x.Conditions)+len(x.Fields) == 0 {
			return nil, err
		}
		bad.Conditions = append(bad.Conditions, x.Conditions...)
		for _, f := range x.Fields {
			bad.Fields = append(bad.Fields, byName(f, b.At))
		}
	}
	taken, err := e.NumbersTaken(b.At["numbers"], 0)
	if err != nil {
		return nil, err
	}
	bad.Fields = append(bad.Fields, taken...)
	if x := bad.Settle(); x != nil {
		return nil, x
	}
	if len(b.Files) > 0 {
		engine.Attached(opened, second, *cmd)
		after = casefile.Apply(ed, opened, second)
	}
	return &decide.Docket{Edition: ed, Case: after, Events: []*casefile.Event{first, second}}, nil
}

// earliest is the first of the days that are told, else today.
func earliest(facts procedure.Value, today calendar.Date) calendar.Date {
	first := today
	for _, r := range facts.Rows {
		if d, err := calendar.Parse(r["day"]); err == nil {
			first = min(first, d)
		}
	}
	return first
}

// byName names a fault of open-at by the fact or the kind of number instead of its row.
func byName(f refusal.FieldFault, at procedure.Values) refusal.FieldFault {
	for field, column := range map[procedure.FieldID]procedure.FieldID{"facts": "name", "numbers": "kind"} {
		rest, ok := strings.CutPrefix(f.Path, string(field))
		switch i := decide.RowAt(rest); {
		case !ok:
		case f.Args["id"] != "":
			f.Path += "." + f.Args["id"]
		case i >= 0 && i < len(at[field].Rows) && at[field].Rows[i]["respondent"] != "": // a day of one of several
		case i >= 0 && i < len(at[field].Rows):
			f.Path = string(field) + "." + at[field].Rows[i][column]
		}
	}
	return f
}

// opening decides the opening of a case begun on paper: its values are those of the case, its form is on file, not issued;
// where the case still stands at its opening and the form goes on being filled, it stays open.
func opening(t *decide.Sitting, ed *procedure.Edition, b Begun, id casefile.CaseID, day calendar.Date) (*casefile.Event, *casefile.Case, []refusal.FieldFault, error) {
	open := &ed.Def.Open
	c := &casefile.Case{ID: id, Workflow: ed.Def.ID, Walks: []casefile.WalkState{{ID: procedure.Main, Def: procedure.Main}}, Shared: procedure.Values{}}
	s := rules.NewView(ed, t.Office, c, day, t.Today)
	s.Action, s.Walk, s.Actor = open, procedure.Main, b.Actor
	r := &filling.Reader{View: s, Missing: t.Missing}
	values := begun(r, ed.PaperForm().Opening, b.Opening)
	fps, _ := s.Parts(open)
	state := procedure.StateID(decide.StateNamed(ed, b.At["state"].Text))
	required(r, ed, fps, state, values)

	as, _ := t.Stands(s, decide.Second(s), "")
	ev := &casefile.Event{Schema: casefile.EventSchema, Case: id, Seq: 1, At: t.Now, Actor: b.Actor, For: s.Behalf, As: as, Token: b.Via, Action: open.ID, Walk: procedure.Main, Day: day,
		Calendar: t.Office.Calendar.Version(), Open: &casefile.Opening{Workflow: ed.Def.ID, Version: ed.Def.Version, Edition: ed.Hash}, Shared: values}
	ev.Marks, _ = rules.Choose(s, open.Marks)
	var err error
	if ev.Papers, err = decide.Papers(s, fps, values, 0); err != nil {
		return nil, nil, nil, err
	}
	sp := decide.Spot{Def: &ed.Def.Main, Action: open, ID: procedure.Main}
	work := c.Draft()
	work.Seq = 1
	work.Fill(ed, ev)
	w := *s
	w.Case = work
	numbers := engine.Told(b.At["numbers"], "kind", "number")
	if n := numbers[open.Number]; n != "" && open.Number != "" {
		ev.Numbers = map[string]string{open.Number: decide.Numbered(n)}
	} else if err := t.Number(&w, sp, ev); err != nil {
		return nil, nil, nil, err
	}
	if fs, ok := rules.Choose(&w, open.Fact); ok {
		for _, f := range fs {
			for _, fault := range decide.SetDay(&w, ev, sp, f, nil) {
				fault.Path = "received"
				r.Faults = append(r.Faults, fault)
			}
		}
	}
	ev.To, _ = rules.Choose(&w, open.To)
	for i := range ev.Papers {
		ev.Papers[i].Shut = state != ev.To || slices.Contains(open.Issues, ev.Papers[i].Form)
	}
	return ev, casefile.Apply(ed, nil, ev), r.Faults, nil
}

// begun reads what the opening of a case begun on paper knew.
func begun(r *filling.Reader, fields []procedure.Field, given procedure.Values) procedure.Values {
	out := procedure.Values{}
	known := map[procedure.FieldID]bool{}
	for i := range fields {
		f := &fields[i]
		known[f.ID] = true
		if v := given[f.ID]; !v.Empty() {
			if p, ok := r.Parse(string(f.ID), f, v); ok {
				v = p
			}
			out[f.ID] = v
		}
	}
	r.View.Values = out
	for i := range fields {
		f := &fields[i]
		if v := out[f.ID]; v.Empty() {
			delete(out, f.ID)
		} else if !r.View.Holds(f.When) {
			r.Fault(string(f.ID), "field.unasked", refusal.Args{"field": f.Title.ZH})
		}
		r.Among(f, out)
	}
	r.Dated(fields, out)
	for _, id := range slices.Sorted(maps.Keys(given)) {
		if !known[id] {
			r.Fault(string(id), "field.unknown", refusal.Args{"field": string(id)})
		}
	}
	return out
}

// required tells what is missing: the values that the opening's form, and the forms that every way to the state has
// filled, ask of every case. Lists of people and what is confidential may stay on paper.
func required(r *filling.Reader, ed *procedure.Edition, fps []procedure.FormPart, state procedure.StateID, values procedure.Values) {
	fields := ed.PaperForm().Opening
	forms := map[procedure.FormID]bool{}
	for _, fp := range fps {
		forms[fp.Form] = true
	}
	for _, fp := range ed.Def.Open.Blanks() {
		if st := ed.Def.Main.State(state); st != nil && !st.End && ed.Def.Behind(state, func(a *procedure.Action) bool { return a != &ed.Def.Open && a.Fills(fp.Form) }) {
			forms[fp.Form] = true
		}
	}
	for i := range fields {
		f := &fields[i]
		if !values[f.ID].Empty() || f.Secret || f.Type == procedure.Table || !r.View.Holds(f.When) {
			continue
		}
		for id := range forms {
			if x := ed.Forms[id].Field(f.ID); x != nil && x.Required && r.View.Holds(x.When) {
				r.Fault(string(f.ID), "field.required", refusal.Args{"field": f.Title.ZH})
				break
			}
		}
	}
}
