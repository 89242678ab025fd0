package cases

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"dossier/engine/casefile"
	"dossier/web/page"
)

// besideView is an issued paper with its signed scan beside it.
type besideView struct {
	page.Base
	CaseLink, CaseName string
	Paper, Scan        string // addresses
	Picture            bool   // the scan is one
	Facts              []page.KnownView
}

// BesidePage shows a paper as it was issued beside what came back signed.
func BesidePage(a *page.Ask) error {
	view, err := a.CaseView()
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(a.Param("n"))
	if err != nil || view.Veil != casefile.Open {
		return a.NotFound()
	}
	c := view.Case
	d := c.Document(n)
	i := slices.IndexFunc(c.Files, func(f casefile.Attachment) bool { return f.Doc == n && f.Superseded == 0 })
	if d == nil || i < 0 {
		return a.NotFound()
	}
	f := c.Files[i]
	title := string(d.Form)
	if form := view.Edition.Forms[d.Form]; form != nil {
		title = a.L(form.Title)
	}
	v := besideView{Base: a.Base(a.T("beside.title", "paper", strings.TrimSpace(title+" "+d.Number)), "cases"), CaseLink: page.CaseLink(c.ID), CaseName: c.Number() + " " + view.Party(),
		Paper: fmt.Sprintf("/cases/%d/documents/%d.pdf", c.ID, n), Scan: fmt.Sprintf("/cases/%d/files/%d", c.ID, f.N), Picture: strings.HasPrefix(f.Type, "image/"),
		Facts: []page.KnownView{{Label: a.T("document.number"), Value: d.Number}, {Label: a.T("document.day"), Value: a.Date(d.Day)}, {Label: a.T("document.codes"), Value: d.Code},
			{Label: a.T("document.scan"), Value: a.T("file.by", "who", a.Name(f.By), "day", a.Date(f.Day))}}}
	v.Wide = true
	a.Framing()
	return a.Draw(200, "beside", v)
}
