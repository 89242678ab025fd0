// Package register is the bureau's responsibility list, alive: the list as printed with an id for each of its sentences,
// what in the procedures carries each of them, the text of the articles that are cited beside them, and the way a matter
// that somebody describes takes to its section. It is pure: the data is read by seeds and handed over.
package register

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"dossier/engine/procedure"
	"dossier/engine/text"
)

// List is the responsibility list as it is printed.
type List struct {
	Title string `json:"title"`
	Parts []Part `json:"parts"`
}

// Part is one part of the list: 一 has duties, 二 matters, 三 services, 四 paragraphs.
type Part struct {
	ID         string      `json:"id"` // 一
	Title      string      `json:"title"`
	Columns    []string    `json:"columns,omitempty"` // the heads of a printed table
	Duties     []Duty      `json:"duties,omitempty"`
	Matters    []Matter    `json:"matters,omitempty"`
	Services   []Service   `json:"services,omitempty"`
	Paragraphs []Paragraph `json:"paragraphs,omitempty"`
}

// Duty is a main duty with its rows.
type Duty struct {
	ID    string `json:"id"` // 一9
	N     int    `json:"n"`
	Text  string `json:"text"`
	Note  string `json:"note,omitempty"` // on a slip that is kept as printed
	Items []Item `json:"items"`
}

// Item is one row: what is done, and by which sections.
type Item struct {
	ID       string   `json:"id"` // 一9(2)
	Text     string   `json:"text"`
	Sections []string `json:"sections"`
	Note     string   `json:"note,omitempty"`
}

// Matter is a boundary with other departments.
type Matter struct {
	ID      string   `json:"id"` // 二1
	N       int      `json:"n"`
	Text    string   `json:"text"`
	Parties []Party  `json:"parties"`
	Bases   []string `json:"bases"`
	Note    string   `json:"note,omitempty"`
}

// Party is a department's share of a matter.
type Party struct {
	Name  string `json:"name"`
	Share string `json:"share"`
}

// Service is a public service.
type Service struct {
	ID       string   `json:"id"` // 三1
	N        int      `json:"n"`
	Text     string   `json:"text"`
	Contents []string `json:"contents"`
	Period   string   `json:"period"`
	Section  string   `json:"section"`
	Note     string   `json:"note,omitempty"`
}

// Paragraph is one printed paragraph of part 四. A section's heading and the paragraphs without a number of their own
// bear the section's id, so that an id may come several times.
type Paragraph struct {
	ID   string `json:"id"` // 四(九)二(二)
	Text string `json:"text"`
	Note string `json:"note,omitempty"`
}

// Register is the list with what belongs to it. It does not change and is used concurrently.
type Register struct {
	List     List
	Acts     []Act // of which articles are cited
	Silences []Silence
	Routing  Routing
	Beside   []Cited // what carries clauses beside procedures, forms and standards

	entries []Entry
	ids     map[string]bool
}

// New checks that the parts fit together: every id has the form of a citation and stands once (a paragraph's may come
// again), what rests on an id finds it there.
func New(l List, acts []Act, silences []Silence, routing Routing, beside ...Cited) (*Register, error) {
	r := &Register{List: l, Acts: acts, Silences: silences, Routing: routing, Beside: beside, ids: map[string]bool{}}
	for i := range l.Parts {
		r.add(&l.Parts[i])
	}
	for _, e := range r.entries {
		if !text.Citable(text.List, e.ID) {
			return nil, fmt.Errorf("%s: not the form of a place in the list: write it as 四(九)二(二)", e.ID)
		}
		if r.ids[e.ID] && e.Part != r.paragraphs() {
			return nil, fmt.Errorf("%s: stands twice: number the second anew", e.ID)
		}
		r.ids[e.ID] = true
	}
	for _, p := range l.Parts {
		r.ids[p.ID] = true
	}
	for _, s := range silences {
		if !r.ids[s.ID] {
			return nil, fmt.Errorf("%s: no such place in the list, among those that ask for nothing: mend its id", s.ID)
		}
	}
	for _, c := range beside {
		for _, x := range c.Law.Cites {
			if x.Act == text.List && !r.ids[x.Ref] {
				return nil, fmt.Errorf("%s: no such place in the list, cited by the %s %s: mend its id", x.Ref, c.Kind, c.ID)
			}
		}
	}
	for _, id := range slices.Concat(routing.Look, slices.Sorted(maps.Keys(routing.Sections))) {
		if !r.ids[id] {
			return nil, fmt.Errorf("%s: no such place in the list, in the routing: mend its id", id)
		}
	}
	return r, nil
}

// paragraphs is the part that is made of paragraphs.
func (r *Register) paragraphs() string {
	for _, p := range r.List.Parts {
		if len(p.Paragraphs) > 0 {
			return p.ID
		}
	}
	return ""
}

// Entry is one thing of the list that can be found: a row, a share, a service, a paragraph.
type Entry struct {
	ID       string   `json:"id"`
	Part     string   `json:"part"`
	Under    string   `json:"under,omitempty"` // the duty, the matter or the regime that it belongs to
	Text     string   `json:"text"`
	Sections []string `json:"sections,omitempty"`
	Party    string   `json:"party,omitempty"` // whose share it is, of a boundary
	Note     string   `json:"note,omitempty"`
}

