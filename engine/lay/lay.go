// Package lay lays down a large office from a small one, to be measured and looked at.
package lay

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"dossier/engine"
	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/ledger"
	"dossier/engine/listing"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/rules"
	"dossier/engine/secret"
)

// A large county is laid down from the small one: what happened in a case of the county was decided once; another case in
// which the same happened is its events under other parties, workers, numbers and days, sealed into a chain of their own.
// Days move by whole weeks. Its papers are those of the case that it was laid down from.

// laid is how far a county has come.
type laid struct {
	Seed  uint64 `json:"seed"`
	Cases int    `json:"cases"` // that were laid down
}

const (
	kindLaid = "laid" // of records
	laidID   = "county"

	batch     = 1000 // cases that one commit lays down: of many, most share the index pages that they touch
	openShare = 3    // of a hundred cases, about: what an office has open of what it ever had
	backWeeks = 200  // how far back a case that ended may lie
	freshDays = 14   // how far back one that is open
	firstYear = 2022 // nothing lies before
)

// laidIn tells how far the store's county has come.
func laidIn(s ledger.Store) (l laid, seq uint64, err error) {
	r, err := s.Record(kindLaid, laidID)
	if errors.Is(err, ledger.ErrNotFound) {
		return l, 0, nil
	}
	if err == nil {
		err = json.Unmarshal(r.Data, &l)
	}
	return l, r.Seq, err
}

// Down lays down cases until there are n, in commits of many, and tells how many there are. What a seed lays down is always the
// same; one that was cut off goes on with its own seed.
func Down(ctx context.Context, e *engine.Engine, n int, seed uint64, progress func(done int)) error {
	far, seq, err := laidIn(e.Store)
	if err != nil {
		return err
	}
	if seq == 0 {
		far.Seed = seed
	}
	last, err := e.Store.Counter(ledger.CounterCase)
	if err != nil {
		return err
	}
	own := int(last) - far.Cases
	ended, open, err := templates(e, own)
	if err != nil {
		return err
	}
	if len(ended)+len(open) == 0 {
		return errors.New("no case to lay others down from")
	}
	counters := map[string]uint64{}
	for own+far.Cases < n {
		if err := ctx.Err(); err != nil {
			return err
		}
		size := min(batch, n-own-far.Cases)
		commit := ledger.Commit{Cases: make([]ledger.CaseWrite, size)}
		read := maps.Clone(counters)
		laying := make([]*copied, size)
		for i := range laying {
			id := casefile.CaseID(own + far.Cases + i + 1)
			c := newCopy(rand.New(rand.NewPCG(far.Seed, uint64(id))), id, ended, open, e.Today())
			if err := c.number(e.Store, counters, read); err != nil {
				return err
			}
			laying[i] = c
		}
		var wg sync.WaitGroup
		errs := make([]error, runtime.GOMAXPROCS(0))
		for w := range errs {
			wg.Go(func() {
				for i := w; i < size && errs[w] == nil; i += len(errs) {
					commit.Cases[i], errs[w] = laying[i].write(e.Office())
				}
			})
		}
		wg.Wait()
		if err := errors.Join(errs...); err != nil {
			return err
		}
		for _, name := range slices.Sorted(maps.Keys(counters)) {
			if counters[name] != read[name] {
				commit.Counters = append(commit.Counters, ledger.CounterWrite{Name: name, Read: read[name], Value: counters[name]})
			}
		}
		first := uint64(own + far.Cases)
		commit.Counters = append(commit.Counters, ledger.CounterWrite{Name: ledger.CounterCase, Read: first, Value: first + uint64(size)})
		far.Cases += size
		w, err := engine.Record(kindLaid, laidID, seq, far)
		if err != nil {
			return err
		}
		commit.Records = []ledger.RecordWrite{w}
		if err := e.Store.Commit(ctx, commit); err != nil {
			return err
		}
		seq++
		progress(own + far.Cases)
	}
	return nil
}

// template is a case of the county that others are laid down from.
type template struct {
	id          casefile.CaseID
	edition     *procedure.Edition
	first, last calendar.Date
	names       []string
	counts      []counted
	issued      int
	events      [][]piece
	snapshot    []piece
	proved      sync.Once // that a copy is what its events make
}

