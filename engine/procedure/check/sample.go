package check

import (
	"cmp"
	"strings"
	"unicode/utf8"

	"dossier/engine/calendar"
	"dossier/engine/procedure"
	"dossier/engine/text"
	"dossier/engine/typed"
)

// samples checks a field's sample, which is written as a Choice.
func (c *formChecker) samples(path string, f *procedure.Field) {
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
func (c *formChecker) sample(path string, f *procedure.Field, s procedure.Sample) {
	wrong := func(form text.Words) {
		c.fault(path, text.Say("%s is no sample of a field of type %s", form, f.Type), sampleHints[f.Type])
	}
	switch {
	case s.Known != nil:
		c.known(in(path, "from"), *s.Known)
	case s.Days != nil, s.Workdays != nil:
		if f.Type != procedure.DateType && f.Type != procedure.DateTime {
			wrong("a day")
		}
	case s.People != "":
		if f.Type != procedure.PersonType && f.Type != procedure.People {
			wrong("people")
			return
		}
		c.word(in(path, "people"), "post", s.People)
		if s.Except.Form != "" {
			c.ref(in(path, "except"), s.Except)
		}
	case s.Similar:
		if f.Type != procedure.CaseRef {
			wrong("similar")
		}
	case s.All:
		if f.Type != procedure.Document && f.Type != procedure.Respondent {
			wrong("all")
		}
	case s.File != "":
		if f.Type != procedure.File {
			wrong("a file")
		}
	case s.Rows != nil:
		if f.Type != procedure.Table {
			wrong("a list of rows")
			return
		}
		c.rows(path, f, s.Rows)
	case s.List != nil:
		c.list(path, f, s.List)
	default:
		if f.Type == procedure.Choices {
			c.list(path, f, []string{s.Text})
			return
		}
		c.text(path, f, s.Text)
	}
}

// sampleHints say how a sample of a type is written.
var sampleHints = map[procedure.FieldType]text.Words{
	procedure.Text: "write a text", procedure.LongText: "write a text", procedure.DateType: "write {days: N}, {workdays: N} or 2026-01-05",
	procedure.DateTime: "write {days: N}, {workdays: N} or 2026-01-05 14:30", procedure.Money: `write yuan with two decimals: "128400.00"`,
	procedure.Number: "write a whole number", procedure.YesNo: "write yes or no", procedure.ChoiceType: "write one of the choices",
	procedure.Choices: "write a list of choices", procedure.PersonType: "write {people: POST}", procedure.People: "write {people: POST}",
	procedure.IDNumber:   "18 characters with a real day of birth and the right check character (GB 11643)",
	procedure.CreditCode: "18 characters with the right check character (GB 32100)", procedure.Phone: "write a phone number",
	procedure.File: "write {file: NAME}", procedure.Table: "write a list of rows", procedure.Document: "write all", procedure.Respondent: "write all",
	procedure.CaseRef: "write similar", procedure.Standard: "write the id of a standard: reg/30", procedure.Grounds: "write the id of a circumstance", procedure.Evidence: "write paper-1",
}

// list checks the sample of a field that takes several choices.
func (c *formChecker) list(path string, f *procedure.Field, values []string) {
	if f.Type != procedure.Choices {
		c.fault(path, text.Say("a list is no sample of a field of type %s", f.Type), sampleHints[f.Type])
		return
	}
	for i, v := range values {
		c.named(at(path, i), text.Say("choice of field %q", f.ID), v, procedure.ChoiceValues(f))
	}
}

// text checks a sample that is written as a plain word.
func (c *formChecker) text(path string, f *procedure.Field, s string) {
	if f.Type == procedure.ChoiceType {
		c.named(path, text.Say("choice of field %q", f.ID), s, procedure.ChoiceValues(f))
		return
	}
	if limit := cmp.Or(f.Max, procedure.TextLimits[f.Type]); (f.Type == procedure.Text || f.Type == procedure.LongText) && utf8.RuneCountInString(s) > limit {
		c.fault(path, text.Say("the sample has %s characters, the field takes %s", utf8.RuneCountInString(s), limit), "")
	}
	if !fits(f.Type, s) {
		c.fault(path, text.Say("%q is no sample of a field of type %s", s, f.Type), sampleHints[f.Type])
	}
}

// fits tells whether a plain word is a value of a type.
func fits(t procedure.FieldType, s string) bool {
	switch t {
	case procedure.Text:
		return s != "" && !strings.Contains(s, "\n")
	case procedure.LongText, procedure.Standard, procedure.Grounds, procedure.Evidence: // whether an office has the standard is asked where it is known
		return s != ""
	case procedure.DateType:
		_, err := calendar.Parse(s)
		return err == nil
	case procedure.DateTime:
		day, hour, ok := strings.Cut(s, " ")
		_, err := calendar.Parse(day)
		return ok && err == nil && procedure.ClockPattern.MatchString(hour)
	case procedure.Money:
		return procedure.MoneyPattern.MatchString(s)
	case procedure.Number:
		return procedure.WholePattern.MatchString(s)
	case procedure.YesNo:
		return s == "yes" || s == "no"
	case procedure.IDNumber:
		kept, bad := typed.IDNumber(s, 0)
		return bad == nil && kept == s
	case procedure.CreditCode:
		kept, bad := typed.CreditCode(s)
		return bad == nil && kept == s
	case procedure.Phone:
		kept, bad := typed.Phone(s)
		return bad == nil && kept == s
	case procedure.PersonType:
		return s != "" // of a column: a name of the scenario
	}
	return false
}
