package scenario

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"dossier/engine/calendar"
	"dossier/engine/change"
	"dossier/engine/ledger"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
	"dossier/engine/registry"
	"dossier/engine/strictyaml"
	"dossier/engine/text"
)

// Spell is some time, both days included; an end that is 0 is open.
type Spell struct{ From, To calendar.Date }

// Lent is a post that somebody lends.
type Lent struct {
	From, To string // people's names
	Post     procedure.Actor
	Days     Spell
}

// spell reads A..B, A.., or DAY, which is the last day.
func (d *decoder) spell(n *strictyaml.Node) Spell {
	from, to, both := strings.Cut(d.String(n), "..")
	if !both {
		return Spell{To: d.date(n)}
	}
	day := func(s string) calendar.Date {
		if s == "" {
			return 0
		}
		x, ok := d.days.read(s)
		if !ok {
			d.Fault(n, text.Say("%q is not a time", d.String(n)), "write 2026-03-01..2026-03-31, or the last day")
		}
		return x
	}
	return Spell{day(from), day(to)}
}

// office reads what the head says of people and settings.
func (d *decoder) office(n *strictyaml.Node, s *Scenario) {
	if p := n.Get("settings"); p != nil {
		s.Settings = map[string][]office.SettingRow{}
		for _, k := range d.entries(p) {
			if k.Value.Kind != strictyaml.List {
				s.Settings[k.Name] = []office.SettingRow{{Value: d.String(k.Value)}}
				continue
			}
			for _, x := range k.Value.Items {
				if d.Keys(x, "from", "value") {
					d.Require(x, "from", "value")
					row := office.SettingRow{Value: d.text(x, "value")}
					if f := x.Get("from"); f != nil {
						row.From = d.date(f)
					}
					s.Settings[k.Name] = append(s.Settings[k.Name], row)
				}
			}
		}
	}
	if p := n.Get("certificates"); p != nil {
		s.Certificates = map[string]Spell{}
		for _, k := range d.entries(p) {
			s.Certificates[k.Name] = d.spell(k.Value)
		}
	}
	for _, x := range d.List(n.Get("delegations")) {
		if d.Keys(x, "from", "to", "post", "days") {
			d.Require(x, "from", "to", "post", "days")
			l := Lent{From: d.text(x, "from"), To: d.text(x, "to"), Post: procedure.Actor(d.text(x, "post"))}
			if days := x.Get("days"); days != nil {
				l.Days = d.spell(days)
			}
			s.Delegations = append(s.Delegations, l)
		}
	}
	for _, x := range d.List(n.Get("registry")) {
		if x.Kind != strictyaml.Map || x.Get("kind") == nil {
			d.Fault(x, "an object of the registry says its kind", "write {kind: KIND, name: NAME}")
			continue
		}
		s.Registry = append(s.Registry, d.values(x))
	}
}

// lent is a record of a post that is lent.
func lent(l Lent, from, to office.PersonID) (ledger.RecordWrite, error) {
	x := office.Delegation{ID: fmt.Sprintf("%s-%s-%s-%s", from, to, l.Post, l.Days.From), Post: l.Post, From: from, To: to, Start: l.Days.From, End: l.Days.To, Reason: "场景"}
	if x.End == 0 {
		x.End = calendar.Of(9999, 12, 31)
	}
	data, err := json.Marshal(x)
	return ledger.RecordWrite{Kind: ledger.KindDelegation, ID: x.ID, Data: data, Ledgered: true}, err
}

// set keeps the settings and delegations of the head, and its objects of the registry.
func (p *player) prepare(ctx context.Context) error {
	var ws []ledger.RecordWrite
	for _, name := range slices.Sorted(maps.Keys(p.s.Settings)) {
		rows := slices.Clone(p.s.Settings[name])
		if rows[0].From != 0 { // what holds until then
			rows = append(slices.Clone(p.stage.Engine.Office().Settings()[name]), rows...)
		}
		for i := range rows {
			rows[i].Basis = p.s.File
		}
		data, err := json.Marshal(rows)
		if err != nil {
			return err
		}
		ws = append(ws, ledger.RecordWrite{Kind: ledger.KindSetting, ID: name, Data: data, Ledgered: true})
	}
	for _, l := range p.s.Delegations {
		w, err := lent(l, p.id(l.From), p.id(l.To))
		if err != nil {
			return err
		}
		ws = append(ws, w)
	}
	if err := change.KeepRecords(ctx, p.stage.Engine, ws...); err != nil {
		return err
	}
	if len(p.s.Registry) == 0 {
		return nil
	}
	if p.stage.Registry == nil {
		return fmt.Errorf("%s: registry: this stage has none", p.s.File)
	}
	p.set(p.s.Steps[0].Date, 0)
	for _, v := range p.s.Registry {
		v := maps.Clone(v)
		kind := v["kind"].Text
		delete(v, "kind")
		who, err := p.keeper(ctx, kind)
		if err != nil {
			return err
		}
		if p.s.Fill {
			p.complete(kind, v)
		}
		if _, err := p.stage.Registry.Keep(ctx, who, registry.Entry{Kind: kind, Values: v}); err != nil {
			if e := refusal.As(err); e != nil {
				return fmt.Errorf("%s: registry: %s: %s", p.s.File, kind, Told(e))
			}
			return err
		}
	}
	return nil
}

