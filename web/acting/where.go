package acting

import (
	"net/url"
	"strconv"

	"dossier/engine/register"
	"dossier/web/cases"
)

// whereAt is where the matter of a case is routed, from the form of an action that sends it on; "" from another.
func (a *act) whereAt() string {
	if a.List == nil || a.view == nil {
		return ""
	}
	for _, l := range []register.Letter{a.List.Routing.Department, a.List.Routing.Section} {
		if l.Workflow == a.edition.Def.ID && l.Action == a.action {
			return "/register/where?" + url.Values{"case": {strconv.FormatInt(int64(a.view.Case.ID), 10)}, "matter": {cases.CaseCause(a.Ask, a.view)}}.Encode()
		}
	}
	return ""
}
