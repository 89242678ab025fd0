package casefile

import (
	"dossier/engine/procedure"
)

// Party is the name of the case's party.
func Party(d *procedure.Definition, c *Case) string { return c.Shared[d.Terms.Party].Text }

// Parties are the names of the parties: the rows of the case's table of parties, or the party itself.
func Parties(d *procedure.Definition, c *Case) []string {
	var names []string
	for _, r := range c.Shared[d.Terms.Parties.Table].Rows {
		if n := r[d.Terms.Parties.Column]; n != "" {
			names = append(names, n)
		}
	}
	if len(names) == 0 {
		names = []string{Party(d, c)}
	}
	return names
}

// Claims are how many people claim something in the case, and what is still owed to them, in fen.
func Claims(d *procedure.Definition, c *Case) (people int, left int64) {
	rows := c.Shared[d.Terms.Claims.Owed.Table].Rows
	for _, r := range rows {
		left += procedure.Fen(procedure.TextValue(r[d.Terms.Claims.Owed.Column])) - procedure.Fen(procedure.TextValue(r[d.Terms.Claims.Paid.Column]))
	}
	return len(rows), max(0, left)
}
