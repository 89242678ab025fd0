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
	KindTries   = "tries"   // id: one of 4 096 buckets of user names
)

// Codes of this room's refusals.
const (
	SignInFailed refusal.Code = "sign-in-failed" // no such person and password; which of the two is not said
	TryLater     refusal.Code = "try-later"      // too many failures; Args "seconds" says how long
	LinkInvalid  refusal.Code = "link-invalid"   // a one-time link that is used, expired or none of ours
)

const (
	sessionIdle  = 12 * time.Hour      // without a request, a session ends
	sessionLife  = 30 * 24 * time.Hour // the longest that one lasts
	sessionTouch = 15 * time.Minute    // how often its last use is written down
	setupLife    = time.Hour           // of the first administrator's link
	inviteLife   = 72 * time.Hour      // of any other person's
	freeTries    = 5                   // failures before one has to wait
	longestWait  = 15 * time.Minute
	tokenDays    = 90 // of an API token for which nothing was said
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

// tries counts failures to sign in under the names of one bucket.
type tries struct {
	Failed int   `json:"failed"`
	Last   int64 `json:"last"` // UTC seconds
}

// wait is how long the next try has to wait after so many failures: 30 s, doubled each time up to the longest.
func (t tries) wait() time.Duration {
	if t.Failed < freeTries {
		return 0
	}
	d := 30 * time.Second
	for range t.Failed - freeTries {
		if d *= 2; d >= longestWait {
			return longestWait
		}
	}
	return d
}

// SignIn opens a session and gives the token for its cookie. It fails with sign-in-failed, taking as long for a name that
// nobody has, or with try-later.
func SignIn(ctx context.Context, e *engine.Engine, name, password string) (string, error) {
	id := office.PersonID(strings.ToLower(strings.TrimSpace(name)))
	if _, err := e.Renew(); err != nil {
		return "", err
	}
	bucket := secret.Sum("tries " + string(id))[:3]
	now := e.Now()
	var t tries
	seq, err := e.Stored(KindTries, bucket, &t)
	if err != nil {
		return "", err
	}
	if left := time.Unix(t.Last, 0).Add(t.wait()).Sub(now); t.Failed >= freeTries && left > 0 {
		return "", refusal.New(TryLater, refusal.Args{"seconds": seconds(left)})
	}
	p := e.Office().Person(id)
	stored := ""
	if p != nil && p.Active(e.Today()) {
		stored = p.Password
	}
	if !secret.Verify(stored, password) {
		if now.Sub(time.Unix(t.Last, 0)) > 24*time.Hour {
			t.Failed = 0
		}
		t = tries{t.Failed + 1, now.Unix()}
		// Two failures at the same moment may count as one: that costs a guesser nothing that matters.
		if err := engine.IgnoreConflict(change.Write(ctx, e, KindTries, bucket, seq, t, false)); err != nil {
			return "", err
		}
		return "", refusal.New(SignInFailed, nil)
	}
	if t.Failed > 0 {
		if err := engine.IgnoreConflict(change.Write(ctx, e, KindTries, bucket, seq, tries{}, false)); err != nil {
			return "", err
		}
	}
	return openSession(ctx, e, p)
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
// name given, and signs them in. The link is used up in the same commit.
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
	faults := append(personFaults(e, &p), passwordFaults(p.ID, password)...)
	if len(faults) > 0 {
		return "", &refusal.Error{Code: refusal.FieldInvalid, Fields: faults}
	}
	if p.Password, err = secret.Hash(e.Random, password); err != nil {
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
	return openSession(ctx, e, &p)
}

// SetPassword changes the person's own password, which ends their other sessions, and gives a new session's token.
func SetPassword(ctx context.Context, e *engine.Engine, who office.PersonID, old, password string) (string, error) {
	var p office.Person
	seq, err := e.Stored(ledger.KindPerson, string(who), &p)
	if err != nil {
		return "", err
	}
	faults := passwordFaults(who, password)
	if seq == 0 || !secret.Verify(p.Password, old) {
		faults = append(faults, refusal.FieldFault{Path: "old", Code: refusal.FieldInvalid, Why: "field.password-wrong"})
	}
	if len(faults) > 0 {
		return "", &refusal.Error{Code: refusal.FieldInvalid, Fields: faults}
	}
	if p.Password, err = secret.Hash(e.Random, password); err != nil {
		return "", err
	}
	if err := change.Write(ctx, e, ledger.KindPerson, string(who), seq, engine.Signed[office.Person]{Data: p, By: who, At: e.Now().UTC()}, true); err != nil {
		return "", engine.MovedOn(err)
	}
	return openSession(ctx, e, &p)
}

func passwordFaults(id office.PersonID, password string) []refusal.FieldFault {
	why := ""
	switch {
	case utf8.RuneCountInString(password) < minPassword:
		why = "field.password-short"
	case len(password) > secret.MaxPassword:
		why = "field.too-long"
	case strings.EqualFold(password, string(id)):
		why = "field.password-name"
	default:
		return nil
	}
	return []refusal.FieldFault{{Path: "password", Code: refusal.FieldInvalid, Why: why, Args: refusal.Args{"min": "8", "max": "1024"}}}
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
	By      office.PersonID `json:"by,omitempty"`
	Made    time.Time       `json:"made"`
	Expires time.Time       `json:"expires"`
	Revoked time.Time       `json:"revoked,omitzero"`
}

// Open tells whether the token still opens the API.
func (t Token) Open(now time.Time) bool { return t.Revoked.IsZero() && now.Before(t.Expires) }

// NewToken makes a token for the person, good for so many days (0: 90), and gives it, this once. The person themself or an
// administrator may; who "" is the operator at the command line.
func NewToken(ctx context.Context, e *engine.Engine, who, person office.PersonID, name string, scope Scope, days int) (string, error) {
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
	t := Token{Person: person, Name: strings.TrimSpace(name), Scope: scope, By: who, Made: now, Expires: now.AddDate(0, 0, days)}
	return token, change.Write(ctx, e, KindToken, hash, 0, t, true)
}

// Bearer is the person and the scope that an API token stands for; nil when it opens nothing.
func Bearer(e *engine.Engine, token string) (*office.Person, Scope, error) {
	if _, err := e.Renew(); err != nil {
		return nil, "", err
	}
	var t Token
	seq, err := e.Stored(KindToken, secret.Sum(token), &t)
	if err != nil || seq == 0 || !t.Open(e.Now()) {
		return nil, "", err
	}
	p := e.Office().Person(t.Person)
	if p == nil || !p.Active(e.Today()) {
		return nil, "", nil
	}
	return p, t.Scope, nil
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
