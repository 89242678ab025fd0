package desk

import (
	"context"
	"fmt"
	"slices"

	"dossier/engine"
	"dossier/engine/casefile"
	"dossier/engine/change"
	"dossier/engine/ledger"
	"dossier/engine/office"
	"dossier/engine/procedure"
)

// Events reads the events of a case back, after a sequence number.
func Events(e *engine.Engine, who office.PersonID, id casefile.CaseID, after uint64) ([]casefile.Event, error) {
	d, _, veil, err := e.Look(who, id)
	if err != nil {
		return nil, err
	}
	sealed, err := e.Store.Events(id, after, 0)
	if err != nil {
		return nil, err
	}
	var kept []string
	if veil != casefile.Open {
		raw, err := e.Read(id)
		if err != nil {
			return nil, err
		}
		kept = casefile.Identities(raw.Edition, raw.Case.Shared)
	}
	out := make([]casefile.Event, len(sealed))
	for i, s := range sealed {
		if err := ledger.Read(s.Data, &out[i]); err != nil {
			return nil, fmt.Errorf("case %d event %d: %w", id, s.Seq, err)
		}
		casefile.MaskEvent(d.Edition, &out[i], veil, kept)
	}
	return out, nil
}

// History is the case's story, oldest first.
func History(ctx context.Context, e *engine.Engine, who office.PersonID, id casefile.CaseID) ([]Step, error) {
	d, _, _, err := e.Look(who, id)
	if err != nil {
		return nil, err
	}
	evs, err := Events(e, who, id, 0)
	if err != nil {
		return nil, err
	}
	recalled := map[uint64]bool{}
	for _, ev := range evs {
		if ev.Recalls != 0 {
			recalled[ev.Recalls] = true
		}
	}
	steps := make([]Step, len(evs))
	ed := d.Edition
	for i, ev := range evs {
		for _, by := range []*casefile.Opening{ev.Open, ev.Adopts} { // a step is told by the edition that it was taken on
			if by != nil && e.Edition(by.Edition) != nil {
				ed = e.Edition(by.Edition)
			}
		}
		s := Step{Seq: ev.Seq, At: ev.At, Day: ev.Day, Actor: ev.Actor, For: ev.For, As: ev.As, Token: ev.Token, Action: ev.Action,
			Decision: ev.Decision, Issued: ev.Issued, Files: ev.Files, Values: ev.Values, Recalled: recalled[ev.Seq],
			Clocks: change.MovedOf(ed, ev.Values)}
		s.Opens, s.Clears, s.Restates = ev.Found()
		if a, _ := casefile.ActionOf(ed, casefile.Taken{Walk: ev.Walk, From: ev.From, Action: ev.Action}); a != nil && a.ID == ev.Action {
			s.Title = a.Title
		} else if b, ok := procedure.Blanks[ev.Action]; ok {
			s.Title = b.Title
		} else if ev.Action == casefile.Rechecked {
			s.Title = change.RecheckedTitle
		} else if ev.Adopts != nil {
			s.Title = change.VersionMovedTitle
		}
		if w := ed.WalkOf(ev.Walk); w != nil {
			if st := w.State(ev.From); st != nil {
				s.From = st.Title
			}
			if st := w.State(ev.To); st != nil {
				s.To = st.Title
			}
		}
		for _, p := range ev.Papers {
			s.Papers = append(s.Papers, p.Form)
			s.Says = append(s.Says, says(ed, p.Form, p.Part, p.Values)...)
			if form := ed.Forms[p.Form]; form != nil && form.Part(p.Part) != nil {
				if said := form.Part(p.Part).Said(p.Values); said != "" {
					s.Opinion = said
				}
			}
		}
		steps[i] = s
	}
	return steps, nil
}

// says are the answers of a part that tell what was done, to whom and how, three at most: the paper and the respondent that
// it names, sums, and what was chosen where it names one of them or asks that first.
func says(ed *procedure.Edition, form procedure.FormID, part procedure.PartID, values procedure.Values) []Said {
	f := ed.Forms[form]
	if f == nil || f.Part(part) == nil {
		return nil
	}
	aimed := slices.ContainsFunc(f.Part(part).Fields, func(x procedure.Field) bool {
		return x.Type == procedure.Document || x.Type == procedure.Respondent
	})
	var out []Said
	for i := range f.Part(part).Fields {
		x := &f.Part(part).Fields[i]
		v := values[x.ID]
		if v.Empty() || x.Secret || casefile.Hidden(v) || len(out) == 3 {
			continue
		}
		switch {
		case x.Type == procedure.Document, x.Type == procedure.Respondent, x.Type == procedure.Money,
			x.Type == procedure.ChoiceType && (aimed || i == 0):
			out = append(out, Said{x, v})
		}
	}
	return out
}
