package supervise

import (
	"net/http"
	"strconv"
	"strings"

	"dossier/engine/desk"
	"dossier/engine/draw"
	"dossier/engine/office"
	"dossier/engine/plan"
	"dossier/engine/procedure"
	"dossier/web/page"
)

// drawnLine is a draw in one line.
type drawnLine struct {
	N                   int
	Text, Address, Hash string
	Light               page.Light
}

type drawnView struct {
	N                    int
	Title, Hash, Frozen  string
	Population, Count    int
	Again                string
	Seed, Stated, Drawn  string
	Number               string
	Same                 bool
	Facts                []string // ceiling, strata, risks, exemption
	Picks                []pickView
	Sheet, Paper, Public string // addresses
	MayPublish           bool
	Objects              []objectLine // the population
	More                 int
	Out                  []page.Option // objects that may be out in a redraw
	OutOfficers          []page.Option
	Last                 bool // nothing was drawn after it
	Made                 bool
}

type pickView struct {
	N                              int
	Object, Name, Risk, Why, Teams string
	Tickets                        int
}

// showDrawn is a draw, or a frozen sheet, in words.
func showDrawn(a *page.Ask, e plan.Entry, d plan.Drawn) (drawnView, error) {
	s, err := draw.Parse(d.Sheet)
	if err != nil {
		return drawnView{}, err
	}
	at := "/plans/" + e.ID() + "/draw/" + strconv.Itoa(d.N)
	x := drawnView{N: d.N, Title: a.T("draw.nth", "n", d.N), Hash: d.Hash, Frozen: a.T("draw.frozen-by", "who", a.Name(d.FrozenBy), "at", a.Moment(d.Frozen)), Population: len(s.Objects),
		Count: s.Count, Facts: sheetFacts(a, e, s), Sheet: at + "/sheet.txt"}
	if d.Again > 0 {
		x.Again = a.T("draw.again-of", "n", d.Again, "reason", s.Reason)
	}
	x.Objects, x.More = objectLines(a, s)
	if d.Seed == "" {
		return x, nil
	}
	x.Seed, x.Stated, x.Number, x.Same, x.Paper = d.Seed, d.Stated, d.Number, d.Same(), at+"/paper.pdf"
	x.Drawn = a.T("draw.drawn-by", "who", a.Name(d.By), "at", a.Moment(d.Drawn))
	if !d.Public.IsZero() {
		x.Public = publicAt(d)
	}
	for i, pick := range d.Picks {
		o, tickets := s.Find(pick.Object)
		y := pickView{N: i + 1, Object: o.ID, Name: o.Name, Risk: o.Risk, Tickets: tickets}
		switch {
		case pick.Kept:
			y.Why = a.T("draw.kept")
		case pick.Stratum != "":
			y.Why = markTitle(a, e, pick.Stratum)
		}
		y.Teams = a.Names(OfficersOf(pick.Team))
		x.Picks = append(x.Picks, y)
		x.Out = append(x.Out, page.Option{Value: o.ID, Label: o.Name})
	}
	for _, o := range s.Officers {
		x.OutOfficers = append(x.OutOfficers, page.Option{Value: o.ID, Label: o.Name})
	}
	return x, nil
}

func OfficersOf(ids []string) []office.PersonID {
	out := make([]office.PersonID, len(ids))
	for i, id := range ids {
		out[i] = office.PersonID(id)
	}
	return out
}

func publicAt(d plan.Drawn) string { return "/draws/" + d.Entry + "/" + strconv.Itoa(d.N) }

// sheetFacts are what a sheet asks beside its count.
func sheetFacts(a *page.Ask, e plan.Entry, s *draw.Sheet) []string {
	out := []string{a.T("draw.fact.count", "n", s.Count, "of", len(s.Objects)), a.T("draw.fact.staff", "n", s.Staff, "of", len(s.Officers))}
	if s.Trip > 1 {
		out = append(out, a.T("draw.fact.trip", "n", s.Trip))
	}
	for _, st := range s.Strata {
		out = append(out, a.T("draw.fact.stratum", "mark", markTitle(a, e, st.Mark), "n", st.Count))
	}
	switch {
	case s.Exempt != "":
		out = append(out, a.T("draw.fact.exempt", "reason", s.Exempt))
	case s.Ceiling > 0:
		out = append(out, a.T("draw.fact.ceiling", "n", s.Ceiling))
	}
	for _, r := range s.Risks {
		out = append(out, a.T("draw.fact.risk", "grade", r.Grade, "n", r.Tickets))
	}
	for _, o := range s.Officers {
		for _, id := range o.Recused {
			if x, _ := s.Find(id); x.Name != "" {
				out = append(out, a.T("draw.fact.recused", "who", o.Name, "object", x.Name))
			}
		}
	}
	return out
}

// drawnLines are an entry's draws, each in a line.
func drawnLines(a *page.Ask, e plan.Entry) ([]drawnLine, error) {
	ds, err := a.Site.Options.Plans.Draws(e)
	if err != nil {
		return nil, err
	}
	var out []drawnLine
	for _, d := range ds {
		x := drawnLine{N: d.N, Address: "/plans/" + e.ID() + "/draw", Hash: d.Hash[:12]}
		if d.Seed == "" {
			x.Text, x.Light = a.T("draw.nth", "n", d.N), page.Light{Class: "amber", Text: a.T("draw.waits")}
		} else {
			x.Text = a.T("draw.line", "n", d.N, "number", d.Number, "picks", len(d.Picks), "seed", d.Seed)
		}
		out = append(out, x)
	}
	return out, nil
}

