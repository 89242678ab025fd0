package penalty

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"dossier/engine/calendar"
	"dossier/engine/text"
)

// Rules are the office's proportions where no tier is laid down (比例原则, 四(十)一), in percent: how much of the range is
// 从轻 from below and 从重 from above, and how far below the statute's lower bound 减轻 goes.
type Rules struct {
	Light, Heavy int // 30, 30
	Floor        int // 50: down to half of the lower bound
}

// proportion is the place of the list that lets a tier be computed by proportion, never above the statute's limit.
var proportion = Provision{Act: text.List, Ref: "四(十)一"}

// Proportions are the rules by the office's settings; value gives each by its name. What is no number is refused by Check.
func Proportions(value func(setting string) string) Rules {
	percent := func(setting string) int {
		n, err := strconv.ParseFloat(value(setting), 64)
		if err != nil || n != math.Trunc(n) || n > 100 {
			return -1
		}
		return int(n)
	}
	return Rules{Light: percent("tier-light"), Heavy: percent("tier-heavy"), Floor: percent("reduced-floor")}
}

// Check tells whether the proportions can be.
func (r Rules) Check() error {
	if r.Light < 0 || r.Heavy < 0 || r.Light+r.Heavy > 100 || r.Floor < 0 || r.Floor > 100 {
		return refuse(BadRules, "rules", "light", r.Light, "heavy", r.Heavy, "floor", r.Floor)
	}
	return nil
}

// Ground is a circumstance that the case has, with what proves it.
type Ground struct {
	ID       string
	Evidence []string
}

// Question asks what one violation costs one party.
type Question struct {
	Standard ID
	Tier     Tier
	On       calendar.Date // the day of the act; of a sum that grows by the day, the first that it is owed
	Until    calendar.Date // the last day of a sum that grows by the day
	Party    Party         // "" is the one that the standard is known by
	Persons  *int          // nil: not told
	Gains    *Fen          // the sum that a multiple multiplies; nil: not told
	Amount   *Fen          // a figure that is asked about
	Grounds  []Ground
	// Trial computes without a case: a tier may be tried before its circumstances and their evidence are there.
	Trial bool
	// Override names who lets a standard be used that isn't in force, and why.
	Override string
}

// Answer is what the violation costs. Bounds are inclusive.
type Answer struct {
	Standard    *Standard
	Range       Range // the one that applies
	Party       Party
	Tier        Tier
	Low, High   Fen // of the tier
	Least, Most Fen // of the range, whatever the tier
	Proposed    Fen
	Lawful      bool            // of the figure that was asked about; of the proposed one where none was
	Rests       []*Circumstance // the circumstances told
	Why         []Line          // on what it rests and what has to be seen to
	Working     []Line          // how it was computed

	persons, days int
	sum           Fen // what a multiple multiplies
}

// Judge answers. Its error is a *Refusal: the question can't be answered as it stands.
func (b *Book) Judge(q Question, rules Rules) (*Answer, error) {
	if err := rules.Check(); err != nil {
		return nil, err
	}
	s, err := b.chosen(q)
	if err != nil {
		return nil, err
	}
	a := &Answer{Standard: s, Party: q.Party, Tier: q.Tier, Lawful: true}
	if a.Party == "" {
		a.Party = s.Parties()[0]
	}
	if !slices.Contains(s.Parties(), a.Party) {
		return nil, refuse(NoParty, "party", "id", string(s.ID), "party", a.Party, "parties", speakers(s.Parties()))
	}
	if a.Range, err = s.applies(*s.Range(a.Party), a.Party, q); err != nil {
		return nil, err
	}
	if _, known := ParseTier(string(q.Tier)); !known {
		return nil, refuse(UnknownTier, "tier", "tier", string(q.Tier), "tiers", speakers(Tiers()))
	}
	if ts := s.Tiers(a.Range); !slices.Contains(ts, q.Tier) {
		return nil, refuse(NoTier, "tier", "id", string(s.ID), "tier", q.Tier, "tiers", speakers(ts))
	}
	if err := b.grounds(a, q); err != nil {
		return nil, err
	}
	by, err := a.scale(q)
	if err != nil {
		return nil, err
	}
	a.count(by, rules, q)
	a.reason(q)
	if q.Amount != nil {
		if *q.Amount < 0 || *q.Amount > MaxSum {
			return nil, refuse(AmountInvalid, "amount", "amount", *q.Amount)
		}
		a.hold(*q.Amount)
	}
	return a, nil
}

