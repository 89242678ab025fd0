package access

import (
	"context"
	"encoding/json"
	"net"
	"net/mail"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"dossier/engine"
	"dossier/engine/calendar"
	"dossier/engine/change"
	"dossier/engine/ledger"
	"dossier/engine/office"
	"dossier/engine/paper"
	"dossier/engine/penalty"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
	"dossier/engine/text"
	"dossier/engine/typed"
)

// KeepSetting gives a setting a value from a day on, today or later. A row that begins on the same day is replaced; those
// before stay for what happened in their time. The value must be of the kind that the setting has.
func KeepSetting(ctx context.Context, e *engine.Engine, who office.PersonID, name string, row office.SettingRow) error {
	if err := e.Administers(who); err != nil {
		return err
	}
	rows, known := e.Office().Settings()[name]
	if !known {
		return refusal.New(refusal.NotFound, refusal.Args{"what": "setting", "id": name})
	}
	row.Value, row.Basis = strings.TrimSpace(row.Value), strings.TrimSpace(row.Basis)
	var fs []refusal.FieldFault
	wrong := func(path, why string, args refusal.Args) {
		fs = append(fs, refusal.FieldFault{Path: path, Code: refusal.FieldInvalid, Why: why, Args: args})
	}
	switch {
	case row.From == 0:
		wrong("from", "field.required", nil)
	case row.From < e.Today():
		wrong("from", "field.past", nil)
	}
	if why, args := settingFault(e, name, row.Value); why != "" {
		wrong("value", why, args)
	}
	if name == office.FirstSetting && len(fs) == 0 {
		why, args, err := change.FirstFault(e, row.From, row.Value)
		if err != nil {
			return err
		}
		if why != "" {
			wrong("value", why, args)
		}
	}
	if len(fs) == 0 && !proportioned(e, name, row) {
		wrong("value", "field.proportion", nil)
	}
	if missing := e.Renderer.Missing(row.Basis); len(missing) > 0 {
		wrong("basis", "field.rune", refusal.Args{"runes": text.Runes(missing)})
	}
	if utf8.RuneCountInString(row.Basis) > 500 {
		wrong("basis", "field.too-long", refusal.Args{"max": "500"})
	}
	if len(fs) > 0 {
		return &refusal.Error{Code: refusal.FieldInvalid, Fields: fs}
	}
	var raw []json.RawMessage // as recorded, so that the older rows keep who wrote them
	seq, err := e.Stored(ledger.KindSetting, name, &raw)
	if err != nil {
		return err
	}
	var out []json.RawMessage
	for i, r := range rows {
		if r.From == row.From {
			continue
		}
		data, err := json.Marshal(r)
		if err != nil {
			return err
		}
		if i < len(raw) {
			data = raw[i]
		}
		out = append(out, data)
	}
	data, err := json.Marshal(engine.Signed[office.SettingRow]{Data: row, By: who, At: e.Now()})
	if err != nil {
		return err
	}
	return engine.MovedOn(change.Write(ctx, e, ledger.KindSetting, name, seq, append(out, data), true))
}

// settingFault tells what is wrong with a value, going by what the setting is like.
func settingFault(e *engine.Engine, name, value string) (string, refusal.Args) {
	shape := e.Office().Shape(name)
	switch {
	case value == "" && shape.Required:
		return "field.required", nil
	case value == "":
		return "", nil
	case utf8.RuneCountInString(value) > 500:
		return "field.too-long", refusal.Args{"max": "500"}
	}
	if missing := e.Renderer.Missing(value); len(missing) > 0 {
		return "field.rune", refusal.Args{"runes": text.Runes(missing)}
	}
	switch shape.Kind {
	case office.URLKind:
		if u, err := url.Parse(value); err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "" || strings.ContainsAny(value, " \t") {
			return "field.url", nil
		}
	case office.HostKind:
		host, port, err := net.SplitHostPort(value)
		if n, bad := strconv.ParseUint(port, 10, 16); err != nil || bad != nil || n == 0 || host == "" || strings.ContainsAny(host, " /@") {
			return "field.host", nil
		}
	case office.MailKind:
		if !mailAddress(value) {
			return "field.mail", nil
		}
	case office.PhoneKind:
		if _, bad := typed.Phone(value); bad != nil {
			return bad.Why, bad.Args
		}
	case office.LotsKind:
		if _, ok := office.ReadLots(value); !ok {
			return "field.lots", nil
		}
	case office.WholeKind:
		if n, bad := typed.Number(value); bad != nil || n < shape.Min || n > shape.Max {
			return "field.number-between", refusal.Args{"min": strconv.Itoa(shape.Min), "max": strconv.Itoa(shape.Max)}
		}
	case office.PeriodKind:
		if _, err := calendar.ParsePeriod(value); err != nil {
			return "field.period-words", nil
		}
	case office.MoneyKind:
		if _, bad := typed.Money(value); bad != nil {
			return bad.Why, bad.Args
		}
	case office.PostsKind:
		for _, id := range strings.Fields(value) {
			if !slices.ContainsFunc(e.Posts(), func(p procedure.Post) bool { return string(p.ID) == id }) {
				var ids []string
				for _, p := range e.Posts() {
					ids = append(ids, string(p.ID))
				}
				return "field.posts", refusal.Args{"post": id, "posts": strings.Join(ids, " ")}
			}
		}
	case office.SomeKind:
		for _, x := range text.Listed(value) {
			if !slices.ContainsFunc(shape.Choices, func(c procedure.Allowed) bool { return c.Value == x }) {
				var all []string
				for _, c := range shape.Choices {
					all = append(all, c.Label.ZH+" "+c.Value)
				}
				return "field.some", refusal.Args{"value": x, "choices": strings.Join(all, "、")}
			}
		}
	case office.FolderKind:
		if !filepath.IsAbs(value) {
			return "field.folder", nil
		}
	case office.FontKind:
		if own, ok := e.Renderer.(paper.Typefaces); ok {
			if _, why := own.Font(value); why != "" {
				return why, refusal.Args{"file": value}
			}
		}
	case office.NumberKind:
		rest := numberPlaces.ReplaceAllString(value, "")
		if !strings.Contains(value, "{year}") || !strings.Contains(value, "{n}") || strings.ContainsAny(rest, "{}") {
			return "field.number-shape", nil
		}
	}
	return "", nil
}

// numberPlaces are what a number is put together from.
var numberPlaces = regexp.MustCompile(`\{(word|type|year|n)\}`)

// mailAddress tells whether it is a mail address and nothing else.
func mailAddress(s string) bool {
	a, err := mail.ParseAddress(s)
	return err == nil && a.Address == s
}

// proportioned tells whether the office's proportions of discretion can be once a setting has this value; of any other
// setting it is so.
func proportioned(e *engine.Engine, name string, row office.SettingRow) bool {
	asked := false
	rules := penalty.Proportions(func(setting string) string {
		if setting == name {
			asked = true
			return row.Value
		}
		return e.Office().Text(setting, row.From)
	})
	return !asked || rules.Check() == nil
}
