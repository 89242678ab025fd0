package health_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"dossier/engine/health"
	"dossier/engine/ledger"
)

// A fault is told once when it begins and once when it is over, keeps the moment of its beginning, and what stops
// everything stands first.
func TestBoard(t *testing.T) {
	var told []string
	b := &health.Board{Told: func(f health.Fault, ended bool) { told = append(told, fmt.Sprint(f.Code, " ", f.What, " ", ended)) }}
	at := func(minute int) time.Time { return time.Date(2026, 3, 2, 9, minute, 0, 0, time.UTC) }
	b.Set(health.Sending, "mail", errors.New("connection refused"), at(1))
	b.Set(health.Sending, "mail", errors.New("no route"), at(2))
	b.Set(health.Full, "", errors.New("no space"), at(3))
	b.Set(health.Sending, "wecom", nil, at(3))
	want := []health.Fault{{Code: health.Full, Since: at(3), Says: "no space"}, {Code: health.Sending, What: "mail", Since: at(1), Says: "no route"}}
	if got := b.Faults(); !slices.Equal(got, want) {
		t.Errorf("faults %+v", got)
	}
	b.Set(health.Full, "", nil, at(4))
	b.Set(health.Full, "", nil, at(5))
	if got := []string{"sending mail false", "disk-full  false", "disk-full  true"}; !slices.Equal(told, got) {
		t.Errorf("told %q", told)
	}
	var none *health.Board
	none.Set(health.Full, "", errors.New("no space"), at(6))
	if len(none.Faults()) != 0 {
		t.Error("no board keeps a fault")
	}
}

type coded string

func (c coded) Error() string    { return string(c) }
func (c coded) OpenCode() string { return string(c) }

// What kind of fault an error of a store is; what only moved or is not there is none.
func TestOf(t *testing.T) {
	for _, x := range []struct {
		err  error
		want health.Code
	}{
		{coded("disk-full"), health.Full}, {fmt.Errorf("commit: %w", coded("damaged")), health.Damaged}, {coded("unreachable"), health.Away},
		{coded("clock-skew"), health.Skew}, {coded("owned"), ""}, {fmt.Errorf("blob: %w", ledger.ErrDamaged), health.Damaged},
		{&ledger.Conflict{What: "case"}, ""}, {ledger.ErrNotFound, ""}, {nil, ""},
	} {
		if got := health.Of(x.err); got != x.want {
			t.Errorf("%v is %q, want %q", x.err, got, x.want)
		}
	}
}
