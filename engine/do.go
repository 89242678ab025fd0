package engine

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"dossier/engine/calendar"
)

// Outcome is what an action did.
type Outcome struct {
	Case     *Case
	Edition  *Edition
	Events   []Event  // timers that fired first included
	Issued   []Issued // documents of this action
	Opened   []CaseID // cases that it opened
	Replayed bool     // the same key came before: this is the first answer
}

// counterCase gives cases their ids.
const counterCase = "case"

// kindKey is the record of an idempotency key.
const kindKey = "key"

// answered is what stands under an idempotency key.
type answered struct {
	Body string    `json:"body"` // hash of the command
	Case CaseID    `json:"case"`
	Seq  uint64    `json:"seq"`
	At   time.Time `json:"at"`
}

// Do carries out one command: it is decided, rendered, sealed and committed, or refused with an *Error and nothing has
// changed. With a Case of 0 and a Workflow it opens a case.
func (e *Engine) Do(ctx context.Context, cmd Command) (*Outcome, error) {
	if err := e.receive(&cmd); err != nil {
		return nil, err
	}
	for try := 0; ; try++ {
		out, err := e.attempt(ctx, cmd)
		var moved *Conflict
		if !errors.As(err, &moved) {
			return out, e.named(err, cmd)
		}
		if try == 50 {
			return nil, fail(CaseMovedOn, Args{"action": string(cmd.Action)})
		}
		if moved.What == "record" {
			if err := e.reloadOffice(); err != nil {
				return nil, err
			}
		}
	}
}

// named lets a refusal speak with the titles of the case's procedure.
func (e *Engine) named(err error, cmd Command) error {
	x := As(err)
	if x == nil || x.ed != nil {
		return err
	}
	if cmd.Case == 0 {
		x.ed = e.current[cmd.Workflow]
	} else if d, err := e.read(cmd.Case); err == nil {
		x.ed = d.ed
	}
	return err
}

// receive inspects the uploads and keeps their bytes, before anything is decided.
func (e *Engine) receive(cmd *Command) error {
	for i := range cmd.Files {
		f := &cmd.Files[i]
		kind, err := e.Renderer.Inspect(f.Name, f.Data)
		if err != nil {
			return err
		}
		sum := sha256.Sum256(f.Data)
		f.sha, f.kind = hex.EncodeToString(sum[:]), kind
		if err := e.Store.PutBlob(f.sha, f.Data); err != nil {
			return err
		}
	}
	return nil
}

// attempt is one pass of a command.
func (e *Engine) attempt(ctx context.Context, cmd Command) (*Outcome, error) {
	e.deciding.RLock()
	defer e.deciding.RUnlock()
	var key RecordWrite
	if cmd.Key != "" {
		prior, w, err := e.keyed(cmd)
		if err != nil || prior != nil {
			return prior, err
		}
		key = w
	}
	t := e.turn()
	ds, err := e.decide(t, cmd)
	if err != nil {
		return nil, err
	}
	if len(t.taken) > 0 { // decide again under the counters' locks, so that no other process of this engine takes them between
		unlock := e.counters.lock(slices.Sorted(maps.Keys(t.taken)))
		defer unlock()
		t = e.turn()
		if ds, err = e.decide(t, cmd); err != nil {
			return nil, err
		}
	}
	commit, err := e.seal(ds)
	if err != nil {
		return nil, err
	}
	for _, name := range slices.Sorted(maps.Keys(t.taken)) {
		commit.Counters = append(commit.Counters, CounterWrite{name, t.taken[name].read, t.taken[name].value})
	}
	out := &Outcome{Case: ds[0].c, Edition: ds[0].ed}
	if key.ID != "" {
		key.Data, err = json.Marshal(answered{Body: bodyOf(cmd), Case: out.Case.ID, Seq: out.Case.Seq, At: t.now})
		if err != nil {
			return nil, err
		}
		commit.Records = append(commit.Records, key)
	}
	if err := e.Store.Commit(ctx, *commit); err != nil {
		return nil, err
	}
	ids := make([]CaseID, len(ds))
	for i, d := range ds {
		ids[i] = d.c.ID
	}
	e.moved(ids...)
	for _, ev := range ds[0].events {
		out.Events = append(out.Events, *ev)
	}
	if n := len(ds[0].events); n > 0 {
		out.Issued = ds[0].events[n-1].Issued
	}
	for _, d := range ds[1:] {
		if d.read == 0 {
			out.Opened = append(out.Opened, d.c.ID)
		}
	}
	return out, nil
}

