package web

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
)

// objectsImportView is the page on which a sheet of objects is chosen, tried, and taken.
type objectsImportView struct {
	base
	Kind, KindName string
	Fault          string // of the file
	MaxMB          int
	Tried, Changed bool
	Rows           int
	New, Same      int
	Changes        []objectChange
	Heads          []string
	Bad            [][]badCell
	BadN           int // of all bad rows; so many are shown that a page can bear
	Left           string
	Data, Sum      string
}

// objectChange is a row that changes an object that is there.
type objectChange struct{ N, Name, Address, Fields string }

// mostBad is how many bad rows, and how many changes, the page shows.
const mostBad = 200

func objectsImportPage(a *ask) error {
	f, err := a.keeps()
	if err != nil {
		return err
	}
	return a.draw(http.StatusOK, "objectsimport", a.objectsImport(f))
}

func (a *ask) objectsImport(f *procedure.Form) objectsImportView {
	return objectsImportView{base: a.base(a.T("registry.import", "kind", a.L(f.Title)), "registry"), Kind: f.Kind, KindName: a.L(f.Title), MaxMB: sheet.MaxFile >> 20}
}

// tryObjects tries the sheet that was sent, and keeps nothing of it: the page that answers carries it on.
func tryObjects(a *ask) error {
	f, err := a.keeps()
	if err != nil {
		return err
	}
	if err := a.parse(); err != nil {
		return err
	}
	v := a.objectsImport(f)
	if a.Request.MultipartForm == nil || len(a.Request.MultipartForm.File["file"]) == 0 {
		v.Fault = a.T("import.no-file")
		return a.draw(http.StatusUnprocessableEntity, "objectsimport", v)
	}
	data, err := content(a.Request.MultipartForm.File["file"][0])
	if err != nil {
		return err
	}
	status, _, err := a.triedObjects(&v, f, data)
	if err != nil {
		return err
	}
	return a.draw(status, "objectsimport", v)
}

// triedObjects puts what is wrong with the sheet, or what it would bring, on the page.
func (a *ask) triedObjects(v *objectsImportView, f *procedure.Form, data []byte) (int, []registry.Trial, error) {
	layout := sheet.NewObjects(f)
	s, err := layout.Read(data)
	if x := refusal.As(err); x != nil {
		v.Fault = strings.Join(texts(a.faults(x, nil)), " ")
		return http.StatusUnprocessableEntity, nil, nil
	}
	if err != nil {
		return 0, nil, err
	}
	entries := make([]registry.Entry, len(s.Rows))
	for i, row := range s.Rows {
		entries[i] = registry.Entry{Values: row.Values, Reason: a.T("registry.imported")}
	}
	trials, err := a.s.opt.Registry.Try(a.id(), f.Kind, entries)
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
			v.Changes = append(v.Changes, objectChange{N: strconv.Itoa(s.Rows[i].N), Name: t.Was.Name(), Address: objectAt(t.Was), Fields: a.differ(f, t.Was.Now(), t.Values)})
		}
	}
	v.BadN = len(bad)
	a.badObjects(v, layout, f, s, trials, bad[:min(len(bad), mostBad)])
	if len(bad) > 0 {
		return http.StatusUnprocessableEntity, trials, nil
	}
	return http.StatusOK, trials, nil
}

// differ names the fields in which two states differ.
func (a *ask) differ(f *procedure.Form, was, now procedure.Values) string {
	var out []string
	for _, x := range fieldsIn(f) {
		if x.Type != procedure.Table && was[x.ID].String() != now[x.ID].String() {
			out = append(out, a.L(x.Title))
		}
	}
	return strings.Join(out, a.T("list.comma"))
}

// badObjects are the bad rows with the columns that something is wrong in, each fault in its cell.
func (a *ask) badObjects(v *objectsImportView, layout *sheet.Objects, f *procedure.Form, s *sheet.ObjectSheet, trials []registry.Trial, bad []int) {
	wrong := map[string]bool{string(registry.Name): true}
	for _, i := range bad {
		for _, x := range trials[i].Faults {
			wrong[x.Path] = true
		}
	}
	var columns []*procedure.Field
	for _, x := range fieldsIn(f) {
		if wrong[string(x.ID)] {
			columns = append(columns, x)
			v.Heads = append(v.Heads, a.L(x.Title))
		}
	}
	for _, i := range bad {
		row := []badCell{{Text: a.T("import.row-n", "n", s.Rows[i].N)}}
		flaws := layout.Flaws(a.lang, trials[i].Faults)
		for _, x := range columns {
			cell := badCell{Title: a.L(x.Title), Text: a.valueOf(x, s.Rows[i].Values[x.ID])}
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

// takeObjects takes the sheet that the page carried: all of it, or what is right where that was chosen. It is tried again
// first; when it would bring another thing than was seen, nothing is taken and it is shown anew.
func takeObjects(a *ask) error {
	f, err := a.keeps()
	if err != nil {
		return err
	}
	if err := a.parse(); err != nil {
		return err
	}
	v := a.objectsImport(f)
	data, err := base64.StdEncoding.DecodeString(a.PostForm("data"))
	sum := sha256.Sum256(data)
	if err != nil || hex.EncodeToString(sum[:]) != a.PostForm("sum") {
		v.Fault = a.T("import.lost")
		return a.draw(http.StatusUnprocessableEntity, "objectsimport", v)
	}
	status, trials, err := a.triedObjects(&v, f, data)
	if err != nil {
		return err
	}
	seen := a.PostForm("new") == strconv.Itoa(v.New) && a.PostForm("changes") == strconv.Itoa(len(v.Changes))
	if done := v.BadN == 0 && v.New+len(v.Changes) == 0; trials != nil && done { // a second press
		a.say("registry.took", "new", 0, "changed", 0)
		return a.see("/registry/" + f.Kind)
	}
	if trials == nil || v.BadN > 0 && a.PostForm("which") != "good" || !seen {
		v.Changed = trials != nil && !seen
		return a.draw(max(status, http.StatusUnprocessableEntity), "objectsimport", v)
	}
	added, changed, err := a.s.opt.Registry.Take(a.Request.Context(), a.id(), f.Kind, trials)
	if e := refusal.As(err); e != nil && e.Code == refusal.CaseMovedOn {
		v.Changed = true
		return a.draw(http.StatusConflict, "objectsimport", v)
	}
	if err != nil {
		return err
	}
	a.say("registry.took", "new", added, "changed", changed)
	return a.see("/registry/" + f.Kind)
}
