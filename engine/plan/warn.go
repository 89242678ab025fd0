package plan

import (
	"slices"

	"dossier/engine/listing"
	"dossier/engine/procedure"
	"dossier/engine/text"
)

// Warnings are the quotas that end short, as whoever keeps alerts tells them: at each threshold those who plan for the
// regime, from the last one on and once it is missed those who approve its checks too.
func (b *Book) Warnings() ([]listing.Crossing, error) {
	all, err := b.Read(b.Engine.Today())
	if err != nil {
		return nil, err
	}
	var out []listing.Crossing
	for i := range all {
		p := &all[i]
		if p.State != Short && p.State != Missed {
			continue
		}
		q := p.Quota
		c := listing.Crossing{Clock: listing.QuotaClock, Of: p.ID(), Threshold: p.Crossed, Due: p.Period.End, Day: p.Period.End.Add(-p.Crossed),
			Red: p.State == Missed || p.Crossed == slices.Min(q.warn)}
		title := func(lang text.Lang) string {
			return text.T(lang, "quota.short", "regime", q.regime.Title.In(lang), "quota", q.Title.In(lang), "period", p.Period.Name, "n", p.Whole-p.Parts)
		}
		c.Title = procedure.Label{ZH: title(text.ZH), EN: title(text.EN)}
		for _, l := range q.Law {
			if cite, err := procedure.ParseCitation(l); err == nil {
				c.Law.Cites = append(c.Law.Cites, cite)
			}
		}
		posts := q.regime.Plans
		if c.Red {
			posts = slices.Concat(posts, b.Quotas.Approve)
		}
		c.To = b.holders(posts)
		out = append(out, c)
	}
	return out, nil
}

// holders are who holds one of the posts today, each once.
func (b *Book) holders(posts []procedure.Actor) []listing.Recipient {
	var out []listing.Recipient
	for _, post := range posts {
		for _, id := range b.Engine.Office().Holders(post, b.Engine.Today()) {
			if !slices.ContainsFunc(out, func(r listing.Recipient) bool { return r.Person == id }) {
				out = append(out, listing.Recipient{Person: id, As: post})
			}
		}
	}
	return out
}
