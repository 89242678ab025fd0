package engine_test

import (
	"encoding/json"
	"strings"
	"testing"

	"dossier/engine/casefile"
	"dossier/engine/procedure"
)

// Of every form with a confidential field: whoever may not know what is on record finds neither it nor a mask in the blank,
// and whatever they send, the record's values stay and the mask is never written.
func TestWhatIsWithheldStaysAsItIs(t *testing.T) {
	eds, err := brought()
	if err != nil {
		t.Fatal(err)
	}
	s := newStage(t, brought)
	const secret = "机密"
	asked := 0
	for _, ed := range eds {
		for _, form := range ed.Forms {
			for i := range form.Parts {
				part := &form.Parts[i]
				on := procedure.Values{}
				for _, f := range part.Fields {
					if f.Secret {
						on[f.ID] = procedure.TextValue(secret + string(f.ID))
					}
				}
				if len(on) == 0 {
					continue
				}
				c := &casefile.Case{ID: 1, Seq: 1, Workflow: ed.Def.ID, Walks: []casefile.WalkState{{ID: procedure.Main, Def: procedure.Main, State: ed.Def.Main.States[0].ID}}, Shared: on,
					Papers: []casefile.Paper{{P: 1, Form: form.ID, Walk: procedure.Main, Open: true, Parts: []casefile.Filled{{Part: part.ID, Seq: 1, By: "clerk", Values: on}}}}}
				for name, sends := range map[string]func(procedure.FieldID) (procedure.Value, bool){
					"nothing":        func(procedure.FieldID) (procedure.Value, bool) { return procedure.Value{}, false },
					"empty fields":   func(procedure.FieldID) (procedure.Value, bool) { return procedure.Value{}, true },
					"the mask":       func(procedure.FieldID) (procedure.Value, bool) { return procedure.TextValue(casefile.Mask), true },
					"something else": func(procedure.FieldID) (procedure.Value, bool) { return procedure.TextValue("别人"), true },
					"the mask inside": func(procedure.FieldID) (procedure.Value, bool) {
						return procedure.TextValue("别人" + casefile.Mask), true
					},
				} {
					given := procedure.Values{}
					for id := range on {
						if v, said := sends(id); said {
							given[id] = v
						}
					}
					b := AskedOf(s.Engine, ed, c, form, part, given)
					drawn, err := json.Marshal([]any{b.Values, b.Shown})
					if err != nil {
						t.Fatal(err)
					}
					if strings.Contains(string(drawn), casefile.Mask) || strings.Contains(string(drawn), secret) || strings.Contains(string(drawn), "别人") {
						t.Errorf("%s %s, sent %s: the blank holds %s", ed.Def.ID, form.ID, name, drawn)
					}
					written := TakenFrom(s.Engine, ed, c, form, part, given)
					for id := range on {
						if !b.Kept[id] {
							t.Errorf("%s %s: %s is asked of who may not know it", ed.Def.ID, form.ID, id)
						}
						if v, has := written[id]; has && !v.Equal(on[id]) || !has && b.Asked[id] {
							t.Errorf("%s %s.%s, sent %s: %v would be written", ed.Def.ID, form.ID, id, name, v)
						}
						asked++
					}
				}
			}
		}
	}
	if asked < 50 {
		t.Errorf("only %d fields asked", asked)
	}
}
