package plan

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"

	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/decide"
	"dossier/engine/ledger"
	"dossier/engine/listing"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/registry"
	"dossier/engine/rules"
)

// seen is what was read and counted, until the ledger names something on which it rests: a quota is looked at far more often
// than its checks move.
type seen struct {
	sync.Mutex
	begun   bool
	mark    ledger.Mark
	texts   *listing.Words
	crews   *listing.Words      // the teams' ids, a line each
	teams   [][]office.PersonID // by the number of their crew
	regimes map[string]*record
	units   map[string][]Unit
}

// record is what the cases tell a regime.
type record struct {
	rows []row // in the order of their cases
	lent bool  // sums look at the rows: who changes them takes a copy
	sums *sums // nil: to be made of the rows
}

// row is one day of a case's [listing.Visit], or the whole of one that is still to be done, in 40 bytes: texts and teams are
// numbers.
type row struct {
	id                        casefile.CaseID
	object, kind, team, round int32
	asked, day                calendar.Date // day 0: still to be done
	exempt                    bool
}

// rowsOf are the rows of what a case tells.
func (m *seen) rowsOf(id casefile.CaseID, v *listing.Visit) []row {
	var crew strings.Builder
	for _, who := range v.Team {
		crew.WriteString(string(who) + "\n")
	}
	team := m.crews.Of(crew.String())
	if int(team) == len(m.teams) {
		m.teams = append(m.teams, v.Team)
	}
	x := row{id: id, object: m.texts.Of(v.Object), kind: m.texts.Of(v.Kind), team: team, round: m.texts.Of(v.Round), asked: v.Asked, exempt: v.Exempt}
	if len(v.Days) == 0 {
		return []row{x}
	}
	out := make([]row, len(v.Days))
	for i, day := range v.Days {
		x.day = day
		out[i] = x
	}
	return out
}

// sums are what a regime's rows come to with what its plans want of them: one visit for each day on which the fact was set,
// and one that is planned of each open case in which it wasn't yet. Nobody changes them: what moves makes others.
type sums struct {
	rows    []row
	texts   []string
	teams   [][]office.PersonID
	planned map[casefile.CaseID]want
	waiting []Visit                  // those that are still to be made
	last    map[string]calendar.Date // the day of the last one of an object, as cases name it
	counted map[string]Progress      // by entry and day of the population; the lock of seen is held for it
	day     calendar.Date            // on which they were counted
}

// witness is what the record says of a regime, to one who asks.
type witness struct {
	*Book
	*sums
	units []Unit
	on    calendar.Date   // the day of the units
	years map[int][]Visit // those that were asked for
}

func (b *Book) witness(r *Regime, on calendar.Date) (*witness, error) {
	b.seen.Lock()
	defer b.seen.Unlock()
	if err := b.follow(); err != nil {
		return nil, err
	}
	s, err := b.sums(r)
	if err != nil {
		return nil, err
	}
	units, err := b.population(r.Of, on)
	return &witness{b, s, units, on, map[int][]Visit{}}, err
}

// Visits are the checks of a regime in a year as its cases tell them, those that are planned for it too: of whoever goes by
// one of the names; none: of all.
func (b *Book) Visits(r *Regime, year int, names ...string) ([]Visit, error) {
	w, err := b.witness(r, b.Engine.Today())
	if err != nil {
		return nil, err
	}
	return w.of(year, names), nil
}

// of are the visits of a year, of whoever goes by one of the names; none: of all.
func (s *sums) of(year int, names []string) []Visit {
	var out []Visit
	first, last := calendar.Of(year, 1, 1), calendar.Of(year, 12, 31)
	for i := range s.rows {
		x := &s.rows[i]
		if x.day != 0 && (x.day < first || x.day > last) || !contains(names, s.texts[x.object]) {
			continue
		}
		if v := s.visit(x); v.on() >= first && v.on() <= last {
			out = append(out, v)
		}
	}
	return out
}

