package desks

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"dossier/engine/casefile"
	"dossier/engine/desk"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
	"dossier/web/page"
)

// togetherView is matters of one kind that may be approved with one opinion.
type togetherView struct {
	Title, Button string
	Action        procedure.ActionID
	Walk          procedure.WalkID // as the form sends it
	Key           string
	Opinion       page.FieldView
	Rows          []matterView
}

// kind is what matters that are approved together share; "" stands alone. A paper that tells of penalties is never one of
// several: each is weighed by itself.
func kind(view *desk.CaseView, gate desk.Available, m *matterView) string {
	if gate.Decision != procedure.Approve || m.Asks || m.Opinion == nil || len(m.Missing) > 0 || len(gate.Forms) == 0 {
		return ""
	}
	for _, f := range gate.Forms {
		if form := view.Edition.Forms[f.Form]; form == nil || penal(form) {
			return ""
		}
	}
	return strings.Join([]string{string(view.Edition.Def.ID), string(m.Walk), string(gate.Action), m.Opinion.Name}, "/")
}

// penal tells whether a form judges violations, or shows what they were judged to bring.
func penal(form *procedure.Form) bool {
	return slices.ContainsFunc(form.Parts, func(p procedure.Part) bool {
		return slices.ContainsFunc(p.Fields, func(f procedure.Field) bool {
			return f.Shows != nil && f.Shows.Tells != "" || slices.ContainsFunc(f.Columns, func(c procedure.Field) bool { return c.Type == procedure.Standard })
		})
	})
}

// together gathers what may be approved at once, in the order of the matters.
func together(ms []matterView) []togetherView {
	var all []togetherView
	at := map[string]int{}
	for _, m := range ms {
		if m.kind == "" {
			continue
		}
		i, there := at[m.kind]
		if !there {
			i = len(all)
			at[m.kind] = i
			g := m.Gates[slices.IndexFunc(m.Gates, func(g gateView) bool { return g.Approve })]
			all = append(all, togetherView{Title: m.Title, Button: g.Title, Action: g.action, Walk: m.Walk, Key: m.Key, Opinion: *m.Opinion})
			all[i].Opinion.ID = "together-" + strconv.Itoa(i)
		}
		all[i].Rows = append(all[i].Rows, m)
	}
	return slices.DeleteFunc(all, func(t togetherView) bool { return len(t.Rows) < 2 })
}

// ApproveTogether approves the matters that were picked, each as its own act with the one opinion. Those that are refused stay
// as they are and are named with what keeps them.
func ApproveTogether(a *page.Ask) error {
	if err := a.Parse(); err != nil {
		return err
	}
	typed := page.Decode(a.Request.PostForm)
	typed.Sent = page.SentHash(a.Request.PostForm, nil)
	picks := a.Request.PostForm["pick"]
	done := 0
	var left []string
	for _, pick := range picks[:min(len(picks), maxMatters)] {
		id, seq, _ := strings.Cut(pick, ":")
		n, err1 := strconv.ParseInt(id, 10, 64)
		s, err2 := strconv.ParseUint(seq, 10, 64)
		if err1 != nil || err2 != nil {
			return a.NotFound()
		}
		name, err := approveOne(a, casefile.CaseID(n), s, typed)
		switch e := refusal.As(err); {
		case err == nil:
			done++
		case e != nil && name != "":
			left = append(left, a.T("together.left", "case", name, "why", why(a, e)))
		default:
			return err
		}
	}
	if len(picks) == 0 {
		left = append(left, a.T("together.none"))
	}
	if len(left) == 0 {
		a.Say("together.done", "n", done)
		return a.See("/approvals")
	}
	v, err := approvals(a)
	if err != nil {
		return err
	}
	if done > 0 {
		left = append([]string{a.T("together.done", "n", done)}, left...)
	}
	v.Left = left
	for i := range v.Together {
		if f := &v.Together[i].Opinion; !typed.Values[procedure.FieldID(f.Field)].Empty() {
			f.Value = typed.Values[procedure.FieldID(f.Field)].Text
		}
	}
	return a.Draw(http.StatusUnprocessableEntity, "approvals", v)
}

// approveOne approves a matter that may be one of several; name is what the case is called, "" of none that the reader sees.
func approveOne(a *page.Ask, id casefile.CaseID, seq uint64, typed page.Typed) (name string, err error) {
	e := a.Site.Engine
	if err := e.Admit(a.ID(), id); err != nil {
		return "", err
	}
	row, err := e.RowOf(id)
	if err != nil {
		return "", err
	}
	name = strings.TrimSpace(row.Number + " " + row.Party)
	ms, err := matters(a, row)
	if err != nil {
		return name, err
	}
	action := procedure.ActionID(a.PostForm("action"))
	for _, m := range ms {
		if m.Walk != typed.Walk || m.kind == "" || !slices.ContainsFunc(m.Gates, func(g gateView) bool { return g.Approve && g.action == action }) {
			continue
		}
		field := procedure.FieldID(m.Opinion.Field)
		_, err := e.Do(a.Request.Context(), casefile.Command{Case: id, Action: action, Actor: a.ID(), Day: a.Today, Walk: m.Walk, Seq: seq,
			Values: procedure.Values{field: typed.Values[field]}, Key: typed.Key + "-" + strconv.FormatInt(int64(id), 10), Form: typed.Sent})
		return name, err
	}
	return name, refusal.New(refusal.CaseMovedOn, nil)
}

// why is what a refusal says, in one line.
func why(a *page.Ask, e *refusal.Error) string {
	var all []string
	for _, c := range e.Conditions {
		all = append(all, a.Condition(c).Text)
	}
	if all = append(all, page.Texts(a.Faults(e, nil))...); len(all) == 0 {
		all = append(all, a.Told(e.Code, e.Told()))
	}
	return strings.Join(all, " ")
}
