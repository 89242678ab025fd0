package documents

import (
	"reflect"

	"dossier/engine/paper"
)

// Words are all texts that a sheet prints, labels and values, in the order in which they stand: what a reader of papers
// looks for faults in.
func (r *Renderer) Words(s paper.Sheet) []string {
	p := r.prints[s.Form.ID]
	if p == nil {
		p = arranged(s.Form)
	}
	return words(reflect.ValueOf((&drawing{s: s, p: p}).page()))
}

// words are all texts in a value.
func words(v reflect.Value) []string {
	var all []string
	switch v.Kind() {
	case reflect.String:
		if v.Len() > 0 {
			all = append(all, v.String())
		}
	case reflect.Slice:
		for i := range v.Len() {
			all = append(all, words(v.Index(i))...)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			all = append(all, words(v.Field(i))...)
		}
	case reflect.Interface, reflect.Pointer:
		if !v.IsNil() {
			all = append(all, words(v.Elem())...)
		}
	}
	return all
}