// aDraw is the draw that the address names, with its entry of the plan.
func aDraw(a *page.Ask) (e plan.Entry, d plan.Drawn, err error) {
	if e, err = PlanEntry(a); err == nil {
		d, err = theDraw(a, e)
	}
	return e, d, err
}

// drawForAll is the same for whoever has its address, without the rights that plans ask.
func drawForAll(a *page.Ask) (e plan.Entry, d plan.Drawn, err error) {
	e, ok := a.Site.Options.Plans.Quotas.Find(a.Param("id"), a.Today)
	if !ok {
		return e, d, a.NotFound()
	}
	d, err = theDraw(a, e)
	return e, d, err
}

// theDraw is the draw of an entry that the address names.
func theDraw(a *page.Ask, e plan.Entry) (plan.Drawn, error) {
	ds, err := a.Site.Options.Plans.Draws(e)
	if err != nil {
		return plan.Drawn{}, err
	}
	n, _ := strconv.Atoi(a.Param("n"))
	if n < 1 || n > len(ds) {
		return plan.Drawn{}, a.NotFound()
	}
	return ds[n-1], nil
}

// DrawSheet answers with the sheet as it was frozen, for whoever draws again.
func DrawSheet(a *page.Ask) error {
	e, d, err := aDraw(a)
	if err != nil {
		return err
	}
	a.Writer.Header().Set("Content-Disposition", "attachment; filename="+e.ID()+"-"+strconv.Itoa(d.N)+".txt")
	a.Data(http.StatusOK, "text/plain; charset=utf-8", []byte(d.Sheet))
	return nil
}

// DrawPaper answers with the numbered paper that tells a draw's result. Printed papers are Chinese, whatever the page's language.
func DrawPaper(a *page.Ask) error {
	e, d, err := aDraw(a)
	if err != nil {
		return err
	}
	if d.Seed == "" {
		return a.NotFound()
	}
	zh := *a
	zh.Language = "zh"
	x, err := showDrawn(&zh, e, d)
	if err != nil {
		return err
	}
	values := procedure.Values{}
	for field, words := range map[procedure.FieldID]string{"draw-number": d.Number, "draw-plan": e.Quota.Regime().Title.ZH + e.Quota.Title.ZH, "draw-period": planPeriod(zh.Words, e.Period), "sheet-hash": strings.ToUpper(d.Hash),
		"sheet-frozen": x.Frozen, "draw-seed": d.Seed, "seed-stated": page.Or(d.Stated, "—"), "draw-made": x.Drawn, "draw-asks": strings.Join(x.Facts, "；"), "draw-again": x.Again} {
		values[field] = procedure.TextValue(words)
	}
	var rows []procedure.Cells
	for _, y := range x.Picks {
		rows = append(rows, procedure.Cells{"n": strconv.Itoa(y.N), "name": y.Name, "pick-code": y.Object, "pick-team": y.Teams, "pick-note": strings.TrimSpace(y.Why + " " + y.ticketsIn(&zh.Words))})
	}
	values["draw-picks"] = procedure.Value{Rows: rows}
	data, err := desk.NotePDF(a.Site.Engine, procedure.FormID(a.Site.Options.Plans.Quotas.Paper), values)
	if err != nil {
		return err
	}
	a.Pdf(data, a.T("draw.file", "number", d.Number))
	return nil
}

func (p pickView) ticketsIn(w *page.Words) string {
	if p.Tickets < 2 {
		return ""
	}
	return w.T("draw.tickets", "grade", p.Risk, "n", p.Tickets)
}

// Says is how likely the object was beside others, where the grades of credit risk weigh.
func (p pickView) Says(w page.Words) string { return p.ticketsIn(&w) }

// publicDrawView is a draw for whoever has its address.
type publicDrawView struct {
	page.Base
	Plan, Law, Period string
	D                 drawnView
	Open              bool // the result too
}

// PublicDraw is read without signing in: that a sheet was frozen and its hash at once, the result once it was published.
func PublicDraw(a *page.Ask) error {
	e, d, err := drawForAll(a)
	if err != nil {
		return err
	}
	x, err := showDrawn(a, e, d)
	if err != nil {
		return err
	}
	v := publicDrawView{Base: a.Base(a.T("draw.public.title", "plan", a.L(e.Quota.Title)), ""), Plan: a.L(e.Quota.Regime().Title) + " " + a.L(e.Quota.Title), Law: laws(a.Words, e.Quota.Law), Period: planPeriod(a.Words, e.Period), D: x, Open: !d.Public.IsZero()}
	v.D.Sheet = publicAt(d) + "/sheet.txt"
	return a.Draw(http.StatusOK, "publicdraw", v)
}

// PublicSheet is the sheet of a draw that was published.
func PublicSheet(a *page.Ask) error {
	_, d, err := drawForAll(a)
	if err != nil {
		return err
	}
	if d.Public.IsZero() {
		return a.NotFound()
	}
	a.Data(http.StatusOK, "text/plain; charset=utf-8", []byte(d.Sheet))
	return nil
}
