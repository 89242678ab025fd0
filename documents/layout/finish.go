package layout

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"strconv"

	"dossier/documents/fonts"
)

// finish rewrites what gofpdf wrote, object by object: pages are packed; in the place of the stand-in comes the
// document's own font, with a map that leads each code back to its character, so that text is copied and searched
// as it was set; properties and colours are told as an archive asks.
func finish(file []byte, cut *fonts.Cut, doc Document) ([]byte, error) {
	objects, trailer, err := takeApart(file)
	if err != nil {
		return nil, err
	}
	objects, name, err := embed(objects, cut)
	if err != nil {
		return nil, err
	}
	program := len(objects) - 1
	if objects, err = archival(objects, trailer, doc); err != nil {
		return nil, err
	}
	for i, o := range objects {
		if bytes.HasPrefix(o, []byte("<</Length ")) {
			objects[i] = packPage(o, name)
		}
	}
	out := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(out)
	out.Reset()
	out.WriteString("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
	offsets := make([]int, len(objects))
	for i, o := range objects[1:] {
		i++
		offsets[i] = out.Len()
		fmt.Fprintf(out, "%d 0 obj\n", i)
		out.Write(o)
		if i == program { // it is long, and not copied before
			out.Write(cut.Program)
			out.WriteString(streamEnd)
		}
		out.WriteString("\nendobj\n")
	}
	id := sha256.Sum256(out.Bytes())
	at := out.Len()
	fmt.Fprintf(out, "xref\n0 %d\n0000000000 65535 f \n", len(objects))
	for _, offset := range offsets[1:] {
		fmt.Fprintf(out, "%010d 00000 n \n", offset)
	}
	fmt.Fprintf(out, "trailer\n<<\n/Size %d\n%s/ID [<%x> <%x>]\n>>\nstartxref\n%d\n%%%%EOF\n", len(objects), trailer, id[:16], id[:16], at)
	return bytes.Clone(out.Bytes()), nil
}

var errShape = errors.New("layout: the file that gofpdf wrote has another shape than expected")

// takeApart splits a file into its objects' bodies, by number, and the trailer's entries.
func takeApart(file []byte) (objects [][]byte, trailer []byte, err error) {
	at := bytes.LastIndex(file, []byte("\nstartxref\n"))
	if at < 0 {
		return nil, nil, errShape
	}
	digits, _, _ := bytes.Cut(file[at+len("\nstartxref\n"):], []byte("\n"))
	from, err := strconv.Atoi(string(digits))
	if err != nil || from < 0 || from > at {
		return nil, nil, errShape
	}
	var size int
	if n, _ := fmt.Sscanf(string(file[from:min(from+40, at)]), "xref\n0 %d", &size); n != 1 || size < 1 || size > len(file)/20 {
		return nil, nil, errShape
	}
	_, table, _ := bytes.Cut(file[from+len("xref\n"):at], []byte("\n"))
	if len(table) < 20*size {
		return nil, nil, errShape
	}
	objects = make([][]byte, size)
	for i := 1; i < size; i++ {
		offset, err := strconv.Atoi(string(table[20*i : 20*i+10]))
		if err != nil || offset > from {
			return nil, nil, errShape
		}
		body, ok := bytes.CutPrefix(file[offset:from], fmt.Appendf(nil, "%d 0 obj\n", i))
		if !ok {
			return nil, nil, errShape
		}
		objects[i] = body
	}
	for i := 1; i < size; i++ { // a body ends where its endobj stands, past its stream if it has one
		body := objects[i]
		skip := 0
		if head, _, ok := bytes.Cut(body, []byte("\nendobj")); ok {
			if n := bytes.Index(head, []byte("\nstream\n")); n >= 0 {
				length, err := streamLength(head[:n])
				if err != nil || n+length > len(body) {
					return nil, nil, errShape
				}
				skip = n + length
			}
		}
		end := bytes.Index(body[skip:], []byte("\nendobj"))
		if end < 0 {
			return nil, nil, errShape
		}
		objects[i] = body[:skip+end]
	}
	trailer, ok := bytes.CutPrefix(table[20*size:], fmt.Appendf(nil, "trailer\n<<\n/Size %d\n", size))
	if !ok {
		return nil, nil, errShape
	}
	if trailer, ok = bytes.CutSuffix(trailer, []byte(">>")); !ok {
		return nil, nil, errShape
	}
	return objects, trailer, nil
}

// streamLength reads /Length of a stream's dictionary.
func streamLength(dict []byte) (int, error) {
	_, rest, ok := bytes.Cut(dict, []byte("/Length "))
	if !ok {
		return 0, errShape
	}
	n := 0
	for n < len(rest) && rest[n] >= '0' && rest[n] <= '9' {
		n++
	}
	return strconv.Atoi(string(rest[:n]))
}

// embed puts the document's font in the place of the stand-in and appends the objects that it needs. It answers
// the stand-in's name in the pages too.
func embed(objects [][]byte, cut *fonts.Cut) (all [][]byte, name []byte, err error) {
	font := 0
	for i, o := range objects {
		if bytes.Contains(o, []byte("/BaseFont /"+standIn)) {
			font = i
		}
		if _, rest, ok := bytes.Cut(o, []byte("/Font <<\n")); ok {
			n := bytes.IndexByte(rest, ' ')
			if n < 0 {
				return nil, nil, errShape
			}
			name = bytes.Clone(rest[:n+1])
			objects[i] = bytes.ReplaceAll(o, name, []byte("/F1 "))
		}
	}
	if font == 0 || name == nil {
		return nil, nil, errShape
	}
	const base = "DOSSIE+Dossier" // six letters and a plus mark a cut font
	cid, unicode, descriptor, program := len(objects), len(objects)+1, len(objects)+2, len(objects)+3
	objects[font] = fmt.Appendf(nil, "<</Type /Font /Subtype /Type0 /BaseFont /%s /Encoding /Identity-H /DescendantFonts [%d 0 R] /ToUnicode %d 0 R>>", base, cid, unicode)
	b := cut.Box
	return append(objects,
		fmt.Appendf(nil, "<</Type /Font /Subtype /CIDFontType2 /BaseFont /%s /CIDSystemInfo <</Registry (Adobe) /Ordering (Identity) /Supplement 0>> /FontDescriptor %d 0 R /CIDToGIDMap /Identity /DW 1000 /W [%s]>>", base, descriptor, widths(cut)),
		stream(cut.Unicode(), ""),
		fmt.Appendf(nil, "<</Type /FontDescriptor /FontName /%s /Flags 4 /FontBBox [%d %d %d %d] /ItalicAngle 0 /Ascent %d /Descent %d /CapHeight %d /StemV 80 /FontFile2 %d 0 R>>",
			base, b[0], b[1], b[2], b[3], cut.Metrics.Ascent, cut.Metrics.Descent, cut.Metrics.CapHeight, program),
		head(len(cut.Program), fmt.Sprintf(" /Length1 %d", cut.Length)), // finish writes the rest
	), name, nil
}

// widths writes the advances that are not 1000, runs of codes together.
func widths(cut *fonts.Cut) []byte {
	var w []byte
	open := false
	for i, ch := range cut.Chars {
		if ch.Advance == 1000 {
			if open {
				w, open = append(w, ']'), false
			}
			continue
		}
		if open {
			w = append(w, ' ')
		} else {
			w = fmt.Appendf(w, " %d [", i+1)
			open = true
		}
		w = strconv.AppendInt(w, int64(ch.Advance), 10)
	}
	if open {
		w = append(w, ']')
	}
	return w
}

// packPage packs a page's content and shortens the font's name in it.
func packPage(body, name []byte) []byte {
	_, content, _ := bytes.Cut(body, []byte("stream\n"))
	content = bytes.TrimSuffix(content, []byte("\nendstream"))
	content = bytes.ReplaceAll(content, name, []byte("/F1 "))
	return stream(fonts.Deflate(content), "")
}

func stream(packed []byte, more string) []byte {
	return append(append(head(len(packed), more), packed...), streamEnd...)
}

// head begins a stream of so many packed bytes.
func head(length int, more string) []byte {
	return fmt.Appendf(nil, "<</Filter /FlateDecode /Length %d%s>>\nstream\n", length, more)
}

const streamEnd = "\nendstream"
