package seeds

import (
	"strings"
	"testing"

	"dossier/engine/procedure"
	"dossier/engine/text"
)

// Every row names posts that an office has, a clause of the list, and a regime that the setting can switch on.
func TestQuotas(t *testing.T) {
	groups := map[string]bool{"medical": true}
	for _, g := range strings.Split(Settings()["regimes"][0].Value, "、") {
		groups[g] = true
	}
	for _, q := range Quotas().All() {
		r := q.Regime()
		if !groups[r.Group] {
			t.Errorf("%s: the setting regimes doesn't know %q", q.Name(), r.Group)
		}
		for _, p := range append([]procedure.Actor{r.Staff}, r.Plans...) {
			if procedure.FindPost(Posts(), p) == nil {
				t.Errorf("%s: no office has the post %q", q.Name(), p)
			}
		}
		for _, law := range append([]string{r.Law}, q.Law...) {
			ref, ok := strings.CutPrefix(law, "list/")
			if !ok || !strings.HasPrefix(ref, "四(") || text.Cite(text.List, ref, text.ZH) == "" {
				t.Errorf("%s: %q is no clause of the list's part 四", q.Name(), law)
			}
		}
		if q.Title.EN == "" || q.Whom.EN == "" {
			t.Errorf("%s has no English", q.Name())
		}
		if q.Share == 0 && len(r.Of) > 0 && q.Objects == 0 && r.Name != "fund" {
			t.Errorf("%s has a population and asks nothing of it", q.Name())
		}
	}
	if n := len(Quotas().All()); n != 29 {
		t.Errorf("%d rows", n)
	}
}
