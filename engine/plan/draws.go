package plan

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"dossier/engine"
	"dossier/engine/calendar"
	"dossier/engine/draw"
	"dossier/engine/ledger"
	"dossier/engine/office"
	"dossier/engine/refusal"
)

// KindDraw is the record of a random selection; its id is the entry's with a number: "training-special-2026/01". Where
// the sheet was frozen before, its first version is that, its second the draw.
const KindDraw = "draw"

// Drawn is a random selection as it is on record.
type Drawn struct {
	Entry    string          `json:"entry"`
	N        int             `json:"n"` // of the entry's, from 1
	Sheet    string          `json:"sheet"`
	Hash     string          `json:"hash"`
	Frozen   time.Time       `json:"frozen"`
	FrozenBy office.PersonID `json:"frozenBy"`
	Again    int             `json:"again,omitempty"` // the n of the draw that it is a redraw of

	Seed   string          `json:"seed,omitempty"`   // "" while none was stated
	Stated string          `json:"stated,omitempty"` // by whom, or where it was published
	Drawn  time.Time       `json:"drawn,omitzero"`
	By     office.PersonID `json:"by,omitempty"`
	Picks  []draw.Pick     `json:"picks,omitempty"`
	Number string          `json:"number,omitempty"` // of the paper that tells the result

	Public   time.Time       `json:"public,omitzero"` // since when whoever has the address may read the result
	PublicBy office.PersonID `json:"publicBy,omitempty"`
}

func (d *Drawn) id() string { return fmt.Sprintf("%s/%02d", d.Entry, d.N) }

// Same draws again from what is on record, and tells whether the same comes out.
func (d *Drawn) Same() bool {
	seed, err := draw.ParseSeed(d.Seed)
	if err != nil || draw.Hash(d.Sheet) != d.Hash {
		return false
	}
	r, err := draw.Draw(d.Sheet, seed)
	return err == nil && slices.EqualFunc(r.Picks, d.Picks, func(a, b draw.Pick) bool {
		return a.Object == b.Object && slices.Equal(a.Team, b.Team)
	})
}

// Draws are an entry's, the oldest first.
func (b *Book) Draws(e Entry) ([]Drawn, error) {
	ds, _, err := b.draws(e.ID() + "/")
	return ds, err
}

func (b *Book) draws(prefix string) (ds []Drawn, seqs []uint64, err error) {
	rs, err := b.Engine.Store.Records(KindDraw, prefix, 0)
	if err != nil {
		return nil, nil, err
	}
	for _, r := range rs {
		if !strings.HasPrefix(r.ID, prefix) {
			break
		}
		var d Drawn
		if err := json.Unmarshal(r.Data, &d); err != nil {
			return nil, nil, fmt.Errorf("record %s/%s: %w", r.Kind, r.ID, err)
		}
		ds, seqs = append(ds, d), append(seqs, r.Seq)
	}
	return ds, seqs, nil
}

// The settings of a draw.
const (
	settingCeiling = "ceiling" // visits of one object a year, and "ceiling/REGIME"; "" none
	settingRisks   = "risks"   // tickets by grade of credit risk: "C 2、D 4"; "" all one
)

// Wanted is what a draw is asked for beside what its entry says.
type Wanted struct {
	Units   []draw.Object                // the population; nil: the registry's
	Count   int                          // how many objects; 0: those that the round still lacks
	Trip    int                          // objects that a team visits in one go; 0: as the quota's outings, else one
	Recused map[office.PersonID][]string // who mustn't check whom, by the objects' IDs
	Without []office.PersonID            // who can't go
	Exempt  string                       // why the ceiling doesn't hold
}

