package norms

import (
	"slices"
	"strings"
	"testing"
)

// A difference read without what is new is the old text, without what is gone the new one; what is the same is kept.
func TestChangedReadsBothWays(t *testing.T) {
	for _, x := range [][2]string{{"", ""}, {"六十个工作日", ""}, {"", "六十个工作日"}, {"六十个工作日内完成", "九十个工作日内完成"}, {"可以延长30个工作日。", "经批准，可以延长三十日"}, {"甲乙丙", "丙乙甲"}, {"𠮷abc", "abc𠮷"}} {
		var old, now, kept strings.Builder
		pieces := changed([]rune(x[0]), []rune(x[1]))
		for i, p := range pieces {
			if p.Class != "new" {
				old.WriteString(p.Text)
			}
			if p.Class != "gone" {
				now.WriteString(p.Text)
			}
			if p.Class == "" {
				kept.WriteString(p.Text)
			}
			if i > 0 && pieces[i-1].Class == p.Class {
				t.Errorf("%q: two pieces of one kind stand together: %v", x, pieces)
			}
		}
		if old.String() != x[0] || now.String() != x[1] {
			t.Errorf("%q reads %q and %q", x, old.String(), now.String())
		}
		if x[0] == "六十个工作日内完成" && x[1] != "" && kept.String() != "十个工作日内完成" {
			t.Errorf("kept %q", kept.String())
		}
	}
}

// FuzzMarked: the pieces of a marked text are the text, whatever is looked for, and what is marked is a word of the query.
func FuzzMarked(f *testing.F) {
	f.Add("组织实施消除非法使用童工政策", "童工 政策")
	f.Add("aaa", "aa a")
	f.Add("\xff", "\xff")
	f.Fuzz(func(t *testing.T, text, query string) {
		var all strings.Builder
		for _, p := range marked(text, query) {
			all.WriteString(p.Text)
			if p.Hit && !slices.ContainsFunc(strings.Fields(query), func(w string) bool { return strings.Contains(p.Text, w) }) {
				t.Errorf("%q is marked in %q for %q", p.Text, text, query)
			}
		}
		if all.String() != text {
			t.Errorf("%q became %q", text, all.String())
		}
	})
}
