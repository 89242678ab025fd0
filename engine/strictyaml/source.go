package strictyaml

import (
	"bytes"
	"fmt"
	"unicode/utf8"

	"dossier/engine/text"
)

// source is a document's text, known to be UTF-8 with \n line ends and
// without tabs and control characters.
type source struct {
	file  string
	lines [][]rune
}

// read checks the bytes of a file and splits them into lines. A byte order
// mark at the beginning and Windows line ends are taken away.
func read(file string, data []byte) (source, text.Faults) {
	src := source{file: file}
	data = bytes.TrimPrefix(data, []byte("\uFEFF"))
	data = bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n"))
	var faults text.Faults
	line := []rune{}
	refuse := func(message, hint text.Words) {
		if len(faults) < maxFaults {
			faults = append(faults, text.Fault{File: file, Line: len(src.lines) + 1, Col: len(line) + 1, Message: message, Hint: hint})
		}
	}
	for len(data) > 0 {
		r, size := utf8.DecodeRune(data)
		switch {
		case r == utf8.RuneError && size == 1:
			refuse(text.Say("byte %s is not UTF-8", fmt.Sprintf("0x%02X", data[0])), "save the file as UTF-8")
			return src, faults
		case r == '\n':
			src.lines = append(src.lines, line)
			line = []rune{}
			data = data[size:]
			continue
		case r == '\t':
			refuse("a tab", `write spaces; inside double quotes a tab is \t`)
		case r < ' ' || r >= 0x7F && r < 0xA0 || r == '\u2028' || r == '\u2029' || r == '\uFEFF' || r == '\uFFFE' || r == '\uFFFF':
			refuse(text.Say("control character %s", fmt.Sprintf("U+%04X", r)), "take it out")
		}
		line = append(line, r)
		data = data[size:]
	}
	src.lines = append(src.lines, line)
	return src, faults
}

// text is the source as the parser takes it.
func (s source) text() string {
	var b bytes.Buffer
	for i, line := range s.lines {
		if i > 0 {
			b.WriteByte('\n')
		}
		for _, r := range line {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// clamp keeps a position inside the text.
func (s source) clamp(line, col int) (int, int) {
	line = min(max(line, 1), len(s.lines))
	return line, min(max(col, 1), len(s.lines[line-1])+1)
}

// next is the first character at or after a position that is neither a space
// nor part of a comment.
func (s source) next(line, col int) (int, int) {
	for i := line - 1; i < len(s.lines); i++ {
		for j := col - 1; j < len(s.lines[i]); j++ {
			if r := s.lines[i][j]; r == '#' && (j == 0 || s.lines[i][j-1] == ' ') {
				break
			} else if r != ' ' {
				return i + 1, j + 1
			}
		}
		col = 1
	}
	return s.clamp(line, col)
}

func (s source) fault(line, col int, message, hint text.Words) text.Fault {
	line, col = s.clamp(line, col)
	return text.Fault{File: s.file, Line: line, Col: col, Message: message, Hint: hint}
}
