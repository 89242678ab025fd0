package supervise

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"dossier/documents/sheet"
	"dossier/engine/calendar"
	"dossier/engine/desk"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
	"dossier/engine/registry"
	"dossier/engine/secret"
	reading "dossier/engine/typed"
	"dossier/web/cases"
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

// objectEntryView is the form of one object.
type objectEntryView struct {
	page.Base
	Lead   string
	Back   string
	Here   string
	Parts  []page.PartView
	Faults page.Faults
	Old    bool // the object is there
	Seq    uint64
	Key    string
	From   string
	Reason string
	Moved  bool
	More   map[procedure.FieldID]int // extra empty rows of its tables
}

func NewObjectPage(a *page.Ask) error {
	f, err := keeps(a)
	if err != nil {
		return err
	}
	return drawEntry(a, http.StatusOK, f, nil, procedure.Values{}, objectEntryView{From: a.Today.String()})
}

func EditObjectPage(a *page.Ask) error {
	if _, err := keeps(a); err != nil {
		return err
	}
	f, o, err := object(a)
	if err != nil {
		return err
	}
	return drawEntry(a, http.StatusOK, f, o, o.Now(), objectEntryView{From: a.Today.String(), Seq: o.Seq})
}

// keeps is the kind that the address names, for whoever keeps it.
func keeps(a *page.Ask) (*procedure.Form, error) {
	f, err := Kind(a)
	if err != nil {
		return nil, err
	}
	if !a.Site.Options.Registry.May(a.ID(), f) {
		posts := make([]string, len(f.Keeps))
		for i, p := range f.Keeps {
			posts[i] = string(p)
		}
		return nil, &refusal.Error{Code: refusal.NotYourGate, Args: refusal.Args{"by": strings.Join(posts, "、"), "action": a.L(f.Title)}}
	}
	return f, nil
}

// blankOf is the form as a page asks it.
func blankOf(f *procedure.Form, values procedure.Values) *desk.Blank {
	b := &desk.Blank{Available: desk.Available{Builtin: true}}
	for i := range f.Parts {
		p := desk.BlankPart{Form: f, Part: &f.Parts[i], Values: values, Asked: map[procedure.FieldID]bool{}}
		for _, x := range f.Parts[i].Fields {
			p.Asked[x.ID] = true
		}
		b.Parts = append(b.Parts, p)
	}
	return b
}

// drawEntry shows the form of an object.
func drawEntry(a *page.Ask, status int, f *procedure.Form, o *registry.Object, values procedure.Values, v objectEntryView) error {
	v.Base = a.Base(a.T("registry.new", "kind", a.L(f.Title)), "registry")
	v.Back, v.Here = "/registry/"+f.Kind, "/registry/"+f.Kind+"/new"
	v.Lead = a.L(f.Title)
	if o != nil {
		v.Base.Title = a.T("registry.change", "name", o.Name())
		v.Back, v.Here, v.Old = objectAt(o), objectAt(o)+"/edit", true
	}
	if v.Key == "" {
		key, _, err := secret.New(a.Site.Engine.Random)
		if err != nil {
			return err
		}
		v.Key = key
	}
	v.Parts = a.FieldsOf(blankOf(f, values), v.Faults, v.More)
	return a.Draw(status, "entry", v)
}

