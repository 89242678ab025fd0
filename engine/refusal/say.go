package refusal

import (
	"strings"

	"dossier/engine/procedure"
	"dossier/engine/text"
)

// Words are the arguments of a message as people read them: the ids of clocks, walks, actions, forms, facts, states and
// posts among them become their titles.
func (e *Error) Words(lang text.Lang, args Args) text.Args {
	out := text.Args{}
	for k, v := range args {
		var ws []string
		for _, id := range strings.FieldsFunc(v, func(r rune) bool { return r == ' ' || r == '、' }) {
			ws = append(ws, e.word(lang, k, id, args))
		}
		sep := "、"
		if lang == text.EN {
			sep = ", "
		}
		switch k {
		case "items": // one of them is enough
			sep = "或者"
			if lang == text.EN {
				sep = " or "
			}
			out[k] = strings.Join(ws, sep)
		case "clock", "walk", "action", "form", "facts", "state", "by", "post", "posts", "role", "part":
			out[k] = strings.Join(ws, sep)
		case "period":
			if n, unit, ok := strings.Cut(v, " "); ok && text.Has("period."+unit) {
				v = text.T(lang, "period."+unit, text.Args{"n": n})
			}
			out[k] = v
		default:
			if args.Provisional(k) {
				v += text.T(lang, "alert.provisional")
			}
			out[k] = v
		}
	}
	return out
}

func (e *Error) word(lang text.Lang, kind, id string, args Args) string {
	switch kind {
	case "by", "post", "posts", "role":
		if key := "post." + id; text.Has(key) {
			return text.T(lang, key)
		}
	}
	if e.Edition == nil {
		return id
	}
	var l procedure.Label
	def := e.Edition.Def
	switch kind {
	case "by", "posts", "role":
		l = e.Edition.ActorTitle(procedure.Actor(id))
	case "clock":
		if c := def.Clock(procedure.ClockID(id)); c != nil {
			l = c.Title
		}
	case "walk":
		if w := def.Walk(procedure.WalkID(id)); w != nil {
			l = w.Title
		}
	case "action":
		def.Each(func(_ *procedure.Walk, _ *procedure.State, a *procedure.Action) {
			if a.ID == procedure.ActionID(id) && a.Title.ZH != "" {
				l = a.Title
			}
		})
		if b, ok := procedure.Blanks[procedure.ActionID(id)]; ok {
			l = b.Title
		}
	case "items":
		if f := e.Edition.Forms[procedure.FormID(id)]; f != nil {
			l = f.Title
		} else if f := def.Fact(procedure.FactID(id)); f != nil {
			l = f.Title
		}
	case "form":
		if f := e.Edition.Forms[procedure.FormID(id)]; f != nil {
			l = f.Title
		}
	case "part":
		if f := e.Edition.Forms[procedure.FormID(args["form"])]; f != nil {
			if p := f.Part(procedure.PartID(id)); p != nil {
				l = p.Title
			}
		}
	case "facts":
		if f := def.Fact(procedure.FactID(id)); f != nil {
			l = f.Title
		}
	case "state":
		def.Each(func(_ *procedure.Walk, s *procedure.State, _ *procedure.Action) {
			if s != nil && s.ID == procedure.StateID(id) && s.Title.ZH != "" {
				l = s.Title
			}
		})
	}
	if t := l.In(lang); t != "" {
		return t
	}
	return id
}

// Key is the message of a code: who may take an action that no post has depends on the case, a token is told as one, and what
// is no name of an action isn't repeated.
func Key(code Code, args Args) string {
	switch {
	case code == NotYourGate && args["by"] == "":
		return "not-yours"
	case code == Forbidden && args["token"] != "":
		return "token-" + args["token"]
	case code == UnknownAction && args["action"] == "":
		return "unknown-action-none"
	}
	return string(code)
}

// Say is the error's own sentence.
func (e *Error) Say(lang text.Lang) string {
	args := e.Told()
	key := Key(e.Code, args)
	if of := key + "-party"; args["party"] != "" && text.Has(of) {
		key = of
	}
	if of := key + "-" + args["why"]; args["why"] != "" && text.Has(of) {
		key = of
	}
	return text.T(lang, key, e.Words(lang, args))
}

// Told are the arguments of the refusal's message: its own, else those of the field that it is about.
func (e *Error) Told() Args {
	if len(e.Args) == 0 {
		for _, f := range e.Fields {
			if f.Code == e.Code {
				return f.Args
			}
		}
	}
	return e.Args
}

// SayCondition is one unmet condition in words.
func (e *Error) SayCondition(lang text.Lang, c Condition) string {
	said := e.sayCondition(lang, c)
	if party := c.Args["party"]; party != "" { // of several respondents, whose it is
		said = text.T(lang, "party-says", text.Args{"party": party, "what": said})
	}
	return said
}

// Key is under which words a condition is told: others where nobody of those who are too few is wrong, or where the period has
// not begun.
func (c Condition) Key() string {
	key := "guard." + string(c.Code)
	if few := key + "-few"; c.Args["who"] == "" && text.Has(few) {
		return few
	}
	if none := key + "-none"; c.Args["due"] == "" && text.Has(none) {
		return none
	}
	return key
}

func (e *Error) sayCondition(lang text.Lang, c Condition) string {
	if c.Text.ZH != "" {
		return c.Text.In(lang)
	}
	key := c.Key()
	if !text.Has(key) {
		key = string(c.Code)
	}
	return text.T(lang, key, e.Words(lang, c.Args))
}

// SayField is one field's fault in words.
func (e *Error) SayField(lang text.Lang, f FieldFault) string {
	if f.Said != nil {
		return f.Said.In(lang)
	}
	return text.T(lang, f.Why, e.Words(lang, f.Args))
}
