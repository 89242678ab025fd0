package seeds

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strconv"
	"strings"

	"dossier/engine/calendar"
	"dossier/engine/penalty"
	"dossier/engine/register"
	"dossier/engine/strictyaml"
	"dossier/engine/text"
)

// standardFiles are the standards of discretion, one YAML file an act, and the statutes whose words they cite.
//
//go:embed standards/*.yaml statutes/*.yaml
var standardFiles embed.FS

// Standards are the standards of discretion with which a new office starts.
func Standards() *penalty.Book {
	book, err := ReadStandards(standardFiles)
	if err != nil { // the package's tests read every file
		panic(fmt.Sprintf("seeds: the embedded standards are faulty: %v", err))
	}
	return book
}

// Renewed are the same with these files in the place of the acts' own, by the acts' short names.
func Renewed(files map[string]string) (*penalty.Book, error) {
	book, err := readStandards(standardFiles, files)
	if err == nil && book.Note == "" { // the file that named it is replaced by one that doesn't
		book.Note = Standards().Note
	}
	return book, err
}

// StandardsAct is the short name of the act whose standards a file has.
func StandardsAct(file string, data []byte) (string, error) {
	root, err := strictyaml.Parse(file, data)
	if err != nil {
		return "", err
	}
	r := strictyaml.NewReader(file)
	r.Require(root, "act")
	return r.String(root.Get("act")), r.Err()
}

// ReadStandards reads the files of standards/, one an act, in the order of their names; the words of the law are those of
// statutes/. Its error is text.Faults (every fault of every file with its place) or what is wrong between the files.
func ReadStandards(files fs.FS) (*penalty.Book, error) { return readStandards(files, nil) }

// readStandards reads them with those of own in the place of the files of the same acts, and after them those of other acts.
func readStandards(files fs.FS, own map[string]string) (*penalty.Book, error) {
	statutes, err := readStatutes(files)
	if err != nil {
		return nil, err
	}
	names, err := fs.Glob(files, "standards/*.yaml")
	if err != nil {
		return nil, err
	}
	type file struct {
		name string
		data []byte
	}
	var read []file
	left := maps.Clone(own)
	for _, name := range names {
		data, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		if act, _ := StandardsAct(name, data); left[act] != "" {
			name, data = act+".yaml", []byte(left[act])
			delete(left, act)
		}
		read = append(read, file{name, data})
	}
	for _, act := range slices.Sorted(maps.Keys(left)) {
		read = append(read, file{act + ".yaml", []byte(left[act])})
	}
	var all readings
	var faults text.Faults
	for _, f := range read {
		one, err := readAct(f.name, f.data, statutes)
		var of text.Faults
		switch {
		case errors.As(err, &of):
			faults = append(faults, of...)
		case err != nil:
			return nil, err
		}
		all.standards, all.circumstances = append(all.standards, one.standards...), append(all.circumstances, one.circumstances...)
		all.note += one.note // one file names it
	}
	if err := faults.Err(); err != nil {
		return nil, err
	}
	book, err := penalty.NewBook(all.standards, all.circumstances, strictyaml.Guess)
	if err != nil {
		return nil, err
	}
	book.Note = all.note
	return book, nil
}

// readings are what files say.
type readings struct {
	standards     []*penalty.Standard
	circumstances []*penalty.Circumstance
	note          string
}

// act is one file while it is read.
type act struct {
	*strictyaml.Reader
	id, title string
	statutes  []register.Act
	from, to  calendar.Date
}

