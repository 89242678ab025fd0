package norms

import (
	"strings"

	"dossier/engine/desk"
	"dossier/engine/penalty"
	"dossier/engine/procedure"
	"dossier/engine/text"
	reading "dossier/engine/typed"
	"dossier/web/page"
)

// PenaltyNote answers with the note on discretion (裁量说明) of what /penalty was asked, filled for the pen; the standards name its form, whose fields are called as the
// address calls what was asked. What has no lawful answer
// has no note: the page says why.
func PenaltyNote(a *page.Ask) error {
	on := a.Today
	if d, err := reading.Date(a.Query("on")); err == nil {
		on = d
	}
	q, wrong := Question(a, on)
	x, err := a.Office.Standards.Judge(q, Proportions(a.Words))
	if err != nil || len(wrong) > 0 || !x.Lawful {
		return a.See("/penalty?" + a.Request.URL.RawQuery)
	}
	var basis, grounds, remarks []string // printed documents are Chinese, whatever the page's language
	for _, l := range x.Why {
		switch words := l.In(text.ZH); l.Key {
		case "penalty.why.basis", "penalty.why.handled", "penalty.why.violated":
			basis = append(basis, words)
		case "penalty.why.ground":
			grounds = append(grounds, words+text.T(text.ZH, "penalty.why.evidence"))
		default:
			remarks = append(remarks, words)
		}
	}
	values := procedure.Values{}
	for field, words := range map[procedure.FieldID]string{
		"who": page.Cut(a.Query("who"), 100), "on": on.String(), "standard": x.Standard.Title + "（" + x.Party.In(text.ZH) + "）", "facts": page.Cut(a.Query("facts"), 500),
		"basis": strings.Join(basis, "\n"), "grounds": strings.Join(grounds, "\n"), "tier": x.Tier.In(text.ZH), "amount": figure(x, q).String(),
		"working": strings.Join(penalty.Sentences(x.Working, text.ZH), "\n"), "why": strings.Join(remarks, "\n"), "reason": page.Cut(a.Query("reason"), 500),
	} {
		values[field] = procedure.TextValue(words)
	}
	data, err := desk.NotePDF(a.Site.Engine, procedure.FormID(a.Office.Standards.Note), values)
	if err != nil {
		return err
	}
	a.Pdf(data, a.T("penalty.file", "standard", x.Standard.Title))
	return nil
}
