package admin

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"dossier/engine/access"
	"dossier/engine/alert"
	"dossier/engine/calendar"
	"dossier/engine/handover"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
	reading "dossier/engine/typed"
	"dossier/web/page"
)

// peopleView lists the office's people with their posts.
type peopleView struct {
	page.Base
	People []personRow
}

type personRow struct {
	ID, Name, Section, Posts, Certificate string
	Off                                   string // since or from when they can't act
}

func PeoplePage(a *page.Ask) error {
	v := peopleView{Base: a.Base(a.T("admin.people"), "admin")}
	for _, p := range a.Office.People() {
		r := personRow{ID: string(p.ID), Name: p.Name, Section: p.Section, Off: a.OffWords(p)}
		var posts []string
		for _, h := range p.Posts {
			if p.Holds(h.Post, a.Today) {
				posts = append(posts, a.Post(h.Post))
			}
		}
		r.Posts = strings.Join(posts, a.T("list.comma"))
		if n, ok := a.Office.Certificate(p.ID, a.Today); ok {
			r.Certificate = n
		} else if len(p.Certificates) > 0 {
			r.Certificate = a.T("person.certificate.expired")
		}
		v.People = append(v.People, r)
	}
	return a.Draw(http.StatusOK, "people", v)
}

// personView is the form of one person. New is one who is not there yet.
type personView struct {
	page.Base
	New      bool
	ID, Name string
	Section  string
	Phone    string
	Mail     string
	Disabled string
	English  bool
	Posts    []heldView
	Certs    []certView
	All      []page.Option // the posts that there are
	Faults   page.Faults
	Unmet    []page.Unmet
	Seq      uint64
	Link     string // a one-time link that was just made
	InHand   burdenView
}

// burdenView is what a person has in hand, and who can hand it over.
type burdenView struct {
	Off   string // since or from when they can't act; "" for whoever stays
	Cases int
	By    string
	Here  string // where the reader hands it over; "" where they may not
}

type heldView struct{ Post, From, To, Fault string }

type certView struct{ Number, From, To, Fault string }

func NewPersonPage(a *page.Ask) error {
	v := personView{Base: a.Base(a.T("person.new"), "admin"), New: true}
	rows(a, &v)
	return a.Draw(http.StatusOK, "person", v)
}

func PersonPage(a *page.Ask) error {
	v, err := showPerson(a)
	if err != nil {
		return err
	}
	return a.Draw(http.StatusOK, "person", v)
}

func showPerson(a *page.Ask) (personView, error) {
	var v personView
	p := a.Office.Person(office.PersonID(a.Param("id")))
	if p == nil {
		return v, a.NotFound()
	}
	seq, err := access.PersonSeq(a.Site.Engine, p.ID)
	if err != nil {
		return v, err
	}
	v = personView{Base: a.Base(p.Name, "admin"), ID: string(p.ID), Name: p.Name, Section: p.Section, Phone: p.Phone, Mail: p.Mail,
		Disabled: p.Disabled.String(), English: p.Lang == "en", Seq: seq}
	for _, h := range p.Posts {
		v.Posts = append(v.Posts, heldView{Post: string(h.Post), From: h.From.String(), To: h.To.String()})
	}
	for _, c := range p.Certificates {
		v.Certs = append(v.Certs, certView{Number: c.Number, From: c.From.String(), To: c.To.String()})
	}
	rows(a, &v)
	v.InHand, err = burden(a, p)
	return v, err
}

// burden is what the person has in hand.
func burden(a *page.Ask, p *office.Person) (burdenView, error) {
	n, by, err := handover.Burden(a.Site.Engine, p.ID)
	v := burdenView{Off: a.OffWords(p), Cases: n, By: a.Names(by)}
	if handover.HandsOver(a.Site.Engine, a.ID()) {
		v.Here = page.HandOverAt(p.ID)
	}
	return v, err
}

// rows puts two empty rows under the posts and the certificates, and the faults beside theirs.
func rows(a *page.Ask, v *personView) {
	v.Posts = append(v.Posts, heldView{}, heldView{})
	v.Certs = append(v.Certs, certView{}, certView{})
	for i := range v.Posts {
		at := "posts[" + strconv.Itoa(i) + "]"
		v.Posts[i].Fault = strings.TrimSpace(v.Faults.At(at+".post") + " " + v.Faults.At(at+".from") + " " + v.Faults.At(at+".to"))
	}
	for i := range v.Certs {
		at := "certificates[" + strconv.Itoa(i) + "]"
		v.Certs[i].Fault = strings.TrimSpace(v.Faults.At(at+".number") + " " + v.Faults.At(at+".from") + " " + v.Faults.At(at+".to"))
	}
	for _, p := range a.Office.Posts() {
		v.All = append(v.All, page.Option{Value: string(p.ID), Label: a.Post(p.ID)})
	}
}

