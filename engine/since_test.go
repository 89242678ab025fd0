package engine_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"

	"dossier/engine"
	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/ledger"
	"dossier/engine/office"
)

// TestSince: what was committed after a mark is named, each case once; a mark that the ledger doesn't have is lost.
func TestSince(t *testing.T) {
	s := staffed(t)
	since := func(m ledger.Mark, office bool, cases ...casefile.CaseID) ledger.Mark {
		t.Helper()
		news, err := s.Since(m)
		if err != nil || news.Lost || news.Office != office || !slices.Equal(news.Cases, cases) {
			t.Errorf("%+v, %v; want %v, office %t", news, err, cases, office)
		}
		if last, err := s.LastRow(); err != nil || !last.Equal(news.To) {
			t.Errorf("the last row is %+v, %v; the news go to %+v", last, err, news.To)
		}
		return news.To
	}
	m := since(ledger.Mark{}, true)
	since(m, false)
	first := s.begin(t, "papers", filed[:3]...)
	second := s.begin(t, "papers", filed[:1]...)
	m = since(m, false, first, second)
	s.do(t, second, "captain", "note", with("text=看过"))
	s.do(t, first, "captain", "note", with("text=看过"))
	m = since(m, false, second, first)
	for kind, data := range map[string]string{ledger.KindPerson: `{}`, ledger.KindDelegation: `{}`, ledger.KindSetting: `[]`, ledger.KindSchedule: `{}`} {
		if err := s.Store.Commit(t.Context(), ledger.Commit{Records: []ledger.RecordWrite{{Kind: kind, ID: "x", Data: json.RawMessage(data), Ledgered: true}}}); err != nil {
			t.Fatal(err)
		}
		m = since(m, true)
	}
	for _, lost := range []ledger.Mark{{N: m.N, Hash: strings.Repeat("0", 64)}, {N: m.N + 1, Hash: m.Hash}, {N: 1 << 40, Hash: m.Hash}} {
		if news, err := s.Since(lost); err != nil || !news.Lost || !news.To.Equal(m) {
			t.Errorf("%+v: %+v, %v", lost, news, err)
		}
	}
}

// longLedger is a store that has so many rows and nothing else.
type longLedger struct {
	ledger.Store
	rows  uint64
	reads int
}

func (l *longLedger) Ledger(after uint64, limit int) ([]ledger.LedgerRow, error) {
	l.reads++
	var rows []ledger.LedgerRow
	for n := after + 1; n <= l.rows && len(rows) < limit; n++ {
		rows = append(rows, ledger.LedgerRow{N: n, Hash: "h"})
	}
	return rows, nil
}

// TestLastRow: the end of a ledger of any length is found with few reads.
func TestLastRow(t *testing.T) {
	e := &engine.Engine{}
	for n := uint64(0); n < 300; n++ {
		l := &longLedger{rows: n}
		e.Store = l
		if m, err := e.LastRow(); err != nil || m.N != n || (m.Hash == "h") != (n > 0) {
			t.Fatalf("of %d rows the last is %+v, %v", n, m, err)
		}
	}
	l := &longLedger{rows: 1_234_567}
	e.Store = l
	if m, err := e.LastRow(); err != nil || m.N != l.rows || l.reads > 64 {
		t.Errorf("%+v after %d reads, %v", m, l.reads, err)
	}
}

// ledgers is a store with several ledgers of so many rows.
type ledgers struct {
	ledger.Store
	rows []uint64
}

func (l ledgers) Ledger(after uint64, limit int) ([]ledger.LedgerRow, error) {
	var rows []ledger.LedgerRow
	for k, n := range l.rows {
		for i := uint64(1); i <= n; i++ {
			at := uint64(k)<<ledger.LedgerBits + i
			if at > after && len(rows) < limit {
				rows = append(rows, ledger.LedgerRow{N: at, Hash: ledger.RowName(at), Heads: []ledger.LedgerHead{{What: "case/" + strconv.Itoa(10*k+int(i))}}})
			}
		}
	}
	return rows, nil
}

// What several ledgers name after a mark is found in each of them.
func TestSinceOfLedgers(t *testing.T) {
	e := &engine.Engine{}
	since := func(m ledger.Mark, rows []uint64, cases ...casefile.CaseID) ledger.Mark {
		t.Helper()
		e.Store = ledgers{rows: rows}
		news, err := e.Since(m)
		if err != nil || news.Lost || !slices.Equal(news.Cases, cases) {
			t.Errorf("%+v %v, want %v", news, err, cases)
		}
		last, err := e.LastRow()
		if err != nil || !last.Equal(news.To) {
			t.Errorf("the last rows are %+v, %v; the news go to %+v", last, err, news.To)
		}
		return news.To
	}
	m := since(ledger.Mark{}, []uint64{2, 0, 1}, 1, 2, 21)
	since(m, []uint64{2, 0, 1})
	m = since(m, []uint64{2, 3, 2}, 11, 12, 13, 22)
	m = since(m, []uint64{3, 3, 2}, 3)
	m = since(m, []uint64{3, 4, 2}, 14)
	since(m, []uint64{3, 4, 2, 700}, func() (ids []casefile.CaseID) {
		for i := range 700 {
			ids = append(ids, casefile.CaseID(31+i))
		}
		return ids
	}()...)
	e.Store = ledgers{rows: []uint64{3, 3, 2}} // the second is shorter than it was
	if news, err := e.Since(m); err != nil || !news.Lost {
		t.Errorf("%+v %v", news, err)
	}
}

