package cases

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"dossier/engine/casefile"
	"dossier/engine/desk"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
	"dossier/web/page"
)

// LiveStream tells an open page of news, as server-sent events: "alert" whenever the reader was told something, "moved" with
// a case's number whenever a case that they may see moved, 0 for any. It begins with "at", the number of commits so far: a
// page that was drawn at an earlier one has missed something. A stream that was cut off by a proxy or by the server's own
// limits is opened anew by the browser, and then begins with an alert too, so that what came between is not missed.
func LiveStream(a *page.Ask) error {
	news, stop := a.Site.Options.Alerts.Listen(a.ID())
	defer stop()
	heard := a.Site.Engine.Listen()
	defer heard.Stop()
	h := a.Writer.Header()
	h.Set("Content-Type", "text/event-stream; charset=utf-8")
	h.Set("X-Accel-Buffering", "no")
	const alert = "id: 1\nevent: alert\ndata: 1\n\n"
	say := fmt.Sprintf("retry: 5000\nid: 1\nevent: at\ndata: %d\n\n", a.Site.Engine.Moves())
	if a.GetHeader("Last-Event-ID") != "" {
		say += alert
	}
	for {
		if _, err := a.Writer.WriteString(say); err != nil {
			return nil // the page was closed
		}
		a.Writer.Flush()
		say = ""
		for say == "" {
			select {
			case <-a.Request.Context().Done():
				return nil
			case _, open := <-news:
				if !open {
					return nil
				}
				say = alert
			case <-heard.News():
				ids, _ := heard.Take()
				for _, id := range ids {
					if id == 0 || a.Site.Engine.Sees(a.ID(), id) {
						say += fmt.Sprintf("id: 1\nevent: moved\ndata: %d\n\n", id)
					}
				}
			}
		}
	}
}

// NewsView is what happened in a case after a page of it was drawn.
type NewsView struct {
	page.Words
	Steps  []stepView // the latest first
	More   int        // how many before those
	Lost   string     // why the action that is being filled in can't be done any more, "" when it can
	Reload string     // where the page is read anew; "" on a form, whose input would be lost
	Kept   bool       // it stands over a form that may still be sent
}

// maxNews is how many steps the line of news tells.
const maxNews = 5

// NewsOf is what happened in a case after a sequence number, and whether the reader may still take the action that they fill
// in ("" for none). It is nil when nothing happened.
func NewsOf(a *page.Ask, id casefile.CaseID, seq uint64, action procedure.ActionID, walk procedure.WalkID) (*NewsView, error) {
	v := &NewsView{Words: a.Words}
	view, err := desk.View(a.Site.Engine, a.ID(), id)
	if e := refusal.As(err); e != nil && e.Code == refusal.NotFound {
		v.Lost = a.Told(e.Code, e.Args)
		return v, nil
	}
	if err != nil || view.Case.Seq <= seq {
		return nil, err
	}
	a.Of(view.Edition)
	v.Words = a.Words
	steps, err := desk.History(a.Request.Context(), a.Site.Engine, a.ID(), id)
	if err != nil {
		return nil, err
	}
	for _, s := range slices.Backward(steps) {
		switch {
		case s.Seq <= seq:
		case len(v.Steps) == maxNews:
			v.More++
		default:
			v.Steps = append(v.Steps, step(a, view, s))
		}
	}
	if action != "" {
		_, err := desk.BlankFor(a.Site.Engine, a.ID(), id, "", action, walk, nil)
		e := refusal.As(err)
		switch {
		case e != nil && e.Code == refusal.UnknownAction:
			v.Lost = a.T("moved.told", "action", a.ActionTitle(view.Edition.Def, action))
		case e != nil:
			v.Lost = a.Told(e.Code, e.Args)
		case err != nil:
			return nil, err
		}
		v.Kept = e == nil
	}
	return v, nil
}

// NewsPart answers what happened in a case after the sequence number in the address, for the script of an open page: 204 when
// nothing did.
func NewsPart(a *page.Ask) error {
	id, err := a.CaseID()
	if err != nil {
		return err
	}
	seq, _ := strconv.ParseUint(a.Query("seq"), 10, 64)
	action := procedure.ActionID(a.Query("action"))
	v, err := NewsOf(a, id, seq, action, procedure.WalkID(a.Query("walk")))
	if err != nil {
		return err
	}
	if v == nil {
		a.Status(http.StatusNoContent)
		return nil
	}
	if action == "" {
		v.Reload = fmt.Sprintf("/cases/%d", id)
	}
	var b bytes.Buffer
	if err := a.Site.Pages().ExecuteTemplate(&b, "news", v); err != nil {
		return err
	}
	a.Data(http.StatusOK, "text/html; charset=utf-8", b.Bytes())
	return nil
}

// NewsAt is where the script of a page asks for news of its case.
func NewsAt(id casefile.CaseID, seq uint64, action procedure.ActionID, walk procedure.WalkID) string {
	q := url.Values{"seq": {strconv.FormatUint(seq, 10)}}
	if action != "" {
		q.Set("action", string(action))
	}
	if walk != "" {
		q.Set("walk", string(walk))
	}
	return fmt.Sprintf("/cases/%d/news?%s", id, q.Encode())
}
