package engine

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"strconv"

	"dossier/engine/casefile"
	"dossier/engine/decide"
	"dossier/engine/ledger"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
	"dossier/engine/rules"
	"dossier/engine/sight"
)

// Outcome is what an action did.
type Outcome struct {
	Case     *casefile.Case
	Edition  *procedure.Edition
	Events   []casefile.Event  // timers that fired first included
	Issued   []casefile.Issued // documents of this action
	Opened   []casefile.CaseID // cases that it opened
	Replayed bool              // the same key came before: this is the first answer
}

// Do carries out one command: it is decided, rendered, sealed and committed, or refused with an *Error and nothing has
// changed. With a Case of 0 and a Workflow it opens a case.
func (e *Engine) Do(ctx context.Context, cmd casefile.Command) (*Outcome, error) {
	if err := decide.Sound(&cmd); err != nil {
		return nil, e.Named(err, cmd)
	}
	if err := e.Receive(&cmd); err != nil {
		return nil, err
	}
	var first *Outcome // what the key answered before
	var ds []*decide.Docket
	err := e.Commit(ctx, func(t *decide.Sitting) (entry Entry, err error) {
		var key ledger.RecordWrite
		if cmd.Key != "" {
			if first, key, err = e.keyed(t, cmd); err != nil || first != nil {
				return entry, err
			}
		}
		if ds, err = e.decide(t, cmd); err != nil {
			return entry, err
		}
		if entry = (Entry{Dockets: ds, Files: cmd.Files}); key.ID != "" {
			c := ds[0].Case
			key.Data, err = json.Marshal(Answered{Body: BodyOf(cmd), Form: cmd.Form, Case: c.ID, Seq: c.Seq, At: t.Now})
			entry.Records = []ledger.RecordWrite{key}
		}
		return entry, err
	})
	switch {
	case err != nil:
		return nil, e.Named(MovedOn(err), cmd)
	case first != nil:
		return first, nil
	}
	return outcome(ds), nil
}

// outcome is what was decided, once it is written.
func outcome(ds []*decide.Docket) *Outcome {
	out := &Outcome{Case: ds[0].Case, Edition: ds[0].Edition}
	for _, ev := range ds[0].Events {
		out.Events = append(out.Events, *ev)
	}
	for _, ev := range ds[0].Events[ds[0].Fired:] {
		out.Issued = append(out.Issued, ev.Issued...)
	}
	for _, d := range ds[1:] {
		if d.Read == 0 {
			out.Opened = append(out.Opened, d.Case.ID)
		}
	}
	return out
}

// Try decides a command and writes nothing: the refusal that it would meet, or the cases as it would leave them.
func (e *Engine) Try(cmd casefile.Command) ([]*decide.Docket, *decide.Sitting, error) {
	e.deciding.RLock()
	defer e.deciding.RUnlock()
	t := e.Sit()
	ds, err := e.decide(t, cmd)
	return ds, t, err
}

// Named lets a refusal speak with the titles of the case's procedure.
func (e *Engine) Named(err error, cmd casefile.Command) error {
	x := refusal.As(err)
	if x == nil || x.Edition != nil {
		return err
	}
	if cmd.Case == 0 {
		x.Edition = e.current[cmd.Workflow]
	} else if d, err := e.Read(cmd.Case); err == nil {
		x.Edition = d.Edition
	}
	return err
}

// Receive inspects the uploads, before anything is decided.
func (e *Engine) Receive(cmd *casefile.Command) error {
	for i := range cmd.Files {
		f := &cmd.Files[i]
		kind, err := e.Renderer.Inspect(f.Name, f.Data)
		if err != nil {
			return err
		}
		sum := sha256.Sum256(f.Data)
		f.SHA, f.Kind = hex.EncodeToString(sum[:]), kind
		if e.Pages != nil {
			f.Pages = e.Pages(kind, f.Data)
		}
	}
	return nil
}

