// Command pack makes a face file, as documents/fonts embeds it, from TrueType fonts.
//
//	go run dossier/documents/fonts/pack -name "Dossier Song" -all -o documents/fonts/song.face NotoSerifSC_400Regular.ttf
//
// Without -all the face is cut to 通用规范汉字表, GB 2312 and the marks that papers use; with it every character of
// the font stays, those of the list first; with -only just those named; with -rare the ideographs of GB 18030-2022
// level 3 that no other embedded face has. A character comes from the first font named that has it.
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
	scarce := flag.Bool("rare", false, "keep the ideographs that the other faces lack")
	flag.Parse()
	if *name == "" || *out == "" || flag.NArg() == 0 {
		flag.Usage()
		os.Exit(2)
	}
	chars := characters(*all, *only)
	if *scarce {
		chars = rare()
	}
	if err := pack(*name, flag.Args(), *out, chars); err != nil {
		fmt.Fprintln(os.Stderr, "pack:", err)
		os.Exit(1)
	}
}

func pack(name string, from []string, to string, chars []rune) error {
	var all []*fonts.Font
	for _, path := range from {
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		font, err := fonts.Parse(path, data)
		if err != nil {
			return err
		}
		font.Tick()
		all = append(all, font)
	}
	file, err := os.Create(to)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(file)
	if err := fonts.Pack(w, name, all, chars); err != nil {
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

// rare lists the ideographs of level 3 that the other faces lack.
func rare() []rune {
	var list []rune
	for r := range fonts.Ideographs() {
		if ch, ok := fonts.Standard().Lookup(fonts.Song, r); !ok || ch.Font.Name == fonts.RareName {
			list = append(list, r)
		}
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
