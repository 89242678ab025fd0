package web_test

import (
	"net/http"
	"testing"
)

// What is published by when; an office without a decision reads what will stand there.
func TestPublicity(t *testing.T) {
	v := newBureau(t).visit("captain")
	v.get("/publicity").want(http.StatusOK).says("main", "没有需要公示的决定").says("nav.tabs", "执法公示")
	v.get("/publicity?from=2026-03-05&to=2026-03-01").want(http.StatusUnprocessableEntity).says("p.fault", "早于开始日期")
	v.get("/publicity?from=soon").want(http.StatusUnprocessableEntity).says("p.fault", "soon")
	v.get("/publicity/list.xlsx").want(http.StatusOK)
}
