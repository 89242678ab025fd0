package workflows

import (
	"maps"
	"slices"
	"strings"

	"dossier/engine/procedure/check"
	"dossier/engine/strictyaml"
	"dossier/engine/text"
)

// differs are the keys of an action that may be other ones where it stands again. A written law takes its why with it.
var differs = []string{"by", "instead", "not-by", "to", "form", "part", "forms", "guards", "law", "why"}

// place is an action where it stands first.
type place struct {
	walk string
	node *strictyaml.Node
}

// repeat is an action where it stands again: the path of its first place, and the keys that differ here.
type repeat struct {
	first string
	keys  []string
}

// writeOut puts in the place of each `- ID` and `{again: ID, …}` the action as it is written where it stands first, with
// what differs. It changes the tree; a place that names no such action stays as it is, with a fault.
func (r *reader) writeOut(root *strictyaml.Node) {
	r.again = map[string]repeat{}
	written := map[string]place{}
	r.writeOutWalk("", root.Get("walk"), written)
	if sides := root.Get("side-walks"); sides != nil {
		for _, w := range sides.Keys {
			r.writeOutWalk(w.Name, w.Value.Get("walk"), written)
		}
	}
}

func (r *reader) writeOutWalk(walk string, states *strictyaml.Node, written map[string]place) {
	var here []string // the ids that this walk writes
	actionsOf(states, func(n *strictyaml.Node) *strictyaml.Node {
		if do := n.Get("do"); do != nil && do.Kind == strictyaml.Scalar {
			here = append(here, do.Text)
		}
		return n
	})
	actionsOf(states, func(n *strictyaml.Node) *strictyaml.Node {
		if do := n.Get("do"); do != nil {
			switch before, again := written[do.Text]; {
			case !again:
				written[do.Text] = place{walk, n}
			case before.walk == walk:
				r.Fault(do, text.Say("action %q is written already, in line %s", do.Text, before.node.Line),
					text.Say("write - %s, or {again: %s, …} with what differs here", do.Text, do.Text))
			}
			return n
		}
		id := r.againID(n)
		if id == "" {
			return n
		}
		if before, ok := written[id]; ok && before.walk == walk {
			return r.merge(before.node, n)
		}
		hint := strictyaml.Offer(id, here)
		if slices.Contains(here, id) {
			hint = text.Say("an action is written where it stands first: write do: %s here, and its id alone below", id)
		}
		r.Fault(n, text.Say("no action %q stands before this in the walk", id), hint)
		do := &strictyaml.Node{Kind: strictyaml.Scalar, Text: id, Path: n.Path + ".do", Line: n.Line, Col: n.Col}
		return n.As([]strictyaml.Key{{Name: "do", Line: n.Line, Col: n.Col, Value: do}})
	})
}

// actionsOf puts in the place of each action of the states what f makes of it, in the order of the text.
func actionsOf(states *strictyaml.Node, f func(*strictyaml.Node) *strictyaml.Node) {
	if states == nil {
		return
	}
	for _, s := range states.Items {
		if actions := s.Get("actions"); actions != nil {
			for i, n := range actions.Items {
				actions.Items[i] = f(n)
			}
		}
	}
}

// stands tells whether a node is an action that stands again.
func stands(n *strictyaml.Node) bool { return n.Kind == strictyaml.Scalar || n.Get("again") != nil }

// againID is the id of an action that stands again, "" of any other node.
func (r *reader) againID(n *strictyaml.Node) string {
	switch {
	case !stands(n):
		return ""
	case n.Kind == strictyaml.Scalar:
		return n.Text
	}
	r.Keys(n, append([]string{"again"}, differs...)...)
	id := r.String(n.Get("again"))
	if len(n.Keys) == 1 {
		r.Fault(n, "nothing differs here", text.Say("write - %s", id))
	}
	return id
}

// merge is the action as it is written first, with what differs where it stands again; a key that is none here is left out.
func (r *reader) merge(first, again *strictyaml.Node) *strictyaml.Node {
	other := map[string]*strictyaml.Node{}
	var keys []string
	for _, k := range again.Keys {
		other[k.Name] = k.Value
		keys = append(keys, k.Name)
	}
	r.again[again.Path] = repeat{first.Path, keys}
	var all []strictyaml.Key
	for _, k := range first.Keys {
		switch v := other[k.Name]; {
		case v != nil && v.Kind == strictyaml.Scalar && v.Text == "none" && !v.Quoted:
		case v != nil:
			all = append(all, strictyaml.Key{Name: k.Name, Line: k.Line, Col: k.Col, Value: v})
		case k.Name != "why" || other["law"] == nil:
			all = append(all, k)
		}
	}
	for _, k := range again.Keys {
		if k.Name != "again" && first.Get(k.Name) == nil {
			all = append(all, k)
		}
	}
	return again.As(all)
}

// firstTold leaves out the faults of meaning that an action has where it stands first already.
func (r *reader) firstTold(faults []check.Fault) []check.Fault {
	return slices.DeleteFunc(slices.Clone(faults), func(f check.Fault) bool {
		for _, path := range slices.Sorted(maps.Keys(r.again)) {
			first := r.again[path]
			rest, ok := strings.CutPrefix(f.Path, path+".")
			if !ok {
				continue
			}
			key, _, _ := strings.Cut(rest, ".")
			key, _, _ = strings.Cut(key, "[")
			return !slices.Contains(first.keys, key) && slices.ContainsFunc(faults, func(x check.Fault) bool {
				return x.Path == first.first+"."+rest && x.Message == f.Message
			})
		}
		return false
	})
}

// WrittenOut is the procedure's text with every action written out in each state in which it stands, without remarks.
func (e *Edition) WrittenOut() []byte {
	name := string(e.Definition.ID) + ".yaml"
	root, err := strictyaml.Parse(name, e.Source)
	if err != nil {
		return nil // an edition was read without a fault
	}
	newReader(name, nil).writeOut(root)
	return strictyaml.Write(root)
}
