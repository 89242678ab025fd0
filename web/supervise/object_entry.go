package supervise

import (
	"net/http"
	"strings"

	"dossier/engine/calendar"
	"dossier/engine/desk"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
	"dossier/engine/registry"
	"dossier/engine/secret"
	reading "dossier/engine/typed"
	"dossier/web/page"
)

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
