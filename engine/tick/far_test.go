package tick

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"time"
)

// A long command says how far it is once a second, and a short one nothing.
func TestFar(t *testing.T) {
	var errs bytes.Buffer
	now := time.Unix(0, 0)
	far := func() *Far { return NewFar(&errs, func() time.Time { return now }) }
	w := &Bytes{Far: far(), What: "已写 ", Out: io.Discard}
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
	r := &Bytes{Far: far(), What: "已读 ", In: strings.NewReader("short")}
	if data, err := io.ReadAll(r); err != nil || string(data) != "short" || errs.Len() > 0 {
		t.Errorf("%q %v, and it says %q", data, err, errs.String())
	}
}

func TestLastAt(t *testing.T) {
	zone := time.FixedZone("", 8*60*60)
	for now, want := range map[string]string{"2026-03-01T01:59:59": "2026-02-28T02", "2026-03-01T02:00:00": "2026-03-01T02", "2026-03-01T23:00:00": "2026-03-01T02"} {
		at, err := time.ParseInLocation("2006-01-02T15:04:05", now, zone)
		if got := LastAt(at, 2).Format("2006-01-02T15"); err != nil || got != want {
			t.Errorf("at %s it was last two on %s, want %s (%v)", now, got, want, err)
		}
	}
}
