package access

import (
	"context"
	"errors"
	"strings"
	"time"

	"dossier/engine"
	"dossier/engine/change"
	"dossier/engine/decide"
	"dossier/engine/ledger"
	"dossier/engine/office"
	"dossier/engine/refusal"
	"dossier/engine/secret"
)

// The kinds of records of who knocks.
const (
	KindTries  = "tries"  // failed tries: id: whose, from where
	KindDevice = "device" // id: hash of the cookie of a browser in which somebody has signed in
)

// Codes of the door.
const (
	SignInFailed refusal.Code = "sign-in-failed" // no such person and password; which of the two is not said
	TryLater     refusal.Code = "try-later"      // too many failures; Args "seconds" says how long
	Busy         refusal.Code = "busy"           // too many sign in at this moment
)

const (
	freeTries    = 5  // failures under a name from one address before one has to wait
	freeAnywhere = 20 // and from all addresses together, of whoever comes in a browser that nobody knows
	longestWait  = 15 * time.Minute
	triesLife    = 24 * time.Hour       // after which failures are forgotten
	deviceLife   = 180 * 24 * time.Hour // of a browser in which nobody has signed in again
)

// Knock is one try to sign in.
type Knock struct {
	Name, Password string
	From           string // the address that it comes from
	Code           string // of the second step, of who has one
	Device         string // the cookie of a browser in which somebody signed in before; "" for none
}

// id is the name as it is looked up.
func (x Knock) id() office.PersonID {
	id := strings.ToLower(strings.TrimSpace(x.Name))
	return office.PersonID(id[:min(len(id), decide.MaxName)])
}

// tries counts failures to sign in.
type tries struct {
	Failed int   `json:"failed"`
	Last   int64 `json:"last"` // UTC seconds
}

// wait is how long the next try has to wait after so many failures: 30 s after the free ones, doubled each time up to the
// longest.
func (t tries) wait(free int) time.Duration {
	if t.Failed < free {
		return 0
	}
	d := 30 * time.Second
	for range t.Failed - free {
		if d *= 2; d >= longestWait {
			return longestWait
		}
	}
	return d
}

// counter is one of the counts that a try stands under.
type counter struct {
	id   string
	free int
	seq  uint64
	was  tries
}

// countsOf are those of a try: of a browser that the person has signed in with before its own, which no stranger can fill;
// else of the name with the address, and of the name from anywhere.
func countsOf(e *engine.Engine, x Knock) ([]counter, error) {
	id := string(x.id())
	if x.Device != "" {
		var d device
		if _, err := e.Stored(KindDevice, secret.Sum(x.Device), &d); err != nil {
			return nil, err
		}
		if d.Person == x.id() && d.Person != "" {
			return []counter{{id: "device " + secret.Sum(x.Device)[:24], free: freeTries}}, nil
		}
	}
	return []counter{{id: "from " + secret.Sum(id + "\n" + x.From)[:6], free: freeTries}, {id: "name " + secret.Sum(id)[:6], free: freeAnywhere}}, nil
}

// counted counts a try as failed before its password is looked at; try-later when it has to wait, and then counts nothing.
// What it gives takes the count back.
func counted(ctx context.Context, e *engine.Engine, x Knock) (forget func() error, err error) {
	defer e.Doors.Lock(x.id())()
	var since int64
	if p := e.Office().Person(x.id()); p != nil {
		since = p.PasswordAt
	}
	var all []counter
	err = ledger.Again(20, func() error { // another server may count one at the same moment
		if all, err = countsOf(e, x); err != nil {
			return err
		}
		writes, err := oneMore(e, all, since)
		if err != nil {
			return err
		}
		return change.KeepRecords(ctx, e, writes...)
	})
	var moved *ledger.Conflict
	if errors.As(err, &moved) {
		return nil, refusal.New(TryLater, refusal.Args{"seconds": "30"})
	}
	return func() error {
		for _, c := range all {
			if err := engine.IgnoreConflict(change.KeepRecords(ctx, e, ledger.RecordWrite{Kind: KindTries, ID: c.id, Read: c.seq + 1, Delete: true})); err != nil {
				return err
			}
		}
		return nil
	}, err
}

