package layout

import (
	"bytes"
	"compress/zlib"
	"io"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"
)

// paper is a PDF file read back: what a reader would find on its pages.
type paper struct {
	t       *testing.T
	objects map[int][]byte
	codes   map[uint16]string
}

// read takes a file apart by its cross-reference table.
func read(t *testing.T, file []byte) paper {
	t.Helper()
	p := paper{t: t, objects: map[int][]byte{}, codes: map[uint16]string{}}
	tail := regexp.MustCompile(`startxref\n(\d+)\n%%EOF\n$`).FindSubmatch(file)
	if tail == nil {
		t.Fatal("the file doesn't end as a PDF")
	}
	at := number(t, tail[1])
	head := regexp.MustCompile(`^xref\n0 (\d+)\n`).FindSubmatch(file[at:])
	if head == nil {
		t.Fatal("there is no cross-reference table where the file says")
	}
	table := file[at+len(head[0]):]
	for i := 1; i < number(t, head[1]); i++ {
		offset := number(t, table[20*i:20*i+10])
		body, ok := bytes.CutPrefix(file[offset:], []byte(strconv.Itoa(i)+" 0 obj\n"))
		if !ok {
			t.Fatalf("object %d is not where the table says", i)
		}
		end := bytes.Index(body, []byte("\nendobj\n"))
		if n := bytes.Index(body, []byte("stream\n")); n >= 0 && n < end {
			end = n + bytes.Index(body[n:], []byte("\nendstream\nendobj\n"))
		}
		p.objects[i] = body[:end]
	}
	for _, m := range regexp.MustCompile(`<([0-9A-F]{4})> <([0-9A-F]+)>\n`).FindAllSubmatch(p.stream(p.one("/ToUnicode (\\d+)")), -1) {
		code, _ := strconv.ParseUint(string(m[1]), 16, 16)
		p.codes[uint16(code)] = decode16(string(m[2]))
	}
	return p
}

func number(t *testing.T, digits []byte) int {
	t.Helper()
	n, err := strconv.Atoi(string(digits))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// decode16 reads UTF-16 written in hexadecimal digits.
func decode16(hex string) string {
	var units []uint16
	for ; len(hex) >= 4; hex = hex[4:] {
		u, _ := strconv.ParseUint(hex[:4], 16, 16)
		units = append(units, uint16(u))
	}
	return string(utf16.Decode(units))
}

// one finds the number that the pattern names in the only object that has it.
func (p paper) one(pattern string) int {
	p.t.Helper()
	re, found := regexp.MustCompile(pattern), 0
	for _, o := range p.objects {
		if m := re.FindSubmatch(o); m != nil {
			if found != 0 {
				p.t.Fatalf("%q stands in two objects", pattern)
			}
			found = number(p.t, m[1])
		}
	}
	if found == 0 {
		p.t.Fatalf("%q stands in no object", pattern)
	}
	return found
}

func (p paper) stream(n int) []byte {
	p.t.Helper()
	_, packed, ok := bytes.Cut(p.objects[n], []byte("stream\n"))
	if !ok {
		p.t.Fatalf("object %d is no stream", n)
	}
	r, err := zlib.NewReader(bytes.NewReader(packed))
	if err != nil {
		p.t.Fatal(err)
	}
	raw, err := io.ReadAll(r)
	if err != nil {
		p.t.Fatal(err)
	}
	return raw
}

var (
	kids    = regexp.MustCompile(`/Kids \[([^\]]*)\]`)
	ref     = regexp.MustCompile(`(\d+) 0 R`)
	content = regexp.MustCompile(`/Contents (\d+) 0 R`)
	shown   = regexp.MustCompile(`(?s)Td \(((?:[^\\)]|\\.)*)\) Tj`)
	escaped = strings.NewReplacer(`\\`, `\`, `\(`, `(`, `\)`, `)`, `\r`, "\r")
)

// pages answers the text of each page in the order in which it was drawn, without blanks.
func (p paper) pages() []string {
	p.t.Helper()
	var pages []string
	for _, kid := range ref.FindAllSubmatch(kids.FindSubmatch(p.objects[1])[1], -1) {
		page := p.objects[number(p.t, kid[1])]
		raw := p.stream(number(p.t, content.FindSubmatch(page)[1]))
		var text strings.Builder
		for _, m := range shown.FindAllSubmatch(raw, -1) {
			codes := escaped.Replace(string(m[1]))
			for i := 0; i+1 < len(codes); i += 2 {
				s, ok := p.codes[uint16(codes[i])<<8|uint16(codes[i+1])]
				if !ok {
					p.t.Fatalf("a page uses the code %04x that the map does not have", codes[i:i+2])
				}
				text.WriteString(s)
			}
		}
		pages = append(pages, solid(text.String()))
	}
	return pages
}

// solid takes all blanks out of a text.
func solid(text string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(" \n\u00a0\u3000", r) {
			return -1
		}
		return r
	}, text)
}
