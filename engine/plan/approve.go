package plan

import (
	"context"

	"dossier/engine/ledger"
	"dossier/engine/office"
	"dossier/engine/refusal"
)

// Approve says that whoever leads has approved the checks that a plan made.
func (b *Book) Approve(ctx context.Context, who office.PersonID, e Entry, n int) error {
	if !b.Approves(who, e.Quota.regime) {
		return &refusal.Error{Code: refusal.NotYourGate, Args: refusal.Args{"by": joined(b.Quotas.Approve), "action": e.Quota.Title.ZH}}
	}
	made, err := b.MadeOf(e)
	if err != nil {
		return err
	}
	if n < 1 || n > len(made) {
		return &refusal.Error{Code: refusal.NotFound, Args: refusal.Args{"what": "plan", "id": e.ID()}}
	}
	x := made[n-1]
	switch {
	case x.Approved != "":
		return nil // a second press
	case x.By == who:
		return &refusal.Error{Code: refusal.SeparationOfDuty, Args: refusal.Args{"who": b.Engine.Office().Name(who)}}
	}
	x.Approved, x.ApprovedAt = who, b.now()
	return b.keep(ctx, ledger.RecordWrite{Kind: KindMade, ID: x.id(), Read: x.seq}, x)
}

// Approves tells whether the person approves the regime's checks.
func (b *Book) Approves(who office.PersonID, r *Regime) bool {
	return b.On(r) && b.holds(who, b.Quotas.Approve)
}
