package page

import (
	"bytes"
	_ "embed"
	"encoding/json"
)

// Reply answers with JSON. Its texts are not escaped for HTML: nosniff and the media type keep it from being read as such.
func (a *Ask) Reply(status int, kind string, v any) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		a.Site.Options.Log.Error("api answer", "path", a.Request.URL.Path, "error", err)
		a.Site.Broken(a.Context)
		return
	}
	a.Data(status, kind, b.Bytes())
}

func (a *Ask) Json(status int, v any) error {
	a.Reply(status, "application/json", v)
	return nil
}
