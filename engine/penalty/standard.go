// Package penalty says what a fine may be: the standards of discretion (责任清单四(十)), their ranges and tiers, and the
// amount of one violation with its working. It is pure: standards are handed to it, sums are whole fen, days are values.
package penalty

import (
	"slices"
	"strconv"
	"strings"

	"dossier/engine/calendar"
	"dossier/engine/text"
)

// ID names a standard as ACT/article.item: reg/30, agency/25.4, lcl/92.1.
type ID string

// Unverified is the first day of validity of a standard whose true one nobody has verified: it holds since ever.
const Unverified calendar.Date = 1

// Tier is how severe a penalty is within, or below, its range. The order of Tiers is from mild to severe.
type Tier string

// The tiers of 行政处罚法 32, 33 and the list's 四(十)三(三).
const (
	None    Tier = "none"    // 不予: no penalty
	Reduced Tier = "reduced" // 减轻: below the range
	Light   Tier = "light"   // 从轻
	Usual   Tier = "usual"   // 一般
	Heavy   Tier = "heavy"   // 从重
)

// Tiers are all tiers from mild to severe.
func Tiers() []Tier { return []Tier{None, Reduced, Light, Usual, Heavy} }

// In is the tier's name: 一般.
func (t Tier) In(lang text.Lang) string { return text.T(lang, "penalty.tier."+string(t)) }

// ParseTier reads a tier as people or forms write it: 一般, Usual or usual.
func ParseTier(s string) (Tier, bool) {
	for _, t := range Tiers() {
		if s == string(t) || s == t.In(text.ZH) || s == t.In(text.EN) {
			return t, true
		}
	}
	return "", false
}

// Kind is a kind of penalty, named as in the forms, or a sum of administrative handling.
type Kind string

// The kinds that a standard may bring.
const (
	Warning      Kind = "warning"
	Fine         Kind = "fine"
	Confiscate   Kind = "confiscate"
	Revoke       Kind = "revoke"
	Compensation Kind = "compensation" // 加付赔偿金, which goes to the worker: handling, not a penalty (条例26)
	LateFee      Kind = "late-fee"     // 滞纳金, which goes to the fund: handling too (社会保险法86)
)

// Kinds are all kinds in the order in which they are told.
func Kinds() []Kind { return []Kind{Warning, Fine, Confiscate, Revoke, Compensation, LateFee} }

// Handled tells that it is a sum of administrative handling and no penalty.
func (k Kind) Handled() bool { return k == Compensation || k == LateFee }

// In is the kind's name.
func (k Kind) In(lang text.Lang) string { return text.T(lang, "penalty.kind."+string(k)) }

// When says in which case a kind comes.
type When string

// The cases of a kind: it comes always, may come, comes where there are gains, where it is serious, where the order wasn't obeyed.
const (
	Must    When = "must"
	May     When = "may"
	Gains   When = "gains"
	Serious When = "serious"
	Overdue When = "overdue"
)

// Whens are all of them.
func Whens() []When { return []When{Must, May, Gains, Serious, Overdue} }

// KindRule is a kind with the case in which it comes.
type KindRule struct {
	Kind Kind
	When When
}

// In is the rule in words: 并处罚款, 有违法所得的没收.
func (k KindRule) In(lang text.Lang) string {
	return text.T(lang, "penalty.when."+string(k.When), "kind", k.Kind)
}

// RangeKind says how a range is counted.
type RangeKind string

// The kinds of a range.
const (
	Fixed     RangeKind = "fixed"      // from a to b yuan
	PerPerson RangeKind = "per-person" // from a to b yuan for each person that counts
	Multiple  RangeKind = "multiple"   // from m to n times a sum: the gains, what is owed, what was got by fraud
	UpTo      RangeKind = "up-to"      // up to b yuan
	Daily     RangeKind = "daily"      // a share of a sum for each day that it is owed
)

// Range is what the statute sets. Both bounds are inclusive (民法典1259).
type Range struct {
	Kind RangeKind
	// Low and High are fen; of a multiple, hundredths of a time, so that 50 is half the sum; of a daily share, ten-thousandths.
	Low, High int64
	// Of is what is counted or multiplied: 受侵害的劳动者, 违法所得.
	Of string
	// May says that the statute allows the fine (可以) and doesn't demand it.
	May bool
	// IfGains says that it falls only on who has gains.
	IfGains bool
}

// In is the range in words.
func (r Range) In(lang text.Lang) string {
	key, low, high := "penalty.range."+string(r.Kind), Fen(r.Low).Plain(), Fen(r.High).Plain()
	if r.Low == r.High && r.Kind != UpTo {
		key += ".point"
	}
	if r.Kind == Daily {
		low, high = strconv.FormatInt(r.Low, 10), strconv.FormatInt(r.High, 10)
	}
	return text.T(lang, key, "low", low, "high", high, "of", r.Of)
}

