package figures

import (
	"cmp"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"

	"dossier/documents/sheet"
	"dossier/engine"
	"dossier/engine/alert"
	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/desk"
	"dossier/engine/listing"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/rules"
	"dossier/web/page"
)

// book is one ledger (台账): its columns, and the rows that a case of the list makes in it.
type book struct {
	id      string
	columns []bookColumn
	rows    func(a *Ledgers, r listing.Row, row func(...string) error) error
}

type bookColumn struct {
	key  string
	kind sheet.Kind
}

// books are the ledgers, in the order of the page. Each is written of the cases that the filters leave, as the lists have
// them, and of those alone that the reader may see, masked as their pages are.
var books = []book{
	{"cases", []bookColumn{{"number", sheet.TextColumn}, {"intake", sheet.TextColumn}, {"workflow", sheet.TextColumn}, {"party", sheet.TextColumn}, {"cause", sheet.TextColumn}, {"received", sheet.DayColumn},
		{"state", sheet.TextColumn}, {"since", sheet.DayColumn}, {"officers", sheet.TextColumn}, {"workers", sheet.NumberColumn}, {"owing", sheet.MoneyColumn}, {"due", sheet.DayColumn}, {"marks", sheet.TextColumn}}, caseBook},
	{"penalties", []bookColumn{{"number", sheet.TextColumn}, {"party", sheet.TextColumn}, {"cause", sheet.TextColumn}, {"form", sheet.TextColumn}, {"document", sheet.TextColumn}, {"day", sheet.DayColumn}, {"fined", sheet.MoneyColumn}, {"officers", sheet.TextColumn}}, penaltyBook},
	{"services", []bookColumn{{"number", sheet.TextColumn}, {"party", sheet.TextColumn}, {"form", sheet.TextColumn}, {"document", sheet.TextColumn}, {"issued", sheet.DayColumn}, {"fact", sheet.TextColumn}, {"respondent", sheet.TextColumn}, {"day", sheet.DayColumn}}, serviceBook},
	{"evidence", []bookColumn{{"number", sheet.TextColumn}, {"party", sheet.TextColumn}, {"file", sheet.TextColumn}, {"proves", sheet.TextColumn}, {"day", sheet.DayColumn}, {"by", sheet.TextColumn}, {"bytes", sheet.NumberColumn}, {"sha", sheet.TextColumn}}, evidenceBook},
	{"alerts", []bookColumn{{"number", sheet.TextColumn}, {"party", sheet.TextColumn}, {"at", sheet.TextColumn}, {"clock", sheet.TextColumn}, {"due", sheet.DayColumn}, {"light", sheet.TextColumn}, {"to", sheet.TextColumn}, {"seen", sheet.TextColumn}}, alertBook},
}

// ledgersView is where the ledgers are asked for.
type ledgersView struct {
	page.Base
	Books     []page.Option
	Workflows []page.Option
	Officers  []page.Option
	Fault     string
}

func LedgersPage(a *page.Ask) error { return ledgers(a, http.StatusOK, "") }

func ledgers(a *page.Ask, status int, fault string) error {
	v := ledgersView{Base: a.Base(a.T("ledgers.title"), "statistics"), Fault: fault}
	for _, b := range books {
		v.Books = append(v.Books, page.Option{Value: b.id, Label: a.T("ledger." + b.id), Sub: a.T("ledger." + b.id + ".means")})
	}
	for _, ed := range a.Site.Engine.Workflows() {
		v.Workflows = append(v.Workflows, page.Option{Value: string(ed.Def.ID), Label: a.L(ed.Def.Title), On: a.Query("workflow") == string(ed.Def.ID)})
	}
	for _, p := range a.Office.People() {
		if p.Active(a.Today) {
			v.Officers = append(v.Officers, page.Option{Value: string(p.ID), Label: p.Name, On: a.Query("officer") == string(p.ID)})
		}
	}
	return a.Draw(status, "ledgers", v)
}

// askLedger leads from the page's form to the ledger that was chosen.
func askLedger(a *page.Ask) error {
	u := a.Request.URL.Query()
	which := u.Get("ledger")
	u.Del("ledger")
	for k, vs := range u {
		if len(vs) == 0 || vs[0] == "" {
			u.Del(k)
		}
	}
	return a.See("/ledgers/" + url.PathEscape(which) + "?" + u.Encode())
}

