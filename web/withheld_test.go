package web_test

import (
	"net/http"
	"strings"
	"testing"

	"dossier/engine/access"
	"dossier/engine/casefile"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/specimen"
)

// Somebody who may not know the informant issues the answer to them: the form neither shows nor asks the name, what is sent
// for it all the same is not taken, and the paper bears the name that is on record.
func TestWhatIsWithheldStaysOnThePaper(t *testing.T) {
	b := newBureau(t)
	second := office.Person{ID: "clerk2", Name: "窗二", Posts: []office.Held{{Post: "clerk"}}}
	if err := access.KeepPerson(t.Context(), b.Engine, "admin", second, password, 0); err != nil {
		t.Fatal(err)
	}
	const name = "苗小禾"
	id := b.do("clerk", 0, "open", procedure.Values{"source": procedure.TextValue("complaint"), "informant": procedure.TextValue(name)})
	at := caseAt(id) + "/do/decline"
	v := b.visit("clerk2")
	p := v.get(at).want(http.StatusOK).says("div#f-informant", "对您保密")
	if strings.Contains(p.body, casefile.Mask) || strings.Contains(p.body, name) || len(p.all("input[name='v.informant']")) > 0 {
		t.Fatal("the form holds what its reader may not know")
	}
	f := p.form(at)
	values, _, err := specimen.Samples(b.Engine, casefile.Command{Case: id, Action: "decline", Actor: "clerk2"}, crew)
	if err != nil {
		t.Fatal(err)
	}
	type_(f, values)
	f.Set("v.informant", casefile.Mask)
	f.Set("then", "check")
	if p := v.post(at, f).want(http.StatusOK); strings.Contains(p.text("form#act"), casefile.Mask) {
		t.Error("a mask that was sent is drawn again")
	}
	f.Set("then", "do")
	v.post(at, f).want(http.StatusOK).says("section#documents", "不予受理")
	c := b.read(id)
	if got := c.Shared["informant"].Text; got != name {
		t.Errorf("the case's informant is now %q", got)
	}
	paper := b.visit("clerk").get(caseAt(id) + "/documents/2").want(http.StatusOK)
	if text := pdfText(t, []byte(paper.body)); !strings.Contains(text, name) || strings.Contains(text, "＊") {
		t.Errorf("the paper says %.200s", text)
	}
	masked := v.get(caseAt(id) + "/documents/2").want(http.StatusOK)
	if text := pdfText(t, []byte(masked.body)); strings.Contains(text, name) {
		t.Error("a reader who may not know the informant reads the name on the paper")
	}
}
