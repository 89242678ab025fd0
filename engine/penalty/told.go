package penalty

import (
	"fmt"

	"dossier/engine/calendar"
	"dossier/engine/text"
)

// Listing is a standard as programs read it: dossier penalty --list --json, GET /penalty.
type Listing struct {
	ID         ID            `json:"id"`
	Title      string        `json:"title"`
	Basis      string        `json:"basis"`    // the provision punished under, with its text
	Violated   string        `json:"violated"` // the provisions broken, with their texts
	From       calendar.Date `json:"from"`     // 0001-01-01 where nobody has verified the day
	To         calendar.Date `json:"to,omitempty"`
	Range      listedRange   `json:"range"`
	Person     *listedRange  `json:"person,omitempty"`   // of the person in charge, beside the unit's
	NoGains    *listedRange  `json:"no-gains,omitempty"` // where there are no gains
	Tiers      []string      `json:"tiers"`
	Kinds      []Kind        `json:"kinds"`
	Parties    []Party       `json:"parties"`
	Licence    string        `json:"licence,omitempty"`
	OrderFirst string        `json:"order-first,omitempty"`
	Successors []ID          `json:"successors,omitempty"`
	Unverified string        `json:"unverified,omitempty"`
}

type listedRange struct {
	Kind RangeKind `json:"kind"` // fixed, per-person, multiple or up-to
	Low  string    `json:"low"`  // yuan with two decimals; of a multiple the number of times
	High string    `json:"high"`
	Of   string    `json:"of,omitempty"`
	May  bool      `json:"may,omitempty"`
	Per  string    `json:"per,omitempty"` // day: the multiple is of each day
}

// Listing tells the standard.
func (s *Standard) Listing() Listing {
	l := Listing{ID: s.ID, Title: s.Title, Basis: cited(s.Basis), From: s.From, To: s.To, Range: *listed(s.Range(s.Parties()[0])), NoGains: listed(s.NoGains),
		Kinds: []Kind{}, Tiers: Names(s.Tiers(s.Main())), Parties: s.Parties(), Licence: s.Licence, OrderFirst: s.OrderFirst, Successors: s.Successors, Unverified: s.Unverified}
	if s.Unit != nil {
		l.Person = listed(s.Person)
	}
	for i, v := range s.Violated {
		if i > 0 {
			l.Violated += "\n"
		}
		l.Violated += cited(v)
	}
	for _, k := range s.Kinds {
		l.Kinds = append(l.Kinds, k.Kind)
	}
	return l
}

func listed(r *Range) *listedRange {
	if r == nil {
		return nil
	}
	l := &listedRange{Kind: r.Kind, Low: Fen(r.Low).String(), High: Fen(r.High).String(), Of: r.Of, May: r.May}
	switch r.Kind {
	case Multiple:
		l.Low, l.High = Fen(r.Low).Plain(), Fen(r.High).Plain()
	case Daily:
		l.Kind, l.Low, l.High, l.Per = Multiple, fmt.Sprintf("0.%04d", r.Low), fmt.Sprintf("0.%04d", r.High), "day"
	}
	return l
}

// cited is a provision with its text: 《劳动保障监察条例》第三十条第一款：有下列行为之一的……
func cited(p Provision) string {
	if p.Text == "" {
		return p.In(text.ZH)
	}
	return p.In(text.ZH) + "：" + p.Text
}

// Names are tiers as people write them.
func Names(ts []Tier) []string {
	names := []string{}
	for _, t := range ts {
		names = append(names, t.In(text.ZH))
	}
	return names
}

// Verdict is an answer as programs read it: dossier penalty STANDARD --json.
type Verdict struct {
	Standard ID       `json:"standard"`
	Party    Party    `json:"party"`
	Tier     string   `json:"tier"`
	Low      Fen      `json:"low"`
	High     Fen      `json:"high"`
	Proposed Fen      `json:"proposed"`
	Lawful   bool     `json:"lawful"`
	Why      []string `json:"why"`
	Working  []string `json:"working"`
}

// Verdict tells the answer.
func (a *Answer) Verdict(lang text.Lang) Verdict {
	return Verdict{a.Standard.ID, a.Party, a.Tier.In(text.ZH), a.Low, a.High, a.Proposed, a.Lawful, Sentences(a.Why, lang), Sentences(a.Working, lang)}
}

// Bearing is a circumstance as programs read it.
type Bearing struct {
	ID         string   `json:"id"`
	Title      string   `json:"title"`
	Law        string   `json:"law"`
	Tiers      []string `json:"tiers"`
	Must       bool     `json:"must,omitempty"`
	Of         []ID     `json:"of,omitempty"` // the standards that it belongs to; absent: all
	Evidence   string   `json:"evidence"`
	Unverified string   `json:"unverified,omitempty"`
}

// Bearings tells all circumstances.
func (b *Book) Bearings() []Bearing {
	out := []Bearing{}
	for _, c := range b.Circumstances("") {
		out = append(out, Bearing{c.ID, c.Title, c.Law.In(text.ZH), Names(c.Tiers), c.Must, c.Of, c.Evidence, c.Unverified})
	}
	return out
}
