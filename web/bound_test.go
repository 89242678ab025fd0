package web_test

import (
	"net/http"
	"strings"
	"testing"
)

// TestBoundFile: the case's page leads to its bound file, for who may see the case.
func TestBoundFile(t *testing.T) {
	b := newBureau(t)
	id := b.atGate("任县𠮷祥建筑有限公司")
	b.do("captain", id, "approve-filing", nil)
	v := b.visit("captain")
	v.get(caseAt(id)).want(http.StatusOK).says("section#documents", "装订全卷")
	p := v.get(caseAt(id) + "/bound.pdf").want(http.StatusOK)
	if p.head.Get("Content-Type") != "application/pdf" || !strings.HasPrefix(p.body, "%PDF-1.7") || !strings.HasSuffix(p.body, "%%EOF\n") {
		t.Errorf("%v, %d bytes", p.head, len(p.body))
	}
	v.get("/cases/99/bound.pdf").want(http.StatusNotFound)
	if p := b.visit("").get(caseAt(id) + "/bound.pdf"); !strings.HasPrefix(p.path, "/login") {
		t.Errorf("who isn't signed in is at %s", p.path)
	}
}
