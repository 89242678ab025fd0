package procedure

import (
	"maps"
	"slices"
)

// PaperForm is what is asked of a case that was begun on paper, beside the day on which it was received: the values of
// the case that the procedure's opening asks, where it stands, its days and its numbers.
type PaperForm struct {
	Received Label     // the opening's own day
	Opening  []Field   // shared values that one of the opening's forms asks, each once
	States   []Allowed // of the main walk, but those at which the opening's form is still being signed
	Facts    []*Fact   // but the opening's own, and those kept per document: a document on paper is none on record
	Numbers  []Allowed // "intake", "case": those that the procedure gives
	Officers bool      // the procedure assigns officers
}

// PaperForm gives what is asked of a case of the procedure that was begun on paper. It is nobody's to change.
func (ed *Edition) PaperForm() *PaperForm {
	ed.papering.Do(func() { ed.paper = ed.askOnPaper() })
	return ed.paper
}

func (ed *Edition) askOnPaper() *PaperForm {
	p := &PaperForm{}
	own := map[FactID]bool{}
	for _, fs := range ed.Def.Open.Fact.Values() {
		for _, id := range fs {
			own[id] = true
			if f := ed.Def.Fact(id); f != nil && p.Received.ZH == "" {
				p.Received = f.Title
			}
		}
	}
	asked := map[FieldID]bool{}
	blanks := ed.Def.Open.Blanks()
	slices.Reverse(blanks) // the last is the form for every case, those before it are for some
	for _, fp := range blanks {
		form := ed.Forms[fp.Form]
		if form == nil || form.Part(fp.Part) == nil {
			continue
		}
		for _, f := range form.Part(fp.Part).Fields {
			switch f.Type {
			case File, Document, Respondent, CaseRef:
				continue
			}
			if f.Shared && f.Shows == nil && !asked[f.ID] {
				asked[f.ID] = true
				p.Opening = append(p.Opening, f)
			}
		}
	}
	if id := ed.Def.Terms.Parties.Table; ed.Def.Apart != "" && !asked[id] {
		for _, name := range slices.Sorted(maps.Keys(ed.Forms)) {
			if f := ed.Forms[name].Field(id); f != nil && f.Shared {
				p.Opening = append(p.Opening, *f) // each walks alone, so that where each stands must be told
				break
			}
		}
	}
	titles := map[string]bool{}
	for _, st := range ed.Def.Main.States {
		if ed.Signing(st.ID) != "" {
			continue
		}
		l := st.Title
		if titles[l.ZH] || l.ZH == "" {
			l.ZH += "（" + string(st.ID) + "）"
		}
		titles[l.ZH] = true
		p.States = append(p.States, Allowed{Value: string(st.ID), Label: l})
	}
	for i := range ed.Def.Facts {
		if f := &ed.Def.Facts[i]; !own[f.ID] && !slices.Contains(f.Per, "document") {
			p.Facts = append(p.Facts, f)
		}
	}
	given := map[string]bool{}
	ed.Def.Each(func(_ *Walk, _ *State, a *Action) {
		given[a.Number] = true
		p.Officers = p.Officers || len(a.Assigns) > 0
	})
	for _, k := range NumberKinds {
		if given[k.Value] {
			p.Numbers = append(p.Numbers, k)
		}
	}
	return p
}

// NumberKinds are the numbers that a case has.
var NumberKinds = []Allowed{{Value: "intake", Label: Label{ZH: "收件号", EN: "Intake number"}}, {Value: "case", Label: Label{ZH: "案号", EN: "Case number"}}}
