package statistics

import (
	"fmt"
	"strings"

	"dossier/engine/calendar"
	"dossier/engine/office"
	"dossier/engine/penalty"
	"dossier/engine/procedure"
	"dossier/engine/text"
)

// Titles say rows in the words of the procedures and of the office.
type Titles struct {
	Editions []*procedure.Edition
	Office   *office.Office
	Lang     text.Lang
}

// Titles are the words of now.
func (b *Book) Titles(lang text.Lang) Titles {
	return Titles{b.Engine.Workflows(), b.Engine.Office(), lang}
}

// Row is the title of a row.
func (t Titles) Row(by Dimension, key string) string {
	if key == "" {
		if by == ByOutcome || by == ByHandling || by == ByOfficer {
			return text.T(t.Lang, "statistics.none."+string(by))
		}
		return text.T(t.Lang, "statistics.none")
	}
	switch by {
	case ByProcedure:
		return t.Procedure(procedure.WorkflowID(key))
	case ByOfficer:
		return t.Office.Name(office.PersonID(key))
	case ByOutcome:
		w, state, _ := strings.Cut(key, "/")
		for _, ed := range t.Editions {
			if string(ed.Def.ID) == w {
				if s := ed.Def.Main.State(procedure.StateID(state)); s != nil {
					return text.T(t.Lang, "statistics.outcome", text.Args{"state": s.Title.In(t.Lang), "procedure": ed.Def.Title.In(t.Lang)})
				}
			}
		}
		return key
	case ByMonth, ByQuarter, ByYear:
		return t.period(by, key)
	}
	return t.choices(by, key)
}

func (t Titles) period(by Dimension, key string) string {
	year, part, _ := strings.Cut(key, "-")
	return text.T(t.Lang, "statistics.in-"+string(by), text.Args{"year": year, "n": strings.TrimLeft(part, "Q0")})
}

// Procedure is a procedure's title.
func (t Titles) Procedure(id procedure.WorkflowID) string {
	for _, ed := range t.Editions {
		if ed.Def.ID == id {
			return ed.Def.Title.In(t.Lang)
		}
	}
	return string(id)
}

// Clock is a clock's title.
func (t Titles) Clock(r *ClockRow) string {
	for _, ed := range t.Editions {
		if c := ed.Def.Clock(r.Clock); ed.Def.ID == r.Workflow && c != nil {
			return c.Title.In(t.Lang)
		}
	}
	return string(r.Clock)
}

// Standard is the title of a standard of discretion with its law.
func (t Titles) Standard(id penalty.ID) string {
	if s := t.Office.Standards.Near(id, penalty.Unverified); s != nil {
		return s.Title + "（" + s.Basis.In(text.ZH) + "）"
	}
	return string(id)
}

// choices are the labels of a field's choices that a row is made of, by the first procedure that knows them.
func (t Titles) choices(by Dimension, key string) string {
	var words []string
	for _, value := range strings.Split(key, ",") {
		words = append(words, t.choice(by, value))
	}
	return strings.Join(words, text.T(t.Lang, "statistics.and"))
}

func (t Titles) choice(by Dimension, value string) string {
	for _, ed := range t.Editions {
		for _, f := range fieldsOf(ed, by) {
			for _, c := range f.Choices {
				if c.Value == value {
					return c.Label.In(t.Lang)
				}
			}
		}
	}
	return value
}

// fieldsOf are the fields whose values a dimension tells apart, in a procedure's forms.
func fieldsOf(ed *procedure.Edition, by Dimension) []*procedure.Field {
	k := &ed.Def.Terms.Counted
	id := map[Dimension]procedure.FieldID{BySource: k.Source, ByCategory: k.Category, ByIndustry: k.Industry, ByTownship: k.Township, ByHandling: k.Handling.Field}[by]
	var out []*procedure.Field
	for _, form := range ed.Def.Forms() {
		if f := ed.Forms[form]; f != nil && id != "" {
			if x := f.Field(id); x != nil && (x.Shared || form == k.Handling.Form) {
				out = append(out, x)
			}
		}
	}
	return out
}

// Told is an answer as the API and the command line give it: keys with their words beside them.
type Told struct {
	From    calendar.Date `json:"from"`
	To      calendar.Date `json:"to"`
	By      Dimension     `json:"by,omitempty"`
	Only    string        `json:"workflow,omitempty"`
	Total   []ToldCell    `json:"total"`
	Rows    []ToldRow     `json:"rows,omitempty"`
	Clocks  []ToldClock   `json:"clocks"`
	Gates   []ToldGate    `json:"gates"`
	Fines   []ToldPenalty `json:"penalties"`
	Damaged []int64       `json:"damaged,omitempty"`
}

