package web_test

import (
	"net/http"
	"strings"
	"testing"

	"dossier/engine/access"
	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/office"
	"dossier/engine/procedure"
)

// Whoever holds a post that reads sees the cases that were closed while they hold it and no others, masked, with the check of
// the record; there is nothing that they can do in them.
func TestWhoReviewsFilesReads(t *testing.T) {
	b := newBureau(t)
	day := b.Engine.Today()
	for id, from := range map[office.PersonID]calendar.Date{"reads": 0, "later": day.Add(1)} {
		p := office.Person{ID: id, Name: "评查", Posts: []office.Held{{Post: "file-reviewer", From: from}}}
		if err := access.KeepPerson(t.Context(), b.Engine, "", p, password, 0); err != nil {
			t.Fatal(err)
		}
	}
	const name, phone = "苗小禾", "13931905127"
	open := b.opened("任县宏达建筑劳务有限公司")
	id := b.do("clerk", 0, "open", procedure.Values{"source": procedure.TextValue("complaint"), "informant": procedure.TextValue(name), "informant-phone": procedure.TextValue(phone)})
	b.do("clerk", id, "decline", nil)
	v := b.visit("reads")
	v.get(caseAt(open)).want(http.StatusNotFound)
	p := v.get(caseAt(id)).want(http.StatusOK).says("div#proof", "记录已核验").says("div#proof", b.read(id).Head).says("main", "供您查阅")
	if n := len(p.all("#can a")) + len(p.all("#files form")); n > 0 {
		t.Errorf("%d things to do", n)
	}
	docs := v.get(caseAt(id) + "/documents/1.pdf").want(http.StatusOK)
	for what, text := range map[string]string{"page": p.body, "list": v.get("/cases").want(http.StatusOK).body, "document": pdfText(t, []byte(docs.body))} {
		if strings.Contains(text, phone) || strings.Contains(text, name) {
			t.Errorf("the %s tells who complained", what)
		}
	}
	if !strings.Contains(v.get("/cases").body, caseAt(id)) || strings.Contains(v.get("/cases").body, caseAt(open)+`"`) {
		t.Error("the list is not of the closed cases alone")
	}
	v.get("/").want(http.StatusOK).says("main", "查阅").says("a.button", "案卷")
	for _, act := range []procedure.ActionID{"note", "attach", "correct-value", "mark", "supervise", "archive"} {
		if _, err := b.Engine.Do(t.Context(), casefile.Command{Case: id, Action: act, Actor: "reads"}); err == nil {
			t.Errorf("%s is done", act)
		}
		if r := v.get(caseAt(id) + "/do/" + string(act)); r.status == http.StatusOK {
			t.Errorf("%s is offered", act)
		}
	}
	b.now.set(b.now.time().AddDate(0, 0, 1))
	b.visit("later").get(caseAt(id)).want(http.StatusNotFound)
	b.visit("reads").get(caseAt(id)).want(http.StatusOK)
}
