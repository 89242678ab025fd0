package web_test

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"dossier/engine/access"
	"dossier/engine/casefile"
	"dossier/engine/desk"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/specimen"
)

// Somebody who may not know the informant issues the answer to them: the form neither shows nor asks the name, what is sent
// for it all the same is not taken, and the paper bears the name that is on record.
func TestWhatIsWithheldStaysOnThePaper(t *testing.T) {
	b := newBureau(t)
	second := office.Person{ID: "clerk2", Name: "窗二", Posts: []office.Held{{Post: "clerk"}}}
	if err := access.KeepPerson(t.Context(), b.Engine, "", second, password, 0); err != nil {
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

// Who reads the informant's identity is on record, once a day for each way, and shown to whoever leads; who may not know it
// leaves no trace, and is shown nothing.
func TestReadingsAreOnRecord(t *testing.T) {
	b := newBureau(t)
	id := b.opened("任县宏达建筑劳务有限公司")
	clerk := b.visit("clerk")
	for range 2 {
		clerk.get(caseAt(id)).want(http.StatusOK)
		clerk.get(caseAt(id) + "/documents/1.pdf").want(http.StatusOK)
	}
	clerk.get(caseAt(id) + "/do/decline").want(http.StatusOK)
	b.visit("reviewer").get(caseAt(id)).want(http.StatusOK)
	reads, err := desk.Reads(b.Engine, "captain", id)
	if err != nil {
		t.Fatal(err)
	}
	var ways []string
	for _, r := range reads {
		if r.Who != "clerk" {
			t.Errorf("%+v", r)
		}
		ways = append(ways, string(r.Way))
	}
	slices.Sort(ways)
	if !slices.Equal(ways, []string{"document", "form", "page"}) {
		t.Errorf("read %v", ways)
	}
	b.visit("captain").get(caseAt(id)).says("section#reads", "王窗 看了案件页").says("section#reads", "看了文书 1")
	if p := clerk.get(caseAt(id)); len(p.all("section#reads")) > 0 {
		t.Error("the clerk is shown who read it")
	}
	if reads, err := desk.Reads(b.Engine, "clerk", id); err != nil || reads != nil {
		t.Errorf("%v %v", reads, err)
	}
}

// The name of whoever reported stands in other texts too: on a paper without a field for it, it is hidden from whoever may
// not know it; a paper that says nothing of them is given as it is.
func TestNamesInTextsAreMaskedOnPapers(t *testing.T) {
	b := newBureau(t)
	const name, phone = "苗小禾", "13700001234"
	filed := func(facts string) (casefile.CaseID, string) {
		id := b.do("clerk", 0, "open", procedure.Values{"source": procedure.TextValue("complaint"), "informant": procedure.TextValue(name),
			"informant-phone": procedure.TextValue(phone), "facts": procedure.TextValue(facts)})
		b.do("clerk", id, "submit-filing", nil)
		b.do("reviewer", id, "pass-filing", nil)
		b.do("captain", id, "approve-filing", nil)
		c := b.read(id)
		i := slices.IndexFunc(c.Issued, func(d casefile.Issued) bool { return d.Form == "LJ04" })
		return id, caseAt(id) + "/documents/" + strconv.Itoa(c.Issued[i].N)
	}
	clerk, captain := b.visit("clerk"), b.visit("captain")
	id, at := filed(name + "等四人没有领到工资，电话" + phone + "。")
	for _, way := range []string{at, at + "/copy.pdf", caseAt(id) + "/bound.pdf"} {
		knows, not := clerk.get(way).want(http.StatusOK).body, captain.get(way).want(http.StatusOK).body
		if text := pdfText(t, []byte(knows)); !strings.Contains(text, name) {
			t.Errorf("%s: who may know the name does not read it", way)
		}
		if text := pdfText(t, []byte(not)); strings.Contains(text, name) || strings.Contains(text, phone) || !strings.Contains(text, "＊") {
			t.Errorf("%s: who may not know the name reads it", way)
		}
	}
	if _, at := filed("四人没有领到工资。"); clerk.get(at).want(http.StatusOK).body != captain.get(at).want(http.StatusOK).body {
		t.Error("a paper that says nothing of whoever reported is another one for who may not know it")
	}
}
