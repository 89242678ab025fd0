package bind

import (
	"slices"
	"strings"
	"testing"

	"dossier/documents"
)

// TestOrder: every form that the program brings has its place in the file, and every place is a form's.
func TestOrder(t *testing.T) {
	o, err := readOrder()
	if err != nil {
		t.Fatal(err)
	}
	blanks, err := documents.Blanks(documents.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	b := &binder{order: o}
	for id := range blanks {
		if !b.named(id) && !slices.Contains(o.computed, id) {
			t.Errorf("form %s %s has no place in the bound file: give it one in documents/bind/order.yaml", id, blanks[id].Form.Title.ZH)
		}
	}
	for _, volume := range o.volumes {
		for _, s := range volume {
			for _, id := range s.forms {
				if blanks[id] == nil {
					t.Errorf("section %s names %s, which is no form", s.title, id)
				}
			}
		}
	}
}

func TestOrderRefused(t *testing.T) {
	for text, want := range map[string]string{
		"main: []":                               "key \"cover\" is missing",
		"cover: {cause: a}\nmain: []\ninner: []": "\"party\" is missing",
		strings.Replace(string(orderFile), "forms: [LJ39]", "forms: [LJ39, LJ24]", 1):    "LJ24 is named twice",
		strings.Replace(string(orderFile), "clocks: true", "clock: true", 1):             "did you mean \"clocks\"",
		strings.Replace(string(orderFile), "section: 督办\n    author: bureau", "x: 1", 1): "documents/bind/order.yaml:",
	} {
		if _, err := parseOrder([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40q: got %v, want %q", text, err, want)
		}
	}
}