// turn is a fresh turn at this moment.
func (e *Engine) turn() *turn {
	at := e.Now().UTC().Truncate(time.Second)
	t := &turn{office: e.Office(), now: at, today: e.Today(), counter: e.Store.Counter, edition: e.Workflow,
		taken: map[string]counted{}, printed: e.onRecord, linked: e.linkedTo}
	if e.Renderer != nil {
		t.missing = e.Renderer.Missing
	}
	return t
}

// decide brings the case up to today and decides the command: the case itself first, then the cases that it touches.
func (e *Engine) decide(t *turn, cmd Command) ([]*decided, error) {
	if cmd.Case == 0 {
		d, err := t.open(e.current[cmd.Workflow], cmd)
		if err != nil {
			return nil, err
		}
		return append([]*decided{d}, t.opened...), nil
	}
	d, err := e.read(cmd.Case)
	if err != nil {
		return nil, err
	}
	if !d.ed.sees(t.office, d.c, cmd.Actor, t.today) {
		return nil, fail(Forbidden, Args{"who": t.office.Name(cmd.Actor)})
	}
	if err := t.expired(d); err != nil {
		return nil, err
	}
	cmd.Values = cmd.filed(len(d.c.Files))
	var after *Case
	var ev *Event
	if _, ok := builtins[cmd.Action]; ok {
		after, ev, err = t.builtin(d.ed, d.c, &cmd)
	} else {
		after, ev, err = t.act(d.ed, d.c, &cmd)
	}
	if err != nil {
		return nil, err
	}
	if n := len(cmd.Files); n > 0 {
		attached(d.c, ev, cmd)
	}
	if cmd.Action == "open-at" {
		bad, err := e.numbersTaken(rowed(&cmd)["numbers"], cmd.Case)
		if err != nil {
			return nil, err
		}
		if len(bad) > 0 {
			return nil, &Error{Code: FieldInvalid, Fields: bad}
		}
	}
	if cmd.Action == "link-case" {
		other, err := e.read(ev.Links[0].Case)
		if err != nil {
			return nil, err
		}
		if !other.ed.sees(t.office, other.c, cmd.Actor, t.today) {
			return nil, fail(Forbidden, Args{"who": t.office.Name(cmd.Actor)})
		}
		t.linkBack(other, ev, d.c.ID)
	}
	if err := t.opens(d, after, ev, &cmd); err != nil {
		return nil, err
	}
	if err := e.joins(t, d, after, ev); err != nil {
		return nil, err
	}
	d.c, d.events = apply(d.ed, d.c, ev), append(d.events, ev)
	return append([]*decided{d}, t.opened...), nil
}

// open decides the opening of a case of a procedure.
func (t *turn) open(ed *Edition, cmd Command) (*decided, error) {
	if ed == nil {
		return nil, fail(NotFound, Args{"what": "procedure", "id": string(cmd.Workflow)})
	}
	n, err := t.next(counterCase)
	if err != nil {
		return nil, err
	}
	cmd.Case, cmd.Action = CaseID(n), ed.Def.Open.ID
	cmd.Values = cmd.filed(0)
	after, ev, err := t.act(ed, nil, &cmd)
	if err != nil {
		return nil, err
	}
	if len(cmd.Files) > 0 {
		attached(after, ev, cmd)
		after = apply(ed, nil, ev)
	}
	return &decided{ed: ed, c: after, events: []*Event{ev}}, nil
}

// opens begins the case that the action opens, linked both ways, with what it carries over.
func (t *turn) opens(d *decided, after *Case, ev *Event, cmd *Command) error {
	at, _ := d.ed.taken(Taken{Walk: ev.Walk, From: ev.From, Action: ev.Action})
	if at == nil || at.Opens == nil {
		return nil
	}
	o := at.Opens
	for _, l := range d.c.Links {
		if l.How == "opened" && l.By == ev.Action && !o.Repeats {
			return &Error{Code: AlreadyOpen, Args: Args{"id": strconv.Itoa(int(l.Case)), "action": string(ev.Action)}}
		}
	}
	ed := t.edition(o.Workflow)
	if ed == nil {
		return fail(NotFound, Args{"what": "procedure", "id": string(o.Workflow)})
	}
	values := Values{}
	for f, v := range o.With {
		values[f] = TextValue(v)
	}
	s := newScope(d.ed, t.office, after, ev.Day, t.today)
	for f, r := range o.Carry {
		if v, ok := s.value(r.Form, r.Field); ok && !v.Empty() {
			values[f] = v
		}
	}
	sub := Command{Workflow: o.Workflow, Actor: cmd.Actor, Day: ev.Day, Values: values, opened: true}
	nd, err := t.open(ed, sub)
	if err != nil {
		return err
	}
	first := nd.events[0]
	first.Links = append(first.Links, Link{Case: d.c.ID, How: "opened-by", By: ev.Action})
	if o.Attachments {
		for _, f := range d.c.Files {
			f.N, f.Doc = len(first.Files)+1, 0
			first.Files = append(first.Files, f)
		}
	}
	nd.c = apply(ed, nil, first)
	ev.Links = append(ev.Links, Link{Case: nd.c.ID, How: "opened", By: ev.Action})
	t.opened = append(t.opened, nd)
	return nil
}

