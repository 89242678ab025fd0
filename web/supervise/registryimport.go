package supervise

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"dossier/documents/sheet"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
	"dossier/engine/registry"
	"dossier/web/page"
)

// objectsImportView is the page on which a sheet of objects is chosen, tried, and taken.
type objectsImportView struct {
	page.Base
	Kind, KindName string
	Fault          string // of the file
	MaxMB          int
	Tried, Changed bool
	Rows           int
	New, Same      int
	Changes        []objectChange
	Heads          []string
	Bad            [][]page.BadCell
	BadN           int // of all bad rows; so many are shown that a page can bear
	Left           string
	Data, Sum      string
}

// objectChange is a row that changes an object that is there.
type objectChange struct{ N, Name, Address, Fields string }

// mostBad is how many bad rows, and how many changes, the page shows.
const mostBad = 200

func ObjectsImportPage(a *page.Ask) error {
	f, err := keeps(a)
	if err != nil {
		return err
	}
	return a.Draw(http.StatusOK, "objectsimport", objectsImport(a, f))
}

func objectsImport(a *page.Ask, f *procedure.Form) objectsImportView {
	return objectsImportView{Base: a.Base(a.T("registry.import", "kind", a.L(f.Title)), "registry"), Kind: f.Kind, KindName: a.L(f.Title), MaxMB: sheet.MaxFile >> 20}
}

// TryObjects tries the sheet that was sent, and keeps nothing of it: the page that answers carries it on.
func TryObjects(a *page.Ask) error {
	f, err := keeps(a)
	if err != nil {
		return err
	}
	if err := a.Parse(); err != nil {
		return err
	}
	v := objectsImport(a, f)
	if a.Request.MultipartForm == nil || len(a.Request.MultipartForm.File["file"]) == 0 {
		v.Fault = a.T("import.no-file")
		return a.Draw(http.StatusUnprocessableEntity, "objectsimport", v)
	}
	data, err := page.Content(a.Request.MultipartForm.File["file"][0])
	if err != nil {
		return err
	}
	status, _, err := triedObjects(a, &v, f, data)
	if err != nil {
		return err
	}
	return a.Draw(status, "objectsimport", v)
}

// triedObjects puts what is wrong with the sheet, or what it would bring, on the page.
func triedObjects(a *page.Ask, v *objectsImportView, f *procedure.Form, data []byte) (int, []registry.Trial, error) {
	layout := sheet.NewObjects(f)
	s, err := layout.Read(data)
	if x := refusal.As(err); x != nil {
		v.Fault = strings.Join(page.Texts(a.Faults(x, nil)), " ")
		return http.StatusUnprocessableEntity, nil, nil
	}
	if err != nil {
		return 0, nil, err
	}
	entries := make([]registry.Entry, len(s.Rows))
	for i, row := range s.Rows {
		entries[i] = registry.Entry{Values: row.Values, Reason: a.T("registry.imported")}
	}
	trials, err := a.Site.Options.Registry.Try(a.ID(), f.Kind, entries)
	if err != nil {
		return 0, nil, err
	}
	v.Tried, v.Rows, v.Left = true, len(trials), strings.Join(s.Left, a.T("list.comma"))
	sum := sha256.Sum256(data)
	v.Data, v.Sum = base64.StdEncoding.EncodeToString(data), hex.EncodeToString(sum[:])
	var bad []int
	for i := range trials {
		t := &trials[i]
		t.Faults = append(s.Rows[i].Faults, t.Faults...)
		switch {
		case len(t.Faults) > 0:
			bad = append(bad, i)
		case t.Same:
			v.Same++
		case t.Was == nil:
			v.New++
		default:
			v.Changes = append(v.Changes, objectChange{N: strconv.Itoa(s.Rows[i].N), Name: t.Was.Name(), Address: objectAt(t.Was), Fields: differ(a, f, t.Was.Now(), t.Values)})
		}
	}
	v.BadN = len(bad)
	badObjects(a, v, layout, f, s, trials, bad[:min(len(bad), mostBad)])
	if len(bad) > 0 {
		return http.StatusUnprocessableEntity, trials, nil
	}
	return http.StatusOK, trials, nil
}

