package access

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"
	"unicode/utf8"

	"dossier/engine"
	"dossier/engine/change"
	"dossier/engine/ledger"
	"dossier/engine/office"
	"dossier/engine/refusal"
	"dossier/engine/secret"
)

// The kinds of records that let people in. Sessions and failed tries stay out of the ledger, links and tokens are in it.
const (
	KindSession = "session" // id: hash of the cookie's token
	KindSetup   = "setup"   // id: hash of the link's token
	KindToken   = "token"   // id: hash of the API token
)

// LinkInvalid is a one-time link that is used, expired or none of ours.
const LinkInvalid refusal.Code = "link-invalid"

const (
	sessionIdle  = 12 * time.Hour      // without a request, a session ends
	sessionLife  = 30 * 24 * time.Hour // the longest that one lasts
	sessionTouch = 15 * time.Minute    // how often its last use is written down
	setupLife    = time.Hour           // of the first administrator's link
	inviteLife   = 72 * time.Hour      // of any other person's
	tokenDays    = 90                  // of an API token for which nothing was said
	maxTokenDays = 730
	minPassword  = 8 // characters
)

// session is one signed-in browser. Stamp ties it to the password it was opened with: a new password ends it.
type session struct {
	Person  office.PersonID `json:"person"`
	Started int64           `json:"started"` // UTC seconds
	Seen    int64           `json:"seen"`
	Stamp   string          `json:"stamp"`
}

// openSession writes a session for the person and gives its token.
func openSession(ctx context.Context, e *engine.Engine, p *office.Person) (string, error) {
	token, hash, err := secret.New(e.Random)
	if err != nil {
		return "", err
	}
	now := e.Now().Unix()
	return token, change.Write(ctx, e, KindSession, hash, 0, session{p.ID, now, now, stamp(p)}, false)
}

// stamp changes with the password.
func stamp(p *office.Person) string { return secret.Sum(p.Password)[:16] }

