package admin

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"dossier/engine/casefile"
	"dossier/engine/handover"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
	"dossier/engine/secret"
	"dossier/web/page"
)

// handOverView is the hand-over of an officer's cases in its three steps: who gets which, a preview, what became of each.
type handOverView struct {
	page.Base
	ID     string
	Name   string
	Off    string // since when the person can't act, or will not; "" for none
	Here   string
	Rows   []handRow
	Takers []takerView
	Others []takerView // of other posts
	Charge []page.Option
	Reason string
	Faults page.Faults
	Key    string
	Sent   url.Values // what a later step carries on, but for the cases
	Going  int        // cases that go, or went
	Stay   int        // cases that are refused
}

// handRow is one case of the list.
type handRow struct {
	page.RowView
	At       string // "42@17": the case and what the page was drawn from
	On       bool
	Was, Now string
	Refused  []page.Unmet
	Done     bool
	Hidden   bool // the reader may not see it
}

// takerView is somebody who can take cases over, with how many they have in hand.
type takerView struct {
	page.Option
	Cases int
}

// HandOverPage asks which of an officer's cases go to whom.
func HandOverPage(a *page.Ask) error {
	v, err := showHandOver(a)
	if err != nil {
		return err
	}
	all := a.Query("all") != "" || v.Off != ""
	chosen := a.QueryArray("case")
	for i := range v.Rows {
		id, _, _ := strings.Cut(v.Rows[i].At, "@")
		v.Rows[i].On = all && len(chosen) == 0 || slices.Contains(chosen, id)
	}
	return a.Draw(http.StatusOK, "handover", v)
}

// showHandOver is the page with the officer's cases, none chosen.
func showHandOver(a *page.Ask) (handOverView, error) {
	var v handOverView
	p := a.Office.Person(office.PersonID(a.Param("id")))
	if p == nil {
		return v, a.NotFound()
	}
	if !handover.HandsOver(a.Site.Engine, a.ID()) {
		return v, &refusal.Error{Code: refusal.Forbidden, Args: refusal.Args{"who": a.Who.Name}}
	}
	v = handOverView{Base: a.Base(a.T("handover.title", "who", p.Name), "cases"), ID: string(p.ID), Name: p.Name, Here: page.HandOverAt(p.ID), Off: a.OffWords(p)}
	rows, err := handover.InHand(a.Request.Context(), a.Site.Engine, a.ID(), p.ID)
	if err != nil {
		return v, err
	}
	for _, r := range rows {
		v.Rows = append(v.Rows, handRow{RowView: a.Site.RowView(a.Words, r, false), At: caseAt{ID: r.ID}.String(), Was: a.Officers(r.Officers)})
	}
	return v, takers(a, &v, p)
}

// takers are the people who could have the cases: those of one of the person's posts first, with how much each has in hand.
func takers(a *page.Ask, v *handOverView, from *office.Person) error {
	for _, p := range a.Office.People() {
		if p.ID == from.ID || !p.Active(a.Today) || len(p.Posts) == 1 && p.Posts[0].Post == office.Admin {
			continue
		}
		n, _, err := handover.Burden(a.Site.Engine, p.ID)
		if err != nil {
			return err
		}
		t := takerView{page.Option{Value: string(p.ID), Label: p.Name, Sub: page.Or(a.OffWords(p), a.FirstPost(p))}, n}
		same := slices.ContainsFunc(from.Posts, func(h office.Held) bool { return h.Post != office.Admin && p.Holds(h.Post, a.Today) })
		if same {
			v.Takers = append(v.Takers, t)
		} else {
			v.Others = append(v.Others, t)
		}
		v.Charge = append(v.Charge, t.Option)
	}
	return nil
}

// caseAt is a case and the sequence number that a page of it was drawn from, as a form carries them.
type caseAt handover.CaseAt

func (c caseAt) String() string {
	return strconv.FormatInt(int64(c.ID), 10) + "@" + strconv.FormatUint(c.Seq, 10)
}

// readCaseAt reads "42@17"; what is no such thing names no case.
func readCaseAt(s string) (handover.CaseAt, bool) {
	id, seq, _ := strings.Cut(s, "@")
	n, err := strconv.ParseInt(id, 10, 64)
	m, _ := strconv.ParseUint(seq, 10, 64)
	return handover.CaseAt{ID: casefile.CaseID(n), Seq: m}, err == nil && n > 0
}

