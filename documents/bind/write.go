package bind

import (
	"bufio"
	"crypto/sha256"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf16"
)

// writer writes one PDF file from pages of many, each object as it comes: what is kept is where the objects lie. Pages
// may be written in any order; which follows which is said at the end.
type writer struct {
	out *bufio.Writer
	at  int64
	err error
	// offsets of the objects by number; 0 while one is promised and not written
	offsets []int64
	root    int // the page tree
	save    int // a stream that keeps the state of the graphics before somebody's page
}

func newWriter(out io.Writer) *writer {
	w := &writer{out: bufio.NewWriterSize(out, 1<<16), offsets: []int64{0}}
	w.raw("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
	w.root, w.save = w.promise(), w.promise()
	w.stream(w.save, "", []byte("q\n"))
	return w
}

func (w *writer) raw(parts ...string) {
	for _, p := range parts {
		if w.err == nil {
			_, w.err = w.out.WriteString(p)
		}
		w.at += int64(len(p))
	}
}

// promise gives the number of an object that is written later.
func (w *writer) promise() int {
	w.offsets = append(w.offsets, 0)
	return len(w.offsets) - 1
}

func (w *writer) object(n int, body string) {
	w.offsets[n] = w.at
	w.raw(fmt.Sprintf("%d 0 obj\n", n), body, "\nendobj\n")
}

// stream writes a stream with its dictionary's entries beside /Length.
func (w *writer) stream(n int, entries string, data []byte) {
	w.offsets[n] = w.at
	w.raw(fmt.Sprintf("%d 0 obj\n<<%s /Length %d>>\nstream\n", n, entries, len(data)))
	if w.err == nil {
		_, w.err = w.out.Write(data)
	}
	w.at += int64(len(data))
	w.raw("\nendstream\nendobj\n")
}

// leaf is a page with what readers call it.
type leaf struct {
	page  int    // its object
	label string // "正-12"
}

// mark is a bookmark.
type mark struct {
	title string
	page  int // the object of the page that it leads to
	under []mark
}

// facts are the properties of the whole file.
type facts struct {
	title, author, subject string
	made                   time.Time
}

// close writes the page tree, bookmarks, labels and properties, and ends the file.
func (w *writer) close(leaves []leaf, marks []mark, f facts) error {
	var kids, labels strings.Builder
	for i, l := range leaves {
		fmt.Fprintf(&kids, "%d 0 R ", l.page)
		fmt.Fprintf(&labels, "%d <</P %s>> ", i, textString(l.label))
	}
	w.object(w.root, fmt.Sprintf("<</Type /Pages /Count %d /Kids [%s]>>", len(leaves), kids.String()))
	outlines := w.promise()
	first, last, count := w.outline(marks, outlines)
	w.object(outlines, fmt.Sprintf("<</Type /Outlines /First %d 0 R /Last %d 0 R /Count %d>>", first, last, count))
	catalog, info := w.promise(), w.promise()
	w.object(catalog, fmt.Sprintf("<</Type /Catalog /Pages %d 0 R /Outlines %d 0 R /PageMode /UseOutlines /PageLabels <</Nums [%s]>> /Lang (zh-CN) /ViewerPreferences <</DisplayDocTitle true>>>>",
		w.root, outlines, labels.String()))
	at := f.made.Format("20060102150405-07'00'")
	w.object(info, fmt.Sprintf("<</Title %s /Author %s /Subject %s /Producer (Dossier) /CreationDate (D:%s) /ModDate (D:%s)>>",
		textString(f.title), textString(f.author), textString(f.subject), at, at))
	xref := w.at
	w.raw(fmt.Sprintf("xref\n0 %d\n0000000000 65535 f \n", len(w.offsets)))
	for n, at := range w.offsets[1:] {
		if at == 0 {
			return fmt.Errorf("bind: object %d was promised and is not there", n+1)
		}
		w.raw(fmt.Sprintf("%010d 00000 n \n", at))
	}
	id := sha256.Sum256(fmt.Append(nil, f, w.offsets))
	w.raw(fmt.Sprintf("trailer\n<</Size %d /Root %d 0 R /Info %d 0 R /ID [<%x> <%x>]>>\nstartxref\n%d\n%%%%EOF\n", len(w.offsets), catalog, info, id[:16], id[:16], xref))
	if w.err == nil {
		w.err = w.out.Flush()
	}
	return w.err
}

// outline writes bookmarks beside each other under a parent, open; it gives the first, the last and how many there are.
func (w *writer) outline(marks []mark, parent int) (first, last, count int) {
	numbers := make([]int, len(marks))
	for i := range marks {
		numbers[i] = w.promise()
	}
	for i, m := range marks {
		entry := fmt.Sprintf("<</Title %s /Parent %d 0 R /Dest [%d 0 R /Fit]", textString(m.title), parent, m.page)
		if i > 0 {
			entry += fmt.Sprintf(" /Prev %d 0 R", numbers[i-1])
		}
		if i+1 < len(marks) {
			entry += fmt.Sprintf(" /Next %d 0 R", numbers[i+1])
		}
		if len(m.under) > 0 {
			a, z, n := w.outline(m.under, numbers[i])
			entry += fmt.Sprintf(" /First %d 0 R /Last %d 0 R /Count %d", a, z, n)
			count += n
		}
		w.object(numbers[i], entry+">>")
		count++
	}
	return numbers[0], numbers[len(numbers)-1], count
}

// textString writes a text as PDF's strings hold it: UTF-16 behind a mark.
func textString(s string) string {
	var b strings.Builder
	b.WriteString("<FEFF")
	for _, u := range utf16.Encode([]rune(s)) {
		fmt.Fprintf(&b, "%04X", u)
	}
	return b.String() + ">"
}
