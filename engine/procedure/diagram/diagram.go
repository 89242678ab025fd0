// Package diagram draws a procedure: as a picture (SVG), as text for Mermaid and DOT, and whole as JSON. The same procedure
// gives the same bytes.
package diagram

import (
	"fmt"
	"slices"
	"strings"

	"dossier/engine/procedure"
)

// DiagramFormats are the ways in which [Diagram] draws a procedure.
var DiagramFormats = []string{"mermaid", "dot", "json", "svg"}

// Diagram draws a procedure: mermaid and dot as text for those programs, json as the whole definition, svg as a picture
// without script. The labels are Chinese, with the ids beside them. The same procedure gives the same bytes. An unknown
// format is an error.
func Diagram(d *procedure.Definition, format string) ([]byte, error) {
	switch format {
	case "mermaid":
		return mermaid(d), nil
	case "dot":
		return dot(d), nil
	case "json":
		return JSON(d)
	case "svg":
		return SVG(d, false), nil
	}
	return nil, fmt.Errorf("no drawing %q: choose %s", format, strings.Join(DiagramFormats, ", "))
}

// arrow is all actions of one walk that lead from one state to another; From "" is the begin of a case.
type arrow struct {
	From, To procedure.StateID
	Actions  []*procedure.Action
}

// arrows gives the arrows of a walk in file order, those of one pair of states together.
func arrows(w *procedure.Walk, open *procedure.Action) []arrow {
	var all []arrow
	add := func(from, to procedure.StateID, a *procedure.Action) {
		for i := range all {
			if all[i].From == from && all[i].To == to {
				if !slices.Contains(all[i].Actions, a) {
					all[i].Actions = append(all[i].Actions, a)
				}
				return
			}
		}
		all = append(all, arrow{from, to, []*procedure.Action{a}})
	}
	if open != nil {
		for _, to := range open.To.Values() {
			add("", to, open)
		}
	}
	for i := range w.States {
		s := &w.States[i]
		for j := range s.Actions {
			a := &s.Actions[j]
			targets := a.To.Values()
			if len(targets) == 0 {
				targets = []procedure.StateID{s.ID}
			}
			for _, to := range targets {
				add(s.ID, to, a)
			}
		}
	}
	return all
}

// label writes the actions of an arrow: 提交立案审批 submit-filing / ….
func (a arrow) label(sep string) string {
	words := make([]string, len(a.Actions))
	for i, act := range a.Actions {
		words[i] = act.Title.ZH + " " + string(act.ID)
	}
	return strings.Join(words, sep)
}

// group is the states of one stage.
type group struct {
	Title  string
	States []*procedure.State
}

// stageGroups groups the states of the main walk by their stage, in the order in which the stages first stand.
func stageGroups(w *procedure.Walk) []group {
	var groups []group
	for i := range w.States {
		s := &w.States[i]
		at := slices.IndexFunc(groups, func(g group) bool { return g.Title == s.Stage.ZH })
		if at < 0 {
			at = len(groups)
			groups = append(groups, group{Title: s.Stage.ZH})
		}
		groups[at].States = append(groups[at].States, s)
	}
	return groups
}

// node is the name of a state in a drawing, where ids of different walks share one name space.
func node(w *procedure.Walk, s procedure.StateID) string {
	return strings.ReplaceAll(string(w.ID)+"__"+string(s), "-", "_")
}

