// Package web is what people and programs reach over HTTP: pages that work without a script, forms, the JSON API, and
// what an operator asks (health, metrics). It decodes a request into one engine verb and draws the answer; what an action
// means it does not know.
//
// Here stand the one table of addresses with what each asks of whoever comes, signing in, what an operator asks, and what is
// around every request. The pages themselves are in the rooms beside it, made from [page].
package web

import (
	"context"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"dossier/engine"
	"dossier/engine/access"
	"dossier/engine/refusal"
	"dossier/web/acting"
	"dossier/web/admin"
	"dossier/web/api"
	"dossier/web/cases"
	"dossier/web/city"
	"dossier/web/desks"
	"dossier/web/figures"
	"dossier/web/norms"
	"dossier/web/page"
	"dossier/web/supervise"
)

// server answers requests: every address, and what is asked of whoever comes to it.
type server struct{ *page.Site }

// Handler answers every request.
type Handler struct {
	http.Handler
	Warm func(context.Context) error // [page.Site.Warm]
}

// New makes the handler of everything that Dossier serves.
func New(e *engine.Engine, opt page.Options) Handler {
	s := &server{page.New(e, opt)}
	s.Options.Meter.Ask(s.counts())
	g := s.routes()
	guard := http.NewCrossOriginProtection()
	guard.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Error(w, "403 cross-origin request", http.StatusForbidden)
	}))
	return Handler{heads(guard.Handler(g)), s.Site.Warm}
}

// heads answers HEAD as GET: net/http keeps the body to itself.
func heads(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodHead && r.URL.Path != "/alerts/stream" { // which would never end
			get := *r
			get.Method = http.MethodGet
			r = &get
		}
		h.ServeHTTP(w, r)
	})
}

// routes is the one table of what whoever is signed in can reach, with what each asks of them.
var routes []route

