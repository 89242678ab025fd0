package engine_test

import (
	"fmt"
	"io"
	"testing"

	"dossier/engine/desk"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/rules"
	"dossier/seeds/scenario"
)

// The segments of a clock tell where its days went: what counts before, while and after it stands still.
func TestSegments(t *testing.T) {
	for _, tt := range []struct {
		file  string
		clock procedure.ClockID
		want  []string
	}{
		{"labour-suspension", "investigation", []string{
			"计算 2026-07-07–2026-07-20 10 劳动保障监察立案审批表", "中止 2026-07-21–2026-08-03 停10 中止调查审批表", "恢复 2026-08-04–2026-09-21 36 恢复调查审批表",
			"中止 2026-09-22–2026-10-12 停10 中止调查审批表", "恢复 2026-10-13–2026-10-30 14 恢复调查审批表"}},
		{"labour-suspension", "penalty-warning", []string{"计算 2026-07-07–2026-10-08 90 劳动保障监察立案审批表"}},
		{"labour-hearing-court", "demand-by", []string{"倒推 2026-09-30–2026-10-19 10 送达回证"}},
	} {
		t.Run(tt.file+"/"+string(tt.clock), func(t *testing.T) {
			s := newStage(t, brought)
			s.play(t, "../testdata/"+tt.file+".yaml")
			x, err := desk.Explain(s.Engine, office.System, 1, tt.clock)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			sum := 0
			for _, g := range x.Segments {
				line := fmt.Sprintf("%s %s–%s ", g.Title.ZH, g.From, g.To)
				if g.Still {
					line += fmt.Sprint("停", g.Stopped)
				} else {
					line += fmt.Sprint(g.Counted)
				}
				for _, p := range g.Papers {
					line += " " + p.Title.ZH
				}
				sum += g.Counted
				got = append(got, line)
			}
			if fmt.Sprint(got) != fmt.Sprint(tt.want) {
				t.Errorf("got %q\nwant %q", got, tt.want)
			}
			if total := x.Run.Period.N; sum != total {
				t.Errorf("the segments count %d of %d", sum, total)
			}
		})
	}
}

// A clock that is suspended on the day on which it begins has no day to tell yet.
func TestSuspendedAtOnce(t *testing.T) {
	s := newStage(t, brought)
	sc := read(t, "../testdata/labour-suspension.yaml")
	filed := sc.Steps[3].Date
	var steps []scenario.Step
	for _, i := range []int{0, 1, 2, 3, 4, 6} { // filed, suspension asked for and approved
		st := sc.Steps[i]
		st.Expect = scenario.Expect{}
		if i > 3 {
			st.Date, st.Fact = filed, filed
		}
		steps = append(steps, st)
	}
	sc.Steps = steps
	if err := scenario.Play(t.Context(), sc, &scenario.Stage{Engine: s.Engine, At: s.now}, io.Discard); err != nil {
		t.Fatal(err)
	}
	x, err := desk.Explain(s.Engine, office.System, 1, "investigation")
	if err != nil || len(x.Segments) != 0 || x.State != rules.SuspendedClock {
		t.Errorf("%+v, %v", x, err)
	}
	if _, err := desk.DeadlinePDF(s.Engine, office.System, 1, "investigation"); err != nil {
		t.Error(err)
	}
}
