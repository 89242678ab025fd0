package engine

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"time"

	"dossier/engine/casefile"
	"dossier/engine/decide"
	"dossier/engine/ledger"
	"dossier/engine/refusal"
)

// Answered is what stands under an idempotency key.
type Answered struct {
	Body string          `json:"body"` // hash of the command
	Form string          `json:"form,omitempty"`
	Case casefile.CaseID `json:"case"`
	Seq  uint64          `json:"seq"`
	At   time.Time       `json:"at"`
}

// keyed answers a command whose key was used before.
func (e *Engine) keyed(t *decide.Sitting, cmd casefile.Command) (*Outcome, ledger.RecordWrite, error) {
	w := ledger.RecordWrite{Kind: ledger.KindKey, ID: string(cmd.Actor) + "/" + cmd.Key}
	r, err := e.Store.Record(ledger.KindKey, w.ID)
	if errors.Is(err, ledger.ErrNotFound) {
		return nil, w, nil
	}
	if err != nil {
		return nil, w, err
	}
	var a Answered
	if err := json.Unmarshal(r.Data, &a); err != nil {
		return nil, w, err
	}
	if a.At.Before(t.Now.Add(-KeyLife)) {
		w.Read = r.Seq
		return nil, w, nil
	}
	if a.Body != BodyOf(cmd) {
		return nil, w, refusal.New(refusal.KeyReused, nil)
	}
	d, err := e.Read(a.Case)
	if err != nil {
		return nil, w, err
	}
	out := &Outcome{Case: d.Case, Edition: d.Edition, Replayed: true}
	for _, doc := range d.Case.Issued {
		if doc.Seq == a.Seq {
			out.Issued = append(out.Issued, doc)
		}
	}
	return out, w, nil
}

// BodyOf is the hash of what a command asks, its key and its page's number aside.
func BodyOf(cmd casefile.Command) string {
	cmd.Key, cmd.Seq, cmd.Form = "", 0, ""
	files := make([]string, len(cmd.Files))
	for i, f := range cmd.Files {
		files[i] = f.Name + f.SHA
	}
	cmd.Files = nil
	data, _ := json.Marshal(struct {
		casefile.Command
		Names []string
	}{cmd, files})
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// KeyLife is how long an idempotency key is kept.
const KeyLife = 7 * 24 * time.Hour
