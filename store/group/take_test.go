package group

import (
	"fmt"
	"strings"
	"testing"

	"dossier/engine/casefile"
	"dossier/engine/ledger"
)

// change is a change by what it touches: "c1" a case, "n1" a counter, "r1" a record, "?r1" a record that it rests on, "!" all that there is.
func change(text string) ledger.Commit {
	var c ledger.Commit
	for _, w := range strings.Split(text, "+") {
		switch {
		case w == "!":
			c.Upto = &ledger.Mark{}
		case w[0] == '?':
			c.Checks = append(c.Checks, ledger.Check{Kind: "k", ID: w[1:]})
		case w[0] == 'c':
			c.Cases = append(c.Cases, ledger.CaseWrite{ID: casefile.CaseID(w[1])})
		case w[0] == 'n':
			c.Counters = append(c.Counters, ledger.CounterWrite{Name: w})
		case w[0] == 'r':
			c.Records = append(c.Records, ledger.RecordWrite{Kind: "k", ID: w})
		}
	}
	return c
}

// What two who write take of those that wait: what meets what is being written stays, and so does what came after it and meets it.
func TestTake(t *testing.T) {
	many := strings.Fields("ca cb cc cd ce cf cg ch ci cj ck cl cm cn co cp")
	rest, all := strings.Join(many[8:], " "), strings.Join(many, " ")+" cq cr cs ct"
	for _, test := range []struct {
		waiting             string
		first, second, left string
	}{
		{"ca cb", "ca cb", "", ""},
		{strings.Join(many, " "), strings.Join(many[:8], " "), strings.Join(many[8:], " "), ""},
		{strings.Join(many[:15], " "), strings.Join(many[:8], " "), "", strings.Join(many[8:15], " ")}, // seven wait for the eight
		{"ca cb cc cd ce cf cg ch ca " + rest + " cb", "ca cb cc cd ce cf cg ch ca cb", rest, ""},      // a's second is a's first's
		{all + " ca+cp ca", all[:32], all[33:], "ca+cp ca"},                                            // what came last overtakes nothing that it meets,
		{"n1+ca n1+cb n1+cc n1+cd n1+ce n1+cf n1+cg n1+ch n1+ci " + rest[3:] + " cx", "n1+ca n1+cb n1+cc n1+cd n1+ce n1+cf n1+cg n1+ch n1+ci", rest[3:] + " cx", ""},
		{"r1+ca cb cc cd ce cf cg ch ?r1+cx " + rest, "r1+ca cb cc cd ce cf cg ch ?r1+cx", rest, ""},
		{"?r1+ca ?r1+cb ?r1+cc ?r1+cd ?r1+ce ?r1+cf ?r1+cg ?r1+ch " + rest[:len(rest)-2] + "?r1+cp", "?r1+ca ?r1+cb ?r1+cc ?r1+cd ?r1+ce ?r1+cf ?r1+cg ?r1+ch", rest[:len(rest)-2] + "?r1+cp", ""},
		{"! ca cb cc cd ce cf cg ch ci", "! ca cb cc cd ce cf cg ch ci", "", ""},
	} {
		q := idle(2, nil)
		for _, text := range strings.Fields(test.waiting) {
			q.waiting = append(q.waiting, NewChange(change(text)))
		}
		was := strings.Fields(test.waiting)
		names := map[*Change]string{}
		for i, c := range q.waiting {
			names[c] = was[i]
		}
		told := func(all []*Change) string {
			var s []string
			for _, c := range all {
				s = append(s, names[c])
			}
			return strings.Join(s, " ")
		}
		first, _ := q.take()
		second, _ := q.take()
		if got, want := fmt.Sprintf("%s | %s | %s", told(first), told(second), told(q.waiting)), fmt.Sprintf("%s | %s | %s", test.first, test.second, test.left); got != want {
			t.Errorf("%s:\n%s\nwant\n%s", test.waiting, got, want)
		}
	}
}