func init() { // not in the declaration: a page tells the table
	routes = []route{
		{"GET", "/", staff, desks.DeskPage},
		{"GET", "/account", staff, accountPage},
		{"GET", "/alerts", staff, desks.AlertsPage},
		{"POST", "/alerts/seen", staff, desks.SeeAlerts},
		{"POST", "/alerts/choices", staff, desks.ChooseAlerts},
		{"GET", "/alerts/stream", staff, cases.LiveStream},
		{"GET", "/alerts/daily", leads, cases.DailyPage},
		{"POST", "/account", staff, changePassword},
		{"POST", "/account/second", staff, secondStep},
		{"GET", "/approvals", staff, desks.ApprovalsPage},
		{"POST", "/approvals", staff, desks.ApproveTogether},
		{"GET", "/cases", staff, desks.CasesPage},
		{"GET", "/cases/new", staff, acting.NewPage},
		{"GET", "/cases/new/:workflow", staff, acting.OpenPage},
		{"POST", "/cases/new/:workflow", staff, acting.OpenForm},
		{"POST", "/cases/new/:workflow/preview", staff, acting.PreviewOpening},
		{"GET", "/cases/begun", takers, acting.ImportPage},
		{"GET", "/cases/begun/:workflow", takers, acting.ImportPage},
		{"POST", "/cases/begun/:workflow", takers, acting.TryImport},
		{"GET", "/cases/begun/:workflow/template.xlsx", takers, acting.ImportTemplate},
		{"POST", "/cases/begun/:workflow/take", takers, acting.TakeOver},
		{"GET", "/cases/begun/:workflow/one", takers, acting.ImportOnePage},
		{"POST", "/cases/begun/:workflow/one", takers, acting.ImportOneForm},
		{"GET", "/cases/:id", ofCase, cases.CasePage},
		{"GET", "/cases/:id/do/:action", ofCase, acting.ActPage},
		{"POST", "/cases/:id/do/:action", ofCase, acting.ActForm},
		{"POST", "/cases/:id/do/:action/preview", ofCase, acting.PreviewAct},
		{"GET", "/cases/:id/deadline/:clock", ofCase, cases.DeadlinePage},
		{"GET", "/cases/:id/deadline/:clock/sheet.pdf", ofCase, cases.DeadlineFile},
		{"GET", "/cases/:id/plan", ofCase, cases.PlanPage},
		{"GET", "/cases/:id/phone", ofCase, acting.PhonePage},
		{"GET", "/cases/:id/review", ofCase, cases.ReviewPage},
		{"GET", "/cases/:id/news", ofCase, cases.NewsPart},
		{"POST", "/cases/:id/nudge", ofCase, desks.Nudge},
		{"GET", "/cases/:id/supervision.pdf", ofCase, cases.SupervisionFile},
		{"GET", "/cases/:id/documents/:n", ofCase, cases.DocumentFile},
		{"GET", "/cases/:id/documents/:n/copy.pdf", ofCase, cases.CopyFile},
		{"GET", "/cases/:id/documents/:n/beside", ofCase, cases.BesidePage},
		{"GET", "/cases/:id/papers/:p", ofCase, cases.PaperFile},
		{"GET", "/cases/:id/bound.pdf", ofCase, cases.BoundFile},
		{"GET", "/cases/:id/files/:n", ofCase, cases.EvidenceFile},
		{"GET", "/registry", staff, supervise.KindsPage},
		{"GET", "/registry/:kind", staff, supervise.ObjectsPage},
		{"GET", "/registry/:kind/new", staff, supervise.NewObjectPage},
		{"POST", "/registry/:kind/new", staff, supervise.KeepObject},
		{"GET", "/registry/:kind/import", staff, supervise.ObjectsImportPage},
		{"POST", "/registry/:kind/import", staff, supervise.TryObjects},
		{"POST", "/registry/:kind/take", staff, supervise.TakeObjects},
		{"GET", "/registry/:kind/sheets/:n", staff, supervise.ObjectsFile},
		{"GET", "/registry/:kind/:n", staff, supervise.ObjectPage},
		{"GET", "/registry/:kind/:n/edit", staff, supervise.EditObjectPage},
		{"POST", "/registry/:kind/:n/edit", staff, supervise.KeepObject},
		{"POST", "/registry/:kind/:n/merge", staff, supervise.MergeObject},
		{"POST", "/registry/:kind/:n/end", staff, supervise.EndObject},
		{"GET", "/plans", staff, supervise.PlansPage},
		{"GET", "/plans/report", staff, supervise.PlanReportPage},
		{"GET", "/plans/:id", staff, supervise.PlanEntryPage},
		{"POST", "/plans/:id/checks", staff, supervise.MakeChecks},
		{"POST", "/plans/:id/checks/:n/on", staff, supervise.GoOn},
		{"POST", "/plans/:id/checks/:n/approve", staff, supervise.ApproveChecks},
		{"POST", "/plans/:id/override", staff, supervise.KeepOverride},
		{"GET", "/plans/:id/draw", staff, supervise.DrawPlanPage},
		{"POST", "/plans/:id/draw", staff, supervise.DrawNow},
		{"POST", "/plans/:id/draw/freeze", staff, supervise.FreezeDraw},
		{"POST", "/plans/:id/draw/again", staff, supervise.DrawAgain},
		{"GET", "/plans/:id/draw/:n/sheet.txt", staff, supervise.DrawSheet},
		{"GET", "/plans/:id/draw/:n/paper.pdf", staff, supervise.DrawPaper},
		{"POST", "/plans/:id/draw/:n/publish", staff, supervise.PublishDraw},
		{"GET", "/admin/access", manages, accessPage},
		{"GET", "/admin/people", manages, admin.PeoplePage},
		{"POST", "/admin/people", manages, admin.KeepPerson},
		{"GET", "/admin/new-person", manages, admin.NewPersonPage},
		{"GET", "/admin/people/:id", manages, admin.PersonPage},
		{"POST", "/admin/people/:id", manages, admin.KeepPerson},
		{"POST", "/admin/people/:id/invite", manages, admin.Invite},
		{"GET", "/penalty", staff, norms.PenaltyPage},
		{"GET", "/penalty/note.pdf", staff, norms.PenaltyNote},
		{"GET", "/penalty/practice", staff, norms.PracticePage},
		{"GET", "/people/:id/hand-over", staff, admin.HandOverPage},
		{"POST", "/people/:id/hand-over", staff, admin.HandOverForm},
		{"GET", "/admin/delegations", staff, admin.DelegationsPage},
		{"POST", "/admin/delegations", staff, admin.Delegate},
		{"POST", "/admin/delegations/:id/end", staff, admin.EndDelegation},
		{"GET", "/admin/settings", manages, admin.SettingsPage},
		{"POST", "/admin/settings", manages, admin.KeepSetting},
		{"POST", "/admin/settings/test", manages, admin.TryChannel},
		{"GET", "/admin/calendar", staff, admin.CalendarPage},
		{"POST", "/admin/calendar", manages, admin.PreviewSchedule},
		{"POST", "/admin/calendar/load", manages, admin.LoadSchedule},
		{"GET", "/admin/standards", manages, admin.StandardsPage},
		{"POST", "/admin/standards", manages, admin.PreviewStandards},
		{"POST", "/admin/standards/load", manages, admin.LoadStandards},
		{"GET", "/admin/calendar/:file", staff, admin.ScheduleFile},
		{"GET", "/admin/procedures", staff, admin.ProceduresPage},
		{"POST", "/admin/procedures", manages, admin.Reload},
		{"GET", "/admin/procedures/:id", staff, admin.ProcedurePage},
		{"GET", "/admin/procedures/:id/cases", staff, admin.VersionPage},
		{"POST", "/admin/procedures/:id/cases", staff, admin.MoveCases},
		{"GET", "/admin/procedures/:id/text", staff, admin.SourcePage},
		{"GET", "/review", staff, figures.ReviewsPage},
		{"GET", "/statistics", staff, figures.StatisticsPage},
		{"GET", "/statistics/cases", staff, figures.StatisticsCases},
		{"GET", "/statistics/figures.xlsx", staff, figures.StatisticsFile},
		{"GET", "/statistics/reports", staff, figures.ReportsPage},
		{"POST", "/statistics/reports", staff, figures.KeepReport},
		{"GET", "/statistics/reports/:id", staff, figures.ReportPage},
		{"GET", "/statistics/reports/:id/report.pdf", staff, figures.ReportFile},
		{"GET", "/county", leads, desks.CountyPage},
		{"GET", "/city", leads, city.Page},
		{"GET", "/ledgers", staff, figures.LedgersPage},
		{"GET", "/publicity", staff, figures.PublicityPage},
		{"GET", "/publicity/list.xlsx", staff, figures.PublicityFile},
		{"GET", "/ledgers/:ledger", staff, figures.LedgerFile},
		{"GET", "/register", staff, norms.RegisterPage},
		{"GET", "/register/where", staff, norms.WherePage},
		{"GET", "/register/change", staff, norms.ChangePage},
		{"POST", "/register/change", staff, norms.ChangePage},
		{"GET", "/register/law/:act", staff, norms.LawPage},
		{"GET", "/register/:id", staff, norms.RegisterPart},
		{"GET", "/admin/outbox", manages, desks.OutboxPage},
		{"POST", "/admin/outbox/:id/resend", manages, desks.Resend},
		{"GET", "/admin/tokens", staff, admin.TokensPage},
		{"POST", "/admin/tokens", staff, admin.NewToken},
		{"POST", "/admin/tokens/:id/revoke", staff, admin.RevokeToken},
	}
}