// LedgerFile streams a ledger. It is written to a file of its own first: a fault on the way is told, never half a ledger.
func LedgerFile(a *page.Ask) error {
	if a.Param("ledger") == "open" {
		return askLedger(a)
	}
	i := slices.IndexFunc(books, func(b book) bool { return b.id == strings.TrimSuffix(a.Param("ledger"), ".xlsx") })
	if i < 0 {
		return a.NotFound()
	}
	q, fault := a.CaseQuery()
	days, faults := statisticsQuery(a)
	if a.Query("from") == "" {
		days.From = 0
	}
	if days.To < days.From {
		faults = append(faults, a.T("statistics.backward", "from", days.From.String(), "to", days.To.String()))
	}
	if fault != "" {
		faults = append(faults, a.T(fault))
	}
	if len(faults) > 0 {
		return ledgers(a, http.StatusUnprocessableEntity, strings.Join(faults, "；"))
	}
	file, err := os.CreateTemp("", "dossier-ledger-*.xlsx")
	if err != nil {
		return err
	}
	defer func() { _ = errors.Join(file.Close(), os.Remove(file.Name())) }()
	x := Ledgers{a.Words, a.Site.Engine, a.Site.Options.Alerts, a.ID(), a.Request.Context(), a.Site.Options.Plans.Quotas.Penalties}
	if err := x.Write(file, books[i].id, days.From, days.To, q); err != nil {
		return err
	}
	name := a.T("ledger."+books[i].id) + ".xlsx"
	a.Writer.Header().Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(name))
	a.Writer.Header().Set("Content-Type", page.Xlsx)
	http.ServeContent(a.Writer, a.Request, "", a.Now, file)
	return nil
}

// Ledgers writes ledgers for a person: what they may see, in their words.
type Ledgers struct {
	page.Words
	Engine  *engine.Engine
	Alerts  *alert.Alerts
	Who     office.PersonID
	Context context.Context

	Penalties []procedure.FormID // documents by which somebody is punished
}

// Names are what the ledgers are called.
func Names() []string {
	var ids []string
	for i := range books {
		ids = append(ids, books[i].id)
	}
	return ids
}

// Write streams a ledger of the cases that the questions leave, received in the days from and to: the memory that it takes
// doesn't grow with the rows.
func (a *Ledgers) Write(out io.Writer, name string, from, to calendar.Date, qs ...desk.Query) error {
	b := &books[slices.IndexFunc(books, func(b book) bool { return b.id == name })]
	columns := make([]sheet.Column, len(b.columns))
	for i, c := range b.columns {
		columns[i] = sheet.Column{Title: a.T("ledger.column." + c.key), Kind: c.kind}
		if c.kind == sheet.TextColumn {
			columns[i].Width = 22
		}
	}
	return sheet.Stream(out, a.T("ledger."+b.id), columns, func(row func([]string) error) error {
		for _, q := range qs {
			if err := a.rows(b, q, from, to, row); err != nil {
				return err
			}
		}
		return nil
	})
}

func (a *Ledgers) rows(b *book, q desk.Query, from, to calendar.Date, row func([]string) error) error {
	q.Limit = 500
	for {
		found, err := desk.Find(a.Engine, a.Who, q)
		if err != nil {
			return err
		}
		for _, r := range found.Rows {
			if r.Received < from || r.Received > to {
				continue
			}
			if err := b.rows(a, r, func(cells ...string) error { return row(cells) }); err != nil {
				return err
			}
		}
		if q.After = found.Next; found.Next == "" {
			return nil
		}
	}
}

func number(r listing.Row) string {
	return page.Or(page.Or(r.Number, r.Intake), strconv.FormatInt(int64(r.ID), 10))
}

func caseBook(a *Ledgers, r listing.Row, row func(...string) error) error {
	state, title := string(r.State), string(r.Workflow)
	if ed := a.Engine.Workflow(r.Workflow); ed != nil {
		title = a.L(ed.Def.Title)
		if s := ed.Def.Main.State(r.State); s != nil {
			state = a.L(s.Title)
		}
	}
	due := calendar.Date(0)
	for _, k := range r.Clocks {
		if !k.Window && k.Due != 0 && (due == 0 || k.Due < due) {
			due = k.Due
		}
	}
	var marks []string
	for _, m := range r.Marks {
		marks = append(marks, a.T("mark."+m))
	}
	return row(number(r), r.Intake, title, page.Or(strings.Join(r.Parties, "、"), r.Party), r.Cause, dayText(r.Received), state, dayText(r.Since), a.Names(r.Officers), count(r.Workers), r.Amount, dayText(due), strings.Join(marks, "、"))
}