// counted is a number that the case took: the series that its counter counts, with the year, and the day on which it was taken.
type counted struct {
	prefix string
	n      uint64
	day    calendar.Date
}

// piece is a part of a text: as it stands, or what each copy has of its own.
type piece struct {
	kind pieceKind
	text string
	n    int
	day  calendar.Date
}

type pieceKind int

const (
	asIs    pieceKind = iota
	ownDay            // day
	ownName           // the n-th name
	ownText           // the n-th number as it is printed with the mark that text is
	ownSpot           // the same as it was counted
	ownCode           // of the n-th document
	ownID             // the case's
	ownHead           // the hash of the event before it; in the snapshot, of the last
)

// templates are the county's cases that stand alone: no other case is named in them. Files are shared, as papers are.
func templates(e *engine.Engine, own int) (ended, open []*template, err error) {
	for id := casefile.CaseID(1); id <= casefile.CaseID(own); id++ {
		d, err := e.Read(id)
		if err != nil {
			return nil, nil, err
		}
		if len(d.Case.Links) > 0 {
			continue
		}
		t, err := newTemplate(e, d.Edition, d.Case)
		if err != nil {
			return nil, nil, err
		}
		switch {
		case t == nil:
		case d.Case.Ended != 0 && len(listing.Waits(rules.NewView(d.Edition, e.Office(), d.Case, d.Case.LastDay(), d.Case.LastDay()))) == 0:
			ended = append(ended, t) // and nobody has anything to do in it any more
		default:
			open = append(open, t)
		}
	}
	return ended, open, nil
}

// newTemplate cuts a case's events into pieces; nil where a number on them isn't one that they took.
func newTemplate(e *engine.Engine, ed *procedure.Edition, c *casefile.Case) (*template, error) {
	sealed, err := e.Store.Events(c.ID, 0, 0)
	if err != nil {
		return nil, err
	}
	snap, err := e.Store.Case(c.ID)
	if err != nil {
		return nil, err
	}
	t := &template{id: c.ID, edition: ed, issued: len(c.Issued), names: namesIn(ed, c)}
	for _, s := range sealed {
		var ev casefile.Event
		if err := json.Unmarshal(s.Data, &ev); err != nil {
			return nil, err
		}
		if t.first == 0 || ev.Day < t.first {
			t.first = ev.Day
		}
		t.last = max(t.last, ev.Day, calendar.In(ev.At))
		for _, x := range ev.Counted {
			parts := strings.Split(x.Counter, "/")
			if len(parts) != 3 {
				return nil, nil
			}
			t.counts = append(t.counts, counted{parts[1], x.N, ev.Day})
		}
	}
	find, what := t.finder()
	for _, s := range sealed {
		t.events = append(t.events, cutUp(string(s.Data), find, what, `"case":`+strconv.Itoa(int(c.ID))+",", "prev"))
	}
	t.snapshot = cutUp(string(snap.Data), find, what, `"id":`+strconv.Itoa(int(c.ID))+",", "head")
	printed := map[string]bool{}
	for i := range t.counts {
		for _, mark := range marks {
			printed[t.counts[i].text(mark, t.counts[i].n, t.counts[i].day)] = true
		}
	}
	for _, d := range c.Issued {
		if d.Number != "" && !printed[d.Number] {
			return nil, nil
		}
	}
	return t, nil
}

// marks stand between a number's series and its year, as the settings that come with the program print it: of cases, of papers.
var marks = []string{"〔", "字〔"}

// text is the number as it is printed with a mark.
func (c *counted) text(mark string, n uint64, day calendar.Date) string {
	y, _, _ := day.YMD()
	return c.prefix + mark + strconv.Itoa(y) + "〕" + strconv.FormatUint(n, 10) + "号"
}

// spot is the number as an event counts it.
func (c *counted) spot(n uint64, day calendar.Date) string {
	return `"counter":"` + c.counter(day) + `","n":` + strconv.FormatUint(n, 10) + "}"
}

func (c *counted) counter(day calendar.Date) string {
	y, _, _ := day.YMD()
	return "number/" + c.prefix + "/" + strconv.Itoa(y)
}

