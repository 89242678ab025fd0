package figures

import (
	"bytes"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"dossier/documents/sheet"
	"dossier/engine/casefile"
	"dossier/engine/desk"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
	"dossier/engine/rules"
	"dossier/engine/statistics"
	"dossier/web/page"
)

// publicityView is the decisions of a period that are published (执法公示): by when, on which day and where they were, and
// which are to be withdrawn.
type publicityView struct {
	page.Base
	From, To, Excel string
	Faults          []string
	Rows            []publishedRow
	More            bool
	Most            int // cases that are looked at
}

// publishedRow is one decision.
type publishedRow struct {
	Number, Address, Party, Document string
	Day, Due, Published, Where       string
	Decided                          string // whether it is published, by whom and when that was decided
	State, Class                     string
	Tells                            []string // what is published beside, masked
}

// mostPublished is how many cases are looked at for one page: each is read whole.
const mostPublished = 500

func PublicityPage(a *page.Ask) error {
	q, faults := statisticsQuery(a)
	v := publicityView{Base: a.Base(a.T("publicity.title"), "statistics"), From: q.From.String(), To: q.To.String(), Faults: faults, Excel: "/publicity/list.xlsx?" + a.Request.URL.RawQuery, Most: mostPublished}
	v.Wide = true
	if len(faults) == 0 {
		var err error
		v.Rows, v.More, err = published(a, q)
		if bad := refusal.As(err); bad != nil && bad.Code == refusal.FieldInvalid {
			for _, x := range bad.Fields {
				v.Faults = append(v.Faults, a.T(x.Why, pairs(x.Args)...))
			}
		} else if err != nil {
			return err
		}
	}
	status := http.StatusOK
	if len(v.Faults) > 0 {
		status = http.StatusUnprocessableEntity
	}
	return a.Draw(status, "publicity", v)
}

// published are the decisions of the cases that were decided in a period, of procedures that publish, as far as the reader
// may see them.
func published(a *page.Ask, q statistics.Query) (rows []publishedRow, more bool, err error) {
	parts, err := a.Site.Statistics.Cases(statistics.Behind{Query: q, Measure: "cases-decided", Total: true})
	if err != nil {
		return nil, false, err
	}
	if more = len(parts) > mostPublished; more {
		parts = parts[:mostPublished]
	}
	ids := make([]casefile.CaseID, len(parts))
	for i, p := range parts {
		ids[i] = p.Case
	}
	seen, _, err := desk.Rows(a.Site.Engine, a.ID(), ids)
	if err != nil {
		return nil, false, err
	}
	for _, r := range seen {
		view, err := desk.View(a.Site.Engine, a.ID(), r.ID)
		if err != nil {
			return nil, false, err
		}
		p := &view.Edition.Def.Terms.Publicity
		if p.Form == "" {
			continue
		}
		for _, d := range view.Case.Issued {
			if (d.Void == 0 || d.Aside) && slices.Contains(p.Of, d.Form) { // one that was set aside is still to be withdrawn
				x := showPublished(a, view, p, d)
				x.Number, x.Address = number(r), "/cases/"+strconv.FormatInt(int64(r.ID), 10)
				rows = append(rows, x)
			}
		}
	}
	return rows, more, nil
}

