package alert

import (
	"context"
	"encoding/hex"
	"fmt"
	"io"
	"time"

	"dossier/engine/ledger"
	"dossier/engine/office"
	"dossier/engine/procedure"
)

// What the ledger calls the tellings of a key in somebody's name, which no clock brought: an API token, a one-time link.
const (
	TokenClock procedure.ClockID = "key-token"
	LinkClock  procedure.ClockID = "key-link"
)

// Key tells a person that somebody else made a key in their name, on the desk and at once by their channels; by is "" of the
// operator at the command line. Of what a person makes for themselves nothing is told, nor of the link by which they first come in.
func (a *Alerts) Key(ctx context.Context, by, to office.PersonID, what procedure.ClockID) error {
	p := a.Engine.Office().Person(to)
	if by == to || p == nil || what == LinkClock && p.Password == "" {
		return nil
	}
	now := a.Engine.Now().UTC()
	id := make([]byte, 12) // two may be made in one moment
	if _, err := io.ReadFull(a.Engine.Random, id); err != nil {
		return err
	}
	t := Told{Clock: what, Title: procedure.Label{ZH: "令牌和链接", EN: "Tokens and links"}, Red: true, To: to, By: by, Due: a.Engine.Today(), At: now.Truncate(time.Second)}
	ws, err := a.writes(hex.EncodeToString(id), t)
	if err != nil {
		return err
	}
	if err := a.Engine.Store.Commit(ctx, ledger.Commit{Records: ws}); err != nil {
		return err
	}
	a.hub.news([]office.PersonID{to})
	return nil
}

// Page is the address of what was told of.
func (t Told) Page() string {
	switch {
	case t.Clock == TokenClock:
		return "/admin/tokens"
	case t.Clock == LinkClock:
		return "/account"
	case t.Case == 0:
		return "/plans/" + t.Of
	}
	return fmt.Sprintf("/cases/%d", t.Case)
}
