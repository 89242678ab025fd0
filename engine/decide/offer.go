package decide

import (
	"slices"
	"strconv"
	"strings"

	"dossier/engine/casefile"
	"dossier/engine/procedure"
	"dossier/engine/rules"
)

// Offered is the form of a built-in action with what can be chosen in this case in place of what one would have to know by
// heart: the days on record, the fields that can be mended, documents, findings.
func (t *Sitting) Offered(s *rules.View, action procedure.ActionID, form *procedure.Form) *procedure.Form {
	lists := map[procedure.FieldID][]procedure.Allowed{}
	switch action {
	case "correct-fact":
		lists["name"] = OfferDays(s, t)
	case "correct-value":
		lists["name"] = OfferValues(s, t)
	case "answer-finding":
		lists["finding"] = offerFindings(s, t)
	case "void-document":
		lists["n"] = OfferDocuments(s)
	default:
		return form
	}
	part := form.Parts[0]
	part.Fields = slices.Clone(part.Fields)
	for i := range part.Fields {
		f := &part.Fields[i]
		if list := lists[f.ID]; list != nil {
			f.Type, f.Choices = procedure.ChoiceType, list
		}
	}
	return &procedure.Form{ID: form.ID, Title: form.Title, Parts: []procedure.Part{part}}
}

// OfferDays are the days on record that the actor may correct, the newest first.
func OfferDays(s *rules.View, t *Sitting) []procedure.Allowed {
	var out []procedure.Allowed
	at := map[string]int{} // where the setting of a fact and key stands that comes after
	for i := len(s.Case.Days) - 1; i >= 0; i-- {
		d := &s.Case.Days[i]
		f := s.Edition.Def.Fact(d.Fact)
		if d.Void != 0 || f == nil || !t.recorded(s, d.Seq, nil) {
			continue
		}
		name := string(d.Fact)
		if d.Key != "" {
			name += "#" + d.Key
		}
		after, again := at[name]
		switch {
		case again && f.Keep == procedure.Each:
			name += "~" + strconv.FormatUint(d.Seq, 10)
		case again && f.Keep != procedure.First:
			continue // the latest counts
		}
		of := ""
		k := casefile.ParseKey(d.Key)
		if doc := s.Case.Document(procedure.Int(k.Doc)); doc != nil && s.Edition.Forms[doc.Form] != nil {
			of = s.Edition.Forms[doc.Form].Title.ZH + " " + doc.Number
		}
		if of = strings.TrimSpace(of + " " + k.Respondent); of != "" {
			of = "，" + of
		}
		offer := procedure.Allowed{Value: name, Label: procedure.Label{ZH: f.Title.ZH + " " + d.Day.Han() + of, EN: f.Title.In("en") + " " + d.Day.String() + of}}
		if again && f.Keep == procedure.First {
			out[after] = offer
			continue
		}
		at[name] = len(out)
		out = append(out, offer)
	}
	return out
}

// OfferValues are what is known of the parties, and the fields with a value on papers that are not issued.
func OfferValues(s *rules.View, t *Sitting) []procedure.Allowed {
	out := offerParticulars(s, t)
	for i := len(s.Case.Papers) - 1; i >= 0; i-- {
		p := &s.Case.Papers[i]
		form := s.Edition.Forms[p.Form]
		if form == nil || p.Doc > 0 && s.Case.Issued[p.Doc-1].Void == 0 {
			continue
		}
		for _, x := range p.Parts {
			part := form.Part(x.Part)
			if part == nil || x.Past != 0 || !t.recorded(s, x.Seq, nil) {
				continue
			}
			for j := range part.Fields {
				f := &part.Fields[j]
				v, has := x.Values[f.ID]
				if !has || v.Empty() || casefile.Hidden(v) || f.Type == procedure.Table || f.Type == procedure.File {
					continue
				}
				if _, ok := particularOf(s.Edition.Def, procedure.FieldRef{Form: p.Form, Field: f.ID}, ""); ok {
					continue
				}
				name := string(p.Form) + "." + string(f.ID)
				if slices.ContainsFunc(out, func(a procedure.Allowed) bool { return a.Value == name }) {
					continue
				}
				is := []rune(s.Show(f, v).Text)
				if len(is) > 24 {
					is = append(is[:24], '…')
				}
				out = append(out, procedure.Allowed{Value: name, Label: procedure.Label{ZH: "《" + form.Title.ZH + "》" + f.Title.ZH + "：" + string(is), EN: form.Title.In("en") + ", " + f.Title.In("en") + ": " + string(is)}})
			}
		}
	}
	return out
}

// offerFindings are the actions with findings that the actor may answer.
func offerFindings(s *rules.View, t *Sitting) []procedure.Allowed {
	var out []procedure.Allowed
	for _, f := range s.Case.Findings {
		if f.Answered != 0 || !t.recorded(s, f.Seq, nil) || slices.ContainsFunc(out, func(a procedure.Allowed) bool { return a.Value == string(f.Action) }) {
			continue
		}
		title := procedure.Label{ZH: string(f.Action)}
		for _, x := range s.Case.Taken {
			if a, _ := casefile.ActionOf(s.Edition, x); x.Seq == f.Seq && a != nil {
				title = procedure.Label{ZH: a.Title.ZH + "，" + x.Day.Han(), EN: a.Title.In("en") + ", " + x.Day.String()}
			}
		}
		out = append(out, procedure.Allowed{Value: string(f.Action), Label: title})
	}
	return out
}

func OfferDocuments(s *rules.View) []procedure.Allowed {
	var out []procedure.Allowed
	for i := len(s.Case.Issued) - 1; i >= 0; i-- {
		d := &s.Case.Issued[i]
		if f := s.Edition.Forms[d.Form]; d.Void == 0 && f != nil {
			out = append(out, procedure.Allowed{Value: strconv.Itoa(d.N), Label: procedure.Label{ZH: strconv.Itoa(d.N) + " 《" + f.Title.ZH + "》" + d.Number + "，" + d.Day.Han(), EN: strconv.Itoa(d.N) + " " + f.Title.In("en") + " " + d.Number + ", " + d.Day.String()}})
		}
	}
	return out
}