// chosen is the standard that is asked about: the one in force on the day, or the one that somebody answers for.
func (b *Book) chosen(q Question) (*Standard, error) {
	s, err := b.At(q.Standard, q.On)
	if r, ok := err.(*Refusal); ok && r.Code == NotInForce && q.Override != "" {
		for _, other := range b.standards {
			if other.ID == q.Standard {
				s = other
			}
		}
		return s, nil
	}
	return s, err
}

// applies is the range that counts for the gains that there are.
func (s *Standard) applies(r Range, p Party, q Question) (Range, error) {
	none := q.Gains == nil || *q.Gains == 0
	if q.Gains != nil && (*q.Gains < 0 || *q.Gains > MaxSum) {
		return r, refuse(GainsInvalid, "gains", "gains", *q.Gains, "max", MaxSum.Plain())
	}
	switch {
	case p == Unit && s.NoGains != nil && none:
		return *s.NoGains, nil
	case r.IfGains && q.Gains != nil && none:
		return r, refuse(NoGains, "gains", "id", string(s.ID), "law", s.Basis)
	}
	return r, nil
}

// grounds holds the tier against the circumstances. Without any, a trial takes the tier as it is asked.
func (b *Book) grounds(a *Answer, q Question) error {
	for i, g := range q.Grounds {
		c := b.circumstance(a.Standard.ID, g.ID)
		path := fmt.Sprintf("grounds[%d]", i)
		if c == nil {
			var all []string
			for _, c := range b.Circumstances(a.Standard.ID) {
				all = append(all, c.ID)
			}
			r := refuse(UnknownGround, path, "ground", g.ID, "near", nil)
			if guess := b.guess(g.ID, all); guess != "" {
				r.Args["near"] = say("penalty.near", "id", guess)
			}
			return r
		}
		if !q.Trial && len(g.Evidence) == 0 {
			return refuse(Unproved, path, "ground", c.Title, "law", c.Law, "evidence", c.Evidence)
		}
		a.Rests = append(a.Rests, c)
	}
	if a.Standard.Handling() {
		return nil
	}
	allowed := slices.ContainsFunc(a.Rests, func(c *Circumstance) bool { return slices.Contains(c.Tiers, q.Tier) })
	for _, c := range a.Rests {
		onlyNone := len(c.Tiers) == 1 && c.Tiers[0] == None
		if c.Must && !slices.Contains(c.Tiers, q.Tier) && (onlyNone || q.Tier != None || !allowed) {
			return refuse(Barred, "tier", "tier", q.Tier, "ground", c.Title, "law", c.Law, "tiers", speakers(c.Tiers))
		}
	}
	if q.Tier == Usual || allowed || q.Trial && len(a.Rests) == 0 {
		return nil
	}
	return refuse(Ungrounded, "tier", "tier", q.Tier, "law", say("penalty.ground."+string(q.Tier)))
}

// scale is what turns the range into fen. No penalty needs neither persons nor gains: without them its range is nothing.
func (a *Answer) scale(q Question) (scale, error) {
	if q.Persons != nil && (*q.Persons <= 0 || *q.Persons > MaxPersons) {
		return scale{}, refuse(PersonsInvalid, "persons", "persons", *q.Persons, "max", MaxPersons)
	}
	switch a.Range.Kind {
	case PerPerson:
		if q.Persons != nil {
			a.persons = *q.Persons
		} else if a.Tier != None {
			return scale{}, refuse(PersonsMissing, "persons", "id", string(a.Standard.ID), "of", a.Range.Of)
		}
		return scale{int64(a.persons), 1}, nil
	case Multiple, Daily:
		if q.Gains != nil && *q.Gains > 0 {
			a.sum = *q.Gains
		} else if a.Tier != None {
			return scale{}, refuse(GainsMissing, "gains", "id", string(a.Standard.ID), "of", a.Range.Of)
		}
		if a.Range.Kind == Multiple {
			return scale{int64(a.sum), 100}, nil
		}
		if a.days = int(q.Until-q.On) + 1; a.days < 1 || a.days > MaxDays {
			return scale{}, refuse(DaysInvalid, "until", "id", string(a.Standard.ID), "of", a.Range.Of, "from", q.On)
		}
		return scale{int64(a.sum) * int64(a.days), 10_000}, nil
	}
	return scale{1, 1}, nil
}