// namesIn are the names of a case that each copy has its own of: the parties', and those in the rows of its tables.
func namesIn(ed *procedure.Edition, c *casefile.Case) []string {
	names := casefile.Parties(ed.Def, c)
	if p := casefile.Party(ed.Def, c); p != "" {
		names = append(names, p)
	}
	for _, f := range slices.Sorted(maps.Keys(c.Shared)) {
		for _, row := range c.Shared[f].Rows {
			if n := row["name"]; n != "" {
				names = append(names, n)
			}
		}
	}
	slices.SortFunc(names, func(a, b string) int { return cmp.Or(cmp.Compare(len(b), len(a)), strings.Compare(a, b)) })
	return slices.Compact(names)
}

// finder finds what is a copy's own, and says what each is.
func (t *template) finder() (*regexp.Regexp, map[string]piece) {
	what := map[string]piece{}
	for i, n := range t.names {
		what[n] = piece{kind: ownName, n: i}
	}
	for i := range t.counts {
		c := &t.counts[i]
		for _, mark := range marks {
			what[c.text(mark, c.n, c.day)] = piece{kind: ownText, n: i, text: mark}
		}
		what[c.spot(c.n, c.day)] = piece{kind: ownSpot, n: i}
	}
	for n := 1; n <= t.issued; n++ {
		what[secret.Code(int64(t.id), int64(n))] = piece{kind: ownCode, n: n}
	}
	words := slices.SortedFunc(maps.Keys(what), func(a, b string) int { return cmp.Or(cmp.Compare(len(b), len(a)), strings.Compare(a, b)) })
	for i := range words {
		words[i] = regexp.QuoteMeta(words[i])
	}
	return regexp.MustCompile(strings.Join(append(words, `\d{4}-\d{2}-\d{2}`, `"(?:prev|head)":"[0-9a-f]*"`, `"(?:case|id)":\d+,`), "|")), what
}

func cutUp(text string, find *regexp.Regexp, what map[string]piece, id, head string) []piece {
	var out []piece
	at := 0
	for _, m := range find.FindAllStringIndex(text, -1) {
		word := text[m[0]:m[1]]
		p, ok := what[word]
		switch {
		case ok:
		case word == id:
			key, _, _ := strings.Cut(word, ":")
			p, id = piece{kind: ownID, text: key + ":"}, "" // once
		case strings.HasPrefix(word, `"`+head+`":`):
			p = piece{kind: ownHead, text: `"` + head + `":"`}
		default:
			d, err := calendar.Parse(word)
			if y, _, _ := d.YMD(); err != nil || y < firstYear {
				continue
			}
			p = piece{kind: ownDay, day: d}
		}
		out = append(out, piece{text: text[at:m[0]]}, p)
		at = m[1]
	}
	return append(out, piece{text: text[at:]})
}

// copied is a case that is about to be laid down.
type copied struct {
	*template
	id    casefile.CaseID
	back  int // days
	names []string
	ns    []uint64
}

func newCopy(r *rand.Rand, id casefile.CaseID, ended, open []*template, today calendar.Date) *copied {
	from, weeks := ended, backWeeks
	if len(ended) == 0 || len(open) > 0 && r.IntN(100) < openShare {
		from, weeks = open, freshDays/7
	}
	t := from[r.IntN(len(from))]
	weeks = max(0, min(weeks, int(t.first-calendar.Of(firstYear, 1, 10))/7))
	c := &copied{template: t, id: id, back: 7 * r.IntN(weeks+1)}
	for _, n := range t.names {
		c.names = append(c.names, anotherName(r, n))
	}
	return c
}

// number takes the copy's numbers from the counters.
func (c *copied) number(s ledger.Store, counters, read map[string]uint64) error {
	for i := range c.counts {
		name := c.counts[i].counter(c.counts[i].day.Add(-c.back))
		if _, ok := counters[name]; !ok {
			n, err := s.Counter(name)
			if err != nil {
				return err
			}
			counters[name], read[name] = n, n
		}
		counters[name]++
		c.ns = append(c.ns, counters[name])
	}
	return nil
}