// visits are those of a year.
func (w *witness) visits(year int) []Visit {
	all, known := w.years[year]
	if !known {
		all = w.of(year, nil)
		w.years[year] = all
	}
	return all
}

// visit is a row with what a plan wants of it.
func (s *sums) visit(x *row) Visit {
	v := Visit{Case: x.id, Object: s.texts[x.object], Kind: s.texts[x.kind], Day: x.day, Asked: x.asked, Team: s.teams[x.team], Round: s.texts[x.round], Exempt: x.exempt}
	if p, ok := s.planned[x.id]; ok {
		v.Due, v.Nth = p.day, p.nth
	}
	return v
}

// follow lets go of what rests on something that has moved.
func (b *Book) follow() error {
	m := &b.seen
	if m.begun {
		news, err := b.Engine.Since(m.mark)
		if err != nil {
			return err
		}
		m.mark = news.To
		m.begun = !news.Lost && !news.Office
		if len(news.Cases) > manyMoved {
			clear(m.regimes)
		} else {
			for _, id := range news.Cases {
				if err := b.again(id); err != nil {
					m.begun = false
					return err
				}
			}
		}
		if news.Kinds[registry.Record] {
			clear(m.units)
		}
		if news.Kinds[registry.Record] || news.Kinds[KindMade] || news.Kinds[KindOverride] {
			for _, t := range m.regimes {
				t.sums = nil
			}
		}
	}
	if !m.begun {
		mark, err := b.Engine.LastRow()
		if err != nil {
			return err
		}
		m.begun, m.mark, m.regimes, m.units = true, mark, map[string]*record{}, map[string][]Unit{}
		m.texts, m.crews, m.teams = listing.NewWords(), listing.NewWords(), [][]office.PersonID{nil}
	}
	return nil
}

// manyMoved is how many cases are read one by one; when more have moved, the index is read.
const manyMoved = 200

// again reads what a case that moved tells now.
func (b *Book) again(id casefile.CaseID) error {
	d, err := b.Engine.Read(id)
	if err != nil {
		return err
	}
	for i := range b.Quotas.Regimes {
		r := &b.Quotas.Regimes[i]
		t := b.seen.regimes[r.Name]
		if t == nil {
			continue
		}
		var now []row
		if v, tells := b.tells(r, d); tells {
			now = b.seen.rowsOf(id, &v)
		}
		at, _ := slices.BinarySearchFunc(t.rows, id, func(x row, id casefile.CaseID) int { return cmp.Compare(x.id, id) })
		end := at
		for end < len(t.rows) && t.rows[end].id == id {
			end++
		}
		if slices.Equal(t.rows[at:end], now) {
			continue
		}
		if t.lent {
			t.rows, t.lent = slices.Clone(t.rows), false
		}
		t.rows, t.sums = slices.Replace(t.rows, at, end, now...), nil
	}
	return nil
}

// tells is what one case tells the regime; false: nothing.
func (b *Book) tells(r *Regime, d *decide.Docket) (listing.Visit, bool) {
	day := d.Case.LastDay()
	return listing.VisitOf(rules.NewView(d.Edition, b.Engine.Office(), d.Case, day, day), &r.Regime)
}