func KeepPerson(a *page.Ask) error {
	if err := a.Parse(); err != nil {
		return err
	}
	t := page.Decode(a.Request.PostForm)
	v := personView{New: a.Param("id") == "", ID: a.Param("id"), Name: t.Values["name"].Text, Section: t.Values["section"].Text,
		Phone: t.Values["phone"].Text, Mail: t.Values["mail"].Text, Disabled: t.Values["disabled"].Text, English: t.Values["lang"].Text == "en", Seq: t.Seq}
	if v.New {
		v.ID = strings.ToLower(strings.TrimSpace(t.Values["id"].Text))
	}
	p := office.Person{ID: office.PersonID(v.ID), Name: v.Name, Section: v.Section, Phone: v.Phone, Mail: v.Mail}
	if v.English {
		p.Lang = "en"
	}
	bad := &refusal.Error{Code: refusal.FieldInvalid}
	day := func(path, s string) calendar.Date {
		if s == "" {
			return 0
		}
		d, err := reading.Date(s)
		if err != nil {
			bad.Fields = append(bad.Fields, refusal.FieldFault{Path: path, Code: refusal.FieldInvalid, Why: "field.date", Args: refusal.Args{"field": a.T("act.day")}})
		}
		return d
	}
	p.Disabled = day("disabled", v.Disabled)
	for i, r := range t.Values["posts"].Rows {
		at := "posts[" + strconv.Itoa(i) + "]"
		v.Posts = append(v.Posts, heldView{Post: r["post"], From: r["from"], To: r["to"]})
		p.Posts = append(p.Posts, office.Held{Post: procedure.Actor(r["post"]), From: day(at+".from", r["from"]), To: day(at+".to", r["to"])})
	}
	for i, r := range t.Values["certificates"].Rows {
		at := "certificates[" + strconv.Itoa(i) + "]"
		v.Certs = append(v.Certs, certView{Number: r["number"], From: r["from"], To: r["to"]})
		p.Certificates = append(p.Certificates, office.Certificate{Number: r["number"], From: day(at+".from", r["from"]), To: day(at+".to", r["to"])})
	}
	var err error = bad
	if len(bad.Fields) == 0 {
		err = access.KeepPerson(a.Request.Context(), a.Site.Engine, a.ID(), p, "", t.Seq)
	}
	if e := refusal.As(err); e != nil && (e.Code == refusal.FieldInvalid || e.Code == refusal.ConditionUnmet) {
		v.Base, v.Faults = a.Base(page.Or(v.Name, a.T("person.new")), "admin"), a.Faults(e, personTitles(a))
		for _, c := range e.Conditions {
			v.Unmet = append(v.Unmet, a.Condition(c))
		}
		rows(a, &v)
		if old := a.Office.Person(p.ID); old != nil && !v.New {
			if v.InHand, err = burden(a, old); err != nil {
				return err
			}
		}
		return a.Draw(http.StatusUnprocessableEntity, "person", v)
	}
	if err != nil {
		return err
	}
	a.Say("person.kept", "name", p.Name)
	return a.See("/admin/people/" + url.PathEscape(v.ID))
}

func personTitles(a *page.Ask) map[string]string {
	return map[string]string{"id": a.T("person.id"), "name": a.T("person.name"), "section": a.T("person.section"), "phone": a.T("person.phone"),
		"mail": a.T("person.mail"), "posts": a.T("person.posts"), "certificates": a.T("person.certificate"), "password": a.T("login.password"),
		"disabled": a.T("person.disabled")}
}

// Invite makes a one-time link by which the person sets a password, and shows it this once.
func Invite(a *page.Ask) error {
	to := office.PersonID(a.Param("id"))
	token, err := access.Invite(a.Request.Context(), a.Site.Engine, a.ID(), to)
	if err == nil {
		err = a.Site.Options.Alerts.Key(a.Request.Context(), a.ID(), to, alert.LinkClock)
	}
	if err != nil {
		return err
	}
	v, err := showPerson(a)
	if err != nil {
		return err
	}
	scheme := "http://"
	if a.Secure() {
		scheme = "https://"
	}
	v.Link = scheme + a.Request.Host + "/setup/" + token
	return a.Draw(http.StatusOK, "person", v)
}
