package fonts

import (
	"iter"
	"sync"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// RareName is the face of the ideographs that are in none of the others. It is opened when one is first met.
const RareName = "Dossier Rare"

// level3 are the blocks of GB 18030-2022 level 3: 87 875 ideographs, and the 12 that Unicode keeps among its
// compatibility ideographs though each is a character of its own.
var level3 = [][2]rune{
	{0x3400, 0x4db5},   // extension A
	{0x4e00, 0x9fef},   // the basic block
	{0xfa0e, 0xfa0f},   // the twelve
	{0xfa11, 0xfa11},   //
	{0xfa13, 0xfa14},   //
	{0xfa1f, 0xfa1f},   //
	{0xfa21, 0xfa21},   //
	{0xfa23, 0xfa24},   //
	{0xfa27, 0xfa29},   //
	{0x20000, 0x2a6d6}, // extension B
	{0x2a700, 0x2b734}, // C
	{0x2b740, 0x2b81d}, // D
	{0x2b820, 0x2cea1}, // E
	{0x2ceb0, 0x2ebe0}, // F
}

// Ideographs are those of GB 18030-2022 level 3, in the order of their codes.
func Ideographs() iter.Seq[rune] {
	return func(yield func(rune) bool) {
		for _, block := range level3 {
			for r := block[0]; r <= block[1]; r++ {
				if !yield(r) {
					return
				}
			}
		}
	}
}

// Usual are the Chinese characters of GB 2312, which a font for Chinese is expected to have.
var Usual = sync.OnceValue(func() []rune {
	var all []rune
	decoder := simplifiedchinese.GBK.NewDecoder()
	for high := 0xB0; high <= 0xF7; high++ {
		for low := 0xA1; low <= 0xFE; low++ {
			text, err := decoder.Bytes([]byte{byte(high), byte(low)})
			if r, _ := utf8.DecodeRune(text); err == nil && r >= 0x4E00 && r <= 0x9FFF {
				all = append(all, r)
			}
		}
	}
	return all
})
