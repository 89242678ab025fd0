package plan

import (
	"dossier/engine/calendar"
	"dossier/engine/text"
)

// Told is how one quota was kept in a period, as programs read it: the parts are what the quota counts, objects covered or
// rounds made.
type Told struct {
	Quota   string        `json:"quota"`
	Title   string        `json:"title"`
	Regime  string        `json:"regime"`
	Whom    string        `json:"whom"`
	From    calendar.Date `json:"from"`
	To      calendar.Date `json:"to"`
	Done    int           `json:"done"` // of Of
	Of      int           `json:"of"`
	Planned int           `json:"planned"`
	State   State         `json:"state"`
	Entry   string        `json:"entry"` // its page tells the checks behind it: /plans/ENTRY
}

// Between is where each quota stands in each of its periods that has a day between two days, in the list's order: the periods
// of one quota in a year stand one after another.
func (b *Book) Between(from, to calendar.Date, lang text.Lang) ([]Told, error) {
	first, _, _ := from.YMD()
	last, _, _ := min(to, b.Engine.Today()).YMD()
	out := []Told{}
	for year := max(first, last-9); year <= last; year++ { // ten years at most
		all, err := b.Calendar(year)
		if err != nil {
			return nil, err
		}
		for _, ps := range all {
			for _, p := range ps {
				if q := p.Quota; p.Period.End >= from && p.Period.Start <= min(to, b.Engine.Today()) {
					out = append(out, Told{q.Name(), q.Title.In(lang), q.regime.Title.In(lang), q.Whom.In(lang), p.Period.Start, p.Period.End, p.Parts, p.Whole, p.Planning, p.State, p.ID()})
				}
			}
		}
	}
	return out, nil
}