// Provision is a place in a statute with its words.
type Provision struct {
	Act   string // as citations write it: reg; text.List is the responsibility list
	Title string // of the act
	Ref   string // 30.1, 92.2
	Item  string // of which item of the article punished under it is the violation: 一
	Text  string
	Own   bool // the words are the standard's own: the statutes don't have them
}

// In cites the provision.
func (p Provision) In(lang text.Lang) string {
	if p.Act == text.List {
		return text.Cite(text.List, p.Ref, lang)
	}
	return text.Cite(p.Title, p.Ref, lang)
}

// Provisions are several places, each cited once; of neighbours in one act the title stands once: 《劳动法》第三十六条、第四十一条.
type Provisions []Provision

// In cites them.
func (ps Provisions) In(lang text.Lang) string {
	var out list
	var seen []string
	act := ""
	for _, p := range ps {
		c := p.In(lang)
		if slices.Contains(seen, c) {
			continue
		}
		seen = append(seen, c)
		if lang == text.ZH && p.Act == act {
			c = strings.TrimPrefix(c, text.Cite(p.Title, "", lang))
		}
		act = p.Act
		out = append(out, Line{Key: c})
	}
	return out.In(lang)
}

// Party is who is punished.
type Party string

// The parties.
const (
	Unit   Party = "unit"   // the employer or agency
	Person Party = "person" // the person in charge, or who is directly responsible
)

// In is what the party is called.
func (p Party) In(lang text.Lang) string {
	if p != Unit && p != Person {
		return string(p)
	}
	return text.T(lang, "penalty.party."+string(p))
}

// Standard is what one provision sets for one violation, in one time.
type Standard struct {
	ID    ID
	Title string
	// Basis is the provision punished under, Violated are those that the act breaks; where the statute
	// has no other, the basis itself.
	Basis    Provision
	Violated []Provision
	// From and To are the first and the last day of its validity; To is 0 while it is in force.
	From, To calendar.Date
	// Ranges of the unit and of the person in charge; one of them may be nil.
	Unit, Person *Range
	// NoGains replaces the unit's range where there are no gains.
	NoGains *Range
	Kinds   []KindRule
	// Laid are tiers that a standard lays down itself, in the units of the unit's range; nil where proportion decides.
	Laid map[Tier][2]int64
	// Licence, OrderFirst and Note are in the data's words: what becomes of the licence, which order comes first.
	Licence, OrderFirst, Note string
	// Unverified says what nobody has verified (依据待核); "" when all is.
	Unverified string
	Successors []ID     // of one that is no longer in force
	Listed     []string // the places of the responsibility list that it carries: 四(三)六
}

// Holds tells whether the standard is in force on a day.
func (s *Standard) Holds(on calendar.Date) bool { return s.From <= on && (s.To == 0 || on <= s.To) }

// Range is the party's range, nil when it isn't punished.
func (s *Standard) Range(p Party) *Range {
	if p == Person {
		return s.Person
	}
	return s.Unit
}

// Parties are who is punished.
func (s *Standard) Parties() []Party {
	var ps []Party
	for _, p := range []Party{Unit, Person} {
		if s.Range(p) != nil {
			ps = append(ps, p)
		}
	}
	return ps
}

// Main is the range that the standard is known by: the unit's, or the person's where only that one is punished.
func (s *Standard) Main() Range { return *s.Range(s.Parties()[0]) }

// Brings tells whether it brings a kind, in whichever case.
func (s *Standard) Brings(kind Kind) bool {
	return slices.ContainsFunc(s.Kinds, func(k KindRule) bool { return k.Kind == kind })
}

// Handling tells that it sets a sum of handling, not a penalty: grounds of 行政处罚法 32 and 33 don't touch it.
func (s *Standard) Handling() bool { return len(s.Kinds) == 1 && s.Kinds[0].Kind.Handled() }

// Tiers are the tiers that the standard has over a range: 不予 and 减轻 are the penalty law's, and nothing lies below a
// range that begins at nothing.
func (s *Standard) Tiers(r Range) []Tier {
	var ts []Tier
	for _, t := range Tiers() {
		switch {
		case t == None && s.Handling(), t == Reduced && (s.Handling() || r.Low == 0):
		case s.Laid != nil && t != None && t != Reduced && !has(s.Laid, t):
		default:
			ts = append(ts, t)
		}
	}
	return ts
}

func has(m map[Tier][2]int64, t Tier) bool { _, ok := m[t]; return ok }

// Circumstance is something that bears on the tier, with the law and the evidence that it needs.
type Circumstance struct {
	ID    string // relieved
	Title string
	Law   Provision
	// Tiers are those that it allows; Must says that no other may be chosen (应当), but 不予 where another circumstance allows it.
	Tiers      []Tier
	Must       bool
	Of         []ID   // the standards that it belongs to; none: all
	Evidence   string // what proves it
	Unverified string
}
