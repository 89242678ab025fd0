package page

import (
	"context"
	"html/template"
	"io"
	"log/slog"
	"sync"
	"time"

	"github.com/gin-gonic/gin"

	"dossier/engine"
	"dossier/engine/access"
	"dossier/engine/alert"
	"dossier/engine/casefile"
	"dossier/engine/health"
	"dossier/engine/office"
	"dossier/engine/plan"
	"dossier/engine/procedure"
	"dossier/engine/register"
	"dossier/engine/registry"
	"dossier/engine/review"
	"dossier/engine/selfcheck"
	"dossier/engine/statistics"
	"dossier/web/measure"
)

// Bind writes the bound file of a case, as the person may see it.
type Bind func(ctx context.Context, who office.PersonID, id casefile.CaseID, out io.Writer) error

// Glyphs make web fonts of the characters that the reader's own fonts may lack: names are written with any of 87 000.
type Glyphs interface {
	Blocks() []rune                  // the first code points of the blocks that have a font
	Size() rune                      // code points in a block
	Font(block rune) ([]byte, error) // TrueType; nil when there is none
}

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
	Reload func(context.Context) error // reads the office's own files again; nil: they are read at a start only
	CodeOf func(file []byte) string    // the code that a paper's file bears; nil reads none
	Bind   Bind                        // nil binds none
	Glyphs Glyphs                      // of rare characters; nil for none

	Counties []County // whose figures the leaders see beside each other, where the bureau is a city's
}

// County is a bureau that a city's looks at, by the API alone: it sees what the token's person sees there.
type County struct {
	Name    string
	Address string // https://HOST
	Token   string // a secret: it is never shown or logged
}

// Site is what every page and every answer is made from. It is used concurrently; what it holds does not change.
type Site struct {
	Engine  *engine.Engine
	Options Options
	Pages   pages
	files   *assets
	Checks  checks

	Statistics *statistics.Book
	SelfCheck  *selfcheck.Book
}

// New takes what the options leave open as an office without it would have it.
func New(e *engine.Engine, opt Options) *Site {
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
	figures := statistics.New(e, opt.Measures)
	return &Site{Engine: e, Options: opt, files: files(), Pages: templates, Statistics: figures, SelfCheck: &selfcheck.Book{Engine: e, Rules: opt.Reviews, Statistics: figures}}
}

// The program's own files and templates are read once, however many bureaus it serves.
var (
	files     = sync.OnceValue(readAssets)
	templates = sync.OnceValue(func() *template.Template { return readPages(files()) })
)

// Handler answers one request of a person, or fails with what [Site.Fail] tells them.
type Handler func(*Ask) error

// Ask is one request: who asks, in which language, and when.
type Ask struct {
	*gin.Context
	Words
	Site  *Site
	Who   *office.Person // nil on the public pages
	Token access.Token   // by which the API was opened
	Now   time.Time
	moves uint64 // how many commits the page shows at least
}

func (s *Site) Ask(c *gin.Context) *Ask {
	return &Ask{Context: c, Site: s, Now: s.Engine.Now(), moves: s.Engine.Moves(), Words: Words{Language: s.Lang(c, nil), Today: s.Engine.Today(), Office: s.Engine.Office(), List: s.Options.List, checks: len(s.Options.Reviews.Rules) > 0}}
}

// id is who asks.
func (a *Ask) ID() office.PersonID { return a.Who.ID }
