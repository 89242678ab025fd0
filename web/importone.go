package web

import (
	"net/http"
	"strconv"
	"strings"

	"dossier/documents/sheet"
	"dossier/engine"
	"dossier/engine/calendar"
	"dossier/engine/secret"
)

// importOneView is the form of one case begun on paper, with its scans.
type importOneView struct {
	base
	Procedure string
	Here      string
	BackTo    string
	Faults    faults
	Unmet     []unmet
	FileBad   string
	Key       string
	Parts     []partView // where it stands; what it is about
	Days      []partView // days that not every case has
	DaysOpen  bool
	Then      *tookView // what it would bring
}

func importOnePage(a *ask) error {
	ed, err := a.takingOver()
	if err != nil {
		return err
	}
	v, err := a.importOne(ed, engine.Values{}, nil, nil)
	if err != nil {
		return err
	}
	return a.draw(http.StatusOK, "importone", v)
}

// importOne draws the form. The names of its fields are the paths by which the engine names faults.
func (a *ask) importOne(ed *engine.Edition, values engine.Values, bad *engine.Error, more map[engine.FieldID]int) (importOneView, error) {
	at := "/cases/begun/" + string(ed.Def.ID)
	v := importOneView{base: a.base(a.T("import.one"), "cases"), Procedure: a.L(ed.Def.Title), Here: at + "/one", BackTo: at, Key: cut(a.PostForm("key"), 100)}
	if v.Key == "" {
		var err error
		if v.Key, _, err = secret.New(a.s.engine.Random); err != nil {
			return v, err
		}
	}
	stands, about, days := oneParts(ed)
	titles := map[string]string{}
	for _, p := range []engine.Part{stands, about, days} {
		for i := range p.Fields {
			titles[string(p.Fields[i].ID)] = a.L(p.Fields[i].Title)
		}
	}
	if bad != nil {
		v.Faults = a.faults(bad, titles)
		v.FileBad = v.Faults.At("file")
		for _, c := range bad.Conditions {
			v.Unmet = append(v.Unmet, a.condition(c))
		}
	}
	draw := func(p engine.Part) []partView {
		form := &engine.Form{Title: p.Title, Parts: []engine.Part{p}}
		b := &engine.Blank{Edition: ed, People: map[engine.FieldID][]*engine.Person{}}
		part := engine.BlankPart{Form: form, Part: &form.Parts[0], Values: values, Asked: map[engine.FieldID]bool{}}
		for _, f := range p.Fields {
			part.Asked[f.ID] = true
			b.People[f.ID] = a.active()
		}
		b.Parts = []engine.BlankPart{part}
		ps := a.fieldsOf(b, v.Faults, more)
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

func (a *ask) active() []*engine.Person {
	var all []*engine.Person
	for _, p := range a.office.People() {
		if p.Active(a.today) {
			all = append(all, p)
		}
	}
	return all
}

// oneParts are the fields of the form: where the case stands, with the days that every case on its way has; what it is
// about; and the days that only some cases have.
func oneParts(ed *engine.Edition) (stands, about, days engine.Part) {
	form := ed.PaperForm()
	hints := map[string]string{}
	for _, x := range sheet.NewCases(ed).Columns {
		hints[x.Path] = x.When
	}
	field := func(id engine.FieldID, title engine.Label, t engine.FieldType, must bool) engine.Field {
		return engine.Field{ID: id, Title: title, Type: t, Required: must, Hint: engine.Label{ZH: hints[string(id)]}}
	}
	stands.Title = engine.Label{ZH: "现在办到哪里", EN: "Where it stands"}
	state := field("state", engine.Label{ZH: "现在的环节", EN: "State"}, engine.ChoiceType, true)
	state.Choices = form.States
	stands.Fields = append(stands.Fields, state, field("received", form.Received, engine.DateType, true))
	for _, n := range form.Numbers {
		stands.Fields = append(stands.Fields, field(engine.FieldID("numbers."+n.Value), n.Label, engine.Text, false))
	}
	days.Title = engine.Label{ZH: "其他日期", EN: "Other days"}
	for _, f := range form.Facts {
		t := engine.DateType
		if f.Keep == engine.Each {
			t = engine.Text
		}
		x := field(engine.FieldID("facts."+string(f.ID)), f.Title, t, false)
		if len(ed.Def.Owed(f.ID)) > 3 { // of most cases
			stands.Fields = append(stands.Fields, x)
			continue
		}
		if f.Keep == engine.Each {
			x.Hint = engine.Label{ZH: "发生几次就填几个日期，如 2026-03-02、2026-05-06", EN: "One day each time, as 2026-03-02, 2026-05-06"}
		}
		days.Fields = append(days.Fields, x)
	}
	if form.Officers {
		stands.Fields = append(stands.Fields, field("officers", engine.Label{ZH: "承办人员", EN: "Officers"}, engine.People, false),
			field("in-charge", engine.Label{ZH: "主办", EN: "In charge"}, engine.PersonType, false))
	}
	about.Title = engine.Label{ZH: "当事人和案情", EN: "Party and facts"}
	for _, f := range form.Opening {
		f.Hint = engine.Label{ZH: or(hints[string(f.ID)], f.Hint.ZH), EN: f.Hint.EN}
		f.Required = f.Required && f.When == nil && !f.Secret
		f.When = nil
		about.Fields = append(about.Fields, f)
	}
	return stands, about, days
}

// begunOf is what was typed as the engine takes it, and the faults of days that are none.
func begunOf(ed *engine.Edition, values engine.Values) (engine.Begun, []engine.FieldFault) {
	b := engine.Begun{Workflow: ed.Def.ID, Opening: engine.Values{}, At: engine.Values{}}
	var faults []engine.FieldFault
	form := ed.PaperForm()
	day := func(path engine.FieldID, s string) string {
		d, ok := sheet.Day(s)
		if !ok {
			faults = append(faults, engine.FieldFault{Path: string(path), Code: engine.FieldInvalid, Why: "field.date"})
		}
		return d.String()
	}
	if s := values["received"].Text; s != "" {
		b.Received, _ = calendar.Parse(day("received", s))
	}
	var facts, numbers engine.Value
	for _, f := range form.Facts {
		id := engine.FieldID("facts." + string(f.ID))
		for _, s := range sheet.Listed(values[id].Text) {
			if d := day(id, s); d != "" {
				facts.Rows = append(facts.Rows, engine.Cells{"name": string(f.ID), "day": d})
			}
		}
	}
	for _, n := range form.Numbers {
		if s := strings.TrimSpace(values[engine.FieldID("numbers."+n.Value)].Text); s != "" {
			numbers.Rows = append(numbers.Rows, engine.Cells{"kind": n.Value, "number": s})
		}
	}
	for id, v := range map[engine.FieldID]engine.Value{"facts": facts, "numbers": numbers, "state": values["state"],
		"officers": {List: values["officers"].Strings()}, "in-charge": values["in-charge"]} {
		if !v.Empty() {
			b.At[id] = v
		}
	}
	for i := range form.Opening {
		f := &form.Opening[i]
		v := values[f.ID]
		if f.Type == engine.Choices || f.Type == engine.People {
			v = engine.Value{List: v.Strings()}
		}
		if !v.Empty() {
			b.Opening[f.ID] = v
		}
	}
	return b, faults
}

// importOneForm tries the case, or takes it over with its scans.
func importOneForm(a *ask) error {
	ed, err := a.takingOver()
	if err != nil {
		return err
	}
	t := &act{ask: a, edition: ed}
	if err := t.read(); err != nil {
		return err
	}
	values, more := t.typed.Values, map[engine.FieldID]int{}
	what, field, _ := strings.Cut(t.typed.Then, ":")
	if what == "row" || what == "paste" {
		_, about, _ := oneParts(ed)
		more[engine.FieldID(field)] = 5
		t.paste(&engine.Blank{Parts: []engine.BlankPart{{Part: &about}}}, engine.FieldID(field))
		v, err := a.importOne(ed, values, nil, more)
		if err != nil {
			return err
		}
		return a.draw(http.StatusOK, "importone", v)
	}
	b, faults := begunOf(ed, values)
	b.Actor, b.Key = a.id(), "one-"+string(a.id())+"-"+t.typed.Key
	if len(t.typed.Key) < 16 {
		b.Key = ""
	}
	bad := &engine.Error{Code: engine.FieldInvalid, Fields: faults}
	status := http.StatusUnprocessableEntity
	var then *tookView
	if what == "do" && len(faults) == 0 {
		if b.Files, err = t.scans(); err != nil {
			return err
		}
		out, err := a.s.engine.Begin(a.Request.Context(), b)
		if err == nil {
			if out.Replayed {
				a.say("act.already")
			} else {
				a.say("import.one.done", "state", a.stateOf(out.Case.Main()))
			}
			return a.see("/cases/" + strconv.FormatInt(int64(out.Case.ID), 10))
		}
		if bad = engine.As(err); bad == nil || len(bad.Fields)+len(bad.Conditions) == 0 {
			return err
		}
	} else {
		rs, err := a.s.engine.Rehearse(a.Request.Context(), []engine.Begun{b})
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
			x := a.tookView(sheet.Trial{CaseRow: &sheet.CaseRow{Texts: map[string]string{}}, Rehearsal: rs[0]})
			then = &x
		}
	}
	v, err := a.importOne(ed, values, bad, more)
	if err != nil {
		return err
	}
	v.Then = then
	return a.draw(status, "importone", v)
}

func faultsAt(fs []engine.FieldFault, path string) bool {
	for _, f := range fs {
		if f.Path == path {
			return true
		}
	}
	return false
}

// scans are the files that were sent.
func (a *act) scans() ([]engine.Upload, error) {
	var out []engine.Upload
	for _, headers := range a.typed.Files {
		for _, h := range headers {
			data, err := content(h)
			if err != nil {
				return nil, err
			}
			if h.Filename != "" && len(data) > 0 {
				out = append(out, engine.Upload{Name: cut(h.Filename, 200), Proves: a.T("import.scan-proves"), Data: data})
			}
		}
	}
	return out, nil
}

// begunDetail is what a case begun on paper was told to be, in words: its state, its days, its numbers.
func (a *ask) begunDetail(ed *engine.Edition, f *engine.Field, v engine.Value) string {
	var out []string
	for _, r := range v.Rows {
		if d, err := calendar.Parse(r["day"]); err == nil {
			title := string(r["name"])
			if fact := ed.Def.Fact(engine.FactID(title)); fact != nil {
				title = a.L(fact.Title)
			}
			out = append(out, title+" "+a.Day(d))
		}
		for _, n := range ed.PaperForm().Numbers {
			if n.Value == r["kind"] {
				out = append(out, a.L(n.Label)+" "+r["number"])
			}
		}
	}
	switch {
	case len(v.Rows) > 0:
		return strings.Join(out, a.T("list.comma"))
	case f.ID == "state":
		return a.stateOf(engine.StateID(v.Text))
	}
	return a.value(f, v)
}
