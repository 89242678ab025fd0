package layout

import (
	"fmt"
	"strings"
	"testing"
)

// The limits are those of the performance plan: a notice of one page in 5 ms with 4 MB allocated, 60 pages in 150 ms.

// onePage is a notice of one page.
func onePage() Document {
	doc := notice()
	p := doc.Page.(Prose)
	p.Blocks = p.Blocks[:6]
	doc.Page = p
	return doc
}

func BenchmarkForm(b *testing.B) { benchmark(b, filing()) }

func BenchmarkNotice(b *testing.B) { benchmark(b, onePage()) }

func BenchmarkDeadlineSheet(b *testing.B) { benchmark(b, deadline()) }

// BenchmarkNoticeOfNewCharacters prints a notice that no kept font serves.
func BenchmarkNoticeOfNewCharacters(b *testing.B) {
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		doc := onePage()
		p := doc.Page.(Prose)
		p.Addressee = string([]rune{rune(0x4e00 + i%20000), '：'})
		doc.Page = p
		if _, err := Render(doc); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkSixtyPages prints a record of 60 pages.
func BenchmarkSixtyPages(b *testing.B) {
	rec := inquiry().Page.(Record)
	for i := range 262 {
		rec.Lines = append(rec.Lines, Line{Speaker: "问", Text: fmt.Sprintf("第%d问：%s", i, strings.Repeat("工资标准和已领工资各是多少？", 9))})
	}
	benchmark(b, Document{Title: rec.Title, Page: rec})
}

func benchmark(b *testing.B, doc Document) {
	b.ReportAllocs()
	size := 0
	for b.Loop() {
		file, err := Render(doc)
		if err != nil {
			b.Fatal(err)
		}
		size = len(file)
	}
	b.ReportMetric(float64(size), "bytes/file")
}
