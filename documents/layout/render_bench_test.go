package layout

import "testing"

func BenchmarkForm(b *testing.B) {
	doc := filing()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Render(doc); err != nil {
			b.Fatal(err)
		}
	}
}