// write makes what is written of the copy.
func (c *copied) write(o *office.Office) (ledger.CaseWrite, error) {
	w := ledger.CaseWrite{ID: c.id}
	head := ""
	for i, ps := range c.events {
		data := c.render(ps, head)
		head = ledger.Chain(head, data)
		w.Events = append(w.Events, ledger.Sealed{Seq: uint64(i) + 1, Data: data, Hash: head})
	}
	w.Snapshot = c.render(c.snapshot, head)
	x := &casefile.Case{}
	err := ledger.Read(w.Snapshot, x)
	if err != nil {
		return w, fmt.Errorf("laid down from case %d: %w", c.template.id, err)
	}
	w.Rests = x.Ended != 0
	c.proved.Do(func() { err = c.prove(&w) })
	w.Put = listing.Entries(c.edition, o, x)
	return w, err
}

// prove holds the first copy of a case to what its events make of themselves.
func (c *copied) prove(w *ledger.CaseWrite) error {
	var x *casefile.Case
	for _, s := range w.Events {
		ev := &casefile.Event{}
		if err := ledger.Read(s.Data, ev); err != nil {
			return err
		}
		if data, err := ledger.Canonical(ev); err != nil || !bytes.Equal(data, s.Data) {
			return fmt.Errorf("event %d laid down from case %d is written otherwise: %s", s.Seq, c.template.id, s.Data)
		}
		x = casefile.Apply(c.edition, x, ev)
		x.Head = s.Hash
	}
	if data, err := ledger.Canonical(x); err != nil || !bytes.Equal(data, w.Snapshot) {
		return fmt.Errorf("what is laid down from case %d isn't what its events make: %s, %s", c.template.id, data, w.Snapshot)
	}
	return nil
}

func (c *copied) render(ps []piece, head string) []byte {
	var b bytes.Buffer
	for i := range ps {
		switch p := &ps[i]; p.kind {
		case ownDay:
			b.WriteString(p.day.Add(-c.back).String())
		case ownName:
			b.WriteString(c.names[p.n])
		case ownText, ownSpot:
			x := &c.counts[p.n]
			if p.kind == ownText {
				b.WriteString(x.text(p.text, c.ns[p.n], x.day.Add(-c.back)))
			} else {
				b.WriteString(x.spot(c.ns[p.n], x.day.Add(-c.back)))
			}
		case ownCode:
			b.WriteString(secret.Code(int64(c.id), int64(p.n)))
		case ownID:
			b.WriteString(p.text + strconv.Itoa(int(c.id)) + ",")
		case ownHead:
			b.WriteString(p.text + head + `"`)
		default:
			b.WriteString(p.text)
		}
	}
	return b.Bytes()
}

// anotherName is a name of the same kind: a person's, or a unit's with its ending.
func anotherName(r *rand.Rand, name string) string {
	pick := func(s string) string {
		all := []rune(s)
		return string(all[r.IntN(len(all))])
	}
	if utf8.RuneCountInString(name) <= 4 && !strings.ContainsAny(name, "厂店司局院社队校站部") {
		return pick(surnames) + pick(given) + pick(given)
	}
	ending := "有限公司"
	if i := strings.LastIndexAny(name, "厂店院社校站部"); i > 0 && !strings.HasSuffix(name, "公司") {
		ending = name[i:]
	}
	trades := []string{"建筑劳务", "机械制造", "食品", "纺织", "物流", "电子科技", "家具", "化工", "橡塑制品", "物业服务", "餐饮", "商贸"}
	return "任县" + pick(firms) + pick(firms) + trades[r.IntN(len(trades))] + ending
}

const (
	surnames = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
	given    = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红建国志海波文斌辉玲鹏飞凤洁梅琳素云莲真环雪荣爱妹香月莺媛宁欣飘育滢馥筠柔竹霭凝晓欢霄枫芸菲寒伊亚宜可姬舒影荔枝思丽"
	firms    = "永昌宏达鑫源顺兴恒泰隆盛华瑞丰安祥和诚信德利广金玉龙凤东南西北中天地元亨贞福禄寿康宁春夏秋光明远大成立新建设发展"
)
