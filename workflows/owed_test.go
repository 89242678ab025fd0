package workflows_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dossier/engine/procedure"
)

// What each file owes, clause by clause: the thing, the place where it is owed, and the actions that make it. The table
// stands in testdata/owed.txt beside the list; -update writes it.
func TestOwed(t *testing.T) {
	var b strings.Builder
	forms, editions := theOffice(t)
	for _, ed := range editions {
		d := ed.Definition
		fmt.Fprintf(&b, "# %s %s\n", d.ID, d.Title.ZH)
		for _, o := range d.AllOwed() {
			var what, by, cites []string
			for _, it := range o.Items() {
				what = append(what, title(forms, d, it))
			}
			d.Each(func(_ *procedure.Walk, _ *procedure.State, a *procedure.Action) {
				if slices.ContainsFunc(o.Items(), a.Makes) && !slices.Contains(by, string(a.ID)) {
					by = append(by, string(a.ID))
				}
			})
			for _, c := range o.Law.Cites {
				cites = append(cites, c.String())
			}
			where := "全案"
			if o.State != "" {
				where = d.Walk(o.Walk).State(o.State).Title.ZH
			}
			when := ""
			if o.When != nil {
				when = " 附条件"
			}
			if o.Gate != "" {
				when += " 拦" + string(o.Gate)
			}
			fmt.Fprintf(&b, "%s → %s → %s%s（%s）\n", strings.Join(cites, " "), strings.Join(what, " 或者 "), where, when, strings.Join(by, " "))
		}
	}
	const file = "../testdata/owed.txt"
	if *update {
		if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(string(slurp(t, file)), b.String()); diff != "" {
		t.Errorf("what the files owe is not what the table says (-update writes it):\n%s", diff)
	}
}

func title(forms map[procedure.FormID]*procedure.Form, d *procedure.Definition, it procedure.Item) string {
	if it.Form != "" {
		return string(it.Form) + "《" + forms[it.Form].Title.ZH + "》"
	}
	return d.Fact(it.Fact).Title.ZH
}
