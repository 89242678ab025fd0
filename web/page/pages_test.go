package page

import "testing"

func TestEveryTemplate(t *testing.T) {
	for name, tree := range templates() {
		if tree().Lookup("content") == nil {
			t.Errorf("%s has no content", name)
		}
	}
}
