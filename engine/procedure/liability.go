package procedure

import (
	"slices"
	"strings"
)

// Liability is one kind of what parties owe, as the guard nothing-owed words it.
type Liability struct {
	Owed, Paid []FieldRef // fields that say how much, of one name on several forms the one filled last; and what was paid
	By         []FormID   // the documents by which it is owed
	Unless     FactID     // the fact that frees from it
	Anew       bool       // what the latest paper asks for is asked anew: what was paid before it is not set against it
}

// LiabilityOf reads a debt from the arguments of a guard.
func LiabilityOf(a Arg) Liability {
	d := Liability{Owed: Refs(a.Named["owed"]), Paid: Refs(a.Named["paid"]), Unless: FactID(a.Named["unless"].Text), Anew: a.Named["anew"].Text != ""}
	for _, f := range a.Named["by"].Strings() {
		d.By = append(d.By, FormID(f))
	}
	return d
}

// Named tells whether a field of that name says how much of the debt is owed; "total" is any.
func (d Liability) Named(kind string) bool {
	return kind == "total" || slices.ContainsFunc(d.Owed, func(o FieldRef) bool { return o.Field == FieldID(kind) })
}

// Liabilities are the different debts of the procedure's nothing-owed guards, in file order.
func (d *Definition) Liabilities() []Liability {
	var all []Liability
	add := func(name string, a Arg) {
		if x := LiabilityOf(a); name == "nothing-owed" && !slices.ContainsFunc(all, func(b Liability) bool { return slices.Equal(x.Owed, b.Owed) }) {
			all = append(all, x)
		}
	}
	test := func(t *Test) {
		if t != nil && t.Is != nil {
			add(t.Is.Name, t.Is.Arg)
		}
	}
	d.Each(func(_ *Walk, _ *State, a *Action) {
		for _, g := range a.Guards {
			add(g.Name, g.Arg)
		}
		for _, o := range a.Fact {
			test(o.When)
		}
		for _, o := range a.To {
			test(o.When)
		}
	})
	return all
}

// Ref splits FORM.field; a plain name is a field of the action itself.
func Ref(text string) FieldRef {
	if form, field, ok := strings.Cut(text, "."); ok {
		return FieldRef{Form: FormID(form), Field: FieldID(field)}
	}
	return FieldRef{Field: FieldID(text)}
}

// Refs are the fields that an argument names.
func Refs(a Arg) []FieldRef {
	var out []FieldRef
	for _, x := range a.Strings() {
		out = append(out, Ref(x))
	}
	return out
}
