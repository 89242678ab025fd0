package main

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"dossier/documents/sheet"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
	"dossier/engine/registry"
	"dossier/engine/text"
)

// kind is the form of a kind of the registry; others are what else the command knows.
func (h *house) kind(name string, others []string) (*procedure.Form, error) {
	r := h.registry()
	f, err := r.Form(name)
	if err == nil {
		return f, nil
	}
	slices.Sort(others)
	for _, f := range r.Kinds() {
		others = append(others, f.Kind)
	}
	return nil, unreadable("sheet-kind", "where", name, "known", others)
}

// exportObjects is a sheet of the kind's objects that are supervised today.
func (h *house) exportObjects(f *procedure.Form) ([]byte, error) {
	today := h.Today()
	os, err := h.registry().Supervised([]string{f.Kind}, today)
	if err != nil {
		return nil, err
	}
	values := make([]procedure.Values, len(os))
	for i, o := range os {
		values[i] = o.On(today)
	}
	return sheet.NewObjects(f).Write(values)
}

// takenJSON is what an import of objects did, or would do.
type takenJSON struct {
	Rows    int          `json:"rows"`
	New     int          `json:"new"`
	Changed int          `json:"changed"`
	Same    int          `json:"same"`
	Bad     int          `json:"bad"`
	DryRun  bool         `json:"dryRun"`
	Flaws   []fieldError `json:"flaws"`
	Left    []string     `json:"unread,omitempty"`
}

// importObjects enters the objects of a sheet: all of them, or with --skip-bad those that are right, or none.
func importObjects(ctx context.Context, p *process, h *house, a arguments, f *procedure.Form, file string) error {
	who, err := h.person(a)
	if err != nil {
		return err
	}
	if who == "" {
		return invalid("as", "required", "option-missing", "where", "--as", "do", "写 --as 和登记人的用户名")
	}
	data, err := readSheet(p.path(file))
	if err != nil {
		return err
	}
	layout := sheet.NewObjects(f)
	s, err := layout.Read(data)
	if x := refusal.As(err); x != nil {
		return invalidTold("file", file, x.Fields[0].Why, x.SayField(text.ZH, x.Fields[0]))
	}
	if err != nil {
		return err
	}
	r := h.registry()
	entries := make([]registry.Entry, len(s.Rows))
	for i, row := range s.Rows {
		entries[i] = registry.Entry{Values: row.Values, Reason: "导入表格更新"}
	}
	trials, err := r.Try(who, f.Kind, entries)
	if err != nil {
		return err
	}
	done := takenJSON{Rows: len(trials), DryRun: a.has("dry-run"), Flaws: []fieldError{}, Left: s.Left}
	for i := range trials {
		t := &trials[i]
		t.Faults = append(s.Rows[i].Faults, t.Faults...)
		for _, flaw := range layout.Flaws(text.ZH, t.Faults) {
			done.Flaws = append(done.Flaws, fieldError{Path: fmt.Sprintf("行%d.%s", s.Rows[i].N, flaw.Place), Code: "field-invalid", Message: flaw.Text})
			if !a.has("json") {
				fmt.Fprintf(p.out, "行%d「%s」　%s\n", s.Rows[i].N, flaw.Place, flaw.Text)
			}
		}
		switch {
		case len(t.Faults) > 0:
			done.Bad++
		case t.Same:
			done.Same++
		case t.Was != nil:
			done.Changed++
		default:
			done.New++
		}
	}
	if !a.has("json") {
		if len(s.Left) > 0 {
			fmt.Fprintf(p.out, "没有读入的列：%s\n", strings.Join(s.Left, "、"))
		}
		fmt.Fprintf(p.out, "共%d行，新登记%d，更新%d，相同%d，有误%d\n", done.Rows, done.New, done.Changed, done.Same, done.Bad)
	}
	if done.Bad > 0 && !a.has("skip-bad") {
		return &usageError{Code: "field-invalid", Fields: done.Flaws,
			Message: said("rows-bad", "all", done.Rows, "bad", done.Bad, "where", file)}
	}
	if !done.DryRun {
		if _, _, err := r.Take(ctx, who, f.Kind, trials); err != nil {
			return err
		}
	}
	if a.has("json") {
		return json.NewEncoder(p.out).Encode(done)
	}
	if done.DryRun {
		fmt.Fprintln(p.out, "只作核对，没有导入；去掉 --dry-run 导入")
	}
	return nil
}
