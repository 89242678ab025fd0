package review

import (
	"maps"
	"slices"
	"strconv"

	"dossier/engine/casefile"
	"dossier/engine/charges"
	"dossier/engine/procedure"
)

// Few asks that a field name so many people at least.
type Few struct {
	At    procedure.FieldRef
	Least int
}

// Empty asks that fields not be blank in papers that count. What is a particular of the party to whom a paper goes is asked
// of that party.
type Empty []procedure.FieldRef

// Not asks that a field have a value.
type Not struct {
	At   procedure.FieldRef
	Want string
}

// Differ asks that fields of papers agree.
type Differ []procedure.FieldRef

// Sums asks that sums agree.
type Sums [][]Amount

// Amount is a part of a sum: a field of money, or a column of a table, added up or taken off.
type Amount struct {
	procedure.FieldRef
	Column procedure.FieldID // "": the field itself
	Less   bool
}

func (Few) Name() string    { return "few" }
func (Empty) Name() string  { return "empty" }
func (Not) Name() string    { return "not" }
func (Differ) Name() string { return "differ" }
func (Sums) Name() string   { return "differ" }

func (k Few) ask(x *looker) {
	x.each(k.At, func(m Mark, _ casefile.Paper, v procedure.Value) {
		if n := len(v.Strings()); n < k.Least {
			m.Found = []string{strconv.Itoa(n)}
			x.mark(m)
		}
	})
}

func (k Empty) ask(x *looker) {
	for _, at := range k {
		x.each(at, func(m Mark, p casefile.Paper, v procedure.Value) {
			if own, ok := x.particular(p, at.Field); ok {
				v = procedure.TextValue(own)
			}
			if v.Empty() {
				x.mark(m)
			}
		})
	}
}

// particular is what the table of the parties says, in a case of several, of the one to whom the paper goes; ok is false
// where the field is no particular, or the paper goes to all, or to the one by whose name the case goes and who has only that of the case.
func (x *looker) particular(p casefile.Paper, field procedure.FieldID) (own string, ok bool) {
	terms := &x.view.Edition.Def.Terms
	rows := x.c.Shared[terms.Parties.Table].Rows
	if len(rows) < 2 || p.Party() == "" {
		return "", false
	}
	for _, column := range slices.Sorted(maps.Keys(terms.Own)) {
		if terms.Own[column] != field {
			continue
		}
		for _, r := range rows {
			if r[terms.Parties.Column] == p.Party() {
				return r[column], r[column] != "" || p.Party() != casefile.Party(x.view.Edition.Def, x.c)
			}
		}
	}
	return "", false
}

func (k Not) ask(x *looker) {
	x.each(k.At, func(m Mark, _ casefile.Paper, v procedure.Value) {
		if !v.Empty() && !v.Has(k.Want) {
			x.mark(m)
		}
	})
}

// each gives a field's value in each paper that counts and whose part with the field is filled.
func (x *looker) each(at procedure.FieldRef, f func(Mark, casefile.Paper, procedure.Value)) {
	form := x.view.Edition.Forms[at.Form]
	if form == nil {
		return
	}
	field := form.Field(at.Field)
	if field == nil {
		return
	}
	for _, p := range x.papers(at.Form) {
		for _, filled := range present(p, form) {
			part := form.Part(filled.Part)
			if !slices.ContainsFunc(part.Fields, func(y procedure.Field) bool { return y.ID == at.Field }) {
				continue
			}
			x.asked = true
			f(Mark{At: at.Form, N: p.Doc, Day: filled.Day, Found: []string{string(at.Field)}}, p, filled.Values[at.Field])
		}
	}
}

// ask compares the latest value of each field; where one has none it isn't compared.
func (k Differ) ask(x *looker) {
	var at []procedure.FieldRef
	var values []procedure.Value
	var days []Mark
	for _, f := range k {
		var last procedure.Value
		var where Mark
		x.each(f, func(m Mark, _ casefile.Paper, v procedure.Value) {
			if !v.Empty() {
				last, where = v, m
			}
		})
		if !last.Empty() {
			at, values, days = append(at, f), append(values, last), append(days, where)
		}
	}
	x.asked = len(values) > 1
	for i := 1; i < len(values); i++ {
		if !values[i].Equal(values[0]) {
			x.mark(Mark{At: at[i].Form, N: days[i].N, Day: days[i].Day, Found: []string{values[0].String(), values[i].String()}})
		}
	}
}

// ask compares sums of the latest papers; one whose latest paper says nothing isn't compared. Where there are several parties each
// has papers of its own, and nothing is compared.
func (k Sums) ask(x *looker) {
	if len(casefile.Parties(x.view.Edition.Def, x.c)) > 1 {
		return
	}
	first, said := int64(0), false
	for _, side := range k {
		sum, any := int64(0), false
		var where Mark
		for _, a := range side {
			n, at, ok := x.amount(a)
			if !ok {
				any = false
				break
			}
			if a.Less {
				n = -n
			}
			sum, where, any = sum+n, at, true
		}
		switch {
		case !any:
		case !said:
			first, said = sum, true
		case x.compared(sum != first):
			where.Found = []string{procedure.FormatMoney(first), procedure.FormatMoney(sum)}
			x.mark(where)
		}
	}
}

// compared tells whether what was asked is a fault.
func (x *looker) compared(fault bool) bool {
	x.asked = true
	return fault
}

// amount is what the latest filling of a form says: of a field that the table of violations adds up, what its rows make.
func (x *looker) amount(a Amount) (fen int64, at Mark, ok bool) {
	form := x.view.Edition.Forms[a.Form]
	violations := &x.view.Edition.Def.Terms.Severity.Violations
	field := a.Field
	if added := form != nil && a.Form == violations.Form && a.Column == "" && violations.Adds(a.Field); added {
		field = violations.Table
	}
	asked := x.asked
	x.each(procedure.FieldRef{Form: a.Form, Field: field}, func(m Mark, _ casefile.Paper, v procedure.Value) {
		if fen, at, ok = 0, m, !v.Empty(); !ok {
			return
		}
		switch {
		case field != a.Field:
			fen = procedure.Fen(charges.Table{Violations: violations, Rows: v.Rows}.Sum(a.Field))
		case a.Column == "":
			fen = procedure.Fen(v)
		}
		for _, r := range v.Rows {
			fen += procedure.Fen(procedure.TextValue(r[a.Column]))
		}
	})
	x.asked = asked // only what is compared was asked
	return fen, at, ok
}

func (k Few) fits(n *needs) { n.fields(k.At) }

func (k Empty) fits(n *needs) { n.fields(k...) }

func (k Not) fits(n *needs) { n.fields(k.At) }

func (k Differ) fits(n *needs) { n.fields(k...) }

func (k Sums) fits(n *needs) {
	for _, a := range slices.Concat(k...) {
		n.fields(a.FieldRef)
		if form := n.ed.Forms[a.Form]; form != nil && form.Field(a.Field) != nil && a.Column != "" {
			n.lack(slices.ContainsFunc(form.Field(a.Field).Columns, func(c procedure.Field) bool { return c.ID == a.Column }), "column %s.%s", a.FieldRef, a.Column)
		}
	}
}
