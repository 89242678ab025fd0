package acting

import (
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"dossier/documents/sheet"
	"dossier/engine/casefile"
	"dossier/engine/desk"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
	"dossier/engine/secret"
	"dossier/engine/takeover"
	reading "dossier/engine/typed"
	"dossier/web/page"
)

// importOneView is the form of one case begun on paper, with its scans.
type importOneView struct {
	page.Base
	Procedure string
	Here      string
	BackTo    string
	Faults    page.Faults
	Unmet     []page.Unmet
	FileBad   string
	Key       string
	Parts     []page.PartView // where it stands; what it is about
	Days      []page.PartView // days that not every case has
	DaysOpen  bool
	Then      *tookView // what it would bring
}

func ImportOnePage(a *page.Ask) error {
	ed, err := takingOver(a)
	if err != nil {
		return err
	}
	v, err := importOne(a, ed, procedure.Values{}, nil, nil)
	if err != nil {
		return err
	}
	return a.Draw(http.StatusOK, "importone", v)
}

// importOne draws the form. The names of its fields are the paths by which the engine names faults.
func importOne(a *page.Ask, ed *procedure.Edition, values procedure.Values, bad *refusal.Error, more map[procedure.FieldID]int) (importOneView, error) {
	at := "/cases/begun/" + string(ed.Def.ID)
	v := importOneView{Base: a.Base(a.T("import.one"), "cases"), Procedure: a.L(ed.Def.Title), Here: at + "/one", BackTo: at, Key: page.Cut(a.PostForm("key"), 100)}
	if v.Key == "" {
		var err error
		if v.Key, _, err = secret.New(a.Site.Engine.Random); err != nil {
			return v, err
		}
	}
	stands, about, days := oneParts(ed)
	titles := map[string]string{}
	for _, p := range []procedure.Part{stands, about, days} {
		for i := range p.Fields {
			titles[string(p.Fields[i].ID)] = a.L(p.Fields[i].Title)
		}
	}
	if bad != nil {
		for i, f := range bad.Fields {
			if row, ok := strings.CutPrefix(f.Path, "facts["); ok {
				bad.Fields[i].Path = string(ownDays) + "[" + row
			}
		}
		v.Faults = a.Faults(bad, titles)
		v.FileBad = v.Faults.At("file")
		for _, c := range bad.Conditions {
			v.Unmet = append(v.Unmet, a.Condition(c))
		}
	}
	draw := func(p procedure.Part) []page.PartView {
		form := &procedure.Form{Title: p.Title, Parts: []procedure.Part{p}}
		b := &desk.Blank{Edition: ed, People: map[procedure.FieldID][]*office.Person{}}
		part := desk.BlankPart{Form: form, Part: &form.Parts[0], Values: values, Asked: map[procedure.FieldID]bool{}}
		for _, f := range p.Fields {
			part.Asked[f.ID] = true
			b.People[f.ID] = active(a)
		}
		b.Parts = []desk.BlankPart{part}
		ps := a.FieldsOf(b, v.Faults, more)
		for i := range ps {
			ps[i].Title = ""
		}
		return ps
	}
	v.Parts = append(draw(stands), draw(about)...)
	v.Days = draw(days)
	for _, f := range days.Fields {
		v.DaysOpen = v.DaysOpen || !values[f.ID].Empty() || v.Faults.At(string(f.ID)) != ""
	}
	return v, nil
}

func active(a *page.Ask) []*office.Person {
	var all []*office.Person
	for _, p := range a.Office.People() {
		if p.Active(a.Today) {
			all = append(all, p)
		}
	}
	return all
}