// HandOverForm takes one of the steps: the preview, the hand-over itself, or back to the form.
func HandOverForm(a *page.Ask) error {
	if err := a.Parse(); err != nil {
		return err
	}
	sent := a.Request.PostForm
	h := handover.Request{From: office.PersonID(a.Param("id")), InCharge: office.PersonID(sent.Get("in-charge")), Reason: sent.Get("reason"), Key: sent.Get("key")}
	for _, id := range sent["officers"] {
		if id := office.PersonID(id); id != "" && !slices.Contains(h.Officers, id) {
			h.Officers = append(h.Officers, id)
		}
	}
	for _, s := range sent["case"] {
		if at, ok := readCaseAt(s); ok {
			h.Cases = append(h.Cases, at)
		}
	}
	v, err := showHandOver(a)
	if err != nil {
		return err
	}
	v.Reason = h.Reason
	ctx, e := a.Request.Context(), a.Site.Engine
	var items []handover.Handed
	switch sent.Get("then") {
	case "do":
		items, err = handover.Do(ctx, e, a.ID(), h)
	case "edit":
		return handOverAgain(a, v, http.StatusOK, h, nil)
	case "all", "none":
		h.Cases = nil
		for _, r := range v.Rows {
			if sent.Get("then") == "all" {
				h.Cases = append(h.Cases, handover.CaseAt{ID: r.ID})
			}
		}
		return handOverAgain(a, v, http.StatusOK, h, nil)
	default:
		items, err = handover.Preview(ctx, e, a.ID(), h)
	}
	if bad := refusal.As(err); bad != nil && bad.Code == refusal.FieldInvalid {
		return handOverAgain(a, v, http.StatusUnprocessableEntity, h, bad)
	}
	if err != nil {
		return err
	}
	v.Rows, v.Sent = nil, url.Values{"officers": sent["officers"], "in-charge": {string(h.InCharge)}, "reason": {h.Reason}}
	for _, x := range items {
		r := handRow{At: caseAt(x.CaseAt).String(), Was: a.Officers(x.Was), Now: a.Officers(x.Now), Done: x.Done, Hidden: x.Row.ID == 0}
		if x.Again { // who had it before is in the case's story
			r.Was = ""
		}
		if !r.Hidden {
			r.RowView = a.Site.RowView(a.Words, x.Row, false)
		}
		if x.Refused != nil {
			r.Refused, r.Now = refusals(a, x.Edition, x.Refused), ""
			v.Stay++
		} else {
			v.Going++
		}
		v.Rows = append(v.Rows, r)
	}
	if sent.Get("then") == "do" {
		return a.Draw(http.StatusOK, "handed", v)
	}
	if v.Key, _, err = secret.New(e.Random); err != nil {
		return err
	}
	return a.Draw(http.StatusOK, "handing", v)
}

// handOverAgain draws the form with what was chosen and typed still there.
func handOverAgain(a *page.Ask, v handOverView, status int, h handover.Request, bad *refusal.Error) error {
	for i := range v.Rows {
		v.Rows[i].On = slices.ContainsFunc(h.Cases, func(c handover.CaseAt) bool { return c.ID == v.Rows[i].ID })
	}
	for _, ts := range [][]takerView{v.Takers, v.Others} {
		for i := range ts {
			ts[i].On = slices.Contains(h.Officers, office.PersonID(ts[i].Value))
		}
	}
	for i := range v.Charge {
		v.Charge[i].On = v.Charge[i].Value == string(h.InCharge)
	}
	if bad != nil {
		v.Faults = a.Faults(bad, map[string]string{"officers": a.T("handover.takers"), "in-charge": a.T("handover.charge"),
			"reason": a.T("handover.reason"), "cases": a.T("handover.cases")})
	}
	return a.Draw(status, "handover", v)
}

// refusals are all that keeps a case from going, in words.
func refusals(a *page.Ask, ed *procedure.Edition, e *refusal.Error) []page.Unmet {
	w := a.Words
	if ed != nil {
		w.Of(ed)
	}
	var us []page.Unmet
	for _, c := range e.Conditions {
		us = append(us, w.Condition(c))
	}
	for _, f := range w.Faults(e, nil) {
		us = append(us, page.Unmet{Code: f.Code, Text: f.Text})
	}
	switch {
	case len(us) > 0:
	case e.Code == refusal.CaseMovedOn:
		us = append(us, page.Unmet{Code: e.Code, Text: w.T("handover.moved")})
	default:
		us = append(us, page.Unmet{Code: e.Code, Text: w.Told(e.Code, e.Args)})
	}
	return us
}
