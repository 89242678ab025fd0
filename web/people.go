package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"dossier/engine/access"
	"dossier/engine/calendar"
	"dossier/engine/handover"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
	reading "dossier/engine/typed"
)

// peopleView lists the office's people with their posts.
type peopleView struct {
	base
	People []personRow
}

type personRow struct {
	ID, Name, Section, Posts, Certificate string
	Off                                   string // since or from when they can't act
}

func peoplePage(a *ask) error {
	v := peopleView{base: a.base(a.T("admin.people"), "admin")}
	for _, p := range a.office.People() {
		r := personRow{ID: string(p.ID), Name: p.Name, Section: p.Section, Off: a.offWords(p)}
		var posts []string
		for _, h := range p.Posts {
			if p.Holds(h.Post, a.today) {
				posts = append(posts, a.Post(h.Post))
			}
		}
		r.Posts = strings.Join(posts, a.T("list.comma"))
		if n, ok := a.office.Certificate(p.ID, a.today); ok {
			r.Certificate = n
		} else if len(p.Certificates) > 0 {
			r.Certificate = a.T("person.certificate.expired")
		}
		v.People = append(v.People, r)
	}
	return a.draw(http.StatusOK, "people", v)
}

// personView is the form of one person. New is one who is not there yet.
type personView struct {
	base
	New      bool
	ID, Name string
	Section  string
	Phone    string
	Mail     string
	Disabled string
	English  bool
	Posts    []heldView
	Certs    []certView
	All      []option // the posts that there are
	Faults   faults
	Unmet    []unmet
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

func newPersonPage(a *ask) error {
	v := personView{base: a.base(a.T("person.new"), "admin"), New: true}
	a.rows(&v)
	return a.draw(http.StatusOK, "person", v)
}

func personPage(a *ask) error {
	v, err := a.personView()
	if err != nil {
		return err
	}
	return a.draw(http.StatusOK, "person", v)
}

func (a *ask) personView() (personView, error) {
	var v personView
	p := a.office.Person(office.PersonID(a.Param("id")))
	if p == nil {
		return v, a.notFound()
	}
	seq, err := access.PersonSeq(a.s.engine, p.ID)
	if err != nil {
		return v, err
	}
	v = personView{base: a.base(p.Name, "admin"), ID: string(p.ID), Name: p.Name, Section: p.Section, Phone: p.Phone, Mail: p.Mail,
		Disabled: p.Disabled.String(), English: p.Lang == "en", Seq: seq}
	for _, h := range p.Posts {
		v.Posts = append(v.Posts, heldView{Post: string(h.Post), From: h.From.String(), To: h.To.String()})
	}
	for _, c := range p.Certificates {
		v.Certs = append(v.Certs, certView{Number: c.Number, From: c.From.String(), To: c.To.String()})
	}
	a.rows(&v)
	v.InHand, err = a.burden(p)
	return v, err
}

// burden is what the person has in hand.
func (a *ask) burden(p *office.Person) (burdenView, error) {
	n, by, err := handover.Burden(a.s.engine, p.ID)
	v := burdenView{Off: a.offWords(p), Cases: n, By: a.Names(by)}
	if handover.HandsOver(a.s.engine, a.id()) {
		v.Here = handOverAt(p.ID)
	}
	return v, err
}

// rows puts two empty rows under the posts and the certificates, and the faults beside theirs.
func (a *ask) rows(v *personView) {
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
	for _, p := range a.office.Posts() {
		v.All = append(v.All, option{Value: string(p.ID), Label: a.Post(p.ID)})
	}
}

func keepPerson(a *ask) error {
	if err := a.parse(); err != nil {
		return err
	}
	t := decode(a.Request.PostForm)
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
		err = access.KeepPerson(a.Request.Context(), a.s.engine, a.id(), p, "", t.Seq)
	}
	if e := refusal.As(err); e != nil && (e.Code == refusal.FieldInvalid || e.Code == refusal.ConditionUnmet) {
		v.base, v.Faults = a.base(or(v.Name, a.T("person.new")), "admin"), a.faults(e, a.personTitles())
		for _, c := range e.Conditions {
			v.Unmet = append(v.Unmet, a.condition(c))
		}
		a.rows(&v)
		if old := a.office.Person(p.ID); old != nil && !v.New {
			if v.InHand, err = a.burden(old); err != nil {
				return err
			}
		}
		return a.draw(http.StatusUnprocessableEntity, "person", v)
	}
	if err != nil {
		return err
	}
	a.say("person.kept", "name", p.Name)
	return a.see("/admin/people/" + url.PathEscape(v.ID))
}

func (a *ask) personTitles() map[string]string {
	return map[string]string{"id": a.T("person.id"), "name": a.T("person.name"), "section": a.T("person.section"), "phone": a.T("person.phone"),
		"mail": a.T("person.mail"), "posts": a.T("person.posts"), "certificates": a.T("person.certificate"), "password": a.T("login.password"),
		"disabled": a.T("person.disabled")}
}

// invite makes a one-time link by which the person sets a password, and shows it this once.
func invite(a *ask) error {
	token, err := access.Invite(a.Request.Context(), a.s.engine, a.id(), office.PersonID(a.Param("id")))
	if err != nil {
		return err
	}
	v, err := a.personView()
	if err != nil {
		return err
	}
	scheme := "http://"
	if a.secure() {
		scheme = "https://"
	}
	v.Link = scheme + a.Request.Host + "/setup/" + token
	return a.draw(http.StatusOK, "person", v)
}
