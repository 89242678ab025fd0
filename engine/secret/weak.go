package secret

import (
	"slices"
	"strings"
	"sync/atomic"
	"unicode/utf8"

	"github.com/trustelem/zxcvbn"
)

// fewGuesses is how many guesses a password must withstand of somebody who
// tries common ones, words, dates and keyboard rows first: what falls below
// it is among the first million.
const fewGuesses = 1e6

// Weak says that a password is one of those that are guessed first: common,
// or little more than one of the words that everybody knows of its owner. It
// is judged without the spaces at its ends, which count as little.
func Weak(password string, known ...string) bool {
	p := strings.TrimSpace(password)
	for _, w := range known {
		w = strings.ToLower(strings.TrimSpace(w))
		if utf8.RuneCountInString(w) < 2 {
			continue
		}
		if rest := strings.ReplaceAll(strings.ToLower(p), w, ""); len(rest) < len(p) && utf8.RuneCountInString(rest) < 4 {
			return true
		}
	}
	if r := []rune(p); len(r) > 72 { // judging takes longer with the length; what is so long is judged by its beginning
		p = string(r[:72])
	}
	return zxcvbn.PasswordStrength(p, slices.Concat(known, spoken)).Guesses < fewGuesses
}

// spoken are the words and numbers in pinyin that passwords are made from first, which the library's lists of English and Western names lack.
var spoken = []string{"woaini", "1314", "520", "5201314", "1314520", "aini", "mima", "wode", "nihao", "woshi", "zhongguo", "beijing", "laopo", "laogong",
	"baobao", "baobei", "laoban", "gongan", "renshe", "laodong", "jiancha", "shehui", "zhang", "wang", "zhao", "chen", "yang", "huang", "zhou", "xiao",
	"xiaoming", "caonima", "tiantian", "shengri", "kaixin", "xingfu", "pingan", "jiankang", "woaiwojia", "woaizhongguo", "88888888", "66666666", "168", "888", "666"}

// MaxWaiting is how many hashes may be worked out or waited for at once.
const MaxWaiting = 24

var waiting atomic.Int32

// Enter takes a place in the queue of those whose password is hashed, until
// leave is called. It is false when the queue is full: then the one who asks
// comes again later, instead of everybody waiting for longer and longer.
func Enter() (leave func(), ok bool) {
	if waiting.Add(1) > MaxWaiting {
		waiting.Add(-1)
		return nil, false
	}
	return func() { waiting.Add(-1) }, true
}
