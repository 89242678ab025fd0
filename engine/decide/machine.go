package decide

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/looplab/fsm"

	"dossier/engine/procedure"
)

// machine is a walk where it stands: a state with its exits, each action an event that leads out of it or stays. It is
// made afresh for every transition, of this one state: the whole walk would cost ten times as much and be asked once.
// It has no callbacks; what an action brings is in its Event.
type machine struct {
	*fsm.FSM
	walk procedure.WalkID
}

// machine makes the machine of the place where the action is done. The action leads to the target that was chosen for it,
// and only if that is one that the procedure names; every other action of the state leads where its last option does.
func (sp Spot) machine(to procedure.StateID) machine {
	from, actions := procedure.StateID(""), []procedure.Action{*sp.Action} // the opening: from nowhere
	if sp.State != nil {
		from, actions = sp.State.ID, sp.State.Actions
	}
	exits := make([]fsm.EventDesc, 0, len(actions))
	for i := range actions {
		a := &actions[i]
		dst := from
		switch {
		case a.ID != sp.Action.ID:
			if last, ok := a.To.Last(); ok {
				dst = last
			}
		case slices.Contains(a.To.Values(), to):
			dst = to
		case to != "" && to != from:
			continue // not an exit of this state
		}
		exits = append(exits, fsm.EventDesc{Name: string(a.ID), Src: []string{string(from)}, Dst: string(dst)})
	}
	return machine{fsm.NewFSM(string(from), exits, nil), sp.Def.ID}
}

// take moves the machine by an action; staying is a move too. The error is never for a person: it means that decide
// chose what the procedure does not have.
func (m machine) take(id procedure.ActionID) (procedure.StateID, error) {
	from := m.Current()
	err := m.Event(context.Background(), string(id))
	if stays := (fsm.NoTransitionError{}); errors.As(err, &stays) && stays.Err == nil {
		err = nil
	}
	if err != nil {
		return "", fmt.Errorf("walk %s in %q cannot take %s (it has: %s): %w", m.walk, from, id, strings.Join(m.exits(), " "), err)
	}
	return procedure.StateID(m.Current()), nil
}

// exits are the actions that the machine can take, sorted.
func (m machine) exits() []string {
	names := m.AvailableTransitions()
	slices.Sort(names)
	return names
}