func dayText(d calendar.Date) string {
	if d == 0 {
		return ""
	}
	return d.String()
}

func count(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// penaltyBook has a row for each document in force by which somebody is punished, with what falls on its party: the sums that
// it says itself, else those of the violations that it decides on.
func penaltyBook(a *Ledgers, r listing.Row, row func(...string) error) error {
	view, err := desk.View(a.Engine, a.Who, r.ID)
	if err != nil {
		return err
	}
	s := rules.NewView(view.Edition, a.Office, view.Case, a.Today, a.Today)
	severity := &view.Edition.Def.Terms.Severity
	for _, d := range view.Case.Issued {
		if d.Void != 0 || !slices.Contains(a.Penalties, d.Form) {
			continue
		}
		paper := &view.Case.Papers[d.P-1]
		own, of := int64(0), s
		for _, f := range severity.Sums {
			if v, ok := paper.Value(f); ok && f != view.Edition.Def.Terms.Counted.Wages {
				own += procedure.Fen(v)
			}
		}
		whom, _ := paper.Value(procedure.RespondentField)
		if len(whom.Strings()) > 0 {
			of = s.Of(whom.Strings()...)
		}
		if t := of.Charges(); own == 0 && t.Table != "" {
			own = procedure.Fen(t.Sum(severity.Violations.Fine)) + procedure.Fen(t.Sum(severity.Violations.Confiscation))
		}
		if err := row(number(r), cmp.Or(strings.Join(whom.Strings(), "、"), r.Party), r.Cause, formTitle(a, view.Edition, d.Form), d.Number, dayText(d.Day), procedure.FormatMoney(own), a.Names(r.Officers)); err != nil {
			return err
		}
	}
	return nil
}

func formTitle(a *Ledgers, ed *procedure.Edition, id procedure.FormID) string {
	if f := ed.Forms[id]; f != nil {
		return a.L(f.Title)
	}
	return string(id)
}

// serviceBook has a row for each day on which a document was served or handed over.
func serviceBook(a *Ledgers, r listing.Row, row func(...string) error) error {
	view, err := desk.View(a.Engine, a.Who, r.ID)
	if err != nil {
		return err
	}
	for _, d := range view.Case.Days {
		fact := view.Edition.Def.Fact(d.Fact)
		if fact == nil || d.Void != 0 || !slices.Contains(fact.Per, "document") {
			continue
		}
		key := casefile.ParseKey(d.Key)
		doc := view.Case.Document(procedure.Int(key.Doc))
		if doc == nil {
			continue
		}
		if err := row(number(r), r.Party, formTitle(a, view.Edition, doc.Form), doc.Number, dayText(doc.Day), a.L(fact.Title), page.Or(key.Respondent, r.Party), dayText(d.Day)); err != nil {
			return err
		}
	}
	return nil
}

// evidenceBook has a row for each file that stands.
func evidenceBook(a *Ledgers, r listing.Row, row func(...string) error) error {
	view, err := desk.View(a.Engine, a.Who, r.ID)
	if err != nil {
		return err
	}
	for _, f := range view.Case.Files {
		if f.Superseded != 0 {
			continue
		}
		if err := row(number(r), r.Party, f.Name, f.Proves, dayText(f.Day), a.Name(f.By), strconv.FormatInt(f.Size, 10), f.SHA256); err != nil {
			return err
		}
	}
	return nil
}

// alertBook has a row for each telling.
func alertBook(a *Ledgers, r listing.Row, row func(...string) error) error {
	told, err := a.Alerts.OfCase(a.Context, r.ID)
	if err != nil {
		return err
	}
	for _, t := range told {
		light, seen := "amber", ""
		if t.Red {
			light = "red"
		}
		if !t.Seen.IsZero() {
			seen = calendar.In(t.Seen).String()
		}
		if err := row(number(r), r.Party, t.At.In(page.Shanghai).Format("2006-01-02 15:04"), a.L(t.Title), dayText(t.Due), a.T("alerts.light."+light), a.Name(t.To), seen); err != nil {
			return err
		}
	}
	return nil
}