// Sheet is what would be drawn from.
func (b *Book) Sheet(e Entry, w Wanted) (*draw.Sheet, error) {
	p, err := b.Progress(e)
	if err != nil {
		return nil, err
	}
	s := &draw.Sheet{Plan: e.ID(), Objects: slices.Clone(w.Units), Trip: max(1, w.Trip), Exempt: strings.TrimSpace(w.Exempt), Staff: max(2, p.Staff)}
	lacking := p.ask(len(w.Units))
	if w.Units == nil {
		if s.Objects, lacking, err = b.uncovered(e, p); err != nil {
			return nil, err
		}
	}
	if w.Trip == 0 && p.Objects > 0 {
		s.Trip = p.Objects
	}
	if s.Count = w.Count; s.Count == 0 {
		s.Count = lacking
	}
	for i, st := range p.Strata {
		n, have := 0, 0
		for _, o := range s.Objects {
			if slices.Contains(o.Marks, st.Mark) {
				n++
			}
		}
		if r := p.open(); r != nil && w.Units == nil {
			n, have = r.Strata[i].Of, r.Strata[i].Have
		}
		if need := RoundUp(st.Share, n) - have; need > 0 {
			s.Strata = append(s.Strata, draw.Stratum{Mark: st.Mark, Count: need})
		}
	}
	if s.Ceiling, err = b.Ceiling(e.Quota.regime, p.Figures); err != nil {
		return nil, err
	}
	if s.Risks, err = risks(b.Engine.Office().Text(settingRisks, b.Engine.Today())); err != nil {
		return nil, err
	}
	s.Officers = b.officers(e.Quota.regime, w)
	if s.Last, err = b.last(e.Quota.regime); err != nil {
		return nil, err
	}
	return s, nil
}

// open is the first round that is not done, nil when there is none or rounds cover nothing.
func (p Progress) open() *Round {
	if i := slices.IndexFunc(p.Rounds, func(r Round) bool { return !r.Done }); i >= 0 {
		return &p.Rounds[i]
	}
	return nil
}

// ask is how many of n objects one round asks for.
func (p Progress) ask(n int) int {
	switch {
	case p.covers() && p.Share == 0 && p.Each > 0:
		return n
	case p.covers():
		return RoundUp(p.Share, n)
	}
	return max(1, p.Objects)
}

// uncovered is the registry's population that the present round has not covered yet, and how many of it the round lacks.
func (b *Book) uncovered(e Entry, p Progress) ([]draw.Object, int, error) {
	w, err := b.witness(e.Quota.regime, b.Engine.Today())
	if err != nil {
		return nil, 0, err
	}
	var objects []draw.Object
	covered, round := 0, p.open()
	at, of := index(w.units), map[int][]Visit{}
	for _, v := range w.visits(e.Period.Year) {
		if i, ok := at[v.Object]; ok {
			of[i] = append(of[i], v)
		}
	}
	for i, u := range w.units {
		o := draw.Object{ID: u.ID, Name: u.Name, Risk: u.Risk, Marks: u.Marks}
		in := false
		for _, v := range of[i] {
			if !v.Exempt {
				o.Visits++
			}
			in = in || round != nil && contains(e.Quota.Kinds, v.Kind) && round.Start <= v.on() && v.on() <= round.End
		}
		if in {
			covered++
			continue
		}
		objects = append(objects, o)
	}
	return objects, max(1, p.ask(len(w.units))-covered), nil
}

// Ceiling is how often one object of the regime may be visited a year; 0 when no ceiling is set.
func (b *Book) Ceiling(r *Regime, f Figures) (int, error) {
	if f.Ceiling > 0 {
		return f.Ceiling, nil
	}
	o, today := b.Engine.Office(), b.Engine.Today()
	name := settingCeiling + "/" + r.Name
	row, ok := o.Setting(name, today)
	if !ok || row.Value == "" {
		name = settingCeiling
		row, _ = o.Setting(name, today)
	}
	if row.Value == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(row.Value)
	if err != nil || n < 1 || n > 1000 {
		return 0, badSetting(name, row.Value)
	}
	return n, nil
}

func badSetting(name, value string) error {
	return &refusal.Error{Code: refusal.ConditionUnmet, Conditions: []refusal.Condition{{Code: "setting-unreadable", Args: refusal.Args{"setting": name, "value": value}}}}
}

