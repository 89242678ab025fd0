package layout

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"math"
	"sync"
	"time"
	"unicode/utf16"

	"dossier/documents/fonts"
)

// A finished file is PDF/A-2u in form (ISO 19005-2): what it looks like and says rests on nothing outside it. Beside the
// font with its map to Unicode that takes metadata as XMP, the meaning of its colours, and its language. It is not
// tagged: gofpdf's pages name no structure, and a paper is read as its lines stand.

// archival writes the document's properties, and the catalogue that leads to them, in the place of gofpdf's own.
func archival(objects [][]byte, trailer []byte, doc Document) ([][]byte, error) {
	var root, info int
	if n, _ := fmt.Sscanf(string(trailer), "/Root %d 0 R\n/Info %d 0 R\n", &root, &info); n != 2 || root >= len(objects) || info >= len(objects) {
		return nil, errShape
	}
	metadata, intent, profile := len(objects), len(objects)+1, len(objects)+2
	objects[info] = properties(doc)
	objects[root] = fmt.Appendf(nil, "<</Type /Catalog /Pages 1 0 R /Lang (zh-CN) /ViewerPreferences <</DisplayDocTitle true>> /Metadata %d 0 R /OutputIntents [%d 0 R]>>", metadata, intent)
	packet := xmp(doc)
	return append(objects,
		// Not packed: whoever looks for it finds it without reading PDF.
		append(fmt.Appendf(nil, "<</Type /Metadata /Subtype /XML /Length %d>>\nstream\n", len(packet)), append(packet, "\nendstream"...)...),
		fmt.Appendf(nil, "<</Type /OutputIntent /S /GTS_PDFA1 /OutputConditionIdentifier (sRGB) /Info (sRGB) /DestOutputProfile %d 0 R>>", profile),
		colours(),
	), nil
}

// producer is the program that makes the file.
const producer = "Dossier"

// properties write the information dictionary, which readers show: the same as the metadata says.
func properties(doc Document) []byte {
	b := []byte("<<")
	for _, p := range []struct{ key, text string }{{"Title", doc.Title}, {"Author", doc.Author}, {"Subject", doc.Number}, {"Keywords", doc.Code}, {"Producer", producer}} {
		if p.text != "" {
			b = fmt.Appendf(b, "/%s <%X> ", p.key, textString(p.text))
		}
	}
	at := doc.Made.Format("20060102150405-07'00'")
	return fmt.Appendf(b, "/CreationDate (D:%s) /ModDate (D:%s)>>", at, at)
}

// textString writes a text as PDF's own strings hold it, in UTF-16 behind a mark; gofpdf's way knows no characters
// beyond the BMP.
func textString(text string) []byte {
	b := []byte{0xfe, 0xff}
	for _, unit := range utf16.Encode([]rune(text)) {
		b = append(b, byte(unit>>8), byte(unit))
	}
	return b
}

// xmp writes the metadata packet.
func xmp(doc Document) []byte {
	var b bytes.Buffer
	b.WriteString(`<?xpacket begin="` + "\ufeff" + `" id="W5M0MpCehiHzreSzNTczkc9d"?>` + "\n" +
		`<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">` + "\n" +
		`<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"` +
		` xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">` + "\n" +
		"<pdfaid:part>2</pdfaid:part><pdfaid:conformance>U</pdfaid:conformance>\n" +
		"<dc:format>application/pdf</dc:format><dc:language><rdf:Bag><rdf:li>zh-CN</rdf:li></rdf:Bag></dc:language>\n")
	entry := func(before, text, after string) {
		if text != "" {
			b.WriteString(before)
			xml.EscapeText(&b, []byte(text)) // a bytes.Buffer takes everything
			b.WriteString(after + "\n")
		}
	}
	entry(`<dc:title><rdf:Alt><rdf:li xml:lang="x-default">`, doc.Title, "</rdf:li></rdf:Alt></dc:title>")
	entry("<dc:creator><rdf:Seq><rdf:li>", doc.Author, "</rdf:li></rdf:Seq></dc:creator>")
	entry(`<dc:description><rdf:Alt><rdf:li xml:lang="x-default">`, doc.Number, "</rdf:li></rdf:Alt></dc:description>")
	entry(codeOpens, doc.Code, codeCloses)
	entry("<pdf:Producer>", producer, "</pdf:Producer>")
	at := doc.Made.Format("2006-01-02T15:04:05-07:00")
	entry("<xmp:CreateDate>", at, "</xmp:CreateDate>")
	entry("<xmp:ModifyDate>", at, "</xmp:ModifyDate>")
	b.WriteString("</rdf:Description>\n</rdf:RDF></x:xmpmeta>\n" + `<?xpacket end="r"?>`)
	return b.Bytes()
}

