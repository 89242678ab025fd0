package workflows

import (
	"dossier/engine/strictyaml"
)

// Lines are where the parts of the procedure stand in its text, from 1, for links that open the text at them:
// "action/ID" where the action is first written, "clock/ID", "fact/ID" and "state/ID".
func (e *Edition) Lines() map[string]int {
	lines := map[string]int{}
	root, err := strictyaml.Parse(string(e.Definition.ID)+".yaml", e.Source)
	if err != nil {
		return lines // the text was read once already, when the procedure was
	}
	linesOf(root, lines)
	return lines
}

func linesOf(n *strictyaml.Node, lines map[string]int) {
	note := func(kind, id string, line int) {
		if _, ok := lines[kind+"/"+id]; !ok {
			lines[kind+"/"+id] = line
		}
	}
	for _, item := range n.Items {
		linesOf(item, lines)
	}
	for _, k := range n.Keys {
		switch {
		case k.Name == "do" && k.Value.Kind == strictyaml.Scalar:
			note("action", k.Value.Text, k.Line)
		case k.Name == "state" && k.Value.Kind == strictyaml.Scalar:
			note("state", k.Value.Text, k.Line)
		case k.Name == "clocks" || k.Name == "facts":
			for _, x := range k.Value.Keys {
				note(k.Name[:len(k.Name)-1], x.Name, x.Line)
			}
		}
		linesOf(k.Value, lines)
	}
}