// oneParts are the fields of the form: where the case stands, with the days that every case on its way has; what it is
// about; and the days that only some cases have.
func oneParts(ed *procedure.Edition) (stands, about, days procedure.Part) {
	form := ed.PaperForm()
	hints := map[string]string{}
	layout := sheet.NewCases(ed)
	for _, x := range layout.Columns {
		hints[x.Path] = x.When
	}
	field := func(id procedure.FieldID, title procedure.Label, t procedure.FieldType, must bool) procedure.Field {
		return procedure.Field{ID: id, Title: title, Type: t, Required: must, Hint: procedure.Label{ZH: hints[string(id)]}}
	}
	stands.Title = procedure.Label{ZH: "现在办到哪里", EN: "Where it stands"}
	state := field("state", procedure.Label{ZH: "现在的环节", EN: "State"}, procedure.ChoiceType, true)
	state.Choices = form.States
	stands.Fields = append(stands.Fields, state, field("received", form.Received, procedure.DateType, true))
	for _, n := range form.Numbers {
		stands.Fields = append(stands.Fields, field(procedure.FieldID("numbers."+n.Value), n.Label, procedure.Text, false))
	}
	days.Title = procedure.Label{ZH: "其他日期", EN: "Other days"}
	for _, f := range form.Facts {
		t := procedure.DateType
		if f.Keep == procedure.Each {
			t = procedure.Text
		}
		x := field(procedure.FieldID("facts."+string(f.ID)), f.Title, t, false)
		if len(ed.Def.Owed(f.ID)) > 3 { // of most cases
			stands.Fields = append(stands.Fields, x)
			continue
		}
		if f.Keep == procedure.Each {
			x.Hint = procedure.Label{ZH: "发生几次就填几个日期，如 2026-03-02、2026-05-06", EN: "One day each time, as 2026-03-02, 2026-05-06"}
		}
		days.Fields = append(days.Fields, x)
	}
	for _, l := range layout.Lists {
		if l.Stands {
			f := l.Field
			f.Columns = l.Columns
			if f.ID == "facts" {
				f.ID = ownDays
			}
			days.Fields = append(days.Fields, f)
		}
	}
	if form.Officers {
		stands.Fields = append(stands.Fields, field("officers", procedure.Label{ZH: "承办人员", EN: "Officers"}, procedure.People, false),
			field("in-charge", procedure.Label{ZH: "主办", EN: "In charge"}, procedure.PersonType, false))
	}
	about.Title = procedure.Label{ZH: "当事人和案情", EN: "Party and facts"}
	for _, f := range form.Opening {
		f.Hint = procedure.Label{ZH: page.Or(hints[string(f.ID)], f.Hint.ZH), EN: f.Hint.EN}
		f.Required = f.Required && f.When == nil && !f.Secret
		f.When = nil
		about.Fields = append(about.Fields, f)
	}
	return stands, about, days
}

// ownDays are the days of each respondent: what the engine calls facts, which is a value of the case, too.
const ownDays procedure.FieldID = "own-days"

// begunOf is what was typed as the engine takes it, and the faults of days that are none.
func begunOf(ed *procedure.Edition, values procedure.Values) (takeover.Begun, []refusal.FieldFault) {
	b := takeover.Begun{Workflow: ed.Def.ID, Opening: procedure.Values{}, At: procedure.Values{}}
	var faults []refusal.FieldFault
	form := ed.PaperForm()
	day := func(path procedure.FieldID, s string) string {
		d, ok := sheet.Day(s)
		if !ok {
			faults = append(faults, refusal.FieldFault{Path: string(path), Code: refusal.FieldInvalid, Why: "field.date"})
		}
		return d.String()
	}
	if s := values["received"].Text; s != "" {
		b.Received, _ = reading.Date(day("received", s))
	}
	facts, numbers := values[ownDays], procedure.Value{}
	for _, f := range form.Facts {
		id := procedure.FieldID("facts." + string(f.ID))
		for _, s := range sheet.Listed(values[id].Text) {
			if d := day(id, s); d != "" {
				facts.Rows = append(facts.Rows, procedure.Cells{"name": string(f.ID), "day": d})
			}
		}
	}
	for _, n := range form.Numbers {
		if s := strings.TrimSpace(values[procedure.FieldID("numbers."+n.Value)].Text); s != "" {
			numbers.Rows = append(numbers.Rows, procedure.Cells{"kind": n.Value, "number": s})
		}
	}
	for id, v := range map[procedure.FieldID]procedure.Value{"facts": facts, "places": values["places"], "numbers": numbers, "state": values["state"],
		"officers": {List: values["officers"].Strings()}, "in-charge": values["in-charge"]} {
		if !v.Empty() {
			b.At[id] = v
		}
	}
	for i := range form.Opening {
		f := &form.Opening[i]
		v := values[f.ID]
		if f.Type == procedure.Choices || f.Type == procedure.People {
			v = procedure.Value{List: v.Strings()}
		}
		if !v.Empty() {
			b.Opening[f.ID] = v
		}
	}
	return b, faults
}