// What stands around a paper's code in its metadata.
const codeOpens, codeCloses = "<pdf:Keywords>", "</pdf:Keywords>"

// CodeOf is the code that a file of ours bears; "" for none.
func CodeOf(file []byte) string {
	_, rest, ok := bytes.Cut(file, []byte(codeOpens))
	if !ok {
		return ""
	}
	code, _, ok := bytes.Cut(rest, []byte(codeCloses))
	if !ok || len(code) > 60 {
		return ""
	}
	return string(code)
}

// unmade dates a document that says no time, so that its bytes are stable.
var unmade = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// colours is the ICC profile (ICC.1:2004-10, version 4.2) of sRGB, IEC 61966-2-1: what the papers' grays and the colours
// of pictures mean on every machine.
var colours = sync.OnceValue(func() []byte {
	var tags, data []byte
	n, offset := 0, 128+4+10*12
	tag := func(name string, value []byte) {
		for len(value)%4 != 0 {
			value = append(value, 0)
		}
		tags = append32(append(tags, name...), offset+len(data), len(value))
		data = append(data, value...)
		n++
	}
	text := func(s string) []byte {
		b := append32([]byte("mluc\x00\x00\x00\x00"), 1, 12)
		b = append32(append(b, "enUS"...), 2*len(s), 28)
		for _, c := range []byte(s) {
			b = append(b, 0, c)
		}
		return b
	}
	fixed := func(kind string, vs ...float64) []byte {
		b := append([]byte(kind), 0, 0, 0, 0)
		for _, v := range vs {
			b = append32(b, int(math.Round(v*65536)))
		}
		return b
	}
	curve := fixed("para", 0, 2.4, 1/1.055, 0.055/1.055, 1/12.92, 0.04045)
	copy(curve[8:], []byte{0, 3, 0, 0}) // the form of the curve: a power with a straight foot
	tag("desc", text("sRGB"))
	tag("cprt", text("No copyright"))
	tag("wtpt", fixed("XYZ ", 0.9642, 1, 0.8249))
	tag("chad", fixed("sf32", 1.0478112, 0.0228866, -0.0501270, 0.0295424, 0.9904844, -0.0170491, -0.0092345, 0.0150436, 0.7521316))
	tag("rXYZ", fixed("XYZ ", 0.43607, 0.22249, 0.01392))
	tag("gXYZ", fixed("XYZ ", 0.38515, 0.71687, 0.09708))
	tag("bXYZ", fixed("XYZ ", 0.14307, 0.06061, 0.71410))
	shared := offset + len(data) // the three curves are one
	data = append(data, curve...)
	for _, name := range []string{"rTRC", "gTRC", "bTRC"} {
		tags = append32(append(tags, name...), shared, len(curve))
		n++
	}

	head := append32(nil, offset+len(data), 0, 0x04200000)
	head = append(head, "mntrRGB XYZ "...)
	for _, v := range []int{2000, 1, 1, 0, 0, 0} {
		head = append(head, byte(v>>8), byte(v))
	}
	head = append(head, "acsp"...)
	head = append32(head, 0, 0, 0, 0, 0, 0, 0, 0xf6d6, 0x10000, 0xd32d) // platform … intent, then D50
	head = append(head, make([]byte, 128-len(head))...)
	file := append(append(append32(head, n), tags...), data...)
	return stream(fonts.Deflate(file), " /N 3")
})

func append32(b []byte, vs ...int) []byte {
	for _, v := range vs {
		b = append(b, byte(v>>24), byte(v>>16), byte(v>>8), byte(v))
	}
	return b
}