// risks reads the tickets by grade.
func risks(value string) ([]draw.Risk, error) {
	lots, ok := office.ReadLots(value)
	if !ok {
		return nil, badSetting(settingRisks, value)
	}
	var out []draw.Risk
	for _, l := range lots {
		out = append(out, draw.Risk{Grade: l.Grade, Tickets: l.Tickets})
	}
	return out, nil
}

// officers are those who may be drawn: who holds the regime's post today, with a certificate where it needs one.
func (b *Book) officers(r *Regime, w Wanted) []draw.Officer {
	o, today := b.Engine.Office(), b.Engine.Today()
	var out []draw.Officer
	for _, id := range o.Holders(r.Staff, today) {
		if _, holds := o.Certificate(id, today); r.Certificate && !holds || slices.Contains(w.Without, id) {
			continue
		}
		out = append(out, draw.Officer{ID: string(id), Name: o.Name(id), Recused: w.Recused[id]})
	}
	return out
}

// last is the team that the regime's last draw sent out last.
func (b *Book) last(r *Regime) ([]string, error) {
	ds, _, err := b.draws("")
	if err != nil {
		return nil, err
	}
	var at time.Time
	var team []string
	for _, d := range ds {
		if strings.HasPrefix(d.Entry, r.Name+"-") && d.Seed != "" && !d.Drawn.Before(at) && len(d.Picks) > 0 {
			at, team = d.Drawn, d.Picks[len(d.Picks)-1].Team
		}
	}
	return team, nil
}

// Freeze puts a sheet on record, before its seed is stated. An entry has one frozen sheet that is not drawn at a time:
// another takes its place, which the record shows.
func (b *Book) Freeze(ctx context.Context, who office.PersonID, e Entry, s *draw.Sheet) (*Drawn, error) {
	if err := b.allowed(who, e.Quota.regime); err != nil {
		return nil, err
	}
	ds, seqs, err := b.draws(e.ID() + "/")
	if err != nil {
		return nil, err
	}
	d, read, err := b.frozen(who, e, s, ds, seqs)
	if err != nil {
		return nil, err
	}
	return &d, b.keep(ctx, ledger.RecordWrite{Kind: KindDraw, ID: d.id(), Read: read}, d)
}

// frozen is the record of a sheet that is frozen now, and the sequence number that it is written over.
func (b *Book) frozen(who office.PersonID, e Entry, s *draw.Sheet, ds []Drawn, seqs []uint64) (d Drawn, read uint64, err error) {
	text, err := s.Freeze()
	if err != nil {
		return d, 0, told(err)
	}
	d = Drawn{Entry: e.ID(), N: len(ds) + 1, Sheet: text, Hash: draw.Hash(text), FrozenBy: who, Frozen: b.now()}
	if n := len(ds); n > 0 && ds[n-1].Seed == "" {
		d.N, read = n, seqs[n-1]
	}
	if i := slices.IndexFunc(ds, func(x Drawn) bool { return x.Hash == s.After }); i >= 0 {
		d.Again = ds[i].N
	}
	return d, read, nil
}

// Again is the sheet of a redraw of the entry's last draw, with its reason. What is out takes no part; the rest stays.
func (b *Book) Again(e Entry, reason string, out ...string) (*draw.Sheet, error) {
	ds, err := b.Draws(e)
	if err != nil {
		return nil, err
	}
	i := len(ds) - 1
	for ; i >= 0 && ds[i].Seed == ""; i-- {
	}
	if i < 0 {
		return nil, unmet("not-drawn", nil)
	}
	s, err := draw.Parse(ds[i].Sheet)
	if err != nil {
		return nil, err
	}
	next, err := s.Again(&draw.Result{Hash: ds[i].Hash, Picks: ds[i].Picks}, reason, out...)
	if err != nil {
		return nil, told(err)
	}
	if n := len(ds[i].Picks); n > 0 {
		next.Last = ds[i].Picks[n-1].Team
	}
	return next, nil
}

