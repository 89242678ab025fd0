package demo

import (
	"context"
	"testing"

	"dossier/engine"
)

func TestLeak(t *testing.T) {
	st, _, all := county26(t, "2026-11-24")
	seen := map[string][]string{}
	for _, p := range all {
		done := map[engine.CaseID]bool{}
		for _, id := range p.cases {
			if done[id] {
				continue
			}
			done[id] = true
			v, err := st.Engine.View(context.Background(), engine.System, id)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range v.Case.Findings {
				t.Errorf("%s: finding %+v", p.File, f)
			}
			for i := range v.Case.Papers {
				paper := &v.Case.Papers[i]
				form := v.Edition.Forms[paper.Form]
				for _, x := range paper.Parts {
					for _, part := range form.Parts {
						if part.ID != x.Part {
							continue
						}
						for _, f := range part.Fields {
							val := x.Values[f.ID]
							for _, o := range f.Sample {
								s := o.Value
								if s.Text != "" && s.Text == val.Text && (f.Type == engine.Text || f.Type == engine.LongText || f.Type == engine.Phone || f.Type == engine.IDNumber || f.Type == engine.Money) {
									k := string(form.ID) + "." + string(f.ID) + " " + s.Text
									seen[k] = append(seen[k], p.File)
								}
								if len(s.Rows) > 0 && len(val.Rows) == len(s.Rows) {
									same := true
									for i, r := range s.Rows {
										for k, c := range r {
											same = same && val.Rows[i][engine.FieldID(k)] == c
										}
									}
									if same {
										k := string(form.ID) + "." + string(f.ID) + " ROWS"
										seen[k] = append(seen[k], p.File)
									}
								}
							}
						}
					}
				}
			}
		}
	}
	for k, v := range seen {
		t.Log(k, v)
	}
}
