package web_test

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"dossier/engine/office"
)

// TestRareNames takes a party whose name is in no usual font: it is accepted, found, and drawn with the program's own font,
// where it stands and where it is typed.
func TestRareNames(t *testing.T) {
	b := newBureau(t)
	const name = "任县𪚥𮯠𠮷建筑有限公司"
	id := b.opened(name)
	v := b.visit("clerk")
	for _, q := range []string{"𪚥𮯠", "𮯠", name} {
		v.get("/cases?q="+url.QueryEscape(q)).want(http.StatusOK).says("main", name)
	}
	for path, want := range map[string]int{"/glyphs/2a600.ttf": http.StatusOK, "/glyphs/4f00.ttf": http.StatusOK, "/glyphs/10000.ttf": http.StatusNotFound,
		"/glyphs/2a6a5.ttf": http.StatusNotFound, "/glyphs/-100.ttf": http.StatusNotFound, "/glyphs/2a600": http.StatusNotFound, "/glyphs/x.ttf": http.StatusNotFound} {
		if p := v.get(path).want(want); want == http.StatusOK && (p.head.Get("Content-Type") != "font/ttf" || !strings.Contains(p.head.Get("Cache-Control"), "max-age")) {
			t.Errorf("%s: %v", path, p.head)
		}
	}

	w := &walker{bureau: b, browser: chromium(t), windows: map[office.PersonID]context.Context{}}
	c := w.visitAs("clerk", "/account")
	drawn := func() string {
		return ask(w, c, chromedp.Evaluate[string](`document.fonts.ready.then(() => Array.from(document.fonts).filter(f => f.status == "loaded").map(f => f.unicodeRange).join(" "))`, chromedp.EvalAwaitPromise))
	}
	// draws waits for a font: the page is laid out after what was typed.
	draws := func(where string, ranges ...string) {
		t.Helper()
		var got string
		for range 100 {
			got = drawn()
			if !slices.ContainsFunc(ranges, func(r string) bool { return !strings.Contains(got, r) }) {
				return
			}
			w.run(c, chromedp.Sleep(50*time.Millisecond))
		}
		t.Errorf("%s has the fonts of %q", where, got)
	}
	if got := drawn(); got != "" {
		t.Errorf("a page without rare characters fetches fonts for %s", got)
	}
	w.run(c, chromedp.SetValue(chromedp.CSS("input[name=q]"), "𬺈"))
	draws("a character that was typed", "U+2CE00-2CEFF")
	w.run(c, chromedp.Navigate(w.srv.URL+caseAt(id)))
	draws("the case's page", "U+2A600-2A6FF", "U+2EB00-2EBFF")
}