func TestRowNames(t *testing.T) {
	for n, name := range map[uint64]string{1: "1", 480: "480", 1<<ledger.LedgerBits + 480: "2.480", 9<<ledger.LedgerBits + 1: "10.1"} {
		if got := ledger.RowName(n); got != name {
			t.Errorf("%d: %s, want %s", n, got, name)
		}
		if got, err := ledger.ReadRowName(name); err != nil || got != n {
			t.Errorf("%s: %d %v", name, got, err)
		}
	}
	for _, bad := range []string{"", "0", "-1", "x", "0.1", "2.0", "1.2.3", "99999999999999999999", "1099511627776"} {
		if n, err := ledger.ReadRowName(bad); err == nil {
			t.Errorf("%q was read as %d", bad, n)
		}
	}
}

// TestTurns: a day turns when somebody's post, absence or delegation begins on it or ended on the day before.
func TestTurns(t *testing.T) {
	d := func(day int) calendar.Date { return calendar.Of(2026, 3, day) }
	held := func(from, to calendar.Date) []office.Person {
		return []office.Person{{ID: "a", Posts: []office.Held{{Post: "captain", From: from, To: to}}}}
	}
	for _, tt := range []struct {
		name   string
		people []office.Person
		lent   []office.Delegation
		want   []int // the days of March that turn
	}{
		{"held for ever", held(0, 0), nil, nil},
		{"a post from a day", held(d(10), 0), nil, []int{10}},
		{"a post to a day", held(0, d(10)), nil, []int{11}},
		{"disabled", []office.Person{{ID: "a", Disabled: d(12)}}, nil, []int{12}},
		{"lent", held(0, 0), []office.Delegation{{From: "a", To: "b", Post: "captain", Start: d(5), End: d(7)}}, []int{5, 8}},
		{"taken back", held(0, 0), []office.Delegation{{From: "a", To: "b", Post: "captain", Start: d(5), End: d(17), Ended: d(9)}}, []int{5, 9, 18}},
	} {
		o := office.NewOffice("1", cal, tt.people, tt.lent, nil)
		var got []int
		for day := 1; day <= 31; day++ {
			if o.Turns(d(day)-1, d(day)) {
				got = append(got, day)
			}
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
		if len(tt.want) > 0 && (!o.Turns(d(1), d(31)) || o.Turns(d(31), d(31))) {
			t.Errorf("%s: not over the whole month", tt.name)
		}
	}
}

// spoilt is a store that can't read one of its cases.
type spoilt struct {
	ledger.Store
	id casefile.CaseID
}

func (s spoilt) Case(id casefile.CaseID) (ledger.Snapshot, error) {
	if id == s.id {
		return ledger.Snapshot{}, ledger.ErrDamaged
	}
	return s.Store.Case(id)
}

// TestSweepGoesOn: a case that can't be read keeps no other's timer waiting.
func TestSweepGoesOn(t *testing.T) {
	s := staffed(t)
	s.on(day(t, "03-02"))
	first := s.begin(t, "papers", append(filed[:3:3], "officer wait")...)
	s.begin(t, "papers", append(filed[:3:3], "officer wait")...)
	s.on(day(t, "03-13"))
	whole := s.Engine.Store
	s.Engine.Store = spoilt{whole, first}
	if n, err := s.Sweep(t.Context()); n != 1 || !errors.Is(err, ledger.ErrDamaged) {
		t.Errorf("%d fired, %v", n, err)
	}
	s.Engine.Store = whole
	if n, err := s.Sweep(t.Context()); n != 1 || err != nil {
		t.Errorf("%d fired, %v", n, err)
	}
}

// counted is a store that counts the cases read from it.
type counted struct {
	ledger.Store
	cases int
}

func (c *counted) Case(id casefile.CaseID) (ledger.Snapshot, error) {
	c.cases++
	return c.Store.Case(id)
}

// TestSweepReadsWhatIsDue: a sweep reads the cases whose timers have run out, and none of those whose timers are to come,
// were ended or have fired.
func TestSweepReadsWhatIsDue(t *testing.T) {
	s := staffed(t)
	s.on(day(t, "03-02"))
	wait := func(n int, more ...string) {
		for range n {
			s.begin(t, "papers", append(append(filed[:3:3], "officer wait"), more...)...)
		}
	}
	wait(3)
	wait(15, "officer answer") // they rest until 9 March
	s.on(day(t, "03-04"))
	wait(15)
	c := &counted{Store: s.Engine.Store}
	s.Engine.Store = c
	for _, tt := range []struct {
		day         string
		fired, read int
	}{{"03-09", 0, 0}, {"03-10", 15, 15}, {"03-12", 0, 0}, {"03-13", 3, 3}, {"03-13", 0, 0}} {
		s.on(day(t, tt.day))
		c.cases = 0
		if n, err := s.Sweep(t.Context()); n != tt.fired || err != nil || c.cases != tt.read {
			t.Errorf("on %s %d fired, %d were read, %v; want %d and %d", tt.day, n, c.cases, err, tt.fired, tt.read)
		}
	}
}
