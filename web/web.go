// Package web is what people and programs reach over HTTP: pages that work without a script, forms, the JSON API, and
// what an operator asks (health, metrics). It decodes a request into one engine verb and draws the answer; what an action
// means it does not know.
//
// A page is one file with its data, its handler and its template of the same name; all of them embed [base]. Handlers
// return an error, which [server.fail] alone turns into an answer.
package web

import (
	"io"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"dossier/engine"
	"dossier/engine/access"
	"dossier/engine/alert"
	"dossier/engine/health"
	"dossier/engine/office"
	"dossier/engine/plan"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
	"dossier/engine/register"
	"dossier/engine/registry"
	"dossier/engine/review"
	"dossier/engine/statistics"
	"dossier/web/measure"
)

// Options are what the pages need to know beside the engine.
type Options struct {
	Registry *registry.Registry // who is supervised; nil has no kinds
	Plans    *plan.Book         // how often; nil has no quotas
	Alerts   *alert.Alerts      // whose ledger is shown; nil makes its own, which hears of no other's passes
	Demo     bool               // the sign-in page names the demo people
	Version  string             // of the program
	Board    *health.Board      // what is wrong now; nil is never wrong
	Meter    *measure.Meter     // nil makes its own
	Log      *slog.Logger
	Secure   bool                 // cookies are for https only, as behind a proxy that ends TLS
	Measures []statistics.Measure // what the figures mean, in the order of the tables; none: no statistics
	Report   procedure.FormID     // the form of the county's report
	List     *register.Register   // the responsibility list; nil: no pages of it
	Reviews  review.Book          // by which a case's file is checked; a procedure without any has no such page
	// Source is a procedure's own text by its edition's hash, and on which line each of its parts stands ("action/ID"); nil: no such page.
	Source func(hash string) (text []byte, lines map[string]int)
	CodeOf func(file []byte) string // the code that a paper's file bears; nil reads none
	Bind   Bind                     // nil binds none
	Glyphs Glyphs                   // of rare characters; nil for none
}

// site is what every page and every answer is made from. It is used concurrently; what it holds does not change.
type site struct {
	engine *engine.Engine
	opt    Options
	pages  *pages
	files  *assets
	checks checks

	statistics *statistics.Book
}

// newSite takes what the options leave open as an office without it would have it.
func newSite(e *engine.Engine, opt Options) *site {
	if opt.Log == nil {
		opt.Log = slog.New(slog.NewTextHandler(io.Discard, nil))
	}
	if opt.Alerts == nil {
		opt.Alerts = &alert.Alerts{Engine: e}
	}
	if opt.Meter == nil {
		opt.Meter = measure.New(opt.Version)
	}
	if opt.Registry == nil {
		opt.Registry = registry.New(e, nil)
	}
	if opt.Plans == nil {
		opt.Plans = &plan.Book{Engine: e, Quotas: &plan.Quotas{}, Units: plan.Units(opt.Registry)}
	}
	files := readAssets()
	return &site{engine: e, opt: opt, files: files, pages: readPages(files), statistics: statistics.New(e, opt.Measures)}
}

// server answers requests: every address, and what is asked of whoever comes to it.
type server struct{ *site }

// The most that a request's body may hold, in bytes. A request with files may be as long as the files allowed in it.
const (
	maxText = 10 << 20
	maxFile = 50 << 20
)

