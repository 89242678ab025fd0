package supervise

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"dossier/engine/procedure"
	"dossier/engine/registry"
	reading "dossier/engine/typed"
	"dossier/web/cases"
	"dossier/web/page"
)

// objectView is one object.
type objectView struct {
	page.Base
	Object   objectRow
	Kind     string
	KindName string
	Fields   []factView
	Into     *objectRow
	Keeps    bool
	Seq      uint64
	States   []stateView
	Merged   []objectRow
	Others   []page.Option // that it may be merged into
	Also     []objectRow   // the same unit in other kinds
	Standing cases.StandingView
	Visits   []visitView
	Faults   page.Faults
	Reason   string
	Open     string          // which form is shown open
	Checks   []page.LinkView // forms that open a check of it
}

type factView struct {
	Label, Value string
	Light        page.Light
	Table        [][]string
	Heads        []string
}

type stateView struct{ From, Name, Reason, By, At string }

type visitView struct {
	Quota, State string
	Done         int
	Light        page.Light
}

// object is the object that the address names, with its kind's form.
func object(a *page.Ask) (*procedure.Form, *registry.Object, error) {
	f, err := Kind(a)
	if err != nil {
		return nil, nil, err
	}
	o, err := a.Site.Options.Registry.Get(f.Kind + "-" + a.Param("n"))
	return f, o, err
}

func ObjectPage(a *page.Ask) error {
	f, o, err := object(a)
	if err != nil {
		return err
	}
	return drawObject(a, http.StatusOK, f, o, "", "", nil)
}

func drawObject(a *page.Ask, status int, f *procedure.Form, o *registry.Object, open, reason string, bad page.Faults) error {
	r := a.Site.Options.Registry
	v := objectView{Base: a.Base(o.Name(), "registry"), Object: showObject(a, f, o), Kind: f.Kind, KindName: a.L(f.Title), Keeps: r.May(a.ID(), f) && o.Into == "", Seq: o.Seq,
		Faults: bad, Reason: reason, Open: open}
	v.Fields = facts(a, f, o.Now(), r.May(a.ID(), f))
	for _, s := range slices.Backward(o.States) {
		v.States = append(v.States, stateView{From: a.Date(s.From), Name: s.Values[registry.Name].Text, Reason: s.Reason, By: a.Name(s.By), At: a.Moment(s.At)})
	}
	for _, m := range o.Merged {
		v.Merged = append(v.Merged, showObject(a, f, m))
	}
	if o.Into != "" {
		if into, err := r.Get(o.Into); err == nil {
			row := showObject(a, f, into)
			v.Into = &row
		}
	}
	if v.Keeps {
		all, err := r.Supervised([]string{f.Kind}, a.Today)
		if err != nil {
			return err
		}
		for _, x := range all[:min(len(all), 500)] {
			if x.ID() != o.ID() {
				v.Others = append(v.Others, page.Option{Value: x.ID(), Label: x.Name(), Sub: page.Or(x.Now()[registry.Code].Text, x.ID())})
			}
		}
	}
	keys := slices.Concat(o.Names(), o.Codes())
	also, err := r.Named(keys...)
	if err != nil {
		return err
	}
	for _, x := range also {
		if x.ID() == o.ID() || x.Kind == o.Kind {
			continue
		}
		if form, err := r.Form(x.Kind); err == nil {
			row := showObject(a, form, x)
			row.Facts = a.L(form.Title)
			v.Also = append(v.Also, row)
		}
	}
	if v.Standing, err = cases.Standing(a, o.Names(), 0); err != nil {
		return err
	}
	if v.Visits, err = coverage(a, o); err != nil {
		return err
	}
	if v.Checks, err = checks(a, o); err != nil {
		return err
	}
	return a.Draw(status, "object", v)
}

// checks are the forms that open a check of the object, with what is known of it filled in.
func checks(a *page.Ask, o *registry.Object) ([]page.LinkView, error) {
	ways, err := a.Site.Options.Plans.Ways(a.ID(), o.Kind, o.ID())
	if err != nil {
		return nil, err
	}
	var out []page.LinkView
	for _, w := range ways {
		q := url.Values{}
		for id, v := range w.Values {
			if len(v.Rows) == 0 {
				q["v."+string(id)] = v.Strings()
			}
		}
		out = append(out, page.LinkView{Text: a.T("registry.check", "regime", a.L(w.Regime.Title)), Address: "/cases/new/" + string(w.Workflow) + "?" + q.Encode()})
	}
	return out, nil
}

// facts are an object's values as they are read. Whoever doesn't keep the kind sees no identity number whole.
func facts(a *page.Ask, f *procedure.Form, v procedure.Values, whole bool) []factView {
	var out []factView
	for i := range f.Parts {
		for j := range f.Parts[i].Fields {
			x := &f.Parts[i].Fields[j]
			value := v[x.ID]
			if value.Empty() || x.ID == registry.Name {
				continue
			}
			fact := factView{Label: a.L(x.Title), Value: valueOf(a, x, value)}
			switch x.Type {
			case procedure.IDNumber:
				if n := len(value.Text); !whole && n > 10 {
					fact.Value = value.Text[:6] + strings.Repeat("*", n-10) + value.Text[n-4:]
				}
			case procedure.DateType:
				if d, err := reading.Date(value.Text); err == nil && x.ID == registry.Until {
					fact.Light = until(a, d)
				}
			case procedure.Table:
				for _, c := range x.Columns {
					fact.Heads = append(fact.Heads, a.L(c.Title))
				}
				for _, row := range value.Rows {
					var cells []string
					for k := range x.Columns {
						cells = append(cells, valueOf(a, &x.Columns[k], procedure.TextValue(row[x.Columns[k].ID])))
					}
					fact.Table = append(fact.Table, cells)
				}
			}
			out = append(out, fact)
		}
	}
	return out
}

// valueOf is a value as people read it.
func valueOf(a *page.Ask, f *procedure.Field, v procedure.Value) string {
	switch f.Type {
	case procedure.Table:
		return ""
	case procedure.DateType:
		if d, err := reading.Date(v.Text); err == nil {
			return a.Date(d)
		}
	case procedure.Money:
		return a.Money(v.Text)
	case procedure.ChoiceType, procedure.Choices:
		var out []string
		for _, s := range v.Strings() {
			for _, c := range f.Choices {
				if c.Value == s {
					s = a.L(c.Label)
					break
				}
			}
			out = append(out, s)
		}
		return strings.Join(out, a.T("list.comma"))
	}
	return strings.Join(v.Strings(), a.T("list.comma"))
}

// coverage is how often the object was checked this year, by quota.
func coverage(a *page.Ask, o *registry.Object) ([]visitView, error) {
	var out []visitView
	b := a.Site.Options.Plans
	year, _, _ := a.Today.YMD()
	keys := slices.Concat([]string{o.ID()}, o.Codes(), o.Names())
	for i := range b.Quotas.Regimes {
		r := &b.Quotas.Regimes[i]
		if !slices.Contains(r.Of, o.Kind) || !b.On(r) {
			continue
		}
		visits, err := b.Visits(r, year, keys...)
		if err != nil {
			return nil, err
		}
		for j := range r.Quotas {
			q := &r.Quotas[j]
			n := 0
			for _, v := range visits {
				if v.Day != 0 && (len(q.Kinds) == 0 || slices.Contains(q.Kinds, v.Kind)) {
					n++
				}
			}
			x := visitView{Quota: a.L(q.Title), Done: n}
			if n == 0 {
				x.Light = page.Light{Class: "still", Text: a.T("registry.unchecked")}
			}
			out = append(out, x)
		}
	}
	return out, nil
}
