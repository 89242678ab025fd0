// Package draw selects at random who is checked and by whom (双随机), so that anyone can draw again and get the same.
//
// Everything that a draw rests on stands on one [Sheet], whose canonical text is frozen and hashed before the [Seed] is
// stated. The seed is a day and a number that others choose. What follows is arithmetic, written down for other programs
// in docs/draw.md: a test repeats it in Python.
package draw

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"

	"dossier/engine/calendar"
)

// Seed is what others state before a draw: the day, and a number such as the figures of a public lottery, leading zeros
// and all.
type Seed struct {
	Day    calendar.Date
	Number string
}

// maxSeed is how many digits a number may have.
const maxSeed = 64

var seedText = regexp.MustCompile(fmt.Sprintf(`^(\d{4}-\d{2}-\d{2})/(\d{1,%d})$`, maxSeed))

// ParseSeed reads "2026-12-01/0417"; Fault seed-invalid.
func ParseSeed(s string) (Seed, error) {
	m := seedText.FindStringSubmatch(s)
	if m == nil {
		return Seed{}, fault(SeedInvalid, s)
	}
	day, err := calendar.Parse(m[1])
	if err != nil || day == 0 {
		return Seed{}, fault(SeedInvalid, s)
	}
	return Seed{day, m[2]}, nil
}

func (s Seed) String() string { return s.Day.String() + "/" + s.Number }

// Pick is one object that was drawn, with the team that checks it, whose first member is in charge.
type Pick struct {
	Object  string   // its ID
	Team    []string // IDs of officers, in the order in which they were drawn
	Kept    bool     // it stays from the draw before
	Stratum string   // the mark for which it was drawn, "" among all
}

// Result is a draw.
type Result struct {
	Hash  string // of the sheet's text
	Seed  Seed
	Picks []Pick   // what was kept first, then in the order in which they were drawn
	Full  []string // objects that had reached the ceiling and took no part
}

// Hash is the SHA-256 of a sheet's text, hex: what is published before the seed is stated.
func Hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// Draw draws from a frozen sheet. It fails with what [Parse] fails with, and for nothing else: whether the sheet can be
// drawn was asked when it was frozen.
func Draw(text string, seed Seed) (*Result, error) {
	s, err := Parse(text)
	if err != nil {
		return nil, err
	}
	r := &Result{Hash: Hash(text), Seed: seed}
	d := &drawing{sheet: s, stream: rand.NewChaCha8(sha256.Sum256([]byte(r.Hash + "\n" + seed.Day.String() + "\n" + seed.Number + "\n")))}
	for _, k := range s.Keep {
		r.Picks = append(r.Picks, Pick{Object: k.Object, Team: k.Team, Kept: true})
	}
	in, full := s.taking()
	for _, o := range full {
		r.Full = append(r.Full, o.ID)
	}
	marked := func(mark string) func(Object) bool {
		return func(o Object) bool { return slices.Contains(o.Marks, mark) }
	}
	for _, st := range s.Strata {
		have := 0
		for _, p := range r.Picks {
			if slices.Contains(s.object(p.Object).Marks, st.Mark) {
				have++
			}
		}
		r.Picks, in = d.fill(r.Picks, in, st.Count-have, marked(st.Mark), st.Mark)
	}
	r.Picks, _ = d.fill(r.Picks, in, s.Count-len(r.Picks), func(Object) bool { return true }, "")
	d.teams(r.Picks)
	return r, nil
}

// drawing is a draw as it goes on.
type drawing struct {
	sheet  *Sheet
	stream *rand.ChaCha8
}

// below is a number from 0 to n-1, each as likely: the next 64 bits that lie below the greatest multiple of n, modulo n.
func (d *drawing) below(n uint64) uint64 {
	over := (^uint64(0)%n + 1) % n // 2⁶⁴ modulo n
	for {
		if x := d.stream.Uint64(); over == 0 || x < -over {
			return x % n
		}
	}
}

// fill draws n of those objects that fit, one after the other. An object has as many tickets as its risk gives it.
func (d *drawing) fill(picks []Pick, in []Object, n int, fits func(Object) bool, stratum string) ([]Pick, []Object) {
	total := uint64(0)
	for _, o := range in {
		if fits(o) {
			total += d.sheet.tickets(o)
		}
	}
	for ; n > 0; n-- {
		x := d.below(total)
		at := slices.IndexFunc(in, func(o Object) bool {
			t := uint64(0)
			if fits(o) {
				t = d.sheet.tickets(o)
			}
			if x < t {
				return true
			}
			x -= t
			return false
		})
		total -= d.sheet.tickets(in[at])
		picks = append(picks, Pick{Object: in[at].ID, Stratum: stratum})
		in = slices.Delete(in, at, at+1)
	}
	return picks, in
}

// teams draws who checks what has no team yet: one team a trip, none of them recused from any of its objects, and never
// the same team twice in a row where another is possible.
func (d *drawing) teams(picks []Pick) {
	last := d.sheet.Last
	var trip []int // indexes of picks
	leave := func() {
		if len(trip) == 0 {
			return
		}
		last = d.team(d.free(picks, trip), last)
		for _, i := range trip {
			picks[i].Team = last
		}
		trip = nil
	}
	for i := range picks {
		if len(picks[i].Team) > 0 {
			continue
		}
		if len(trip) == d.sheet.Trip || len(d.free(picks, append(trip, i))) < d.sheet.Staff {
			leave()
		}
		trip = append(trip, i)
	}
	leave()
}

// free are the officers who are recused from none of these objects.
func (d *drawing) free(picks []Pick, trip []int) []string {
	var ids []string
	for _, o := range d.sheet.Officers {
		if !slices.ContainsFunc(trip, func(i int) bool { return o.recused(picks[i].Object) }) {
			ids = append(ids, o.ID)
		}
	}
	return ids
}

// team draws the staff of one trip.
func (d *drawing) team(free, last []string) []string {
	for {
		left, team := slices.Clone(free), []string(nil)
		for range d.sheet.Staff {
			at := int(d.below(uint64(len(left))))
			team = append(team, left[at])
			left = slices.Delete(left, at, at+1)
		}
		if len(free) == d.sheet.Staff || !slices.Equal(slices.Sorted(slices.Values(team)), slices.Sorted(slices.Values(last))) {
			return team
		}
	}
}
