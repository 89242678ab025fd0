package page

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"html/template"
	"io/fs"
	"net/http"
	"net/url"
	"path"
	"strings"

	"github.com/gin-gonic/gin"

	"dossier/engine/office"
)

//go:embed templates/*.html
var templateFiles embed.FS

//go:embed static/*
var staticFiles embed.FS

// pages are the templates, all in one tree, so that what many pages share is there once: the frame and the parts that several
// pages draw, in the files that begin with "_", and each page's content under a name of its own. It is parsed when the first
// page is drawn.
type pages func() *template.Template

// readPages parses the embedded templates; a fault in one is a fault of the program: a test draws all.
func readPages(files *assets) *template.Template {
	t := template.New("").Funcs(template.FuncMap{"asset": files.address, "part": newPart})
	names, err := fs.Glob(templateFiles, "templates/*.html")
	if err != nil {
		panic(err)
	}
	for _, n := range names {
		text, err := templateFiles.ReadFile(n)
		if err != nil {
			panic(err)
		}
		name := strings.TrimSuffix(path.Base(n), ".html")
		template.Must(t.Parse(strings.Replace(string(text), `{{define "content"}}`, `{{define "`+contentOf(name)+`"}}`, 1)))
	}
	return t
}

// contentOf is the name of a page's content, which its file calls "content".
func contentOf(page string) string { return "content of " + page }

// part is what a shared block draws, with the page's words beside it.
type part struct {
	Words
	It any
}

func newPart(w Words, it any) part { return part{w, it} }

// Base is what the frame of every page shows.
type Base struct {
	Words
	Title   string
	Nav     string // which entry of the head is the present one
	Me      *office.Person
	MyPost  string
	Office  string
	Admin   bool
	City    bool // it has counties
	Query   string
	Notice  string // what was just done
	Back    string // where the language switch comes back to
	Wide    bool
	Version string
	Wrong   []faultNow // what is wrong now with the program itself
	Moves   uint64     // how many commits the page shows, for its script to ask whether there are more
}

func (a *Ask) Base(title, nav string) Base {
	b := Base{Words: a.Words, Title: title, Nav: nav, Me: a.Who, Back: a.Request.URL.RequestURI(), Version: a.Site.Options.Version, Moves: a.moves}
	b.Office = a.Office.Text("brigade", a.Today)
	b.City = len(a.Site.Options.Counties) > 0
	if a.Who != nil {
		b.MyPost = a.FirstPost(a.Who)
		b.Admin = a.Who.Holds(office.Admin, a.Today)
	}
	if a.Request.Method != http.MethodGet {
		b.Back = "/"
	}
	b.Notice = a.takeNotice()
	b.Wrong = a.faultsNow(b.Admin)
	return b
}

// faultNow is one thing that is wrong with the program, in words for who reads it.
type faultNow struct {
	Text, Says string
	Stops      bool
}

// faultsNow are for an administrator all that is wrong, with what the system said; for everybody else what stops their work.
func (a *Ask) faultsNow(admin bool) []faultNow {
	var out []faultNow
	for _, f := range a.Site.Options.Board.Faults() {
		if !admin && (a.Who == nil || !f.Code.Stops()) {
			continue
		}
		what := f.What
		for _, key := range []string{"channel." + what, "pass." + what} {
			if a.Has(key) {
				what = a.T(key)
			}
		}
		x := faultNow{Text: a.T("fault."+string(f.Code), "what", what, "since", a.Moment(f.Since)), Stops: f.Code.Stops()}
		if admin {
			x.Says = f.Says
		}
		out = append(out, x)
	}
	return out
}

// officeTabs are the links between the pages of the office; some are an administrator's.
type officeTabs struct {
	Words
	Now   string
	Admin bool
	City  bool
}

// Tab is the office's links with the present page marked.
func (b Base) Tab(now string) officeTabs { return officeTabs{b.Words, now, b.Admin, b.City} }

// Draw answers with a page. It is drawn into memory first: what fails in a template becomes a 500, never half a page.
func (a *Ask) Draw(status int, name string, data any) error {
	var b bytes.Buffer
	for _, part := range []string{"head", contentOf(name), "foot"} {
		if err := a.Site.Pages().ExecuteTemplate(&b, part, data); err != nil {
			return err
		}
	}
	a.Data(status, "text/html; charset=utf-8", b.Bytes())
	return nil
}

// See sends the browser on after a form was taken.
func (a *Ask) See(address string) error {
	a.Redirect(http.StatusSeeOther, address)
	return nil
}

// assets are the style sheet, the script and the pictures, each under an address that changes with its bytes.
type assets struct {
	byName map[string]asset
}

type asset struct {
	data []byte
	tag  string // the first characters of its SHA-256
	kind string
}

func readAssets() *assets {
	a := &assets{byName: map[string]asset{}}
	kinds := map[string]string{".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
	entries, err := staticFiles.ReadDir("static")
	if err != nil {
		panic(err)
	}
	for _, e := range entries {
		data, err := staticFiles.ReadFile("static/" + e.Name())
		if err != nil {
			panic(err)
		}
		sum := sha256.Sum256(data)
		a.byName[e.Name()] = asset{data, hex.EncodeToString(sum[:6]), kinds[path.Ext(e.Name())]}
	}
	return a
}

// address is where a page finds the file.
func (a *assets) address(name string) string { return "/static/" + name + "?v=" + a.byName[name].tag }

// Static serves an embedded file. Its address changes with it, so that browsers may keep it for a year.
func (s *Site) Static(c *gin.Context) {
	f, ok := s.files.byName[c.Param("file")]
	if !ok {
		c.Status(http.StatusNotFound)
		return
	}
	if c.Query("v") == f.tag {
		c.Header("Cache-Control", "public, max-age=31536000, immutable")
	}
	c.Data(http.StatusOK, f.kind, f.data)
}

// SectionAt is where a section's rows are listed.
func (b Base) SectionAt(section string) string {
	return "/register?section=" + url.QueryEscape(section)
}

// County is the links between the pages of the whole county.
func (b Base) County(now string) officeTabs { return officeTabs{b.Words, now, b.Admin, b.City} }