// count fills the bounds and tells how they came about.
func (a *Answer) count(by scale, rules Rules, q Question) {
	r := a.Range
	a.Most = by.at(r, 100, false)
	a.Least = min(by.at(r, 0, true), a.Most)
	inside := func(f Fen) Fen { return min(max(f, a.Least), a.Most) }
	a.Working = append(a.Working, say("penalty.working.range", "range", r, "law", a.Standard.Basis))
	switch {
	case r.Kind == PerPerson && a.persons > 0:
		a.Working = append(a.Working, say("penalty.working.persons", "of", r.Of, "n", a.persons))
	case a.sum > 0:
		a.Working = append(a.Working, say("penalty.working.sum", "of", r.Of, "sum", a.sum.Plain()))
	}
	from, to := int64(rules.Light), int64(100-rules.Heavy)
	laid, isLaid := a.Standard.Laid[a.Tier]
	isLaid = isLaid && a.Party == Unit && r == *a.Standard.Unit
	switch {
	case a.Tier == None:
		a.Working = append(a.Working, say("penalty.working.none"))
	case a.Tier == Reduced:
		a.Low = Fen((int64(a.Least)*int64(rules.Floor) + 99) / 100)
		a.High = max(a.Least-1, 0)
		a.Low = min(a.Low, a.High)
		a.Working = append(a.Working, say("penalty.working.reduced", "floor", rules.Floor, "least", a.Least.Plain(), "low", a.Low.Plain(), "high", a.High.Plain()))
	case isLaid:
		a.Low, a.High = inside(by.of(laid[0], 1, true)), inside(by.of(laid[1], 1, false))
		a.Working = append(a.Working, say("penalty.working.laid", "tier", a.Tier, "range", Range{Kind: r.Kind, Low: laid[0], High: laid[1], Of: r.Of}))
	case r.Kind == Daily && r.Low == r.High:
		a.Low, a.High = a.Least, a.Most
		a.Working = append(a.Working, say("penalty.working.days", "of", r.Of, "from", onPaper(q.On), "until", onPaper(q.Until), "n", a.days),
			say("penalty.working.daily", "sum", a.sum.Plain(), "rate", r.Low, "n", a.days))
	case r.Low == r.High:
		a.Low, a.High = a.Least, a.Most
		a.Working = append(a.Working, say("penalty.working.point"))
	default:
		part := map[Tier][2]int64{Light: {0, from}, Usual: {from, to}, Heavy: {to, 100}}[a.Tier]
		a.Low, a.High = inside(by.at(r, part[0], part[0] == 0)), inside(by.at(r, part[1], false))
		a.Working = append(a.Working, say("penalty.working.tier", "tier", a.Tier, "from", part[0], "to", part[1], "list", proportion),
			say("penalty.working.calculation", "low", a.formula(part[0]), "high", a.formula(part[1])))
	}
	if a.Tier != None {
		key := "penalty.working.bounds"
		if a.Low == a.High {
			key += ".point"
		}
		a.Working = append(a.Working, say(key, "low", a.Low.Plain(), "high", a.High.Plain()), say("penalty.working.rounding"))
	}
	a.Proposed = a.Low
	a.Working = append(a.Working, say("penalty.working.proposed", "sum", a.Proposed.Plain()))
}

