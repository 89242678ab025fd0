package engine

import (
	"cmp"
	"fmt"
	"strings"
	"unicode/utf8"

	"dossier/engine/calendar"
)

// samples checks a field's sample, which is written as a Choice.
func (c *formChecker) samples(path string, f *Field) {
	if len(f.Sample) == 1 && f.Sample[0].When == nil {
		c.sample(path, f, f.Sample[0].Value)
		return
	}
	for i, o := range f.Sample {
		p := at(path, i)
		last := i == len(f.Sample)-1
		switch {
		case o.When == nil && !last:
			c.fault(p, "else before the last line", "nothing after it is ever tried: move it to the end")
		case o.When != nil && last:
			c.fault(path, "a choice without a last else", "end it with {else: VALUE} or {else: none}")
		}
		c.test(in(p, "when"), o.When, f)
		if !o.None {
			c.sample(p, f, o.Value)
		}
	}
}

// sample checks that one value fits the field's type.
func (c *formChecker) sample(path string, f *Field, s Sample) {
	wrong := func(form string) {
		c.fault(path, fmt.Sprintf("%s is no sample of a field of type %s", form, f.Type), sampleHints[f.Type])
	}
	switch {
	case s.Known != nil:
		c.known(in(path, "from"), *s.Known)
	case s.Days != nil, s.Workdays != nil:
		if f.Type != DateType && f.Type != DateTime {
			wrong("a day")
		}
	case s.People != "":
		if f.Type != PersonType && f.Type != People {
			wrong("people")
			return
		}
		c.named(in(path, "people"), "post", s.People, texts(posts))
		if s.Except.Form != "" {
			c.ref(in(path, "except"), s.Except)
		}
	case s.Similar:
		if f.Type != CaseRef {
			wrong("similar")
		}
	case s.All:
		if f.Type != Document && f.Type != Respondent {
			wrong("all")
		}
	case s.File != "":
		if f.Type != File {
			wrong("a file")
		}
	case s.Rows != nil:
		if f.Type != Table {
			wrong("a list of rows")
			return
		}
		c.rows(path, f, s.Rows)
	case s.List != nil:
		c.list(path, f, s.List)
	default:
		if f.Type == Choices {
			c.list(path, f, []string{s.Text})
			return
		}
		c.text(path, f, s.Text)
	}
}

// sampleHints say how a sample of a type is written.
var sampleHints = map[FieldType]string{
	Text: "write a text", LongText: "write a text", DateType: "write {days: N}, {workdays: N} or 2026-01-05",
	DateTime: "write {days: N}, {workdays: N} or 2026-01-05 14:30", Money: `write yuan with two decimals: "128400.00"`,
	Number: "write a whole number", YesNo: "write yes or no", ChoiceType: "write one of the choices",
	Choices: "write a list of choices", PersonType: "write {people: POST}", People: "write {people: POST}",
	IDNumber:   "18 characters with a real day of birth and the right check character (GB 11643)",
	CreditCode: "18 characters with the right check character (GB 32100)", Phone: "write a phone number",
	File: "write {file: NAME}", Table: "write a list of rows", Document: "write all", Respondent: "write all",
	CaseRef: "write similar",
}

// list checks the sample of a field that takes several choices.
func (c *formChecker) list(path string, f *Field, values []string) {
	if f.Type != Choices {
		c.fault(path, fmt.Sprintf("a list is no sample of a field of type %s", f.Type), sampleHints[f.Type])
		return
	}
	for i, v := range values {
		c.named(at(path, i), fmt.Sprintf("choice of field %q", f.ID), v, choiceValues(f))
	}
}

// text checks a sample that is written as a plain word.
func (c *formChecker) text(path string, f *Field, s string) {
	if f.Type == ChoiceType {
		c.named(path, fmt.Sprintf("choice of field %q", f.ID), s, choiceValues(f))
		return
	}
	if limit := cmp.Or(f.Max, textLimits[f.Type]); (f.Type == Text || f.Type == LongText) && utf8.RuneCountInString(s) > limit {
		c.fault(path, fmt.Sprintf("the sample has %d characters, the field takes %d", utf8.RuneCountInString(s), limit), "")
	}
	if !fits(f.Type, s) {
		c.fault(path, fmt.Sprintf("%q is no sample of a field of type %s", s, f.Type), sampleHints[f.Type])
	}
}

// fits tells whether a plain word is a value of a type.
func fits(t FieldType, s string) bool {
	switch t {
	case Text:
		return s != "" && !strings.Contains(s, "\n")
	case LongText:
		return s != ""
	case DateType:
		_, err := calendar.Parse(s)
		return err == nil
	case DateTime:
		day, hour, ok := strings.Cut(s, " ")
		_, err := calendar.Parse(day)
		return ok && err == nil && clockPattern.MatchString(hour)
	case Money:
		return moneyPattern.MatchString(s)
	case Number:
		return wholePattern.MatchString(s)
	case YesNo:
		return s == "yes" || s == "no"
	case IDNumber:
		return ValidIDNumber(s)
	case CreditCode:
		return ValidCreditCode(s)
	case Phone:
		return ValidPhone(s)
	case PersonType:
		return s != "" // of a column: a name of the scenario
	}
	return false
}

func choiceValues(f *Field) []string {
	values := make([]string, len(f.Choices))
	for i, a := range f.Choices {
		values[i] = a.Value
	}
	return values
}
