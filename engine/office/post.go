package office

import (
	"slices"

	"dossier/engine/calendar"
	"dossier/engine/procedure"
)

// Posts gives the posts of the office, in the order of their file.
func (o *Office) Posts() []procedure.Post { return o.Known }

// Post finds a post, nil when the office has none of that id.
func (o *Office) Post(id procedure.Actor) *procedure.Post { return procedure.FindPost(o.Known, id) }

// Reads tells whether the person holds today, in their own right, a post that is given to read what was closed on that day.
func (o *Office) Reads(id PersonID, closed, today calendar.Date) bool {
	p := o.people[id]
	return closed != 0 && p != nil && p.Active(today) && slices.ContainsFunc(p.Posts, func(h Held) bool {
		x := o.Post(h.Post)
		return x != nil && x.Reads && h.on(today) && h.on(closed)
	})
}

// Leads tells whether the person holds a post of that rank, or of a higher one, on that day in their own right.
func (o *Office) Leads(p *Person, rank procedure.Rank, on calendar.Date) bool {
	return slices.ContainsFunc(o.Known, func(x procedure.Post) bool {
		return (x.Leads == rank || x.Leads == procedure.LeadsBureau) && p.Holds(x.ID, on)
	})
}