func readAct(file string, data []byte, statutes []register.Act) (out readings, err error) {
	root, err := strictyaml.Parse(file, data)
	if err != nil {
		return out, err
	}
	a := &act{Reader: strictyaml.NewReader(file), statutes: statutes}
	if !a.Keys(root, "act", "title", "from", "to", "note", "standards", "circumstances") {
		return out, a.Err()
	}
	a.Require(root, "act", "from")
	out.note = a.String(root.Get("note"))
	a.id, a.title = a.String(root.Get("act")), a.String(root.Get("title"))
	if a.statute(a.id) == nil && a.id != text.List {
		a.Require(root, "title")
	}
	a.from, a.to = a.day(root.Get("from")), a.day(root.Get("to"))
	for _, n := range a.List(root.Get("standards")) {
		if s := a.standard(n); s != nil {
			out.standards = append(out.standards, s)
		}
	}
	for _, n := range a.List(root.Get("circumstances")) {
		if c := a.circumstance(n); c != nil {
			out.circumstances = append(out.circumstances, c)
		}
	}
	return out, a.Err()
}

// statute is the act among the statutes; nil where its words aren't there.
func (a *act) statute(id string) *register.Act {
	i := slices.IndexFunc(a.statutes, func(x register.Act) bool { return x.ID == id })
	if i < 0 {
		return nil
	}
	return &a.statutes[i]
}

func (a *act) standard(n *strictyaml.Node) *penalty.Standard {
	if !a.Keys(n, "standard", "title", "law", "from", "to", "successors", "unverified", "unit", "no-gains", "person", "kinds", "tiers",
		"listed", "order-first", "licence", "note", "text", "violated") {
		return nil
	}
	a.Require(n, "standard", "title", "kinds")
	no := a.String(n.Get("standard"))
	if strings.ContainsAny(no, " ,;/\t") {
		a.Fault(n.Get("standard"), text.Say("%q is no article", no), "write 30, or 30.1 for its first paragraph")
	}
	s := &penalty.Standard{ID: penalty.ID(a.id + "/" + no), Title: a.String(n.Get("title")), From: a.from, To: a.to,
		Unit: a.bounds(n.Get("unit")), NoGains: a.bounds(n.Get("no-gains")), Person: a.bounds(n.Get("person")),
		OrderFirst: a.String(n.Get("order-first")), Licence: a.String(n.Get("licence")), Note: a.String(n.Get("note")), Unverified: a.String(n.Get("unverified"))}
	law := n.Get("law")
	if law == nil {
		law = n.Get("standard")
		s.Basis = a.provision(law, a.id+"/"+no, n.Get("text"))
	} else {
		s.Basis = a.provision(law, a.String(law), n.Get("text"))
	}
	for _, v := range a.List(n.Get("violated")) {
		if v.Kind == strictyaml.Scalar {
			s.Violated = append(s.Violated, a.provision(v, v.Text, nil))
			continue
		}
		if a.Keys(v, "law", "item", "text") {
			a.Require(v, "law")
			p := a.provision(v.Get("law"), a.String(v.Get("law")), v.Get("text"))
			p.Item = a.String(v.Get("item"))
			s.Violated = append(s.Violated, p)
		}
	}
	if len(s.Violated) == 0 {
		s.Violated = []penalty.Provision{s.Basis}
	}
	if d := n.Get("from"); d != nil {
		s.From = a.day(d)
	}
	if d := n.Get("to"); d != nil {
		s.To = a.day(d)
	}
	if s.To != 0 && s.To < s.From {
		a.Fault(n.Get("to"), "it ends before it begins", "check from and to")
	}
	s.Listed = a.Strings(n.Get("listed"))
	for _, id := range s.Listed {
		if !text.Citable(text.List, id) {
			a.Fault(n.Get("listed"), text.Say("%q is no place in the list", id), "write 四(三)六")
		}
	}
	for _, id := range a.Strings(n.Get("successors")) {
		s.Successors = append(s.Successors, penalty.ID(id))
	}
	if s.Unit == nil && s.Person == nil {
		a.Fault(n, "nobody is punished", "write unit or person with a range")
		return nil
	}
	if s.NoGains != nil && s.Unit == nil {
		a.Fault(n.Get("no-gains"), "no-gains stands beside no range of the unit", "write unit")
		return nil
	}
	s.Kinds = a.kinds(n.Get("kinds"))
	s.Laid = a.laid(n.Get("tiers"), s.Unit)
	return s
}

