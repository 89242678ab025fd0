package demo

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"

	"dossier/engine/calendar"
	"dossier/engine/draw"
	"dossier/engine/office"
	"dossier/engine/plan"
	"dossier/engine/procedure"
	"dossier/engine/registry"
)

//go:embed registry.json
var objects []byte

// offset is a day of the county's objects, counted from today: "+24d".
var offset = regexp.MustCompile(`^([+-]\d+)d$`)

// Supervise registers whom the county supervises and lets it plan: a special check of the training institutions that was drawn,
// and a patrol that was chosen. The clock stands on today when it is called.
func Supervise(ctx context.Context, r *registry.Registry, b *plan.Book, today calendar.Date) error {
	var all []struct {
		Kind   string           `json:"kind"`
		Values procedure.Values `json:"values"`
	}
	if err := json.Unmarshal(objects, &all); err != nil {
		return fmt.Errorf("demo county: registry.json: %w", err)
	}
	kinds := map[string][]registry.Entry{}
	for _, o := range all {
		for _, id := range slices.Sorted(maps.Keys(o.Values)) {
			v := o.Values[id]
			if m := offset.FindStringSubmatch(v.Text); m != nil {
				n, err := strconv.Atoi(m[1])
				if err != nil {
					return err
				}
				o.Values[id] = procedure.TextValue(today.Add(n).String())
			}
		}
		kinds[o.Kind] = append(kinds[o.Kind], registry.Entry{Values: o.Values, From: today.Add(-400)})
	}
	for _, f := range r.Kinds() {
		who := keeper(r, f)
		if len(kinds[f.Kind]) == 0 || who == "" {
			continue
		}
		trials, err := r.Try(who, f.Kind, kinds[f.Kind])
		if err != nil {
			return err
		}
		for _, t := range trials {
			if len(t.Faults) > 0 {
				return fmt.Errorf("demo county: registry.json: %s %s: %+v", f.Kind, t.Values[registry.Name].Text, t.Faults)
			}
		}
		if _, _, err := r.Take(ctx, who, f.Kind, trials); err != nil {
			return err
		}
	}
	return plans(ctx, b, today)
}

// keeper is somebody who keeps the kind, "" when the county has nobody.
func keeper(r *registry.Registry, f *procedure.Form) office.PersonID {
	for _, p := range People() {
		if r.May(p.ID, f) {
			return p.ID
		}
	}
	return ""
}

// plans draws the county's special check and makes its checks, and those of a patrol.
func plans(ctx context.Context, b *plan.Book, today calendar.Date) error {
	who := office.PersonID("trainer")
	special, err1 := b.Find("training-special")
	patrol, err2 := b.Find("training-patrol")
	if err := errors.Join(err1, err2); err != nil {
		return err
	}
	sheet, err := b.Sheet(special, plan.Wanted{})
	if err != nil {
		return err
	}
	seed := draw.Seed{Day: today, Number: "0417"}
	if _, err := b.Draw(ctx, who, special, sheet, seed, "驻局纪检组现场报出"); err != nil {
		return err
	}
	matter := func(text string) procedure.Values { return procedure.Values{"matter": procedure.TextValue(text)} }
	if _, err := b.Make(ctx, who, special, plan.Making{Draw: 1, Day: today.Add(3), Values: matter("按照年度计划开展专项督查，核实办班的真实性和有效性。")}); err != nil {
		return err
	}
	units, err := b.Units(patrol.Quota.Regime().Of, today)
	if err != nil {
		return err
	}
	var ids []string
	for _, u := range units {
		if u.Until == 0 || u.Until >= today {
			ids = append(ids, u.ID)
		}
	}
	slices.Sort(ids)
	_, err = b.Make(ctx, who, patrol, plan.Making{Objects: ids[:2], Team: []office.PersonID{who, "trainer2"}, Day: today, Values: matter("日常巡查，核对考勤和教学日志。")})
	return err
}