// ToldCell is one figure; money is in fen.
type ToldCell struct {
	Measure string `json:"measure"`
	Title   string `json:"title"`
	Means   string `json:"means"`
	Unit    Unit   `json:"unit"`
	N       int64  `json:"n"`
	Before  int64  `json:"before"` // of the same period of the year before
}

// ToldRow is one row: its figures by measure.
type ToldRow struct {
	Key   string           `json:"key"`
	Title string           `json:"title"`
	Cells map[string]int64 `json:"cells"`
}

// ToldClock is how a clock was kept; the share is in tenths of a percent, -1 of none.
type ToldClock struct {
	Workflow procedure.WorkflowID `json:"workflow"`
	Clock    procedure.ClockID    `json:"clock"`
	Title    string               `json:"title"`
	Unit     calendar.Unit        `json:"unit"`
	Done     int                  `json:"done"`
	InTime   int                  `json:"in_time"`
	Late     int                  `json:"late"`
	Share    int                  `json:"share"`
	Median   int                  `json:"median"`
	Ninth    int                  `json:"ninth"`
	Still    int                  `json:"still"`
}

// ToldGate is how a post signs.
type ToldGate struct {
	Post     procedure.Actor `json:"post"`
	Title    string          `json:"title"`
	Signed   int             `json:"signed"`
	Returned int             `json:"sent_back"`
	Median   int             `json:"median"`
	Ninth    int             `json:"ninth"`
}

// ToldPenalty is how often a tier of a standard was decided on; money is in fen.
type ToldPenalty struct {
	Standard penalty.ID   `json:"standard"`
	Title    string       `json:"title"`
	Tier     penalty.Tier `json:"tier"`
	N        int          `json:"n"`
	Fine     int64        `json:"fine"`
	Took     int64        `json:"confiscated"`
}

// Tell says an answer, with the figures of the year before beside it.
func (b *Book) Tell(f, before *Figures, lang text.Lang) *Told {
	t := b.Titles(lang)
	out := &Told{From: f.Query.From, To: f.Query.To, By: f.Query.By, Only: string(f.Query.Only), Clocks: []ToldClock{}, Gates: []ToldGate{}, Fines: []ToldPenalty{}}
	for _, m := range b.Measures {
		out.Total = append(out.Total, ToldCell{m.ID, m.Title.In(t.Lang), m.Means.In(t.Lang), m.Unit, f.Total.Cell(m.ID), before.Total.Cell(m.ID)})
	}
	for i := range f.Rows {
		r := ToldRow{f.Rows[i].Key, t.Row(f.Query.By, f.Rows[i].Key), map[string]int64{}}
		for _, m := range b.Measures {
			r.Cells[m.ID] = f.Rows[i].Cell(m.ID)
		}
		out.Rows = append(out.Rows, r)
	}
	for i := range f.Clocks {
		c := &f.Clocks[i]
		out.Clocks = append(out.Clocks, ToldClock{c.Workflow, c.Clock, t.Clock(c), c.Unit, c.Done, c.InTime, c.Late, c.Share(), c.Median, c.Ninth, c.Still})
	}
	for _, g := range f.Gates {
		title := string(g.Post)
		if p := t.Office.Post(g.Post); p != nil {
			title = p.Title.In(t.Lang)
		}
		out.Gates = append(out.Gates, ToldGate{g.Post, title, g.Signed, g.Returned, g.Median, g.Ninth})
	}
	for _, p := range f.Penalties {
		out.Fines = append(out.Fines, ToldPenalty{p.Standard, t.Standard(p.Standard), p.Tier, p.N, p.Fine, p.Took})
	}
	for _, d := range f.Damaged {
		out.Damaged = append(out.Damaged, int64(d.Case))
	}
	return out
}

// Value writes a figure in its unit: money in yuan.
func (u Unit) Value(n int64) string {
	if u == Money {
		sign := ""
		if n < 0 {
			sign, n = "-", -n
		}
		return sign + procedure.FormatMoney(n)
	}
	return fmt.Sprint(n)
}

// Told answers and says the answer.
func (b *Book) Told(q Query, lang text.Lang) (*Told, error) {
	f, before, err := b.Both(q)
	if err != nil {
		return nil, err
	}
	return b.Tell(f, before, lang), nil
}

// Both answers for a period and for the same of the year before.
func (b *Book) Both(q Query) (f, before *Figures, err error) {
	q.Known = b.Procedures()
	if err := q.Fault(); err != nil {
		return nil, nil, err
	}
	if before, err = b.Answer(q.Before()); err != nil {
		return nil, nil, err
	}
	f, err = b.Answer(q)
	return f, before, err
}