// bounds reads {fixed: [a, b]}, {per-person: [a, b], of: …}, {multiple: [m, n], of: …}, {up-to: b} or {daily: m, of: …}, yuan, times or ten-thousandths.
func (a *act) bounds(n *strictyaml.Node) *penalty.Range {
	if n == nil || !a.Keys(n, "fixed", "per-person", "multiple", "up-to", "daily", "of", "may", "if-gains") {
		return nil
	}
	r := &penalty.Range{Of: a.String(n.Get("of")), May: a.Bool(n.Get("may")), IfGains: a.Bool(n.Get("if-gains"))}
	var bounds *strictyaml.Node
	for _, kind := range []penalty.RangeKind{penalty.Fixed, penalty.PerPerson, penalty.Multiple, penalty.UpTo, penalty.Daily} {
		v := n.Get(string(kind))
		if v == nil {
			continue
		}
		if bounds != nil {
			a.Fault(v, "a range of two kinds", "keep one of them")
			return nil
		}
		bounds, r.Kind = v, kind
	}
	most := int64(penalty.MaxRange)
	switch {
	case bounds == nil:
		a.Fault(n, "a range of no kind", "write fixed, per-person, multiple, up-to or daily")
		return nil
	case r.Kind == penalty.UpTo:
		r.High = a.hundredths(bounds, most)
		return r
	case r.Kind == penalty.Daily:
		if r.Low = int64(a.Int(bounds)); r.Low < 1 || r.Low > penalty.MaxRate {
			a.Fault(bounds, "that is no rate of a day", text.Say("write ten-thousandths, 1 to %s", penalty.MaxRate))
		}
		r.High = r.Low
	case r.Kind == penalty.Multiple:
		most = penalty.MaxMultiple
	}
	if (r.Kind == penalty.Multiple || r.Kind == penalty.PerPerson || r.Kind == penalty.Daily) && r.Of == "" {
		a.Fault(n, "what is counted isn't said", "write of: 违法所得, of: 受侵害的劳动者")
	}
	if r.Kind != penalty.Daily {
		r.Low, r.High = a.pair(bounds, most)
	}
	return r
}

// pair reads [a, b] with a not above b, as hundredths.
func (a *act) pair(n *strictyaml.Node, most int64) (low, high int64) {
	items := a.List(n)
	if len(items) != 2 {
		a.Fault(n, "two bounds are wanted", "write [lower, upper]; the same twice where the statute sets one amount")
		return 0, 0
	}
	low, high = a.hundredths(items[0], most), a.hundredths(items[1], most)
	if low > high {
		a.Fault(n, "the lower bound is above the upper", "write [lower, upper]")
	}
	return low, high
}

// hundredths reads a number of at most two decimals: yuan as fen, times as hundredths.
func (a *act) hundredths(n *strictyaml.Node, most int64) int64 {
	s := a.String(n)
	whole, dec, _ := strings.Cut(s, ".")
	i, err := strconv.ParseInt(whole+(dec + "00")[:2], 10, 64)
	if err != nil || len(dec) > 2 || strings.HasPrefix(s, "-") || strings.HasPrefix(s, "+") || i > most {
		a.Fault(n, text.Say("%q is no amount", s), text.Say("write 20000 or 0.5, at most %s", most/100))
		return 0
	}
	return i
}

func (a *act) kinds(n *strictyaml.Node) []penalty.KindRule {
	var all []string
	for _, k := range penalty.Kinds() {
		all = append(all, string(k))
	}
	if n == nil || !a.Keys(n, all...) {
		return nil
	}
	var whens []string
	for _, w := range penalty.Whens() {
		whens = append(whens, string(w))
	}
	var rules []penalty.KindRule
	for _, k := range n.Keys {
		when := a.String(k.Value)
		if !slices.Contains(whens, when) {
			a.Fault(k.Value, text.Say("no case %q of a kind", when), strictyaml.Offer(when, whens))
		}
		rules = append(rules, penalty.KindRule{Kind: penalty.Kind(k.Name), When: penalty.When(when)})
	}
	return rules
}

