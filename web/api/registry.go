package api

import (
	"net/http"
	"strconv"

	"dossier/engine/calendar"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/registry"
	"dossier/web/page"
	"dossier/web/supervise"
)

// apiObject is an object of the registry as the API answers it.
type apiObject struct {
	ID     string           `json:"id"`
	Kind   string           `json:"kind"`
	Seq    uint64           `json:"seq"`
	Name   string           `json:"name"`
	Names  []string         `json:"names"` // and those that it had, the newest first
	Values procedure.Values `json:"values"`
	States []apiState       `json:"states"`
	Ended  calendar.Date    `json:"ended,omitempty"`
	Merged []string         `json:"merged,omitempty"` // the IDs of those that were merged into it
}

type apiState struct {
	From   calendar.Date   `json:"from"`
	Name   string          `json:"name"`
	Reason string          `json:"reason,omitempty"`
	By     office.PersonID `json:"by"`
}

func tellObject(a *page.Ask, f *procedure.Form, o *registry.Object) apiObject {
	x := apiObject{ID: o.ID(), Kind: o.Kind, Seq: o.Seq, Name: o.Name(), Names: o.Names(), Ended: o.Ended, Values: o.Now()}
	if !a.Site.Options.Registry.May(a.ID(), f) { // an identity number is for whoever keeps the kind
		x.Values = procedure.Values{}
		for _, field := range supervise.FieldsIn(f) {
			if v, ok := o.Now()[field.ID]; ok && field.Type != procedure.IDNumber {
				x.Values[field.ID] = v
			}
		}
	}
	for _, s := range o.States {
		x.States = append(x.States, apiState{s.From, s.Values[registry.Name].Text, s.Reason, s.By})
	}
	for _, m := range o.Merged {
		x.Merged = append(x.Merged, m.ID())
	}
	return x
}

// apiObjects finds objects of a kind.
func apiObjects(a *page.Ask) error {
	f, err := supervise.Kind(a)
	if err != nil {
		return err
	}
	q := registry.Query{Kind: f.Kind, Text: page.Cut(a.Query("q"), 100), Ended: page.Yes(a.Query("ended")), After: a.Query("after")}
	q.Limit, _ = strconv.Atoi(a.Query("limit"))
	found, err := a.Site.Options.Registry.Find(q)
	if err != nil {
		return err
	}
	list := []apiObject{}
	for _, o := range found.Objects {
		list = append(list, tellObject(a, f, o))
	}
	return a.Json(http.StatusOK, struct {
		Objects []apiObject `json:"objects"`
		Total   int         `json:"total"`
		Next    string      `json:"next,omitempty"`
	}{list, found.Total, found.Next})
}

// apiKeepObject enters a new object, or with an id what one holds from a day on.
func apiKeepObject(a *page.Ask) error {
	f, err := supervise.Kind(a)
	if err != nil {
		return err
	}
	var b struct {
		ID     string           `json:"id"`
		Seq    uint64           `json:"seq"`
		From   day              `json:"from"`
		Reason string           `json:"reason"`
		Values procedure.Values `json:"values"`
	}
	if err := body(a, &b); err != nil {
		return err
	}
	from, err := b.From.of("from")
	if err != nil {
		return err
	}
	o, err := a.Site.Options.Registry.Keep(a.Request.Context(), a.ID(), registry.Entry{Kind: f.Kind, ID: b.ID, Seq: b.Seq, From: from, Reason: b.Reason, Values: b.Values, Key: key(a)})
	if err != nil {
		return err
	}
	status := http.StatusCreated
	if b.ID != "" {
		status = http.StatusOK
	}
	return a.Json(status, tellObject(a, f, o))
}