// complete gives what an object must hold and the scenario doesn't say.
func (p *player) complete(kind string, v procedure.Values) {
	f, err := p.stage.Registry.Form(kind)
	if err != nil {
		return
	}
	for _, part := range f.Parts {
		for _, x := range part.Fields {
			if _, said := v[x.ID]; said || !x.Required || len(x.Sample) == 0 {
				continue
			}
			switch o := x.Sample[len(x.Sample)-1].Value; {
			case o.Days != nil:
				v[x.ID] = procedure.TextValue(p.s.Steps[0].Date.Add(*o.Days).String())
			case len(o.List) > 0:
				v[x.ID] = procedure.Value{List: o.List}
			default:
				v[x.ID] = procedure.TextValue(o.Text)
			}
		}
	}
}

// keeper is somebody of the scenario who keeps that kind of object; where nobody does, one is hired for it.
func (p *player) keeper(ctx context.Context, kind string) (office.PersonID, error) {
	f, err := p.stage.Registry.Form(kind)
	if err != nil || len(f.Keeps) == 0 {
		return "", err
	}
	for _, name := range p.s.names() {
		if id := p.id(name); p.stage.Registry.May(id, f) {
			return id, nil
		}
	}
	u := office.Person{ID: office.PersonID("keeper-" + kind), Name: "登记人员", Posts: []office.Held{{Post: f.Keeps[0]}}}
	return u.ID, p.keep(ctx, u)
}

func (p *player) keep(ctx context.Context, u office.Person) error {
	data, err := json.Marshal(u)
	if err != nil {
		return err
	}
	return change.KeepRecords(ctx, p.stage.Engine, ledger.RecordWrite{Kind: ledger.KindPerson, ID: string(u.ID), Data: data, Ledgered: true})
}

// staff does the two steps that concern the office and no case: `do: hire` gives somebody, new or not, posts from the day on,
// `do: lend` lends a post for some days. It tells whether the step was one of them.
func (p *player) staff(ctx context.Context, st Step) (bool, error) {
	switch st.Do {
	case "hire":
		name := st.With["name"].Text
		u := office.Person{ID: p.id(name), Name: name}
		if is := p.stage.Engine.Office().Person(u.ID); is != nil {
			u = *is
			u.Posts = slices.Clone(is.Posts)
		}
		for _, post := range st.With["posts"].Strings() {
			u.Posts = append(u.Posts, office.Held{Post: procedure.Actor(post), From: st.Date})
			p.s.People[procedure.Actor(post)] = append(p.s.People[procedure.Actor(post)], name)
		}
		u.Certificates = p.certificates(name, len(p.s.names()))
		return true, p.keep(ctx, u)
	case "lend":
		l := Lent{From: st.With["from"].Text, To: st.With["to"].Text, Post: procedure.Actor(st.With["post"].Text), Days: Spell{From: st.Date}}
		for _, v := range []string{st.With["days"].Text, st.With["until"].Text} {
			if from, to, both := strings.Cut(v, ".."); v != "" {
				if both {
					l.Days.From, _ = calendar.Parse(from)
					v = to
				}
				l.Days.To, _ = calendar.Parse(v)
			}
		}
		w, err := lent(l, p.id(l.From), p.id(l.To))
		if err != nil {
			return true, err
		}
		return true, change.KeepRecords(ctx, p.stage.Engine, w)
	}
	return false, nil
}

// certificates are those of the n-th person: as the head says, else one that is valid on every day for who holds a post
// that asks for it.
func (p *player) certificates(name string, n int) []office.Certificate {
	c := office.Certificate{Number: fmt.Sprintf("13052600%03d", n)}
	if t, said := p.s.Certificates[name]; said {
		c.From, c.To = t.From, t.To
		return []office.Certificate{c}
	}
	for post, names := range p.s.People {
		if x := p.stage.Engine.Office().Post(post); slices.Contains(names, name) && x != nil && x.Certificate {
			return []office.Certificate{c}
		}
	}
	return nil
}
