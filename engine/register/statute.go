package register

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"dossier/engine/calendar"
	"dossier/engine/procedure"
)

// Act is a statute of which procedures cite articles, as of one version.
type Act struct {
	ID       string // apl, as citations write it
	Title    string
	Ref      string        // 国务院令第423号
	Version  string        // 2021年1月22日修订
	InForce  calendar.Date // since when this version is in force
	Articles []Article
}

// Article is one article's text, paragraph by paragraph; or, where nobody of us has seen the text, its gist and who told it.
type Article struct {
	N     string // 27
	Text  []string
	Gist  []string
	Basis string // of a gist
}

// Act finds a statute by the id of its citations.
func (r *Register) Act(id string) *Act {
	i := slices.IndexFunc(r.Acts, func(a Act) bool { return a.ID == id })
	if i < 0 {
		return nil
	}
	return &r.Acts[i]
}

// Article finds the article that a citation names; 64.1(二) lies in article 64. Nil where the register has no text of it.
func (r *Register) Article(c procedure.Citation) (*Act, *Article) {
	act := r.Act(c.Act)
	if act == nil {
		return nil, nil
	}
	n := c.Ref
	if i := strings.IndexAny(n, ".("); i >= 0 {
		n = n[:i]
	}
	i := slices.IndexFunc(act.Articles, func(a Article) bool { return a.N == n })
	if i < 0 {
		return act, nil
	}
	return act, &act.Articles[i]
}

// Wording is the text of the place that a citation names in the act, its lines one after the other; "" where the act has
// no text of it.
func (a *Act) Wording(ref string) string {
	n := ref
	if i := strings.IndexAny(n, ".("); i >= 0 {
		n = n[:i]
	}
	i := slices.IndexFunc(a.Articles, func(x Article) bool { return x.N == n })
	if i < 0 {
		return ""
	}
	return strings.Join(a.Articles[i].Part(ref), "\n")
}

// item begins a line of an article that belongs to the paragraph before it.
var item = regexp.MustCompile(`^（([一二三四五六七八九十]+)）`)

// Part is the text of the place that a citation names in the article, line by line: of 92 all of it, of 92.2 its second
// paragraph with the items that follow, of 32(一) the item. Nil where the article has no such place.
func (a *Article) Part(ref string) []string {
	paragraph, named, _ := strings.Cut(strings.TrimPrefix(ref, a.N), "(")
	lines := a.Text
	if n, err := strconv.Atoi(strings.TrimPrefix(paragraph, ".")); err == nil {
		lines = nil
		for _, l := range a.Text {
			if !item.MatchString(l) {
				n--
			}
			if n == 0 {
				lines = append(lines, l)
			}
		}
	}
	if named == "" {
		return lines
	}
	i := slices.IndexFunc(lines, func(l string) bool {
		m := item.FindStringSubmatch(l)
		return m != nil && m[1] == strings.TrimSuffix(named, ")")
	})
	if i < 0 {
		return nil
	}
	return lines[i : i+1]
}
