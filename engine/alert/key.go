package alert

import (
	"context"
	"encoding/hex"
	"io"
	"time"

	"dossier/engine/ledger"
	"dossier/engine/office"
	"dossier/engine/procedure"
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
	_, err := a.tell(ctx, func() ([]office.PersonID, []ledger.RecordWrite, error) {
		ws, err := a.writes(hex.EncodeToString(id), t)
		return []office.PersonID{to}, ws, err
	})
	return err
}