// showPublished says where one decision stands: who decided on it, by when it is published and, if set aside, withdrawn.
func showPublished(a *page.Ask, view *desk.CaseView, p *procedure.Publicity, d casefile.Issued) publishedRow {
	c := view.Case
	paper := &c.Papers[d.P-1]
	party := page.Or(paper.For, view.Party())
	at := rules.NewView(view.Edition, a.Office, c, a.Today, a.Today).Of(party)
	shown := party
	if at.Natural() {
		shown = maskName(party)
	}
	x := publishedRow{Party: shown, Document: d.Number, Day: a.Date(d.Day)}
	run := func(ids ...procedure.ClockID) (found rules.Running) {
		for _, r := range view.Clocks {
			if r.Def != nil && slices.Contains(ids, r.Def.ID) && (r.Parties == nil || slices.Contains(r.Parties, party)) && r.State != rules.VoidClock {
				found = r
			}
		}
		return found
	}
	due, back := run(p.Clocks...), run(p.Withdrawal)
	x.Due = a.Date(due.Due)
	chosen, _ := at.Value(p.Chosen.Form, p.Chosen.Field)
	x.Decided = a.T("publicity.undecided")
	for i := range c.Papers {
		if q := &c.Papers[i]; q.Form == p.Chosen.Form && q.Doc > 0 && q.Concerns([]string{party}) {
			last := q.Parts[len(q.Parts)-1]
			x.Decided = a.T("publicity.decided."+chosen.Text, "by", a.Name(last.By), "day", a.Date(last.Day))
		}
	}
	var out *casefile.Issued
	for i := range c.Issued {
		if y := &c.Issued[i]; y.Form == p.Form && y.Day >= d.Day && y.Void == 0 && c.Papers[y.P-1].Concerns([]string{party}) {
			out = y
		}
	}
	annulled, set := at.Latest(p.Annulled)
	set = set && annulled.Day >= d.Day
	state := func(key, class string) { x.State, x.Class = a.T("publicity."+key, "day", a.Date(back.Due)), class }
	switch {
	case at.Set(p.Withdrawn) && out != nil:
		state("withdrawn", "still")
	case out != nil && set && back.State == rules.OverdueClock:
		state("withdraw", "red")
	case out != nil && set:
		state("withdraw", "amber")
	case out != nil && due.State == rules.MissedClock:
		state("published-late", "amber")
	case out != nil:
		state("published", "green")
	case set:
		state("annulled", "still")
	case chosen.Has("no"):
		state("kept-back", "still")
	case due.State == rules.OverdueClock:
		state("late", "red")
	case chosen.Empty():
		state("undecided", "amber")
	default:
		state("waits", "amber")
	}
	if out == nil || at.Set(p.Withdrawn) {
		return x
	}
	x.Published = a.Date(out.Day)
	sheet := &c.Papers[out.P-1]
	where, _ := sheet.Value(p.At)
	x.Where = where.Text
	for _, f := range p.Tells {
		v, _ := sheet.Value(f)
		x.Tells = append(x.Tells, maskNumbers(strings.ReplaceAll(v.Text, party, x.Party)))
	}
	return x
}

// personal are numbers by which a person is known: of an identity card, of a mobile phone, of a bank card.
var personal = regexp.MustCompile(`[0-9]{17}[0-9Xx]|[0-9]{16,19}|1[3-9][0-9]{9}`)

// maskNumbers leaves of each such number the first three and the last two characters. A unit's credit code is none.
func maskNumbers(text string) string {
	return personal.ReplaceAllStringFunc(text, func(n string) string {
		return n[:3] + strings.Repeat("*", len(n)-5) + n[len(n)-2:]
	})
}

// maskName leaves of a person's name the first character.
func maskName(name string) string {
	runes := []rune(name)
	if len(runes) == 0 {
		return name
	}
	return string(runes[:1]) + strings.Repeat("某", len(runes)-1)
}

// PublicityFile is the list of what is published, for the platform on which it is.
func PublicityFile(a *page.Ask) error {
	q, faults := statisticsQuery(a)
	if len(faults) > 0 || q.To < q.From {
		return a.See("/publicity?" + a.Request.URL.RawQuery)
	}
	rows, _, err := published(a, q)
	if err != nil {
		return err
	}
	columns := make([]sheet.Column, 0, 10)
	for _, k := range []string{"party", "document", "day", "violation", "basis", "content", "period", "published", "where"} {
		columns = append(columns, sheet.Column{Title: a.T("publicity." + k), Width: 24})
	}
	var b bytes.Buffer
	err = sheet.Stream(&b, a.T("publicity.title"), columns, func(row func([]string) error) error {
		for _, r := range rows {
			if r.Published == "" {
				continue
			}
			if err := row(append(append([]string{r.Party, r.Document, r.Day}, r.Tells...), r.Published, r.Where)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	spreadsheet(a, b.Bytes(), a.T("publicity.title")+".xlsx")
	return nil
}
