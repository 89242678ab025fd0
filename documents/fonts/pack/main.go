// Command pack makes a face file, as documents/fonts embeds it, from a TrueType font.
//
//	go run dossier/documents/fonts/pack -name "Dossier Song" -all -o documents/fonts/song.face NotoSerifSC_400Regular.ttf
//
// Without -all the face is cut to 通用规范汉字表, GB 2312 and the marks that papers use; with it every character of
// the font stays, those of the list first; with -only just those named.
package main

import (
	"bufio"
	_ "embed"
	"flag"
	"fmt"
	"os"
	"strings"

	"dossier/documents/fonts"
	"golang.org/x/text/encoding/simplifiedchinese"
)

//go:embed standard.txt
var standard string // 通用规范汉字表 in its own order: level 1, 2, 3

func main() {
	name := flag.String("name", "", "the face's own `name`")
	out := flag.String("o", "", "the `file` to write")
	all := flag.Bool("all", false, "keep every character of the font")
	only := flag.String("only", "", "keep just these `characters`")
	flag.Parse()
	if *name == "" || *out == "" || flag.NArg() != 1 {
		flag.Usage()
		os.Exit(2)
	}
	if err := pack(*name, flag.Arg(0), *out, characters(*all, *only)); err != nil {
		fmt.Fprintln(os.Stderr, "pack:", err)
		os.Exit(1)
	}
}

func pack(name, from, to string, chars []rune) error {
	data, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	font, err := fonts.Parse(name, data)
	if err != nil {
		return err
	}
	font.Tick()
	file, err := os.Create(to)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(file)
	if err := fonts.Pack(w, font, chars); err != nil {
		file.Close()
		return err
	}
	if err := w.Flush(); err != nil {
		file.Close()
		return err
	}
	return file.Close()
}

// characters lists what the face should have, what papers use most first.
func characters(all bool, only string) []rune {
	if only != "" {
		return []rune(only)
	}
	var list []rune
	span := func(first, last rune) {
		for r := first; r <= last; r++ {
			list = append(list, r)
		}
	}
	span(0x20, 0x7e)
	span(0xa0, 0xff)
	span(0x2010, 0x2027)
	span(0x2030, 0x205e)
	span(0x3000, 0x301f)
	span(0xff01, 0xff5e)
	list = append(list, []rune("￥℃℉№☐☑☒□■○●◎△▲√×÷±≤≥≠→←↑↓①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳㈠㈡㈢㈣㈤㈥㈦㈧㈨㈩")...)
	list = append(list, []rune(strings.ReplaceAll(standard, "\n", ""))...)
	list = append(list, gb2312()...)
	if all {
		span(0x20, 0x323af)
	}
	return list
}

// gb2312 lists the characters of GB 2312 in its order.
func gb2312() []rune {
	var list []rune
	decoder := simplifiedchinese.HZGB2312.NewDecoder()
	for row := byte(0x21); row <= 0x77; row++ {
		for cell := byte(0x21); cell <= 0x7e; cell++ {
			text, err := decoder.String("~{" + string([]byte{row, cell}) + "~}")
			if err == nil && !strings.ContainsRune(text, '�') {
				list = append(list, []rune(text)...)
			}
		}
	}
	return list
}
