package supervise

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"dossier/documents/sheet"
	"dossier/engine/calendar"
	"dossier/engine/procedure"
	"dossier/engine/registry"
	reading "dossier/engine/typed"
	"dossier/web/page"
)

// kindsView is the registry: the kinds of object with how many of each there are.
type kindsView struct {
	page.Base
	Kinds []kindView
}

type kindView struct {
	Kind, Title, Law, Keeps string
	N                       int
}

func KindsPage(a *page.Ask) error {
	v := kindsView{Base: a.Base(a.T("registry.title"), "registry")}
	for _, f := range a.Site.Options.Registry.Kinds() {
		os, err := a.Site.Options.Registry.Supervised([]string{f.Kind}, a.Today)
		if err != nil {
			return err
		}
		v.Kinds = append(v.Kinds, kindView{Kind: f.Kind, Title: a.L(f.Title), Law: a.Cites(f.Law), Keeps: posts(a, f.Keeps), N: len(os)})
	}
	return a.Draw(http.StatusOK, "kinds", v)
}

func posts(a *page.Ask, ps []procedure.Actor) string {
	names := make([]string, len(ps))
	for i, p := range ps {
		names[i] = a.Post(p)
	}
	return strings.Join(names, a.T("list.comma"))
}

// objectsView is one kind's objects.
type objectsView struct {
	page.Base
	Kind  string
	Text  string
	Ended bool
	Rows  []objectRow
	Total int
	Next  string
	First string
	Keeps bool
	Twins [][]objectRow // that look like one
}

type objectRow struct {
	Address, ID, Name, Code string
	Was                     string // other names
	Facts                   string
	Until                   string
	Light                   page.Light
	State                   string
}

// Kind is the form of the kind that the address names.
func Kind(a *page.Ask) (*procedure.Form, error) { return a.Site.Options.Registry.Form(a.Param("kind")) }

func ObjectsPage(a *page.Ask) error {
	f, err := Kind(a)
	if err != nil {
		return err
	}
	r := a.Site.Options.Registry
	q := registry.Query{Kind: f.Kind, Text: strings.TrimSpace(page.Cut(a.Query("q"), 100)), Ended: page.Yes(a.Query("ended")), After: a.Query("after")}
	found, err := r.Find(q)
	if err != nil {
		return err
	}
	v := objectsView{Base: a.Base(a.L(f.Title), "registry"), Kind: f.Kind, Text: q.Text, Ended: q.Ended, Total: found.Total, Keeps: r.May(a.ID(), f)}
	for _, o := range found.Objects {
		v.Rows = append(v.Rows, showObject(a, f, o))
	}
	if found.Next != "" {
		v.Next = a.With("after", found.Next)
	}
	if q.After != "" {
		v.First = a.With("after", "")
	}
	if v.Keeps {
		twins, err := r.Duplicates(f.Kind)
		if err != nil {
			return err
		}
		for _, group := range twins {
			var rows []objectRow
			for _, o := range group {
				rows = append(rows, showObject(a, f, o))
			}
			v.Twins = append(v.Twins, rows)
		}
	}
	return a.Draw(http.StatusOK, "objects", v)
}

func objectAt(o *registry.Object) string { return "/registry/" + o.Kind + "/" + strconv.Itoa(o.N) }

func showObject(a *page.Ask, f *procedure.Form, o *registry.Object) objectRow {
	now := o.Now()
	row := objectRow{Address: objectAt(o), ID: o.ID(), Name: o.Name(), Code: now[registry.Code].Text}
	if names := o.Names(); len(names) > 1 {
		row.Was = a.T("registry.was", "names", strings.Join(names[1:], a.T("list.comma")))
	}
	var facts []string
	for _, id := range []procedure.FieldID{"township", "address", "institution", "item"} {
		if x := now[id].Text; x != "" && f.Field(id) != nil && len(facts) < 2 {
			facts = append(facts, x)
		}
	}
	row.Facts = strings.Join(facts, " · ")
	if d, err := reading.Date(now[registry.Until].Text); err == nil {
		row.Until, row.Light = a.Date(d), until(a, d)
	}
	if o.Ended != 0 && o.Ended <= a.Today {
		row.State, row.Light = a.T("registry.ended", "day", a.Date(o.Ended)), page.Light{}
	}
	return row
}

// nearEnd is how many days before a licence's end it is told.
const nearEnd = 60

// until is the light of a licence's end.
func until(a *page.Ask, d calendar.Date) page.Light {
	switch left := int(d - a.Today); {
	case left < 0:
		return page.Light{Class: "red", Text: a.T("registry.over", "n", -left)}
	case left <= nearEnd:
		return page.Light{Class: "amber", Text: a.T("registry.near", "n", left)}
	}
	return page.Light{}
}

// ObjectsFile answers with a sheet of the kind: its objects of today, or the empty one.
func ObjectsFile(a *page.Ask) error {
	f, err := Kind(a)
	if err != nil {
		return err
	}
	layout, name := sheet.NewObjects(f), a.T("registry.file", "kind", f.Title.ZH)
	var data []byte
	if a.Param("n") == "template.xlsx" {
		name = a.T("registry.template-file", "kind", f.Title.ZH)
		data, err = layout.Template()
	} else {
		if !a.Site.Options.Registry.May(a.ID(), f) {
			_, err = keeps(a)
			return err
		}
		var os []*registry.Object
		if os, err = a.Site.Options.Registry.Supervised([]string{f.Kind}, a.Today); err != nil {
			return err
		}
		values := make([]procedure.Values, len(os))
		for i, o := range os {
			values[i] = o.On(a.Today)
		}
		data, err = layout.Write(values)
	}
	if err != nil {
		return err
	}
	a.Writer.Header().Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(name))
	a.Data(http.StatusOK, page.Xlsx, data)
	return nil
}