// mermaid draws a state diagram, https://mermaid.js.org.
func mermaid(d *procedure.Definition) []byte {
	var b strings.Builder
	plain := strings.NewReplacer(`"`, "'", ":", "：", ";", "；", "#", "＃", "\n", " ")
	state := func(indent string, w *procedure.Walk, s *procedure.State) {
		fmt.Fprintf(&b, "%sstate \"%s %s\" as %s\n", indent, plain.Replace(s.Title.ZH), s.ID, node(w, s.ID))
	}
	fmt.Fprintf(&b, "%%%% %s version %d %s\nstateDiagram-v2\n", d.ID, d.Version, plain.Replace(d.Title.ZH))
	for i, g := range stageGroups(&d.Main) {
		fmt.Fprintf(&b, "    state \"%s\" as stage_%d {\n", plain.Replace(g.Title), i+1)
		for _, s := range g.States {
			state("        ", &d.Main, s)
		}
		b.WriteString("    }\n")
	}
	for _, w := range d.Walks() {
		indent, open := "    ", &d.Open
		if w.ID != procedure.Main {
			indent, open = "        ", nil
			fmt.Fprintf(&b, "    state \"%s %s\" as walk_%s {\n", plain.Replace(w.Title.ZH), w.ID, strings.ReplaceAll(string(w.ID), "-", "_"))
			for i := range w.States {
				state(indent, w, &w.States[i])
			}
			if len(w.States) > 0 {
				fmt.Fprintf(&b, "%s[*] --> %s\n", indent, node(w, w.States[0].ID))
			}
		}
		for _, a := range arrows(w, open) {
			from := "[*]"
			if a.From != "" {
				from = node(w, a.From)
			}
			fmt.Fprintf(&b, "%s%s --> %s : %s\n", indent, from, node(w, a.To), plain.Replace(a.label(" / ")))
		}
		for i := range w.States {
			if w.States[i].End && !leaves(&w.States[i]) {
				fmt.Fprintf(&b, "%s%s --> [*]\n", indent, node(w, w.States[i].ID))
			}
		}
		if w.ID != procedure.Main {
			b.WriteString("    }\n")
		}
	}
	return []byte(b.String())
}

// leaves tells whether some action leads out of the state.
func leaves(s *procedure.State) bool {
	for _, a := range s.Actions {
		for _, to := range a.To.Values() {
			if to != s.ID {
				return true
			}
		}
	}
	return false
}

// dot draws a graph for Graphviz.
func dot(d *procedure.Definition) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "digraph %s {\n", quoted(string(d.ID)))
	fmt.Fprintf(&b, "    label=%s labelloc=t rankdir=TB fontname=\"Noto Sans CJK SC\"\n", quoted(d.Title.ZH))
	b.WriteString("    node [shape=box style=rounded fontname=\"Noto Sans CJK SC\"]\n    edge [fontname=\"Noto Sans CJK SC\" fontsize=10]\n")
	b.WriteString("    begin [shape=point]\n")
	state := func(w *procedure.Walk, s *procedure.State) {
		more := ""
		if s.End || s.Rest {
			more = " peripheries=2"
		}
		fmt.Fprintf(&b, "        %s [label=%s%s]\n", node(w, s.ID), quoted(s.Title.ZH+"\n"+string(s.ID)), more)
	}
	for i, g := range stageGroups(&d.Main) {
		fmt.Fprintf(&b, "    subgraph cluster_stage_%d {\n        label=%s\n", i+1, quoted(g.Title))
		for _, s := range g.States {
			state(&d.Main, s)
		}
		b.WriteString("    }\n")
	}
	for _, w := range d.Walks() {
		open := &d.Open
		if w.ID != procedure.Main {
			open = nil
			fmt.Fprintf(&b, "    subgraph cluster_walk_%s {\n        label=%s style=dashed\n", strings.ReplaceAll(string(w.ID), "-", "_"), quoted(w.Title.ZH+" "+string(w.ID)))
			for i := range w.States {
				state(w, &w.States[i])
			}
			b.WriteString("    }\n")
		}
		for _, a := range arrows(w, open) {
			from := "begin"
			if a.From != "" {
				from = node(w, a.From)
			}
			fmt.Fprintf(&b, "    %s -> %s [label=%s]\n", from, node(w, a.To), quoted(a.label("\n")))
		}
	}
	b.WriteString("}\n")
	return []byte(b.String())
}

// quoted writes a text as Graphviz reads it; a line break stays one.
func quoted(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(s) + `"`
}
