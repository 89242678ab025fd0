package review

import (
	"slices"

	"dossier/engine/casefile"
	"dossier/engine/procedure"
)

// Backward asks that no part of these forms be signed before the part that it follows.
type Backward []procedure.FormID

// Unasked asks the same of every form of which no other rule asks it.
type Unasked struct{}

// Unsigned asks for a signed scan of each issued document of these forms.
type Unsigned []procedure.FormID

// Missing asks that one of the forms be filled once a fact has its day.
type Missing struct {
	Forms []procedure.FormID
	After procedure.FactID
	When  []procedure.FormID // only where one of these was issued
}

// Owed asks for what the file owes by now, but for what another rule asks by name. Each thing costs the rule's points.
type Owed struct{}

// Open asks that findings be answered.
type Open struct{}

func (Backward) Name() string { return "backward" }
func (Unasked) Name() string  { return "backward" }
func (Unsigned) Name() string { return "unsigned" }
func (Missing) Name() string  { return "missing" }
func (Owed) Name() string     { return "owed" }
func (Open) Name() string     { return "open" }

func (k Backward) ask(x *looker) {
	for _, id := range k {
		form := x.view.Edition.Forms[id]
		if form == nil {
			continue
		}
		for _, p := range x.papers(id) {
			parts := present(p, form)
			for i := 1; i < len(parts); i++ {
				x.asked = true
				if parts[i].Day < parts[i-1].Day {
					x.mark(Mark{At: id, N: p.Doc, Day: parts[i].Day, Due: parts[i-1].Day})
				}
			}
		}
	}
}

func (Unasked) ask(x *looker) {
	Backward(slices.DeleteFunc(x.view.Edition.Def.Forms(), func(f procedure.FormID) bool {
		return slices.ContainsFunc(x.all, func(r Rule) bool { named, ok := r.Check.(Backward); return ok && slices.Contains(named, f) })
	})).ask(x)
}

func (k Unsigned) ask(x *looker) {
	for _, d := range x.issued(k) {
		x.asked = true
		if !slices.ContainsFunc(x.c.Files, func(f casefile.Attachment) bool { return f.Doc == d.N && f.Superseded == 0 }) {
			x.mark(Mark{At: d.Form, N: d.N, Day: d.Day})
		}
	}
}

func (k Missing) ask(x *looker) {
	_, day, ok := x.bounds(k.After)
	if !ok || len(k.When) > 0 && len(x.issued(k.When)) == 0 {
		return
	}
	x.asked = true
	if !slices.ContainsFunc(k.Forms, func(f procedure.FormID) bool { return len(x.papers(f)) > 0 }) {
		x.mark(Mark{At: k.Forms[0], Fact: k.After, Day: day})
	}
}

func (Owed) ask(x *looker) {
	x.asked = true
	told := func(it procedure.Item) bool {
		return slices.ContainsFunc(x.all, func(r Rule) bool {
			switch k := r.Check.(type) {
			case Skipped:
				return it.Fact == k.Fact
			case Unserved:
				return it.Fact == k.Fact
			case Missing:
				return slices.Contains(k.Forms, it.Form)
			}
			return false
		})
	}
	for i := range x.view.Lacks {
		l := &x.view.Lacks[i]
		if items := l.Items(); !slices.ContainsFunc(items, told) {
			x.mark(Mark{At: items[0].Form, Fact: items[0].Fact, Lack: l})
		}
	}
}

func (Open) ask(x *looker) {
	x.asked = true
	for _, f := range x.c.Findings {
		if f.Answered == 0 {
			x.mark(Mark{Found: []string{string(f.Action)}})
		}
	}
}

func (k Backward) fits(n *needs) { n.forms(k...) }

func (Unasked) fits(*needs) {}

func (k Unsigned) fits(n *needs) { n.forms(k...) }

func (k Missing) fits(n *needs) {
	n.fact(k.After)
	n.forms(slices.Concat(k.Forms, k.When)...)
}

func (Owed) fits(*needs) {}

func (Open) fits(*needs) {}