// Draw draws with the seed that was stated, by whom or where: from the entry's frozen sheet where s is nil, else from s,
// which is frozen and drawn in one act; the record shows which.
func (b *Book) Draw(ctx context.Context, who office.PersonID, e Entry, s *draw.Sheet, seed draw.Seed, stated string) (*Drawn, error) {
	if err := b.allowed(who, e.Quota.regime); err != nil {
		return nil, err
	}
	ds, seqs, err := b.draws(e.ID() + "/")
	if err != nil {
		return nil, err
	}
	for _, d := range ds {
		if d.Seed == seed.String() {
			return nil, unmet("seed-used", refusal.Args{"seed": d.Seed, "n": strconv.Itoa(d.N)})
		}
	}
	var d Drawn
	var read uint64
	switch n := len(ds) - 1; {
	case s != nil:
		if d, read, err = b.frozen(who, e, s, ds, seqs); err != nil {
			return nil, err
		}
	case n < 0 || ds[n].Seed != "":
		return nil, unmet("not-frozen", nil)
	default:
		d, read = ds[n], seqs[n]
	}
	today := b.Engine.Today()
	switch {
	case seed.Day > today:
		return nil, unmet("seed-in-future", refusal.Args{"day": seed.Day.String(), "today": today.String()})
	case seed.Day < calendar.In(d.Frozen):
		return nil, unmet("seed-older", refusal.Args{"day": seed.Day.String(), "frozen": calendar.In(d.Frozen).String()})
	}
	r, err := draw.Draw(d.Sheet, seed)
	if err != nil {
		return nil, err
	}
	d.Seed, d.Stated, d.By, d.Drawn, d.Picks = seed.String(), strings.TrimSpace(stated), who, b.now(), r.Picks
	number, counted, err := b.number()
	if err != nil {
		return nil, err
	}
	d.Number = number
	return &d, b.keep(ctx, ledger.RecordWrite{Kind: KindDraw, ID: d.id(), Read: read}, d, counted)
}

// kindCount is the record of how many draws were numbered in a year; its id is the year.
const kindCount = "draw-count"

// number is the next number of a draw's paper, by the office's template, with the write that takes it.
func (b *Book) number() (string, ledger.RecordWrite, error) {
	today := b.Engine.Today()
	y, _, _ := today.YMD()
	year := strconv.Itoa(y)
	n := 0
	seq, err := b.Engine.Stored(kindCount, year, &n)
	if err != nil {
		return "", ledger.RecordWrite{}, err
	}
	w, err := engine.Record(kindCount, year, seq, n+1)
	o := b.Engine.Office()
	typ := o.Text("type/draw", today)
	return strings.NewReplacer("{word}", o.Text("word", today), "{type}", typ, "{year}", year, "{n}", strconv.Itoa(n+1+o.PaperNumbers(typ, y))).
		Replace(o.Text("number/case", today)), w, err
}

// Publish lets whoever has the address of a draw read its result; before that they read only that the sheet was frozen, and
// its hash.
func (b *Book) Publish(ctx context.Context, who office.PersonID, e Entry, n int) error {
	if err := b.allowed(who, e.Quota.regime); err != nil {
		return err
	}
	ds, seqs, err := b.draws(e.ID() + "/")
	if err != nil {
		return err
	}
	if n < 1 || n > len(ds) || ds[n-1].Seed == "" {
		return unmet("not-drawn", nil)
	}
	d := ds[n-1]
	if !d.Public.IsZero() {
		return nil // a second press
	}
	d.Public, d.PublicBy = b.now(), who
	return b.keep(ctx, ledger.RecordWrite{Kind: KindDraw, ID: d.id(), Read: seqs[n-1]}, d)
}

// told makes a fault of a sheet an error for the person.
func told(err error) error {
	var f *draw.Fault
	if !errors.As(err, &f) {
		return err
	}
	return &refusal.Error{Code: refusal.ConditionUnmet, Cause: err, Conditions: []refusal.Condition{{Code: refusal.Code(f.Code),
		Args: refusal.Args{"of": f.Of, "need": strconv.Itoa(f.Need), "have": strconv.Itoa(f.Have)}}}}
}