// linkBack writes the other side of a link.
func (t *turn) linkBack(other *decided, ev *Event, id CaseID) {
	back := &Event{Schema: EventSchema, Case: other.c.ID, Seq: other.c.Seq + 1, At: ev.At, Actor: ev.Actor, As: ev.As,
		Action: ev.Action, Walk: Main, Day: ev.Day, Calendar: ev.Calendar, Links: []Link{{Case: id, How: "related"}}}
	other.c, other.events = apply(other.ed, other.c, back), []*Event{back}
	t.opened = append(t.opened, other)
}

// filed gives the fields that a file of the command answers the number that the file will have.
func (cmd *Command) filed(have int) Values {
	values, cloned := cmd.Values, false
	for i, f := range cmd.Files {
		if f.Field != "" {
			if !cloned {
				values, cloned = maps.Clone(values), true
			}
			if values == nil {
				values = Values{}
			}
			values[f.Field] = TextValue(strconv.Itoa(have + i + 1))
		}
	}
	return values
}

// attached writes the files of a command into its event.
func attached(c *Case, ev *Event, cmd Command) {
	n := len(c.Files)
	if ev.Open != nil {
		n = 0
	}
	proves := cmd.Values["proves"].Text
	doc := 0
	if ss := ev.Values["document"].Strings(); len(ss) > 0 {
		doc = atoi(ss[0])
	}
	for _, f := range cmd.Files {
		n++
		if f.Proves == "" {
			f.Proves = proves
		}
		ev.Files = append(ev.Files, Attachment{N: n, Name: f.Name, Type: f.kind, Size: int64(len(f.Data)), SHA256: f.sha,
			Proves: f.Proves, Doc: doc, By: ev.Actor, Day: ev.Day})
	}
}

// read loads a case with its pinned edition.
func (e *Engine) read(id CaseID) (*decided, error) {
	snap, err := e.Store.Case(id)
	if errors.Is(err, ErrNotFound) {
		return nil, fail(NotFound, Args{"what": "case", "id": strconv.Itoa(int(id))})
	}
	if err != nil {
		return nil, err
	}
	c := &Case{}
	if err := json.Unmarshal(snap.Data, c); err != nil {
		return nil, fmt.Errorf("case %d: %w", id, err)
	}
	ed := e.Edition(c.Edition)
	if ed == nil {
		return nil, fmt.Errorf("case %d rests on edition %.12s of %s, which is not here", id, c.Edition, c.Workflow)
	}
	return &decided{ed: ed, read: snap.Seq, before: c, c: c}, nil
}

func (e *Engine) linkedTo(c *Case, w WorkflowID) bool {
	for _, l := range c.Links {
		if d, err := e.read(l.Case); err == nil && d.c.Workflow == w {
			return true
		}
	}
	return false
}

// sees tells whether the person may see the case: by a role in it, or by a post that opens one of the procedure's
// actions or stands in its line, their own or lent to them. Who was replaced for an interest in it may not.
func (ed *Edition) sees(o *Office, c *Case, who PersonID, today calendar.Date) bool {
	if slices.Contains(c.Barred, who) {
		return false
	}
	if who == System || c.Opener == who {
		return true
	}
	for _, people := range c.Roles {
		if slices.Contains(people, who) {
			return true
		}
	}
	for _, a := range ed.Def.posts() {
		if o.Holds(who, a, today) || len(o.Lent(who, a, today)) > 0 {
			return true
		}
	}
	return false
}

// NumberOf is the number of a case that a field of type case names; what names none stays as it is.
func (e *Engine) NumberOf(id string) string {
	if d, err := e.read(CaseID(atoi(id))); err == nil && d.c.Number() != "" {
		return d.c.Number()
	}
	return id
}

// Resolve finds a case by its id or by any number printed on its papers.
func (e *Engine) Resolve(_ context.Context, text string) (CaseID, error) {
	text = strings.TrimSpace(text)
	if n := atoi(text); n > 0 && strconv.Itoa(n) == text {
		return CaseID(n), nil
	}
	for _, x := range []Scan{{Index: indexNumber, Prefix: text, Limit: 10}} {
		entries, err := e.Store.Scan(x)
		if err != nil {
			return 0, err
		}
		for _, en := range entries {
			if en.Key.Key == text {
				return CaseID(atoi(en.ID)), nil
			}
		}
	}
	return 0, fail(NotFound, Args{"what": "case", "id": text})
}
