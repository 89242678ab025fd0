package main

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"time"
)

// A long command says how far it is once a second, and a short one nothing.
func TestPace(t *testing.T) {
	var errs bytes.Buffer
	now := time.Unix(0, 0)
	p := &process{err: &errs, now: func() time.Time { return now }}
	w := &bytesTold{pace: p.paced(), what: "已写 ", out: io.Discard}
	for range 25 {
		if _, err := w.Write(make([]byte, 1<<20)); err != nil {
			t.Fatal(err)
		}
		now = now.Add(100 * time.Millisecond)
	}
	if want := "已写 11 MB…\n已写 21 MB…\n"; errs.String() != want {
		t.Errorf("it says %q, want %q", errs.String(), want)
	}
	errs.Reset()
	r := &bytesTold{pace: p.paced(), what: "已读 ", in: strings.NewReader("short")}
	if data, err := io.ReadAll(r); err != nil || string(data) != "short" || errs.Len() > 0 {
		t.Errorf("%q %v, and it says %q", data, err, errs.String())
	}
}
