package sheet

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"

	"dossier/engine"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
	"dossier/engine/takeover"
	"dossier/engine/text"
)

// Trial is one row tried: what taking it over would bring, or its flaws.
type Trial struct {
	*CaseRow
	takeover.Rehearsal
	Flaws []Flaw
}

// Good tells whether the row can be taken over now.
func (t *Trial) Good() bool { return len(t.Flaws) == 0 && t.Prior == 0 }

// Flaw is what is wrong with one cell: the column where it is shown, how the place is called, and what to do.
type Flaw struct {
	Path  string // of a column of the main sheet
	Place string
	Text  string
}

// Try tries every row for the person, keeping nothing. Lang is the language of the flaws; columns keep their own titles.
func (c *Cases) Try(ctx context.Context, e *engine.Engine, who office.PersonID, s *CaseSheet, lang text.Lang) ([]Trial, error) {
	begun := make([]takeover.Begun, len(s.Rows))
	for i := range s.Rows {
		begun[i] = s.Rows[i].Begun
		begun[i].Actor = who
	}
	rs, err := takeover.Rehearse(ctx, e, begun)
	if err != nil {
		return nil, err
	}
	out := make([]Trial, len(rs))
	for i := range rs {
		out[i] = Trial{CaseRow: &s.Rows[i], Rehearsal: rs[i]}
		if rs[i].Prior == 0 {
			out[i].Flaws = c.flaws(lang, s, i, rs[i].Err)
		}
	}
	return out, nil
}

// flaws are the faults of the sheet and those that the engine found, in the order of the columns, one a cell.
func (c *Cases) flaws(lang text.Lang, s *CaseSheet, i int, err *refusal.Error) []Flaw {
	row := &s.Rows[i]
	var out []Flaw
	told := map[string]bool{}
	if err == nil {
		err = &refusal.Error{}
	}
	for _, f := range append(slices.Clone(row.Faults), err.Fields...) {
		if told[f.Path] {
			continue
		}
		told[f.Path] = true
		place := c.Place(row, f.Path)
		args := refusal.Args{}
		maps.Copy(args, f.Args)
		args["field"] = place
		if f.Why == "field.choice" {
			args["allowed"] = c.allowed(f.Path)
			if at := row.Texts[f.Path]; f.Path == stateColumn && slices.Contains(c.signed(), at) {
				f.Why, args = "sheet.signing", refusal.Args{"at": at, "first": c.first()}
			}
		}
		f.Args = args
		out = append(out, Flaw{c.Column(f.Path), place, err.SayField(lang, f)})
	}
	for _, x := range err.Conditions {
		path := officersColumn
		if x.Code == "same-row" {
			path = keyColumn
			if n, bad := strconv.Atoi(x.Args["n"]); bad == nil && n <= len(s.Rows) {
				x.Args = refusal.Args{"n": strconv.Itoa(s.Rows[n-1].N)}
			}
		}
		say := err.SayCondition(lang, x)
		if law := c.law(x.Law); law != "" {
			say += "（" + law + "）"
		}
		out = append(out, Flaw{path, c.Place(row, path), say})
	}
	order := map[string]int{}
	for n, x := range c.Columns {
		order[x.Path] = n
	}
	slices.SortStableFunc(out, func(a, b Flaw) int { return order[a.Path] - order[b.Path] })
	return out
}

// allowed are the choices of a column, where they are few enough to be told.
func (c *Cases) allowed(path string) string {
	var all []procedure.Allowed
	for _, x := range c.Columns {
		if x.Path == path {
			all = x.Options
		}
	}
	field, _, _ := strings.Cut(path, "[")
	for _, l := range c.Lists {
		for _, f := range l.Columns {
			if string(l.Field.ID) == field && strings.HasSuffix(path, "]."+string(f.ID)) {
				all = f.Choices
			}
		}
	}
	var names []string
	for _, a := range all {
		names = append(names, a.Label.ZH)
	}
	if len(names) > 12 {
		return "见“" + aboutName + "”"
	}
	return strings.Join(names, "、")
}