// New makes the handler of everything that Dossier serves.
func New(e *engine.Engine, opt Options) http.Handler {
	s := &server{newSite(e, opt)}
	s.opt.Meter.Ask(s.counts())
	g := s.routes()
	guard := http.NewCrossOriginProtection()
	guard.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Error(w, "403 cross-origin request", http.StatusForbidden)
	}))
	return heads(guard.Handler(g))
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
		{"GET", "/", staff, deskPage},
		{"GET", "/account", staff, accountPage},
		{"GET", "/alerts", staff, alertsPage},
		{"POST", "/alerts/seen", staff, seeAlerts},
		{"POST", "/alerts/choices", staff, chooseAlerts},
		{"GET", "/alerts/stream", staff, liveStream},
		{"GET", "/alerts/daily", leads, dailyPage},
		{"POST", "/account", staff, changePassword},
		{"POST", "/account/second", staff, secondStep},
		{"GET", "/approvals", staff, approvalsPage},
		{"GET", "/cases", staff, casesPage},
		{"GET", "/cases/new", staff, newPage},
		{"GET", "/cases/new/:workflow", staff, openPage},
		{"POST", "/cases/new/:workflow", staff, openForm},
		{"POST", "/cases/new/:workflow/preview", staff, previewOpening},
		{"GET", "/cases/begun", takers, importPage},
		{"GET", "/cases/begun/:workflow", takers, importPage},
		{"POST", "/cases/begun/:workflow", takers, tryImport},
		{"GET", "/cases/begun/:workflow/template.xlsx", takers, importTemplate},
		{"POST", "/cases/begun/:workflow/take", takers, takeOver},
		{"GET", "/cases/begun/:workflow/one", takers, importOnePage},
		{"POST", "/cases/begun/:workflow/one", takers, importOneForm},
		{"GET", "/cases/:id", ofCase, casePage},
		{"GET", "/cases/:id/do/:action", ofCase, actPage},
		{"POST", "/cases/:id/do/:action", ofCase, actForm},
		{"POST", "/cases/:id/do/:action/preview", ofCase, previewAct},
		{"GET", "/cases/:id/deadline/:clock", ofCase, deadlinePage},
		{"GET", "/cases/:id/deadline/:clock/sheet.pdf", ofCase, deadlineFile},
		{"GET", "/cases/:id/plan", ofCase, planPage},
		{"GET", "/cases/:id/phone", ofCase, phonePage},
		{"GET", "/cases/:id/review", ofCase, reviewPage},
		{"GET", "/cases/:id/news", ofCase, newsPart},
		{"POST", "/cases/:id/nudge", ofCase, nudge},
		{"GET", "/cases/:id/supervision.pdf", ofCase, supervisionFile},
		{"GET", "/cases/:id/documents/:n", ofCase, documentFile},
		{"GET", "/cases/:id/documents/:n/copy.pdf", ofCase, copyFile},
		{"GET", "/cases/:id/papers/:p", ofCase, paperFile},
		{"GET", "/cases/:id/bound.pdf", ofCase, boundFile},
		{"GET", "/cases/:id/files/:n", ofCase, evidenceFile},
		{"GET", "/registry", staff, kindsPage},
		{"GET", "/registry/:kind", staff, objectsPage},
		{"GET", "/registry/:kind/new", staff, newObjectPage},
		{"POST", "/registry/:kind/new", staff, keepObject},
		{"GET", "/registry/:kind/import", staff, objectsImportPage},
		{"POST", "/registry/:kind/import", staff, tryObjects},
		{"POST", "/registry/:kind/take", staff, takeObjects},
		{"GET", "/registry/:kind/sheets/:n", staff, objectsFile},
		{"GET", "/registry/:kind/:n", staff, objectPage},
		{"GET", "/registry/:kind/:n/edit", staff, editObjectPage},
		{"POST", "/registry/:kind/:n/edit", staff, keepObject},
		{"POST", "/registry/:kind/:n/merge", staff, mergeObject},
		{"POST", "/registry/:kind/:n/end", staff, endObject},
		{"GET", "/plans", staff, plansPage},
		{"GET", "/plans/report", staff, planReportPage},
		{"GET", "/plans/:id", staff, planEntryPage},
		{"POST", "/plans/:id/checks", staff, makeChecks},
		{"POST", "/plans/:id/checks/:n/on", staff, goOn},
		{"POST", "/plans/:id/checks/:n/approve", staff, approveChecks},
		{"POST", "/plans/:id/override", staff, keepOverride},
		{"GET", "/plans/:id/draw", staff, drawPlanPage},
		{"POST", "/plans/:id/draw", staff, drawNow},
		{"POST", "/plans/:id/draw/freeze", staff, freezeDraw},
		{"POST", "/plans/:id/draw/again", staff, drawAgain},
		{"GET", "/plans/:id/draw/:n/sheet.txt", staff, drawSheet},
		{"GET", "/plans/:id/draw/:n/paper.pdf", staff, drawPaper},
		{"POST", "/plans/:id/draw/:n/publish", staff, publishDraw},
		{"GET", "/admin/access", admin, accessPage},
		{"GET", "/admin/people", admin, peoplePage},
		{"POST", "/admin/people", admin, keepPerson},
		{"GET", "/admin/new-person", admin, newPersonPage},
		{"GET", "/admin/people/:id", admin, personPage},
		{"POST", "/admin/people/:id", admin, keepPerson},
		{"POST", "/admin/people/:id/invite", admin, invite},
		{"GET", "/penalty", staff, penaltyPage},
		{"GET", "/penalty/note.pdf", staff, penaltyNote},
		{"GET", "/penalty/practice", staff, practicePage},
		{"GET", "/people/:id/hand-over", staff, handOverPage},
		{"POST", "/people/:id/hand-over", staff, handOverForm},
		{"GET", "/admin/delegations", staff, delegationsPage},
		{"POST", "/admin/delegations", staff, delegate},
		{"POST", "/admin/delegations/:id/end", staff, endDelegation},
		{"GET", "/admin/settings", admin, settingsPage},
		{"POST", "/admin/settings", admin, keepSetting},
		{"GET", "/admin/calendar", staff, calendarPage},
		{"POST", "/admin/calendar", admin, previewSchedule},
		{"POST", "/admin/calendar/load", admin, loadSchedule},
		{"GET", "/admin/calendar/:file", staff, scheduleFile},
		{"GET", "/admin/procedures", staff, proceduresPage},
		{"GET", "/admin/procedures/:id", staff, procedurePage},
		{"GET", "/admin/procedures/:id/cases", staff, versionPage},
		{"POST", "/admin/procedures/:id/cases", staff, moveCases},
		{"GET", "/admin/procedures/:id/text", staff, sourcePage},
		{"GET", "/review", staff, reviewsPage},
		{"GET", "/statistics", staff, statisticsPage},
		{"GET", "/statistics/cases", staff, statisticsCases},
		{"GET", "/statistics/figures.xlsx", staff, statisticsFile},
		{"GET", "/statistics/reports", staff, reportsPage},
		{"POST", "/statistics/reports", staff, keepReport},
		{"GET", "/statistics/reports/:id", staff, reportPage},
		{"GET", "/statistics/reports/:id/report.pdf", staff, reportFile},
		{"GET", "/county", leads, countyPage},
		{"GET", "/ledgers", staff, ledgersPage},
		{"GET", "/publicity", staff, publicityPage},
		{"GET", "/publicity/list.xlsx", staff, publicityFile},
		{"GET", "/ledgers/:ledger", staff, ledgerFile},
		{"GET", "/register", staff, registerPage},
		{"GET", "/register/where", staff, wherePage},
		{"GET", "/register/change", staff, changePage},
		{"POST", "/register/change", staff, changePage},
		{"GET", "/register/law/:act", staff, lawPage},
		{"GET", "/register/:id", staff, registerPart},
		{"GET", "/admin/outbox", admin, outboxPage},
		{"POST", "/admin/outbox/:id/resend", admin, resend},
		{"GET", "/admin/tokens", staff, tokensPage},
		{"POST", "/admin/tokens", staff, newToken},
		{"POST", "/admin/tokens/:id/revoke", staff, revokeToken},
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

	g.GET("/static/:file", s.static)
	g.GET("/glyphs.css", s.glyphSheet)
	g.GET("/glyphs/:file", s.glyphFont)
	g.GET("/healthz", s.health)
	g.GET("/readyz", s.ready)
	g.GET("/metrics", s.metricsPage)

	g.GET("/login", s.public(loginPage))
	g.POST("/login", s.public(signIn))
	g.POST("/logout", s.public(signOut))
	g.POST("/lang", s.public(setLang))
	g.GET("/check", s.public(checkStart))
	g.POST("/check", s.public(checkForm))
	g.GET("/check/:code", s.public(checkCode))
	g.GET("/draws/:id/:n", s.public(publicDraw))
	g.GET("/draws/:id/:n/sheet.txt", s.public(publicSheet))
	g.GET("/setup/:token", s.public(setupPage))
	g.POST("/setup/:token", s.public(setUp))

	for _, r := range routes {
		g.Handle(r.method, r.path, s.private(r.may, r.do))
	}
	s.apiRoutes(g)
	return g
}