// formula writes the point of the range at percent as it is computed: 3 × (1000 + 4000 × 30%).
func (a *Answer) formula(percent int64) string {
	r := a.Range
	f := Fen(r.Low).Plain()
	switch {
	case percent == 100:
		f = Fen(r.High).Plain()
	case percent > 0:
		f = fmt.Sprintf("%s + (%s − %s) × %d%%", f, Fen(r.High).Plain(), f, percent)
	}
	if r.Low == 0 && percent > 0 && percent < 100 {
		f = fmt.Sprintf("%s × %d%%", Fen(r.High).Plain(), percent)
	}
	base := ""
	switch r.Kind {
	case PerPerson:
		base = strconv.Itoa(a.persons)
	case Multiple:
		base = a.sum.Plain()
	default:
		return f
	}
	if percent > 0 && percent < 100 {
		f = "(" + f + ")"
	}
	return base + " × " + f
}

// reason says on what the answer rests and what has to be seen to.
func (a *Answer) reason(q Question) {
	s := a.Standard
	tell := func(key string, args ...any) { a.Why = append(a.Why, say(key, args...)) }
	basis := "penalty.why.basis"
	if s.Handling() {
		basis = "penalty.why.handled"
	}
	tell(basis, "law", s.Basis)
	if len(s.Violated) > 0 {
		tell("penalty.why.violated", "laws", Provisions(s.Violated))
	}
	switch {
	case len(a.Rests) > 0:
		for _, c := range a.Rests {
			tell("penalty.why.ground", "ground", c.Title, "law", c.Law)
			if c.Unverified != "" {
				tell("penalty.why.unverified", "what", c.Unverified)
			}
		}
	case a.Tier == Usual || s.Handling():
	default:
		tell("penalty.why.needs", "tier", a.Tier, "law", say("penalty.ground."+string(a.Tier)))
	}
	if a.Range.May && a.Tier != None {
		tell("penalty.why.may")
	}
	if a.Range.IfGains && q.Gains == nil {
		tell("penalty.why.if-gains")
	}
	if s.NoGains != nil && a.Party == Unit && a.Range == *s.NoGains {
		tell("penalty.why.no-gains")
	}
	if s.OrderFirst != "" {
		tell(s.OrderFirst)
	}
	if !s.Handling() && a.Tier != None {
		tell("penalty.why.kinds", "kinds", speakers(s.Kinds))
		tell("penalty.why.correct")
	}
	if a.Tier == None {
		tell("penalty.why.educate")
	}
	for _, words := range []string{s.Licence, s.Note} {
		if words != "" {
			tell(words)
		}
	}
	if s.Unverified != "" {
		tell("penalty.why.unverified", "what", s.Unverified)
	}
	if !s.Holds(q.On) {
		tell("penalty.why.override", "id", string(s.ID), "day", q.On, "who", q.Override)
	}
}

// Outside says that a figure isn't one of the answer's tier: what the tier and the statute allow, and by which clause.
func Outside(a *Answer, amount Fen) Lines { return a.outside(amount) }

// hold holds another figure against the tier and the statute.
func (a *Answer) hold(amount Fen) {
	low, high := a.Low, a.High
	if low <= amount && amount <= high {
		a.Why = append(a.Why, say("penalty.why.inside", "amount", amount.Plain(), "tier", a.Tier, "low", low.Plain(), "high", high.Plain()))
		return
	}
	a.Lawful = false
	a.Why = append(a.Why, a.outside(amount)...)
}

func (a *Answer) outside(amount Fen) Lines {
	low, high := a.Low, a.High
	out := Lines{say("penalty.why.outside", "amount", amount.Plain(), "tier", a.Tier, "low", low.Plain(), "high", high.Plain(), "law", a.Standard.Basis, "list", proportion)}
	switch {
	case a.Tier == None: // whatever the range
	case amount > a.Most:
		out = append(out, say("penalty.why.above", "most", a.Most.Plain(), "law", a.Standard.Basis))
	case amount < a.Least:
		out = append(out, say("penalty.why.below", "least", a.Least.Plain(), "law", a.Standard.Basis))
	}
	return out
}