// KeepObject enters what was typed.
func KeepObject(a *page.Ask) error {
	f, err := keeps(a)
	if err != nil {
		return err
	}
	var o *registry.Object
	if a.Param("n") != "" {
		if f, o, err = object(a); err != nil {
			return err
		}
	}
	if err := a.Parse(); err != nil {
		return err
	}
	t := page.Decode(a.Request.PostForm)
	if a.Request.MultipartForm != nil {
		t = page.Decode(a.Request.MultipartForm.Value)
	}
	values := page.Shape(t.Values, blankOf(f, nil).Parts)
	x := registry.Entry{Kind: f.Kind, Values: values, Seq: t.Seq, Reason: a.PostForm("reason"), Key: t.Key}
	v := objectEntryView{From: a.PostForm("from"), Reason: x.Reason, Seq: t.Seq, Key: t.Key}
	if o != nil {
		x.ID = o.ID()
	}
	if x.From, err = reading.Date(v.From); v.From != "" && err != nil {
		v.Faults = a.Faults(&refusal.Error{Fields: []refusal.FieldFault{{Path: "from", Code: refusal.FieldInvalid, Why: "field.date"}}}, map[string]string{"from": a.T("registry.from")})
		return drawEntry(a, http.StatusUnprocessableEntity, f, o, values, v)
	}
	if id, table, ok := strings.Cut(t.Then, ":"); ok && (id == "row" || id == "paste") || t.Then == "check" {
		return tableHelp(a, f, o, values, v, t, table)
	}
	kept, err := a.Site.Options.Registry.Keep(a.Request.Context(), a.ID(), x)
	switch e := refusal.As(err); {
	case err == nil:
	case e != nil && e.Code == refusal.FieldInvalid:
		titles := map[string]string{"from": a.T("registry.from"), "reason": a.T("registry.reason")}
		for _, field := range FieldsIn(f) {
			titles[string(field.ID)] = a.L(field.Title)
		}
		v.Faults = a.Faults(e, titles)
		return drawEntry(a, http.StatusUnprocessableEntity, f, o, values, v)
	case e != nil && e.Code == refusal.CaseMovedOn && o != nil:
		v.Moved, v.Seq, v.Key = true, o.Seq, ""
		return drawEntry(a, http.StatusConflict, f, o, values, v)
	default:
		return err
	}
	a.Say("registry.kept", "name", kept.Name())
	return a.See(objectAt(kept))
}

// tableHelp adds rows to a table that is being typed, or reads what was pasted into it.
func tableHelp(a *page.Ask, f *procedure.Form, o *registry.Object, values procedure.Values, v objectEntryView, t page.Typed, table string) error {
	id := procedure.FieldID(table)
	if strings.HasPrefix(t.Then, "row:") {
		v.More = map[procedure.FieldID]int{id: 5}
	}
	if lines := t.Paste[id]; lines != "" {
		if x := f.Field(id); x != nil {
			value := values[id]
			rows, left := page.Pasted(lines, x.Columns)
			value.Rows = append(value.Rows, rows...)
			values[id] = value
			if unread := a.Unread(id, left); unread != nil {
				v.Faults = a.Faults(unread, map[string]string{table: a.L(x.Title)})
			}
		}
	}
	return drawEntry(a, http.StatusOK, f, o, values, v)
}

func FieldsIn(f *procedure.Form) []*procedure.Field {
	var out []*procedure.Field
	for i := range f.Parts {
		for j := range f.Parts[i].Fields {
			out = append(out, &f.Parts[i].Fields[j])
		}
	}
	return out
}

// MergeObject makes the object part of another.
func MergeObject(a *page.Ask) error {
	f, o, err := object(a)
	if err != nil {
		return err
	}
	into := a.PostForm("into")
	if err := a.Site.Options.Registry.Merge(a.Request.Context(), a.ID(), o.ID(), into, a.PostForm("reason")); err != nil {
		return objectFault(a, f, o, "merge", err)
	}
	a.Say("registry.merged", "name", o.Name())
	_, n, _ := cutLast(into, "-")
	return a.See("/registry/" + f.Kind + "/" + n)
}

// EndObject says that the object is supervised no more, or takes that back.
func EndObject(a *page.Ask) error {
	f, o, err := object(a)
	if err != nil {
		return err
	}
	day := calendar.Date(0)
	if a.PostForm("back") == "" {
		if day, err = reading.Date(a.PostForm("day")); err != nil {
			return objectFault(a, f, o, "end", &refusal.Error{Code: refusal.FieldInvalid, Fields: []refusal.FieldFault{{Path: "day", Code: refusal.FieldInvalid, Why: "field.date"}}})
		}
	}
	if err := a.Site.Options.Registry.End(a.Request.Context(), a.ID(), o.ID(), day, a.PostForm("reason")); err != nil {
		return objectFault(a, f, o, "end", err)
	}
	a.Say("registry.kept", "name", o.Name())
	return a.See(objectAt(o))
}

// objectFault shows the object's page with what is wrong with one of its forms.
func objectFault(a *page.Ask, f *procedure.Form, o *registry.Object, open string, err error) error {
	e := refusal.As(err)
	if e == nil || e.Code != refusal.FieldInvalid {
		return err
	}
	titles := map[string]string{"into": a.T("registry.into"), "reason": a.T("registry.reason"), "day": a.T("registry.end-day")}
	return drawObject(a, http.StatusUnprocessableEntity, f, o, open, a.PostForm("reason"), a.Faults(e, titles))
}

func cutLast(s, sep string) (before, after string, found bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
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