// routes answers every address.
func (s *server) routes() *gin.Engine {
	gin.SetMode(gin.ReleaseMode)
	g := gin.New()
	g.HandleMethodNotAllowed = true
	if err := g.SetTrustedProxies(nil); err != nil {
		panic(err) // nil is always taken
	}
	g.Use(s.observe, s.recover, headers)
	g.NoRoute(s.public(nowhere))
	g.NoMethod(s.public(wrongMethod))

	g.GET("/static/:file", s.Static)
	g.GET("/glyphs.css", s.glyphSheet)
	g.GET("/glyphs/:file", s.glyphFont)
	g.GET("/healthz", s.health)
	g.GET("/readyz", s.ready)
	g.GET("/metrics", s.metricsPage)

	g.GET("/login", s.public(loginPage))
	g.POST("/login", s.public(signIn))
	g.POST("/logout", s.public(signOut))
	g.POST("/lang", s.public(page.SetLang))
	g.GET("/check", s.public(cases.CheckStart))
	g.POST("/check", s.public(cases.CheckForm))
	g.GET("/check/:code", s.public(cases.CheckCode))
	g.GET("/draws/:id/:n", s.public(supervise.PublicDraw))
	g.GET("/draws/:id/:n/sheet.txt", s.public(supervise.PublicSheet))
	g.GET("/setup/:token", s.public(setupPage))
	g.POST("/setup/:token", s.public(setUp))

	for _, r := range routes {
		g.Handle(r.method, r.path, s.private(r.may, r.do))
	}
	api.ApiRoutes(s.Site, g)
	return g
}

// public wraps a handler that needs nobody signed in.
func (s *server) public(h page.Handler) gin.HandlerFunc {
	return func(c *gin.Context) {
		a := s.Ask(c)
		page.Limit(c, page.MaxText)
		if p, err := access.Session(c.Request.Context(), s.Engine, cookie(c)); err == nil && p != nil {
			a.Who = p
			a.Set(whoKey, a.WhoID())
			a.Language = s.Lang(c, p)
		}
		if err := h(a); err != nil {
			s.Fail(a, err)
		}
	}
}

// private wraps a handler for whoever is signed in; others are sent to sign in and come back.
func (s *server) private(need right, h page.Handler) gin.HandlerFunc {
	return func(c *gin.Context) {
		a := s.Ask(c)
		page.Limit(c, page.MaxText)
		p, err := access.Session(c.Request.Context(), s.Engine, cookie(c))
		switch {
		case err != nil:
			s.Fail(a, err)
			return
		case p == nil:
			if p = s.signInOnTheWay(a); p == nil {
				return
			}
		}
		a.Who = p
		a.Set(whoKey, a.WhoID())
		a.Language = s.Lang(c, p)
		if sent, err := s.owesSecond(a); sent || err != nil {
			if err != nil {
				s.Fail(a, err)
			}
			return
		}
		err = may(a, need)
		if err == nil {
			err = h(a)
		}
		if err != nil {
			s.Fail(a, err)
		}
	}
}

// nowhere is an address that leads to nothing.
func nowhere(a *page.Ask) error {
	return astray(a, &refusal.Error{Code: refusal.NotFound, Args: refusal.Args{"id": a.Request.URL.Path}})
}

// wrongMethod is an address that is asked otherwise; gin has put into Allow how.
func wrongMethod(a *page.Ask) error {
	return astray(a, &refusal.Error{Code: refusal.WrongMethod, Args: refusal.Args{"method": a.Request.Method, "allow": a.Writer.Header().Get("Allow")}})
}

func astray(a *page.Ask, err error) error {
	if strings.HasPrefix(a.Request.URL.Path, "/api/") {
		api.ApiFail(a.Site, a, err)
		return nil
	}
	return err
}