// ImportOneForm tries the case, or takes it over with its scans.
func ImportOneForm(a *page.Ask) error {
	ed, err := takingOver(a)
	if err != nil {
		return err
	}
	t := &act{Ask: a, edition: ed}
	if err := t.read(); err != nil {
		return err
	}
	values, more := t.typed.Values, map[procedure.FieldID]int{}
	what, field, _ := strings.Cut(t.typed.Then, ":")
	if what == "row" || what == "paste" {
		_, about, days := oneParts(ed)
		more[procedure.FieldID(field)] = 5
		unread := t.paste(&desk.Blank{Parts: []desk.BlankPart{{Part: &about}, {Part: &days}}}, procedure.FieldID(field))
		v, err := importOne(a, ed, values, unread, more)
		if err != nil {
			return err
		}
		return a.Draw(http.StatusOK, "importone", v)
	}
	b, faults := begunOf(ed, values)
	b.Actor, b.Key = a.ID(), "one-"+string(a.ID())+"-"+t.typed.Key
	if len(t.typed.Key) < 16 {
		b.Key = ""
	}
	bad := &refusal.Error{Code: refusal.FieldInvalid, Fields: faults}
	status := http.StatusUnprocessableEntity
	var then *tookView
	if what == "do" && len(faults) == 0 {
		if b.Files, err = t.scans(); err != nil {
			return err
		}
		out, err := takeover.Begin(a.Request.Context(), a.Site.Engine, b)
		if err == nil {
			if out.Replayed {
				a.Say("act.already")
			} else {
				a.Say("import.one.done", "state", a.StateOf(out.Case.Main()))
			}
			return a.See("/cases/" + strconv.FormatInt(int64(out.Case.ID), 10))
		}
		if bad = refusal.As(err); bad == nil || len(bad.Fields)+len(bad.Conditions) == 0 {
			return err
		}
	} else {
		rs, err := takeover.Rehearse(a.Request.Context(), a.Site.Engine, []takeover.Begun{b})
		if err != nil {
			return err
		}
		if x := rs[0].Err; x != nil {
			bad.Conditions = x.Conditions
			for _, f := range x.Fields {
				if faultsAt(bad.Fields, f.Path) {
					continue
				}
				bad.Fields = append(bad.Fields, f)
			}
		}
		if len(bad.Fields)+len(bad.Conditions) == 0 {
			bad, status = nil, http.StatusOK
			x := showTook(a, sheet.Trial{CaseRow: &sheet.CaseRow{Texts: map[string]string{}}, Rehearsal: rs[0]})
			then = &x
		}
	}
	v, err := importOne(a, ed, values, bad, more)
	if err != nil {
		return err
	}
	v.Then = then
	return a.Draw(status, "importone", v)
}

func faultsAt(fs []refusal.FieldFault, path string) bool {
	for _, f := range fs {
		if f.Path == path {
			return true
		}
	}
	return false
}

// scans are the files that were sent.
func (a *act) scans() ([]casefile.Upload, error) {
	var out []casefile.Upload
	for _, field := range slices.Sorted(maps.Keys(a.typed.Files)) {
		for _, h := range a.typed.Files[field] {
			data, err := page.Content(h)
			if err != nil {
				return nil, err
			}
			if h.Filename != "" && len(data) > 0 {
				out = append(out, casefile.Upload{Name: page.Cut(h.Filename, 200), Proves: a.T("import.scan-proves"), Data: data})
			}
		}
	}
	return out, nil
}
