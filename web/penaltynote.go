package web

import (
	"strings"

	"dossier/engine/desk"
	"dossier/engine/penalty"
	"dossier/engine/procedure"
	"dossier/engine/text"
	reading "dossier/engine/typed"
)

// penaltyNote answers with the note on discretion (裁量说明) of what /penalty was asked, filled for the pen; the standards name its form, whose fields are called as the
// address calls what was asked. What has no lawful answer
// has no note: the page says why.
func penaltyNote(a *ask) error {
	on := a.today
	if d, err := reading.Date(a.Query("on")); err == nil {
		on = d
	}
	q, wrong := a.question(on)
	x, err := a.office.Standards.Judge(q, a.proportions())
	if err != nil || len(wrong) > 0 || !x.Lawful {
		return a.see("/penalty?" + a.Request.URL.RawQuery)
	}
	var basis, grounds, remarks []string // printed documents are Chinese, whatever the page's language
	for _, l := range x.Why {
		switch words := l.In(text.ZH); l.Key {
		case "penalty.why.basis", "penalty.why.violated":
			basis = append(basis, words)
		case "penalty.why.ground":
			grounds = append(grounds, words+text.T(text.ZH, "penalty.why.evidence"))
		default:
			remarks = append(remarks, words)
		}
	}
	values := procedure.Values{}
	for field, words := range map[procedure.FieldID]string{
		"who": cut(a.Query("who"), 100), "on": on.String(), "standard": x.Standard.Title + "（" + x.Party.In(text.ZH) + "）", "facts": cut(a.Query("facts"), 500),
		"basis": strings.Join(basis, "\n"), "grounds": strings.Join(grounds, "\n"), "tier": x.Tier.In(text.ZH), "amount": figure(x, q).String(),
		"working": strings.Join(penalty.Sentences(x.Working, text.ZH), "\n"), "why": strings.Join(remarks, "\n"), "reason": cut(a.Query("reason"), 500),
	} {
		values[field] = procedure.TextValue(words)
	}
	data, err := desk.NotePDF(a.s.engine, procedure.FormID(a.office.Standards.Note), values)
	if err != nil {
		return err
	}
	a.pdf(data, a.T("penalty.file", "standard", x.Standard.Title))
	return nil
}