// decide brings the case up to today and decides the command: the case itself first, then the cases that it touches.
func (e *Engine) decide(t *decide.Sitting, cmd casefile.Command) (ds []*decide.Docket, err error) {
	if cmd.Case == 0 {
		d, err := open(t, e.current[cmd.Workflow], cmd)
		if err != nil {
			return nil, err
		}
		return append([]*decide.Docket{d}, t.Opened...), nil
	}
	d, err := e.Read(cmd.Case)
	if err != nil {
		return nil, err
	}
	if !sight.Sees(d.Edition, t.Office, d.Case, cmd.Actor, t.Today) {
		return nil, sight.Unseen(cmd.Case)
	}
	defer func() {
		if x := refusal.As(err); x != nil && x.Edition == nil {
			x.Edition = d.Edition // it speaks with the case's titles
		}
	}()
	if err := t.Expired(d); err != nil {
		return nil, err
	}
	d.Fired = len(d.Events)
	cmd.Values = filed(&cmd, len(d.Case.Files))
	parts := []casefile.Command{cmd}
	if _, ok := procedure.Blanks[cmd.Action]; !ok && d.Case.Apart() {
		var bad *refusal.Error
		if parts, bad = t.Parts(d.Edition, d.Case, &cmd); bad != nil {
			return nil, bad
		}
	}
	for i := range parts {
		if err := e.step(t, d, parts[i]); err != nil {
			return nil, err
		}
	}
	return append([]*decide.Docket{d}, t.Opened...), nil
}

// step decides one event of a command on the case as the events before it left it.
func (e *Engine) step(t *decide.Sitting, d *decide.Docket, cmd casefile.Command) error {
	var after *casefile.Case
	var ev *casefile.Event
	var err error
	if _, ok := procedure.Blanks[cmd.Action]; ok {
		after, ev, err = t.Builtin(d.Edition, d.Case, &cmd)
	} else {
		after, ev, err = t.Act(d.Edition, d.Case, &cmd)
	}
	if err != nil {
		return err
	}
	if n := len(cmd.Files); n > 0 {
		Attached(d.Case, ev, cmd)
	}
	if cmd.Action == "open-at" {
		bad, err := e.NumbersTaken(decide.Rowed(&cmd)["numbers"], cmd.Case)
		if err != nil {
			return err
		}
		if len(bad) > 0 {
			return &refusal.Error{Code: refusal.FieldInvalid, Fields: bad}
		}
	}
	if cmd.Action == "link-case" {
		other, err := e.Read(ev.Links[0].Case)
		if err != nil {
			return err
		}
		if !sight.Sees(other.Edition, t.Office, other.Case, cmd.Actor, t.Today) {
			return sight.Unseen(other.Case.ID)
		}
		linkBack(t, other, ev, d.Case.ID)
	}
	if err := opens(t, d, after, ev, &cmd); err != nil {
		return err
	}
	if err := e.joins(t, d, after, ev); err != nil {
		return err
	}
	d.Case, d.Events = casefile.Apply(d.Edition, d.Case, ev), append(d.Events, ev)
	return nil
}

// open decides the opening of a case of a procedure.
func open(t *decide.Sitting, ed *procedure.Edition, cmd casefile.Command) (*decide.Docket, error) {
	if ed == nil {
		return nil, refusal.New(refusal.NotFound, refusal.Args{"what": "procedure", "id": string(cmd.Workflow)})
	}
	if cmd.Action != "" && cmd.Action != ed.Def.Open.ID {
		return nil, refusal.New(refusal.UnknownAction, refusal.Args{"action": string(cmd.Action), "state": ""})
	}
	n, err := t.Next(ledger.CounterCase)
	if err != nil {
		return nil, err
	}
	cmd.Case, cmd.Action = casefile.CaseID(n), ed.Def.Open.ID
	cmd.Values = filed(&cmd, 0)
	after, ev, err := t.Act(ed, nil, &cmd)
	if err != nil {
		return nil, err
	}
	if len(cmd.Files) > 0 {
		Attached(after, ev, cmd)
		after = casefile.Apply(ed, nil, ev)
	}
	return &decide.Docket{Edition: ed, Case: after, Events: []*casefile.Event{ev}}, nil
}

