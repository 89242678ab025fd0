package filling

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
	"dossier/engine/text"
	"dossier/engine/typed"
)

// text reads a single text of a field's type; it reports what is wrong and answers false.
func (r *Reader) text(path string, f *procedure.Field, s string) (string, bool) {
	bad := func(why string, args refusal.Args) (string, bool) {
		if args == nil {
			args = refusal.Args{}
		}
		args["field"] = f.Title.ZH
		r.Fault(path, why, args)
		return "", false
	}
	s, wrong := typed.Clean(s, f.Type == procedure.LongText)
	if wrong != nil {
		return bad(wrong.Why, wrong.Args)
	}
	if n, limit := utf8.RuneCountInString(s), lengthOf(f); n > limit {
		return bad("field.long", refusal.Args{"max": strconv.Itoa(limit), "have": strconv.Itoa(n)})
	}
	if s == "" {
		return "", true
	}
	if f.Secret && strings.Contains(s, casefile.Mask) {
		return bad("field.withheld", nil)
	}
	if out, wrong, is := written(f, s, r.View.Today); is {
		if wrong != nil {
			return bad(wrong.Why, wrong.Args)
		}
		return out, true
	}
	if r.Missing != nil {
		if m := r.Missing(s); len(m) > 0 {
			return bad("field.rune", refusal.Args{"runes": text.Runes(m)})
		}
	}
	if len(f.Provisions) > 0 {
		if vague := uncited(s); vague != "" {
			return bad("field.provision", refusal.Args{"text": vague})
		}
	}
	if f.Type == procedure.Standard || f.Type == procedure.Grounds {
		id, err := r.standing(f.Type, s)
		if err != nil {
			r.Said(path, err)
		}
		return id, err == nil
	}
	if out, why, args := r.named(f, s); why == "" {
		return out, true
	} else {
		return bad(why, args)
	}
}

// cited are a title with its article, or its part: 《劳动合同法》第三十条; nameless is an article of which the title isn't marked.
var (
	cited    = regexp.MustCompile(`《[^》]*》(?:（[^）]*）)?(?:第|[一二三四五六七八九十（])?`)
	nameless = regexp.MustCompile(`第[一二三四五六七八九十百零〇\d]+条`)
	anyRule  = regexp.MustCompile(`(?:有关|相关)(?:法律、?)?(?:法规)?的?规定`)
)

// uncited is what a text of provisions leaves open: a title without its article, 有关规定, or all of it; "" when nothing.
func uncited(s string) string {
	if vague := anyRule.FindString(s); vague != "" {
		return vague
	}
	titles := cited.FindAllString(s, -1)
	for _, t := range titles {
		if strings.HasSuffix(t, "》") || strings.HasSuffix(t, "）") {
			return t
		}
	}
	if len(titles) == 0 && !nameless.MatchString(s) {
		return s
	}
	return ""
}

// lengthOf is how many characters the field takes.
func lengthOf(f *procedure.Field) int {
	switch f.Type {
	case procedure.Text:
		return cmp.Or(f.Max, MaxText)
	case procedure.LongText:
		return cmp.Or(f.Max, maxLong)
	}
	return MaxText
}

// written reads what has one way of being written, whatever the case: sums, numbers, days and codes.
func written(f *procedure.Field, s string, today calendar.Date) (string, *typed.Fault, bool) {
	switch f.Type {
	case procedure.DateType:
		d, bad := typed.Day(s)
		return d.String(), bad, true
	case procedure.DateTime:
		s, bad := typed.Moment(s)
		return s, bad, true
	case procedure.Money:
		fen, bad := typed.Money(s)
		return procedure.FormatMoney(fen), bad, true
	case procedure.Number:
		n, bad := typed.Number(s)
		if bad == nil && !f.Bounds(n) {
			bad = &typed.Fault{Why: "field.number", Args: map[string]string{"min": strconv.Itoa(f.Min)}}
			if f.Max != 0 {
				bad = &typed.Fault{Why: "field.number-between", Args: map[string]string{"min": strconv.Itoa(f.Min), "max": strconv.Itoa(f.Max)}}
			}
		}
		return strconv.Itoa(n), bad, true
	case procedure.IDNumber:
		s, bad := typed.IDNumber(s, today)
		return s, bad, true
	case procedure.CreditCode:
		s, bad := typed.CreditCode(s)
		return s, bad, true
	case procedure.Phone:
		s, bad := typed.Phone(s)
		return s, bad, true
	}
	return "", nil, false
}

// named reads what names something: a choice, a person, a document, a party, a file, another case. A text is itself.
func (r *Reader) named(f *procedure.Field, s string) (out, why string, args refusal.Args) {
	switch f.Type {
	case procedure.YesNo:
		switch s {
		case "yes", "true", "on", "是":
			return "yes", "", nil
		case "no", "false", "否":
			return "no", "", nil
		}
		return "", "field.yes-no", nil
	case procedure.ChoiceType, procedure.Choices:
		var all []string
		for _, a := range f.Choices {
			if s == a.Value || s == a.Label.ZH {
				return a.Value, "", nil
			}
			all = append(all, a.Value)
		}
		return "", "field.choice", refusal.Args{"allowed": strings.Join(all, " ")}
	case procedure.PersonType, procedure.People:
		p := r.View.Office.Person(office.PersonID(s))
		if p == nil {
			return "", "field.person", refusal.Args{"who": s}
		}
		if !p.Active(r.View.Today) {
			return "", "field.person-disabled", refusal.Args{"who": p.Name}
		}
	case procedure.File:
		n, err := strconv.Atoi(s)
		if err != nil || n < 1 || n > len(r.View.Case.Files)+r.Uploads {
			return "", "field.file", nil
		}
	case procedure.Document:
		n, err := strconv.Atoi(s)
		if d := r.View.Case.Document(n); err != nil || d == nil || d.Void != 0 || len(f.Of) > 0 && !slices.Contains(f.Of, d.Form) {
			return "", "field.document", refusal.Args{"document": s}
		}
	case procedure.Evidence:
		var known []string
		for _, p := range r.View.Proofs() {
			if p.Named(s) {
				return string(p.ID), "", nil
			}
			known = append(known, string(p.ID)+" "+p.Title)
		}
		return "", "field.evidence", refusal.Args{"evidence": s, "known": strings.Join(known, "、")}
	case procedure.Respondent:
		if !slices.Contains(r.View.Addressable(), s) {
			return "", "field.respondent", refusal.Args{"respondent": s}
		}
	case procedure.CaseRef:
		if n, err := strconv.Atoi(s); err != nil || n < 1 || casefile.CaseID(n) == r.View.Case.ID {
			return "", "field.case", nil
		}
	}
	return s, "", nil
}
