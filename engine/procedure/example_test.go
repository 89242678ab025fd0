package procedure_test

import (
	"fmt"

	"dossier/documents"
	"dossier/engine/procedure"
	"dossier/engine/text"
	"dossier/workflows"
)

// A procedure is data: which states there are, what can be done in each and by whom.
func ExampleDefinition() {
	forms, err := documents.Load(documents.Embedded())
	if err != nil {
		fmt.Println(err)
		return
	}
	editions, err := workflows.All(forms, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, ed := range editions {
		d := ed.Definition
		if d.ID != "written-review" {
			continue
		}
		fmt.Println(d.Title.ZH)
		for _, a := range d.Walk(procedure.Main).State("requested").Actions {
			fmt.Println(a.ID, a.Title.ZH, d.Cites(a.Law, text.ZH))
		}
		clock := d.Clock("submission")
		fmt.Println(clock.ID, clock.Kind, "until", clock.Until)
	}
	// Output:
	// 劳动保障书面审查
	// record-submission 登记报送材料 责任清单四（九）四（三）
	// note-missing 逾期未报送 责任清单四（九）四（三）
	// submission party until [submitted]
}
