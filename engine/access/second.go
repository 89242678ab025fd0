package access

import (
	"context"
	"slices"
	"strings"

	"dossier/engine"
	"dossier/engine/change"
	"dossier/engine/ledger"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
	"dossier/engine/secret"
)

// KindSecond is the record of a person's second step: id: the person. It stays out of the ledger, where nothing is ever
// forgotten.
const KindSecond = "second"

// CodeNeeded asks for the code of the second step beside the password: it was not given, or was a wrong one.
const CodeNeeded refusal.Code = "code-needed"

// secondSetting lists the posts whose holders must have a second step.
const secondSetting = "second-step"

// recoveryCodes is how many codes a person gets for the day on which their telephone is lost.
const recoveryCodes = 10

// secondStep is a person's second step.
type secondStep struct {
	Secret string   `json:"secret"`
	Codes  []string `json:"codes"` // hashes of the recovery codes that are left
	Last   int64    `json:"last"`  // the step of the last code that was used: none is used twice
}

// HasSecond tells whether the person signs in with a second step.
func HasSecond(e *engine.Engine, who office.PersonID) (bool, error) {
	var s secondStep
	seq, err := e.Stored(KindSecond, string(who), &s)
	return seq != 0, err
}

// OwesSecond tells whether the office asks a second step of a post that the person holds, and they have none yet.
func OwesSecond(e *engine.Engine, p *office.Person) (bool, error) {
	asked := strings.Fields(e.Office().Text(secondSetting, e.Today()))
	if !slices.ContainsFunc(asked, func(post string) bool { return p.Holds(procedure.Actor(post), e.Today()) }) {
		return false, nil
	}
	has, err := HasSecond(e, p.ID)
	return !has, err
}

// NewSecond makes a secret for the person's authenticator; nothing is kept before a code of it has been given.
func NewSecond(e *engine.Engine, who office.PersonID) (secret.TOTP, error) {
	return secret.NewTOTP(e.Random, issuer(e), string(who))
}

// SameSecond draws a secret again whose first code was wrong.
func SameSecond(e *engine.Engine, who office.PersonID, key string) (secret.TOTP, error) {
	return secret.SameTOTP(key, issuer(e), string(who))
}

func issuer(e *engine.Engine) string {
	if name := e.Office().Text("brigade", e.Today()); name != "" {
		return name
	}
	return "Dossier"
}

// KeepSecond turns the second step on, once a code of the secret shows that the authenticator has it, and gives the recovery
// codes, this once.
func KeepSecond(ctx context.Context, e *engine.Engine, who office.PersonID, key, code string) ([]string, error) {
	step := secret.CheckTOTP(key, code, e.Now(), 0)
	if step == 0 || len(key) < 16 || len(key) > 128 {
		return nil, refusal.Field("code", "field.code", nil)
	}
	s := secondStep{Secret: key, Last: step}
	var codes []string
	for range recoveryCodes {
		token, _, err := secret.New(e.Random)
		if err != nil {
			return nil, err
		}
		code := strings.ToLower(strings.NewReplacer("-", "x", "_", "y").Replace(token[:12]))
		codes = append(codes, code[:4]+"-"+code[4:8]+"-"+code[8:])
		s.Codes = append(s.Codes, secret.Sum(codes[len(codes)-1]))
	}
	var was secondStep
	seq, err := e.Stored(KindSecond, string(who), &was)
	if err != nil {
		return nil, err
	}
	return codes, engine.MovedOn(change.Write(ctx, e, KindSecond, string(who), seq, s, false))
}

// DropSecond turns a person's second step off: their own with their password, or by the operator at the command line (by "").
func DropSecond(ctx context.Context, e *engine.Engine, by office.PersonID, x Knock) error {
	if by != "" {
		if by != x.id() {
			return refusal.New(refusal.Forbidden, refusal.Args{"who": e.Office().Name(by)})
		}
		_, forget, err := knock(ctx, e, x)
		if e := refusal.As(err); e != nil && e.Code == SignInFailed {
			return refusal.Field("password", "field.password-wrong", nil)
		}
		if err != nil {
			return err
		}
		if err := forget(); err != nil {
			return err
		}
	}
	r, err := e.Store.Record(KindSecond, string(x.id()))
	if err != nil {
		return refusal.Unmet("no-second-step", refusal.Args{"who": e.Office().Name(x.id())})
	}
	return engine.MovedOn(change.KeepRecords(ctx, e, ledger.RecordWrite{Kind: KindSecond, ID: string(x.id()), Read: r.Seq, Delete: true}))
}

// passes holds a code to the person's second step, where they have one; a recovery code is used up.
func passes(ctx context.Context, e *engine.Engine, p *office.Person, code string) error {
	var s secondStep
	seq, err := e.Stored(KindSecond, string(p.ID), &s)
	if err != nil || seq == 0 {
		return err
	}
	code = strings.ToLower(strings.TrimSpace(code))
	if code == "" {
		return refusal.New(CodeNeeded, nil)
	}
	if i := slices.Index(s.Codes, secret.Sum(code)); i >= 0 {
		s.Codes = slices.Delete(s.Codes, i, i+1)
	} else if s.Last = secret.CheckTOTP(s.Secret, code, e.Now(), s.Last); s.Last == 0 {
		return refusal.New(CodeNeeded, nil)
	}
	return engine.MovedOn(change.Write(ctx, e, KindSecond, string(p.ID), seq, s, false)) // of two at once, one has used it
}