// opens begins the case that the action opens, linked both ways, with what it carries over.
func opens(t *decide.Sitting, d *decide.Docket, after *casefile.Case, ev *casefile.Event, cmd *casefile.Command) error {
	at, _ := casefile.ActionOf(d.Edition, casefile.Taken{Walk: ev.Walk, From: ev.From, Action: ev.Action})
	if at == nil || at.Opens == nil {
		return nil
	}
	o := at.Opens
	for _, l := range d.Case.Links {
		if l.How == "opened" && l.By == ev.Action && !o.Repeats {
			return &refusal.Error{Code: refusal.AlreadyOpen, Args: refusal.Args{"id": strconv.Itoa(int(l.Case)), "action": string(ev.Action)}}
		}
	}
	ed := t.Edition(o.Workflow)
	if ed == nil {
		return refusal.New(refusal.NotFound, refusal.Args{"what": "procedure", "id": string(o.Workflow)})
	}
	values := procedure.Values{}
	for f, v := range o.With {
		values[f] = procedure.TextValue(v)
	}
	s := rules.NewView(d.Edition, t.Office, after, ev.Day, t.Today)
	for f, r := range o.Carry {
		if v, ok := s.Value(r.Form, r.Field); ok && !v.Empty() {
			values[f] = v
		}
	}
	sub := casefile.Command{Workflow: o.Workflow, Actor: cmd.Actor, Day: ev.Day, Values: values, Token: cmd.Token, Via: cmd.Via, Gates: cmd.Gates, Opened: true}
	nd, err := open(t, ed, sub)
	if err != nil {
		return err
	}
	first := nd.Events[0]
	first.Links = append(first.Links, casefile.Link{Case: d.Case.ID, How: "opened-by", By: ev.Action})
	if o.Attachments {
		for _, f := range d.Case.Files {
			f.N, f.Doc = len(first.Files)+1, 0
			first.Files = append(first.Files, f)
		}
	}
	nd.Case = casefile.Apply(ed, nil, first)
	ev.Links = append(ev.Links, casefile.Link{Case: nd.Case.ID, How: "opened", By: ev.Action})
	t.Opened = append(t.Opened, nd)
	return nil
}

// linkBack writes the other side of a link.
func linkBack(t *decide.Sitting, other *decide.Docket, ev *casefile.Event, id casefile.CaseID) {
	back := &casefile.Event{Schema: casefile.EventSchema, Case: other.Case.ID, Seq: other.Case.Seq + 1, At: ev.At, Actor: ev.Actor, For: ev.For, As: ev.As, Token: ev.Token,
		Action: ev.Action, Walk: procedure.Main, Day: ev.Day, Calendar: ev.Calendar, Links: []casefile.Link{{Case: id, How: "related"}}}
	other.Case, other.Events = casefile.Apply(other.Edition, other.Case, back), []*casefile.Event{back}
	t.Opened = append(t.Opened, other)
}

// filed gives the fields that a file of the command answers the number that the file will have.
func filed(cmd *casefile.Command, have int) procedure.Values {
	values, cloned := cmd.Values, false
	for i, f := range cmd.Files {
		if f.Field != "" {
			if !cloned {
				values, cloned = maps.Clone(values), true
			}
			if values == nil {
				values = procedure.Values{}
			}
			values[f.Field] = procedure.TextValue(strconv.Itoa(have + i + 1))
		}
	}
	return values
}

// Attached writes the files of a command into its event.
func Attached(c *casefile.Case, ev *casefile.Event, cmd casefile.Command) {
	n := len(c.Files)
	if ev.Open != nil {
		n = 0
	}
	proves := cmd.Values["proves"].Text
	doc := 0
	if ss := ev.Values["document"].Strings(); len(ss) > 0 {
		doc = procedure.Int(ss[0])
	}
	for _, f := range cmd.Files {
		n++
		if f.Proves == "" {
			f.Proves = proves
		}
		ev.Files = append(ev.Files, casefile.Attachment{N: n, Name: f.Name, Type: f.Kind, Size: int64(len(f.Data)), SHA256: f.SHA,
			Proves: f.Proves, Doc: doc, Pages: f.Pages, By: ev.Actor, Day: ev.Day})
	}
}