// laid reads tiers that the standard lays down itself: {light: [2000, 8000], usual: [8000, 15000]}, within the unit's range.
func (a *act) laid(n *strictyaml.Node, r *penalty.Range) map[penalty.Tier][2]int64 {
	if n == nil || !a.Keys(n, string(penalty.Light), string(penalty.Usual), string(penalty.Heavy)) {
		return nil
	}
	if r == nil {
		a.Fault(n, "tiers stand beside no range of the unit", "write unit")
		return nil
	}
	out := map[penalty.Tier][2]int64{}
	before := r.Low
	for _, t := range penalty.Tiers() {
		v := n.Get(string(t))
		if v == nil {
			continue
		}
		low, high := a.pair(v, penalty.MaxRange)
		if low < before || high > r.High {
			a.Fault(v, "the tier leaves the statute's range, or begins below the milder one", "keep the tiers in the range, one after the other")
		}
		before = low
		out[t] = [2]int64{low, high}
	}
	return out
}

func (a *act) circumstance(n *strictyaml.Node) *penalty.Circumstance {
	if !a.Keys(n, "circumstance", "title", "law", "tiers", "must", "of", "evidence", "unverified", "text") {
		return nil
	}
	a.Require(n, "circumstance", "title", "law", "tiers", "evidence")
	c := &penalty.Circumstance{ID: a.String(n.Get("circumstance")), Title: a.String(n.Get("title")), Must: a.Bool(n.Get("must")),
		Law: a.provision(n.Get("law"), a.String(n.Get("law")), n.Get("text")), Evidence: a.String(n.Get("evidence")), Unverified: a.String(n.Get("unverified"))}
	var all []string
	for _, t := range penalty.Tiers() {
		all = append(all, string(t))
	}
	for _, v := range a.List(n.Get("tiers")) {
		if t := a.String(v); slices.Contains(all, t) {
			c.Tiers = append(c.Tiers, penalty.Tier(t))
		} else {
			a.Fault(v, text.Say("no tier %q", t), strictyaml.Offer(t, all))
		}
	}
	for _, id := range a.Strings(n.Get("of")) {
		c.Of = append(c.Of, penalty.ID(id))
	}
	return c
}

// provision is the place that law names, with its words: those of the statute, or own where the statutes don't have them.
func (a *act) provision(at *strictyaml.Node, law string, own *strictyaml.Node) penalty.Provision {
	id, ref, _ := strings.Cut(law, "/")
	p := penalty.Provision{Act: id, Title: a.title, Ref: ref, Text: strings.TrimSpace(a.String(own)), Own: own != nil}
	statute := a.statute(id)
	switch {
	case law == "": // told already
	case statute == nil && id != a.id && id != text.List:
		ids := []string{a.id}
		for _, x := range a.statutes {
			ids = append(ids, x.ID)
		}
		a.Fault(at, text.Say("no act %q", id), text.Say("put it into statutes/; %s", strictyaml.Offer(id, ids)))
	case !text.Citable(id, ref):
		a.Fault(at, text.Say("%q is no place in an act", law), "write act/30, act/30.1, act/30.1(三)")
	case statute != nil:
		p.Title = statute.Title
		if p.Text == "" { // else an earlier version, which the statute no longer has
			p.Text = statute.Wording(ref)
		}
	}
	if p.Text == "" && id != text.List && text.Citable(id, ref) && (statute != nil || id == a.id) {
		a.Fault(at, text.Say("no words of %s", law), "put the article into statutes/, or write text")
	}
	return p
}

// day is a date, or unverified.
func (a *act) day(n *strictyaml.Node) calendar.Date {
	s := a.String(n)
	switch d, err := calendar.Parse(s); {
	case n == nil || s == "":
		return 0
	case s == "unverified":
		return penalty.Unverified
	case err != nil:
		a.Fault(n, text.Say("%q is not a date", s), "write the day as 2021-07-15")
		return 0
	default:
		return d
	}
}
