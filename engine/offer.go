package engine

import (
	"slices"
	"strconv"
	"strings"
)

// offered is the form of a built-in action with what can be chosen in this case in place of what one would have to know by
// heart: the days on record, the fields that can be mended, documents, findings.
func (t *turn) offered(s *scope, action ActionID, form *Form) *Form {
	lists := map[FieldID][]Allowed{}
	switch action {
	case "correct-fact":
		lists["name"] = s.offerDays(t)
	case "correct-value":
		lists["name"] = s.offerValues(t)
	case "answer-finding":
		lists["finding"] = s.offerFindings(t)
	case "void-document":
		lists["n"] = s.offerDocuments()
	default:
		return form
	}
	part := form.Parts[0]
	part.Fields = slices.Clone(part.Fields)
	for i := range part.Fields {
		f := &part.Fields[i]
		if list := lists[f.ID]; list != nil {
			f.Type, f.Choices = ChoiceType, list
		}
	}
	return &Form{ID: form.ID, Title: form.Title, Parts: []Part{part}}
}

// offerDays are the days on record that the actor may correct, the newest first.
func (s *scope) offerDays(t *turn) []Allowed {
	var out []Allowed
	at := map[string]int{} // where the setting of a fact and key stands that comes after
	for i := len(s.c.Days) - 1; i >= 0; i-- {
		d := &s.c.Days[i]
		f := s.ed.Def.Fact(d.Fact)
		if d.Void != 0 || f == nil || !t.recorded(s, d.Seq) {
			continue
		}
		name := string(d.Fact)
		if d.Key != "" {
			name += "#" + d.Key
		}
		after, again := at[name]
		switch {
		case again && f.Keep == Each:
			name += "~" + strconv.FormatUint(d.Seq, 10)
		case again && f.Keep != First:
			continue // the latest counts
		}
		of := ""
		k := parseKey(d.Key)
		if doc := s.c.Document(atoi(k.doc)); doc != nil && s.ed.Forms[doc.Form] != nil {
			of = s.ed.Forms[doc.Form].Title.ZH + " " + doc.Number
		}
		if of = strings.TrimSpace(of + " " + k.respondent); of != "" {
			of = "，" + of
		}
		offer := Allowed{name, Label{f.Title.ZH + " " + d.Day.Han() + of, f.Title.In("en") + " " + d.Day.String() + of}}
		if again && f.Keep == First {
			out[after] = offer
			continue
		}
		at[name] = len(out)
		out = append(out, offer)
	}
	return out
}

// offerValues are the fields with a value on papers that are not issued.
func (s *scope) offerValues(t *turn) []Allowed {
	var out []Allowed
	for i := len(s.c.Papers) - 1; i >= 0; i-- {
		p := &s.c.Papers[i]
		form := s.ed.Forms[p.Form]
		if form == nil || p.Doc > 0 && s.c.Issued[p.Doc-1].Void == 0 {
			continue
		}
		for _, x := range p.Parts {
			part := form.Part(x.Part)
			if part == nil || x.Past != 0 || !t.recorded(s, x.Seq) {
				continue
			}
			for j := range part.Fields {
				f := &part.Fields[j]
				v, has := x.Values[f.ID]
				if !has || v.Empty() || f.Type == Table || f.Type == File {
					continue
				}
				name := string(p.Form) + "." + string(f.ID)
				if slices.ContainsFunc(out, func(a Allowed) bool { return a.Value == name }) {
					continue
				}
				is := []rune(s.show(f, v).Text)
				if len(is) > 24 {
					is = append(is[:24], '…')
				}
				out = append(out, Allowed{name, Label{"《" + form.Title.ZH + "》" + f.Title.ZH + "：" + string(is), form.Title.In("en") + ", " + f.Title.In("en") + ": " + string(is)}})
			}
		}
	}
	return out
}

// offerFindings are the actions with findings that the actor may answer.
func (s *scope) offerFindings(t *turn) []Allowed {
	var out []Allowed
	for _, f := range s.c.Findings {
		if f.Answered != 0 || !t.recorded(s, f.Seq) || slices.ContainsFunc(out, func(a Allowed) bool { return a.Value == string(f.Action) }) {
			continue
		}
		title := Label{ZH: string(f.Action)}
		for _, x := range s.c.Taken {
			if a, _ := s.ed.taken(x); x.Seq == f.Seq && a != nil {
				title = Label{a.Title.ZH + "，" + x.Day.Han(), a.Title.In("en") + ", " + x.Day.String()}
			}
		}
		out = append(out, Allowed{string(f.Action), title})
	}
	return out
}

func (s *scope) offerDocuments() []Allowed {
	var out []Allowed
	for i := len(s.c.Issued) - 1; i >= 0; i-- {
		d := &s.c.Issued[i]
		if f := s.ed.Forms[d.Form]; d.Void == 0 && f != nil {
			out = append(out, Allowed{strconv.Itoa(d.N), Label{strconv.Itoa(d.N) + " 《" + f.Title.ZH + "》" + d.Number + "，" + d.Day.Han(), strconv.Itoa(d.N) + " " + f.Title.In("en") + " " + d.Number + ", " + d.Day.String()}})
		}
	}
	return out
}