// Session is the person whose session it is, nil when the token opens none (any more). The person is as the Office has
// them now.
func Session(ctx context.Context, e *engine.Engine, token string) (*office.Person, error) {
	if token == "" {
		return nil, nil
	}
	if _, err := e.Renew(); err != nil { // whom another server has just let go is out here too
		return nil, err
	}
	hash := secret.Sum(token)
	var s session
	seq, err := e.Stored(KindSession, hash, &s)
	if err != nil || seq == 0 {
		return nil, err
	}
	now := e.Now()
	p := e.Office().Person(s.Person)
	idle := now.Sub(time.Unix(s.Seen, 0))
	if p == nil || !p.Active(e.Today()) || s.Stamp != stamp(p) || idle > sessionIdle || now.Sub(time.Unix(s.Started, 0)) > sessionLife {
		return nil, engine.IgnoreConflict(change.KeepRecords(ctx, e, ledger.RecordWrite{Kind: KindSession, ID: hash, Read: seq, Delete: true}))
	}
	if idle > sessionTouch {
		s.Seen = now.Unix()
		if err := engine.IgnoreConflict(change.Write(ctx, e, KindSession, hash, seq, s, false)); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// SignOut ends a session. A token that opens none is no error.
func SignOut(ctx context.Context, e *engine.Engine, token string) error {
	hash := secret.Sum(token)
	r, err := e.Store.Record(KindSession, hash)
	if errors.Is(err, ledger.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return engine.IgnoreConflict(change.KeepRecords(ctx, e, ledger.RecordWrite{Kind: KindSession, ID: hash, Read: r.Seq, Delete: true}))
}

// setup is a one-time link. Person is who sets a password with it; "" makes the first administrator.
type setup struct {
	secret.Link
	Person office.PersonID `json:"person,omitempty"`
	By     office.PersonID `json:"by,omitempty"`
}

// FirstLink makes the link by which the first administrator is made, good for an hour. It is "" once there is a person.
func FirstLink(ctx context.Context, e *engine.Engine) (string, error) {
	if len(e.Office().People()) > 0 {
		return "", nil
	}
	return newLink(ctx, e, setup{}, setupLife)
}

// Invite makes a link by which the person sets a password, good for three days. Only an administrator may.
func Invite(ctx context.Context, e *engine.Engine, who, person office.PersonID) (string, error) {
	if err := e.Administers(who); err != nil {
		return "", err
	}
	if p := e.Office().Person(person); p == nil || !p.Active(e.Today()) {
		return "", refusal.New(refusal.NotFound, refusal.Args{"what": "person", "id": string(person)})
	}
	return newLink(ctx, e, setup{Person: person, By: who}, inviteLife)
}

func newLink(ctx context.Context, e *engine.Engine, s setup, life time.Duration) (string, error) {
	token, link, err := secret.NewLink(e.Random, e.Now(), life)
	if err != nil {
		return "", err
	}
	s.Link = link
	return token, change.Write(ctx, e, KindSetup, link.Hash, 0, s, true)
}

// LinkFor tells whom a one-time link is for, "" for the first administrator; link-invalid when it opens nothing.
func LinkFor(e *engine.Engine, token string) (office.PersonID, error) {
	s, _, err := link(e, token)
	return s.Person, err
}

func link(e *engine.Engine, token string) (setup, uint64, error) {
	var s setup
	seq, err := e.Stored(KindSetup, secret.Sum(token), &s)
	if err != nil {
		return s, 0, err
	}
	used, err := s.Use(token, e.Now())
	if seq == 0 || err != nil || s.Person == "" && len(e.Office().People()) > 0 {
		return setup{}, 0, &refusal.Error{Code: LinkInvalid, Cause: err}
	}
	s.Link = used
	return s, seq, nil
}

// SetUp uses a one-time link: it sets the password of the link's person, or makes the first administrator with the id and
// name given, and signs them in, but for who has a second step: they get no session. The link is used up in the same commit.
func SetUp(ctx context.Context, e *engine.Engine, token string, id office.PersonID, name, password string) (string, error) {
	s, seq, err := link(e, token)
	if err != nil {
		return "", err
	}
	var p office.Person
	var read uint64
	if s.Person == "" {
		p = office.Person{ID: id, Name: strings.TrimSpace(name), Posts: []office.Held{{Post: office.Admin}}}
	} else {
		if read, err = e.Stored(ledger.KindPerson, string(s.Person), &p); err != nil {
			return "", err
		}
	}
	faults := append(personFaults(e, &p), passwordFaults(e, &p, password)...)
	if len(faults) > 0 {
		return "", &refusal.Error{Code: refusal.FieldInvalid, Fields: faults}
	}
	if err := setPassword(e, &p, password); err != nil {
		return "", err
	}
	link, err := engine.Record(KindSetup, s.Hash, seq, s)
	if err != nil {
		return "", err
	}
	person, err := engine.Record(ledger.KindPerson, string(p.ID), read, engine.Signed[office.Person]{Data: p, By: p.ID, At: e.Now().UTC()})
	if err != nil {
		return "", err
	}
	if err := change.KeepRecords(ctx, e, link, person); err != nil {
		return "", engine.MovedOn(err)
	}
	if has, err := HasSecond(e, p.ID); has || err != nil { // a link is no second step
		return "", err
	}
	return openSession(ctx, e, &p)
}

// setPassword gives the person a password; failures under the old one count no more.
func setPassword(e *engine.Engine, p *office.Person, password string) error {
	leave, ok := secret.Enter()
	if !ok {
		return refusal.New(Busy, nil)
	}
	defer leave()
	hash, err := secret.Hash(e.Random, password)
	p.Password, p.PasswordAt = hash, e.Now().Unix()
	return err
}

// SetPassword changes the person's own password, which ends their other sessions, and gives a new session's token. A wrong
// old password counts as a failure to sign in.
func SetPassword(ctx context.Context, e *engine.Engine, x Knock, password string) (string, error) {
	var p office.Person
	seq, err := e.Stored(ledger.KindPerson, string(x.id()), &p)
	if err != nil {
		return "", err
	}
	faults := passwordFaults(e, &p, password)
	switch _, forget, err := knock(ctx, e, x); {
	case err == nil:
		if err := forget(); err != nil {
			return "", err
		}
	case refusal.As(err) != nil && refusal.As(err).Code == SignInFailed:
		faults = append(faults, refusal.FieldFault{Path: "old", Code: refusal.FieldInvalid, Why: "field.password-wrong"})
	default:
		return "", err
	}
	if len(faults) > 0 {
		return "", &refusal.Error{Code: refusal.FieldInvalid, Fields: faults}
	}
	if err := setPassword(e, &p, password); err != nil {
		return "", err
	}
	if err := change.Write(ctx, e, ledger.KindPerson, string(p.ID), seq, engine.Signed[office.Person]{Data: p, By: p.ID, At: e.Now().UTC()}, true); err != nil {
		return "", engine.MovedOn(err)
	}
	return openSession(ctx, e, &p)
}

// Scope is what an API token may do. Neither passes a gate.
type Scope string

const (
	ReadScope  Scope = "read"
	WriteScope Scope = "write"
)

// Token is an API token as it is kept; the token itself is shown once and not kept.
type Token struct {
	ID      string          `json:"-"` // its hash
	Person  office.PersonID `json:"person"`
	Name    string          `json:"name"` // what it is for
	Scope   Scope           `json:"scope"`
	Gates   bool            `json:"gates,omitempty"` // it passes gates: of a demo folder alone
	By      office.PersonID `json:"by,omitempty"`
	Made    time.Time       `json:"made"`
	Expires time.Time       `json:"expires"`
	Revoked time.Time       `json:"revoked,omitzero"`
}

// Open tells whether the token still opens the API.
func (t Token) Open(now time.Time) bool { return t.Revoked.IsZero() && now.Before(t.Expires) }

// Short is as much of the token's id as people are told.
func (t Token) Short() string { return t.ID[:min(len(t.ID), 12)] }

// NewToken makes a token for the person, good for so many days (0: 90), and gives it, this once. The person themself or an
// administrator may; who "" is the operator at the command line.
func NewToken(ctx context.Context, e *engine.Engine, who, person office.PersonID, name string, scope Scope, days int) (string, error) {
	return newToken(ctx, e, Token{Person: person, Name: name, Scope: scope, By: who}, days)
}

// NewGateToken makes a token that writes and passes gates, for tests from end to end: whoever calls it has made sure that
// the folder is a demo's.
func NewGateToken(ctx context.Context, e *engine.Engine, who, person office.PersonID, name string, days int) (string, error) {
	return newToken(ctx, e, Token{Person: person, Name: name, Scope: WriteScope, Gates: true, By: who}, days)
}

func newToken(ctx context.Context, e *engine.Engine, t Token, days int) (string, error) {
	who, person, name, scope := t.By, t.Person, t.Name, t.Scope
	if who != person {
		if err := e.Administers(who); err != nil {
			return "", err
		}
	}
	if p := e.Office().Person(person); p == nil || !p.Active(e.Today()) {
		return "", refusal.New(refusal.NotFound, refusal.Args{"what": "person", "id": string(person)})
	}
	if days == 0 {
		days = tokenDays
	}
	var faults []refusal.FieldFault
	if scope != ReadScope && scope != WriteScope {
		faults = append(faults, refusal.FieldFault{Path: "scope", Code: refusal.FieldInvalid, Why: "field.choice", Args: refusal.Args{"allowed": string(ReadScope) + "、" + string(WriteScope)}})
	}
	if days < 1 || days > maxTokenDays {
		faults = append(faults, refusal.FieldFault{Path: "days", Code: refusal.FieldInvalid, Why: "field.range", Args: refusal.Args{"min": "1", "max": "730"}})
	}
	if utf8.RuneCountInString(name) > 60 {
		faults = append(faults, refusal.FieldFault{Path: "name", Code: refusal.FieldInvalid, Why: "field.too-long", Args: refusal.Args{"max": "60"}})
	}
	if len(faults) > 0 {
		return "", &refusal.Error{Code: refusal.FieldInvalid, Fields: faults}
	}
	token, hash, err := secret.New(e.Random)
	if err != nil {
		return "", err
	}
	now := e.Now().UTC().Truncate(time.Second)
	t.Name, t.Made, t.Expires = strings.TrimSpace(name), now, now.AddDate(0, 0, days)
	return token, change.Write(ctx, e, KindToken, hash, 0, t, true)
}

// Bearer is the person whom an API token stands for, and the token; nil when it opens nothing.
func Bearer(e *engine.Engine, token string) (*office.Person, Token, error) {
	if _, err := e.Renew(); err != nil {
		return nil, Token{}, err
	}
	t := Token{ID: secret.Sum(token)}
	seq, err := e.Stored(KindToken, t.ID, &t)
	if err != nil || seq == 0 || !t.Open(e.Now()) {
		return nil, Token{}, err
	}
	p := e.Office().Person(t.Person)
	if p == nil || !p.Active(e.Today()) {
		return nil, Token{}, nil
	}
	return p, t, nil
}

// Tokens are the person's own tokens, of an administrator everybody's; revoked and expired ones too.
func Tokens(e *engine.Engine, who office.PersonID) ([]Token, error) {
	rs, err := e.Store.Records(KindToken, "", 0)
	if err != nil {
		return nil, err
	}
	all := e.Administers(who) == nil
	var ts []Token
	for _, r := range rs {
		t := Token{ID: r.ID}
		if err := json.Unmarshal(r.Data, &t); err != nil {
			return nil, err
		}
		if all || t.Person == who {
			ts = append(ts, t)
		}
	}
	return ts, nil
}

// RevokeToken ends a token for good: one's own, or as administrator anyone's.
func RevokeToken(ctx context.Context, e *engine.Engine, who office.PersonID, id string) error {
	var t Token
	seq, err := e.Stored(KindToken, id, &t)
	if err != nil {
		return err
	}
	if seq == 0 || t.Person != who && e.Administers(who) != nil {
		return refusal.New(refusal.NotFound, refusal.Args{"what": "token"})
	}
	if !t.Revoked.IsZero() {
		return nil
	}
	t.Revoked = e.Now().UTC().Truncate(time.Second)
	return engine.MovedOn(change.Write(ctx, e, KindToken, id, seq, t, true))
}