// oneMore reads the counts and writes each one higher, or refuses where one has to wait. A new password begins anew.
func oneMore(e *engine.Engine, all []counter, since int64) (writes []ledger.RecordWrite, err error) {
	now := e.Now()
	for i := range all {
		c := &all[i]
		if c.seq, err = e.Stored(KindTries, c.id, &c.was); err != nil {
			return nil, err
		}
		last := time.Unix(c.was.Last, 0)
		if now.Sub(last) > triesLife || c.was.Last < since {
			c.was.Failed = 0
		}
		if left := last.Add(c.was.wait(c.free)).Sub(now); c.was.Failed >= c.free && left > 0 {
			return nil, refusal.New(TryLater, refusal.Args{"seconds": seconds(left)})
		}
		w, err := engine.Record(KindTries, c.id, c.seq, tries{c.was.Failed + 1, now.Unix()})
		if err != nil {
			return nil, err
		}
		w.Ledgered = false
		writes = append(writes, w)
	}
	return writes, nil
}

// knock holds a password to the person's: counted first, in a queue that is not endless, and as long for a name that nobody
// has. It gives the person and what takes the count back, or sign-in-failed, try-later or busy.
func knock(ctx context.Context, e *engine.Engine, x Knock) (p *office.Person, forget func() error, err error) {
	leave, ok := secret.Enter()
	if !ok {
		return nil, nil, refusal.New(Busy, nil)
	}
	defer leave()
	if forget, err = counted(ctx, e, x); err != nil {
		return nil, nil, err
	}
	p = e.Office().Person(x.id())
	stored := ""
	if p != nil && p.Active(e.Today()) {
		stored = p.Password
	}
	if !secret.Verify(stored, x.Password) {
		return nil, nil, refusal.New(SignInFailed, nil)
	}
	return p, forget, nil
}

// SignIn opens a session and gives the token for its cookie. It fails with sign-in-failed, code-needed, try-later or busy; a
// wrong code counts as a wrong password does.
func SignIn(ctx context.Context, e *engine.Engine, x Knock) (string, error) {
	if _, err := e.Renew(); err != nil {
		return "", err
	}
	p, forget, err := knock(ctx, e, x)
	if err != nil {
		return "", err
	}
	if err := passes(ctx, e, p, x.Code); err != nil {
		return "", err
	}
	if err := forget(); err != nil {
		return "", err
	}
	return openSession(ctx, e, p)
}

// device is a browser in which somebody has signed in.
type device struct {
	Person office.PersonID `json:"person"`
	Seen   int64           `json:"seen"`
}

// Recognise remembers the browser in which a person has just signed in, so that no stranger's failures under their name keep
// them out there. It gives the cookie: the one that there is, or a new one.
func Recognise(ctx context.Context, e *engine.Engine, who office.PersonID, cookie string) (string, error) {
	var d device
	seq, err := e.Stored(KindDevice, secret.Sum(cookie), &d)
	if err != nil {
		return "", err
	}
	if cookie == "" || d.Person != who {
		token, hash, err := secret.New(e.Random)
		if err != nil {
			return "", err
		}
		return token, change.Write(ctx, e, KindDevice, hash, 0, device{who, e.Now().Unix()}, false)
	}
	d.Seen = e.Now().Unix()
	return cookie, engine.IgnoreConflict(change.Write(ctx, e, KindDevice, secret.Sum(cookie), seq, d, false))
}

// passwordFaults are what is wrong with a new password. Spaces at its ends are kept as they are.
func passwordFaults(e *engine.Engine, p *office.Person, password string) []refusal.FieldFault {
	o, today := e.Office(), e.Today()
	why := ""
	switch {
	case len([]rune(password)) < minPassword:
		why = "field.password-short"
	case len(password) > secret.MaxPassword:
		why = "field.too-long"
	case strings.EqualFold(strings.TrimSpace(password), string(p.ID)):
		why = "field.password-name"
	case secret.Weak(password, string(p.ID), p.Name, o.Text("bureau", today), o.Text("brigade", today)):
		why = "field.password-common"
	default:
		return nil
	}
	return []refusal.FieldFault{{Path: "password", Code: refusal.FieldInvalid, Why: why, Args: refusal.Args{"min": "8", "max": "1024"}}}
}
