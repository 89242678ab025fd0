package alert_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"dossier/engine"
	"dossier/engine/access"
	"dossier/engine/alert"
	"dossier/engine/calendar"
	"dossier/engine/change"
	"dossier/engine/ledger"
	"dossier/engine/office"
	"dossier/engine/text"
	"dossier/seeds"
	"dossier/seeds/fixture"
	"dossier/seeds/scenario"
)

var cal = fixture.Calendar

// stage is an office on a store of its own, whose time the test sets. Its people are known by their names.
type stage struct {
	*alert.Alerts
	t   testing.TB
	now *time.Time
}

// newStage opens an office and plays the steps: lines of a scenario of the labour case.
func newStage(t testing.TB, steps ...string) *stage {
	t.Helper()
	return newStageOn(t, fixture.Bolt(t), steps...)
}

// newStageOn opens the office on a store.
func newStageOn(t testing.TB, st ledger.Store, steps ...string) *stage {
	t.Helper()
	now := new(time.Time)
	a, err := openOffice(st, func() time.Time { return *now }, map[string]string{"mail/server": "mail.example.cn:465",
		"webhook/wecom": "https://robot.example.cn/send?key=k", "check-address": "https://ldjc.example.gov.cn/"})
	if err != nil {
		t.Fatal(err)
	}
	s := &stage{Alerts: a, t: t, now: now}
	var b bytes.Buffer
	b.WriteString("title: t\nworkflow: labour-case\nfill: true\npeople: {clerk: 王窗, officer: [李察, 赵办], reviewer: 钱审, captain: 孙队, leader: 周局}\nsteps:\n")
	for _, l := range steps {
		fmt.Fprintf(&b, "  - {%s}\n", l)
	}
	sc, err := scenario.Read("t.yaml", b.Bytes(), calendar.Of(2026, 1, 5), cal)
	if err != nil {
		t.Fatal(err)
	}
	if err := scenario.Play(t.Context(), sc, &scenario.Stage{Engine: a.Engine, At: now}, t.Output()); err != nil {
		t.Fatal(err)
	}
	return s
}

// openOffice opens the office with settings of its own on a store.
func openOffice(st ledger.Store, now func() time.Time, own map[string]string) (*alert.Alerts, error) {
	settings := seeds.CountySettings()
	for name, v := range own {
		settings[name] = []office.SettingRow{{Value: v}}
	}
	county, err := fixture.Read()
	if err != nil {
		return nil, err
	}
	c := fixture.Config(st, now, county.Edition("labour-case"))
	c.Settings, c.Listings = settings, alert.Listings
	e, err := engine.New(c)
	return &alert.Alerts{Engine: e}, err
}

// filed are the steps that bring a case to its investigation, whose clock runs out on 10 April.
var filed = []string{"date: 2026-01-05, as: clerk, do: open, with: {source: complaint}", "date: 2026-01-08, as: clerk, do: submit-filing",
	"date: 2026-01-09, as: reviewer, do: pass-filing", "date: 2026-01-09, as: captain, do: approve-filing"}

func and(steps []string, more ...string) []string { return slices.Concat(steps, more) }

// at sets the time of the office's clock.
func (s *stage) at(month, day, hour, minute int) {
	*s.now = time.Date(2026, time.Month(month), day, hour, minute, 0, 0, time.FixedZone("CST", 8*3600))
}

// pass makes a whole pass and gives how many were told.
func (s *stage) pass() int {
	s.t.Helper()
	n, err := s.Pass(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	return n
}

// lines are the ledger of case 1, as "clock threshold person", superseded ones with a cross, sorted; of one clock where
// one is named.
func (s *stage) lines(clock string) []string {
	s.t.Helper()
	all, err := s.OfCase(s.t.Context(), 1)
	if err != nil {
		s.t.Fatal(err)
	}
	var out []string
	for _, t := range all {
		if clock != "" && string(t.Clock) != clock {
			continue
		}
		l := fmt.Sprintf("%s %d %s", t.Clock, t.Threshold, t.To)
		if t.Superseded {
			l += " ×"
		}
		out = append(out, l)
	}
	slices.Sort(out)
	return out
}

// want holds the ledger of a clock to lines.
func (s *stage) want(clock string, lines ...string) {
	s.t.Helper()
	slices.Sort(lines)
	if got := s.lines(clock); !slices.Equal(got, lines) {
		s.t.Errorf("%s:\ngot  %s\nwant %s", clock, strings.Join(got, ", "), strings.Join(lines, ", "))
	}
}

// words speak Chinese.
func (s *stage) words(office.Person) alert.Words {
	return alert.Words{Lang: text.ZH, Engine: s.Engine}
}

// reach gives a person a mail address and a phone.
func (s *stage) reach(id office.PersonID, mail, phone string) {
	s.t.Helper()
	p := *s.Engine.Office().Person(id)
	p.Mail, p.Phone = mail, phone
	seq, err := access.PersonSeq(s.Engine, id)
	if err != nil {
		s.t.Fatal(err)
	}
	s.keep(p, seq)
}

// keep writes a person's record.
func (s *stage) keep(p office.Person, read uint64) {
	s.t.Helper()
	data, err := json.Marshal(p)
	if err != nil {
		s.t.Fatal(err)
	}
	if err := change.KeepRecords(s.t.Context(), s.Engine, ledger.RecordWrite{Kind: ledger.KindPerson, ID: string(p.ID), Read: read, Data: data, Ledgered: true}); err != nil {
		s.t.Fatal(err)
	}
}
