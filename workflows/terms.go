package workflows

import (
	"fmt"
	"strings"

	"dossier/engine/grammar"
	"dossier/engine/procedure"
	"dossier/engine/strictyaml"
)

// terms reads what the procedure calls the party, the people and the sums of a case.
func (r *reader) terms(n *strictyaml.Node) procedure.Terms {
	var t procedure.Terms
	if n == nil || !r.Keys(n, "party", "parties", "cause", "officers", "in-charge", "claims", "severity") {
		return t
	}
	r.Require(n, "party")
	t.Party = procedure.FieldID(r.String(n.Get("party")))
	t.Parties = r.column(n.Get("parties"))
	t.Cause = procedure.FieldID(r.String(n.Get("cause")))
	t.Officers = procedure.Actor(r.String(n.Get("officers")))
	t.InCharge = procedure.Actor(r.String(n.Get("in-charge")))
	if c := n.Get("claims"); c != nil && r.Keys(c, "owed", "paid") {
		r.Require(c, "owed")
		t.Claims = procedure.Claims{Owed: r.column(c.Get("owed")), Paid: r.column(c.Get("paid"))}
	}
	if s := n.Get("severity"); s != nil && r.Keys(s, "kinds", "sums", "shares", "once", "major") {
		t.Severity = procedure.Severity{
			Kinds:  grammar.Ids[procedure.FieldID](r.Reader, s.Get("kinds")),
			Sums:   grammar.Ids[procedure.FieldID](r.Reader, s.Get("sums")),
			Shares: r.column(s.Get("shares")),
			Once:   grammar.Ids[procedure.FieldID](r.Reader, s.Get("once")),
		}
		for _, item := range r.List(s.Get("major")) {
			t.Severity.Major = append(t.Severity.Major, r.grave(item))
		}
	}
	return t
}

// column reads TABLE.column.
func (r *reader) column(n *strictyaml.Node) procedure.Column {
	if n == nil {
		return procedure.Column{}
	}
	s := r.String(n)
	table, column, ok := strings.Cut(s, ".")
	if !ok || table == "" || column == "" {
		if s != "" {
			r.Fault(n, fmt.Sprintf("%q is no column of a table", s), "write TABLE.column, as workers.owed")
		}
		return procedure.Column{}
	}
	return procedure.Column{Table: procedure.FieldID(table), Column: procedure.FieldID(column)}
}

// grave reads {when: TEST} or {when: TEST, sum: FIELD, from: setting/NAME}.
func (r *reader) grave(n *strictyaml.Node) procedure.Grave {
	var g procedure.Grave
	if !r.Keys(n, "when", "sum", "from") {
		return g
	}
	r.Require(n, "when")
	g.When = r.Test(n.Get("when"))
	if g.When != nil && g.When.Is != nil {
		r.Fault(n.Get("when"), "a guard can't stand here", "a proposal is major by its own fields: {FIELD: VALUE}")
	}
	g.Sum = procedure.FieldID(r.String(n.Get("sum")))
	setting, ok := strings.CutPrefix(r.String(n.Get("from")), "setting/")
	switch from := n.Get("from"); {
	case (from == nil) != (g.Sum == ""):
		r.Fault(n, "sum and from belong together", "write {when: TEST, sum: FIELD, from: setting/NAME}: from that sum on")
	case from != nil && !ok:
		r.Fault(from, fmt.Sprintf("no setting %q", from.Text), "write setting/NAME")
	}
	g.Setting = setting
	return g
}

// supervision reads the order's form, with its fields.
func (r *reader) supervision(n *strictyaml.Node) *procedure.Supervision {
	if n == nil || !r.Keys(n, "form", "day", "reason", "issued") {
		return nil
	}
	r.Require(n, "form", "day", "reason")
	s := &procedure.Supervision{
		Form:   procedure.FormID(r.String(n.Get("form"))),
		Day:    procedure.FieldID(r.String(n.Get("day"))),
		Reason: procedure.FieldID(r.String(n.Get("reason"))),
	}
	if issued := n.Get("issued"); issued != nil {
		s.Unissued = !r.Bool(issued)
	}
	return s
}