// handler answers one request of a person, or fails with what [server.fail] tells them.
type handler func(*ask) error

// ask is one request: who asks, in which language, and when.
type ask struct {
	*gin.Context
	words
	s     *site
	who   *office.Person // nil on the public pages
	token access.Token   // by which the API was opened
	now   time.Time
	moves uint64 // how many commits the page shows at least
}

func (s *site) ask(c *gin.Context) *ask {
	return &ask{Context: c, s: s, now: s.engine.Now(), moves: s.engine.Moves(), words: words{lang: s.lang(c, nil), today: s.engine.Today(), office: s.engine.Office(), list: s.opt.List, checks: len(s.opt.Reviews.Rules) > 0}}
}

// id is who asks.
func (a *ask) id() office.PersonID { return a.who.ID }

// public wraps a handler that needs nobody signed in.
func (s *server) public(h handler) gin.HandlerFunc {
	return func(c *gin.Context) {
		a := s.ask(c)
		limit(c, maxText)
		if p, err := access.Session(c.Request.Context(), s.engine, cookie(c)); err == nil && p != nil {
			a.who = p
			a.Set(whoKey, a.whoID())
			a.lang = s.lang(c, p)
		}
		if err := h(a); err != nil {
			s.fail(a, err)
		}
	}
}

// private wraps a handler for whoever is signed in; others are sent to sign in and come back.
func (s *server) private(may right, h handler) gin.HandlerFunc {
	return func(c *gin.Context) {
		a := s.ask(c)
		limit(c, maxText)
		p, err := access.Session(c.Request.Context(), s.engine, cookie(c))
		switch {
		case err != nil:
			s.fail(a, err)
			return
		case p == nil:
			if p = s.signInOnTheWay(a); p == nil {
				return
			}
		}
		a.who = p
		a.Set(whoKey, a.whoID())
		a.lang = s.lang(c, p)
		if sent, err := s.owesSecond(a); sent || err != nil {
			if err != nil {
				s.fail(a, err)
			}
			return
		}
		err = a.may(may)
		if err == nil {
			err = h(a)
		}
		if err != nil {
			s.fail(a, err)
		}
	}
}

// nowhere is an address that leads to nothing.
func nowhere(a *ask) error {
	return a.astray(&refusal.Error{Code: refusal.NotFound, Args: refusal.Args{"id": a.Request.URL.Path}})
}

// wrongMethod is an address that is asked otherwise; gin has put into Allow how.
func wrongMethod(a *ask) error {
	return a.astray(&refusal.Error{Code: refusal.WrongMethod, Args: refusal.Args{"method": a.Request.Method, "allow": a.Writer.Header().Get("Allow")}})
}

func (a *ask) astray(err error) error {
	if strings.HasPrefix(a.Request.URL.Path, "/api/") {
		a.s.apiFail(a, err)
		return nil
	}
	return err
}