func (r *Register) add(p *Part) {
	for _, d := range p.Duties {
		r.entries = append(r.entries, Entry{ID: d.ID, Part: p.ID, Text: d.Text, Note: d.Note})
		for _, i := range d.Items {
			r.entries = append(r.entries, Entry{ID: i.ID, Part: p.ID, Under: d.Text, Text: i.Text, Sections: i.Sections, Note: i.Note})
		}
	}
	for _, m := range p.Matters {
		r.entries = append(r.entries, Entry{ID: m.ID, Part: p.ID, Text: m.Text, Note: m.Note})
		for i, s := range m.Parties {
			r.entries = append(r.entries, Entry{ID: fmt.Sprintf("%s(%d)", m.ID, i+1), Part: p.ID, Under: m.Text, Text: s.Share, Party: s.Name})
		}
	}
	for _, s := range p.Services {
		r.entries = append(r.entries, Entry{ID: s.ID, Part: p.ID, Text: s.Text + "：" + strings.Join(s.Contents, ""), Sections: []string{s.Section}, Note: s.Note})
	}
	regime := ""
	for _, x := range p.Paragraphs {
		if x.ID == Regime(x.ID) && strings.HasPrefix(x.Text, "（") {
			regime = x.Text
		}
		e := Entry{ID: x.ID, Part: p.ID, Text: x.Text, Note: x.Note}
		if x.Text != regime {
			e.Under = regime
		}
		r.entries = append(r.entries, e)
	}
}

// Has tells whether the list has a place of that id: 四(九)二(二), 一9(2), 二.
func (r *Register) Has(id string) bool { return r.ids[id] }

// Part finds a part by its id.
func (r *Register) Part(id string) *Part {
	for i := range r.List.Parts {
		if r.List.Parts[i].ID == id {
			return &r.List.Parts[i]
		}
	}
	return nil
}

// Entries are everything that can be found, in the order of the list.
func (r *Register) Entries() []Entry { return slices.Clone(r.entries) }

// At are the entries of an id: one, or the paragraphs that bear it.
func (r *Register) At(id string) []Entry {
	var found []Entry
	for _, e := range r.entries {
		if e.ID == id {
			found = append(found, e)
		}
	}
	return found
}

// Regime is the supervision regime that an id of part 四 lies in, 四(九) of 四(九)二(二); "" when it lies in none.
func Regime(id string) string {
	open := strings.IndexByte(id, '(')
	end := strings.IndexByte(id, ')')
	if open <= 0 || end < open || strings.ContainsAny(id[:open], "123456789") {
		return ""
	}
	return id[:end+1]
}

// Regimes are the paragraphs that head a regime of the part, in its order.
func (p *Part) Regimes() []Paragraph {
	var heads []Paragraph
	for _, x := range p.Paragraphs {
		if Regime(x.ID) == x.ID && !slices.ContainsFunc(heads, func(h Paragraph) bool { return h.ID == x.ID }) {
			heads = append(heads, x)
		}
	}
	return heads
}

// Of are the paragraphs of a regime, in the order of the list.
func (p *Part) Of(regime string) []Paragraph {
	var of []Paragraph
	for _, x := range p.Paragraphs {
		if Regime(x.ID) == regime {
			of = append(of, x)
		}
	}
	return of
}

// Sections are the sections that the list names, in its order, each once.
func (r *Register) Sections() []string {
	var names []string
	for _, e := range r.entries {
		for _, s := range e.Sections {
			if !slices.Contains(names, s) {
				names = append(names, s)
			}
		}
	}
	return names
}

// Within tells whether an id is another or lies under it: 四(九)二(二) lies within 四(九)二 and 四(九), and 四(九)二(三)15 not
// within 四(九)二(三)1.
func Within(id, above string) bool {
	rest, ok := strings.CutPrefix(id, above)
	if !ok || rest == "" {
		return ok
	}
	_, err := strconv.Atoi(above[len(above)-1:])
	_, more := strconv.Atoi(rest[:1])
	return err != nil || more != nil
}

// Above are the places that an id lies within, the nearest first: of 四(九)二(二) 四(九)二, 四(九), 四.
func Above(id string) []string {
	var ids []string
	for cut := len(id); cut > 0; {
		cut = parent(id[:cut])
		if cut > 0 {
			ids = append(ids, id[:cut])
		}
	}
	return ids
}

// parent is the length of an id without its last step.
func parent(id string) int {
	if strings.HasSuffix(id, ")") {
		return strings.LastIndexByte(id, '(')
	}
	bare := strings.TrimRight(id, "0123456789")
	if bare != id {
		return len(bare)
	}
	_, size := lastRune(id)
	return len(id) - size
}

func lastRune(s string) (r rune, size int) {
	for i, c := range s {
		r, size = c, len(s)-i
	}
	return r, size
}

// Cite is the place as a citation.
func Cite(id string) procedure.Citation { return procedure.Citation{Act: text.List, Ref: id} }
