package web

import (
	"net/http"
	"slices"
	"strings"

	"dossier/engine/decide"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
	"dossier/web/page"
)

// right is what an address asks of whoever is signed in. What an address names may be refused beyond that, by the engine.
type right string

const (
	staff   right = "staff"  // nothing more
	ofCase  right = "case"   // to see the case, which the engine tells
	takers  right = "takers" // to put cases begun on paper of some procedure where they stand
	leads   right = "leads"  // a post that leads
	manages right = "admin"  // the administrator's post
)

// route is one of the program's addresses, with who may come to it and what answers.
type route struct {
	method, path string
	may          right
	do           page.Handler
}

// entitled tells whether somebody has the right; of the rights that a case decides, whether there are cases in which they may have it.
func entitled(a *page.Ask, who *office.Person, r right) bool {
	holds := func(post procedure.Actor) bool {
		return who.Holds(post, a.Today) || len(a.Office.Lent(who.ID, post, a.Today)) > 0
	}
	of := func(posts func(d *procedure.Definition) []procedure.Actor) bool {
		return slices.ContainsFunc(a.Site.Engine.Workflows(), func(ed *procedure.Edition) bool { return slices.ContainsFunc(posts(ed.Def), holds) })
	}
	switch r {
	case ofCase:
		return of((*procedure.Definition).Actors)
	case takers:
		return of(func(d *procedure.Definition) []procedure.Actor { return d.Line[min(1, len(d.Line)):] })
	case leads:
		return a.Office.Leads(who, procedure.LeadsSection, a.Today)
	case manages:
		return who.Holds(office.Admin, a.Today)
	}
	return true
}

// may refuses whoever has not the right; who may see a case the engine tells when it is asked for the case.
func may(a *page.Ask, r right) error {
	if r == ofCase || entitled(a, a.Who, r) {
		return nil
	}
	return &refusal.Error{Code: refusal.Forbidden, Args: refusal.Args{"who": a.Who.Name}}
}

// accessView tells the administrator who may come to which page, and in the cases of one procedure who may do what and fills
// what.
type accessView struct {
	page.Base
	Posts     []string
	Pages     []accessRow
	Workflows []page.Option
	Actions   []accessRow
}

type accessRow struct {
	Title, Sub string
	Gate       bool
	Marks      []bool   // a post
	Roles      string   // of the case
	Fields     []string // that are filled
	Secret     []string // of these, known only to who has a role in the case
}

// accessPage is drawn from the table of addresses and from the procedure, as both are asked.
func accessPage(a *page.Ask) error {
	v := accessView{Base: a.Base(a.T("access.title"), "admin")}
	v.Wide = true
	posts := a.Office.Posts()
	for _, p := range posts {
		v.Posts = append(v.Posts, a.L(p.Title))
	}
	places := map[right]int{}
	for _, x := range routes {
		i, ok := places[x.may]
		if !ok {
			i = len(v.Pages)
			places[x.may] = i
			row := accessRow{Title: a.T("access." + string(x.may))}
			for _, p := range posts {
				row.Marks = append(row.Marks, entitled(a, &office.Person{Posts: []office.Held{{Post: p.ID}}}, x.may))
			}
			v.Pages = append(v.Pages, row)
		}
		v.Pages[i].Fields = append(v.Pages[i].Fields, x.method+" "+x.path)
	}
	eds := a.Site.Engine.Workflows()
	chosen := eds[0]
	for _, ed := range eds {
		if string(ed.Def.ID) == a.Query("workflow") {
			chosen = ed
		}
	}
	for _, ed := range eds {
		v.Workflows = append(v.Workflows, page.Option{Value: string(ed.Def.ID), Label: a.L(ed.Def.Title), On: ed == chosen})
	}
	a.Of(chosen)
	v.Words = a.Words
	for _, x := range decide.Access(chosen, a.Office, a.Today) {
		row := accessRow{Title: a.ActionTitle(chosen.Def, x.Action), Sub: string(x.Action), Gate: x.Gate}
		var roles []string
		for _, by := range x.By {
			if a.Office.Post(by) == nil {
				roles = append(roles, a.Post(by))
			}
		}
		row.Roles = strings.Join(roles, a.T("list.comma"))
		for _, p := range posts {
			row.Marks = append(row.Marks, slices.Contains(x.By, p.ID))
		}
		for _, part := range x.Parts {
			for _, f := range part.Asked {
				row.Fields = append(row.Fields, a.L(f.Title))
			}
			for _, f := range part.Secret {
				row.Secret = append(row.Secret, a.L(f.Title))
			}
		}
		v.Actions = append(v.Actions, row)
	}
	return a.Draw(http.StatusOK, "access", v)
}