// differ names the fields in which two states differ.
func differ(a *page.Ask, f *procedure.Form, was, now procedure.Values) string {
	var out []string
	for _, x := range FieldsIn(f) {
		if x.Type != procedure.Table && was[x.ID].String() != now[x.ID].String() {
			out = append(out, a.L(x.Title))
		}
	}
	return strings.Join(out, a.T("list.comma"))
}

// badObjects are the bad rows with the columns that something is wrong in, each fault in its cell.
func badObjects(a *page.Ask, v *objectsImportView, layout *sheet.Objects, f *procedure.Form, s *sheet.ObjectSheet, trials []registry.Trial, bad []int) {
	wrong := map[string]bool{string(registry.Name): true}
	for _, i := range bad {
		for _, x := range trials[i].Faults {
			wrong[x.Path] = true
		}
	}
	var columns []*procedure.Field
	for _, x := range FieldsIn(f) {
		if wrong[string(x.ID)] {
			columns = append(columns, x)
			v.Heads = append(v.Heads, a.L(x.Title))
		}
	}
	for _, i := range bad {
		row := []page.BadCell{{Text: a.T("import.row-n", "n", s.Rows[i].N)}}
		flaws := layout.Flaws(a.Language, trials[i].Faults)
		for _, x := range columns {
			cell := page.BadCell{Title: a.L(x.Title), Text: valueOf(a, x, s.Rows[i].Values[x.ID])}
			for _, flaw := range flaws {
				if flaw.Path == string(x.ID) {
					cell.Faults = append(cell.Faults, flaw.Text)
				}
			}
			row = append(row, cell)
		}
		for _, flaw := range flaws {
			if !slices.ContainsFunc(columns, func(x *procedure.Field) bool { return string(x.ID) == flaw.Path }) {
				row[0].Faults = append(row[0].Faults, flaw.Text)
			}
		}
		v.Bad = append(v.Bad, row)
	}
}

// TakeObjects takes the sheet that the page carried: all of it, or what is right where that was chosen. It is tried again
// first; when it would bring another thing than was seen, nothing is taken and it is shown anew.
func TakeObjects(a *page.Ask) error {
	f, err := keeps(a)
	if err != nil {
		return err
	}
	if err := a.Parse(); err != nil {
		return err
	}
	v := objectsImport(a, f)
	data, err := base64.StdEncoding.DecodeString(a.PostForm("data"))
	sum := sha256.Sum256(data)
	if err != nil || hex.EncodeToString(sum[:]) != a.PostForm("sum") {
		v.Fault = a.T("import.lost")
		return a.Draw(http.StatusUnprocessableEntity, "objectsimport", v)
	}
	status, trials, err := triedObjects(a, &v, f, data)
	if err != nil {
		return err
	}
	seen := a.PostForm("new") == strconv.Itoa(v.New) && a.PostForm("changes") == strconv.Itoa(len(v.Changes))
	if done := v.BadN == 0 && v.New+len(v.Changes) == 0; trials != nil && done { // a second press
		a.Say("registry.took", "new", 0, "changed", 0)
		return a.See("/registry/" + f.Kind)
	}
	if trials == nil || v.BadN > 0 && a.PostForm("which") != "good" || !seen {
		v.Changed = trials != nil && !seen
		return a.Draw(max(status, http.StatusUnprocessableEntity), "objectsimport", v)
	}
	added, changed, err := a.Site.Options.Registry.Take(a.Request.Context(), a.ID(), f.Kind, trials)
	if e := refusal.As(err); e != nil && e.Code == refusal.CaseMovedOn {
		v.Changed = true
		return a.Draw(http.StatusConflict, "objectsimport", v)
	}
	if err != nil {
		return err
	}
	a.Say("registry.took", "new", added, "changed", changed)
	return a.See("/registry/" + f.Kind)
}
