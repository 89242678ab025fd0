package ledger_test

import (
	"fmt"

	"dossier/engine/ledger"
)

// What happened is written in one way only, and each hash rests on the one before it: who changes a letter of the first
// event changes every hash after it.
func ExampleChain() {
	type event struct {
		Seq    int            `json:"seq"`
		Action string         `json:"action"`
		Values map[string]any `json:"values,omitempty"`
	}
	chain := func(events ...event) (head string) {
		for _, e := range events {
			data, err := ledger.Canonical(e)
			if err != nil {
				return err.Error()
			}
			fmt.Println(string(data))
			head = ledger.Chain(head, data)
		}
		return head
	}
	second := event{Seq: 2, Action: "approve-filing"}
	a := chain(event{1, "open", map[string]any{"party": "甲 <公司>", "cause": "拖欠工资"}}, second)
	b := chain(event{1, "open", map[string]any{"party": "甲 <公司>", "cause": "拖欠工貲"}}, second)
	fmt.Println(len(a), a == b)
	// Output:
	// {"seq":1,"action":"open","values":{"cause":"拖欠工资","party":"甲 <公司>"}}
	// {"seq":2,"action":"approve-filing"}
	// {"seq":1,"action":"open","values":{"cause":"拖欠工貲","party":"甲 <公司>"}}
	// {"seq":2,"action":"approve-filing"}
	// 64 false
}