// read reads what all cases tell the regime: from the index, or from the cases while the index is not yet kept by what this
// program brings.
func (b *Book) read(r *Regime) (*record, error) {
	t := &record{}
	indexed := slices.ContainsFunc(b.Engine.Office().Regimes, func(x office.Regime) bool { return reflect.DeepEqual(x, r.Regime) })
	scans := []ledger.Scan{{Index: listing.IndexVisit, Prefix: r.Name + "/", Limit: 5000}}
	if !indexed {
		scans = nil
		for _, w := range r.Workflows {
			scans = append(scans, ledger.Scan{Index: listing.IndexFlow, Prefix: string(w) + "/", Limit: 5000})
		}
	}
	for _, scan := range scans {
		for {
			es, err := b.Engine.Store.Scan(scan)
			if err != nil {
				return nil, err
			}
			for _, en := range es {
				scan.After = en.Cursor
				id, tells := casefile.CaseID(procedure.Int(en.ID)), true
				var v listing.Visit
				if indexed {
					if v, err = listing.ReadVisit(en.Value); err != nil {
						err = fmt.Errorf("index %s %s: %w", en.Index, en.Key.Key, err)
					}
				} else {
					var d *decide.Docket
					if d, err = b.Engine.Read(id); err == nil {
						v, tells = b.tells(r, d)
					}
				}
				if err != nil {
					return nil, err
				}
				if tells {
					t.rows = append(t.rows, b.seen.rowsOf(id, &v)...)
				}
			}
			if len(es) < scan.Limit {
				break
			}
		}
	}
	slices.SortStableFunc(t.rows, func(x, y row) int { return cmp.Compare(x.id, y.id) })
	t.rows = slices.Clone(t.rows) // without the room that it grew by
	return t, nil
}

// sums are what the regime's rows come to.
func (b *Book) sums(r *Regime) (*sums, error) {
	t := b.seen.regimes[r.Name]
	if t == nil {
		var err error
		if t, err = b.read(r); err != nil {
			return nil, err
		}
		b.seen.regimes[r.Name] = t
	}
	if t.sums != nil {
		return t.sums, nil
	}
	planned, err := b.planned(r)
	if err != nil {
		return nil, err
	}
	s := &sums{rows: t.rows, texts: b.seen.texts.Text, teams: b.seen.teams, planned: planned, last: map[string]calendar.Date{}, counted: map[string]Progress{}}
	for i := range t.rows {
		x := &t.rows[i]
		if x.day == 0 {
			s.waiting = append(s.waiting, s.visit(x))
		} else if object := s.texts[x.object]; x.day > s.last[object] {
			s.last[object] = x.day
		}
	}
	t.sums, t.lent = s, true
	return s, nil
}

// lastOf is the day of a unit's last check.
func (s *sums) lastOf(u *Unit) calendar.Date {
	var last calendar.Date
	for _, name := range u.names() {
		last = max(last, s.last[name])
	}
	return last
}

// units are the objects of these kinds on a day.
func (b *Book) units(kinds []string, on calendar.Date) ([]Unit, error) {
	b.seen.Lock()
	defer b.seen.Unlock()
	if err := b.follow(); err != nil {
		return nil, err
	}
	return b.population(kinds, on)
}

// population are the objects of these kinds on a day. They are not to be changed.
func (b *Book) population(kinds []string, on calendar.Date) ([]Unit, error) {
	key := strings.Join(kinds, " ") + " " + on.String()
	if units, known := b.seen.units[key]; known {
		return units, nil
	}
	units, err := b.Units(kinds, on)
	if len(b.seen.units) >= mostPopulations {
		clear(b.seen.units)
	}
	if err == nil {
		b.seen.units[key] = units
	}
	return units, err
}

// mostPopulations is how many populations are kept: of the regimes, today and at the end of the year before.
const mostPopulations = 64

// progress is where an entry stands today.
func (w *witness) progress(e Entry) (Progress, error) {
	w.seen.Lock()
	defer w.seen.Unlock()
	today := w.Engine.Today()
	if w.day != today {
		clear(w.counted)
		w.day = today
	}
	key := fmt.Sprint(e.ID(), " ", int(w.on))
	if p, known := w.counted[key]; known {
		return p, nil
	}
	os, err := w.Overrides(e.Quota)
	if err != nil {
		return Progress{}, err
	}
	f, by, won := e.figures(os)
	p := Count(e, f, w.units, w.visits(e.Period.Year), today)
	p.Override, p.Won = by, won
	w.counted[key] = p
	return p, nil
}
